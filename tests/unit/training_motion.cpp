#include "training/core/motion.h"

#include "engine/base/random.h"
#include "tests/unit/training_log.h"

#include <gtest/gtest.h>

#include <complex>

namespace training {
namespace {

using training_test::flat_pad;
using training_test::Log;

constexpr double kPi = 3.14159265358979323846;

/// SPARC by its definition, every frequency summed for itself.
double slow_sparc(const std::vector<double>& speeds, double rate_hz) {
    size_t n = 1;
    while (n < speeds.size()) n *= 2;
    n *= 16;
    std::vector<double> amplitude;
    for (size_t k = 0; static_cast<double>(k) * rate_hz / static_cast<double>(n) <= 10; ++k) {
        std::complex<double> sum = 0, turn = std::polar(1.0, -2 * kPi * static_cast<double>(k) / static_cast<double>(n));
        for (size_t i = speeds.size(); i-- > 0;) sum = sum * turn + speeds[i];
        amplitude.push_back(std::abs(sum));
    }
    double most = *std::max_element(amplitude.begin(), amplitude.end());
    size_t last = amplitude.size() - 1, first = 0;
    while (amplitude[last] < 0.05 * most) --last;
    while (amplitude[first] < 0.05 * most) ++first;
    double length = 0;
    for (size_t k = first; k < last; ++k)
        length += std::hypot(1.0 / static_cast<double>(last - first), (amplitude[k + 1] - amplitude[k]) / most);
    return -length;
}

std::vector<double> glide(double seconds, double rate_hz, double ripple = 0, double ripple_hz = 2) {
    std::vector<double> speeds;
    for (int k = 0; k <= static_cast<int>(seconds * rate_hz); ++k) {
        double t = k / rate_hz, since = std::min({t, seconds - t, 0.4}) / 0.4;
        speeds.push_back((0.5 - 0.5 * std::cos(kPi * since)) * (1 + ripple * std::sin(2 * kPi * ripple_hz * t)));
    }
    return speeds;
}

TEST(Sparc, agrees_with_a_plain_fourier_sum) {
    base::Random random(3);
    Smoothness smoothness;
    for (int round = 0; round < 12; ++round) {
        std::vector<double> speeds(40 + random.below(500));
        double level = 0;
        for (double& v : speeds) v = level = std::max(0.0, level + random.uniform(-0.1, 0.12));
        double rate = round % 2 ? 120 : 100;
        EXPECT_NEAR(smoothness.sparc(speeds, rate), slow_sparc(speeds, rate), 1e-9) << speeds.size();
    }
}

TEST(Sparc, has_the_values_of_the_clinical_table) {
    Smoothness smoothness;
    std::vector<double> reach;  // one minimum-jerk reach of a second
    for (int k = 0; k <= 100; ++k) {
        double t = k / 100.0;
        reach.push_back(30 * t * t * (1 - t) * (1 - t));
    }
    EXPECT_NEAR(smoothness.sparc(reach, 100), -1.41, 0.01);
    EXPECT_NEAR(smoothness.sparc(glide(3, 100), 100), -2.11, 0.03);
    EXPECT_NEAR(smoothness.sparc(glide(5, 100), 100), -2.26, 0.03);
    EXPECT_NEAR(smoothness.sparc(glide(3, 100, 0.3), 100), -2.34, 0.03);
    EXPECT_NEAR(smoothness.sparc(glide(5, 100, 0.3), 100), -2.71, 0.03);
    EXPECT_NEAR(smoothness.sparc(glide(3, 100, 0.6), 100), -2.67, 0.03);
}

TEST(Sparc, of_next_to_nothing_is_nothing) {
    Smoothness smoothness;
    EXPECT_EQ(smoothness.sparc({}, 120), 0);
    EXPECT_EQ(smoothness.sparc(std::vector<double>{1}, 120), 0);
    EXPECT_EQ(smoothness.sparc(std::vector<double>(300, 0.0), 120), 0);
}

TEST(Sparc, gap_of_an_even_speed_is_nothing_at_any_speed_and_of_a_glide_from_rest_hardly_anything) {
    Smoothness smoothness;
    for (uint32_t speed : {1u, 20'000u, 10'000'000u})
        for (size_t count : {121u, 200u, 480u})
            EXPECT_NEAR(smoothness.sparc_gap(std::vector<uint32_t>(count, speed)), 0, 1e-9) << speed << " " << count;
    for (double seconds : {1.5, 2.0, 3.0, 4.0}) {
        std::vector<uint32_t> speeds;
        for (double v : glide(seconds, 120)) speeds.push_back(static_cast<uint32_t>(v * 22'000));
        EXPECT_LT(std::fabs(smoothness.sparc_gap(speeds)), 0.15) << seconds;  // half of what is still full marks
    }
}

TEST(Sparc, gap_rises_with_ripple) {
    Smoothness smoothness;
    double before = 0;
    for (double ripple : {0.1, 0.2, 0.3, 0.4, 0.5, 0.6}) {
        std::vector<uint32_t> speeds;
        for (int k = 0; k < 360; ++k)
            speeds.push_back(static_cast<uint32_t>(22'000 * (1 + ripple * std::sin(2 * kPi * 2 * k / 120.0))));
        double gap = smoothness.sparc_gap(speeds);
        EXPECT_GT(gap, before) << ripple;
        before = gap;
    }
    EXPECT_GT(before, 0.4);
}

Log pad_log() {
    return Log(flat_pad(), {"pad"});
}

/// 3 s along x at 2 cm/s, the speed rippled at 2 Hz.
void rippled(Log& log, double y, double ripple) {
    log.glide(3, [&](double t) {
        double w = 2 * kPi * 2;
        return glm::dvec3(-0.03 + 0.02 * (t + ripple * (1 - std::cos(w * t)) / w), y, 0);
    });
    log.lift();
}

TEST(Motion, smoothness_is_the_median_of_the_strokes_gaps_to_an_even_glide) {
    Log log = pad_log();
    for (double ripple : {0.0, 0.0, 0.3, 0.5, 0.5}) rippled(log, 0, ripple);
    std::vector<uint32_t> speeds;
    for (int k = 0; k <= 360; ++k)
        speeds.push_back(static_cast<uint32_t>(1e6 * 0.02 * (1 + 0.3 * std::sin(2 * kPi * 2 * (k - 0.5) / 120.0))));
    std::vector<double> ideal = ideal_glide(361), faded = ideal;
    for (size_t i = 0; i < faded.size(); ++i) faded[i] *= speeds[i];
    double gap = slow_sparc(ideal, 120) - slow_sparc(faded, 120);
    EXPECT_NEAR(static_cast<double>(*log("sparc_gap").value), gap * 1000, 6);
    EXPECT_GT(gap, 0.1);
}

TEST(Motion, roughest_strokes_are_shown_first) {
    Log log = pad_log();
    for (double ripple : {0.0, 0.8, 0.95, 0.0}) rippled(log, 0, ripple);
    for (Criterion& criterion : log.rubric.criteria)
        if (criterion.measure == "sparc_gap") criterion.band.warn_high = 300;
    Measurement smooth = log("sparc_gap");
    ASSERT_EQ(smooth.evidence.spans.size(), 2u);
    EXPECT_NEAR(smooth.evidence.spans[0].begin_us * 1e-6, 7, 0.1);
    EXPECT_NEAR(smooth.evidence.spans[1].begin_us * 1e-6, 3.5, 0.1);
}

TEST(Motion, strokes_of_less_than_a_second_say_nothing_of_smoothness) {
    Log log = pad_log();
    log.line({0, 0, 0}, {0.018, 0, 0});
    EXPECT_EQ(log("sparc_gap").value, std::nullopt);
}

TEST(Motion, straight_glides_use_no_more_way_than_there_is_and_zigzags_what_they_add) {
    Log straight = pad_log();
    straight.line({-0.05, 0, 0}, {0.05, 0.02, 0});
    EXPECT_EQ(straight("path_ratio").value, 1000);
    Log zigzag = pad_log();  // at 60 degrees to and fro about x, legs of 5 mm: twice the way
    for (int i = 0; i < 16; ++i) {
        double x = -0.03 + i * 2.5e-3, high = 5e-3 * std::sqrt(0.75);
        glm::dvec3 from(x, i % 2 ? high : 0, 0), to(x + 2.5e-3, i % 2 ? 0 : high, 0);
        zigzag.line(from, to, 0.015);
    }
    EXPECT_NEAR(static_cast<double>(*zigzag("path_ratio").value), 2000, 60);
    Log spot = pad_log();
    spot.glide(10, [](double t) { return glm::dvec3(1e-3 * std::sin(9 * t), 0, 0); });
    EXPECT_GT(*spot("path_ratio").value, 5000);
    EXPECT_LE(*spot("path_ratio").value, 10'000);
    EXPECT_FALSE(spot("path_ratio").evidence.spans.empty());
}

TEST(Motion, idle_is_the_share_of_time_at_rest_on_the_skin_and_above_it) {
    Log log = pad_log();
    log.line({-0.03, 0, 0}, {0.03, 0, 0});                       // 3 s
    log.glide(1, [](double) { return glm::dvec3(0.03, 0, 0); });  // dwells
    log.lift(1);
    log.line({0.03, 0, 0}, {-0.03, 0, 0});
    Measurement idle = log("idle_share");
    // 2 s, less 0.05 s at either end: a window of 0.2 s holds so much of the way before and after.
    EXPECT_NEAR(static_cast<double>(*idle.value), 1e5 * 1.9 / 8.025, 150);
    ASSERT_EQ(idle.evidence.spans.size(), 1u);
    EXPECT_NEAR(idle.evidence.spans[0].begin_us * 1e-6, 3, 0.1);
    Log busy = pad_log();
    busy.line({-0.03, 0, 0}, {0.03, 0, 0});
    EXPECT_EQ(busy("idle_share").value, 0);
}

TEST(Motion, time_runs_from_touch_to_lift_without_long_pauses_and_scales_with_the_area) {
    Log log = pad_log();
    log.glide(30, [](double t) { return glm::dvec3(0.002 * t - 0.03, 0, 0); });
    log.lift(9);
    log.glide(21, [](double t) { return glm::dvec3(0.002 * t - 0.03, 0.01, 0); });
    log.lift(30);
    log.glide(30, [](double t) { return glm::dvec3(0.002 * t - 0.03, 0.02, 0); });
    double area_cm2 = 0;
    for (uint32_t area_um2 : log.face->cells.area_um2) area_cm2 += area_um2 * 1e-8;
    EXPECT_NEAR(area_cm2, 100, 0.1);
    EXPECT_NEAR(static_cast<double>(*log("needling_time").value), 1000 * 1.5 * 450 / area_cm2, 8);
    log.rubric.full_face_cm2 = 900;
    EXPECT_NEAR(static_cast<double>(*log("needling_time").value), 1000 * 1.5 * 900 / area_cm2, 16);
}

// --- Hand and needles ---

TEST(Tilt, p95_is_what_all_but_a_twentieth_stay_within) {
    Log log = pad_log();
    for (uint32_t i = 1; i <= 200; ++i) log.puncture(1, 500, i * 10);
    EXPECT_EQ(log("tilt_p95").value, 19'000);
    EXPECT_EQ(log("tilt_median").value, 10'000);
}

TEST(Tilt, p95_is_that_of_the_zone_that_fares_worst) {
    Log log(training_test::dome(), {"cheek_left", "chin"});
    auto cell_of = [&](uint32_t zone) {
        uint32_t cell = 0;
        while (log.face->cells.zone[cell] != zone) ++cell;
        return cell;
    };
    auto needle = [&](uint32_t zone, uint32_t count, uint32_t tilt_cdeg) {
        for (uint32_t i = 0; i < count; ++i) log.puncture(cell_of(zone), 500, tilt_cdeg);
    };
    needle(1, 50'000, 300), needle(3, 1000, 3000);
    EXPECT_EQ(log("tilt_median").value, 3000);
    EXPECT_EQ(log("tilt_p95").value, 30'000) << "a fiftieth of all, but all of the chin";
    log.punctures.resize(50'999);
    EXPECT_EQ(log("tilt_p95").value, 3000) << "fewer say nothing of a zone";
}

TEST(Traction, is_the_share_of_time_on_mobile_skin_that_is_stretched_enough_and_not_too_far) {
    Log log(training_test::dome(), {"cheek_left", "chin"});  // the cheek is mobile, the chin is not
    auto contact = [&](uint32_t permille, uint32_t steps, uint32_t zone) {
        log.contact(800, steps, training_test::kWorking | permille << 8, 20'000, zone);
    };
    contact(49, 100, 1);
    contact(50, 200, 1);
    contact(150, 300, 1);
    contact(151, 200, 1);
    contact(0, 1000, 3);
    Measurement traction = log("traction");
    EXPECT_EQ(traction.value, 62'500);
    EXPECT_FALSE(traction.critical);
    EXPECT_EQ(traction.evidence.spans.size(), 2u);
    EXPECT_EQ(traction.evidence.spans[0].end_us - traction.evidence.spans[0].begin_us, 200 * training_test::kStep_us);
}

TEST(Traction, is_critical_on_delicate_skin_alone) {
    auto face = [](const char* kind) {
        auto copy = std::make_shared<face::FaceAsset>();
        const face::FaceAsset& from = *training_test::dome();
        copy->id = from.id, copy->mesh = from.mesh, copy->zones = from.zones, copy->zone = from.zone, copy->cells = from.cells;
        copy->tissue = from.tissue;
        copy->zones[1].kind = kind;
        face::finish(*copy);
        return copy;
    };
    for (const char* kind : {"cheek", "neck", "periorbital"}) {
        Log log(face(kind), {"cheek_left"});
        log.contact(800, 81, training_test::kWorking | 100u << 8);
        log.contact(800, 319);
        EXPECT_FALSE(log("traction").critical) << kind;
        log.contact(800, 10);
        EXPECT_EQ(log("traction").critical, std::string(kind) != "cheek") << kind;
    }
}

TEST(Traction, is_not_assessed_where_no_skin_is_mobile) {
    Log log = pad_log();
    log.contact(800, 500);
    for (size_t zone = 0; zone < log.face->zones.size(); ++zone) ASSERT_FALSE(log.face->zones[zone].mobile);
    EXPECT_EQ(log("traction").value, std::nullopt);
}

}  // namespace
}  // namespace training
