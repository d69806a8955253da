// The outbox: what a station still has to send arrives once, whatever happens on the way.

#include "tests/scenarios/records.h"

#include <thread>

namespace {

using namespace records;
using namespace record_test;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Counts = Outbox::Counts;

/// Answers as it is told to, and remembers what it was given.
class Scripted final : public Transport {
  public:
    using Answer = std::function<Receipt(const OutboxEntry&)>;
    explicit Scripted(Answer answer) : answer_(std::move(answer)) {}
    std::vector<std::string> kinds() const override { return {kResultKind}; }
    Receipt deliver(const OutboxEntry& entry) override {
        seen.push_back(entry.id);
        return answer_(entry);
    }
    std::vector<std::string> seen;

  private:
    Answer answer_;
};

class RecordsSent : public testing::Test {
  protected:
    void keep(int count) {
        for (int i = 0; i < count; ++i) {
            expect_done(keep_and_queue(station_, result_number(i)));
            ids_.push_back(entry_of(result_number(i)).id);
        }
    }
    Sending send(Transport& transport, int most_waits = 100) {
        const auto sending = send_all(outbox_, transport, tries(most_waits));
        EXPECT_TRUE(sending) << sending.error().message;
        return *sending;
    }
    Counts counts() { return *outbox_.counts(); }

    Sqlite kind_;
    Store station_ = open_store(kind_.text);
    Outbox outbox_{station_};
    std::vector<std::string> ids_;
};

TEST_F(RecordsSent, EntriesGoInTheOrderInWhichTheyWerePutIn) {
    keep(20);
    Scripted all([](const OutboxEntry&) { return Receipt{}; });
    const Sending sending = send(all);
    EXPECT_EQ(all.seen, ids_);
    EXPECT_EQ(sending.sent, 20u);
    EXPECT_EQ(counts(), (Counts{0, 20, 0}));
}

TEST_F(RecordsSent, AResultHandedInAgainIsNotSentAgain) {
    keep(2);
    Scripted all([](const OutboxEntry&) { return Receipt{}; });
    send(all);
    expect_done(keep_and_queue(station_, result_number(1)), Kept::known);
    send(all);
    EXPECT_EQ(all.seen, ids_);
}

TEST_F(RecordsSent, WhatIsRefusedIsNeitherKeptNorQueued) {
    SessionResult broken = result_number(1);
    broken.session.case_id = "";
    EXPECT_EQ(keep_and_queue(station_, broken).kept, Kept::refused);
    keep(1);
    SessionResult other = result_number(0);
    other.score.total = 1;
    EXPECT_EQ(keep_and_queue(station_, other).kept, Kept::refused);
    EXPECT_EQ(counts(), (Counts{1, 0, 0}));
}

TEST_F(RecordsSent, WaitsDoubleUpToFiveMinutesAndDifferBetweenStations) {
    EXPECT_EQ(wait_after(1, 0), 1s);
    EXPECT_EQ(wait_after(2, 0), 2s);
    EXPECT_EQ(wait_after(5, 0), 16s);
    EXPECT_EQ(wait_after(9, 0), 256s);
    EXPECT_EQ(wait_after(10, 0), 300s);
    EXPECT_EQ(wait_after(1'000'000, 0), 300s);
    EXPECT_EQ(wait_after(3, 1), 3s);
    EXPECT_EQ(wait_after(3, 0.5), 3500ms);
}

TEST_F(RecordsSent, WhileNobodyAnswersTheSenderWaitsLongerAndNoEntryIsBlamed) {
    keep(3);
    int silent = 5;
    Scripted network([&](const OutboxEntry&) { return silent-- > 0 ? Receipt{Kept::unreachable, "no network"} : Receipt{}; });
    std::vector<std::chrono::milliseconds> waits;
    const auto sending = send_all(outbox_, network, [&](std::chrono::milliseconds wait) {
        waits.push_back(wait);
        return true;
    });
    EXPECT_THAT(waits, ElementsAre(1s, 2s, 4s, 8s, 16s));
    EXPECT_EQ(sending->trouble, "");
    EXPECT_EQ(sending->sent, 3u);
    EXPECT_THAT(std::vector(network.seen.begin() + 5, network.seen.end()), testing::ElementsAreArray(ids_));
}

TEST_F(RecordsSent, WhenPatienceEndsAllStillWaits) {
    keep(3);
    Scripted network([](const OutboxEntry&) { return Receipt{Kept::unreachable, "no network"}; });
    EXPECT_EQ(send(network, 2).trouble, "no network");
    EXPECT_EQ(counts(), (Counts{3, 0, 0}));
}

TEST_F(RecordsSent, ARefusedEntryIsPutAsideToldAndStopsNobody) {
    keep(5);
    Scripted picky([&](const OutboxEntry& entry) { return entry.id == ids_[1] ? Receipt{Kept::refused, "another is kept"} : Receipt{}; });
    const Sending sending = send(picky);
    EXPECT_EQ(sending.sent, 4u);
    EXPECT_THAT(sending.told, ElementsAre("another is kept"));
    EXPECT_EQ(counts(), (Counts{0, 4, 1}));
    ASSERT_EQ(outbox_.all_refused()->size(), 1u);
    EXPECT_EQ((*outbox_.all_refused())[0].why, "another is kept");
    ASSERT_TRUE(outbox_.again());
    Scripted mended([](const OutboxEntry&) { return Receipt{}; });
    send(mended);
    EXPECT_THAT(mended.seen, ElementsAre(ids_[1]));
    EXPECT_EQ(counts(), (Counts{0, 5, 0}));
}

TEST_F(RecordsSent, AnEntryThatBreaksTheConnectionEachTimeLetsTheOthersGoFirst) {
    keep(4);
    Scripted fragile([&](const OutboxEntry& entry) { return entry.id == ids_[0] ? Receipt{Kept::interrupted, "broke off"} : Receipt{}; });
    const Sending sending = send(fragile, 6);
    EXPECT_EQ(sending.sent, 3u);
    EXPECT_EQ(sending.trouble, "broke off");
    EXPECT_EQ(counts(), (Counts{1, 3, 0})) << "it is kept";
    EXPECT_EQ(fragile.seen.size(), 3u + 7u);
}

TEST_F(RecordsSent, WhatTheOtherSideForbidsWaitsForSomebodysHandAndStopsNobody) {
    keep(5);
    Scripted strict([&](const OutboxEntry& entry) { return entry.id == ids_[1] || entry.id == ids_[3] ? Receipt{Kept::forbidden, "not this account"} : Receipt{}; });
    EXPECT_EQ(send(strict).trouble, "not this account");
    EXPECT_EQ(strict.seen, ids_) << "each once: no use to try again by itself";
    EXPECT_EQ(counts(), (Counts{2, 3, 0}));
    Scripted mended([](const OutboxEntry&) { return Receipt{}; });
    EXPECT_EQ(send(mended).trouble, "");
    EXPECT_THAT(mended.seen, ElementsAre(ids_[1], ids_[3]));
}

TEST_F(RecordsSent, OtherKindsWaitForTheirOwnTransport) {
    keep(1);
    put_entry(station_.connection(), {id_of("statement", "1"), "statement", "{}"});
    Scripted results([](const OutboxEntry&) { return Receipt{}; });
    EXPECT_EQ(send(results).sent, 1u);
    EXPECT_EQ(counts(), (Counts{1, 1, 0}));
}

TEST_F(RecordsSent, APayloadThatCannotBeReadIsPutAside) {
    Sqlite school;
    for (const char* payload : {"", "{", "[]", "{\"session\":1}", "{\"session\":{},\"rubric\":{},\"score\":{}}", "null", "\xff"})
        put_entry(station_.connection(), {id_of("test", payload), kResultKind, payload});
    put_entry(station_.connection(), {id_of("test", "decision"), kDecisionKind, "{\"id\":3}"});
    keep(1);
    StoreTransport transport(place_of(school.text));
    const Sending sending = send(transport);
    EXPECT_EQ(sending.refused, 8u);
    EXPECT_EQ(sending.sent, 1u);
    EXPECT_EQ(sending.trouble, "");
}

TEST_F(RecordsSent, JsonOnTheWayLosesNothing) {
    SessionResult result = by_another_rubric(result_number(3), "id = \"ü 王 😀\"\n");
    result.session.kind = SessionKind::exam;
    EXPECT_EQ(*result_from_json(to_json(result)), result);
    const Decision decision = decision_on(result, "void", "a \"reason\"\n", std::vector{decision_on(result, "pass", "x")});
    EXPECT_EQ(*decision_from_json(to_json(decision)), decision);
}

TEST_F(RecordsSent, IdsAreTheSameEverywhereAndLookLikeUuids) {
    EXPECT_EQ(entry_of(result_number(1)).id, entry_of(result_number(1)).id);
    EXPECT_NE(entry_of(result_number(1)).id, entry_of(result_number(2)).id);
    EXPECT_NE(id_of("a", "bc"), id_of("ab", "c"));
    EXPECT_THAT(id_of("a", "b"), testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

TEST_F(RecordsSent, TwoSendersAtOnceDeliverEachResultOnce) {
    keep(60);
    Sqlite school;
    { Store made = open_store(school.text); }
    std::vector<std::thread> senders;
    for (int i = 0; i < 4; ++i)
        senders.emplace_back([&] {
            Store own = open_store(kind_.text);
            Outbox outbox(own);
            StoreTransport transport(place_of(school.text));
            const auto sending = send_all(outbox, transport, tries(100));
            ASSERT_TRUE(sending) << sending.error().message;
            EXPECT_EQ(sending->trouble, "");
        });
    for (std::thread& sender : senders) sender.join();
    Store store = open_store(school.text);
    EXPECT_EQ(rows(store), 60u);
    EXPECT_EQ(counts(), (Counts{0, 60, 0}));
}

/// Delivers, and loses every second answer on the way back.
class LostAnswers final : public Transport {
  public:
    explicit LostAnswers(const std::string& to) : to_(place_of(to)) {}
    std::vector<std::string> kinds() const override { return to_.kinds(); }
    Receipt deliver(const OutboxEntry& entry) override {
        const Receipt receipt = to_.deliver(entry);
        return ++count_ % 2 == 1 ? Receipt{Kept::interrupted, "no answer"} : receipt;
    }

  private:
    StoreTransport to_;
    int count_ = 0;
};

template <typename Kind>
class RecordsSentTo : public RecordsSent {};
using Kinds = testing::Types<Sqlite, Postgres>;
TYPED_TEST_SUITE(RecordsSentTo, Kinds, KindNames);

TYPED_TEST(RecordsSentTo, LostAnswersDoubleNothing) {
    TypeParam school;
    Store store = set_up(school.text);
    this->keep(20);
    LostAnswers transport(school.text);
    EXPECT_EQ(this->send(transport).sent, 20u);
    EXPECT_EQ(rows(store), 20u);
    EXPECT_EQ(this->counts(), (Counts{0, 20, 0}));
}

TYPED_TEST(RecordsSentTo, DecisionsFollowTheirSessions) {
    TypeParam school;
    Store store = set_up(school.text);
    this->keep(1);
    const Decision first = decision_on(result_number(0), "fail", "uneven");
    expect_done(keep_and_queue(this->station_, first));
    const Decision second = decision_on(result_number(0), "pass", "appeal upheld", std::vector{first});
    expect_done(keep_and_queue(this->station_, second));
    StoreTransport transport(place_of(school.text));
    EXPECT_EQ(this->send(transport).sent, 3u);
    EXPECT_THAT(*store.decisions_of(result_number(0).session.evidence), ElementsAre(first, second));
}

TYPED_TEST(RecordsSentTo, AConflictIsPutAsideAndTheOthersArrive) {
    TypeParam school;
    Store store = set_up(school.text);
    SessionResult other = result_number(1);
    other.session.candidate = "B-3";
    expect_done(store.add(other));
    this->keep(3);
    StoreTransport transport(place_of(school.text));
    const Sending sending = this->send(transport);
    EXPECT_EQ(sending.sent, 2u);
    ASSERT_EQ(sending.told.size(), 1u);
    EXPECT_THAT(sending.told[0], HasSubstr("is kept already and says something else"));
    EXPECT_EQ(rows(store), 3u);
}

}  // namespace
