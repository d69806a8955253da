#pragma once

// The numbers from which heads are generated (content/faces/head), read and checked. Millimetres; +X the
// patient's left, +Y up, +Z front, y = 0 at the menton: the canonical frame, before a patient's measures warp
// it.

#include "engine/base/files.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace face {

/// One solid of the smooth union that is the head without its fine features.
struct Primitive {
    enum class Shape { ellipsoid, capsule };
    Shape shape = Shape::ellipsoid;
    bool subtract = false;
    double blend = 1;   ///< width of the smooth union, > 0
    glm::dvec3 a{0};    ///< centre, or one end
    glm::dvec3 b{0};    ///< radii, or the other end
    double radius = 0;  ///< capsule only
};

struct Landmark {
    std::string name;
    glm::dvec3 place;
    bool paired = false;  ///< `place` is the left one; the right one mirrors it
};

/// Outline of a clinical zone. A point belongs to the first zone of the list that holds it.
struct ZoneOutline {
    std::string kind;
    bool paired = false;
    bool treatable = true, no_go = false, bone = false, mobile = false;
    std::string mask;  ///< "lip", "nostril", "ear": a feature of the surface instead of curves; or empty
    std::vector<glm::dvec2> front;  ///< closed curve in (|x|, y), for skin that faces forward; may be empty
    std::vector<glm::dvec2> above;  ///< (azimuth, elevation from (0, 100, 0), degrees): where the zone ends; or empty
    std::vector<glm::dvec2> wrap;   ///< closed curve in (azimuth in degrees from the front, y); may be empty
};

/// Depth from skin to bone or other firm ground at a place, and the superficial fat within it. mm.
struct DepthPoint {
    std::string name;
    glm::dvec3 place;  ///< left side or midline
    double depth_female = 0, depth_male = 0, fat = 0;
};

/// A curve of the left half along which the relaxed skin's tension runs.
struct TensionLine {
    std::string name;
    bool wrap = false;              ///< knots are (azimuth in degrees, y), else front view (x, y)
    std::vector<glm::dvec2> knots;  ///< at least 2
};

struct HeadNumbers {
    std::vector<Primitive> primitives;
    std::map<std::string, std::vector<glm::dvec3>> curves;  ///< by name; flat ones have z = 0
    std::vector<Landmark> landmarks;
    std::vector<Landmark> anchors;
    std::vector<ZoneOutline> zones;
    std::vector<DepthPoint> depths;
    std::vector<TensionLine> tension;

    /// The flat curve `name`; it must be one that `load_head_numbers` demands.
    std::vector<glm::dvec2> curve(const std::string& name) const;
    glm::dvec3 landmark(const std::string& name) const;
};

/// Canonical place (mm) to the patient's (m).
using Placement = std::function<glm::dvec3(glm::dvec3)>;

base::Result<HeadNumbers> load_head_numbers(const base::Places& places);

}  // namespace face
