#include "training/core/sections.h"

#include "engine/base/deterministic_math.h"
#include "tests/unit/training_stage.h"
#include "training/core/hand.h"

#include <glm/geometric.hpp>

#include <algorithm>

using namespace training;
using namespace training_test;

namespace {

/// Points a millimetre apart on the flat pad.
Stroke straight(double from_x, double to_x, double y) {
    Stroke stroke;
    const int count = static_cast<int>(std::lround((to_x - from_x) * 1e3));
    for (int i = 0; i <= count; ++i) stroke.points.push_back({{from_x + i * 1e-3, y, 0}, {0, 0, -1}, 0.02});
    return stroke;
}

std::vector<Stroke> field_of_strokes() {
    std::vector<Stroke> strokes;
    for (int row = 0; row < 9; ++row) strokes.push_back(straight(-30e-3, 30e-3, (row - 4) * 6e-3));
    return strokes;
}

double length_of(const Stroke& stroke) {
    return glm::distance(stroke.points.front().position, stroke.points.back().position);
}

}  // namespace

TEST(Sections, PiecesOfALongStrokeMeetAndRunOnOverEachOtherByAsMuchAsTold) {
    const std::vector<Stroke> strokes = {straight(0, 100e-3, 0)};
    const std::vector<Section> sections = cut_into_sections(strokes, 11e-3, 1e-3);
    ASSERT_GE(sections.size(), 5u);  // 100 mm in parts of 22 mm at most
    ASSERT_LE(sections.size(), 8u);
    double sum = 0;
    for (const Section& section : sections) {
        ASSERT_EQ(section.strokes.size(), 1u);
        EXPECT_LE(length_of(section.strokes[0]), 25e-3);
        sum += length_of(section.strokes[0]);
    }
    // From point to point between two pieces lies a millimetre that neither has; each end but the outermost
    // two is a millimetre further on.
    const double joints = static_cast<double>(sections.size()) - 1;
    EXPECT_NEAR(sum, 100e-3 + joints * (2 * 1e-3 - 1e-3), 1e-9);
}

TEST(Sections, EveryPointIsWorkedNearTheMiddleOfItsSectionAndSectionsFollowEachOther) {
    const std::vector<Stroke> strokes = field_of_strokes();
    const std::vector<Section> sections = cut_into_sections(strokes, 11e-3, 0);
    size_t points = 0, planned = 0;
    for (const Stroke& stroke : strokes) planned += stroke.points.size();
    for (const Section& section : sections) {
        EXPECT_NEAR(section.outward.z, 1, 1e-12);
        for (const Stroke& piece : section.strokes) {
            points += piece.points.size();
            for (const StrokePoint& point : piece.points)
                EXPECT_LT(glm::distance(point.position, section.middle), 11e-3 + 8e-3)
                    << "a piece too short goes along";
        }
    }
    EXPECT_EQ(points, planned);
    for (size_t i = 1; i + 1 < sections.size(); ++i) {
        const double next = glm::distance(sections[i].middle, sections[i - 1].middle);
        for (size_t later = i + 1; later < sections.size(); ++later)
            EXPECT_LE(next, glm::distance(sections[later].middle, sections[i - 1].middle));
    }
}

TEST(Sections, SmallSkinIsOneSectionWithItsStrokesAsPlanned) {
    const std::vector<Stroke> strokes = {straight(-6e-3, 6e-3, 0), straight(-6e-3, 6e-3, 4e-3)};
    const std::vector<Section> sections = cut_into_sections(strokes, 11e-3, 1e-3);
    ASSERT_EQ(sections.size(), 1u);
    ASSERT_EQ(sections[0].strokes.size(), 2u);
    EXPECT_EQ(sections[0].strokes[0].points.size(), strokes[0].points.size());
    EXPECT_TRUE(cut_into_sections({}, 11e-3, 1e-3).empty());
}

TEST(Sections, TheBestHoldKeepsASectionAsTautAsIsTaught) {
    const Stage stage = stage_on(flat_pad(), {"pad"});
    for (const Section& section : cut_into_sections(field_of_strokes(), 11e-3, 0)) {
        const skin::Hold hold = best_hold(*stage.face, stage.skin, section, 0.3);
        skin::Stretch stretch(*stage.face, stage.skin);
        stretch.hold(hold);
        for (int i = 0; i < 60; ++i) stretch.pass(1.0 / 60, {}, {});
        double taut = 0, all = 0;
        for (const Stroke& stroke : section.strokes) {
            for (const StrokePoint& point : stroke.points) {
                const double drawn = stretch.drawn(point.position, {0, 0, 1}).stretch;
                all += 1, taut += drawn >= 0.05 && drawn <= 0.15;
            }
        }
        EXPECT_GT(taut / all, 0.8);
        EXPECT_GT(stretch.drawn(section.middle, {0, 0, 1}).stretch, 0.05);
    }
}

TEST(Sections, AHandOfMoreSkillWorksInSmallerOnesAndDrawsMoreEvenly) {
    double section = 1, error = 1;
    for (int i = 0; i <= 10; ++i) {
        const Hand hand = make_hand(i / 10.0);
        EXPECT_LT(hand.section, section);
        EXPECT_LT(hand.hold_error, error);
        section = hand.section, error = hand.hold_error;
    }
}
