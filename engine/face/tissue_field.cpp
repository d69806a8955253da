#include "engine/face/tissue_field.h"

#include "engine/base/result.h"

#include <glm/common.hpp>

#include <tuple>

namespace face {

namespace {

glm::ivec3 block_of(glm::ivec3 corner) {
    return {corner.x >> 2, corner.y >> 2, corner.z >> 2};
}

int bit_of(glm::ivec3 corner) {
    return (corner.x & 3) + 4 * (corner.y & 3) + 16 * (corner.z & 3);
}

}  // namespace

bool tissue_order(glm::ivec3 a, glm::ivec3 b) {
    auto key = [](glm::ivec3 corner) {
        glm::ivec3 block = block_of(corner);
        return std::tuple(block.z, block.y, block.x, bit_of(corner));
    };
    return key(a) < key(b);
}

TissueField::TissueField(std::span<const glm::ivec3> corners, std::vector<Tissue> corner_values)
    : values(std::move(corner_values)) {
    CHECK(corners.size() == values.size(), corners.size(), values.size());
    if (corners.empty()) return;
    low = block_of(corners[0]);
    glm::ivec3 high = low;
    for (glm::ivec3 corner : corners)
        low = glm::min(low, block_of(corner)), high = glm::max(high, block_of(corner));
    size = high - low + 1;
    where.assign(static_cast<size_t>(size.x) * static_cast<size_t>(size.y) * static_cast<size_t>(size.z), 0);
    for (uint32_t i = 0; i < corners.size(); ++i) {
        CHECK(i == 0 || tissue_order(corners[i - 1], corners[i]), i);
        glm::ivec3 block = block_of(corners[i]) - low;
        uint32_t& at = where[(static_cast<size_t>(block.z) * size.y + block.y) * size.x + block.x];
        if (at == 0) {
            blocks.push_back({.present = 0, .first = i});
            at = static_cast<uint32_t>(blocks.size());
        }
        blocks[at - 1].present |= uint64_t{1} << bit_of(corners[i]);
    }
}

bool TissueField::sound() const {
    constexpr int kMost = 4096;  // blocks along an axis
    if (glm::any(glm::lessThan(size, glm::ivec3(0))) || glm::any(glm::greaterThan(size, glm::ivec3(kMost))))
        return false;
    if (where.size() !=
        static_cast<size_t>(size.x) * static_cast<size_t>(size.y) * static_cast<size_t>(size.z))
        return false;
    for (uint32_t block : where)
        if (block > blocks.size()) return false;
    for (const Block& block : blocks)
        if (uint64_t{block.first} + static_cast<uint64_t>(std::popcount(block.present)) > values.size())
            return false;
    return true;
}

}  // namespace face
