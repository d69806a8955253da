#include "engine/base/hash.h"
#include "tests/fuzz/fuzz_target.h"
#include "training/records/record.h"

namespace fuzz {

namespace {

records::SessionResult some_result() {
    const std::string rubric = "id = \"provisional\"\n", evidence(64, 'a');
    const std::string hash = base::sha256(std::string_view(rubric)).hex();
    return {{evidence, "demo", "pen-12", hash, "2026-11-21T09:30:05Z", "mouse", "A-17", "room 2", 1, records::SessionKind::exam, "/x.evh"},
            {hash, "provisional", "1", rubric},
            {evidence, hash, std::string(64, 'b'), 8123, 8000, true, "{\"total\":8123}"}};
}

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
