#include "engine/input/mouse_pen.h"
#include "engine/input/pen_file.h"

#include <glm/geometric.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using input::PenPose;
using input::PenSample;
using testing::HasSubstr;

constexpr const char* kHeader = "time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,motor\n";

auto parse(const std::string& rows) { return input::parse_pen_csv(kHeader + rows, "p.csv", 0.5, 110); }

TEST(PenSample, KeepsAPoseToANanometreAndAMicronewton) {
    PenPose pose{1.25, {0.0123456789, -0.02, 0.1}, {0, 0.6, -0.8}, 0.7654321, true, 0.75e-3, 110.5};
    PenSample sample = *input::quantise(pose);
    EXPECT_NEAR(sample.tip().x, pose.tip.x, 1e-9);
    EXPECT_NEAR(glm::length(sample.axis() - pose.axis), 0, 2e-9);
    EXPECT_NEAR(*sample.force(), *pose.force, 1e-6);
    EXPECT_EQ(sample.time_us, 1250000u);
    EXPECT_EQ(sample.depth_um, 750);
    EXPECT_EQ(sample.rate_dhz, 1105);
    pose.force.reset();
    EXPECT_FALSE(input::quantise(pose)->force().has_value());
}

TEST(PenSample, RefusesWhatNoHandDoes) {
    double nan = std::numeric_limits<double>::quiet_NaN();
    PenPose good{0, {0, 0, 0.1}, {0, 0, -1}, 0.5, true, 0.5e-3, 110};
    auto refused = [&](auto change) {
        PenPose pose = good;
        change(pose);
        return !input::quantise(pose);
    };
    EXPECT_TRUE(input::quantise(good));
    EXPECT_TRUE(refused([&](PenPose& p) { p.tip.x = nan; }));
    EXPECT_TRUE(refused([&](PenPose& p) { p.tip.y = 1.5; }));
    EXPECT_TRUE(refused([&](PenPose& p) { p.axis = {0, 0, 0}; }));
    EXPECT_TRUE(refused([&](PenPose& p) { p.force = -1; }));
    EXPECT_TRUE(refused([&](PenPose& p) { p.force = nan; }));
    EXPECT_TRUE(refused([&](PenPose& p) { p.time = -1; }));
    EXPECT_TRUE(refused([&](PenPose& p) { p.time = 5000; }));
    EXPECT_TRUE(refused([&](PenPose& p) { p.depth = nan; }));
}

TEST(PenFile, ReadsRowsInAnyColumnOrder) {
    auto samples = input::parse_pen_csv(
        "motor,force_n,axis_z,axis_y,axis_x,z_m,y_m,x_m,time_s,note\r\n1,0.5,-1,0,0,0.1,0.02,0.01,0,hello\r\n"
        "0,,-1,0,0,0.1,0.02,0.01,0.5,\r\n",
        "p.csv", 0.75, 100);
    ASSERT_TRUE(samples) << samples.error().message;
    EXPECT_EQ(samples->size(), 2u);
    EXPECT_EQ((*samples)[0].force_un, 500000);
    EXPECT_EQ((*samples)[1].force_un, -1);
    EXPECT_EQ((*samples)[1].motor, 0);
    EXPECT_EQ((*samples)[0].depth_um, 750);
    EXPECT_EQ((*samples)[0].tip_nm[1], 20000000);
}

TEST(PenFile, NamesTheLineOfEveryMistake) {
    EXPECT_THAT(parse("0,0,0,0,0,0,-1,0.5,1\n1,0,nan,0,0,0,-1,0.5,1\n").error().message, HasSubstr("p.csv:3: y_m"));
    EXPECT_THAT(parse("0,0,0,0,0,0,-1,0.5,1\n0,0,0,0,0,0,-1,0.5,1\n").error().message, HasSubstr("does not rise"));
    EXPECT_THAT(parse("0,0,0,3,0,0,-1,0.5,1\n").error().message, HasSubstr("more than 1 m"));
    EXPECT_THAT(parse("0,0,0,0,0,0,-2,0.5,1\n").error().message, HasSubstr("unit vector"));
    EXPECT_THAT(parse("0,0,0,0,0,0,-1,0.5\n").error().message, HasSubstr("8 fields"));
    EXPECT_THAT(parse("0,0,0,0,0,0,-1,-0.5,1\n").error().message, HasSubstr("force"));
    EXPECT_THAT(parse("0,0,0,0,0,0,-1,0.5,2\n").error().message, HasSubstr("motor"));
    EXPECT_THAT(parse("0,0,0,0,0,0,-1,0.5,1\n").error().message, HasSubstr("at least 2"));
    EXPECT_THAT(input::parse_pen_csv("time_s,x_m\n", "p.csv", 0.5, 110).error().message,
                HasSubstr("column 'y_m' is missing"));
    EXPECT_THAT(input::parse_pen_csv("", "p.csv", 0.5, 110).error().message, HasSubstr("empty"));
}

TEST(PenFile, SettingsChangeFromTheirEventOn) {
    auto samples = parse("0,0,0,0,0,0,-1,0.5,1\n1,0,0,0,0,0,-1,0.5,1\n2,0,0,0,0,0,-1,0.5,1\n");
    ASSERT_TRUE(samples);
    auto events = input::parse_events_csv("time_s,event,value\n1,depth_mm,0.75\n1.5,rate_hz,90\n1.6,wipe,chin\n", "e.csv");
    ASSERT_TRUE(events) << events.error().message;
    ASSERT_TRUE(input::apply_settings(*samples, *events));
    EXPECT_EQ((*samples)[0].depth_um, 500);
    EXPECT_EQ((*samples)[1].depth_um, 750);
    EXPECT_EQ((*samples)[1].rate_dhz, 1100);
    EXPECT_EQ((*samples)[2].rate_dhz, 900);
    EXPECT_FALSE(input::apply_settings(*samples, {{0, "depth_mm", "deep"}}));
    EXPECT_FALSE(input::parse_events_csv("time_s,event,value\n2,a,1\n1,b,1\n", "e.csv"));
}

TEST(MousePen, ForceRisesLikeAHandAndFallsWhenReleased) {
    input::MousePen pen;
    input::MouseState mouse;
    mouse.over_skin = true;
    mouse.place = {0, 0, 0.1};
    double last = 0;
    mouse.pressed = true;
    for (int i = 1; i <= 120; ++i) {
        PenPose pose = pen.update(i / 120.0, mouse, 0.5e-3, 110);
        EXPECT_GE(*pose.force, last);
        last = *pose.force;
    }
    EXPECT_NEAR(last, 0.7, 1e-3);
    mouse.wheel = 2;
    pen.update(121 / 120.0, mouse, 0.5e-3, 110);
    EXPECT_NEAR(pen.target_force, 0.8, 1e-12);
    mouse.wheel = 0;
    mouse.pressed = false;
    for (int i = 122; i <= 240; ++i) last = *pen.update(i / 120.0, mouse, 0.5e-3, 110).force;
    EXPECT_EQ(last, 0.0);
}

TEST(MousePen, LetGoTheTipLiftsWhereItIsBeforeItMovesOn) {
    input::MousePen pen;
    input::MouseState mouse;
    mouse.over_skin = mouse.pressed = true;
    mouse.place = {0, 0, 0.1};
    for (int i = 1; i <= 120; ++i) pen.update(i / 120.0, mouse, 0.5e-3, 110);
    mouse.pressed = false;
    bool moved = false;
    for (int i = 121; i <= 140; ++i) {
        mouse.place.x = 0.005 * (i - 120);  // 60 cm/s
        PenPose pose = pen.update(i / 120.0, mouse, 0.5e-3, 110);
        if (*pose.force > 0) {
            EXPECT_EQ(pose.tip.x, 0.0) << i;
        }
        moved |= pose.tip.x > 0.05;
    }
    EXPECT_TRUE(moved);
}

TEST(MousePen, TiltLeansTheAxisByTheWishedAngle) {
    input::MousePen pen;
    input::MouseState mouse;
    mouse.over_skin = true;
    mouse.tilt = {0.2, 0};
    PenPose pose = pen.update(0.01, mouse, 0.5e-3, 110);
    EXPECT_NEAR(std::acos(glm::dot(pose.axis, glm::dvec3(0, 0, -1))), 0.2, 1e-12);
}

/// Normals of skin that a view along -z sees, to right beside the outline.
std::vector<glm::dvec3> seen_normals() {
    std::vector<glm::dvec3> normals;
    for (const double slant : {0.0, 0.3, 0.8, 1.3, 1.55})
        for (int way = 0; way < 8; ++way)
            normals.push_back({std::sin(slant) * std::cos(way * 0.8), std::sin(slant) * std::sin(way * 0.8), std::cos(slant)});
    return normals;
}

TEST(MousePen, ToldTiltIsTheAngleToTheSkinAtWhateverSlantThatIsSeen) {
    for (const glm::dvec3& normal : seen_normals())
        for (const glm::dvec2 told : {glm::dvec2(0.35, 0), {0, -0.35}, {-0.2, 0.5}}) {
            input::MousePen pen;
            input::MouseState mouse;
            mouse.over_skin = true;
            mouse.normal = normal;
            mouse.tilt = told;
            const PenPose pose = pen.update(0.01, mouse, 0.5e-3, 110);
            const double whole = std::atan(std::hypot(std::tan(told.x), std::tan(told.y)));
            EXPECT_NEAR(std::acos(glm::dot(pose.axis, -normal)), whole, 1e-9) << normal.x << " " << normal.y << " " << normal.z;
        }
}

TEST(MousePen, DirectionsOnTheSkinAreTheNearestToThoseSeen) {
    const glm::dvec3 right(1, 0, 0), up(0, 1, 0);
    for (const glm::dvec3& normal : seen_normals()) {
        const input::TangentPlane plane = input::tangent_plane(normal, right, up);
        EXPECT_NEAR(glm::dot(plane.right, normal), 0, 1e-12);
        EXPECT_NEAR(glm::dot(plane.up, normal), 0, 1e-12);
        EXPECT_NEAR(glm::dot(plane.right, plane.up), 0, 1e-12);
        EXPECT_NEAR(glm::length(plane.right), 1, 1e-12);
        EXPECT_NEAR(glm::length(plane.up), 1, 1e-12);
        // Turned a little further within the skin's plane either way, the pair is farther from what is seen.
        const auto nearness = [&](double turn) {
            const double c = std::cos(turn), s = std::sin(turn);
            return glm::dot(c * plane.right + s * plane.up, right) + glm::dot(c * plane.up - s * plane.right, up);
        };
        EXPECT_GT(nearness(0), nearness(0.05));
        EXPECT_GT(nearness(0), nearness(-0.05));
    }
}

TEST(MousePen, SkinThatSlopesAwaySidewaysKeepsUpAndTurnsRightWithIt) {
    const input::TangentPlane plane = input::tangent_plane({std::sin(0.7), 0, std::cos(0.7)}, {1, 0, 0}, {0, 1, 0});
    EXPECT_NEAR(glm::distance(plane.up, glm::dvec3(0, 1, 0)), 0, 1e-12);
    EXPECT_NEAR(glm::distance(plane.right, glm::dvec3(std::cos(0.7), 0, -std::sin(0.7))), 0, 1e-12);
}

TEST(MousePen, APenLeftOnSkinThatTurnsItsBackStillHasDirections) {
    for (const glm::dvec3 normal : {glm::dvec3(0, 0, -1), glm::normalize(glm::dvec3(1e-3, 2e-3, -1))}) {
        const input::TangentPlane plane = input::tangent_plane(normal, {1, 0, 0}, {0, 1, 0});
        EXPECT_NEAR(glm::length(plane.right), 1, 1e-9);
        EXPECT_NEAR(glm::length(plane.up), 1, 1e-9);
        EXPECT_NEAR(glm::dot(plane.right, plane.up), 0, 1e-9);
        EXPECT_NEAR(glm::dot(plane.right, normal), 0, 5e-3);
    }
}

}  // namespace
