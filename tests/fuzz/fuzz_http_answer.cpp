#include "tests/fuzz/fuzz_target.h"
#include "training/records/http.h"
#include "training/records/lrs.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <thread>

// What a school's learning record store or a time-stamping authority answers: any bytes over a socket.

namespace fuzz {

namespace {

/// Somebody at a port who answers every request with the same bytes and hangs up.
class Answerer {
  public:
    Answerer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        CHECK(socket_ >= 0 && ::bind(socket_, reinterpret_cast<const sockaddr*>(&where), size) == 0 && ::listen(socket_, 8) == 0);
        CHECK(::getsockname(socket_, reinterpret_cast<sockaddr*>(&where), &size) == 0);
        port_ = ntohs(where.sin_port);
        thread_ = std::thread([this] { answer_all(); });
    }
    ~Answerer() {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }
    std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
    void answer(std::span<const uint8_t> bytes) {
        const std::lock_guard lock(mutex_);
        bytes_.assign(bytes.begin(), bytes.end());
    }

  private:
    void answer_all() {
        for (int visitor = 0; (visitor = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0; ::close(visitor)) {
            char asked[1 << 14];
            if (::recv(visitor, asked, sizeof asked, 0) <= 0) continue;
            const std::lock_guard lock(mutex_);
            for (size_t sent = 0; sent < bytes_.size();) {
                const ssize_t now = ::send(visitor, bytes_.data() + sent, bytes_.size() - sent, MSG_NOSIGNAL);
                if (now <= 0) break;
                sent += static_cast<size_t>(now);
            }
            ::shutdown(visitor, SHUT_WR);
            while (::recv(visitor, asked, sizeof asked, 0) > 0) {}  // to hang up before it has sent all would cost it the answer
        }
    }

    int socket_;
    int port_ = 0;
    std::mutex mutex_;
    Bytes bytes_;
    std::thread thread_;
};

/// A receipt is had of anything, and is one sentence.
bool is_taken(const records::LrsPlace& place) {
    records::LrsTransport transport(place);
    const records::Receipt receipt = transport.deliver(records::statement_entry("0b3fa7a1-12ab-4c00-8000-00000000000f", "application/json", "{}"));
    CHECK(receipt.done() == receipt.why.empty(), receipt.why);
    CHECK(receipt.why.size() < 1000, receipt.why);
    for (const char c : receipt.why) CHECK(static_cast<uint8_t>(c) >= 0x20, receipt.why);
    return receipt.done();
}

bool accepts(std::span<const uint8_t> bytes) {
    static Answerer answerer;
    answerer.answer(bytes);
    records::LrsPlace place = records::parse_lrs(answerer.url() + "/xapi").value();
    place.patience = {10, 10};
    const bool taken = is_taken(place);
    records::Http http;
    const records::HttpAnswer answer = http.send({.url = answerer.url() + "/tsr", .patience = {10, 10}, .most_answer = 100});
    CHECK(answer.body.size() <= 100, answer.body.size());
    CHECK(answer.reach == records::HttpAnswer::Reach::answered || !answer.trouble.empty());
    return taken;
}

Bytes answer_of(std::string_view status, std::string_view body) {
    return as_bytes(fmt::format("HTTP/1.1 {}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status, body.size(), body));
}

}  // namespace

Target http_answer() {
    return {"http_answer",
            {answer_of("200 OK", "[\"0b3fa7a1\"]"), as_bytes("HTTP/1.1 204 No Content\r\n\r\n"), answer_of("409 Conflict", "it is here\nalready"),
             as_bytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")},
            accepts, 600};
}

}  // namespace fuzz

FUZZ_PROGRAM(http_answer)
