#pragma once

// One practice session from first sample to last: pen samples go through the simulation into tallies and recording.
// The window, `perform` and `replay` all run this one flow. Not thread-safe: one thread owns it.

#include "engine/skin/simulation.h"
#include "engine/track/response.h"
#include "engine/track/tracker.h"
#include "training/core/case.h"
#include "training/core/procedure.h"
#include "training/core/recording.h"

#include <chrono>
#include <memory>
#include <optional>

namespace training {

/// What a recording names as its writer; the number is CMake's project version.
inline constexpr const char* kProgram = "evenhand 0.1.0";

struct CoachFigures;

/// The stage: everything a session refers to. Shared, immutable.
struct Stage {
    Case practice;
    std::shared_ptr<const face::FaceAsset> face;
    skin::DeviceProfile device;
    skin::SkinModel skin;
    std::string device_text, face_text;
    /// What the score holds a session against, besides the rubric; none: what needs them is not assessed.
    std::shared_ptr<const track::ResponseModel> response;
    std::shared_ptr<const Procedure> procedure;
    /// When the coach speaks; none where content/coach.toml is broken, and why.
    std::shared_ptr<const CoachFigures> coach;
    std::optional<base::Error> coach_problem;
    std::string language = {};  ///< in which names and texts are told (base::Places::language); hashes know nothing of it
};
/// Loads case, face, device (`device_override` replaces the case's when not empty) and kernel.
base::Result<std::shared_ptr<const Stage>> load_stage(const base::Places& places, const std::string& case_id,
                                                      const std::string& device_override = {},
                                                      const face::Progress& progress = {});
/// The same of a case that is at hand, as a lesson makes of another.
base::Result<std::shared_ptr<const Stage>> load_stage(const base::Places& places, Case practice, const face::Progress& progress = {});
/// The stage of a recording, from the texts that it keeps; refuses a face, device or skin that is no longer the one recorded.
base::Result<std::shared_ptr<const Stage>> load_stage(const base::Places& places, const RecordingHeader& header,
                                                      const face::Progress& progress = {});

/// The same stage told in the language of `places`: its case's, device's and procedure's texts and nothing else. What can
/// no longer be read, or has changed since, stays as it was told.
std::shared_ptr<const Stage> retold(const base::Places& places, const Stage& stage);

/// Refuses a recording whose logs name cells, triangles or zones that the face does not have. Call it after loading both.
base::Status check_fits(const Recording& recording, const face::FaceAsset& face);

RecordingHeader make_header(const Stage& stage, std::string source, std::string trainee = {});

class Session {
  public:
    /// `recorder` may be empty: a rehearsal that leaves no file.
    Session(std::shared_ptr<const Stage> stage, std::optional<Recorder> recorder);

    /// Events before the samples that follow them.
    void event(const input::ProcedureEvent& event);
    /// Simulates what the samples cover, tallies and records it. Commits twice a second of session time, but no more than
    /// four times a second of the clock on the wall: a session that runs faster than life (`perform`) would wait for the
    /// disk most of its time; a sealed one also at least once a second of session time. The result does not depend on how the
    /// samples are cut into calls, nor on when commits fall. After an error of the disk the session goes on in memory, and
    /// what could not be written is tried again with the next commit.
    base::Status advance(std::span<const input::PenSample> samples);
    /// Commits unless the last commit was less than half a second of session time ago. For who has caught up after a
    /// slow moment and is about to show it: a kill then costs no more than it would have.
    base::Status keep();
    base::Status finish();
    /// What comes from here on is written too; what was until now is the caller's to have written. Of a session without a recorder.
    void record(Recorder recorder);

    const skin::Simulation& simulation() const { return simulation_; }
    const track::Tracker& tracker() const { return tracker_; }
    const Stage& stage() const { return *stage_; }
    const std::vector<shared::Puncture>& punctures() const { return punctures_; }
    const std::vector<shared::ContactRecord>& contacts() const { return contacts_; }
    const std::vector<Checkpoint>& checkpoints() const { return checkpoints_; }

  private:
    std::shared_ptr<const Stage> stage_;
    std::optional<Recorder> recorder_;
    skin::Simulation simulation_;
    track::Tracker tracker_;
    std::vector<shared::Puncture> punctures_;
    std::vector<shared::ContactRecord> contacts_;
    std::vector<Checkpoint> checkpoints_;
    uint32_t last_sample_us_ = 0;
    uint32_t last_event_us_ = 0;
    uint32_t last_commit_us_ = 0;
    std::chrono::steady_clock::time_point last_commit_at_{};

    void simulate(std::span<const input::PenSample> samples);
    void keep_checkpoint();
};

/// Re-simulates a recording from its pen samples and events.
Session resimulate(const Recording& recording, std::shared_ptr<const Stage> stage);

/// The first difference between a recording and its re-simulation, as a sentence that names step and time; empty when
/// logs and checkpoints agree to the last bit.
std::string first_difference(const Recording& recording, const Session& replayed);

}  // namespace training
