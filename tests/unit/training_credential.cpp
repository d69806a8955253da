// Badges: the W3C's test vectors, and everything that may be changed in one.

#include "engine/base/random.h"
#include "training/core/credential.h"
#include "training/core/multibase.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace training;
using Json = nlohmann::ordered_json;
using testing::HasSubstr;

// The W3C's vectors (Data Integrity EdDSA Cryptosuites 1.0, appendix B; TestVectors/ of w3c/vc-di-eddsa): key, document, proof.
constexpr const char* kPublic = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
constexpr const char* kPrivate = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq";

SecretKey vector_key() {
    const auto coded = from_multibase(kPrivate).value();
    EXPECT_EQ(coded.size(), 34u);  // a multicodec of two bytes before the seed
    std::array<uint8_t, 32> seed;
    std::copy(coded.begin() + 2, coded.end(), seed.begin());
    return SecretKey::from_seed(seed);
}

TEST(Credential, TheVectorsKeyIsNamedAsTheyNameIt) {
    EXPECT_EQ(did_of(vector_key().public_key()), std::string("did:key:") + kPublic);
    EXPECT_EQ(key_of_did(std::string("did:key:") + kPublic), vector_key().public_key());
    for (const char* wrong : {"", "did:key:", "did:key:z", "did:key:z6Mk", "did:web:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", "did:key:z0OIl",
                              "did:key:z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"})
        EXPECT_FALSE(key_of_did(wrong)) << wrong;
}

TEST(Credential, TheVectorOfEddsaRdfc2022IsReproduced) {
    const std::string document =
        "<did:example:abcdefgh> <https://www.w3.org/ns/credentials/examples#alumniOf> \"The School of Examples\" .\n"
        "<urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/2018/credentials#VerifiableCredential> .\n"
        "<urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/ns/credentials/examples#AlumniCredential> .\n"
        "<urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <https://schema.org/description> \"A minimum viable example of an Alumni Credential.\" .\n"
        "<urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <https://schema.org/name> \"Alumni Credential\" .\n"
        "<urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <https://www.w3.org/2018/credentials#credentialSubject> <did:example:abcdefgh> .\n"
        "<urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <https://www.w3.org/2018/credentials#issuer> <https://vc.example/issuers/5678> .\n"
        "<urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33> <https://www.w3.org/2018/credentials#validFrom> \"2023-01-01T00:00:00Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n";
    const std::string configuration =
        "_:c14n0 <http://purl.org/dc/terms/created> \"2023-02-24T23:36:38Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n"
        "_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof> .\n"
        "_:c14n0 <https://w3id.org/security#cryptosuite> \"eddsa-rdfc-2022\"^^<https://w3id.org/security#cryptosuiteString> .\n"
        "_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .\n"
        "_:c14n0 <https://w3id.org/security#verificationMethod> <https://vc.example/issuers/5678#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2> .\n";
    EXPECT_EQ(to_multibase(integrity_proof(configuration, document, vector_key())),
              "z21EVs3eXERqTn4acNHT9viboqgzUaQ3kTmhPT3eA8qrVPE7CrQq78WkzctnMX5W4CrzcKnHw8V6dvy5pgWYCU5e9");
}

TEST(Credential, TheVectorOfEddsaJcs2022IsReproduced) {
    const Document document = Document::parse(R"({"@context":["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/examples/v2"],
        "id":"urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33","type":["VerifiableCredential","AlumniCredential"],"name":"Alumni Credential",
        "description":"A minimum viable example of an Alumni Credential.","issuer":"https://vc.example/issuers/5678",
        "validFrom":"2023-01-01T00:00:00Z","credentialSubject":{"id":"did:example:abcdefgh","alumniOf":"The School of Examples"}})");
    const Document configuration = Document::parse(R"({"type":"DataIntegrityProof","cryptosuite":"eddsa-jcs-2022","created":"2023-02-24T23:36:38Z",
        "verificationMethod":"https://vc.example/issuers/5678#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2","proofPurpose":"assertionMethod",
        "@context":["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/examples/v2"]})");
    EXPECT_EQ(to_multibase(integrity_proof(canonical(configuration), canonical(document), vector_key())),
              "z63t83Y53KfzJ5ZosfKTnqfMcKB2dmTrfjSaQjeNNjAD5srBowQfmWqeRb8rRjmeEuCBEsddF9LsVogtuTsijJKh4");
}

TEST(Multibase, OfAnyBytesComesBack) {
    base::Random random(7);
    for (size_t size = 0; size < 80; ++size) {
        std::vector<uint8_t> bytes(size);
        for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.below(4) == 0 ? 0 : random.below(256));
        EXPECT_EQ(from_multibase(to_multibase(bytes)), bytes) << size;
    }
    // Bitcoin's own examples (draft-msporny-base58).
    EXPECT_EQ(to_multibase(std::vector<uint8_t>{'H', 'e', 'l', 'l', 'o', ' ', 'W', 'o', 'r', 'l', 'd', '!'}), "z2NEpo7TZRRrLZSi2U");
    EXPECT_EQ(to_multibase(std::vector<uint8_t>{0, 0, 0x28, 0x7f, 0xb4, 0xcd}), "z11233QC4");
}

Award some_award() {
    return {.id = "0b3fa7a1-12ab-4c00-8000-00000000000f",
            .issuer = "Board of \"Skin\" \\ Peau é 皮",
            .candidate = "K 17/é",
            .name = "Microneedling technique: training evidence",
            .description = "A simulated exam was passed.",
            .criteria = "Three attempts on the provisional rubric, by their mean.",
            .awarded = "2026-11-21T22:05:09Z",
            .rubric = base::sha256(std::string_view("rubric")),
            .evidence = base::sha256(std::string_view("evidence")),
            .total = 8103,
            .certifies = false};
}

TEST(Badge, IsReadAsItWasWritten) {
    const SecretKey body = vector_key();
    for (const bool certifies : {false, true})
        for (const int32_t total : {0, 7, 8103, 10'000}) {
            Award award = some_award();
            award.certifies = certifies, award.total = total;
            const auto checked = check_badge(badge_json(award, body), "badge.json");
            ASSERT_TRUE(checked) << checked.error().message;
            EXPECT_EQ(checked->award, award);
            EXPECT_EQ(checked->issuer, body.public_key());
        }
}

/// Every place of a document, as a path.
void each_place(const Json& at, const Json::json_pointer& path, const std::function<void(const Json::json_pointer&)>& visit) {
    visit(path);
    if (!at.is_structured()) return;
    for (const auto& [key, member] : at.items()) each_place(member, at.is_array() ? path / static_cast<size_t>(std::stoul(key)) : path / key, visit);
}

TEST(Badge, NothingInItCanBeChangedAddedOrTakenAway) {
    const Json badge = Json::parse(badge_json(some_award(), vector_key()));
    size_t tried = 0;
    const auto refused = [&](const Json& other, const std::string& what) {
        ++tried;
        EXPECT_FALSE(check_badge(other.dump(), "badge.json")) << what;
    };
    each_place(badge, Json::json_pointer(), [&](const Json::json_pointer& path) {
        const std::string where = path.to_string();
        for (const Json& value : {Json("x"), Json(1), Json(nullptr), Json::array(), Json::object()}) {
            Json other = badge;
            other[path] = value;
            refused(other, where + " = " + value.dump());
        }
        if (const Json& here = badge[path]; here.is_object()) {
            Json other = badge;
            other[path]["also"] = "this";
            refused(other, where + " has more");
            for (const auto& [key, member] : here.items()) {
                Json less = badge;
                less[path].erase(key);
                refused(less, where + " lacks " + key);
            }
        } else if (here.is_array()) {
            Json other = badge;
            other[path].push_back(here[0]);
            refused(other, where + " is longer");
        } else if (here.is_string()) {
            for (size_t i = 0; i < here.get_ref<const std::string&>().size(); ++i) {
                std::string text = here;
                if (static_cast<uint8_t>(text[i]) >= 0x80) continue;
                text[i] = text[i] == 'a' ? 'b' : 'a';
                Json other = badge;
                other[path] = text;
                refused(other, where + " = " + text);
            }
        }
    });
    EXPECT_GT(tried, 1000u);
    EXPECT_TRUE(check_badge(badge.dump(), "badge.json")) << "blanks do not matter";
}

TEST(Badge, ProofOfAnotherIsRefused) {
    Award better = some_award();
    better.total = 10'000;
    Json badge = Json::parse(badge_json(some_award(), vector_key()));
    badge["proof"] = Json::parse(badge_json(better, vector_key()))["proof"];
    const auto checked = check_badge(badge.dump(), "badge.json");
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().message, HasSubstr("its proof does not hold"));
}

TEST(Badge, WhatIsNoneIsRefusedInASentence) {
    for (const std::string& text : {std::string(), std::string("{"), std::string("[]"), std::string("{}"), std::string(70'000, '['), std::string("null"),
                                    std::string("{\"issuer\":{\"id\":3}}"), std::string("\xff\xfe")}) {
        const auto checked = check_badge(text, "mine.json");
        ASSERT_FALSE(checked);
        EXPECT_THAT(checked.error().message, HasSubstr("mine.json: "));
    }
}

TEST(Badge, AwardsThatCannotBeAreRefused) {
    EXPECT_TRUE(check_award(some_award()));
    const auto refused = [](auto change) {
        Award award = some_award();
        change(award);
        EXPECT_FALSE(check_award(award));
    };
    refused([](Award& a) { a.id = "1"; });
    refused([](Award& a) { a.id[0] = 'G'; });
    refused([](Award& a) { a.awarded = "2026-02-30T22:05:09Z"; });
    refused([](Award& a) { a.awarded = "2026-11-21 22:05:09"; });
    refused([](Award& a) { a.awarded = "2026-11-21T24:05:09Z"; });
    refused([](Award& a) { a.total = 10'001; });
    refused([](Award& a) { a.total = -1; });
    refused([](Award& a) { a.issuer = ""; });
    refused([](Award& a) { a.candidate = "a\nb"; });
    refused([](Award& a) { a.name = std::string(1001, 'x'); });
    refused([](Award& a) { a.criteria = "\xc3"; });
}

TEST(BadgeToken, NeedsAnRsaKey) {
    for (const char* pem : {"", "no key", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n"}) {
        const auto token = badge_jwt(some_award(), vector_key().public_key(), pem);
        ASSERT_FALSE(token);
        EXPECT_THAT(token.error().message, HasSubstr("openssl genrsa"));
    }
}

}  // namespace
