#include "training/app/screens_review.h"

#include "engine/base/log.h"
#include "training/app/bands.h"
#include "training/app/camera_hand.h"
#include "training/app/review_beside.h"
#include "training/app/review_moment.h"
#include "training/app/review_notes.h"
#include "training/app/review_picture.h"
#include "training/app/review_timeline.h"
#include "training/core/decimal.h"
#include "training/core/html.h"
#include "training/core/moment.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace app {

namespace {

constexpr float kMargin = 12, kSide = 306, kControls = 44;  // design pixels
constexpr double kHeadStep = 15 * 0.0174533;                // rad a key press
constexpr uint32_t kSecond_us = 1'000'000;
constexpr size_t kMostEarlier = 6;
constexpr std::array kSpeeds{0.25, 0.5, 1.0, 2.0, 4.0, 8.0};
constexpr double kAside = 0.45;       // rad
constexpr double kFollowed = 12e-3;  // m that the tip goes before the view goes after it
constexpr int kHome = 268, kEnd = 269, kComma = 44, kPeriod = 46;

class ReviewScreen : public Screen {
  public:
    ReviewScreen(Desk& desk, std::shared_ptr<const ScoredSession> session, const ReviewStart& start)
        : session_(std::move(session)),
          picture_(session_),
          timeline_(session_, desk.aside),
          moment_(session_),
          notes_(session_->file),
          hand_(*session_->stage->face),
          earlier_(sessions_beside(desk.sessions, *session_, kMostEarlier)) {
        if (auto front = picture_scene(*session_, "front", render::Overlay::none)) scene_ = std::move(*front);
        desk.problem.clear();
        if (start.criterion) choose(*start.criterion);
        go_to(start.time_us);
        if (start.criterion) look_at_place();
        spdlog::info("screen review");
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        if (!std::exchange(seen_, true)) {  // the face comes first, and the timeline below it
            desk.window.begin_page(true);
            desk.window.show({{desk.width() / 2, desk.height() - 1}, {desk.width() / 2, desk.height()}});
        }
        const double seconds = desk.window.frame_seconds();
        hand_.tick(seconds);
        read_keys(desk);
        play(seconds);
        if (!timeline_.dragging() && !notes_.writing()) hand_.steer(true);
        work_beside(desk);
        const bool halves = beside_ && beside_->ready();
        if (desk.narrow()) {
            draw_column(desk, halves);
        } else {
            draw_timeline(desk);
            if (!halves) draw_moment(desk);
            if ((!halves && !choosing_) || notes_.writing()) draw_notes(desk);
            if (choosing_) draw_choice(desk);
        }
        const bool news = show_time(desk);
        set_camera(desk);
        scene_.tier = desk.tier();
        if (halves)
            show_halves(desk);
        else
            notes_.draw_pins(desk, scene_.camera, *session_->stage->face);
        stillness_.judge(scene_, news, seconds);
        return leave(desk);
    }

    const render::SceneView* scene() const override { return &scene_; }
    render::Beside beside() const override { return beside_ && beside_->ready() ? beside_->picture() : render::Beside{}; }
    ImVec2 taken() const override { return {kSide + 2 * kMargin, ReviewMoment::kWidth + 2 * kMargin}; }

  private:
    // --- time ---

    uint32_t end_us() const { return picture_.replay().duration_us(); }

    void go_to(uint32_t time_us) {
        now_us_ = std::min(time_us, end_us());
        passed_us_ = now_us_;
    }

    void step(double by_us) {
        playing_ = false;
        go_to(static_cast<uint32_t>(std::clamp(now_us_ + by_us, 0.0, double{1} * end_us())));
    }

    void toggle_play() {
        playing_ = !playing_;
        if (playing_ && now_us_ >= end_us()) go_to(0);
        spdlog::info("review {} {:.3f}", playing_ ? "plays" : "pauses", now_us_ * 1e-6);
    }

    void play(double seconds) {
        if (!playing_) return;
        passed_us_ += seconds * kSpeeds[speed_] * 1e6;
        now_us_ = static_cast<uint32_t>(std::min(passed_us_, double{1} * end_us()));
        if (now_us_ >= end_us()) playing_ = false;
    }

    void change_speed(int by) { speed_ = static_cast<size_t>(std::clamp(static_cast<int>(speed_) + by, 0, int(kSpeeds.size()) - 1)); }

    /// True when the picture changed.
    bool show_time(Desk& desk) {
        const bool prepared = picture_.contact() != nullptr;
        if (shown_us_ == now_us_ && prepared) return false;
        picture_.go_to(*desk.renderer, now_us_, scene_);
        if (shown_us_ != now_us_ && !playing_) spdlog::info("review at {:.3f}", now_us_ * 1e-6);
        shown_us_ = now_us_;
        if (follow_) follow();
        return true;
    }

    // --- place ---

    std::optional<uint32_t> cell_now() const {
        const shared::ContactRecord* contact = training::contact_at(session_->recording.contacts, now_us_);
        if (!contact || contact->cell >= session_->stage->face->cells.size()) return std::nullopt;
        return contact->cell;
    }

    void look_at_place() {
        const auto cell = cell_now();
        if (!cell) return;
        auto camera = view_of_cells(*session_->stage->face, {*cell});
        if (!camera) return;
        camera->yaw -= kAside;  // past the pen, which would hide its tip
        camera->pitch = std::min(1.2, camera->pitch + kAside);
        hand_.go(*camera);
    }

    void look_at(const training::Note& note) {
        if (!note.cell) return;
        if (const auto camera = view_of_cells(*session_->stage->face, {*note.cell})) hand_.go(*camera);
    }

    /// All places of the line that is chosen.
    void look_at_marks() {
        if (const auto camera = view_of_cells(*session_->stage->face, scene_.highlighted_cells)) hand_.go(*camera);
    }

    void follow() {
        const auto cell = cell_now();
        if (!cell) return;
        const glm::dvec3 place = session_->stage->face->cells.seed[*cell];
        if (followed_ && glm::distance(*followed_, place) < kFollowed) return;
        followed_ = place;
        look_at_place();
    }

    void toggle_follow() {
        follow_ = !follow_;
        followed_.reset();
        if (follow_) follow();
    }

    void choose(size_t criterion) {
        scene_.highlighted_cells = session_->score.criteria[criterion].evidence.cells;
        spdlog::info("review criterion {}", session_->score.criteria[criterion].criterion.id);
    }

    void choose_overlay(render::Overlay overlay) {
        scene_.overlay = overlay;
        scene_.bands = overlay_bands(overlay, session_->rubric, *session_->stage);
    }

    /// In the middle of what panels leave free, and as large.
    void set_camera(Desk& desk) {
        const Style& style = desk.style;
        const bool halves = beside_ && beside_->ready(), narrow = desk.narrow();
        const double height = desk.height();
        const double below = !narrow ? bottom_height(style) + style.px(kMargin) : halves ? kFoot * height : 0;
        scene_.camera = halves   ? hand_.centred(0, 0, 0.5 * desk.width(), height)
                        : narrow ? hand_.centred(desk.column_width(), 0, desk.width(), height)
                                 : hand_.centred(style.px(kSide + kMargin), style.px(ReviewMoment::kWidth + kMargin), desk.width(), height);
        const double grown = std::min(1.5, height / std::max(1.0, height - below));
        scene_.camera.distance *= grown;
        const double metres = 2 * std::tan(scene_.camera.fov / 2) * scene_.camera.distance / height;
        scene_.camera.target -= scene_.camera.up() * (0.5 * below * metres);
    }

    // --- keys ---

    void read_keys(Desk& desk) {
        if (notes_.writing()) {
            if (desk.pressed(keys::kEscape)) notes_.cancel();
            return;
        }
        read_time_keys(desk);
        read_view_keys(desk);
        if (desk.pressed('B')) toggle_choice();
        if (desk.pressed('T')) by_share_ = !by_share_;
        if (choosing_) read_choice_keys(desk);
        if (desk.pressed('N')) begin_note(desk);
        if (desk.pressed('E')) notes_.correct(desk);
        if (desk.pressed('X')) notes_.take_back(desk);
        if (desk.pressed('P')) desk.settings_open = true;
        if (!desk.pressed(keys::kEscape)) return;
        if (choosing_)
            choosing_ = false;
        else if (beside_)
            beside_.reset();
        else
            leave_ = true;
    }

    void read_time_keys(Desk& desk) {
        if (desk.pressed(' ')) toggle_play();
        for (const auto& [key, way] : {std::pair{keys::kRight, 1.0}, std::pair{keys::kLeft, -1.0}}) {
            if (desk.pressed_with_shift(key, false, true)) step(way * kSecond_us);
            if (desk.pressed_with_shift(key, true, true)) step(way * 1e6 / skin::kStepsPerSecond);
        }
        if (desk.pressed(keys::kPageDown, true)) step(10.0 * kSecond_us);
        if (desk.pressed(keys::kPageUp, true)) step(-10.0 * kSecond_us);
        if (desk.pressed(kHome)) step(-1e12);
        if (desk.pressed(kEnd)) step(1e12);
        if (desk.pressed(kPeriod)) change_speed(1);
        if (desk.pressed(kComma)) change_speed(-1);
        for (const auto& [key, forwards] : {std::pair{keys::kDown, true}, std::pair{keys::kUp, false}})
            if (desk.pressed(key, true))
                if (const auto moment = timeline_.fault_after(now_us_, forwards)) jump(*moment);
    }

    void read_view_keys(Desk& desk) {
        if (desk.pressed('F')) hand_.go("front");
        if (desk.pressed('L')) hand_.go("left");
        if (desk.pressed('R')) hand_.go("right");
        if (desk.pressed('G')) toggle_follow();
        if (desk.pressed('O')) choose_overlay(static_cast<render::Overlay>((static_cast<int>(scene_.overlay) + 1) % 5));
        if (desk.pressed('A', true)) hand_.turn_head({kHeadStep, 0});
        if (desk.pressed('D', true)) hand_.turn_head({-kHeadStep, 0});
        if (desk.pressed('W', true)) hand_.turn_head({0, kHeadStep});
        if (desk.pressed('S', true)) hand_.turn_head({0, -kHeadStep});
    }

    void jump(uint32_t time_us) {
        playing_ = false;
        go_to(time_us);
        look_at_place();
    }

    void begin_note(Desk& desk) {
        playing_ = false;
        notes_.begin(desk, now_us_, cell_now());
    }

    // --- panels ---

    static constexpr float kFoot = 0.45f;  ///< of the window, that a column takes below two pictures

    /// All that panels hold, below each other: at the left of the picture, or below two.
    void draw_column(Desk& desk, bool halves) {
        const float top = halves ? desk.height() * (1 - kFoot) : 0;
        begin_column(desk, "##review_column", {0, top}, {halves ? desk.width() : desk.column_width(), desk.height() - top});
        if (notes_.writing()) {
            draw_notes(desk);
        } else {
            if (!halves) draw_moment(desk);
            list_controls(desk);
            if (choosing_) draw_choice(desk);
            obey(timeline_.draw(desk.style, desk.words, now_us_, notes_.standing()));
            if (!halves) draw_notes(desk);
        }
        end_column(desk);
    }

    void list_controls(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float gap = style.px(6), high = style.px(34), room = ImGui::GetContentRegionAvail().x;
        if (button(style, words(playing_ ? "review.pause" : "review.play"), {room, high}, true)) toggle_play();
        std::vector<std::string> speeds;
        for (const double speed : kSpeeds) speeds.push_back(fmt::format("{:g}x", speed));
        const ButtonRows rows = button_rows(style, speeds, room, gap);
        for (size_t i = 0; i < speeds.size(); ++i) {
            if (i % static_cast<size_t>(rows.columns) != 0) ImGui::SameLine(0, gap);
            if (chip(style, speeds[i], {rows.width, high}, speed_ == i)) speed_ = i;
        }
        const std::string names[] = {words("review.follow"), words("review.beside"), words("review.back")};
        const ButtonRows three = button_rows(style, names, room, gap);
        const auto next = [&](int number) {
            if (number % three.columns != 0) ImGui::SameLine(0, gap);
        };
        if (chip(style, names[0], {three.width, high}, follow_)) toggle_follow();
        next(1);
        if (chip(style, names[1], {three.width, high}, beside_ != nullptr)) toggle_choice();
        next(2);
        if (button(style, names[2], {three.width, high})) leave_ = true;
        if (const auto clicked = overlay_chips(style, words, scene_.overlay, 5, high)) choose_overlay(*clicked);
    }

    float bottom_height(const Style& style) const { return style.px(kControls + 26) + timeline_.height(style); }

    void draw_timeline(Desk& desk) {
        const Style& style = desk.style;
        const float margin = style.px(kMargin), height = bottom_height(style);
        begin_panel("##review", {margin, desk.height() - height - margin}, {desk.width() - 2 * margin, height}, style);
        draw_controls(desk);
        const ReviewTimeline::Wish wish = timeline_.draw(style, desk.words, now_us_, notes_.standing());
        end_panel(style);
        obey(wish);
    }

    void obey(const ReviewTimeline::Wish& wish) {
        if (wish.time_us) {
            playing_ = false;
            go_to(*wish.time_us);
        }
        if (wish.criterion) {
            choose(*wish.criterion);
            if (!wish.time_us) look_at_marks();
        }
        if (wish.look) look_at_place();
        if (!wish.note) return;
        notes_.choose(*wish.note);
        const auto note = std::ranges::find(notes_.standing(), *wish.note, &training::Note::id);
        if (note != notes_.standing().end()) look_at(*note);
    }

    void draw_controls(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float high = style.px(kControls - 10), gap = style.px(6);
        if (button(style, words(playing_ ? "review.pause" : "review.play"), {style.px(104), high}, true)) toggle_play();
        ImGui::SameLine(0, gap);
        for (size_t i = 0; i < kSpeeds.size(); ++i) {
            if (chip(style, fmt::format("{:g}x", kSpeeds[i]), {style.px(46), high}, speed_ == i)) speed_ = i;
            ImGui::SameLine(0, gap);
        }
        if (chip(style, words("review.follow"), {style.px(104), high}, follow_)) toggle_follow();
        ImGui::SameLine(0, gap);
        if (chip(style, words("review.beside"), {style.px(110), high}, beside_ != nullptr)) toggle_choice();
        ImGui::SameLine(0, 2 * gap);
        draw_overlay_chips(desk, high);
        ImGui::SameLine(0, 2 * gap);
        const float rest = ImGui::GetContentRegionAvail().x;
        if (button(style, words("review.back"), {std::min(rest, style.px(110)), high})) leave_ = true;
    }

    void draw_overlay_chips(Desk& desk, float high) {
        const float width = ImGui::GetContentRegionAvail().x - desk.style.px(122);
        ImGui::BeginChild("##overlays", {width, high}, false, ImGuiWindowFlags_NoScrollbar);
        if (const auto clicked = overlay_chips(desk.style, desk.words, scene_.overlay, 5, high)) choose_overlay(*clicked);
        ImGui::EndChild();
    }

    void draw_notes(Desk& desk) {
        const Style& style = desk.style;
        const float margin = style.px(kMargin), height = std::min(room_above(desk), notes_.height(style));
        begin_panel("##notes", {margin, margin}, {style.px(kSide), height}, style);
        const ReviewNotes::Wish wish = notes_.draw(desk);
        end_panel(style);
        if (wish.begin) begin_note(desk);
        if (!wish.go_to) return;
        playing_ = false;
        go_to(wish.go_to->time_us);
        look_at(*wish.go_to);
    }

    // --- side by side ---

    void read_choice_keys(Desk& desk) {
        if (desk.pressed('1')) take_beside(desk, 0);
        for (size_t i = 0; i < earlier_.size(); ++i)
            if (desk.pressed('2' + static_cast<int>(i))) take_beside(desk, i + 1);
        if (desk.pressed('0')) take_beside(desk, earlier_.size() + 1);
    }

    void toggle_choice() {
        choosing_ = !choosing_;
        bring_choice_ = choosing_;
    }

    /// 0 the simulated expert, then earlier sessions, then none.
    void take_beside(Desk& desk, size_t which) {
        choosing_ = false;
        beside_.reset();
        if (which == 0)
            beside_ = std::make_unique<ReviewBeside>(desk, session_);
        else if (which <= earlier_.size())
            beside_ = std::make_unique<ReviewBeside>(desk, session_, earlier_[which - 1].path, earlier_[which - 1].begun);
    }

    void work_beside(Desk& desk) {
        if (!beside_) return;
        if (auto status = beside_->work(desk); !status) {
            desk.refuse(status.error());
            beside_.reset();
        } else if (!beside_->ready()) {
            draw_heading(desk, desk.words("review.beside_coming", fmt::arg("name", beside_->name())), 0.5f * desk.width());
        }
    }

    /// Both runs at the same moment, under one camera.
    void show_halves(Desk& desk) {
        const Words& words = desk.words;
        const uint32_t before_us = beside_->time_us();
        beside_->show(beside_->time_beside(now_us_, end_us(), by_share_), scene_);
        const shared::ContactRecord* contact = training::contact_at(session_->recording.contacts, now_us_);
        const auto told = [&](const std::string& name, uint32_t time_us, const shared::ContactRecord* at) {
            std::string line = name + "  " + training::clock_moment(time_us);
            if (at && (at->flags & shared::kContactTouching))
                line += "  " + words("review.value_force", fmt::arg("value", training::fixed_decimal(at->force_mn, 2))) + "  " +
                        words("review.value_tilt", fmt::arg("value", training::fixed_decimal(at->tilt_cdeg * 10, 1))) + "  " +
                        words("review.value_speed", fmt::arg("value", training::fixed_decimal(at->speed_um_s / 10, 1)));
            return line;
        };
        const std::string left = told(words("review.this_run"), now_us_, contact), right = told(beside_->name(), beside_->time_us(), beside_->contact());
        draw_heading(desk, left, 0.25f * desk.width());
        draw_heading(desk, right, 0.75f * desk.width());
        if (!playing_ && beside_->time_us() != before_us) spdlog::info("review halves {:.3f} {:.3f}: {} | {}", now_us_ * 1e-6, beside_->time_us() * 1e-6, left, right);
        const float x = 0.5f * desk.width();
        ImGui::GetBackgroundDrawList()->AddLine({x, 0}, {x, desk.height()}, IM_COL32(10, 12, 14, 255), desk.style.px(3));
    }

    /// One line on a dark ground at the top, round `middle`.
    static void draw_heading(Desk& desk, const std::string& told, float middle) {
        const Style& style = desk.style;
        const float most = 0.48f * desk.width() - style.px(20);
        const std::string line = desk.narrow() ? told : fit(style.body, told, most);
        const ImVec2 size = text_size(style.body, line, most), at{middle - size.x * 0.5f, style.px(kMargin + 6)};
        ImDrawList& draw = *ImGui::GetBackgroundDrawList();
        draw.AddRectFilled({at.x - style.px(10), at.y - style.px(6)}, {at.x + size.x + style.px(10), at.y + size.y + style.px(6)},
                           colour::kPanel, style.px(6));
        draw_text(draw, style.body, at, colour::kText, line, most + 1);
    }

    void draw_choice(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float high = style.px(34), gap = style.px(6), wide = style.px(360);
        const size_t rows = earlier_.size() + 2 + (beside_ ? 1 : 0);
        const float height = static_cast<float>(rows) * (high + gap) + style.px(26);
        begin_panel("##beside", {style.px(kMargin), desk.height() - bottom_height(style) - height - style.px(kMargin + 8)},
                    {wide, height}, style, colour::kPanel, true);
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
        const float inner = ImGui::GetContentRegionAvail().x;
        if (button(style, "1  " + words("review.expert"), {inner, high})) take_beside(desk, 0);
        if (std::exchange(bring_choice_, false) && in_column(style)) scroll_here(style);
        for (size_t i = 0; i < earlier_.size(); ++i)
            if (button(style, fmt::format("{}  {}", i + 2, earlier_[i].begun), {inner, high})) {
                take_beside(desk, i + 1);
                break;
            }
        if (chip(style, words(by_share_ ? "review.by_share" : "review.by_time"), {inner, high}, false)) by_share_ = !by_share_;
        if (beside_ && button(style, "0  " + words("review.alone"), {inner, high})) take_beside(desk, earlier_.size() + 1);
        ImGui::PopStyleVar();
        end_panel(style);
    }

    /// px from the upper margin down to the timeline's panel.
    float room_above(const Desk& desk) const {
        return desk.height() - bottom_height(desk.style) - desk.style.px(2 * kMargin + 8);
    }

    /// What the hand did at the moment shown.
    void draw_moment(Desk& desk) {
        const float margin = desk.style.px(kMargin);
        moment_.draw(desk, {desk.width() - margin, margin}, room_above(desk), now_us_, timeline_, picture_.replay().prepared());
    }

    std::unique_ptr<Screen> leave(Desk& desk) {
        if (!leave_) return nullptr;
        show_evidence(*desk.renderer, *session_);
        return score_screen(desk, session_, true);
    }

    std::shared_ptr<const ScoredSession> session_;
    ReviewPicture picture_;
    ReviewTimeline timeline_;
    ReviewMoment moment_;
    ReviewNotes notes_;
    CameraHand hand_;
    render::SceneView scene_;
    Stillness stillness_;
    uint32_t now_us_ = 0;
    std::optional<uint32_t> shown_us_;
    double passed_us_ = 0;  ///< while playing, with parts of a microsecond
    size_t speed_ = 2;
    bool playing_ = false, follow_ = false, leave_ = false;
    std::optional<glm::dvec3> followed_;
    std::vector<SessionFile> earlier_;
    std::unique_ptr<ReviewBeside> beside_;
    bool seen_ = false;
    bool choosing_ = false, by_share_ = false;
    bool bring_choice_ = false;  ///< it is to be seen
};

}  // namespace

std::unique_ptr<Screen> open_review(Desk& desk, std::shared_ptr<const ScoredSession> session, const ReviewStart& start) {
    return std::make_unique<ReviewScreen>(desk, std::move(session), start);
}

}  // namespace app
