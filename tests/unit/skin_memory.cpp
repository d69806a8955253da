#include "engine/skin/memory.h"

#include "engine/skin/contact.h"
#include "engine/skin/simulation.h"
#include "tests/scenarios/layer_theory.h"
#include "tests/scenarios/pen_paths.h"
#include "tests/unit/skin_stage.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using scenarios::Glide;
using skin_test::creeping_skin;
using skin_test::closed_pen;
using skin_test::elastic_skin;
using skin_test::pad;
using skin_test::shipped_skin;

/// N per m of a flat disc of 5 mm on the pad: Hayes and others.
double pad_stiffness() {
    return 2 * 20e3 * 5e-3 * scenarios::flat_disc_kappa(5 / 12.5, 0.45) / (1 - 0.45 * 0.45);
}

/// What of the answer to a load that began `seconds` ago has come.
double crept(double seconds) {
    double share = creeping_skin().instant_share();
    for (const skin::Relaxation& part : creeping_skin().relaxation)
        share += part.share * (1 - std::exp(-seconds / part.time));
    return share;
}

std::vector<input::PenSample> rest_then_lift(double rest, double total) {
    return scenarios::sample_pen(total, 120, [&](double t) {
        input::PenPose pose{0, {0, 0, 0}, {0, 0, -1}, 0.4, true, 0.5e-3, 110};
        if (t > rest) pose.force = 0.0;
        return pose;
    });
}

TEST(Memory, ASteadyLoadCreepsByThePronySeriesToTheSoftAnswer) {
    skin::Simulation simulation(pad(), closed_pen(), creeping_skin());
    std::vector<input::PenSample> samples = rest_then_lift(10, 3);
    double end = 0.4 / pad_stiffness();
    for (size_t i = 0; i < samples.size(); ++i) {
        simulation.advance({&samples[i], 1});
        EXPECT_NEAR(simulation.contact().dent, end * crept(samples[i].time()), 0.02 * end) << samples[i].time();
        EXPECT_NEAR(simulation.contact().force, 0.4, 1e-12);
    }
    EXPECT_NEAR(simulation.contact().dent, end, 0.02 * end);
}

TEST(Memory, TheDentStaysBehindALiftedTipAndFades) {
    skin::Simulation simulation(pad(), closed_pen(), creeping_skin());
    std::vector<input::PenSample> samples = rest_then_lift(3, 6);
    double full = 0.4 / pad_stiffness(), before = 1;
    for (const input::PenSample& sample : samples) {
        simulation.advance({&sample, 1});
        double since = sample.time() - 3;
        if (since <= 1e-9) continue;
        double left = 0;  // the load falls to none within one step
        for (const skin::Relaxation& part : creeping_skin().relaxation)
            left += part.share * std::exp(-(since - 0.5 / 120) / part.time);
        double dent = simulation.dent_at({0, 0, 0});
        EXPECT_FALSE(simulation.contact().touching);
        EXPECT_NEAR(dent, left * full, 0.03 * full) << since;
        EXPECT_LE(dent, before);
        before = dent;
    }
    EXPECT_EQ(before, 0.0);
}

TEST(Memory, AnElasticSkinHasNone) {
    skin::Simulation simulation(pad(), closed_pen(), elastic_skin());
    simulation.advance(rest_then_lift(1, 2));
    EXPECT_EQ(simulation.dent_at({0, 0, 0}), 0.0);
    EXPECT_TRUE(simulation.contact().past.empty());
}

TEST(Memory, HalfTheStepChangesTheDentByLessThanOnePercent) {
    std::vector<skin::TipPoint> points = skin::tip_points(5e-3, 0);
    std::vector<glm::dvec2> places;
    std::vector<size_t> all;
    for (const skin::TipPoint& point : points) {
        all.push_back(all.size());
        places.push_back(point.place);
    }
    // A load that swings as a hand's does, on a tip that glides at 2 cm/s.
    auto past_of = [&](int per_second) {
        skin::Memory memory(creeping_skin(), places);
        for (int step = 0; step <= per_second; ++step) {
            double time = double(step) / per_second;
            memory.pass(step == 0 ? 0.0 : 1.0 / per_second);
            std::vector<skin::PressurePoint> bearing;
            for (const skin::TipPoint& point : points)
                bearing.push_back({{point.place.x + 20e-3 * time, point.place.y, 0},
                                   (0.7 + 0.3 * std::sin(20 * time)) / double(points.size()), point.area});
            memory.bear(bearing, all);
        }
        memory.pass(1.0 / 120);
        skin::LayerField field(creeping_skin().kernel, 12.5e-3, 0.45);
        double sunk = 0;
        for (const skin::PressurePoint& disc : memory.discs()) {
            double dx = disc.position.x - 18e-3;
            sunk += disc.force * field.unit_displacement(dx * dx + disc.position.y * disc.position.y,
                                                         std::sqrt(disc.area));
        }
        return sunk * field.compliance(20e3);
    };
    double whole = past_of(120);
    EXPECT_GT(whole, 1e-4);
    EXPECT_NEAR(past_of(240), whole, 0.01 * whole);
    EXPECT_NEAR(past_of(480), whole, 0.01 * whole);
}

TEST(Memory, DentAndForceAreSmoothAsTheTipSlides) {
    for (bool driven_by_force : {true, false}) {
        skin::Simulation simulation(pad(), closed_pen(), shipped_skin());
        Glide glide{.start = {-20e-3, 0, driven_by_force ? 0 : -1.5e-3}, .velocity = {12e-3, 5e-3, 0}};
        if (!driven_by_force) glide.force = std::nullopt;
        double before = 0, worst = 0;
        for (const input::PenSample& sample : glide.samples(3)) {
            simulation.advance({&sample, 1});
            double now = driven_by_force ? simulation.contact().dent : simulation.contact().force;
            if (sample.time() > 2.0) worst = std::max(worst, std::fabs(now / before - 1));  // 0.108 mm a step
            before = now;
        }
        RecordProperty("worst_jump", std::to_string(worst));
        EXPECT_LT(worst, 0.005) << driven_by_force;
    }
}

TEST(Stiffening, IsNoneAtSmallStrainAndBoundedAtLarge) {
    const skin::SkinModel& model = shipped_skin();
    EXPECT_EQ(model.stiffening(0), 1.0);
    EXPECT_NEAR(model.stiffening(0.01), 1.0, 1e-3);
    double before = 1;
    for (double strain = 0; strain < 100; strain = strain * 1.3 + 0.01) {
        double now = model.stiffening(strain);
        EXPECT_GE(now, before);
        EXPECT_LE(now, model.stiffening_most);
        before = now;
    }
}

TEST(Stiffening, ForceOverDentFollowsTheSecantModulus) {
    skin::SkinModel model = elastic_skin();
    model.stiffening_rise = shipped_skin().stiffening_rise;
    double before = 0;
    for (double force : {0.01, 0.2, 0.7, 2.0, 6.0, 50.0}) {
        skin::Simulation simulation(pad(), closed_pen(), model);
        simulation.advance(Glide{.velocity = {0, 0, 0}, .force = force}.samples(0.1));
        double dent = simulation.contact().dent;
        double strain = dent * (10e-3 + 12.5e-3) / (10e-3 * 12.5e-3);
        EXPECT_NEAR(force / (dent * pad_stiffness()), model.stiffening(strain), 0.03 * model.stiffening(strain));
        EXPECT_GT(dent, before);
        before = dent;
        // And the other way round: held there, the skin answers with the same force.
        skin::Simulation held(pad(), closed_pen(), model);
        held.advance(Glide{.start = simulation.contact().tip, .velocity = {0, 0, 0}, .force = std::nullopt}.samples(0.1));
        EXPECT_NEAR(held.contact().force, force, 1e-3 * force);
    }
}

}  // namespace
