#pragma once

// A time-stamping authority that speaks HTTP on this machine.

#include "tests/scenarios/stamping_authority.h"

#include <fmt/format.h>
#include <httplib.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace scenario {

/// Answers what `reply` makes of a request.
class AuthorityServer {
  public:
    using Reply = std::function<void(const httplib::Request&, httplib::Response&)>;

    explicit AuthorityServer(Reply reply) : reply_(std::move(reply)) {
        server_.Post("/tsr", [this](const httplib::Request& request, httplib::Response& response) {
            ++asked_;
            reply_(request, response);
        });
        port_ = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::thread([this] { server_.listen_after_bind(); });
        while (!server_.is_running()) std::this_thread::yield();
    }
    explicit AuthorityServer(const StampingAuthority& authority)
        : AuthorityServer([&authority](const httplib::Request& request, httplib::Response& response) {
              response.status = request.get_header_value("Content-Type") == "application/timestamp-query" ? 200 : 415;
              response.set_content(authority.answer(request.body), "application/timestamp-reply");
          }) {}
    ~AuthorityServer() {
        server_.stop();
        thread_.join();
    }
    std::string url() const { return fmt::format("http://127.0.0.1:{}/tsr", port_); }
    int asked() const { return asked_; }

  private:
    Reply reply_;
    httplib::Server server_;
    int port_ = 0;
    std::atomic<int> asked_ = 0;
    std::thread thread_;
};

}  // namespace scenario
