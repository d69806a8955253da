#pragma once

// The colours of the window, and the marks of verdicts. Meaning is never told by colour alone: each verdict has a shape of its own.
// The four verdicts' colours (blue, amber, vermilion after Okabe & Ito 2008, and pink) are at least 20 apart in CIE L*a*b* to eyes
// of every common kind, and 3:1 and more from what they stand on (tests/unit/app_palette.cpp measures both); in grey it is the
// shapes that tell.

#include <imgui.h>

#include <cstdint>

namespace app {

enum class Mark : uint8_t { target, warning, beyond, critical, open, none };
ImU32 mark_colour(Mark mark);
/// Tick, triangle, cross, filled octagon, ring (still open), dash: told apart without colour. `size` is the
/// diameter.
void draw_mark(ImDrawList& draw, ImVec2 centre, float size, Mark mark);

namespace colour {
inline constexpr ImU32 kText = IM_COL32(236, 238, 240, 255);
inline constexpr ImU32 kSoft = IM_COL32(160, 167, 176, 255);
inline constexpr ImU32 kFaint = IM_COL32(142, 150, 160, 255);
inline constexpr ImU32 kPanel = IM_COL32(20, 23, 27, 240);
inline constexpr ImU32 kCard = IM_COL32(35, 40, 47, 255);
inline constexpr ImU32 kTrack = IM_COL32(52, 58, 67, 255);
inline constexpr ImU32 kBlue = IM_COL32(94, 180, 236, 255);
inline constexpr ImU32 kAmber = IM_COL32(240, 178, 52, 255);
inline constexpr ImU32 kVermilion = IM_COL32(236, 92, 56, 255);
inline constexpr ImU32 kCritical = IM_COL32(248, 114, 160, 255);
}  // namespace colour

}  // namespace app
