#pragma once

// SHA-256 (libsodium) over bytes; the name of every piece of evidence.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace base {

struct Hash {
    std::array<uint8_t, 32> bytes{};

    bool operator==(const Hash&) const = default;
    /// 64 lower-case hexadecimal digits.
    std::string hex() const;
};

/// Builds one hash from several pieces. Add only types without padding.
class Hasher {
  public:
    Hasher();
    Hasher& bytes(std::span<const uint8_t> data);
    Hasher& text(std::string_view text);  ///< length first, so that ("ab","c") and ("a","bc") differ
    template <typename T>
    Hasher& value(const T& v) {
        static_assert(std::has_unique_object_representations_v<T> || std::is_same_v<T, double>);
        return bytes({reinterpret_cast<const uint8_t*>(&v), sizeof(T)});
    }
    template <typename T>
    Hasher& values(std::span<const T> v) {
        static_assert(std::has_unique_object_representations_v<T> || std::is_same_v<T, double>);
        return bytes({reinterpret_cast<const uint8_t*>(v.data()), v.size_bytes()});
    }
    Hash finish();

  private:
    alignas(16) std::array<uint8_t, 128> state_;  // crypto_hash_sha256_state
};

Hash sha256(std::span<const uint8_t> data);
Hash sha256(std::string_view text);

}  // namespace base
