#pragma once

// A pen on skin. Pen samples go in; punctures and contact records come out: the puncture log follows from the pen's path
// alone, the same bits on every machine, for any number of threads and any frame rate.
//
// Time runs in fixed steps of 1/120 s (step k ends at floor(k·10^6/120) µs); the pen between samples is interpolated
// (tip and force linearly, axis by normalised linear interpolation, settings from the earlier sample). Needles strike at
// their exact times inside a step: stroke n = 1, 2, … of the motor happens at n/rate seconds of running time since it was
// switched on, in phase across changes of rate (a puncture's time is that instant to the nearest µs). The first sample
// begins the session: what lies before it is unknown and is left out.
//
// Effective depth of a pin is η·(what it reaches below the deformed skin), with the share that tenting leaves
//     η = η_min + (η_max − η_min)·ease(seat, rate, traction, stiffness)          (skin_model.h: Tenting),
// seat = share of the rim's pressure points that press, traction = stretch by the fingers over the model's full stretch, at
// most 1. Reaches that leave less than 20 µm do not break the horny layer (10 to 20 µm, clinical.md 4.3, F1) and are no
// punctures.
//
// A dial tells a cartridge's depth only within the device's tolerance (clinical.md 1.2: 0.15 mm for one pen, F1): set depths
// are off by an amount that "cartridge_new" draws anew.
//
// Stamps and rollers have neither motor nor dial: samples' motor, rate and depth are passed over, rate is 0 in the formula
// above, and the contact records say that the motor runs, since none is off (needles.h, heading.h).
//
// A pen's pin swings from as far behind the rim as its depth to that depth, so it is in the skin for arccos(c/d)/π of a stroke (c:
// the skin's distance from the rim's plane, d: set depth). What the tip slides over the skin meanwhile is the pin's drag.
//
// Fingers and a dragging tip draw skin along itself, and a needle enters the skin that lies under it: a puncture's place on
// the rest skin is where the needle meets the skin's shape, less the skin's displacement there. What `anchor`, `zone` and
// `cell` of a contact name is found the same way.
//
// Inertia is left out: skin creeps (memory.h) and stretches (stretch.h) but does not swing. Saturated, never wrapped: depth
// at 4000 µm, tilt and force (mN) at 65535.
//
// Events: those about fingers (traction_events.h); "glide_medium ZONE", "wipe ZONE", "cartridge_new". Other events are let pass.

#include "engine/face/face_asset.h"
#include "engine/input/pen_sample.h"
#include "engine/skin/device_profile.h"
#include "engine/skin/memory.h"
#include "engine/skin/stretch.h"
#include "shaders/shared/evidence.h"

#include <memory>
#include <span>
#include <vector>

namespace skin {

inline constexpr uint32_t kStepsPerSecond = 120;
inline constexpr double kStep = 1.0 / kStepsPerSecond;

/// End of step `k` in µs; step 0 ends at 0.
constexpr uint32_t step_end_us(uint64_t k) {
    return static_cast<uint32_t>(k * 1'000'000u / kStepsPerSecond);
}

/// The present contact, for picture and live panel. The dent anywhere is the layer's answer, at `stiffness`, to
/// `present_share` times `points` and to `past`.
struct Contact {
    bool touching = false;
    mesh::SurfacePoint anchor;             ///< place of the face's mesh: the rest skin that now lies under the tip's centre
    glm::dvec3 position{0}, normal{0, 0, 1};  ///< where the tip's centre meets the skin's shape; normal smoothed over the tip
    glm::dvec3 tip{0}, axis{0, 0, -1};     ///< where the rim's centre really is, after force made its dent
    double force = 0;                      ///< N along the axis
    double dent = 0;                       ///< m, greatest displacement under the tip
    double tilt = 0;                       ///< rad
    double speed = 0;                      ///< m/s along the skin
    uint8_t zone = 0;
    uint32_t cell = shared::kNoCell;
    face::TissueAt tissue{};               ///< what the contact was solved with
    double stiffness = 0;                  ///< Pa, the tissue's at the strain under the tip
    double present_share = 1;              ///< of the answer to a force that comes within the step
    std::vector<PressurePoint> points;     ///< only those that press
    std::vector<PressurePoint> past;       ///< loads that the skin has not forgotten; also after the tip was lifted
    glm::dvec3 dent_place{0}, dent_normal{0, 0, 1};  ///< `position`, `normal` and `tissue` where the tip last pressed
    face::TissueAt dent_tissue{};
    Drawn drawn;                           ///< along the skin, round `position`
    std::vector<Grip> grips;               ///< what draws it, with its load; also after it let go
    std::vector<Fingertip> fingers;        ///< that hold now
    double drag = 0;                       ///< m that the tip slid over the skin in the step
    glm::dvec3 heading{0};                 ///< unit, of a roller: the way in which it rolls forwards; 0 for other devices
    double drum_turn = 0;                  ///< rad that a roller's drum has turned

    bool moves_skin() const { return touching || !past.empty() || !grips.empty(); }
};

class Simulation {
  public:
    /// All three must outlive it.
    Simulation(const face::FaceAsset& face, const DeviceProfile& device, const SkinModel& skin);
    Simulation(const face::FaceAsset&, DeviceProfile&&, const SkinModel&) = delete;  ///< a device that would not outlive it
    ~Simulation();
    Simulation(Simulation&&) noexcept;

    /// Takes the samples (later than any before) and runs every step that they cover: a step runs once a sample at or
    /// after its end is known. Results are appended to punctures() and contacts().
    void advance(std::span<const input::PenSample> samples);
    /// An event takes effect from the first step that ends after its time. Give it before the samples that follow it.
    void event(const input::ProcedureEvent& event);

    const std::vector<shared::Puncture>& punctures() const;
    const std::vector<shared::ContactRecord>& contacts() const;
    /// Empties both logs (a live session moves them on); the simulation's state is untouched.
    void clear_logs();

    const Contact& contact() const;
    uint64_t steps_done() const;
    /// Hash of the whole state and of all results so far: equal runs have equal hashes at every step.
    base::Hash state_hash() const;

    /// The state between two calls, to come back to: what follows from it is the same to the last bit as what followed then.
    /// Logs are not part of it. Of the same face, device and skin.
    class Snapshot;
    Snapshot snapshot() const;
    void restore(const Snapshot& snapshot);

    /// Inward displacement (m, along -normal of the contact) of the rest skin at `place` by the present contact.
    double dent_at(glm::dvec3 place) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

class Simulation::Snapshot {
  public:
    ~Snapshot();
    Snapshot(Snapshot&&) noexcept;
    Snapshot& operator=(Snapshot&&) noexcept;
    uint64_t steps_done() const;
    size_t bytes() const;  ///< of memory, about

  private:
    friend class Simulation;
    explicit Snapshot(std::unique_ptr<const State> state);
    std::unique_ptr<const State> state_;
};

/// Rest-pose place of a puncture on its face, m.
glm::dvec3 puncture_position(const face::FaceAsset& face, const shared::Puncture& puncture);

}  // namespace skin
