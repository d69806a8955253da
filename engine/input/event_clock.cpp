#include "engine/input/event_clock.h"

#include <algorithm>

namespace input {
namespace {
constexpr double kDrift = 200e-6;
constexpr double kSetAnew = 1.0;  // s
}  // namespace

double EventClock::place(double stamp, double read_at) {
    const double offset = read_at - stamp;
    if (!offset_ || stamp < last_stamp_ - kSetAnew)
        offset_ = offset;
    else
        offset_ = std::min(offset, *offset_ + kDrift * std::max(0.0, read_at - last_read_));
    last_read_ = read_at;
    last_stamp_ = stamp;
    last_ = std::min(read_at, std::max(last_, stamp + *offset_));
    return last_;
}

double EventClock::place_ms(uint32_t stamp, double read_at) {
    // The shorter way round: events of several devices may come a little out of order.
    stamp_ms_ += static_cast<int32_t>(stamp - static_cast<uint32_t>(stamp_ms_));
    return place(static_cast<double>(stamp_ms_) * 1e-3, read_at);
}

}  // namespace input
