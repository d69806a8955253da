#include "engine/input/keys_pen.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

namespace {

using input::KeysPen;
using input::KeysPenFigures;

const KeysPen::Field kField{16.0 / 9, 0.1, 0, 1};
const KeysPenFigures kFigures;

/// Metres from the middle, right and down.
glm::dvec2 metres(glm::dvec2 place) {
    return (place - 0.5) * glm::dvec2(kField.aspect, 1) * kField.metres_high;
}

/// After the arrows were held for so long, looked at so many times a second.
glm::dvec2 held(KeysPen& pen, glm::ivec2 way, double seconds, int rate) {
    pen.update(0, {0, 0}, kField);
    const int looks = static_cast<int>(seconds * rate) + 1;
    for (int i = 0; i < looks; ++i) pen.update(1e-3 + static_cast<double>(i) / rate, way, kField);
    return metres(pen.place());
}

TEST(InputKeys, a_tap_moves_the_pen_by_its_figure_whatever_the_rate) {
    for (const int rate : {15, 30, 60}) {
        KeysPen pen;
        EXPECT_NEAR(held(pen, {1, 0}, 0, rate).x, kFigures.tap, 1e-12) << rate;
        pen.update(1, {0, 0}, kField);
        EXPECT_NEAR(metres(pen.update(1.1, {0, -1}, kField)).y, -kFigures.tap, 1e-12);
    }
}

TEST(InputKeys, held_on_it_gathers_speed_up_to_that_of_a_glide) {
    KeysPen pen;
    pen.set_down(true);
    held(pen, {1, 0}, 1, 120);
    const double before = metres(pen.place()).x;
    for (int i = 1; i <= 12; ++i) pen.update(1.001 + i / 120.0, {1, 0}, kField);
    EXPECT_NEAR(metres(pen.place()).x - before, kFigures.glide * 0.1, 1e-9);
    KeysPen lifted;
    EXPECT_GT(held(lifted, {1, 0}, 0.6, 120).x, before) << "lifted it travels faster";
    // The way within the ramp is the same at any rate, up to one look's share of it.
    KeysPen slow, fast;
    slow.set_down(true), fast.set_down(true);
    EXPECT_NEAR(held(slow, {1, 0}, 0.5, 30).x, held(fast, {1, 0}, 0.5, 240).x, kFigures.glide / 30);
}

TEST(InputKeys, two_arrows_are_no_faster_than_one) {
    KeysPen one, two;
    EXPECT_NEAR(glm::length(held(one, {0, 1}, 0.2, 60)), glm::length(held(two, {1, -1}, 0.2, 60)), 1e-12);
}

TEST(InputKeys, the_pen_stays_on_what_is_seen_and_a_long_gap_is_no_way) {
    KeysPen pen;
    KeysPen::Field field = kField;
    field.left = 0.3, field.right = 0.7;
    for (int i = 0; i < 600; ++i) pen.update(i / 60.0, {1, 0}, field);
    EXPECT_EQ(pen.place().x, 0.7);
    pen.put({0.5, 0.5});
    pen.update(20, {0, 0}, field);
    pen.update(20.1, {0, 1}, field);
    const glm::dvec2 before = pen.place();
    EXPECT_EQ(pen.update(25, {0, 1}, field).y, before.y);
}

}  // namespace
