#pragma once

// Time that passes whatever a clock is set to, and while the machine sleeps, as long as the machine is not started anew.

#include "engine/base/hash.h"

#include <cstdint>
#include <functional>
#include <optional>

namespace training {

struct BootTime {
    base::Hash boot;  ///< names this start of the machine; zero: unknown
    int64_t ms = 0;   ///< since then

    /// ms from `earlier` to this; none where the machine was started anew in between, or nobody can tell.
    std::optional<int64_t> since(const BootTime& earlier) const;
};

/// Linux's CLOCK_BOOTTIME, and the SHA-256 of its boot id.
BootTime boot_time();
/// What tells it; boot_time() but for tests.
using BootClock = std::function<BootTime()>;

}  // namespace training
