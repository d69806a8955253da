#include "training/core/jws.h"
#include "training/core/utc.h"
#include "training/core/xapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace training {
namespace {

using Json = nlohmann::ordered_json;

Recording some_recording(bool finished = true) {
    Recording recording;
    recording.header.case_id = "demo";
    recording.header.started = "2026-11-21T23:59:58Z";
    recording.header.source = "mouse";
    recording.finished = finished;
    recording.samples.resize(2);
    recording.samples[1].time_us = 3'000'000;
    return recording;
}

Score some_score(bool pass = true) {
    Score score;
    score.total = 8123;
    score.pass = pass;
    score.evidence = base::sha256(std::string_view("evidence"));
    score.rubric = base::sha256(std::string_view("rubric"));
    CriterionScore line;
    line.criterion.id = "tilt", line.criterion.unit = "deg";
    line.value = 4200, line.points = 700, line.max = 800, line.verdict = Verdict::warning;
    score.criteria.push_back(line);
    line.criterion.id = "aftercare", line.value = {}, line.points = {}, line.verdict = Verdict::not_assessed;
    score.criteria.push_back(line);
    return score;
}

const XapiFrame kFrame{.home = "https://school.example", .actor = "K-17", .platform = "Evenhand 0.1.0"};

std::vector<std::string> verbs_of(const std::vector<XapiStatement>& statements) {
    std::vector<std::string> verbs;
    for (const XapiStatement& one : statements) verbs.push_back(Json::parse(one.json)["verb"]["display"]["en"]);
    return verbs;
}

TEST(Xapi, ASessionWasAttemptedScoredPassedOrFailedAndCompleted) {
    EXPECT_EQ(verbs_of(xapi_statements(some_recording(), some_score(), kFrame)), (std::vector<std::string>{"attempted", "scored", "passed", "completed"}));
    EXPECT_EQ(verbs_of(xapi_statements(some_recording(), some_score(false), kFrame)), (std::vector<std::string>{"attempted", "scored", "failed", "completed"}));
    EXPECT_EQ(verbs_of(xapi_statements(some_recording(false), some_score(), kFrame)), (std::vector<std::string>{"attempted", "scored"}));
}

TEST(Xapi, TheirFiguresAreTheScores) {
    const auto statements = xapi_statements(some_recording(), some_score(), kFrame);
    const Json scored = Json::parse(statements[1].json), passed = Json::parse(statements[2].json);
    EXPECT_EQ(scored["result"]["score"]["raw"], 81.23);
    EXPECT_EQ(scored["result"]["score"]["scaled"], 0.8123);
    const Json& criteria = scored["result"]["extensions"]["urn:evenhand:xapi:criteria"];
    EXPECT_EQ(criteria, Json::parse(R"({"tilt":{"points":7.0,"max":8.0,"verdict":"warning","value":4.2,"unit":"deg"}})")) << "what was not assessed is absent";
    EXPECT_EQ(passed["result"]["success"], true);
    EXPECT_EQ(passed["timestamp"], "2026-11-22T00:00:01Z");
    EXPECT_EQ(Json::parse(statements[0].json)["timestamp"], "2026-11-21T23:59:58Z");
}

TEST(Xapi, IdsAreTheSameEachTimeAndTellStatementsApart) {
    const auto once = xapi_statements(some_recording(), some_score(), kFrame), again = xapi_statements(some_recording(), some_score(), kFrame);
    std::set<std::string> ids;
    for (size_t i = 0; i < once.size(); ++i) {
        EXPECT_EQ(once[i].json, again[i].json);
        ids.insert(once[i].id);
    }
    XapiFrame other = kFrame;
    other.actor = "K-18";
    for (const XapiStatement& one : xapi_statements(some_recording(), some_score(), other)) ids.insert(one.id);
    EXPECT_EQ(ids.size(), 8u);
}

ExamPackage some_exam() {
    ExamPackage package;
    package.id = "board-2026", package.title = "Practical exam";
    package.hash = base::sha256(std::string_view("package"));
    return package;
}

/// Two attempts at it, of which nothing is objected to.
ExamResult some_result(bool pass = true) {
    ExamResult result;
    result.candidate = "K-17", result.mean = 8123, result.pass_mark = 8000, result.pass = pass;
    result.findings = {{"candidate", true, "K-17"}};
    result.rubric = base::sha256(std::string_view("rubric"));
    for (const int number : {1, 2}) {
        ExamAttempt& attempt = result.attempts.emplace_back();
        attempt.number = number, attempt.total = 8023 + 200 * (number - 1);
        attempt.started = fmt::format("2026-11-21T0{}:00:00Z", number), attempt.ended = fmt::format("2026-11-21T0{}:20:00Z", number);
        attempt.evidence = base::sha256(fmt::format("attempt {}", number));
    }
    return result;
}

TEST(Xapi, AnExamIsToldAsOneStatementOfTheMeanThatNamesItsAttempts) {
    for (const bool pass : {true, false}) {
        const auto statement = xapi_statement(some_exam(), some_result(pass), kFrame);
        ASSERT_TRUE(statement);
        const Json json = Json::parse(statement->json);
        EXPECT_EQ(json["id"], statement->id);
        EXPECT_EQ(json["verb"]["id"], pass ? "http://adlnet.gov/expapi/verbs/passed" : "http://adlnet.gov/expapi/verbs/failed");
        EXPECT_EQ(json["actor"]["account"]["name"], "K-17");
        EXPECT_EQ(json["result"], Json::parse(fmt::format(R"({{"score":{{"scaled":0.8123,"raw":81.23,"min":0,"max":100}},"success":{},"completion":true}})", pass)));
        EXPECT_EQ(json["object"]["id"], "urn:evenhand:exam:board-2026");
        EXPECT_EQ(json["context"]["contextActivities"]["grouping"][0]["id"], "urn:evenhand:package:board-2026:" + some_exam().hash.hex());
        EXPECT_EQ(json["timestamp"], "2026-11-21T02:20:00Z");
        const Json& attempts = json["context"]["extensions"]["urn:evenhand:xapi:attempts"];
        ASSERT_EQ(attempts.size(), 2u);
        Score second = some_score();
        second.evidence = base::sha256(std::string_view("attempt 2"));
        EXPECT_EQ(attempts[1]["registration"], Json::parse(xapi_statements(some_recording(), second, kFrame)[0].json)["context"]["registration"]) << "as its own statements have it";
        EXPECT_EQ(attempts[1]["raw"], 82.23);
    }
}

TEST(Xapi, AnExamsStatementIsTheSameEachTimeAndAnothersIsAnother) {
    const XapiStatement one = *xapi_statement(some_exam(), some_result(), kFrame);
    EXPECT_EQ(xapi_statement(some_exam(), some_result(), kFrame)->json, one.json);
    std::set<std::string> ids = {one.id, xapi_statement(some_exam(), some_result(false), kFrame)->id};
    ExamPackage resit = some_exam();
    resit.hash = base::sha256(std::string_view("another package"));
    ids.insert(xapi_statement(resit, some_result(), kFrame)->id);
    XapiFrame other = kFrame;
    other.actor = "K-18";
    ids.insert(xapi_statement(some_exam(), some_result(), other)->id);
    EXPECT_EQ(ids.size(), 4u);
}

TEST(Xapi, AnExamWithoutAVerdictIsNotTold) {
    ExamResult broken = some_result();
    broken.findings.push_back({"attempts", false, "of 3 attempts these are missing: 3"});
    EXPECT_FALSE(xapi_statement(some_exam(), broken, kFrame));
    EXPECT_FALSE(xapi_statement(some_exam(), ExamResult{}, kFrame));
    ExamResult cut = some_result(false);
    cut.attempts[1].cut_off = true, cut.attempts[1].ended.clear();
    const Json json = Json::parse(xapi_statement(some_exam(), cut, kFrame)->json);
    EXPECT_EQ(json["result"]["completion"], false);
    EXPECT_EQ(json["timestamp"], "2026-11-21T02:00:00Z");
}

TEST(Xapi, FramesThatNameNobodyAreRefused) {
    EXPECT_TRUE(check_frame(kFrame));
    for (const char* home : {"", "school", "school.example", "https:", "https://a b", ":x", "https://<x>"})
        EXPECT_FALSE(check_frame({.home = home, .actor = "K-17", .platform = ""})) << home;
    EXPECT_FALSE(check_frame({.home = "https://school.example", .actor = "", .platform = ""}));
}

TEST(Utc, IsReadAndWritten) {
    EXPECT_EQ(seconds_of("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(seconds_of("2026-11-21T22:05:09Z"), 1'795'298'709);
    for (const int64_t time : {int64_t{0}, int64_t{951'782'400}, int64_t{1'795'298'709}, int64_t{4'102'444'799}}) EXPECT_EQ(seconds_of(utc_of(time)), time);
    for (const char* none : {"", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T22:60:00Z", "2026-11-21 22:05:09Z",
                             "2026-11-21T22:05:09", "2026-11-21T22:05:09+01:00"})
        EXPECT_FALSE(seconds_of(none)) << none;
}

}  // namespace
}  // namespace training
