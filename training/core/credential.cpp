#include "training/core/credential.h"

#include "engine/base/files.h"
#include "engine/base/utf8.h"
#include "training/core/multibase.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

namespace training {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostText = 1000, kMostBadge = 64 << 10;
constexpr uint8_t kEd25519[2] = {0xed, 0x01};  // multicodec of an Ed25519 public key
constexpr const char* kCandidate = "urn:evenhand:candidate:";
constexpr const char* kSuite = "eddsa-rdfc-2022";
constexpr const char* kCertification = "Certification";  // Open Badges 3.0, B.4.1 AchievementType
constexpr const char* kAssessment = "Assessment";

bool is_plain_text(std::string_view text) {
    const bool has_control = std::ranges::any_of(text, [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7f; });
    return !has_control && !text.empty() && text.size() <= kMostText && !base::first_invalid_utf8(text);
}

bool has_shape(std::string_view text, std::string_view shape) {
    return text.size() == shape.size() && std::ranges::equal(text, shape, [](char c, char s) {
               return s == '0' ? c >= '0' && c <= '9' : s == 'x' ? (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') : c == s;
           });
}

/// All but letters, digits, - and _, so that any code is part of a name.
std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_') encoded += c;
        else encoded += fmt::format("%{:02X}", static_cast<uint8_t>(c));
    }
    return encoded;
}

std::string percent_decoded(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string decoded;
    for (size_t i = 0; i < text.size(); ++i) {
        const size_t high = i + 2 < text.size() && text[i] == '%' ? kDigits.find(text[i + 1]) : std::string_view::npos;
        const size_t low = high != std::string_view::npos ? kDigits.find(text[i + 2]) : std::string_view::npos;
        if (low == std::string_view::npos) {
            decoded += text[i];
        } else {
            decoded += static_cast<char>(16 * high + low);
            i += 2;
        }
    }
    return decoded;
}

/// Seconds from the beginning of 1970 to "2026-11-21T22:05:09Z"; none where there is no such time.
std::optional<int64_t> seconds_of(std::string_view time) {
    if (!has_shape(time, "0000-00-00T00:00:00Z")) return std::nullopt;
    const auto number = [&](size_t first, size_t digits) {
        int value = 0;
        for (const char c : time.substr(first, digits)) value = 10 * value + (c - '0');
        return value;
    };
    using namespace std::chrono;
    const year_month_day date{year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))), day(static_cast<unsigned>(number(8, 2)))};
    const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return int64_t{sys_days(date).time_since_epoch().count()} * 86'400 + 3600 * hour + 60 * minute + second;
}

std::string total_text(int32_t total) {
    return fmt::format("{}.{:02}", total / 100, total % 100);
}

/// The same for all who are judged alike.
std::string achievement_id(const Award& award) {
    base::Hasher hasher;
    hasher.text(award.name).text(award.description).text(award.criteria).bytes(award.rubric.bytes);
    return "urn:evenhand:achievement:" + hasher.finish().hex().substr(0, 32);
}

const Json& contexts() {
    static const Json kContexts = {"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"};
    return kContexts;
}

Json document_of(const Award& award, const PublicKey& issuer) {
    Json achievement = {{"id", achievement_id(award)},
                        {"type", {"Achievement"}},
                        {"achievementType", award.certifies ? kCertification : kAssessment},
                        {"name", award.name},
                        {"description", award.description},
                        {"criteria", {{"id", "urn:sha256:" + award.rubric.hex()}, {"narrative", award.criteria}}}};
    Json result = {{"id", "urn:uuid:" + award.id + "#total"}, {"type", {"Result"}}, {"value", total_text(award.total)}};
    return {{"@context", contexts()},
            {"id", "urn:uuid:" + award.id},
            {"type", {"VerifiableCredential", "OpenBadgeCredential"}},
            {"issuer", {{"id", did_of(issuer)}, {"type", {"Profile"}}, {"name", award.issuer}}},
            {"validFrom", award.awarded},
            {"name", award.name},
            {"credentialSubject",
             {{"id", kCandidate + percent_encoded(award.candidate)},
              {"type", {"AchievementSubject"}},
              {"achievement", std::move(achievement)},
              {"result", Json::array({std::move(result)})}}},
            {"evidence", Json::array({{{"id", "urn:sha256:" + award.evidence.hex()}, {"type", {"Evidence"}}}})}};
}

std::string verification_method(const PublicKey& issuer) {
    const std::string did = did_of(issuer);
    return did + "#" + did.substr(std::string_view("did:key:").size());
}

/// Sorted and one a line: what RDFC-1.0 makes of statements whose nodes all have names.
class Statements {
  public:
    void link(std::string_view subject, std::string_view predicate, std::string_view object) {
        lines_.push_back(fmt::format("{} <{}> <{}> .\n", named(subject), predicate, object));
    }
    void type(std::string_view subject, std::string_view object) {
        link(subject, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", object);
    }
    /// `datatype`: empty = a plain text.
    void text(std::string_view subject, std::string_view predicate, std::string_view text, std::string_view datatype = {}) {
        std::string quoted;
        for (const char c : text) {
            if (c == '"' || c == '\\') quoted += '\\';
            quoted += c;
        }
        lines_.push_back(fmt::format("{} <{}> \"{}\"{} .\n", named(subject), predicate, quoted,
                                     datatype.empty() ? "" : fmt::format("^^<{}>", datatype)));
    }
    std::string sorted() {
        std::ranges::sort(lines_);
        return fmt::format("{}", fmt::join(lines_, ""));
    }

  private:
    static std::string named(std::string_view subject) {
        return subject.starts_with("_:") ? std::string(subject) : fmt::format("<{}>", subject);
    }

    std::vector<std::string> lines_;
};

constexpr std::string_view kDateTime = "http://www.w3.org/2001/XMLSchema#dateTime";
#define BADGES "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
#define CREDENTIALS "https://www.w3.org/2018/credentials#"
#define SECURITY "https://w3id.org/security#"
#define SCHEMA "https://schema.org/"

std::string proof_statements(const Award& award, const PublicKey& issuer) {
    Statements s;
    constexpr std::string_view kProof = "_:c14n0";  // the only node without a name
    s.text(kProof, "http://purl.org/dc/terms/created", award.awarded, kDateTime);
    s.type(kProof, SECURITY "DataIntegrityProof");
    s.text(kProof, SECURITY "cryptosuite", kSuite, SECURITY "cryptosuiteString");
    s.link(kProof, SECURITY "proofPurpose", SECURITY "assertionMethod");
    s.link(kProof, SECURITY "verificationMethod", verification_method(issuer));
    return s.sorted();
}

Json proof_of(const Award& award, const PublicKey& issuer, const Signature& signature) {
    return {{"type", "DataIntegrityProof"}, {"cryptosuite", kSuite}, {"created", award.awarded},
            {"verificationMethod", verification_method(issuer)}, {"proofPurpose", "assertionMethod"},
            {"proofValue", to_multibase(signature)}};
}

// --- reading ---

/// Follows names and places (digits) through the document; an empty text where it leads nowhere.
std::string text_at(const Json& document, std::initializer_list<const char*> path) {
    const Json* at = &document;
    for (const char* step : path) {
        if (at->is_array() && *step == '0' && !at->empty()) at = &(*at)[0];
        else if (at->is_object() && at->contains(step)) at = &(*at)[step];
        else return {};
    }
    return at->is_string() ? at->get<std::string>() : std::string();
}

std::string after(std::string_view prefix, const std::string& text) {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string();
}

base::Hash hash_at(const Json& document, std::initializer_list<const char*> path) {
    return {from_hex<32>(after("urn:sha256:", text_at(document, path))).value_or(std::array<uint8_t, 32>{})};
}

/// "81.23" of a hundred; -1 where it is none.
int32_t total_from(const std::string& text) {
    const size_t point = text.find('.');
    if (point == std::string::npos) return -1;
    const auto whole = base::parse_integer(text.substr(0, point)), rest = base::parse_integer(text.substr(point + 1));
    if (!whole || !rest || *whole < 0 || *whole > 100 || *rest < 0 || *rest > 99) return -1;
    return static_cast<int32_t>(100 * *whole + *rest);
}

Award award_in(const Json& badge) {
    const char *subject = "credentialSubject", *achievement = "achievement";
    return {.id = after("urn:uuid:", text_at(badge, {"id"})),
            .issuer = text_at(badge, {"issuer", "name"}),
            .candidate = percent_decoded(after(kCandidate, text_at(badge, {subject, "id"}))),
            .name = text_at(badge, {"name"}),
            .description = text_at(badge, {subject, achievement, "description"}),
            .criteria = text_at(badge, {subject, achievement, "criteria", "narrative"}),
            .awarded = text_at(badge, {"validFrom"}),
            .rubric = hash_at(badge, {subject, achievement, "criteria", "id"}),
            .evidence = hash_at(badge, {"evidence", "0", "id"}),
            .total = total_from(text_at(badge, {subject, "result", "0", "value"})),
            .certifies = text_at(badge, {subject, achievement, "achievementType"}) == kCertification};
}

// --- RS256 ---

template <auto Free>
struct Freed {
    template <typename T>
    void operator()(T* pointer) const { Free(pointer); }
};
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

base::Result<Key> read_rsa(std::string_view pem) {
    constexpr int kLeastBits = 2048;
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    // A passphrase is never asked for on the terminal.
    Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr));
    ERR_clear_error();
    if (!key) return base::error("the RSA key: is no private key in PEM without a passphrase; make one by `openssl genrsa 3072`");
    if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key.get()) < kLeastBits)
        return base::error("the RSA key: is no RSA key of {} bits or more; make one by `openssl genrsa 3072`", kLeastBits);
    return key;
}

std::vector<uint8_t> rs256(EVP_PKEY* key, std::string_view message) {
    const Digest digest(EVP_MD_CTX_new());
    const auto* bytes = reinterpret_cast<const uint8_t*>(message.data());
    size_t size = 0;
    CHECK(EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) == 1);
    CHECK(EVP_DigestSign(digest.get(), nullptr, &size, bytes, message.size()) == 1);
    std::vector<uint8_t> signature(size);
    CHECK(EVP_DigestSign(digest.get(), signature.data(), &size, bytes, message.size()) == 1);
    signature.resize(size);
    return signature;
}

}  // namespace

base::Status check_award(const Award& award) {
    if (!has_shape(award.id, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"))
        return base::error("badge: \"{}\" is no id; give a UUID in lower case", award.id);
    if (!seconds_of(award.awarded))
        return base::error("badge: \"{}\" is no time; give it as 2026-11-21T22:05:09Z", award.awarded);
    if (award.total < 0 || award.total > 10'000) return base::error("badge: a total of {} hundredths is none; give 0 to 10000", award.total);
    const std::pair<const char*, const std::string*> texts[] = {{"the body's name", &award.issuer}, {"the candidate's code", &award.candidate},
        {"the name", &award.name}, {"the description", &award.description}, {"the criteria", &award.criteria}};
    for (const auto& [what, text] : texts)
        if (!is_plain_text(*text)) return base::error("badge: {} must be 1 to {} bytes of UTF-8 on one line", what, kMostText);
    return {};
}

std::string did_of(const PublicKey& key) {
    std::vector<uint8_t> coded(std::begin(kEd25519), std::end(kEd25519));
    coded.insert(coded.end(), key.begin(), key.end());
    return "did:key:" + to_multibase(coded);
}

std::optional<PublicKey> key_of_did(std::string_view did) {
    constexpr std::string_view kMethod = "did:key:";
    if (!did.starts_with(kMethod)) return std::nullopt;
    const auto coded = from_multibase(did.substr(kMethod.size()));
    PublicKey key;
    if (!coded || coded->size() != 2 + key.size() || !std::equal(std::begin(kEd25519), std::end(kEd25519), coded->begin()))
        return std::nullopt;
    std::copy(coded->begin() + 2, coded->end(), key.begin());
    return key;
}

std::string award_statements(const Award& award, const PublicKey& issuer) {
    const std::string badge = "urn:uuid:" + award.id, body = did_of(issuer), candidate = kCandidate + percent_encoded(award.candidate);
    const std::string achievement = achievement_id(award), result = badge + "#total";
    const std::string rubric = "urn:sha256:" + award.rubric.hex(), evidence = "urn:sha256:" + award.evidence.hex();
    Statements s;
    s.type(badge, CREDENTIALS "VerifiableCredential");
    s.type(badge, BADGES "OpenBadgeCredential");
    s.text(badge, SCHEMA "name", award.name);
    s.link(badge, CREDENTIALS "issuer", body);
    s.text(badge, CREDENTIALS "validFrom", award.awarded, kDateTime);
    s.link(badge, CREDENTIALS "credentialSubject", candidate);
    s.link(badge, CREDENTIALS "evidence", evidence);
    s.type(body, BADGES "Profile");
    s.text(body, SCHEMA "name", award.issuer);
    s.type(candidate, BADGES "AchievementSubject");
    s.link(candidate, BADGES "achievement", achievement);
    s.link(candidate, BADGES "result", result);
    s.type(achievement, BADGES "Achievement");
    s.text(achievement, BADGES "achievementType", award.certifies ? kCertification : kAssessment);
    s.text(achievement, SCHEMA "name", award.name);
    s.text(achievement, SCHEMA "description", award.description);
    s.link(achievement, BADGES "Criteria", rubric);
    s.text(rubric, BADGES "narrative", award.criteria);
    s.type(result, BADGES "Result");
    s.text(result, SCHEMA "value", total_text(award.total));
    s.type(evidence, BADGES "Evidence");
    return s.sorted();
}

#undef BADGES
#undef CREDENTIALS
#undef SECURITY
#undef SCHEMA

static std::string hashes_of(std::string_view configuration, std::string_view document) {
    std::string both;
    for (const base::Hash& hash : {base::sha256(configuration), base::sha256(document)})
        both.append(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size());
    return both;
}

Signature integrity_proof(std::string_view configuration, std::string_view document, const SecretKey& key) {
    return key.sign(hashes_of(configuration, document));
}

bool integrity_holds(std::string_view configuration, std::string_view document, const Signature& signature, const PublicKey& key) {
    return is_signed_by(key, hashes_of(configuration, document), signature);
}

std::string badge_json(const Award& award, const SecretKey& issuer) {
    CHECK(static_cast<bool>(check_award(award)));
    const PublicKey& key = issuer.public_key();
    Json badge = document_of(award, key);
    badge["proof"] = proof_of(award, key, integrity_proof(proof_statements(award, key), award_statements(award, key), issuer));
    return badge.dump(2) + "\n";
}

// What is not read would not be covered by the proof: the badge must be, member by member, the one that these figures make.
base::Result<CheckedBadge> check_badge(std::string_view json, const std::string& name) {
    const auto refuse = [&](std::string_view why) { return base::error("{}: {}", name, why); };
    if (json.size() > kMostBadge) return refuse("is larger than any badge");
    bool deep = false;
    const Json badge = Json::parse(json, [&](int depth, Json::parse_event_t, Json&) { return !(deep |= depth > 8); }, false);
    if (badge.is_discarded() || deep || !badge.is_object()) return refuse("is no JSON object; give the badge's file as it was issued");
    CheckedBadge checked{.award = award_in(badge)};
    const auto issuer = key_of_did(text_at(badge, {"issuer", "id"}));
    if (!issuer) return refuse("its issuer is not named by a did:key of Ed25519; it was not issued by Evenhand");
    checked.issuer = *issuer;
    if (base::Status sound = check_award(checked.award); !sound) return refuse(sound.error().message);
    const auto value = from_multibase(text_at(badge, {"proof", "proofValue"}));
    Signature signature;
    if (!value || value->size() != signature.size()) return refuse("has no proof of the suite eddsa-rdfc-2022; ask its holder for the original");
    std::ranges::copy(*value, signature.begin());
    Json expected = document_of(checked.award, *issuer);
    expected["proof"] = proof_of(checked.award, *issuer, signature);
    if (nlohmann::json(expected) != nlohmann::json(badge)) return refuse("holds what no badge of Evenhand's does, or lacks what each has; ask its holder for the original");
    if (!integrity_holds(proof_statements(checked.award, *issuer), award_statements(checked.award, *issuer), signature, *issuer))
        return refuse("its proof does not hold: something in it was changed after it was issued");
    return checked;
}

base::Result<std::string> badge_jwt(const Award& award, const PublicKey& issuer, std::string_view rsa_pem) {
    CHECK(static_cast<bool>(check_award(award)));
    base::Result<Key> key = read_rsa(rsa_pem);
    if (!key) return key.error();
    const Json header = {{"alg", "RS256"}, {"typ", "JWT"},
                         {"jwk", {{"kty", "RSA"}, {"n", number_of(key->get(), OSSL_PKEY_PARAM_RSA_N)}, {"e", number_of(key->get(), OSSL_PKEY_PARAM_RSA_E)}}}};
    Json claims = document_of(award, issuer);
    claims["iss"] = claims["issuer"]["id"];
    claims["jti"] = claims["id"];
    claims["sub"] = claims["credentialSubject"]["id"];
    claims["nbf"] = seconds_of(award.awarded).value();
    const std::string signed_part = base64url(header.dump()) + "." + base64url(claims.dump());
    return signed_part + "." + base64url(rs256(key->get(), signed_part));
}

}  // namespace training
