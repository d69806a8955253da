#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/some_record.h"
#include "training/records/outbox.h"

// A station's file of records as somebody brings it: whatever it holds, what is read of it is a row or a sentence.

namespace fuzz {

namespace {

records::Place place_of(const base::fs::path& file) {
    records::Place place;
    place.file = file;
    return place;
}

Bytes some_store() {
    const ScratchFile file("some.db");
    {
        records::Store store = std::move(*records::Store::open(place_of(file.path())));
        const records::SessionResult result = some_result();
        const records::Decision decision = records::next_decision({}, result.session.evidence, "N. Okafor", "pass", "clean", "2026-11-22T10:00:00Z");
        CHECK(store.enrol(std::vector<records::Candidate>{{"A-17", "spring"}}).done());
        CHECK(store.add(result, std::vector{records::entry_of(result)}).done());
        CHECK(store.decide(decision, std::vector{records::entry_of(decision)}).done());
    }
    return base::read_file(file.path()).value();
}

template <typename T>
bool is_read(const base::Result<T>& read) {
    if (!read) CHECK(!read.error().message.empty() && read.error().message.find('\n') == std::string::npos, read.error().message);
    return static_cast<bool>(read);
}

bool reads_rows(records::Store& store) {
    bool all = true;
    records::CandidateFilter spring;
    spring.cohort = "spring";
    const auto listed = store.list();
    all &= is_read(listed);
    if (listed) (void)records::results_csv(*listed);
    for (const bool one : {is_read(store.candidates()), is_read(store.cohorts()), is_read(store.candidates_of(spring)),
                           is_read(store.results_of(some_result().session.evidence)), is_read(store.decisions_of(some_result().session.evidence)),
                           is_read(store.decisions(50)), is_read(store.rubric_texts()), is_read(store.find("aaaa"))})
        all &= one;
    return all;
}

bool reads_outbox(records::Store& store) {
    records::Outbox outbox(store);
    const std::vector<std::string> kinds = {records::kResultKind, records::kDecisionKind};
    const auto next = outbox.next(kinds);
    return is_read(next) && is_read(outbox.counts()) && is_read(outbox.all_refused());
}

bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFolder folder("records");
    const base::fs::path file = folder.write("records.db", bytes);
    for (const char* beside : {"records.db-wal", "records.db-shm", "records.db-journal"}) base::fs::remove(folder.path() / beside);
    auto store = records::Store::open(place_of(file));
    if (!is_read(store)) return false;
    const bool rows = reads_rows(*store), outbox = reads_outbox(*store);
    const records::Receipt receipt = store->add(some_result());
    CHECK(receipt.done() || (!receipt.why.empty() && receipt.why.find('\n') == std::string::npos), receipt.why);
    return rows && outbox;
}

}  // namespace

Target record_store() {
    return {"record_store", {some_store()}, accepts, 600};
}

}  // namespace fuzz

FUZZ_PROGRAM(record_store)
