#pragma once

// Conditions as people write them, in TOML; what the keys mean: conditions.h and content/conditions.

#include "engine/face/conditions.h"

#include <toml++/toml.h>

namespace face {

/// Takes the [[condition]] tables out of `table`, so that other readers do not meet them.
base::Result<std::vector<Condition>> take_conditions(toml::table& table, const std::string& file);

/// One file of content/conditions.
base::Result<ConditionKind> read_condition_kind(const toml::table& table, const std::string& file);

}  // namespace face
