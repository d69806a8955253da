#include "tests/fuzz/some_recording.h"

#include "tests/fuzz/fuzz_target.h"
#include "training/core/seal.h"

#include <cmath>
#include <functional>

namespace fuzz {

namespace {

training::RecordingHeader some_header() {
    training::RecordingHeader header;
    header.case_id = "pad-flat";
    header.case_text = "version = 1\nid = \"pad-flat\"\n";
    header.device_id = "pen-12";
    header.device_text = "version = 1\n";
    header.face_id = "pad-flat";
    header.face = base::sha256("a face");
    header.device = base::sha256("a device");
    header.started = "2026-11-21T01:00:00Z";
    header.source = "mouse";
    header.program = "evenhand test";
    return header;
}

Bytes recorded(const std::function<void(training::Recorder&)>& fill, std::shared_ptr<training::Sealer> sealer = {}) {
    ScratchFile file("recorded.evh");
    {
        base::Result<training::Recorder> recorder = training::Recorder::create(file.path(), some_header(), std::move(sealer));
        fill(recorder.value());
    }
    return base::read_file(file.path()).value();
}

}  // namespace

std::vector<input::PenSample> some_samples() {
    std::vector<input::PenSample> samples(12);
    for (uint32_t i = 0; i < 12; ++i) {
        samples[i].time_us = 1000 + 8333 * i;
        samples[i].tip_nm[0] = static_cast<int32_t>(100'000 * i);
        samples[i].axis_q30[2] = -(1 << 30);
        samples[i].force_un = i % 2 ? 700'000 : -1;
    }
    return samples;
}

std::vector<shared::ContactRecord> some_contacts() {
    std::vector<shared::ContactRecord> contacts(12);
    for (uint32_t i = 0; i < 12; ++i)
        contacts[i] = {8333 * (i + 1), i, 1, 700, 300, 150, 20'000, shared::kContactTouching | (i % 6)};
    return contacts;
}

std::vector<shared::Puncture> some_punctures() {
    std::vector<shared::Puncture> punctures(24);
    for (uint32_t i = 0; i < 24; ++i)
        punctures[i] = {9090 * (1 + i / 12), i, i, 0x40004000, 500, 700 | (i % 12) << 16};
    return punctures;
}

static void record_a_second(training::Recorder& recorder, bool finished) {
    recorder.add(input::ProcedureEvent{0, "depth_mm", "0.5"});
    recorder.add(some_samples());
    recorder.add(some_contacts());
    recorder.add(some_punctures());
    recorder.add(training::Checkpoint{12, base::sha256("a state")});
    base::Status written = finished ? recorder.finish() : recorder.commit();
    CHECK(static_cast<bool>(written));
}

Bytes record(bool finished) {
    return recorded([&](training::Recorder& recorder) { record_a_second(recorder, finished); });
}

Bytes record_sealed(bool finished) {
    training::SecretKey secret = training::SecretKey::from_seed(std::array<uint8_t, 32>{5});
    training::Identity who{"station-1", training::KeyRole::station, secret.public_key(), "2026-11-21T22:05:09Z"};
    auto sealer = std::make_shared<training::Sealer>(training::OpenKey{std::move(who), std::move(secret), {}}, training::SealTerms{});
    return recorded([&](training::Recorder& recorder) { record_a_second(recorder, finished); }, std::move(sealer));
}

Bytes record_nothing() {
    return recorded([](training::Recorder&) {});
}

void check_recording(const training::Recording& recording) {
    for (size_t i = 0; i < recording.samples.size(); ++i) {
        const input::PenSample& sample = recording.samples[i];
        CHECK(i == 0 || recording.samples[i - 1].time_us < sample.time_us, i);
        glm::dvec3 axis = sample.axis();
        CHECK(std::fabs(axis.x * axis.x + axis.y * axis.y + axis.z * axis.z - 1) < 1e-9, i);
        CHECK(sample.force_un >= -1 && sample.force_un <= 100'000'000, i);
        CHECK(sample.depth_um <= 10'000 && sample.rate_dhz <= 10'000, i);
    }
    for (size_t i = 1; i < recording.events.size(); ++i)
        CHECK(recording.events[i - 1].time_us <= recording.events[i].time_us, i);
    for (size_t i = 1; i < recording.contacts.size(); ++i)
        CHECK(recording.contacts[i - 1].time_us < recording.contacts[i].time_us, i);
    for (size_t i = 1; i < recording.punctures.size(); ++i)
        CHECK(recording.punctures[i - 1].time_us <= recording.punctures[i].time_us, i);
    for (size_t i = 1; i < recording.checkpoints.size(); ++i)
        CHECK(recording.checkpoints[i - 1].step < recording.checkpoints[i].step, i);
    CHECK(recording.duration() >= 0);
    CHECK(recording.evidence_hash() == recording.evidence_hash());
}

}  // namespace fuzz
