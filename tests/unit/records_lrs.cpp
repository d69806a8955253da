// Statements on their way to a learning record store: a strict one that speaks HTTP on this machine, and answers all that such
// stores answer.

#include "tests/scenarios/records.h"
#include "training/records/lrs.h"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

namespace {

using namespace records;
using namespace record_test;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using Counts = Outbox::Counts;

/// Refuses what the specification lets it refuse, keeps the rest. `script`: statuses of the next requests before it does so;
/// kSilence: does not answer.
class StrictLrs {
  public:
    static constexpr int kSilence = -1, kLost = -2;  // kLost: it keeps the statement, and its answer does not come

    StrictLrs() {
        server_.Put("/xapi/statements", [this](const httplib::Request& request, httplib::Response& response) { answer(request, response); });
        port_ = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::thread([this] { server_.listen_after_bind(); });
        while (!server_.is_running()) std::this_thread::yield();
    }
    ~StrictLrs() {
        over_ = true;
        server_.stop();
        thread_.join();
    }

    LrsPlace place(const std::string& account = "key:s3cret") const {
        auto parsed = parse_lrs(fmt::format("http://{}@127.0.0.1:{}/xapi/", account, port_), {.connect_s = 2, .answer_s = 0.5});
        EXPECT_TRUE(parsed) << parsed.error().message;
        return *parsed;
    }
    void expect(std::vector<int> script) {
        const std::lock_guard lock(mutex_);
        script_ = std::move(script);
    }
    std::map<std::string, std::string> kept() {
        const std::lock_guard lock(mutex_);
        return kept_;
    }

    /// How often a statement came that it had.
    int again() {
        const std::lock_guard lock(mutex_);
        return again_;
    }

  private:
    int next_scripted() {
        const std::lock_guard lock(mutex_);
        if (script_.empty()) return 204;
        const int status = script_.front();
        script_.erase(script_.begin());
        return status;
    }
    void be_silent() const {
        for (int i = 0; i < 300 && !over_; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    void answer(const httplib::Request& request, httplib::Response& response) {
        const int scripted = next_scripted();
        if (scripted == kSilence) return be_silent();
        if (scripted >= 300) {
            response.status = scripted;
            response.set_content("because\nso", "text/plain");
            return;
        }
        response.status = take(request, scripted == kLost ? 204 : scripted);
        if (scripted == kLost) be_silent();
    }
    int take(const httplib::Request& request, int taken) {
        if (request.get_header_value("Authorization") != "Basic a2V5OnMzY3JldA==") return 401;  // key:s3cret
        const std::string id = request.get_param_value("statementId");
        const json statement = json::parse(request.body, nullptr, false);
        if (request.get_header_value("X-Experience-API-Version") != "1.0.3" || request.get_header_value("Content-Type") != "application/json" ||
            !statement.is_object() || statement.value("id", "") != id)
            return 400;
        const std::lock_guard lock(mutex_);
        const auto [at, is_new] = kept_.emplace(id, request.body);
        if (!is_new) ++again_;
        return is_new || at->second == request.body ? taken : 409;
    }

    httplib::Server server_;
    int port_ = 0;
    std::thread thread_;
    std::atomic<bool> over_{false};
    std::mutex mutex_;
    std::vector<int> script_;
    std::map<std::string, std::string> kept_;
    int again_ = 0;
};

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
    LrsTransport transport(lrs_.place());
    EXPECT_EQ(send(transport).sent, 20u);
    EXPECT_EQ(lrs_.kept().size(), 20u);
    EXPECT_EQ(lrs_.kept().at(statement_number(7).id), json::parse(statement_number(7).payload)["body"].get<std::string>());
    EXPECT_EQ(*outbox_.counts(), (Counts{0, 20, 0}));
}

TEST_F(RecordsToAnLrs, WhateverItAnswersNothingIsLostAndNothingDoubled) {
    keep(12);
    lrs_.expect({200, 204, 500, 429, 409, StrictLrs::kSilence, 503, StrictLrs::kLost, 408, 502, 204});
    LrsTransport transport(lrs_.place());
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
    LrsTransport transport(lrs_.place());
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
    LrsTransport transport(lrs_.place("key:wr0ng"));
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
    LrsTransport transport(lrs_.place());
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
