#include "training/app/pointer_trail.h"

#include <glm/common.hpp>

#include <algorithm>
#include <utility>

namespace app {

std::vector<PointerTrail::Event> PointerTrail::settle(std::span<const render::PointerEvent> events, double time,
                                                      std::optional<bool> heard) {
    // As evenly in time as the display sends them.
    const double before = read_at_.value_or(time);
    for (size_t i = 0; i < events.size(); ++i)
        waiting_.emplace_back(
            glm::mix(before, time, static_cast<double>(i + 1) / static_cast<double>(events.size())), events[i]);
    read_at_ = time;

    std::vector<Event> settled;
    for (; !waiting_.empty(); waiting_.pop_front()) {
        const auto& [when, event] = waiting_.front();
        if (event.left_down && !down_) {
            if (!heard && ++unheard_ < kPatience) break;
            unheard_ = 0;
            last_.pressed = std::exchange(heard, std::nullopt).value_or(false);
        }
        down_ = event.left_down;
        last_ = {when, event.place, last_.pressed && down_};
        settled.push_back(last_);
    }
    if (settled.empty()) {
        if (waiting_.empty()) last_.time = time;
        settled.push_back(last_);
    }
    return settled;
}

std::vector<PointerPair> side_by_side(std::span<const PointerTrail::Event> first,
                                      std::span<const PointerTrail::Event> second, PointerPair last) {
    std::vector<PointerPair> pairs;
    for (size_t i = 0, j = 0; i < first.size() || j < second.size();) {
        if (j == second.size() || (i < first.size() && first[i].time < second[j].time))
            last.first = first[i++], last.time = std::max(last.time, last.first.time);
        else
            last.second = second[j++], last.time = std::max(last.time, last.second.time);
        pairs.push_back(last);
    }
    return pairs;
}

}  // namespace app
