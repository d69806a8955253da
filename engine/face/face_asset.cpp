#include "engine/face/face_asset.h"

#include "engine/base/result.h"
#include "engine/base/units.h"
#include "engine/face/skin_division.h"

#include <glm/geometric.hpp>

#include <cmath>

namespace face {

namespace {

constexpr double kNearMesh = 50e-3;  // m: rest shape and drawn mesh sample one surface

/// Weighted sum of tissues.
struct TissueSum {
    TissueAt at{};

    TissueSum() { at.anisotropy = 0; }
    void add(const Tissue& t, double w) {
        at.epidermis += w * 1e-6 * t.epidermis_um;
        at.dermis += w * 1e-6 * t.dermis_um;
        at.depth += w * 1e-6 * t.depth_um;
        at.stiffness += w * 10.0 * t.stiffness_pa10;
        at.poisson += w * 1e-4 * t.poisson_e4;
        at.fat += w * 1e-6 * t.fat_um;
        at.anisotropy += w * 0.1 * t.anisotropy_e1;
        // A line has no sign: each corner's is turned to agree with the sum so far.
        glm::dvec3 line(t.tension_x, t.tension_y, t.tension_z);
        at.tension += glm::dot(line, at.tension) < 0 ? -w * line : w * line;
    }
    /// What the field leaves is the mesh's own.
    void add(const FaceAsset& face, const mesh::SurfacePoint& point, double left) {
        for (int k = 0; k < 3; ++k) add(face.tissue[face.mesh.triangles[point.triangle][k]], left * point.weights[k]);
    }
    TissueAt done() {
        double length = glm::length(at.tension);
        at.tension = length > 0 ? at.tension / length : glm::dvec3(0);
        return at;
    }
};

}  // namespace

TissueAt FaceAsset::tissue_at(const mesh::SurfacePoint& point) const {
    TissueSum sum;
    double left = tissue_field.at(mesh::position_at(mesh, point), [&](const Tissue& t, double w) { sum.add(t, w); });
    if (left > 0) sum.add(*this, point, left);
    return sum.done();
}

TissueAt FaceAsset::tissue_felt(const mesh::SurfacePoint& point) const {
    if (!rest_index) return tissue_at(point);
    TissueSum sum;
    glm::dvec3 place = mesh::position_at(rest_shape, point);
    double left = tissue_field.at(place, [&](const Tissue& t, double w) { sum.add(t, w); });
    if (left > 0) sum.add(*this, drawn_at({point, place, 0}), left);
    return sum.done();
}

mesh::SurfacePoint FaceAsset::drawn_at(const mesh::SurfaceHit& felt_hit) const {
    if (!rest_index) return felt_hit.point;
    std::optional<mesh::SurfaceHit> hit = index->closest(felt_hit.position, kNearMesh);
    CHECK(hit, felt_hit.position.x, felt_hit.position.y, felt_hit.position.z);
    return hit->point;
}

TissueAt FaceAsset::tissue_of_cell(uint32_t cell) const {
    constexpr double kOffSurface = 1e-3;  // m: a seed lies on the surface to a micrometre
    std::optional<mesh::SurfaceHit> hit = felt_index().closest(cells.seed[cell], kOffSurface);
    CHECK(hit, cell);
    return tissue_felt(hit->point);
}

uint8_t FaceAsset::zone_at(const mesh::SurfacePoint& point) const {
    return cells.zone_at(mesh::position_at(mesh, point), mesh::normal_at(mesh, point));
}

int FaceAsset::find_zone(std::string_view zone_id) const {
    for (size_t i = 0; i < zones.size(); ++i)
        if (zones[i].id == zone_id) return static_cast<int>(i);
    return -1;
}

void FaceAsset::tangent_frame(glm::dvec3 normal, glm::dvec3& along, glm::dvec3& across) {
    constexpr double kSideways =
        0.9;  // within 26 degrees of the left-right axis, +X says little about the surface
    glm::dvec3 axis = std::fabs(normal.x) > kSideways ? glm::dvec3(0, 1, 0) : glm::dvec3(1, 0, 0);
    along = glm::normalize(axis - normal * glm::dot(axis, normal));
    across = glm::cross(normal, along);
}

static glm::ivec3 micrometres(glm::dvec3 p) {
    return {base::round_to_integer(1e6 * p.x), base::round_to_integer(1e6 * p.y),
            base::round_to_integer(1e6 * p.z)};
}

static void add_places(base::Hasher& hasher, const std::vector<glm::dvec3>& places) {
    std::vector<int32_t> flat;
    flat.reserve(3 * places.size());
    for (glm::dvec3 p : places)
        for (int axis = 0; axis < 3; ++axis) flat.push_back(micrometres(p)[axis]);
    hasher.values(std::span<const int32_t>(flat));
}

template <typename T>
static void add_values(base::Hasher& hasher, const std::vector<T>& values) {
    hasher.value(static_cast<uint64_t>(values.size()));
    hasher.values(std::span<const T>(values));
}

static void add_zone(base::Hasher& hasher, const Zone& zone) {
    hasher.text(zone.id).text(zone.kind).value(zone.area_um2);
    hasher.value(static_cast<uint32_t>(zone.treatable | zone.no_go << 1 | zone.bone << 2 | zone.mobile << 3));
}

static void add_cells(base::Hasher& hasher, const SurfaceCells& cells) {
    hasher.value(static_cast<uint64_t>(cells.size()));
    add_places(hasher, cells.seed);
    add_places(hasher, cells.normal);
    add_values(hasher, cells.area_um2);
    add_values(hasher, cells.zone);
    add_values(hasher, cells.neighbourhood);
    add_values(hasher, cells.no_go_distance_um);
    add_values(hasher, cells.neighbour_begin);
    add_values(hasher, cells.neighbours);
    add_values(hasher, cells.neighbourhood_area_um2);
    add_values(hasher, cells.neighbourhood_zone);
    add_places(hasher, cells.rim_seed);
    add_places(hasher, cells.rim_normal);
}

static void add_tissue_field(base::Hasher& hasher, const TissueField& field) {
    hasher.value(field.low.x).value(field.low.y).value(field.low.z);
    hasher.value(field.size.x).value(field.size.y).value(field.size.z);
    add_values(hasher, field.where);
    for (const TissueField::Block& block : field.blocks) hasher.value(block.present);
    add_values(hasher, field.values);
}

static void add_lesions(base::Hasher& hasher, const FaceAsset& asset) {
    hasher.value(static_cast<uint64_t>(asset.lesions.size()));
    for (const Lesion& lesion : asset.lesions) {
        add_places(hasher, {lesion.place});
        hasher.text(lesion.condition).value(lesion.radius_um).value(lesion.margin_um);
        hasher.value(static_cast<uint32_t>(lesion.no_go));
    }
    add_values(hasher, asset.cell_lesion);
}

static void add_shape(base::Hasher& hasher, const mesh::SurfaceMesh& shape) {
    hasher.value(static_cast<uint64_t>(shape.vertex_count())).value(static_cast<uint64_t>(shape.triangle_count()));
    add_places(hasher, shape.positions);
    add_places(hasher, shape.normals);
    for (glm::uvec3 t : shape.triangles) hasher.value(t.x).value(t.y).value(t.z);
}

static base::Hash hash_of(const FaceAsset& asset) {
    base::Hasher hasher;
    hasher.text("evenhand face 1").value(static_cast<uint64_t>(asset.kind));
    hasher.value(static_cast<uint64_t>(asset.mesh.vertex_count()));
    add_places(hasher, asset.mesh.positions);
    hasher.value(static_cast<uint64_t>(asset.mesh.triangle_count()));
    for (glm::uvec3 t : asset.mesh.triangles) hasher.value(t.x).value(t.y).value(t.z);
    add_places(hasher, asset.mesh.normals);
    if (!asset.rest_shape.triangles.empty()) add_shape(hasher, asset.rest_shape);
    static_assert(sizeof(Tissue) == 16);
    add_values(hasher, asset.tissue);
    add_tissue_field(hasher, asset.tissue_field);
    add_values(hasher, asset.zone);
    hasher.value(static_cast<uint64_t>(asset.zones.size()));
    for (const Zone& zone : asset.zones) add_zone(hasher, zone);
    add_cells(hasher, asset.cells);
    add_lesions(hasher, asset);
    return hasher.finish();
}

void snap_to_micrometres(mesh::SurfaceMesh& mesh) {
    for (glm::dvec3& p : mesh.positions) p = 1e-6 * glm::dvec3(micrometres(p));
}

/// To whole millionths and to unit length again: what differs in the last bits is the same afterwards.
static void settle_normals(mesh::SurfaceMesh& mesh) {
    for (glm::dvec3& normal : mesh.normals) normal = glm::normalize(glm::dvec3(micrometres(normal)));
}

void divide_skin(FaceAsset& asset, const ZoneOf& zone_of) {
    divide_skin(asset, zone_of, {});
}

void divide_skin(FaceAsset& asset, const ZoneOf& zone_of, const ShareTold& told) {
    snap_to_micrometres(asset.mesh);
    if (asset.mesh.normals.empty()) mesh::compute_normals(asset.mesh);
    settle_normals(asset.mesh);
    settle_normals(asset.rest_shape);
    std::vector<uint8_t> no_go;
    for (const Zone& zone : asset.zones) no_go.push_back(zone.no_go);
    asset.cells = divide_into_cells(asset.felt(), zone_of, no_go, told);
    for (Zone& zone : asset.zones) zone.area_um2 = 0;
    for (size_t cell = 0; cell < asset.cells.size(); ++cell)
        asset.zones[asset.cells.zone[cell]].area_um2 += asset.cells.area_um2[cell];
}

void finish(FaceAsset& asset) {
    CHECK(asset.tissue.size() == asset.mesh.vertex_count());
    CHECK(asset.mesh.normals.size() == asset.mesh.vertex_count());
    CHECK(asset.zone.size() == asset.mesh.triangle_count());
    for (glm::dvec3 p : asset.mesh.positions) CHECK(p == 1e-6 * glm::dvec3(micrometres(p)), p.x, p.y, p.z);
    asset.hash = hash_of(asset);
    asset.ground = std::make_unique<SkinGround>(asset.cells);
    if (!asset.index || &asset.index->mesh() != &asset.mesh)
        asset.index = std::make_unique<mesh::SurfaceIndex>(asset.mesh);
    if (asset.rest_shape.triangles.empty()) return;
    if (!asset.rest_index || &asset.rest_index->mesh() != &asset.rest_shape)
        asset.rest_index = std::make_unique<mesh::SurfaceIndex>(asset.rest_shape);
}

}  // namespace face
