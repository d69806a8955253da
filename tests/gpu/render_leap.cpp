// To any moment of a session at once: the same picture as by playing there, to the last bit.

#include "engine/render/wipes.h"
#include "engine/render/zone_wipe.h"
#include "tests/gpu/picture_stage.h"
#include "tests/scenarios/response.h"

#include <cstring>

namespace {

constexpr uint32_t kMiddle_us = 15'000'000, kLater_us = 21'000'000, kFrame_us = 250'000;

class RenderLeap : public PictureStage {
  protected:
    static void SetUpTestSuite() {
        PictureStage::SetUpTestSuite();
        if (!renderer_) return;
        session_ = scenarios::random_session(*pad_, 5, 24);
        wipes_ = render::wipe_zone(*pad_, static_cast<uint8_t>(pad_->find_zone("pad")), 8.0);
        model_ = *track::ResponseModel::load(places_);
        front_.camera = render::named_view(*pad_, "front").value();
    }

    template <typename Record>
    static std::span<const Record> between(const std::vector<Record>& all, uint32_t from, uint32_t until) {
        const auto first = std::ranges::upper_bound(all, from, {}, &Record::time_us);
        return {first, std::ranges::upper_bound(all, until, {}, &Record::time_us)};
    }
    static render::SceneView scene_at(uint32_t time_us) {
        render::SceneView scene = front_;
        scene.time = time_us * 1e-6;
        scene.wipes = std::span(wipes_).first(time_us >= 8'000'000 ? wipes_.size() : 0);
        return scene;
    }
    /// Frame by frame.
    static void play(uint32_t from, uint32_t until) {
        for (uint32_t time = from; time < until; time += kFrame_us) {
            renderer_->add(between(session_.punctures, time, time + kFrame_us), between(session_.contacts, time, time + kFrame_us),
                           (time + kFrame_us) * 1e-6);
            device_->run([&](vk::CommandBuffer commands) { renderer_->draw(commands, scene_at(time + kFrame_us), 64, 48); });
        }
    }
    /// Tallies and response of all until then come from the CPU, marks since `from`.
    static void leap(uint32_t from, uint32_t until) {
        track::Tracker tallies(*pad_);
        track::Response response(*pad_, model_);
        const auto punctures = between(session_.punctures, 0, until);
        const auto contacts = between(session_.contacts, 0, until);
        tallies.add(punctures);
        tallies.add(contacts);
        response.add(punctures, contacts);
        for (const render::WipeStroke& wipe : scene_at(until).wipes)
            response.wipe({8'000'000, render::cells_under(render::trace_wipe(wipe, {}), pad_->cells)});
        response.advance(until);
        renderer_->leap(tallies, response, until * 1e-6, between(session_.punctures, from, until), until * 1e-6);
    }
    struct Shown {
        base::Image skin, coverage;
        std::vector<shared::CellTally> cells;
        std::vector<shared::NeighbourhoodTally> neighbourhoods;
        std::vector<shared::ZoneTally> zones;
    };
    static Shown shown(uint32_t time_us) {
        render::SceneView scene = scene_at(time_us);
        scene.still = true;
        Shown all;
        all.skin = draw(scene, 320, 240);
        scene.overlay = render::Overlay::coverage;
        all.coverage = draw(scene, 160, 120);
        all.cells = renderer_->tracker().read_cells();
        all.neighbourhoods = renderer_->tracker().read_neighbourhoods();
        all.zones = renderer_->tracker().read_zones();
        return all;
    }
    template <typename T>
    static bool same(const std::vector<T>& a, const std::vector<T>& b) {
        return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
    }
    static void expect_same(const Shown& a, const Shown& b) {
        EXPECT_EQ(a.skin.rgba, b.skin.rgba);
        EXPECT_EQ(a.coverage.rgba, b.coverage.rgba);
        EXPECT_TRUE(same(a.cells, b.cells));
        EXPECT_TRUE(same(a.neighbourhoods, b.neighbourhoods));
        EXPECT_TRUE(same(a.zones, b.zones));
    }

    static inline scenarios::RandomSession session_;
    static inline std::vector<render::WipeStroke> wipes_;
    static inline track::ResponseModel model_;
    static inline render::SceneView front_;
};

TEST_F(RenderLeap, ShowsWhatPlayingThereShowsAndGoesOnAsItDoes) {
    play(0, kMiddle_us);
    const Shown middle = shown(kMiddle_us);
    play(kMiddle_us, kLater_us);
    const Shown later = shown(kLater_us);
    EXPECT_NE(middle.skin.rgba, later.skin.rgba);

    renderer_->clear_evidence();
    leap(0, kMiddle_us);
    expect_same(shown(kMiddle_us), middle);
    play(kMiddle_us, kLater_us);
    expect_same(shown(kLater_us), later);

    renderer_->clear_evidence();
    play(0, kFrame_us);
    leap(kFrame_us, kLater_us);
    expect_same(shown(kLater_us), later);
}

TEST_F(RenderLeap, ManyMarksTakeTurnsAndAreInTheEndThoseOfOnePicture) {
    const auto all = scenarios::planted(*pad_, scenarios::all_cells(*pad_), {.depth_um = 900, .per_mm2 = 2});
    ASSERT_GT(all.size(), 20'000u);
    const auto in_view = [&](const render::SceneView& scene) { return draw(scene, 200, 150).rgba; };
    renderer_->add(all, {}, 2);
    const auto at_once = in_view(scene_at(2'000'000));
    renderer_->clear_evidence();
    renderer_->add(all, {}, 2);
    int pictures = 0;
    do {
        device_->run([&](vk::CommandBuffer commands) { renderer_->draw(commands, scene_at(2'000'000), 200, 150); });
        ++pictures;
    } while (!renderer_->finished() && pictures < 100);
    if (device_->is_cpu()) {
        EXPECT_GE(pictures, int(all.size() / 4096));
    }
    EXPECT_LT(pictures, 100);
    EXPECT_EQ(in_view(scene_at(2'000'000)), at_once);
}

TEST_F(RenderLeap, TheAtlasStopsAtSixtyFourMarksOfASquareMillimetre) {
    const auto shown_with = [&](uint32_t per_mm2) {
        renderer_->clear_evidence();
        renderer_->add(scenarios::planted(*pad_, {{1000u, 1001u}}, {.depth_um = 300, .per_mm2 = per_mm2}), {}, 2);
        int pictures = 0;
        do {
            device_->run([&](vk::CommandBuffer commands) { renderer_->draw(commands, scene_at(2'000'000), 64, 48); });
        } while (!renderer_->finished() && ++pictures < 100);
        return pictures;
    };
    EXPECT_EQ(shown_with(60), shown_with(20'000)) << "what waits for the atlas does not grow with what was overdone";
}

}  // namespace
