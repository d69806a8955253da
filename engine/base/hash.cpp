#include "engine/base/hash.h"

#include "engine/base/result.h"

#include <sodium.h>

namespace base {
namespace {
crypto_hash_sha256_state* as_state(std::array<uint8_t, 128>& storage) {
    static_assert(sizeof(crypto_hash_sha256_state) <= 128);
    return reinterpret_cast<crypto_hash_sha256_state*>(storage.data());
}
}  // namespace

std::string Hash::hex() const {
    std::string text;
    for (uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

Hasher::Hasher() {
    crypto_hash_sha256_init(as_state(state_));
}

Hasher& Hasher::bytes(std::span<const uint8_t> data) {
    crypto_hash_sha256_update(as_state(state_), data.data(), data.size());
    return *this;
}

Hasher& Hasher::text(std::string_view text) {
    uint64_t size = text.size();
    value(size);
    return bytes({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

Hash Hasher::finish() {
    Hash hash;
    crypto_hash_sha256_final(as_state(state_), hash.bytes.data());
    return hash;
}

Hash sha256(std::span<const uint8_t> data) {
    return Hasher().bytes(data).finish();
}

Hash sha256(std::string_view text) {
    return sha256(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

}  // namespace base
