#pragma once

// The skin's field for the picture: a contact's loads and the answers to them as shaders/skin_field.comp sums them over
// vertices, and how far each of them reaches.

#include "engine/gpu/pipeline.h"
#include "engine/skin/simulation.h"
#include "shaders/shared/picture.h"
#include "shaders/shared/skin_field.h"

#include <glm/vec4.hpp>

#include <vector>

namespace render {

/// A centre, and a radius in w; m.
using Ball = glm::vec4;

/// Where the field moves skin by more than kUnseenShift.
struct FieldReach {
    static constexpr float kUnseenShift = 10e-6f;  ///< m
    Ball dent{0};                                 ///< radius 0 = there is none
    struct Grip {
        Ball ball;
        glm::vec3 load;       ///< N
        float compliance;     ///< m/N, at most, anywhere
    };
    std::vector<Grip> grips;

    bool meets(glm::vec3 centre, float radius) const;
    /// Where skin moved from `before` to this.
    std::vector<Ball> moved_since(const FieldReach& before) const;
};

/// Fills the field and what `frame` tells of it; a contact without loads moves nothing. More loads than there is room
/// for lose the oldest.
FieldReach fill_skin_field(const skin::Contact& contact, const skin::LayerKernel& kernel, shared::Frame& frame,
                           shared::SkinField& field);

/// Its program: frame, field (both uniform: where lanes part, the CPU driver loads a storage buffer lane by lane), its
/// vertices, blocks, shifts. Pushes the first block, uint.
gpu::Pipeline make_field_pipeline(const gpu::Device& device, const base::fs::path& shaders);

}  // namespace render
