#include "engine/face/head_dressing.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/random.h"
#include "engine/face/curve.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace face {
namespace {

using namespace base;
using det::smoothstep;

constexpr double kDegree = det::kPi / 180;
constexpr double kMostHairs = 625;  // of one brow: the CPU driver pays for each

double wave(double t) {
    return det::sin(t);
}

// 1 at 0, soft to nothing at 1 and beyond.
double bump(double t) {
    double u = 1 - t * t;
    return u > 0 ? u * u : 0;
}

// One hair: starts at `root` along `direction`, bends by `curl` towards `bend` over its length. mm. Light finds it as it
// finds the skin below, which `facing` is the normal of.
struct Hair {
    glm::dvec3 root, direction, bend, facing;
    double length, width, curl;
    int segments;
};

void add_hair(mesh::SurfaceMesh& mesh, const Hair& hair, const Placement& place) {
    glm::dvec3 direction = glm::normalize(hair.direction), at = hair.root;
    glm::dvec3 side = glm::normalize(glm::cross(direction, hair.bend));
    auto first = static_cast<uint32_t>(mesh.positions.size());
    for (int i = 0; i <= hair.segments; ++i) {
        // Thickest a third up from the root, drawn out to the tip.
        double k = static_cast<double>(i) / hair.segments;
        double width = hair.width * (0.8 + 0.6 * k) * (1 - k * k * 0.9) + 0.008;
        mesh.positions.push_back(place(at - side * (width / 2)));
        mesh.positions.push_back(place(at + side * (width / 2)));
        mesh.normals.insert(mesh.normals.end(), 2, hair.facing);
        direction = glm::normalize(direction + hair.bend * (hair.curl / hair.segments));
        at += direction * (hair.length / hair.segments);
    }
    for (uint32_t i = first; i < first + 2u * static_cast<uint32_t>(hair.segments); i += 2) {
        mesh.triangles.push_back({i, i + 1, i + 3});
        mesh.triangles.push_back({i, i + 3, i + 2});
    }
}

// How thick the hairs stand at a place of the brow: thin at its head and along its edges, above all the upper one.
double brow_density(double along, double across) {
    double ends = smoothstep(-0.04, 0.22, along) * (1 - 0.8 * smoothstep(0.62, 1.03, along));
    double low = smoothstep(-0.16, 0.3, across), high = smoothstep(1.14, 0.55, across);
    return (0.25 + 0.75 * ends) * ends * low * high;
}

// Hairs of three shades each stand together as a piece, since a piece has one colour.
struct Shades {
    std::array<Dressing, 3> pieces;

    Shades(const char* material, const DressingLook& look) {
        const std::array<glm::vec3, 3> colours{look.hair * 0.72f, look.hair * 1.45f, glm::vec3(0.30f, 0.285f, 0.265f)};
        for (size_t i = 0; i < pieces.size(); ++i) pieces[i] = {material, {}, colours[i]};
    }
    mesh::SurfaceMesh& any(double grey, Random& random) {
        if (random.uniform() < grey) return pieces[2].mesh;
        return pieces[random.uniform() < 0.4].mesh;
    }
    void move_to(std::vector<Dressing>& dressing) {
        for (Dressing& piece : pieces)
            if (!piece.mesh.triangles.empty()) dressing.push_back(std::move(piece));
    }
};

void brows(const HeadShape& shape, const Placement& place, const DressingLook& look,
           Random& random, std::vector<Dressing>& dressing) {
    // On each side; no two people have the same.
    const BrowForm& form = shape.form().brow;
    int hairs = static_cast<int>(std::min(kMostHairs, (look.full ? 590 : 500) * form.density * random.uniform(0.92, 1.03)));
    const std::vector<glm::dvec2>&top = shape.brow_top(), &bottom = shape.brow_bottom();
    double first = top.front().x, span = top.back().x - first;
    Shades shades("brow", look);
    for (double side : {-1.0, 1.0}) {
        double phase = random.uniform(0, 6), other = random.uniform(0, 6);
        for (int made = 0; made < hairs;) {
            double along = random.uniform(-0.03, 1.02), across = random.uniform(-0.14, 1.12);
            // Tufts: neighbours lean together.
            double tuft = wave(31 * along + 5 * across + phase) + 0.7 * wave(67 * along - 9 * across + other);
            if (random.uniform() > brow_density(along, across) * (1 + 0.18 * tuft)) continue;
            if (random.uniform() < form.bare_tail * smoothstep(0.45, 0.8, along)) continue;
            ++made;
            double x = first + span * along, low = monotone_cubic(bottom, x);
            HeadPoint skin = shape.at_front(side * x, low + (monotone_cubic(top, x) - low) * across);
            double ahead = std::sqrt(std::clamp(along, 0.0, 1.0));
            double lean = 80 - 74 * ahead - 44 * (across - 0.5) * smoothstep(0.05, 0.3, along) + 5 * tuft +
                          9 * random.normal() + form.lean * (0.4 + 0.6 * along);
            lean *= kDegree;
            glm::dvec3 direction(side * det::cos(lean), det::sin(lean), 0);
            double lift = random.uniform(0.12, 0.34);
            direction += skin.normal * (lift - glm::dot(direction, skin.normal));
            double edge = 1 - 0.35 * smoothstep(0.25, 0.6, std::fabs(across - 0.5));
            double length = random.uniform(3.6, 7.4) * edge * (1 - 0.38 * along) * (0.72 + 0.28 * smoothstep(0, 0.2, along));
            add_hair(shades.any(look.grey, random),
                     {skin.place - 0.1 * skin.normal, direction, -skin.normal, skin.normal, length,
                      random.uniform(0.07, look.full ? 0.14 : 0.115), random.uniform(0.2, 0.5), 3},
                     place);
        }
    }
    shades.move_to(dressing);
}

// Lashes stand in small groups whose tips meet.
struct LashRow {
    double below;         // mm from the lash line to the roots
    int groups, each;
    double first, last;   // along the line
    double shortest, longest, width, curl;
    double down, out;     // direction at the root
};

void add_lashes(const LashRow& row, std::span<const glm::dvec2> line, const HeadShape& shape,
                const Placement& place, double side, Shades& shades, Random& random) {
    for (int g = 0; g < row.groups; ++g) {
        double middle = row.first + (row.last - row.first) * (g + random.uniform(0.15, 0.85)) / row.groups;
        double fan = (middle - 0.40) * 1.25 + 0.09 * random.normal();
        double reach = random.uniform(0.8, 1.12), curl = row.curl * random.uniform(0.75, 1.2);
        for (int i = 0; i < row.each; ++i) {
            double apart = (i - 0.5 * (row.each - 1)) * 0.011 + 0.003 * random.normal();
            double along = std::clamp(middle + apart, 0.02, 0.98);
            glm::dvec2 at = line[static_cast<size_t>(along * static_cast<double>(line.size() - 1))];
            HeadPoint skin = shape.at_front(side * at.x, at.y - row.below);
            // The root's distance from the group's middle is made good towards the tip.
            glm::dvec3 direction(side * (fan - apart * 4.5), -row.down + 0.05 * random.normal(),
                                 row.out + 0.05 * random.normal());
            double length = (row.shortest + (row.longest - row.shortest) * smoothstep(0.05, 0.7, along) -
                             0.22 * row.longest * smoothstep(0.85, 1, along)) *
                            reach * random.uniform(0.86, 1.05);
            add_hair(shades.any(0, random),
                     {skin.place, direction, glm::dvec3(0, 0.55, 0.8), skin.normal, length, row.width, curl, 4},
                     place);
        }
    }
}

void lashes(const HeadNumbers& numbers, const HeadShape& shape, const Placement& place, const DressingLook& look,
            Random& random, std::vector<Dressing>& dressing) {
    constexpr LashRow kUpper{-0.15, 30, 3, 0.09, 0.96, 4.2, 7.4, 0.105, 0.75, 0.92, 0.5};
    constexpr LashRow kLower{0.8, 26, 1, 0.20, 0.92, 1.6, 2.6, 0.06, 0.2, 0.9, 0.55};
    std::vector<glm::dvec2> line = open_curve(numbers.curve("lash_line"), 400);
    DressingLook darker = look;
    darker.hair *= 0.5f;
    Shades shades("lash", darker);
    for (double side : {-1.0, 1.0})
        for (const LashRow& row : {kUpper, kLower}) add_lashes(row, line, shape, place, side, shades, random);
    shades.move_to(dressing);
}

// A sheet of rows by columns that closes round the head; `outwards` as seen with rows rising.
void close_round(mesh::SurfaceMesh& mesh, uint32_t rows, uint32_t columns, bool rising) {
    for (uint32_t r = 0; r + 1 < rows; ++r)
        for (uint32_t c = 0; c < columns; ++c) {
            uint32_t a = r * columns + c, b = r * columns + (c + 1) % columns, d = a + columns,
                     e = b + columns;
            if (!rising) std::swap(a, d), std::swap(b, e);
            mesh.triangles.push_back({a, b, e});
            mesh.triangles.push_back({a, e, d});
        }
}

// Height of cloth over the skin along a line from its edge, mm.
struct Profile {
    double way, height;
};

double height_at(std::span<const Profile> profile, double way) {
    std::vector<glm::dvec2> knots;
    for (Profile p : profile) knots.push_back({p.way, p.height});
    return monotone_cubic(knots, way);
}

// Gathers of an elastic: tucks of uneven width, sharp in the valleys.
double gathers(double turn) {
    double t = turn + 0.035 * wave(5 * turn + 0.4) + 0.02 * wave(11 * turn + 2.1);
    double narrow = std::fabs(wave(27.5 * t)), broad = std::fabs(wave(10.5 * t + 1.1));
    double uneven = 0.75 + 0.25 * wave(13 * turn + 1);
    return (0.55 * narrow * uneven + 0.45 * broad) - 0.45;
}

// A bouffant: the head's own rays with an offset. Its rim is a hem with an elastic, tucked into the skin; above it the
// cloth puffs out in folds that begin at the gathers and die out over the crown.
Dressing cap(const HeadNumbers& numbers, const HeadShape& shape, const Placement& place) {
    constexpr uint32_t kColumns = 204;
    constexpr double kMillimetresPerDegree = 1.9;
    constexpr std::array<Profile, 18> kProfile{{{0, -3}, {1, 0.5}, {2.6, 1.35}, {5, 1.45}, {7, 1.0}, {8.2, 0.8},
                                                {10, 2.3}, {13, 5.4}, {17, 7.8}, {22, 9.9}, {28, 11.7}, {36, 13.2},
                                                {48, 14.6}, {64, 15.4}, {85, 15.7}, {115, 15.7}, {200, 15.7},
                                                {400, 15.7}}};
    constexpr std::array<double, 24> kRows{0, 1, 2.6, 5, 7, 8.2, 10, 13, 17, 22, 28, 36, 45, 55, 66, 78, 91, 104,
                                           118, 132, 147, 162, 178, 400};
    std::vector<glm::dvec2> rim = numbers.curve("cap_rim");
    Dressing cap{"cap", {}, {}};
    for (size_t row = 0; row < kRows.size(); ++row)
        for (uint32_t column = 0; column < kColumns; ++column) {
            double azimuth = -180 + 360.0 * column / kColumns, turn = azimuth * kDegree;
            double low = monotone_cubic(rim, std::fabs(azimuth));
            double share = std::min(1.0, kRows[row] / kMillimetresPerDegree / (89.9 - low));
            // All columns reach the crown together: the way over the head is stretched, but not near the rim.
            double whole = (89.9 - low) * kMillimetresPerDegree;
            double way = row + 1 == kRows.size() ? whole : kRows[row] * (1 + (whole / 200 - 1) * smoothstep(0, 1, kRows[row] / 200));
            share = way / whole;
            double elevation = low + (89.9 - low) * share;
            double pleats = gathers(turn);
            double folds = 1.1 * pleats * smoothstep(0.5, 3, way) * smoothstep(9, 7, way) +
                           4.4 * pleats * smoothstep(7.5, 14, way) * bump(way / 70);
            double slack = 0.9 * wave(3 * turn + 0.02 * way + 0.8) + 0.8 * wave(7 * turn - 0.05 * way + 2) +
                           0.5 * wave(5 * turn + 0.08 * way);
            folds += slack * smoothstep(10, 45, way) * smoothstep(0.95, 0.5, share);
            // It hangs fuller behind, where the hair is, and lies lower on the crown.
            double behind = 5 * smoothstep(50, 160, std::fabs(azimuth)) * smoothstep(9, 45, way) * smoothstep(1, 0.3, share);
            behind -= 5 * smoothstep(0.35, 1, share);
            glm::dvec3 base = shape.base_at(azimuth, elevation);
            double offset = height_at(kProfile, way) + folds + behind;
            cap.mesh.positions.push_back(place(base + offset * HeadShape::ray(azimuth, elevation).direction));
        }
    close_round(cap.mesh, kRows.size(), kColumns, true);
    return cap;
}

// The skin of the neck at a height, by halving the elevation of the ray.
glm::dvec3 neck_at(const HeadShape& shape, double azimuth, double y) {
    double low = kLowestElevation, high = -38;
    for (int i = 0; i < 18; ++i) {
        double middle = (low + high) / 2;
        (shape.base_at(azimuth, middle).y < y ? low : high) = middle;
    }
    return shape.at(azimuth, low).place;
}

// A collar with a rolled edge that lies against the neck, from which the cloth falls over the shoulders.
Dressing drape(const HeadShape& shape, const Placement& place) {
    constexpr uint32_t kColumns = 112;
    // Outwards from the skin and down from the collar's edge, mm: the roll, then the sheet.
    constexpr std::array<glm::dvec2, 15> kRows{{{-3, 6}, {0.4, 1.8}, {1.1, 0.5}, {2.1, 0}, {3.3, 0.4},
                                                {4.4, 1.6}, {6.2, 3.4}, {10, 6}, {17, 8.8}, {28, 12.5}, {43, 17},
                                                {63, 23.5}, {88, 33}, {118, 48}, {152, 72}}};
    constexpr double kHeight = -39.5, kOutwards = 1.28, kForwards = 0.86;  // shoulders are broader than deep
    Dressing drape{"drape", {}, {}};
    std::vector<glm::dvec3> edge;
    for (uint32_t column = 0; column < kColumns; ++column) {
        double turn = 2 * det::kPi * column / kColumns;
        double y = kHeight + 1.6 * det::cos(turn) - 2.2 * det::cos(2 * turn) + 0.7 * wave(5 * turn + 0.6);
        edge.push_back(neck_at(shape, turn / kDegree > 180 ? turn / kDegree - 360 : turn / kDegree, y));
    }
    for (glm::dvec2 row : kRows)
        for (uint32_t column = 0; column < kColumns; ++column) {
            double turn = 2 * det::kPi * column / kColumns, spread = smoothstep(4, 60, row.x);
            glm::dvec3 out(det::sin(turn) * (1 + (kOutwards - 1) * spread), 0,
                           det::cos(turn) * (1 + (kForwards - 1) * spread));
            double t = turn + 0.12 * wave(2 * turn + 0.7) + 0.05 * wave(5 * turn);
            double pleats = std::fabs(wave(6.5 * t + 0.4)) + 0.6 * std::fabs(wave(10.5 * t + 1.9)) - 0.9;
            double soft = 0.6 * wave(9 * turn + 1) + 0.5 * wave(14 * turn + 0.2);
            double folds = 4.2 * pleats * smoothstep(5, 40, row.x) * (1 - 0.45 * smoothstep(70, 150, row.x)) +
                           0.9 * soft * smoothstep(5, 14, row.x);
            glm::dvec3 at = edge[column] + row.x * out;
            at.y += -row.y + folds;
            drape.mesh.positions.push_back(place(at));
        }
    close_round(drape.mesh, kRows.size(), kColumns, false);
    return drape;
}

}  // namespace

const std::map<std::string, glm::vec3>& hair_colours() {
    static const std::map<std::string, glm::vec3> colours = {
        {"blond", {0.30f, 0.20f, 0.105f}},    {"red", {0.21f, 0.085f, 0.035f}},
        {"light brown", {0.15f, 0.09f, 0.05f}}, {"brown", {0.085f, 0.050f, 0.030f}},
        {"dark brown", {0.046f, 0.029f, 0.020f}}, {"black", {0.018f, 0.014f, 0.012f}},
        {"grey", {0.27f, 0.26f, 0.25f}},
    };
    return colours;
}

const char* usual_hair(uint8_t fitzpatrick) {
    constexpr std::array<const char*, 7> kUsual{"brown",      "light brown", "brown", "dark brown",
                                                "dark brown", "black",       "black"};
    return kUsual[std::min<size_t>(fitzpatrick, kUsual.size() - 1)];
}

double grey_share(double age) {
    return 0.5 * std::clamp((age - 40) / 30, 0.0, 1.6);
}

std::vector<Dressing> dress_head(const HeadNumbers& numbers, const HeadShape& shape, const Placement& place,
                                 const DressingLook& look) {
    Random random(look.seed);
    std::vector<Dressing> dressing;
    brows(shape, place, look, random, dressing);
    lashes(numbers, shape, place, look, random, dressing);
    dressing.push_back(cap(numbers, shape, place));
    dressing.push_back(drape(shape, place));
    for (Dressing& piece : dressing)
        if (piece.mesh.normals.empty()) mesh::compute_normals(piece.mesh);
    return dressing;
}

}  // namespace face
