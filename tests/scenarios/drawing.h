#pragma once

// What is drawn with Dear ImGui, without a window: its triangles painted on a picture as the ui layer paints them (edges smoothed,
// blended in sRGB), so that marks can be looked at as pixels, over any ground.

#include "engine/base/png.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace scenario {

/// A frame of Dear ImGui from here to the end of its life; one at a time.
class Drawing {
  public:
    Drawing(uint32_t width, uint32_t height) {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
        ImGui::GetStyle().AntiAliasedLinesUseTex = false;  // edges of triangles alone: there is no texture to look up
        unsigned char* pixels = nullptr;
        int wide = 0, high = 0;
        io.Fonts->GetTexDataAsRGBA32(&pixels, &wide, &high);
        ImGui::NewFrame();
    }
    ~Drawing() {
        ImGui::EndFrame();
        ImGui::DestroyContext();
    }
    Drawing(const Drawing&) = delete;

    ImDrawList& list() const { return *ImGui::GetForegroundDrawList(); }

    /// Forgets what was drawn: a list holds 65,536 corners.
    void clear() {
        ImGui::EndFrame();
        ImGui::NewFrame();
    }
    /// All that was drawn, over the picture.
    void paint(base::Image& picture) const {
        const ImDrawList& drawn = list();
        for (int i = 0; i + 2 < drawn.IdxBuffer.Size; i += 3) {
            const auto corner = [&](int k) { return drawn.VtxBuffer[drawn.IdxBuffer[i + k]]; };
            paint_triangle(picture, corner(0), corner(1), corner(2));
        }
    }

  private:
    static float side(ImVec2 a, ImVec2 b, ImVec2 p) { return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x); }

    static void paint_triangle(base::Image& picture, const ImDrawVert& a, const ImDrawVert& b, const ImDrawVert& c) {
        const float area = side(a.pos, b.pos, c.pos);
        if (area == 0) return;
        const auto from = [](float v) { return std::max(0, static_cast<int>(std::floor(v))); };
        const auto to = [](float v, uint32_t size) { return std::min(static_cast<int>(size) - 1, static_cast<int>(std::ceil(v))); };
        const auto [left, right] = std::minmax({a.pos.x, b.pos.x, c.pos.x});
        const auto [top, bottom] = std::minmax({a.pos.y, b.pos.y, c.pos.y});
        for (int y = from(top); y <= to(bottom, picture.height); ++y)
            for (int x = from(left); x <= to(right, picture.width); ++x) {
                const ImVec2 p{static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f};
                const float shares[] = {side(b.pos, c.pos, p) / area, side(c.pos, a.pos, p) / area, side(a.pos, b.pos, p) / area};
                if (std::ranges::any_of(shares, [](float s) { return s < 0; })) continue;
                blend(&picture.rgba[4 * (static_cast<size_t>(y) * picture.width + static_cast<size_t>(x))], shares, {a.col, b.col, c.col});
            }
    }

    static void blend(uint8_t* pixel, const float (&shares)[3], const ImU32 (&colours)[3]) {
        float mixed[4] = {};
        for (int k = 0; k < 3; ++k)
            for (int i = 0; i < 4; ++i) mixed[i] += shares[k] * static_cast<float>(colours[k] >> (8 * i) & 255);
        const float alpha = mixed[3] / 255;
        for (int i = 0; i < 3; ++i) pixel[i] = static_cast<uint8_t>(std::lround(mixed[i] * alpha + static_cast<float>(pixel[i]) * (1 - alpha)));
    }
};

}  // namespace scenario
