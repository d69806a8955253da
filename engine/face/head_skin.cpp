#include "engine/face/head_skin.h"

#include "engine/base/deterministic_math.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <future>

namespace face {
namespace {

constexpr double kTurn = 0.005;  // degrees: a hundredth of a millimetre, far below the finest crease
constexpr double kAgrees = 0.5;  // cosine to the triangles round a vertex
constexpr double kNearPole = 1;  // degrees from the vertex, where azimuth says nothing

/// Of the patient's skin, by central differences; 0 where both ways run together.
glm::dvec3 derived_normal(const HeadShape& shape, const PatientPlacement& placement, glm::dvec2 angles,
                          glm::dvec3 base) {
    if (kHighestElevation - angles.y < kNearPole) return glm::dvec3(0);
    auto at = [&](double azimuth, double elevation) {
        return placement.millimetres(shape.at(azimuth, elevation, base).place);
    };
    double round = kTurn / std::max(0.1, base::det::cos(angles.y * base::det::kPi / 180));
    glm::dvec3 aside = at(angles.x + round, angles.y) - at(angles.x - round, angles.y);
    glm::dvec3 up = at(angles.x, angles.y + kTurn) - at(angles.x, angles.y - kTurn);
    glm::dvec3 normal = glm::cross(aside, up);
    double length = glm::length(normal);
    return length > 0 ? normal / length : glm::dvec3(0);
}

}  // namespace

mesh::SurfaceMesh lay_skin(const HeadShape& shape, const HeadMesh& sample,
                           const PatientPlacement& placement) {
    constexpr size_t kThreads = 4;
    mesh::SurfaceMesh skin;
    skin.triangles = sample.triangles;
    skin.positions.resize(sample.points.size());
    auto place = [&](size_t first, size_t last) {
        for (size_t i = first; i < last; ++i) skin.positions[i] = placement(sample.points[i].place);
    };
    // Where rays meet no smooth skin, as on the edge of an ear, the triangles' normal stands.
    auto turn = [&](size_t first, size_t last) {
        for (size_t i = first; i < last; ++i) {
            glm::dvec3 normal = derived_normal(shape, placement, sample.angles[i], sample.points[i].base);
            if (glm::dot(normal, skin.normals[i]) > kAgrees) skin.normals[i] = normal;
        }
    };
    auto in_parts = [&](auto work) {
        std::vector<std::future<void>> parts;
        size_t n = skin.vertex_count();
        for (size_t k = 0; k < kThreads; ++k)
            parts.push_back(std::async(std::launch::async, work, k * n / kThreads, (k + 1) * n / kThreads));
        for (std::future<void>& part : parts) part.get();
    };
    in_parts(place);
    mesh::compute_normals(skin);
    in_parts(turn);
    return skin;
}

}  // namespace face
