// What only a server has: accounts with different rights, and ways to be away.

#include "tests/scenarios/records.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <thread>

namespace {

using namespace records;
using namespace record_test;
using scenario::PostgresServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Counts = Outbox::Counts;

/// A school with an account of each role, and two stations.
class RecordsOnAServer : public testing::Test {
  protected:
    RecordsOnAServer() {
        static const bool made = [] {
            for (const char* role : {"station", "instructor", "examiner", "auditor"})
                PostgresServer::shared().psql("postgres", fmt::format("CREATE ROLE {0}1 LOGIN IN ROLE evenhand_{0}", role));
            PostgresServer::shared().psql("postgres", "CREATE ROLE station2 LOGIN IN ROLE evenhand_station; CREATE ROLE stranger LOGIN");
            return true;
        }();
        (void)made;
    }
    Store as(const std::string& account) { return open_store(server().url(kind_.database, account)); }
    static PostgresServer& server() { return PostgresServer::shared(); }

    /// The statement as that account: what it touched, or the sentence that refuses.
    std::string attempt(const std::string& account, const char* sql) {
        Store store = as(account);
        try {
            return fmt::format("{} rows", store.connection().change(sql));
        } catch (const Trouble& trouble) {
            return trouble.why;
        }
    }

    Postgres kind_;
    Store owner_ = set_up(kind_.text);
    const SessionResult result_ = result_number(1);
};

const std::vector<const char*>& tables() {
    static const std::vector<const char*> names = {"candidate", "rubric_version", "session", "score", "decision"};
    return names;
}

TEST_F(RecordsOnAServer, AStationAddsAndHandsInAgain) {
    Store station = as("station1");
    expect_done(station.add(result_));
    expect_done(station.add(result_), Kept::known);
    SessionResult other = result_;
    other.score.total = 1;
    expect_refused(station.add(other), "is kept already");
    EXPECT_THAT(*owner_.results_of(result_.session.evidence), ElementsAre(result_));
}

TEST_F(RecordsOnAServer, AStationSeesOnlyWhatItAddedItself) {
    Store first = as("station1"), second = as("station2");
    expect_done(first.add(result_));
    expect_done(second.add(result_number(2)));
    EXPECT_EQ(rows(first), 1u);
    EXPECT_EQ((*first.list())[0].session.evidence, result_.session.evidence);
    EXPECT_TRUE(second.results_of(result_.session.evidence)->empty());
    for (const char* table : tables()) {
        const std::string others = fmt::format("SELECT count(*) FROM {} WHERE added_by <> current_user", table);
        EXPECT_EQ(second.connection().query(others.c_str())[0][0], "0") << table;
    }
}

TEST_F(RecordsOnAServer, TwoStationsWithOneCandidateAndOneRecordingAreToldTheTruth) {
    Store first = as("station1"), second = as("station2");
    expect_done(first.add(result_));
    expect_done(second.add(result_), Kept::known);
    SessionResult mixed_up = result_;
    mixed_up.session.candidate = "B-3";
    expect_refused(second.add(mixed_up), "is kept already");
    expect_done(second.add(result_number(2)));  // the same candidate
    EXPECT_EQ(rows(owner_), 2u);
}

TEST_F(RecordsOnAServer, AStationChangesDecidesAndEnrolsNothing) {
    Store station = as("station1");
    expect_done(station.add(result_));
    for (const char* table : tables()) {
        EXPECT_THAT(attempt("station1", fmt::format("DELETE FROM {}", table).c_str()), HasSubstr("may not")) << table;
        EXPECT_THAT(attempt("station1", fmt::format("TRUNCATE {} CASCADE", table).c_str()), HasSubstr("may not")) << table;
        EXPECT_THAT(attempt("station1", fmt::format("UPDATE {} SET added_by = 'x'", table).c_str()), HasSubstr("may not")) << table;
        EXPECT_THAT(attempt("station1", fmt::format("DROP TABLE {} CASCADE", table).c_str()), HasSubstr("may not")) << table;
        EXPECT_THAT(attempt("station1", fmt::format("ALTER TABLE {} DISABLE ROW LEVEL SECURITY", table).c_str()), HasSubstr("may not")) << table;
    }
    expect_refused(station.decide(decision_on(result_, "pass", "me myself")), "may not", Kept::forbidden);
    const Candidate moved{"A-17", "spring"};
    expect_refused(station.enrol({&moved, 1}), "may not", Kept::forbidden);
    EXPECT_THAT(attempt("station1", "SET ROLE evenhand_examiner"), HasSubstr("may not"));
    EXPECT_EQ(rows(owner_), 1u);
}

TEST_F(RecordsOnAServer, AStationAddsInNobodyElsesName) {
    for (const char* sql : {"INSERT INTO candidate(code, added_by) VALUES ('B-3', 'station2')",
                            "INSERT INTO rubric_version(hash, id, version, text, added_by) VALUES (repeat('a', 64), 'x', '1', 'x', 'station2')"})
        EXPECT_THAT(attempt("station1", sql), HasSubstr("may not")) << sql;
    expect_done(as("station1").add(result_));
    EXPECT_EQ(server().psql(kind_.database, "SELECT added_by FROM evenhand.session"), "station1\n");
}

TEST_F(RecordsOnAServer, AnInstructorReadsAllAndMovesCandidatesAlone) {
    expect_done(as("station1").add(result_));
    Store instructor = as("instructor1");
    EXPECT_THAT(*instructor.results_of(result_.session.evidence), ElementsAre(result_));
    const std::vector<Candidate> roster = {{"A-17", "spring"}, {"B-3", "spring"}};
    expect_done(instructor.enrol(roster));
    EXPECT_EQ(*owner_.candidates(), roster);
    expect_refused(instructor.add(result_number(2)), "may not", Kept::forbidden);
    expect_refused(instructor.decide(decision_on(result_, "pass", "clean")), "may not", Kept::forbidden);
    for (const char* table : {"session", "score", "decision", "rubric_version"})
        for (const char* sql : {"DELETE FROM {}", "UPDATE {} SET added_by = 'x'"})
            EXPECT_THAT(attempt("instructor1", fmt::format(fmt::runtime(sql), table).c_str()), HasSubstr("may not")) << table;
    EXPECT_THAT(attempt("instructor1", "UPDATE candidate SET code = 'x'"), HasSubstr("may not"));
}

TEST_F(RecordsOnAServer, AnExaminerReadsAllAndDecidesAlone) {
    expect_done(as("station1").add(result_));
    Store examiner = as("examiner1");
    EXPECT_THAT(*examiner.results_of(result_.session.evidence), ElementsAre(result_));
    const Decision decision = decision_on(result_, "pass", "clean");
    expect_done(examiner.decide(decision));
    expect_done(examiner.decide(decision), Kept::known);
    EXPECT_EQ(server().psql(kind_.database, "SELECT added_by FROM evenhand.decision"), "examiner1\n");
    expect_refused(examiner.add(result_number(2)), "may not", Kept::forbidden);
    for (const char* table : tables())
        for (const char* sql : {"DELETE FROM {}", "UPDATE {} SET added_by = 'x'", "TRUNCATE {} CASCADE"})
            EXPECT_THAT(attempt("examiner1", fmt::format(fmt::runtime(sql), table).c_str()), HasSubstr("may not")) << table;
    EXPECT_THAT(attempt("examiner1", "INSERT INTO decision(id, evidence, examiner, verdict, reason, decided, added_by) SELECT repeat('a', 36), "
                                     "evidence, 'x', 'pass', 'x', 'x', 'examiner2' FROM session"), HasSubstr("may not"));
}

TEST_F(RecordsOnAServer, AnAuditorReadsAllAndWritesNothing) {
    expect_done(as("station1").add(result_));
    expect_done(as("examiner1").decide(decision_on(result_, "pass", "clean")));
    Store auditor = as("auditor1");
    EXPECT_THAT(*auditor.results_of(result_.session.evidence), ElementsAre(result_));
    EXPECT_EQ(auditor.decisions_of(result_.session.evidence)->size(), 1u);
    expect_refused(auditor.add(result_number(2)), "may not", Kept::forbidden);
    expect_refused(auditor.decide(decision_on(result_, "fail", "uneven")), "may not", Kept::forbidden);
    const Candidate moved{"A-17", "spring"};
    expect_refused(auditor.enrol({&moved, 1}), "may not", Kept::forbidden);
    for (const char* table : tables()) EXPECT_THAT(attempt("auditor1", fmt::format("DELETE FROM {}", table).c_str()), HasSubstr("may not")) << table;
}

TEST_F(RecordsOnAServer, AnAccountWithoutARoleSeesNothingAtAll) {
    const auto opened = Store::open(place_of(server().url(kind_.database, "stranger")));
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().message, HasSubstr("may not"));
    EXPECT_FALSE(Store::set_up(place_of(server().url(kind_.database, "stranger"))));
}

TEST_F(RecordsOnAServer, TheOwnerTruncatesNothingEither) {
    expect_done(owner_.add(result_));
    for (const char* table : tables()) EXPECT_THROW(owner_.connection().script(fmt::format("TRUNCATE {} CASCADE", table).c_str()), Trouble) << table;
    EXPECT_EQ(rows(owner_), 1u);
}

TEST_F(RecordsOnAServer, ADatabaseThatWasNotSetUpIsToldWhatToDo) {
    const auto opened = Store::open(place_of(server().url(server().new_database())));
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().message, HasSubstr("run `evenhand records setup --db URL`"));
    const auto missing = Store::open(place_of(server().url("no_such_database")));
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().message, HasSubstr("cannot be reached"));
}

TEST_F(RecordsOnAServer, SettingUpTwiceAtOnceIsSettingUpOnce) {
    Postgres fresh;
    std::vector<std::thread> threads;
    std::atomic<int> made = 0;
    for (int i = 0; i < 6; ++i)
        threads.emplace_back([&] {
            const base::Status status = Store::set_up(place_of(fresh.text));
            EXPECT_TRUE(status) << status.error().message;
            made += status ? 1 : 0;
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(made, 6);
}

TEST_F(RecordsOnAServer, APasswordIsNeverPartOfAMessage) {
    const std::string base = "@/" + kind_.database + kind_.text.substr(kind_.text.find("?host="));
    std::vector<std::string> messages;
    const auto open = [&](const std::string& url) {
        const base::Result<Place> place = parse_place(url);
        if (!place) return messages.push_back(place.error().message);
        messages.push_back(place->name());
        const auto opened = Store::open(*place);
        ASSERT_FALSE(opened);
        messages.push_back(opened.error().message);
    };
    open(std::string("postgresql://guarded:") + PostgresServer::kPasswordInUrl + base);  // lets in, and the account may nothing
    EXPECT_THAT(messages.back(), HasSubstr("may not"));
    open("postgresql://guarded:sesame77" + base);
    EXPECT_THAT(messages.back(), HasSubstr("authentication failed"));
    for (const char* url : {"postgresql://guarded:sesame77@nowhere.invalid/school", "postgresql://guarded:ses@ame77@nowhere.invalid/school",
                            "postgresql://guarded:sesame77/@nowhere.invalid/school", "postgresql://guarded:%zz-sesame77@nowhere.invalid/school",
                            "postgresql://guarded:sesame77@nowhere.invalid:x/school", "postgresql://nowhere.invalid/school?password=sesame77&colour=red",
                            "postgresql://nowhere.invalid/school?password=sesame77", "mysql://guarded:sesame77@nowhere.invalid/school",
                            "postgresql://guarded:sesame77@nowhere.invalid:99999/school"})
        open(url);
    for (const std::string& message : messages) {
        EXPECT_THAT(message, Not(HasSubstr("sesame77"))) << message;
        EXPECT_THAT(message, Not(HasSubstr("ame77"))) << message;
        EXPECT_THAT(message, Not(HasSubstr(PostgresServer::kPassword))) << message;
        EXPECT_THAT(message, Not(HasSubstr(PostgresServer::kPasswordInUrl))) << message;
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    }
}

TEST_F(RecordsOnAServer, ADecisionThatAStationMayNotSendHoldsBackNoResult) {
    Sqlite own;
    Store station = open_store(own.text);
    Outbox outbox(station);
    expect_done(keep_and_queue(station, result_));
    expect_done(keep_and_queue(station, decision_on(result_, "pass", "clean")));
    expect_done(keep_and_queue(station, result_number(2)));
    StoreTransport as_station(place_of(server().url(kind_.database, "station1")));
    EXPECT_THAT(send_all(outbox, as_station, tries(3))->trouble, HasSubstr("may not"));
    EXPECT_EQ(*outbox.counts(), (Counts{1, 2, 0}));
    StoreTransport as_examiner(place_of(server().url(kind_.database, "examiner1")));
    EXPECT_EQ(send_all(outbox, as_examiner, tries(3))->trouble, "");
    EXPECT_EQ(owner_.decisions_of(result_.session.evidence)->size(), 1u);
}

TEST_F(RecordsOnAServer, AConnectionThatTheServerClosesIsMadeAgain) {
    Sqlite own;
    Store station = open_store(own.text);
    Outbox outbox(station);
    StoreTransport transport(place_of(server().url(kind_.database, "station1")));
    for (int i = 0; i < 5; ++i) {
        expect_done(keep_and_queue(station, result_number(i)));
        const auto sending = send_all(outbox, transport, tries(3));
        EXPECT_EQ(sending->trouble, "");
        server().psql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'station1'");
    }
    EXPECT_EQ(rows(owner_), 5u);
}

TEST_F(RecordsOnAServer, AServerThatHangsIsLeftAfterTheTimeGivenAndCaughtUpLater) {
    Sqlite own;
    Store station = open_store(own.text);
    Outbox outbox(station);
    for (int i = 0; i < 3; ++i) expect_done(keep_and_queue(station, result_number(i)));
    StoreTransport transport(place_of(server().url(kind_.database, "station1"), {.connect_s = 2, .answer_s = 0.2}));
    {
        Transaction held(owner_.connection());
        owner_.connection().query("LOCK TABLE session IN ACCESS EXCLUSIVE MODE");
        const auto sending = send_all(outbox, transport, tries(1));
        ASSERT_TRUE(sending);
        EXPECT_THAT(sending->trouble, HasSubstr("the answer was late"));
        EXPECT_EQ(*outbox.counts(), (Counts{3, 0, 0}));
    }
    StoreTransport patient(place_of(server().url(kind_.database, "station1")));
    EXPECT_EQ(send_all(outbox, patient, tries(3))->trouble, "");
    EXPECT_EQ(rows(owner_), 3u);
}

TEST_F(RecordsOnAServer, SomebodyWhoListensAndNeverAnswersIsLeftToo) {
    scenario::Scratch scratch;
    const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = (scratch / ".s.PGSQL.5432").string();
    ASSERT_LT(name.size(), sizeof address.sun_path);
    std::copy(name.begin(), name.end(), address.sun_path);
    ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener, 5), 0);
    std::unique_ptr<Store> store;
    const Receipt receipt = Store::open(place_of("postgresql://a@/b?connect_timeout=2&host=" + scratch.folder().string()), store);
    ::close(listener);
    EXPECT_EQ(receipt.kept, Kept::unreachable);
    EXPECT_THAT(receipt.why, HasSubstr("timeout expired"));
}

// Its own server, for the others' must stay; one that keeps its promises when it is killed.
TEST(RecordsOnAServerOfTheirOwn, WhatWasHandedInWhileItIsAwayArrivesOnceWhenItIsBack) {
    PostgresServer server(true);
    const std::string database = server.new_database();
    { Store made = set_up(server.url(database)); }
    QuickFolder folder;
    constexpr int kStations = 4, kMostResults = 100'000;
    std::atomic<bool> done = false;
    std::atomic<size_t> handed_in = 0, breaks = 0;
    std::vector<std::thread> stations;
    for (int s = 0; s < kStations; ++s)
        stations.emplace_back([&, s] {
            Store own = open_store(folder / std::to_string(s));
            Outbox outbox(own);
            StoreTransport transport(place_of(server.url(database), {.connect_s = 2, .answer_s = 5}));
            const Pause soon = [&](std::chrono::milliseconds) {
                ++breaks;
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
                return true;
            };
            for (int i = 0; i < kMostResults && !done; ++i) {
                expect_done(keep_and_queue(own, result_number(s * kMostResults + i)));
                ++handed_in;
                const auto sending = send_all(outbox, transport, soon);
                ASSERT_TRUE(sending) << sending.error().message;
                EXPECT_EQ(sending->refused, 0u);
            }
        });
    for (int i = 0; i < 3; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        server.stop();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        server.start();
    }
    done = true;
    for (std::thread& station : stations) station.join();
    Store store = open_store(server.url(database));
    EXPECT_EQ(rows(store), handed_in);
    EXPECT_GE(breaks, 3u) << "it was away while they were at work";
}

}  // namespace
