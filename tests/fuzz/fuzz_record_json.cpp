#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/some_record.h"

namespace fuzz {

namespace {

records::Decision some_decision() {
    records::Decision decision{{}, std::string(64, 'a'), "N. Okafor", "pass", "clean", "2026-11-22T10:00:00Z", {}};
    decision.id = records::decision_id(decision);
    return decision;
}

/// What is taken keeps what is promised, and goes on as it came.
bool accepts(std::span<const uint8_t> bytes) {
    const auto result = records::result_from_json(as_text(bytes));
    if (result) {
        CHECK(static_cast<bool>(records::check(*result)));
        CHECK(*records::result_from_json(records::to_json(*result)) == *result);
    }
    const auto decision = records::decision_from_json(as_text(bytes));
    if (decision) {
        CHECK(static_cast<bool>(records::check(*decision)));
        CHECK(*records::decision_from_json(records::to_json(*decision)) == *decision);
    }
    return result || decision;
}

}  // namespace

Target record_json() {
    return {"record_json", {as_bytes(records::to_json(some_result())), as_bytes(records::to_json(some_decision()))}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(record_json)
