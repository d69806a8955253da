#pragma once

// Simulated operators: hands of known skill, for demonstrations, tests and validity work. They make pen samples, nothing
// else; what follows goes through the same simulation as a person's. Simulated, and always called so.

#include "training/core/population.h"
#include "training/core/session.h"

namespace training {

struct Performance {
    std::vector<input::PenSample> samples;        ///< 120 per second
    std::vector<input::ProcedureEvent> events;
};

/// Treats the case's zones in order; who is left-handed begins with the other side of each pair. Deterministic in
/// (stage, operator, seed).
Performance perform_operator(const Stage& stage, const Operator& who, uint64_t seed);
Performance perform_operator(const Stage& stage, Skill skill, uint64_t seed);

}  // namespace training
