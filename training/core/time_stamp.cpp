#include "training/core/time_stamp.h"

#include "engine/base/freed.h"
#include "training/core/signing.h"
#include "training/core/utc.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <sodium.h>

#include <algorithm>
#include <ctime>
#include <limits>
#include <memory>

namespace training {

namespace {

using base::Freed;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using CertificateStore = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using Token = std::unique_ptr<PKCS7, Freed<PKCS7_free>>;
using Info = std::unique_ptr<TS_TST_INFO, Freed<TS_TST_INFO_free>>;
using Request = std::unique_ptr<TS_REQ, Freed<TS_REQ_free>>;
using Answer = std::unique_ptr<TS_RESP, Freed<TS_RESP_free>>;
using Imprint = std::unique_ptr<TS_MSG_IMPRINT, Freed<TS_MSG_IMPRINT_free>>;
using Algorithm = std::unique_ptr<X509_ALGOR, Freed<X509_ALGOR_free>>;
using Integer = std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER_free>>;
using Check = std::unique_ptr<TS_VERIFY_CTX, Freed<TS_VERIFY_CTX_free>>;

/// What OpenSSL noted on the way to a refusal that we tell ourselves stays with nobody.
struct QuietErrors {
    ~QuietErrors() { ERR_clear_error(); }
};

constexpr size_t kMostName = 80;

/// A name from a certificate, without control letters; what is no ASCII is left out.
std::string name_of(const X509* certificate) {
    const X509_NAME* subject = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0) at = X509_NAME_get_index_by_NID(subject, NID_organizationName, -1);
    if (at < 0) return "an authority without a name";
    const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    std::string name(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), std::min<size_t>(kMostName, static_cast<size_t>(ASN1_STRING_length(text))));
    std::erase_if(name, [](char c) { return c < 0x20 || c == 0x7f; });
    return name.empty() ? "an authority without a name" : name;
}

/// UTC; none where it is no time.
std::optional<std::string> utc_text(const ASN1_TIME* time) {
    std::tm utc{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &utc) != 1) return std::nullopt;
    std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
    return is_utc(text) && seconds_of(text) ? std::optional(text) : std::nullopt;
}

template <typename T, typename Read>
T read_der(std::span<const uint8_t> bytes, Read read) {
    if (bytes.empty() || bytes.size() > kMostStamp) return {};
    const uint8_t* at = bytes.data();
    T value(read(nullptr, &at, static_cast<long>(bytes.size())));
    return value && at == bytes.data() + bytes.size() ? std::move(value) : T();
}

template <typename T, typename Write>
std::vector<uint8_t> write_der(T* value, Write write) {
    const int size = write(value, nullptr);
    CHECK(size > 0);
    std::vector<uint8_t> bytes(static_cast<size_t>(size));
    uint8_t* at = bytes.data();
    CHECK(write(value, &at) == size);
    return bytes;
}

Certificate read_pem(std::string_view pem) {
    if (pem.size() > kMostStamp) return {};
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return Certificate(PEM_read_bio_X509(bio.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr));
}

/// A store that takes each of these for an end of the chain, at a time in seconds of 1970.
CertificateStore store_of(std::span<X509* const> ends, int64_t time) {
    CertificateStore store(X509_STORE_new());
    CHECK(store != nullptr);
    for (X509* end : ends) X509_STORE_add_cert(store.get(), end);
    X509_VERIFY_PARAM* terms = X509_STORE_get0_param(store.get());
    X509_VERIFY_PARAM_set_time(terms, static_cast<time_t>(time));
    X509_VERIFY_PARAM_set_flags(terms, X509_V_FLAG_PARTIAL_CHAIN);
    return store;
}

/// Whether the token's signature holds, by a time stamper's certificate that leads to one of these and was in its term then.
bool is_signed(PKCS7* token, std::span<X509* const> ends, int64_t time) {
    const Check check(TS_VERIFY_CTX_new());
    CHECK(check != nullptr);
    TS_VERIFY_CTX_set_flags(check.get(), TS_VFY_VERSION | TS_VFY_SIGNATURE);
    TS_VERIFY_CTX_set_store(check.get(), store_of(ends, time).release());  // which frees it
    return TS_RESP_verify_token(check.get(), token) == 1;
}

/// None where there is not exactly one. The token's own.
X509* signer_of(PKCS7* token) {
    if (PKCS7_type_is_signed(token) != 1) return nullptr;
    STACK_OF(X509)* signers = PKCS7_get0_signers(token, nullptr, 0);
    X509* signer = signers != nullptr && sk_X509_num(signers) == 1 ? sk_X509_value(signers, 0) : nullptr;
    sk_X509_free(signers);
    return signer;
}

bool is_about(TS_TST_INFO* info, const base::Hash& hash) {
    TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info);
    const ASN1_OBJECT* algorithm = nullptr;
    X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
    const ASN1_OCTET_STRING* bytes = TS_MSG_IMPRINT_get_msg(imprint);
    const uint8_t* data = ASN1_STRING_get0_data(bytes);
    return OBJ_obj2nid(algorithm) == NID_sha256 && std::equal(hash.bytes.begin(), hash.bytes.end(), data, data + ASN1_STRING_length(bytes));
}

bool has_nonce(const TS_TST_INFO* info, uint64_t nonce) {
    uint64_t read = 0;
    const ASN1_INTEGER* number = TS_TST_INFO_get_nonce(info);
    return number != nullptr && ASN1_INTEGER_get_uint64(&read, number) == 1 && read == nonce;
}

std::string to_base64(std::span<const uint8_t> bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the terminating zero
    return text;
}

std::vector<uint8_t> from_base64(std::string_view text) {
    if (text.empty() || text.size() > 2 * kMostStamp) return {};
    std::vector<uint8_t> bytes(text.size());
    size_t size = 0;
    const bool read = sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0;
    bytes.resize(read ? size : 0);
    return bytes;
}

/// What an authority says why it does not stamp.
std::string rejection_of(TS_STATUS_INFO* status) {
    std::string words;
    const STACK_OF(ASN1_UTF8STRING)* texts = TS_STATUS_INFO_get0_text(status);
    if (texts != nullptr && sk_ASN1_UTF8STRING_num(texts) > 0) {
        const ASN1_UTF8STRING* text = sk_ASN1_UTF8STRING_value(texts, 0);
        words.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), std::min<size_t>(kMostName, static_cast<size_t>(ASN1_STRING_length(text))));
        std::erase_if(words, [](char c) { return c < 0x20 || c == 0x7f; });
    }
    return words.empty() ? "without a reason" : words;
}

}  // namespace

base::Result<Authority> parse_authority(std::string_view pem, const std::string& name) {
    const QuietErrors quiet;
    const Certificate certificate = read_pem(pem);
    const auto until = certificate ? utc_text(X509_get0_notAfter(certificate.get())) : std::nullopt;
    if (!until) return base::error("{}: is no certificate in PEM; ask the time-stamping authority for one", name);
    return Authority{std::string(pem), name_of(certificate.get()), base::sha256(write_der(certificate.get(), i2d_X509)).hex().substr(0, 16), *until};
}

StampRequest stamp_request(const base::Hash& hash) {
    StampRequest request{hash, 0, {}};
    for (const uint8_t byte : random_bytes<8>()) request.nonce = request.nonce << 8 | byte;
    const Algorithm algorithm(X509_ALGOR_new());
    const Imprint imprint(TS_MSG_IMPRINT_new());
    const Integer nonce(ASN1_INTEGER_new());
    const Request made(TS_REQ_new());
    CHECK(algorithm && imprint && nonce && made);
    std::array<uint8_t, 32> bytes = hash.bytes;
    CHECK(X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1 &&
          TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
          TS_MSG_IMPRINT_set_msg(imprint.get(), bytes.data(), static_cast<int>(bytes.size())) == 1 &&
          ASN1_INTEGER_set_uint64(nonce.get(), request.nonce) == 1 && TS_REQ_set_version(made.get(), 1) == 1 &&
          TS_REQ_set_msg_imprint(made.get(), imprint.get()) == 1 && TS_REQ_set_nonce(made.get(), nonce.get()) == 1 &&
          TS_REQ_set_cert_req(made.get(), 255) == 1);
    request.bytes = write_der(made.get(), i2d_TS_REQ);
    return request;
}

base::Result<std::string> accept_stamp(std::span<const uint8_t> answer, const StampRequest& request, std::span<const Authority> trusted) {
    const QuietErrors quiet;
    const Answer read = read_der<Answer>(answer, d2i_TS_RESP);
    if (!read) return base::error("its answer is no time stamp");
    TS_STATUS_INFO* status = TS_RESP_get_status_info(read.get());
    PKCS7* token = TS_RESP_get_token(read.get());
    if (ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status)) > TS_STATUS_GRANTED_WITH_MODS || token == nullptr)
        return base::error("it does not stamp this: {}", rejection_of(status));
    const std::string text = to_base64(write_der(token, i2d_PKCS7));
    const base::Result<Stamp> stamp = read_stamp(text, request.hash, trusted);
    if (!stamp) return stamp.error();
    const Info info(PKCS7_to_TS_TST_INFO(token));
    if (!has_nonce(info.get(), request.nonce)) return base::error("its answer is to another question (the nonce differs)");
    if (!stamp->trusted) return base::error("{} stamped it, whose certificate is not trusted here; take it on with `evenhand keys trust FILE.pem`", stamp->by);
    return text;
}

base::Result<Stamp> read_stamp(std::string_view text, const base::Hash& hash, std::span<const Authority> trusted) {
    const QuietErrors quiet;
    const Token token = read_der<Token>(from_base64(text), d2i_PKCS7);
    X509* signer = token ? signer_of(token.get()) : nullptr;
    const Info info(signer != nullptr ? PKCS7_to_TS_TST_INFO(token.get()) : nullptr);
    const auto time = info ? utc_text(TS_TST_INFO_get_time(info.get())) : std::nullopt;
    if (!time) return base::error("the time stamp cannot be read");
    if (!is_about(info.get(), hash)) return base::error("the time stamp is for something else");
    const int64_t seconds = *seconds_of(*time);
    const auto from = utc_text(X509_get0_notBefore(signer)), until = utc_text(X509_get0_notAfter(signer));
    if (!from || !until || *time < *from || *time > *until)
        return base::error("the time stamp is of {}, and its authority's certificate is for {} to {}", *time, from.value_or("?"), until.value_or("?"));
    if (!is_signed(token.get(), std::array{signer}, seconds)) return base::error("the time stamp's signature does not hold, or its certificate is no time stamper's");
    std::vector<Certificate> certificates;
    std::vector<X509*> ends;
    for (const Authority& authority : trusted)
        if (Certificate one = read_pem(authority.pem)) ends.push_back(certificates.emplace_back(std::move(one)).get());
    return Stamp{*time, name_of(signer), is_signed(token.get(), ends, seconds)};
}

}  // namespace training
