#include "training/core/operator.h"

#include "tests/unit/training_stage.h"
#include "training/core/hand.h"
#include "training/core/score.h"
#include "training/core/stroke_plan.h"
#include "training/core/zone_chart.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

using namespace training;
using training_test::dome;
using training_test::flat_pad;
using training_test::pen;
using training_test::stage_on;

namespace {

std::vector<ZonePlan> plan(const face::FaceAsset& face, std::vector<uint8_t> zones, const PlanSettings& settings = {}) {
    base::Random random(1);
    return plan_strokes(face, pen(), zones, settings, random);
}

struct Spread {
    double mean, cv;  ///< punctures per cm² over 5 mm neighbourhoods, weighted with area
    double least;
};
/// Neighbourhoods nearer to no-go skin than `keep_off_um`, or reaching out of ±`rim` metres in x or y, are left out.
Spread spread_over(const face::FaceAsset& face, uint8_t zone, const std::vector<double>& density, double keep_off_um,
                   double rim = 1) {
    const face::SurfaceCells& cells = face.cells;
    std::vector<double> sum(cells.neighbourhood_count(), 0), area(sum.size(), 0);
    std::vector<uint8_t> near(sum.size(), 0);
    for (size_t i = 0; i < cells.size(); ++i) {
        if (cells.zone[i] != zone) continue;
        sum[cells.neighbourhood[i]] += density[i] * cells.area_um2[i];
        area[cells.neighbourhood[i]] += cells.area_um2[i];
        const bool beyond = std::max(std::fabs(cells.seed[i].x), std::fabs(cells.seed[i].y)) > rim;
        if (cells.no_go_distance_um[i] < keep_off_um || beyond) near[cells.neighbourhood[i]] = 1;
    }
    double total = 0, whole = 0, squares = 0, least = 1e9;
    for (size_t k = 0; k < sum.size(); ++k) {
        if (area[k] == 0 || near[k] != 0) continue;
        total += sum[k], whole += area[k], squares += sum[k] * sum[k] / area[k];
        least = std::min(least, sum[k] / area[k]);
    }
    const double mean = total / whole;
    return {mean, std::sqrt(std::max(0.0, squares / whole / (mean * mean) - 1)), least};
}

/// Median speed in cm/s, and mean force and tilt, of the samples that press.
struct Manner {
    double speed, force, force_cv, tilt, most_force;
    size_t pressing;
};
Manner manner_of(const Performance& performance, const face::FaceAsset& face) {
    std::vector<double> speeds;
    double force = 0, squares = 0, tilt = 0, most = 0;
    size_t count = 0;
    for (size_t i = 1; i < performance.samples.size(); ++i) {
        const input::PenSample &a = performance.samples[i - 1], &b = performance.samples[i];
        if (*a.force() <= 0 || *b.force() <= 0) continue;
        speeds.push_back(glm::length(b.tip() - a.tip()) / (b.time() - a.time()) * 100);
        const auto hit = face.index->closest(b.tip(), 1e-3);
        if (!hit) continue;
        const double cosine = -glm::dot(b.axis(), mesh::normal_at(face.mesh, hit->point));
        tilt += base::det::acos(cosine) * 180 / base::det::kPi;
        force += *b.force(), squares += *b.force() * *b.force(), most = std::max(most, *b.force());
        ++count;
    }
    std::nth_element(speeds.begin(), speeds.begin() + static_cast<std::ptrdiff_t>(speeds.size() / 2), speeds.end());
    const double n = static_cast<double>(count), mean = force / n;
    return {speeds[speeds.size() / 2], mean, std::sqrt(squares / n - mean * mean) / mean, tilt / n, most, count};
}

}  // namespace

TEST(ZoneChart, OfAFlatPadIsTrueToLength) {
    const auto pad = flat_pad();
    const ZoneChart chart(*pad, 1);
    ASSERT_EQ(chart.zone_cells().size(), pad->cells.size());
    double worst = 0;
    for (uint32_t cell = 0; cell < pad->cells.size(); cell += 37) {
        const glm::dvec3 flat = pad->cells.seed[cell] - pad->cells.seed[0];
        worst = std::max(worst, std::fabs(glm::length(chart.place(cell) - chart.place(0)) - glm::length(flat)));
    }
    EXPECT_LT(worst, 1e-4);  // on the plane every step is exact; only the frame's direction is averaged
}

TEST(ZoneChart, OfADomeKeepsDistancesFromItsMiddleAlongTheSkin) {
    const auto face = dome();
    const ZoneChart chart(*face, 1);
    const glm::dvec3 middle = chart.at(glm::dvec2(0))->position;
    for (uint32_t cell : chart.zone_cells()) {
        const double cosine = glm::dot(glm::normalize(middle), glm::normalize(face->cells.seed[cell]));
        const double arc = 80e-3 * base::det::acos(cosine);
        EXPECT_NEAR(glm::length(chart.place(cell)), arc, 1e-3 + 0.03 * arc);
    }
}

TEST(ZoneChart, SaysNothingBeyondTheSkin) {
    const ZoneChart chart(*flat_pad(), 1);
    EXPECT_TRUE(chart.at(glm::dvec2(0)).has_value());
    EXPECT_FALSE(chart.at(glm::dvec2(0.2, 0)).has_value());
}

TEST(StrokePlan, OnAFlatPadLaysDownWhatArithmeticSays) {
    const auto pad = flat_pad();
    PlanSettings settings;
    settings.evening = 0;
    settings.directions = {0};
    settings.fewest_passes = 1;
    const auto plans = plan(*pad, {1}, settings);
    ASSERT_EQ(plans.size(), 1u);
    // 100 mm in strips of about 5.8 mm: one stroke each, from edge to edge.
    const double count = static_cast<double>(plans[0].strokes.size());
    ASSERT_NEAR(count, 100 / 5.8, 1);
    double length = 0;
    for (const Stroke& stroke : plans[0].strokes) {
        length += glm::length(stroke.points.back().position - stroke.points.front().position);
        EXPECT_NEAR(stroke.points.front().inward.z, -1, 1e-9);
    }
    EXPECT_NEAR(length, count * 0.097, count * 0.002);  // 1.5 mm short of either edge
    // pins x rate / (speed x strip): the zone's own mean loses only what falls off the ends.
    const double expected = 12 * 110 / (0.022 * 0.1 / count) * 1e-4;
    const Spread spread = spread_over(*pad, 1, predicted_density(*pad, pen(), plans), 0);
    EXPECT_NEAR(spread.mean, expected, 0.06 * expected);
}

TEST(StrokePlan, ThreeDirectionsAreEvenAndMissNothing) {
    const auto pad = flat_pad();
    const Spread spread = spread_over(*pad, 1, predicted_density(*pad, pen(), plan(*pad, {1})), 0);
    EXPECT_GT(spread.mean, 2000);
    EXPECT_LT(spread.mean, 3500);
    EXPECT_LT(spread.cv, 0.08);
    EXPECT_GT(spread.least, 0.5 * spread.mean);
}

TEST(StrokePlan, KeepsNeedlesOffTheRingRoundNoGoSkin) {
    const auto face = dome();
    for (const ZonePlan& zone : plan(*face, {1, 3})) {
        for (const Stroke& stroke : zone.strokes) {
            for (const StrokePoint& point : stroke.points) {
                // True distance on the sphere to the island's rim.
                const glm::dvec3 n = glm::normalize(point.position);
                const double arc = base::det::acos(n.z) * 80e-3, flat = std::sqrt(n.x * n.x + n.y * n.y);
                const double u = flat > 0 ? arc * n.x / flat : 0, v = flat > 0 ? arc * n.y / flat : 0;
                const double off = std::sqrt((u - 15e-3) * (u - 15e-3) + (v - 20e-3) * (v - 20e-3)) - 12e-3;
                EXPECT_GT(off, pen().plate_radius + 1.0e-3);  // the island's edge is a staircase of 1.5 mm triangles
                const uint32_t cell = face->cells.find(point.position, -point.inward);
                ASSERT_NE(cell, face::kNoCell);
                EXPECT_GT(face->cells.no_go_distance_um[cell], 4500);
            }
        }
    }
}

TEST(StrokePlan, OnADomeIsEvenAwayFromNoGoSkinAndAcrossZoneBorders) {
    const auto face = dome();
    const auto density = predicted_density(*face, pen(), plan(*face, {1, 3}));
    for (uint8_t zone : {uint8_t{1}, uint8_t{3}}) {
        // No tip overhangs the sheet's edge, some 45 mm out, so the last millimetres before it get less.
        const Spread spread = spread_over(*face, zone, density, 6000, 40e-3);
        EXPECT_LT(spread.cv, 0.08) << int(zone);
        EXPECT_GT(spread.least, 0.6 * spread.mean) << int(zone);
    }
}

TEST(StrokePlan, StrokesLieOnTheSkinAndPointIntoIt) {
    const auto face = dome();
    for (const ZonePlan& zone : plan(*face, {1})) {
        for (const Stroke& stroke : zone.strokes) {
            ASSERT_GE(stroke.points.size(), 2u);
            for (size_t i = 0; i < stroke.points.size(); ++i) {
                const StrokePoint& p = stroke.points[i];
                EXPECT_LT(face->index->closest(p.position, 1e-3)->distance, 1e-9);
                EXPECT_LT(glm::dot(p.inward, glm::normalize(p.position)), -0.995);
                const glm::dvec3 last = stroke.points[i > 0 ? i - 1 : 0].position;
                EXPECT_LT(glm::length(p.position - last), 2e-3);
            }
        }
    }
}

TEST(StrokePlan, ForgottenStripsLeaveGaps) {
    const auto pad = flat_pad();
    PlanSettings careless;
    careless.missed = 0.25;
    careless.evening = 0;
    careless.directions = {0};
    careless.fewest_passes = 1;
    EXPECT_LT(spread_over(*pad, 1, predicted_density(*pad, pen(), plan(*pad, {1}, careless)), 0).least, 50);
}

TEST(Wander, HasMeanZeroAndUnitDeviationAndNoFastParts) {
    base::Random random(3);
    const Wander wander(random, 0.3, 4);
    double sum = 0, squares = 0, fastest = 0;
    const int count = 120'000;
    for (int i = 0; i < count; ++i) {
        const double value = wander.at(i / 120.0);
        sum += value, squares += value * value;
        fastest = std::max(fastest, std::fabs(wander.at(i / 120.0 + 1e-4) - value) / 1e-4);
    }
    EXPECT_NEAR(sum / count, 0, 0.02);
    EXPECT_NEAR(squares / count, 1, 0.03);
    EXPECT_LE(fastest, 2 * base::det::kPi * 4 * 7 * std::sqrt(2.0 / 7));  // all tones at the top of the band at once
}

TEST(Operator, SkillsHaveNamesAndOthersAreRefused) {
    EXPECT_EQ(*parse_skill("expert"), Skill::expert);
    EXPECT_EQ(*parse_skill("novice"), Skill::novice);
    const auto refused = parse_skill("Expert");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("use expert, intermediate, novice or a skill from 0 to 1"), std::string::npos);
}

TEST(Operator, MakesExactly120SamplesASecondFromTheStart) {
    const Performance performance = perform_operator(stage_on(flat_pad(), {"pad"}), Skill::expert, 5);
    ASSERT_GT(performance.samples.size(), 120u * 60);
    for (size_t i = 0; i < performance.samples.size(); ++i) {
        ASSERT_EQ(performance.samples[i].time_us, skin::step_end_us(i));
    }
}

TEST(Operator, IsTheSameForTheSameSeedAndNotForAnother) {
    const Stage stage = stage_on(dome(), {"cheek_left", "chin"});
    for (Skill skill : {Skill::expert, Skill::intermediate, Skill::novice}) {
        const Performance a = perform_operator(stage, skill, 11), b = perform_operator(stage, skill, 11);
        EXPECT_TRUE(a.samples == b.samples);
        EXPECT_TRUE(a.events == b.events);
        EXPECT_FALSE(perform_operator(stage, skill, 12).samples == a.samples);
    }
}

TEST(Operator, RunsTheMotorWheneverTheTipPresses) {
    const Performance performance = perform_operator(stage_on(dome(), {"cheek_left"}), Skill::novice, 2);
    EXPECT_EQ(performance.samples.front().motor, 0);
    EXPECT_EQ(performance.samples.back().motor, 0);
    for (const input::PenSample& sample : performance.samples) {
        ASSERT_TRUE(*sample.force() == 0 || sample.motor == 1);
    }
}

TEST(Operator, PressesOnTheSkinAndLiftsClearOfItBetweenStrokes) {
    const auto face = dome();
    const Performance performance = perform_operator(stage_on(face, {"chin"}), Skill::expert, 2);
    size_t lifts = 0;
    double highest = 0;
    for (const input::PenSample& sample : performance.samples) {
        if (*sample.force() > 0) {
            ASSERT_TRUE(face->index->closest(sample.tip(), 2e-6).has_value());
            lifts += highest > 4e-3;
            highest = 0;
        } else if (const auto hit = face->index->closest(sample.tip(), 50e-3)) {
            highest = std::max(highest, hit->distance);
        }
    }
    PlanSettings settings = make_hand(1.0).plan;
    EXPECT_EQ(lifts, plan(*face, {3}, settings)[0].strokes.size());
}

TEST(Operator, SetsEachZonesDepthWetsItAndHoldsMobileSkin) {
    const Performance performance = perform_operator(stage_on(dome(), {"cheek_left", "chin"}), Skill::expert, 2);
    std::vector<std::string> names;
    for (const input::ProcedureEvent& event : performance.events) names.push_back(event.name);
    names.erase(std::unique(names.begin(), names.end()), names.end());  // the grip moves from section to section
    EXPECT_EQ(names, (std::vector<std::string>{"prep_begin", "prep_consent", "prep_photo", "prep_cleanse", "prep_disinfect",
                                               "prep_gloves", "cartridge_new", "prep_medium", "glide_medium", "depth_mm", "traction_begin", "traction_end",
                                               "glide_medium", "depth_mm"}));
    EXPECT_EQ(performance.events[9].value, "0.75");
    for (size_t i = 1; i < performance.events.size(); ++i) {
        EXPECT_LE(performance.events[i - 1].time_us, performance.events[i].time_us);
    }
    for (const input::PenSample& sample : performance.samples) {
        ASSERT_TRUE(*sample.force() == 0 || sample.depth_um == 750);
    }
}

Stage with_device(const char* id) {
    Stage stage = training_test::small_pad();
    stage.device = *skin::load_device(training_test::places(), id);
    return stage;
}

TEST(Operator, AStampIsPressedLiftedAndMovedOn) {
    const Stage stage = with_device("stamp-40");
    const Performance performance = perform_operator(stage, Skill::expert, 3);
    size_t presses = 0;
    double most = 0;
    for (size_t i = 1; i < performance.samples.size(); ++i) {
        const input::PenSample &a = performance.samples[i - 1], &b = performance.samples[i];
        presses += *a.force() == 0 && *b.force() > 0;
        most = std::max(most, *b.force());
        const bool pressed = *a.force() > 0 && *b.force() > 0;
        ASSERT_TRUE(!pressed || b.tip() == a.tip()) << "it stands";
        EXPECT_EQ(b.motor, 0);
    }
    EXPECT_GT(most, 40 * 0.03);  // drives all pins in
    const Recording recording = training_test::record(stage, performance, "operator");
    EXPECT_GT(presses, 20u);
    // Now and then the hand leans so far that pins of 0.5 mm miss on the lifted side, or that the plate slips as it goes down.
    EXPECT_LE(recording.punctures.size(), 40 * presses);
    EXPECT_GT(recording.punctures.size(), 34 * presses);
    size_t torn = 0;
    for (const shared::Puncture& p : recording.punctures) torn += (shared::puncture_flags(p) & shared::kFlagScratch) != 0;
    EXPECT_LT(torn, recording.punctures.size() / 50);
}

TEST(Operator, ARollerGoesToAndFroOverEachStroke) {
    const Stage stage = with_device("roller-192");
    const Performance performance = perform_operator(stage, Skill::expert, 3);
    const Recording recording = training_test::record(stage, performance, "operator");
    // In the middle of the pad, 15 passes of 15.3 per cm², once more where strokes overlap.
    size_t middle = 0;
    for (const shared::Puncture& p : recording.punctures) {
        const glm::dvec3 place = skin::puncture_position(*stage.face, p);
        middle += std::fabs(place.x) < 6e-3 && std::fabs(place.y) < 6e-3;
    }
    const double density = static_cast<double>(middle) / 1.44;
    EXPECT_GT(density, 15 * 15.3);
    EXPECT_LT(density, 3 * 15 * 15.3);
    for (const input::ProcedureEvent& event : performance.events) EXPECT_NE(event.name, "depth_mm");
}

TEST(Operator, HandsDifferAsTheirSkillsDo) {
    const auto face = dome();
    const Stage stage = stage_on(face, {"chin"});
    const Manner expert = manner_of(perform_operator(stage, Skill::expert, 4), *face);
    const Manner middle = manner_of(perform_operator(stage, Skill::intermediate, 4), *face);
    const Manner novice = manner_of(perform_operator(stage, Skill::novice, 4), *face);
    EXPECT_GT(expert.speed, 1.5);
    EXPECT_LT(expert.speed, 3.0);
    EXPECT_GT(novice.speed, 4.0);
    EXPECT_LT(expert.tilt, 4.5);
    EXPECT_GT(novice.tilt, 7.0);
    EXPECT_LT(expert.force_cv, 0.25);
    EXPECT_GT(novice.force_cv, 0.4);
    EXPECT_LT(expert.most_force, 1.5);
    EXPECT_GT(novice.most_force, 3.0);
    EXPECT_GT(middle.speed, expert.speed);
    EXPECT_LT(middle.speed, novice.speed);
    EXPECT_GT(middle.tilt, expert.tilt);
    EXPECT_LT(middle.tilt, novice.tilt);
}

TEST(Operator, DoesNothingWhereTheCaseNamesNoZoneOfThisFace) {
    const Performance performance = perform_operator(stage_on(flat_pad(), {"forehead"}), Skill::expert, 1);
    EXPECT_TRUE(performance.samples.empty());
    EXPECT_TRUE(performance.events.empty());
}

TEST(Operator, ExpertPassesAndNoviceFailsTheProvisionalRubricByTwentyPoints) {
    const Stage stage = training_test::small_pad();
    const Rubric rubric = *load_rubric(training_test::places(), "provisional");
    const Scope scope = *load_scope(training_test::places(), "medical");
    for (uint64_t seed : {1, 2, 3}) {
        const auto total = [&](Skill skill) {
            return score(training_test::record(stage, perform_operator(stage, skill, seed), "operator"), stage, rubric, scope);
        };
        const Score expert = total(Skill::expert), novice = total(Skill::novice);
        EXPECT_TRUE(expert.pass) << score_text(expert);
        EXPECT_FALSE(novice.pass) << score_text(novice);
        EXPECT_GE(expert.total - novice.total, 2000);
    }
}
