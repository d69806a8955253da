#pragma once

// A time-stamping authority of our own (RFC 3161, OpenSSL's TS_RESP), with a root that certifies it.

#include "engine/base/freed.h"
#include "engine/base/result.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace scenario {

class StampingAuthority {
  public:
    /// Its certificate ends `ends_s` seconds from now.
    explicit StampingAuthority(const std::string& name = "Test Time", long ends_s = 86'400) {
        root_ = make(name + " Root", root_key_, nullptr, root_key_, 86'400, "");
        signer_ = make(name, signer_key_, root_.get(), root_key_, ends_s, "critical,timeStamping");
    }
    std::string root_pem() const { return pem(root_.get()); }
    std::string signer_pem() const { return pem(signer_.get()); }

    /// Its answer (TimeStampResp) to a request. `digest`: the only one that it stamps.
    std::string answer(std::string_view request, const char* digest = "SHA256") const {
        const std::unique_ptr<TS_RESP_CTX, base::Freed<TS_RESP_CTX_free>> context(TS_RESP_CTX_new());
        const std::unique_ptr<BIO, base::Freed<BIO_free>> in(BIO_new_mem_buf(request.data(), static_cast<int>(request.size())));
        const std::unique_ptr<ASN1_OBJECT, base::Freed<ASN1_OBJECT_free>> policy(OBJ_txt2obj("1.2.3.4.1", 1));
        CHECK(TS_RESP_CTX_set_signer_cert(context.get(), signer_.get()) == 1 && TS_RESP_CTX_set_signer_key(context.get(), signer_key_.get()) == 1 &&
              TS_RESP_CTX_set_signer_digest(context.get(), EVP_sha256()) == 1 && TS_RESP_CTX_set_ess_cert_id_digest(context.get(), EVP_sha256()) == 1 &&
              TS_RESP_CTX_set_def_policy(context.get(), policy.get()) == 1 && TS_RESP_CTX_add_md(context.get(), EVP_get_digestbyname(digest)) == 1);
        TS_RESP_CTX_set_serial_cb(context.get(), [](TS_RESP_CTX*, void*) {
            ASN1_INTEGER* serial = ASN1_INTEGER_new();
            ASN1_INTEGER_set(serial, 1);
            return serial;
        }, nullptr);
        const std::unique_ptr<TS_RESP, base::Freed<TS_RESP_free>> made(TS_RESP_create_response(context.get(), in.get()));
        CHECK(made != nullptr);
        unsigned char* bytes = nullptr;
        const int size = i2d_TS_RESP(made.get(), &bytes);
        const std::string der(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
        OPENSSL_free(bytes);
        return der;
    }

  private:
    using Key = std::unique_ptr<EVP_PKEY, base::Freed<EVP_PKEY_free>>;
    using Certificate = std::unique_ptr<X509, base::Freed<X509_free>>;

    static void add(X509* certificate, int kind, const std::string& value) {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
        CHECK(extension != nullptr);
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
    static Certificate make(const std::string& name, const Key& key, const X509* issuer, const Key& issuer_key, long ends_s, const std::string& usage) {
        Certificate made(X509_new());
        X509* c = made.get();
        X509_set_version(c, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(c), issuer == nullptr ? 1 : 2);
        X509_gmtime_adj(X509_getm_notBefore(c), -172'800);
        X509_gmtime_adj(X509_getm_notAfter(c), ends_s);
        X509_set_pubkey(c, key.get());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(c, X509_get_subject_name(issuer == nullptr ? c : issuer));
        add(c, NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
        if (issuer == nullptr) add(c, NID_key_usage, "critical,keyCertSign");
        if (!usage.empty()) add(c, NID_ext_key_usage, usage);
        CHECK(X509_sign(c, issuer_key.get(), EVP_sha256()) > 0);
        return made;
    }
    static std::string pem(X509* certificate) {
        const std::unique_ptr<BIO, base::Freed<BIO_free>> bio(BIO_new(BIO_s_mem()));
        CHECK(PEM_write_bio_X509(bio.get(), certificate) == 1);
        char* text = nullptr;
        const long size = BIO_get_mem_data(bio.get(), &text);
        return {text, static_cast<size_t>(size)};
    }

    Key root_key_{EVP_EC_gen("P-256")}, signer_key_{EVP_EC_gen("P-256")};
    Certificate root_, signer_;
};

}  // namespace scenario
