#pragma once

// Where lines of words end on the screen. Dear ImGui's own breaker ends a line behind every . , ; ! ? and " too: within "1.5 mm",
// and before the blank that holds a French mark to the word before it.

#include <imgui.h>

#include <string>

namespace app {

/// The words in lines of at most `width` pixels: a line ends at blanks, which a line feed takes the place of, and at line feeds. What
/// U+00A0 holds together stays in one line; only what has no room in a line of its own is cut, between letters. As they are where
/// `width` is not above 0.
std::string in_lines(const ImFont& font, const std::string& words, float width);

}  // namespace app
