// A visit besides the needles: the patient's face to look at, and the panel of the step at hand beside it.

#include "engine/base/log.h"
#include "training/app/camera_hand.h"
#include "training/app/care.h"
#include "training/app/exam_sitting.h"
#include "training/app/screens.h"
#include "training/app/screens_exam.h"
#include "training/app/visit_panel.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace app {

namespace {

using training::Step;

constexpr double kHeadStep = 15 * 0.0174533;  // rad a key press
constexpr float kMargin = 12, kViewsHeight = 32, kLamp = 46;  // design pixels

class VisitScreen : public Screen {
  public:
    VisitScreen(Desk& desk, std::shared_ptr<Visit> visit)
        : visit_(std::move(visit)),
          held_(visit_->stage()),
          stage_(*held_),
          hand_(*stage_.face, desk.settings.left_handed ? Seat::left : Seat::right) {
        if (!visit_->begun()) desk.renderer->clear_evidence();
        scene_.prescribed.assign(stage_.face->zones.size(), 0);
        for (const std::string& id : stage_.practice.zones)
            if (const int zone = stage_.face->find_zone(id); zone >= 0) scene_.prescribed[static_cast<size_t>(zone)] = 1;
        scene_.kernel = &stage_.skin.kernel;
        spdlog::info("screen visit {} {}", stage_.practice.id, training::step_name(visit_->step()));
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        visit_->tell_in(desk.options.places);
        visit_->live().collect(view_);
        desk.renderer->add(view_.punctures, view_.contacts, view_.clock);
        const bool news = !view_.punctures.empty() || !view_.contacts.empty();
        if (view_.problem) desk.refuse(*view_.problem);
        hand_.tick(desk.motion_seconds());
        turn_head(desk);
        look(desk);
        visit_->begin();
        tell_file();
        if (desk.narrow()) begin_side_column(desk, "##visit_column");
        const VisitPanel::Wish wish = panel_.frame(desk, *visit_, view_.clock, [&](const input::ProcedureEvent& event) {
            act(desk, event.name, event.value);
        });
        if (desk.exam && desk.narrow()) list_exam(desk);
        draw_views(desk);
        if (desk.narrow()) end_column(desk);
        examine(desk);
        set_scene(desk);
        stillness_.judge(scene_, news, desk.window.frame_seconds());
        if (desk.exam && holds_no_more(desk)) return end(desk, false);
        return leave(desk, wish);
    }

    const render::SceneView* scene() const override { return &scene_; }
    ImVec2 taken() const override { return {kVisitPanel + kMargin, 0}; }

  private:
    /// Tells those who watch from outside where the recording is.
    void tell_file() {
        if (told_file_ || view_.file.empty()) return;
        spdlog::info("recording {}", view_.file.string());
        told_file_ = true;
    }

    void turn_head(Desk& desk) {
        if (desk.pressed('F')) hand_.go("front");
        if (desk.pressed('L')) hand_.go("left");
        if (desk.pressed('R')) hand_.go("right");
        if (desk.pressed('A', true)) hand_.turn_head({kHeadStep, 0});
        if (desk.pressed('D', true)) hand_.turn_head({-kHeadStep, 0});
        if (desk.pressed('W', true)) hand_.turn_head({0, kHeadStep});
        if (desk.pressed('S', true)) hand_.turn_head({0, -kHeadStep});
        if (desk.pressed('P') && !desk.exam) desk.settings_open = true;
        hand_.steer(true);
    }

    /// The session sees a pen that is not put down; its clock runs by this.
    void look(Desk& desk) {
        const ImGuiIO& io = ImGui::GetIO();
        PointerLook look;
        look.time = desk.window.events_read_at();
        look.aspect = desk.width() / std::max(1.0f, desk.height());
        const float taken = desk.narrow() ? desk.column_width() : desk.style.px(kVisitPanel + kMargin);
        look.camera = hand_.centred(taken, 0, desk.width(), desk.height());
        look.pointer = {io.MousePos.x / desk.width(), io.MousePos.y / desk.height()};
        look.motor = false;
        scene_.camera = look.camera;
        visit_->live().look(look);
        const bool on_picture = !io.WantCaptureMouse && !hand_.moving();
        hover_ = on_picture ? pick(*stage_.face, look.camera, look.pointer, look.aspect, stage_.device.tip_radius) : std::nullopt;
    }

    void act(Desk& desk, const std::string& event, const std::string& value) {
        if (auto done = visit_->act(view_.clock, event, value); !done) {
            spdlog::debug("refused: {}", done.error().message);
            return;
        }
        desk.problem.clear();
        if (event == training::kConsultLook) hand_.go("zone:" + value);
        if (event != training::kConsultMark) return;
        if (const training::CaseFinding* finding = stage_.practice.consultation.finding(value))
            if (const auto camera = view_of_cells(*stage_.face, cells_of(*stage_.face, *finding))) hand_.go(*camera);
    }

    // --- examination: the pointer is the lamp ---

    void examine(Desk& desk) {
        const bool examining = visit_->step() == Step::consultation && hover_.has_value();
        scene_.outlined_zone = uint8_t{0};
        if (!examining) return;
        const std::string& zone = stage_.face->zones[hover_->zone].id;
        scene_.outlined_zone = hover_->zone;
        draw_lamp(desk, zone);
        const uint16_t lesion = lesion_under();
        if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) point_at(zone, lesion ? stage_.face->lesions[lesion - 1u].condition : "");
    }

    uint16_t lesion_under() const {
        if (stage_.face->cell_lesion.empty()) return 0;
        const uint32_t cell = stage_.face->cells.find(hover_->place, hover_->normal);
        return cell < stage_.face->cell_lesion.size() ? stage_.face->cell_lesion[cell] : uint16_t{0};
    }

    /// The first click on a place holds the lamp over it; the next marks what is there. The view stays: the pointer is there.
    void point_at(const std::string& zone, const std::string& condition) {
        for (const training::CaseFinding& finding : stage_.practice.consultation.findings) {
            const bool here = condition.empty() ? finding.condition.empty() && finding.zone == zone : finding.condition == condition;
            if (!here || std::ranges::count(visit_->treatment().marked(), finding.id) > 0) continue;
            if (!finding.zone.empty() && !visit_->did(training::kConsultLook, finding.zone))
                return (void)visit_->act(view_.clock, training::kConsultLook, finding.zone);
            if (visit_->act(view_.clock, training::kConsultMark, finding.id)) return;
        }
        if (hover_->zone != 0 && !visit_->did(training::kConsultLook, zone))
            (void)visit_->act(view_.clock, training::kConsultLook, zone);  // any zone may be looked at
    }

    void draw_lamp(Desk& desk, const std::string& zone) {
        const Style& style = desk.style;
        const ImVec2 at = ImGui::GetIO().MousePos;
        ImDrawList& draw = *ImGui::GetBackgroundDrawList();
        for (int ring = 0; ring < 4; ++ring)
            draw.AddCircleFilled(at, style.px(kLamp - 9.0f * static_cast<float>(ring)), IM_COL32(255, 250, 235, 11));
        draw.AddCircle(at, style.px(kLamp), IM_COL32(20, 22, 26, 200), 0, style.px(4));
        draw.AddCircle(at, style.px(kLamp), IM_COL32(255, 252, 244, 230), 0, style.px(2));
        if (hover_->zone == 0) return;
        const std::string& name = desk.words.name("zone", zone);
        const ImVec2 size = text_size(style.body, name), from{at.x - size.x * 0.5f, at.y + style.px(kLamp + 8)};
        draw.AddRectFilled({from.x - style.px(8), from.y - style.px(4)}, {from.x + size.x + style.px(8), from.y + size.y + style.px(4)},
                           colour::kPanel, style.px(6));
        draw.AddText(style.body, style.body->FontSize, from, colour::kText, name.c_str());
    }

    // --- picture ---

    void set_scene(Desk& desk) {
        scene_.tier = desk.tier();
        scene_.time = view_.clock;
        scene_.outline_zones = visit_->step() == Step::consultation;
        wipes_ = wipes_of(*stage_.face, visit_->treatment().events());
        scene_.wipes = wipes_;
        scene_.wet = wet_zones(*stage_.face, visit_->treatment().events(), stage_.skin.medium_lasts, view_.clock);
        scene_.highlighted_cells.clear();
        if (visit_->step() > Step::decision) return;
        for (const std::string& id : visit_->treatment().marked())
            if (const training::CaseFinding* finding = stage_.practice.consultation.finding(id)) {
                const std::vector<uint32_t> cells = cells_of(*stage_.face, *finding);
                scene_.highlighted_cells.insert(scene_.highlighted_cells.end(), cells.begin(), cells.end());
            }
        std::ranges::sort(scene_.highlighted_cells);
        const auto twice = std::ranges::unique(scene_.highlighted_cells);
        scene_.highlighted_cells.erase(twice.begin(), twice.end());
    }

    /// Views and settings, in a row over the picture.
    void draw_views(Desk& desk) {
        const Style& style = desk.style;
        const float left = style.px(kVisitPanel + 2 * kMargin), right = desk.width() - style.px(kMargin);
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##views", {left, style.px(kMargin + kVisitBar + 8)}, {right - left, style.px(kViewsHeight)}, style,
                    IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        const float gap = style.px(5);
        const std::pair<const char*, std::function<void()>> chips[] = {
            {"view.left", [&] { hand_.go("left"); }},
            {"view.front", [&] { hand_.go("front"); }},
            {"view.right", [&] { hand_.go("right"); }},
            {"view.turn_left", [&] { hand_.turn_head({kHeadStep, 0}); }},
            {"view.turn_right", [&] { hand_.turn_head({-kHeadStep, 0}); }},
            {"view.settings", [&] { desk.settings_open = true; }}};
        std::vector<std::string> names;
        for (const auto& [key, does] : std::span(chips).first(desk.exam ? 5 : 6)) names.push_back(desk.words(key));
        const ButtonRows rows = button_rows(style, names, in_column(style) ? ImGui::GetContentRegionAvail().x : right - left, gap);
        for (size_t i = 0; i < names.size(); ++i) {
            if (i % static_cast<size_t>(rows.columns) != 0) ImGui::SameLine(0, gap);
            if (chip(style, names[i], {rows.width, style.px(kViewsHeight - 2)}, false)) chips[i].second();
        }
        end_panel(style);
        if (!in_column(style)) desk.head_taken = style.px(kMargin + kVisitBar + 8 + kViewsHeight);
    }

    // --- onward ---

    std::unique_ptr<Screen> leave(Desk& desk, VisitPanel::Wish wish) {
        if (wish == VisitPanel::Wish::none) return nullptr;
        desk.problem.clear();
        if (wish == VisitPanel::Wish::leave) return start_screen(desk);
        if (wish == VisitPanel::Wish::back) {
            visit_->back(view_.clock);
        } else if (wish == VisitPanel::Wish::healing) {
            (void)visit_->act(view_.clock, training::kSessionEnd);  // can always be said
        } else {
            visit_->go_on(view_.clock);
        }
        if (visit_->step() == Step::needling) return practice_screen(desk, visit_->stage(), visit_->rubric(), visit_);
        return visit_->step() == Step::closed ? end(desk, wish == VisitPanel::Wish::healing) : nullptr;
    }

    /// An attempt at an exam whose time is up, that cannot be written any more, or that was cut off when all was done.
    bool holds_no_more(Desk& desk) {
        const float left = desk.narrow() ? desk.column_width() + desk.style.px(kMargin) : desk.style.px(kVisitPanel + 2 * kMargin);
        return keep_exam_time(desk, view_, left, desk.width() - desk.style.px(kMargin)).over || view_.problem || visit_->step() == Step::closed;
    }

    std::unique_ptr<Screen> end(Desk& desk, bool healing) {
        if (desk.exam && view_.problem) return break_off(desk, visit_->live(), view_);
        training::Recording recording = visit_->live().finish();
        visit_->live().collect(view_);
        desk.renderer->add(view_.punctures, view_.contacts, view_.clock);
        if (desk.exam) return hand_in(desk, view_);
        return scoring_screen(desk, visit_->stage(), std::move(recording), view_, visit_->shared_live(), healing);
    }

    std::shared_ptr<Visit> visit_;
    const std::shared_ptr<const training::Stage> held_;
    const training::Stage& stage_;  ///< the visit's as it was when this screen was made
    CameraHand hand_;
    VisitPanel panel_;
    SessionView view_;
    render::SceneView scene_;
    std::vector<render::WipeStroke> wipes_;
    Stillness stillness_;
    std::optional<Pick> hover_;  ///< skin under the pointer
    bool told_file_ = false;
};

}  // namespace

std::unique_ptr<Screen> visit_screen(Desk& desk, std::shared_ptr<Visit> visit) {
    return std::make_unique<VisitScreen>(desk, std::move(visit));
}

}  // namespace app
