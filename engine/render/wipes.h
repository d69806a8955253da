#pragma once

// What a gauze pad leaves when it is drawn over skin that bled: droplets are gone, and what the pad did not
// take up lies behind them as streaks that thin along the stroke. Decided here once per wipe, from the stroke
// and the droplets in its way alone; the atlas paints it (SkinAtlas), and vertices.comp draws the film of
// serum thinner there.

#include "engine/face/face_asset.h"
#include "engine/render/scene_view.h"

#include <glm/vec4.hpp>

#include <optional>
#include <span>
#include <vector>

namespace render {

/// A droplet that the pad meets.
struct Spill {
    glm::vec3 place, normal;  ///< m, on the skin at rest
    float radius;             ///< m
};

struct WipeTrace {
    static constexpr float kStep = 0.5e-3f;  ///< m along the stroke
    static constexpr float kOozes =
        5;  ///< times a droplet's blood that comes out of its place under the pad (A)
    static constexpr float kTaken = 0.30f;     ///< share of a droplet that the pad takes up at once (A)
    static constexpr float kThinning = 5e-3f;  ///< m along which what it carries on falls to 1/e (A)
    static constexpr float kSoft = 1.2e-3f;    ///< m over which its sides and ends fade

    std::vector<glm::vec4> points;  ///< m, of the path, 2 mm apart or more; w: m along it
    float width = 0, length = 0;    ///< m
    uint32_t lanes = 1, steps = 1;
    std::vector<float>
        film;  ///< um of blood that stays, [step * lanes + lane]; lane 0 lies to the right of its way
};

/// Where a place lies on the stroke.
struct WipePlace {
    float along;   ///< m
    float across;  ///< -1..1 over the width, positive to the left of its way; without a normal only the
                   ///< amount holds
    float cover;   ///< 1 in it, falling to 0 over kSoft at its sides and ends
};

/// Nothing where the stroke does not reach.
std::optional<WipePlace> place_on(const WipeTrace& trace, glm::vec3 place, glm::vec3 normal);

/// Draws the pad over droplets. What it takes up and what it leaves is all that came out, but for what it
/// still carries at its end. Droplets off the stroke do not count.
WipeTrace trace_wipe(const WipeStroke& stroke, std::span<const Spill> droplets);

/// mm³ of a droplet: a cap that stands 60 degrees steep.
double droplet_volume_mm3(double radius_mm);

/// The wipe's triangles of the skin, each with the first and last of its points that lie near.
struct WipeTriangle {
    uint32_t triangle, first, last;
};
std::vector<WipeTriangle> triangles_under(const WipeTrace& trace, const mesh::SurfaceMesh& skin);

/// The surface cells whose seeds lie on it.
std::vector<uint32_t> cells_under(const WipeTrace& trace, const face::SurfaceCells& cells);

}  // namespace render
