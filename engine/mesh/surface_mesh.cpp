#include "engine/mesh/surface_mesh.h"

#include "engine/base/deterministic_math.h"

#include <glm/geometric.hpp>

namespace mesh {

glm::dvec3 position_at(const SurfaceMesh& mesh, const SurfacePoint& point) {
    glm::uvec3 t = mesh.triangles[point.triangle];
    return mesh.positions[t.x] * point.weights.x + mesh.positions[t.y] * point.weights.y +
           mesh.positions[t.z] * point.weights.z;
}

static glm::dvec3 area_vector(const SurfaceMesh& mesh, uint32_t triangle) {
    glm::uvec3 t = mesh.triangles[triangle];
    glm::dvec3 a = mesh.positions[t.x];
    return 0.5 * glm::cross(mesh.positions[t.y] - a, mesh.positions[t.z] - a);
}

glm::dvec3 normal_at(const SurfaceMesh& mesh, const SurfacePoint& point) {
    glm::uvec3 t = mesh.triangles[point.triangle];
    glm::dvec3 blend = mesh.normals[t.x] * point.weights.x + mesh.normals[t.y] * point.weights.y +
                       mesh.normals[t.z] * point.weights.z;
    // Corner normals that cancel (a knife edge) leave the triangle's own.
    if (glm::dot(blend, blend) < 1e-12) blend = area_vector(mesh, point.triangle);
    double length = glm::length(blend);
    return length > 0 ? blend / length : glm::dvec3(0, 0, 1);
}

glm::dvec3 curved_offset(const SurfaceMesh& mesh, const SurfacePoint& point) {
    glm::uvec3 t = mesh.triangles[point.triangle];
    glm::dvec3 offset{0}, w = point.weights;
    double inner = 0.5 * w.x * w.y * w.z;
    for (int k = 0; k < 3; ++k) {
        glm::dvec3 normal = mesh.normals[t[k]], corner = mesh.positions[t[k]];
        double above = 0;
        for (int j : {(k + 1) % 3, (k + 2) % 3})
            above += (w[k] * w[k] * w[j] + inner) * glm::dot(corner - mesh.positions[t[j]], normal);
        offset += above * normal;
    }
    return offset;
}

void compute_normals(SurfaceMesh& mesh) {
    mesh.normals.assign(mesh.positions.size(), glm::dvec3(0));
    for (uint32_t i = 0; i < mesh.triangle_count(); ++i) {
        glm::dvec3 normal = area_vector(mesh, i);
        double area = glm::length(normal);
        if (!(area > 0)) continue;
        normal /= area;
        glm::uvec3 t = mesh.triangles[i];
        for (int corner = 0; corner < 3; ++corner) {
            glm::dvec3 apex = mesh.positions[t[corner]];
            glm::dvec3 left = mesh.positions[t[(corner + 1) % 3]] - apex;
            glm::dvec3 right = mesh.positions[t[(corner + 2) % 3]] - apex;
            double angle = base::det::acos(glm::dot(left, right) / (glm::length(left) * glm::length(right)));
            mesh.normals[t[corner]] += angle * normal;
        }
    }
    for (glm::dvec3& normal : mesh.normals) {
        double length = glm::length(normal);
        normal = length > 0 ? normal / length : glm::dvec3(0, 0, 1);
    }
}

double triangle_area(const SurfaceMesh& mesh, uint32_t triangle) {
    return glm::length(area_vector(mesh, triangle));
}

}  // namespace mesh
