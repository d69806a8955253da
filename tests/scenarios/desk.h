#pragma once

// The desk in a browser on a port of its own, with a store full of simulated results, and somebody who visits it.

#include "tests/scenarios/records.h"
#include "training/serve/server.h"

#include <httplib.h>

#include <sys/stat.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>

namespace desk_test {

inline constexpr const char* kPassphrase = "correct horse battery";

/// A score's document as stations send it; `tilt`: points of one line, hundredths of 1200.
inline std::string document(int64_t total, int tilt = 1200) {
    return fmt::format(R"({{"total":{},"pass":{},"finished":true,"pass_mark":8000,"failures":[{}],"criteria":[
        {{"id":"coverage","value":97.125,"unit":"%","points":1800,"max":1800,"verdict":"target","reason":"","note":"","below_floor":false}},
        {{"id":"tilt","value":14.2,"unit":"deg","points":{},"max":1200,"verdict":"{}","reason":"{}","note":"95 % of punctures within 12.40 deg","below_floor":false}},
        {{"id":"depth","value":null,"unit":"%","points":null,"max":1000,"verdict":"not_assessed","reason":"","note":"","below_floor":false}}]}})",
                       total, total >= 8000, total >= 8000 ? "" : "\"the total of 60.00 is below the pass mark of 80.00\"", tilt,
                       tilt == 1200 ? "target" : "beyond", tilt == 1200 ? "" : "periorbital: tilted <b>often</b>");
}

/// Result of a candidate of a cohort: every fourth does not pass.
inline records::SessionResult desk_result(int number, const std::string& candidate) {
    records::SessionResult result = record_test::result_number(number, candidate);
    const bool pass = number % 4 != 3;
    result.score.total = pass ? 8000 + number % 2000 : 6000;
    result.score.pass = pass;
    result.score.document = document(result.score.total, pass ? 1200 : 300);
    result.session.started = fmt::format("2026-{:02}-{:02}T{:02}:{:02}:05Z", 1 + number / 28 % 12, 1 + number % 28, number / 336 % 24, number / 8064 % 60);
    return result;
}

/// A clock that stands until it is told.
struct StandingClock {
    std::shared_ptr<std::atomic<int64_t>> now = std::make_shared<std::atomic<int64_t>>(1000);
    serve::Clock clock() const {
        return [at = now] { return at->load(); };
    }
};

class RunningDesk {
  public:
    struct Wish {
        base::fs::path sessions;
        serve::ReportMaker report;
        base::fs::path certificate, key;
        serve::SignInLimits limits = {};
        serve::ServerLimits bounds = {};
        serve::ReportMaker scene = {};
        base::fs::path three = {};
    };

    explicit RunningDesk(const std::string& store) : RunningDesk(store, Wish()) {}
    RunningDesk(const std::string& store, const Wish& wish) {
        static const std::vector<serve::Account> accounts = some_accounts();
        EXPECT_TRUE(serve::save_accounts(accounts_file(), accounts));
        base::Places places;
        places.data = base::fs::path(EVENHAND_SOURCE_DIR) / "content";
        const bool tls = !wish.certificate.empty();
        auto desk = serve::Desk::open({places, record_test::place_of(store), accounts_file(), wish.sessions, wish.report, tls, wish.limits, time.clock(), wish.scene, wish.three});
        if (!desk) throw std::runtime_error(desk.error().message);
        desk_ = std::move(*desk);
        auto server = serve::Server::open(*desk_, {"127.0.0.1", 0, wish.certificate, wish.key, wish.bounds});
        if (!server) throw std::runtime_error(server.error().message);
        server_ = std::move(*server);
        thread_ = std::thread([this] { server_->run(); });
        wait_until_it_answers();
    }
    ~RunningDesk() {
        server_->stop();
        thread_.join();
    }

    int port() const { return server_->port(); }
    serve::Desk& desk() { return *desk_; }
    base::fs::path accounts_file() const { return folder_ / "accounts.json"; }

    StandingClock time;

  private:
    static std::vector<serve::Account> some_accounts() {
        using enum serve::Role;
        return {*serve::new_account("ines", instructor, kPassphrase), *serve::new_account("emil", examiner, kPassphrase),
                *serve::new_account("ada", auditor, kPassphrase)};
    }
    void wait_until_it_answers() const {
        for (int tries = 0; tries < 2000; ++tries) {
            httplib::Client client("127.0.0.1", port());
            if (client.Get("/desk.css") || client.Get("/")) return;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }

    record_test::QuickFolder folder_;
    std::unique_ptr<serve::Desk> desk_;
    std::unique_ptr<serve::Server> server_;
    std::thread thread_;
};

/// Somebody's browser: keeps cookies, sends no form that it was not given.
class Visitor {
  public:
    explicit Visitor(const RunningDesk& desk, const std::string& language = "en") : client_("127.0.0.1", desk.port()), language_(language) {
        client_.set_follow_location(false);
        client_.set_read_timeout(20);
    }
    Visitor(const RunningDesk& desk, const std::string& name, const std::string& language) : Visitor(desk, language) {
        EXPECT_EQ(sign_in(name).status, 303);
    }

    struct Page {
        int status = 0;
        std::string body;
        httplib::Headers headers;
        std::string header(const std::string& name) const {
            const auto found = headers.find(name);
            return found == headers.end() ? "" : found->second;
        }
    };

    Page get(const std::string& address) { return kept(client_.Get(address, headers())); }
    Page head(const std::string& address) { return kept(client_.Head(address, headers())); }
    Page put(const std::string& address) { return kept(client_.Put(address, headers(), "x", "text/plain")); }
    Page post(const std::string& address, const httplib::Params& fields) { return kept(client_.Post(address, headers(), fields)); }
    Page sign_in(const std::string& name, const std::string& passphrase = kPassphrase) {
        return post("/sign-in", {{"token", token_in(get("/sign-in").body)}, {"name", name}, {"passphrase", passphrase}});
    }
    static std::string token_in(const std::string& page) {
        static const std::string before = "name=\"token\" value=\"";
        const size_t found = page.find(before);
        if (found == std::string::npos) return {};
        const size_t begin = found + before.size();
        return page.substr(begin, page.find('"', begin) - begin);
    }

    std::map<std::string, std::string> cookies;
    httplib::Headers more;  ///< sent along

  private:
    httplib::Headers headers() const {
        httplib::Headers all = more;
        std::string text;
        for (const auto& [name, value] : cookies) text += (text.empty() ? "" : "; ") + name + "=" + value;
        if (!text.empty()) all.emplace("Cookie", text);
        all.emplace("Accept-Language", language_);
        return all;
    }
    Page kept(const httplib::Result& result) {
        if (!result) return {};
        const auto [begin, end] = result->headers.equal_range("Set-Cookie");
        for (auto one = begin; one != end; ++one) {
            const std::string pair = one->second.substr(0, one->second.find(';'));
            const std::string name = pair.substr(0, pair.find('=')), value = pair.substr(pair.find('=') + 1);
            if (value.empty())
                cookies.erase(name);
            else
                cookies[name] = value;
        }
        return {result->status, result->body, result->headers};
    }

    httplib::Client client_;
    std::string language_;
};

}  // namespace desk_test
