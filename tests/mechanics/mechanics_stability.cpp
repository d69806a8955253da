// Steps that no hand would make, on pads and on a head, 50,000 for each; EVENHAND_WILD_STEPS=200000 makes a million.

#include "engine/base/random.h"
#include "engine/skin/simulation.h"
#include "tests/unit/skin_stage.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

namespace {

using skin_test::pad;
using skin_test::shipped_skin;

class Wild {
  public:
    Wild(uint64_t seed, const face::FaceAsset& face) : random_(seed), face_(face) {}

    /// Any tilt, inside the skull, metres of travel between samples, forces to 50 N; now and then a steady hand.
    input::PenSample sample(uint32_t step) {
        if (random_.below(40) == 0) steady_ = random_.below(2);
        if (!steady_ || !pose_.force) {
            pose_.tip = random_.below(3) == 0 ? anywhere(0.9) : place() + anywhere(20e-3);
            pose_.axis = {random_.uniform(-1, 1), random_.uniform(-1, 1), random_.uniform(-1, 0.3)};
            if (random_.below(20) == 0) pose_.axis = {0, 0, random_.below(2) ? 1.0 : -1.0};
            pose_.force = std::nullopt;
            if (random_.below(3) != 0) pose_.force = random_.below(8) == 0 ? 50.0 : random_.uniform(0, 3);
            pose_.motor = random_.below(10) != 0;
            pose_.depth = random_.uniform(0, 10e-3);
            pose_.rate_hz = random_.uniform(0, 1000);
        } else {
            pose_.tip += glm::dvec3(random_.uniform(-1e-3, 1e-3), random_.uniform(-1e-3, 1e-3), 0);
            if (std::fabs(pose_.tip.x) > 0.9 || std::fabs(pose_.tip.y) > 0.9) pose_.tip = {0, 0, 0};
        }
        pose_.time = step / 120.0;
        return *input::quantise(pose_);
    }

    /// Fingers that hold, let go, and pull against each other and the tip.
    std::optional<input::ProcedureEvent> event(uint32_t time_us) {
        if (random_.below(25) != 0) return std::nullopt;
        switch (random_.below(6)) {
            case 0: return input::ProcedureEvent{time_us, "traction_end", ""};
            case 1: return input::ProcedureEvent{time_us, "glide_medium", face_.zones[1].id};
            case 2: return input::ProcedureEvent{time_us, "finger_lift", random_.below(2) ? "1" : "2"};
            case 3:
            case 4: return finger_place(time_us);
            default:
                return input::ProcedureEvent{
                    time_us, "traction_begin",
                    fmt::format("{} {:.6f} {:.6f} {:.6f}", words(place()), random_.uniform(-90e-3, 90e-3),
                                random_.uniform(-90e-3, 90e-3), random_.uniform(-5e-3, 5e-3))};
        }
    }

    /// A place on the skin, anywhere.
    glm::dvec3 place() {
        return face_.mesh.positions[random_.below(static_cast<uint32_t>(face_.mesh.vertex_count()))];
    }

  private:
    /// One finger somewhere, or on from where it was, by millimetres or a metre.
    input::ProcedureEvent finger_place(uint32_t time_us) {
        if (random_.below(3) == 0) finger_ = place();
        glm::dvec3 pull = anywhere(random_.below(8) == 0 ? 1.0 : 15e-3);
        return {time_us, "finger_place", fmt::format("{} {} {}", 1 + random_.below(2), words(finger_), words(pull))};
    }
    glm::dvec3 anywhere(double span) {
        return {random_.uniform(-span, span), random_.uniform(-span, span), random_.uniform(-span, span)};
    }
    static std::string words(glm::dvec3 v) { return fmt::format("{:.6f} {:.6f} {:.6f}", v.x, v.y, v.z); }

    base::Random random_;
    const face::FaceAsset& face_;
    glm::dvec3 finger_{0};
    input::PenPose pose_;
    bool steady_ = false;
};

uint32_t wild_steps() {
    const char* wanted = std::getenv("EVENHAND_WILD_STEPS");
    return wanted ? static_cast<uint32_t>(std::strtoul(wanted, nullptr, 10)) : 50'000;
}

/// Closed and open pens, a stamp and a roller, on a flat pad and on a curved one; then a closed pen on a head.
skin::DeviceProfile device_for(int number) {
    if (number >= 4 && number < 8)
        return *skin::load_device(skin_test::places(), number < 6 ? "stamp-40" : "roller-192");
    skin::DeviceProfile device;
    device.opening_radius = number < 2 || number == 8 ? 0 : 4e-3;
    device.pins = skin::ring_layout(3, device.plate_radius);
    return device;
}

/// How many times its rest area the skin drawn along itself has round the tip; below 0 it is turned inside out.
double drawn_area(const skin::Drawn& drawn) {
    return (1 + glm::dot(drawn.by_along, drawn.along)) * (1 + glm::dot(drawn.by_across, drawn.across)) -
           glm::dot(drawn.by_along, drawn.across) * glm::dot(drawn.by_across, drawn.along);
}

class Stability : public testing::TestWithParam<int> {};

TEST_P(Stability, WildStepsStaySoundAndLeaveNoDent) {
    const face::FaceAsset& face = pad(GetParam() == 8 ? "demo-woman" : GetParam() % 2 ? "pad-flat" : "pad-cylinder");
    const skin::DeviceProfile device = device_for(GetParam());
    skin::Simulation simulation(face, device, shipped_skin());
    Wild wild(static_cast<uint64_t>(GetParam()) + 17, face);
    const double layer = 12.5e-3;
    double by_hand = 0;
    uint32_t touched = 0, held = 0;
    uint32_t step = 0;
    for (; step < wild_steps(); ++step) {
        input::PenSample sample = wild.sample(step);
        if (auto event = wild.event(sample.time_us)) simulation.event(*event);
        simulation.advance({&sample, 1});
        const skin::Contact& contact = simulation.contact();
        double sum = 0;
        for (const skin::PressurePoint& point : contact.points) {
            ASSERT_GT(point.force, 0.0);
            sum += point.force;
        }
        ASSERT_EQ(contact.touching, !contact.points.empty()) << step;
        ASSERT_NEAR(sum, contact.force, 1e-6 + 1e-6 * contact.force) << step;
        for (const skin::PressurePoint& past : contact.past) ASSERT_GE(past.force, 0.0) << step;
        for (double value : {contact.force, contact.dent, contact.tilt, contact.speed, contact.tip.x, contact.drag,
                             contact.drawn.shift.x, contact.drawn.stretch, contact.stiffness, contact.tip.y,
                             contact.tip.z, contact.normal.x, contact.normal.y, contact.normal.z})
            ASSERT_TRUE(std::isfinite(value)) << step;
        ASSERT_GE(contact.dent, 0.0) << step;
        // A force dents hardly more than the layer; a hand that puts the tip inside the skull dents as deep as it is, and a
        // part of that is found again after it.
        if (sample.force_un < 0) by_hand = std::max(by_hand, contact.dent);
        ASSERT_TRUE(!contact.touching || sample.force_un < 0 || contact.dent < by_hand + 30e-3 + layer) << step;
        touched += contact.touching;
        held += !contact.grips.empty();
        ASSERT_LT(glm::length(contact.drawn.shift), 0.1) << step;
        ASSERT_GT(drawn_area(contact.drawn), 0.0) << step;
        ASSERT_TRUE(std::isfinite(simulation.dent_at(wild.place()))) << step;
        simulation.clear_logs();
    }
    EXPECT_GT(touched, wild_steps() / 5);
    EXPECT_GT(held, wild_steps() / 5);
    simulation.event({step * 8'333, "traction_end", ""});
    for (uint32_t end = step + 120 * 20; step < end; ++step) {
        input::PenPose lifted{step / 120.0, {0, 0, 0.5}, {0, 0, -1}, 0.0, false, 0.5e-3, 110};
        input::PenSample sample = *input::quantise(lifted);
        simulation.advance({&sample, 1});
    }
    EXPECT_TRUE(simulation.contact().past.empty());
    EXPECT_TRUE(simulation.contact().grips.empty());
    for (const glm::dvec3& vertex : face.mesh.positions) ASSERT_EQ(simulation.dent_at(vertex), 0.0);
}

INSTANTIATE_TEST_SUITE_P(Tips, Stability, testing::Range(0, 9));

}  // namespace
