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

/// What a session's logs add up to until the end of a step.
struct Evidence {
    Evidence(const Recording& r, const Stage& stage, const std::vector<track::CellWipe>& w, uint32_t ring_um)
        : recording(r), wipes(w), tracker(*stage.face, ring_um) {
        if (stage.response) response.emplace(*stage.face, *stage.response, ring_um);
    }
    void go_on(uint32_t until_us);

    const Recording& recording;
    const std::vector<track::CellWipe>& wipes;
    track::Tracker tracker;
    std::optional<track::Response> response;
    struct Reached {
        uint32_t end_us = 0;
        size_t punctures = 0, contacts = 0, wipes = 0;
    } reached;
};

/// Those of several moments.
class EvidenceHistory {
  public:
    explicit EvidenceHistory(const Evidence& evidence) : tallies_(evidence.tracker) {
        if (evidence.response) response_.emplace(*evidence.response);
        keep(evidence);
    }
    void keep(const Evidence& evidence);
    /// Where the last one kept that is not later stands.
    Evidence::Reached last(uint32_t end_us) const;
    void restore(uint32_t end_us, Evidence& evidence) const;
    size_t bytes() const;

  private:
    mutable std::mutex mutex_;
    track::TallyHistory tallies_;
    std::optional<track::ResponseHistory> response_;
    std::vector<Evidence::Reached> reached_;
};

void Evidence::go_on(uint32_t end_us) {
    const size_t more_punctures = count_until(recording.punctures, end_us);
    const size_t more_contacts = count_until(recording.contacts, end_us);
    const auto punctures = std::span(recording.punctures).subspan(reached.punctures, more_punctures - reached.punctures);
    const auto contacts = std::span(recording.contacts).subspan(reached.contacts, more_contacts - reached.contacts);
    tracker.add(punctures);
    tracker.add(contacts);
    size_t wiped = reached.wipes;
    if (response) {
        response->add(punctures, contacts);
        for (; wiped < wipes.size() && wipes[wiped].time_us <= end_us; ++wiped) response->wipe(wipes[wiped]);
        response->advance(end_us);
    }
    reached = {end_us, more_punctures, more_contacts, wiped};
}

void EvidenceHistory::keep(const Evidence& evidence) {
    const std::lock_guard lock(mutex_);
    tallies_.keep(evidence.reached.end_us, evidence.tracker);
    if (response_) response_->keep(evidence.reached.end_us, *evidence.response);
    reached_.push_back(evidence.reached);
}

Evidence::Reached EvidenceHistory::last(uint32_t end_us) const {
    const std::lock_guard lock(mutex_);
    return *std::prev(std::ranges::upper_bound(reached_, end_us, {}, &Evidence::Reached::end_us));
}

void EvidenceHistory::restore(uint32_t end_us, Evidence& evidence) const {
    const std::lock_guard lock(mutex_);
    evidence.reached = *std::prev(std::ranges::upper_bound(reached_, end_us, {}, &Evidence::Reached::end_us));
    tallies_.restore(evidence.reached.end_us, evidence.tracker);
    if (response_) response_->restore(evidence.reached.end_us, *evidence.response);
}

size_t EvidenceHistory::bytes() const {
    const std::lock_guard lock(mutex_);
    return tallies_.bytes() + (response_ ? response_->bytes() : 0) + reached_.capacity() * sizeof(reached_[0]);
}

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
    State(std::shared_ptr<const Recording> r, std::shared_ptr<const Stage> s, uint32_t ring_um, std::vector<track::CellWipe> w)
        : recording(std::move(r)),
          stage(std::move(s)),
          wipes(std::move(w)),
          ring_um(ring_um),
          feed(*recording),
          evidence(*recording, *stage, wipes, ring_um),
          history(evidence) {
        teller = std::jthread([this](const std::stop_token& stop) { prepare_evidence(stop); });
        worker = std::jthread([this](const std::stop_token& stop) { prepare(stop); });
    }

    std::shared_ptr<const Recording> recording;
    std::shared_ptr<const Stage> stage;
    std::vector<track::CellWipe> wipes;
    uint32_t ring_um;

    uint32_t time_us = 0;
    std::optional<skin::Simulation> simulation;  ///< at simulated_us, if any; shown only if that is time_us
    uint32_t simulated_us = 0;
    Feed feed;
    Evidence evidence;
    Work work;

    std::mutex mutex;  ///< of `kept`
    std::vector<std::shared_ptr<const Kept>> kept;  ///< in the order of time
    EvidenceHistory history;
    std::atomic<uint32_t> prepared_us = 0;
    std::atomic<bool> prepared_all = false, evidence_all = false;
    std::atomic<uint32_t> differs_us = UINT32_MAX;
    std::jthread teller, worker;  ///< last: begin when everything above is there and end first

    skin::Simulation fresh() const { return {*stage->face, stage->device, stage->skin}; }
    uint32_t end_us() const;
    void prepare(const std::stop_token& stop);
    void prepare_evidence(const std::stop_token& stop);
    void keep(const skin::Simulation& replayed, const Feed& fed, uint32_t time);
    std::shared_ptr<const Kept> last_kept(uint32_t time);
    bool simulate_to(uint32_t time);
    void tally_to(uint32_t time);
};

uint32_t Replay::State::end_us() const {
    const uint32_t sample = recording->samples.empty() ? 0 : recording->samples.back().time_us;
    return recording->events.empty() ? sample : std::max(sample, recording->events.back().time_us);
}

void Replay::State::prepare_evidence(const std::stop_token& stop) {
    Evidence passed(*recording, *stage, wipes, ring_um);
    for (uint64_t time = kEvidenceEvery_us; time <= end_us() && !stop.stop_requested(); time += kEvidenceEvery_us) {
        passed.go_on(last_step_end(recording->samples, static_cast<uint32_t>(time)));
        history.keep(passed);
    }
    evidence_all = true;
    evidence_all.notify_all();
}

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
        if (!simulation || !from) simulation.emplace(fresh());
        feed = from ? from->feed : Feed(*recording);
        if (from) simulation->restore(from->snapshot);
    }
    const uint64_t before = simulation->steps_done();
    feed.advance(*simulation, time);
    work.steps = simulation->steps_done() - before;
    simulation->clear_logs();
    simulated_us = time;
    return true;
}

/// Goes on from where the evidence is, unless what was kept is nearer.
void Replay::State::tally_to(uint32_t time) {
    const uint32_t end = last_step_end(recording->samples, time);
    if (const Evidence::Reached kept = history.last(end);
        end < evidence.reached.end_us || evidence.reached.end_us < kept.end_us)
        history.restore(end, evidence);
    const Evidence::Reached from = evidence.reached;
    evidence.go_on(end);
    work.punctures = evidence.reached.punctures - from.punctures;
    work.contacts = evidence.reached.contacts - from.contacts;
}

Replay::Replay(std::shared_ptr<const Recording> recording, std::shared_ptr<const Stage> stage, uint32_t ring_um,
               std::vector<track::CellWipe> wipes)
    : state_(std::make_unique<State>(std::move(recording), std::move(stage), ring_um, std::move(wipes))) {}
Replay::~Replay() = default;

bool Replay::seek(uint32_t time_us) {
    State& s = *state_;
    s.time_us = std::min(time_us, duration_us());
    s.work = {};
    s.tally_to(s.time_us);
    return s.simulate_to(s.time_us);
}

uint32_t Replay::time_us() const {
    return state_->time_us;
}

uint32_t Replay::duration_us() const {
    return state_->end_us();
}

const skin::Simulation* Replay::simulation() const {
    return state_->simulation && state_->simulated_us == state_->time_us ? &*state_->simulation : nullptr;
}

const track::Tracker& Replay::tracker() const {
    return state_->evidence.tracker;
}

const track::Response* Replay::response() const {
    return state_->evidence.response ? &*state_->evidence.response : nullptr;
}

uint32_t Replay::evidence_us() const {
    return state_->evidence.reached.end_us;
}

std::span<const shared::Puncture> Replay::punctures() const {
    return std::span(state_->recording->punctures).first(state_->evidence.reached.punctures);
}

std::span<const shared::ContactRecord> Replay::contacts() const {
    return std::span(state_->recording->contacts).first(state_->evidence.reached.contacts);
}

double Replay::prepared() const {
    if (state_->prepared_all || duration_us() == 0) return 1;
    return std::min(1.0, static_cast<double>(state_->prepared_us) / duration_us());
}

void Replay::wait() {
    state_->prepared_all.wait(false);
    state_->evidence_all.wait(false);
}

size_t Replay::snapshots() const {
    const std::lock_guard lock(state_->mutex);
    return state_->kept.size();
}

size_t Replay::bytes() const {
    const std::lock_guard lock(state_->mutex);
    size_t sum = state_->history.bytes();
    for (const auto& one : state_->kept) sum += sizeof(Kept) + one->snapshot.bytes();
    return sum;
}

Replay::Work Replay::work() const {
    return state_->work;
}

std::optional<uint32_t> Replay::differs_us() const {
    const uint32_t at = state_->differs_us;
    return at == UINT32_MAX ? std::nullopt : std::optional(at);
}

}  // namespace training
