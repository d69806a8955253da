#include "engine/face/face_cache.h"
#include "tests/fuzz/fuzz_target.h"

#include <algorithm>
#include <cstring>

// The payload of a cache entry whose header and hash hold: random changes of a whole entry never get this
// far.

namespace fuzz {

namespace {

constexpr size_t kHeader = 52, kHash = 32;  // face_cache.h

const base::Hash& key() {
    static const base::Hash kKey = base::sha256("a face");
    return kKey;
}

/// One triangle, one cell.
face::FaceAsset some_face() {
    face::FaceAsset asset;
    asset.id = std::string("a");
    asset.name = std::string("A");
    asset.mesh.positions = {{0, 0, 0}, {1e-3, 0, 0}, {0, 1e-3, 0}};
    asset.mesh.normals.assign(3, {0, 0, 1});
    asset.mesh.triangles = {{0, 1, 2}};
    asset.tissue.assign(3, {100, 2000, 12500, 2000, 4500});
    asset.look.assign(3, {128, 128, 128, 255});
    asset.uv.assign(3, glm::vec2(0.5f));
    asset.zone = {1};
    asset.zones = {{.id = "outside", .kind = "outside", .treatable = false}, {.id = "pad", .kind = "pad"}};
    asset.cells.seed = {{0, 0, 0}};
    asset.cells.normal = {{0, 0, 1}};
    asset.cells.area_um2 = {500'000};
    asset.cells.zone = {1};
    asset.cells.neighbourhood = {0};
    asset.cells.no_go_distance_um = {65535};
    asset.cells.neighbour_begin = {0, 0};
    asset.cells.neighbourhood_area_um2 = {500'000};
    asset.cells.neighbourhood_zone = {1};
    asset.dressing.push_back({"brow", asset.mesh});
    return asset;
}

Bytes seal(std::span<const uint8_t> payload) {
    static const Bytes kEntry = face::pack(key(), some_face());
    Bytes bytes(kEntry.begin(), kEntry.begin() + kHeader);
    uint64_t size = payload.size();
    std::memcpy(&bytes[kHeader - sizeof(size)], &size, sizeof(size));
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    base::Hash hash = base::sha256(bytes);
    bytes.insert(bytes.end(), hash.bytes.begin(), hash.bytes.end());
    return bytes;
}

void check_mesh(const mesh::SurfaceMesh& mesh) {
    for (glm::uvec3 t : mesh.triangles) CHECK(std::max({t.x, t.y, t.z}) < mesh.vertex_count());
}

void check_face(const face::FaceAsset& asset) {
    check_mesh(asset.mesh);
    for (const face::Dressing& dressing : asset.dressing) check_mesh(dressing.mesh);
    for (const face::Zone& zone : asset.zones)
        for (bool flag : {zone.treatable, zone.no_go, zone.bone, zone.mobile}) CHECK(flag || !flag);
    const face::SurfaceCells& cells = asset.cells;
    for (size_t i = 0; i < cells.size(); ++i) {
        CHECK(cells.zone[i] < asset.zones.size() && cells.neighbourhood[i] < cells.neighbourhood_count(), i);
        for (uint32_t n = cells.neighbour_begin[i]; n < cells.neighbour_begin[i + 1]; ++n)
            CHECK(cells.neighbours[n] < cells.size(), i);
    }
}

bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("entry");
    CHECK(!face::read_cache(file.write(bytes), key()), "an entry without its header");
    std::optional<face::FaceAsset> asset = face::read_cache(file.write(seal(bytes)), key());
    if (asset) check_face(*asset);
    return asset.has_value();
}

}  // namespace

Target face_cache() {
    Bytes whole = face::pack(key(), some_face());
    return {"face_cache", {Bytes(whole.begin() + kHeader, whole.end() - kHash)}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(face_cache)
