#include "engine/face/head_tissue.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/toml.h"
#include "engine/base/units.h"
#include "engine/face/head_tension.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace face {
namespace {

using base::det::smoothstep;

constexpr double kVoxel = 1.6e-3;  // m: the skin is summed up in voxels, so that no mesh's density weighs in
constexpr double kReach = 4.5e-3;  // m: zones blend over about this distance
constexpr double kMostFilled = 5;  // mm: skin that stands further out than this is an ear

// epidermis, dermis, stiffness, Poisson.
using Values = std::array<double, 4>;

struct Voxel {
    int64_t key = 0;
    double area = 0;
    glm::dvec3 moment{0};
    Values values{};
};

int64_t key_of(int64_t x, int64_t y, int64_t z) {
    return ((z + 4096) << 32) + ((y + 4096) << 16) + (x + 4096);
}
int64_t cell_of(double x) {
    return static_cast<int64_t>(std::floor(x / kVoxel));
}

// Patches of skin, one per voxel, sorted by voxel: area, centre and mean values of the triangles centred
// there.
std::vector<Voxel> sum_up(const FaceAsset& asset, const std::vector<Values>& zone_values) {
    std::vector<Voxel> all(asset.mesh.triangle_count());
    for (uint32_t t = 0; t < all.size(); ++t) {
        glm::uvec3 tri = asset.mesh.triangles[t];
        glm::dvec3 a = asset.mesh.positions[tri.x], b = asset.mesh.positions[tri.y],
                   c = asset.mesh.positions[tri.z];
        glm::dvec3 centre = (a + b + c) / 3.0;
        all[t].key = key_of(cell_of(centre.x), cell_of(centre.y), cell_of(centre.z));
        all[t].area = glm::length(glm::cross(b - a, c - a)) / 2;
        all[t].moment = all[t].area * centre;
        for (size_t i = 0; i < 4; ++i) all[t].values[i] = all[t].area * zone_values[asset.zone[t]][i];
    }
    std::ranges::stable_sort(all, {}, &Voxel::key);
    std::vector<Voxel> sums;
    for (const Voxel& v : all) {
        if (sums.empty() || sums.back().key != v.key) {
            sums.push_back(v);
            continue;
        }
        sums.back().area += v.area;
        sums.back().moment += v.moment;
        for (size_t i = 0; i < 4; ++i) sums.back().values[i] += v.values[i];
    }
    return sums;
}

struct Blend {
    Values values{};
    double concavity = 0;  ///< > 0 where the skin around stands higher, as a share of the reach
};

Blend blend_at(const std::vector<Voxel>& skin, glm::dvec3 place, glm::dvec3 normal) {
    Blend blend;
    double weight = 0;
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
                for (size_t i = 0; i < 4; ++i) blend.values[i] += w * v->values[i];
                mean += w * v->area * gap;
                weight += w * v->area;
            }
        }
    if (weight == 0) return blend;  // coarse skin, far from every triangle's centre
    for (double& value : blend.values) value /= weight;
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

base::Status fill_tissue(FaceAsset& asset, const HeadNumbers& numbers, const HeadShape& shape,
                         const HeadMesh& mesh, const std::map<std::string, TissueMeans>& means,
                         const TissuePatient& patient) {
    std::vector<Values> zone_values;
    for (const Zone& zone : asset.zones) {
        auto found = means.find(zone.kind);
        if (found == means.end())
            return base::error("content/faces/tissue.toml: no [[kind]] with id '{}'; add one", zone.kind);
        const TissueMeans& m = found->second;
        zone_values.push_back({m.epidermis_um, m.dermis_um, m.stiffness_pa, m.poisson});
    }
    std::vector<Voxel> skin = sum_up(asset, zone_values);
    TensionField tension(numbers, shape);
    auto anisotropy = static_cast<uint8_t>(base::round_to_integer(10 * anisotropy_at(patient.age)));
    size_t n = mesh.points.size();
    asset.tissue.resize(n);
    asset.look.resize(n);
    for (size_t i = 0; i < n; ++i) {
        const HeadPoint& point = mesh.points[i];
        Blend blend = blend_at(skin, asset.mesh.positions[i], asset.mesh.normals[i]);
        if (blend.values[0] == 0) blend.values = zone_values[0];
        Layers layers = layers_at(numbers, point.base, patient.male);
        Tissue& tissue = asset.tissue[i];
        tissue = {clamped(blend.values[0], 30, 300), clamped(blend.values[1], 400, 3000),
                  clamped(1000 * layers.depth, 500, 50000), clamped(blend.values[2] / 10, 100, 10000),
                  clamped(1e4 * blend.values[3], 3000, 4900)};
        int64_t below_skin = std::max(0, tissue.depth_um - tissue.epidermis_um - tissue.dermis_um);
        tissue.fat_um = clamped(1000 * layers.fat, 0, below_skin);
        glm::dvec3 line = tension.at(point.base, point.normal);
        set_tension(tissue, warped(patient.place, point.base, line, asset.mesh.normals[i]));
        tissue.anisotropy_e1 = anisotropy;
        // What fills a hollow of the solids comes out of their shade with it.
        double filled = std::clamp(glm::dot(point.place - point.base, point.normal), 0.0, kMostFilled);
        double openness = shape.openness(point.base + filled * point.normal, point.normal);
        asset.look[i] = look_at(point, blend.concavity, openness, patient.male,
                                patient.seed);
    }
    return {};
}

}  // namespace face
