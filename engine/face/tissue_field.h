#pragma once

// What lies under the skin as a function of place: tissue on the corners of cubes that follow the skin
// through space, blended evenly within each cube. How fine the mesh is does not show in it.

#include <glm/vec3.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace face {

/// Tissue under one place. Sources and certainty: content/faces/tissue.toml (from clinical.md 4).
struct Tissue {
    uint16_t epidermis_um;    ///< 30..300
    uint16_t dermis_um;       ///< 400..3000
    uint16_t depth_um;        ///< skin surface to bone or rigid base: the layer h of design.md 4; 500..50000
    uint16_t stiffness_pa10;  ///< effective Young's modulus under a tip, in 10 Pa: 100..10000 (1..100 kPa)
    uint16_t poisson_e4;      ///< Poisson's ratio in 1e-4: 3000..4900
    uint16_t fat_um = 0;      ///< superficial fat under the dermis, part of depth_um; 0 = none (pads)
    /// Direction of the relaxed skin tension line (Langer), a unit vector in the skin's plane times 127, of
    /// either sign: t and -t are one line. All 0 = none.
    int8_t tension_x = 0, tension_y = 0, tension_z = 0;
    uint8_t anisotropy_e1 = 10;  ///< stiffness along over across the tension line, in tenths: 10..40
};

struct TissueField {
    static constexpr double kStep = 1.6e-3;  ///< m, side of a cube
    static constexpr int kBlock = 4;         ///< corners along a side of a block: 64 in all

    /// Corners in one block of space that have tissue.
    struct Block {
        uint64_t present = 0;  ///< bit x + 4 y + 16 z
        uint32_t first = 0;    ///< index into values of the lowest one
        uint32_t unused = 0;   ///< so that no byte of a stored field is left to chance
    };

    glm::ivec3 low{0}, size{0};  ///< in blocks: corner of all, and how many along each axis
    std::vector<uint32_t>
        where;  ///< per block of the box, x fastest: index into blocks + 1, 0 = nothing there
    std::vector<Block> blocks;
    std::vector<Tissue> values;

    TissueField() = default;
    /// `corners` in cubes from the origin, sorted by tissue_order() and each once; one value each.
    TissueField(std::span<const glm::ivec3> corners, std::vector<Tissue> corner_values);

    bool empty() const { return values.empty(); }
    /// Calls visit(tissue, weight) for the corners of the cube round `p` and returns the weight that is left
    /// for those without tissue; 1 in all. About 0.05 µs.
    template <typename Visit>
    double at(glm::dvec3 p, Visit&& visit) const {
        if (empty()) return 1;
        glm::dvec3 q = p / kStep, corner{std::floor(q.x), std::floor(q.y), std::floor(q.z)},
                   share = q - corner;
        glm::ivec3 first(corner);
        double left = 0;
        for (int k = 0; k < 8; ++k) {
            glm::ivec3 step{k & 1, k >> 1 & 1, k >> 2};
            double weight = (step.x ? share.x : 1 - share.x) * (step.y ? share.y : 1 - share.y) *
                            (step.z ? share.z : 1 - share.z);
            if (const Tissue* tissue = find(first + step))
                visit(*tissue, weight);
            else
                left += weight;
        }
        return left;
    }
    /// Null where there is none.
    const Tissue* find(glm::ivec3 corner) const {
        static_assert(kBlock == 4);
        glm::ivec3 block = glm::ivec3{corner.x >> 2, corner.y >> 2, corner.z >> 2} - low;
        if (block.x < 0 || block.y < 0 || block.z < 0 || block.x >= size.x || block.y >= size.y ||
            block.z >= size.z)
            return nullptr;
        uint32_t found = where[(static_cast<size_t>(block.z) * size.y + block.y) * size.x + block.x];
        if (found == 0) return nullptr;
        const Block& in = blocks[found - 1];
        int bit = (corner.x & 3) + 4 * (corner.y & 3) + 16 * (corner.z & 3);
        if ((in.present >> bit & 1) == 0) return nullptr;
        uint64_t below = in.present & ((uint64_t{1} << bit) - 1);
        return &values[in.first + static_cast<uint32_t>(std::popcount(below))];
    }
    /// True if indices agree, as those of a stored field may not.
    bool sound() const;
};

/// Order of corners in a field: by block, and within it by bit.
bool tissue_order(glm::ivec3 a, glm::ivec3 b);

}  // namespace face
