// The desk in a browser, over a real server on this machine, on both kinds of store.

#include "tests/scenarios/desk.h"
#include "training/core/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace desk_test;
using records::Store;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Letters that mean something to SQL, to HTML, to file systems and to formats.
const std::vector<std::string>& hostile() {
    static const std::vector<std::string> texts = {
        "'; DROP TABLE session; --", "' OR '1'='1", "\" OR \"\"=\"", "%", "_", "!", "%_!%%", "$1", "{}{0}%s%n", "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>", "../../../../etc/passwd", "..\\..\\x", "/etc/passwd", "\u202e\u2028", "Ünï çode 🦔", "javascript:alert(1)", "'||(SELECT 1)||'"};
    return texts;
}

template <typename Kind>
class Desk : public testing::Test {
  protected:
    /// Two cohorts of three, each with some sessions, and one decision corrected.
    Desk() {
        Store store = record_test::set_up(kind_.text);
        std::vector<records::Candidate> candidates;
        for (const char* code : {"A-1", "A-2", "A-3"}) candidates.push_back({code, "spring"});
        for (const char* code : {"B-1", "B-2", "B-3"}) candidates.push_back({code, "autumn & <winter>"});
        record_test::expect_done(store.enrol(candidates));
        int number = 0;
        for (const records::Candidate& one : candidates)
            for (int i = 0; i < 4; ++i) record_test::expect_done(store.add(results_.emplace_back(desk_result(number++, one.code))));
        const std::vector<records::Decision> first = {record_test::decision_on(results_[0], "fail", "needle <angle> doubtful")};
        record_test::expect_done(store.decide(first[0]));
        record_test::expect_done(store.decide(record_test::decision_on(results_[0], "pass", "looked at again", first, "E. Sato")));
    }

    std::string evidence(size_t number) const { return results_[number].session.evidence; }

    Kind kind_;
    std::vector<records::SessionResult> results_;
    RunningDesk desk_{(record_test::set_up(kind_.text), kind_.text)};
};
using Kinds = testing::Types<record_test::Sqlite, record_test::Postgres>;
TYPED_TEST_SUITE(Desk, Kinds, record_test::KindNames);

// --- signing in ---

TYPED_TEST(Desk, NobodySeesAPageWithoutSigningIn) {
    Visitor visitor(this->desk_);
    const std::string id = this->evidence(0);
    for (const std::string& path : {std::string("/"), std::string("/cohort?name=spring"), std::string("/candidate?code=A-1"), "/session?id=" + id,
                                    "/report?id=" + id, "/compare?a=" + id + "&b=" + id, std::string("/results.csv?cohort=spring"), std::string("/audit"),
                                    std::string("/audit.csv"), std::string("/no-such-page")}) {
        const Visitor::Page page = visitor.get(path);
        EXPECT_EQ(page.status, 303) << path;
        EXPECT_EQ(page.header("Location"), "/sign-in") << path;
        EXPECT_THAT(page.body, IsEmpty()) << path;
    }
}

TYPED_TEST(Desk, WhoSignsInSeesTheCohortsAndWhoSignsOutNoLonger) {
    Visitor visitor(this->desk_, "ines", "en");
    const Visitor::Page page = visitor.get("/");
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, AllOf(HasSubstr(">spring</a>"), HasSubstr("autumn &amp; &lt;winter&gt;"), HasSubstr("9 of 12"), HasSubstr("ines, instructor"),
                                 HasSubstr("Not a certificate")));
    const auto cookies = visitor.cookies;
    EXPECT_EQ(visitor.post("/sign-out", {{"token", Visitor::token_in(page.body)}}).status, 303);
    EXPECT_THAT(visitor.cookies, IsEmpty());
    visitor.cookies = cookies;
    EXPECT_EQ(visitor.get("/").status, 303) << "the session is over for whoever kept its cookie too";
}

TYPED_TEST(Desk, EachRoleSeesItsOwnPagesAlone) {
    const std::string id = this->evidence(0);
    const std::map<std::string, std::vector<std::string>> allowed = {
        {"ines", {"/", "/cohort?name=spring", "/candidate?code=A-1", "/session?id=" + id, "/compare?a=" + id + "&b=" + this->evidence(1), "/results.csv?cohort=spring"}},
        {"emil", {"/", "/session?id=" + id, "/results.csv?candidate=A-1"}},
        {"ada", {"/", "/session?id=" + id, "/audit", "/audit.csv"}}};
    const std::map<std::string, std::vector<std::string>> forbidden = {
        {"ines", {"/audit", "/audit.csv"}}, {"emil", {"/audit", "/audit.csv"}}, {"ada", {"/results.csv?cohort=spring"}}};
    for (const auto& [name, pages] : allowed) {
        Visitor visitor(this->desk_, name, "en");
        for (const std::string& page : pages) EXPECT_EQ(visitor.get(page).status, 200) << name << " " << page;
        for (const std::string& page : forbidden.at(name)) {
            const Visitor::Page refused = visitor.get(page);
            EXPECT_EQ(refused.status, 403) << name << " " << page;
            EXPECT_THAT(refused.body, AllOf(HasSubstr("Not for this account"), Not(HasSubstr("looked at again")))) << name << " " << page;
        }
    }
}

// --- pages ---

TYPED_TEST(Desk, ACohortIsSortedSearchedAndCounted) {
    Visitor visitor(this->desk_, "ines", "en");
    const auto in_order = [&](const std::string& address) {
        const std::string body = visitor.get(address).body;
        std::string codes;
        const std::string link = "/candidate?code=";
        for (size_t at = 0; (at = body.find(link, at)) != std::string::npos; at += link.size()) codes += body.substr(at + link.size(), 3) + " ";
        return codes;
    };
    EXPECT_EQ(in_order("/cohort?name=spring"), "A-1 A-2 A-3 ");
    EXPECT_EQ(in_order("/cohort?name=spring&order=down"), "A-3 A-2 A-1 ");
    EXPECT_EQ(in_order("/cohort?name=spring&sort=best&order=down"), "A-3 A-2 A-1 ") << "later numbers have more points";
    EXPECT_EQ(in_order("/cohort?name=spring&sort=mean"), "A-1 A-2 A-3 ");
    EXPECT_EQ(in_order("/cohort?name=spring&part=-2"), "A-2 ");
    EXPECT_EQ(in_order("/cohort?name=spring&part=a-3"), "A-3 ") << "small letters find capital ones";
    EXPECT_EQ(in_order("/cohort?name=spring&part=_-1"), "") << "a sign of LIKE is a letter here";
    EXPECT_EQ(in_order("/cohort?name=spring&page=2"), "");
    EXPECT_THAT(visitor.get(serve::address("/cohort", {{"name", "autumn & <winter>"}})).body, HasSubstr("Candidates found: 3"));
}

TYPED_TEST(Desk, ALongListIsTurnedOverPageByPage) {
    Store store = record_test::open_store(this->kind_.text);
    std::vector<records::Candidate> many;
    for (int i = 0; i < 120; ++i) many.push_back({fmt::format("M-{:03}", i), "many"});
    record_test::expect_done(store.enrol(many));
    Visitor visitor(this->desk_, "ines", "en");
    const std::string first = visitor.get("/cohort?name=many").body, third = visitor.get("/cohort?name=many&page=3").body;
    EXPECT_THAT(first, AllOf(HasSubstr("M-000"), HasSubstr("M-049"), Not(HasSubstr("M-050")), HasSubstr("Next page"), Not(HasSubstr("Page before"))));
    EXPECT_THAT(third, AllOf(HasSubstr("M-119"), Not(HasSubstr("M-099")), HasSubstr("Page before"), Not(HasSubstr("Next page"))));
}

TYPED_TEST(Desk, ACandidatesPageHasEachSessionAndItsPlaceInTheChart) {
    Visitor visitor(this->desk_, "emil", "en");
    const std::string body = visitor.get("/candidate?code=A-1").body;
    for (size_t i = 0; i < 4; ++i) EXPECT_THAT(body, HasSubstr("/session?id=" + this->evidence(i)));
    EXPECT_LT(body.find(this->evidence(3)), body.find(this->evidence(0))) << "the newest first";
    const auto count = [&](const std::string& words) {
        size_t found = 0;
        for (size_t at = body.find(words); at != std::string::npos; at = body.find(words, at + 1)) ++found;
        return found;
    };
    EXPECT_EQ(count("class=\"dot pass\""), 3u);
    EXPECT_EQ(count("class=\"dot fail\""), 1u);
    EXPECT_THAT(visitor.get("/candidate?code=nobody").body, HasSubstr("no such page"));
}

TYPED_TEST(Desk, ASessionsPageTellsItsLinesFaultsAndDecisions) {
    Visitor visitor(this->desk_, "emil", "en");
    const std::string decided = visitor.get("/session?id=" + this->evidence(0)).body, failed = visitor.get("/session?id=" + this->evidence(3)).body;
    EXPECT_THAT(decided, AllOf(HasSubstr("80.00 of 100"), HasSubstr("Coverage of the prescribed area"), HasSubstr("97.1\u00a0%"), HasSubstr("18.00\u00a0/\u00a018.00"),
                               HasSubstr("needle &lt;angle&gt; doubtful"), HasSubstr("looked at again"), HasSubstr("E. Sato")));
    EXPECT_LT(decided.find("doubtful"), decided.find("looked at again"));
    EXPECT_THAT(failed, AllOf(HasSubstr("not passed"), HasSubstr("below the pass mark"), HasSubstr("lost 9.00 points"), HasSubstr("tilted &lt;b&gt;often&lt;/b&gt;"),
                              HasSubstr("No examiner has decided")));
}

TYPED_TEST(Desk, TwoSessionsStandSideBySide) {
    Visitor visitor(this->desk_, "ines", "en");
    const std::string body = visitor.get("/compare?a=" + this->evidence(0) + "&b=" + this->evidence(3)).body;
    EXPECT_THAT(body, AllOf(HasSubstr("80.00 of 100"), HasSubstr("60.00 of 100"), HasSubstr("−9.00"), Not(HasSubstr("different rubrics"))));
}

TYPED_TEST(Desk, TablesAreTakenAwayAsTheyAreKept) {
    Visitor ines(this->desk_, "ines", "en"), ada(this->desk_, "ada", "en");
    const Visitor::Page results = ines.get("/results.csv?cohort=spring"), decisions = ada.get("/audit.csv");
    Store store = record_test::open_store(this->kind_.text);
    EXPECT_EQ(results.body, records::results_csv(*store.list({{}, "spring", {}})));
    EXPECT_EQ(results.header("Content-Type"), "text/csv; charset=utf-8");
    EXPECT_THAT(results.header("Content-Disposition"), HasSubstr("attachment"));
    EXPECT_THAT(decisions.body, AllOf(HasSubstr("E. Sato,looked at again"), HasSubstr(",no,"), HasSubstr(",yes,")));
    EXPECT_THAT(ada.get("/audit").body, AllOf(HasSubstr("doubtful"), HasSubstr("replaced"), HasSubstr("stands")));
}

TYPED_TEST(Desk, ThePagesSpeakTheBrowsersLanguage) {
    Visitor spanish(this->desk_, "ines", "de, es-MX;q=0.9, en;q=0.5"), french(this->desk_, "ines", "fr-CA"), german(this->desk_, "ines", "de");
    EXPECT_THAT(spanish.get("/session?id=" + this->evidence(0)).body, AllOf(HasSubstr("<html lang=\"es\">"), HasSubstr("80,00 de 100"), HasSubstr("Cobertura")));
    EXPECT_THAT(french.get("/").body, AllOf(HasSubstr("<html lang=\"fr\">"), HasSubstr("Groupes"), HasSubstr("Preuve de formation")));
    EXPECT_THAT(german.get("/").body, HasSubstr("<html lang=\"en\">"));
}

TYPED_TEST(Desk, AScoresSentencesAreInThePagesLanguage) {
    const std::string address = "/session?id=" + this->evidence(3);
    Visitor english(this->desk_, "ines", "en"), spanish(this->desk_, "ines", "es"), french(this->desk_, "ines", "fr");
    EXPECT_THAT(english.get(address).body, AllOf(HasSubstr("<li>The total of 60.00 is below the pass mark of 80.00</li>"), Not(HasSubstr("<span lang=\"en\">"))));
    EXPECT_THAT(spanish.get(address).body, AllOf(HasSubstr("<li>El total de 60.00 no llega a la nota de aprobado, 80.00</li>"),
                                                 HasSubstr("95 % de las punciones dentro de 12.40°"), Not(HasSubstr("95 % of punctures"))));
    EXPECT_THAT(french.get(address).body, AllOf(HasSubstr("80.00</li>"), Not(HasSubstr("95 % of punctures"))));
    EXPECT_THAT(spanish.get(address).body, HasSubstr("<span lang=\"en\">periorbital: tilted &lt;b&gt;often")) << "what no score of ours says stays, as English";
}

TYPED_TEST(Desk, SessionsWithoutACandidateHaveAPlaceOfTheirOwn) {
    Store store = record_test::open_store(this->kind_.text);
    Visitor visitor(this->desk_, "ines", "en"), ada(this->desk_, "ada", "en");
    EXPECT_THAT(visitor.get("/").body, Not(HasSubstr("/unnamed")));
    std::vector<std::string> unnamed;
    for (int i = 0; i < 60; ++i) {
        records::SessionResult result = desk_result(200 + i, "");
        record_test::expect_done(store.add(result));
        unnamed.push_back(result.session.evidence);
    }
    EXPECT_THAT(visitor.get("/").body, HasSubstr("<a href=\"/unnamed\">Sessions without a candidate</a>"));
    const std::string first = visitor.get("/unnamed").body, second = ada.get("/unnamed?page=2").body;
    EXPECT_THAT(first, AllOf(HasSubstr(unnamed.back()), Not(HasSubstr(unnamed.front())), HasSubstr("Next page"), Not(HasSubstr(this->evidence(0)))));
    EXPECT_THAT(second, AllOf(HasSubstr(unnamed.front()), Not(HasSubstr(unnamed.back())), Not(HasSubstr("Next page")), Not(HasSubstr("results.csv"))));
    EXPECT_EQ(visitor.get("/results.csv?unnamed=1").body, records::results_csv(*store.list({{}, {}, {}, 1'000'000, 0, false, true})));
    EXPECT_EQ(ada.get("/results.csv?unnamed=1").status, 403);
    EXPECT_EQ(Visitor(this->desk_).get("/unnamed").status, 303);
}

TYPED_TEST(Desk, APageAsksTheStoreAsOftenForManyRowsAsForFew) {
    Store store = record_test::open_store(this->kind_.text);
    record_test::expect_done(store.enrol(std::vector<records::Candidate>{{"C-1", "crowd"}}));
    for (int i = 100; i < 160; ++i) record_test::expect_done(store.add(desk_result(i, "C-1")));
    Visitor ines(this->desk_, "ines", "en"), ada(this->desk_, "ada", "en");
    const auto cost = [&](Visitor& visitor, const std::string& address) {
        const int64_t before = this->desk_.desk().statements();
        EXPECT_EQ(visitor.get(address).status, 200) << address;
        return this->desk_.desk().statements() - before;
    };
    const std::string id = this->evidence(0);
    EXPECT_EQ(cost(ines, "/"), 2);
    EXPECT_EQ(cost(ines, "/unnamed"), 1);
    EXPECT_EQ(cost(ines, "/cohort?name=spring"), 2);
    EXPECT_EQ(cost(ines, "/candidate?code=A-1"), 2);
    EXPECT_EQ(cost(ines, "/candidate?code=C-1"), 2);
    EXPECT_EQ(cost(ines, "/session?id=" + id), 2);
    EXPECT_EQ(cost(ines, "/compare?a=" + id + "&b=" + this->evidence(3)), 2);
    EXPECT_EQ(cost(ines, "/results.csv?cohort=crowd"), 1);
    EXPECT_EQ(cost(ada, "/audit"), 1);
}

TEST(DeskOfASchool, WithTenThousandSessionsAsksTheStoreNoOftenerForAPage) {
    record_test::Sqlite kind;
    Store store = record_test::set_up(kind.text);
    std::vector<records::Candidate> candidates;
    for (int i = 0; i < 500; ++i) candidates.push_back({fmt::format("C-{:03}", i), fmt::format("cohort {}", i % 10)});
    record_test::expect_done(store.enrol(candidates));
    std::string first, last;
    for (int i = 0; i < 10'000; ++i) {
        const records::SessionResult result = desk_result(i, candidates[static_cast<size_t>(i % 500)].code);
        record_test::expect_done(store.add(result));
        if (i % 50 == 0) record_test::expect_done(store.decide(record_test::decision_on(result, "pass", "clean throughout")));
        (i == 0 ? first : last) = result.session.evidence;
    }
    RunningDesk desk(kind.text);
    Visitor ines(desk, "ines", "en"), ada(desk, "ada", "en");
    const auto cost = [&](Visitor& visitor, const std::string& address) {
        const int64_t before = desk.desk().statements();
        EXPECT_EQ(visitor.get(address).status, 200) << address;
        return desk.desk().statements() - before;
    };
    EXPECT_EQ(cost(ines, "/"), 2);
    EXPECT_EQ(cost(ines, "/unnamed"), 1);
    for (const char* more : {"", "&page=1", "&sort=mean&order=down&part=C"}) EXPECT_EQ(cost(ines, std::string("/cohort?name=cohort%203") + more), 2) << more;
    EXPECT_EQ(cost(ines, "/candidate?code=C-003"), 2);
    EXPECT_EQ(cost(ines, "/session?id=" + first), 2);
    EXPECT_EQ(cost(ines, "/compare?a=" + first + "&b=" + last), 2);
    EXPECT_EQ(cost(ines, "/results.csv?cohort=cohort%203"), 1);
    for (const char* page : {"/audit", "/audit?page=4", "/audit.csv"}) EXPECT_EQ(cost(ada, page), 1) << page;
}

// --- what nobody should send ---

TYPED_TEST(Desk, HostileTextsFindNothingAndBreakNothing) {
    Visitor visitor(this->desk_, "ines", "en");
    for (const std::string& text : hostile()) {
        for (const char* start : {"/cohort?name=", "/cohort?name=spring&part=", "/cohort?name=spring&sort=", "/cohort?name=spring&page=", "/candidate?code=",
                                  "/session?id=", "/report?id=", "/compare?a=", "/results.csv?cohort=", "/results.csv?candidate="}) {
            const std::string address = start + serve::address("", {{"", text}}).substr(2);
            const Visitor::Page page = visitor.get(address);
            EXPECT_THAT(page.status, testing::AnyOf(200, 400, 404)) << address;
            EXPECT_THAT(page.body, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("<img")), Not(HasSubstr("root:")))) << address;
            EXPECT_THAT(page.body, Not(HasSubstr(this->evidence(0)))) << address;
        }
        EXPECT_EQ(visitor.sign_in(text).status, 403) << text;
        this->desk_.time.now->fetch_add(3600);
        EXPECT_EQ(visitor.sign_in("ines").status, 303);
    }
    Store store = record_test::open_store(this->kind_.text);
    EXPECT_EQ(record_test::rows(store), 24u);
    EXPECT_EQ(visitor.get("/").status, 200);
}

TYPED_TEST(Desk, HostileTextsInTheStoreAreShownAsTheyAre) {
    Store store = record_test::open_store(this->kind_.text);
    int number = 500;
    for (const std::string& text : hostile()) {
        if (text == "\u202e\u2028") {
            EXPECT_EQ(store.enrol(std::vector<records::Candidate>{{text, "spring"}}).kept, records::Kept::refused) << "it would turn other words round";
            continue;
        }
        records::SessionResult result = desk_result(++number, text);
        result.session.case_id = result.session.source = result.session.station = text;
        result.session.recording = text + ".evh";
        result.score.document = fmt::format(R"({{"criteria":[{{"id":"</td><script>","unit":"<i>","verdict":"\"><b>","reason":"<script>"}},7,null],"failures":[7,"<script>"]}})");
        record_test::expect_done(store.enrol(std::vector<records::Candidate>{{text, text}}));
        record_test::expect_done(store.add(result));
        record_test::expect_done(store.decide(record_test::decision_on(result, "void", text, {}, text)));
        Visitor visitor(this->desk_, "ada", "en");
        for (const std::string& address : {serve::address("/cohort", {{"name", text}}), serve::address("/candidate", {{"code", text}}),
                                           serve::address("/session", {{"id", result.session.evidence}}), std::string("/audit"), std::string("/")}) {
            const Visitor::Page page = visitor.get(address);
            EXPECT_EQ(page.status, 200) << address;
            EXPECT_THAT(page.body, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("<img")), Not(HasSubstr("<i>")))) << address;
            EXPECT_THAT(page.body, HasSubstr(training::escape_html(text))) << address;
        }
    }
}

TYPED_TEST(Desk, TheStoreIsOnlyRead) {
    Store store = record_test::open_store(this->kind_.text);
    const base::Status only = store.only_read();
    ASSERT_TRUE(only) << only.error().message;
    EXPECT_FALSE(store.add(desk_result(900, "A-1")).done());
    EXPECT_FALSE(store.enrol(std::vector<records::Candidate>{{"A-1", "elsewhere"}}).done());
    EXPECT_EQ((*store.candidate("A-1"))->cohort, "spring");
}

// --- PostgreSQL alone ---

TEST(DeskOnAServer, ReadsWithTheRightsOfItsAccountAndOutlivesARestart) {
    scenario::PostgresServer server;
    const std::string database = server.new_database();
    Store owner = record_test::set_up(server.url(database));
    server.psql("postgres", "CREATE ROLE okafor LOGIN IN ROLE evenhand_instructor; CREATE ROLE room9 LOGIN IN ROLE evenhand_station");
    record_test::expect_done(owner.add(desk_result(1, "A-1")));
    RunningDesk desk(server.url(database, "okafor"));
    Visitor visitor(desk, "ines", "en");
    EXPECT_EQ(visitor.get("/candidate?code=A-1").status, 200);
    server.stop();
    const Visitor::Page away = visitor.get("/");
    EXPECT_EQ(away.status, 503);
    EXPECT_THAT(away.body, AllOf(HasSubstr("do not answer"), Not(HasSubstr("okafor")), Not(HasSubstr(database))));
    server.start();
    EXPECT_EQ(visitor.get("/").status, 200);

    RunningDesk stations(server.url(database, "room9"));
    Visitor other(stations, "ines", "en");
    EXPECT_EQ(other.get("/candidate?code=A-1").status, 404) << "a station's account sees its own rows alone";
}

}  // namespace
