#include "engine/face/zone_pieces.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace face {

double detail::TriangleCutter::longest(const Corner& a, const Corner& b, const Corner& c) const {
    glm::dvec3 p = place(a), q = place(b), r = place(c);
    return std::max({glm::length(p - q), glm::length(q - r), glm::length(r - p)});
}

detail::Corner detail::TriangleCutter::crossing(const Corner& a, const Corner& b) const {
    glm::dvec3 near = a.weights, far = b.weights;
    for (int step = 0; step < 10; ++step) {
        glm::dvec3 middle = 0.5 * (near + far);
        (zone_of_({triangle_, middle}) == a.zone ? near : far) = middle;
    }
    return {0.5 * (near + far), a.zone};
}

bool has_zone(const ZoneOf& zone_of, uint32_t triangle) {
    for (glm::dvec3 weights : {glm::dvec3(1.0 / 3), {1, 0, 0}, {0, 1, 0}, {0, 0, 1}})
        if (zone_of({triangle, weights}) != 0) return true;
    return false;
}

}  // namespace face
