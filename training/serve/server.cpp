#include "training/serve/server.h"

#include "training/serve/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace serve {

namespace {

/// So many workers, and so many that wait for one. What finds no place is done by the thread that accepts, which only closes it.
class BoundQueue final : public httplib::TaskQueue {
  public:
    BoundQueue(int workers, size_t waiting) : waiting_(waiting) {
        for (int i = 0; i < workers; ++i) workers_.emplace_back([this] { work(); });
    }

    void enqueue(std::function<void()> task) override {
        {
            const std::lock_guard lock(mutex_);
            if (tasks_.size() < waiting_) {
                tasks_.push_back(std::move(task));
                changed_.notify_one();
                return;
            }
        }
        task();
    }

    void shutdown() override {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        changed_.notify_all();
        workers_.clear();  // joins
    }

  private:
    void work() {
        for (;;) {
            std::function<void()> task;
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [this] { return over_ || !tasks_.empty(); });
                if (tasks_.empty()) return;
                task = std::move(tasks_.front());
                tasks_.pop_front();
            }
            task();
        }
    }

    const size_t waiting_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> tasks_;
    bool over_ = false;
    std::vector<std::jthread> workers_;
};

/// cpp-httplib reads requests and writes answers; where its sockets wait, ours do it within bounds.
class BoundServer final : public httplib::Server {
  public:
    BoundServer(const ServerLimits& limits, TlsContext tls) : limits_(limits), tls_(std::move(tls)) {
        new_task_queue = [this] { return new BoundQueue(limits_.workers, limits_.waiting); };
        set_payload_max_length(limits_.body_bytes);
        set_keep_alive_max_count(limits_.requests);
        // Its own way would share the port with another program of this account.
        set_socket_options([](socket_t socket) {
            const int yes = 1;
            ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        });
        // Of answers that cpp-httplib gives by itself, to what is no request.
        set_default_headers({{"Content-Security-Policy", "default-src 'none'"}, {"X-Content-Type-Options", "nosniff"}, {"Cache-Control", "no-store"}});
    }
    /// The thread that accepts is this one.
    void accept_here() { accepting_ = std::this_thread::get_id(); }

  private:
    bool process_and_close_socket(socket_t socket) override {
        const bool done = std::this_thread::get_id() != accepting_ && talk(socket);
        ::shutdown(socket, SHUT_RDWR);
        ::close(socket);
        return done;
    }

    bool talk(socket_t socket) {
        BoundStream stream(socket, tls_.get());
        if (!stream.begin(limits_.request_s)) return false;
        for (size_t left = limits_.requests; left > 0; --left) {
            if (!is_running() || !stream.wait(limits_.idle_s)) return false;
            stream.allow(limits_.request_bytes, limits_.request_s, limits_.answer_s);
            bool closed = false;
            if (!process_request(stream, left == 1, closed, nullptr)) return false;
            if (closed) return true;
        }
        return true;
    }

    const ServerLimits limits_;
    TlsContext tls_;
    std::thread::id accepting_;
};

bool is_address(const std::string& text) {
    in6_addr bytes{};
    return ::inet_pton(AF_INET, text.c_str(), &bytes) == 1 || ::inet_pton(AF_INET6, text.c_str(), &bytes) == 1;
}

base::Result<TlsContext> tls_context(const ServerSettings& settings) {
    if (settings.certificate.empty()) return TlsContext();
    TlsContext context(::SSL_CTX_new(::TLS_server_method()));
    if (!context) return base::error("TLS cannot be set up; check OpenSSL's configuration");
    ::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    ::SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    ::SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (::SSL_CTX_use_certificate_chain_file(context.get(), settings.certificate.c_str()) != 1)
        return base::error("--certificate {}: is no certificate that OpenSSL reads; give a PEM file, its chain behind it", settings.certificate.string());
    if (::SSL_CTX_use_PrivateKey_file(context.get(), settings.key.c_str(), SSL_FILETYPE_PEM) != 1 || ::SSL_CTX_check_private_key(context.get()) != 1)
        return base::error("--key {}: is no key for this certificate; give the one that it was made with, as PEM, without a passphrase",
                           settings.key.string());
    return context;
}

Asked asked_of(const httplib::Request& request) {
    const size_t sign = request.target.find('?');
    Asked asked;
    asked.method = request.method;
    asked.path = request.target.substr(0, sign);
    asked.query = sign == std::string::npos ? std::string() : request.target.substr(sign + 1);
    asked.body = request.body;
    asked.host = request.get_header_value("Host");
    asked.origin = request.get_header_value("Origin");
    asked.cookie = request.get_header_value("Cookie");
    asked.content_type = request.get_header_value("Content-Type");
    asked.accept_language = request.get_header_value("Accept-Language");
    asked.fetch_site = request.get_header_value("Sec-Fetch-Site");
    asked.accept_encoding = request.get_header_value("Accept-Encoding");
    asked.address = request.remote_addr;
    return asked;
}

void put(const Answer& answer, httplib::Response& response) {
    response.status = answer.status;
    response.headers.clear();  // of the default ones
    for (const auto& [name, value] : answer.headers) response.headers.emplace(name, value);
    if (answer.header("Content-Encoding").empty()) {
        response.set_content(answer.body, answer.type.c_str());
        return;
    }
    // cpp-httplib would pack it once more; what a provider gives it sends as it is.
    response.set_content_provider(answer.body.size(), answer.type, [body = std::make_shared<const std::string>(answer.body)](size_t at, size_t most, httplib::DataSink& sink) {
        return sink.write(body->data() + at, std::min(most, body->size() - at));
    });
}

}  // namespace

struct Server::Inside {
    Inside(Desk& of, const ServerSettings& given, TlsContext tls) : desk(of), settings(given), server(given.limits, std::move(tls)) {}

    Desk& desk;
    const ServerSettings settings;
    BoundServer server;
    int port = 0;
    std::mutex mutex;  ///< of `stopped`
    bool stopped = false;
    std::atomic<bool> running = false;
};

bool is_loopback(const std::string& address) {
    in_addr four{};
    if (::inet_pton(AF_INET, address.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
    in6_addr six{};
    return ::inet_pton(AF_INET6, address.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

base::Status check(const ServerSettings& settings) {
    if (!is_address(settings.bind)) return base::error("--bind {}: is no address; give one of this machine in figures, as 192.0.2.10", settings.bind);
    if (settings.certificate.empty() != settings.key.empty()) return base::error("--certificate and --key belong together; give both");
    if (settings.certificate.empty() && !is_loopback(settings.bind))
        return base::error("--bind {}: others reach this address, so it is only served encrypted; give --certificate and --key, or leave --bind out",
                           settings.bind);
    return {};
}

Server::Server(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Server::~Server() = default;

base::Result<std::unique_ptr<Server>> Server::open(Desk& desk, const ServerSettings& settings) {
    if (base::Status fit = check(settings); !fit) return fit.error();
    base::Result<TlsContext> tls = tls_context(settings);
    if (!tls) return tls.error();
    auto inside = std::make_unique<Inside>(desk, settings, std::move(*tls));
    httplib::Server& server = inside->server;
    const httplib::Server::Handler handle = [of = &desk](const httplib::Request& request, httplib::Response& response) {
        put(of->answer(asked_of(request)), response);
    };
    server.Get(".*", handle).Post(".*", handle).Put(".*", handle).Patch(".*", handle).Delete(".*", handle).Options(".*", handle);
    inside->port = settings.port == 0 ? server.bind_to_any_port(settings.bind)
                   : server.bind_to_port(settings.bind, settings.port) ? settings.port
                                                                       : -1;
    if (inside->port <= 0)
        return base::error("--port {}: cannot be taken on {}; another program has it, or this account may not; give another", settings.port,
                           settings.bind);
    return std::unique_ptr<Server>(new Server(std::move(inside)));
}

int Server::port() const {
    return inside_->port;
}

std::string Server::url() const {
    const bool six = inside_->settings.bind.find(':') != std::string::npos;
    return fmt::format("{}://{}{}{}:{}/", inside_->settings.certificate.empty() ? "http" : "https", six ? "[" : "", inside_->settings.bind, six ? "]" : "",
                       inside_->port);
}

void Server::run() {
    {
        const std::lock_guard lock(inside_->mutex);
        if (inside_->stopped) return;
        inside_->running = true;
    }
    inside_->server.accept_here();
    inside_->server.listen_after_bind();
    inside_->running = false;
}

void Server::stop() {
    {
        const std::lock_guard lock(inside_->mutex);
        inside_->stopped = true;
    }
    // cpp-httplib does not hear it before it listens.
    while (inside_->running && !inside_->server.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    inside_->server.stop();
}

}  // namespace serve
