#include "training/core/metrics.h"

#include "engine/base/random.h"
#include "tests/unit/training_log.h"

#include <glm/glm.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

namespace training {
namespace {

using training_test::dome;
using training_test::kStep_us;
using training_test::kWorking;
using training_test::Log;
using training_test::flat_pad;
using training_test::places;

Log pad_log() {
    return Log(flat_pad(), {"pad"});
}

TEST(Metrics, depth_counts_the_share_inside_the_band_with_its_tolerance) {
    Log log = pad_log();  // band 250..750 µm, tolerance 50
    for (uint32_t depth_um : {199, 200, 500, 800, 801}) log.puncture(7, depth_um);
    Measurement depth = log("depth_in_band");
    EXPECT_EQ(depth.value, 60'000);
    EXPECT_FALSE(depth.critical);
    EXPECT_EQ(depth.evidence.cells, std::vector<uint32_t>{7});
}

TEST(Metrics, depth_judges_each_zone_by_its_own_band_and_prescribed_zones_only) {
    Log log(dome(), {"cheek_left", "chin"});
    for (uint32_t zone : {1u, 2u, 3u})
        log.puncture(log.cell_in(zone), 1200);  // cheek to 1300, eyelid not judged, chin to 1050
    EXPECT_EQ(log("depth_in_band").value, 50'000);
    log.prescribed[3] = 0;
    EXPECT_EQ(log("depth_in_band").value, 100'000);
}

TEST(Metrics, twenty_punctures_too_deep_are_forgiven_and_one_more_is_critical) {
    Log log = pad_log();  // critical above 1500 µm, tolerance 50
    for (int i = 0; i < 20; ++i) log.puncture(3, 1551);
    log.puncture(3, 1550);
    EXPECT_FALSE(log("depth_in_band").critical);
    log.puncture(3, 1551);
    Measurement depth = log("depth_in_band");
    EXPECT_TRUE(depth.critical);
    EXPECT_NE(depth.critical_reason.find("21 punctures in the pad"), std::string::npos);
}

TEST(Metrics, too_great_a_share_beyond_the_warning_depth_keeps_a_zone_from_the_target) {
    Log log = pad_log();  // to 750, warned above 1000 µm, tolerance 50
    for (int i = 0; i < 81; ++i) log.puncture(3, 1050);
    for (int i = 0; i < 9; ++i) log.puncture(3, 1051);
    EXPECT_EQ(log("depth_in_band").warning_reason, "");
    log.puncture(3, 1051);
    EXPECT_EQ(log("depth_in_band").warning_reason, "10 of 91 punctures in the pad deeper than 1000 µm, which asks for care");
    EXPECT_FALSE(log("depth_in_band").critical);
}

TEST(Metrics, needles_set_deeper_than_the_scope_allows_are_critical_from_that_moment) {
    Log log = pad_log();
    log.scope = *load_scope(places(), "arizona");       // 500 µm
    for (int i = 0; i < 30; ++i) log.puncture(3, 450);  // one each millisecond
    input::PenSample sample;
    sample.depth_um = 500;
    log.samples = {sample};
    EXPECT_FALSE(log("depth_in_band").critical);
    sample.time_us = 10'000;
    sample.depth_um = 501;
    log.samples.push_back(sample);  // 20 punctures follow: forgiven
    EXPECT_FALSE(log("depth_in_band").critical);
    log.samples[1].time_us = 9'000;
    Measurement depth = log("depth_in_band");
    EXPECT_TRUE(depth.critical);
    EXPECT_NE(depth.critical_reason.find("arizona"), std::string::npos);
    log.scope = *load_scope(places(), "medical");
    EXPECT_FALSE(log("depth_in_band").critical);
    EXPECT_TRUE(log("depth_in_band").warning_reason.empty());
    log.samples[1].depth_um = 1600;
    EXPECT_FALSE(log("depth_in_band").critical);
    EXPECT_NE(log("depth_in_band").warning_reason.find("record the reason"), std::string::npos);
}

TEST(Metrics, depth_steadiness_is_deviation_over_mean_weighted_by_punctures) {
    Log log(dome(), {"cheek_left", "chin"});
    for (int i = 0; i < 30; ++i) log.puncture(log.cell_in(1), i % 2 ? 600 : 400);  // CV 0.2
    for (int i = 0; i < 10; ++i) log.puncture(log.cell_in(3), 700);                // CV 0
    EXPECT_EQ(log("depth_cv").value, 150);
}

TEST(Metrics, tilt_is_the_median_over_punctures) {
    Log log = pad_log();
    for (uint32_t tilt_cdeg : {100, 900, 300, 200, 4000}) log.puncture(1, 500, tilt_cdeg);
    EXPECT_EQ(log("tilt_median").value, 3000);
    log.puncture(1, 500, 50);
    EXPECT_EQ(log("tilt_median").value, 2000);  // of an even number the lower of the two in the middle
    EXPECT_EQ(log("tilt_median").note, "95 % of punctures within 40.00 deg");
}

TEST(Metrics, tilt_is_critical_when_more_than_a_fifth_of_punctures_lean_too_far) {
    Log log = pad_log();
    for (int i = 0; i < 100; ++i) log.puncture(1, 500, i < 20 ? 2501 : 2500);
    EXPECT_FALSE(log("tilt_median").critical);
    log.punctures[50].depth_tilt = 500 | 2501 << 16;
    EXPECT_TRUE(log("tilt_median").critical);
}

TEST(Metrics, force_counts_steps_inside_the_band_with_motor_on_and_skin_under_it) {
    Log log = pad_log();  // soft: 500..1500 mN
    for (uint32_t force_mn : {499, 500, 1500, 1501}) log.contact(force_mn);
    log.contact(900, 50, shared::kContactTouching);  // motor off
    log.contact(0, 50, shared::kContactMotor);       // lifted
    log.contact(100, 50, kWorking, 0, 0);            // outside the zones
    Measurement force = log("force_in_band");
    EXPECT_EQ(force.value, 50'000);
    ASSERT_EQ(force.evidence.spans.size(), 1u);
    EXPECT_EQ(force.evidence.spans[0].begin_us, 0u);
    EXPECT_EQ(force.evidence.spans[0].end_us, 4 * kStep_us);
}

TEST(Metrics, force_over_bone_has_its_own_band) {
    Log log(dome(), {"cheek_left", "chin"});
    log.contact(400, 1, kWorking, 0, 1);  // soft: too light
    log.contact(400, 1, kWorking, 0, 3);  // bone: right
    EXPECT_EQ(log("force_in_band").value, 50'000);
    EXPECT_EQ(log("force_in_band").note, "peak 0.40 N; median 0.40 N over bone; median 0.40 N over soft tissue");
}

TEST(Metrics, pressing_hard_is_critical_when_held_half_a_second_or_beyond_the_peak) {
    auto critical = [](auto write) {
        Log log = pad_log();
        log.contact(900, 10);
        write(log);
        return log("force_in_band").critical;
    };
    EXPECT_FALSE(critical([](Log& log) { log.contact(3001, 59); }));
    EXPECT_TRUE(critical([](Log& log) { log.contact(3001, 61); }));
    EXPECT_FALSE(critical([](Log& log) { log.contact(3000, 500); }));
    EXPECT_FALSE(critical([](Log& log) { log.contact(3001, 50), log.contact(2999), log.contact(3001, 50); }));
    EXPECT_FALSE(critical([](Log& log) { log.contact(6000); }));
    EXPECT_TRUE(critical([](Log& log) { log.contact(6001); }));
    EXPECT_TRUE(critical([](Log& log) { log.contact(6001, 1, shared::kContactTouching); }))
        << "also with the motor off";
}

TEST(Metrics, force_steadiness_is_deviation_over_mean_weighted_by_time) {
    Log log(dome(), {"cheek_left"});
    log.contact(90, 12, kWorking, 0, 1);                                              // touches
    for (int i = 0; i < 300; ++i) log.contact(i % 2 ? 600 : 400, 1, kWorking, 0, 1);  // CV 0.2
    log.contact(777, 100, kWorking, 0, 3);                                            // CV 0
    log.contact(50, 12, kWorking, 0, 3);                                              // lifts
    EXPECT_EQ(log("force_cv").value, 150);
}

TEST(Metrics, force_steadiness_stays_exact_for_the_longest_session_and_the_greatest_forces) {
    Log log = pad_log();
    for (uint32_t i = 0; i < 1u << 19; ++i)
        log.contacts.push_back({i, 0, 1, i % 2 ? 65535u : 1u, 0, 0, 0, kWorking});
    EXPECT_NEAR(static_cast<double>(*log("force_cv").value), 65534.0 / 65536.0 * 1000, 1);
}

TEST(Metrics, speed_is_the_median_of_moving_contact) {
    Log log = pad_log();
    for (uint32_t speed_um_s : {2000, 2000, 2000, 15'000, 25'000, 30'000})
        log.contact(700, 1, kWorking, speed_um_s);
    EXPECT_EQ(log("glide_speed").value, 2500);  // 2 mm/s is standing still
    EXPECT_FALSE(log("glide_speed").critical);
}

TEST(Metrics, speed_is_critical_when_more_than_a_tenth_of_the_path_is_too_fast) {
    Log log = pad_log();
    log.contact(700, 27, kWorking, 20'000);  // 540 units of path
    log.contact(700, 1, kWorking, 60'000);   // 60 of 600: a tenth
    EXPECT_FALSE(log("glide_speed").critical);
    log.contacts.back().speed_um_s = 61'000;
    Measurement speed = log("glide_speed");
    EXPECT_TRUE(speed.critical);
    EXPECT_EQ(speed.evidence.spans.size(), 1u);
}

TEST(Metrics, densities_scale_with_pins_and_rate) {
    skin::DeviceProfile device;
    auto scaled = [&](size_t pins, double rate_hz) {
        device.pins.assign(pins, glm::dvec2(0));
        device.rate_hz = rate_hz;
        return density_targets(*load_rubric(places(), "provisional"), device).low;
    };
    EXPECT_EQ(scaled(12, 100), 1500u);
    EXPECT_EQ(scaled(12, 110), 1650u);
    EXPECT_EQ(scaled(36, 100), 4500u);
    EXPECT_EQ(scaled(6, 100), 750u);
}

TEST(Metrics, rollers_and_stamps_have_densities_of_their_own_and_nano_cones_count_in_passes) {
    const Rubric rubric = *load_rubric(places(), "provisional");
    const Scope scope = *load_scope(places(), "medical");
    for (const char* id : {"roller-192", "stamp-40"}) {
        const skin::DeviceProfile device = *skin::load_device(places(), id);
        const DensityTargets targets = density_targets(rubric_for(rubric, device, scope), device);
        EXPECT_EQ(targets.floor, 125u) << id;
        EXPECT_EQ(targets.low, 150u) << id;
        EXPECT_EQ(targets.high, 300u) << id;
        EXPECT_EQ(targets.most, 530u) << id;
    }
    // 49 cones at 110 Hz over 2.5 cm/s x 8 mm: 2695 a pass.
    const DensityTargets nano = density_targets(rubric, *skin::load_device(places(), "nano-49"));
    EXPECT_EQ(nano.low, 5 * 2695u);
    EXPECT_EQ(nano.high, 10 * 2695u);
    EXPECT_EQ(nano.floor, nano.low / 2);
    EXPECT_EQ(nano.most, 47911u);  // x 8000 / 4500
}

TEST(Metrics, a_rollers_fifteen_passes_are_dense_enough_and_a_pens_one_is_not) {
    Log log = pad_log();
    log.fill(225);
    EXPECT_EQ(log("density_in_band").value, 0);
    EXPECT_EQ(log("coverage").value, 0);
    log.device = *skin::load_device(places(), "roller-192");
    log.rubric = rubric_for(log.rubric, log.device, *load_scope(places(), "medical"));
    EXPECT_EQ(log("density_in_band").value, 100'000);
    EXPECT_EQ(log("coverage").value, 100'000);
    log.fill(400);
    EXPECT_TRUE(log("density_in_band").critical);  // 625 of 530
}

TEST(Metrics, skin_that_nobody_may_needle_is_not_missed) {
    // Every cell of the cheek but those nearer to the lid than the ring.
    Log log(dome(), {"cheek_left"});
    const face::SurfaceCells& cells = log.face->cells;
    log.fill(2500, [&](uint32_t cell) { return cells.zone[cell] == 1 && cells.no_go_distance_um[cell] >= 2000; });
    EXPECT_EQ(log("coverage").value, 100'000);
    EXPECT_EQ(log("density_in_band").value, 100'000);
    EXPECT_LE(*log("evenness").value, 20);
    EXPECT_TRUE(log("coverage").evidence.cells.empty());
    EXPECT_EQ(log("no_go").value, 0);
    // Who needles the ring all the same wins nothing there, and has it on another line.
    const Measurement before = log("evenness");
    for (uint32_t cell = 0; cell < cells.size(); ++cell)
        if (cells.zone[cell] == 1 && cells.no_go_distance_um[cell] < 2000) log.puncture(cell);
    EXPECT_EQ(log("evenness").value, before.value);
    EXPECT_EQ(log("coverage").value, 100'000);
    EXPECT_GT(*log("no_go").value, 0);
}

TEST(Metrics, coverage_tells_thin_from_thick_and_what_lies_beside) {
    Log log(dome(), {"cheek_left"});
    const face::SurfaceCells& cells = log.face->cells;
    log.fill(3000, [&](uint32_t cell) { return cells.zone[cell] == 1 && cells.neighbourhood[cell] % 10 != 3; });
    log.fill(3000, [&](uint32_t cell) { return cells.zone[cell] == 1 && cells.neighbourhood[cell] % 10 == 5; });
    for (int i = 0; i < 7; ++i) log.puncture(log.cell_in(3));
    const Measurement coverage = log("coverage");
    double area[3] = {};  // thin, thick, all
    for (uint32_t cell = 0; cell < cells.size(); ++cell) {
        if (cells.zone[cell] != 1 || cells.no_go_distance_um[cell] < 2000) continue;
        if (cells.neighbourhood[cell] % 10 == 3) area[0] += cells.area_um2[cell];
        if (cells.neighbourhood[cell] % 10 == 5) area[1] += cells.area_um2[cell];
        area[2] += cells.area_um2[cell];
    }
    double thin = 0, in_band = 0, thick = 0;
    ASSERT_EQ(std::sscanf(coverage.note.c_str(), "thin %lf %%, in band %lf %%, thick %lf %%", &thin, &in_band, &thick), 3);
    EXPECT_NEAR(thin, 100 * area[0] / area[2], 0.7);  // remains at the ring join a neighbour
    EXPECT_NEAR(thick, 100 * area[1] / area[2], 0.7);
    EXPECT_NEAR(thin + in_band + thick, 100, 0.11);
    EXPECT_THAT(coverage.note, testing::EndsWith("; 7 punctures outside the prescribed skin"));
    EXPECT_THAT(coverage.evidence.cells, testing::Contains(log.cell_in(3)));
    for (const uint32_t cell : coverage.evidence.cells)
        EXPECT_TRUE(cells.zone[cell] == 3 || cells.neighbourhood[cell] % 10 == 3 || cells.neighbourhood[cell] % 10 == 5 ||
                    cells.no_go_distance_um[cell] < 8000)  // what the ring leaves joins its neighbour
            << cell;
}

TEST(Metrics, evenness_tells_the_largest_gap_and_a_stamps_spacing) {
    Log log = pad_log();
    const face::SurfaceCells& cells = log.face->cells;
    log.fill(2500, [&](uint32_t cell) { return glm::length(cells.seed[cell]) > 6e-3; });
    // Needles in the middle of their cells, about a millimetre apart: the gap reaches to the first of them.
    const std::string note = log("evenness").note;
    const auto at = note.find("largest gap ");
    ASSERT_NE(at, std::string::npos) << note;
    EXPECT_NEAR(std::stod(note.substr(at + 12)), 12.5, 0.6) << note;
    EXPECT_THAT(note, testing::EndsWith("mm wide, on the pad"));
    log.device = *skin::load_device(places(), "stamp-40");
    EXPECT_THAT(log("evenness").note, testing::HasSubstr("Clark-Evans"));
}

TEST(Metrics, an_even_treatment_is_covered_dense_and_even) {
    Log log = pad_log();
    log.fill(2500);
    EXPECT_EQ(log("coverage").value, 100'000);
    EXPECT_TRUE(log("coverage").evidence.cells.empty());
    EXPECT_EQ(log("density_in_band").value, 100'000);
    EXPECT_FALSE(log("density_in_band").critical);
    EXPECT_LE(*log("evenness").value, 20);
    EXPECT_TRUE(log("evenness").evidence.cells.empty());
}

TEST(Metrics, coverage_is_the_true_area_of_the_treated_neighbourhoods) {
    Log log = pad_log();
    uint64_t area = 0, all = 0;
    const face::SurfaceCells& cells = log.face->cells;
    for (size_t k = 0; k < cells.neighbourhood_count(); ++k) {
        all += cells.neighbourhood_area_um2[k];
        if (k % 3 != 0) area += cells.neighbourhood_area_um2[k];
    }
    log.fill(2500, [&](uint32_t cell) { return cells.neighbourhood[cell] % 3 != 0; });
    Measurement coverage = log("coverage");
    EXPECT_NEAR(static_cast<double>(*coverage.value),
                1e5 * static_cast<double>(area) / static_cast<double>(all), 10);
    for (uint32_t cell : coverage.evidence.cells) EXPECT_EQ(cells.neighbourhood[cell] % 3, 0);
    EXPECT_TRUE(std::is_sorted(coverage.evidence.cells.begin(), coverage.evidence.cells.end()));
}

TEST(Metrics, a_prescribed_zone_left_out_counts_with_its_area) {
    Log log(dome(), {"cheek_left", "chin"});
    log.fill(2500, [&](uint32_t cell) { return log.face->cells.zone[cell] == 1; });
    double area[4] = {};
    for (uint32_t cell = 0; cell < log.face->cells.size(); ++cell)
        if (log.face->cells.no_go_distance_um[cell] >= 2000)
            area[log.face->cells.zone[cell]] += log.face->cells.area_um2[cell];
    double share = area[1] / (area[1] + area[3]);
    EXPECT_NEAR(static_cast<double>(*log("coverage").value), 1e5 * share, 60);
    EXPECT_NEAR(static_cast<double>(*log("density_in_band").value), 1e5 * share, 60);
    EXPECT_NEAR(static_cast<double>(*log("evenness").value), 1000 * (1 - share), 25);
    log.prescribed[3] = 0;
    EXPECT_EQ(log("coverage").value, 100'000);
}

TEST(Metrics, density_outside_the_band_of_the_device_does_not_count) {
    for (auto [per_cm2, value] : {std::pair{1400.0, 0}, std::pair{1600.0, 100'000},
                                  std::pair{4400.0, 100'000}, std::pair{4600.0, 0}}) {
        Log log = pad_log();
        log.fill(per_cm2);
        EXPECT_EQ(log("density_in_band").value, value) << per_cm2;
        log.device.rate_hz = 300;
        EXPECT_EQ(log("density_in_band").value, per_cm2 > 4500 ? 100'000 : 0)
            << per_cm2 << " with three times the strokes";
    }
}

TEST(Metrics, overworking_one_square_centimetre_is_critical_wherever_it_lies) {
    for (double centre : {0.0, 0.03}) {
        Log log = pad_log();
        auto inside = [&](uint32_t cell) {
            glm::dvec3 off = glm::abs(log.face->cells.seed[cell] - glm::dvec3(centre, centre, 0));
            return std::max(off.x, off.y) < 8e-3;
        };
        log.fill(2000, [&](uint32_t cell) { return !inside(cell); });
        log.fill(7500, inside);
        EXPECT_FALSE(log("density_in_band").critical);
        log.fill(1500, inside);
        Measurement density = log("density_in_band");
        EXPECT_TRUE(density.critical);
        EXPECT_NE(density.critical_reason.find("8000"), std::string::npos);
        ASSERT_FALSE(density.evidence.cells.empty());
        EXPECT_GE(density.evidence.cells.size(), 80u);
        EXPECT_LE(density.evidence.cells.size(), 180u);
    }
}

TEST(Metrics, a_tiny_spot_is_judged_by_the_square_centimetre_round_it) {
    Log log = pad_log();
    for (int i = 0; i < 7900; ++i) log.puncture(1234);
    EXPECT_FALSE(log("density_in_band").critical);
    for (int i = 0; i < 3000; ++i) log.puncture(1234);
    EXPECT_TRUE(log("density_in_band").critical);
}

TEST(Metrics, evenness_tells_two_densities_apart) {
    Log log = pad_log();  // half at 3000, half at 1000: CV 0.5, Gini 0.25
    const face::SurfaceCells& cells = log.face->cells;
    std::vector<uint8_t> dense(cells.neighbourhood_count(), 0);
    for (size_t k = 0; k < dense.size(); ++k) dense[k] = k % 2;
    log.fill(3000, [&](uint32_t cell) { return dense[cells.neighbourhood[cell]] != 0; });
    log.fill(1000, [&](uint32_t cell) { return dense[cells.neighbourhood[cell]] == 0; });
    Measurement evenness = log("evenness");
    EXPECT_NEAR(static_cast<double>(*evenness.value), 500, 12);
    EXPECT_FALSE(evenness.critical);
    Log worse = pad_log();  // half at 4000, half at 200: Gini 0.452
    worse.fill(4000, [&](uint32_t cell) { return dense[cells.neighbourhood[cell]] != 0; });
    worse.fill(200, [&](uint32_t cell) { return dense[cells.neighbourhood[cell]] == 0; });
    EXPECT_TRUE(worse("evenness").critical);
    EXPECT_FALSE(worse("evenness").evidence.cells.empty());
}

TEST(Metrics, directions_count_strokes_and_their_returns_once) {
    Log log = pad_log();
    for (double degrees : {0.0, 180.0, 45.0, 225.0, 90.0, -90.0}) log.stroke(degrees);
    EXPECT_EQ(log("directions").value, 3000);
    EXPECT_FALSE(log("directions").critical);
}

TEST(Metrics, directions_do_not_depend_on_where_the_first_one_points) {
    for (int turn = 0; turn < 180; turn += 7) {
        Log three = pad_log(), one = pad_log();
        for (double degrees : {0.0, 45.0, 90.0})
            for (double jitter : {-8.0, 0.0, 8.0}) three.stroke(turn + degrees, 0.01, jitter);
        for (double jitter : {-12.0, -6.0, 0.0, 6.0, 12.0}) one.stroke(turn, 0.01, jitter);
        EXPECT_EQ(three("directions").value, 3000) << turn;
        EXPECT_EQ(one("directions").value, 1000) << turn;
        EXPECT_TRUE(one("directions").critical) << turn;
    }
}

TEST(Metrics, a_direction_needs_a_fifth_of_the_path) {
    Log log = pad_log();
    log.stroke(0, 0.08);
    log.stroke(90, 0.018);
    EXPECT_EQ(log("directions").value, 1000);
    log.stroke(90, 0.01);
    EXPECT_EQ(log("directions").value, 2000);
}

TEST(Metrics, no_go_counts_punctures_near_the_border_and_fails_those_inside) {
    Log log(dome(), {"cheek_left"});
    const face::SurfaceCells& cells = log.face->cells;
    uint32_t near = UINT32_MAX, far = UINT32_MAX;
    for (uint32_t cell = 0; cell < cells.size(); ++cell) {
        if (cells.zone[cell] != 1) continue;
        if (cells.no_go_distance_um[cell] < 2000) near = cell;
        if (cells.no_go_distance_um[cell] > 4000) far = cell;
    }
    ASSERT_NE(near, UINT32_MAX);
    for (int i = 0; i < 5; ++i) log.puncture(near);
    for (int i = 0; i < 50; ++i) log.puncture(far);
    log.puncture(shared::kNoCell);
    Measurement ring = log("no_go");
    EXPECT_EQ(ring.value, 5000);
    EXPECT_FALSE(ring.critical);
    EXPECT_EQ(ring.evidence.cells, std::vector<uint32_t>{near});
    log.puncture(log.cell_in(2));
    EXPECT_TRUE(log("no_go").critical);
    EXPECT_EQ(log("no_go").value, 6000);
}

TEST(Metrics, no_go_is_not_assessed_where_there_is_none) {
    Log log = pad_log();
    log.puncture(3);
    EXPECT_EQ(log("no_go").value, std::nullopt);
}

TEST(Metrics, without_punctures_only_coverage_is_assessed_and_it_is_nothing) {
    Log log(dome(), {"cheek_left"});
    for (const std::string& name : measure_names()) {
        Measurement result = log(name);
        EXPECT_EQ(result.value.has_value(), name == "coverage") << name;
        EXPECT_FALSE(result.critical) << name;
    }
    EXPECT_EQ(log("coverage").value, 0);
}

TEST(Metrics, punctures_may_come_in_any_order) {
    Log log = pad_log();
    base::Random random(4);
    log.fill(2000);
    for (shared::Puncture& p : log.punctures)
        p.depth_tilt = (100 + random.below(1000)) | random.below(3000) << 16;
    Log shuffled = log;
    for (size_t i = shuffled.punctures.size() - 1; i > 0; --i)
        std::swap(shuffled.punctures[i], shuffled.punctures[random.below(static_cast<uint32_t>(i + 1))]);
    for (const std::string& name : measure_names()) {
        Measurement a = log(name), b = shuffled(name);
        EXPECT_EQ(a.value, b.value) << name;
        EXPECT_EQ(a.critical, b.critical) << name;
        EXPECT_EQ(a.note, b.note) << name;
        EXPECT_EQ(a.evidence.cells, b.evidence.cells) << name;
    }
}

TEST(Metrics, evidence_names_the_worst_cells_first_and_those_alike_in_rising_order) {
    Log log = pad_log();
    for (uint32_t cell : {7u, 9u, 5u, 9u, 5u, 9u, 3u}) log.puncture(cell, 1900);
    EXPECT_THAT(log("depth_in_band").evidence.cells, testing::ElementsAre(9u, 5u, 3u, 7u));

    // 2,500 everywhere but in a thin neighbourhood, a bare one and a thick one.
    Log area = pad_log();
    const face::SurfaceCells& cells = area.face->cells;
    area.fill(2500, [&](uint32_t cell) { return cells.neighbourhood[cell] != 40 && cells.neighbourhood[cell] != 80; });
    area.fill(800, [&](uint32_t cell) { return cells.neighbourhood[cell] == 40; });
    area.fill(7500, [&](uint32_t cell) { return cells.neighbourhood[cell] == 120; });
    std::vector<uint16_t> order;
    for (uint32_t cell : area("evenness").evidence.cells)
        if (order.empty() || order.back() != cells.neighbourhood[cell]) order.push_back(cells.neighbourhood[cell]);
    EXPECT_THAT(order, testing::ElementsAre(80, 120, 40));  // none, four times, a third
}

TEST(Metrics, evidence_keeps_every_span_the_longest_first_and_every_bad_cell) {
    Log log = pad_log();
    for (uint32_t i = 0; i < 40; ++i) {
        log.contact(900, 30);
        log.contact(100, 2 + i);
    }
    Evidence force = log("force_in_band").evidence;
    ASSERT_EQ(force.spans.size(), 40u);
    for (size_t i = 1; i < force.spans.size(); ++i)
        EXPECT_GE(force.spans[i - 1].end_us - force.spans[i - 1].begin_us,
                  force.spans[i].end_us - force.spans[i].begin_us);
    EXPECT_EQ(force.spans[0].end_us - force.spans[0].begin_us, 41 * kStep_us);

    Evidence coverage = log("coverage").evidence;  // nothing treated: every cell is bad
    EXPECT_EQ(coverage.cells.size(), log.face->cells.size());
    EXPECT_TRUE(std::is_sorted(coverage.cells.begin(), coverage.cells.end()));
}

}  // namespace
}  // namespace training
