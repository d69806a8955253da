#include "training/core/jws.h"

#include "engine/base/freed.h"

#include <nlohmann/json.hpp>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sodium.h>

#include <span>
#include <vector>

namespace training {

namespace {

using base::Freed;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

std::string base64url(std::span<const uint8_t> bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    text.pop_back();  // the terminating zero
    return text;
}

std::string base64url(std::string_view text) {
    return base64url(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

std::string number_of(const EVP_PKEY* key, const char* name) {
    BIGNUM* read = nullptr;
    CHECK(EVP_PKEY_get_bn_param(key, name, &read) == 1);
    const Number number(read);
    std::vector<uint8_t> bytes(static_cast<size_t>(BN_num_bytes(read)));
    BN_bn2bin(read, bytes.data());
    return base64url(bytes);
}

}  // namespace

struct RsaKey::State {
    Key key;
};

RsaKey::RsaKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
RsaKey::RsaKey(RsaKey&&) noexcept = default;
RsaKey& RsaKey::operator=(RsaKey&&) noexcept = default;
RsaKey::~RsaKey() = default;

base::Result<RsaKey> RsaKey::from_pem(std::string_view pem) {
    constexpr int kLeastBits = 2048;
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr));
    ERR_clear_error();
    if (!key) return base::error("the RSA key: is no private key in PEM without a passphrase; make one by `openssl genrsa 3072`");
    if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key.get()) < kLeastBits)
        return base::error("the RSA key: is no RSA key of {} bits or more; make one by `openssl genrsa 3072`", kLeastBits);
    return RsaKey(std::make_unique<State>(State{std::move(key)}));
}

nlohmann::ordered_json RsaKey::jwk() const {
    const EVP_PKEY* key = state_->key.get();
    return {{"kty", "RSA"}, {"n", number_of(key, OSSL_PKEY_PARAM_RSA_N)}, {"e", number_of(key, OSSL_PKEY_PARAM_RSA_E)}};
}

std::string RsaKey::sign(const nlohmann::ordered_json& header, std::string_view payload) const {
    const std::string message = base64url(header.dump()) + "." + base64url(payload);
    const auto* bytes = reinterpret_cast<const uint8_t*>(message.data());
    const Digest digest(EVP_MD_CTX_new());
    CHECK(EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, state_->key.get()) == 1);
    size_t size = 0;
    CHECK(EVP_DigestSign(digest.get(), nullptr, &size, bytes, message.size()) == 1);
    std::vector<uint8_t> signature(size);
    CHECK(EVP_DigestSign(digest.get(), signature.data(), &size, bytes, message.size()) == 1);
    return message + "." + base64url(std::span(signature).first(size));
}

}  // namespace training
