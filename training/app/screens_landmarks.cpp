// The landmarks of a fitted scan: seen on the skin, corrected, fitted again, and the patient kept.

#include "training/app/camera_hand.h"
#include "training/app/fields.h"
#include "training/app/landmark_edits.h"
#include "training/app/scan_words.h"
#include "training/app/screens_import.h"

#include "engine/base/log.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

namespace app {

namespace {

constexpr float kList = 300, kForm = 268, kMargin = 12, kViewsHeight = 34;  // design pixels
constexpr float kDot = 8.5f;                                                // design pixels, its radius
constexpr double kNudge = 0.5e-3, kFineNudge = 0.1e-3;                      // m
constexpr double kGood = 2e-3, kPoor = 5e-3;                                // m from the fit
constexpr double kOrbitStep = 15 * 0.0174533;                               // rad
constexpr double kBehind = 4e-3;  // m: a dot so far behind what is seen there is hidden
constexpr const char* kViews[] = {"front", "three_quarter", "left", "right"};
constexpr int kViewKeys[] = {'F', 'T', 'L', 'R'};

bool is_side(const std::string& name, const char* side) {
    return name.ends_with(side);
}

/// A place of the head in the window, in pixels.
struct Seen {
    ImVec2 at{0, 0};
    bool hidden = true;
};

class LandmarkScreen : public Screen {
  public:
    LandmarkScreen(std::shared_ptr<const FittedScan> scan, face::ScanPatient patient)
        : scan_(std::move(scan)),
          patient_(std::move(patient)),
          edits_(begin_edits(*scan_)),
          hand_(*scan_->face) {
        patient_.name.copy(name_.data(), name_.size() - 1);
        for (const glm::dvec3 p : scan_->head.fitted) fitted_.push_back(scan_->head.head_from_scan.at(p));
        scene_.outline_zones = true;
        spdlog::info("screen landmarks {}", scan_->request.file.filename().string());
        for (size_t i = 0; i < edits_.size(); ++i)
            spdlog::debug("landmark {} residual {:.2f} mm", id(i), residual(i) * 1e3);
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        const bool moving = hand_.moving();
        hand_.tick(desk.motion_seconds());
        if (moving && !hand_.moving()) spdlog::debug("view reached");
        seen_.clear();
        set_scene(desk);
        for (size_t i = 0; i < edits_.size(); ++i) seen_.push_back(project(desk, edits_.place(i)));
        read_mouse(desk);
        read_keys(desk);
        draw_dots(desk);
        if (desk.narrow()) begin_side_column(desk, "##landmarks_column");
        draw_list(desk);
        draw_form(desk);
        draw_views(desk);
        if (desk.narrow()) end_column(desk);
        stillness_.judge(scene_, false, desk.window.frame_seconds());
        return leave(desk);
    }

    const render::SceneView* scene() const override { return &scene_; }
    ImVec2 taken() const override { return {kList + kMargin, kForm + kMargin}; }

  private:
    enum class Wish : uint8_t { none, fit, save, leave };

    static LandmarkEdits begin_edits(const FittedScan& scan) {
        std::vector<glm::dvec3> places;
        std::vector<bool> moved;
        for (const face::NamedPlace& landmark : scan.head.landmarks) {
            places.push_back(scan.head.head_from_scan.at(landmark.place));
            moved.push_back(std::ranges::any_of(
                scan.request.landmarks, [&](const auto& given) { return given.name == landmark.name; }));
        }
        return {std::move(places), std::move(moved)};
    }

    const std::string& id(size_t landmark) const { return scan_->head.landmarks[landmark].name; }
    double residual(size_t landmark) const {
        return glm::distance(edits_.place(landmark), fitted_[landmark]);
    }

    std::string shown_name(const Desk& desk, size_t landmark) const {
        const std::string& name = id(landmark);
        for (const char* side : {"left", "right"})
            if (is_side(name, side)) {
                const std::string plain =
                    desk.words.name("landmark", name.substr(0, name.size() - std::strlen(side) - 1));
                return is_side(name, "left") ? desk.words("scan.on_left", fmt::arg("name", plain))
                                             : desk.words("scan.on_right", fmt::arg("name", plain));
            }
        return desk.words.name("landmark", name);
    }

    // --- picture ---

    void set_scene(Desk& desk) {
        const Style& style = desk.style;
        scene_.camera = desk.narrow() ? hand_.centred(desk.column_width(), 0, desk.width(), desk.height())
                                      : hand_.centred(style.px(kList + kMargin), style.px(kForm + kMargin), desk.width(), desk.height());
        scene_.tier = desk.tier();
    }

    Seen project(const Desk& desk, glm::dvec3 place) const {
        const render::Camera& camera = scene_.camera;
        const glm::dvec3 way = place - camera.eye(), ahead = glm::normalize(camera.target - camera.eye());
        const double depth = glm::dot(way, ahead), half = std::tan(camera.fov / 2) * depth;
        if (depth <= 0) return {};
        Seen seen;
        const double scale = desk.height() / (2 * half);
        seen.at = {static_cast<float>(desk.width() / 2 + glm::dot(way, camera.right()) * scale),
                   static_cast<float>(desk.height() / 2 - glm::dot(way, camera.up()) * scale)};
        const double distance = glm::length(way);
        const auto hit = scan_->face->index->cast_front(camera.eye(), way / distance, 0, distance);
        seen.hidden = hit && hit->distance < distance - kBehind;
        return seen;
    }

    /// The skin under a place of the window.
    std::optional<glm::dvec3> skin_at(const Desk& desk, ImVec2 at) const {
        const glm::dvec3 ray = scene_.camera.ray(at.x / desk.width(), at.y / desk.height(),
                                                 desk.width() / double(desk.height()));
        const auto hit = scan_->face->index->cast_front(scene_.camera.eye(), ray, 0, 5);
        return hit ? std::optional(hit->position) : std::nullopt;
    }

    void look_from(std::string_view view) {
        hand_.go(view);
        view_ = view;
    }

    /// Turns to the landmark where it cannot be seen from here.
    void bring_into_sight(size_t landmark) {
        if (!seen_[landmark].hidden) return;
        const auto hit = scan_->face->index->closest(edits_.place(landmark), 1);
        if (!hit) return;
        const glm::dvec3 normal = mesh::normal_at(scan_->face->mesh, hit->point);
        render::Camera camera = render::named_view(*scan_->face, "front").value_or(render::Camera{});
        camera.yaw = std::atan2(normal.x, normal.z);
        camera.pitch = std::asin(std::clamp(normal.y, -0.9, 0.9));
        hand_.go(camera);
        view_.clear();
    }

    // --- input ---

    void pick(size_t landmark) {
        picked_ = landmark;
        bring_into_view_ = true;
        spdlog::debug("picked {} at {:.0f} {:.0f}", id(landmark), seen_[landmark].at.x, seen_[landmark].at.y);
    }

    void told_moved(size_t landmark) const {
        const glm::dvec3 p = edits_.place(landmark) * 1e3;
        spdlog::debug("landmark {} now at {:.2f} {:.2f} {:.2f} mm", id(landmark), p.x, p.y, p.z);
    }

    std::optional<size_t> dot_at(const Desk& desk, ImVec2 at) const {
        std::optional<size_t> best;
        float nearest = desk.style.px(14);
        for (size_t i = 0; i < seen_.size(); ++i) {
            const float distance = std::hypot(seen_[i].at.x - at.x, seen_[i].at.y - at.y);
            if (!seen_[i].hidden && distance < nearest) best = i, nearest = distance;
        }
        return best;
    }

    void read_mouse(Desk& desk) {
        const ImGuiIO& io = ImGui::GetIO();
        if (desk.settings_open) return;
        if (!io.WantTextInput && hand_.steer(true)) view_.clear();
        if (!io.WantCaptureMouse && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
            dragged_ = dot_at(desk, io.MousePos);
            if (dragged_) {
                pick(*dragged_);
                edits_.begin(*dragged_);
                grip_ = {seen_[*dragged_].at.x - io.MousePos.x, seen_[*dragged_].at.y - io.MousePos.y};
                grabbed_at_ = io.MousePos;
            }
        }
        if (!dragged_) return;
        const bool drawn =
            std::hypot(io.MousePos.x - grabbed_at_.x, io.MousePos.y - grabbed_at_.y) > desk.style.px(2);
        dragging_ = dragging_ || drawn;
        if (dragging_)
            if (const auto place = skin_at(desk, {io.MousePos.x + grip_.x, io.MousePos.y + grip_.y})) {
                edits_.set(*dragged_, *place);
                seen_[*dragged_] = project(desk, *place);
            }
        if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
        if (dragging_) told_moved(*dragged_);
        dragged_.reset();
        dragging_ = false;
    }

    /// Along the picture, then onto the skin.
    void nudge(Desk& desk, double right, double up, bool fine) {
        const double step = fine ? kFineNudge : kNudge;
        const glm::dvec3 wanted =
            edits_.place(picked_) + step * (right * scene_.camera.right() + up * scene_.camera.up());
        const auto hit = scan_->face->index->closest(wanted, 0.02);
        if (!hit) return;
        edits_.begin(picked_);
        edits_.set(picked_, hit->position);
        seen_[picked_] = project(desk, hit->position);
        told_moved(picked_);
    }

    void step_back() {
        if (const auto landmark = edits_.undo()) {
            pick(*landmark);
            told_moved(*landmark);
        }
    }

    void read_keys(Desk& desk) {
        ended_typing(desk);
        if (ImGui::GetIO().WantTextInput) return;  // the name's field reads them
        const auto count = edits_.size();
        if (desk.pressed(keys::kDown, true)) pick((picked_ + 1) % count), bring_into_sight(picked_);
        if (desk.pressed(keys::kUp, true)) pick((picked_ + count - 1) % count), bring_into_sight(picked_);
        if (desk.pressed(keys::kLeft, true)) hand_.turn_head({kOrbitStep, 0});
        if (desk.pressed(keys::kRight, true)) hand_.turn_head({-kOrbitStep, 0});
        for (const bool fine : {false, true}) {
            if (desk.pressed_with_shift('A', fine, true)) nudge(desk, -1, 0, fine);
            if (desk.pressed_with_shift('D', fine, true)) nudge(desk, 1, 0, fine);
            if (desk.pressed_with_shift('W', fine, true)) nudge(desk, 0, 1, fine);
            if (desk.pressed_with_shift('S', fine, true)) nudge(desk, 0, -1, fine);
        }
        for (size_t i = 0; i < std::size(kViews); ++i)
            if (desk.pressed(kViewKeys[i])) look_from(kViews[i]);
        if (desk.pressed('Z', true)) step_back();
        if (desk.pressed('O')) scene_.outline_zones = !scene_.outline_zones;
        if (desk.pressed('M')) names_ = !names_;
        if (desk.pressed('N')) edit_name_ = true;
        if (desk.pressed('X')) patient_.male = !patient_.male;
        if (desk.pressed('[', true)) change_age(-1);
        if (desk.pressed(']', true)) change_age(1);
        for (int type = 1; type <= 6; ++type)
            if (desk.pressed('0' + type)) patient_.fitzpatrick = static_cast<uint8_t>(type);
        if (desk.pressed('G')) wish_ = Wish::fit;
        if (desk.pressed(keys::kEnter) || desk.pressed(keys::kPadEnter)) wish_ = Wish::save;
        if (desk.pressed(keys::kEscape)) wish_ = Wish::leave;
    }

    void change_age(int by) { patient_.age = std::clamp(patient_.age + by, 18.0, 100.0); }

    // --- controls ---

    ImU32 shade(size_t landmark) const { return edits_.moved(landmark) ? colour::kAmber : colour::kBlue; }

    /// Dark under light, so that it is read on any skin.
    static void draw_label(ImDrawList& draw, ImFont* font, ImVec2 at, const std::string& words, float unit) {
        const ImVec2 size = text_size(font, words);
        draw.AddRectFilled({at.x - 4 * unit, at.y - unit}, {at.x + size.x + 4 * unit, at.y + size.y + unit},
                           IM_COL32(14, 16, 19, 200), 4 * unit);
        draw.AddText(font, font->FontSize, at, colour::kText, words.c_str());
    }

    /// What a dot's number and its name, when that is told, take of the picture.
    ImRect words_of(const Desk& desk, ImFont* font, size_t landmark, bool named) const {
        const Style& style = desk.style;
        const ImVec2 at = seen_[landmark].at;
        const float r = style.px(kDot), core = 0.75f * r;  // rims may touch
        ImRect room(at.x - core, at.y - core, at.x + core, at.y + core);
        const float half = font->FontSize * 0.5f + style.px(1), beyond = at.x + r + style.px(10) + text_size(font, shown_name(desk, landmark)).x;
        if (named) room.Add(ImRect(at.x, at.y - half, beyond, at.y + half));
        return room;
    }

    /// Landmarks that are seen, those without room for their words first: where dots lie close together, as in a small picture, the picked
    /// one has its words before the pointed-at one, and that before the others.
    std::vector<std::pair<size_t, bool>> dots_with_words(const Desk& desk, ImFont* font, std::optional<size_t> hovered) const {
        std::vector<size_t> order;
        for (size_t i = 0; i < seen_.size(); ++i)
            if (!seen_[i].hidden) order.push_back(i);
        std::ranges::stable_sort(order, {}, [&](size_t i) { return i == picked_ ? 0 : i == hovered ? 1 : 2; });
        std::vector<ImRect> taken;
        std::vector<std::pair<size_t, bool>> dots;
        for (const size_t i : order) {
            const ImRect room = words_of(desk, font, i, names_ || i == picked_ || i == hovered);
            const bool free = std::ranges::none_of(taken, [&](const ImRect& one) { return one.Overlaps(room); });
            if (free) taken.push_back(room);
            dots.emplace_back(i, free);
        }
        std::ranges::reverse(dots);
        std::ranges::stable_partition(dots, [](const auto& dot) { return !dot.second; });
        return dots;
    }

    void draw_dots(Desk& desk) {
        ImDrawList& draw = *ImGui::GetBackgroundDrawList();
        const Style& style = desk.style;
        ImFont* font = desk.window.font(render::Font::small);
        const auto hovered =
            ImGui::GetIO().WantCaptureMouse ? std::nullopt : dot_at(desk, ImGui::GetIO().MousePos);
        if (seen_[picked_].hidden) draw.AddCircle(seen_[picked_].at, style.px(9), colour::kText, 0, style.px(1.2));
        for (const auto& [i, with_words] : dots_with_words(desk, font, hovered)) {
            const ImVec2 at = seen_[i].at;
            const bool on = i == picked_;
            const float r = style.px(!with_words ? 0.4f * kDot : on ? 10 : kDot);
            draw.AddCircleFilled(at, r, IM_COL32(14, 16, 19, 215));
            draw.AddCircle(at, r, on ? IM_COL32_WHITE : shade(i), 0, style.px(on ? 2.4 : 1.6));
            if (!with_words) continue;
            const std::string number = fmt::format("{}", i + 1);
            const float size = font->FontSize * 0.86f;
            const ImVec2 extent = font->CalcTextSizeA(size, 1e9f, 0, number.c_str());
            draw.AddText(font, size, {at.x - extent.x * 0.5f, at.y - extent.y * 0.5f}, colour::kText,
                         number.c_str());
            if (names_ || on || hovered == i)
                draw_label(draw, font, {at.x + r + style.px(6), at.y - font->FontSize * 0.5f},
                           shown_name(desk, i), style.unit);
        }
    }

    void draw_list(Desk& desk) {
        const Style& style = desk.style;
        const float margin = style.px(kMargin);
        begin_panel("##landmarks", {margin, margin}, {style.px(kList), desk.height() - 2 * margin}, style);
        const float width = ImGui::GetContentRegionAvail().x;
        text(style.strong, colour::kText, desk.words("scan.landmarks"), in_column(style) ? width : 0);
        text(desk.window.font(render::Font::small), colour::kSoft, desk.words("scan.residual"), width);
        ImGui::Dummy({0, style.px(2)});
        begin_list(style, "##rows", {width, -style.px(118)});
        for (size_t i = 0; i < edits_.size(); ++i) draw_row(desk, i);
        bring_into_view_ = false;
        end_list(style);
        ImGui::Dummy({0, style.px(2)});
        text(desk.window.font(render::Font::small), colour::kSoft, desk.words("scan.help"), width);
        end_panel(style);
    }

    void draw_row(Desk& desk, size_t i) {
        const Style& style = desk.style;
        const float width = ImGui::GetContentRegionAvail().x, line = style.body->FontSize, mark = line * 0.66f;
        const double off = residual(i);
        const std::string shown = desk.words("value.mm", fmt::arg("value", fmt::format("{:.1f}", off * 1e3)));
        const float value_width = text_size(style.body, shown).x + mark + style.px(8);
        const RowWords name = row_words(style.body, shown_name(desk, i), width - value_width - style.px(36));
        const float height = name.height + style.px(7);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::PushID(static_cast<int>(i));
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, style.px(1)});
        if (ImGui::InvisibleButton("##row", {width, height})) pick(i), bring_into_sight(i);
        ImGui::PopStyleVar();
        ImGui::PopID();
        if (picked_ == i && bring_into_view_) scroll_here(style);
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        if (picked_ == i || ImGui::IsItemHovered())
            draw.AddRectFilled(at, {at.x + width, at.y + height},
                               IM_COL32(255, 255, 255, picked_ == i ? 30 : 12), style.px(5));
        const float y = at.y + style.px(3);
        draw.AddText(style.body, line, {at.x + style.px(4), y}, shade(i), fmt::format("{}", i + 1).c_str());
        draw_row_words(draw, style.body, {at.x + style.px(30), y}, colour::kText, name);
        draw.AddText(style.body, line, {at.x + width - value_width, y}, colour::kSoft, shown.c_str());
        draw_mark(draw, {at.x + width - mark * 0.6f, y + line * 0.5f}, mark,
                  off < kGood   ? Mark::target
                  : off < kPoor ? Mark::warning
                                : Mark::beyond);
    }

    void draw_form(Desk& desk) {
        const Style& style = desk.style;
        const float margin = style.px(kMargin), width = style.px(kForm);
        begin_panel("##patient", {desk.width() - width - margin, margin}, {width, desk.height() - 2 * margin},
                    style);
        const float room = ImGui::GetContentRegionAvail().x, gap = style.px(6);
        text(style.strong, colour::kText, desk.words("scan.patient"), room);
        text(style.body, colour::kSoft, desk.words("scan.name"), room);
        ImGui::SetNextItemWidth(room);
        if (std::exchange(edit_name_, false)) ImGui::SetKeyboardFocusHere();
        line_field(style, "##name", "", name_, ImGuiInputTextFlags_AutoSelectAll);
        text(style.body, colour::kSoft, desk.words("scan.sex"), room);
        const std::string sexes[] = {desk.words("scan.female"), desk.words("scan.male")};
        const ButtonRows rows = button_rows(style, sexes, room, gap);
        const ImVec2 half{rows.width, style.px(32)};
        if (chip(style, sexes[0], half, !patient_.male)) patient_.male = false;
        if (rows.columns > 1) ImGui::SameLine(0, gap);
        if (chip(style, sexes[1], half, patient_.male)) patient_.male = true;
        change_age(stepper(style, "age", desk.words("scan.age"), fmt::format("{:.0f}", patient_.age),
                           patient_.age > 18, patient_.age < 100));
        text(style.body, colour::kSoft, desk.words("scan.skin_type"), room);
        static constexpr const char* kTypes[] = {"I", "II", "III", "IV", "V", "VI"};
        const std::vector<std::string> types(std::begin(kTypes), std::end(kTypes));
        const ButtonRows sixths = button_rows(style, types, room, gap);
        const ImVec2 sixth{sixths.width, style.px(32)};
        for (int i = 0; i < 6; ++i) {
            if (i % sixths.columns != 0) ImGui::SameLine(0, gap);
            if (chip(style, kTypes[i], sixth, patient_.fitzpatrick == i + 1))
                patient_.fitzpatrick = static_cast<uint8_t>(i + 1);
        }
        ImGui::Dummy({0, style.px(4)});
        draw_found(desk, room);
        draw_buttons(desk, room, gap);
        end_panel(style);
    }

    /// What the import found and did.
    void draw_found(Desk& desk, float room) {
        const Style& style = desk.style;
        text(style.strong, colour::kText, desk.words("scan.found"), room);
        begin_list(style, "##found", {room, -style.px(190)});
        for (const face::Finding& finding : scan_->head.found)
            text(desk.window.font(render::Font::small), colour::kSoft, finding_words(desk.words, finding), room - style.px(12));
        end_list(style);
    }

    void draw_buttons(Desk& desk, float room, float gap) {
        const Style& style = desk.style;
        const std::string names[] = {desk.words("scan.outlines"), desk.words("scan.names"), desk.words("scan.undo"), desk.words("scan.fit_again")};
        // Two in a row, or each by itself.
        const bool pairs = !in_column(style) || std::ranges::all_of(names, [&](const std::string& name) {
            return text_size(style.body, name).x + style.px(12) <= (room - gap) / 2;
        });
        const ImVec2 half{pairs ? (room - gap) / 2 : room, style.px(34)}, whole{room, style.px(40)};
        const auto beside = [&] {
            if (pairs) ImGui::SameLine(0, gap);
        };
        if (chip(style, desk.words("scan.outlines"), half, scene_.outline_zones))
            scene_.outline_zones = !scene_.outline_zones;
        beside();
        if (chip(style, desk.words("scan.names"), half, names_)) names_ = !names_;
        if (button(style, desk.words("scan.undo"), half, false, edits_.changed())) step_back();
        beside();
        if (button(style, desk.words("scan.fit_again"), half, false, edits_.changed())) wish_ = Wish::fit;
        if (button(style, desk.words("scan.save"), whole, true)) wish_ = Wish::save;
        if (button(style, desk.words("scan.other"), {room, style.px(34)})) wish_ = Wish::leave;
    }

    void draw_views(Desk& desk) {
        const Style& style = desk.style;
        const float gap = style.px(6), left = style.px(kList + 2 * kMargin),
                    right = desk.width() - style.px(kForm + 2 * kMargin);
        const float chip_width = std::min(style.px(120), (right - left - 3 * gap) / 4),
                    width = 4 * chip_width + 3 * gap;
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##views",
                    {(left + right - width) * 0.5f, desk.height() - style.px(kViewsHeight + kMargin)},
                    {width, style.px(kViewsHeight)}, style, IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        std::vector<std::string> names;
        for (const char* view : kViews) names.push_back(desk.words.name("scan_view", view));
        const ButtonRows rows = in_column(style) ? button_rows(style, names, ImGui::GetContentRegionAvail().x, gap) : ButtonRows{4, chip_width};
        for (size_t i = 0; i < std::size(kViews); ++i) {
            if (i % static_cast<size_t>(rows.columns) != 0) ImGui::SameLine(0, gap);
            if (chip(style, names[i], {rows.width, style.px(kViewsHeight)}, view_ == kViews[i]))
                look_from(kViews[i]);
        }
        end_panel(style);
    }

    // --- what comes next ---

    ScanRequest corrected() const {
        ScanRequest request = scan_->request;
        request.landmarks.clear();
        for (size_t i = 0; i < edits_.size(); ++i)
            if (edits_.moved(i))
                request.landmarks.push_back({id(i), scan_->head.head_from_scan.back(edits_.place(i))});
        return request;
    }

    std::unique_ptr<Screen> leave(Desk& desk) {
        const Wish wish = std::exchange(wish_, Wish::none);
        patient_.name = name_.data();
        if (wish != Wish::none) desk.problem.clear();
        switch (wish) {
            case Wish::none:
                return nullptr;
            case Wish::leave:
                return import_screen(desk, scan_->request.file);
            case Wish::fit:
                return edits_.changed() ? fit_and_show(desk, corrected(), scan_, patient_) : nullptr;
            case Wish::save:
                return save(desk);
        }
        return nullptr;
    }

    /// What was moved since the fit is fitted first.
    std::unique_ptr<Screen> save(Desk& desk) {
        if (patient_.name.find_first_not_of(' ') == std::string::npos) {
            desk.problem = desk.words("scan.no_name");
            return nullptr;
        }
        const base::Places& places = desk.options.places;
        patient_.id = free_face_id(places, patient_.name);
        Work work = [places, brief = desk.words("scan.brief"), request = corrected(), scan = scan_, refit = edits_.changed(),
                     patient = patient_](const face::Progress& progress) -> base::Result<Arrival> {
            std::shared_ptr<const FittedScan> fitted = scan;
            if (refit) {
                auto again = fit_scan(places, request, scan.get(), progress);
                if (!again) return again.error();
                fitted = *again;
            }
            if (auto kept = keep_scan(places, *fitted, patient, brief); !kept) return kept.error();
            spdlog::info("saved {}", patient.id);
            return Arrival{[](Desk& there) { return start_screen(there); }};
        };
        return loading_screen(desk.words("scan.saving", fmt::arg("name", patient_.name)), std::move(work),
                              true, [scan = scan_, patient = patient_](Desk& there) {
                                  return landmark_screen(there, scan, patient);
                              });
    }

    std::shared_ptr<const FittedScan> scan_;
    face::ScanPatient patient_;
    std::array<char, 64> name_{};
    LandmarkEdits edits_;
    std::vector<glm::dvec3> fitted_;  ///< head frame, m
    CameraHand hand_;
    std::string view_ = "front";  ///< the named view; empty after the hand moved it
    render::SceneView scene_;
    Stillness stillness_;
    std::vector<Seen> seen_;
    size_t picked_ = 0;
    std::optional<size_t> dragged_;
    ImVec2 grip_{0, 0}, grabbed_at_{0, 0};
    bool dragging_ = false, names_ = false, edit_name_ = false, bring_into_view_ = false;
    Wish wish_ = Wish::none;
};

}  // namespace

std::unique_ptr<Screen> landmark_screen(Desk&, std::shared_ptr<const FittedScan> scan,
                                        const face::ScanPatient& patient) {
    return std::make_unique<LandmarkScreen>(std::move(scan), patient);
}

}  // namespace app
