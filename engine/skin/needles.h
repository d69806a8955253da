#pragma once

// What the needles do in a step: which enter, when, where, how deep, and how far they are dragged through the skin. The
// tip's contact (touch.h) and the sheet's stretch (stretch.h) are known at both ends of the step; the pen is known at every
// instant between. Formulas and their sources: simulation.h.

#include "engine/skin/pen_path.h"
#include "engine/skin/touch.h"

#include <vector>

namespace skin {

/// Skin drawn by less (m) lies where it rests.
inline constexpr double kUndrawn = 1e-8;

/// One simulation step as its needles see it.
struct NeedleStep {
    const PenPath& path;
    const TipOnSkin& tip;
    const Touch &before, &after;  ///< at its ends
    uint32_t from_us, to_us;      ///< its time: (from, to]
    double stiffness;             ///< Pa, the tissue's at the strain under the tip
    double slid;                  ///< m that the tip slid over the skin in it
    uint32_t direction;           ///< bin of the travel, or kNoDirection
    bool held_ideally;            ///< traction without fingers of its own: as taut as helps
};

class Needles {
  public:
    /// All three must outlive it.
    Needles(const face::FaceAsset& face, const DeviceProfile& device, const SkinModel& skin);

    /// A new cartridge is put on: its depth is off by an amount of its own (device_profile.h: dial_error).
    void change_cartridge();
    /// Appends the step's punctures, strictly ordered by (time, needle). Steps follow each other without a gap.
    void pass(const NeedleStep& step, std::vector<shared::Puncture>& out);
    /// m that the tip slid, in the last step, while a pin was in the skin; of the pin that fared worst.
    double greatest_drag() const { return greatest_drag_; }

    /// Adds what the next steps depend on.
    void add_to(base::Hasher& hasher) const;

  private:
    struct Strike;
    void strike(const NeedleStep& step, const Strike& at, std::vector<shared::Puncture>& out);
    double entering_share(const NeedleStep& step, double seat, double rate_hz) const;
    mesh::SurfaceHit undraw(const NeedleStep& step, const mesh::SurfaceHit& hit, double share) const;
    void record(const mesh::SurfaceHit& hit, double depth, uint32_t tilt, const shared::Puncture& common,
                std::vector<shared::Puncture>& out) const;

    const face::FaceAsset& face_;
    const DeviceProfile& device_;
    const SkinModel& skin_;
    uint64_t phase_ = 0;  ///< of the motor, < one stroke
    uint32_t cartridges_ = 0;
    double dial_error_ = 0;  ///< m
    double greatest_drag_ = 0;
    std::vector<PenSpan> spans_;  ///< scratch of a step
};

}  // namespace skin
