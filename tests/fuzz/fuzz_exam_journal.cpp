#include "tests/fuzz/fuzz_target.h"
#include "training/core/exam_journal.h"

// A station's journal: as it comes, and its first row signed anew by the station, so that what stands behind the signature is reached too; as whoever
// judges by it checks it, and as the station does, which leaves signatures to its own last one: both take the same.

namespace fuzz {

namespace {

training::SecretKey station() {
    return training::SecretKey::from_seed(std::array<uint8_t, 32>{5});
}
training::SecretKey session(int attempt) {
    return training::SecretKey::from_seed(std::array<uint8_t, 32>{6, static_cast<uint8_t>(attempt)});
}

std::string row(int number, const base::Hash& before, const char* what, int attempt = 1) {
    const std::string hash(64, 'a');
    const training::Document entry = {{"type", "evenhand journal entry"},
                                      {"version", 1},
                                      {"number", number},
                                      {"before", before.hex()},
                                      {"what", what},
                                      {"exam", "board-2026"},
                                      {"package", hash},
                                      {"nonce", hash},
                                      {"candidate", "K-17"},
                                      {"attempt", attempt},
                                      {"part", 1},
                                      {"station", training::to_hex(station().public_key())},
                                      {"session", training::to_hex(session(attempt).public_key())},
                                      {"link", hash},
                                      {"utc", "2026-11-21T22:05:09Z"},
                                      {"boot", hash},
                                      {"boot_ms", 5000}};
    return training::sign_document(entry, std::string_view(what) == "begins" ? station() : session(attempt));
}

std::vector<Bytes> sound() {
    const std::string first = row(1, {}, "begins"), second = row(2, base::sha256(first), "begun"), third = row(3, base::sha256(second), "handed_in");
    const std::string fourth = row(4, base::sha256(third), "begins", 2), fifth = row(5, base::sha256(fourth), "begun", 2);
    const std::string one = first + "\n" + second + "\n" + third + "\n";
    return {as_bytes(one), as_bytes(first + "\n" + second.substr(0, 40)), as_bytes(one + fourth + "\n" + fifth + "\n")};
}

bool is_taken(std::string_view text) {
    const auto journal = training::parse_journal(text, "it");
    if (!journal) {
        CHECK(!journal.error().message.empty() && journal.error().message.find('\n') == std::string::npos);
        return false;
    }
    for (size_t i = 0; i < journal->entries.size(); ++i) CHECK(journal->entries[i].number == static_cast<int64_t>(i) + 1 && journal->entries[i].station == journal->station);
    CHECK(journal->head() == journal->entries.back().hash);
    return true;
}

void expect_same_at_the_station(std::string_view text) {
    static const ScratchFile file("station.journal");
    file.write({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
    training::JournalFile kept(file.path(), station().public_key());
    const auto judged = training::parse_journal(text, "it", station().public_key());
    CHECK(static_cast<bool>(kept.read()) == static_cast<bool>(judged));
    if (judged) CHECK(kept.journal().head() == judged->head() && kept.journal().torn == judged->torn);
}

bool accepts(std::span<const uint8_t> bytes) {
    const std::string_view text = as_text(bytes);
    expect_same_at_the_station(text);
    if (is_taken(text)) return true;
    const std::string_view first = text.substr(0, text.find('\n'));
    const auto document = training::parse_document(first, "evenhand journal entry", "it");
    return document && is_taken(training::sign_document(*document, station()) + "\n");
}

}  // namespace

Target exam_journal() {
    return {"exam_journal", sound(), accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(exam_journal)
