#include "engine/sound/synth.h"

#include "engine/base/result.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace sound {

namespace {

constexpr double kTurn = 2 * std::numbers::pi;
constexpr double kSilence = 1e-5;   // of full scale: a third of a step of 16 bits
constexpr double kAttack = 10e-3;   // s, of a note; its release too
constexpr double kFade = 8e-3;      // s, of a tone that another one ends

/// A first-order slide: to 63 % of the way in `constant` s.
void slide(double& now, double to, double step, double constant) {
    now += (to - now) * std::min(1.0, step / constant);
}

/// 0 to 1 as a quarter of a raised cosine.
double soft(double share) {
    return 0.5 - 0.5 * std::cos(std::numbers::pi * std::clamp(share, 0.0, 1.0));
}

}  // namespace

Synth::Synth(const Figures& figures, double sample_rate) : figures_(figures), step_(1 / sample_rate) {
    CHECK(sample_rate >= 8000, sample_rate);
    const std::vector<double>& partials = figures.motor.partials;
    partials_sum_ = std::accumulate(partials.begin(), partials.end(), 0.0);
}

void Synth::play(const Tone& tone) {
    next_ = Playing{&tone};
}

double Synth::motor_sample() {
    const MotorFigures& f = figures_.motor;
    const double droop = f.droop(motor_), share = f.droop_most > 0 ? droop / f.droop_most : 0;
    const double wished = motor_.on ? motor_.rate_hz * (1 - droop) : 0;
    // It runs up and down slowly; while it runs a load is felt at once.
    const bool runs = motor_.on && hz_ > 0.6 * wished;
    slide(hz_, wished, step_, runs ? f.follow : motor_.on ? f.start : f.stop);
    slide(loud_, motor_.on ? std::lerp(f.loud, f.loud_labouring, share) : 0, step_, motor_.on ? f.follow : f.stop * 0.5);
    if (!motor_.on && loud_ < kSilence) {
        hz_ = loud_ = phase_ = 0;
        return 0;
    }
    phase_ += hz_ * step_;
    phase_ -= std::floor(phase_);
    double sum = 0;
    for (size_t i = 0; i < f.partials.size(); ++i) sum += f.partials[i] * std::sin(kTurn * phase_ * static_cast<double>(i + 1));
    return loud_ * sum / partials_sum_;
}

double Synth::tone_sample() {
    if (next_) {
        fade_ = playing_.tone ? fade_ - step_ / kFade : 0;
        if (fade_ <= 0) {
            playing_ = *next_;
            next_.reset();
            fade_ = 1;
        }
    }
    if (!playing_.tone) return 0;
    const Note& note = playing_.tone->notes[playing_.note];
    const double shape = soft(playing_.time / kAttack) * soft((note.seconds - playing_.time) / kAttack);
    const double sample = note.hz > 0 ? playing_.tone->loud * shape * soft(fade_) * std::sin(kTurn * playing_.phase) : 0;
    playing_.phase += note.hz * step_;
    playing_.phase -= std::floor(playing_.phase);
    playing_.time += step_;
    if (playing_.time < note.seconds) return sample;
    playing_ = {playing_.tone, playing_.note + 1};
    if (playing_.note == playing_.tone->notes.size()) playing_ = {};
    return sample;
}

void Synth::render(std::span<float> samples) {
    for (float& sample : samples) {
        slide(volume_now_, volume_, step_, figures_.motor.follow);
        const double sum = volume_now_ * (motor_sample() + tone_sample());
        sample = static_cast<float>(std::clamp(sum, -1.0, 1.0));
    }
}

}  // namespace sound
