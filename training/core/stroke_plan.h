#pragma once

// Where a hand means to go: strokes over each zone, before tremor, force and tilt make them human. A plan lies on the rest
// skin and is a pure function of face, device and settings.

#include "engine/base/random.h"
#include "engine/face/face_asset.h"
#include "engine/skin/device_profile.h"

#include <span>
#include <vector>

namespace training {

/// How passes are laid. Lengths in metres. The defaults are a trained hand's (clinical.md 3, 9: all A but the directions).
struct PlanSettings {
    double spacing = 5.8e-3;        ///< between parallel strokes; 0.58 of a 10 mm tip = 42 % overlap
    double speed = 0.022;           ///< m/s along the skin
    std::vector<double> directions = {0, 90, 45};  ///< degrees from the head's +X laid on the zone's middle
    int fewest_passes = 3;          ///< each zone gets this many of the directions or more, drawn for each
    double margin = 2.7e-3;         ///< bare skin to leave between the outermost needle and no-go skin, which comes along a little
    int border_passes = 3;          ///< strokes along the edge of no-go skin
    double evening = 1;             ///< 0..1: how far speed is adapted to even out the density that the plan predicts
    double missed = 0;              ///< share of strips forgotten
    double forgotten = 0;           ///< share of each zone's width that is left out at one side of it, drawn for each
    bool mirrored = false;          ///< strokes begin at the other side: the mirror image of the plan for a mirrored face
};

struct StrokePoint {
    glm::dvec3 position;  ///< m, on the rest skin
    glm::dvec3 inward;    ///< unit, into the skin, smoothed over the tip
    double speed;         ///< m/s wished here
};

/// One glide from touch to lift; points about 1 mm apart, at least 2.
struct Stroke {
    std::vector<StrokePoint> points;
};

struct ZonePlan {
    uint8_t zone;
    int passes = 0;               ///< directions in which the zone is crossed
    std::vector<Stroke> strokes;  ///< in the order to make them
};

/// Plans the zones in the order given. `random` decides which passes, strips and sides are forgotten. Cost: under 2 s for a whole head.
std::vector<ZonePlan> plan_strokes(const face::FaceAsset& face, const skin::DeviceProfile& device,
                                   std::span<const uint8_t> zones, const PlanSettings& settings, base::Random& random);

/// Punctures per cm² that a plan should leave on every cell, were every stroke of the motor to enter evenly over the plate.
std::vector<double> predicted_density(const face::FaceAsset& face, const skin::DeviceProfile& device,
                                      std::span<const ZonePlan> plans);

}  // namespace training
