#pragma once

// The hand that turns the head: orbit, pan and zoom with the mouse, and calm moves to named views.

#include "engine/render/scene_view.h"

#include <glm/vec2.hpp>

#include <string>
#include <vector>

namespace app {

/// Which hand holds the pen: one sits on that side and looks past the pen from there.
enum class Seat : uint8_t { right, left };

class CameraHand {
  public:
    explicit CameraHand(const face::FaceAsset& face, Seat seat = Seat::right);

    /// Moves to a view of render::named_view, eased, within a third to two thirds of a second by how far it is; false
    /// when there is no such view. `leaning`: somewhat from above and from the other side than the pen hand, as one
    /// looks past the pen; straight on, it would hide what it does.
    bool go(std::string_view view, bool leaning = false);
    void go(const render::Camera& camera);
    /// From the next view on.
    void sit(Seat seat) { seat_ = seat; }

    /// Has the patient turn the head by so much (rad, x to the left as seen, y up), eased, as far as a neck goes: 60
    /// degrees either way. The lamps turn with the head, so it is the view that moves. Going to a view turns it back.
    void turn_head(glm::dvec2 by);
    glm::dvec2 head_turn() const { return turn_to_; }

    /// Reads mouse and keys of this frame (right drag, middle or shift+right drag, ctrl+wheel or plain wheel
    /// where `wheel_zooms`, + and -). True when the trainee moved the view.
    bool steer(bool wheel_zooms);
    void tick(double seconds);

    /// The camera of this moment.
    render::Camera camera() const;
    /// The same with its target in the middle of what panels leave free, `left` and `right` pixels from the edges.
    render::Camera centred(double left, double right, double width, double height) const;
    bool moving() const { return share_ < 1 || turn_ != turn_to_; }

  private:
    void settle_turn();

    const face::FaceAsset& face_;
    Seat seat_;
    render::Camera from_, to_, now_;
    double share_ = 1, seconds_ = 0.33;      ///< of the move under way, and how long it takes
    glm::dvec2 turn_{0}, turn_to_{0};        ///< rad
};

/// A camera that looks at these cells from outside, or nothing when there are none.
std::optional<render::Camera> view_of_cells(const face::FaceAsset& face, const std::vector<uint32_t>& cells);

}  // namespace app
