// The expert's stroke that goes ahead of the trainee's: it moves at the expert's pace, waits for the hand, and is drawn as far as
// the lesson's aids still ask for it.

#include "training/app/ghost.h"

#include "tests/scenarios/drawing.h"
#include "tests/unit/training_lessons.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

namespace {

using app::Ghost;

/// Rows of 60 mm along X at 2 cm/s, 10 mm apart, to be needled from +z.
std::vector<training::Stroke> rows(int count) {
    std::vector<training::Stroke> all;
    for (int row = 0; row < count; ++row) {
        training::Stroke stroke;
        for (int i = 0; i <= 60; ++i) stroke.points.push_back({{-0.03 + 0.001 * i, 0.01 * row, 0}, {0, 0, -1}, 0.02});
        all.push_back(std::move(stroke));
    }
    return all;
}

double along(const Ghost& ghost) { return ghost.at().position.x + 0.03; }

TEST(Ghost, GoesAlongItsRowAtTheExpertsPaceAndShowsItAgain) {
    Ghost ghost(rows(2));
    double before = along(ghost);
    EXPECT_EQ(before, 0);
    for (int step = 1; step <= 20; ++step) {
        ghost.advance(0.1, std::nullopt);
        EXPECT_NEAR(along(ghost), 0.002 * step, 0.0011) << step;
        EXPECT_GT(along(ghost), before);
        before = along(ghost);
    }
    for (int step = 0; step < 15; ++step) ghost.advance(0.1, std::nullopt);
    EXPECT_NEAR(along(ghost), 0.06, 1e-9) << "it rests at the end";
    for (int step = 0; step < 10; ++step) ghost.advance(0.1, std::nullopt);
    EXPECT_LT(along(ghost), 0.02) << "and begins again";
    EXPECT_EQ(ghost.at().position.y, 0) << "the same row, which nobody has worked";
}

TEST(Ghost, StaysALittleAheadOfThePenAndGoesOnToTheNextRowAsOneIsDone) {
    Ghost ghost(rows(2));
    for (double pen = 0; pen <= 0.058; pen += 0.0005) {
        for (int step = 0; step < 30; ++step) ghost.advance(0.1, glm::dvec3(pen - 0.03, 0.001, 0));
        EXPECT_GE(along(ghost), pen);
        EXPECT_LE(along(ghost), pen + 0.0195) << "it waits for the hand";
    }
    ghost.advance(0.1, std::nullopt);
    EXPECT_NEAR(ghost.at().position.y, 0.01, 1e-9);
    EXPECT_EQ(along(ghost), 0);
}

class GhostOnPicture : public testing::Test {
  protected:
    GhostOnPicture() : drawing_(1280, 720) {}

    /// Corners that are drawn.
    std::vector<ImVec2> drawn(const Ghost& ghost, bool rows_shown, bool pen_shown) {
        drawing_.clear();
        render::Camera camera;
        camera.target = {0, 0, 0};
        camera.distance = 0.5;
        ghost.draw(drawing_.list(), app::Style(), camera, {1280, 720}, rows_shown, pen_shown);
        std::vector<ImVec2> corners;
        for (const ImDrawVert& one : drawing_.list().VtxBuffer) corners.push_back(one.pos);
        return corners;
    }

    scenario::Drawing drawing_;
};

TEST_F(GhostOnPicture, MovesAcrossIt) {
    Ghost ghost(rows(2));
    const auto middle = [&] {
        double sum = 0;
        const std::vector<ImVec2> corners = drawn(ghost, false, true);
        for (const ImVec2 corner : corners) sum += corner.x;
        EXPECT_FALSE(corners.empty());
        return sum / static_cast<double>(corners.size());
    };
    const double before = middle();
    for (int step = 0; step < 15; ++step) ghost.advance(0.1, std::nullopt);
    EXPECT_GT(middle(), before + 20) << "px, of 3 cm";
}

TEST_F(GhostOnPicture, IsDrawnWithTheLessonsAidsAndGoneWithTheLastOfThem) {
    Ghost ghost(rows(5));
    int with_ghost = 0;
    for (const training::Lesson& lesson : training_test::lessons()) {
        const auto gives = [&](size_t step, const char* aid) { return std::ranges::find(lesson.fade[step], aid) != lesson.fade[step].end(); };
        if (!gives(0, "ghost")) continue;
        ++with_ghost;
        size_t most = SIZE_MAX;
        for (size_t step = 0; step < lesson.fade.size(); ++step) {
            const size_t now = drawn(ghost, gives(step, "guide"), gives(step, "ghost")).size();
            EXPECT_LE(now, most) << lesson.id;
            EXPECT_EQ(now > 0, gives(step, "guide") || gives(step, "ghost")) << lesson.id;
            most = now;
        }
        EXPECT_EQ(most, 0u) << lesson.id << ": whoever has met its target twice is led no more";
    }
    EXPECT_GE(with_ghost, 5);
}

TEST_F(GhostOnPicture, OfALessonsOwnGuideLiesOnItsZones) {
    const training::Lesson& lesson = training_test::lesson("one-row");
    base::Result<training::Case> practice = training::lesson_case(training_test::places(), lesson);
    ASSERT_TRUE(practice);
    const auto stage = training::load_stage(training_test::places(), std::move(*practice));
    ASSERT_TRUE(stage);
    const std::vector<training::Stroke> guide = app::guide_of(lesson, **stage);
    ASSERT_EQ(guide.size(), static_cast<size_t>(lesson.guide_rows));
    EXPECT_FALSE(Ghost(guide).empty());
    EXPECT_FALSE(drawn(Ghost(guide), true, true).empty());
}

}  // namespace
