#pragma once

// How failures travel. The world outside (files, devices, people) answers with Result<T>: an Error is one sentence that
// says what is wrong, where, and what to do. Our own mistakes stop the program at CHECK, in release builds too.

#include <fmt/format.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace base {

struct Sentence;

/// One sentence for a person: what, where (file:line:column or offset), what to do.
struct Error {
    std::string message;                             ///< in English, as the command line tells it
    std::shared_ptr<const Sentence> sentence = {};  ///< what it is made of; null where it was not made by error()
};

/// A sentence before its places are filled, so that it can be told in another language (sentence.h).
struct Sentence {
    std::string form;              ///< the English text with its places, as it stands in the code: "{}: is empty"
    std::vector<Error> arguments;  ///< as their first places show them, by their numbers; an Error where one was given
};

namespace detail {
Error make_error(fmt::string_view form, fmt::format_args args, std::initializer_list<const Error*> errors);
inline const Error* error_in(const Error& argument) { return &argument; }
template <typename T>
const Error* error_in(const T&) {
    return nullptr;
}
}  // namespace detail

/// The one place where sentences are made. `form` is a text in quotes, which is how translators find it; an argument may be
/// an Error, and is then told in the reader's language too.
template <typename... Args>
[[nodiscard]] Error error(fmt::format_string<Args...> form, Args&&... args) {
    return detail::make_error(form, fmt::make_format_args(args...), {detail::error_in(args)...});
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

template <>
struct fmt::formatter<base::Error> : fmt::formatter<std::string_view> {
    template <typename Context>
    auto format(const base::Error& error, Context& context) const {
        return fmt::formatter<std::string_view>::format(error.message, context);
    }
};
