#include "tests/fuzz/fuzz_target.h"
#include "training/core/keys.h"
#include "training/core/utc.h"

// What people hand one another about keys, and the private key's file: one text, offered to every reader.

namespace fuzz {

namespace {

training::OpenKey a_key(training::KeyRole role, const char* name) {
    training::SecretKey secret = training::SecretKey::from_seed(std::array<uint8_t, 32>{7});
    training::Identity who{name, role, secret.public_key(), "2026-11-21T22:05:09Z"};
    return {std::move(who), std::move(secret), {}};
}

std::string document(const training::OpenKey& by, training::Document members, const char* type) {
    members["type"] = type;
    members["version"] = 1;
    return training::sign_document(std::move(members), by.secret);
}

std::vector<Bytes> sound() {
    const training::OpenKey body = a_key(training::KeyRole::body, "board");
    const std::string key = training::to_hex(body.who.key), time = "2026-11-21T22:05:09Z";
    const training::Document about = {{"name", "board"}, {"role", "body"}, {"key", key}, {"created", time}};
    training::Document secret = about;
    secret.update({{"type", "evenhand private key"},
                   {"version", 1},
                   {"argon2id_passes", 3},
                   {"argon2id_memory_bytes", 1 << 20},
                   {"salt", std::string(32, 'a')},
                   {"nonce", std::string(48, 'b')},
                   {"box", std::string(96, 'c')}});
    return {as_bytes(document(body, about, "evenhand public key")), as_bytes(training::canonical(secret)),
            as_bytes(document(body,
                              {{"body", key},
                               {"body_name", "board"},
                               {"station", key},
                               {"station_name", "station-1"},
                               {"from", time},
                               {"until", time}},
                              "evenhand certificate")),
            as_bytes(document(
                body, {{"key", key}, {"by", key}, {"since", time}, {"written", time}, {"reason", "retired"}},
                "evenhand revocation"))};
}

/// A name that was taken can be a file's.
bool is_sound(const training::Identity& who) {
    return !who.name.empty() && who.name.find_first_of("/.") == std::string::npos &&
           training::is_utc(who.created);
}

bool accepts(std::span<const uint8_t> bytes) {
    const std::string_view text = as_text(bytes);
    if (const auto who = training::parse_identity(text, "it")) {
        CHECK(is_sound(*who));
        return true;
    }
    if (const auto file = training::parse_private_key(text, "it")) {
        CHECK(is_sound(file->who) && file->cost.memory_bytes <= 4ull << 30 && file->cost.passes <= 64);
        return true;
    }
    const auto certificate = training::parse_certificate(text, "it");
    if (certificate) return true;
    const auto revocation = training::parse_revocation(text, "it");
    if (!revocation)
        CHECK(!revocation.error().message.empty() &&
              revocation.error().message.find('\n') == std::string::npos);
    return static_cast<bool>(revocation);
}

}  // namespace

Target key_file() {
    return {"key_file", sound(), accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(key_file)
