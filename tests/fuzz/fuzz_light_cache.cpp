#include "engine/render/light_cache.h"
#include "tests/fuzz/fuzz_target.h"

#include <cmath>
#include <cstring>

// The lights of a file whose key and hash hold: random changes of a whole file never get this far.

namespace fuzz {

namespace {

constexpr uint32_t kCount = 3;

const base::Hash& key() {
    static const base::Hash kKey = base::sha256("a light");
    return kKey;
}

Bytes seal(std::span<const uint8_t> lights) {
    Bytes bytes(key().bytes.begin(), key().bytes.end());
    bytes.insert(bytes.end(), lights.begin(), lights.end());
    const base::Hash hash = base::sha256(bytes);
    bytes.insert(bytes.end(), hash.bytes.begin(), hash.bytes.end());
    return bytes;
}

bool accepts(std::span<const uint8_t> bytes) {
    CHECK(!render::unpack_light(bytes, key(), kCount), "lights without their key");
    const auto lights = render::unpack_light(seal(bytes), key(), kCount);
    if (!lights) return false;
    CHECK(lights->size() == kCount);
    for (const shared::VertexLight& light : *lights)
        for (int k = 0; k < 3; ++k) CHECK(std::isfinite(light.irradiance[k]) && light.irradiance[k] >= 0);
    return true;
}

}  // namespace

Target light_cache() {
    const shared::VertexLight lights[kCount] = {
        {glm::vec3(0.5f, 0.4f, 0.3f), 0x80808080u}, {glm::vec3(0), 0}, {glm::vec3(3), 0xffffffffu}};
    Bytes bytes(sizeof(lights));
    std::memcpy(bytes.data(), lights, sizeof(lights));
    return {"light_cache", {bytes}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(light_cache)
