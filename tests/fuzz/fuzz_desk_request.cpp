#include "engine/base/hash.h"
#include "tests/fuzz/fuzz_target.h"
#include "training/records/store.h"
#include "training/serve/server.h"

#include <arpa/inet.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

// Whatever is sent to the desk's port: it answers in order or not at all, and nobody who is not signed in sees a candidate.

namespace fuzz {

namespace {

constexpr const char *kCandidate = "FUZZ-17", *kPassphrase = "correct horse battery";
const std::string kEvidence(64, 'a');

records::SessionResult some_result() {
    const std::string hash(64, 'b');
    return {{kEvidence, "demo", "pen-12", hash, "2026-11-21T09:30:05Z", "mouse", kCandidate, "room 2", 1, records::SessionKind::practice, "/x.evh"},
            {hash, "provisional", "1", "id = \"provisional\"\n"},
            {kEvidence, hash, hash, 8123, 8000, true, R"({"criteria":[]})"}};
}

/// A desk with one session and one person who may see it, signed in.
class OpenDesk {
  public:
    OpenDesk() {
        ::mkdir(folder_.path().c_str(), 0700);
        spdlog::set_level(spdlog::level::off);
        records::Store store = std::move(*records::Store::open(place_));
        records::SessionResult result = some_result();
        result.rubric.hash = result.score.rubric = base::sha256(std::string_view(result.rubric.text)).hex();
        result.session.rubric = result.rubric.hash;
        CHECK(store.add(result).done());
        const serve::Account ines = serve::new_account("ines", serve::Role::instructor, kPassphrase).value();
        CHECK(static_cast<bool>(serve::save_accounts(folder_.path() / "accounts.json", std::vector{ines})));
        base::Places places;
        places.data = base::fs::path(EVENHAND_SOURCE_DIR) / "content";
        auto desk = serve::Desk::open({places, place_, folder_.path() / "accounts.json", {}, {}});
        CHECK(static_cast<bool>(desk));
        desk_ = std::move(*desk);
        auto server = serve::Server::open(*desk_, {"127.0.0.1", 0, {}, {}, {}});
        CHECK(static_cast<bool>(server));
        server_ = std::move(*server);
        thread_ = std::jthread([this] { server_->run(); });
        cookie_ = signed_in();
    }
    ~OpenDesk() {
        server_->stop();
        thread_.join();
        std::error_code ignored;
        base::fs::remove_all(folder_.path(), ignored);
    }

    const std::string& cookie() const { return cookie_; }

    /// What comes back when just these bytes are sent.
    std::string answer(std::span<const uint8_t> bytes) const {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(static_cast<uint16_t>(server_->port()));
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CHECK(socket >= 0 && ::connect(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0);
        for (size_t sent = 0; sent < bytes.size();) {
            const ssize_t now = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (now <= 0) break;  // it has heard enough
            sent += static_cast<size_t>(now);
        }
        ::shutdown(socket, SHUT_WR);
        std::string answer;
        char part[1 << 14];
        for (ssize_t got = 0; (got = ::recv(socket, part, sizeof part, 0)) > 0;) answer.append(part, static_cast<size_t>(got));
        ::close(socket);
        return answer;
    }

  private:
    /// The session's cookie, of somebody who gave the passphrase.
    std::string signed_in() {
        serve::Asked asked;
        asked.method = "POST";
        asked.path = "/sign-in";
        asked.host = "127.0.0.1";
        asked.content_type = "application/x-www-form-urlencoded";
        asked.cookie = "evenhand-form=token";
        asked.body = "token=token&name=ines&passphrase=correct+horse+battery";
        const std::string cookie = desk_->answer(asked).header("Set-Cookie");
        CHECK(cookie.starts_with("evenhand="), cookie);
        return cookie.substr(0, cookie.find(';'));
    }

    ScratchFile folder_{"desk"};
    records::Place place_ = records::parse_place((folder_.path() / "records.db").string()).value();
    std::unique_ptr<serve::Desk> desk_;
    std::unique_ptr<serve::Server> server_;
    std::jthread thread_;
    std::string cookie_;
};

const OpenDesk& desk() {
    static const OpenDesk one;
    return one;
}

/// Whether the bytes were a request at all. What is left of a second one in them is answered too.
bool accepts(std::span<const uint8_t> bytes) {
    const std::string answer = desk().answer(bytes);
    CHECK(answer.empty() || answer.starts_with("HTTP/1.1 "), answer);
    CHECK(answer.empty() || answer.find("Content-Security-Policy: ") != std::string::npos, answer);
    if (as_text(bytes).find(desk().cookie()) == std::string_view::npos) CHECK(answer.find(kEvidence) == std::string::npos, answer);
    return !answer.empty() && !answer.starts_with("HTTP/1.1 400");
}

std::vector<Bytes> requests() {
    const std::string host = " HTTP/1.1\r\nHost: 127.0.0.1\r\n", in = "Cookie: " + desk().cookie() + "\r\n", end = "Connection: close\r\n\r\n";
    const std::string form = "token=token&name=ines&passphrase=wrong";
    return {as_bytes("GET /sign-in" + host + end),
            as_bytes("GET /candidate?code=" + std::string(kCandidate) + "&page=1" + host + in + "Accept-Language: es-MX, fr;q=0.5\r\n" + end),
            as_bytes("HEAD /session?id=" + kEvidence + host + in + end),
            as_bytes("GET /" + host + "\r\nGET /desk.css" + host + in + end),
            as_bytes("POST /sign-out" + host + fmt::format("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", form.size()) + end + form),
            as_bytes("POST /sign-in" + host + "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n" + end +
                     fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", form.size() - 8, form.substr(8)))};
}

}  // namespace

Target desk_request() {
    return {"desk_request", requests(), accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(desk_request)
