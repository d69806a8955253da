#include "tests/fuzz/fuzz_target.h"
#include "training/core/exam_make.h"

// What a body writes about an exam, before it is signed.

namespace fuzz {

namespace {

constexpr const char* kPlan = R"(version = 1
id = "board-2026"
title = "Practical exam"
source = "exam regulations of the board, section 4"
cases = ["pad-small"]
rubric = "provisional"
scope = "medical"
devices = ["pen-12"]
attempts = 2
seeds = [2, 3]
time_limit_s = 900
pause_limit_s = 60
resume_limit_s = 600
tells_score = true
from = "2020-01-01T00:00:00Z"
until = "2199-01-01T00:00:00Z"
nonce = "00112233445566778899aabbccddeeff"
programs = ["0011223344556677001122334455667700112233445566770011223344556677"]
)";

/// A plan that is taken can be signed, and is then a package that a station takes.
bool accepts(std::span<const uint8_t> bytes) {
    auto plan = training::read_exam_plan(source_places(), std::string(as_text(bytes)), "fuzz.toml");
    if (!plan) {
        CHECK(plan.error().message.starts_with("fuzz.toml"), plan.error().message);
        CHECK(plan.error().message.find('\n') == std::string::npos, plan.error().message);
        return false;
    }
    training::SecretKey secret = training::SecretKey::from_seed(std::array<uint8_t, 32>{5});
    const training::Identity who{"board", training::KeyRole::body, secret.public_key(), "2026-11-21T22:05:09Z"};
    const auto document = training::make_exam(*plan, {who, std::move(secret), {}});
    CHECK(static_cast<bool>(document), document ? "" : document.error().message);
    const auto exam = training::parse_exam(*document, "it");
    CHECK(exam && exam->id == plan->id && exam->attempts == plan->attempts);
    return true;
}

}  // namespace

Target exam_plan() {
    return {"exam_plan", {as_bytes(kPlan)}, accepts, 300};
}

}  // namespace fuzz

FUZZ_PROGRAM(exam_plan)
