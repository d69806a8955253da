#pragma once

// A recording that can be looked at as it stood at any time, forwards and backwards: the simulation, and the tallies and the
// skin's response to all that was done until then, are those of a replay from the start, to the last bit.
//
// None of these can be run backwards, and a replay from the start costs a fortieth of the time that the session took. So a
// thread of its own replays the recording once and keeps a snapshot of the simulation every second of session time; another
// goes through the logs, which takes far less, and keeps what changed of tallies and response every few seconds. A seek
// goes on from what was kept last before its time, so its cost does not grow with the session. Where the first thread has not
// come yet, tallies and response are known (they follow from the logs) and the simulation is not.

#include "training/core/session.h"

#include <memory>
#include <optional>
#include <span>

namespace training {

/// Gives a simulation what was recorded, event by event and sample by sample as it happened.
class Feed {
  public:
    explicit Feed(const Recording& recording) : recording_(&recording) {}

    /// Everything up to and with a time, that was not given before.
    void advance(skin::Simulation& simulation, uint32_t until_us);
    bool done() const;

  private:
    void give(skin::Simulation& simulation, size_t end);

    const Recording* recording_;
    size_t sample_ = 0, event_ = 0;
};

class Replay {
  public:
    static constexpr uint32_t kSnapshotEvery_us = 1'000'000;  ///< of the simulation
    static constexpr uint32_t kEvidenceEvery_us = 8'000'000;  ///< of tallies and response

    /// Begins to prepare; the time is 0. `ring_um` as track::make_cell_map has it. `wipes`: over which cells a pad was drawn
    /// and when, in order of time.
    Replay(std::shared_ptr<const Recording> recording, std::shared_ptr<const Stage> stage, uint32_t ring_um = 0,
           std::vector<track::CellWipe> wipes = {});
    /// Ends the preparing wherever it is.
    ~Replay();
    Replay(const Replay&) = delete;
    Replay& operator=(const Replay&) = delete;

    /// Goes to a time of the session; later than its end is its end. False: not prepared so far, and simulation() is null.
    bool seek(uint32_t time_us);
    uint32_t time_us() const;
    uint32_t duration_us() const;

    /// As a replay from the start has it when it was given all samples and events up to time_us(); its logs are empty.
    const skin::Simulation* simulation() const;
    /// Everything up to the last step that ends by the last sample up to time_us(), as that replay has it.
    const track::Tracker& tracker() const;
    /// To the same; advanced to that step's end. Null where the stage has no model of it.
    const track::Response* response() const;
    /// End of that step, µs.
    uint32_t evidence_us() const;
    std::span<const shared::Puncture> punctures() const;
    std::span<const shared::ContactRecord> contacts() const;

    /// Share of the recording that is prepared, 1 = all.
    double prepared() const;
    /// Waits until all is.
    void wait();
    size_t snapshots() const;
    /// Of memory that is kept for seeks, about.
    size_t bytes() const;
    /// What the last seek had to do.
    struct Work {
        uint64_t steps = 0, punctures = 0, contacts = 0;  ///< simulated; counted
    };
    Work work() const;
    /// Time of the first second in which what was recorded differs from what follows from the pen's path, once it was found.
    std::optional<uint32_t> differs_us() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace training
