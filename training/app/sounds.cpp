#include "training/app/sounds.h"

#include "engine/base/log.h"

namespace app {

namespace {

using training::CueKind;
using training::CueSeverity;

constexpr double kReads = 2.5;  // s that words stay: two or three words are read in one

}  // namespace

std::string tone_of(const training::Cue& cue) {
    if (cue.kind == CueKind::end_point && cue.severity == CueSeverity::notice) return "done";
    if (cue.severity == CueSeverity::urgent) return "urgent";
    switch (cue.kind) {
        case CueKind::force_high:
        case CueKind::fast:
        case CueKind::overworked:
        case CueKind::end_point:
            return "less";
        case CueKind::force_low:
        case CueKind::slow:
        case CueKind::dwell:
        case CueKind::medium:
        case CueKind::gap:
        case CueKind::motor_off:
            return "more";
        case CueKind::depth:
        case CueKind::traction:
            return cue.too_little() ? "more" : "less";
        case CueKind::no_go:
        case CueKind::tilt:
        case CueKind::direction:
            break;
    }
    return "other";
}

base::Status Sounds::begin(const base::Places& places) {
    auto figures = sound::Figures::load(places);
    if (!figures) return figures.error();
    figures_ = std::move(*figures);
    return {};
}

void Sounds::settle(const Settings& settings) {
    volume_ = settings.volume;
    if (!settings.sound) output_.reset();
    if (settings.sound && figures_ && !output_) output_ = std::make_unique<sound::Output>(*figures_);
}

void Sounds::hear(const SessionView& view, const skin::DeviceProfile& device, const std::string& cue_key) {
    heard_ = true;
    const bool touching = view.contact.touching;
    motor_ = {device.has_motor() && view.phase == Phase::running && view.pose.motor, view.rate_dhz * 0.1,
              touching ? view.contact.force : 0, touching ? view.contact.speed : 0};
    const bool told = view.cue && view.phase == Phase::running;
    if (!told) {
        cue_.clear();
        return;
    }
    if (cue_ != cue_key || view.cue->severity > gravity_) tell(tone_of(*view.cue), cue_key);
    cue_ = cue_key;
    gravity_ = view.cue->severity;
}

void Sounds::tell(std::string_view tone, std::string_view says) {
    spdlog::debug("tone {} {}", tone, says);
    if (output_) output_->play(tone);
    tone_words_ = {{"tone", std::string(says)}, kReads};
}

void Sounds::follow_motor(double seconds) {
    if (!figures_) return;
    const double droop = motor_.on ? figures_->motor.droop(motor_) : 0;
    labours_ = motor_.on && droop >= (labours_ ? figures_->motor.eases : figures_->motor.labours);
    const auto says = [&](const char* sound) {
        if (motor_words_.words.sound != sound) spdlog::debug("subtitle {}", sound);
        motor_words_ = {{sound}, kReads};
    };
    motor_words_.left -= seconds;
    tone_words_.left -= seconds;
    if (motor_.on != ran_) says(motor_.on ? "motor_runs" : "motor_stops");
    if (labours_) says("motor_labours");
    ran_ = motor_.on;
}

void Sounds::pass(double seconds) {
    if (!std::exchange(heard_, false)) {
        motor_.on = false;
        cue_.clear();
    }
    follow_motor(seconds);
    if (output_) output_->tell(motor_, volume_);
}

std::vector<Subtitle> Sounds::subtitles() const {
    std::vector<Subtitle> shown;
    for (const Shown* one : {&motor_words_, &tone_words_})
        if (one->left > 0) shown.push_back(one->words);
    return shown;
}

}  // namespace app
