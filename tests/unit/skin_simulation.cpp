#include "engine/skin/simulation.h"

#include "engine/base/random.h"
#include "tests/scenarios/layer_theory.h"
#include "tests/scenarios/pen_paths.h"
#include "tests/unit/skin_stage.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

namespace {

using scenarios::Glide;
using skin_test::closed_pen;
using skin_test::elastic_skin;
using skin_test::pad;
using skin_test::shipped_skin;
constexpr double kDegree = std::numbers::pi / 180;

/// A closed flat face of 5 mm radius, so that depth is known in closed form.
skin::DeviceProfile make_pen(size_t pins, double opening_radius) {
    skin::DeviceProfile device;
    device.opening_radius = opening_radius;
    device.pins = skin::ring_layout(pins, device.plate_radius);
    return device;
}

const skin::DeviceProfile& closed_single_pin() {
    static const skin::DeviceProfile device = make_pen(1, 0);
    return device;
}

/// A rim of 4 to 5 mm round an opening.
const skin::DeviceProfile& open_pen() {
    static const skin::DeviceProfile device = make_pen(12, 4e-3);
    return device;
}

const skin::DeviceProfile& stamp() {
    static const skin::DeviceProfile device = *skin::load_device(skin_test::places(), "stamp-40");
    return device;
}
const skin::DeviceProfile& roller() {
    static const skin::DeviceProfile device = *skin::load_device(skin_test::places(), "roller-192");
    return device;
}

/// η of simulation.h for a seated rim on loose skin of 20 kPa, which supports a quarter as well as a rigid one: 20/(20 + 60).
double seated_share(const skin::DeviceProfile& device, double rate_hz) {
    double ease = 0.5 + 0.25 * std::min(1.0, rate_hz / 100) + 0.25 * 0.25;
    return device.eta_min + (device.eta_max - device.eta_min) * ease;
}

/// The device must outlive the result.
skin::Simulation run(const skin::DeviceProfile& device, const std::vector<input::PenSample>& samples,
                     const std::string& face = "pad-flat", const skin::SkinModel& skin = elastic_skin()) {
    skin::Simulation simulation(pad(face), device, skin);
    simulation.advance(samples);
    return simulation;
}

TEST(Simulation, StraightGlideGivesThePuncturesOfArithmetic) {
    skin::DeviceProfile device = closed_pen();
    Glide glide;
    skin::Simulation simulation = run(device, glide.samples(2.0));
    const std::vector<shared::Puncture>& log = simulation.punctures();
    ASSERT_EQ(log.size(), 12u * 220u);  // pins x rate x time
    double depth_um = seated_share(device, 110) * 500;
    for (size_t i = 0; i < log.size(); ++i) {
        size_t stroke = i / 12 + 1, pin = i % 12;
        EXPECT_NEAR(log[i].time_us, static_cast<double>(stroke) * 1e6 / 110, 0.5);
        EXPECT_EQ(shared::puncture_needle(log[i]), pin);
        EXPECT_EQ(shared::puncture_depth_um(log[i]), std::lround(depth_um));
        EXPECT_EQ(shared::puncture_tilt_cdeg(log[i]), 0u);
        EXPECT_EQ(shared::puncture_force_mn(log[i]), 700u);
        EXPECT_EQ(shared::puncture_flags(log[i]), 0u);
        EXPECT_LT(log[i].cell, pad().cells.size());
        glm::dvec3 place = skin::puncture_position(pad(), log[i]);
        EXPECT_NEAR(place.x, -20e-3 + 20e-3 * static_cast<double>(stroke) / 110 + device.pins[pin].x, 1e-7);
        EXPECT_NEAR(place.y, device.pins[pin].y, 1e-7);
        EXPECT_NEAR(place.z, 0, 1e-9);
        // The direction is known once the tip has moved a step.
        EXPECT_EQ(shared::puncture_direction(log[i]), 0u);
    }
}

TEST(Simulation, ContactRecordsTellTheGlideInIntegers) {
    Glide glide;
    skin::DeviceProfile device = closed_pen();
    skin::Simulation simulation = run(device, glide.samples(2.0));
    ASSERT_EQ(simulation.contacts().size(), 240u);
    double stiffness = 2 * 20e3 * 5e-3 * scenarios::flat_disc_kappa(5 / 12.5, 0.45) / (1 - 0.45 * 0.45);
    for (size_t i = 0; i < 240; ++i) {
        const shared::ContactRecord& record = simulation.contacts()[i];
        EXPECT_EQ(record.time_us, (i + 1) * 1'000'000 / 120);
        EXPECT_EQ(record.force_mn, 700u);
        EXPECT_NEAR(record.dent_um, 1e6 * 0.7 / stiffness, 0.04 * record.dent_um);
        EXPECT_EQ(record.tilt_cdeg, 0u);
        EXPECT_NEAR(record.speed_um_s, 20'000, 5);
        EXPECT_EQ(record.flags & 0xffffu, shared::kContactTouching | shared::kContactMotor);
        // Speed x dwell: on a closed face a pin is in the skin for half of each stroke.
        bool strikes = record.time_us * 110 / 1'000'000 > (record.time_us - 8'333) * 110 / 1'000'000;
        EXPECT_NEAR(shared::contact_drag_um(record), strikes ? 20e3 * 0.5 / 110 : 0, 1) << i;
        EXPECT_EQ(record.zone, 1u);
        EXPECT_LT(record.cell, pad().cells.size());
    }
}

TEST(Simulation, StrokesKeepTheirInstantsThroughThousandsOfSteps) {
    // 12,000 steps and 3,330 strokes at a rate that fits no step; samples that fall between steps.
    skin::DeviceProfile device = closed_single_pin();
    skin::Simulation simulation(pad(), device, elastic_skin());
    Glide glide{.velocity = {0, 0, 0}, .rate_hz = 33.3};
    std::vector<input::PenSample> samples = glide.samples(100, 7);
    simulation.advance(samples);
    const std::vector<shared::Puncture>& log = simulation.punctures();
    ASSERT_EQ(log.size(), 3330u);
    for (size_t i = 0; i < log.size(); ++i)
        EXPECT_NEAR(log[i].time_us, static_cast<double>(i + 1) * 1e7 / 333, 0.5);
}

TEST(Simulation, ChangesOfRateStayInPhaseAndSwitchingOffRestarts) {
    skin::DeviceProfile device = closed_single_pin();
    // 100 Hz to 25 ms (half a stroke left over), then 50 Hz: the rest of the stroke takes 10 ms. Off at 60
    // ms, on at 71 ms.
    std::vector<input::PenSample> samples;
    auto add = [&](double time, double rate, bool motor) {
        samples.push_back(*input::quantise({time, {0, 0, 0}, {0, 0, -1}, 0.5, motor, 0.5e-3, rate}));
    };
    add(0, 100, true);
    add(0.025, 50, true);
    add(0.060, 50, false);
    add(0.071, 100, true);
    add(0.100, 100, true);
    std::vector<uint32_t> times;
    skin::Simulation simulation = run(device, samples);
    for (const shared::Puncture& p : simulation.punctures()) times.push_back(p.time_us);
    EXPECT_EQ(times, (std::vector<uint32_t>{10'000, 20'000, 35'000, 55'000, 81'000, 91'000}));
}

TEST(Simulation, DirectionsAreBinsOfThirtyDegreesOverAHalfTurn) {
    for (int degrees = 0; degrees < 360; degrees += 10) {
        if (degrees % 30 == 15) continue;
        Glide glide{
            .start = {0, 0, 0},
            .velocity = 20e-3 * glm::dvec3(std::cos(degrees * kDegree), std::sin(degrees * kDegree), 0)};
        skin::Simulation simulation = run(closed_single_pin(), glide.samples(0.2));
        uint32_t expected = static_cast<uint32_t>((degrees + 15) / 30 % 6);
        ASSERT_FALSE(simulation.punctures().empty());
        for (const shared::Puncture& p : simulation.punctures())
            EXPECT_EQ(shared::puncture_direction(p), expected) << degrees;
        for (const shared::ContactRecord& c : simulation.contacts())
            EXPECT_EQ(c.flags & 15u, expected) << degrees;
    }
    Glide slow{.velocity = {1.9e-3, 0, 0}}, faster{.velocity = {2.1e-3, 0, 0}};
    skin::Simulation below = run(closed_single_pin(), slow.samples(0.5)),
                     above = run(closed_single_pin(), faster.samples(0.5));
    for (const shared::ContactRecord& c : below.contacts()) EXPECT_EQ(c.flags & 15u, shared::kNoDirection);
    for (const shared::ContactRecord& c : above.contacts()) EXPECT_EQ(c.flags & 15u, 0u);
}

TEST(Simulation, PositionDrivenEqualsForceDrivenAtTheSameDent) {
    for (const skin::DeviceProfile& device : {closed_pen(), open_pen()}) {
        Glide by_force;
        skin::Simulation first = run(device, by_force.samples(0.5));
        Glide by_place = by_force;
        by_place.force = std::nullopt;
        by_place.start.z = first.contact().tip.z;
        skin::Simulation second = run(device, by_place.samples(0.5));
        EXPECT_NEAR(second.contact().force, 0.7, 2e-6);  // the tip's place is known to a nanometre
        ASSERT_EQ(first.punctures().size(), second.punctures().size());
        for (size_t i = 0; i < first.punctures().size(); ++i) {
            const shared::Puncture &p = first.punctures()[i], &q = second.punctures()[i];
            EXPECT_EQ(p.time_us, q.time_us);
            EXPECT_EQ(p.cell, q.cell);
            EXPECT_NEAR(shared::puncture_depth_um(p), shared::puncture_depth_um(q), 1);
            EXPECT_EQ(shared::puncture_force_mn(q), 700u);
            EXPECT_EQ(shared::puncture_flags(q) & ~shared::kFlagScratch, shared::kFlagPositionDriven);
        }
    }
}

TEST(Simulation, PressureIsNeverNegativeAndAddsUpToTheForce) {
    for (const skin::DeviceProfile& device : {closed_pen(), open_pen()})
        for (double degrees : {0.0, 4.0, 12.0}) {
            Glide glide{.axis = {std::sin(degrees * kDegree), 0, -std::cos(degrees * kDegree)}};
            skin::Simulation simulation = run(device, glide.samples(0.1));
            double sum = 0;
            for (const skin::PressurePoint& point : simulation.contact().points) {
                EXPECT_GT(point.force, 0.0);
                sum += point.force;
            }
            EXPECT_NEAR(sum, 0.7, 1e-9);
        }
}

TEST(Simulation, ReachInAnOpeningIsWhatTheDentFieldLeaves) {
    skin::DeviceProfile device = open_pen();
    device.eta_min = device.eta_max = 1;
    skin::Simulation simulation =
        run(device, Glide{.start = {0, 0, 0}, .velocity = {0, 0, 0}, .force = 0.4}.samples(0.2));
    ASSERT_FALSE(simulation.punctures().empty());
    for (const shared::Puncture& p : simulation.punctures()) {
        double bulge = simulation.contact().dent - simulation.dent_at(skin::puncture_position(pad(), p));
        EXPECT_NEAR(shared::puncture_depth_um(p), 1e6 * (0.5e-3 + bulge), 1);
    }
}

TEST(Simulation, DentIsTheTipsUnderItAndDiesOutAway) {
    skin::Simulation simulation =
        run(closed_pen(), Glide{.start = {0, 0, 0}, .velocity = {0, 0, 0}}.samples(0.1));
    double dent = simulation.contact().dent;
    for (double r : {0.0, 1.3e-3, 2.9e-3, 3.7e-3})
        EXPECT_NEAR(simulation.dent_at({r, 0.3e-3, 0}) / dent, 1.0, 0.03) << r;
    EXPECT_LT(simulation.dent_at({8e-3, 0, 0}), 0.5 * dent);
    EXPECT_LT(std::fabs(simulation.dent_at({30e-3, 0, 0})), 0.02 * dent);
}

TEST(Simulation, TiltLiftsTheFarPinsAsGeometrySays) {
    skin::DeviceProfile device = closed_pen();
    device.eta_min = device.eta_max = 1;  // depth is then the reach below the skin
    for (double degrees : {5.0, 10.0}) {
        double tilt = degrees * kDegree;
        // The axis leans towards +x, so the tip's edge at x = -5 mm cos(tilt) is its lowest and just touches.
        Glide glide{.start = {0, 0, 5e-3 * std::sin(tilt) - 1e-6},
                    .velocity = {0, 0, 0},
                    .force = std::nullopt,
                    .depth = 1.5e-3,
                    .axis = {std::sin(tilt), 0, -std::cos(tilt)}};
        skin::Simulation simulation = run(device, glide.samples(0.1));
        // Along the axis the pin at place x is (5 mm + x)·tan(tilt) above the skin.
        std::set<uint32_t> entered;
        for (const shared::Puncture& p : simulation.punctures()) {
            entered.insert(shared::puncture_needle(p));
            double lift = (5e-3 + device.pins[shared::puncture_needle(p)].x) * std::tan(tilt);
            EXPECT_NEAR(shared::puncture_depth_um(p), 1e6 * (1.5e-3 - lift), 15) << degrees;
            EXPECT_EQ(shared::puncture_tilt_cdeg(p), std::lround(100 * degrees));
        }
        size_t expected = 0;
        for (glm::dvec2 pin : device.pins) expected += 1.5e-3 - (5e-3 + pin.x) * std::tan(tilt) > 20e-6;
        EXPECT_EQ(entered.size(), expected);
        EXPECT_NEAR(simulation.contact().tilt, tilt, 1e-8);
    }
}

TEST(Simulation, LightHandOnATiltedPenLosesDepthThatAFirmHandKeeps) {
    skin::DeviceProfile device = closed_pen();
    auto mean_depth = [&](double force) {
        Glide glide{.force = force, .axis = {std::sin(8 * kDegree), 0, -std::cos(8 * kDegree)}};
        skin::Simulation simulation = run(device, glide.samples(0.5));
        double sum = 0;
        for (const shared::Puncture& p : simulation.punctures()) sum += shared::puncture_depth_um(p);
        return sum / (12 * 55);
    };
    EXPECT_LT(mean_depth(0.05), 0.7 * mean_depth(0.6));
    EXPECT_LT(mean_depth(0.2), mean_depth(0.6));
}

TEST(Simulation, SkinBulgesIntoAnOpeningButNotIntoAClosedFace) {
    // Under a rim of 4 to 5 mm the middle of the opening follows less than the rim: needles there reach
    // deeper. Pins near the rim follow it.
    skin::DeviceProfile open = open_pen(), closed = closed_pen();
    auto depth_of = [](const skin::DeviceProfile& device, uint32_t pin, double force) {
        skin::Simulation simulation = run(device, Glide{.force = force}.samples(0.2));
        for (const shared::Puncture& p : simulation.punctures())
            if (shared::puncture_needle(p) == pin) return double(shared::puncture_depth_um(p));
        return 0.0;
    };
    double closed_depth = std::round(seated_share(closed, 110) * 500);
    EXPECT_EQ(depth_of(closed, 0, 0.3), closed_depth);
    EXPECT_EQ(depth_of(closed, 0, 2.0), closed_depth);
    double light = depth_of(open, 0, 0.001), firm = depth_of(open, 0, 0.2), firmer = depth_of(open, 0, 0.4);
    EXPECT_NEAR(light, closed_depth, 3);
    EXPECT_GT(firm, light + 50);
    EXPECT_NEAR(firmer - closed_depth, 2 * (firm - closed_depth), 2);  // linear in the force
    EXPECT_LT(depth_of(open, 11, 0.2), firm);                          // nearer to the rim, held lower
}

TEST(Simulation, RateAndTractionEaseEntry) {
    skin::DeviceProfile device = closed_single_pin();
    Glide slow{.rate_hz = 50};
    EXPECT_EQ(shared::puncture_depth_um(run(device, slow.samples(0.2)).punctures().back()),
              std::lround(500 * seated_share(device, 50)));
    skin::Simulation simulation(pad(), device, elastic_skin());
    simulation.event({500'000, "traction_begin", "0 0 0 1 0 0"});
    simulation.event({800'000, "traction_end", ""});
    simulation.advance(Glide{.rate_hz = 100}.samples(1.0));
    for (const shared::Puncture& p : simulation.punctures()) {
        bool held = p.time_us > 500'000 && p.time_us <= 800'000;
        EXPECT_EQ(shared::puncture_depth_um(p), std::lround(500 * (held ? 0.95 : seated_share(device, 100))))
            << p.time_us;
    }
    for (const shared::ContactRecord& c : simulation.contacts())
        EXPECT_EQ((c.flags & shared::kContactTraction) != 0, c.time_us > 500'000 && c.time_us <= 800'000)
            << c.time_us;
}

TEST(Simulation, EveryCartridgeIsOffTheDialByItsOwnAmount) {
    skin::DeviceProfile device = closed_pen();
    device.eta_min = device.eta_max = 1;
    device.dial_tolerance = 0.15e-3;
    skin::Simulation simulation(pad(), device, elastic_skin());
    simulation.event({500'000, "cartridge_new", ""});
    simulation.advance(Glide{}.samples(1.0));
    std::set<uint32_t> depths[2];
    for (const shared::Puncture& p : simulation.punctures())
        depths[p.time_us > 500'000].insert(shared::puncture_depth_um(p));
    for (uint32_t cartridge : {0u, 1u})
        EXPECT_EQ(depths[cartridge], std::set<uint32_t>{static_cast<uint32_t>(std::lround(
                                         500 + 1e6 * skin::dial_error(device, cartridge)))});
    EXPECT_NE(depths[0], depths[1]);
    // At the shallow end of the dial a cartridge that falls short leaves nothing.
    device.dial_tolerance = 1e-3;
    uint32_t shy = 0;
    while (skin::dial_error(device, shy) > -0.1e-3) ++shy;
    skin::Simulation shallow(pad(), device, elastic_skin());
    for (uint32_t i = 0; i < shy; ++i) shallow.event({0, "cartridge_new", ""});
    shallow.advance(Glide{.depth = 0.1e-3}.samples(0.5));
    EXPECT_TRUE(shallow.punctures().empty());
}

TEST(Simulation, LiftedPenLeavesNoPuncturesButItsTimeIsTold) {
    skin::DeviceProfile device = open_pen();
    auto hop = [](double t) {
        bool up = t > 0.3 && t < 0.6;
        return input::PenPose{0,  {20e-3 * t, 0, up ? 4e-3 : 0}, {0, 0, -1}, up ? 0.0 : 0.5, true, 0.5e-3,
                              110};
    };
    skin::Simulation simulation = run(device, scenarios::sample_pen(1.0, 240, hop));
    for (const shared::Puncture& p : simulation.punctures())
        EXPECT_TRUE(p.time_us < 0.31e6 || p.time_us > 0.59e6);
    ASSERT_EQ(simulation.contacts().size(), 120u);
    size_t lifted = 0;
    for (const shared::ContactRecord& c : simulation.contacts()) {
        if (c.flags & shared::kContactTouching) continue;
        ++lifted;
        EXPECT_EQ(c.force_mn + c.dent_um + c.speed_um_s + c.tilt_cdeg, 0u);
        EXPECT_EQ(c.cell, shared::kNoCell);
    }
    EXPECT_NEAR(static_cast<double>(lifted), 36, 1);
    Glide away{.start = {0, 0, 16e-3}};
    EXPECT_TRUE(run(device, away.samples(0.5)).contacts().empty());
    EXPECT_TRUE(run(device, away.samples(0.5)).punctures().empty());
    Glide hovering{.start = {0, 0, 0.6e-3}, .force = std::nullopt};
    EXPECT_TRUE(run(device, hovering.samples(0.5)).punctures().empty());
    std::vector<input::PenSample> still = Glide{}.samples(0.5);
    for (input::PenSample& sample : still) sample.motor = 0;
    EXPECT_TRUE(run(device, still).punctures().empty());
    EXPECT_FALSE(run(device, still).contacts().empty());
}

TEST(Simulation, NeedlesBeyondThePadsEdgeMissIt) {
    skin::DeviceProfile device = open_pen();
    Glide off{.start = {49e-3, 0, 0}, .velocity = {10e-3, 0, 0}};
    skin::Simulation simulation = run(device, off.samples(1.0));
    ASSERT_FALSE(simulation.punctures().empty());
    for (const shared::Puncture& p : simulation.punctures())
        EXPECT_LE(skin::puncture_position(pad(), p).x, 50e-3 + 1e-9);
    EXPECT_FALSE(simulation.contact().touching);
}

TEST(Simulation, GlidingOffAnEdgeKeepsTheSpeedOfTheHand) {
    skin::DeviceProfile device = closed_pen();
    Glide off{.start = {40e-3, 1.3e-3, 0}, .velocity = {20e-3, 0, 0}};
    skin::Simulation simulation = run(device, off.samples(1.0));
    size_t touching = 0;
    for (const shared::ContactRecord& record : simulation.contacts()) {
        if (!(record.flags & shared::kContactTouching)) continue;
        EXPECT_NEAR(record.speed_um_s, 20'000, 50) << record.time_us;
        ++touching;
    }
    EXPECT_GT(touching, 60u) << "the tip's centre passes the edge while the rim still presses";
    EXPECT_FALSE(simulation.contact().touching);
}

TEST(Simulation, OneRunIsAnotherToTheLastBit) {
    auto wobble = [](double t) {
        glm::dvec3 axis{0.1 * std::sin(7 * t), 0.15 * std::sin(5 * t + 1), -1};
        return input::PenPose{0,
                              {30e-3 * std::sin(t), 25e-3 * std::sin(1.7 * t), 1e-3 * std::sin(9 * t)},
                              axis,
                              0.5 + 0.5 * std::sin(3 * t),
                              std::sin(2 * t) > -0.8,
                              0.7e-3,
                              100 + 20 * std::sin(t)};
    };
    for (const std::string id : {"pad-flat", "pad-cylinder"}) {
        std::vector<input::PenSample> samples = scenarios::sample_pen(5.0, 173, wobble);
        skin::Simulation first = run(open_pen(), samples, id, shipped_skin()), second = run(open_pen(), samples, id, shipped_skin());
        ASSERT_FALSE(first.punctures().empty());
        EXPECT_EQ(first.state_hash(), second.state_hash());

        // How the samples are cut into calls does not show, at any step; nor does emptying the logs.
        skin::Simulation cut(pad(id), open_pen(), shipped_skin());
        base::Random random(3);
        size_t punctures = 0;
        for (size_t done = 0; done < samples.size();) {
            size_t count = std::min<size_t>(random.below(9), samples.size() - done);
            cut.advance(std::span(samples).subspan(done, count));
            done += count;
            punctures += cut.punctures().size();
            cut.clear_logs();
        }
        EXPECT_EQ(punctures, first.punctures().size());
        EXPECT_EQ(cut.steps_done(), first.steps_done());
        EXPECT_EQ(cut.state_hash(), first.state_hash());

        for (const skin::DeviceProfile* device : {&stamp(), &roller()}) {
            skin::Simulation again(pad(id), *device, shipped_skin());
            for (const input::PenSample& sample : samples) again.advance({&sample, 1});
            EXPECT_FALSE(again.punctures().empty()) << device->id;
            EXPECT_EQ(again.state_hash(), run(*device, samples, id, shipped_skin()).state_hash()) << device->id;
        }
        samples[300].force_un += 50'000;
        EXPECT_NE(run(open_pen(), samples, id, shipped_skin()).state_hash(), first.state_hash());
    }
}

TEST(Simulation, SamplesMayBeginAnywhereInTimeAndComeAtAnyRate) {
    // The same straight motion told at 30, 120 and 1000 samples per second: one log.
    skin::DeviceProfile device = closed_pen();
    Glide glide;
    skin::Simulation dense = run(device, glide.samples(1.0, 1000)),
                     sparse = run(device, glide.samples(1.0, 30));
    ASSERT_EQ(dense.punctures().size(), sparse.punctures().size());
    for (size_t i = 0; i < dense.punctures().size(); ++i) {
        EXPECT_EQ(dense.punctures()[i].time_us, sparse.punctures()[i].time_us);
        glm::dvec3 apart = skin::puncture_position(pad(), dense.punctures()[i]) -
                           skin::puncture_position(pad(), sparse.punctures()[i]);
        EXPECT_LT(std::sqrt(glm::dot(apart, apart)), 1e-7);
    }
    std::vector<input::PenSample> late = glide.samples(1.0);
    for (input::PenSample& sample : late) sample.time_us += 1'234'567;
    skin::Simulation simulation = run(device, late);
    EXPECT_EQ(simulation.contacts().front().time_us, skin::step_end_us(149));
    EXPECT_EQ(simulation.steps_done(), 268u);
    EXPECT_EQ(simulation.punctures().front().time_us, 1'234'567u + 9'091u);
}

TEST(Simulation, APadTurnedInSpaceAnswersAlike) {
    // On the cylinder's flank the contact is the crest's, turned: force, dent, tilt and depths agree to the
    // facets' size.
    skin::DeviceProfile device = closed_single_pin();
    auto at_angle = [&](double angle) {
        glm::dvec3 out{std::sin(angle), 0, std::cos(angle)};
        Glide glide{
            .start = 50e-3 * out - glm::dvec3(0, 10e-3, 50e-3), .velocity = {0, 20e-3, 0}, .axis = -out};
        return run(device, glide.samples(1.0), "pad-cylinder", shipped_skin());
    };
    skin::Simulation crest = at_angle(0), flank = at_angle(0.7);
    EXPECT_NEAR(crest.contact().dent, flank.contact().dent, 0.01 * crest.contact().dent);
    EXPECT_LT(flank.contact().tilt, 0.3 * kDegree);
    ASSERT_EQ(crest.punctures().size(), flank.punctures().size());
    for (size_t i = 0; i < crest.punctures().size(); ++i)
        EXPECT_NEAR(shared::puncture_depth_um(crest.punctures()[i]),
                    shared::puncture_depth_um(flank.punctures()[i]), 12);
}

TEST(Simulation, FinerMeshOfTheSamePadGivesTheSamePunctures) {
    std::shared_ptr<const face::FaceAsset> fine = *face::load(skin_test::places(), "pad-flat", {}, 40'000);
    skin::Simulation simulation(*fine, open_pen(), shipped_skin());
    Glide glide{.velocity = {20e-3, 11e-3, 0}, .axis = {0.05, 0.02, -1}};
    simulation.advance(glide.samples(1.0));
    skin::Simulation coarse = run(open_pen(), glide.samples(1.0), "pad-flat", shipped_skin());
    ASSERT_EQ(simulation.punctures().size(), coarse.punctures().size());
    for (size_t i = 0; i < coarse.punctures().size(); ++i) {
        const shared::Puncture &p = simulation.punctures()[i], &q = coarse.punctures()[i];
        EXPECT_EQ(p.depth_tilt, q.depth_tilt);
        EXPECT_EQ(p.force_needle, q.force_needle);
        glm::dvec3 apart = skin::puncture_position(*fine, p) - skin::puncture_position(pad(), q);
        EXPECT_LT(std::sqrt(glm::dot(apart, apart)), 1e-7);
    }
}

/// Poses that nobody would hold: any tilt, inside the pad, metres of travel between samples, forces to 50 N.
std::vector<input::PenSample> wild_samples(uint64_t seed, size_t count) {
    base::Random random(seed);
    std::vector<input::PenSample> samples;
    for (size_t i = 0; i < count; ++i) {
        input::PenPose pose;
        pose.time = static_cast<double>(i) * 0.011;
        double span = random.below(3) == 0 ? 0.9 : 50e-3;
        pose.tip = {random.uniform(-span, span), random.uniform(-span, span), random.uniform(-20e-3, 20e-3)};
        pose.axis = {random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 0.3)};
        if (random.below(20) == 0) pose.axis = {0, 0, random.below(2) ? 1.0 : -1.0};
        if (random.below(3) != 0) pose.force = random.below(8) == 0 ? 50.0 : random.uniform(0, 3);
        pose.motor = random.below(10) != 0;
        pose.depth = random.uniform(0, 10e-3);
        pose.rate_hz = random.uniform(0, 1000);
        samples.push_back(*input::quantise(pose));
    }
    return samples;
}

TEST(Simulation, WildPosesGiveSoundNumbers) {
    for (const std::string id : {"pad-flat", "pad-cylinder"})
        for (const skin::DeviceProfile& device : {open_pen(), closed_pen(), stamp(), roller()}) {
            skin::Simulation simulation(pad(id), device, shipped_skin());
            for (const input::PenSample& sample : wild_samples(5, 2000)) {
                simulation.advance({&sample, 1});
                const skin::Contact& contact = simulation.contact();
                for (double value : {contact.force, contact.dent, contact.tilt, contact.speed, contact.tip.x,
                                     contact.normal.x})
                    ASSERT_TRUE(std::isfinite(value));
                ASSERT_TRUE(std::isfinite(simulation.dent_at(contact.position)));
            }
            uint64_t before = 0;
            EXPECT_GT(simulation.punctures().size(), device.has_motor() ? 1000u : 10u) << device.id;
            for (const shared::Puncture& p : simulation.punctures()) {
                uint64_t order = uint64_t(p.time_us) << 8 | shared::puncture_needle(p);
                ASSERT_LT(before, order);
                before = order;
                ASSERT_LE(shared::puncture_depth_um(p), 4000u);
                ASSERT_GE(shared::puncture_depth_um(p), 20u);
                ASSERT_LE(shared::puncture_tilt_cdeg(p), 18000u);
                ASSERT_LT(p.triangle, pad(id).mesh.triangle_count());
                ASSERT_LE((p.weights & 0xffffu) + (p.weights >> 16), 65535u);
                glm::dvec3 place = skin::puncture_position(pad(id), p);
                uint32_t cell =
                    pad(id).cells.find(place, mesh::normal_at(pad(id).mesh, {p.triangle, {1, 0, 0}}));
                if (id == "pad-flat") {
                    ASSERT_EQ(p.cell, cell);
                }
            }
        }
}

}  // namespace
