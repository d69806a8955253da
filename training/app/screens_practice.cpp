// Practice: the face fills the window, the pen follows the mouse, and what the needles did is told at once.

#include "engine/base/log.h"
#include "training/app/bands.h"
#include "training/app/camera_hand.h"
#include "training/app/care.h"
#include "training/app/coach_view.h"
#include "training/app/exam_sitting.h"
#include "training/app/hints.h"
#include "training/app/patient_card.h"
#include "training/app/pen_lead.h"
#include "training/app/pen_legend.h"
#include "training/app/screens.h"
#include "training/app/screens_exam.h"
#include "training/app/screens_lessons.h"
#include "training/app/visit_panel.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>

#include <algorithm>
#include <cmath>

namespace app {

namespace {

constexpr double kHeadStep = 15 * 0.0174533;                        // rad a key press
constexpr int kDigits = 9;                                          // keys that zones have
constexpr double kTiltStep = 0.0174533;                             // rad, one degree a key press
constexpr double kPullStep = 0.5e-3;                                // m a key press
constexpr double kTurnStep = 15 * 0.0174533;                        // rad a key press
constexpr double kNearFinger = 11e-3;                               // m: the pointer is on a fingertip
constexpr double kSlipSeen = 0.3e-3;                                // m of sliding worth a word
constexpr double kSlipSaid = 2.5;                                   // s that the word stays
constexpr double kWrongPenSaid = 4;                                 // s that the word stays
constexpr double kStays = 0.4;                                      // s on another zone before one is at it
constexpr uint16_t kRateStep = 100;                                 // 0.1 Hz
constexpr double kHover = 4e-3;                                     // m above the skin while the pen is up
constexpr float kPanelLeft = 252, kPanelRight = 288, kMargin = 12;  // design pixels
constexpr float kCloseUp = 196, kViewsHeight = 34;
constexpr float kCloseUpMost = 0.4f;  // of the picture's shorter side

class PracticeScreen : public Screen {
  public:
    PracticeScreen(Desk& desk, std::shared_ptr<const training::Stage> stage, training::Rubric rubric,
                   std::shared_ptr<Visit> visit, std::shared_ptr<LessonRun> lesson)
        : stage_(std::move(stage)),
          rubric_(std::move(rubric)),
          visit_(std::move(visit)),
          lesson_(std::move(lesson)),
          exam_(desk.exam),
          aided_(!exam_),
          live_(visit_ ? visit_->shared_live() : exam_ ? exam_->live : std::make_shared<LiveSession>(stage_, desk.sessions)),
          lead_(stage_, *live_),
          hand_(*stage_->face, seat_of(desk)),
          card_(desk.options.places, stage_->face),
          begun_(visit_ && visit_->begun()) {
        if (stage_->coach_problem && aided_) desk.refuse(*stage_->coach_problem);
        if (visit_) care_ = visit_->treatment().events();
        if (!visit_ && !exam_) live_->set_trainee(desk.settings.trainee);
        wipes_ = wipes_of(*stage_->face, care_);
        desk.pens.known = calibration_points(*stage_->face);
        if (!begun_) desk.renderer->clear_evidence();
        desk.renderer->set_coverage_floor(
            training::density_targets(rubric_, stage_->device).floor);
        for (const std::string& id : stage_->practice.zones)
            if (const int zone = stage_->face->find_zone(id); zone >= 0)
                zones_.push_back(static_cast<uint8_t>(zone));
        scene_.prescribed.assign(stage_->face->zones.size(), 0);
        for (const uint8_t zone : zones_) scene_.prescribed[zone] = 1;
        if (zones_.empty()) scene_.prescribed.clear();
        scene_.outline_zones = true;
        scene_.kernel = &stage_->skin.kernel;
        if (stage_->face->kind == face::Kind::pad) hand_.go("front", true);
        if (lesson_) begin_lesson();
        spdlog::info("screen practice {}", stage_->practice.id);
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        tell_in_language(desk);
        if (!std::exchange(seen_, true)) desk.window.begin_page(true);  // the face comes first
        live_->collect(view_);
        desk.renderer->add(view_.punctures, view_.contacts, view_.clock);
        show_care();
        const bool news = !view_.punctures.empty() || !view_.contacts.empty();
        if (view_.problem) desk.refuse(*view_.problem);
        log_clock();
        log_fingers();
        turn_to_zone();
        doings_ = {};
        const bool moving = hand_.moving();
        hand_.sit(seat_of(desk));
        hand_.tick(desk.motion_seconds());
        if (moving && !hand_.moving()) spdlog::debug("view reached");
        if (lesson_ && lesson_->reading()) {
            wait_for_lesson(desk);
        } else {
            const bool menu = pad_reads();  // what closes it is no wish to open it
            menu ? read_menu_keys(desk) : read_keys(desk);
            read_pens(desk, menu);
        }
        draw_panels(desk);
        tell_pen(desk);
        desk.sounds.hear(view_, stage_->device, view_.cue ? cue_words(*view_.cue) : std::string());
        if (aided_) {
            tell_conditions(desk);
            draw_hint(desk, draw_coach(desk));
        }
        if (help_) draw_help(desk);
        if (exam_) hold_exam(desk);
        if (lesson_) go_on_with_lesson(desk);
        set_scene(desk);
        stillness_.judge(scene_, news, desk.window.frame_seconds());
        return leave(desk);
    }

    /// Names and texts follow the language that is spoken.
    void tell_in_language(Desk& desk) {
        const base::Places& places = desk.options.places;
        if (visit_) visit_->tell_in(places);
        if (stage_->language == places.language) return;
        stage_ = visit_ ? visit_->stage() : training::retold(places, *stage_);
        scene_.kernel = &stage_->skin.kernel;
        card_ = PatientCard(places, stage_->face);
    }

    const render::SceneView* scene() const override { return &scene_; }
    ImVec2 taken() const override { return {kPanelLeft + kMargin, kPanelRight + kMargin}; }

  private:
    enum class Wish : uint8_t { none, finish, back, leave };

    /// Tells those who watch from outside where the recording is and how far it has come.
    void log_clock() {
        const auto second = static_cast<int>(view_.clock);
        if (view_.file.empty() || second == logged_second_) return;
        if (logged_second_ < 0) spdlog::info("recording {}", view_.file.string());
        spdlog::debug("clock {} s", second);
        logged_second_ = second;
    }

    /// Where the pen is put down, or stays, is the zone at hand of a visit; one that a stroke only crosses is not, nor is a
    /// place to spare within one.
    void turn_to_zone() {
        uint8_t zone = view_.contact.touching ? view_.contact.zone : uint8_t{0};
        if (visit_ && visit_->needled() && stage_->face->zones[zone].id == "lesion") zone = touched_;
        if (zone != touched_) touched_at_ = touched_ == 0 ? view_.clock - kStays : view_.clock;
        touched_ = zone;
        if (visit_ && zone != 0 && view_.clock - touched_at_ >= kStays) visit_->turn_to(view_.clock, stage_->face->zones[zone].id);
    }

    void log_fingers() {
        if (view_.contact.fingers.size() == logged_fingers_) return;
        logged_fingers_ = view_.contact.fingers.size();
        spdlog::debug("fingers {}", logged_fingers_);
    }

    // --- an exam ---

    /// Its time runs from the first picture on, whatever the hands do, and ends the attempt; a pause ends where no more is allowed.
    void hold_exam(Desk& desk) {
        begin();
        const float margin = desk.style.px(kMargin), from = left(desk) + margin, to = desk.width() - right(desk) - margin;
        const ExamTime time = keep_exam_time(desk, view_, from, to);
        if (view_.phase == Phase::paused && !may_pause()) live_->start();
        exam_strip_top_ = time.top;
        if (time.over) wish_ = Wish::finish;
        wrong_pen_said_ -= desk.window.frame_seconds();
        const std::string said = sure_ ? sure_words(desk) : wrong_pen_said_ > 0 ? wrong_pen_words(desk) : std::string();
        if (said.empty()) return;
        const Seen seen = desk.seen(from, to);
        draw_note(desk.style, said, seen.left, seen.right, (legend_top_ > 0 ? legend_top_ : time.top) - margin);
    }
    /// Nobody hands in by one press in passing.
    bool asks_first() {
        if (!exam_ || exam_->clock->over() || std::exchange(sure_, true)) return false;
        spdlog::debug("asks whether to hand in");
        return true;
    }
    /// By what it is answered: a gamepad's buttons by their own names.
    std::string sure_words(const Desk& desk) const {
        if (!helps_with_pad()) return desk.words("exam.sure");
        const std::string pad = desk.window.gamepad_name();
        return desk.words("exam.sure_pad", fmt::arg("again", pad_button(desk.words, pad, menu_ ? "south" : "back")),
                          fmt::arg("no", pad_button(desk.words, pad, "east")));
    }
    bool may_pause() const { return !exam_ || exam_->clock->pause_left() > 0; }

    // --- a lesson ---

    void begin_lesson() {
        choose_overlay(lesson_->overlay());
        training::CueSet cues;
        if (lesson_->gives("cues"))
            for (const std::string& id : lesson_->lesson().cues) cues.set(static_cast<size_t>(*training::find_cue(id)));
        coach_.allow(cues);
        if (lesson_->lesson().depth_um && stage_->device.has_motor()) live_->set_depth(*lesson_->lesson().depth_um);
        if (stage_->face->kind == face::Kind::head && !zones_.empty()) hand_.go("zone:" + stage_->face->zones[zones_.front()].id, true);
    }

    /// Its card lies over all; behind it the view stands still.
    void wait_for_lesson(Desk& desk) {
        if (desk.pressed(keys::kEscape)) wish_ = Wish::leave;
        scene_.camera = hand_.centred(left(desk), right(desk), desk.width(), desk.height());
    }

    /// Pixels that panels take at either side of the picture.
    static float left(const Desk& desk) { return desk.narrow() ? desk.column_width() : desk.style.px(kPanelLeft + kMargin); }
    static float right(const Desk& desk) { return desk.narrow() ? 0 : desk.style.px(kPanelRight + kMargin); }
    /// Where words over the picture begin.
    static float under_views(const Desk& desk, float gap) { return desk.style.px(desk.narrow() ? kMargin : kMargin + kViewsHeight + gap); }

    void go_on_with_lesson(Desk& desk) {
        const Style& style = desk.style;
        const float aside = desk.settings.close_up && !desk.narrow() ? style.px(kCloseUp + kMargin) : 0, margin = style.px(kMargin);
        const Seen seen = desk.seen(left(desk) + margin, desk.width() - right(desk) - margin - aside);
        const float top = std::max(under_views(desk, 6), seen.top + margin);
        if (lesson_->frame(desk, view_, desk.renderer->statistics(), scene_.camera, {seen.left, top}, seen.right - seen.left))
            wish_ = Wish::finish;
    }

    /// The clock runs; a lesson's recording begins with its name.
    void start() {
        live_->start();
        if (lesson_) lesson_->tell(*live_);
    }

    // --- input ---

    void read_keys(Desk& desk) {
        desk.focus.rest();  // each control has a key of its own here
        if (desk.pressed('F')) look_from("front");
        if (desk.pressed('L')) look_from("left");
        if (desk.pressed('R')) look_from("right");
        read_zone_keys(desk);
        if (desk.pressed('A', true)) turn_head({kHeadStep, 0});
        if (desk.pressed('D', true)) turn_head({-kHeadStep, 0});
        if (desk.pressed('W', true)) turn_head({0, kHeadStep});
        if (desk.pressed('S', true)) turn_head({0, -kHeadStep});
        if (aided_) read_aid_keys(desk);
        read_finger_keys(desk);
        if (desk.pressed('G')) put_medium();
        if (desk.pressed('X')) wipe();
        if (visit_ && desk.pressed('B')) call_end_point();
        if (visit_ && desk.pressed(keys::kBackspace)) wish_ = Wish::back;
        if (desk.pressed('H')) help_ = !help_;
        if (desk.pressed(keys::kEscape)) escape();
        if (desk.pressed(' ')) lead_.keys_lead() && view_.phase != Phase::paused ? lead_.put_down() : toggle();
        read_setting_keys(desk);
        read_leading_keys(desk);
        if (desk.pressed(keys::kEnter) || desk.pressed(keys::kPadEnter)) wish_ = Wish::finish;
        read_tilt(desk);
    }

    /// Of the needles: how deep and, with Shift, how often.
    void read_setting_keys(Desk& desk) {
        for (const auto& [key, notches] : {std::pair(keys::kPageUp, +1), {keys::kPageDown, -1}}) {
            if (desk.pressed_with_shift(key, false)) change_depth(notches);
            if (desk.pressed_with_shift(key, true)) change_rate(notches);
        }
    }

    /// K has keys lead the pen, and no longer.
    void read_leading_keys(Desk& desk) {
        if (desk.pressed('K')) lead_.lead_with_keys(!lead_.keys_lead());
        if (!lead_.keys_lead()) return;
        if (desk.pressed('U', true)) lead_.press_harder(+1);
        if (desk.pressed('J', true)) lead_.press_harder(-1);
    }

    /// The arrows that are held and mean nothing else.
    glm::ivec2 arrows(const Desk& desk) const {
        const ImGuiIO& io = ImGui::GetIO();
        if (desk.settings_open || io.KeyShift || io.KeyCtrl) return {0, 0};
        const auto down = [](int key) { return ImGui::IsKeyDown(key) ? 1 : 0; };
        return {down(keys::kRight) - down(keys::kLeft), down(keys::kDown) - down(keys::kUp)};
    }

    // --- the menu of a gamepad: its buttons go round what is on screen instead of leading the pen ---

    /// The same where it reads what its buttons do, which may have to be scrolled.
    bool pad_reads() const { return menu_ || (help_ && lead_.leader() == Leader::gamepad); }

    /// Time stands still meanwhile, where it may.
    void open_menu() {
        menu_ = true;
        if (view_.phase == Phase::running) pause();
        spdlog::debug("pad menu opens");
    }
    void close_menu() {
        menu_ = false;
        if (view_.phase == Phase::paused) start();
        spdlog::debug("pad menu closes");
    }
    void read_menu_keys(Desk& desk) {
        if (help_ && desk.pressed('H')) help_ = false;
        if (!desk.pressed(keys::kEscape)) return;
        help_ || sure_ ? void(help_ = sure_ = false) : close_menu();
    }

    /// What no exam has.
    void read_aid_keys(Desk& desk) {
        if (desk.pressed('C')) desk.settings.close_up = !desk.settings.close_up;
        if (desk.pressed('P') && !lead_.pressed()) desk.settings_open = true;
        if (desk.pressed('O'))
            choose_overlay(static_cast<render::Overlay>((static_cast<int>(scene_.overlay) + 1) % 5));
        if (desk.pressed('N')) card_.step();
    }

    /// Shift and an arrow is the other hand's.
    void read_finger_keys(Desk& desk) {
        if (desk.pressed('T')) {
            live_->set_traction(!view_.traction);
            begin();
        }
        const auto shifted = [&desk](int key) { return desk.pressed_with_shift(key, true, true); };
        if (shifted(keys::kUp)) live_->pull_more(kPullStep);
        if (shifted(keys::kDown)) live_->pull_more(-kPullStep);
        if (shifted(keys::kLeft)) live_->turn_fingers(kTurnStep);
        if (shifted(keys::kRight)) live_->turn_fingers(-kTurnStep);
    }

    // --- care and end points: in a visit they are acts of its procedure ---

    void put_medium() {
        if (visit_ && zone_ != 0)
            visit_act("glide_medium", stage_->face->zones[zone_].id);
        else
            live_->put_medium(zone_);
    }
    void wipe() {
        if (visit_ && zone_ != 0)
            visit_act("wipe", stage_->face->zones[zone_].id);
        else
            live_->wipe(zone_);
    }
    /// Of the zone at hand, wherever the pointer went on its way to the button.
    void call_end_point() { visit_act(training::kEndPoint, visit_->treatment().zone()); }

    void visit_act(const char* event, const std::string& zone) {
        if (auto done = visit_->act(view_.clock, event, zone); !done) spdlog::debug("refused: {}", done.error().message);
    }

    /// Whatever the hands do first starts the clock: nobody has to find a button first.
    void begin() {
        if (view_.phase != Phase::ready || begun_) return;
        begun_ = true;
        visit_ ? visit_->begin() : start();
    }

    /// 1 to 9, with Shift the next nine; Tab and ] to the next of the list, Shift+Tab and [ to the one before.
    void read_zone_keys(Desk& desk) {
        for (char digit = '1'; digit <= '9'; ++digit)
            for (const bool shift : {false, true})
                if (desk.pressed_with_shift(digit, shift)) look_at_entry(digit - '1' + (shift ? kDigits : 0));
        const bool on = desk.pressed_with_shift(keys::kTab, false, true) || desk.pressed(']', true);
        const bool back = desk.pressed_with_shift(keys::kTab, true, true) || desk.pressed('[', true);
        const int step = on ? 1 : back ? -1 : 0;
        const int count = static_cast<int>(zones_.size());
        if (step == 0 || count == 0) return;
        look_at_entry(entry_ < 0 ? (step > 0 ? 0 : count - 1) : (entry_ + step + count) % count);
    }

    void look_at_entry(int entry) {
        if (entry < 0 || entry >= static_cast<int>(zones_.size()) || lead_.pressed()) return;
        entry_ = entry;
        bring_into_view_ = true;
        lead_.to_middle();
        look_at(zones_[static_cast<size_t>(entry)]);
    }

    void turn_head(glm::dvec2 by) {
        if (lead_.pressed()) return;
        hand_.turn_head(by);
        doings_.moved_view = true;
    }

    static Seat seat_of(const Desk& desk) { return desk.settings.left_handed ? Seat::left : Seat::right; }

    void read_tilt(Desk& desk) {
        const auto pressed = [&desk](int key, bool shift = false) { return desk.pressed_with_shift(key, shift, true); };
        const auto arrow = [&](int key) { return !lead_.keys_lead() && pressed(key); };
        if (pressed('Q') || arrow(keys::kLeft)) lead_.lean({-kTiltStep, 0});
        if (pressed('E') || arrow(keys::kRight)) lead_.lean({kTiltStep, 0});
        if (pressed('E', true) || arrow(keys::kUp)) lead_.lean({0, kTiltStep});
        if (pressed('Q', true) || arrow(keys::kDown)) lead_.lean({0, -kTiltStep});
        if (pressed('0')) lead_.stand_upright();
    }

    void look_from(std::string_view view, bool leaning = false) {
        if (!lead_.pressed() && hand_.go(view, leaning)) doings_.moved_view = true;
    }
    void look_at(uint8_t zone) { look_from("zone:" + stage_->face->zones[zone].id, true); }

    void choose_overlay(render::Overlay overlay) {
        scene_.overlay = overlay;
        scene_.bands = overlay_bands(overlay, rubric_, *stage_);
        doings_.changed_overlay = true;
    }

    /// From the nearest thing that can be left: the list of keys, the pen that keys lead, the work, the session; an attempt at an exam
    /// has no way out and goes on.
    void escape() {
        if (help_ || sure_)
            help_ = sure_ = false;
        else if (lead_.keys_lead())
            lead_.lead_with_keys(false);
        else if (view_.phase == Phase::running)
            pause();
        else
            exam_ ? start() : void(wish_ = Wish::leave);
    }

    void toggle() {
        if (view_.phase == Phase::running)
            pause();
        else
            menu_ ? close_menu() : start();
    }
    void pause() {
        if (may_pause()) live_->pause();
    }

    void change_depth(int notches) {
        const skin::DeviceProfile& device = stage_->device;
        if (!device.has_motor()) return;
        const double wished = view_.depth_um * 1e-6 + notches * device.depth_step;
        const double depth = std::clamp(wished, device.depth_min, device.depth_max);
        live_->set_depth(static_cast<uint16_t>(std::lround(depth * 1e6)));
    }

    void change_rate(int notches) {
        const skin::DeviceProfile& device = stage_->device;
        const int rate =
            std::clamp(view_.rate_dhz + notches * kRateStep, static_cast<int>(device.rate_min_hz * 10),
                       static_cast<int>(device.rate_max_hz * 10));
        live_->set_rate(static_cast<uint16_t>(rate));
    }

    void read_pens(Desk& desk, bool menu) {
        const bool pressed = lead_.pressed();
        // The head keeps still while the pen is on it.
        if (!pressed && hand_.steer(false)) doings_.moved_view = true;
        scene_.camera = hand_.centred(left(desk), right(desk), desk.width(), desk.height());
        LeadField field;
        field.camera = scene_.camera;
        field.still = !hand_.moving();
        field.left = left(desk);
        field.right = desk.width() - right(desk);
        field.automatic = aided_ && (desk.settings.automatic_fingers || (lesson_ && lesson_->gives("fingers")));
        field.traction = view_.traction;
        field.touching = view_.contact.touching;
        field.menu = pad_reads();
        field.arrows = arrows(desk);
        if (exam_) field.pens = exam_->pens;
        if (!begun_) field.begin = [this] { begin(); };
        const LeadWishes wishes = lead_.read(desk, field);
        doings_.turned_wheel = wishes.turned_wheel;
        doings_.held_skin = view_.traction;
        doings_.measures_force = lead_.leader() != Leader::mouse && lead_.leader() != Leader::keys;
        if (wishes.deeper != 0) change_depth(wishes.deeper);
        if (wishes.menu && !menu) open_menu();
        if (wishes.wrong_pen) refuse_pen(*wishes.wrong_pen);
        keep_in_view(desk);
    }

    void refuse_pen(Leader pen) {
        if (wrong_pen_said_ <= 0 || pen != wrong_pen_) spdlog::debug("wrong pen {}", leader_name(pen));
        wrong_pen_ = pen;
        wrong_pen_said_ = kWrongPenSaid;
    }

    /// A pen that no pointer leads is followed by a page that is larger than the window.
    void keep_in_view(Desk& desk) {
        if (desk.window.page().whole() || !lead_.hover()) return;
        if (lead_.leader() == Leader::mouse || lead_.leader() == Leader::stylus) return;
        const ImVec2 at = Projection(scene_.camera, desk.width(), desk.height())(lead_.hover()->place);
        const double round = desk.style.px(60);
        desk.window.show({{at.x - round, at.y - round}, {at.x + round, at.y + round}});
    }

    // --- picture ---

    /// Zones that were wiped or wetted look it from now on.
    void show_care() {
        const std::vector<render::WipeStroke> strokes = wipes_of(*stage_->face, view_.care);
        care_.insert(care_.end(), view_.care.begin(), view_.care.end());
        wipes_.insert(wipes_.end(), strokes.begin(), strokes.end());
        scene_.wipes = wipes_;
        scene_.wet = wet_zones(*stage_->face, care_, stage_->skin.medium_lasts, view_.clock);
    }

    void set_scene(Desk& desk) {
        scene_.tier = desk.tier();
        // On bare skin only the zone at hand stands out; on a map all do.
        scene_.outlined_zone = scene_.overlay == render::Overlay::none ? std::optional(zone_) : std::nullopt;
        scene_.time = view_.clock;
        scene_.inset.reset();
        scene_.contact = view_.contact.moves_skin() ? &view_.contact : nullptr;
        scene_.pen.reset();
        show_fingers();
        const bool touching = view_.contact.touching && view_.phase == Phase::running;
        // The pen would hide what the other hand does; a ring tells where it is.
        if (lead_.leads_fingers() && !touching) return mark_pen(desk);
        if (!touching && !lead_.hover()) return;
        const skin::DeviceProfile& device = stage_->device;
        render::PenView pen;
        pen.tip_radius = device.tip_radius;
        pen.opening_radius = device.opening_radius;
        pen.pins = device.pins;
        pen.motor = device.has_motor() && view_.phase == Phase::running;
        pen.tool = tool_of(device.kind);
        pen.needle_depth = device.pin_length;
        pen.drum_turn = view_.contact.drum_turn;
        if (lead_.tracked() && !touching) {
            pen.tip = lead_.tracked()->tip;
            pen.axis = lead_.tracked()->axis;
        } else if (touching) {
            pen.tip = view_.contact.tip;
            pen.axis = view_.contact.axis;
            if (device.has_motor()) pen.needle_depth = view_.depth_um * 1e-6;
        } else {
            pen.tip = lead_.hover()->place + lead_.hover()->normal * kHover;
            const glm::dvec3 lean =
                scene_.camera.right() * std::tan(lead_.tilt().x) + scene_.camera.up() * std::tan(lead_.tilt().y);
            pen.axis = glm::normalize(lean - lead_.hover()->normal);
        }
        if (pen.tool == render::Tool::roller) pen.side = glm::cross(view_.contact.heading, pen.axis);
        if (desk.settings.close_up && aided_) show_tip(desk, pen);
        scene_.pen = std::move(pen);
    }

    /// Fingertips where they hold, and one over the skin where a drag would put it.
    void show_fingers() {
        scene_.fingers.clear();
        bool takes_one = lead_.has_second() ? lead_.second_pressed() : lead_.pressed();
        for (const skin::Fingertip& tip : view_.contact.fingers) {
            render::FingerView finger;
            finger.place = tip.place + tip.pull;
            finger.normal = tip.normal;
            if (const auto hit = stage_->face->index->closest(finger.place, kNearFinger)) {
                finger.place = hit->position;
                finger.normal = mesh::normal_at(stage_->face->mesh, hit->point);
            }
            finger.pointing = view_.pointing[tip.finger == 1 ? 0 : 1];
            finger.pull = glm::length(tip.pull);
            if (lead_.finger_hover() && glm::distance(finger.place, lead_.finger_hover()->place) < kNearFinger) takes_one = true;
            scene_.fingers.push_back(finger);
        }
        if (!lead_.finger_hover() || takes_one) return;
        const glm::dvec3 over = lead_.finger_hover()->place + lead_.finger_hover()->normal * kHover;
        scene_.fingers.push_back({over, lead_.finger_hover()->normal, scene_.camera.up(), 0});
    }

    /// A ring where the pen rests, with the stretch that the fingers make there.
    void mark_pen(Desk& desk) {
        if (!lead_.hover()) return;
        const Style& style = desk.style;
        const Projection seen(scene_.camera, desk.width(), desk.height());
        glm::dvec3 along, across;
        face::FaceAsset::tangent_frame(lead_.hover()->normal, along, across);
        std::vector<ImVec2> ring;
        for (int i = 0; i < 48; ++i) {
            const double angle = i * (2 * 3.14159265358979 / 48), radius = stage_->device.tip_radius;
            ring.push_back(seen(lead_.hover()->place + radius * (std::cos(angle) * along + std::sin(angle) * across)));
        }
        ImDrawList& draw = *ImGui::GetBackgroundDrawList();
        const int count = static_cast<int>(ring.size());
        draw.AddPolyline(ring.data(), count, IM_COL32(10, 12, 14, 255), ImDrawFlags_Closed, style.px(4));
        draw.AddPolyline(ring.data(), count, IM_COL32(255, 255, 255, 255), ImDrawFlags_Closed, style.px(2));
        if (!view_.traction || !aided_) return;
        const double stretch = 100 * view_.contact.drawn.stretch;
        const std::string words = desk.words("value.percent", fmt::arg("value", fmt::format("{:.0f}", stretch)));
        const bool good = stretch_scale(rubric_).judge(stretch) == Mark::target;
        const ImVec2 size = text_size(style.strong, words);
        const ImVec2 middle = seen(lead_.hover()->place), at{middle.x - size.x * 0.5f, middle.y - size.y * 0.5f};
        draw.AddRectFilled({at.x - style.px(5), at.y - style.px(2)}, {at.x + size.x + style.px(5), at.y + size.y + style.px(2)},
                           good ? colour::kBlue : IM_COL32(10, 12, 14, 220), style.px(6));
        draw.AddText(style.strong, style.strong->FontSize, at, colour::kText, words.c_str());
    }

    /// The tip from near, from the side and low, so that rim and needles are seen below the pen's body.
    void show_tip(Desk& desk, const render::PenView& pen) {
        const Style& style = desk.style;
        const float room = std::min(desk.width() - left(desk) - this->right(desk), desk.height());
        const float side = std::min(style.px(kCloseUp), room * kCloseUpMost), right = desk.width() - this->right(desk) - style.px(kMargin);
        const float top = desk.narrow() ? (desk.height() - side) * 0.5f : style.px(kMargin + kViewsHeight + 8);
        const glm::dvec3 normal = -glm::normalize(pen.axis);
        const glm::dvec3 aside = scene_.camera.right() * (desk.settings.left_handed ? 1.0 : -1.0);
        const glm::dvec3 towards = glm::normalize(0.55 * normal + 0.45 * aside - 0.35 * scene_.camera.up());
        render::Inset inset;
        inset.camera.target = pen.tip;
        inset.camera.yaw = std::atan2(towards.x, towards.z);
        inset.camera.pitch = std::asin(std::clamp(towards.y, -0.95, 0.95));
        inset.camera.fov = 0.30;
        inset.camera.distance = 0.10;
        inset.left = (right - side) / desk.width();
        inset.top = top / desk.height();
        inset.width = side / desk.width();
        inset.height = side / desk.height();
        scene_.inset = inset;
        ImDrawList& draw = *ImGui::GetBackgroundDrawList();
        const ImVec2 from{right - side, top}, to{right, top + side};
        draw.AddRect({from.x - 1, from.y - 1}, {to.x + 1, to.y + 1}, IM_COL32(10, 12, 14, 255), style.px(4), 0, style.px(3));
        draw.AddRect(from, to, IM_COL32(255, 255, 255, 120), style.px(4), 0, style.px(1));
        // A bar of 5 mm tells the scale.
        const float bar = side * static_cast<float>(0.005 / (2 * 0.10 * std::tan(0.15)));
        const ImVec2 end{to.x - style.px(10), to.y - style.px(10)};
        draw.AddLine({end.x - bar, end.y}, end, IM_COL32(10, 12, 14, 255), style.px(4));
        draw.AddLine({end.x - bar, end.y}, end, colour::kText, style.px(2));
        const std::string& words = desk.words("practice.scale_bar");
        if (text_size(style.body, words).x > side - style.px(12)) return;
        const ImVec2 size = text_size(style.body, words), at{end.x - (bar + size.x) * 0.5f, end.y - size.y - style.px(4)};
        draw.AddRectFilled({at.x - style.px(4), at.y}, {at.x + size.x + style.px(4), at.y + size.y}, IM_COL32(10, 12, 14, 170), style.px(4));
        draw.AddText(style.body, style.body->FontSize, at, colour::kText, words.c_str());
    }

    // --- panels ---

    const shared::ZoneStats* statistics_of(Desk& desk, uint8_t zone) const {
        const auto statistics = desk.renderer->statistics();
        return zone < statistics.size() ? &statistics[zone] : nullptr;
    }

    /// Beside the picture, or in a column where there is no room for that.
    void draw_panels(Desk& desk) {
        if (desk.narrow()) begin_side_column(desk, "##practice");
        draw_instruments(desk);
        if (exam_ && desk.narrow()) list_exam(desk);
        draw_views(desk);
        draw_zones(desk);
        if (desk.narrow()) end_column(desk);
    }

    void draw_zones(Desk& desk) {
        const Style& style = desk.style;
        const float margin = style.px(kMargin);
        begin_panel("##zones", {margin, margin}, {style.px(kPanelLeft), desk.height() - 2 * margin}, style);
        const RowWords name = row_words(style.strong, stage_->practice.name, ImGui::GetContentRegionAvail().x);
        text(style.strong, colour::kText, name.shown, name.wrap);
        if (visit_) draw_steps_narrow(style, desk.words, visit_->step());
        const bool shown = scene_.overlay != render::Overlay::none;
        const float legend = style.px((visit_ ? 44 : 0) + (aided_ ? 104 : 8)) +
                             (shown ? legend_height(style, desk.words, ImGui::GetContentRegionAvail().x) + style.px(8) : 0);
        const float room = ImGui::GetContentRegionAvail().y - legend;
        const bool tells = aided_ && !card_.empty();
        const float conditions = tells ? card_.height(style, room - static_cast<float>(zones_.size()) * style.px(24)) : 0;
        const float list = room - conditions - (tells ? style.px(10) : 0);
        begin_list(style, "##list", {0, list});
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
        const training::Criterion* coverage = find_criterion(rubric_, "coverage");
        const float each = std::clamp(std::floor(list / static_cast<float>(std::max<size_t>(1, zones_.size()))), style.px(24), style.px(28));
        for (size_t i = 0; i < zones_.size(); ++i) draw_zone(desk, i, coverage, in_column(style) ? style.px(28) : each);
        bring_into_view_ = false;
        ImGui::PopStyleVar();
        end_list(style);
        if (visit_) draw_end_point(desk);
        if (tells) card_.draw_list(style, desk.words, conditions);
        if (tells && in_column(style)) card_.list_notes(style, desk.words);
        if (aided_) draw_overlays(desk);
        end_panel(style);
    }

    void draw_end_point(Desk& desk) {
        const std::string& zone = visit_->treatment().zone();
        const bool can = !zone.empty(), called = can && visit_->did(training::kEndPoint, zone);
        const ImVec2 size{ImGui::GetContentRegionAvail().x, desk.style.px(34)};
        const std::string name = can ? desk.words.name("zone", zone) : std::string();
        const std::string label = called ? desk.words("visit.ended", fmt::arg("zone", name))
                                  : can  ? desk.words("visit.end_point_of", fmt::arg("zone", name))
                                         : desk.words("visit.end_point");
        ImFont* font = can && !called ? desk.style.strong : desk.style.body;
        const std::string shown = in_column(desk.style) ? label : fit(font, label, size.x - desk.style.px(12));
        if (button(desk.style, shown, size, can && !called, can)) call_end_point();
    }

    void draw_zone(Desk& desk, size_t index, const training::Criterion* coverage, float one_line) {
        const Style& style = desk.style;
        const uint8_t zone = zones_[index];
        const float width = ImGui::GetContentRegionAvail().x;
        const RowWords name = row_words(style.body, desk.words.name("zone", stage_->face->zones[zone].id), width - style.px(54));
        const float height = one_line + name.height - style.body->FontSize;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const bool chosen = static_cast<int>(index) == entry_;
        ImGui::PushID(static_cast<int>(index));
        if (ImGui::InvisibleButton("##zone", {width, height})) look_at_entry(static_cast<int>(index));
        ImGui::PopID();
        const bool brings = bring_into_view_ && !(in_column(style) && legend_listed_);
        if (chosen && brings && !ImGui::IsItemVisible()) ImGui::SetScrollHereY();
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 end{at.x + width, at.y + height};
        if (ImGui::IsItemHovered() || zone == zone_)
            draw.AddRectFilled(at, end, IM_COL32(255, 255, 255, 20), style.px(6));
        if (chosen) draw.AddRectFilled(at, {at.x + style.px(3), end.y}, colour::kBlue, style.px(1.5));
        const shared::ZoneStats* stats = aided_ ? statistics_of(desk, zone) : nullptr;
        const double covered = stats ? stats->coverage_e4 * 0.01 : 0;
        const float line = style.body->FontSize;
        const float y = at.y + (one_line - style.px(6) - line) * 0.5f;
        draw_key(draw, {at.x + style.px(8), y}, static_cast<int>(index), style);
        const float mark = line * 0.7f;
        const bool begun = stats && stats->punctures > 0;
        draw_row_words(draw, style.body, {at.x + style.px(24), y}, begun ? colour::kText : colour::kSoft, name);
        const Mark judged = !begun || !coverage ? Mark::none : criterion_scale(*coverage).judge(covered);
        if (visit_ && visit_->did(training::kEndPoint, stage_->face->zones[zone].id))
            draw.AddText(style.strong, style.strong->FontSize, {end.x - style.px(34), y}, colour::kBlue, desk.words("visit.ended_mark").c_str());
        if (judged == Mark::target) draw_mark(draw, {end.x - style.px(12), y + line * 0.5f}, mark, judged);
        if (!aided_) return;
        const float bar = end.y - style.px(5);
        const float from = at.x + style.px(24), to = end.x - style.px(6);
        draw.AddRectFilled({from, bar}, {to, bar + style.px(3)}, colour::kTrack, style.px(1.5));
        if (begun)
            draw.AddRectFilled({from, bar},
                               {from + (to - from) * static_cast<float>(std::min(covered, 100.0)) * 0.01f,
                                bar + style.px(3)},
                               colour::kBlue, style.px(1.5));
    }

    /// The entry's key: a digit, or Shift's arrow and a digit.
    static void draw_key(ImDrawList& draw, ImVec2 at, int index, const Style& style) {
        if (index >= 2 * kDigits) return;
        const std::string digit = fmt::format("{}", index % kDigits + 1);
        draw.AddText(style.body, style.body->FontSize, at, colour::kFaint, digit.c_str());
        if (index < kDigits) return;
        const ImVec2 c{at.x - style.px(4), at.y + style.body->FontSize * 0.5f};
        draw.AddTriangle({c.x, c.y - style.px(4)}, {c.x + style.px(3), c.y + style.px(1)}, {c.x - style.px(3), c.y + style.px(1)},
                         colour::kFaint, style.px(1));
    }

    /// Views, close-up and settings, in a row over the picture.
    void draw_views(Desk& desk) {
        const Style& style = desk.style;
        const float left = style.px(kPanelLeft + 2 * kMargin), right = desk.width() - style.px(kPanelRight + 2 * kMargin);
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##views", {left, style.px(kMargin)}, {right - left, style.px(kViewsHeight)}, style,
                    IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        const float gap = style.px(5);
        std::vector<std::string> names;
        for (const char* key : {"view.left", "view.front", "view.right", "view.turn_left", "view.turn_right", "view.close_up", "view.settings"})
            if (names.size() < (aided_ ? 7 : 5)) names.push_back(desk.words(key));
        const ButtonRows rows = button_rows(style, names, in_column(style) ? ImGui::GetContentRegionAvail().x : right - left, gap);
        int count = 0;
        const auto entry = [&](const char* key, bool on) {
            if (count++ % rows.columns != 0) ImGui::SameLine(0, gap);
            return chip(style, desk.words(key), {rows.width, style.px(kViewsHeight - 4)}, on);
        };
        if (entry("view.left", false)) look_from("left");
        if (entry("view.front", false)) look_from("front");
        if (entry("view.right", false)) look_from("right");
        if (entry("view.turn_left", false)) turn_head({kHeadStep, 0});
        if (entry("view.turn_right", false)) turn_head({-kHeadStep, 0});
        if (aided_ && entry("view.close_up", desk.settings.close_up)) desk.settings.close_up = !desk.settings.close_up;
        if (aided_ && entry("view.settings", false)) desk.settings_open = true;
        end_panel(style);
        if (!in_column(style)) desk.head_taken = style.px(kMargin + kViewsHeight);
    }

    void draw_overlays(Desk& desk) {
        const Style& style = desk.style;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        ImGui::Dummy({0, style.px(2)});
        const float width = ImGui::GetContentRegionAvail().x;
        text(style.body, colour::kSoft, desk.words("practice.overlays"), in_column(style) ? width : 0);
        if (const auto clicked = overlay_chips(style, desk.words, scene_.overlay, 3, style.px(28))) choose_overlay(*clicked);
        if (scene_.overlay == render::Overlay::none) return;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float height = draw_legend(draw, {at.x, at.y + style.px(4)}, width, scene_, zone_, desk.words, style);
        if (in_column(style)) ImGui::Dummy({width, height});
    }

    void draw_instruments(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float margin = style.px(kMargin);
        const ImVec2 size{style.px(kPanelRight), desk.height() - 2 * margin};
        begin_panel("##instruments", {desk.width() - size.x - margin, margin}, size, style);
        follow_zone();
        draw_clock(desk);
        if (in_column(style)) {  // where they are seen at once
            draw_buttons(desk);
            list_legend(desk);
        }
        ImGui::Dummy({0, style.px(4)});
        const face::Zone& zone = stage_->face->zones[zone_];
        text(style.strong, colour::kText, zone_ == 0 ? words("practice.no_zone") : words.name("zone", zone.id),
             in_column(style) ? ImGui::GetContentRegionAvail().x : 0);
        if (aided_) {
            draw_zone_figures(desk);
            ImGui::Dummy({0, style.px(2)});
            draw_pen_figures(desk, zone);
            ImGui::Dummy({0, style.px(2)});
        }
        draw_settings(desk, zone);
        if (!in_column(style)) draw_buttons(desk);
        end_panel(style);
    }

    /// The panel tells of the zone that the pen is on or was on last.
    void follow_zone() {
        const bool touching = view_.contact.touching;
        if (touching && view_.contact.zone != 0) zone_ = view_.contact.zone;
        if (!touching && lead_.hover() && lead_.hover()->zone != 0) zone_ = lead_.hover()->zone;
        doings_.touching = touching;
        doings_.mobile_zone = stage_->face->zones[zone_].mobile;
    }

    void draw_clock(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float width = ImGui::GetContentRegionAvail().x;
        ImVec2 at = ImGui::GetCursorScreenPos();
        text(style.title, view_.phase == Phase::running ? colour::kText : colour::kSoft,
             clock_text(exam_ ? exam_->clock->left() : view_.clock));
        const char* key = view_.phase == Phase::running ? exam_ ? "exam.left" : "practice.recording"
                          : view_.phase == Phase::ready ? "practice.ready"
                                                        : "practice.paused";
        const std::string state = words(key);
        const std::string planned =
            words("practice.planned", fmt::arg("minutes", stage_->practice.needling_minutes));
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const float line = style.body->FontSize;
        const auto right = [&](const std::string& what, float y, ImU32 shade) {
            draw.AddText(style.body, line, {at.x + width - text_size(style.body, what).x, y}, shade,
                         what.c_str());
        };
        // Below the clock where both have no room beside it.
        const float wider = std::max(text_size(style.body, state).x + style.px(18), text_size(style.body, planned).x);
        if (text_size(style.title, clock_text(view_.clock)).x + wider > width) {
            at.y = ImGui::GetCursorScreenPos().y;
            ImGui::Dummy({width, 2 * line + style.px(2)});
        }
        const float short_by = at.y + 2 * line + style.px(2) - ImGui::GetCursorScreenPos().y;
        if (short_by > 0) ImGui::Dummy({width, short_by});
        right(state, at.y, colour::kText);
        if (aided_) right(planned, at.y + line + style.px(2), colour::kSoft);
        if (view_.phase == Phase::running)
            draw.AddCircleFilled(
                {at.x + width - text_size(style.body, state).x - style.px(12), at.y + line * 0.5f},
                style.px(4.5), colour::kVermilion);
    }

    void draw_zone_figures(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const shared::ZoneStats* stats = zone_ == 0 ? nullptr : statistics_of(desk, zone_);
        const bool begun = stats && stats->punctures > 0;
        const auto shown = [&](const char* unit, double value, int decimals) {
            return begun ? words(unit, fmt::arg("value", fmt::format("{:.{}f}", value, decimals)))
                         : words("value.none");
        };
        // What grows with the work is judged once there is enough of it: half a cheek is no mistake.
        const auto* wanted = find_criterion(rubric_, "coverage");
        const double covered = begun ? stats->coverage_e4 * 0.01 : 0;
        const bool enough = wanted && covered >= criterion_scale(*wanted).warn_low;
        const auto reading = [&](double value, bool settled) {
            return Reading{begun ? std::optional(value) : std::nullopt, settled};
        };
        const double density = begun ? stats->density_per_cm2 : 0;
        const BandScale densities = density_scale(rubric_, stage_->device);
        band_row(style, words("figure.density"), shown("value.density", density, 0), densities,
                 reading(density, density >= densities.target_low));
        if (wanted)
            band_row(style, words("figure.coverage"), shown("value.percent", covered, 0),
                     criterion_scale(*wanted), reading(covered, enough));
        if (const auto* criterion = find_criterion(rubric_, "evenness")) {
            const double cv = begun ? stats->density_cv_e4 * 1e-4 : 0;
            band_row(style, words("figure.evenness"), shown("value.cv", cv, 2), criterion_scale(*criterion),
                     reading(cv, enough));
        }
    }

    void draw_pen_figures(Desk& desk, const face::Zone& zone) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const skin::Contact& contact = view_.contact;
        const bool touching = contact.touching;
        const auto shown = [&](const char* unit, double value, int decimals) {
            return touching ? words(unit, fmt::arg("value", fmt::format("{:.{}f}", value, decimals)))
                            : words("value.none");
        };
        const auto when_touching = [&](double value) {
            return Reading{touching ? std::optional(value) : std::nullopt};
        };
        const std::string target =
            words("value.aim", fmt::arg("value", fmt::format("{:.2f}", view_.target_force)));
        Reading force = when_touching(contact.force);
        force.wished = view_.target_force;
        band_row(style, words(zone.bone ? "figure.force_bone" : "figure.force_soft"),
                 touching ? shown("value.force", contact.force, 2) : target, force_scale(rubric_, zone.bone),
                 force);
        const double tilt = glm::degrees(contact.tilt);
        if (const auto* criterion = find_criterion(rubric_, "tilt_median"))
            band_row(style, words("figure.tilt"), shown("value.degrees", tilt, 0),
                     criterion_scale(*criterion), when_touching(tilt));
        const double stretch = 100 * contact.drawn.stretch;
        const bool stretches = view_.traction && (touching || lead_.hover());
        band_row(style, words("figure.stretch"),
                 stretches ? words("value.percent", fmt::arg("value", fmt::format("{:.0f}", stretch)))
                                : words("value.none"),
                 stretch_scale(rubric_), {stretches ? std::optional(stretch) : std::nullopt});
        if (stage_->device.kind == skin::DeviceKind::stamp) return;  // it does not glide
        // The hand's speed, smoothed as an eye would.
        const double speed = touching ? contact.speed * 100 : 0;
        shown_speed_ += (speed - shown_speed_) * 0.15;
        if (const auto* criterion = find_criterion(rubric_, "glide_speed"))
            band_row(style, words("figure.speed"), shown("value.speed", shown_speed_, 1),
                     criterion_scale(*criterion), when_touching(shown_speed_));
    }

    /// What a stepper shows, of something that cannot be set.
    static void name_and_value(const Style& style, const std::string& name, const std::string& value) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x, around = style.px(32) - style.body->FontSize;
        const float height = draw_pair(style, {at.x, at.y + around * 0.5f}, width, name, value);
        ImGui::Dummy({width, height + around});
    }

    void draw_settings(Desk& desk, const face::Zone& zone) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const skin::DeviceProfile& device = stage_->device;
        const double depth = view_.depth_um * 1e-3;
        const std::string set = words("value.mm", fmt::arg("value", fmt::format("{:.2f}", depth)));
        if (device.has_motor()) {
            const int deeper = stepper(style, "##depth", words("figure.depth"), set, depth * 1e-3 > device.depth_min + 1e-9,
                                       depth * 1e-3 < device.depth_max - 1e-9);
            if (deeper != 0) change_depth(deeper);
        } else {
            name_and_value(style, words("figure.pins"), set);
        }
        if (const auto scale = aided_ ? depth_scale(rubric_, zone.kind) : std::nullopt) {
            const shared::ZoneStats* stats = statistics_of(desk, zone_);
            const bool begun = stats && stats->punctures > 0;
            const double reached = begun ? stats->depth_mean_um * 1e-3 : 0;
            band_row(style, words("figure.depth_reached"),
                     begun ? words("value.mm", fmt::arg("value", fmt::format("{:.2f}", reached)))
                           : words("value.none"),
                     *scale, {begun ? std::optional(reached) : std::nullopt, true, depth});
        }
        if (!device.has_motor()) return;
        const int faster =
            stepper(style, "##rate", words("figure.rate"),
                    words("value.hz", fmt::arg("value", fmt::format("{:.0f}", view_.rate_dhz * 0.1))),
                    view_.rate_dhz > device.rate_min_hz * 10, view_.rate_dhz < device.rate_max_hz * 10);
        if (faster != 0) change_rate(faster);
        // For the zone that the panel tells of: the one that the pen was on last.
        const float gap = style.px(8);
        const std::string names[] = {words("practice.gel"), words("practice.wipe")};
        const ButtonRows rows = button_rows(style, names, ImGui::GetContentRegionAvail().x, gap);
        ImGui::Dummy({0, style.px(2)});
        if (button(style, names[0], {rows.width, style.px(30)}, false, zone_ != 0)) put_medium();
        if (rows.columns > 1) ImGui::SameLine(0, gap);
        if (button(style, names[1], {rows.width, style.px(30)}, false, zone_ != 0)) wipe();
    }

    void draw_buttons(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float width = ImGui::GetContentRegionAvail().x;
        const float gap = style.px(8);
        const float tall = style.px(42), low = style.px(30);
        to_foot(style, tall + low + gap + style.px(14));
        const bool running = view_.phase == Phase::running;
        const bool ready = view_.phase == Phase::ready;
        const bool leaves = view_.phase != Phase::running;  // by the key, which pauses first
        const std::string names[] = {words(running ? "practice.pause" : ready ? "practice.start" : "practice.go_on"), words("practice.finish"),
                                     words(leaves ? "practice.leave_key" : "practice.leave"), words("practice.help")};
        const auto pair = std::span(names).first(2), rest = std::span(names).last(2);
        const int columns = std::min(button_rows(style, pair, width, gap).columns, button_rows(style, rest, width, gap).columns);
        const float each = columns > 1 ? (width - gap) / 2 : width;
        const auto beside = [&] {
            if (columns > 1) ImGui::SameLine(0, gap);
        };
        if (button(style, names[0], {each, tall}, !running, may_pause() || !running)) toggle();
        beside();
        if (button(style, names[1], {each, tall}, running, !ready)) wish_ = Wish::finish;
        if (!exam_) {
            if (button(style, names[2], {each, low})) wish_ = Wish::leave;
            beside();
        }
        if (button(style, names[3], {exam_ ? width : each, low})) help_ = !help_;
    }

    const char* press_hint() const {
        switch (stage_->device.kind) {
            case skin::DeviceKind::pen: return "hint.press";
            case skin::DeviceKind::stamp: return "hint.press_stamp";
            case skin::DeviceKind::roller: return "hint.press_roller";
        }
        return "";
    }

    /// True while it tells something.
    bool draw_coach(Desk& desk) {
        const Style& style = desk.style;
        coach_.settle(desk.settings, *live_, rubric_);
        const Seen seen = desk.seen(left(desk), desk.width() - right(desk));
        const float top = std::max(under_views(desk, kMargin), seen.top + style.px(kMargin));
        return coach_.draw(desk, view_, *stage_->face, stage_->device, scene_, seen.left, seen.right,
                           top + (lesson_ ? lesson_->line_height() + style.px(8) : 0));
    }

    /// One voice at a time: how the program is handled is told where the coach has nothing to say of the hand.
    void draw_hint(Desk& desk, bool coached) {
        hints_.notice(doings_, desk.window.frame_seconds());
        std::string key = finger_hint(desk.window.frame_seconds());
        if (key.empty()) key = hints_.current(view_.phase, view_.clock);
        if (view_.traction && key.empty()) key = "hint.held";
        if (key == "hint.press") key = press_hint();
        if (key == "hint.press" && lesson_ && lesson_->lesson().task.kind == training::TaskKind::hold) key = "lesson.hold_hint";
        if (key == "hint.press" && lead_.leader() == Leader::mouse && lead_.pointer_rests()) key = "hint.press_or_keys";
        if (key == "hint.paused" && menu_) key = "hint.paused_menu";
        key = hint_for(key, lead_.leader());
        if (key != logged_hint_) spdlog::debug("hint {}", logged_hint_ = key);
        if (key.empty() || help_ || coached || (lesson_ && lesson_->reading())) return;
        const Seen seen = desk.seen(left(desk), desk.width() - right(desk));
        const float foot = legend_top_ > 0 ? legend_top_ - desk.style.px(8) : seen.foot - desk.style.px(desk.narrow() ? 8 : 20);
        desk.foot_taken = seen.foot - draw_note(desk.style, hint_words(desk, key), seen.left, seen.right, foot);
    }

    /// A gamepad's buttons by their own names.
    std::string hint_words(const Desk& desk, const std::string& key) const {
        const std::string pad = desk.window.gamepad_name();
        const auto button = [&](const char* id) { return pad_button(desk.words, pad, id); };
        return desk.words(key, fmt::arg("north", button("north")), fmt::arg("start", button("start")), fmt::arg("back", button("back")),
                          fmt::arg("tools", button("left_trigger")));
    }

    // --- what buttons and keys do that lead the pen ---

    PenTask pen_task(const Desk& desk) const { return {visit_ != nullptr, aided_, stage_->device.has_motor(), desk.narrow(), view_.phase == Phase::paused}; }

    /// Empty where a pen leads that explains itself.
    std::vector<LegendRow> legend(const Desk& desk) const {
        if (lesson_ && lesson_->reading()) return {};
        if (lead_.leader() == Leader::keys) return keys_legend(desk.words, pen_task(desk));
        const auto& pad = desk.pens.gamepad();
        if (!pad || (lead_.leader() != Leader::gamepad && !menu_)) return {};
        const PadLegend part = menu_ ? PadLegend::menu : input::tools_held(*pad) ? PadLegend::tools : PadLegend::pen;
        return pad_legend(desk.words, desk.window.gamepad_name(), part, pen_task(desk));
    }

    /// In the column, which goes to it when such a pen begins to lead.
    void list_legend(Desk& desk) {
        const std::vector<LegendRow> rows = legend(desk);
        const bool before = std::exchange(legend_listed_, !rows.empty() && !menu_);
        if (legend_listed_ && !before) ImGui::SetScrollFromPosY(ImGui::GetCursorPosY() - ImGui::GetScrollY(), 0);
        list_pen_legend(desk.style, rows);
    }

    /// At the foot of the picture; in a column it stands among the rest.
    void tell_pen(Desk& desk) {
        legend_top_ = 0;
        const std::vector<LegendRow> rows = legend(desk);
        if (rows.empty() || desk.narrow() || help_) return;
        const Style& style = desk.style;
        const float margin = style.px(kMargin), from = left(desk) + margin, to = desk.width() - right(desk) - margin;
        const float foot = exam_ ? exam_strip_top_ - margin : desk.height() - margin;
        legend_top_ = draw_pen_legend(style, rows, from, to, foot);
        desk.foot_taken = desk.seen(from, to).foot - legend_top_;
    }

    /// What the other hand must know at once.
    std::string finger_hint(double seconds) {
        double slid = 0;
        for (const skin::Fingertip& tip : view_.contact.fingers) slid += tip.slid;
        if (slid > slid_ + kSlipSeen) slip_said_ = kSlipSaid;
        if (slid > slid_ + kSlipSeen || slid < slid_) slid_ = slid;
        slip_said_ -= seconds;
        if (view_.phase == Phase::paused) return {};
        if (slip_said_ > 0 && view_.traction) return "hint.slips";
        if (lead_.leads_fingers() && !lead_.pressed() && lead_.finger_hover()) return scene_.fingers.size() > view_.contact.fingers.size() ? "hint.finger" : "hint.take";
        return {};
    }

    /// What is found on the skin: outlined, named and told of.
    void tell_conditions(Desk& desk) {
        const Style& style = desk.style;
        const bool looking = lead_.hover() && !lead_.pressed();
        card_.look_at(looking ? std::optional(lead_.hover()->place) : std::nullopt, looking ? lead_.hover()->normal : glm::dvec3(0),
                      desk.window.frame_seconds());
        scene_.highlighted_cells = lead_.pressed() ? std::vector<uint32_t>{} : card_.cells();
        if (lead_.pressed()) return;
        if (!desk.narrow())  // else they stand in the column
            card_.draw_notes(style, desk.words, {style.px(kPanelLeft + 2 * kMargin), style.px(2 * kMargin + kViewsHeight)});
        card_.draw_name(style, ImGui::GetIO().MousePos);
    }

    /// What the help tells: of the gamepad while that leads, else of mouse and keys.
    std::vector<LegendRow> help_rows(const Desk& desk) const {
        const Words& words = desk.words;
        std::vector<LegendRow> all;
        if (helps_with_pad()) {
            const std::string pad = desk.window.gamepad_name(), tools = pad_button(words, pad, "left_trigger");
            all = pad_legend(words, pad, PadLegend::pen, pen_task(desk));
            for (const LegendRow& row : pad_legend(words, pad, PadLegend::tools, pen_task(desk))) all.push_back({tools + " + " + row.by, row.does});
            return all;
        }
        if (lead_.keys_lead()) all = keys_legend(words, pen_task(desk));
        std::vector<const char*> rows = {"needle", "force",    "keys", "tilt",  "upright", "depth", "rate",
                                         "finger", "second", "taut",  "pull",   "gel",      "wipe",  "orbit",   "pan",
                                         "zoom",   "views", "zones",  "step",     "head",  "start", "finish"};
        if (lead_.keys_lead()) rows = {"keys", "upright", "rate", "pull", "zoom", "views", "zones", "head"};
        if (aided_) rows.insert(rows.end() - (lead_.keys_lead() ? 0 : 2), {"close_up", "overlays", "conditions"});
        if (aided_) rows.push_back("settings");
        for (const char* name : rows) all.push_back({words.name("help_key", name), words.name("help_does", name)});
        return all;
    }
    bool helps_with_pad() const { return lead_.leader() == Leader::gamepad || menu_; }
    const std::string& help_title(const Desk& desk) const { return desk.words(helps_with_pad() ? "pens.gamepad" : "help.title"); }

    void draw_help(Desk& desk) {
        const Style& style = desk.style;
        const std::vector<LegendRow> rows = help_rows(desk);
        float keys = 0, does = 0;  // widths of the columns, in the language spoken
        for (const LegendRow& row : rows) {
            keys = std::max(keys, text_size(style.body, row.by).x);
            does = std::max(does, text_size(style.body, row.does).x);
        }
        if (desk.narrow()) return list_help(desk, rows);
        const float row = style.body->FontSize + style.px(6), gap = style.px(24);
        const ImVec2 size{keys + does + gap + 2 * ImGui::GetStyle().WindowPadding.x, row * static_cast<float>(rows.size()) + style.px(64)};
        const float under_views = style.px(54);
        begin_panel("##help", {(desk.width() - size.x) * 0.5f, std::max(under_views, (desk.height() - size.y) * 0.5f)}, size,
                    style, IM_COL32(20, 23, 27, 248));
        ImGui::SetWindowFocus();
        const ImVec2 from = ImGui::GetWindowPos();
        if (ImGui::IsWindowAppearing()) desk.focus.bring(from, {from.x + size.x, from.y + size.y});
        text(style.strong, colour::kText, help_title(desk));
        ImGui::Dummy({0, style.px(2)});
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        ImVec2 at = ImGui::GetCursorScreenPos();
        for (const LegendRow& one : rows) {
            draw.AddText(style.body, style.body->FontSize, at, colour::kText, one.by.c_str());
            draw.AddText(style.body, style.body->FontSize, {at.x + keys + gap, at.y}, colour::kSoft, one.does.c_str());
            at.y += row;
        }
        end_panel(style);
    }

    /// The same over the whole window, what a key does below its name.
    void list_help(Desk& desk, std::span<const LegendRow> rows) {
        const Style& style = desk.style;
        begin_column(desk, "##help", {0, 0}, {desk.width(), desk.height()}, true);
        const float width = ImGui::GetContentRegionAvail().x;
        text(style.strong, colour::kText, help_title(desk), width);
        if (button(style, desk.words("practice.help"), {width, style.px(34)})) help_ = false;
        for (const LegendRow& row : rows) {
            text(style.body, colour::kText, row.by, width);
            text(style.body, colour::kSoft, row.does, width);
            ImGui::Dummy({0, style.px(4)});
        }
        end_column(desk);
    }

    // --- onward ---

    std::unique_ptr<Screen> leave(Desk& desk) {
        if (exam_ && view_.problem) return break_off(desk, *live_, view_);
        if (wish_ == Wish::none) return nullptr;
        const Wish wish = std::exchange(wish_, Wish::none);
        if (wish == Wish::finish && (view_.phase == Phase::ready || (!visit_ && asks_first()))) return nullptr;
        desk.problem.clear();
        if (visit_ && wish != Wish::leave && !(exam_ && exam_->clock->over())) {
            if (view_.phase == Phase::paused) live_->start();
            wish == Wish::back ? visit_->back(view_.clock) : visit_->go_on(view_.clock);
            return visit_->step() == training::Step::needling ? nullptr : visit_screen(desk, visit_);
        }
        if (wish == Wish::leave) {
            live_.reset();
            visit_.reset();
            return lesson_ ? lessons_screen(desk) : start_screen(desk);
        }
        training::Recording recording = live_->finish();
        live_->collect(view_);
        desk.renderer->add(view_.punctures, view_.contacts, view_.clock);
        if (exam_) return hand_in(desk, view_);
        if (lesson_) return end_lesson(desk, stage_, std::move(recording), view_, live_);
        return scoring_screen(desk, stage_, std::move(recording), view_, live_);
    }

    std::shared_ptr<const training::Stage> stage_;
    training::Rubric rubric_;
    std::shared_ptr<Visit> visit_;  ///< none: practised by itself
    std::shared_ptr<LessonRun> lesson_;  ///< none: no lesson
    std::shared_ptr<ExamSitting> exam_;  ///< none: practice
    const bool aided_;  ///< figures, coach, overlays and settings at hand: never in an exam
    std::shared_ptr<LiveSession> live_;
    PenLead lead_;
    CameraHand hand_;
    PatientCard card_;
    SessionView view_;
    render::SceneView scene_;
    Hints hints_;
    CoachView coach_;
    Doings doings_;
    std::vector<uint8_t> zones_;  ///< prescribed, in order
    double slid_ = 0;             ///< m, of both fingertips when it was last looked at
    double slip_said_ = 0;        ///< s that the word of it still stays
    std::vector<input::ProcedureEvent> care_;  ///< so far
    std::vector<render::WipeStroke> wipes_;    ///< that they are
    uint8_t zone_ = 0;        ///< that the panel tells of
    int entry_ = -1;          ///< of the zone list, looked at last; -1 = none yet
    bool bring_into_view_ = false;
    Stillness stillness_;
    double shown_speed_ = 0;  ///< cm/s
    int logged_second_ = -1;  ///< of the clock
    size_t logged_fingers_ = 0;
    std::string logged_hint_;
    bool begun_ = false, help_ = false, seen_ = false;
    bool menu_ = false;           ///< of a gamepad is open
    bool legend_listed_ = false;  ///< the column tells what keys or a gamepad do, and stays there
    float legend_top_ = 0;        ///< y of the strip that tells what buttons do; 0 = there is none
    float exam_strip_top_ = 0;    ///< y, in the last frame
    bool sure_ = false;           ///< was asked whether to hand in
    double wrong_pen_said_ = 0;   ///< s that the word of a pen which may not lead still stays
    Leader wrong_pen_ = Leader::mouse;  ///< that it was said of last
    uint8_t touched_ = 0;   ///< zone that the pen was on in the frame before
    double touched_at_ = 0;  ///< s of session time
    Wish wish_ = Wish::none;
};

}  // namespace

std::unique_ptr<Screen> practice_screen(Desk& desk, std::shared_ptr<const training::Stage> stage,
                                        training::Rubric rubric, std::shared_ptr<Visit> visit) {
    return std::make_unique<PracticeScreen>(desk, std::move(stage), std::move(rubric), std::move(visit), nullptr);
}

std::unique_ptr<Screen> practice_lesson(Desk& desk, std::shared_ptr<const training::Stage> stage, training::Rubric rubric,
                                        std::shared_ptr<LessonRun> lesson) {
    return std::make_unique<PracticeScreen>(desk, std::move(stage), std::move(rubric), nullptr, std::move(lesson));
}

}  // namespace app
