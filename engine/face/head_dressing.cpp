#include "engine/face/head_dressing.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/random.h"
#include "engine/face/curve.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace face {
namespace {

using namespace base;
using det::smoothstep;

constexpr int kHairSegments = 5;

// One hair: starts at `root` along `direction`, bends by `curl` towards `bend` over its length. mm.
struct Hair {
    glm::dvec3 root, direction, bend;
    double length, width, curl;
};

void add_hair(mesh::SurfaceMesh& mesh, const Hair& hair, const Placement& place) {
    glm::dvec3 direction = glm::normalize(hair.direction), at = hair.root;
    glm::dvec3 side = glm::normalize(glm::cross(direction, hair.bend));
    uint32_t first = static_cast<uint32_t>(mesh.positions.size());
    for (int i = 0; i <= kHairSegments; ++i) {
        double width = hair.width * (1 - 0.85 * i / kHairSegments);
        mesh.positions.push_back(place(at - side * (width / 2)));
        mesh.positions.push_back(place(at + side * (width / 2)));
        direction = glm::normalize(direction + hair.bend * (hair.curl / kHairSegments));
        at += direction * (hair.length / kHairSegments);
    }
    for (uint32_t i = first; i < first + 2 * kHairSegments; i += 2) {
        mesh.triangles.push_back({i, i + 1, i + 3});
        mesh.triangles.push_back({i, i + 3, i + 2});
    }
}

Dressing brows(const HeadNumbers& numbers, const HeadShape& shape, const Placement& place, Random& random) {
    constexpr int kHairs = 560;
    std::vector<glm::dvec2> top = numbers.curve("brow_top"), bottom = numbers.curve("brow_bottom");
    double first = top.front().x, span = top.back().x - first;
    Dressing brows{"brow", {}};
    for (double side : {-1.0, 1.0})
        for (int i = 0; i < kHairs; ++i) {
            double along = 1 - std::sqrt(1 - 0.97 * random.uniform());
            along = 0.35 * along + 0.65 * random.uniform();
            double across = (random.uniform() + random.uniform()) / 2;
            double x = first + span * along;
            double low = monotone_cubic(bottom, x), y = low + (monotone_cubic(top, x) - low) * across;
            HeadPoint skin = shape.at_front(side * x, y);
            double lean = 78 - 70 * std::sqrt(along) - 38 * (across - 0.5) + 7 * random.normal();
            lean *= det::kPi / 180;
            glm::dvec3 direction(side * det::cos(lean), det::sin(lean), 0);
            direction += skin.normal * (0.20 - glm::dot(direction, skin.normal));
            add_hair(brows.mesh,
                     {skin.place - 0.1 * skin.normal, direction, -skin.normal,
                      random.uniform(4.2, 7.6) * (1 - 0.35 * along), random.uniform(0.13, 0.21),
                      random.uniform(0.2, 0.42)},
                     place);
        }
    return brows;
}

Dressing lashes(const HeadNumbers& numbers, const HeadShape& shape, const Placement& place, Random& random) {
    constexpr int kHairs = 90;
    std::vector<glm::dvec2> line = open_curve(numbers.curve("lash_line"), 200);
    Dressing lashes{"lash", {}};
    for (double side : {-1.0, 1.0})
        for (int i = 0; i < kHairs; ++i) {
            double along = 0.1 + 0.87 * (i + 0.6 * random.uniform()) / kHairs;
            glm::dvec2 at = line[static_cast<size_t>(along * 199)];
            HeadPoint skin = shape.at_front(side * at.x, at.y + 0.2);
            glm::dvec3 direction(side * (along - 0.42) * 1.1, -0.85, 0.75);
            direction += 0.06 * glm::dvec3{random.normal(), random.normal(), random.normal()};
            add_hair(lashes.mesh,
                     {skin.place, direction, glm::dvec3(0, 1, 0.15),
                      (4.6 + 3.2 * along) * random.uniform(0.85, 1.1), 0.13, random.uniform(0.8, 1.15)},
                     place);
        }
    return lashes;
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

// A bouffant: the head's own rays with an offset; an elastic rim tucked into the skin, folds that die out
// upwards.
Dressing cap(const HeadNumbers& numbers, const HeadShape& shape, const Placement& place) {
    constexpr uint32_t kRows = 40, kColumns = 216;
    std::vector<glm::dvec2> rim = numbers.curve("cap_rim");
    Dressing cap{"cap", {}};
    for (uint32_t row = 0; row < kRows; ++row)
        for (uint32_t column = 0; column < kColumns; ++column) {
            double k = static_cast<double>(row) / (kRows - 1);
            k = k * (0.35 + 0.65 * k);  // rows crowd at the rim
            double azimuth = -180 + 360.0 * column / kColumns, turn = azimuth * det::kPi / 180;
            double low = monotone_cubic(rim, std::fabs(azimuth)), elevation = low + (89.9 - low) * k;
            double crease =
                det::sin(32 * turn) + 0.6 * det::sin(51 * turn + 1.3) + 0.45 * det::sin(17 * turn + 0.4);
            auto bell = [](double t) { return t * t > 40 ? 0 : det::exp(-t * t); };
            double folds = crease * (0.55 * bell((k - 0.10) / 0.09) + 0.4 * bell((k - 0.3) / 0.25)) *
                           smoothstep(0, 0.06, k);
            double offset = -2.8 + 5.0 * smoothstep(0, 0.025, k) + 13 * smoothstep(0.02, 0.42, k) + folds;
            glm::dvec3 base = shape.base_at(azimuth, elevation);
            cap.mesh.positions.push_back(place(base + offset * HeadShape::ray(azimuth, elevation).direction));
        }
    close_round(cap.mesh, kRows, kColumns, true);
    return cap;
}

Dressing drape(const Placement& place) {
    constexpr uint32_t kRows = 16, kColumns = 160;
    Dressing drape{"drape", {}};
    for (uint32_t row = 0; row < kRows; ++row)
        for (uint32_t column = 0; column < kColumns; ++column) {
            double k = static_cast<double>(row) / (kRows - 1), turn = 2 * det::kPi * column / kColumns;
            double spread = 108 * det::pow(k + 1e-9, 1.1);
            double radius = 46 + spread +
                            (1.6 * det::sin(turn * 9 + 2 * det::sin(turn * 2))) * (1 - 0.5 * k) +
                            1.2 * det::sin(turn * 17);
            double y = -40 - 46 * det::pow(k + 1e-9, 1.3) + 2 * det::sin(turn * 7) * k;
            drape.mesh.positions.push_back(
                place({1.05 * radius * det::sin(turn), y, -14 + 0.92 * radius * det::cos(turn)}));
        }
    close_round(drape.mesh, kRows, kColumns, false);
    return drape;
}

}  // namespace

std::vector<Dressing> dress_head(const HeadNumbers& numbers, const HeadShape& shape, const Placement& place,
                                 uint64_t seed) {
    Random random(seed);
    std::vector<Dressing> dressing;
    dressing.push_back(brows(numbers, shape, place, random));
    dressing.push_back(lashes(numbers, shape, place, random));
    dressing.push_back(cap(numbers, shape, place));
    dressing.push_back(drape(place));
    for (Dressing& piece : dressing) mesh::compute_normals(piece.mesh);
    return dressing;
}

}  // namespace face
