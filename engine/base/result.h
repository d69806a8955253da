#pragma once

// How failures travel. The world outside (files, devices, people) answers with Result<T>: an Error is one sentence that
// says what is wrong, where, and what to do. Our own mistakes stop the program at CHECK, in release builds too.

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace base {

/// One sentence for a person: what, where (file:line:column or offset), what to do.
struct Error {
    std::string message;
};

template <typename... Args>
[[nodiscard]] Error error(fmt::format_string<Args...> format, Args&&... args) {
    return Error{fmt::format(format, std::forward<Args>(args)...)};
}

[[noreturn]] void check_failed(const char* expression, const char* file, int line, const std::string& values);

/// Stops with the expression, the place and the values when our own reasoning is wrong. On in every build.
#define CHECK(expression, ...)                                                                              \
    do {                                                                                                    \
        if (!(expression)) ::base::check_failed(#expression, __FILE__, __LINE__, ::base::detail::join(__VA_ARGS__)); \
    } while (false)

namespace detail {
inline std::string join() { return {}; }
template <typename... Args>
std::string join(const Args&... args) {
    std::string text;
    ((text += fmt::format(" {}", args)), ...);
    return text;
}
}  // namespace detail

/// A value or an Error. `if (!result) return result.error();`
template <typename T>
class [[nodiscard]] Result {
  public:
    Result(T value) : state_(std::move(value)) {}
    Result(Error error) : state_(std::move(error)) {}

    explicit operator bool() const { return state_.index() == 0; }
    T& operator*() { return value(); }
    const T& operator*() const { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    T& value() {
        CHECK(state_.index() == 0, std::get_if<Error>(&state_)->message);
        return std::get<0>(state_);
    }
    const T& value() const {
        CHECK(state_.index() == 0, std::get_if<Error>(&state_)->message);
        return std::get<0>(state_);
    }
    const Error& error() const {
        CHECK(state_.index() == 1);
        return std::get<1>(state_);
    }

  private:
    std::variant<T, Error> state_;
};

/// Done, or an Error.
template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}

    explicit operator bool() const { return !error_; }
    const Error& error() const {
        CHECK(error_.has_value());
        return *error_;
    }

  private:
    std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace base
