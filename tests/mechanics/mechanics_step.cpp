// Time and place must not show: half the step, and a tip that slides.

#include "engine/skin/simulation.h"
#include "engine/skin/touch.h"
#include "tests/scenarios/pen_paths.h"
#include "tests/unit/skin_stage.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace {

using scenarios::Glide;
using skin_test::closed_pen;
using skin_test::pad;
using skin_test::shipped_skin;

/// A cheek of the demo face, from the nose to the jaw, `t` in 0..1.
struct Way {
    glm::dvec3 place, normal;
};
Way on_cheek(double t) {
    const face::FaceAsset& head = pad("demo-woman");
    glm::dvec3 from{24e-3 + 22e-3 * t, -12e-3 - 26e-3 * t, 0.3};
    auto hit = head.index->cast_front(from, {0, 0, -1}, 0, 0.5);
    return {hit->position, {-0.35 * t - 0.15, 0.15, -1}};
}

struct Trace {
    std::vector<double> force, dent,
        depth;  ///< N, m, m: mean over the pins of what they reach below a set depth of 1 mm
};

/// A hand that swings in force or height and leans to and fro, followed with so many steps a second; told 60
/// times a second.
Trace follow(const face::FaceAsset& face, const skin::DeviceProfile& device, bool by_force,
             uint32_t steps_per_second) {
    skin::TipOnSkin tip(face, device, shipped_skin());
    skin::Touch touch;
    skin::Contact contact;
    Trace trace;
    bool head = face.kind == face::Kind::head;
    for (uint32_t step = 0; step <= 2 * steps_per_second; ++step) {
        double t = double(step) / steps_per_second;
        Way way = head ? on_cheek(0.5 * t)
                       : Way{{-20e-3 + 20e-3 * t, 8e-3 * t, 0}, {0.05 * std::sin(4 * t), 0.08, -1}};
        glm::dvec3 axis = glm::normalize(way.normal);
        skin::PenState pen{way.place, axis, 0.7 + 0.3 * std::sin(12 * t)};
        if (!by_force) pen.force.reset(), pen.tip += (1.2e-3 + 0.3e-3 * std::sin(12 * t)) * axis;
        tip.update(pen, step == 0 ? 0.0 : 1.0 / steps_per_second, touch, contact);
        if (step % (steps_per_second / 60) != 0 || t < 0.1) continue;
        double depth = 0;
        for (double clearance : touch.clearance)
            depth += std::max(0.0, 1e-3 - clearance) / double(touch.clearance.size());
        trace.force.push_back(contact.force);
        trace.dent.push_back(contact.dent);
        trace.depth.push_back(depth);
    }
    return trace;
}

double worst_ratio(const std::vector<double>& a, const std::vector<double>& b) {
    double worst = 0;
    for (size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::fabs(b[i] / a[i] - 1));
    return worst;
}

TEST(Step, HalfAStepChangesForceDentAndDepthByLessThanOnePercent) {
    for (const char* id : {"pad-flat", "demo-woman"})
        for (double opening : {0.0, 4e-3})
            for (bool by_force : {true, false}) {
                const skin::DeviceProfile device = skin_test::make_pen(opening);
                Trace whole = follow(pad(id), device, by_force, 120),
                      half = follow(pad(id), device, by_force, 240);
                double force = worst_ratio(whole.force, half.force),
                       dent = worst_ratio(whole.dent, half.dent),
                       depth = worst_ratio(whole.depth, half.depth);
                fmt::print(
                    "{}, opening {} mm, {}: half the step changes force by {:.2f} %, dent by {:.2f} %, depth "
                    "by {:.2f} % at worst\n",
                    id, 1e3 * opening, by_force ? "by force" : "by place", 100 * force, 100 * dent,
                    100 * depth);
                EXPECT_LT(force, 0.01);
                EXPECT_LT(dent, 0.01);
                EXPECT_LT(depth, 0.01);
            }
}

/// Stretch and shift of the skin under a tip that swings over a pad between two fingertips: told 60 times a
/// second.
std::vector<glm::dvec2> follow_stretch(uint32_t steps_per_second) {
    skin::Stretch stretch(pad(), shipped_skin());
    stretch.hold({{0, 0, 0}, {1e-3, 0.5e-3, 0}});
    auto place = [](double t) { return glm::dvec3(8e-3 * std::sin(3 * t), 3e-3 * t, 0); };
    std::vector<glm::dvec2> told;
    for (uint32_t step = 0; step <= 2 * steps_per_second; ++step) {
        double t = double(step) / steps_per_second, seconds = step == 0 ? 0.0 : 1.0 / steps_per_second;
        skin::Gliding tip{
            place(t), {0, 0, 1}, 5e-3, 0.7 + 0.2 * std::sin(7 * t), 0.3, pad().tissue_at({0, {1, 0, 0}})};
        stretch.pass(seconds, tip, place(t) - place(t - seconds));
        skin::Drawn drawn = stretch.drawn(tip.place, tip.normal);
        if (step % (steps_per_second / 60) == 0 && t >= 0.1)
            told.emplace_back(drawn.stretch, glm::length(drawn.shift));
    }
    return told;
}

TEST(Step, HalfAStepChangesTheStretchByLessThanOnePercent) {
    std::vector<glm::dvec2> whole = follow_stretch(120), half = follow_stretch(240);
    glm::dvec2 worst{0}, most{0};
    for (size_t i = 0; i < whole.size(); ++i) {
        worst = glm::max(worst, glm::abs(half[i] - whole[i]));
        most = glm::max(most, whole[i]);
    }
    fmt::print("half the step changes the stretch by {:.2f} %, the shift by {:.2f} % of their greatest\n",
               100 * worst.x / most.x, 100 * worst.y / most.y);
    EXPECT_LT(worst.x, 0.01 * most.x);
    EXPECT_LT(worst.y, 0.01 * most.y);
}

/// Greatest change of force or dent, and of depth, per 0.1 mm as the tip slides along, once the skin has
/// settled.
struct Jumps {
    double answer = 0, depth = 0;
};
Jumps slide(const face::FaceAsset& face, const skin::DeviceProfile& device, bool by_force, bool head) {
    skin::TipOnSkin tip(face, device, shipped_skin());
    skin::Touch touch;
    skin::Contact contact;
    Jumps jumps;
    double answer_before = 0, depth_before = 0;
    glm::dvec3 place_before{0};
    for (int step = 0; step < 400; ++step) {
        Way way = head ? on_cheek(step / 400.0)
                       : Way{{-25e-3 + 0.1e-3 * step, 3e-3 + 0.037e-3 * step, 0}, {0.03, 0.02, -1}};
        glm::dvec3 axis = glm::normalize(way.normal);
        skin::PenState pen{way.place, axis, 0.7};
        if (!by_force) pen.force.reset(), pen.tip += 1.3e-3 * axis;
        tip.update(pen, step == 0 ? 0.0 : 1.0 / 120, touch, contact);
        double answer = by_force ? contact.dent : contact.force, depth = 0;
        for (double clearance : touch.clearance)
            depth += std::max(0.0, 1e-3 - clearance) / double(touch.clearance.size());
        double way_mm = 1e4 * glm::distance(way.place, place_before);  // in 0.1 mm
        if (step > 200 || (head && step > 60)) {
            jumps.answer = std::max(jumps.answer, std::fabs(answer / answer_before - 1) / way_mm);
            jumps.depth = std::max(jumps.depth, std::fabs(depth / depth_before - 1) / way_mm);
        }
        answer_before = answer, depth_before = depth, place_before = way.place;
    }
    return jumps;
}

TEST(Slide, ForceAndDepthAreSmoothOnAUniformPad) {
    for (double opening : {0.0, 4e-3})
        for (bool by_force : {true, false}) {
            const skin::DeviceProfile device = skin_test::make_pen(opening);
            Jumps pads = slide(pad(), device, by_force, false),
                  head = slide(pad("demo-woman"), device, by_force, true);
            fmt::print(
                "opening {} mm: {} changes by {:.3f} %, depth by {:.3f} % per 0.1 mm at most on a pad; "
                "{:.3f} %, {:.3f} % on a cheek\n",
                1e3 * opening, by_force ? "dent" : "force", 100 * pads.answer, 100 * pads.depth,
                100 * head.answer, 100 * head.depth);
            EXPECT_LT(pads.answer, 0.005);
            EXPECT_LT(pads.depth, 0.005);
        }
}

}  // namespace
