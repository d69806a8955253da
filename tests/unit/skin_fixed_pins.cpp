#include "engine/skin/contact.h"
#include "engine/skin/heading.h"
#include "engine/skin/needles.h"
#include "tests/scenarios/pen_paths.h"
#include "tests/unit/skin_stage.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace {

using scenarios::Glide;
using skin_test::elastic_skin;
using skin_test::pad;

/// Every pin's whole reach enters, so that depth is geometry.
skin::DeviceProfile device_without_tenting(const std::string& id) {
    skin::DeviceProfile device = *skin::load_device(skin_test::places(), id);
    device.eta_min = device.eta_max = 1;
    return device;
}

const skin::DeviceProfile& stamp() {
    static const skin::DeviceProfile device = device_without_tenting("stamp-40");
    return device;
}

const skin::DeviceProfile& roller() {
    static const skin::DeviceProfile device = device_without_tenting("roller-192");
    return device;
}

skin::Simulation run(const skin::DeviceProfile& device, const std::vector<input::PenSample>& samples) {
    skin::Simulation simulation(pad(), device, elastic_skin());
    simulation.advance(samples);
    return simulation;
}

// --- stamp ---

/// `presses` of a second each, 10 mm apart: half of it on the skin, rising to `force`.
std::vector<input::PenSample> stamping(int presses, double force, glm::dvec3 slide = {0, 0, 0}) {
    return scenarios::sample_pen(presses, 120, [&](double t) {
        double n = std::min(std::floor(t), presses - 1.0), phase = t - n;
        bool down = phase < 0.5;
        input::PenPose pose{0, {10e-3 * n, 0, down ? 0 : 3e-3}, {0, 0, -1}, 0.0, false, 1.5e-3, 110};
        if (down) pose.force = force * std::sin(phase * 2 * std::numbers::pi);
        if (down) pose.tip += slide * phase;
        return pose;
    });
}

TEST(Stamp, EachPinEntersOncePerPressAsDeepAsItsDeepest) {
    skin::Simulation simulation = run(stamp(), stamping(3, 2.0));
    const std::vector<shared::Puncture>& log = simulation.punctures();
    ASSERT_EQ(log.size(), 3u * 40);
    for (size_t i = 0; i < log.size(); ++i) {
        size_t pin = i % 40, press = i / 40;
        EXPECT_EQ(shared::puncture_needle(log[i]), pin);
        EXPECT_EQ(shared::puncture_depth_um(log[i]), 500u);   // their length, not the sample's depth
        EXPECT_GE(shared::puncture_force_mn(log[i]), 1200u);  // what drives 40 pins in
        EXPECT_EQ(shared::puncture_flags(log[i]), 0u);
        EXPECT_NEAR(log[i].time_us, 1e6 * static_cast<double>(press) + 0.5e6,
                    10'000);  // at the end of the press
        glm::dvec3 place = skin::puncture_position(pad(), log[i]);
        EXPECT_NEAR(place.x, 10e-3 * static_cast<double>(press) + stamp().pins[pin].x, 1e-6);
        EXPECT_NEAR(place.y, stamp().pins[pin].y, 1e-6);
    }
    for (const shared::ContactRecord& record : simulation.contacts())
        EXPECT_TRUE(record.flags & shared::kContactMotor);  // there is none that is off
}

TEST(Stamp, ForceDrivesThePinsInUntilThePlateRests) {
    for (double force : {0.15, 0.6, 1.1}) {
        skin::Simulation simulation = run(stamp(), stamping(1, force));
        ASSERT_EQ(simulation.punctures().size(), 40u) << force;
        EXPECT_NEAR(shared::puncture_depth_um(simulation.punctures()[7]), 500 * force / (40 * 0.03), 1)
            << force;
        EXPECT_NEAR(shared::puncture_force_mn(simulation.punctures()[7]), 1e3 * force, 3)
            << "as of the first deepest um";
    }
    EXPECT_TRUE(run(stamp(), stamping(1, 0.04)).punctures().empty()) << "17 um do not break the horny layer";
}

TEST(Stamp, AStampThatSlidesTearsAndEntersAgainOnlyWhenLifted) {
    skin::Simulation simulation = run(stamp(), stamping(2, 2.0, {4e-3, 0, 0}));
    ASSERT_EQ(simulation.punctures().size(), 80u);
    for (const shared::Puncture& p : simulation.punctures()) {
        EXPECT_TRUE(shared::puncture_flags(p) & shared::kFlagScratch);
        // Torn after half a pin of 0.25 mm, long before the press ends.
        EXPECT_LT(p.time_us % 1'000'000, 60'000u);
    }
    EXPECT_GT(shared::contact_drag_um(simulation.contacts()[30]), 500u) << "it goes on tearing";
}

TEST(Stamp, ATiltedStampLosesTheReachOfItsFarSide) {
    double tilt = 4 * std::numbers::pi / 180;
    std::vector<input::PenSample> samples = scenarios::sample_pen(1, 120, [&](double t) {
        double lift = t < 0.5 ? 0 : 3e-3;
        return input::PenPose{
            0, {0, 0, 5.5e-3 * std::sin(tilt) + lift}, {std::sin(tilt), 0, -std::cos(tilt)}, std::nullopt};
    });
    skin::DeviceProfile device = stamp();
    device.pin_force = 1e-9;  // the pins do not carry the plate
    skin::Simulation simulation = run(device, samples);
    ASSERT_FALSE(simulation.punctures().empty());
    for (const shared::Puncture& p : simulation.punctures()) {
        double lift = (5.5e-3 + device.pins[shared::puncture_needle(p)].x) * std::tan(tilt);
        EXPECT_NEAR(shared::puncture_depth_um(p), 1e6 * (0.5e-3 - lift), 25);
    }
    EXPECT_LT(simulation.punctures().size(), 40u);
}

// --- roller ---

TEST(Roller, OnePassLeavesTheDensityOfTheDrum) {
    // 192 pins over the drum's 2 pi R W = 12.6 cm²: 15.3 per cm² and pass; roller users say 16
    // (clinical.md 1.3, F2).
    skin::Simulation simulation =
        run(roller(), Glide{.start = {-31.416e-3, 0, 0}, .force = 3.0}.samples(3.1416));
    double area_cm2 = 6.2832 * 2.0, expected = 192 / (2 * std::numbers::pi * 1.0 * 2.0);
    EXPECT_NEAR(static_cast<double>(simulation.punctures().size()) / area_cm2, expected, 0.03 * expected);
    EXPECT_NEAR(expected, 16, 1);
}

TEST(Roller, PinsEnterOnTheirLattice) {
    skin::Simulation simulation = run(roller(), Glide{.start = {-30e-3, 0, 0}, .force = 3.0}.samples(3.0));
    ASSERT_GT(simulation.punctures().size(), 150u);
    std::map<size_t, std::vector<double>> rows;
    for (const shared::Puncture& p : simulation.punctures()) {
        glm::dvec3 place = skin::puncture_position(pad(), p);
        size_t pin = shared::puncture_needle(p);
        // The drum rolls along +x, so its axle lies along y.
        EXPECT_NEAR(std::fabs(place.y), std::fabs(roller().pins[pin].x), 1e-6);
        EXPECT_EQ(shared::puncture_depth_um(p), 1500u);
        EXPECT_EQ(shared::puncture_tilt_cdeg(p), 0u);
        rows[pin / 24].push_back(place.x);
    }
    ASSERT_EQ(rows.size(), 8u);
    double pitch = roller().drum_girth() / 24;
    for (auto& [row, places] : rows) {
        for (size_t i = 1; i < places.size(); ++i) EXPECT_NEAR(places[i] - places[i - 1], pitch, 1e-6) << row;
        double apart = (places[1] - rows[0][1]) / pitch;
        EXPECT_NEAR(apart - std::floor(apart),
                    row % 2                         ? 0.5
                    : apart - std::round(apart) < 0 ? 1.0
                                                    : 0.0,
                    1e-3)
            << row;
    }
}

TEST(Roller, TheDrumTurnsByItsPathAlone) {
    auto places = [](double speed, double rate_hz, double per_second) {
        Glide glide{.start = {-30e-3, 0, 0}, .velocity = {speed, 0, 0}, .force = 3.0, .rate_hz = rate_hz};
        skin::Simulation simulation = run(roller(), glide.samples(60e-3 / speed, per_second));
        std::map<size_t, double> found;
        for (const shared::Puncture& p : simulation.punctures())
            found[shared::puncture_needle(p)] = skin::puncture_position(pad(), p).x;
        return found;
    };
    std::map<size_t, double> slow = places(10e-3, 0, 120), fast = places(60e-3, 110, 33);
    size_t shared_pins = 0;
    double offset = 0;
    for (auto [pin, x] : slow) {
        if (!fast.contains(pin)) continue;
        if (shared_pins++ == 0) offset = fast[pin] - x;  // the first step on the skin does not turn it
        EXPECT_NEAR(fast[pin] - x, offset, 2e-6) << pin;
    }
    EXPECT_GT(shared_pins, 150u);
    EXPECT_LT(std::fabs(offset), 60e-3 / 33);
}

TEST(Roller, RolledBackItTurnsBackAndATremblingHandEntersOnce) {
    auto there_and_back = [](double t) {
        double way = t < 1 ? 20e-3 * t : 20e-3 * (2 - t);
        return input::PenPose{0, {way, 0, 0}, {0, 0, -1}, 3.0, false};
    };
    skin::Simulation simulation = run(roller(), scenarios::sample_pen(2, 120, there_and_back));
    double turn = simulation.contact().drum_turn;
    EXPECT_NEAR(std::min(turn, 2 * std::numbers::pi - turn), 20e-3 / 120 / 10e-3, 0.02)
        << "but for the step of the touch";
    // To and fro by half a millimetre, twenty times: whatever is crossed goes in once.
    auto tremble = [](double t) {
        return input::PenPose{
            0, {0.5e-3 * std::sin(20 * std::numbers::pi * t) + 1e-3 * t, 0, 0}, {0, 0, -1}, 3.0, false};
    };
    skin::Simulation trembling = run(roller(), scenarios::sample_pen(2, 240, tremble));
    std::map<uint32_t, int> count;
    for (const shared::Puncture& p : trembling.punctures()) ++count[shared::puncture_needle(p)];
    EXPECT_FALSE(count.empty());
    for (auto [pin, times] : count) EXPECT_EQ(times, 1) << pin;
}

TEST(Roller, APinSweepsTheSkinAsTheTrochoidOfItsTipSays) {
    double drum = 10e-3, length = 1.5e-3, tip = drum + length;
    EXPECT_NEAR(skin::entry_angle(tip, length), std::acos(drum / tip), 1e-12);
    // The tip's place along the skin and its height above the lowest point while the drum rolls on its
    // surface.
    double entered = 0, t = 0;
    while (tip * std::cos(t) > drum) t += 1e-6;
    entered = drum * t - tip * std::sin(t);
    EXPECT_NEAR(skin::pin_sweep(tip, length), std::fabs(entered), 1e-8);
    EXPECT_NEAR(skin::pin_sweep(tip, length),
                std::fabs(drum * std::acos(drum / tip) - tip * std::sin(std::acos(drum / tip))), 1e-12);
    EXPECT_EQ(skin::pin_sweep(tip, 0), 0.0);

    skin::Simulation simulation = run(roller(), Glide{.force = 3.0}.samples(1.0));
    uint32_t greatest = 0;
    for (const shared::ContactRecord& record : simulation.contacts())
        greatest = std::max(greatest, shared::contact_drag_um(record));
    EXPECT_NEAR(greatest, 2e6 * skin::pin_sweep(tip, length), 1);
    for (const shared::Puncture& p : simulation.punctures())
        EXPECT_FALSE(shared::puncture_flags(p) & shared::kFlagScratch)
            << "a drum that only rolls sweeps its pins by 1 mm; no hand can spare that";
}

TEST(Roller, ALightHandLeavesThePinsStanding) {
    auto depth = [](double force) {
        skin::Simulation simulation = run(roller(), Glide{.force = force}.samples(1.0));
        double sum = 0;
        for (const shared::Puncture& p : simulation.punctures()) sum += shared::puncture_depth_um(p);
        return sum / static_cast<double>(std::max<size_t>(1, simulation.punctures().size()));
    };
    double light = depth(0.1), firm = depth(0.4), full = depth(3.0);
    EXPECT_LT(light, firm);
    EXPECT_LT(firm, full);
    EXPECT_EQ(full, 1500);
}

TEST(Roller, TheAxleTrailsTheWay) {
    skin::Heading heading;
    glm::dvec3 diagonal = glm::normalize(glm::dvec3(1, 1, 0)), normal{0, 0, 1};
    for (int i = 0; i < 10; ++i) heading.go(diagonal * 0.1e-3, normal);
    EXPECT_NEAR(glm::dot(heading.along(), diagonal), 1, 1e-12);  // put down, it lies the way it first goes
    heading.go({0, 0, 5e-3}, normal);
    EXPECT_NEAR(glm::dot(heading.along(), diagonal), 1, 1e-12);  // pressing it does not turn it
    for (int i = 0; i < 50; ++i) heading.go(diagonal * -0.1e-3, normal);
    EXPECT_NEAR(glm::dot(heading.along(), diagonal), 1, 1e-12);  // nor does rolling it back
    double before = 1;
    for (int i = 0; i < 300; ++i) {
        heading.go({0.1e-3, 0, 0}, normal);
        double now = std::acos(std::min(1.0, heading.along().x));
        EXPECT_LE(now, before + 1e-12);
        before = now;
    }
    EXPECT_LT(before, 0.03);
}

TEST(Roller, PutDownAnewAcrossItsLastWayItRollsAndDoesNotSlip) {
    const Glide glide{.start = {-20e-3, 0, 0}, .force = 0.7};  // along x; a new drum lies along y
    const skin::Simulation simulation = run(roller(), glide.samples(1.0));
    double most = 0;
    for (const shared::ContactRecord& record : simulation.contacts())
        most = std::max(most, shared::contact_drag_um(record) * 1e-6);
    EXPECT_GT(most, 0);
    EXPECT_LT(most, 2 * skin::pin_sweep(roller().drum_radius + roller().pin_length, roller().pin_length));
}

TEST(Roller, TheAirDoesNotTurnIt) {
    auto pose = [](double t) { return input::PenPose{0, {20e-3 * t, 0, 5e-3}, {0, 0, -1}, 0.0, false}; };
    skin::Simulation simulation = run(roller(), scenarios::sample_pen(1, 120, pose));
    EXPECT_EQ(simulation.contact().drum_turn, 0.0);
    EXPECT_TRUE(simulation.punctures().empty());
}

// --- the drum's contact ---

TEST(DrumContact, FinerPointsPressAlike) {
    auto approach = [](size_t fineness, double force) {
        std::vector<skin::TipPoint> points = skin::drum_points(20e-3, 10e-3, fineness);
        std::vector<double> gap(points.size(), 0.0), rise;
        for (const skin::TipPoint& point : points) rise.push_back(skin::drum_rise(point.place.y, 10e-3));
        skin::ContactSolver solver(points, elastic_skin().kernel);
        solver.set_layer(12.5e-3, 0.45);
        return solver.press(gap, 20e3, force, rise).approach;
    };
    for (double force : {0.5, 1.5, 4.0})
        EXPECT_NEAR(approach(2, force) / approach(1, force), 1, 0.02) << force;
}

TEST(DrumContact, PeakPressureIsThatOfHertzForTheLineLoadInTheMiddle) {
    // Cylinder on a half-space: p0 = sqrt(q E*/(pi R)) for q newtons per metre of axle.
    std::vector<skin::TipPoint> points = skin::drum_points(20e-3, 10e-3, 3);
    std::vector<double> gap(points.size(), 0.0), rise;
    for (const skin::TipPoint& point : points) rise.push_back(skin::drum_rise(point.place.y, 10e-3));
    skin::ContactSolver solver(points, elastic_skin().kernel);
    solver.set_layer(0.2, 0.45);
    const skin::ContactSolver::Answer& answer = solver.press(gap, 40e3, 0.8, rise);
    double middle = 1, line = 0, peak = 0, breadth = 16e-3 / 24;
    for (const skin::TipPoint& point : points) middle = std::min(middle, std::fabs(point.place.x));
    for (size_t i = 0; i < points.size(); ++i) {
        if (std::fabs(points[i].place.x - middle) > 1e-6) continue;
        double pressure = answer.point_force[i] / points[i].area;
        line += pressure * breadth;
        peak = std::max(peak, pressure);
    }
    double modulus = 40e3 / (1 - 0.45 * 0.45);
    EXPECT_NEAR(peak / std::sqrt(line * modulus / (std::numbers::pi * 10e-3)), 1, 0.05);
}

TEST(DrumContact, AreasMakeTheRectangleAndTheFaceIsACylinder) {
    double sum = 0;
    for (const skin::TipPoint& point : skin::drum_points(20e-3, 10e-3)) sum += point.area;
    EXPECT_NEAR(sum, 20e-3 * 16e-3, 1e-12);
    for (double y : {0.1e-3, 1e-3, 3e-3})  // y²/2R for small y
        EXPECT_NEAR(skin::drum_rise(y, 10e-3) / (y * y / 20e-3), 1, 0.6 * y * y / 1e-4 + 1e-9);
}

}  // namespace
