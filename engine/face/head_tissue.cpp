#include "engine/face/head_tissue.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/parallel.h"
#include "engine/base/toml.h"
#include "engine/base/units.h"
#include "engine/face/head_tension.h"
#include "engine/face/zone_pieces.h"
#include "engine/mesh/surface_index.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace face {
namespace {

using base::det::smoothstep;

constexpr double kVoxel = 1.6e-3;  // m: the skin is summed up in voxels, so that no mesh's density weighs in
constexpr double kReach = 4.5e-3;  // m: zones blend over about this distance
constexpr double kAround = 6e-3;   // m beyond all zones to which the tissue field goes on
constexpr double kMostFilled = 5;  // mm: skin that stands further out than this is an ear

// epidermis, dermis, stiffness, Poisson.
using Values = std::array<double, 4>;

// Skin of one zone in one voxel.
struct Voxel {
    int64_t key = 0;
    uint8_t zone = 0;
    double area = 0;
    glm::dvec3 moment{0};
    glm::dvec3 facing{0};  ///< sum of areas as vectors
};

int64_t key_of(int64_t x, int64_t y, int64_t z) {
    return ((z + 4096) << 32) + ((y + 4096) << 16) + (x + 4096);
}
int64_t cell_of(double x) {
    return static_cast<int64_t>(std::floor(x / kVoxel));
}

// Patches of skin, one per voxel and zone, sorted by voxel: area, centre and facing of the skin there. Where tissue is asked
// for, triangles are cut so small that it makes no difference how they lie across voxels and outlines.
std::vector<Voxel> sum_up(const mesh::SurfaceMesh& skin, const ZoneOf& zone_of) {
    constexpr PieceLength kPieces{.mixed = 0.6e-3, .plain = 1e-3};
    std::vector<uint8_t> near = triangles_near_zones(skin, zone_of, kAround + kReach);
    std::vector<Voxel> all;
    for (uint32_t t = 0; t < skin.triangle_count(); ++t)
        cut_by_zone(skin, t, zone_of, near[t] ? kPieces : PieceLength{}, [&](const ZonePiece& piece) {
            auto [a, b, c] = piece.corner;
            glm::dvec3 centre = (a + b + c) / 3.0;
            glm::dvec3 facing = glm::cross(b - a, c - a) / 2.0;
            double area = glm::length(facing);
            all.push_back({key_of(cell_of(centre.x), cell_of(centre.y), cell_of(centre.z)), piece.zone, area,
                           area * centre, facing});
        });
    std::ranges::stable_sort(all, {}, [](const Voxel& v) { return std::pair(v.key, v.zone); });
    std::vector<Voxel> sums;
    for (const Voxel& v : all) {
        if (sums.empty() || sums.back().key != v.key || sums.back().zone != v.zone) {
            sums.push_back(v);
            continue;
        }
        sums.back().area += v.area;
        sums.back().moment += v.moment;
        sums.back().facing += v.facing;
    }
    return sums;
}

struct Blend {
    Values values{};
    double concavity = 0;  ///< > 0 where the skin around stands higher, as a share of the reach
};

// Skin counts by what it shows to the place's side: what lies in a fold, as between lips, by the fold's mouth.
Blend blend_at(const std::vector<Voxel>& skin, const std::vector<Values>& zone_values, glm::dvec3 place,
               glm::dvec3 normal) {
    Blend blend;
    double weight = 0, shown = 0;
    glm::dvec3 mean(0);
    int64_t reach = static_cast<int64_t>(kReach / kVoxel) + 1;
    int64_t cx = cell_of(place.x), cy = cell_of(place.y), cz = cell_of(place.z);
    for (int64_t z = cz - reach; z <= cz + reach; ++z)
        for (int64_t y = cy - reach; y <= cy + reach; ++y) {
            int64_t last = key_of(cx + reach, y, z);
            for (auto v = std::ranges::lower_bound(skin, key_of(cx - reach, y, z), {}, &Voxel::key);
                 v != skin.end() && v->key <= last; ++v) {
                glm::dvec3 gap = v->moment / v->area - place;
                double nearness = 1 - glm::dot(gap, gap) / (kReach * kReach);
                if (nearness <= 0) continue;
                double w = nearness * nearness;
                if (double shows = glm::dot(v->facing, normal); shows > 0) {
                    for (size_t i = 0; i < 4; ++i) blend.values[i] += w * shows * zone_values[v->zone][i];
                    shown += w * shows;
                }
                mean += w * v->area * gap;
                weight += w * v->area;
            }
        }
    if (weight == 0) return blend;  // coarse skin, far from every triangle's centre
    if (shown > 0)
        for (double& value : blend.values) value /= shown;
    blend.concavity = glm::dot(mean / weight, normal) / kReach;
    return blend;
}

struct Layers {
    double depth = 0, fat = 0;  // mm
};

Layers layers_at(const HeadNumbers& numbers, glm::dvec3 p, bool male) {
    constexpr double kRound = 5, kFatRound = 8;  // mm: rounds off the cusp of inverse-distance weights at each point
    p.x = std::fabs(p.x);
    Layers sum;
    double weight = 0, fat_weight = 0;
    for (const DepthPoint& point : numbers.depths) {
        glm::dvec3 gap = p - point.place;
        double near = 1 / (glm::dot(gap, gap) + kRound * kRound);
        double w = near * near;
        sum.depth += w * (male ? point.depth_male : point.depth_female);
        weight += w;
        // Fat changes over shorter ways than the bone below it, so near points weigh more: inverse sixth power.
        near = 1 / (glm::dot(gap, gap) + kFatRound * kFatRound);
        w = near * near * near;
        sum.fat += w * point.fat;
        fat_weight += w;
    }
    return {sum.depth / weight, sum.fat / fat_weight};
}

// The canonical line as the patient's warp turns it, laid into the patient's skin.
glm::dvec3 warped(const Placement& place, glm::dvec3 at, glm::dvec3 line, glm::dvec3 normal) {
    glm::dvec3 moved = place(at + line) - place(at - line);
    moved -= normal * glm::dot(normal, moved);
    double length = glm::length(moved);
    return length > 0 ? moved / length : glm::dvec3(0);
}

void set_tension(Tissue& tissue, glm::dvec3 line) {
    auto whole = [](double x) { return static_cast<int8_t>(base::round_to_integer(127 * x)); };
    tissue.tension_x = whole(line.x), tissue.tension_y = whole(line.y), tissue.tension_z = whole(line.z);
}

// Value noise in [-1, 1] on a lattice of `size` mm: mottling that belongs to the place and not to the mesh.
double mottle(glm::dvec3 p, double size, uint64_t seed) {
    auto corner = [&](int64_t x, int64_t y, int64_t z) {
        uint64_t h = seed + 0x9e3779b97f4a7c15u * static_cast<uint64_t>(x + 73856093 * y + 19349663 * z);
        h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
        h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
        return static_cast<double>((h ^ (h >> 31)) >> 11) * 0x1p-52 - 1;
    };
    glm::dvec3 q = p / size, low = glm::floor(q), f = q - low;
    f = f * f * (3.0 - 2.0 * f);
    auto x = static_cast<int64_t>(low.x), y = static_cast<int64_t>(low.y), z = static_cast<int64_t>(low.z);
    double sum = 0;
    for (int i = 0; i < 8; ++i) {
        double w = (i & 1 ? f.x : 1 - f.x) * (i & 2 ? f.y : 1 - f.y) * (i & 4 ? f.z : 1 - f.z);
        sum += w * corner(x + (i & 1), y + (i >> 1 & 1), z + (i >> 2));
    }
    return sum;
}

uint8_t to_byte(double value) {
    return static_cast<uint8_t>(std::clamp(base::round_to_integer(value), int64_t{0}, int64_t{255}));
}

Look look_at(const HeadPoint& point, double concavity, double openness, bool male, uint64_t seed) {
    glm::dvec3 p = point.place;
    double x = std::fabs(p.x);
    double front = smoothstep(20, 50, p.z);
    auto blob = [&](double cx, double cy, double wx, double wy) {
        double u = (x - cx) / wx, v = (p.y - cy) / wy, r = u * u + v * v;
        return r > 30 ? 0.0 : front * base::det::exp(-r);
    };
    double nose = blob(0, 78, 12, 10), cheek = blob(40, 80, 19, 17), chin = blob(0, 16, 16, 12);
    double lower_lid = blob(27, 98, 15, 6), upper_lid = blob(31, 112, 15, 7);
    double broad = mottle(p, 9, seed), fine = mottle(p, 3.2, seed + 1);

    double blood = 118 + 50 * cheek + 54 * nose + 26 * chin + 2 * blob(0, 165, 45, 18) + 12 * lower_lid +
                   12 * upper_lid + 34 * point.alar_crease + 38 * point.ear + 12 * broad + 9 * fine;
    blood += ((male ? 226 : 246) - blood) * point.lip;
    blood += (235 - blood) * 0.5 * std::max(point.nostril, point.lash_line * 0.6);
    blood -= 14 * smoothstep(0, -25, p.y);

    double melanin = 126 + 16 * upper_lid + 20 * lower_lid + 6 * blob(0, 160, 50, 20) + 10 * point.lip +
                     58 * point.brow + 90 * point.nostril + 9 * mottle(p, 14, seed + 2) +
                     7 * mottle(p, 4, seed + 3) - 8 * smoothstep(0, -25, p.y);

    melanin -= 9 * point.white_roll;

    // Shaved stubble: darker where a beard would grow, and less red, since hairs within the skin hide what is below.
    double beard = male ? front * smoothstep(68, 56, p.y) * smoothstep(-14, 2, p.y) * (1 - point.lip) : 0;
    beard *= smoothstep(46, 34, x + 0.35 * (p.y - 20)) + 0.6 * smoothstep(40, 25, p.y);
    melanin += beard * (24 + 12 * mottle(p, 1.7, seed + 4));
    blood -= 5 * beard;

    double gloss = 110 + 62 * blob(0, 160, 34, 24) + 40 * blob(0, 128, 12, 12) + 76 * blob(0, 84, 11, 20) +
                   28 * chin + 14 * cheek - 18 * lower_lid + 60 * point.lip + 24 * point.white_roll + 10 * fine;

    double light = openness * (1 - std::clamp(2.4 * concavity - 0.04, 0.0, 0.75));
    light *= 1 - 0.85 * point.nostril;
    light *= 1 - 0.4 * point.lip_line;
    light *= 1 - 0.45 * point.hollow;
    light *= 1 - 0.35 * point.lash_line;
    return {to_byte(blood), to_byte(melanin), to_byte(gloss), to_byte(255 * light)};
}

uint16_t clamped(double value, int64_t low, int64_t high) {
    return static_cast<uint16_t>(std::clamp(base::round_to_integer(value), low, high));
}

}  // namespace

base::Result<std::map<std::string, TissueMeans>> load_tissue_means(const base::Places& places, bool male) {
    base::fs::path path = places.data / "faces" / "tissue.toml";
    auto table = base::read_toml(path);
    if (!table) return table.error();
    base::TomlReader reader(*table, path.string());
    reader.integer("version", 1, 1);
    reader.text("source");
    std::map<std::string, TissueMeans> means;
    for (const toml::table* entry : reader.tables("kind")) {
        base::TomlReader row(*entry, path.string());
        std::string id = row.text("id");
        row.text("tag");
        double thickness = row.numbers("thickness_mm", 2, 0.4, 3)[male];
        double epidermis = row.numbers("epidermis_mm", 2, 0.03, 0.3)[male];
        double stiffness = row.number("stiffness_kpa", 1, 100), poisson = row.number("poisson", 0.3, 0.49);
        if (thickness - epidermis < 0.4) row.refuse("thickness_mm", "must leave a dermis of at least 0.4 mm");
        if (base::Status status = row.status(); !status) return status.error();
        means[id] = {1000 * epidermis, 1000 * (thickness - epidermis), 1000 * stiffness, poisson};
    }
    if (base::Status status = reader.status(); !status) return status.error();
    return means;
}

double anisotropy_at(double age) {
    constexpr double kYoung = 20, kOld = 70, kLeast = 1.5, kMost = 2.5;
    return kLeast + (kMost - kLeast) * std::clamp((age - kYoung) / (kOld - kYoung), 0.0, 1.0);
}

namespace {

// A place of the patient's skin and where it lies on the canonical solids.
struct SkinSpot {
    glm::dvec3 place, normal;           // m
    glm::dvec3 canonical, solids_normal;  // mm
};

class TissueMaker {
  public:
    TissueMaker(const TissueSkin& felt, const HeadNumbers& numbers, const HeadShape& shape,
                std::vector<Values> zone_values, const TissuePatient& patient)
        : numbers_(numbers),
          patient_(patient),
          zone_values_(std::move(zone_values)),
          skin_(sum_up(felt.skin, felt.zone_of)),
          tension_(numbers, shape),
          anisotropy_(static_cast<uint8_t>(base::round_to_integer(10 * anisotropy_at(patient.age)))) {}

    Blend blend(const SkinSpot& spot) const {
        Blend blend = blend_at(skin_, zone_values_, spot.place, spot.normal);
        if (blend.values[0] == 0) blend.values = zone_values_[0];
        return blend;
    }
    Tissue tissue(const SkinSpot& spot, const Blend& blend) const {
        Layers layers = layers_at(numbers_, spot.canonical, patient_.male);
        Tissue tissue{clamped(blend.values[0], 30, 300), clamped(blend.values[1], 400, 3000),
                      clamped(1000 * layers.depth, 500, 50000), clamped(blend.values[2] / 10, 100, 10000),
                      clamped(1e4 * blend.values[3], 3000, 4900)};
        int64_t below_skin = std::max(0, tissue.depth_um - tissue.epidermis_um - tissue.dermis_um);
        tissue.fat_um = clamped(1000 * layers.fat, 0, below_skin);
        glm::dvec3 line = tension_.at(spot.canonical, spot.solids_normal);
        set_tension(tissue, warped(patient_.place, spot.canonical, line, spot.normal));
        tissue.anisotropy_e1 = anisotropy_;
        return tissue;
    }

  private:
    const HeadNumbers& numbers_;
    const TissuePatient& patient_;
    std::vector<Values> zone_values_;
    std::vector<Voxel> skin_;
    TensionField tension_;
    uint8_t anisotropy_;
};

// Corners of all cubes that the skin of the zones and around passes through.
std::vector<glm::ivec3> corners_along(const mesh::SurfaceMesh& mesh, const ZoneOf& zone_of, const ShareTold& told) {
    constexpr double kApart = 0.6e-3;       // m between places that are looked at
    constexpr double kCurved = 0.15e-3;     // m that the smooth skin may lie off its triangles
    std::vector<uint8_t> near = triangles_near_zones(mesh, zone_of, kAround, told);
    const ZoneOf anywhere = [](const mesh::SurfacePoint&) { return uint8_t{0}; };
    const auto cut = [&](size_t t, std::vector<glm::ivec3>& marked) {
        if (!near[t]) return;
        auto mark = [&](glm::dvec3 p) {
            glm::dvec3 q = p / TissueField::kStep;
            glm::ivec3 cube(std::floor(q.x), std::floor(q.y), std::floor(q.z));
            if (marked.empty() || marked.back() != cube) marked.push_back(cube);
        };
        cut_by_zone(mesh, static_cast<uint32_t>(t), anywhere, {.plain = kApart}, [&](const ZonePiece& piece) {
            glm::dvec3 normal = glm::cross(piece.corner[1] - piece.corner[0], piece.corner[2] - piece.corner[0]);
            double length = glm::length(normal);
            if (!(length > 0)) return;
            for (double off : {-kCurved, 0.0, kCurved})
                for (glm::dvec3 corner : piece.corner) mark(corner + off / length * normal);
        });
    };
    std::vector<glm::ivec3> cubes = base::parallel_list<glm::ivec3>(mesh.triangle_count(), 512, cut);
    std::vector<glm::ivec3> corners;
    auto unique = [](std::vector<glm::ivec3>& list) {
        std::ranges::sort(list, tissue_order);
        list.erase(std::unique(list.begin(), list.end()), list.end());
    };
    unique(cubes);
    for (glm::ivec3 cube : cubes)
        for (int k = 0; k < 8; ++k) corners.push_back(cube + glm::ivec3(k & 1, k >> 1 & 1, k >> 2));
    unique(corners);
    return corners;
}

// Each corner has the tissue of the skin nearest to it, so that depth under the skin does not come into it.
TissueField lay_field(const TissueSkin& felt, const TissueMaker& maker, const ShareTold& told) {
    constexpr double kNear = 0.4;    // share of the time until the corners are known, measured
    constexpr double kReach = 5e-3;  // m: no corner of a cube that skin passes through is farther from it
    std::vector<glm::ivec3> corners = corners_along(felt.skin, felt.zone_of, part_of(told, 0, kNear));
    std::vector<Tissue> values(corners.size());
    mesh::SurfaceIndex index(felt.skin);
    const ShareTold rest = part_of(told, kNear, 1);
    WorkCount count(corners.size(), rest);
    auto fill = [&](size_t first, size_t last) {
        for (size_t i = first; i < last; ++i) {
            auto hit = index.closest(TissueField::kStep * glm::dvec3(corners[i]), kReach);
            CHECK(hit, corners[i].x, corners[i].y, corners[i].z);
            SkinSpot spot{hit->position, mesh::normal_at(felt.skin, hit->point), glm::dvec3(0), glm::dvec3(0)};
            for (int k = 0; k < 3; ++k) {
                const HeadPoint& vertex = felt.sample.points[felt.sample.triangles[hit->point.triangle][k]];
                spot.canonical += hit->point.weights[k] * vertex.base;
                spot.solids_normal += hit->point.weights[k] * vertex.normal;
            }
            spot.solids_normal = glm::normalize(spot.solids_normal);
            values[i] = maker.tissue(spot, maker.blend(spot));
        }
        count.done(last - first);
    };
    base::parallel_ranges(corners.size(), 256, fill);
    return TissueField(corners, std::move(values));
}

}  // namespace

base::Status fill_tissue(FaceAsset& asset, const HeadNumbers& numbers, const HeadShape& shape,
                         const HeadMesh& mesh, const TissueSkin& felt,
                         const std::map<std::string, TissueMeans>& means, const TissuePatient& patient, const ShareTold& told) {
    std::vector<Values> zone_values;
    for (const Zone& zone : asset.zones) {
        auto found = means.find(zone.kind);
        if (found == means.end())
            return base::error("content/faces/tissue.toml: no [[kind]] with id '{}'; add one", zone.kind);
        const TissueMeans& m = found->second;
        zone_values.push_back({m.epidermis_um, m.dermis_um, m.stiffness_pa, m.poisson});
    }
    TissueMaker maker(felt, numbers, shape, std::move(zone_values), patient);
    constexpr double kField = 0.7;  // its share of the time, measured with the skin's own detail
    asset.tissue_field = lay_field(felt, maker, part_of(told, 0, kField));
    const ShareTold rest = part_of(told, kField, 1);
    size_t n = mesh.points.size();
    asset.tissue.resize(n);
    asset.look.resize(n);
    const auto fill = [&](size_t i) {
        const HeadPoint& point = mesh.points[i];
        SkinSpot spot{asset.mesh.positions[i], asset.mesh.normals[i], point.base, point.normal};
        Blend blend = maker.blend(spot);
        asset.tissue[i] = maker.tissue(spot, blend);
        // What fills a hollow of the solids comes out of their shade with it.
        double filled = std::clamp(glm::dot(point.place - point.base, point.normal), 0.0, kMostFilled);
        double openness = shape.openness(point.base + filled * point.normal, point.normal);
        asset.look[i] = look_at(point, blend.concavity, openness, patient.male,
                                patient.seed);
    };
    WorkCount count(n, rest);
    base::parallel_ranges(n, 256, [&](size_t first, size_t last) {
        for (size_t i = first; i < last; ++i) fill(i);
        count.done(last - first);
    });
    return {};
}

}  // namespace face
