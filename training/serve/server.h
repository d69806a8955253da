#pragma once

// The desk on a port, by cpp-httplib. The sockets are ours: every connection has one time by which its request must be there, a
// number of bytes that it may send and one time by which the answer must be taken, however slowly either comes, and there are only so
// many connections at once.

#include "training/serve/desk.h"

#include <memory>
#include <string>

namespace serve {

/// What one connection, and all of them together, may take.
struct ServerLimits {
    int workers = 32;           ///< connections served at once
    size_t waiting = 64;        ///< connections that wait for a worker; more are closed at once
    double request_s = 10;      ///< until a request is there whole; the handshake of TLS too
    double answer_s = 60;       ///< until its answer is taken
    double idle_s = 5;          ///< between two requests of a connection
    size_t request_bytes = 32 << 10;  ///< line, headers and body together
    size_t body_bytes = 4 << 10;
    size_t requests = 100;      ///< of one connection
};

struct ServerSettings {
    std::string bind = "127.0.0.1";  ///< an address of this machine, no name
    int port = 8077;                 ///< 0 = any that is free
    base::fs::path certificate, key; ///< PEM; both or neither
    ServerLimits limits = {};
};

/// Whether only programs of this machine reach an address: 127.0.0.0/8, ::1.
bool is_loopback(const std::string& address);

/// Refuses: an address that is none, one that others reach without certificate and key, one of the two without the other.
base::Status check(const ServerSettings& settings);

class Server {
  public:
    /// Takes the port. Errors: check()'s, a port that is taken, a certificate or key that cannot be used or do not fit.
    static base::Result<std::unique_ptr<Server>> open(Desk& desk, const ServerSettings& settings);
    ~Server();

    int port() const;
    /// "http://127.0.0.1:8077/".
    std::string url() const;
    /// Answers until stop(), which may come from any thread, and before this too: then it answers nobody.
    void run();
    void stop();

  private:
    struct Inside;
    explicit Server(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace serve
