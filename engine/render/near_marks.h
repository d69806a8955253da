#pragma once

// Punctures that the camera sees so near that the atlas' texels show: each is drawn by itself, crisp at any
// zoom. Keeps all punctures of the session by place, and finds those in view. What is drawn by itself leaves
// the atlas' picture by the same share (drawn_near of shaders/shared/marks.h), so nothing is doubled or lost.

#include "engine/face/face_asset.h"
#include "engine/render/stage.h"
#include "shaders/shared/marks.h"

#include <span>
#include <vector>

namespace render {

class NearMarks {
  public:
    /// Where a pixel is larger than this on the skin, the atlas shows as much, mm.
    static constexpr float kLimit = 0.08f;

    /// Forgets all punctures. Only punctures of this face may be added.
    void set_face(const face::FaceAsset& face);
    void forget();
    void add(std::span<const shared::Puncture> punctures);

    /// Appends what is seen so near that it is drawn by itself, at most `most` in all, and returns where that
    /// ends: mm per pixel, at most kLimit, 0 = nowhere. The limit falls steadily as more punctures are in
    /// view, so that nothing appears at once and the cost of a picture is bounded. Without marks in view it
    /// costs a few microseconds.
    float choose(const Sight& sight, uint32_t most, std::vector<shared::Puncture>& marks,
                 std::vector<shared::Puncture>& droplets) const;

    /// Calls take(Puncture&) for all droplets within `reach` m of `place`, and perhaps some farther off.
    template <typename Take>
    void droplets_near(glm::vec3 place, float reach, Take take) {
        for (Patch& patch : patches_)
            if (glm::distance(patch.centre, place) < reach + patch.radius)
                for (shared::Puncture& p : patch.droplets) take(p);
    }

  private:
    /// Neighbouring triangles.
    struct Patch {
        glm::vec3 centre{0};
        float radius = 0;  ///< m, of a sphere that holds them
        std::vector<shared::Puncture> marks,
            droplets;  ///< these lie over marks of their own, or did before a wipe
        size_t count() const { return marks.size() + droplets.size(); }
    };
    std::vector<Patch> patches_;
    std::vector<uint32_t> patch_of_;  ///< per triangle
};

}  // namespace render
