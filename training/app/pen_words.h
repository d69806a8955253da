#pragma once

// What the buttons of a gamepad do while it leads the pen, and what keys do while they lead it, in words. A gamepad's buttons go by the
// names that are printed on it. Nothing is drawn here.

#include "training/app/strings.h"

#include <string>
#include <string_view>
#include <vector>

namespace app {

/// What there is to do with the pen.
struct PenTask {
    bool visit = false;  ///< with end points, and steps to go back to
    bool aided = true;   ///< figures, overlays and settings are at hand
    bool motor = true;   ///< of the device: depth and rate can be set
    bool column = false;  ///< all stands in one that scrolls
    bool paused = false;  ///< the clock stands still
};

/// The name of a button ("south", "right_trigger", "cross_left"…), as the makers of such a pad print it: by what GLFW calls it, of
/// Sony's (by generation: Select and Start, Share and Options, Create and Options), of Nintendo's, and else as on an Xbox's. A button is
/// known by its place, as GLFW's mappings are (SDL's for Linux, in 3.3.8): Nintendo prints B on the lower one. Those that map by the
/// letter are told apart by name. What has no letter printed but a sign goes by its maker's word for it.
std::string pad_button(const Words& words, std::string_view pad, std::string_view id);

struct LegendRow {
    std::string by, does;
};
enum class PadLegend : uint8_t { pen, tools, menu };  ///< tools: while the left trigger is pulled
std::vector<LegendRow> pad_legend(const Words& words, std::string_view pad, PadLegend part, const PenTask& task);
std::vector<LegendRow> keys_legend(const Words& words, const PenTask& task);

}  // namespace app
