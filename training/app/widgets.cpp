#include "training/app/widgets.h"

#include <algorithm>
#include <cmath>

namespace app {

namespace {

ImVec2 operator+(ImVec2 a, ImVec2 b) {
    return {a.x + b.x, a.y + b.y};
}

Mark mark_of(const BandScale& scale, const Reading& reading) {
    if (!reading.value) return Mark::none;
    return reading.settled ? scale.judge(*reading.value) : Mark::open;
}

ImVec4 vec4(ImU32 colour) {
    return ImGui::ColorConvertU32ToFloat4(colour);
}

void set_colours(ImGuiStyle& look) {
    look.Colors[ImGuiCol_Text] = vec4(colour::kText);
    look.Colors[ImGuiCol_TextDisabled] = vec4(colour::kFaint);
    look.Colors[ImGuiCol_WindowBg] = vec4(colour::kPanel);
    look.Colors[ImGuiCol_ChildBg] = {0, 0, 0, 0};
    look.Colors[ImGuiCol_PopupBg] = {0.09f, 0.10f, 0.12f, 0.97f};
    look.Colors[ImGuiCol_Border] = {1, 1, 1, 0.10f};
    look.Colors[ImGuiCol_Button] = {0.22f, 0.25f, 0.29f, 1};
    look.Colors[ImGuiCol_ButtonHovered] = {0.28f, 0.32f, 0.37f, 1};
    look.Colors[ImGuiCol_ButtonActive] = {0.18f, 0.21f, 0.25f, 1};
    look.Colors[ImGuiCol_ScrollbarBg] = {0, 0, 0, 0};
    look.Colors[ImGuiCol_ScrollbarGrab] = {1, 1, 1, 0.18f};
    look.Colors[ImGuiCol_ScrollbarGrabHovered] = {1, 1, 1, 0.28f};
    look.Colors[ImGuiCol_ScrollbarGrabActive] = {1, 1, 1, 0.35f};
    look.Colors[ImGuiCol_NavHighlight] = vec4(colour::kBlue);
    look.Colors[ImGuiCol_Header] = {1, 1, 1, 0.08f};
    look.Colors[ImGuiCol_HeaderHovered] = {1, 1, 1, 0.11f};
    look.Colors[ImGuiCol_HeaderActive] = {1, 1, 1, 0.16f};
}

}  // namespace

Style make_style(const render::Window& window) {
    ImGuiStyle look;
    ImGui::StyleColorsDark(&look);
    look.WindowRounding = look.ChildRounding = look.PopupRounding = 10;
    look.FrameRounding = 8;
    look.WindowBorderSize = look.FrameBorderSize = 0;
    look.WindowPadding = {16, 14};
    look.FramePadding = {12, 8};
    look.ItemSpacing = {10, 8};
    look.ScrollbarSize = 10;
    look.ScrollbarRounding = 5;
    set_colours(look);
    look.ScaleAllSizes(static_cast<float>(window.scale()));
    ImGui::GetStyle() = look;
    // Arrows and Space steer the pen and the session; each screen reads its own keys.
    ImGui::GetIO().ConfigFlags &= ~ImGuiConfigFlags_NavEnableKeyboard;

    Style style;
    style.unit = static_cast<float>(window.scale());
    style.body = window.font(render::Font::body);
    style.strong = window.font(render::Font::strong);
    style.title = window.font(render::Font::title);
    style.display = window.font(render::Font::display);
    return style;
}

ImU32 mark_colour(Mark mark) {
    switch (mark) {
        case Mark::target:
            return colour::kBlue;
        case Mark::warning:
            return colour::kAmber;
        case Mark::beyond:
            return colour::kVermilion;
        case Mark::critical:
            return colour::kCritical;
        case Mark::open:
            return colour::kSoft;
        case Mark::none:
            break;
    }
    return colour::kFaint;
}

void draw_mark(ImDrawList& draw, ImVec2 c, float size, Mark mark) {
    const float r = size * 0.5f;
    const float line = std::max(1.5f, size * 0.16f);
    const ImU32 shade = mark_colour(mark);
    switch (mark) {
        case Mark::target: {
            const ImVec2 tick[] = {
                {c.x - r * 0.8f, c.y}, {c.x - r * 0.2f, c.y + r * 0.62f}, {c.x + r * 0.85f, c.y - r * 0.65f}};
            draw.AddPolyline(tick, 3, shade, 0, line);
            break;
        }
        case Mark::warning:
            draw.AddTriangleFilled({c.x, c.y - r * 0.95f}, {c.x + r, c.y + r * 0.8f},
                                   {c.x - r, c.y + r * 0.8f}, shade);
            draw.AddLine({c.x, c.y - r * 0.3f}, {c.x, c.y + r * 0.25f}, IM_COL32(20, 20, 20, 255), line);
            draw.AddCircleFilled({c.x, c.y + r * 0.55f}, line * 0.55f, IM_COL32(20, 20, 20, 255));
            break;
        case Mark::beyond:
            draw.AddLine({c.x - r * 0.7f, c.y - r * 0.7f}, {c.x + r * 0.7f, c.y + r * 0.7f}, shade,
                         line * 1.2f);
            draw.AddLine({c.x - r * 0.7f, c.y + r * 0.7f}, {c.x + r * 0.7f, c.y - r * 0.7f}, shade,
                         line * 1.2f);
            break;
        case Mark::critical:
            draw.AddNgonFilled(c, r, shade, 8);
            draw.AddLine({c.x, c.y - r * 0.55f}, {c.x, c.y + r * 0.1f}, IM_COL32(20, 20, 20, 255), line);
            draw.AddCircleFilled({c.x, c.y + r * 0.5f}, line * 0.6f, IM_COL32(20, 20, 20, 255));
            break;
        case Mark::open:
            draw.AddCircle(c, r * 0.7f, shade, 0, line);
            break;
        case Mark::none:
            draw.AddLine({c.x - r * 0.6f, c.y}, {c.x + r * 0.6f, c.y}, shade, line);
            break;
    }
}

Mark BandScale::judge(double value) const {
    if ((critical_low && value < *critical_low) || (critical_high && value > *critical_high))
        return Mark::critical;
    if (value >= target_low && value <= target_high) return Mark::target;
    if (value >= warn_low && value <= warn_high) return Mark::warning;
    return Mark::beyond;
}

void draw_band(ImDrawList& draw, ImVec2 from, ImVec2 to, const BandScale& scale, const Reading& reading,
               const Style& style) {
    const auto x_of = [&](double v) {
        const double share = std::clamp((v - scale.low) / (scale.high - scale.low), 0.0, 1.0);
        return from.x + static_cast<float>(share) * (to.x - from.x);
    };
    const float middle = (from.y + to.y) * 0.5f;
    const float half = (to.y - from.y) * 0.5f;
    const float round = half * 0.5f;
    const ImVec2 low{from.x, middle - half * 0.5f}, high{to.x, middle + half * 0.5f};
    draw.AddRectFilled(low, high, colour::kTrack, round);
    // Tolerated values are hatched with the amber's quiet tone, the target is solid blue.
    const auto stretch = [&](double a, double b, ImU32 shade) {
        const float left = x_of(a), right = x_of(b);
        if (right > left) draw.AddRectFilled({left, low.y}, {right, high.y}, shade, round);
    };
    stretch(std::max(scale.warn_low, scale.low), std::min(scale.warn_high, scale.high),
            IM_COL32(240, 178, 52, 70));
    stretch(std::max(scale.target_low, scale.low), std::min(scale.target_high, scale.high),
            IM_COL32(66, 132, 180, 255));
    if (reading.wished) {
        const float x = x_of(*reading.wished);
        const float size = style.px(4);
        draw.AddTriangle({x, high.y + style.px(1)}, {x + size, high.y + size * 2},
                         {x - size, high.y + size * 2}, colour::kText, style.px(1.3));
    }
    if (!reading.value) return;
    const float x = x_of(*reading.value);
    draw.AddRectFilled({x - style.px(3.5), from.y - style.px(1)}, {x + style.px(3.5), to.y + style.px(1)},
                       IM_COL32(14, 16, 19, 255), style.px(2.5));
    draw.AddRectFilled({x - style.px(2), from.y}, {x + style.px(2), to.y},
                       mark_colour(mark_of(scale, reading)), style.px(2));
}

void band_row(const Style& style, const std::string& name, const std::string& shown, const BandScale& scale,
              const Reading& reading) {
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float line = style.body->FontSize;
    const float mark = line * 0.72f;
    draw.AddText(style.body, line, at, colour::kSoft, name.c_str());
    const ImVec2 size = text_size(style.body, shown);
    draw.AddText(style.body, line, {at.x + width - mark - style.px(8) - size.x, at.y}, colour::kText,
                 shown.c_str());
    draw_mark(draw, {at.x + width - mark * 0.5f, at.y + line * 0.5f}, mark, mark_of(scale, reading));
    const float top = at.y + line + style.px(4);
    draw_band(draw, {at.x, top}, {at.x + width, top + style.px(12)}, scale, reading, style);
    ImGui::Dummy({width, line + style.px(reading.wished ? 22 : 18)});
}

bool button(const Style& style, const std::string& label, ImVec2 size, bool primary, bool enabled) {
    ImGui::PushFont(primary ? style.strong : style.body);
    if (primary) {
        ImGui::PushStyleColor(ImGuiCol_Button, IM_COL32(54, 128, 184, 255));
        ImGui::PushStyleColor(ImGuiCol_ButtonHovered, IM_COL32(68, 146, 204, 255));
        ImGui::PushStyleColor(ImGuiCol_ButtonActive, IM_COL32(44, 110, 162, 255));
    }
    ImGui::BeginDisabled(!enabled);
    const bool pressed = ImGui::Button(label.c_str(), size);
    ImGui::EndDisabled();
    if (primary) ImGui::PopStyleColor(3);
    ImGui::PopFont();
    return pressed;
}

int stepper(const Style& style, const char* id, const std::string& name, const std::string& shown,
            bool can_less, bool can_more) {
    ImGui::PushID(id);
    const float height = style.px(32);
    const float width = ImGui::GetContentRegionAvail().x;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const float baseline = at.y + (height - style.body->FontSize) * 0.5f;
    draw.AddText(style.body, style.body->FontSize, {at.x, baseline}, colour::kSoft, name.c_str());
    const float value_width = style.px(92);
    const float left = at.x + width - 2 * height - value_width;
    int answer = 0;
    ImGui::SetCursorScreenPos({left, at.y});
    if (button(style, "\u2212", {height, height}, false, can_less)) answer = -1;
    const ImVec2 size = text_size(style.body, shown);
    draw.AddText(style.body, style.body->FontSize, {left + height + (value_width - size.x) * 0.5f, baseline},
                 colour::kText, shown.c_str());
    ImGui::SetCursorScreenPos({left + height + value_width, at.y});
    if (button(style, "+", {height, height}, false, can_more)) answer = +1;
    ImGui::PopID();
    return answer;
}

void text(ImFont* font, ImU32 shade, const std::string& words, float wrap) {
    ImGui::PushFont(font);
    ImGui::PushStyleColor(ImGuiCol_Text, shade);
    if (wrap > 0) ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + wrap);
    ImGui::TextUnformatted(words.c_str());
    if (wrap > 0) ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

ImVec2 text_size(ImFont* font, const std::string& words, float wrap) {
    return font->CalcTextSizeA(font->FontSize, 1e9f, wrap, words.c_str());
}

std::string fit(ImFont* font, const std::string& words, float width) {
    if (text_size(font, words).x <= width) return words;
    std::string cut = words;
    while (!cut.empty()) {
        // Whole UTF-8 letters only.
        while (!cut.empty() && (static_cast<unsigned char>(cut.back()) & 0xc0) == 0x80) cut.pop_back();
        if (!cut.empty()) cut.pop_back();
        if (text_size(font, cut + "\u2026").x <= width) break;
    }
    return cut + "\u2026";
}

void begin_panel(const char* id, ImVec2 at, ImVec2 size, const Style&, ImU32 back) {
    ImGui::SetNextWindowPos(at);
    ImGui::SetNextWindowSize(size);
    ImGui::PushStyleColor(ImGuiCol_WindowBg, back);
    ImGui::Begin(id, nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse);
}

void end_panel() {
    ImGui::End();
    ImGui::PopStyleColor();
}

float draw_legend(ImDrawList& draw, ImVec2 at, float width, render::Overlay overlay, const Words& words,
                  const Style& style) {
    const render::LegendRange range = render::legend_range(overlay);
    const float line = style.body->FontSize;
    const std::string name = words.name("overlay", render::overlay_name(overlay));
    draw.AddText(style.body, line, at, colour::kText, name.c_str());
    const std::string unit = words.name("unit", range.unit);
    const ImVec2 unit_size = text_size(style.body, unit);
    draw.AddText(style.body, line, {at.x + width - unit_size.x, at.y}, colour::kSoft, unit.c_str());

    const float top = at.y + line + style.px(6), bottom = top + style.px(12);
    constexpr int kPieces = 48;
    const auto shade = [&](float v) {
        const glm::vec3 c = render::overlay_colour(overlay, v);
        return ImGui::ColorConvertFloat4ToU32({c.r, c.g, c.b, 1});
    };
    for (int i = 0; i < kPieces; ++i) {
        const float a = static_cast<float>(i) / kPieces, b = static_cast<float>(i + 1) / kPieces;
        draw.AddRectFilledMultiColor({at.x + a * width, top}, {at.x + b * width, bottom}, shade(a), shade(b),
                                     shade(b), shade(a));
    }
    for (int i = 0; i <= 2; ++i) {
        const double value = range.low + (range.high - range.low) * i / 2;
        const std::string number =
            range.high >= 20 ? fmt::format("{:.0f}", value) : fmt::format("{:.2g}", value);
        const ImVec2 size = text_size(style.body, number);
        const float x =
            std::clamp(at.x + width * static_cast<float>(i) / 2 - size.x * 0.5f, at.x, at.x + width - size.x);
        draw.AddText(style.body, line, {x, bottom + style.px(3)}, colour::kSoft, number.c_str());
    }
    return bottom + style.px(3) + line - at.y;
}

void draw_notice(const Style& style, const std::string& sentence, float left, float right) {
    ImDrawList& draw = *ImGui::GetForegroundDrawList();
    const float width = std::min(right - left - style.px(24), style.px(820));
    const float wrap = width - style.px(60);
    const ImVec2 size = text_size(style.body, sentence, wrap);
    const ImVec2 at{(left + right - width) * 0.5f, style.px(12)};
    const ImVec2 end = at + ImVec2{width, size.y + style.px(20)};
    draw.AddRectFilled(at, end, IM_COL32(64, 44, 14, 245), style.px(8));
    draw_mark(draw, {at.x + style.px(24), (at.y + end.y) * 0.5f}, style.px(18), Mark::warning);
    draw.AddText(style.body, style.body->FontSize, at + ImVec2{style.px(44), style.px(10)}, colour::kText,
                 sentence.c_str(), nullptr, wrap);
}

std::string clock_text(double seconds) {
    const int whole = static_cast<int>(seconds);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace app
