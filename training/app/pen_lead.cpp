#include "training/app/pen_lead.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace app {

namespace {

constexpr double kTiltMost = 0.7;                               // rad
constexpr double kHover = 4e-3;                                 // m above the skin while the pen is up
constexpr double kTrackerSilent = 0.2;                          // s: a tracked pen is lifted
constexpr double kTrackerLost = 2;                              // s: it leads no more
constexpr double kTrackerNear = 30e-3, kTrackerTouches = 1e-3;  // m from the skin

std::string resolution_of(const Desk& desk, Leader leader) {
    const PenSettings& pens = desk.settings.pens;
    if (leader == Leader::stylus && !desk.window.styluses().empty()) {
        const render::StylusInfo& stylus = desk.window.styluses().front();
        return fmt::format("{} levels of pressure, {:.2f} N at full pressure, {}, {}", stylus.pressure_levels,
                           pens.stylus.full_force, stylus.tilt ? "tilt" : "no tilt", stylus.name);
    }
    if (leader == Leader::gamepad)
        return fmt::format("{:.2f} N at full trigger, {}", pens.gamepad.trigger.full_force, desk.window.gamepad_name());
    if (leader == Leader::tracked)
        return pens.residual_mm ? fmt::format("calibrated to {:.2f} mm", *pens.residual_mm) : "not calibrated";
    return "whole pixels";
}

bool may_lead(const LeadField& field, Leader leader) {
    return field.pens.empty() || std::ranges::find(field.pens, leader_name(leader)) != field.pens.end();
}

}  // namespace

void PenLead::lean(glm::dvec2 by) {
    tilt_ = glm::clamp(tilt_ + by, -kTiltMost, kTiltMost);
}

/// What both pointers did since the last frame, the last pair for this moment.
std::vector<PointerPair> PenLead::read_pointers(Desk& desk, const LeadField& field, bool on_picture) {
    // A display tells nothing of a pointer that has rested since before this screen.
    const ImVec2 rests = ImGui::GetIO().MousePos;
    if (!pointer_) pointer_.emplace(glm::dvec2(rests.x, rests.y));
    const auto second_trail = desk.window.second_pointer_trail();
    if (!second_ && !second_trail.empty()) second_.emplace(second_trail.front().place);

    PointerPair last{pointer_->last(), second_ ? second_->last() : PointerTrail::Event{}};
    const double now = desk.window.events_read_at();
    const auto first_events = pointer_->settle(desk.window.pointer_trail(), now, on_picture);
    std::vector<PointerTrail::Event> second_events;
    if (second_) {
        // No control hears of it.
        const double x = second_trail.empty() ? last.second.place.x : second_trail.back().place.x;
        second_events = second_->settle(second_trail, now, x > field.left && x < field.right);
    }
    return side_by_side(first_events, second_events, last);
}

LeadWishes PenLead::read(Desk& desk, const LeadField& field) {
    const ImGuiIO& io = ImGui::GetIO();
    const bool on_picture = !io.WantCaptureMouse;
    // Which hand a press is for is settled when it begins.
    if (!pressed_) fingers_ = io.KeyShift && on_picture;

    PointerLook look;
    look.aspect = desk.width() / std::max(1.0f, desk.height());
    look.camera = field.camera;
    look.tilt = tilt_;
    look.fingers = fingers_;
    look.automatic = field.automatic;
    look.left_handed = desk.settings.left_handed;
    if (on_picture && !io.KeyCtrl) look.wheel = io.MouseWheel;
    const bool turned_wheel = look.wheel != 0;
    const auto pairs = read_pointers(desk, field, on_picture && field.still);
    LeadWishes wishes = choose(desk, look.aspect, field);
    wishes.turned_wheel = turned_wheel;
    look.time = desk.window.events_read_at();
    if (leader_ == Leader::gamepad)
        lead_with_gamepad(desk, field, look);
    else if (leader_ == Leader::tracked)
        lead_with_tracker(desk, field, look);
    else
        wishes.wrong_pen = lead_with_pointer(desk, field, look, pairs, on_picture);
    return wishes;
}

bool PenLead::lead_with_pointer(Desk& desk, const LeadField& field, PointerLook& look, std::span<const PointerPair> pairs,
                                bool on_picture) {
    bool wrong = false;
    const auto in_picture = [&](glm::dvec2 pixel) { return pixel / glm::dvec2(desk.width(), desk.height()); };
    const auto under = [&](glm::dvec2 place) { return pick(*stage_->face, look.camera, place, look.aspect, stage_->device.tip_radius); };
    tracked_.reset();
    for (const PointerPair& both : pairs) {
        look.time = both.time();
        look.pointer = in_picture(both.first.place);
        look.pressed = both.first.pressed;
        hold(look, both.first.pen, desk.settings.pens);
        leader_ = both.first.pen ? Leader::stylus : Leader::mouse;
        if (look.pressed && !fingers_ && !may_lead(field, leader_)) wrong = true, look.pressed = false;
        name_pen(desk, leader_);
        if (second_) look.second = {in_picture(both.second.place), both.second.pressed};
        if (look.pressed && field.begin && under(look.pointer)) field.begin();
        live_.look(look);
        look.wheel = 0;
    }
    if (pressed_ != look.pressed) spdlog::debug("hand {} {}", fingers_ ? "fingers" : "pen", look.pressed ? "presses" : "lifts");
    pressed_ = look.pressed;

    // The hand that is not led rests.
    (fingers_ ? finger_hover_ : hover_) = on_picture || pressed_ ? under(look.pointer) : std::nullopt;
    if (!fingers_) finger_hover_.reset();
    if (second_) finger_hover_ = under(look.second->pointer);
    return wrong;
}

/// Whoever did something last leads the pen; one that is tracked leads while it is heard of.
LeadWishes PenLead::choose(Desk& desk, double aspect, const LeadField& field) {
    const double now = desk.window.events_read_at();
    const auto& pad = desk.pens.gamepad();
    if (!desk.settings_open) desk.window.lead_pen_with_gamepad();
    pad_hold_ = gamepad_.update(now, pad.value_or(input::GamepadState{}), aspect, desk.settings.pens.gamepad);
    const auto& told = desk.pens.last_tracked();
    if (told && now - told->time < kTrackerLost && may_lead(field, Leader::tracked))
        leader_ = Leader::tracked;
    else if (pad && pad_hold_.moved && may_lead(field, Leader::gamepad))
        leader_ = Leader::gamepad;
    else if (leader_ == Leader::tracked || !pad || !desk.window.pointer_trail().empty())
        leader_ = leader_ == Leader::stylus ? Leader::stylus : Leader::mouse;
    if (leader_ != Leader::gamepad && pointer_) gamepad_.put(pointer_->last().place / glm::dvec2(desk.width(), desk.height()));
    if (pad_hold_.traction) live_.set_traction(!field.traction);
    return {.deeper = int(pad_hold_.deeper) - int(pad_hold_.shallower && !pad_hold_.deeper), .start = pad_hold_.start};
}

void PenLead::lead_with_gamepad(Desk& desk, const LeadField& field, PointerLook& look) {
    look.fingers = false;
    look.pointer = pad_hold_.place;
    look.tilt = tilt_ + pad_hold_.tilt;
    look.force = pad_hold_.force;
    look.motor = pad_hold_.motor || !stage_->device.has_motor();
    look.pressed = pad_hold_.force > 0 && field.still;
    name_pen(desk, leader_);
    hover_ = pick(*stage_->face, look.camera, look.pointer, look.aspect, stage_->device.tip_radius);
    if (look.pressed && field.begin && hover_) field.begin();
    live_.look(look);
    pressed_ = look.pressed;
    fingers_ = false;
    tracked_.reset();
}

/// Every pose at its time. One that was not heard of for a moment is lifted: it must not needle on unseen.
void PenLead::lead_with_tracker(Desk& desk, const LeadField& field, PointerLook& look) {
    const double now = look.time;
    const input::RigidTransform& to_head = desk.settings.pens.head_from_tracker;
    name_pen(desk, leader_);
    look.fingers = false;
    look.pressed = false;
    const auto send = [&](const input::TrackedPose& pose, double time) {
        tracked_ = {to_head.point(pose.tip), to_head.direction(pose.axis), pose.force};
        if (time - pose.time > kTrackerSilent) {
            tracked_->tip -= kHover * tracked_->axis;
            tracked_->force = 0.0;
        }
        look.tracked = tracked_;
        look.time = time;
        look.motor = pose.motor.value_or(true) || !stage_->device.has_motor();
        live_.look(look);
    };
    for (const input::TrackedPose& pose : desk.pens.tracked()) send(pose, pose.time);
    if (desk.pens.tracked().empty()) send(*desk.pens.last_tracked(), now);
    hover_.reset();
    const auto hit = stage_->face->index->closest(tracked_->tip, kTrackerNear);
    if (hit) hover_ = Pick{hit->position, mesh::normal_at(stage_->face->mesh, hit->point), stage_->face->zone_at(hit->point)};
    if (hit && field.begin && glm::distance(hit->position, tracked_->tip) < kTrackerTouches) field.begin();
    pressed_ = field.touching;
    fingers_ = false;
}

/// Tells the session what leads the pen, and how finely that is measured.
void PenLead::name_pen(const Desk& desk, Leader leader) {
    if (named_ == leader) return;
    named_ = leader;
    live_.set_pen(leader_name(leader), resolution_of(desk, leader));
}

/// Force and lean of a pen that measures them; keys lean it further.
void PenLead::hold(PointerLook& look, const std::optional<render::PenTouch>& pen, const PenSettings& settings) const {
    look.force.reset();
    look.tilt = tilt_;
    if (!pen || look.fingers) return;
    look.force = input::force_of(settings.stylus, pen->pressure);
    if (pen->tilt && settings.stylus_tilt) look.tilt += input::tilt_of(*pen->tilt, settings.stylus_tilt_dead_zone_deg);
}

}  // namespace app
