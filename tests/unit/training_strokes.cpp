#include "training/core/strokes.h"

#include "engine/skin/needles.h"

#include "engine/base/random.h"
#include "tests/unit/training_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace training {
namespace {

using training_test::dome;
using training_test::flat_pad;
using training_test::kWorking;
using training_test::Log;

constexpr double kPi = 3.14159265358979323846;

Log pad_log() {
    return Log(flat_pad(), {"pad"});
}

glm::dvec3 at_degrees(double degrees) {
    return {std::cos(degrees * kPi / 180), std::sin(degrees * kPi / 180), 0};
}

std::vector<MadeStroke> strokes_of(const Log& log) {
    track::Tracker tallies(*log.face, log.rubric.no_go_margin_um);
    return made_strokes({*log.face, log.device, log.rubric, log.scope, log.punctures, log.contacts, log.samples, log.events,
                         tallies, log.prescribed});
}

TEST(Strokes, run_from_touch_to_lift_and_over_a_rim_that_skips) {
    Log log = pad_log();
    log.line({0, 0, 0}, {0.03, 0, 0});
    log.lift(0.2);
    log.line({0.03, 0.006, 0}, {0, 0.006, 0});
    log.lift(0.03);  // three steps
    log.line({0, 0.006, 0}, {0.01, 0.006, 0});
    std::vector<MadeStroke> strokes = strokes_of(log);
    ASSERT_EQ(strokes.size(), 2u);
    EXPECT_EQ(strokes[0].begin_us, 0u);
    EXPECT_EQ(strokes[0].end_us, log.contacts[strokes[0].last].time_us);
    EXPECT_EQ(strokes[0].places.size(), 181u);  // 1.5 s of 120 steps, and the one of the touch
    EXPECT_EQ(strokes[1].last, log.contacts.size() - 1);
    for (const MadeStroke& stroke : strokes)
        for (size_t i = 1; i < stroke.marks.size(); ++i) {
            double way = glm::length(stroke.marks[i].way);
            EXPECT_GE(way, 1e-3);
            EXPECT_LT(way, 1.2e-3);
        }
}

TEST(Strokes, need_contact_and_motor) {
    Log log = pad_log();
    log.glide(1, [](double t) { return glm::dvec3(0.02 * t, 0, 0); }, 800, shared::kContactTouching);
    log.glide(1, [](double t) { return glm::dvec3(0.02 * t, 0, 0); }, 0, shared::kContactMotor);
    EXPECT_TRUE(strokes_of(log).empty());
}

// --- Overlap ---

/// Lines along the pad's x, so far apart in y (m).
Log lines(const std::vector<double>& steps, bool lifted = true) {
    Log log = pad_log();
    double y = -0.05;
    for (size_t i = 0; i <= steps.size(); ++i) {
        double from = i % 2 ? 0.03 : -0.03;
        log.line({from, y, 0}, {-from, y, 0});
        if (lifted) log.lift();
        if (i == steps.size()) break;
        if (!lifted) log.line({-from, y, 0}, {-from, y + steps[i], 0});
        y += steps[i];
    }
    return log;
}

TEST(Overlap, is_what_the_tip_laps_over_of_its_width) {
    for (double apart : {4e-3, 5.8e-3, 7e-3, 10e-3, 12e-3}) {
        Measurement overlap = lines(std::vector<double>(8, apart))("stroke_overlap");
        EXPECT_NEAR(static_cast<double>(*overlap.value), 1e5 * (10e-3 - apart) / 10e-3, 20) << apart;
        EXPECT_EQ(overlap.critical, apart > 9.4e-3) << apart;  // 6.4 mm of needles and 3 mm
    }
}

TEST(Overlap, is_the_same_for_strokes_that_turn_back_without_a_lift) {
    std::vector<double> steps = {5e-3, 6e-3, 5.8e-3, 5.5e-3, 6.2e-3};
    EXPECT_NEAR(static_cast<double>(*lines(steps, true)("stroke_overlap").value),
                static_cast<double>(*lines(steps, false)("stroke_overlap").value), 100);
}

TEST(Overlap, is_the_median_over_strokes_and_gaps_are_critical_beyond_a_tenth) {
    std::vector<double> steps = {5e-3, 5e-3, 6e-3, 6e-3, 6e-3, 6e-3, 5e-3, 5e-3, 5e-3, 9.6e-3};
    Measurement overlap = lines(steps)("stroke_overlap");
    EXPECT_NEAR(static_cast<double>(*overlap.value), 40'000, 20);  // of an even number the lower in the middle
    EXPECT_FALSE(overlap.critical) << "one of ten";
    EXPECT_EQ(overlap.evidence.spans.size(), 1u);
    steps[3] = 9.6e-3;
    overlap = lines(steps)("stroke_overlap");
    EXPECT_TRUE(overlap.critical);
    EXPECT_NE(overlap.critical_reason.find("2 of 10"), std::string::npos);
}

TEST(Overlap, takes_a_line_gone_over_again_for_no_neighbour) {
    Log log = pad_log();
    for (int i = 0; i < 6; ++i)
        for (int again = 0; again < 3; ++again) {
            log.line({-0.03, i * 6e-3 + again * 2e-4, 0}, {0.03, i * 6e-3 + again * 2e-4, 0});
            log.lift();
        }
    EXPECT_NEAR(static_cast<double>(*log("stroke_overlap").value), 42'000, 20);  // 5.6, 5.8 and 6 mm to the last of the three before
}

TEST(Overlap, has_neighbours_of_the_same_direction_only) {
    Log log = pad_log();
    for (int i = 0; i < 6; ++i) {  // crosswise, one after the other, and each pair shifted by 6 mm
        log.line({-0.03, i * 6e-3, 0}, {0.03, i * 6e-3, 0});
        log.lift();
        log.line({i * 6e-3, -0.03, 0}, {i * 6e-3, 0.03, 0});
        log.lift();
    }
    EXPECT_NEAR(static_cast<double>(*log("stroke_overlap").value), 40'000, 20);
}

TEST(Overlap, of_a_single_stroke_or_a_spot_is_not_assessed) {
    Log log = pad_log();
    log.line({-0.03, 0, 0}, {0.03, 0, 0});
    EXPECT_EQ(log("stroke_overlap").value, std::nullopt);
    log.lift();
    log.glide(3, [](double) { return glm::dvec3(0.01, 0, 0); });
    EXPECT_EQ(log("stroke_overlap").value, std::nullopt);
}

// --- Directions ---

/// Skin round half a cylinder about the head's y axis, as a jaw: its normal turns from the patient's left to the right.
std::shared_ptr<const face::FaceAsset> half_tube() {
    static const std::shared_ptr<const face::FaceAsset> made = [] {
        auto asset = std::make_shared<face::FaceAsset>();
        asset->id = "half-tube";
        asset->zones = {{.id = "outside", .kind = "outside", .treatable = false}, {.id = "jawline_left", .kind = "jawline"}};
        constexpr int kAround = 60, kUp = 20;
        constexpr double kRadius = 50e-3;
        for (int j = 0; j <= kUp; ++j)
            for (int i = 0; i <= kAround; ++i) {
                double angle = (static_cast<double>(i) / kAround - 0.5) * 200 * kPi / 180;
                glm::dvec3 place(kRadius * std::sin(angle), 2e-3 * j, kRadius * std::cos(angle));
                for (int k = 0; k < 3; ++k) place[k] = 1e-6 * static_cast<double>(base::round_to_integer(1e6 * place[k]));
                asset->mesh.positions.push_back(place);
            }
        for (uint32_t j = 0; j < kUp; ++j)
            for (uint32_t i = 0; i < kAround; ++i) {
                uint32_t a = j * (kAround + 1) + i, b = a + 1, c = b + kAround + 1, d = c - 1;
                asset->mesh.triangles.insert(asset->mesh.triangles.end(), {{a, b, c}, {a, c, d}});
                asset->zone.insert(asset->zone.end(), 2, uint8_t{1});
            }
        mesh::compute_normals(asset->mesh);
        asset->tissue.assign(asset->mesh.vertex_count(), {100, 1200, 8000, 2000, 4500});
        const std::vector<uint8_t> no_go = {0, 0};
        asset->cells = face::divide_into_cells(asset->mesh, asset->zone, no_go);
        face::finish(*asset);
        return asset;
    }();
    return made;
}

/// Strokes on the half tube at so many degrees from round to up, spread evenly over it.
Log tube_log(const std::vector<double>& degrees) {
    Log log(half_tube(), {"jawline_left"});
    log.normal = [](glm::dvec3 p) { return glm::normalize(glm::dvec3(p.x, 0, p.z)); };
    constexpr double kRadius = 50e-3, kHalf = 87e-3;  // m round from the middle to either end
    for (double turn : degrees) {
        glm::dvec3 way = at_degrees(turn);
        for (double offset = -0.14; offset < 0.14; offset += 5e-3) {
            glm::dvec3 from = glm::dvec3(0, 20e-3, 0) + offset * at_degrees(turn + 90) - 0.14 * way;
            bool down = false;
            for (double s = 0; s < 0.28; s += 2e-4) {
                glm::dvec3 flat = from + s * way;
                bool on = std::fabs(flat.x) < kHalf && flat.y > 1e-3 && flat.y < 39e-3;
                if (!on && down) log.lift(0.1);
                down = on;
                if (!on) continue;
                double angle = flat.x / kRadius;
                glm::dvec3 tip(kRadius * std::sin(angle), flat.y, kRadius * std::cos(angle));
                log.move(tip);
                uint32_t cell = log.face->cells.find(tip, log.normal(tip));
                log.contacts.push_back({log.samples.back().time_us, cell, 1, 800, 500, 200, 24'000, kWorking});
            }
            if (down) log.lift(0.1);
        }
    }
    return log;
}

TEST(Directions, do_not_jump_where_skin_turns_sideways) {
    for (double turn : {0.0, 25.0, 60.0, 90.0}) {
        Measurement one = tube_log({turn})("directions");
        EXPECT_EQ(one.value, 1000) << turn;
        EXPECT_TRUE(one.critical) << turn;
    }
    Measurement two = tube_log({10, 100})("directions");
    EXPECT_GT(*two.value, 1970);  // but for corners that are crossed but once
    EXPECT_LE(*two.value, 2000);
    EXPECT_FALSE(two.critical);
    EXPECT_GT(*tube_log({0, 60, 120})("directions").value, 2900);
}

TEST(Directions, are_distinct_from_thirty_degrees_on) {
    for (double turn : {0.0, 17.0, 81.0, 160.0})
        for (auto [apart, count] : {std::pair{28.0, 1000}, std::pair{31.0, 2000}, std::pair{89.0, 2000}}) {
            Log log = pad_log();
            for (int i = -6; i <= 6; ++i)
                for (double degrees : {turn, turn + apart}) {
                    glm::dvec3 middle = at_degrees(degrees + 90) * (5e-3 * i);
                    log.line(middle - 0.03 * at_degrees(degrees), middle + 0.03 * at_degrees(degrees));
                    log.lift(0.1);
                }
            Measurement directions = log("directions");
            EXPECT_NEAR(static_cast<double>(*directions.value), count, count == 1000 ? 0 : 150) << turn << " " << apart;
        }
}

TEST(Directions, in_halves_of_a_zone_are_one_direction_each) {
    Log log = pad_log();
    for (int i = 0; i < 8; ++i) {
        double y = -0.02 + 5e-3 * i, x = 0.012 + 5e-3 * i;
        log.line({-0.05, y, 0}, {-0.012, y, 0});
        log.lift(0.1);
        log.line({x, -0.02, 0}, {x, 0.02, 0});
        log.lift(0.1);
    }
    Measurement directions = log("directions");
    EXPECT_LT(*directions.value, 1150);
    EXPECT_TRUE(directions.critical);
    EXPECT_FALSE(directions.evidence.cells.empty());
}

/// The definition again, slowly and on a plane: every neighbourhood against every mark.
int64_t slow_directions(const Log& log) {
    const face::SurfaceCells& cells = log.face->cells;
    std::vector<MadeStroke> strokes = strokes_of(log);
    double sum = 0, area = 0;
    for (size_t n = 0; n < cells.neighbourhood_count(); ++n) {
        glm::dvec3 centre(0);
        double own = 0;
        for (uint32_t cell = 0; cell < cells.size(); ++cell)
            if (cells.neighbourhood[cell] == n) centre += cells.seed[cell] * double(cells.area_um2[cell]), own += cells.area_um2[cell];
        centre /= own;
        std::map<int, double> rose;
        double total = 0;
        for (const MadeStroke& stroke : strokes)
            for (const StrokeMark& mark : stroke.marks) {
                if (mark.cell == shared::kNoCell || glm::length(mark.way) == 0) continue;
                if (glm::distance(cells.seed[mark.cell], centre) > 10e-3) continue;
                int degrees = static_cast<int>(std::lround(std::atan2(mark.way.y, mark.way.x) * 180 / kPi)) % 180;
                rose[(degrees + 180) % 180] += glm::length(mark.way);
                total += glm::length(mark.way);
            }
        if (total < 20e-3) continue;
        double all = total;
        int count = 0;
        auto apart = [](int a, int b) { return std::min(std::abs(a - b), 180 - std::abs(a - b)); };
        while (!rose.empty()) {
            int best = 0;
            std::pair<double, double> most{-1, -1};
            for (int c = 0; c < 180; ++c) {
                std::pair<double, double> near{0, 0};
                for (auto [bin, length] : rose)
                    if (apart(bin, c) <= 15) near.first += length, near.second += length * (16 - apart(bin, c));
                near.first = std::round(near.first * 1e6), near.second = std::round(near.second * 1e6);
                if (near > most) most = near, best = c;
            }
            double length = 0;
            std::erase_if(rose, [&](auto& entry) {
                bool with = apart(entry.first, best) < 30;
                length += with ? entry.second : 0;
                return with;
            });
            if (length < 0.2 * all - 1e-5 * all) break;
            ++count;
        }
        sum += count * own;
        area += own;
    }
    return std::lround(sum / area * 1000);
}

TEST(Directions, agree_with_a_slow_count_on_strokes_laid_at_random) {
    base::Random random(11);
    for (int round = 0; round < 3; ++round) {
        Log log = pad_log();
        for (int i = 0; i < 60; ++i) {
            double degrees = random.uniform(0, 180);
            glm::dvec3 middle(random.uniform(-0.03, 0.03), random.uniform(-0.03, 0.03), 0);
            log.line(middle - 0.015 * at_degrees(degrees), middle + 0.015 * at_degrees(degrees));
            log.lift(0.1);
        }
        EXPECT_NEAR(static_cast<double>(*log("directions").value), static_cast<double>(slow_directions(log)), 12);
    }
}

// --- Drag ---

TEST(Drag, is_the_way_that_is_both_hard_and_fast) {
    auto dragged = [](uint32_t force_mn, double speed) {
        Log log = pad_log();
        log.line({-0.04, 0, 0}, {0.04, 0, 0}, 0.02);
        log.lift();
        log.line({-0.04, 0.01, 0}, {0.04, 0.01, 0}, speed, force_mn);
        return *log("drag_path").value;
    };
    EXPECT_EQ(dragged(1900, 0.06), 0);
    EXPECT_EQ(dragged(2100, 0.04), 0);
    EXPECT_NEAR(static_cast<double>(dragged(2100, 0.06)), 8000, 60);
}

TEST(Drag, counts_needles_drawn_by_more_than_their_diameter) {
    Log log = pad_log();
    log.line({-0.04, 0, 0}, {0.04, 0, 0});
    for (shared::ContactRecord& record : log.contacts) record.flags |= 250u << 16;
    EXPECT_EQ(log("drag_path").value, 0);
    for (size_t i = 0; i < 120; ++i) log.contacts[i + 10].flags = kWorking | 251u << 16;
    EXPECT_NEAR(static_cast<double>(*log("drag_path").value), 2000, 5);
    EXPECT_EQ(log("drag_path").evidence.spans.size(), 1u);
}

TEST(Drag, of_a_roller_is_only_what_no_drum_does_of_itself) {
    const base::Places places = training_test::places();
    skin::DeviceProfile roller = *skin::load_device(places, "roller-192");
    const double deepest = 2 * skin::pin_sweep(roller.drum_radius + roller.pin_length, roller.pin_length);
    EXPECT_NEAR(deepest, 1.03e-3, 5e-6);
    const Rubric provisional = *load_rubric(places, "provisional");
    const Rubric judged = rubric_for(provisional, roller, *load_scope(places, "medical"));
    // Its own sweep with half a millimetre of slip across it.
    EXPECT_NEAR(roller.pin_diameter * judged.scratch_pins_e3 * 1e-3, std::sqrt(deepest * deepest + 0.5e-3 * 0.5e-3), 10e-6);
}

/// Passes to and fro over one line of 60 mm, the last ones `aside` (m).
Log passes(int count, double aside = 0, bool lifted = true) {
    Log log = pad_log();
    for (int i = 0; i < count; ++i) {
        double from = i % 2 ? 0.03 : -0.03, y = i < 2 ? 0 : aside;
        log.line({from, y, 0}, {-from, y, 0});
        if (lifted) log.lift(0.2);
    }
    return log;
}

TEST(Drag, counts_every_pass_over_a_line_gone_over_again_four_times) {
    EXPECT_EQ(passes(1)("drag_path").value, 0);
    EXPECT_EQ(passes(4)("drag_path").value, 0);
    EXPECT_NEAR(static_cast<double>(*passes(5)("drag_path").value), 5 * 6000, 5 * 150);
    EXPECT_NEAR(static_cast<double>(*passes(7)("drag_path").value), 7 * 6000, 7 * 150);
    EXPECT_NEAR(static_cast<double>(*passes(7, 0, false)("drag_path").value), 7 * 5800, 7 * 100)
        << "without a lift: within 1 mm of a turn there and back are one visit";
    EXPECT_EQ(passes(6, 0.8e-3)("drag_path").value, 0) << "two here and four beside";
}

TEST(Drag, takes_lines_that_cross_for_other_lines_and_leaves_rollers_their_passes) {
    Log log = pad_log();
    for (int i = 0; i < 9; ++i) {
        log.line(-0.03 * at_degrees(20 * i), 0.03 * at_degrees(20 * i));
        log.lift(0.2);
    }
    EXPECT_EQ(log("drag_path").value, 0);
    Log roller = passes(7);
    roller.device.kind = skin::DeviceKind::roller;
    EXPECT_EQ(roller("drag_path").value, 0);
}

TEST(Drag, of_an_hour_on_one_spot_is_found_in_seconds) {
    Log log = pad_log();
    for (uint32_t k = 1; k <= 420'000; ++k) {
        log.move({k % 2 ? 0.0 : 1.1e-3, 0, 0});
        log.contacts.push_back({log.samples.back().time_us, log.cell_in(1), 1, 800, 500, 200, 132'000, kWorking});
    }
    EXPECT_GT(*log("drag_path").value, 40'000'000);
}

}  // namespace
}  // namespace training
