#include "training/serve/connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace serve {

namespace {

using Clock = std::chrono::steady_clock;

Clock::time_point after(double seconds) {
    return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

void name_of(const sockaddr_storage& address, socklen_t length, std::string& ip, int& port) {
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> service{};
    if (::getnameinfo(reinterpret_cast<const sockaddr*>(&address), length, host.data(), host.size(), service.data(), service.size(),
                      NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return;
    ip = host.data();
    port = std::atoi(service.data());
}

}  // namespace

BoundStream::BoundStream(int socket, SSL_CTX* tls) : socket_(socket), tls_(tls ? ::SSL_new(tls) : nullptr) {
    ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL, 0) | O_NONBLOCK);
    if (tls_) ::SSL_set_fd(tls_.get(), socket_);
    broken_ = tls && !tls_;
}

BoundStream::~BoundStream() {
    if (tls_ && !broken_) ::SSL_shutdown(tls_.get());  // our half; we do not wait for theirs
}

bool BoundStream::ready(short events, Time until) const {
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
        if (left < 0) return false;
        pollfd one{socket_, events, 0};
        const int found = ::poll(&one, 1, static_cast<int>(std::min<int64_t>(left + 1, 60'000)));
        if (found > 0) return true;
        if (found < 0 && errno != EINTR) return false;
    }
}

BoundStream::Try BoundStream::tls_result(int result) {
    if (result > 0) return {result, 0};
    const int why = ::SSL_get_error(tls_.get(), result);
    if (why == SSL_ERROR_WANT_READ) return {-1, POLLIN};
    if (why == SSL_ERROR_WANT_WRITE) return {-1, POLLOUT};
    broken_ = why != SSL_ERROR_ZERO_RETURN;
    return {why == SSL_ERROR_ZERO_RETURN ? 0 : -1, 0};
}

BoundStream::Try BoundStream::try_read(char* bytes, size_t size) {
    if (tls_) {
        ::ERR_clear_error();
        return tls_result(::SSL_read(tls_.get(), bytes, static_cast<int>(std::min<size_t>(size, 1 << 20))));
    }
    const ssize_t got = ::recv(socket_, bytes, size, 0);
    return {got, static_cast<short>(got < 0 && (errno == EAGAIN || errno == EINTR) ? POLLIN : 0)};
}

BoundStream::Try BoundStream::try_write(const char* bytes, size_t size) {
    if (tls_) {
        ::ERR_clear_error();
        return tls_result(::SSL_write(tls_.get(), bytes, static_cast<int>(std::min<size_t>(size, 1 << 20))));
    }
    const ssize_t sent = ::send(socket_, bytes, size, MSG_NOSIGNAL);
    return {sent, static_cast<short>(sent < 0 && (errno == EAGAIN || errno == EINTR) ? POLLOUT : 0)};
}

bool BoundStream::begin(double seconds) {
    if (broken_ || !tls_) return !broken_;
    const Time until = after(seconds);
    for (;;) {
        ::ERR_clear_error();
        const Try tried = tls_result(::SSL_accept(tls_.get()));
        if (tried.done > 0) return true;
        if (tried.waits_for == 0 || !ready(tried.waits_for, until)) {
            broken_ = true;
            return false;
        }
    }
}

bool BoundStream::wait(double seconds) {
    if (broken_) return false;
    return (tls_ && ::SSL_pending(tls_.get()) > 0) || ready(POLLIN, after(seconds));
}

void BoundStream::allow(size_t bytes, double read_s, double write_s) {
    left_ = bytes;
    read_until_ = after(read_s);
    write_s_ = write_s;
    writing_ = false;
}

bool BoundStream::is_readable() const {
    return !broken_ && ((tls_ && ::SSL_pending(tls_.get()) > 0) || ready(POLLIN, read_until_));
}

bool BoundStream::is_writable() const {
    return !broken_;  // write() waits by itself
}

ssize_t BoundStream::read(char* bytes, size_t size) {
    if (broken_ || left_ == 0 || Clock::now() >= read_until_) return -1;
    for (;;) {
        const Try tried = try_read(bytes, std::min(size, left_));
        if (tried.done >= 0) {
            left_ -= static_cast<size_t>(tried.done);
            return tried.done;
        }
        if (tried.waits_for == 0 || !ready(tried.waits_for, read_until_)) return -1;
    }
}

ssize_t BoundStream::write(const char* bytes, size_t size) {
    if (broken_) return -1;
    if (size == 0) return 0;
    if (!writing_) write_until_ = after(write_s_);
    writing_ = true;
    for (;;) {
        const Try tried = try_write(bytes, size);
        if (tried.done > 0) return tried.done;
        if (tried.waits_for == 0 || Clock::now() >= write_until_ || !ready(tried.waits_for, write_until_)) {
            broken_ = true;
            return -1;
        }
    }
}

void BoundStream::get_remote_ip_and_port(std::string& ip, int& port) const {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getpeername(socket_, reinterpret_cast<sockaddr*>(&address), &length) == 0) name_of(address, length, ip, port);
}

void BoundStream::get_local_ip_and_port(std::string& ip, int& port) const {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length) == 0) name_of(address, length, ip, port);
}

}  // namespace serve
