#pragma once

// What the needles do in a step: which enter, when, where, how deep, and how far they are dragged through the
// skin. The tip's contact (touch.h) and the sheet's stretch (stretch.h) are known at both ends of the step;
// the pen is known at every instant between. Formulas and their sources that hold for all kinds:
// simulation.h.
//
// A pen's motor makes all pins strike at its instants (needles.cpp). Pins of fixed length (fixed_pins.cpp)
// have no motor: they stand on the skin until the force drives them in, so that of their length the share
//     min(1, F / (pins that stand on the skin · force for one pin))
// is in it; a pin that is in bears its share of the hand. (Force and depth in proportion: A.)
//
// A stamp's pins enter once per press, at the deepest of it; they are recorded when it ends, or when the
// plate has slid by more than half a pin: the pins have torn, and enter again only after the stamp was
// lifted. A press that no sample ends leaves nothing.
//
// A roller's pins enter as the drum carries them past its lowest line, on whichever way round, and again only
// after they came out. The drum turns by its way over the skin along `PenState::heading` (heading.h), like a
// wheel without slip, at the radius of the drum; not while it is in the air, nor by leaps that no hand makes.
// Pins that the drum is put down upon are no punctures until it rolls (A).
//
// A pin of length L on a drum of radius R that reaches r below the skin at the lowest point has its tip at ρ
// = R + L from the axle, which goes by (ρ − r) t along the skin while the drum turns by t: the tip is in the
// skin while ρ cos t > ρ − r, that is from −t₀ to t₀ = acos((ρ − r)/ρ), its angle of entry, and meanwhile
// moves over the skin by
//     |(ρ − r) t₀ − ρ sin t₀|
// each way, to and from the lowest point, always backwards (D). Both ways, and what the drum slips sideways
// while the pin is in, are its drag.

#include "engine/skin/pen_path.h"
#include "engine/skin/touch.h"

#include <vector>

namespace skin {

/// Skin drawn by less (m) lies where it rests.
inline constexpr double kUndrawn = 1e-8;
/// m off the rest skin that a drawn place may be.
inline constexpr double kDrawnReach = 10e-3;

/// One simulation step as its needles see it.
struct NeedleStep {
    const PenPath& path;
    const TipOnSkin& tip;
    const Touch &before, &after;  ///< at its ends
    uint32_t from_us, to_us;      ///< its time: (from, to]
    glm::dvec3 heading;           ///< of a roller, see PenState
    double stiffness;             ///< Pa, the tissue's at the strain under the tip
    double slid;                  ///< m that the tip slid over the skin in it
    uint32_t direction;           ///< bin of the travel, or kNoDirection
    bool held_ideally;            ///< traction without fingers of its own: as taut as helps
};

/// rad: see above, t₀. `tip_radius` from the axle to the pin's tip, m; `reach` m below the skin at the lowest
/// point.
double entry_angle(double tip_radius, double reach);
/// m: see above, each way.
double pin_sweep(double tip_radius, double reach);

class Needles {
  public:
    /// All three must outlive it.
    Needles(const face::FaceAsset& face, const DeviceProfile& device, const SkinModel& skin);

    /// A new cartridge is put on: its depth is off by an amount of its own (device_profile.h: dial_error).
    void change_cartridge();
    /// Appends the step's punctures, strictly ordered by (time, needle). Steps follow each other without a
    /// gap.
    void pass(const NeedleStep& step, std::vector<shared::Puncture>& out);
    /// m that the tip slid, in the last step, while a pin was in the skin; of the pin that fared worst.
    double greatest_drag() const { return greatest_drag_; }
    /// rad that a roller's drum has turned, [0, 2π).
    double drum_turn() const { return rolled_ / device_.drum_radius; }

    size_t heap_bytes() const { return base::heap_bytes(places_, deepest_, inside_, spans_, crossings_); }
    /// Adds what the next steps depend on.
    void add_to(base::Hasher& hasher) const;

  private:
    /// The tip at one instant of a step: the pen where it is then, the skin between the step's two ends.
    struct Instant {
        PenState pen;
        double share;   ///< of the step that is over
        double force;   ///< N
        double enters;  ///< share of a pin's reach that tenting leaves
        uint32_t tilt, flags;
    };
    /// Where and how one pin goes in.
    struct Entry {
        size_t needle;
        size_t place;      ///< of entry_places()
        double reach;      ///< m that the pin stands out beyond the tip's plane
        double clearance;  ///< m from that plane to the skin
        double drag;       ///< m that its tip goes through the skin
        double slip;       ///< m of that which the hand could have spared: a drum sweeps its pins
    };
    struct Crossing {
        uint32_t time_us;
        size_t needle;
        double time;  ///< µs
        auto operator<=>(const Crossing&) const = default;
    };

    std::optional<Instant> instant(const NeedleStep& step, double time, double rate_hz) const;
    std::optional<double> clearance(const NeedleStep& step, size_t place, double share) const;
    std::optional<shared::Puncture> enter(const NeedleStep& step, const Instant& at, uint32_t time_us,
                                          const Entry& entry);
    mesh::SurfacePoint undraw(const NeedleStep& step, const mesh::SurfaceHit& hit, double share) const;
    void put_on_face(const mesh::SurfacePoint& point, shared::Puncture& puncture) const;

    void run_motor(const NeedleStep& step, std::vector<shared::Puncture>& out);
    void strike(const NeedleStep& step, const Instant& at, uint32_t time_us, const PenSpan& span,
                std::vector<shared::Puncture>& out);

    double standing_share(double force, double pins) const;
    void press(const NeedleStep& step, std::vector<shared::Puncture>& out);
    void go_deeper(const NeedleStep& step);
    void end_press(uint32_t time_us, std::vector<shared::Puncture>& out);
    void roll(const NeedleStep& step, std::vector<shared::Puncture>& out);
    void turn_drum(const PenSpan& span, double way);
    void roll_in(const NeedleStep& step, const Crossing& crossing, std::vector<shared::Puncture>& out);

    const face::FaceAsset& face_;
    const DeviceProfile& device_;
    const SkinModel& skin_;
    std::vector<glm::dvec2> places_;  ///< entry_places()
    double greatest_drag_ = 0;

    uint64_t phase_ = 0;  ///< of the motor, < one stroke
    uint32_t cartridges_ = 0;
    double dial_error_ = 0;  ///< m

    double slid_ = 0;                                       ///< m in this press
    bool torn_ = false;                                     ///< the press is over but for its lifting
    std::vector<std::optional<shared::Puncture>> deepest_;  ///< per pin of a stamp, in this press

    double rolled_ = 0;         ///< m round the drum, [0, girth)
    std::vector<char> inside_;  ///< per pin of a drum: it has entered and not come out

    std::vector<PenSpan> spans_;  ///< scratch of a step
    std::vector<Crossing> crossings_;
};

}  // namespace skin
