// Fingertips that a hand puts on the skin one by one.

#include "engine/base/random.h"
#include "engine/face/pad.h"
#include "engine/skin/simulation.h"
#include "tests/scenarios/pen_paths.h"
#include "tests/unit/skin_stage.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>

namespace {

using scenarios::Glide;
using skin::Fingertip;
using skin::Stretch;
using skin_test::closed_pen;
using skin_test::elastic_skin;
using skin_test::pad;
using skin_test::shipped_skin;

constexpr glm::dvec3 kUp{0, 0, 1};

/// A flat sheet with a tissue as the head's tables have it and tension lines along x.
const face::FaceAsset& sheet(double stiffness_kpa, double thickness_mm) {
    static std::map<std::pair<double, double>, face::FaceAsset> sheets;
    auto [at, is_new] = sheets.try_emplace({stiffness_kpa, thickness_mm});
    if (!is_new) return at->second;
    toml::table spec = toml::parse(fmt::format(R"(version = 1
id = "sheet"
kind = "pad"
size_mm = [120, 120]
thickness_mm = {}
stiffness_kpa = {}
poisson = 0.45)",
                                               thickness_mm, stiffness_kpa));
    base::Result<face::FaceAsset> made = face::make_pad(spec, "sheet.toml", 4000);
    EXPECT_TRUE(made) << made.error().message;
    at->second = std::move(*made);
    for (face::Tissue& tissue : at->second.tissue) {
        tissue.epidermis_um = 90;
        tissue.dermis_um = 980;
        tissue.tension_x = 127;
        tissue.anisotropy_e1 = 18;
    }
    face::snap_to_micrometres(at->second.mesh);
    mesh::compute_normals(at->second.mesh);
    face::finish(at->second);
    return at->second;
}
const face::FaceAsset& cheek() {
    return sheet(15, 16);
}
const face::FaceAsset& forehead() {
    return sheet(40, 4.5);
}

void pass(Stretch& stretch, int steps = 1) {
    skin::Gliding lifted{.tissue = pad().tissue_at({0, {1, 0, 0}})};
    for (int step = 0; step < steps; ++step) stretch.pass(skin::kStep, lifted, {});
}

/// Takes fingertips on at 20 mm/s, as a hand does, to `way` and `other`; without `other` there is one.
void take_on(Stretch& stretch, glm::dvec3 at, glm::dvec3 way,
             std::optional<std::pair<glm::dvec3, glm::dvec3>> other = {}) {
    int steps = std::max(1, int(glm::length(way) / 20e-3 * skin::kStepsPerSecond));
    for (int step = 0; step <= steps; ++step) {
        stretch.place(1, at, way * (double(step) / steps));
        if (other) stretch.place(2, other->first, other->second * (double(step) / steps));
        pass(stretch);
    }
}

/// Two fingertips, as far apart as a hold's, drawn apart by `way` each along `towards`.
void draw_apart(Stretch& stretch, glm::dvec3 towards, double way) {
    glm::dvec3 side = Stretch::kApart * towards;
    take_on(stretch, side, way * towards, std::pair{-side, -way * towards});
}

TEST(Fingers, OneDrawsTheSkinUnderItByItsWayAgainstTheSkinsOwnBond) {
    for (glm::dvec3 way :
         {glm::dvec3(1.2e-3, 0, 0), glm::dvec3(0, 1.2e-3, 0), glm::dvec3(-0.5e-3, 0.9e-3, 0)}) {
        Stretch stretch(cheek(), shipped_skin());
        stretch.place(1, {0, 0, 0}, way);
        pass(stretch);
        ASSERT_EQ(stretch.grips().size(), 1u);
        skin::Grip grip = stretch.grips()[0];
        // Also along and across the tension lines, where one force draws unlike.
        EXPECT_LT(glm::length(grip.mean_displacement(grip, grip.load) - way), 1e-3 * glm::length(way));
        EXPECT_GT(glm::dot(grip.load, way), 0);
        EXPECT_EQ(stretch.fingertips()[0].slid, 0);
    }
}

TEST(Fingers, OneStretchesTheSkinBehindAndSqueezesItAheadAlike) {
    Stretch stretch(cheek(), elastic_skin());
    stretch.place(2, {0, 0, 0}, {1e-3, 0, 0});
    pass(stretch);
    for (double x : {12e-3, 20e-3, 30e-3}) {
        skin::Drawn behind = stretch.drawn({-x, 0, 0}, kUp), ahead = stretch.drawn({x, 0, 0}, kUp);
        EXPECT_LT(glm::length(behind.shift - ahead.shift), 1e-12);
        EXPECT_LT(glm::length(behind.by_along + ahead.by_along), 1e-9);
        EXPECT_LT(glm::length(behind.by_across + ahead.by_across), 1e-9);
        EXPECT_GT(behind.by_along.x, 0);
        EXPECT_NEAR(behind.stretch, behind.by_along.x, 1e-9) << "greatest along the pull";
        EXPECT_EQ(ahead.stretch, 0) << "gathered skin is not taut, however it widens";
    }
}

TEST(Fingers, TwoThatDrawApartAreTheHoldOfOldWhereNothingSlips) {
    Stretch one_by_one(pad(), elastic_skin()), pair(pad(), elastic_skin());
    draw_apart(one_by_one, {1, 0, 0}, 1e-3);
    pair.hold({{0, 0, 0}, {1e-3, 0, 0}});
    pass(pair);
    for (glm::dvec3 at : {glm::dvec3(0), glm::dvec3(5e-3, 3e-3, 0), glm::dvec3(-22e-3, 9e-3, 0)})
        EXPECT_LT(glm::length(one_by_one.displacement(at) - pair.displacement(at)), 0.02 * 1e-3);
    EXPECT_NEAR(one_by_one.drawn({0, 0, 0}, kUp).stretch, pair.drawn({0, 0, 0}, kUp).stretch, 1e-3);
}

TEST(Fingers, ThatPushTogetherSqueezeAndThatGoTogetherMoveTheSkinBetweenThemAsOne) {
    const glm::dvec3 right{20e-3, 0, 0}, x{1e-3, 0, 0}, y{0, 1e-3, 0};
    auto between = [&](glm::dvec3 of_right, glm::dvec3 of_left) {
        Stretch stretch(cheek(), elastic_skin());
        stretch.place(1, right, of_right);
        stretch.place(2, -right, of_left);
        pass(stretch);
        return stretch.drawn({0, 0, 0}, kUp);
    };
    skin::Drawn apart = between(x, -x), together = between(-x, x), parallel = between(y, y),
                turned = between(y, -y);
    EXPECT_GT(apart.stretch, 5e-3);
    const glm::dvec3 to_right{1, 0, 0}, up{0, 1, 0};
    auto grows = [](const skin::Drawn& drawn, glm::dvec3 way) { return drawn.at(way) - drawn.shift; };
    EXPECT_LT(glm::length(grows(apart, to_right) + grows(together, to_right)), 1e-9);
    EXPECT_GT(grows(together, up).y, 0);
    EXPECT_EQ(together.stretch, 0) << "it widens only";
    EXPECT_LT(parallel.stretch, 1e-9);
    EXPECT_GT(parallel.shift.y, 0.3e-3);
    EXPECT_LT(glm::length(turned.shift), 1e-9);
    EXPECT_GT(std::fabs(grows(turned, to_right).y), 1e-3);
    EXPECT_LT(turned.stretch, 1e-9) << "sheared, it gathers as much as it stretches";
}

TEST(Fingers, OneForceStretchesMoreAcrossTensionLinesThanAlong) {
    auto per_force = [](glm::dvec3 towards) {
        Stretch stretch(cheek(), elastic_skin());
        take_on(stretch, 14e-3 * towards, 1e-3 * towards, std::pair{-14e-3 * towards, -1e-3 * towards});
        return stretch.drawn({0, 0, 0}, kUp).stretch / glm::length(stretch.grips()[0].load);
    };
    EXPECT_GT(per_force({0, 1, 0}), 1.2 * per_force({1, 0, 0}));
}

TEST(Fingers, MirrorImagesDrawMirrorImages) {
    const glm::dvec3 flip{-1, 1, 1};
    auto drawn = [&](glm::dvec3 side) {
        Stretch stretch(cheek(), shipped_skin());
        take_on(stretch, side * glm::dvec3(18e-3, 6e-3, 0), side * glm::dvec3(7e-3, 1e-3, 0),
                std::pair{side * glm::dvec3(-15e-3, -2e-3, 0), side * glm::dvec3(-2e-3, -3e-3, 0)});
        return stretch.displacement(side * glm::dvec3(3e-3, 2e-3, 0));
    };
    EXPECT_LT(glm::length(drawn({1, 1, 1}) - flip * drawn(flip)), 1e-6);
}

TEST(Fingers, DrawnApartByMillimetresStretchMobileSkinByFiveToFifteenPercentUntilTheySlip) {
    std::map<double, double> stretch_at;  // by the way of each finger, m
    for (double way : {2e-3, 3.5e-3, 5e-3, 8e-3, 10e-3, 15e-3}) {
        Stretch stretch(cheek(), shipped_skin());
        draw_apart(stretch, {0, 1, 0}, way);
        stretch_at[way] = stretch.drawn({0, 0, 0}, kUp).stretch;
        for (const Fingertip& tip : stretch.fingertips()) EXPECT_EQ(tip.slid > 0.1e-3, way > 5.5e-3) << way;
    }
    EXPECT_GT(stretch_at[2e-3], 0.05);
    EXPECT_NEAR(stretch_at[3.5e-3], 0.15, 0.02);
    EXPECT_GT(stretch_at[5e-3], 0.15) << "too much of it is possible too";
    // Beyond, they only slide away from each other.
    EXPECT_LT(stretch_at[10e-3], stretch_at[8e-3]);
    EXPECT_LT(stretch_at[15e-3], 0.15);
}

TEST(Fingers, OverBoneTheSkinGivesLittle) {
    Stretch soft(cheek(), shipped_skin()), bone(forehead(), shipped_skin());
    draw_apart(soft, {0, 1, 0}, 4e-3);
    draw_apart(bone, {0, 1, 0}, 4e-3);
    EXPECT_LT(bone.drawn({0, 0, 0}, kUp).stretch, 0.3 * soft.drawn({0, 0, 0}, kUp).stretch);
    EXPECT_GT(bone.fingertips()[0].slid, 1e-3);
}

TEST(Fingers, OneThatFrictionCannotHoldSlidesOverTheSkinWithTheHand) {
    Stretch stretch(cheek(), shipped_skin());
    const glm::dvec3 way{25e-3, 0, 0};
    take_on(stretch, {-15e-3, 0, 0}, way);
    Fingertip tip = stretch.fingertips().at(0);
    double most = shipped_skin().friction_finger * shipped_skin().finger_force;
    EXPECT_LE(glm::length(stretch.grips()[0].load), most * (1 + 1e-9));
    EXPECT_LT(glm::length(tip.place + tip.pull - glm::dvec3(10e-3, 0, 0)), 1e-6) << "where the hand is";
    EXPECT_NEAR(tip.slid + glm::length(tip.pull), glm::length(way), 1e-6);
    EXPECT_GT(tip.slid, 15e-3);
    // Back by a little it holds the skin where it came to.
    double load = glm::length(stretch.grips()[0].load);
    stretch.place(1, {-15e-3, 0, 0}, way - glm::dvec3(1e-3, 0, 0));
    pass(stretch);
    EXPECT_EQ(stretch.fingertips()[0].slid, tip.slid);
    EXPECT_LT(glm::length(stretch.grips()[0].load), load);
}

TEST(Fingers, LiftingOneLeavesTheOther) {
    Stretch stretch(cheek(), shipped_skin());
    draw_apart(stretch, {1, 0, 0}, 2e-3);
    glm::dvec3 place = stretch.fingertips()[1].place;
    stretch.lift(1);
    ASSERT_EQ(stretch.fingertips().size(), 1u);
    pass(stretch, 600);
    ASSERT_EQ(stretch.grips().size(), 1u) << "the skin has forgotten the other";
    EXPECT_EQ(stretch.fingertips()[0].finger, 2);
    EXPECT_EQ(stretch.fingertips()[0].place, place);
    stretch.lift(2);
    pass(stretch, 600);
    EXPECT_TRUE(stretch.empty());
}

TEST(Fingers, OnePutElsewhereLetsGoOfWhereItWas) {
    Stretch stretch(cheek(), shipped_skin());
    take_on(stretch, {0, 0, 0}, {2e-3, 0, 0});
    stretch.place(1, {0, 30e-3, 0}, {0, 0, 0});
    pass(stretch);
    ASSERT_EQ(stretch.fingertips().size(), 1u);
    EXPECT_NEAR(stretch.fingertips()[0].place.y, 30e-3, 1e-9);
    EXPECT_EQ(stretch.grips().size(), 2u) << "the skin returns where it was";
    pass(stretch, 600);
    EXPECT_LT(glm::length(stretch.displacement({0, 0, 0})), 0.1e-3);
    // Off the skin there is nothing to hold.
    stretch.place(1, {0.5, 0, 0}, {0, 0, 0});
    EXPECT_FALSE(stretch.held());
}

TEST(Fingers, WildHandsStaySoundAndLeaveNothingBehind) {
    base::Random random(7);
    for (const face::FaceAsset* face : {&pad("pad-cylinder"), &cheek()}) {
        Stretch stretch(*face, shipped_skin());
        glm::dvec3 at[2] = {};
        for (int step = 0; step < 3000; ++step) {
            int finger = 1 + int(random.below(2));
            glm::dvec3& place = at[finger - 1];
            double reach = random.below(10) == 0 ? 1.0 : 30e-3;
            glm::dvec3 way{random.uniform(-reach, reach), random.uniform(-reach, reach),
                           random.uniform(-reach, reach)};
            switch (random.below(12)) {
                case 0:
                    place = {random.uniform(-60e-3, 60e-3), random.uniform(-60e-3, 60e-3), 0};
                    break;
                case 1:
                    place = at[2 - finger];
                    break;  // on top of the other
                case 2:
                    stretch.lift(finger);
                    break;
                case 3:
                    stretch.hold({place, way});
                    break;
                default:
                    break;
            }
            if (random.below(3) != 0) stretch.place(finger, place, way);
            pass(stretch);
            double most = shipped_skin().friction_finger * shipped_skin().finger_force;
            for (const skin::Grip& grip : stretch.grips())
                ASSERT_LE(glm::length(grip.load), most * 1.001) << step;
            for (const Fingertip& tip : stretch.fingertips()) {
                ASSERT_TRUE(std::isfinite(tip.slid) && std::isfinite(tip.pull.x)) << step;
                ASSERT_LE(std::fabs(glm::dot(tip.pull, tip.normal)), 1e-9) << step;
            }
            ASSERT_LE(stretch.fingertips().size(), 2u);
            ASSERT_LT(glm::length(stretch.displacement({0, 0, 0})), 0.05) << step;
        }
        stretch.release();
        pass(stretch, 1200);
        EXPECT_TRUE(stretch.empty());
    }
}

/// Half a second with a pen that presses in the middle, after these events.
skin::Contact after(std::initializer_list<std::pair<const char*, const char*>> events) {
    skin::Simulation simulation(pad(), closed_pen(), elastic_skin());
    uint32_t time_us = 0;
    for (const auto& [name, value] : events) simulation.event({time_us += 50'000, name, value});
    simulation.advance(Glide{.start = {0, 0, 0}, .velocity = {0, 0, 0}}.samples(0.5));
    EXPECT_EQ((simulation.contacts().back().flags & shared::kContactTraction) != 0,
              !simulation.contact().fingers.empty());
    EXPECT_EQ(shared::contact_stretch_permille(simulation.contacts().back()),
              std::lround(1e3 * simulation.contact().drawn.stretch));
    return simulation.contact();
}

TEST(Fingers, EventsPutMoveAndLiftThemAndTheStretchUnderThePenIsRecorded) {
    skin::Contact one =
        after({{"finger_place", "1 0.02 0 0 0 0 0"}, {"finger_place", "1 0.02 0 0 0.001 0 0"}});
    ASSERT_EQ(one.fingers.size(), 1u);
    EXPECT_NEAR(one.fingers[0].pull.x, 1e-3, 1e-12);
    EXPECT_GT(one.drawn.stretch, 5e-3);
    skin::Contact both =
        after({{"finger_place", "1 0.02 0 0 0.001 0 0"}, {"finger_place", "2 -0.02 0 0 -0.001 0 0"}});
    EXPECT_EQ(both.fingers.size(), 2u);
    EXPECT_GT(both.drawn.stretch, 1.5 * one.drawn.stretch);
    EXPECT_EQ(after({{"finger_place", "1 0.02 0 0 0.001 0 0"}, {"finger_lift", "2"}}).fingers.size(), 1u);
    EXPECT_EQ(after({{"finger_place", "1 0.02 0 0 0.001 0 0"}, {"finger_lift", "1"}}).fingers.size(), 0u);
    EXPECT_EQ(after({{"finger_place", "1 0.02 0 0 0.001 0 0"}, {"traction_end", ""}}).fingers.size(), 0u);
    // A finger of a pair is taken on from where it is.
    skin::Contact pair =
        after({{"traction_begin", "0 0 0 0.001 0 0"}, {"finger_place", "1 0.022 0 0 0.002 0 0"}});
    ASSERT_EQ(pair.fingers.size(), 2u);
    EXPECT_NEAR(pair.fingers[0].pull.x, 2e-3, 1e-12);
    EXPECT_NEAR(pair.fingers[1].pull.x, -1e-3, 1e-12);
}

TEST(Fingers, AValueThatCannotBeReadHoldsNothing) {
    for (const char* value : {"", "1", "1 0 0 0 0 0", "3 0.02 0 0 0 0 0", "1.5 0.02 0 0 0 0 0",
                              "1 0.02 0 0 0 0 nan", "1 0.02 0 0 0 0 0 0", "one 0.02 0 0 0 0 0",
                              "1 0.02 0 0 0 0 1e9", "1,0.02,0,0,0,0,0", "-1 0 0 0 0 0 0"})
        EXPECT_TRUE(after({{"finger_place", "2 -0.02 0 0 0 0 0"}, {"finger_place", value}}).fingers.empty())
            << value;
    for (const char* value : {"", "0", "3", "both", "1 2", "1e0.5"})
        EXPECT_TRUE(after({{"finger_place", "2 -0.02 0 0 0 0 0"}, {"finger_lift", value}}).fingers.empty())
            << value;
    EXPECT_TRUE(
        after({{"finger_place", "1 0.02 0 0 0 0 0"}, {"traction_begin", "no place"}}).fingers.empty());
}

}  // namespace
