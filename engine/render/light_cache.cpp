#include "engine/render/light_cache.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace render {

namespace {

constexpr size_t kHashSize = sizeof(base::Hash::bytes);

uint64_t file_size(uint64_t count) {
    return 2 * kHashSize + count * sizeof(shared::VertexLight);
}

/// The picture multiplies with these: one that is not a number would spread.
bool sound(const shared::VertexLight& light) {
    const auto lit = [](float share) { return std::isfinite(share) && share >= 0; };
    return lit(light.irradiance.r) && lit(light.irradiance.g) && lit(light.irradiance.b);
}

}  // namespace

std::optional<std::vector<shared::VertexLight>> unpack_light(std::span<const uint8_t> bytes,
                                                             const base::Hash& key, uint32_t count) {
    if (bytes.size() != file_size(count) || !std::ranges::equal(bytes.first(kHashSize), key.bytes))
        return std::nullopt;
    const std::span<const uint8_t> content = bytes.first(bytes.size() - kHashSize);
    if (!std::ranges::equal(bytes.last(kHashSize), base::sha256(content).bytes)) return std::nullopt;
    std::vector<shared::VertexLight> lights(count);
    if (count > 0) std::memcpy(lights.data(), content.data() + kHashSize, content.size() - kHashSize);
    if (!std::ranges::all_of(lights, sound)) return std::nullopt;
    return lights;
}

std::optional<std::vector<shared::VertexLight>> read_light(const base::fs::path& path, const base::Hash& key,
                                                           uint32_t count) {
    const base::Result<std::vector<uint8_t>> bytes = base::read_file(path, file_size(count));
    return bytes ? unpack_light(*bytes, key, count) : std::nullopt;
}

base::Status write_light(const base::fs::path& path, const base::Hash& key,
                         std::span<const shared::VertexLight> lights) {
    std::error_code ignored;  // write_file tells what is wrong with the folder
    base::fs::create_directories(path.parent_path(), ignored);
    std::vector<uint8_t> bytes(file_size(lights.size()));
    std::ranges::copy(key.bytes, bytes.begin());
    if (!lights.empty()) std::memcpy(bytes.data() + kHashSize, lights.data(), lights.size_bytes());
    const std::span<const uint8_t> content(bytes.data(), bytes.size() - kHashSize);
    std::ranges::copy(base::sha256(content).bytes, bytes.end() - kHashSize);
    return base::write_file(path, std::span<const uint8_t>(bytes));
}

}  // namespace render
