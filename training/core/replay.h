#pragma once

// A recording that can be looked at as it stood at any time, forwards and backwards: the simulation, and the tallies of all
// that was done until then, are those of a replay from the start, to the last bit.
//
// The simulation cannot be run backwards, and a replay from the start costs a fortieth of the time that the session took. So a
// thread of its own replays the recording once and keeps a snapshot every few seconds of session time; a seek goes on from
// the last snapshot before its time. Where the thread has not come yet, tallies are known (they follow from the log) and the
// simulation is not. Tallies of an earlier time are counted anew: 5 million punctures take 12 ms on 4 cores.

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
    static constexpr uint32_t kSnapshotEvery_us = 2'000'000;

    /// Begins to prepare; the time is 0. `ring_um` as track::make_cell_map has it.
    Replay(std::shared_ptr<const Recording> recording, std::shared_ptr<const Stage> stage, uint32_t ring_um = 0);
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
    std::span<const shared::Puncture> punctures() const;
    std::span<const shared::ContactRecord> contacts() const;

    /// Share of the recording that is prepared, 1 = all.
    double prepared() const;
    /// Waits until all is.
    void wait();
    size_t snapshots() const;
    /// Time of the first second in which what was recorded differs from what follows from the pen's path, once it was found.
    std::optional<uint32_t> differs_us() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace training
