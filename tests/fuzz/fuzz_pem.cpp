#include "tests/fuzz/fuzz_target.h"
#include "tests/scenarios/stamping_authority.h"
#include "training/core/jws.h"
#include "training/core/time_stamp.h"

#include <nlohmann/json.hpp>

// Files in PEM: an authority's certificate that somebody trusts, and the RSA key that tokens of badges are signed with.

namespace fuzz {

namespace {

std::string rsa_key() {
    const std::unique_ptr<EVP_PKEY, base::Freed<EVP_PKEY_free>> key(EVP_RSA_gen(2048));
    const std::unique_ptr<BIO, base::Freed<BIO_free>> bio(BIO_new(BIO_s_mem()));
    CHECK(key && PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    const char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<size_t>(size)};
}

void check_sentence(const std::string& words) {
    CHECK(!words.empty() && words.find('\n') == std::string::npos, words);
}

bool is_authority(std::string_view text) {
    const auto authority = training::parse_authority(text, "it");
    if (!authority) check_sentence(authority.error().message);
    else CHECK(authority->id.size() == 16 && authority->name.find('\n') == std::string::npos && authority->until.size() == 20, authority->until);
    return static_cast<bool>(authority);
}

/// A key that is taken signs.
bool is_key(std::string_view text) {
    const auto key = training::RsaKey::from_pem(text);
    if (!key) {
        check_sentence(key.error().message);
        return false;
    }
    const std::string token = key->sign({{"alg", "RS256"}}, "words");
    CHECK(std::ranges::count(token, '.') == 2 && key->jwk().at("kty") == "RSA", token);
    return true;
}

bool accepts(std::span<const uint8_t> bytes) {
    const std::string_view text = as_text(bytes);
    const bool authority = is_authority(text), key = is_key(text);
    return authority || key;
}

}  // namespace

Target pem() {
    const scenario::StampingAuthority made;
    return {"pem", {as_bytes(made.root_pem()), as_bytes(made.signer_pem()), as_bytes(rsa_key())}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(pem)
