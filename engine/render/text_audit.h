#pragma once

// Whether words on screen can be read, told from what is about to be drawn: letters that an edge cuts where nothing scrolls,
// letters over letters, letters under something that was filled later, words that end in an ellipsis and stand nowhere in full.
// For tests, which look at every screen in every language and size; a frame takes some milliseconds.

#include <imgui.h>

#include <string>
#include <vector>

namespace render {

struct TextFault {
    enum class Kind : uint8_t { cut, overlapping, covered, shortened } kind;
    std::string window;      ///< ImGui's name of what the letters are drawn in
    ImVec2 at;               ///< pixels, of the first such letter there
    int letters = 1;         ///< in this window, of this kind
    std::string words = {};  ///< the lines that are shortened, without blanks, one after the other
};

/// Of the frame that ImGui::Render has just ended, one entry for each window and kind. Pictures (texture ids other than the
/// font's) and what lies under an opaque window are left out. No words of ours have an ellipsis (a test of the locales checks),
/// so one on screen is a shortening; it is no fault where the same line's words stand elsewhere on the screen and go on.
std::vector<TextFault> text_faults(const ImDrawData& data);

const char* fault_name(TextFault::Kind kind);

}  // namespace render
