// Statements on their way to a learning record store: a strict one that speaks HTTP on this machine, and answers all that such
// stores answer.

#include "tests/scenarios/records.h"
#include "tests/scenarios/strict_lrs.h"
#include "training/records/lrs.h"

#include <nlohmann/json.hpp>

namespace {

using namespace records;
using namespace record_test;
using nlohmann::json;
using scenario::StrictLrs;
using testing::HasSubstr;
using testing::Not;
using Counts = Outbox::Counts;

LrsPlace place_at(const StrictLrs& lrs, const std::string& account = "key:s3cret") {
    auto parsed = parse_lrs(lrs.url(account), {.connect_s = 2, .answer_s = 0.5});
    EXPECT_TRUE(parsed) << parsed.error().message;
    return *parsed;
}

OutboxEntry statement_number(int number) {
    const std::string id = fmt::format("00000000-0000-5000-8000-{:012}", number);
    return statement_entry(id, "application/json", json{{"id", id}, {"text", "é \"'; DROP TABLE outbox"}}.dump());
}

class RecordsToAnLrs : public testing::Test {
  protected:
    /// A result with its statement, written in one transaction.
    void keep(int count) {
        for (int i = 0; i < count; ++i) expect_done(station_.add(result_number(i), std::vector<OutboxEntry>{statement_number(i)}));
    }
    Sending send(LrsTransport& transport, int most_waits = 100) {
        const auto sending = send_all(outbox_, transport, tries(most_waits));
        EXPECT_TRUE(sending) << sending.error().message;
        return *sending;
    }

    StrictLrs lrs_;
    Sqlite kind_;
    Store station_ = open_store(kind_.text);
    Outbox outbox_{station_};
};

TEST_F(RecordsToAnLrs, EveryStatementArrivesOnce) {
    keep(20);
    LrsTransport transport(place_at(lrs_));
    EXPECT_EQ(send(transport).sent, 20u);
    EXPECT_EQ(lrs_.kept().size(), 20u);
    EXPECT_EQ(lrs_.kept().at(statement_number(7).id), json::parse(statement_number(7).payload)["body"].get<std::string>());
    EXPECT_EQ(*outbox_.counts(), (Counts{0, 20, 0}));
}

TEST_F(RecordsToAnLrs, WhateverItAnswersNothingIsLostAndNothingDoubled) {
    keep(12);
    lrs_.expect({200, 204, 500, 429, 409, StrictLrs::kSilence, 503, StrictLrs::kLost, 408, 502, 204});
    LrsTransport transport(place_at(lrs_));
    const Sending sending = send(transport);
    EXPECT_EQ(sending.sent, 12u);
    EXPECT_EQ(sending.refused, 0u);
    EXPECT_EQ(*outbox_.counts(), (Counts{0, 12, 0}));
    EXPECT_EQ(lrs_.kept().size(), 11u) << "of the one that it answered 409 to it says that it had it";
    EXPECT_EQ(lrs_.again(), 1) << "the one whose answer was lost";
}

TEST_F(RecordsToAnLrs, AStatementThatItWillNeverTakeKeepsNobodyWaiting) {
    keep(6);
    lrs_.expect({204, 400, 413, 204});
    LrsTransport transport(place_at(lrs_));
    const Sending sending = send(transport);
    EXPECT_EQ(sending.sent, 4u);
    ASSERT_EQ(sending.told.size(), 2u);
    EXPECT_THAT(sending.told[0], HasSubstr("answered 400"));
    EXPECT_THAT(sending.told[0], HasSubstr(statement_number(1).id));
    EXPECT_THAT(sending.told[1], HasSubstr("because so")) << "on one line";
    EXPECT_EQ(*outbox_.counts(), (Counts{0, 4, 2}));
}

TEST_F(RecordsToAnLrs, AWrongPasswordEndsTheSendingAndIsNotRepeated) {
    keep(3);
    LrsTransport transport(place_at(lrs_, "key:wr0ng"));
    const Sending sending = send(transport);
    EXPECT_EQ(sending.sent, 0u);
    EXPECT_THAT(sending.trouble, HasSubstr("401"));
    EXPECT_THAT(sending.trouble, Not(HasSubstr("wr0ng")));
    EXPECT_EQ(*outbox_.counts(), (Counts{3, 0, 0}));
}

TEST_F(RecordsToAnLrs, WhereNobodyListensAllWaits) {
    keep(2);
    auto place = parse_lrs("http://127.0.0.1:9/xapi", {.connect_s = 1, .answer_s = 0.2});
    ASSERT_TRUE(place);
    LrsTransport transport(*place);
    EXPECT_THAT(send(transport, 3).trouble, HasSubstr("cannot be reached"));
    EXPECT_EQ(*outbox_.counts(), (Counts{2, 0, 0}));
}

TEST_F(RecordsToAnLrs, ResultsForTheSchoolsStoreAreNotItsOwn) {
    expect_done(keep_and_queue(station_, result_number(0)));
    LrsTransport transport(place_at(lrs_));
    EXPECT_EQ(send(transport).sent, 0u);
    EXPECT_EQ(*outbox_.counts(), (Counts{1, 0, 0}));
}

TEST(LrsAddress, IsReadOrRefusedWithoutItsPassword) {
    const auto place = parse_lrs("https://k%40y:p%2Fw@lrs.school.example:8443/xapi///?x=1#y");
    ASSERT_TRUE(place) << place.error().message;
    EXPECT_EQ(place->endpoint, "https://lrs.school.example:8443/xapi");
    EXPECT_EQ(place->user, "k@y");
    EXPECT_EQ(place->password, "p/w");
    for (const char* wrong : {"", "lrs", "ftp://k:s3cret@x/", "http://k:s3cret@lrs.school.example/xapi", "https://k:s3cret@", "https://k:s3 cret@x/", "file:///etc/passwd"}) {
        const auto refused = parse_lrs(wrong);
        ASSERT_FALSE(refused) << wrong;
        EXPECT_THAT(refused.error().message, Not(HasSubstr("cret"))) << wrong;
    }
}

}  // namespace
