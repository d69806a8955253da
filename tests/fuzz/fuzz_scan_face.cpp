#include "engine/face/scan_face.h"
#include "tests/fuzz/fuzz_target.h"

#include <algorithm>

// The content of an imported head's binary file under a hash that holds: random changes of a whole file never
// get this far.

namespace fuzz {

namespace {

constexpr size_t kHash = 32;

Bytes some_scan() {
    face::ScanFace scan;
    scan.mesh.positions = {{0, 0, 0}, {1e-3, 0, 0}, {0, 1e-3, 0}};
    scan.mesh.triangles = {{0, 1, 2}};
    scan.angles = {{0, 0}, {10, -20}, {-180, 90}};
    scan.belongs = {face::Belonging::on_skin, face::Belonging::near, face::Belonging::far};
    Bytes bytes = face::pack_scan(scan);
    bytes.resize(bytes.size() - kHash);
    return bytes;
}

bool accepts(std::span<const uint8_t> content) {
    CHECK(!face::unpack_scan(content, "scan"), "a file without its hash");
    Bytes bytes(content.begin(), content.end());
    base::Hash hash = base::sha256(bytes);
    bytes.insert(bytes.end(), hash.bytes.begin(), hash.bytes.end());
    base::Result<face::ScanFace> scan = face::unpack_scan(bytes, "scan");
    if (!scan) return false;
    for (glm::uvec3 t : scan->mesh.triangles) CHECK(std::max({t.x, t.y, t.z}) < scan->mesh.vertex_count());
    CHECK(scan->angles.size() == scan->mesh.vertex_count() &&
          scan->belongs.size() == scan->mesh.vertex_count());
    CHECK(face::pack_scan(*scan) == bytes, "another file than was read");
    return true;
}

}  // namespace

Target scan_face() {
    return {"scan_face", {some_scan()}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(scan_face)
