#pragma once

// Messages for people who run the program: spdlog on stderr, level set once by --log-level.

#include "engine/base/result.h"

#include <spdlog/spdlog.h>

#include <string>

namespace base {

/// `level`: trace, debug, info, warn, error or off.
Status set_log_level(const std::string& level);

}  // namespace base
