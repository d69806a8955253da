#pragma once

// Lesions that stand out have a silhouette: the drawn skin under them is finer than the face's mesh and
// raised, on pictures alone. Normals stay those of the skin without them, since the atlas holds the whole
// tilt of the relief (relief.frag): what is raised here changes what hides what, and no shade is counted
// twice. Punctures, cells and scores know nothing of it.

#include "engine/face/face_asset.h"

#include <span>
#include <unordered_map>
#include <vector>

namespace render {

/// Height of raised lesions over the skin at rest, low-passed to what kFineEdge can carry.
class RaisedLesions {
  public:
    /// A raised lesion counts where all its parts together are this high, m: lower ones have no outline to
    /// speak of.
    static constexpr float kLeast = 0.3e-3f;

    explicit RaisedLesions(std::span<const face::SkinDetail> details);
    bool empty() const { return parts_.empty(); }
    /// m, 0 outside lesions; with no step at their borders.
    float height(glm::vec3 place) const;
    /// True when a lesion begins within `reach` m, which is at most kFarthest.
    static constexpr float kFarthest = 2e-3f;
    bool near(glm::vec3 place, float reach) const;

  private:
    struct Part {
        glm::vec3 from, to;
        float radius, flat, height;  ///< m; `flat`: how far it is as high as in its middle
    };
    std::span<const uint32_t> parts_near(glm::vec3 place) const;
    std::vector<Part> parts_;
    std::unordered_map<uint64_t, std::vector<uint32_t>>
        cubes_;  ///< parts that begin within kFarthest of a cube, rising
};

/// The skin's triangles with those under raised lesions split, so that their edges are at most about
/// kFineEdge long there. No vertex lies within an edge: the surface stays closed.
struct RaisedSkin {
    static constexpr float kFineEdge = 0.45e-3f;  // m
    std::vector<glm::uvec2> halves;     ///< vertex mesh.vertex_count() + i lies midway between these two
    std::vector<glm::uvec3> triangles;  ///< those of the face where no lesion is
    std::vector<float> heights;         ///< m along the normal, per vertex of both kinds
};
RaisedSkin raise_lesions(const face::FaceAsset& face);

}  // namespace render
