#include "engine/render/pen_mesh.h"

#include <glm/geometric.hpp>
#include <glm/vec2.hpp>

#include <cmath>
#include <numbers>
#include <span>

namespace render {

namespace {

constexpr uint32_t kEnamel = 0, kRubber = 1, kSteel = 2, kClear = 3, kGlow = 4, kPlate = 5;
constexpr uint32_t kSides = 40;

/// A point of the outline: height above the rim and radius, mm, and the finish of the band that ends here.
/// `crease` starts a new surface at the point, so the edge stays sharp.
struct Outline {
    double height, radius;
    uint32_t part;
    bool crease = false;
};

void add_band(PenMesh& mesh, Outline from, Outline to, glm::dvec2 normal_from, glm::dvec2 normal_to,
              uint32_t sides) {
    const auto base = static_cast<uint32_t>(mesh.vertices.size());
    for (uint32_t i = 0; i <= sides; ++i) {
        const double angle = 2 * std::numbers::pi * i / sides, c = std::cos(angle), s = std::sin(angle);
        const auto put = [&](const Outline& p, glm::dvec2 n) {
            mesh.vertices.push_back({glm::vec3(p.radius * 1e-3 * c, p.radius * 1e-3 * s, -p.height * 1e-3),
                                     glm::vec3(n.x * c, n.x * s, -n.y), to.part});
        };
        put(from, normal_from);
        put(to, normal_to);
    }
    for (uint32_t i = 0; i < sides; ++i) {
        const uint32_t a = base + 2 * i;
        for (uint32_t k : {a, a + 1, a + 2, a + 2, a + 1, a + 3}) mesh.indices.push_back(k);
    }
}

/// Turns an outline round the axis; normals are smooth but at creases.
void turn(PenMesh& mesh, std::span<const Outline> outline, uint32_t sides) {
    const auto across = [&](size_t i) {  // outward normal of segment i -> i + 1 in (radius, height)
        const glm::dvec2 d{outline[i + 1].radius - outline[i].radius,
                           outline[i + 1].height - outline[i].height};
        return glm::normalize(glm::dvec2(d.y, -d.x));
    };
    const auto at = [&](size_t i, size_t segment) {
        if (outline[i].crease || i == 0 || i + 1 == outline.size()) return across(segment);
        return glm::normalize(across(i - 1) + across(i));
    };
    for (size_t i = 0; i + 1 < outline.size(); ++i)
        add_band(mesh, outline[i], outline[i + 1], at(i, i), at(i + 1, i), sides);
}

}  // namespace

PenMesh make_pen_mesh(double tip_radius, double opening_radius) {
    const double rim = tip_radius * 1e3, hole = opening_radius * 1e3;
    PenMesh mesh;
    // Needle plate, a few millimetres inside the cartridge.
    const double plate = hole > 0 ? hole * 0.96 : rim * 0.9;
    const Outline plate_outline[] = {{3.2, 0, kPlate, true},
                                     {3.2, plate, kPlate, true},
                                     {8, plate * 0.7, kPlate, true},
                                     {16, plate * 0.7, kPlate}};
    turn(mesh, plate_outline, 24);
    // Collar, grip and body.
    const Outline body[] = {
        {15, 6.2, kSteel, true},    {15.2, 7.9, kSteel, true},   {18.5, 8.2, kSteel, true},
        {18.8, 7.9, kRubber, true}, {21, 8.5, kRubber},          {30, 8.2, kRubber},
        {42, 8.6, kRubber},         {51, 9.8, kRubber},          {53, 10.0, kRubber, true},
        {53.2, 10.2, kSteel, true}, {54.2, 10.2, kSteel, true},  {54.3, 10.0, kGlow, true},
        {55.5, 10.0, kGlow, true},  {55.6, 10.2, kEnamel, true}, {64, 10.9, kEnamel},
        {84, 11.2, kEnamel},        {104, 10.6, kEnamel},        {111, 9.9, kEnamel, true},
        {111.2, 9.6, kSteel, true}, {112.6, 9.5, kSteel, true},  {112.7, 9.7, kEnamel, true},
        {118, 8.5, kEnamel},        {121, 6.4, kEnamel},         {122.4, 3.4, kEnamel},
        {122.8, 0, kEnamel}};
    turn(mesh, body, kSides);
    mesh.opaque_count = static_cast<uint32_t>(mesh.indices.size());

    // Clear cartridge: rim face, outer wall, and the hole's wall.
    const double inner = hole > 0 ? hole : 0.0;
    const Outline cartridge[] = {
        {5, inner, kClear, true}, {0, inner, kClear, true}, {0, rim - 0.3, kClear, true},
        {0.3, rim, kClear},       {2.2, rim, kClear},       {6, rim + 0.3, kClear},
        {10, 6.6, kClear},        {13.5, 7.3, kClear},      {15, 7.4, kClear}};
    turn(mesh, cartridge, kSides);
    mesh.clear_count = static_cast<uint32_t>(mesh.indices.size()) - mesh.opaque_count;

    // One needle, its point at z = 0; pen.vert moves it to its pin and depth.
    const Outline needle[] = {{0, 0.012, kSteel, true}, {0.9, 0.11, kSteel}, {3.4, 0.125, kSteel}};
    turn(mesh, needle, 6);
    mesh.needle_count = static_cast<uint32_t>(mesh.indices.size()) - mesh.opaque_count - mesh.clear_count;
    return mesh;
}

}  // namespace render
