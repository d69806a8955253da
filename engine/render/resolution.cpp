#include "engine/render/resolution.h"

#include <algorithm>
#include <iterator>

namespace render {

namespace {
constexpr double kShares[] = {1.0, 0.85, 0.7, 0.55};
constexpr double kLongest = 0.25;  // s that one frame counts for: a hiccup is no load
}  // namespace

double ResolutionGovernor::share() const {
    return kShares[step_];
}

void ResolutionGovernor::restart(double now) {
    busy_ = 0;
    since_ = now;
}

void ResolutionGovernor::frame(double busy, double period, double now) {
    const double taken = std::min(busy, kLongest);
    busy_ = busy_ == 0 ? taken : busy_ + (taken - busy_) * 0.1;
    const double load = busy_ / period;
    if (load > 1.3 && step_ + 1 < std::size(kShares) && now - since_ > 2) {
        ++step_;
        restart(now);
    } else if (step_ > 0 && now - since_ > 4) {
        const double finer = kShares[step_ - 1] / kShares[step_];
        if (load * finer * finer > 1) return;
        --step_;
        restart(now);
    }
}

}  // namespace render
