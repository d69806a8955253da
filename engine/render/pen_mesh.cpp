#include "engine/render/pen_mesh.h"

#include "shaders/shared/picture.h"

#include <glm/geometric.hpp>
#include <glm/vec2.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <span>

namespace render {

namespace {

constexpr uint32_t kEnamel = 0, kRubber = 1, kSteel = 2, kClear = 3, kGlow = 4, kPlate = 5, kGlove = 6,
                   kKnurled = 7, kDark = 8, kBrass = 9;
constexpr uint32_t kSides = 40;
constexpr double kTurn = 2 * std::numbers::pi;

/// A point of the outline: height above the rim and radius, mm, and the finish of the band that ends here.
/// `crease` starts a new surface at the point, so the edge stays sharp.
struct Outline {
    double height, radius;
    uint32_t part;
    bool crease = false;
};

void add_quads(PenMesh& mesh, uint32_t base, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t a = base + 2 * i;
        for (uint32_t k : {a, a + 1, a + 2, a + 2, a + 1, a + 3}) mesh.indices.push_back(k);
    }
}

void add_band(PenMesh& mesh, Outline from, Outline to, glm::dvec2 normal_from, glm::dvec2 normal_to,
              uint32_t sides) {
    const auto base = static_cast<uint32_t>(mesh.vertices.size());
    for (uint32_t i = 0; i <= sides; ++i) {
        const double angle = kTurn * i / sides, c = std::cos(angle), s = std::sin(angle);
        const auto put = [&](const Outline& p, glm::dvec2 n) {
            mesh.vertices.push_back({glm::vec3(p.radius * 1e-3 * c, p.radius * 1e-3 * s, -p.height * 1e-3),
                                     glm::vec3(n.x * c, n.x * s, -n.y), to.part});
        };
        put(from, normal_from);
        put(to, normal_to);
    }
    add_quads(mesh, base, sides);
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

/// Moves all vertices from `first` on: a turned part stands along -z at first.
void place(PenMesh& mesh, size_t first, const std::function<glm::dvec3(glm::dvec3)>& where,
           const std::function<glm::dvec3(glm::dvec3)>& normal) {
    for (size_t i = first; i < mesh.vertices.size(); ++i) {
        PenVertex& v = mesh.vertices[i];
        v.position = glm::vec3(where(glm::dvec3(v.position)));
        v.normal = glm::vec3(normal(glm::dvec3(v.normal)));
    }
}

/// Lays a turned part down so that its axis runs along x, its foot at `middle` (mm).
void lay_along_x(PenMesh& mesh, size_t first, glm::dvec3 middle) {
    const auto rotated = [](glm::dvec3 p) { return glm::dvec3(-p.z, p.y, p.x); };
    place(mesh, first, [&](glm::dvec3 p) { return rotated(p) + middle * 1e-3; }, rotated);
}

/// A tube of radius mm along points (mm), closed at its ends by domes of one ring.
void add_tube(PenMesh& mesh, std::span<const glm::dvec3> path, double radius, uint32_t part, uint32_t sides) {
    for (size_t i = 0; i + 1 < path.size(); ++i) {
        const auto along = [&](size_t k) {
            return glm::normalize(path[std::min(k + 1, path.size() - 1)] - path[k == 0 ? 0 : k - 1]);
        };
        const auto base = static_cast<uint32_t>(mesh.vertices.size());
        for (uint32_t j = 0; j <= sides; ++j) {
            const double angle = kTurn * j / sides;
            for (size_t k : {i, i + 1}) {
                const glm::dvec3 t = along(k), u = glm::normalize(glm::cross(t, glm::dvec3(0.02, 1, 0.03))),
                                 v = glm::cross(t, u), n = u * std::cos(angle) + v * std::sin(angle);
                mesh.vertices.push_back({glm::vec3((path[k] + n * radius) * 1e-3), glm::vec3(n), part});
            }
        }
        add_quads(mesh, base, sides);
    }
}

/// A button on the pen's side: a low disc that looks along +x.
void add_button(PenMesh& mesh, double height, double out) {
    const size_t first = mesh.vertices.size();
    const Outline button[] = {{0, 3.4, kSteel, true}, {0.5, 3.4, kSteel}, {0.8, 3.0, kSteel, true}, {0.6, 2.7, kDark, true},
                              {0.9, 1.2, kDark},      {0.9, 0.7, kGlow, true}, {0.95, 0, kGlow}};
    turn(mesh, button, 20);
    lay_along_x(mesh, first, {out, 0, -height});
}

/// One needle, its point at z = 0; pen.vert moves it to its pin and depth.
void add_needle(PenMesh& mesh, double shaft) {
    const auto before = static_cast<uint32_t>(mesh.indices.size());
    const Outline needle[] = {{0, 0.012, kSteel, true}, {0.9, 0.11, kSteel}, {shaft, 0.125, kSteel}};
    turn(mesh, needle, 6);
    mesh.needle_count = static_cast<uint32_t>(mesh.indices.size()) - before;
}

PenMesh make_pen(double rim, double hole) {
    PenMesh mesh;
    // Needle carrier and its piston, a few millimetres inside the cartridge: they stroke with the needles.
    const double plate = hole > 0 ? std::min(hole * 0.94, rim - 0.8) : rim * 0.88;
    const uint32_t strokes = kPlate | shared::kMovesWithNeedles;
    const Outline carrier[] = {{3.2, 0, strokes, true},          {3.2, plate, strokes, true}, {4.6, plate, strokes, true},
                               {4.6, 2.6, strokes, true},        {9, 2.2, strokes},           {9, 1.2, strokes, true},
                               {15, 1.2, kSteel | shared::kMovesWithNeedles}};
    turn(mesh, carrier, 28);
    // What holds the cartridge: bayonet collar with a seal, ring that sets the depth, grip, body, battery end.
    const Outline body[] = {
        {14.2, 1.4, kDark, true},     {14.2, 6.6, kDark, true},      {15, 6.6, kSteel, true},     {15.2, 7.9, kSteel, true},
        {17.4, 8.2, kSteel, true},    {17.4, 8.0, kDark, true},      {18.0, 8.0, kDark, true},    {18.0, 8.6, kKnurled, true},
        {18.4, 9.0, kKnurled},        {25.6, 9.0, kKnurled},         {26, 8.6, kKnurled, true},   {26.0, 8.2, kDark, true},
        {26.6, 8.2, kDark, true},     {26.6, 8.6, kRubber, true},    {27.2, 8.9, kRubber},        {33, 8.5, kRubber},
        {42, 8.6, kRubber},           {49, 9.4, kRubber},            {53, 10.1, kRubber, true},   {53.2, 10.3, kSteel, true},
        {54.2, 10.3, kSteel, true},   {54.3, 10.05, kGlow, true},    {55.7, 10.05, kGlow, true},  {55.8, 10.3, kEnamel, true},
        {64, 10.9, kEnamel},          {84, 11.2, kEnamel},           {104, 10.7, kEnamel},        {109.6, 10.1, kEnamel, true},
        {109.6, 9.7, kDark, true},    {110.2, 9.7, kDark, true},     {110.2, 10.1, kSteel, true}, {112.4, 10.0, kSteel, true},
        {112.4, 9.6, kEnamel, true},  {118, 8.9, kEnamel},           {121.4, 7.2, kEnamel},       {122.6, 5.2, kEnamel, true},
        {122.4, 5.0, kBrass, true},   {122.4, 3.6, kBrass, true},    {122.8, 3.4, kDark, true},   {122.8, 0, kDark}};
    turn(mesh, body, kSides);
    add_button(mesh, 68, 10.7);
    mesh.opaque_count = static_cast<uint32_t>(mesh.indices.size());

    // Clear cartridge: rim face, outer wall, and the hole's wall; through it the needles are seen to stroke.
    const Outline cartridge[] = {
        {5, hole, kClear, true}, {0, hole, kClear, true}, {0, rim - 0.3, kClear, true},
        {0.3, rim, kClear},      {2.2, rim, kClear},      {2.4, rim + 0.15, kClear},
        {6, rim + 0.3, kClear},  {10, 6.6, kClear},       {13.5, 7.3, kClear},
        {15, 7.4, kClear}};
    turn(mesh, cartridge, kSides);
    mesh.clear_count = static_cast<uint32_t>(mesh.indices.size()) - mesh.opaque_count;
    add_needle(mesh, 3.4);
    return mesh;
}

/// A pin that stands out from the drum, its foot a little within it.
void add_drum_pin(PenMesh& mesh, double x, double angle, double length) {
    const double drum = shared::kDrumRadius * 1e3;
    const glm::dvec3 out{0, std::sin(angle), std::cos(angle)}, across{1, 0, 0}, along = glm::cross(out, across);
    const glm::dvec3 foot = glm::dvec3(x, 0, -drum) + out * (drum - 0.2), tip = foot + out * (length + 0.2);
    const auto base = static_cast<uint32_t>(mesh.vertices.size());
    for (int k = 0; k < 4; ++k) {
        const double turned = kTurn * k / 4;
        const glm::dvec3 n = across * std::cos(turned) + along * std::sin(turned);
        mesh.vertices.push_back({glm::vec3((foot + n * 0.11) * 1e-3), glm::vec3(n), kSteel | shared::kMovesWithDrum});
    }
    mesh.vertices.push_back({glm::vec3(tip * 1e-3), glm::vec3(out), kSteel | shared::kMovesWithDrum});
    for (uint32_t k = 0; k < 4; ++k)
        for (uint32_t corner : {base + k, base + (k + 1) % 4, base + 4}) mesh.indices.push_back(corner);
}

/// Drum of 20 mm by 20 mm that turns, a fork that holds its axle, and a handle.
PenMesh make_roller(double pin_length) {
    constexpr int kRows = 8, kPerRow = 24;
    const double drum = shared::kDrumRadius * 1e3, half = 10;
    const uint32_t turning = kPlate | shared::kMovesWithDrum;
    PenMesh mesh;
    size_t first = mesh.vertices.size();
    const double core = drum - 0.9;
    std::vector<Outline> body{{0, 0, turning, true}, {0, core, turning, true}};
    for (int row = 0; row < kRows; ++row) {  // a disc for each row of pins
        const double from = 2 * half * row / kRows;
        body.push_back({from + 0.35, core, turning, true});
        body.push_back({from + 0.45, drum, turning, true});
        body.push_back({from + 2.05, drum, turning, true});
        body.push_back({from + 2.15, core, turning, true});
    }
    body.push_back({2 * half, core, turning, true});
    body.push_back({2 * half, 0, turning});
    turn(mesh, body, 36);
    lay_along_x(mesh, first, {-half, 0, -drum});
    for (int row = 0; row < kRows; ++row) {
        for (int k = 0; k < kPerRow; ++k)
            add_drum_pin(mesh, (row + 0.5) * 2 * half / kRows - half, kTurn * (k + 0.5 * (row % 2)) / kPerRow, pin_length * 1e3);
    }
    first = mesh.vertices.size();
    const Outline axle[] = {{0, 0, kSteel, true}, {0, 2.6, kSteel, true}, {1, 2.6, kSteel, true}, {1, 1.2, kSteel, true},
                            {26, 1.2, kSteel, true}, {26, 2.6, kSteel, true}, {27, 2.6, kSteel, true}, {27, 0, kSteel}};
    turn(mesh, axle, 16);
    lay_along_x(mesh, first, {-13.5, 0, -drum});
    for (double side : {-1.0, 1.0}) {
        const glm::dvec3 arm[] = {{side * 12, 0, -drum + 2.4}, {side * 12, 0, -drum - 6},  {side * 11.8, 0, -drum - 11},
                                  {side * 10, 0, -drum - 16},  {side * 6.5, 0, -drum - 20}, {side * 2.5, 0, -drum - 22.5},
                                  {0, 0, -drum - 23.5}};
        add_tube(mesh, arm, 1.9, kEnamel, 12);
    }
    const Outline handle[] = {{32, 0, kEnamel, true}, {32, 3.4, kEnamel},      {35, 4.2, kEnamel},       {44, 4.4, kEnamel, true},
                              {44.2, 5.2, kSteel, true}, {45.6, 5.2, kSteel, true}, {45.6, 5.4, kRubber, true}, {50, 6.6, kRubber},
                              {66, 6.2, kRubber},     {92, 7.4, kRubber},      {98, 7.4, kRubber, true}, {98.2, 7.1, kEnamel, true},
                              {118, 7.0, kEnamel},    {136, 6.0, kEnamel},     {141, 4.6, kEnamel},      {143, 2.4, kEnamel},
                              {143.4, 0, kEnamel}};
    turn(mesh, handle, 32);
    mesh.opaque_count = static_cast<uint32_t>(mesh.indices.size());
    add_needle(mesh, 3.4);
    return mesh;
}

/// Plate with pins under a neck and a palm knob.
PenMesh make_stamp(double rim) {
    PenMesh mesh;
    const Outline body[] = {
        {0, 0, kPlate, true},        {0, rim - 0.2, kPlate, true}, {0.2, rim, kPlate},          {1.6, rim, kPlate, true},
        {1.6, rim + 0.9, kSteel, true}, {4.4, rim + 0.9, kSteel, true}, {5.2, rim + 0.3, kSteel, true}, {5.4, rim, kEnamel, true},
        {11, rim * 0.8 + 0.6, kEnamel}, {18, 5.2, kEnamel},          {30, 4.8, kEnamel, true},    {30.2, 5.4, kSteel, true},
        {31.6, 5.4, kSteel, true},   {31.6, 5.6, kRubber, true},   {36, 7.2, kRubber},          {46, 7.0, kRubber},
        {58, 8.0, kRubber},          {60, 8.0, kRubber, true},     {60.2, 7.8, kEnamel, true},  {70, 9.6, kEnamel},
        {80, 10.4, kEnamel},         {88, 9.2, kEnamel},           {93, 5.6, kEnamel},          {94.6, 0, kEnamel}};
    turn(mesh, body, kSides);
    mesh.opaque_count = static_cast<uint32_t>(mesh.indices.size());
    add_needle(mesh, 2.0);
    return mesh;
}

// --- finger ---

double smooth(double from, double to, double x) {
    const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
    return t * t * (3 - 2 * t);
}

/// A place on the glove, mm: `s` from the fingertip back towards the hand, `angle` round the finger, 0 = the pad's side.
glm::dvec3 glove_at(double s, double angle) {
    constexpr double kPad = 9, kLean = 0.34;  // the pad's middle behind the tip; slope at which the finger rises
    constexpr double kPressed = 1.3, kFloor = -0.35;
    const double end = std::sqrt(std::max(0.0, 1 - std::pow(1 - std::min(s / 8.0, 1.0), 2)));
    const double joint = std::exp(-std::pow((s - 27) / 5, 2));
    const double full = 6.2 + 1.4 * smooth(4, 34, s) + 0.3 * joint, thick = end * full;
    const double wide = end * (7.8 + 0.4 * smooth(10, 32, s) + 0.6 * joint);
    const double lean = kLean * std::max(0.0, s - kPad) * smooth(kPad, 22, s) + 0.08 * std::max(0.0, kPad - s);
    const double side = std::sin(angle), down = std::cos(angle);
    // Folds of the glove: across the joint, most on its back, and slack ones that no two fingers share.
    const double back = 0.5 - 0.5 * down;
    double fold = 0.17 * joint * (0.2 + back) * std::sin(s * 2.1 + 0.9 * side + 0.7 * std::sin(angle * 2));
    fold += 0.09 * smooth(11, 22, s) * std::sin(s * 0.83 + 2.6 * side + 1.7 * std::sin(angle * 2 + s * 0.11));
    fold += 0.07 * smooth(14, 38, s) * std::sin(s * 1.47 - 3.1 * side + 0.9 * std::sin(angle * 3));
    // The nail's plate lifts the glove a little.
    const double nail = smooth(2.5, 4.5, s) * (1 - smooth(12, 14, s)) * smooth(0.55, 0.8, -down);
    const double height = full - kPressed + lean;
    glm::dvec3 p{side * (wide + fold), kPad - s, height - down * (thick + fold + 0.35 * nail)};
    // Pressed against the skin the pad is flat, and gives way to the sides.
    const double under = 0.6 - p.z;
    if (under > 0) {
        p.x *= 1 + 0.05 * std::min(under, 1.5);
        p.z = kFloor + (0.6 - kFloor) * std::exp(-under / (0.6 - kFloor));
    }
    return p;
}

}  // namespace

PenShape shape_of(const PenView& pen) {
    return {pen.tool, pen.tip_radius, pen.opening_radius, pen.tool == Tool::roller ? pen.needle_depth : 0.0};
}

PenMesh make_pen_mesh(const PenShape& shape) {
    if (shape.tool == Tool::roller) return make_roller(shape.pin_length > 0 ? shape.pin_length : 0.5e-3);
    if (shape.tool == Tool::stamp) return make_stamp(shape.tip_radius * 1e3);
    return make_pen(shape.tip_radius * 1e3, shape.opening_radius * 1e3);
}

PenMesh make_finger_mesh() {
    constexpr uint32_t kRings = 38, kAround = 26;
    constexpr double kLength = 45;
    PenMesh mesh;
    for (uint32_t i = 0; i <= kRings; ++i) {
        // Closer together at the round end.
        const double t = double(i) / kRings, s = kLength * (0.25 * t + 0.75 * t * t);
        for (uint32_t j = 0; j <= kAround; ++j) {
            const double angle = kTurn * j / kAround, step = 0.05, at = std::max(s, 0.06);
            const glm::dvec3 along = glove_at(at + step, angle) - glove_at(at - step, angle),
                             round = glove_at(at, angle + step) - glove_at(at, angle - step);
            const glm::dvec3 normal = glm::normalize(glm::cross(round, along));
            mesh.vertices.push_back({glm::vec3(glove_at(s, angle) * 1e-3), glm::vec3(normal), kGlove});
        }
    }
    for (uint32_t i = 0; i < kRings; ++i) {
        for (uint32_t j = 0; j < kAround; ++j) {
            const uint32_t a = i * (kAround + 1) + j, b = a + kAround + 1;
            for (uint32_t k : {a, b, a + 1, a + 1, b, b + 1}) mesh.indices.push_back(k);
        }
    }
    mesh.opaque_count = static_cast<uint32_t>(mesh.indices.size());
    return mesh;
}

}  // namespace render
