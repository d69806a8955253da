#include "training/core/replay.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>

namespace training {
namespace {

constexpr uint32_t kPrepareAtOnce_us = 1'000'000;

/// How many of the records, which are in order of time, are not later.
template <typename Record>
size_t count_until(const std::vector<Record>& records, uint32_t time_us) {
    auto later = std::upper_bound(records.begin(), records.end(), time_us,
                                  [](uint32_t time, const Record& record) { return time < record.time_us; });
    return static_cast<size_t>(later - records.begin());
}

/// End of the last step that a sample at or before a time lets run; 0 before the first sample.
uint32_t last_step_end(const std::vector<input::PenSample>& samples, uint32_t time_us) {
    const size_t count = count_until(samples, time_us);
    if (count == 0) return 0;
    uint64_t step = static_cast<uint64_t>(samples[count - 1].time_us) * skin::kStepsPerSecond / 1'000'000;
    while (skin::step_end_us(step + 1) <= samples[count - 1].time_us) ++step;
    return skin::step_end_us(step);
}

/// Whether the replayed records are those of the log from `at` on.
template <typename Record>
bool follows(const std::vector<Record>& log, size_t& at, const std::vector<Record>& replayed) {
    const size_t first = at;
    at += replayed.size();
    return at <= log.size() && (replayed.empty() || std::memcmp(&log[first], replayed.data(),
                                                                replayed.size() * sizeof(Record)) == 0);
}

struct Kept {
    uint32_t time_us;
    Feed feed;
    skin::Simulation::Snapshot snapshot;
};

}  // namespace

void Feed::give(skin::Simulation& simulation, size_t end) {
    simulation.advance(std::span(recording_->samples).subspan(sample_, end - sample_));
    sample_ = end;
}

void Feed::advance(skin::Simulation& simulation, uint32_t until_us) {
    const auto before = [](const input::PenSample& sample, uint32_t time) { return sample.time_us < time; };
    const auto& samples = recording_->samples;
    for (; event_ < recording_->events.size() && recording_->events[event_].time_us <= until_us; ++event_) {
        const auto end = std::lower_bound(samples.begin() + static_cast<std::ptrdiff_t>(sample_), samples.end(),
                                          recording_->events[event_].time_us, before);
        give(simulation, static_cast<size_t>(end - samples.begin()));
        simulation.event(recording_->events[event_]);
    }
    give(simulation, std::max(sample_, count_until(samples, until_us)));
}

bool Feed::done() const {
    return sample_ == recording_->samples.size() && event_ == recording_->events.size();
}

struct Replay::State {
    State(std::shared_ptr<const Recording> r, std::shared_ptr<const Stage> s, uint32_t ring_um)
        : recording(std::move(r)), stage(std::move(s)), feed(*recording), tracker(*stage->face, ring_um) {
        worker = std::jthread([this](const std::stop_token& stop) { prepare(stop); });
    }

    std::shared_ptr<const Recording> recording;
    std::shared_ptr<const Stage> stage;

    uint32_t time_us = 0;
    std::optional<skin::Simulation> simulation;  ///< at simulated_us, if any; shown only if that is time_us
    uint32_t simulated_us = 0;
    Feed feed;
    track::Tracker tracker;
    size_t punctures = 0, contacts = 0;

    std::mutex mutex;  ///< of `kept`
    std::vector<std::shared_ptr<const Kept>> kept;
    std::atomic<uint32_t> prepared_us = 0;
    std::atomic<bool> prepared_all = false;
    std::atomic<uint32_t> differs_us = UINT32_MAX;
    std::jthread worker;  ///< last: begins when everything above is there and ends first

    skin::Simulation fresh() const { return {*stage->face, stage->device, stage->skin}; }
    void prepare(const std::stop_token& stop);
    void keep(const skin::Simulation& replayed, const Feed& fed, uint32_t time);
    std::shared_ptr<const Kept> last_kept(uint32_t time);
    bool simulate_to(uint32_t time);
    void tally_to(uint32_t time);
};

void Replay::State::prepare(const std::stop_token& stop) {
    skin::Simulation replayed = fresh();
    Feed fed(*recording);
    size_t punctures_seen = 0, contacts_seen = 0;
    for (uint32_t time = 0; !fed.done(); time += kPrepareAtOnce_us) {
        if (stop.stop_requested()) return;
        fed.advance(replayed, time);
        const bool same = follows(recording->punctures, punctures_seen, replayed.punctures()) &
                          follows(recording->contacts, contacts_seen, replayed.contacts());
        if (!same && differs_us == UINT32_MAX) differs_us = time;
        replayed.clear_logs();
        if (time > 0 && time % kSnapshotEvery_us == 0) keep(replayed, fed, time);
        prepared_us = time;
    }
    prepared_all = true;
    prepared_all.notify_all();
}

void Replay::State::keep(const skin::Simulation& replayed, const Feed& fed, uint32_t time) {
    auto snapshot = std::make_shared<const Kept>(Kept{time, fed, replayed.snapshot()});
    const std::lock_guard lock(mutex);
    kept.push_back(std::move(snapshot));
}

std::shared_ptr<const Kept> Replay::State::last_kept(uint32_t time) {
    const std::lock_guard lock(mutex);
    auto later = std::upper_bound(kept.begin(), kept.end(), time,
                                  [](uint32_t t, const auto& one) { return t < one->time_us; });
    return later == kept.begin() ? nullptr : *std::prev(later);
}

/// Goes on from where the simulation is, unless a snapshot is nearer.
bool Replay::State::simulate_to(uint32_t time) {
    if (!prepared_all && time > prepared_us) return false;
    const std::shared_ptr<const Kept> from = last_kept(time);
    const bool goes_on = simulation && simulated_us <= time && (!from || from->time_us <= simulated_us);
    if (!goes_on) {
        simulation.emplace(fresh());
        feed = from ? from->feed : Feed(*recording);
        if (from) simulation->restore(from->snapshot);
    }
    feed.advance(*simulation, time);
    simulation->clear_logs();
    simulated_us = time;
    return true;
}

void Replay::State::tally_to(uint32_t time) {
    const uint32_t end_us = last_step_end(recording->samples, time);
    const size_t more_punctures = count_until(recording->punctures, end_us);
    const size_t more_contacts = count_until(recording->contacts, end_us);
    if (more_punctures < punctures || more_contacts < contacts) {
        tracker.clear();
        punctures = contacts = 0;
    }
    tracker.add(std::span(recording->punctures).subspan(punctures, more_punctures - punctures));
    tracker.add(std::span(recording->contacts).subspan(contacts, more_contacts - contacts));
    punctures = more_punctures;
    contacts = more_contacts;
}

Replay::Replay(std::shared_ptr<const Recording> recording, std::shared_ptr<const Stage> stage, uint32_t ring_um)
    : state_(std::make_unique<State>(std::move(recording), std::move(stage), ring_um)) {}
Replay::~Replay() = default;

bool Replay::seek(uint32_t time_us) {
    State& s = *state_;
    s.time_us = std::min(time_us, duration_us());
    s.tally_to(s.time_us);
    return s.simulate_to(s.time_us);
}

uint32_t Replay::time_us() const {
    return state_->time_us;
}

uint32_t Replay::duration_us() const {
    const Recording& recording = *state_->recording;
    const uint32_t sample = recording.samples.empty() ? 0 : recording.samples.back().time_us;
    return recording.events.empty() ? sample : std::max(sample, recording.events.back().time_us);
}

const skin::Simulation* Replay::simulation() const {
    return state_->simulation && state_->simulated_us == state_->time_us ? &*state_->simulation : nullptr;
}

const track::Tracker& Replay::tracker() const {
    return state_->tracker;
}

std::span<const shared::Puncture> Replay::punctures() const {
    return std::span(state_->recording->punctures).first(state_->punctures);
}

std::span<const shared::ContactRecord> Replay::contacts() const {
    return std::span(state_->recording->contacts).first(state_->contacts);
}

double Replay::prepared() const {
    if (state_->prepared_all || duration_us() == 0) return 1;
    return std::min(1.0, static_cast<double>(state_->prepared_us) / duration_us());
}

void Replay::wait() {
    state_->prepared_all.wait(false);
}

size_t Replay::snapshots() const {
    const std::lock_guard lock(state_->mutex);
    return state_->kept.size();
}

std::optional<uint32_t> Replay::differs_us() const {
    const uint32_t at = state_->differs_us;
    return at == UINT32_MAX ? std::nullopt : std::optional(at);
}

}  // namespace training
