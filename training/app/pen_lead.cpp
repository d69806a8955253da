#include "training/app/pen_lead.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <utility>

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
    if (leader == Leader::keys) {
        const input::KeysPenFigures keys;
        return fmt::format("arrow keys, {:.1f} mm a tap, {:.0f} mm/s held on, force in steps of {:.2f} N", keys.tap * 1e3, keys.glide * 1e3,
                           input::MousePen::kForceStep);
    }
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
    pointer_moved_ |= !desk.window.pointer_trail().empty();
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
    const bool presses = std::ranges::any_of(pairs, [](const PointerPair& both) { return both.first.pressed; });
    LeadWishes wishes = choose(desk, look.aspect, field, presses);
    wishes.turned_wheel = turned_wheel || harder_ != 0;
    look.time = desk.window.events_read_at();
    if (leader_ == Leader::gamepad)
        lead_with_gamepad(desk, field, look);
    else if (leader_ == Leader::keys)
        lead_with_keys(desk, field, look);
    else if (leader_ == Leader::tracked)
        lead_with_tracker(desk, field, look);
    else
        if (const auto wrong = lead_with_pointer(desk, field, look, pairs, on_picture)) wishes.wrong_pen = wrong;
    return wishes;
}

std::optional<Leader> PenLead::lead_with_pointer(Desk& desk, const LeadField& field, PointerLook& look, std::span<const PointerPair> pairs,
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
        wrong = look.pressed && !fingers_ && !may_lead(field, leader_);  // for a moment X takes a stylus that presses for a mouse
        if (wrong) look.pressed = false;
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
    return wrong ? std::optional(leader_) : std::nullopt;
}

void PenLead::lead_with_keys(bool lead) {
    keys_wished_ = lead;
    if (lead) return;
    keys_lead_ = false;
    keys_.set_down(false);
}

/// Whoever did something last leads the pen; one that is tracked leads while it is heard of, keys until they are given back.
LeadWishes PenLead::choose(Desk& desk, double aspect, const LeadField& field, bool pointer_presses) {
    LeadWishes wishes;
    const double now = desk.window.events_read_at();
    const auto& pad = desk.pens.gamepad();
    const bool pad_leads = pad && may_lead(field, Leader::gamepad), elsewhere = desk.settings_open || field.menu || !pad_leads;
    if (!desk.settings_open && pad_leads) desk.window.use_gamepad(field.menu ? render::PadPart::menu : render::PadPart::pen);
    const input::GamepadState state = pad.value_or(input::GamepadState{});
    pad_hold_ = elsewhere ? gamepad_.rest(now, state) : gamepad_.update(now, state, aspect, desk.settings.pens.gamepad);
    if (pad && !pad_leads && pad->right_trigger > 0) wishes.wrong_pen = Leader::gamepad;
    if (std::exchange(keys_wished_, false)) {
        keys_lead_ = may_lead(field, Leader::keys);
        if (!keys_lead_) wishes.wrong_pen = Leader::keys;
    }
    const auto& told = desk.pens.last_tracked();
    const bool first = !std::exchange(begun_, true);
    if (told && now - told->time < kTrackerLost && may_lead(field, Leader::tracked))
        leader_ = Leader::tracked;
    else if (pad_hold_.moved || (first && pad_leads && desk.pens.gamepad_was_last()))
        leader_ = Leader::gamepad;
    else if (keys_lead_ && !pointer_presses)
        leader_ = Leader::keys;
    else if (leader_ == Leader::tracked || leader_ == Leader::keys || !pad_leads || !desk.window.pointer_trail().empty())
        leader_ = leader_ == Leader::stylus ? Leader::stylus : Leader::mouse;
    if (leader_ != Leader::keys && keys_lead_) lead_with_keys(false);
    put_unled(desk, field);
    if (pad_hold_.traction) live_.set_traction(!field.traction);
    wishes.deeper = int(pad_hold_.deeper) - int(pad_hold_.shallower && !pad_hold_.deeper);
    wishes.menu = pad_hold_.start;
    return wishes;
}

/// Pens that do not lead wait where the one is that does; those that no pointer leads begin on what is seen.
void PenLead::put_unled(const Desk& desk, const LeadField& field) {
    const glm::dvec2 size(desk.width(), desk.height());
    const glm::dvec2 middle((field.left + field.right) / 2 / size.x, 0.5);
    const auto seen = [&](glm::dvec2 place) {
        const bool free = place.x * size.x > field.left && place.x * size.x < field.right && place.y > 0 && place.y < 1;
        return free ? place : middle;
    };
    if (std::exchange(to_middle_, false)) {
        gamepad_.put(middle);
        keys_.put(middle);
    }
    const glm::dvec2 pointer = seen(pointer_ ? pointer_->last().place / size : middle);
    if (leader_ != Leader::gamepad) gamepad_.put(leader_ == Leader::keys ? keys_.place() : pointer);
    if (leader_ != Leader::keys) keys_.put(leader_ == Leader::gamepad ? seen(pad_hold_.place) : pointer);
}

void PenLead::lead_with_gamepad(Desk& desk, const LeadField& field, PointerLook& look) {
    look.pointer = gamepad_.place();
    look.tilt = tilt_ + pad_hold_.tilt;
    look.force = pad_hold_.force;
    look.motor = pad_hold_.motor || !stage_->device.has_motor();
    look.pressed = pad_hold_.force > 0 && field.still;
    lead_with_picked(desk, field, look);
}

/// What the picture shows of the skin round where it looks at.
input::KeysPen::Field PenLead::keys_field(const Desk& desk, const LeadField& field) const {
    const double width = std::max(1.0f, desk.width()), height = std::max(1.0f, desk.height());
    return {width / height, 2 * field.camera.distance * std::tan(field.camera.fov / 2), field.left / width, field.right / width};
}

void PenLead::lead_with_keys(Desk& desk, const LeadField& field, PointerLook& look) {
    look.pointer = keys_.update(look.time, field.arrows, keys_field(desk, field));
    look.wheel += std::exchange(harder_, 0);
    look.pressed = keys_.down() && field.still;
    lead_with_picked(desk, field, look);
}

/// A pen whose place in the picture no pointer tells.
void PenLead::lead_with_picked(Desk& desk, const LeadField& field, PointerLook& look) {
    look.fingers = false;
    name_pen(desk, leader_);
    hover_ = pick(*stage_->face, look.camera, look.pointer, look.aspect, stage_->device.tip_radius);
    if (look.pressed && field.begin && hover_) field.begin();
    live_.look(look);
    if (pressed_ != look.pressed) spdlog::debug("hand pen {}", look.pressed ? "presses" : "lifts");
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
    spdlog::debug("pen led by {}", leader_name(leader));
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
