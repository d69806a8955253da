#pragma once

// A recording that somebody damaged: cut short, or with bytes changed. It must be refused in a sentence or give the score of
// the whole one. Shared by the fast tests and the long ones.

#include "engine/base/random.h"
#include "tests/unit/training_stage.h"
#include "training/core/score.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace damage {

/// A session of an expert on the shipped pad as the bytes of its file, and what it scores.
class Whole {
  public:
    enum class Ending { finished, killed };
    explicit Whole(Ending ending = Ending::finished) {
        // In memory where the system has such a folder: ten thousand files would otherwise wait for the disk.
        const bool in_memory = ::access("/dev/shm", W_OK) == 0;
        std::string name = ((in_memory ? base::fs::path("/dev/shm") : base::fs::temp_directory_path()) / "evenhand-damage-XXXXXX").string();
        CHECK(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
        training::Performance done = training::perform_operator(*stage_, training::Skill::expert, 1);
        base::Result<training::Recorder> recorder =
            training::Recorder::create(folder_ / "whole.evh", training::make_header(*stage_, "operator expert 1"));
        CHECK(static_cast<bool>(recorder));
        training::Session session(stage_, std::move(*recorder));
        for (const input::ProcedureEvent& event : done.events)
            if (event.time_us < kTaken_us) session.event(event);
        auto end = std::find_if(done.samples.begin(), done.samples.end(),
                                [](const input::PenSample& sample) { return sample.time_us >= kTaken_us; });
        CHECK(static_cast<bool>(session.advance({done.samples.begin(), end})));
        CHECK(static_cast<bool>(ending == Ending::finished ? session.finish() : session.keep()));
        bytes_ = *base::read_file(folder_ / "whole.evh");
        right_ = scored(*training::load_recording(folder_ / "whole.evh"));
    }
    ~Whole() { base::fs::remove_all(folder_); }

    const std::vector<uint8_t>& bytes() const { return bytes_; }
    const std::string& right() const { return right_; }
    const training::Stage& stage() const { return *stage_; }

    /// The score as text, or the sentence that refuses.
    struct Answer {
        bool accepted;
        std::string text;
    };
    Answer answer(const std::vector<uint8_t>& bytes) const {
        base::fs::path file = folder_ / "damaged.evh";
        std::ofstream(file, std::ios::binary | std::ios::trunc)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        base::Result<training::Recording> recording = training::load_recording(file);
        if (!recording) return {false, recording.error().message};
        const training::RecordingHeader& header = recording->header;
        bool same_stage = header.face == stage_->face->hash && header.device == stage_->device.hash &&
                          header.skin == stage_->skin.hash && header.case_id == stage_->practice.id;
        if (!same_stage) return {false, "another stage"};
        if (base::Status fits = training::check_fits(*recording, *stage_->face); !fits) return {false, fits.error().message};
        return {true, scored(*recording)};
    }

    std::string scored(const training::Recording& recording) const {
        return training::score_json(training::score(recording, *stage_, rubric_, scope_));
    }

  private:
    static constexpr uint32_t kTaken_us = 4'000'000;

    std::shared_ptr<const training::Stage> stage_ = *training::load_stage(training_test::places(), "pad-flat");
    training::Rubric rubric_ = *training::load_rubric(training_test::places(), "provisional");
    training::Scope scope_ = *training::load_scope(training_test::places(), "medical");
    base::fs::path folder_;
    std::vector<uint8_t> bytes_;
    std::string right_;
};

/// True when it was accepted, with the right score.
inline bool is_right_or_refused(const Whole& whole, const std::vector<uint8_t>& bytes, const std::string& how) {
    Whole::Answer answer = whole.answer(bytes);
    if (answer.accepted) {
        EXPECT_EQ(answer.text, whole.right()) << how << ": a wrong score";
    } else {
        EXPECT_FALSE(answer.text.empty()) << how;
        EXPECT_EQ(answer.text.find('\n'), std::string::npos) << how << ": " << answer.text;
    }
    return answer.accepted;
}

/// Cut at every `step`th byte: never accepted, for the last page is needed.
inline void expect_cuts_refused(const Whole& whole, size_t step) {
    for (size_t size = 0; size < whole.bytes().size(); size += step) {
        std::vector<uint8_t> bytes(whole.bytes().begin(), whole.bytes().begin() + static_cast<ptrdiff_t>(size));
        EXPECT_FALSE(is_right_or_refused(whole, bytes, fmt::format("cut at {}", size))) << size;
    }
}

/// `tries` files with one to eight bytes changed each.
inline void expect_flips_right_or_refused(const Whole& whole, int tries, uint64_t seed) {
    base::Random random(seed);
    int accepted = 0;
    for (int i = 0; i < tries; ++i) {
        std::vector<uint8_t> bytes = whole.bytes();
        for (uint32_t left = 1 + random.below(8); left > 0; --left)
            bytes[random.below(static_cast<uint32_t>(bytes.size()))] ^= static_cast<uint8_t>(1 + random.below(255));
        accepted += is_right_or_refused(whole, bytes, fmt::format("try {} of seed {}", i, seed));
    }
    EXPECT_LT(accepted, tries / 2) << "most changes meet something that matters";
    testing::Test::RecordProperty("accepted", accepted);
}

}  // namespace damage
