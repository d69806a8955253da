#pragma once

// What leads the pen, and what it tells the session: mouse or stylus over the picture, a gamepad, a pen tracked in space, or keys
// alone; and the other hand, by the pointer with Shift or by a second pointer. Reads the devices once a frame and hands the session
// all that they did since, each look at its time. Nothing is drawn here, and which key means what is the screen's.

#include "engine/input/keys_pen.h"
#include "training/app/leader.h"
#include "training/app/pointer_trail.h"
#include "training/app/screens.h"

#include <functional>
#include <span>
#include <string>

namespace app {

/// What the devices are read over.
struct LeadField {
    render::Camera camera;
    bool still = true;        ///< the camera does not glide: what is under the pointer stays there
    float left = 0, right = 0;  ///< px, between which the picture is free of panels
    bool automatic = false;   ///< fingers hold soft skin by themselves
    bool traction = false;    ///< fingers hold the skin now
    bool touching = false;    ///< the pen is on the skin now
    bool menu = false;        ///< the gamepad goes round the buttons on screen instead
    glm::ivec2 arrows{0};     ///< held, -1 to 1 to the right and down; used while keys lead
    std::span<const std::string> pens = {};  ///< kinds that may lead the pen; empty = any
    std::function<void()> begin;  ///< called before the first look that touches the skin; empty once the clock runs
};

/// What a device wished besides leading the pen.
struct LeadWishes {
    bool turned_wheel = false;
    int deeper = 0;        ///< notches of the needles' depth
    bool menu = false;     ///< the gamepad is wanted for the buttons on screen
    std::optional<Leader> wrong_pen = {};  ///< one that may not lead it was put down or asked for
};

class PenLead {
  public:
    /// `live` is told of it until the last read().
    PenLead(std::shared_ptr<const training::Stage> stage, LiveSession& live) : stage_(std::move(stage)), live_(live) {}

    /// Once a frame. Whoever did something last leads; one that is tracked leads while it is heard of.
    LeadWishes read(Desk& desk, const LeadField& field);
    /// Leans the pen, rad to the right and away; keys and a device's own lean add up.
    void lean(glm::dvec2 by);
    void stand_upright() { tilt_ = {0, 0}; }

    /// Keys lead the pen from the next read() on, or no longer: until they are given back, or a pointer is put down on the picture or
    /// another pen does something. They begin where the pen was seen last.
    void lead_with_keys(bool lead);
    bool keys_lead() const { return keys_lead_; }
    void put_down() { keys_.set_down(!keys_.down()); }  ///< or lift, while keys lead
    void press_harder(int notches) { harder_ += notches; }
    /// A pen that no pointer leads goes to the middle of what is seen.
    void to_middle() { to_middle_ = true; }

    Leader leader() const { return leader_; }
    bool pointer_rests() const { return !pointer_moved_; }  ///< has done nothing since this began
    bool pressed() const { return pressed_; }         ///< the pen, or the fingertip that is led, is put down
    bool leads_fingers() const { return fingers_; }   ///< the pointer leads the other hand
    bool second_pressed() const { return second_ && second_->last().pressed; }
    bool has_second() const { return second_.has_value(); }
    const std::optional<Pick>& hover() const { return hover_; }  ///< skin under the pen, or where it was left
    const std::optional<Pick>& finger_hover() const { return finger_hover_; }  ///< skin under the pointer that leads the fingers
    const std::optional<PointerLook::Tracked>& tracked() const { return tracked_; }  ///< newest, while one leads
    glm::dvec2 tilt() const { return tilt_; }

  private:
    std::vector<PointerPair> read_pointers(Desk& desk, const LeadField& field, bool on_picture);
    LeadWishes choose(Desk& desk, double aspect, const LeadField& field, bool pointer_presses);
    input::KeysPen::Field keys_field(const Desk& desk, const LeadField& field) const;
    void put_unled(const Desk& desk, const LeadField& field);
    /// The pen that was put down and may not lead.
    std::optional<Leader> lead_with_pointer(Desk& desk, const LeadField& field, PointerLook& look, std::span<const PointerPair> pairs,
                           bool on_picture);
    void lead_with_gamepad(Desk& desk, const LeadField& field, PointerLook& look);
    void lead_with_keys(Desk& desk, const LeadField& field, PointerLook& look);
    void lead_with_picked(Desk& desk, const LeadField& field, PointerLook& look);
    void lead_with_tracker(Desk& desk, const LeadField& field, PointerLook& look);
    void name_pen(const Desk& desk, Leader leader);
    void hold(PointerLook& look, const std::optional<render::PenTouch>& pen, const PenSettings& settings) const;

    std::shared_ptr<const training::Stage> stage_;
    LiveSession& live_;
    Leader leader_ = Leader::mouse;
    std::optional<Leader> named_;           ///< that the session was told of
    std::optional<PointerTrail> pointer_;   ///< none before the first frame
    std::optional<PointerTrail> second_;    ///< none where the display has no other, or before it has moved
    input::GamepadPen gamepad_;
    input::GamepadPen::Hold pad_hold_;
    input::KeysPen keys_;
    int harder_ = 0;  ///< notches that keys asked for since the last look
    std::optional<PointerLook::Tracked> tracked_;
    std::optional<Pick> hover_, finger_hover_;
    glm::dvec2 tilt_{0};
    bool fingers_ = false, pressed_ = false;
    bool keys_wished_ = false, keys_lead_ = false, to_middle_ = false, begun_ = false, pointer_moved_ = false;
};

}  // namespace app
