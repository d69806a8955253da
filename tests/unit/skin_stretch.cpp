#include "engine/skin/stretch.h"

#include "engine/skin/simulation.h"
#include "tests/scenarios/pen_paths.h"
#include "tests/unit/skin_stage.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>

namespace {

using scenarios::Glide;
using skin::Gliding;
using skin::Stretch;
using skin_test::closed_pen;
using skin_test::elastic_skin;
using skin_test::pad;
using skin_test::shipped_skin;

Gliding lifted() {
    return {.tissue = pad().tissue_at({0, {1, 0, 0}})};
}

TEST(Stretch, FingersHoldTheSkinWhereTheyDrewIt) {
    Stretch stretch(pad(), shipped_skin());
    stretch.hold({{0, 0, 0}, {1.5e-3, 0, 0}});
    stretch.pass(1.0 / 120, lifted(), {});
    std::vector<skin::Grip> grips = stretch.grips();
    ASSERT_EQ(grips.size(), 2u);
    for (const skin::Grip& grip : grips) {
        double side = grip.place.x > 0 ? 1 : -1;
        EXPECT_NEAR(grip.place.x, side * Stretch::kApart, 1e-9);
        glm::dvec3 moved{0};
        for (const skin::Grip& other : grips) moved += other.mean_displacement(grip, other.load);
        EXPECT_NEAR(moved.x, side * 1.5e-3, 0.05 * 1.5e-3);
        EXPECT_NEAR(moved.y, 0, 1e-9);
    }
    // Between them it is stretched, by as much as the sheet's own field says; in the middle it stays.
    skin::Drawn middle = stretch.drawn({0, 0, 0}, {0, 0, 1});
    EXPECT_LT(glm::length(middle.shift), 1e-9);
    EXPECT_GT(middle.stretch, 0.01);
    double h = 1e-3;
    EXPECT_NEAR(middle.stretch,
                (stretch.displacement({h, 0, 0}).x - stretch.displacement({-h, 0, 0}).x) / (2 * h), 1e-9);
    EXPECT_LT(stretch.drawn({60e-3, 0, 0}, {0, 0, 1}).stretch, 0.2 * middle.stretch);
}

TEST(Stretch, HoldingLongChangesNothingAndLettingGoReturnsTheSkin) {
    Stretch stretch(pad(), shipped_skin());
    stretch.hold({{0, 0, 0}, {1.5e-3, 0, 0}});
    stretch.pass(1.0 / 120, lifted(), {});
    double first = stretch.drawn({0, 0, 0}, {0, 0, 1}).stretch;
    double force = glm::length(stretch.grips()[0].load);
    for (int step = 0; step < 600; ++step) stretch.pass(1.0 / 120, lifted(), {});
    EXPECT_NEAR(stretch.drawn({0, 0, 0}, {0, 0, 1}).stretch, first, 1e-6);
    EXPECT_NEAR(glm::length(stretch.grips()[0].load), force, 1e-6 * force);
    stretch.release();
    EXPECT_FALSE(stretch.held());
    double before = first;
    for (int step = 0; step < 600; ++step) {
        stretch.pass(1.0 / 120, lifted(), {});
        double now = stretch.drawn({0, 0, 0}, {0, 0, 1}).stretch;
        EXPECT_LE(now, before);
        if (step == 1) {
            EXPECT_LT(now, 0.4 * first);  // at once …
            EXPECT_GT(now, 0.1 * first);  // … but for what is late
        }
        before = now;
    }
    EXPECT_TRUE(stretch.empty());
}

TEST(Stretch, FingersSlipWhereFrictionCannotHoldThem) {
    Stretch stretch(pad(), shipped_skin());
    stretch.hold({{0, 0, 0}, {60e-3, 0, 0}});
    for (int step = 0; step < 240; ++step) stretch.pass(1.0 / 120, lifted(), {});
    double most = shipped_skin().friction_finger * shipped_skin().finger_force;
    for (const skin::Grip& grip : stretch.grips()) EXPECT_LE(glm::length(grip.load), most * (1 + 1e-9));
}

TEST(Stretch, AGlidingTipDragsTheSkinUntilFrictionGivesWay) {
    Stretch stretch(pad(), elastic_skin());
    Gliding tip = lifted();
    tip.force = 0.7;
    tip.friction = 0.3;
    double went = 0, slid = 0;
    for (int step = 0; step < 60; ++step) {
        stretch.pass(1.0 / 120, tip, {0.1e-3, 0, 0});
        went += 0.1e-3;
        slid += stretch.slid().x;
        tip.place.x += 0.1e-3;
        const skin::Grip drag = stretch.grips().back();
        EXPECT_LE(glm::length(drag.load), 0.3 * 0.7 * (1 + 1e-12));
        // The skin goes along with what the tip does not slide.
        EXPECT_NEAR(drag.mean_displacement(drag, drag.load).x, went - slid, 2e-6 + 1e-3 * (went - slid));
    }
    EXPECT_NEAR(glm::length(stretch.grips().back().load), 0.21, 1e-9);
    EXPECT_GT(slid, 0.5 * went);
    // Back by half the way it stuck before: the skin is let go, not pushed.
    stretch.pass(1.0 / 120, tip, {-0.05e-3, 0, 0});
    EXPECT_LT(glm::length(stretch.grips().back().load), 0.21);
    EXPECT_NEAR(stretch.slid().x, 0, 1e-12);
}

TEST(Stretch, AMediumEasesTheGlideUntilItDries) {
    const skin::SkinModel& model = shipped_skin();
    EXPECT_NEAR(model.friction(0), model.friction_medium, 1e-12);
    EXPECT_EQ(model.friction(model.medium_lasts), model.friction_dry);
    EXPECT_EQ(model.friction(1e9), model.friction_dry);
    auto drag_of = [&](bool wet) {
        skin::Simulation simulation(pad(), closed_pen(), model);
        if (wet) simulation.event({0, "glide_medium", pad().zones[1].id});
        simulation.advance(Glide{}.samples(1.0));
        EXPECT_EQ((simulation.contacts().back().flags & shared::kContactMedium) != 0, wet);
        return glm::length(simulation.contact().drawn.shift);
    };
    double dry = drag_of(false), wet = drag_of(true);
    EXPECT_NEAR(dry / wet, model.friction_dry / model.friction_medium, 0.05 * dry / wet);
}

TEST(Simulation, NeedlesEnterTheSkinThatWasDrawnUnderThem) {
    // A tip at rest on skin that fingers have shifted: the marks lie where that skin rests.
    skin::Simulation simulation(pad(), closed_pen(), elastic_skin());
    simulation.event({0, "traction_begin", "0.010 0 0 0.003 0 0"});
    simulation.advance(Glide{.start = {0, 0, 0}, .velocity = {0, 0, 0}}.samples(0.5));
    const skin::Contact& contact = simulation.contact();
    EXPECT_LT(contact.drawn.shift.x, -0.3e-3);  // towards the nearer finger, at −12 mm
    ASSERT_FALSE(simulation.punctures().empty());
    for (const shared::Puncture& p : simulation.punctures()) {
        glm::dvec2 pin = closed_pen().pins[shared::puncture_needle(p)];
        glm::dvec3 moved = skin::puncture_position(pad(), p) + contact.drawn.at(glm::dvec3(pin, 0));
        EXPECT_NEAR(moved.x, pin.x, 1e-6);
        EXPECT_NEAR(moved.y, pin.y, 1e-6);
    }
    EXPECT_NEAR(mesh::position_at(pad().mesh, contact.anchor).x, -contact.drawn.shift.x, 1e-9);
    EXPECT_EQ(contact.cell, pad().cells.find(-contact.drawn.shift, {0, 0, 1}));
}

TEST(Simulation, ATipThatDragsTheSkinAlongLeavesItsMarksBehindIt) {
    // Dry skin sticks to the tip and then trails before it: a mark lies that much behind the pin.
    skin::SkinModel sticky = elastic_skin();
    sticky.friction_dry = 0.45;
    skin::Simulation simulation(pad(), closed_pen(), sticky);
    simulation.advance(Glide{}.samples(1.0));
    double shift = simulation.contact().drawn.shift.x;
    EXPECT_GT(shift, 0.3e-3);
    const shared::Puncture& last = simulation.punctures().back();
    glm::dvec2 pin = closed_pen().pins[shared::puncture_needle(last)];
    double tip = -20e-3 + 20e-3 * 110 / 110;
    EXPECT_NEAR(skin::puncture_position(pad(), last).x, tip + pin.x - shift, 1e-5);
}

TEST(Simulation, TheStretchUnderTheTipIsRecorded) {
    skin::Simulation simulation(pad(), closed_pen(), elastic_skin());
    simulation.event({0, "traction_begin", "0 0 0 0.001 0 0"});
    simulation.advance(Glide{.start = {0, 0, 0}, .velocity = {0, 0, 0}}.samples(0.5));
    EXPECT_GT(simulation.contact().drawn.stretch, 5e-3);
    EXPECT_EQ(shared::contact_stretch_permille(simulation.contacts().back()),
              std::lround(1e3 * simulation.contact().drawn.stretch));
    EXPECT_TRUE(simulation.contacts().back().flags & shared::kContactTraction);
}

TEST(Simulation, TautSkinLetsPinsInDeeper) {
    auto depth_of = [&](const char* pull) {
        skin::Simulation simulation(pad(), closed_pen(), elastic_skin());
        if (pull) simulation.event({0, "traction_begin", pull});
        simulation.advance(Glide{.start = {0, 0, 0}, .velocity = {0, 0, 0}}.samples(0.5));
        return shared::puncture_depth_um(simulation.punctures().back());
    };
    uint32_t loose = depth_of(nullptr), little = depth_of("0 0 0 0.0005 0 0"), more = depth_of("0 0 0 0.001 0 0"),
             ideal = depth_of("");
    EXPECT_LT(loose, little);
    EXPECT_LT(little, more);
    EXPECT_LE(more, ideal);
    EXPECT_EQ(depth_of("no place"), loose);
}

TEST(Simulation, APinThatIsDraggedByMoreThanHalfItsWidthScratches) {
    // 0.25 mm pins: half is 125 um; at 110 Hz and half of each stroke in the skin that is 27.5 mm/s.
    for (double speed : {20e-3, 27e-3, 28e-3, 50e-3}) {
        skin::Simulation simulation(pad(), closed_pen(), elastic_skin());
        simulation.advance(Glide{.velocity = {speed, 0, 0}}.samples(0.5));
        bool scratches = shared::puncture_flags(simulation.punctures().back()) & shared::kFlagScratch;
        EXPECT_EQ(scratches, speed * 0.5 / 110 > 0.125e-3) << speed;
    }
}

}  // namespace
