#include "training/core/timeline.h"

#include "tests/unit/training_stage.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace training {
namespace {

shared::ContactRecord contact(uint32_t time_us, uint32_t force_mn, bool works = true, uint32_t zone = 1) {
    shared::ContactRecord record{};
    record.time_us = time_us;
    record.cell = shared::kNoCell;
    record.zone = zone;
    record.force_mn = force_mn;
    record.tilt_cdeg = 300;
    record.speed_um_s = 20'000;
    record.flags = shared::kContactTouching | (works ? shared::kContactMotor : 0);
    return record;
}

Rubric some_rubric() {
    Rubric rubric = *load_rubric(training_test::places(), "provisional");
    rubric.force_soft_low_mn = 500;
    rubric.force_soft_high_mn = 1000;
    rubric.force_bone_low_mn = 200;
    rubric.force_bone_high_mn = 400;
    return rubric;
}

using Level = RibbonBin::Level;

TEST(Timeline, bins_hold_what_lies_in_them_and_judge_it_by_the_zones_band) {
    const Ribbons ribbons(*training_test::dome(), some_rubric());
    const std::vector<shared::ContactRecord> contacts = {contact(0, 100), contact(99, 700), contact(100, 1001), contact(199, 700, false),
                                                         contact(200, 300), contact(300, 300, true, 3), contact(400, 5000)};
    const auto bins = ribbons.bins(Ribbon::force, contacts, {}, 0, 400, 4);
    ASSERT_EQ(bins.size(), 4u);
    EXPECT_EQ(bins[0].count, 2u);
    EXPECT_EQ(bins[0].below, 1u);
    EXPECT_EQ(bins[0].mean(), 400);
    EXPECT_EQ(bins[0].level(), Level::below);
    EXPECT_EQ(bins[1].count, 1u) << "the needles stood still in the other";
    EXPECT_EQ(bins[1].level(), Level::above);
    EXPECT_EQ(bins[2].level(), Level::below);
    EXPECT_EQ(bins[3].level(), Level::within) << "over bone, and the end does not belong to the span";
}

TEST(Timeline, a_stretch_is_out_of_its_band_from_more_than_a_quarter_on) {
    EXPECT_EQ((RibbonBin{0, 0, 0, 0}).level(), Level::none);
    EXPECT_EQ((RibbonBin{4, 1, 1, 0}).level(), Level::within);
    EXPECT_EQ((RibbonBin{3, 1, 0, 0}).level(), Level::below);
    EXPECT_EQ((RibbonBin{3, 1, 1, 0}).level(), Level::above);
}

TEST(Timeline, tilt_and_speed_are_judged_by_the_rubrics_lines_in_their_units) {
    const Ribbons ribbons(*training_test::dome(), some_rubric());
    EXPECT_EQ(ribbons.band(Ribbon::tilt, 1).low, 0);
    EXPECT_EQ(ribbons.band(Ribbon::tilt, 1).high, 500);
    EXPECT_EQ(ribbons.band(Ribbon::speed, 1).low, 15'000);
    EXPECT_EQ(ribbons.band(Ribbon::speed, 1).high, 30'000);
    EXPECT_EQ(ribbons.band(Ribbon::tilt, 99).low, INT64_MIN);
}

TEST(Timeline, punctures_are_judged_by_the_depth_band_of_their_cell) {
    const Rubric rubric = some_rubric();
    const std::shared_ptr<const face::FaceAsset> face = training_test::dome();
    const Ribbons ribbons(*face, rubric);
    const auto cell = static_cast<uint32_t>(std::ranges::find(face->cells.zone, 1) - face->cells.zone.begin());
    const DepthBand& band = rubric.depth.at("cheek");
    std::vector<shared::Puncture> punctures;
    for (const uint32_t depth : {band.low_um - rubric.depth_tolerance_um - 1, band.low_um, band.high_um + rubric.depth_tolerance_um + 1})
        punctures.push_back(shared::Puncture{static_cast<uint>(10 * punctures.size()), cell, 0, 0, static_cast<uint>(depth), 0});
    const auto bins = ribbons.bins(Ribbon::depth, {}, punctures, 0, 30, 3);
    EXPECT_EQ(bins[0].level(), Level::below);
    EXPECT_EQ(bins[1].level(), Level::within);
    EXPECT_EQ(bins[2].level(), Level::above);
}

TEST(Timeline, an_empty_span_has_empty_bins) {
    const Ribbons ribbons(*training_test::dome(), some_rubric());
    const std::vector<shared::ContactRecord> contacts = {contact(0, 100)};
    for (const RibbonBin& bin : ribbons.bins(Ribbon::force, contacts, {}, 5, 5, 3)) EXPECT_EQ(bin.count, 0u);
    EXPECT_TRUE(ribbons.bins(Ribbon::force, contacts, {}, 0, 5, 0).empty());
}

TEST(Timeline, a_lift_shorter_than_50_ms_does_not_end_a_stroke) {
    const uint32_t step = skin::step_end_us(1);
    std::vector<shared::ContactRecord> contacts = {contact(100'000, 500), contact(100'000 + step, 500), contact(150'000, 500),
                                                   contact(400'000, 500, false), contact(500'000, 500)};
    const std::vector<TimeSpan> strokes = stroke_spans(contacts);
    ASSERT_EQ(strokes.size(), 2u);
    EXPECT_EQ(strokes[0].begin_us, 100'000 - step);
    EXPECT_EQ(strokes[0].end_us, 150'000u);
    EXPECT_EQ(strokes[1].end_us, 500'000u);
}

TEST(Timeline, fault_rows_are_lines_that_lost_points_with_their_spans_in_order_critical_ones_first) {
    Score score;
    for (const Verdict verdict : {Verdict::target, Verdict::warning, Verdict::critical, Verdict::beyond}) {
        CriterionScore line;
        line.verdict = verdict;
        line.max = 1000;
        line.points = verdict == Verdict::target ? 1000 : 100;
        line.evidence.spans = {{50, 60}, {10, 20}};
        score.criteria.push_back(line);
    }
    score.criteria[3].evidence.spans.clear();
    const std::vector<FaultRow> rows = fault_rows(score);
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].criterion, 2u);
    EXPECT_EQ(rows[1].criterion, 1u);
    EXPECT_EQ(rows[0].spans[0].begin_us, 10u);
    EXPECT_EQ(rows[2].criterion, 3u) << "which no moment tells";
    EXPECT_TRUE(rows[2].spans.empty());
}

/// `lines` lines with `faults` faults each, of 10 ms every second; one line's begin 1 ms after those of the one before.
Score faulty_score(uint32_t lines, uint32_t faults) {
    Score score;
    for (uint32_t i = 0; i < lines; ++i) {
        CriterionScore line;
        line.verdict = i % 2 ? Verdict::warning : Verdict::critical;
        for (uint32_t k = faults; k > 0; --k) {
            const uint32_t begin = k * 1'000'000 + i * 1000;
            line.evidence.spans.push_back({begin, begin + 10'000});
        }
        score.criteria.push_back(line);
    }
    return score;
}

TEST(Timeline, every_fault_of_every_line_is_walked_in_order_of_time_both_ways) {
    constexpr uint32_t kLines = 12, kFaults = 50;
    const std::vector<FaultRow> rows = fault_rows(faulty_score(kLines, kFaults));
    ASSERT_EQ(rows.size(), kLines);
    const std::vector<uint32_t> moments = fault_moments(rows);
    std::vector<uint32_t> there, back;
    for (auto at = moment_after(moments, 0, true); at; at = moment_after(moments, *at, true)) there.push_back(*at);
    for (auto at = moment_after(moments, UINT32_MAX, false); at; at = moment_after(moments, *at, false)) back.push_back(*at);
    std::ranges::reverse(back);
    ASSERT_EQ(there.size(), kLines * kFaults);
    EXPECT_EQ(there, back);
    EXPECT_TRUE(std::ranges::is_sorted(there));
    for (uint32_t i = 0; i < kLines; ++i)
        for (uint32_t k = 1; k <= kFaults; ++k) EXPECT_EQ(std::ranges::count(there, k * 1'000'000 + i * 1000 + 5000), 1) << i << " " << k;
}

TEST(Timeline, faults_that_show_at_the_same_moment_are_one_stop) {
    const std::vector<FaultRow> rows = {{0, {{10, 20}, {30, 40}}}, {1, {{12, 18}, {100, 200}}}, {2, {}}};
    EXPECT_EQ(fault_moments(rows), (std::vector<uint32_t>{15, 35, 150}));
    EXPECT_FALSE(moment_after({}, 0, true));
    EXPECT_FALSE(moment_after({}, 0, false));
}

TEST(Timeline, a_row_is_wrong_within_its_spans_though_they_overlap) {
    const FaultRow row{0, {{10, 100}, {20, 30}, {200, 210}}};
    for (const auto& [time, wrong] : {std::pair{9u, false}, {10u, true}, {31u, true}, {100u, true}, {101u, false}, {205u, true}, {211u, false}})
        EXPECT_EQ(is_wrong_at(row, time), wrong) << time;
    EXPECT_FALSE(is_wrong_at({0, {}}, 5));
}

TEST(Timeline, a_moment_lies_in_one_stroke_or_between_them) {
    const std::vector<TimeSpan> strokes = {{10, 20}, {30, 40}, {41, 41}};
    for (const auto& [time, number] : {std::pair{10u, 0u}, {20u, 0u}, {30u, 1u}, {40u, 1u}, {41u, 2u}}) EXPECT_EQ(span_at(strokes, time), number) << time;
    for (const uint32_t between : {0u, 9u, 21u, 29u, 42u, UINT32_MAX}) EXPECT_FALSE(span_at(strokes, between)) << between;
    EXPECT_FALSE(span_at({}, 0));
}

TEST(Timeline, spans_nearer_than_a_picture_can_show_are_one_and_none_is_lost) {
    const std::vector<TimeSpan> spans = {{0, 100}, {10, 20}, {105, 110}, {120, 130}, {UINT32_MAX - 5, UINT32_MAX}};
    const std::vector<TimeSpan> joined = joined_spans(spans, 10);
    ASSERT_EQ(joined.size(), 3u);
    EXPECT_EQ(joined[0].end_us, 110u);
    EXPECT_EQ(joined[1].begin_us, 120u);
    EXPECT_EQ(joined_spans(spans, 0).size(), 4u) << "what overlaps is one all the same";
}

TEST(Timeline, tells_what_a_person_did_and_not_each_move_of_a_finger) {
    EXPECT_TRUE(is_told({0, "glide_medium", "cheek_left"}));
    EXPECT_TRUE(is_told({0, "traction_begin", ""}));
    EXPECT_TRUE(is_told({0, "end_point", "cheek_left"}));
    EXPECT_FALSE(is_told({0, "finger_place", "1 0 0 0 0 0 0"}));
    EXPECT_FALSE(is_told({0, "needle_begin", ""}));
    EXPECT_FALSE(is_told({0, "consult_ask", "pregnant"}));
}

}  // namespace
}  // namespace training
