#pragma once

// Surfaces with known answers for tests: vertices on whole micrometres, normals computed.

#include "engine/base/deterministic_math.h"
#include "engine/base/units.h"
#include "engine/mesh/surface_mesh.h"

namespace shapes {

inline glm::dvec3 whole_micrometres(glm::dvec3 p) {
    for (int axis = 0; axis < 3; ++axis)
        p[axis] = 1e-6 * static_cast<double>(base::round_to_integer(1e6 * p[axis]));
    return p;
}

/// A sphere about the origin, poles on y, facing out.
inline mesh::SurfaceMesh sphere(double radius, uint32_t rings) {
    mesh::SurfaceMesh mesh;
    uint32_t sectors = 2 * rings;
    mesh.positions.push_back(whole_micrometres({0, -radius, 0}));
    for (uint32_t j = 1; j < rings; ++j)
        for (uint32_t i = 0; i < sectors; ++i) {
            double polar = base::det::kPi * j / rings, around = 2 * base::det::kPi * i / sectors;
            double ring = radius * base::det::sin(polar);
            mesh.positions.push_back(
                whole_micrometres({ring * base::det::sin(around), -radius * base::det::cos(polar),
                                   ring * base::det::cos(around)}));
        }
    mesh.positions.push_back(whole_micrometres({0, radius, 0}));
    uint32_t top = static_cast<uint32_t>(mesh.positions.size()) - 1;
    auto at = [&](uint32_t j, uint32_t i) { return 1 + (j - 1) * sectors + i % sectors; };
    for (uint32_t i = 0; i < sectors; ++i) {
        mesh.triangles.emplace_back(0, at(1, i + 1), at(1, i));
        mesh.triangles.emplace_back(top, at(rings - 1, i), at(rings - 1, i + 1));
        for (uint32_t j = 1; j + 1 < rings; ++j) {
            mesh.triangles.emplace_back(at(j, i), at(j, i + 1), at(j + 1, i + 1));
            mesh.triangles.emplace_back(at(j, i), at(j + 1, i + 1), at(j + 1, i));
        }
    }
    mesh::compute_normals(mesh);
    return mesh;
}

/// A flat square sheet of side `side` about the origin, facing +z.
inline mesh::SurfaceMesh sheet(double side, uint32_t steps) {
    mesh::SurfaceMesh mesh;
    for (uint32_t j = 0; j <= steps; ++j)
        for (uint32_t i = 0; i <= steps; ++i)
            mesh.positions.push_back(whole_micrometres({side * (static_cast<double>(i) / steps - 0.5),
                                                        side * (static_cast<double>(j) / steps - 0.5), 0}));
    for (uint32_t j = 0; j < steps; ++j)
        for (uint32_t i = 0; i < steps; ++i) {
            uint32_t a = j * (steps + 1) + i, b = a + 1, c = b + steps + 1, d = c - 1;
            mesh.triangles.emplace_back(a, b, c);
            mesh.triangles.emplace_back(a, c, d);
        }
    mesh::compute_normals(mesh);
    return mesh;
}

}  // namespace shapes
