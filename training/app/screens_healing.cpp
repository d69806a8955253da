#include "training/app/screens_healing.h"

#include "engine/base/log.h"
#include "training/app/camera_hand.h"
#include "training/core/healing_report.h"
#include "training/core/joined.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace app {

namespace {

using training::HealingSign;
using training::SignKind;

constexpr float kPanel = 404, kBar = 96, kMargin = 12;  // design pixels
constexpr double kHeadStep = 15 * 0.0174533;            // rad a key press
constexpr double kWhole_s = 24;                         // that playing from minutes to a year takes
constexpr double kStep = 1.0 / 48;                      // of the timeline, a key press
constexpr double kNewPicture_s = 0.08;                  // while playing: the face is computed anew so often
constexpr double kPointed_s = 2.5;                      // that the outline of a place shows
constexpr uint32_t kMostSessions = 4;

/// Words of an age, in the unit that people would use.
std::string age_text(const Words& words, double days) {
    const auto told = [&](const char* one, const char* many, double value) {
        return value < 1.5 ? words(one) : words(many, fmt::arg("value", value));
    };
    if (days < 1.0 / 24) return words("healing.minutes", fmt::arg("value", days * 1440));
    if (days < 23.5 / 24) return told("healing.hour", "healing.hours", days * 24);
    if (days < 14) return told("healing.day", "healing.days", days);
    if (days < 60) return words("healing.weeks", fmt::arg("value", days / 7));
    return words("healing.months", fmt::arg("value", days / 30.44));
}

struct Tick {
    double days, value;
    const char* words;
};
const Tick kTicks[] = {{30.0 / 1440, 30, "healing.tick_minutes"},
                       {2.0 / 24, 2, "healing.tick_hours"},
                       {6.0 / 24, 6, "healing.tick_hours"},
                       {1, 1, "healing.tick_days"},
                       {2, 2, "healing.tick_days"},
                       {4, 4, "healing.tick_days"},
                       {7, 1, "healing.tick_weeks"},
                       {14, 2, "healing.tick_weeks"},
                       {30.44, 1, "healing.tick_months"},
                       {91.3, 3, "healing.tick_months"},
                       {182.6, 6, "healing.tick_months"},
                       {365, 1, "healing.tick_year"}};

std::string value_text(const Words& words, const HealingSign& sign) {
    const auto told = [&](const char* key, double value) { return words(key, fmt::arg("value", value)); };
    if (sign.id == "swelling") return told("healing.value_mm", sign.value);
    if (sign.id == "collagen") return told("healing.value_more", sign.value * 100);
    if (sign.id == "scars") return told("healing.value_less", sign.value * 100);
    if (sign.kind == SignKind::gained) return told("healing.value_grades", sign.value);
    return told("healing.value_percent", std::min(sign.value, 1.0) * 100);
}

class HealingScreen : public Screen {
  public:
    HealingScreen(Desk& desk, std::shared_ptr<const ScoredSession> session,
                  std::shared_ptr<HealingStage> stage)
        : session_(std::move(session)), stage_(std::move(stage)), hand_(*session_->stage->face) {
        if (auto front = picture_scene(*session_, "front", render::Overlay::none)) scene_ = std::move(*front);
        scene_.prescribed.clear();
        plan_.age_days = 1.0 / 24;
        renew();
        if (!harm_.empty()) look_at(harm_.front().id, 0);
        desk.problem.clear();
        spdlog::info("screen healing");
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        const double seconds = desk.window.frame_seconds();
        hand_.tick(desk.motion_seconds());
        read_keys(desk);
        play(seconds);
        pointed_ -= seconds;
        if (pointed_ <= 0) scene_.highlighted_cells.clear();
        if (!drag_split(desk)) hand_.steer(true);
        if (desk.narrow()) begin_side_column(desk, "##healing_column");
        draw_panel(desk);
        draw_bar(desk);
        if (desk.narrow()) end_column(desk);
        draw_split(desk);
        scene_.camera = hand_.centred(left(desk), 0, desk.width(), desk.height());
        scene_.tier = desk.tier();
        scene_.healing = stage_->at(shown_);
        scene_.healing->split = compare_ ? split_ : 0;
        stillness_.judge(scene_, false, seconds);
        if (!leave_) return nullptr;
        return score_screen(desk, session_, true);
    }

    const render::SceneView* scene() const override { return &scene_; }
    ImVec2 taken() const override { return {kPanel + kMargin, 0}; }

  private:
    /// Pixels that panels take at the left of the picture.
    static float left(const Desk& desk) { return desk.narrow() ? desk.column_width() : desk.style.px(kPanel + kMargin); }

    /// One kind of harm, wherever it was done.
    struct Harm {
        std::string id;
        double area_cm2 = 0;
        std::vector<const HealingSign*> places;  ///< in signs_, the largest first
    };

    // --- what is shown ---

    void renew() {
        shown_ = plan_;
        stage_->at(shown_);
        signs_ = training::signs_at(stage_->course(), shown_, stage_->cells());
        harm_.clear();
        for (const HealingSign& sign : signs_) {
            if (sign.kind != SignKind::harm) continue;
            auto same = std::ranges::find(harm_, sign.id, &Harm::id);
            if (same == harm_.end()) same = harm_.insert(same, Harm{sign.id, 0, {}});
            same->area_cm2 += sign.area_cm2;
            same->places.push_back(&sign);
        }
    }

    void set_age(double days) {
        plan_.age_days = std::clamp(days, kFirstMoment, kLastMoment);
        renew();
    }

    void play(double seconds) {
        if (!playing_) return;
        const double share = std::min(1.0, place_of(plan_.age_days) + seconds / kWhole_s);
        plan_.age_days = moment_at(share);
        since_new_ += seconds;
        if (since_new_ < kNewPicture_s && share < 1) return;
        since_new_ = 0;
        renew();
        if (share >= 1) playing_ = false;
    }

    void toggle_play() {
        playing_ = !playing_;
        if (playing_ && plan_.age_days >= kLastMoment * 0.999) set_age(kFirstMoment);
    }

    void set_sessions(uint32_t sessions) {
        plan_.sessions = sessions;
        renew();
        spdlog::info("healing sessions {}", sessions);
    }

    /// Turns to the chosen harm's place and outlines it for a moment.
    void look_at(const std::string& id, size_t place) {
        chosen_ = id;
        place_ = place;
        for (const Harm& harm : harm_) {
            if (harm.id != id) continue;
            const HealingSign& sign = *harm.places[place_ % harm.places.size()];
            if (const auto camera = view_of_cells(*session_->stage->face, sign.cells)) hand_.go(*camera);
            scene_.highlighted_cells = sign.cells;
            pointed_ = kPointed_s;
        }
    }

    void choose_next(int step) {
        if (harm_.empty()) return;
        const auto now = std::ranges::find(harm_, chosen_, &Harm::id);
        const auto count = static_cast<int>(harm_.size());
        const int at = now == harm_.end()
                           ? (step > 0 ? 0 : count - 1)
                           : std::clamp(static_cast<int>(now - harm_.begin()) + step, 0, count - 1);
        look_at(harm_[static_cast<size_t>(at)].id, 0);
    }

    // --- keys and mouse ---

    void read_keys(Desk& desk) {
        if (desk.pressed(keys::kEscape)) leave_ = true;
        if (desk.pressed(' ')) toggle_play();
        for (uint32_t k = 1; k <= kMostSessions; ++k)
            if (desk.pressed('0' + static_cast<int>(k))) set_sessions(k);
        if (desk.pressed('C')) compare_ = !compare_;
        if (desk.pressed('U')) plan_.sun = !plan_.sun, renew();
        const int step = desk.steps(keys::kRight, keys::kLeft);
        if (step != 0) {
            playing_ = false;
            set_age(moment_at(place_of(plan_.age_days) + step * kStep));
            spdlog::debug("healing after {:.4f} d", plan_.age_days);
        }
        if (desk.pressed(keys::kDown, true)) choose_next(1);
        if (desk.pressed(keys::kUp, true)) choose_next(-1);
        if (desk.pressed('F')) hand_.go("front");
        if (desk.pressed('L')) hand_.go("left");
        if (desk.pressed('R')) hand_.go("right");
        if (desk.pressed('P')) desk.settings_open = true;
        if (desk.pressed('A', true)) hand_.turn_head({kHeadStep, 0});
        if (desk.pressed('D', true)) hand_.turn_head({-kHeadStep, 0});
        if (desk.pressed('W', true)) hand_.turn_head({0, kHeadStep});
        if (desk.pressed('S', true)) hand_.turn_head({0, -kHeadStep});
    }

    /// True while the line between before and after is held.
    bool drag_split(Desk& desk) {
        const ImGuiIO& io = ImGui::GetIO();
        if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) dragging_ = false;
        const bool near =
            std::abs(io.MousePos.x - static_cast<float>(split_) * desk.width()) < desk.style.px(14);
        if (compare_ && near && !io.WantCaptureMouse && ImGui::IsMouseClicked(ImGuiMouseButton_Left))
            dragging_ = true;
        if (dragging_) {
            const double least = (left(desk) + desk.style.px(kMargin)) / desk.width();
            split_ = std::clamp(static_cast<double>(io.MousePos.x / desk.width()), least, 0.98);
        }
        if (compare_ && (dragging_ || (near && !io.WantCaptureMouse)))
            ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
        return dragging_;
    }

    // --- the panel ---

    void draw_panel(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float margin = style.px(kMargin);
        begin_panel("##healing", {margin, margin}, {style.px(kPanel), desk.height() - 2 * margin}, style);
        const float width = ImGui::GetContentRegionAvail().x;
        text(style.title, colour::kText, words("healing.title"), in_column(style) ? width : 0);
        const std::string age = age_text(words, plan_.age_days);
        text(style.strong, colour::kBlue,
             plan_.sessions == 1
                 ? words("healing.after_one", fmt::arg("age", age))
                 : words("healing.after_more", fmt::arg("age", age), fmt::arg("sessions", plan_.sessions)),
             width);
        const track::Ramp& phases = stage_->course().curves.phases_d;
        text(style.body, colour::kSoft,
             words(plan_.age_days <= phases.from   ? "healing.phase_one"
                   : plan_.age_days <= phases.full ? "healing.phase_two"
                                                   : "healing.phase_three"),
             in_column(style) ? width : 0);
        if (in_column(style)) draw_controls(desk);  // where they are seen at once
        const std::string warning = words("healing.not_a_prediction");
        const float foot =
            text_size(style.body, warning, width).y + style.px(42) + 3 * ImGui::GetStyle().ItemSpacing.y;
        ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, colour::kTrack);
        ImGui::PushStyleColor(ImGuiCol_ScrollbarGrab, colour::kSoft);
        begin_list(style, "##signs", {0, -foot});
        if (session_->recording.punctures.empty())
            text(style.body, colour::kText, words("healing.treat_none"), width);
        else
            draw_sections(desk);
        end_list(style);
        ImGui::PopStyleColor(2);
        text(style.body, colour::kSoft, warning, width);
        if (button(style, words("healing.back"), {width, style.px(42)})) leave_ = true;
        end_panel(style);
    }

    void draw_sections(Desk& desk) {
        draw_section(desk, SignKind::expected, "healing.normal", "healing.normal_none");
        head(desk, "healing.harm");
        for (const Harm& harm : harm_) draw_harm(desk, harm);
        if (harm_.empty()) none(desk, "healing.harm_none");
        draw_section(desk, SignKind::gained, "healing.gained", "healing.gained_none");
    }

    static void head(Desk& desk, const char* name) {
        ImGui::Dummy({0, desk.style.px(4)});
        text(desk.style.strong, colour::kText, desk.words(name));
    }
    static void none(Desk& desk, const char* words) {
        text(desk.style.body, colour::kSoft, desk.words(words), ImGui::GetContentRegionAvail().x);
    }

    void draw_section(Desk& desk, SignKind kind, const char* name, const char* empty) {
        head(desk, name);
        bool any = false;
        for (const HealingSign& sign : signs_) {
            if (sign.kind != kind) continue;
            any = true;
            draw_row(desk, {sign.id, desk.words.name("healing_sign", sign.id), value_text(desk.words, sign),
                            Mark::target});
        }
        if (!any) none(desk, empty);
    }

    /// A button that goes to its largest place, and at the next click to the next.
    void draw_harm(Desk& desk, const Harm& harm) {
        const bool chosen = chosen_ == harm.id;
        const size_t place = chosen ? place_ % harm.places.size() : 0;
        const std::string& zone = session_->stage->face->zones[harm.places[place]->zone].id;
        std::string name = training::with_colon(desk.words, desk.words.name("healing_sign", harm.id), desk.words.name("zone", zone));
        if (harm.places.size() > 1)
            name = fmt::format("{} {}", name,
                               desk.words("healing.more", fmt::arg("count", harm.places.size() - 1)));
        const std::string value = desk.words("healing.value_area", fmt::arg("value", harm.area_cm2));
        if (!draw_row(desk, {harm.id, name, value, Mark::beyond, true, chosen})) return;
        look_at(harm.id, chosen ? place_ + 1 : 0);
        spdlog::info("healing place {} {}", harm.id, zone);
    }

    struct Row {
        std::string id, name, value;
        Mark mark;
        bool leads = false, chosen = false;
    };

    /// Name and size; below, what is known of it and how surely. True when clicked.
    static bool draw_row(Desk& desk, const Row& row) {
        const Style& style = desk.style;
        const float width = ImGui::GetContentRegionAvail().x - style.px(4), line = style.body->FontSize;
        const float indent = style.px(26), top = style.px(2);
        const std::string about = desk.words.name("healing_about", row.id);
        const float value_width = text_size(style.body, row.value).x,
                    name_width = width - indent - value_width - style.px(12);
        const bool below = in_column(style) && name_width < 0.5f * width;  // the value, under the name
        const float named = below ? width - indent : name_width;
        const float name_height = text_size(style.body, row.name, named).y + (below ? line : 0);
        const float height = name_height + text_size(style.body, about, width - indent).y + style.px(7);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        ImGui::PushID(row.id.c_str());
        const bool clicked = ImGui::InvisibleButton("##sign", {width, height});
        ImGui::PopID();
        const bool hovered = ImGui::IsItemHovered();
        if (row.leads && (hovered || row.chosen))
            draw.AddRectFilled(at, {at.x + width, at.y + height},
                               IM_COL32(255, 255, 255, row.chosen ? 30 : 16), style.px(8));
        if (row.leads && hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        draw_mark(draw, {at.x + style.px(11), at.y + top + line * 0.5f}, style.px(14), row.mark);
        const auto lay = [&](float x, float y, ImU32 shade, const std::string& words, float wrap) {
            draw_text(draw, style.body, {x, y}, shade, words, wrap);
        };
        lay(at.x + indent, at.y + top, colour::kText, row.name, named);
        lay(at.x + width - value_width - style.px(4), at.y + top + (below ? name_height - line : 0), colour::kText, row.value, 0);
        lay(at.x + indent, at.y + top + name_height, colour::kSoft, about, width - indent);
        return row.leads && clicked;
    }

    // --- the timeline ---

    /// The same one below the other in a column, the timeline with them.
    void draw_controls(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float gap = style.px(6), height = style.px(34), room = ImGui::GetContentRegionAvail().x;
        if (button(style, words(playing_ ? "healing.pause" : "healing.play"), {room, height}, true)) toggle_play();
        draw_timeline(desk, room);
        text(style.body, colour::kSoft, words("healing.sessions"), room);
        std::vector<std::string> names;
        for (uint32_t k = 1; k <= kMostSessions; ++k) names.push_back(std::to_string(k));
        const ButtonRows counts = button_rows(style, names, room, gap);
        for (uint32_t k = 1; k <= kMostSessions; ++k) {
            if ((k - 1) % static_cast<uint32_t>(counts.columns) != 0) ImGui::SameLine(0, gap);
            if (chip(style, names[k - 1], {counts.width, height}, plan_.sessions == k)) set_sessions(k);
        }
        const std::string switches[] = {words("healing.compare"), words("healing.sun")};
        const ButtonRows rows = button_rows(style, switches, room, gap);
        if (chip(style, switches[0], {rows.width, height}, compare_)) compare_ = !compare_;
        if (rows.columns > 1) ImGui::SameLine(0, gap);
        if (chip(style, switches[1], {rows.width, height}, plan_.sun)) plan_.sun = !plan_.sun, renew();
    }

    void draw_bar(Desk& desk) {
        const Style& style = desk.style;
        if (in_column(style)) return;  // with the rest
        const Words& words = desk.words;
        const float margin = style.px(kMargin), left = style.px(kPanel) + 2 * margin;
        const ImVec2 size{desk.width() - left - margin, style.px(kBar + 20)};
        begin_panel("##timeline", {left, desk.height() - size.y - margin}, size, style);
        const float gap = style.px(8), height = style.px(34), whole = ImGui::GetContentRegionAvail().x;
        if (button(style, words(playing_ ? "healing.pause" : "healing.play"), {style.px(132), height}, true))
            toggle_play();
        ImGui::SameLine(0, 2 * gap);
        const std::string name = words("healing.sessions");
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::GetWindowDrawList()->AddText(style.body, style.body->FontSize,
                                            {at.x, at.y + (height - style.body->FontSize) * 0.5f},
                                            colour::kSoft, name.c_str());
        ImGui::Dummy({text_size(style.body, name).x, height});
        for (uint32_t k = 1; k <= kMostSessions; ++k) {
            ImGui::SameLine(0, gap);
            if (chip(style, std::to_string(k), {style.px(34), height}, plan_.sessions == k)) set_sessions(k);
        }
        ImGui::SameLine(0, 2 * gap);
        if (chip(style, words("healing.compare"), {style.px(148), height}, compare_)) compare_ = !compare_;
        ImGui::SameLine(0, gap);
        if (chip(style, words("healing.sun"), {style.px(148), height}, plan_.sun))
            plan_.sun = !plan_.sun, renew();
        draw_timeline(desk, whole);
        end_panel(style);
    }

    void draw_timeline(Desk& desk, float width) {
        const Style& style = desk.style;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float inset = style.px(16), from = at.x + inset, to = at.x + width - inset,
                    y = at.y + style.px(11);
        const auto x_of = [&](double days) {
            return from + (to - from) * static_cast<float>(place_of(days));
        };
        ImGui::InvisibleButton("##time", {width, style.px(46)});
        if (ImGui::IsItemHovered() || ImGui::IsItemActive()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        if (ImGui::IsItemActive()) {
            playing_ = false;
            set_age(moment_at(std::clamp((ImGui::GetIO().MousePos.x - from) / (to - from), 0.0f, 1.0f)));
        }
        const float x = x_of(plan_.age_days), thick = style.px(3);
        draw.AddRectFilled({from, y - thick}, {to, y + thick}, colour::kTrack, thick);
        draw.AddRectFilled({from, y - thick}, {x, y + thick}, IM_COL32(66, 132, 180, 255), thick);
        const float line = style.body->FontSize;
        float free_from = at.x;
        for (const Tick& tick : kTicks) {
            const std::string words = desk.words(tick.words, fmt::arg("value", tick.value));
            const float wide = text_size(style.body, words).x, middle = x_of(tick.days);
            const float start = std::min(middle - wide * 0.5f, at.x + width - wide);
            draw.AddLine({middle, y + style.px(5)}, {middle, y + style.px(10)}, colour::kSoft, style.px(1.5));
            if (start < free_from) continue;
            draw.AddText(style.body, line, {start, y + style.px(12)}, colour::kSoft, words.c_str());
            free_from = start + wide + style.px(8);
        }
        draw.AddCircleFilled({x, y}, style.px(9), IM_COL32(14, 16, 19, 255));
        draw.AddCircleFilled({x, y}, style.px(7), colour::kText);
    }

    /// The line between before and after, with what lies on its sides.
    void draw_split(Desk& desk) {
        if (!compare_) return;
        // The line stands in the middle of a picture beside a column until it is drawn elsewhere.
        const double from = left(desk) / desk.width();
        if (desk.narrow() && !std::exchange(split_set_, true)) split_ = (1 + from) / 2;
        const Style& style = desk.style;
        ImDrawList& draw = *ImGui::GetBackgroundDrawList();
        const float x = static_cast<float>(split_) * desk.width(),
                    end = desk.height() - (desk.narrow() ? 0 : style.px(kBar + 20 + 2 * kMargin));
        draw.AddLine({x, 0}, {x, end}, IM_COL32(14, 16, 19, 160), style.px(5));
        draw.AddLine({x, 0}, {x, end}, colour::kText, style.px(2));
        const float middle = end * 0.5f, r = style.px(15);
        draw.AddCircleFilled({x, middle}, r, IM_COL32(20, 23, 27, 235));
        draw.AddCircle({x, middle}, r, colour::kText, 0, style.px(2));
        for (const float side : {-1.0f, 1.0f}) {
            const ImVec2 arrow[] = {{x + side * style.px(4), middle - style.px(5)},
                                    {x + side * style.px(9), middle},
                                    {x + side * style.px(4), middle + style.px(5)}};
            draw.AddPolyline(arrow, 3, colour::kText, 0, style.px(2));
        }
        const auto label = [&](const std::string& words, float left) {
            const ImVec2 size = text_size(style.strong, words), pad{style.px(10), style.px(5)};
            const ImVec2 at{left, style.px(kMargin)};
            draw.AddRectFilled(at, {at.x + size.x + 2 * pad.x, at.y + size.y + 2 * pad.y},
                               IM_COL32(20, 23, 27, 215), style.px(8));
            draw.AddText(style.strong, style.strong->FontSize, {at.x + pad.x, at.y + pad.y}, colour::kText,
                         words.c_str());
        };
        const std::string before = desk.words("healing.before");
        label(before, std::max(left(desk) + style.px(4), x - text_size(style.strong, before).x - style.px(32)));
        label(age_text(desk.words, plan_.age_days), x + style.px(12));
    }

    std::shared_ptr<const ScoredSession> session_;
    std::shared_ptr<HealingStage> stage_;
    CameraHand hand_;
    render::SceneView scene_;
    Stillness stillness_;
    track::HealingPlan plan_, shown_;
    std::vector<HealingSign> signs_;
    std::vector<Harm> harm_;  ///< by id, the largest first
    std::string chosen_;      ///< id of the harm that is looked at
    size_t place_ = 0;        ///< which of its places
    double pointed_ = 0;      ///< s that its outline still shows
    double split_ = 0.66, since_new_ = 0;
    bool playing_ = false, compare_ = false, dragging_ = false, leave_ = false, split_set_ = false;
};

}  // namespace

std::unique_ptr<Screen> healing_screen(Desk& desk, std::shared_ptr<const ScoredSession> session,
                                       std::shared_ptr<HealingStage> stage) {
    return std::make_unique<HealingScreen>(desk, std::move(session), std::move(stage));
}

std::unique_ptr<Screen> open_healing(Desk& desk, std::shared_ptr<const ScoredSession> session) {
    const base::Places& places = desk.options.places;
    Work work = [places, session](const face::Progress&) -> base::Result<Arrival> {
        auto curves = track::HealingCurves::load(places);
        if (!curves) return curves.error();
        auto stage =
            std::make_shared<HealingStage>(session->stage->face, std::move(*curves), session->recording);
        return Arrival{[session, stage](Desk& there) { return healing_screen(there, session, stage); }};
    };
    return loading_screen(desk.words("healing.loading"), std::move(work), false,
                          [session](Desk& there) { return score_screen(there, session, true); });
}

}  // namespace app
