#include "training/app/pointer_trail.h"

#include <glm/common.hpp>

namespace app {

std::vector<PointerTrail::Event> PointerTrail::settle(std::span<const render::PointerEvent> events, double time,
                                                      bool on_picture) {
    // A mouse's as evenly in time as the display sends them.
    const double before = read_at_.value_or(time), count = static_cast<double>(events.size());
    double latest = before;
    std::vector<Event> settled;
    for (const render::PointerEvent& event : events) {
        const bool begins = event.left_down && !down_;
        down_ = event.left_down;
        const double share = static_cast<double>(settled.size() + 1) / count;
        const double told = event.pen ? event.pen->time : glm::mix(before, time, share);
        latest = glm::clamp(told, latest, time);
        last_ = {latest, event.place, down_ && (begins ? on_picture : last_.pressed), event.pen};
        settled.push_back(last_);
    }
    read_at_ = last_.time = time;
    if (settled.empty()) settled.push_back(last_);
    return settled;
}

std::vector<PointerPair> side_by_side(std::span<const PointerTrail::Event> first,
                                      std::span<const PointerTrail::Event> second, PointerPair last) {
    std::vector<PointerPair> pairs;
    for (size_t i = 0, j = 0; i < first.size() || j < second.size();) {
        if (j == second.size() || (i < first.size() && first[i].time < second[j].time))
            last.first = first[i++];
        else
            last.second = second[j++];
        pairs.push_back(last);
    }
    return pairs;
}

}  // namespace app
