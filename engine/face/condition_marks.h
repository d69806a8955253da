#pragma once

// What conditions look like: marks of a kind laid on the skin as details. How lines fade, how vessels wind,
// how a scar's wall falls is decided here and in content/conditions; where items lie is decided in condition_lesions.cpp.

#include "engine/base/random.h"
#include "engine/face/conditions.h"

#include <glm/geometric.hpp>

#include <optional>
#include <vector>

namespace face {

/// A point of the skin with the directions in which places are told.
struct SkinPlace {
    glm::dvec3 position, normal;
    glm::dvec3 left, up;   ///< unit, in the skin's plane: level to the patient's left, and up the head
    glm::dvec3 tension;    ///< unit, of either sign; `left` where the tissue says nothing
    uint8_t zone = 0;
};

/// The skin nearest to `p`, if any is within 10 mm. The asset needs its index.
std::optional<SkinPlace> skin_near(const FaceAsset& asset, glm::dvec3 p);

/// An item that has its place.
struct Item {
    SkinPlace place;
    glm::dvec3 axis;   ///< unit, in the skin's plane: the direction of its lines
    double size = 0;   ///< m, diameter
};

/// A value between mild and severe, scattered about the severity as things on skin are.
double draw(const Span& span, double severity, base::Random& random);

/// No item goes on painting beyond this; apply_conditions refuses what comes to so many.
inline constexpr size_t kMostDetails = 60'000;

void paint_spot(FaceAsset& asset, const ConditionKind& kind, const Item& item, double severity, base::Random& random);
void paint_vessels(FaceAsset& asset, const ConditionKind& kind, const Item& item, double severity,
                   base::Random& random);
/// One mark of a field.
void paint_mark(FaceAsset& asset, const Mark& mark, glm::dvec3 place, double severity, base::Random& random);

/// A line through `start` along the skin, at most `length` long, as points about 1.2 mm apart. `direction` at a place is
/// any vector in its plane, of either sign; nothing ends the line there.
template <typename Direction>
std::vector<SkinPlace> trace_line(const FaceAsset& asset, const SkinPlace& start, double length, Direction&& direction) {
    constexpr double kStep = 1.2e-3;  // m
    std::vector<SkinPlace> line{start};
    for (int sense : {1, -1}) {
        std::vector<SkinPlace> half;
        SkinPlace at = start;
        glm::dvec3 heading{0};
        for (double done = 0; done < 0.5 * length; done += kStep) {
            std::optional<glm::dvec3> way = direction(at);
            if (!way) break;
            glm::dvec3 ahead = half.empty() ? *way * static_cast<double>(sense)
                                            : *way * (glm::dot(*way, heading) < 0 ? -1.0 : 1.0);
            std::optional<SkinPlace> next = skin_near(asset, at.position + ahead * kStep);
            if (!next || glm::dot(next->normal, at.normal) < 0.5) break;
            heading = next->position - at.position;
            half.push_back(*next);
            at = *next;
        }
        if (sense > 0)
            line.insert(line.end(), half.begin(), half.end());
        else
            line.insert(line.begin(), half.rbegin(), half.rend());
    }
    return line;
}

/// A line as details, fading towards its ends.
void paint_line(FaceAsset& asset, const Mark& mark, const std::vector<SkinPlace>& line, double severity,
                base::Random& random);

}  // namespace face
