#pragma once

// The controls that all screens share, over Dear ImGui: type sizes, big buttons, bands.

#include "engine/render/scene_view.h"
#include "engine/render/window.h"
#include "training/app/focus.h"
#include "training/app/marks.h"
#include "training/app/strings.h"

#include <imgui.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace app {

/// Where a window has too little room for panels side by side, as with large texts, they stand below each other in one column
/// that scrolls (begin_column of screens.h). While one is open, panels and lists are parts of it, as tall as what they hold.
struct Column {
    bool open = false;
    bool told = false;            ///< what cannot be done has its place in the layout of this frame
    std::vector<float> began = {};  ///< y of the panels that are open in it
};

/// Sizes and fonts of one window, made anew when its scale changes.
struct Style {
    float unit = 1;  ///< pixels per design pixel: every length on screen is multiplied by this
    ImFont* body = nullptr;
    ImFont* strong = nullptr;
    ImFont* title = nullptr;
    ImFont* display = nullptr;
    FocusRing* focus = nullptr;  ///< what the keyboard goes round among the buttons
    Column* column = nullptr;    ///< none: panels always stand side by side

    float px(double design) const { return static_cast<float>(design) * unit; }
};
/// Takes the window's fonts and sets ImGui's look.
Style make_style(const render::Window& window);

/// A value's place among full, tolerated and bad: in the value's own unit, on an axis from `low` to `high`.
struct BandScale {
    double low = 0, high = 1;
    double warn_low = 0, target_low = 0, target_high = 1, warn_high = 1;
    std::optional<double> critical_low, critical_high;

    Mark judge(double value) const;
};

/// What a band shows.
struct Reading {
    std::optional<double> value;        ///< none: the band stays empty
    bool settled = true;                ///< false: still on its way, shown without a verdict
    std::optional<double> wished = {};  ///< a hollow pointer below the band
};

/// The band alone: track, tolerated and target stretch, marker.
void draw_band(ImDrawList& draw, ImVec2 from, ImVec2 to, const BandScale& scale, const Reading& reading,
               const Style& style);

/// Name on the left and value on the right, or below it where both have no room in a line; `right` pixels stay free behind the
/// value. Over the width of the window's content; returns the height, and moves nothing.
float draw_pair(const Style& style, ImVec2 at, float width, const std::string& name, const std::string& value, float right = 0);

/// Name at the left, in lines of `names` pixels, and beside it the value in as many lines as it needs; in a column below it. Over the
/// width of the window's content.
void fact_row(const Style& style, const std::string& name, const std::string& value, float names);

/// Name on the left, value with its mark on the right, the band below, over the full width of the window's
/// content.
void band_row(const Style& style, const std::string& name, const std::string& shown, const BandScale& scale,
              const Reading& reading);

/// Buttons as large as a finger. `primary` is the one that most people want next. An `id` differs from the
/// words shown. Words that are wider than the button stand in several lines, and it is the taller.
bool button(const Style& style, const std::string& label, ImVec2 size, bool primary = false,
            bool enabled = true);
/// One of several choices, lit while it is `on`.
bool chip(const Style& style, const std::string& label, ImVec2 size, bool on);
/// So many buttons in a row, each so wide.
struct ButtonRows {
    int columns;
    float width;
};
/// All in one row; in a column as many as show their words in one line each.
ButtonRows button_rows(const Style& style, std::span<const std::string> names, float room, float gap);
/// The overlays' chips, `columns` in a row over the width of the window's content; the one clicked, if any.
std::optional<render::Overlay> overlay_chips(const Style& style, const Words& words, render::Overlay now, int columns,
                                             float height);
/// Name, a minus button, the value, a plus button. Returns -1, 0 or +1.
int stepper(const Style& style, const char* id, const std::string& name, const std::string& shown,
            bool can_less, bool can_more);

/// Text in a font, colour and, when `wrap` > 0, in lines of so many pixels (line_breaks.h).
void text(ImFont* font, ImU32 shade, const std::string& words, float wrap = 0);
/// The same at a place of a draw list.
void draw_text(ImDrawList& draw, ImFont* font, ImVec2 at, ImU32 shade, const std::string& words, float wrap = 0);
ImVec2 text_size(ImFont* font, const std::string& words, float wrap = 0);
/// The words cut with an ellipsis so that they fit.
std::string fit(ImFont* font, const std::string& words, float width);
/// The same for words wrapped at `width` into at most so many lines.
std::string fit_lines(ImFont* font, const std::string& words, float width, int lines);

/// Words of a list, in as many lines as they need.
struct RowWords {
    std::string shown;
    float wrap;
    float height;  ///< pixels
};
RowWords row_words(ImFont* font, const std::string& words, float width);
void draw_row_words(ImDrawList& draw, ImFont* font, ImVec2 at, ImU32 shade, const RowWords& row);

/// True between begin_column and end_column.
bool in_column(const Style& style);
/// A fixed, borderless panel; pair with end_panel. `on_top`: over all that are not, and in view when it appears. In a column its
/// place is the next there, and its height what it holds.
void begin_panel(const char* id, ImVec2 at, ImVec2 size, const Style& style, ImU32 back = colour::kPanel,
                 bool on_top = false);
void end_panel(const Style& style);
/// A list that scrolls within its panel; in a column it stands there whole. Pair with end_list.
void begin_list(const Style& style, const char* id, ImVec2 size);
void end_list(const Style& style);
/// What follows is `height` tall and ends at the panel's lower edge, if it is not there yet; in a column it just follows.
void to_foot(const Style& style, float height);

/// Brings the last item into view: its list scrolls, and so does a page that is larger than the window.
void scroll_here(const Style& style);

/// Colour bar of a scene's overlay with the band of `zone`, numbers, unit and the words for its colours, drawn at `at`;
/// returns its height. The words stand in several rows where `width` is small.
float draw_legend(ImDrawList& draw, ImVec2 at, float width, const render::SceneView& scene, uint8_t zone,
                  const Words& words, const Style& style);
float legend_height(const Style& style, const Words& words, float width);

/// One sentence between `left` and `right`, below `top`, with the warning mark; returns where it ends, y.
float draw_notice(const Style& style, const std::string& sentence, float left, float right, float top);

/// Words over the picture between `left` and `right`, ending at `foot`; returns where they begin, y.
float draw_note(const Style& style, const std::string& words, float left, float right, float foot);

/// "3:05" of seconds.
std::string clock_text(double seconds);

}  // namespace app
