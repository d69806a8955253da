#include "engine/input/calibration.h"

#include <glm/geometric.hpp>
#include <glm/gtc/quaternion.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using input::calibrate;
using Points = std::array<glm::dvec3, 3>;

const Points kKnown = {glm::dvec3(0, 0.02, 0.11), glm::dvec3(0.07, 0.0, 0.01), glm::dvec3(-0.07, -0.01, 0.0)};

/// What a tracker sees whose space is turned and shifted.
Points seen(glm::dquat turn, glm::dvec3 shift) {
    Points points;
    for (size_t i = 0; i < 3; ++i) points[i] = glm::inverse(turn) * (kKnown[i] - shift);
    return points;
}

TEST(InputCalibration, points_that_need_no_motion_get_none) {
    const auto found = calibrate(kKnown, kKnown);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->residual, 0, 1e-15);
    EXPECT_NEAR(glm::length(found->head_from_tracker.translation), 0, 1e-15);
    EXPECT_NEAR(found->head_from_tracker.rotation[0][0], 1, 1e-15);
}

TEST(InputCalibration, any_rigid_motion_is_found_again) {
    for (const double angle : {0.0, 0.4, 1.5707963267948966, 3.0, 3.14159265358979, -2.2}) {
        for (const glm::dvec3 axis : {glm::dvec3(1, 0, 0), glm::dvec3(0, 1, 0), glm::dvec3(0.6, -0.48, 0.64)}) {
            const glm::dquat turn = glm::angleAxis(angle, axis);
            const glm::dvec3 shift(0.3, -1.2, 0.8);
            const auto found = calibrate(seen(turn, shift), kKnown);
            ASSERT_TRUE(found);
            EXPECT_NEAR(found->residual, 0, 1e-12);
            const glm::dvec3 elsewhere(0.05, 0.2, -0.4);
            EXPECT_NEAR(glm::distance(found->head_from_tracker.point(glm::inverse(turn) * (elsewhere - shift)), elsewhere), 0, 1e-12);
            EXPECT_NEAR(glm::distance(found->head_from_tracker.direction(glm::inverse(turn) * axis), axis), 0, 1e-12);
        }
    }
}

TEST(InputCalibration, a_triangle_touched_too_large_leaves_its_error_evenly) {
    const glm::dvec3 middle = (kKnown[0] + kKnown[1] + kKnown[2]) / 3.0;
    Points touched = kKnown;
    double squares = 0;
    for (size_t i = 0; i < 3; ++i) {
        touched[i] = middle + 1.05 * (kKnown[i] - middle);
        squares += 0.05 * 0.05 * glm::dot(kKnown[i] - middle, kKnown[i] - middle);
    }
    const auto found = calibrate(touched, kKnown);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->residual, std::sqrt(squares / 3), 1e-12);
}

TEST(InputCalibration, no_small_turn_or_shift_lies_better) {
    Points touched = seen(glm::angleAxis(0.7, glm::dvec3(0.6, 0.8, 0)), {0.1, 0.2, 0.3});
    touched[0] += glm::dvec3(2e-3, -1e-3, 3e-3);
    touched[2] += glm::dvec3(-1e-3, 4e-3, 0);
    const auto found = calibrate(touched, kKnown);
    ASSERT_TRUE(found);
    const auto error = [&](const input::RigidTransform& motion) {
        double squares = 0;
        for (size_t i = 0; i < 3; ++i) squares += glm::dot(motion.point(touched[i]) - kKnown[i], motion.point(touched[i]) - kKnown[i]);
        return squares;
    };
    const double best = error(found->head_from_tracker);
    EXPECT_NEAR(found->residual, std::sqrt(best / 3), 1e-12);
    const glm::dvec3 middle = (kKnown[0] + kKnown[1] + kKnown[2]) / 3.0;
    for (int axis = 0; axis < 3; ++axis) {
        for (const double step : {-1e-3, 1e-3}) {
            glm::dvec3 way(0);
            way[axis] = 1;
            input::RigidTransform turned = found->head_from_tracker, shifted = turned;
            const glm::dmat3 turn = glm::mat3_cast(glm::angleAxis(step, way));
            turned.rotation = turn * turned.rotation;
            turned.translation = turn * (turned.translation - middle) + middle;
            shifted.translation += step * way;
            EXPECT_GT(error(turned), best) << axis;
            EXPECT_GT(error(shifted), best) << axis;
        }
    }
}

TEST(InputCalibration, points_on_a_line_on_one_another_or_far_from_their_places_are_refused) {
    const Points line = {glm::dvec3(0), glm::dvec3(0.05, 0, 0), glm::dvec3(0.1, 0.004, 0)};
    for (const Points& bad : {line, Points{kKnown[0], kKnown[0], kKnown[1]}, Points{}}) {
        EXPECT_FALSE(calibrate(bad, kKnown));
        ASSERT_FALSE(calibrate(kKnown, bad));
        EXPECT_THAT(calibrate(kKnown, bad).error().message, testing::HasSubstr("one line"));
    }
    Points elsewhere = kKnown;
    elsewhere[0] += glm::dvec3(0, 0.08, 0);  // the forehead for the nose
    ASSERT_FALSE(calibrate(elsewhere, kKnown));
    EXPECT_THAT(calibrate(elsewhere, kKnown).error().message, testing::HasSubstr("in the order shown"));
    Points wrong = kKnown;
    wrong[1].x = std::numeric_limits<double>::quiet_NaN();
    EXPECT_FALSE(calibrate(wrong, kKnown));
}

}  // namespace
