// Gel and wipes as the picture shows them.

#include "engine/face/face_store.h"
#include "engine/render/wipes.h"
#include "engine/render/zone_wipe.h"
#include "training/app/care.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <algorithm>

namespace {

const face::FaceAsset& pad(const char* id = "pad-cylinder") {
    static const auto made = [id] {
        base::Places places;
        places.data = base::fs::path(EVENHAND_SOURCE_DIR) / "content";
        places.cache = base::fs::path(EVENHAND_BINARY_DIR) / "test-cache";
        return *face::load(places, id);
    }();
    return *made;
}

uint8_t zone() {
    return static_cast<uint8_t>(pad().find_zone("pad"));
}

input::ProcedureEvent at(double seconds, const char* name, const char* value = "pad") {
    return {static_cast<uint32_t>(seconds * 1e6), name, value};
}

TEST(ZoneWipe, its_strokes_reach_all_of_the_zone_and_lie_on_its_skin) {
    const std::vector<render::WipeStroke> strokes = render::wipe_zone(pad(), zone(), 7);
    ASSERT_GT(strokes.size(), 2u);
    std::vector<render::WipeTrace> traces;
    for (const render::WipeStroke& stroke : strokes) {
        EXPECT_EQ(stroke.time, 7);
        for (size_t i = 1; i + 1 < stroke.path.size(); ++i) {
            const auto hit = pad().index->closest(stroke.path[i], 1e-3);
            ASSERT_TRUE(hit);
            EXPECT_LT(glm::distance(hit->position, stroke.path[i]), 1e-5);
        }
        traces.push_back(render::trace_wipe(stroke, {}));
    }
    size_t missed = 0;
    for (const glm::dvec3& seed : pad().cells.seed)
        missed += std::ranges::none_of(traces, [&](const render::WipeTrace& trace) {
            return render::place_on(trace, glm::vec3(seed), glm::vec3(0)).has_value();
        });
    EXPECT_LE(missed, pad().cells.size() / 200);
    EXPECT_TRUE(render::wipe_zone(pad(), 0, 7).empty()) << "no zone, no wipe";
}

TEST(Care, gel_dries_as_it_does_for_the_simulation_and_a_wipe_takes_it_away) {
    const std::vector<input::ProcedureEvent> events{at(10, "glide_medium"), at(300, "glide_medium"),
                                                    at(320, "wipe")};
    const auto wet = [&](double time) { return app::wet_zones(pad(), events, 240, time)[zone()]; };
    EXPECT_EQ(wet(9), 0.0f);
    EXPECT_GT(wet(10), 0.5f);
    EXPECT_EQ(wet(100), wet(10)) << "slippery for half of its time";
    EXPECT_LT(wet(190), 0.7f * wet(10));
    EXPECT_EQ(wet(251), 0.0f);
    EXPECT_EQ(wet(310), wet(10)) << "put on anew";
    EXPECT_EQ(wet(321), 0.0f);
}

TEST(Care, only_wipes_of_zones_that_there_are_become_strokes_up_to_a_time) {
    const std::vector<input::ProcedureEvent> events{at(1, "wipe"), at(2, "wipe", "nose_dorsum"),
                                                    at(3, "depth_mm", "0.5"), at(4, "wipe")};
    const size_t one = render::wipe_zone(pad(), zone(), 1).size();
    EXPECT_EQ(app::wipes_of(pad(), events).size(), 2 * one);
    EXPECT_EQ(app::wipes_of(pad(), events, 3.9).size(), one);
    EXPECT_TRUE(app::wipes_of(pad(), events, 0.5).empty());
}

}  // namespace
