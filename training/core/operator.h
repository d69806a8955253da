#pragma once

// Simulated operators: hands of known skill, for demonstrations, tests and validity work. They make pen samples, nothing
// else; what follows goes through the same simulation as a person's. Simulated, and always called so.

#include "training/core/session.h"

namespace training {

enum class Skill : uint8_t { expert, intermediate, novice };
base::Result<Skill> parse_skill(const std::string& name);

struct Performance {
    std::vector<input::PenSample> samples;        ///< 120 per second
    std::vector<input::ProcedureEvent> events;
};

/// Treats the case's zones in order. Deterministic in (stage, skill, seed).
Performance perform_operator(const Stage& stage, Skill skill, uint64_t seed);

}  // namespace training
