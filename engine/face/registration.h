#pragma once

// Lays the canonical head over a scanned one: first a similarity (turn, size, place) from many starts, then a
// smooth displacement that brings every place of the head onto the scan. With it whatever is known of the
// canonical head by place (zones, tissue, landmarks) is known of the scan. The scan may be in any unit and
// any axes.

#include "engine/base/files.h"
#include "engine/face/head_mesh.h"
#include "engine/face/landmarks.h"
#include "engine/mesh/surface_index.h"

#include <glm/mat3x3.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace face {

/// The canonical head (mm) sampled for registration.
struct HeadTemplate {
    HeadNumbers numbers;
    std::unique_ptr<HeadShape> shape;
    HeadMesh head;                      ///< as sampled
    mesh::SurfaceMesh skin;             ///< of `head`: places, normals
    std::vector<NamedPlace> landmarks;  ///< both sides, as numbers.landmarks names and places them
    std::vector<mesh::SurfacePoint> landmark_points;  ///< the same on `skin`
    std::vector<double> vertex_area;                  ///< mm²
};

/// About a second.
base::Result<std::unique_ptr<HeadTemplate>> make_head_template(const base::Places& places);

/// x -> scale * rotation * x + shift.
struct Similarity {
    glm::dmat3 rotation{1};
    double scale = 1;
    glm::dvec3 shift{0};

    glm::dvec3 at(glm::dvec3 p) const { return scale * (rotation * p) + shift; }
    glm::dvec3 back(glm::dvec3 q) const { return glm::transpose(rotation) * (q - shift) / scale; }
};

/// The similarity that takes `from` to `to` with the least squares (Horn 1987), the size from both spreads
/// alike. At least three pairs that are not in line.
Similarity best_similarity(std::span<const glm::dvec3> from, std::span<const glm::dvec3> to);

/// How well a head fits a scan. Distances in mm on the canonical head.
struct Alignment {
    Similarity scan_from_head;
    double error = 0;      ///< mean of the nearest 70 % of distances, both ways
    double runner_up = 0;  ///< the same of the best fit turned otherwise by more than 30 degrees
};

/// The scan's axes that point up the head and out of the face, each a unit vector along an axis.
struct Axes {
    glm::ivec3 up{0, 1, 0}, front{0, 0, 1};
};
/// "+y+z": up is +y, the face looks along +z. Nothing where it is no such pair of different axes.
std::optional<Axes> parse_axes(std::string_view text);

/// Tries all 24 turns by right angles (or the four where `up` (0 x, 1 y, 2 z) points up, -1 = all; or `axes`
/// alone) and several sizes, each improved by iterated closest points. The scan's normals must be computed.
/// About three seconds.
Alignment align_head(const HeadTemplate& head, const mesh::SurfaceMesh& scan, int up,
                     const std::optional<Axes>& axes = {});

/// Improves an alignment by iterated closest points.
Alignment refine_alignment(const HeadTemplate& head, const mesh::SurfaceMesh& scan, const Similarity& start);

/// Where each vertex of the template lies after it was bent onto `scan`, which is in the canonical frame
/// (mm), about aligned. `pins` are landmarks (by index) that must lie where told. Elastic membrane with
/// point-to-plane pull, from stiff to soft (after Amberg, Romdhani & Vetter 2007). About five seconds.
struct Pin {
    size_t landmark;
    glm::dvec3 place;
};
std::vector<glm::dvec3> bend_head(const HeadTemplate& head, const mesh::SurfaceMesh& scan,
                                  std::span<const Pin> pins, const std::function<void(double)>& told);

/// How a vertex of a scan belongs to the head.
enum class Belonging : uint8_t {
    far,   ///< hair, collar, clothes
    near,  ///< by the skin but not it: facing otherwise or some millimetres off, as the inside of lips and
           ///< nostrils
    on_skin
};

/// What the bent template says about the scan's vertices.
struct Carried {
    std::vector<glm::dvec2> angles;  ///< (azimuth, elevation) in degrees on the canonical head, per vertex
    std::vector<Belonging> belongs;
};
Carried carry_over(const HeadTemplate& head, const std::vector<glm::dvec3>& bent,
                   const mesh::SurfaceMesh& scan);

}  // namespace face
