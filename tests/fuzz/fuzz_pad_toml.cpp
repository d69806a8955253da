#include "engine/base/toml.h"
#include "engine/face/pad.h"
#include "tests/fuzz/fuzz_target.h"

#include <algorithm>
#include <cmath>

namespace fuzz {

namespace {

constexpr uint32_t kVertices = 40;  // few: what is tried is the reading

bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("pad.toml");
    const base::fs::path& path = file.write(bytes);
    base::Result<toml::table> table = base::read_toml(path);
    if (!table) return false;
    base::Result<face::FaceAsset> pad = face::make_pad(*table, path.string(), kVertices);
    if (!pad) {
        CHECK(!pad.error().message.empty());
        return false;
    }
    for (glm::dvec3 p : pad->mesh.positions)
        CHECK(std::fabs(p.x) <= 1.1 && std::fabs(p.y) <= 1.1 && std::fabs(p.z) <= 1.1, p.x, p.y, p.z);
    for (glm::uvec3 t : pad->mesh.triangles) CHECK(std::max({t.x, t.y, t.z}) < pad->mesh.vertex_count());
    for (const face::Tissue& tissue : pad->tissue) {
        CHECK(tissue.depth_um >= 500 && tissue.depth_um <= 50'000, tissue.depth_um);
        CHECK(tissue.stiffness_pa10 >= 100 && tissue.stiffness_pa10 <= 10'000, tissue.stiffness_pa10);
        CHECK(tissue.poisson_e4 >= 3000 && tissue.poisson_e4 <= 4900, tissue.poisson_e4);
    }
    return true;
}

}  // namespace

Target pad_toml() {
    return {"pad_toml", {content("faces/pad-flat.toml"), content("faces/pad-cylinder.toml")}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(pad_toml)
