#pragma once

// A case practised otherwise than its file says: other zones, another device, another rubric. Its text says so and holds the whole
// rubric, so that a recording of it is scored alike by whoever opens it.

#include "training/core/case.h"

#include <optional>

namespace training {

/// What is empty stays.
struct CaseChange {
    std::vector<std::string> zones = {};
    std::string device = {}, rubric = {};  ///< id or TOML file
    std::optional<double> needling_minutes = {};
};
base::Result<Case> changed_case(const base::Places& places, const std::string& case_id, const CaseChange& change);

}  // namespace training
