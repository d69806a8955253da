#include "training/core/checklist.h"

#include <algorithm>
#include <charconv>

namespace training {

std::map<std::string, LastDone> last_of_each(std::span<const input::ProcedureEvent> events, uint32_t until_us) {
    std::map<std::string, LastDone> done;
    for (size_t i = 0; i < events.size(); ++i)
        if (events[i].time_us <= until_us) done[events[i].name] = {i, events[i].value};
    return done;
}

bool value_is_right(const ProcedureItem& item, const std::string& value) {
    if (!item.values.empty() && std::find(item.values.begin(), item.values.end(), value) == item.values.end()) return false;
    if (!item.least && !item.most) return true;
    int64_t number = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) return false;
    return number >= item.least.value_or(number) && number <= item.most.value_or(number);
}

std::vector<ItemState> item_states(const std::vector<ProcedureItem>& items, const std::map<std::string, LastDone>& done) {
    std::vector<ItemState> states;
    for (const ProcedureItem& item : items) {
        auto found = done.find(item.event);
        ItemState state{&item, item.only_with.empty() || done.contains(item.only_with), found != done.end(), false, true};
        for (const std::string& before : item.after) {
            auto earlier = done.find(before);
            if (state.done && earlier != done.end() && earlier->second.place > found->second.place)
                state.in_order = false;
        }
        state.right = state.done && value_is_right(item, found->second.value) && state.in_order;
        states.push_back(std::move(state));
    }
    return states;
}

Checked check_items(const std::vector<ProcedureItem>& items, const std::map<std::string, LastDone>& done) {
    Checked checked;
    for (const ItemState& state : item_states(items, done)) {
        if (!state.wanted) continue;
        ++checked.wanted;
        checked.right += state.right;
        if (!state.right) checked.missing.push_back(state.item->name);
        if (!state.done && checked.critical.empty()) checked.critical = state.item->critical;
    }
    return checked;
}

}  // namespace training
