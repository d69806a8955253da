// The whole of what a store promises, on both kinds.

#include "tests/scenarios/records.h"
#include "training/records/schema.h"

#include <thread>

namespace {

using namespace records;
using namespace record_test;
using testing::ElementsAre;
using testing::HasSubstr;

template <typename Kind>
class Records : public testing::Test {
  protected:
    Kind kind_;
    Store store_ = set_up(kind_.text);
};
using Kinds = testing::Types<Sqlite, Postgres>;
TYPED_TEST_SUITE(Records, Kinds, KindNames);

TYPED_TEST(Records, AResultComesBackAsItWasHandedIn) {
    const SessionResult result = result_number(1);
    expect_done(this->store_.add(result));
    const auto back = this->store_.results_of(result.session.evidence);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_THAT(*back, ElementsAre(result));
    Store again = open_store(this->kind_.text);
    EXPECT_THAT(*again.results_of(result.session.evidence), ElementsAre(result));
}

TYPED_TEST(Records, TheSameResultTwiceIsOneRow) {
    const SessionResult result = result_number(1);
    expect_done(this->store_.add(result));
    expect_done(this->store_.add(result), Kept::known);
    SessionResult elsewhere = result;
    elsewhere.session.station = "room 3";
    elsewhere.session.recording = "/media/stick/1.evh";
    expect_done(this->store_.add(elsewhere), Kept::known);
    EXPECT_EQ(rows(this->store_), 1u);
}

TYPED_TEST(Records, AnotherResultUnderTheSameNameIsToldAndNothingChanges) {
    const SessionResult result = result_number(1);
    expect_done(this->store_.add(result));
    std::vector<SessionResult> others(6, result);
    others[0].session.candidate = "B-3";
    others[1].session.attempt = 2;
    others[2].score.total = 9999;
    others[3].score.document = "{}";
    others[4].session.started = "2026-11-21T09:30:06Z";
    others[5].session.kind = SessionKind::exam;
    for (const SessionResult& other : others) expect_refused(this->store_.add(other), "is kept already");
    EXPECT_THAT(*this->store_.results_of(result.session.evidence), ElementsAre(result));
    EXPECT_THAT(*this->store_.candidates(), ElementsAre(Candidate{"A-17", ""})) << "what came with a refused result stays out";
}

TYPED_TEST(Records, AnotherRubricAddsAScoreToTheSession) {
    const SessionResult result = result_number(1), strict = by_another_rubric(result);
    expect_done(this->store_.add(result));
    expect_done(this->store_.add(strict));
    expect_done(this->store_.add(strict), Kept::known);
    const auto listed = this->store_.list();
    ASSERT_EQ(listed->size(), 2u);
    EXPECT_EQ((*listed)[0].session, result.session);
    EXPECT_EQ((*listed)[1].session, result.session) << "the rubric that came first";
    EXPECT_NE((*listed)[0].rubric_id, (*listed)[1].rubric_id);
}

/// Two attempts, one with a gate, as training::exam_result() finds them.
SessionResult an_exam() {
    const std::string rubric = "id = \"provisional\"\n";
    training::ExamPackage package;
    package.id = "board-2026";
    training::ExamResult exam;
    exam.candidate = "K-17";
    exam.mean = 7950, exam.pass_mark = 8000;
    exam.rubric = base::sha256(std::string_view(rubric));
    exam.scope = base::sha256(std::string_view("scope"));
    for (int number = 1; number <= 2; ++number) {
        training::ExamAttempt& attempt = exam.attempts.emplace_back();
        attempt.number = number;
        attempt.total = number == 1 ? 7800 : 8100;
        attempt.source = number == 1 ? "mouse" : "stylus";
        attempt.device = "pen-12";
        attempt.started = fmt::format("2026-11-21T09:3{}:05Z", number);
        attempt.evidence = base::sha256(std::string_view(number == 1 ? "one" : "two"));
        if (number == 2) attempt.gates = {"too deep on the forehead"};
    }
    training::Rubric by;
    by.id = "provisional";
    by.version = "1";
    return exam_session(package, exam, by, rubric, {{}, "room 2", "/home/school/K-17"});
}

TYPED_TEST(Records, AnExamIsOneSessionWhoseScoreIsTheMeanOfItsAttempts) {
    const SessionResult exam = an_exam();
    expect_done(this->store_.add(exam));
    expect_done(this->store_.add(exam), Kept::known);
    const auto listed = this->store_.list();
    ASSERT_EQ(listed->size(), 1u);
    const Session& session = (*listed)[0].session;
    EXPECT_EQ(session.kind, SessionKind::exam);
    EXPECT_EQ(session.candidate, "K-17");
    EXPECT_EQ(session.case_id, "board-2026");
    EXPECT_EQ(session.device_id, "pen-12");
    EXPECT_EQ(session.source, "mouse, stylus");
    EXPECT_EQ(session.started, "2026-11-21T09:31:05Z");
    EXPECT_EQ((*listed)[0].score.total, 7950);
    EXPECT_FALSE((*listed)[0].score.pass);
    const auto back = this->store_.results_of(exam.session.evidence);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_THAT(*back, ElementsAre(exam));
    EXPECT_THAT((*back)[0].score.document, HasSubstr("attempt 2: too deep on the forehead"));
    const auto sent = result_from_json(to_json(exam));
    ASSERT_TRUE(sent) << sent.error().message;
    EXPECT_EQ(*sent, exam) << "on its way to a school's server";
    expect_done(this->store_.decide(decision_on(exam, "void", "power cut in attempt 2")));
}

TYPED_TEST(Records, ASessionOfNobodyIsKept) {
    expect_done(this->store_.add(result_number(1, "")));
    EXPECT_EQ((*this->store_.list())[0].session.candidate, "");
    EXPECT_TRUE(this->store_.candidates()->empty());
}

// Letters that mean something to SQL, to formats, to shells and to screens.
const std::vector<std::string>& hostile() {
    static const std::vector<std::string> texts = {"'; DROP TABLE session; --", "' OR '1'='1", "\"; DELETE FROM score; --", "$1", "?1", "%s%n{}",
                                                   "\\'; SELECT pg_sleep(9); --", "$$; DROP SCHEMA evenhand CASCADE; $$", "NULL", "=1+1",
                                                   "Zoë 王 😀 نادین", "E'\\x00'", "a,b;c\"d\"", "');--"};
    return texts;
}

TYPED_TEST(Records, HostileTextsComeBackLetterByLetterFromEveryField) {
    int number = 0;
    for (const std::string& text : hostile()) {
        SessionResult result = result_number(++number, text);
        result.rubric.text = text;
        result.rubric.id = result.rubric.version = text;
        result.rubric.hash = result.session.rubric = result.score.rubric = hash_of(text);
        result.session.case_id = result.session.device_id = result.session.started = text;
        result.session.source = result.session.station = result.session.recording = result.score.document = text;
        expect_done(this->store_.add(result));
        EXPECT_THAT(*this->store_.results_of(result.session.evidence), ElementsAre(result)) << text;
        const Decision decision = decision_on(result, "void", text, {}, text);
        expect_done(this->store_.decide(decision));
        EXPECT_THAT(*this->store_.decisions_of(result.session.evidence), ElementsAre(decision)) << text;
        const Candidate candidate{text, text};
        expect_done(this->store_.enrol({&candidate, 1}));
        const auto found = this->store_.list({text, text, {}});
        ASSERT_TRUE(found) << found.error().message;
        ASSERT_EQ(found->size(), 1u) << text;
        EXPECT_EQ((*found)[0].session.evidence, result.session.evidence);
        EXPECT_FALSE(this->store_.find(text)) << text;
        EXPECT_TRUE(this->store_.results_of(text)->empty());
        EXPECT_TRUE(this->store_.decisions_of(text)->empty());
    }
    EXPECT_EQ(rows(this->store_), hostile().size());
    EXPECT_EQ(this->store_.candidates()->size(), hostile().size());
}

/// Every text of a result, by name, with the most bytes it may have.
std::vector<std::tuple<std::string, std::string*, size_t>> texts_of(SessionResult& r) {
    return {{"case", &r.session.case_id, kMostName},        {"device", &r.session.device_id, kMostName},
            {"start", &r.session.started, kMostName},       {"source", &r.session.source, kMostSource},
            {"candidate's code", &r.session.candidate, kMostCode}, {"station", &r.session.station, kMostName},
            {"recording's place", &r.session.recording, kMostPath}, {"rubric's id", &r.rubric.id, kMostName},
            {"rubric's version", &r.rubric.version, kMostName},     {"rubric's text", &r.rubric.text, kMostRubric},
            {"document", &r.score.document, kMostDocument}};
}

TYPED_TEST(Records, TextsThatAreTooLongHoldAZeroByteOrAreNoUtf8AreRefused) {
    SessionResult probe = result_number(1);
    for (size_t i = 0; i < texts_of(probe).size(); ++i) {
        for (const std::string& fault : {std::string("\0x", 2), std::string("x\0", 2), std::string("\xff"), std::string("\xc3"), std::string("\xed\xa0\x80")}) {
            SessionResult result = result_number(1);
            auto [name, text, most] = texts_of(result)[i];
            *text = fault;
            expect_refused(this->store_.add(result), name);
        }
        SessionResult result = result_number(1);
        auto [name, text, most] = texts_of(result)[i];
        *text = std::string(most + 1, 'x');
        expect_refused(this->store_.add(result), name);
    }
    EXPECT_EQ(rows(this->store_), 0u);
}

TYPED_TEST(Records, NamesAndCodesThatSteerATerminalOrTurnALineAreRefused) {
    SessionResult probe = result_number(1);
    for (size_t i = 0; i < texts_of(probe).size(); ++i) {
        const std::string name = std::get<0>(texts_of(probe)[i]);
        if (name == "recording's place" || name == "rubric's text" || name == "document") continue;  // a path, and what has many lines
        for (const char* fault : {"room\t2", "room\n2", "\x1b[2J", "2\x7f", "\u0085", "a\u202eb", "\u2028", "\u2066x", "x\u200f"}) {
            SessionResult result = result_number(1);
            *std::get<1>(texts_of(result)[i]) = fault;
            const Receipt receipt = this->store_.add(result);
            EXPECT_EQ(receipt.kept, Kept::refused) << name << ": " << fault;
            EXPECT_THAT(receipt.why, HasSubstr("control letters")) << name;
        }
    }
    EXPECT_EQ(rows(this->store_), 0u);
}

TYPED_TEST(Records, TheLongestTextsAreKeptWhole) {
    SessionResult result = result_number(1);
    for (auto& [name, text, most] : texts_of(result)) *text = std::string(most, 'x');
    result.rubric.hash = result.session.rubric = result.score.rubric = hash_of(result.rubric.text);
    expect_done(this->store_.add(result));
    EXPECT_THAT(*this->store_.results_of(result.session.evidence), ElementsAre(result));
}

TYPED_TEST(Records, PartsThatDoNotBelongTogetherAreRefused) {
    std::vector<SessionResult> wrong(7, result_number(1));
    wrong[0].score.evidence = hash_of("another");
    wrong[1].rubric.text += "pass_mark = 1\n";
    wrong[2].session.evidence = wrong[2].score.evidence = "ABC";
    wrong[3].score.total = 10'001;
    wrong[4].session.attempt = 0;
    wrong[5].session.kind = SessionKind::exam;
    wrong[5].session.candidate = "";
    wrong[6].score.rubric = hash_of("another");
    for (const SessionResult& result : wrong) EXPECT_EQ(this->store_.add(result).kept, Kept::refused);
    EXPECT_EQ(rows(this->store_), 0u);
}

TYPED_TEST(Records, ACorrectionIsANewDecisionAndTheLastOneStands) {
    const SessionResult result = result_number(1);
    expect_done(this->store_.add(result));
    std::vector<Decision> line = {decision_on(result, "fail", "bled at the rim")};
    expect_done(this->store_.decide(line[0]));
    line.push_back(decision_on(result, "pass", "appeal upheld", line, "J. Roy"));
    expect_done(this->store_.decide(line[1]));
    line.push_back(decision_on(result, "fail", "bled at the rim", line));
    expect_done(this->store_.decide(line[2]));
    EXPECT_EQ(*this->store_.decisions_of(result.session.evidence), line);
    const Listed listed = (*this->store_.list())[0];
    EXPECT_EQ(listed.verdict, "fail");
    EXPECT_EQ(listed.examiner, "N. Okafor");
    EXPECT_EQ(rows(this->store_), 1u);
}

TYPED_TEST(Records, TheSameWordAgainIsTheSameDecision) {
    const SessionResult result = result_number(1);
    expect_done(this->store_.add(result));
    const Decision first = decision_on(result, "pass", "clean");
    expect_done(this->store_.decide(first));
    expect_done(this->store_.decide(first), Kept::known);
    const auto before = this->store_.decisions_of(result.session.evidence);
    expect_done(this->store_.decide(decision_on(result, "pass", "clean", *before)), Kept::known);
    EXPECT_EQ(this->store_.decisions_of(result.session.evidence)->size(), 1u);
}

TYPED_TEST(Records, OfTwoExaminersWhoDecideAtOnceTheSecondIsTold) {
    const SessionResult result = result_number(1);
    expect_done(this->store_.add(result));
    expect_done(this->store_.decide(decision_on(result, "pass", "clean")));
    expect_refused(this->store_.decide(decision_on(result, "fail", "uneven", {}, "J. Roy")), "meanwhile");
    EXPECT_EQ(this->store_.decisions_of(result.session.evidence)->size(), 1u);
}

TYPED_TEST(Records, DecisionsThatHangInTheAirAreRefused) {
    const SessionResult result = result_number(1), other = result_number(2);
    expect_done(this->store_.add(result));
    expect_done(this->store_.add(other));
    const Decision on_other = decision_on(other, "pass", "clean");
    expect_done(this->store_.decide(on_other));
    expect_refused(this->store_.decide(decision_on(result_number(3), "pass", "clean")), "does not take this");
    expect_refused(this->store_.decide(decision_on(result, "fail", "uneven", std::vector{on_other})), "does not take this");
    Decision edited = decision_on(result, "pass", "clean");
    edited.verdict = "fail";
    expect_refused(this->store_.decide(edited), "does not follow");
    edited = decision_on(result, "maybe", "clean");
    expect_refused(this->store_.decide(edited), "pass, fail or void");
    expect_refused(this->store_.decide(decision_on(result, "pass", "")), "reason");
    expect_refused(this->store_.decide(decision_on(result, "pass", std::string(kMostReason + 1, 'x'))), "reason");
    expect_refused(this->store_.decide(decision_on(result, "pass", "clean", {}, "\xff")), "UTF-8");
    EXPECT_TRUE(this->store_.decisions_of(result.session.evidence)->empty());
}

TYPED_TEST(Records, NobodyChangesOrTakesOutARow) {
    const SessionResult result = result_number(1);
    expect_done(this->store_.add(result));
    expect_done(this->store_.decide(decision_on(result, "pass", "clean")));
    for (const char* sql : {"UPDATE session SET candidate = NULL", "UPDATE score SET total = 10000", "UPDATE decision SET verdict = 'fail'",
                            "UPDATE rubric_version SET text = 'x'", "UPDATE candidate SET code = 'x'", "DELETE FROM decision", "DELETE FROM score",
                            "DELETE FROM session", "DELETE FROM rubric_version", "DELETE FROM candidate"})
        EXPECT_THROW(this->store_.connection().change(sql), Trouble) << sql;
    EXPECT_THAT(*this->store_.results_of(result.session.evidence), ElementsAre(result));
    EXPECT_EQ((*this->store_.list())[0].verdict, "pass");
}

TYPED_TEST(Records, ARosterAddsAndMovesCandidatesAllOrNone) {
    expect_done(this->store_.add(result_number(1, "A-17")));
    const std::vector<Candidate> roster = {{"A-17", "spring"}, {"B-3", "spring"}};
    expect_done(this->store_.enrol(roster));
    EXPECT_EQ(*this->store_.candidates(), roster);
    const std::vector<Candidate> moved = {{"B-3", "autumn"}};
    expect_done(this->store_.enrol(moved));
    EXPECT_THAT(*this->store_.candidates(), ElementsAre(roster[0], moved[0]));
    const std::vector<Candidate> broken = {{"C-1", "autumn"}, {"", "autumn"}};
    expect_refused(this->store_.enrol(broken), "code is empty");
    EXPECT_EQ(this->store_.candidates()->size(), 2u);
}

TYPED_TEST(Records, ListsAreFilteredAndInOrder) {
    SessionResult late = result_number(1, "A-17"), early = result_number(2, "B-3"), other = result_number(3, "A-17");
    early.session.started = "2026-11-20T09:30:05Z";
    other.session.started = "2026-11-22T09:30:05Z";
    for (const SessionResult* one : {&late, &early, &other}) expect_done(this->store_.add(*one));
    const Candidate candidate{"B-3", "spring"};
    expect_done(this->store_.enrol({&candidate, 1}));
    const auto evidence = [&](const Filter& filter) {
        std::vector<std::string> found;
        const auto listed = this->store_.list(filter);
        for (const Listed& one : *listed) found.push_back(one.session.evidence);
        return found;
    };
    EXPECT_THAT(evidence({}), ElementsAre(early.session.evidence, late.session.evidence, other.session.evidence));
    EXPECT_THAT(evidence({"A-17", {}, {}}), ElementsAre(late.session.evidence, other.session.evidence));
    EXPECT_THAT(evidence({{}, "spring", {}}), ElementsAre(early.session.evidence));
    EXPECT_THAT(evidence({{}, {}, {}, 1}), ElementsAre(early.session.evidence));
    const SessionResult unnamed = result_number(4, "");
    expect_done(this->store_.add(unnamed));
    EXPECT_THAT(evidence({{}, {}, {}, 10, 0, false, true}), ElementsAre(unnamed.session.evidence));
    EXPECT_THAT(evidence({"A-17", {}, {}}), ElementsAre(late.session.evidence, other.session.evidence));
    EXPECT_EQ(*this->store_.find(late.session.evidence.substr(0, 12)), late.session.evidence);
    EXPECT_THAT(this->store_.find("zz").error().message, HasSubstr("no session"));
    EXPECT_THAT(this->store_.find("").error().message, HasSubstr("no session"));
}

TYPED_TEST(Records, TheTableOfResultsIsSafeForSpreadsheets) {
    SessionResult result = result_number(1, "=HYPERLINK(\"x\")");
    result.score.total = 8105;
    expect_done(this->store_.add(result));
    expect_done(this->store_.decide(decision_on(result, "pass", "clean, even")));
    const std::string csv = results_csv(*this->store_.list());
    EXPECT_THAT(csv, HasSubstr(",\"'=HYPERLINK(\"\"x\"\")\",,room 2,practice,1,demo,pen-12,mouse,2026-11-21T09:30:05Z,provisional,1,81.05,80.00,yes,"
                               "pass,N. Okafor,\"clean, even\",2026-11-22T10:00:00Z\r\n"));
}

/// What version 1 could hold already.
void fill_first_version(Connection& connection, const SessionResult& r) {
    const std::vector<Value> rubric = {r.rubric.hash, r.rubric.id, r.rubric.version, r.rubric.text};
    connection.change("INSERT INTO rubric_version(hash, id, version, text) VALUES ($1, $2, $3, $4)", rubric);
    connection.change("INSERT INTO candidate(code) VALUES ($1)", std::vector<Value>{r.session.candidate});
    const std::vector<Value> session = {r.session.evidence, r.session.case_id, r.session.device_id, r.session.rubric, r.session.started, r.session.source,
                                        r.session.candidate, r.session.station, "1", "practice", r.session.recording, digest_of(r.session)};
    connection.change("INSERT INTO session(evidence, case_id, device_id, rubric, started, source, candidate, station, attempt, kind, recording, digest) "
                      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", session);
    const std::vector<Value> score = {r.score.evidence, r.score.rubric, r.score.scope, std::to_string(r.score.total), std::to_string(r.score.pass_mark),
                                      r.score.pass ? "1" : "0", r.score.document, digest_of(r.score)};
    connection.change("INSERT INTO score(evidence, rubric, scope, total, pass_mark, pass, document, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", score);
}

TYPED_TEST(Records, EveryOlderVersionIsBroughtUpToDateWithItsRows) {
    ASSERT_EQ(schema_steps().front().version, 1);
    for (int version = 1; version < newest_schema(); ++version) {
        TypeParam kind;
        const SessionResult old = result_number(version);
        {
            std::unique_ptr<Connection> connection = connect(place_of(kind.text));
            migrate(*connection, version);
            ASSERT_EQ(schema_version(*connection), version);
            fill_first_version(*connection, old);
        }
        Store store = set_up(kind.text);
        EXPECT_EQ(schema_version(store.connection()), newest_schema());
        EXPECT_THAT(*store.results_of(old.session.evidence), ElementsAre(old)) << version;
        expect_done(store.add(old), Kept::known);
        expect_done(store.add(result_number(100)));
        EXPECT_THROW(store.connection().change("DELETE FROM score"), Trouble) << version;
    }
}

TYPED_TEST(Records, StepsAreNumberedInOrderAndEachIsAppliedOnce) {
    int expected = 0;
    for (const SchemaStep& step : schema_steps()) EXPECT_EQ(step.version, ++expected);
    migrate(this->store_.connection());
    EXPECT_EQ(schema_version(this->store_.connection()), newest_schema());
}

TYPED_TEST(Records, AStoreOfANewerProgramIsRefusedInASentence) {
    this->store_.connection().script(this->store_.connection().is_server() ? "INSERT INTO schema_version VALUES (99)" : "PRAGMA user_version = 99");
    const auto opened = Store::open(place_of(this->kind_.text));
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().message, HasSubstr("newer version of Evenhand (format 99"));
    EXPECT_FALSE(Store::set_up(place_of(this->kind_.text)));
}

// Two stations hand in every fifth result both, as when a recording was copied from one to the other.
TYPED_TEST(Records, OfFiftyStationsAtOnceNothingIsLostAndNothingDoubled) {
    constexpr int kStations = 50, kResults = 40;
    QuickFolder folder;
    std::vector<std::thread> stations;
    for (int station = 0; station < kStations; ++station)
        stations.emplace_back([&, station] {
            Store own = open_store(folder / std::to_string(station));
            StoreTransport transport(place_of(this->kind_.text));
            Outbox outbox(own);
            for (int i = 0; i < kResults; ++i) {
                const int maker = i % 5 == 0 ? station / 2 * 2 : station;
                expect_done(keep_and_queue(own, result_number(maker * kResults + i, "candidate " + std::to_string(i))));
                if (i % 8 != 7) continue;
                const auto sending = send_all(outbox, transport, tries(20));
                ASSERT_TRUE(sending) << sending.error().message;
                EXPECT_EQ(sending->trouble, "");
                EXPECT_EQ(sending->refused, 0u);
            }
            EXPECT_EQ(*outbox.counts(), (Outbox::Counts{0, kResults, 0}));
        });
    for (std::thread& station : stations) station.join();
    EXPECT_EQ(rows(this->store_), static_cast<size_t>(kStations * kResults - kStations / 2 * kResults / 5));
    EXPECT_EQ(this->store_.candidates()->size(), static_cast<size_t>(kResults));
}

TEST(RecordsInAFile, OrReplaceTakesNothingOut) {
    Sqlite kind;
    Store store = set_up(kind.text);
    const SessionResult result = result_number(1);
    expect_done(store.add(result));
    const Decision decision = decision_on(result, "pass", "clean");
    expect_done(store.decide(decision));
    for (const char* sql : {"INSERT OR REPLACE INTO session SELECT evidence, case_id, device_id, rubric, started, source, candidate, 'forged', attempt, kind, "
                            "recording, digest FROM session",
                            "INSERT OR REPLACE INTO score SELECT evidence, rubric, scope, 1, pass_mark, pass, document, digest FROM score",
                            "INSERT OR REPLACE INTO decision SELECT id, evidence, 'forged', verdict, reason, decided, replaces FROM decision",
                            "INSERT OR REPLACE INTO decision SELECT substr(id, 1, 35) || 'x', evidence, 'forged', verdict, reason, decided, replaces FROM decision",
                            "INSERT OR REPLACE INTO rubric_version SELECT hash, id, version, 'forged' FROM rubric_version"})
        EXPECT_EQ(store.connection().change(sql), 0) << sql;
    EXPECT_THAT(*store.results_of(result.session.evidence), ElementsAre(result));
    EXPECT_THAT(*store.decisions_of(result.session.evidence), ElementsAre(decision));
}

}  // namespace
