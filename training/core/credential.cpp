#include "training/core/credential.h"

#include "engine/base/files.h"
#include "engine/base/utf8.h"
#include "training/core/decimal.h"
#include "training/core/jws.h"
#include "training/core/multibase.h"
#include "training/core/utc.h"

#include <fmt/format.h>

#include <algorithm>
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
    return !text.empty() && text.size() <= kMostText && base::is_plain(text);
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
    Json result = {{"id", "urn:uuid:" + award.id + "#total"}, {"type", {"Result"}}, {"value", hundredths_text(award.total)}};
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
    s.text(result, SCHEMA "value", hundredths_text(award.total));
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
    const auto refuse = [&](const auto& why) { return base::error("{}: {}", name, why); };
    if (json.size() > kMostBadge) return refuse("is larger than any badge");
    bool deep = false;
    const Json badge = Json::parse(json, [&](int depth, Json::parse_event_t, Json&) { return !(deep |= depth > 8); }, false);
    if (badge.is_discarded() || deep || !badge.is_object()) return refuse("is no JSON object; give the badge's file as it was issued");
    CheckedBadge checked{.award = award_in(badge)};
    const auto issuer = key_of_did(text_at(badge, {"issuer", "id"}));
    if (!issuer) return refuse("its issuer is not named by a did:key of Ed25519; it was not issued by Evenhand");
    checked.issuer = *issuer;
    if (base::Status sound = check_award(checked.award); !sound) return refuse(sound.error());
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
    base::Result<RsaKey> key = RsaKey::from_pem(rsa_pem);
    if (!key) return key.error();
    const Json header = {{"alg", "RS256"}, {"typ", "JWT"}, {"jwk", key->jwk()}};
    Json claims = document_of(award, issuer);
    claims["iss"] = claims["issuer"]["id"];
    claims["jti"] = claims["id"];
    claims["sub"] = claims["credentialSubject"]["id"];
    claims["nbf"] = seconds_of(award.awarded).value();
    return key->sign(header, claims.dump());
}

}  // namespace training
