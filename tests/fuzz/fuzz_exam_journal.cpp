#include "tests/fuzz/fuzz_target.h"
#include "training/core/exam_journal.h"

// A station's journal: as it comes, and each row signed anew by the key that it names, so that what stands behind the signatures is reached too.

namespace fuzz {

namespace {

training::SecretKey station() {
    return training::SecretKey::from_seed(std::array<uint8_t, 32>{5});
}
training::SecretKey session() {
    return training::SecretKey::from_seed(std::array<uint8_t, 32>{6});
}

std::string row(int number, const base::Hash& before, const char* what) {
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
                                      {"attempt", 1},
                                      {"part", 1},
                                      {"station", training::to_hex(station().public_key())},
                                      {"session", training::to_hex(session().public_key())},
                                      {"link", hash},
                                      {"utc", "2026-11-21T22:05:09Z"},
                                      {"boot", hash},
                                      {"boot_ms", 5000}};
    return training::sign_document(entry, number == 1 ? station() : session());
}

std::vector<Bytes> sound() {
    const std::string first = row(1, {}, "begins"), second = row(2, base::sha256(first), "begun"), third = row(3, base::sha256(second), "handed_in");
    return {as_bytes(first + "\n" + second + "\n" + third + "\n"), as_bytes(first + "\n" + second.substr(0, 40))};
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

bool accepts(std::span<const uint8_t> bytes) {
    const std::string_view text = as_text(bytes);
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
