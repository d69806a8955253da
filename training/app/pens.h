#pragma once

// The pens of this machine besides the mouse, read once a frame whatever screen is shown: what the device page tells of,
// and what practice is led by.

#include "engine/face/face_asset.h"
#include "engine/render/window.h"
#include "training/app/pen_settings.h"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace app {

/// A place of the face or pad that a tracked pen can touch to be calibrated.
struct KnownPoint {
    std::string key;      ///< of its name, [calibration] in the locale
    glm::dvec3 place{0};  ///< m, head frame
};
/// Three points far apart that are easily found by touch: of a head the nose's most forward point and where the skin lies
/// at both ends of the line through the tragions (design.md 2: the head frame's X axis), of a pad three corners.
std::array<KnownPoint, 3> calibration_points(const face::FaceAsset& face);

class Pens {
  public:
    /// Listens for a tracked pen there from now on; refused where that fails. Cheap where nothing changed.
    base::Status listen(const input::OscPlace& place);
    /// After the window's begin_frame.
    void read(const render::Window& window);

    std::optional<render::PenTouch> stylus() const { return stylus_; }  ///< newest told; none before it did something
    const std::optional<input::GamepadState>& gamepad() const { return gamepad_; }
    /// Of pointers and the gamepad's buttons the buttons did something last, on whatever screen.
    bool gamepad_was_last() const { return gamepad_was_last_; }
    /// Poses that came in since the last frame, in the tracker's space.
    std::span<const input::TrackedPose> tracked() const { return tracked_; }
    const std::optional<input::TrackedPose>& last_tracked() const { return last_tracked_; }
    const input::OscReceiver* receiver() const { return receiver_.get(); }

    /// Of the face on stage; none on other screens.
    std::optional<std::array<KnownPoint, 3>> known;
    /// Begins to take point `index`: the mean of the tip over half a second, given up where it moves by more than 2 mm.
    void touch(size_t index, double now);
    /// Where the last touches stand.
    struct Touches {
        std::array<std::optional<glm::dvec3>, 3> points;
        std::optional<size_t> taking;
        std::string problem_key;  ///< of the last that failed; empty = none
    };
    const Touches& touches() const { return touches_; }
    /// With the third point: the calibration, once.
    std::optional<base::Result<input::Calibration>> calibrated();

  private:
    void take(double now);

    input::OscPlace place_;
    std::unique_ptr<input::OscReceiver> receiver_;
    std::optional<render::PenTouch> stylus_;
    std::optional<input::GamepadState> gamepad_;
    bool gamepad_was_last_ = false;
    uint32_t buttons_ = 0;  ///< of it that are down
    std::vector<input::TrackedPose> tracked_;
    std::optional<input::TrackedPose> last_tracked_;
    Touches touches_;
    double taking_since_ = 0;  ///< s
    std::vector<glm::dvec3> taken_;
};

}  // namespace app
