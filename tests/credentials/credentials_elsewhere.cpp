// Badges and statements as others check them: by Digital Bazaar's libraries for verifiable credentials, a library for web
// tokens and Learning Locker's validator of statements, all from npm, in Node.js. Whatever texts a body puts in, the statements that our proof covers are those that their JSON-LD makes.

#include "tests/scenarios/npm.h"
#include "tests/scenarios/program.h"
#include "training/core/credential.h"
#include "training/core/jws.h"
#include "training/core/xapi.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using namespace training;

const fs::path kScripts = fs::path(EVENHAND_SOURCE_DIR) / "tests/credentials";
const fs::path kModules = fs::path(EVENHAND_BINARY_DIR) / "tests/credentials";

class Elsewhere : public testing::Test {
  protected:
    void SetUp() override {
        if (const std::string why = scenario::install_packages(kScripts, kModules); !why.empty()) GTEST_SKIP() << why;
        scenario::put_beside(kScripts / "check.mjs", kModules);
    }

    void add(const char* kind, const std::string& text) {
        jobs_.push_back({{kind, scratch_.write(fmt::format("{}.{}", jobs_.size(), kind), text)}});
    }

    /// What they say of each.
    std::vector<json> checked() {
        const auto looked = scenario::run({"node", (kModules / "check.mjs").string(), scratch_.write("jobs.json", jobs_.dump())}, {}, 300);
        EXPECT_EQ(looked.exit, 0) << looked.err;
        std::vector<json> told;
        std::istringstream lines(looked.out);
        for (std::string line; std::getline(lines, line);) told.push_back(json::parse(line));
        EXPECT_EQ(told.size(), jobs_.size());
        told.resize(jobs_.size(), {{"ok", nullptr}});
        return told;
    }

    static Award award() {
        return {.id = "0b3fa7a1-12ab-4c00-8000-00000000000f",
                .issuer = "Board of Aesthetic Nursing",
                .candidate = "K-17",
                .name = "Microneedling technique: training evidence",
                .description = "A simulated exam was passed.",
                .criteria = "Three attempts on the provisional rubric, by their mean.",
                .awarded = "2026-11-21T22:05:09Z",
                .rubric = base::sha256(std::string_view("rubric")),
                .evidence = base::sha256(std::string_view("evidence")),
                .total = 8103};
    }

    scenario::Scratch scratch_;
    const SecretKey body_ = SecretKey::generate();
    json jobs_ = json::array();
};

TEST_F(Elsewhere, BadgeHoldsByDigitalBazaarsLibraries) {
    std::vector<Award> awards(4, award());
    awards[1].certifies = true;
    awards[2].issuer = R"(Ärztekammer "Nord" \ 皮膚 <b>&amp;</b> {"@id":1})";
    awards[2].candidate = "ñ/ü #?% \"x\" <y>";
    awards[2].criteria = "a\u00a0b \u00ad c 😀 \\n _:b0 ^^<x> .";
    awards[3].total = 0;
    for (const Award& one : awards) add("badge", badge_json(one, body_));
    for (const json& told : checked()) EXPECT_TRUE(told.at("ok").get<bool>()) << told.dump();
}

TEST_F(Elsewhere, ChangedBadgeIsRefused) {
    json badge = json::parse(badge_json(award(), body_));
    badge["credentialSubject"]["result"][0]["value"] = "99.00";
    add("badge", badge.dump());
    json stolen = json::parse(badge_json(award(), body_));
    stolen["proof"]["proofValue"] = json::parse(badge_json(award(), SecretKey::generate()))["proof"]["proofValue"];
    add("badge", stolen.dump());
    for (const json& told : checked()) EXPECT_FALSE(told.at("ok").get<bool>());
}

TEST_F(Elsewhere, TokenHoldsByJose) {
    const auto made = scenario::run({"openssl", "genrsa", "2048"}, {}, 120);
    ASSERT_EQ(made.exit, 0) << made.err;
    const auto token = badge_jwt(award(), body_.public_key(), made.out);
    ASSERT_TRUE(token) << token.error().message;
    add("token", *token);
    std::string changed = *token;
    const size_t claims = changed.find('.') + 10;
    changed[claims] = changed[claims] == 'A' ? 'B' : 'A';
    add("token", changed);
    const auto told = checked();
    ASSERT_TRUE(told[0].at("ok").get<bool>()) << told[0].dump();
    EXPECT_FALSE(told[1].at("ok").get<bool>());
    const json payload = told[0].at("payload");
    EXPECT_EQ(payload.at("iss"), did_of(body_.public_key()));
    EXPECT_EQ(payload.at("jti"), "urn:uuid:" + award().id);
    EXPECT_EQ(payload.at("nbf"), 1795298709);  // date -ud 2026-11-21T22:05:09Z +%s
    EXPECT_EQ(payload.at("credentialSubject").at("result")[0].at("value"), "81.03");
    EXPECT_EQ(told[0].at("header").at("alg"), "RS256");
}

TEST_F(Elsewhere, StatementsHoldByLearningLockersValidator) {
    Recording recording;
    recording.header.case_id = "visit-anna-lines";
    recording.header.started = "2026-11-21T22:05:09Z";
    recording.header.source = "stylus \"x\"\xff";
    recording.finished = true;
    Score score;
    score.total = 8103;
    score.criteria.resize(1);
    score.criteria[0].criterion.id = "tilt", score.criteria[0].points = 7, score.criteria[0].value = 4200;
    for (const bool pass : {true, false}) {
        score.pass = pass;
        for (const XapiStatement& one : xapi_statements(recording, score, {.home = "https://school.example", .actor = "K/17 é", .platform = "Evenhand"}))
            add("statement", one.json);
    }
    ExamPackage package;
    package.id = "board-2026", package.title = "Practical exam \"é\"\n";
    ExamResult exam;
    exam.findings = {{"candidate", true, ""}};
    exam.mean = 8103;
    exam.attempts.resize(2);
    exam.attempts[1].ended = "2026-11-21T22:35:09Z";
    for (const bool pass : {true, false}) {
        exam.pass = pass;
        add("statement", xapi_statement(package, exam, {.home = "https://school.example", .actor = "K/17 é", .platform = "Evenhand"})->json);
    }
    json broken = json::parse(xapi_statements(recording, score, {.home = "https://school.example", .actor = "K", .platform = ""})[0].json);
    broken["verb"]["id"] = "passed";
    add("statement", broken.dump());
    std::vector<json> told = checked();
    ASSERT_EQ(told.size(), 11u);
    EXPECT_FALSE(told.back().at("ok").get<bool>()) << "a verb that is no IRI";
    told.pop_back();
    for (const json& one : told) EXPECT_TRUE(one.at("ok").get<bool>()) << one.dump();
}

TEST_F(Elsewhere, SignatureOfAStatementHoldsByJose) {
    const auto made = scenario::run({"openssl", "genrsa", "2048"}, {}, 120);
    ASSERT_EQ(made.exit, 0) << made.err;
    const auto key = RsaKey::from_pem(made.out);
    ASSERT_TRUE(key) << key.error().message;
    Recording recording;
    recording.header.case_id = "demo";
    const XapiStatement statement = xapi_statements(recording, {}, {.home = "https://school.example", .actor = "K-17", .platform = ""})[0];
    const SignedXapi sent = signed_xapi(statement, *key);
    const size_t end = sent.body.rfind("\r\n--"), start = sent.body.rfind("\r\n\r\n", end) + 4;
    const std::string signature = sent.body.substr(start, end - start);
    EXPECT_THAT(sent.body, testing::HasSubstr("X-Experience-API-Hash: " + base::sha256(std::string_view(signature)).hex()));
    add("token", signature);
    const json told = checked()[0];
    ASSERT_TRUE(told.at("ok").get<bool>()) << told.dump();
    EXPECT_EQ(told.at("payload"), json::parse(statement.json));
}

}  // namespace
