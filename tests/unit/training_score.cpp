#include "training/core/score.h"

#include "tests/unit/training_stage.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace training {
namespace {

using training_test::flat_pad;
using training_test::places;

/// Full from 10 to 20, nothing at 4 and at 30.
constexpr Band kBand{4000, 10'000, 20'000, 30'000};

TEST(Points, are_full_in_the_target_and_fall_in_a_line_to_nothing) {
    EXPECT_EQ(points(kBand, 8, 10'000), 800);
    EXPECT_EQ(points(kBand, 8, 15'000), 800);
    EXPECT_EQ(points(kBand, 8, 20'000), 800);
    EXPECT_EQ(points(kBand, 8, 7000), 400);
    EXPECT_EQ(points(kBand, 8, 25'000), 400);
    EXPECT_EQ(points(kBand, 8, 22'500), 600);
    EXPECT_EQ(points(kBand, 8, 4000), 0);
    EXPECT_EQ(points(kBand, 8, 30'000), 0);
    EXPECT_EQ(points(kBand, 8, 3999), 0);
    EXPECT_EQ(points(kBand, 8, -1'000'000), 0);
    EXPECT_EQ(points(kBand, 8, 1'000'000'000), 0);
}

TEST(Points, are_rounded_to_the_nearest_hundredth) {
    EXPECT_EQ(points(kBand, 1, 9999), 100);  // 99.98
    EXPECT_EQ(points(kBand, 1, 4031), 1);    // 0.517
    EXPECT_EQ(points(kBand, 1, 4029), 0);    // 0.483
    EXPECT_EQ(points(kBand, 1, 4030), 1);    // 0.5: halves up
}

TEST(Points, never_rise_away_from_the_target) {
    int32_t last = 0;
    for (int64_t value = 3000; value <= 10'000; ++value) {
        EXPECT_GE(points(kBand, 14, value), last);
        last = points(kBand, 14, value);
    }
    for (int64_t value = 20'000; value <= 31'000; ++value) {
        EXPECT_LE(points(kBand, 14, value), last);
        last = points(kBand, 14, value);
    }
}

TEST(Points, of_a_band_without_a_warning_side_stop_at_its_edge) {
    constexpr Band edge{0, 0, 5000, 10'000};
    EXPECT_EQ(points(edge, 10, 0), 1000);
    EXPECT_EQ(points(edge, 10, -1), 0);
}

/// A pad with punctures and contacts written by hand, scored with a rubric of the measures asked for.
class Scoring : public testing::Test {
  protected:
    Scoring() : stage_(training_test::stage_on(flat_pad(), {"pad"})) {
        stage_.device.pins.assign(12, glm::dvec2(0));
        stage_.device.rate_hz = 100;
        rubric_ = *load_rubric(places(), "provisional");
        scope_ = *load_scope(places(), "medical");
        recording_.header.case_id = "pad-flat";
    }

    void fill(double per_cm2) {
        double owed = 0;
        const face::SurfaceCells& cells = stage_.face->cells;
        for (uint32_t cell = 0; cell < cells.size(); ++cell)
            for (owed += per_cm2 * cells.area_um2[cell] * 1e-8; owed >= 1; owed -= 1) {
                auto time_us = static_cast<uint32_t>(recording_.punctures.size() * 100);
                recording_.punctures.push_back({time_us, cell, 0, 0, 500 | 200 << 16, 800});
            }
    }
    void keep_only(const std::vector<std::string>& ids) {
        std::erase_if(rubric_.criteria, [&](const Criterion& c) {
            return std::find(ids.begin(), ids.end(), c.id) == ids.end();
        });
    }
    Score scored() const { return score(recording_, stage_, rubric_, scope_); }
    static const CriterionScore& line(const Score& score, const std::string& id) {
        return *std::find_if(score.criteria.begin(), score.criteria.end(),
                             [&](const CriterionScore& c) { return c.criterion.id == id; });
    }

    Stage stage_;
    Rubric rubric_;
    Scope scope_;
    Recording recording_;
};

TEST_F(Scoring, nothing_done_is_nothing_scored) {
    Score score = scored();
    EXPECT_EQ(score.total, 0);
    EXPECT_FALSE(score.pass);
    for (const CriterionScore& one : score.criteria) {
        bool coverage = one.criterion.measure == "coverage";
        EXPECT_EQ(one.verdict, coverage ? Verdict::critical : Verdict::not_assessed) << one.criterion.id;
        EXPECT_EQ(one.points.has_value(), coverage);
    }
}

TEST_F(Scoring, total_is_over_the_lines_that_could_be_assessed) {
    fill(2500);
    keep_only({"depth", "tilt", "force", "no_go"});  // force and no_go cannot be assessed here
    Score score = scored();
    EXPECT_EQ(line(score, "depth").points, 1000);
    EXPECT_EQ(line(score, "tilt").points, 400);
    EXPECT_EQ(line(score, "force").verdict, Verdict::not_assessed);
    EXPECT_EQ(score.total, 10'000);
    EXPECT_TRUE(score.pass);

    for (shared::Puncture& p : recording_.punctures)
        p.depth_tilt = 500 | 750 << 16;  // half-way through the warning
    score = scored();
    EXPECT_EQ(line(score, "tilt").points, 200);
    EXPECT_EQ(line(score, "tilt").verdict, Verdict::warning);
    EXPECT_EQ(score.total, 8571);  // 1200 of 1400
}

TEST_F(Scoring, one_critical_line_fails_whatever_the_total) {
    fill(2500);
    keep_only({"depth", "coverage"});
    EXPECT_TRUE(scored().pass);
    for (int i = 0; i < 21; ++i) recording_.punctures[static_cast<size_t>(i)].depth_tilt = 1600 | 200 << 16;
    Score score = scored();
    EXPECT_EQ(line(score, "depth").verdict, Verdict::critical);
    EXPECT_FALSE(line(score, "depth").reason.empty());
    EXPECT_GE(score.total, 9900);
    EXPECT_FALSE(score.pass);
}

TEST_F(Scoring, a_value_beyond_its_critical_bound_is_critical_and_says_why) {
    fill(2500);
    keep_only({"depth_steadiness"});
    for (size_t i = 0; i < recording_.punctures.size(); ++i)
        recording_.punctures[i].depth_tilt = (i % 2 ? 800u : 100u) | 200 << 16;  // CV 0.778
    Score score = scored();
    EXPECT_EQ(line(score, "depth_steadiness").verdict, Verdict::critical);
    EXPECT_NE(line(score, "depth_steadiness").reason.find("is above the limit of 0.45"), std::string::npos);
}

TEST_F(Scoring, a_warning_of_the_scope_keeps_points_but_not_the_target) {
    fill(2500);
    keep_only({"depth"});
    input::PenSample deep;
    deep.depth_um = 1600;
    recording_.samples = {deep};
    Score score = scored();
    EXPECT_EQ(line(score, "depth").points, 1000);
    EXPECT_EQ(line(score, "depth").verdict, Verdict::warning);
    EXPECT_TRUE(score.pass);
}

TEST_F(Scoring, a_line_below_its_floor_fails_whatever_the_total) {
    fill(2500);
    keep_only({"depth", "coverage", "tilt"});
    for (shared::Puncture& p : recording_.punctures) p.depth_tilt = 500 | 750 << 16;  // half of the tilt's points
    EXPECT_TRUE(scored().pass);
    EXPECT_EQ(scored().failures, std::vector<std::string>{});
    Criterion& tilt = *std::find_if(rubric_.criteria.begin(), rubric_.criteria.end(),
                                    [](const Criterion& c) { return c.id == "tilt"; });
    tilt.weight = 10;
    tilt.floor = 50'000;
    EXPECT_TRUE(scored().pass);  // exactly the floor
    tilt.floor = 50'001;
    Score score = scored();
    EXPECT_FALSE(score.pass);
    EXPECT_GE(score.total, rubric_.pass_mark);
    EXPECT_TRUE(line(score, "tilt").below_floor);
    EXPECT_FALSE(line(score, "depth").below_floor);
    ASSERT_EQ(score.failures.size(), 1u);
    EXPECT_EQ(score.failures[0], "Pen upright to the skin: 5.00 points, at least 5.01 are needed on this line");
    EXPECT_NE(score_text(score).find("below its floor of 5.01 points"), std::string::npos);
    EXPECT_NE(score_text(score).find(score.failures[0]), std::string::npos);
    EXPECT_EQ(score.gates, score.failures);
    rubric_.pass_mark = score.total + 1;
    score = scored();
    ASSERT_EQ(score.failures.size(), 2u);
    EXPECT_EQ(score.gates, std::vector{score.failures[0]}) << "a mean of totals makes up for a low one";
    EXPECT_NE(score.failures[1].find("the total of"), std::string::npos) << score.failures[1];
}

TEST_F(Scoring, what_was_not_assessed_is_not_below_its_floor) {
    fill(2500);
    keep_only({"depth", "force"});
    for (Criterion& criterion : rubric_.criteria) criterion.floor = 100'000;
    Score score = scored();
    EXPECT_EQ(line(score, "force").verdict, Verdict::not_assessed);
    EXPECT_FALSE(line(score, "force").below_floor);
    EXPECT_TRUE(score.pass);
}

TEST_F(Scoring, evidence_is_of_the_kind_that_the_rubric_shows) {
    fill(2500);
    keep_only({"tilt"});
    for (shared::Puncture& p : recording_.punctures) p.depth_tilt = 500 | 1500 << 16;
    auto shown = [&](EvidenceKind kind) {
        rubric_.criteria[0].evidence = kind;
        return line(scored(), "tilt").evidence;
    };
    EXPECT_FALSE(shown(EvidenceKind::both).cells.empty());
    EXPECT_FALSE(shown(EvidenceKind::both).spans.empty());
    EXPECT_TRUE(shown(EvidenceKind::cells).spans.empty());
    EXPECT_FALSE(shown(EvidenceKind::cells).cells.empty());
    EXPECT_TRUE(shown(EvidenceKind::spans).cells.empty());
    EXPECT_FALSE(shown(EvidenceKind::spans).spans.empty());
}

TEST_F(Scoring, bands_of_a_device_are_named_where_they_applied) {
    fill(2500);
    keep_only({"tilt"});
    for (shared::Puncture& p : recording_.punctures) p.depth_tilt = 500 | 750 << 16;
    rubric_.criteria[0].overrides.push_back(
        {"", "pen", {0, 0, 8000, 9000}, std::nullopt, std::nullopt, "A", "a test"});
    Score score = scored();
    EXPECT_EQ(line(score, "tilt").verdict, Verdict::target);
    EXPECT_EQ(line(score, "tilt").criterion.bands_for, "pen");
    EXPECT_NE(score_text(score).find("judged by the bands for pen"), std::string::npos);
    EXPECT_EQ(nlohmann::json::parse(score_json(score))["criteria"][0]["bands_for"], "pen");
    rubric_.criteria[0].overrides[0].device = "roller";
    EXPECT_EQ(line(scored(), "tilt").verdict, Verdict::warning);
}

/// Two prescribed zones of the dome, each punctured alike but for its tilt.
class ScoringZones : public Scoring {
  protected:
    ScoringZones() {
        stage_ = training_test::stage_on(training_test::dome(), {"cheek_left", "chin"});
        const face::SurfaceCells& cells = stage_.face->cells;
        for (uint32_t cell = 0; cell < cells.size(); ++cell) {
            if (cells.no_go_distance_um[cell] >= rubric_.no_go_margin_um) area_[cells.zone[cell]] += cells.area_um2[cell];
            uint32_t tilt_cdeg = cells.zone[cell] == 3 ? 200 : 600;
            if (cells.zone[cell] == 1 || cells.zone[cell] == 3)
                recording_.punctures.push_back({cell * 100, cell, 0, 0, 500 | tilt_cdeg << 16, 800});
        }
        keep_only({"tilt"});
        rubric_.criteria[0].weight = 10;
    }
    std::map<uint32_t, int64_t> area_;
};

TEST_F(ScoringZones, an_override_by_zone_judges_that_zone_alone_and_weighs_by_area) {
    Score plain = scored();
    EXPECT_TRUE(line(plain, "tilt").parts.empty());
    rubric_.criteria[0].overrides.push_back(
        {"chin", "", {0, 0, 1000, 3000}, std::nullopt, std::nullopt, "A", "a test"});
    Score score = scored();
    const CriterionScore& tilt = line(score, "tilt");
    EXPECT_EQ(tilt.value, line(plain, "tilt").value);
    ASSERT_EQ(tilt.parts.size(), 2u);
    EXPECT_EQ(tilt.parts[0].zone, "");
    EXPECT_EQ(tilt.parts[0].value, 6000);
    EXPECT_EQ(tilt.parts[0].points, 800);  // 6 between 5 and 10
    EXPECT_EQ(tilt.parts[1].zone, "chin");
    EXPECT_EQ(tilt.parts[1].value, 2000);
    EXPECT_EQ(tilt.parts[1].points, 500);  // 2 between 1 and 3
    int64_t area = area_[1] + area_[3];
    EXPECT_EQ(tilt.points, (2 * (800 * area_[1] + 500 * area_[3]) + area) / (2 * area));
    EXPECT_EQ(tilt.verdict, Verdict::warning);
    EXPECT_NE(score_text(score).find("chin: 2 deg, 5.00 of 10 points, warning"), std::string::npos);
}

TEST_F(ScoringZones, a_critical_limit_of_one_zone_fails_the_session) {
    rubric_.criteria[0].overrides.push_back({"chin", "", {0, 0, 500, 1000}, 1500, std::nullopt, "A", "a test"});
    Score score = scored();
    EXPECT_EQ(line(score, "tilt").verdict, Verdict::critical);
    EXPECT_EQ(line(score, "tilt").reason, "chin: 2 deg is above the limit of 1.5");
    EXPECT_FALSE(score.pass);
    rubric_.criteria[0].overrides[0].zone = "cheek";
    rubric_.criteria[0].overrides[0].critical_above = 7000;
    rubric_.criteria[0].overrides[0].band = {0, 0, 6000, 6000};
    EXPECT_EQ(line(scored(), "tilt").verdict, Verdict::target);
}

TEST_F(ScoringZones, the_same_bands_for_every_zone_score_as_one) {
    Score plain = scored();
    const Criterion tilt = rubric_.criteria[0];
    rubric_.criteria[0].overrides = {
        {"chin", "", tilt.band, std::nullopt, std::nullopt, "A", "a test"},
        {"cheek", "", tilt.band, std::nullopt, std::nullopt, "A", "a test"},
        {"forehead", "", {0, 0, 0, 0}, std::nullopt, std::nullopt, "A", "not on this face"}};
    Score score = scored();
    EXPECT_EQ(line(score, "tilt").parts.size(), 2u);
    EXPECT_EQ(line(score, "tilt").verdict, line(plain, "tilt").verdict);
    EXPECT_EQ(line(score, "tilt").evidence.cells, line(plain, "tilt").evidence.cells);
}

TEST_F(Scoring, depends_on_nothing_but_its_arguments) {
    fill(2000);
    EXPECT_EQ(score_json(scored()), score_json(scored()));
    std::string before = score_json(scored());
    recording_.header.started = "2026-01-01T00:00:00Z";
    recording_.header.program = "another";
    EXPECT_EQ(score_json(scored()), before);
}

TEST_F(Scoring, records_of_places_that_the_face_lacks_are_left_out) {
    fill(2000);
    std::string before = score_json(scored());
    recording_.punctures.push_back({4'000'000'000u, 4'000'000'000u, 0, 0, 500, 0});
    recording_.punctures.push_back({4'000'000'001u, 0, 4'000'000'000u, 0, 500, 0});
    recording_.contacts.push_back(
        {1, 0, 200, 500, 0, 0, 0, shared::kContactTouching | shared::kContactMotor});
    EXPECT_EQ(score_json(scored()), before);
    EXPECT_FALSE(check_fits(recording_, *stage_.face));
    recording_.punctures.resize(recording_.punctures.size() - 2);
    recording_.contacts.clear();
    EXPECT_TRUE(check_fits(recording_, *stage_.face));
}

TEST_F(Scoring, json_has_the_keys_of_the_contract) {
    fill(2500);
    for (uint32_t step = 1; step <= 600; ++step)
        recording_.contacts.push_back(
            {step * 8333, 0, 1, 810, 500, 200, 21'230, shared::kContactTouching | shared::kContactMotor});
    Score score = scored();
    nlohmann::json json = nlohmann::json::parse(score_json(score));
    auto keys = [](const nlohmann::json& object) {
        std::set<std::string> names;
        for (auto& [key, value] : object.items()) names.insert(key);
        return names;
    };
    using Names = std::set<std::string>;
    EXPECT_EQ(keys(json), (Names{"total", "pass", "pass_mark", "failures", "attempt", "finished", "held_off",
                                 "explain", "criteria", "zones", "hashes"}));
    EXPECT_EQ(json["total"], score.total);
    EXPECT_TRUE(json["total"].is_number_integer());
    EXPECT_TRUE(json["pass"].is_boolean());
    EXPECT_EQ(json["attempt"], 1);
    ASSERT_EQ(json["criteria"].size(), rubric_.criteria.size());
    for (const nlohmann::json& one : json["criteria"]) {
        EXPECT_EQ(keys(one), (Names{"id", "value", "unit", "points", "max", "verdict", "basis", "reason", "note", "floor",
                                    "below_floor", "bands_for", "parts", "evidence"}));
        EXPECT_TRUE(one["max"].is_number_integer());
        EXPECT_EQ(keys(one["evidence"]), (Names{"spans_s", "cells", "worst_cells"}));
        EXPECT_EQ(one["evidence"]["worst_cells"].size(), std::min<size_t>(16, one["evidence"]["cells"]));
        EXPECT_EQ(one["points"].is_null(), one["value"].is_null());
        EXPECT_TRUE(one["points"].is_null() || one["points"].is_number_integer());
        EXPECT_EQ(one["verdict"] == "not_assessed", one["value"].is_null());
    }
    auto criterion = [&](const std::string& id) {
        for (const nlohmann::json& one : json["criteria"])
            if (one["id"] == id) return one;
        return nlohmann::json();
    };
    EXPECT_DOUBLE_EQ(criterion("speed")["value"], 2.123);
    EXPECT_EQ(criterion("speed")["unit"], "cm/s");
    EXPECT_EQ(criterion("speed")["max"], 600);
    EXPECT_EQ(criterion("speed")["basis"], "D");
    EXPECT_DOUBLE_EQ(criterion("tilt")["value"], 2.0);
    ASSERT_EQ(json["zones"].size(), 1u);
    const nlohmann::json& zone = json["zones"][0];
    EXPECT_EQ(keys(zone), (Names{"id", "area_mm2", "punctures", "density_per_cm2", "coverage", "density_cv",
                                 "gini", "depth_mm", "force_n"}));
    EXPECT_EQ(zone["id"], "pad");
    EXPECT_EQ(zone["punctures"], recording_.punctures.size());
    EXPECT_NEAR(zone["density_per_cm2"].get<double>(), 2500, 1);
    EXPECT_DOUBLE_EQ(zone["depth_mm"], 0.5);
    EXPECT_DOUBLE_EQ(zone["force_n"], 0.8);
    EXPECT_DOUBLE_EQ(zone["coverage"], 1.0);
    EXPECT_EQ(keys(json["hashes"]), (Names{"evidence", "rubric", "face", "device", "scope", "response", "procedure"}));
    EXPECT_EQ(json["hashes"]["evidence"], recording_.evidence_hash().hex());
    EXPECT_EQ(json["hashes"]["face"], stage_.face->hash.hex());
    EXPECT_TRUE(json["hashes"]["response"].is_null());
}

TEST_F(Scoring, names_the_figures_of_response_and_procedure_that_it_used) {
    const track::ResponseModel response = *track::ResponseModel::load(places());
    const Procedure procedure = *Procedure::load(places());
    stage_.response = std::make_shared<track::ResponseModel>(response);
    stage_.procedure = std::make_shared<Procedure>(procedure);
    nlohmann::json hashes = nlohmann::json::parse(score_json(scored()))["hashes"];
    EXPECT_EQ(hashes["response"], response.hash.hex());
    EXPECT_EQ(hashes["procedure"], procedure.hash.hex());
    EXPECT_NE(hashes["response"], hashes["procedure"]);
}

TEST_F(Scoring, an_unfinished_session_says_so_and_names_what_was_kept) {
    recording_.finished = false;
    EXPECT_EQ(nlohmann::json::parse(score_json(scored()))["finished"], false);
    EXPECT_EQ(scored().evidence, recording_.evidence_hash());
    EXPECT_NE(score_text(scored()).find("unfinished"), std::string::npos);
    recording_.finished = true;
    EXPECT_EQ(nlohmann::json::parse(score_json(scored()))["finished"], true);
    EXPECT_EQ(score_text(scored()).find("unfinished"), std::string::npos);
}

TEST_F(Scoring, zones_without_punctures_say_null_and_not_zero) {
    nlohmann::json zone = nlohmann::json::parse(score_json(scored()))["zones"][0];
    EXPECT_EQ(zone["punctures"], 0);
    EXPECT_EQ(zone["coverage"], 0);
    for (const char* key : {"density_cv", "gini", "depth_mm", "force_n"})
        EXPECT_TRUE(zone[key].is_null()) << key;
}

TEST_F(Scoring, text_names_every_criterion_and_what_it_is_worth) {
    fill(2500);
    std::string text = score_text(scored());
    for (const Criterion& criterion : rubric_.criteria)
        EXPECT_NE(text.find(criterion.name), std::string::npos);
    EXPECT_NE(text.find("not a certificate"), std::string::npos);
}

}  // namespace
}  // namespace training
