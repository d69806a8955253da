// What the desk's port takes from whoever reaches it, and what it does not.

#include "tests/scenarios/desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <fstream>
#include <future>

namespace {

using namespace desk_test;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// A socket that says what it is told, byte by byte if need be.
class RawClient {
  public:
    explicit RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~RawClient() { ::close(socket_); }
    RawClient(const RawClient&) = delete;

    bool send(std::string_view text) { return connected_ && ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()); }
    /// All that comes until the other end closes; none where it does not within 20 s.
    std::optional<std::string> rest() {
        std::string all;
        std::array<char, 4096> bytes{};
        for (pollfd one{socket_, POLLIN, 0}; ::poll(&one, 1, 20'000) > 0;) {
            const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
            if (got <= 0) return all;
            all.append(bytes.data(), static_cast<size_t>(got));
        }
        return std::nullopt;
    }
    std::optional<std::string> answer(std::string_view text) {
        send(text);
        return rest();
    }

  private:
    int socket_;
    bool connected_ = false;
};

class Port : public testing::Test {
  protected:
    Port() { record_test::expect_done(record_test::set_up(kind_.text).add(result_)); }

    std::string get(const std::string& path, const std::string& more = {}) const {
        return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}\r\n", path, more);
    }

    record_test::Sqlite kind_;
    records::SessionResult result_ = desk_result(1, "A-1");
};

TEST_F(Port, EveryAnswerIsProtected) {
    RunningDesk desk(kind_.text);
    Visitor visitor(desk, "ines", "en");
    for (const char* path : {"/", "/sign-in", "/desk.css", "/no-such-page", "/audit", "/session?id=x", "/cohort?page=x", "/results.csv?candidate=A-1"}) {
        const Visitor::Page page = visitor.get(path);
        const std::string policy = page.header("Content-Security-Policy");
        EXPECT_THAT(policy, AllOf(StartsWith("default-src 'none';"), HasSubstr("style-src 'self'"), HasSubstr("frame-ancestors 'none'"), HasSubstr("base-uri 'none'"),
                                  HasSubstr("form-action 'self'"), Not(HasSubstr("unsafe")), Not(HasSubstr("script-src"))))
            << path;
        EXPECT_EQ(page.headers.count("Content-Security-Policy"), 1u) << path;
        EXPECT_EQ(page.header("X-Content-Type-Options"), "nosniff") << path;
        EXPECT_EQ(page.header("Referrer-Policy"), "same-origin") << path;
        EXPECT_EQ(page.header("X-Frame-Options"), "DENY") << path;
        EXPECT_EQ(page.header("Cache-Control"), std::string_view(path) == "/desk.css" ? "max-age=300" : "no-store") << path;
        EXPECT_THAT(page.body, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("<style")), Not(HasSubstr(" style=")), Not(HasSubstr(" onclick")))) << path;
    }
}

TEST_F(Port, OtherMethodsAndPagesAreRefused) {
    RunningDesk desk(kind_.text);
    Visitor visitor(desk, "ines", "en");
    EXPECT_EQ(visitor.get("/no-such-page").status, 404);
    EXPECT_EQ(visitor.head("/").status, 200);
    EXPECT_THAT(visitor.head("/").body, IsEmpty());
    const Visitor::Page put = visitor.put("/");
    EXPECT_EQ(put.status, 405);
    EXPECT_EQ(put.header("Allow"), "GET, HEAD");
    EXPECT_EQ(visitor.post("/", {}).status, 405);
    EXPECT_EQ(visitor.post("/session", {}).status, 405);
    EXPECT_EQ(visitor.get("/sign-out").status, 405);
    EXPECT_EQ(visitor.put("/sign-in").header("Allow"), "GET, HEAD, POST");
    for (const char* line : {"TRACE / HTTP/1.1", "CONNECT localhost:1 HTTP/1.1", "BREW / HTTP/1.1", "GET / HTTP/9.9", "GET", "\x16\x03\x01"}) {
        const auto answer = RawClient(desk.port()).answer(fmt::format("{}\r\nHost: localhost\r\nConnection: close\r\n\r\n", line));
        ASSERT_TRUE(answer) << line;
        EXPECT_THAT(*answer, AnyOf(IsEmpty(), StartsWith("HTTP/1.1 400"), StartsWith("HTTP/1.1 303"), StartsWith("HTTP/1.1 405"))) << line;
    }
}

TEST_F(Port, NoPathLeadsToAFile) {
    RunningDesk desk(kind_.text);
    Visitor visitor(desk, "ines", "en");
    for (const char* path : {"/../../etc/passwd", "/desk.css/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "//etc/passwd", "/.", "/desk.css%00",
                             "/accounts.json", "/content/serve/desk.css", "/\\..\\..\\etc\\passwd", "/report/../session", "/%"}) {
        const Visitor::Page page = visitor.get(path);
        EXPECT_THAT(page.status, AnyOf(400, 404)) << path;
        EXPECT_THAT(page.body, Not(HasSubstr("root:"))) << path;
    }
}

TEST_F(Port, FieldsThatNoBrowserSendsAreRefused) {
    RunningDesk desk(kind_.text);
    Visitor visitor(desk, "ines", "en");
    for (const char* query : {"name=%", "name=%4", "name=%zz", "name=%00", "name=a%0ab", "name=%ff", "name=%c0%af", "name=%ed%a0%80", "name=1&name=2", "page=0", "page=-1",
                              "page=1e3", "page=99999999999999999999", "sort=code;drop", "order=up"})
        EXPECT_EQ(visitor.get(std::string("/cohort?") + query).status, 400) << query;
    std::string many = "/cohort?name=x";
    for (int i = 0; i < 40; ++i) many += fmt::format("&f{}=1", i);
    EXPECT_EQ(visitor.get(many).status, 400);
}

TEST_F(Port, AnotherHostsNameIsNotAnswered) {
    RunningDesk desk(kind_.text);
    for (const char* host : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8077", "192.0.2.1", ""}) {
        const auto answer = RawClient(desk.port()).answer(fmt::format("GET /sign-in HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", host));
        ASSERT_TRUE(answer);
        EXPECT_THAT(*answer, AllOf(StartsWith("HTTP/1.1 421"), Not(HasSubstr("passphrase\"")))) << host;
    }
    for (const char* host : {"localhost", "127.0.0.1:8077", "[::1]:8077"}) {
        const auto answer = RawClient(desk.port()).answer(fmt::format("GET /sign-in HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", host));
        ASSERT_TRUE(answer);
        EXPECT_THAT(*answer, StartsWith("HTTP/1.1 200")) << host;
    }
}

TEST_F(Port, WhatIsTooLongIsCutOffAndOthersAreServed) {
    RunningDesk desk(kind_.text);
    std::string headers;
    for (int i = 0; i < 2000; ++i) headers += fmt::format("X-{}: {}\r\n", i, std::string(100, 'x'));
    for (const std::string& request :
         {get(fmt::format("/{:x>200000}", "")), get("/", headers), get("/", fmt::format("X: {:x>200000}\r\n", "")),
          std::string("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000000\r\n\r\n") +
              std::string(100'000, 'x'),
          std::string("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n") + std::string(100'000, 'x'),
          std::string("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: -1\r\n\r\nx"), std::string(300'000, '\n'),
          std::string(1000, '\0')}) {
        const auto answer = RawClient(desk.port()).answer(request);
        ASSERT_TRUE(answer) << "still open after " << request.substr(0, 60);
        EXPECT_THAT(*answer, AnyOf(IsEmpty(), StartsWith("HTTP/1.1 4"))) << request.substr(0, 60);
    }
    EXPECT_EQ(Visitor(desk).get("/sign-in").status, 200);
}

TEST_F(Port, SlowClientsAreCutOffHoweverMuchTheyTrickle) {
    RunningDesk::Wish wish;
    wish.bounds.workers = 2;
    wish.bounds.request_s = 0.5;
    wish.bounds.idle_s = 0.5;
    RunningDesk desk(kind_.text, wish);
    RawClient silent(desk.port()), half(desk.port()), trickle(desk.port());
    half.send("GET /sign-in HTTP/1.1\r\nHost: local");
    std::atomic<bool> over = false;
    std::thread drops([&] {
        trickle.send("GET /sign-in HTTP/1.1\r\n");
        while (!over && trickle.send("X: y\r\n")) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    });
    EXPECT_TRUE(silent.rest());
    EXPECT_TRUE(half.rest());
    EXPECT_TRUE(trickle.rest());
    over = true;
    drops.join();
    EXPECT_EQ(Visitor(desk).get("/sign-in").status, 200);
}

TEST_F(Port, MoreConnectionsThanThereArePlacesAreClosedAndTheRestIsServed) {
    RunningDesk::Wish wish;
    wish.bounds.workers = 1;
    wish.bounds.waiting = 2;
    wish.bounds.idle_s = 2;
    RunningDesk desk(kind_.text, wish);
    std::vector<std::unique_ptr<RawClient>> crowd;
    for (int i = 0; i < 12; ++i) crowd.push_back(std::make_unique<RawClient>(desk.port()));
    size_t closed = 0;
    for (const auto& one : crowd) closed += one->rest().has_value();
    EXPECT_EQ(closed, crowd.size());
    EXPECT_EQ(Visitor(desk).get("/sign-in").status, 200);
}

TEST_F(Port, ManyAskAtOnceAndEachGetsItsOwnPage) {
    RunningDesk desk(kind_.text);
    std::vector<std::thread> people;
    std::atomic<int> wrong = 0;
    for (int i = 0; i < 16; ++i)
        people.emplace_back([&, i] {
            const char* names[] = {"ines", "emil", "ada"};
            Visitor visitor(desk, names[i % 3], "en");
            for (int k = 0; k < 20; ++k) {
                const Visitor::Page page = visitor.get(k % 2 ? "/" : "/session?id=" + result_.session.evidence);
                wrong += page.status != 200 || page.body.find(fmt::format(">{}, ", names[i % 3])) == std::string::npos;
            }
        });
    for (std::thread& one : people) one.join();
    EXPECT_EQ(wrong, 0);
}

// --- reports ---

TEST_F(Port, AReportIsShownInABoxOfItsOwnAndOnlyForARecordingThatLiesHere) {
    scenario::Scratch folder, elsewhere;
    const std::string name = base::fs::path(result_.session.recording).filename().string();
    records::Store store = record_test::open_store(kind_.text);
    const auto added = [&](int number, const std::string& recording) {
        records::SessionResult result = desk_result(number, "A-1");
        result.session.recording = recording;
        record_test::expect_done(store.add(result));
        return result.session.evidence;
    };
    elsewhere.write("secret.evh", "secret");
    const std::string outside = added(10, fmt::format("../{}/secret.evh", elsewhere.folder().filename().string())), absolute = added(11, (elsewhere / "secret.evh").string()),
                      passwords = added(12, "/etc/passwd"), linked = added(13, "linked.evh"), folder_itself = added(14, "."), by_hash = added(15, "lost.evh");
    folder.write(name, "a recording");
    folder.write(by_hash + ".evh", "another");
    base::fs::create_symlink(elsewhere / "secret.evh", folder / "linked.evh");
    std::vector<serve::ReportWish> wishes;
    RunningDesk::Wish wish;
    wish.sessions = folder.folder();
    wish.report = [&](const serve::ReportWish& one) -> base::Result<std::string> {
        wishes.push_back(one);
        if (one.language == "fr") return base::error("{}: it is broken", one.recording.string());
        return std::string("<style>p{}</style><p>report</p>");
    };
    RunningDesk desk(kind_.text, wish);
    Visitor visitor(desk, "ines", "en");
    const Visitor::Page page = visitor.get("/report?id=" + result_.session.evidence);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("<p>report</p>"));
    EXPECT_THAT(page.header("Content-Security-Policy"), AllOf(StartsWith("sandbox; default-src 'none'"), Not(HasSubstr("script-src"))));
    EXPECT_EQ(page.headers.count("Content-Security-Policy"), 1u);
    EXPECT_THAT(visitor.get("/report?id=" + result_.session.evidence + "&save=1").header("Content-Disposition"), HasSubstr("attachment; filename=\""));
    EXPECT_THAT(visitor.get("/session?id=" + result_.session.evidence).body, HasSubstr("/report?id="));
    EXPECT_EQ(visitor.get("/report?id=" + by_hash).status, 200);
    for (const std::string& id : {outside, absolute, passwords, linked, folder_itself}) {
        EXPECT_EQ(visitor.get("/report?id=" + id).status, 404);
        EXPECT_THAT(visitor.get("/session?id=" + id).body, Not(HasSubstr("/report?id=")));
    }
    ASSERT_EQ(wishes.size(), 3u);
    EXPECT_EQ(wishes[0].recording, folder / name);
    EXPECT_EQ(wishes[0].evidence, result_.session.evidence);
    EXPECT_EQ(wishes[2].recording, folder / (by_hash + ".evh"));
    const Visitor::Page broken = Visitor(desk, "ines", "fr").get("/report?id=" + result_.session.evidence);
    EXPECT_EQ(broken.status, 503);
    EXPECT_THAT(broken.body, Not(HasSubstr(folder.folder().string()))) << "where files lie is for the log";
}

// --- TLS ---

/// A certificate for 127.0.0.1 that signs itself.
struct Certificate {
    Certificate() {
        const scenario::Outcome made =
            scenario::run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=desk", "-addext",
                           "subjectAltName=IP:127.0.0.1", "-keyout", key.string(), "-out", certificate.string()});
        EXPECT_EQ(made.exit, 0) << made.err;
    }
    scenario::Scratch folder;
    base::fs::path certificate = folder / "desk.pem", key = folder / "desk.key";
};

TEST(PortElsewhere, IsRefusedWithoutCertificateAndKey) {
    for (const char* address : {"0.0.0.0", "192.0.2.10", "::", "2001:db8::1", "128.0.0.1"}) {
        const base::Status checked = serve::check({address, 0, {}, {}, {}});
        ASSERT_FALSE(checked) << address;
        EXPECT_THAT(checked.error().message, AllOf(HasSubstr("--certificate and --key"), HasSubstr(address)));
        EXPECT_FALSE(serve::is_loopback(address));
    }
    for (const char* address : {"127.0.0.1", "127.1.2.3", "::1"}) EXPECT_TRUE(serve::check({address, 0, {}, {}, {}})) << address;
    for (const char* address : {"", "localhost", "desk.example", "127.0.0.1.evil.example", "1"}) EXPECT_FALSE(serve::check({address, 0, {}, {}, {}})) << address;
    EXPECT_FALSE(serve::check({"127.0.0.1", 0, "desk.pem", {}, {}}));
    EXPECT_FALSE(serve::check({"0.0.0.0", 0, {}, "desk.key", {}}));
    EXPECT_TRUE(serve::check({"0.0.0.0", 0, "desk.pem", "desk.key", {}}));
}

TEST_F(Port, UnderTlsThePagesAreServedAndCookiesTravelOnlySo) {
    const Certificate one;
    RunningDesk::Wish wish;
    wish.certificate = one.certificate;
    wish.key = one.key;
    wish.bounds.request_s = 2;
    RunningDesk desk(kind_.text, wish);
    httplib::SSLClient client("127.0.0.1", desk.port());
    client.set_ca_cert_path(one.certificate.c_str());
    client.enable_server_certificate_verification(true);
    const auto form = client.Get("/sign-in", {{"Host", "desk.example"}});
    ASSERT_TRUE(form) << httplib::to_string(form.error());
    EXPECT_EQ(form->status, 200);
    EXPECT_THAT(form->get_header_value("Set-Cookie"), AllOf(StartsWith("__Host-evenhand-form="), HasSubstr("; Secure"), HasSubstr("; Path=/")));
    EXPECT_THAT(form->get_header_value("Strict-Transport-Security"), HasSubstr("max-age="));
    const std::string cookie = form->get_header_value("Set-Cookie");
    const httplib::Headers brought = {{"Cookie", cookie.substr(0, cookie.find(';'))}};
    const httplib::Params fields = {{"token", Visitor::token_in(form->body)}, {"name", "ines"}, {"passphrase", kPassphrase}};
    const auto in = client.Post("/sign-in", brought, fields);
    ASSERT_TRUE(in);
    EXPECT_EQ(in->status, 303);
    EXPECT_THAT(in->get_header_value("Set-Cookie"), AllOf(StartsWith("__Host-evenhand="), HasSubstr("Secure"), HasSubstr("HttpOnly")));
    const auto plain = RawClient(desk.port()).answer(get("/sign-in"));
    ASSERT_TRUE(plain);
    EXPECT_THAT(*plain, Not(HasSubstr("HTTP/1.1 200"))) << "nothing without TLS";
    RawClient silent(desk.port());
    EXPECT_TRUE(silent.rest()) << "a handshake that does not come is not waited for";
}

TEST_F(Port, AServerThatIsStoppedWhileItBeginsAnswersNobody) {
    RunningDesk desk(kind_.text);
    for (int time = 0; time < 40; ++time) {
        auto server = serve::Server::open(desk.desk(), {"127.0.0.1", 0, {}, {}, {}});
        ASSERT_TRUE(server);
        if (time == 0) (*server)->stop();  // a signal that came before there was anything to stop
        auto ended = std::async(std::launch::async, [&] { (*server)->run(); });
        (*server)->stop();
        const bool over = ended.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
        if (!over) (*server)->stop();
        ASSERT_TRUE(over) << "it heard nothing and answers on";
    }
}

TEST_F(Port, ACertificateOrKeyThatDoesNotFitIsTold) {
    const Certificate one, other;
    RunningDesk desk(kind_.text);
    const auto told = [&](const base::fs::path& certificate, const base::fs::path& key) {
        const auto opened = serve::Server::open(desk.desk(), {"127.0.0.1", 0, certificate, key, {}});
        return opened ? "" : opened.error().message;
    };
    EXPECT_EQ(told(one.certificate, one.key), "");
    EXPECT_THAT(told(one.certificate, other.key), HasSubstr("--key"));
    EXPECT_THAT(told(one.key, one.key), HasSubstr("--certificate"));
    EXPECT_THAT(told("/nowhere.pem", one.key), HasSubstr("--certificate"));
    const auto taken = serve::Server::open(desk.desk(), {"127.0.0.1", desk.port(), {}, {}, {}});
    ASSERT_FALSE(taken);
    EXPECT_THAT(taken.error().message, HasSubstr("another program has it"));
}

}  // namespace
