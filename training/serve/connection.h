#pragma once

// One connection's socket, plain or under TLS, with the time and the bytes that it may take.

#include "engine/base/freed.h"

#include <httplib.h>
#include <openssl/ssl.h>

#include <chrono>
#include <memory>

namespace serve {

using TlsContext = std::unique_ptr<SSL_CTX, base::Freed<::SSL_CTX_free>>;

class BoundStream final : public httplib::Stream {
  public:
    using Time = std::chrono::steady_clock::time_point;

    /// Of a socket that is connected, which becomes one that does not block; it stays the caller's. `tls`: null for plain.
    BoundStream(int socket, SSL_CTX* tls);
    ~BoundStream() override;

    /// Shakes hands where there is TLS.
    bool begin(double seconds);
    /// Something has come, or comes within so many seconds.
    bool wait(double seconds);
    /// From here on: so many bytes may be read, so long; and written, so long from the first byte written.
    void allow(size_t bytes, double read_s, double write_s);

    bool is_readable() const override;
    bool is_writable() const override;
    ssize_t read(char* bytes, size_t size) override;
    ssize_t write(const char* bytes, size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    socket_t socket() const override { return socket_; }

  private:
    /// What a try came to: how many bytes, nothing yet (and what it waits for), or the end.
    struct Try {
        ssize_t done = 0;
        short waits_for = 0;
    };
    Try try_read(char* bytes, size_t size);
    Try try_write(const char* bytes, size_t size);
    Try tls_result(int result);
    bool ready(short events, Time until) const;

    int socket_;
    std::unique_ptr<SSL, base::Freed<::SSL_free>> tls_;
    size_t left_ = 0;
    double write_s_ = 0;
    bool writing_ = false, broken_ = false;
    Time read_until_{}, write_until_{};
};

}  // namespace serve
