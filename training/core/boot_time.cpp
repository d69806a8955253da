#include "training/core/boot_time.h"

#include "engine/base/files.h"

#include <ctime>

namespace training {

std::optional<int64_t> BootTime::since(const BootTime& earlier) const {
    if (boot == base::Hash() || boot != earlier.boot || ms < earlier.ms) return std::nullopt;
    return ms - earlier.ms;
}

BootTime boot_time() {
    static const base::Hash kBoot = [] {
        const auto id = base::read_text("/proc/sys/kernel/random/boot_id", 64);
        return id ? base::sha256(*id) : base::Hash();
    }();
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return {kBoot, int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000};
}

}  // namespace training
