// How long the desk's pages take with ten thousand sessions in the store, on both kinds: each page fifty times in turn over HTTP, as
// one browser asks; documents of the size that `score --json` has.

#include "tests/scenarios/desk.h"

#include <algorithm>
#include <chrono>

namespace {

using namespace desk_test;
using Clock = std::chrono::steady_clock;

constexpr int kSessions = 10'000, kCandidates = 500, kCohorts = 10, kDecisions = 2'000, kTimes = 50;

/// The evidence of the first.
std::string fill(const std::string& place) {
    records::Store store = record_test::set_up(place);
    std::vector<records::Candidate> candidates;
    for (int i = 0; i < kCandidates; ++i) candidates.push_back({fmt::format("C-{:03}", i), fmt::format("cohort {}", i % kCohorts)});
    record_test::expect_done(store.enrol(candidates));
    std::string first;
    for (int i = 0; i < kSessions; ++i) {
        records::SessionResult result = desk_result(i, candidates[static_cast<size_t>(i % kCandidates)].code);
        result.score.document += std::string(30'000, ' ');
        record_test::expect_done(store.add(result));
        if (i < kDecisions) record_test::expect_done(store.decide(record_test::decision_on(result, "pass", "clean throughout")));
        if (i == 0) first = result.session.evidence;
    }
    return first;
}

void measure(Visitor& visitor, const char* kind, const char* page, const std::string& address) {
    std::vector<double> times;
    size_t bytes = 0;
    for (int i = 0; i < kTimes; ++i) {
        const auto begin = Clock::now();
        const Visitor::Page got = visitor.get(address);
        times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
        CHECK(got.status == 200, got.status, address);
        bytes = got.body.size();
    }
    std::sort(times.begin(), times.end());
    fmt::print("{:<11} {:<28} median {:7.1f} ms   worst {:7.1f} ms   {:7} bytes\n", kind, page, times[times.size() / 2], times.back(), bytes);
    std::fflush(stdout);  // the next may take minutes
}

template <typename Kind>
void bench() {
    Kind kind;
    const std::string first = fill(kind.text);
    RunningDesk desk(kind.text);
    Visitor ines(desk, "ines", "en"), ada(desk, "ada", "en");
    measure(ines, Kind::kName, "cohorts", "/");
    measure(ines, Kind::kName, "a cohort of 50", "/cohort?name=cohort%203");
    measure(ines, Kind::kName, "a cohort, by mean, searched", "/cohort?name=cohort%203&sort=mean&order=down&part=C");
    measure(ines, Kind::kName, "a candidate, 20 sessions", "/candidate?code=C-003");
    measure(ines, Kind::kName, "a session", "/session?id=" + first);
    measure(ines, Kind::kName, "two sessions", "/compare?a=" + first + "&b=" + record_test::hash_of("evidence 500"));
    measure(ines, Kind::kName, "a cohort's table, 1000 rows", "/results.csv?cohort=cohort%203");
    measure(ada, Kind::kName, "decisions", "/audit");
    measure(ada, Kind::kName, "decisions, page 40", "/audit?page=40");
}

}  // namespace

int main() {
    bench<record_test::Sqlite>();
    bench<record_test::Postgres>();
}
