#pragma once

// A learning record store that speaks HTTP on this machine, is as strict as the specification lets it be, and answers all that
// such stores answer.

#include <fmt/format.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace scenario {

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

    std::string url(const std::string& account = "key:s3cret") const { return fmt::format("http://{}@127.0.0.1:{}/xapi/", account, port_); }
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
        const nlohmann::json statement = nlohmann::json::parse(request.body, nullptr, false);
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

}  // namespace scenario
