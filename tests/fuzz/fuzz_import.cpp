#include "engine/mesh/import.h"
#include "engine/mesh/repair.h"
#include "engine/mesh/resolution.h"
#include "engine/mesh/self_intersection.h"
#include "tests/fuzz/fuzz_target.h"

#include <algorithm>
#include <array>
#include <cmath>

// Mesh files of several kinds, and all that an import does to a mesh before it looks for a head. The first
// byte names the kind, so that mutations move between readers.

namespace fuzz {

namespace {

constexpr std::array<const char*, 8> kKinds = {".obj", ".ply", ".stl", ".gltf",
                                               ".glb", ".off", ".dae", ".3mf"};

constexpr const char* kObj = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 1 1 0.5\nv 2 0 1\nf 1 2 3\nf 2 4 3\nf 2 5 4\n";

constexpr const char* kPly =
    "ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\nelement "
    "face 2\n"
    "property list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n1 1 1\n3 0 1 2\n3 1 3 2\n";

constexpr const char* kStl =
    "solid s\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\n"
    "facet normal 0 0 1\nouter loop\nvertex 1 0 0\nvertex 1 1 1\nvertex 0 1 0\nendloop\nendfacet\nendsolid "
    "s\n";

constexpr const char* kOff = "OFF\n4 2 0\n0 0 0\n1 0 0\n0 1 0\n1 1 1\n3 0 1 2\n3 1 3 2\n";

constexpr const char* kGltf =
    R"({"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[{"mesh":0,"scale":[2,2,2]}],)"
    R"("meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],"images":[{"uri":"bomb.png"}],)"
    R"("accessors":[{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3","min":[0,0,0],"max":[1,1,0]}],)"
    R"("bufferViews":[{"buffer":0,"byteLength":36}],"buffers":[{"byteLength":36,"uri":)"
    R"("data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA"}]})";

Bytes seed(uint8_t kind, std::string_view text) {
    Bytes bytes = as_bytes(text);
    bytes.insert(bytes.begin(), kind);
    return bytes;
}

void check_mesh(const mesh::SurfaceMesh& mesh) {
    for (glm::uvec3 t : mesh.triangles) {
        CHECK(std::max({t.x, t.y, t.z}) < mesh.vertex_count());
        CHECK(t.x != t.y && t.y != t.z && t.z != t.x);
    }
    for (glm::dvec3 p : mesh.positions) CHECK(std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(p.z));
}

/// As face_import.cpp does, on whatever came.
void repair(mesh::SurfaceMesh mesh) {
    mesh::clean(mesh);
    check_mesh(mesh);
    if (mesh.triangles.empty()) return;
    mesh::Parts parts = mesh::find_parts(mesh);
    CHECK(parts.part.size() == mesh.triangle_count());
    mesh::Untangling done = mesh::untangle(mesh);
    check_mesh(mesh);
    if (done.crowded.count > 0 || done.one_sided.count > 0) return;
    for (const mesh::Hole& hole : mesh::find_holes(mesh)) mesh::fill(mesh, hole);
    check_mesh(mesh);
    mesh::remove_slivers(mesh, 1e-6);
    check_mesh(mesh);
    for (mesh::TrianglePair pair : mesh::self_intersections(mesh, 1000))
        CHECK(pair.b < mesh.triangle_count());
    mesh::compute_normals(mesh);
    if (mesh.triangle_count() < 1000) check_mesh(mesh::decimated(mesh::refined(mesh), mesh.vertex_count()));
}

bool accepts(std::span<const uint8_t> bytes) {
    mesh::ScanLimits limits;
    limits.cpu_seconds = 1;
    limits.memory_bytes = 1ull << 30;
    limits.triangles = 20000;
    if (bytes.empty()) return false;
    base::Result<mesh::SurfaceMesh> mesh =
        mesh::read_scan(bytes.subspan(1), kKinds[bytes[0] % kKinds.size()], "scan", limits);
    if (!mesh) {
        CHECK(mesh.error().message.find('\n') == std::string::npos, mesh.error().message);
        return false;
    }
    CHECK(!mesh->triangles.empty());
    for (glm::uvec3 t : mesh->triangles) CHECK(std::max({t.x, t.y, t.z}) < mesh->vertex_count());
    repair(std::move(*mesh));
    return true;
}

}  // namespace

Target import() {
    return {
        "import", {seed(0, kObj), seed(1, kPly), seed(2, kStl), seed(3, kGltf), seed(5, kOff)}, accepts, 150};
}

}  // namespace fuzz

FUZZ_PROGRAM(import)
