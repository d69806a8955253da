#pragma once

// The areas of the program, reached from each other's heading: patients to practise on, and beside them what leads there and
// what was learned. An area is one line of the table in areas.cpp.

#include "training/app/screens.h"

namespace app {

/// Where a list of cards stands, px: on a wide or tall window in its middle instead of being stretched.
struct CardBlock {
    float left, inner;  ///< where it begins and how wide it is
    float top, foot;    ///< of its heading; where the line below it begins
};
CardBlock card_block(const Desk& desk);

struct Heading {
    float below;                                       ///< y where the screen's own content begins
    std::unique_ptr<Screen> (*opens)(Desk&) = nullptr;  ///< the area whose chip was clicked or whose key went down; null to stay

    /// The screen of that area, made now; null to stay.
    std::unique_ptr<Screen> next(Desk& desk) const;
};
/// What is wrong with the content and what cannot be done, each in a place of its own; below them title and subtitle of area `now` ("patients"), a chip for each area, `now` lit, and one for the settings. `left` and
/// `inner`: where the content begins and how wide it is, px; in a column they say nothing.
Heading draw_heading(Desk& desk, std::string_view now, float left, float inner, float y);

}  // namespace app
