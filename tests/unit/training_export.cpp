#include "training/core/export.h"

#include "tests/unit/training_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace training {
namespace {

using training_test::flat_pad;

Stage pad_stage() {
    return training_test::stage_on(flat_pad(), {"pad"});
}

std::vector<std::vector<std::string>> rows_of(const std::string& csv) {
    std::vector<std::vector<std::string>> rows;
    std::istringstream lines(csv);
    for (std::string line; std::getline(lines, line);) {
        rows.emplace_back();
        std::istringstream fields(line + ",");
        for (std::string field; std::getline(fields, field, ',');) rows.back().push_back(field);
    }
    return rows;
}

/// Two samples at 1 s and 2 s with a contact record at each and one puncture in the middle of triangle 100.
Recording short_recording() {
    Recording recording;
    recording.header.case_id = "pad-flat";
    recording.header.started = "2026-11-21T01:02:03Z";
    recording.finished = true;
    for (uint32_t second : {1u, 2u}) {
        input::PenSample sample;
        sample.time_us = second * 1'000'000;
        sample.tip_nm[0] = -12'345'678;
        sample.axis_q30[2] = -(1 << 30);
        recording.samples.push_back(sample);
    }
    recording.contacts.push_back({1'500'000, 5, 1, 812, 1234, 455, 21'500, shared::kContactTouching});
    recording.punctures.push_back({1'250'000, 5, 100, 21845u | 21845u << 16, 480 | 455 << 16, 812 | 7 << 16});
    return recording;
}

TEST(Export, punctures_have_the_documented_columns_and_units) {
    Stage stage = pad_stage();
    Recording recording = short_recording();
    auto rows = rows_of(punctures_csv(recording, stage));
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0], (std::vector<std::string>{"time_s", "x_m", "y_m", "z_m", "zone", "cell", "depth_mm",
                                                 "tilt_deg", "force_n", "needle"}));
    ASSERT_EQ(rows[1].size(), 10u);
    EXPECT_EQ(rows[1][0], "1.250000");
    glm::dvec3 place = skin::puncture_position(*stage.face, recording.punctures[0]);
    for (int k = 0; k < 3; ++k)
        EXPECT_NEAR(*base::parse_number(rows[1][static_cast<size_t>(k) + 1]), place[k], 6e-7);
    EXPECT_EQ(rows[1][4], "pad");
    EXPECT_EQ(rows[1][5], "5");
    EXPECT_EQ(rows[1][6], "0.480");
    EXPECT_EQ(rows[1][7], "4.55");
    EXPECT_EQ(rows[1][8], "0.812");
    EXPECT_EQ(rows[1][9], "7");
}

TEST(Export, a_puncture_beside_every_cell_is_outside_and_has_no_cell) {
    Recording recording = short_recording();
    recording.punctures[0].cell = shared::kNoCell;
    auto rows = rows_of(punctures_csv(recording, pad_stage()));
    EXPECT_EQ(rows[1][4], "outside");
    EXPECT_EQ(rows[1][5], "");
}

TEST(Export, samples_tell_force_and_dent_as_simulated) {
    auto rows = rows_of(samples_csv(short_recording(), pad_stage()));
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0], (std::vector<std::string>{"time_s", "x_m", "y_m", "z_m", "axis_x", "axis_y", "axis_z",
                                                 "force_n", "dent_mm", "tilt_deg", "speed_m_s", "zone"}));
    EXPECT_EQ(rows[1][0], "1.000000");
    EXPECT_EQ(rows[1][1], "-0.012345678");
    EXPECT_EQ(rows[1][6], "-1.000000000");
    EXPECT_EQ(rows[1][7], "0.000") << "nothing touched before 1.5 s";
    EXPECT_EQ(rows[1][11], "outside");
    EXPECT_EQ(rows[2][7], "0.812");
    EXPECT_EQ(rows[2][8], "1.234");
    EXPECT_EQ(rows[2][9], "4.55");
    EXPECT_EQ(rows[2][10], "0.021500");
    EXPECT_EQ(rows[2][11], "pad");
}

TEST(Export, of_an_empty_recording_is_the_header_alone) {
    EXPECT_EQ(rows_of(punctures_csv({}, pad_stage())).size(), 1u);
    EXPECT_EQ(rows_of(samples_csv({}, pad_stage())).size(), 1u);
}

TEST(Export, xapi_is_one_completed_statement_with_a_scaled_score) {
    Score score;
    score.total = 8123;
    score.pass = true;
    score.evidence = base::sha256("some evidence");
    nlohmann::json statement = nlohmann::json::parse(xapi_json(short_recording(), score));
    EXPECT_EQ(statement["verb"]["id"], "http://adlnet.gov/expapi/verbs/completed");
    EXPECT_DOUBLE_EQ(statement["result"]["score"]["scaled"], 0.8123);
    EXPECT_DOUBLE_EQ(statement["result"]["score"]["raw"], 81.23);
    EXPECT_EQ(statement["result"]["success"], true);
    EXPECT_EQ(statement["result"]["completion"], true);
    EXPECT_EQ(statement["result"]["duration"], "PT2.00S");
    EXPECT_EQ(statement["timestamp"], "2026-11-21T01:02:03Z");
    EXPECT_EQ(statement["actor"]["objectType"], "Agent");
    EXPECT_EQ(statement["object"]["id"], "urn:evenhand:case:pad-flat");
    EXPECT_THAT(statement["id"].get<std::string>(),
                testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

TEST(Export, xapi_id_follows_from_the_evidence_alone) {
    Score a, b, c;
    a.evidence = b.evidence = base::sha256("some evidence");
    c.evidence = base::sha256("other evidence");
    b.total = 5000;
    auto id = [](const Score& score) {
        return nlohmann::json::parse(xapi_json(short_recording(), score))["id"];
    };
    EXPECT_EQ(id(a), id(b));
    EXPECT_NE(id(a), id(c));
}

TEST(Export, xapi_leaves_out_a_time_that_is_not_one) {
    Recording recording = short_recording();
    recording.header.started = "yesterday";
    EXPECT_FALSE(nlohmann::json::parse(xapi_json(recording, {})).contains("timestamp"));
}

}  // namespace
}  // namespace training
