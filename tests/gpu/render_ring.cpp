// Skin near no-go areas that live statistics leave out: as wide as who stages the face says, as the score's.

#include "engine/track/tracker.h"
#include "tests/gpu/picture_stage.h"

#include <cmath>
#include <cstring>

namespace {

class RenderRing : public PictureStage {
  protected:
    static void SetUpTestSuite() {
        open();
        if (renderer_) stage_pad("pad-flat");
        skin_ = flat_skin(2);
        // As if no-go skin lay along the middle line.
        for (size_t cell = 0; cell < skin_->cells.size(); ++cell)
            skin_->cells.no_go_distance_um[cell] = static_cast<uint16_t>(std::fabs(skin_->cells.seed[cell].x) * 1e6);
        face::finish(*skin_);
    }
};

TEST_F(RenderRing, live_statistics_leave_out_what_the_score_leaves_out) {
    constexpr uint32_t kFloor = 750;
    const std::vector<shared::Puncture> all =
        punctures(20, [](uint32_t cell) { return pad_->cells.seed[cell].x > -2e-3 && cell % 3 != 0; });
    std::vector<uint32_t> areas_mm2;
    for (const uint32_t ring_um : {0u, 2000u, 9000u}) {
        ASSERT_TRUE(renderer_->set_face(skin_, ring_um));
        renderer_->set_coverage_floor(kFloor);
        renderer_->add(all, {}, 1);
        render::SceneView scene;
        scene.overlay = render::Overlay::coverage;
        for (int i = 0; i < 4; ++i) draw(scene, 64, 64);  // statistics lag
        track::Tracker score(*skin_, ring_um);
        score.add(all);
        const std::vector<shared::ZoneStats> expected = score.statistics(kFloor);
        const std::span<const shared::ZoneStats> live = renderer_->statistics();
        ASSERT_EQ(live.size(), expected.size());
        EXPECT_EQ(std::memcmp(live.data(), expected.data(), live.size_bytes()), 0) << ring_um;
        areas_mm2.push_back(live[size_t(skin_->find_zone("pad"))].area_mm2);
    }
    // 100 mm long, on both sides of the line.
    EXPECT_NEAR(areas_mm2[0] - areas_mm2[1], 400, 40);
    EXPECT_NEAR(areas_mm2[0] - areas_mm2[2], 1800, 60);
}

}  // namespace
