#include "training/app/widgets.h"

#include "engine/base/log.h"
#include "training/app/line_breaks.h"

#include <algorithm>
#include <cmath>
#include <sstream>

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

    Style style;
    style.unit = static_cast<float>(window.scale());
    style.body = window.font(render::Font::body);
    style.strong = window.font(render::Font::strong);
    style.title = window.font(render::Font::title);
    style.display = window.font(render::Font::display);
    return style;
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

bool in_column(const Style& style) {
    return style.column && style.column->open;
}

float draw_pair(const Style& style, ImVec2 at, float width, const std::string& name, const std::string& value, float right) {
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const float line = style.body->FontSize, room = width - right, value_width = text_size(style.body, value).x;
    const bool beside = text_size(style.body, name).x + style.px(8) + value_width <= room;
    const float named = beside ? line : text_size(style.body, name, width).y;
    draw_text(draw, style.body, at, colour::kSoft, name, beside ? 0 : width + 1);
    draw.AddText(style.body, line, {at.x + room - value_width, at.y + (beside ? 0 : named)}, colour::kText, value.c_str());
    return beside ? line : named + line;
}

void fact_row(const Style& style, const std::string& name, const std::string& value, float names) {
    const ImVec2 at = ImGui::GetCursorPos();
    const float width = ImGui::GetContentRegionAvail().x, gap = style.px(22);
    text(style.body, colour::kSoft, name, in_column(style) ? width : names);
    if (in_column(style)) return text(style.body, colour::kText, value, width);
    const float below = ImGui::GetCursorPosY();
    ImGui::SetCursorPos({at.x + names + gap, at.y});
    text(style.body, colour::kText, value, width - names - gap);
    ImGui::SetCursorPosY(std::max(below, ImGui::GetCursorPosY()) + style.px(1));
}

void band_row(const Style& style, const std::string& name, const std::string& shown, const BandScale& scale,
              const Reading& reading) {
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float line = style.body->FontSize;
    const float mark = line * 0.72f;
    const float named = draw_pair(style, at, width, name, shown, reading.value ? mark + style.px(8) : 0);
    if (reading.value) draw_mark(draw, {at.x + width - mark * 0.5f, at.y + named - line * 0.5f}, mark, mark_of(scale, reading));
    const float top = at.y + named + style.px(4);
    draw_band(draw, {at.x, top}, {at.x + width, top + style.px(12)}, scale, reading, style);
    ImGui::Dummy({width, named + style.px(reading.wished ? 22 : 18)});
}

/// Words wrapped at `wrap`, each line in the middle of a field.
static void draw_centred_lines(ImFont* font, const std::string& words, ImVec2 at, ImVec2 size, float wrap) {
    const ImU32 shade = ImGui::GetColorU32(ImGuiCol_Text);
    float y = at.y + (size.y - text_size(font, words, wrap).y) * 0.5f;
    std::istringstream lines(in_lines(*font, words, wrap));
    for (std::string line; std::getline(lines, line); y += font->FontSize)
        draw_text(*ImGui::GetWindowDrawList(), font, {at.x + (size.x - text_size(font, line).x) * 0.5f, y}, shade, line);
}

bool button(const Style& style, const std::string& label, ImVec2 size, bool primary, bool enabled) {
    ImGui::PushFont(primary ? style.strong : style.body);
    if (primary) {
        ImGui::PushStyleColor(ImGuiCol_Button, IM_COL32(54, 128, 184, 255));
        ImGui::PushStyleColor(ImGuiCol_ButtonHovered, IM_COL32(68, 146, 204, 255));
        ImGui::PushStyleColor(ImGuiCol_ButtonActive, IM_COL32(44, 110, 162, 255));
    }
    ImFont* font = ImGui::GetFont();
    const std::string shown = label.substr(0, label.find("##"));
    const bool wraps = text_size(font, shown).x > size.x - style.px(2);
    // Read by the tests, which look at all screens in all languages and sizes.
    if (wraps && !in_column(style)) spdlog::trace("no room on a button: {}", shown);
    const float wrap = size.x - style.px(8);
    if (wraps) size.y = std::max(size.y, text_size(font, shown, wrap).y + style.px(8));
    ImGui::BeginDisabled(!enabled);
    if (wraps) ImGui::PushStyleColor(ImGuiCol_Text, 0);
    bool pressed = ImGui::Button(label.c_str(), size);
    if (wraps) {
        ImGui::PopStyleColor();
        draw_centred_lines(font, shown, ImGui::GetItemRectMin(), size, wrap);
    }
    if (enabled && style.focus)
        pressed |= style.focus->control(ImGui::GetID(label.c_str()), ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), style.unit);
    ImGui::EndDisabled();
    if (primary) ImGui::PopStyleColor(3);
    ImGui::PopFont();
    return pressed;
}

bool chip(const Style& style, const std::string& label, ImVec2 size, bool on) {
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {style.px(2), style.px(2)});
    if (on) {
        ImGui::PushStyleColor(ImGuiCol_Button, IM_COL32(46, 112, 164, 255));
        ImGui::PushStyleColor(ImGuiCol_ButtonHovered, IM_COL32(54, 124, 178, 255));
    }
    const bool pressed = button(style, label, size);
    if (on) ImGui::PopStyleColor(2);
    ImGui::PopStyleVar();
    return pressed;
}

ButtonRows button_rows(const Style& style, std::span<const std::string> names, float room, float gap) {
    const auto width_of = [&](size_t columns) {
        const auto count = static_cast<float>(columns);
        return std::floor((room - gap * (count - 1)) / count);
    };
    size_t columns = std::max<size_t>(1, names.size());
    float widest = 0;
    for (const std::string& name : names) widest = std::max(widest, text_size(style.strong, name).x + style.px(12));
    while (in_column(style) && columns > 1 && width_of(columns) < widest) --columns;
    // The rows are filled as evenly as they can be.
    const size_t rows = (names.size() + columns - 1) / std::max<size_t>(1, columns);
    if (rows > 1) columns = (names.size() + rows - 1) / rows;
    return {static_cast<int>(columns), width_of(columns)};
}

std::optional<render::Overlay> overlay_chips(const Style& style, const Words& words, render::Overlay now, int columns,
                                             float height) {
    static constexpr render::Overlay kAll[] = {render::Overlay::none, render::Overlay::coverage,
                                               render::Overlay::evenness, render::Overlay::depth,
                                               render::Overlay::pressure};
    const float gap = style.px(5), room = ImGui::GetContentRegionAvail().x;
    std::vector<std::string> names;
    for (const render::Overlay one : kAll) names.push_back(words.name("overlay_short", render::overlay_name(one)));
    const ButtonRows rows = in_column(style) ? button_rows(style, names, room, gap)
                                             : ButtonRows{columns, (room - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns)};
    std::optional<render::Overlay> clicked;
    for (int i = 0; i < 5; ++i) {
        if (i % rows.columns != 0) ImGui::SameLine(0, gap);
        if (chip(style, names[static_cast<size_t>(i)], {rows.width, height}, kAll[i] == now)) clicked = kAll[i];
    }
    return clicked;
}

int stepper(const Style& style, const char* id, const std::string& name, const std::string& shown,
            bool can_less, bool can_more) {
    ImGui::PushID(id);
    const float height = style.px(32);
    const float width = ImGui::GetContentRegionAvail().x;
    ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const float value_width = style.px(92), controls = 2 * height + value_width;
    if (in_column(style) && text_size(style.body, name).x > width - controls - style.px(6)) {  // above its buttons
        text(style.body, colour::kSoft, name, width);
        at = ImGui::GetCursorScreenPos();
    } else {
        draw.AddText(style.body, style.body->FontSize, {at.x, at.y + (height - style.body->FontSize) * 0.5f}, colour::kSoft, name.c_str());
    }
    const float baseline = at.y + (height - style.body->FontSize) * 0.5f;
    const float left = at.x + width - controls;
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
    ImGui::TextUnformatted(in_lines(*font, words, wrap).c_str());
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

void draw_text(ImDrawList& draw, ImFont* font, ImVec2 at, ImU32 shade, const std::string& words, float wrap) {
    if (wrap > 0) return draw_text(draw, font, at, shade, in_lines(*font, words, wrap));
    draw.AddText(font, font->FontSize, at, shade, words.c_str());
}

ImVec2 text_size(ImFont* font, const std::string& words, float wrap) {
    if (wrap > 0) return text_size(font, in_lines(*font, words, wrap));
    return font->CalcTextSizeA(font->FontSize, 1e9f, 0, words.c_str());
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

std::string fit_lines(ImFont* font, const std::string& words, float width, int lines) {
    const float most = font->FontSize * (static_cast<float>(lines) + 0.5f);
    if (text_size(font, words, width).y <= most) return words;
    std::string cut = words;
    while (!cut.empty() && text_size(font, cut + "\u2026", width).y > most) {
        const size_t blank = cut.find_last_of(' ');
        cut.resize(blank == std::string::npos ? 0 : blank);
    }
    return cut + "\u2026";
}

RowWords row_words(ImFont* font, const std::string& words, float width) {
    return {words, width + 1, std::max(font->FontSize, text_size(font, words, width + 1).y)};
}

void draw_row_words(ImDrawList& draw, ImFont* font, ImVec2 at, ImU32 shade, const RowWords& row) {
    draw_text(draw, font, at, shade, row.shown, row.wrap);
}

namespace {

constexpr float kCardPad = 10, kCardGap = 10;  // design pixels, of a panel in a column

/// Its height is that of the frame before: the card lies under what is still to be laid out.
void begin_card(const char* id, const Style& style, ImU32 back) {
    ImGui::PushID(id);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float pad = style.px(kCardPad), height = ImGui::GetStateStorage()->GetFloat(ImGui::GetID("##height"), 0);
    const ImVec2 end{at.x + ImGui::GetContentRegionAvail().x + pad, at.y + height};
    if (back == colour::kCard) ImGui::GetWindowDrawList()->AddRectFilled({at.x - pad, at.y}, end, back, style.px(10));
    style.column->began.push_back(at.y);
    ImGui::SetCursorScreenPos({at.x, at.y + pad});
}

void end_card(const Style& style) {
    const float pad = style.px(kCardPad), end = ImGui::GetCursorScreenPos().y - ImGui::GetStyle().ItemSpacing.y + pad;
    ImGui::GetStateStorage()->SetFloat(ImGui::GetID("##height"), end - style.column->began.back());
    style.column->began.pop_back();
    ImGui::SetCursorScreenPos({ImGui::GetCursorScreenPos().x, end});
    ImGui::Dummy({0, style.px(kCardGap) - ImGui::GetStyle().ItemSpacing.y});
    ImGui::PopID();
}

}  // namespace

void begin_list(const Style& style, const char* id, ImVec2 size) {
    if (in_column(style))
        ImGui::PushID(id);
    else
        ImGui::BeginChild(id, size, false);
}

void end_list(const Style& style) {
    if (in_column(style))
        ImGui::PopID();
    else
        ImGui::EndChild();
}

void to_foot(const Style& style, float height) {
    if (in_column(style)) return;
    ImGui::SetCursorPosY(std::max(ImGui::GetCursorPosY(), ImGui::GetWindowHeight() - height));
}

void begin_panel(const char* id, ImVec2 at, ImVec2 size, const Style& style, ImU32 back, bool on_top) {
    if (in_column(style)) return begin_card(id, style, back);
    // Not while a button is held: the one under it would take the click away.
    if (on_top && !ImGui::IsAnyItemActive()) ImGui::SetNextWindowFocus();
    ImGui::SetNextWindowPos(at);
    ImGui::SetNextWindowSize(size);
    ImGui::PushStyleColor(ImGuiCol_WindowBg, back);
    ImGui::Begin(id, nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoScrollWithMouse |
                     (on_top ? ImGuiWindowFlags_None : ImGuiWindowFlags_NoBringToFrontOnFocus));
    if (on_top && style.focus && ImGui::IsWindowAppearing()) style.focus->bring(at, at + size);
}

void end_panel(const Style& style) {
    if (in_column(style)) return end_card(style);
    ImGui::End();
    ImGui::PopStyleColor();
}

void scroll_here(const Style& style) {
    ImGui::SetScrollHereY();
    if (style.focus) style.focus->bring(ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
}

namespace {

constexpr float kBarHeight = 14, kSwatch = 12, kWideLegend = 380;  // design pixels

constexpr const char* kLegendWords[] = {"less", "target", "more", "untouched"};

int legend_columns(const Style& style, const Words& words, float width) {
    if (width >= style.px(kWideLegend)) return 4;
    float widest = 0;
    for (const char* word : kLegendWords) widest = std::max(widest, text_size(style.body, words.name("legend", word)).x);
    return widest + style.px(kSwatch + 10) <= width / 2 ? 2 : 1;
}

/// Stripes as the picture draws them where it is too much.
void draw_hatch(ImDrawList& draw, ImVec2 from, ImVec2 to, const Style& style) {
    draw.PushClipRect(from, to, true);
    const float height = to.y - from.y;
    for (float x = from.x - height; x < to.x; x += style.px(7))
        draw.AddLine({x, to.y}, {x + height, from.y}, IM_COL32(0, 0, 0, 110), style.px(1.8));
    draw.PopClipRect();
}

void draw_bar(ImDrawList& draw, ImVec2 from, ImVec2 to, const render::LegendRange& range, const Style& style) {
    constexpr int kPieces = 96;
    const float width = to.x - from.x;
    for (int i = 0; i < kPieces; ++i) {
        const glm::vec3 c = render::overlay_colour(range, (static_cast<float>(i) + 0.5f) / kPieces);
        draw.AddRectFilled({from.x + width * static_cast<float>(i) / kPieces, from.y},
                           {from.x + width * static_cast<float>(i + 1) / kPieces, to.y},
                           ImGui::ColorConvertFloat4ToU32({c.r, c.g, c.b, 1}));
    }
    const auto x_of = [&](double value) {
        return from.x + width * static_cast<float>((value - range.low) / (range.high - range.low));
    };
    draw_hatch(draw, {x_of(range.band.high), from.y}, to, style);
    for (const double edge : {range.band.low, range.band.high})
        draw.AddLine({x_of(edge), from.y}, {x_of(edge), to.y + style.px(3)}, IM_COL32(0, 0, 0, 255), style.px(2));
}

/// The range's ends and the band's, but an end that a number of the band would touch.
void draw_ticks(ImDrawList& draw, ImVec2 at, float width, const render::LegendRange& range, const Style& style) {
    struct Taken {
        float from, to;
    };
    std::vector<Taken> taken;
    for (const double value : {range.band.low, range.band.high, range.high, range.low}) {
        const std::string number = range.high >= 20 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
        const float size = text_size(style.body, number).x;
        const float middle = at.x + width * static_cast<float>((value - range.low) / (range.high - range.low));
        const float x = std::clamp(middle - size * 0.5f, at.x, at.x + width - size);
        if (std::any_of(taken.begin(), taken.end(), [&](const Taken& other) {
                return x < other.to + style.px(5) && x + size > other.from - style.px(5);
            }))
            continue;
        taken.push_back({x, x + size});
        draw.AddText(style.body, style.body->FontSize, {x, at.y}, colour::kText, number.c_str());
    }
}

}  // namespace

float legend_height(const Style& style, const Words& words, float width) {
    const float line = style.body->FontSize;
    const float rows = 4.0f / static_cast<float>(legend_columns(style, words, width));
    return line + style.px(6 + kBarHeight + 4) + line + style.px(5) + rows * (line + style.px(3));
}

float draw_legend(ImDrawList& draw, ImVec2 at, float width, const render::SceneView& scene, uint8_t zone,
                  const Words& words, const Style& style) {
    render::LegendRange range = render::legend_range(scene.overlay, scene.bands);
    if (zone < scene.bands.size()) range.band = scene.bands[zone];
    const float line = style.body->FontSize;
    draw.AddText(style.body, line, at, colour::kText, words.name("overlay", render::overlay_name(scene.overlay)).c_str());
    const std::string unit = words.name("unit", range.unit);
    draw.AddText(style.body, line, {at.x + width - text_size(style.body, unit).x, at.y}, colour::kSoft, unit.c_str());
    const float top = at.y + line + style.px(6), bottom = top + style.px(kBarHeight);
    draw_bar(draw, {at.x, top}, {at.x + width, bottom}, range, style);
    draw_ticks(draw, {at.x, bottom + style.px(4)}, width, range, style);

    const int columns = legend_columns(style, words, width);
    const auto middle_of = [&](double a, double b) {
        const double value = ((a + b) * 0.5 - range.low) / (range.high - range.low);
        const glm::vec3 c = render::overlay_colour(range, static_cast<float>(value));
        return ImGui::ColorConvertFloat4ToU32({c.r, c.g, c.b, 1});
    };
    const ImU32 shades[] = {middle_of(range.low, range.band.low), middle_of(range.band.low, range.band.high),
                            middle_of(range.band.high, range.high), IM_COL32(80, 70, 66, 255)};
    const float first = bottom + style.px(9) + line, size = style.px(kSwatch);
    for (int i = 0; i < 4; ++i) {
        const float x = at.x + width * static_cast<float>(i % columns) / static_cast<float>(columns);
        const float y = first + static_cast<float>(i / columns) * (line + style.px(3));
        const ImVec2 from{x, y + (line - size) * 0.5f}, to{x + size, y + (line + size) * 0.5f};
        draw.AddRectFilled(from, to, shades[i], style.px(2));
        if (i == 2) draw_hatch(draw, from, to, style);
        if (i == 3) draw.AddRect(from, to, colour::kSoft, style.px(2));
        draw.AddText(style.body, line, {x + size + style.px(6), y}, colour::kText, words.name("legend", kLegendWords[i]).c_str());
    }
    return legend_height(style, words, width);
}

float draw_notice(const Style& style, const std::string& sentence, float left, float right, float top) {
    ImDrawList& draw = *ImGui::GetForegroundDrawList();
    const float width = std::min(right - left - style.px(24), style.px(820));
    const float wrap = width - style.px(60);
    const ImVec2 size = text_size(style.body, sentence, wrap);
    const ImVec2 at{(left + right - width) * 0.5f, top + style.px(12)};
    const ImVec2 end = at + ImVec2{width, size.y + style.px(20)};
    draw.AddRectFilled(at, end, IM_COL32(64, 44, 14, 245), style.px(8));
    draw_mark(draw, {at.x + style.px(24), (at.y + end.y) * 0.5f}, style.px(18), Mark::warning);
    draw_text(draw, style.body, at + ImVec2{style.px(44), style.px(10)}, colour::kText, sentence, wrap);
    return end.y;
}

float draw_note(const Style& style, const std::string& words, float left, float right, float foot) {
    // Where there is little room the words take all of it and leave the picture as much as they can.
    const bool tight = text_size(style.body, words).x + style.px(52) > right - left;
    const ImVec2 pad{style.px(tight ? 9 : 18), style.px(tight ? 6 : 10)};
    const float width = std::min(text_size(style.body, words).x + 2 * pad.x, right - left - style.px(tight ? 4 : 16)), wrap = width - 2 * pad.x;
    const float height = text_size(style.body, words, wrap + 1).y + 2 * pad.y;
    const ImVec2 at{(left + right - width) * 0.5f, foot - height};
    ImDrawList& draw = *ImGui::GetBackgroundDrawList();
    draw.AddRectFilled(at, {at.x + width, at.y + height}, colour::kPanel, style.px(10));
    draw_text(draw, style.body, at + pad, colour::kText, words, wrap + 1);
    return at.y;
}

std::string clock_text(double seconds) {
    const int whole = static_cast<int>(seconds);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace app
