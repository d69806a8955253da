#include "tests/fuzz/fuzz_target.h"
#include "training/core/credential.h"

namespace fuzz {

namespace {

const training::SecretKey& body() {
    static const training::SecretKey key = training::SecretKey::from_seed(std::array<uint8_t, 32>{1, 2, 3});
    return key;
}

training::Award some_award() {
    return {.id = "0b3fa7a1-12ab-4c00-8000-00000000000f", .issuer = "Board", .candidate = "K 17", .name = "Technique", .description = "An exam.",
            .criteria = "Three attempts.", .awarded = "2026-11-21T22:05:09Z", .rubric = {}, .evidence = {}, .total = 8103};
}

/// Whoever changes a badge cannot sign it: what is taken says what was issued.
bool accepts(std::span<const uint8_t> bytes) {
    const auto checked = training::check_badge(as_text(bytes), "fuzz.json");
    if (!checked) {
        CHECK(checked.error().message.starts_with("fuzz.json: "), checked.error().message);
        return false;
    }
    CHECK(checked->issuer == body().public_key());
    CHECK(checked->award == some_award());
    return true;
}

}  // namespace

Target badge() {
    return {"badge", {as_bytes(training::badge_json(some_award(), body()))}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(badge)
