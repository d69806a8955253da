#pragma once

// A session's healing as the program shows it: ages as people write them, and what the renderer is told.

#include "engine/render/scene_view.h"
#include "engine/track/healing.h"
#include "training/core/recording.h"

#include <string>

namespace app {

/// Days of "30min", "6h", "2d", "3w", "4mo" (months of 30.44 days); 0 to 10 years. The error begins with ": ".
base::Result<double> parse_age(std::string_view text);

/// The timeline: from ten minutes to a year, each factor of time as long as the next. Share 0..1, days.
inline constexpr double kFirstMoment = 10.0 / 1440, kLastMoment = 365;  // days
double moment_at(double share);
double place_of(double days);

/// Keeps what a HealingView refers to.
class HealingStage {
  public:
    HealingStage(std::shared_ptr<const face::FaceAsset> face, track::HealingCurves curves, const training::Recording& recording);

    /// The view of this moment; what was told before is gone. The same plan costs nothing.
    render::HealingView at(const track::HealingPlan& plan);
    const track::HealingCourse& course() const { return course_; }
    std::span<const track::HealedCell> cells() const { return cells_; }

  private:
    track::HealingCourse course_;
    track::HealingPlan plan_;
    std::vector<track::HealedCell> cells_;
    std::vector<shared::HealedLook> looks_;
    uint64_t version_ = 0;
};

}  // namespace app
