#pragma once

// Ed25519 signatures (libsodium) and the one form in which a document is signed.
//
// A signed document is a JSON object of ASCII keys, texts, booleans, whole numbers below 2^53, lists and
// objects, written in one form alone: keys sorted, no blanks, no number with a point (RFC 8785 for such
// documents). Its "type" says what it is, so that a signature under one kind is never one under another;
// "signature" covers the form without itself. A reader takes the one form only: what was signed is what is
// read, and nothing can stand in a document twice or beside it.

#include "engine/base/files.h"
#include "engine/base/hash.h"
#include "engine/base/result.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace training {

using PublicKey = std::array<uint8_t, 32>;
using Signature = std::array<uint8_t, 64>;
using Document = nlohmann::json;

/// Lower-case hexadecimal digits, two to a byte.
std::string to_hex(std::span<const uint8_t> bytes);
/// None where the text is not exactly `N` bytes of lower-case digits.
template <size_t N>
std::optional<std::array<uint8_t, N>> from_hex(std::string_view hex) {
    const auto digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    if (hex.size() != 2 * N) return std::nullopt;
    std::array<uint8_t, N> bytes{};
    for (size_t i = 0; i < N; ++i) {
        const int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes[i] = static_cast<uint8_t>(high * 16 + low);
    }
    return bytes;
}

/// Name of a key for people: the first 16 digits of its SHA-256. Whoever decides about trust compares whole
/// keys.
std::string key_id(const PublicKey& key);

/// The secret half of a key pair, in locked memory that is wiped at the end. Move-only.
class SecretKey {
  public:
    static SecretKey generate();
    /// The key of these 32 bytes of randomness.
    static SecretKey from_seed(std::span<const uint8_t, 32> seed);
    SecretKey(SecretKey&& other) noexcept;
    SecretKey& operator=(SecretKey&& other) noexcept;
    ~SecretKey();

    const PublicKey& public_key() const { return public_; }
    Signature sign(std::string_view message) const;
    /// Gives the 32 bytes that the key is made of, to be encrypted and wiped.
    void copy_seed(std::span<uint8_t, 32> seed) const;

  private:
    SecretKey();
    uint8_t* secret_;  ///< 64 bytes of sodium_malloc
    PublicKey public_{};
};

bool is_signed_by(const PublicKey& key, std::string_view message, const Signature& signature);

/// Bytes that nobody can guess.
void fill_random(std::span<uint8_t> bytes);
template <size_t N>
std::array<uint8_t, N> random_bytes() {
    std::array<uint8_t, N> bytes;
    fill_random(bytes);
    return bytes;
}

/// The one form of a document. Our own mistake (CHECK) where it holds a number with a point, an integer of
/// 2^53 or more, a null, a key that is not printable ASCII, or is nested deeper than 8.
std::string canonical(const Document& document);

/// Reads a document of at most 64 KiB of this "type". `name`: what a refusal calls it. Refused: everything
/// but the one form (one line end behind it is taken), and another type.
base::Result<Document> parse_document(std::string_view text, std::string_view type, const std::string& name);

/// The document in its one form with "signature" added.
std::string sign_document(Document document, const SecretKey& key);
/// Whether "signature" is this key's under the rest of the document.
bool is_signed_by(const PublicKey& key, const Document& document);

/// Members of a document that was read; "type" and "signature" are known already. A refusal names document
/// and member.
class DocumentReader {
  public:
    DocumentReader(const Document& document, std::string name)
        : document_(document), name_(std::move(name)) {}

    std::string text(const char* key, size_t most = 4096);
    int64_t integer(const char* key, int64_t least, int64_t most);
    bool boolean(const char* key);
    /// At most `most` entries, each as one member alone; what they are is asked of a reader of their own.
    std::vector<Document> list(const char* key, size_t most);
    PublicKey key(const char* key) { return bytes<32>(key); }
    base::Hash hash(const char* key) { return {bytes<32>(key)}; }
    template <size_t N>
    std::array<uint8_t, N> bytes(const char* key) {
        const auto read = from_hex<N>(text(key));
        if (!read) fault(key, fmt::format("must be {} hexadecimal digits", 2 * N));
        return read.value_or(std::array<uint8_t, N>{});
    }
    /// "2026-11-21T22:05:09Z"
    std::string time(const char* key);
    /// Refuses members that nobody asked for. The first fault, if any.
    base::Status done();

  private:
    void fault(const char* key, const std::string& what);
    const Document* member(const char* key);

    const Document& document_;
    std::string name_, fault_;
    size_t asked_ = 0;
};

}  // namespace training
