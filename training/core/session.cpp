#include "training/core/session.h"

#include "training/core/case_names.h"
#include "training/core/coach.h"
#include "training/core/utc.h"

#include <algorithm>
#include <cstring>

namespace training {

namespace fs = base::fs;

namespace {

constexpr uint32_t kCommitEvery_us = 500'000;
constexpr std::chrono::milliseconds kLeastPause(250);

bool is_path(const std::string& reference) {
    return reference.ends_with(".toml");
}

/// A text that a recording carries, as a file that loaders of TOML files read. Named by its content, so that
/// it is written once and never wrong.
base::Result<std::string> keep_text(const base::Places& places, const std::string& text) {
    fs::path folder = places.cache / "recorded";
    std::error_code code;
    fs::create_directories(folder, code);
    fs::path path = folder / (base::sha256(text).hex().substr(0, 32) + ".toml");
    if (fs::exists(path, code)) {
        base::Result<std::string> there = base::read_text(path);
        if (there && *there == text) return path.string();
    }
    if (base::Status written = base::write_file(path, std::string_view(text)); !written)
        return written.error();
    return path.string();
}

/// Of a recording's case and face; of one that is about to be practised CaseNames has told, with the place in its file.
base::Status check_zones(const Case& practice, const face::FaceAsset& face) {
    for (const std::string& id : practice.zones) {
        int zone = face.find_zone(id);
        if (zone <= 0)
            return base::error("case {}: the face '{}' has no zone '{}' to treat", practice.id, face.id, id);
        if (face.zones[static_cast<size_t>(zone)].no_go)
            return base::error("case {}: zone '{}' is never needled; take it out of the case", practice.id,
                               id);
    }
    return {};
}

/// Loads what `stage.practice` names. `device` is an id or a path, `skin` a file or nothing for the one that ships.
base::Status complete(const base::Places& places, Stage& stage, const std::string& device, const fs::path& skin_file,
                      const face::Progress& progress) {
    base::Result<std::shared_ptr<const face::FaceAsset>> face =
        face::load(places, stage.practice.face, progress, 0, stage.practice.conditions);
    if (!face) return face.error();
    stage.face = std::move(*face);
    if (base::Status zones = check_zones(stage.practice, *stage.face); !zones) return zones.error();
    base::Result<skin::DeviceProfile> profile = skin::load_device(places, device);
    if (!profile) return profile.error();
    stage.device = std::move(*profile);
    base::Result<skin::SkinModel> skin = skin::SkinModel::load(places, skin_file);
    if (!skin) return skin.error();
    stage.skin = std::move(*skin);
    base::Result<track::ResponseModel> response = track::ResponseModel::load(places);
    if (!response) return response.error();
    stage.response = std::make_shared<const track::ResponseModel>(std::move(*response));
    base::Result<Procedure> procedure = Procedure::load(places);
    if (!procedure) return procedure.error();
    stage.procedure = std::make_shared<const Procedure>(std::move(*procedure));
    // Without a coach all else still works.
    if (base::Result<CoachFigures> coach = CoachFigures::load(places))
        stage.coach = std::make_shared<const CoachFigures>(std::move(*coach));
    else
        stage.coach_problem = coach.error();
    stage.language = places.language;
    return {};
}

/// First step that ends at or after `time_us`.
uint64_t step_at(uint32_t time_us) {
    return (static_cast<uint64_t>(time_us) * skin::kStepsPerSecond + 999'999) / 1'000'000;
}

std::string place(uint32_t time_us) {
    return fmt::format("step {} ({}.{:06} s)", step_at(time_us), time_us / 1'000'000, time_us % 1'000'000);
}

/// Index of the first record that differs, or none.
template <typename T>
std::optional<size_t> first_mismatch(std::span<const T> a, std::span<const T> b) {
    static_assert(std::has_unique_object_representations_v<T>);
    auto same = [](const T& x, const T& y) { return std::memcmp(&x, &y, sizeof(T)) == 0; };
    size_t common = std::min(a.size(), b.size());
    for (size_t i = 0; i < common; ++i)
        if (!same(a[i], b[i])) return i;
    return a.size() == b.size() ? std::nullopt : std::optional(common);
}

struct Difference {
    uint32_t time_us;
    std::string text;
};

template <typename T>
std::optional<Difference> log_difference(const char* what, std::span<const T> recorded,
                                         std::span<const T> replayed) {
    std::optional<size_t> at = first_mismatch(recorded, replayed);
    if (!at) return std::nullopt;
    uint32_t time_us = UINT32_MAX;
    if (*at < recorded.size()) time_us = recorded[*at].time_us;
    if (*at < replayed.size()) time_us = std::min(time_us, replayed[*at].time_us);
    const char* how = *at >= recorded.size()   ? "is not in the recording"
                      : *at >= replayed.size() ? "does not follow from the pen's path"
                                               : "differs from what follows from the pen's path";
    return Difference{time_us, fmt::format("{}: {} {} {}", place(time_us), what, *at, how)};
}

std::optional<Difference> checkpoint_difference(const std::vector<Checkpoint>& recorded,
                                                const std::vector<Checkpoint>& replayed) {
    for (size_t i = 0; i < std::max(recorded.size(), replayed.size()); ++i) {
        if (i < recorded.size() && i < replayed.size() && recorded[i].step == replayed[i].step &&
            recorded[i].state == replayed[i].state)
            continue;
        uint64_t step = i < recorded.size() ? recorded[i].step : replayed[i].step;
        return Difference{
            skin::step_end_us(step),
            fmt::format("step {} ({:.6f} s): the state of the simulation differs from the recorded hash",
                        step, static_cast<double>(step) / skin::kStepsPerSecond)};
    }
    return std::nullopt;
}

}  // namespace

base::Result<std::shared_ptr<const Stage>> load_stage(const base::Places& places, const std::string& case_id,
                                                      const std::string& device_override,
                                                      const face::Progress& progress) {
    base::Result<Case> practice = load_case(places, case_id);
    if (!practice) return practice.error();
    if (!device_override.empty()) practice->device = device_override;
    return load_stage(places, std::move(*practice), progress);
}

base::Result<std::shared_ptr<const Stage>> load_stage(const base::Places& places, Case practice, const face::Progress& progress) {
    Stage stage;
    stage.practice = std::move(practice);
    const std::string& device = stage.practice.device;
    if (base::Status there = CaseNames(places).check(stage.practice); !there) return there.error();
    if (base::Status done = complete(places, stage, device, {}, progress); !done) return done.error();

    // The texts last: a wrong id has then already been answered with the ids that exist.
    fs::path device_path = is_path(device) ? fs::path(device) : places.data / "devices" / (device + ".toml");
    base::Result<std::string> device_text = base::read_text(device_path);
    if (!device_text) return device_text.error();
    stage.device_text = std::move(*device_text);
    if (is_path(stage.practice.face)) {
        base::Result<std::string> face_text = base::read_text(stage.practice.face);
        if (!face_text) return face_text.error();
        stage.face_text = std::move(*face_text);
    }
    return std::shared_ptr<const Stage>(std::make_shared<Stage>(std::move(stage)));
}

base::Result<std::shared_ptr<const Stage>> load_stage(const base::Places& places,
                                                      const RecordingHeader& header,
                                                      const face::Progress& progress) {
    base::Result<Case> practice = parse_case(header.case_text, header.case_id + ".toml", places);
    if (!practice)
        return base::error("the case in the recording cannot be read: {}", practice.error());
    Stage stage;
    stage.practice = std::move(*practice);
    stage.device_text = header.device_text;
    stage.face_text = header.face_text;
    stage.practice.face = header.face_id;
    stage.practice.device = header.device_id;
    if (!header.face_text.empty()) {
        base::Result<std::string> kept = keep_text(places, header.face_text);
        if (!kept) return kept.error();
        stage.practice.face = std::move(*kept);
    }
    base::Result<std::string> device = keep_text(places, header.device_text);
    if (!device) return device.error();
    fs::path skin;  // recordings older than this key were simulated with the figures that ship
    if (!header.skin_text.empty()) {
        base::Result<std::string> kept = keep_text(places, header.skin_text);
        if (!kept) return kept.error();
        skin = std::move(*kept);
    }
    if (base::Status done = complete(places, stage, *device, skin, progress); !done) return done.error();
    if (stage.face->hash != header.face)
        return base::error(
            "the face '{}' is no longer the one recorded (now {}, then {}); use the program and content that "
            "made the recording ({})",
            header.face_id, stage.face->hash.hex().substr(0, 12), header.face.hex().substr(0, 12),
            header.program);
    if (stage.device.hash != header.device)
        return base::error(
            "the device '{}' does not give the hash that was recorded with it; the recording was changed or "
            "made by another program version ({})",
            header.device_id, header.program);
    if (!header.skin_text.empty() && stage.skin.hash != header.skin)
        return base::error(
            "the skin does not give the hash that was recorded with it; the recording was changed or made by another program "
            "version ({})",
            header.program);
    return std::shared_ptr<const Stage>(std::make_shared<Stage>(std::move(stage)));
}

std::shared_ptr<const Stage> retold(const base::Places& places, const Stage& stage) {
    auto told = std::make_shared<Stage>(stage);
    told->language = places.language;
    if (base::Result<Case> practice = parse_case(stage.practice.text, stage.practice.id + ".toml", places)) {
        told->practice.name = std::move(practice->name);
        told->practice.brief = std::move(practice->brief);
        told->practice.consultation = std::move(practice->consultation);
    }
    base::Result<skin::DeviceProfile> device = skin::load_device(places, stage.practice.device);
    if (device && device->hash == stage.device.hash) told->device.name = std::move(device->name);
    base::Result<Procedure> procedure = Procedure::load(places);
    if (procedure && stage.procedure && procedure->hash == stage.procedure->hash)
        told->procedure = std::make_shared<const Procedure>(std::move(*procedure));
    return told;
}

base::Status check_fits(const Recording& recording, const face::FaceAsset& face) {
    size_t cells = face.cells.size(), triangles = face.mesh.triangles.size(), zones = face.zones.size();
    auto refuse = [&](const base::Error& record) {
        return base::error("the recording is damaged: {} names a place that the face '{}' does not have", record, face.id);
    };
    for (size_t i = 0; i < recording.punctures.size(); ++i) {
        const shared::Puncture& p = recording.punctures[i];
        if ((p.cell >= cells && p.cell != shared::kNoCell) || p.triangle >= triangles)
            return refuse(base::error("puncture {}", i));
    }
    for (size_t i = 0; i < recording.contacts.size(); ++i) {
        const shared::ContactRecord& c = recording.contacts[i];
        if ((c.cell >= cells && c.cell != shared::kNoCell) || c.zone >= zones)
            return refuse(base::error("contact record {}", i));
    }
    return {};
}

RecordingHeader make_header(const Stage& stage, std::string source, std::string trainee) {
    RecordingHeader header;
    header.case_id = stage.practice.id;
    header.case_text = stage.practice.text;
    header.device_id = stage.device.id;
    header.device_text = stage.device_text;
    header.face_id = stage.face_text.empty() ? stage.practice.face : stage.face->id;
    header.face_text = stage.face_text;
    header.face = stage.face->hash;
    header.device = stage.device.hash;
    header.skin_text = stage.skin.text;
    header.skin = stage.skin.hash;
    header.started = utc_now();
    header.source = std::move(source);
    header.program = kProgram;
    header.trainee = std::move(trainee);
    return header;
}

Session::Session(std::shared_ptr<const Stage> stage, std::optional<Recorder> recorder)
    : stage_(std::move(stage)),
      recorder_(std::move(recorder)),
      simulation_(*stage_->face, stage_->device, stage_->skin),
      tracker_(*stage_->face) {}

void Session::event(const input::ProcedureEvent& event) {
    input::ProcedureEvent later = event;
    later.time_us = std::max({event.time_us, last_sample_us_, last_event_us_});
    last_event_us_ = later.time_us;
    simulation_.event(later);
    if (recorder_) recorder_->add(later);
}

/// A checkpoint stands after the first sample that brings the simulation into another second: a place that
/// depends on the samples only, not on how they come in.
void Session::keep_checkpoint() {
    checkpoints_.push_back({simulation_.steps_done(), simulation_.state_hash()});
    if (recorder_) recorder_->add(checkpoints_.back());
}

void Session::simulate(std::span<const input::PenSample> samples) {
    simulation_.advance(samples);
    const std::vector<shared::Puncture>& punctures = simulation_.punctures();
    const std::vector<shared::ContactRecord>& contacts = simulation_.contacts();
    tracker_.add(punctures);
    tracker_.add(contacts);
    punctures_.insert(punctures_.end(), punctures.begin(), punctures.end());
    contacts_.insert(contacts_.end(), contacts.begin(), contacts.end());
    if (recorder_) {
        recorder_->add(samples);
        recorder_->add(punctures);
        recorder_->add(contacts);
    }
    simulation_.clear_logs();
    last_sample_us_ = samples.back().time_us;
}

/// What could not be written stays with the recorder and is tried again when the next commit is due.
base::Status Session::keep() {
    if (!recorder_ || last_sample_us_ - last_commit_us_ < kCommitEvery_us) return {};
    last_commit_us_ = last_sample_us_;
    last_commit_at_ = std::chrono::steady_clock::now();
    return recorder_->commit();
}

base::Status Session::advance(std::span<const input::PenSample> samples) {
    base::Status status;
    while (!samples.empty()) {
        uint64_t second = simulation_.steps_done() / skin::kStepsPerSecond;
        uint32_t until_us = skin::step_end_us((second + 1) * skin::kStepsPerSecond);
        if (recorder_) until_us = std::min(until_us, samples.front().time_us + kCommitEvery_us);
        auto last = std::find_if(samples.begin(), samples.end(),
                                 [&](const input::PenSample& sample) { return sample.time_us >= until_us; });
        size_t count = static_cast<size_t>(last - samples.begin()) + (last != samples.end());
        simulate(samples.first(count));
        samples = samples.subspan(count);
        if (simulation_.steps_done() / skin::kStepsPerSecond > second) keep_checkpoint();
        const bool seal_due = recorder_ && recorder_->seal_due(last_sample_us_);
        if (!seal_due && std::chrono::steady_clock::now() - last_commit_at_ < kLeastPause) continue;
        if (base::Status committed = keep(); !committed) status = committed;
    }
    return status;
}

base::Status Session::finish() {
    return recorder_ ? recorder_->finish() : base::Status();
}

void Session::record(Recorder recorder) {
    CHECK(!recorder_.has_value());
    recorder_ = std::move(recorder);
    last_commit_us_ = last_sample_us_;
    last_commit_at_ = std::chrono::steady_clock::now();
}

Session resimulate(const Recording& recording, std::shared_ptr<const Stage> stage) {
    Session session(std::move(stage), std::nullopt);
    std::span<const input::PenSample> samples = recording.samples;
    auto advance_to = [&](uint32_t time_us) {
        auto end = std::lower_bound(samples.begin(), samples.end(), time_us,
                                    [](const input::PenSample& s, uint32_t t) { return s.time_us < t; });
        auto count = static_cast<size_t>(end - samples.begin());
        (void)session.advance(samples.first(count));  // without a recorder nothing can fail
        samples = samples.subspan(count);
    };
    for (const input::ProcedureEvent& event : recording.events) {
        advance_to(event.time_us);
        session.event(event);
    }
    (void)session.advance(samples);
    return session;
}

std::string first_difference(const Recording& recording, const Session& replayed) {
    std::optional<Difference> first;
    auto consider = [&](std::optional<Difference> other) {
        if (other && (!first || other->time_us < first->time_us)) first = std::move(other);
    };
    consider(log_difference<shared::Puncture>("puncture", recording.punctures, replayed.punctures()));
    consider(
        log_difference<shared::ContactRecord>("contact record", recording.contacts, replayed.contacts()));
    consider(checkpoint_difference(recording.checkpoints, replayed.checkpoints()));
    return first ? first->text : "";
}

}  // namespace training
