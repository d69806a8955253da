#pragma once

// What was done of a list of the procedure (content/procedure.toml), whether rightly and in order: the one judgement that
// both the score and the state of the procedure (treatment.h) read.

#include "engine/input/pen_sample.h"
#include "training/core/procedure.h"

#include <map>
#include <span>

namespace training {

/// The last time that an event came: its place among the events, and its value.
struct LastDone {
    size_t place;
    std::string value;
};
/// Of each event that came until then.
std::map<std::string, LastDone> last_of_each(std::span<const input::ProcedureEvent> events, uint32_t until_us);

struct ItemState {
    const ProcedureItem* item;
    bool wanted;         ///< false: belongs to a step that this patient does not get
    bool done, right;
    bool in_order;       ///< nothing came later that had to come first
};
std::vector<ItemState> item_states(const std::vector<ProcedureItem>& items, const std::map<std::string, LastDone>& done);

/// Whether a value is one that the item asks for. A figure without a value is wrong where the list asks for one.
bool value_is_right(const ProcedureItem& item, const std::string& value);

struct Checked {
    int64_t wanted = 0, right = 0;
    std::vector<std::string> missing;  ///< names of what is wrong or not there
    std::string critical;              ///< the first reason to fail
};
Checked check_items(const std::vector<ProcedureItem>& items, const std::map<std::string, LastDone>& done);

}  // namespace training
