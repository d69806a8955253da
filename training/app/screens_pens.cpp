// The page of the pens: which there are, what they tell at this moment, and how they answer to the hand.

#include "training/app/screens.h"

#include "engine/base/log.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <glm/common.hpp>

namespace app {

namespace {

constexpr float kPlot = 84, kLine = 2;  // design pixels
constexpr uint16_t kPort = 9000;        // as delivered, where none was chosen before

void heading(const Style& style, const std::string& name, const std::string& state) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, named = text_size(style.strong, name).x + style.px(12);
    text(style.strong, colour::kText, name, in_column(style) ? width : 0);
    if (in_column(style)) return text(style.body, colour::kSoft, state, width);
    const std::string shown = fit(style.body, state, width - named);
    ImGui::GetWindowDrawList()->AddText(
        style.body, style.body->FontSize,
        {at.x + width - text_size(style.body, shown).x, at.y + style.strong->FontSize - style.body->FontSize}, colour::kSoft,
        shown.c_str());
}

/// A stepper over a number, kept within its range in whole steps.
void step(const Style& style, const char* id, const std::string& name, const std::string& shown, double& value, double by,
          double low, double high) {
    const int wish = stepper(style, id, name, shown, value > low + by / 2, value < high - by / 2);
    if (wish != 0) value = std::clamp(std::round(value / by + wish) * by, low, high);
}

std::string percent(const Words& words, double share) {
    return words("value.percent", fmt::arg("value", fmt::format("{:.0f}", share * 100)));
}
std::string newtons(const Words& words, double force) {
    return words("value.force", fmt::arg("value", fmt::format("{:.2f}", force)));
}

/// The room for a drawing over the width of the content; returns its upper left corner and size.
std::pair<ImVec2, ImVec2> room_for_drawing(const Style& style) {
    const ImVec2 at = ImGui::GetCursorScreenPos(), size{ImGui::GetContentRegionAvail().x, style.px(kPlot)};
    ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + size.x, at.y + size.y}, colour::kCard, style.px(6));
    ImGui::Dummy(size);
    return {at, size};
}

/// What the stylus tells at this moment: force by the curve, and how it leans.
std::array<std::string, 2> told_by(const Desk& desk, const input::PressureCurve& curve, const std::optional<render::PenTouch>& now) {
    const Words& words = desk.words;
    const auto there = desk.window.styluses();
    const std::string force = now ? newtons(words, input::force_of(curve, now->pressure)) : words("value.none");
    if (there.empty()) return {force, {}};
    if (!there.front().tilt) return {force, words("pens.tilt_not_offered")};
    const auto degrees = [&](double lean) { return words("value.degrees", fmt::arg("value", fmt::format("{:+.0f}", lean))); };
    if (!now || !now->tilt) return {force, words("pens.tilt", fmt::arg("x", words("value.none")), fmt::arg("y", words("value.none")))};
    return {force, words("pens.tilt", fmt::arg("x", degrees(now->tilt->x)), fmt::arg("y", degrees(now->tilt->y)))};
}

/// Force over pressure, and where the pen is on it now.
void draw_curve(Desk& desk, const input::PressureCurve& curve, const std::optional<render::PenTouch>& now) {
    const Style& style = desk.style;
    const auto [at, size] = room_for_drawing(style);
    const float edge = style.px(10);
    const auto place = [&, at = at, size = size](double share) {
        return ImVec2{at.x + edge + (size.x - 2 * edge) * static_cast<float>(share),
                      at.y + size.y - edge - (size.y - 2 * edge) * static_cast<float>(input::force_of(curve, share) / curve.full_force)};
    };
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    std::vector<ImVec2> line;
    for (int i = 0; i <= 50; ++i) line.push_back(place(i / 50.0));
    draw.AddPolyline(line.data(), static_cast<int>(line.size()), colour::kSoft, ImDrawFlags_None, style.px(kLine));
    const auto [force, tilt] = told_by(desk, curve, now);
    draw.AddText(style.body, style.body->FontSize, {at.x + edge, at.y + edge}, colour::kText, force.c_str());
    draw.AddText(style.body, style.body->FontSize, {at.x + edge, at.y + edge + style.body->FontSize + style.px(2)}, colour::kSoft, tilt.c_str());
    spdlog::trace("stylus shows {}, {}", force, tilt);
    if (!now) return;
    draw.AddCircleFilled(place(now->pressure), style.px(6), IM_COL32(10, 12, 14, 255));
    draw.AddCircleFilled(place(now->pressure), style.px(4.5), colour::kBlue);
}

void draw_stylus(Desk& desk) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    PenSettings& pens = desk.settings.pens;
    const auto there = desk.window.styluses();
    heading(style, words("pens.stylus"), there.empty() ? words("pens.not_there") : there.front().name);
    draw_curve(desk, pens.stylus, desk.pens.stylus());
    step(style, "##dead", words("pens.rests_below"), percent(words, pens.stylus.dead_zone), pens.stylus.dead_zone, 0.01, 0, 0.5);
    step(style, "##full", words("pens.full_pressure"), newtons(words, pens.stylus.full_force), pens.stylus.full_force, 0.25, 0.5, 6);
    step(style, "##bend", words("pens.curve"), pens.stylus.bend == 0 ? "0" : fmt::format("{:+.1f}", pens.stylus.bend), pens.stylus.bend, 0.1, -1, 1);
    const bool tells = !there.empty() && there.front().tilt;
    const char* lean = !there.empty() && !tells ? "pens.tells_no_tilt" : pens.stylus_tilt ? "pens.leans" : "pens.stays_upright";
    if (chip(style, words(lean), {ImGui::GetContentRegionAvail().x, style.px(30)}, pens.stylus_tilt && (tells || there.empty())))
        pens.stylus_tilt = !pens.stylus_tilt;
}

void draw_stick(const Style& style, ImVec2 middle, float radius, glm::dvec2 stick, double dead_zone) {
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddCircle(middle, radius, colour::kSoft, 0, style.px(1.5));
    draw.AddCircleFilled(middle, radius * static_cast<float>(dead_zone), IM_COL32(84, 92, 102, 255));
    const ImVec2 at{middle.x + radius * static_cast<float>(stick.x), middle.y + radius * static_cast<float>(stick.y)};
    draw.AddCircleFilled(at, style.px(5), colour::kBlue);
}

void draw_gamepad(Desk& desk) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    input::GamepadFigures& figures = desk.settings.pens.gamepad;
    const auto& pad = desk.pens.gamepad();
    heading(style, words("pens.gamepad"), pad ? desk.window.gamepad_name() : words("pens.not_there"));
    const auto [at, size] = room_for_drawing(style);
    const input::GamepadState state = pad.value_or(input::GamepadState{});
    const float radius = std::min(size.y * 0.38f, size.x * 0.1f), y = at.y + size.y * 0.5f;
    draw_stick(style, {at.x + style.px(12) + radius, y}, radius, state.left, figures.dead_zone);
    draw_stick(style, {at.x + style.px(28) + 3 * radius, y}, radius, state.right, figures.dead_zone);
    const ImVec2 from{at.x + style.px(48) + 4 * radius, y + style.px(4)}, to{at.x + size.x - style.px(12), y + style.px(12)};
    const double pulled = std::clamp((state.right_trigger + 1) / 2, 0.0, 1.0);
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddText(style.body, style.body->FontSize, {from.x, from.y - style.body->FontSize - style.px(4)}, colour::kSoft,
                 words("pens.trigger").c_str());
    draw.AddRectFilled(from, to, colour::kTrack, style.px(4));
    if (pulled > 0)
        draw.AddRectFilled(from, {from.x + (to.x - from.x) * static_cast<float>(pulled), to.y}, colour::kBlue, style.px(4));
    step(style, "##dead", words("pens.dead_zone"), percent(words, figures.dead_zone), figures.dead_zone, 0.01, 0, 0.5);
    step(style, "##full", words("pens.full_trigger"), newtons(words, figures.trigger.full_force), figures.trigger.full_force, 0.25, 0.5, 6);
    step(style, "##speed", words("pens.speed"), percent(words, figures.speed), figures.speed, 0.05, 0.05, 2);
    text(style.body, colour::kSoft, words("pens.gamepad_does"), ImGui::GetContentRegionAvail().x);
}

/// What has come in, or why nothing does.
std::string heard(Desk& desk) {
    const Words& words = desk.words;
    const input::OscReceiver* receiver = desk.pens.receiver();
    if (!receiver) return words("pens.tracked_off");
    const input::OscCounts& counts = receiver->counts();
    return words("pens.heard", fmt::arg("port", receiver->port()), fmt::arg("poses", counts.poses),
                 fmt::arg("refused", counts.refused));
}

void draw_calibration(Desk& desk) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    PenSettings& settings = desk.settings.pens;
    const Pens::Touches& touches = desk.pens.touches();
    const auto& known = desk.pens.known;
    const bool can = known && desk.pens.receiver();
    const float gap = style.px(6);
    static constexpr const char* kUnknown[] = {"first", "second", "third"};
    std::vector<std::string> labels;
    for (size_t i = 0; i < 3; ++i) {
        const std::string name = words.name("calibration", known ? (*known)[i].key : kUnknown[i]);
        labels.push_back(touches.taking == i ? words("pens.hold_still") : fmt::format("{}. {}", i + 1, name));
    }
    const ButtonRows rows = button_rows(style, labels, ImGui::GetContentRegionAvail().x, gap);
    for (size_t i = 0; i < 3; ++i) {
        if (i % static_cast<size_t>(rows.columns) != 0) ImGui::SameLine(0, gap);
        // Under one id whatever it says, so that the focus stays.
        if (chip(style, fmt::format("{}###point{}", labels[i], i), {rows.width, style.px(32)}, touches.taking == i || touches.points[i].has_value()) && can)
            desk.pens.touch(i, desk.window.events_read_at());
    }
    if (const auto done = desk.pens.calibrated()) {
        if (*done) {
            settings.head_from_tracker = (*done)->head_from_tracker;
            settings.residual_mm = (*done)->residual * 1e3;
            spdlog::info("calibrated, residual {:.2f} mm", *settings.residual_mm);
        } else {
            desk.refuse(done->error());
        }
    }
    std::string said = settings.residual_mm
                           ? words("pens.calibrated", fmt::arg("residual", fmt::format("{:.1f}", *settings.residual_mm)))
                           : words("pens.not_calibrated");
    if (!can) said += " " + words(known ? "pens.calibrate_listen" : "pens.calibrate_where");
    if (!touches.problem_key.empty()) said = words.name("calibration_failed", touches.problem_key);
    text(style.body, colour::kSoft, said, ImGui::GetContentRegionAvail().x);
    if (!settings.residual_mm) return;
    const std::string forget = words("pens.forget_calibration");
    const float room = ImGui::GetContentRegionAvail().x;
    if (!chip(style, forget, {in_column(style) ? room : std::min(room, text_size(style.body, forget).x + style.px(28)), style.px(30)}, false)) return;
    settings.head_from_tracker = {};
    settings.residual_mm.reset();
    spdlog::info("calibration forgotten");
}

void draw_tracked(Desk& desk) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    input::OscPlace& place = desk.settings.pens.osc;
    heading(style, words("pens.tracked"), heard(desk));
    const float gap = style.px(6);
    const std::string names[] = {words("pens.off"), words("pens.this_computer"), words("pens.all_networks")};
    const ButtonRows rows = button_rows(style, names, ImGui::GetContentRegionAvail().x, gap);
    // What the command line asks for goes before what is chosen here.
    const input::OscPlace now = desk.options.osc.port != 0 ? desk.options.osc : place;
    const bool near = now.address == "127.0.0.1";
    int number = 0;
    const auto choose = [&](const char* key, bool on, uint16_t port, const char* address) {
        if (number++ % rows.columns != 0) ImGui::SameLine(0, gap);
        if (chip(style, words(key), {rows.width, style.px(32)}, on)) place = {address, port};
    };
    const uint16_t port = place.port == 0 ? kPort : place.port;
    choose("pens.off", now.port == 0, 0, "127.0.0.1");
    choose("pens.this_computer", now.port != 0 && near, port, "127.0.0.1");
    choose("pens.all_networks", now.port != 0 && !near, port, "0.0.0.0");
    draw_calibration(desk);
    const auto& last = desk.pens.last_tracked();
    if (!last || !desk.pens.receiver()) return;
    const glm::dvec3 tip = glm::round(1e3 * desk.settings.pens.head_from_tracker.point(last->tip)) + 0.0;  // nothing is minus zero
    text(style.body, colour::kText,
         words("pens.tip_at", fmt::arg("x", fmt::format("{:.0f}", tip.x)), fmt::arg("y", fmt::format("{:.0f}", tip.y)),
               fmt::arg("z", fmt::format("{:.0f}", tip.z)),
               fmt::arg("force", last->force ? newtons(words, *last->force) : words("value.none"))));
}

}  // namespace

/// A part beside another, whose words may go on below.
static void draw_beside(Desk& desk, const char* id, ImVec2 size, void (*draw)(Desk&)) {
    ImGui::BeginChild(id, size, false);
    draw(desk);
    scroll_with_keys(desk, id, size.y);
    ImGui::EndChild();
}

void draw_pens_page(Desk& desk) {
    const Style& style = desk.style;
    if (in_column(style)) {
        const auto part = [&](const char* id, void (*draw)(Desk&)) {
            ImGui::PushID(id);
            draw(desk);
            ImGui::PopID();
            ImGui::Dummy({0, style.px(8)});
        };
        part("##stylus", draw_stylus);
        part("##gamepad", draw_gamepad);
        part("##tracked", draw_tracked);
        return;
    }
    const float gap = style.px(24), half = (ImGui::GetContentRegionAvail().x - gap) / 2, height = style.px(284);
    draw_beside(desk, "##stylus", {half, height}, draw_stylus);
    ImGui::SameLine(0, gap);
    draw_beside(desk, "##gamepad", {half, height}, draw_gamepad);
    draw_tracked(desk);
}

}  // namespace app
