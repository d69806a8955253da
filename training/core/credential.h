#pragma once

// What a certification body gives a candidate for a passed exam, for others to check: an Open Badges 3.0 credential (1EdTech,
// on the W3C's Verifiable Credentials 2.0), as JSON with a proof of the suite eddsa-rdfc-2022 (W3C Data Integrity EdDSA
// Cryptosuites 1.0), or as a JSON Web Token signed by RS256.
//
// The badge has one fixed shape whose nodes all have ids, so the statements that its JSON-LD stands for (N-Quads, which is what
// the proof covers) are written down directly: no JSON-LD engine is needed to issue or to check it. What has another shape is no
// badge of Evenhand's, and is refused. Whether it certifies anything the body says in it, never we: otherwise it is named
// training evidence.

#include "engine/base/hash.h"
#include "training/core/signing.h"

#include <string>
#include <string_view>

namespace training {

/// What a badge tells. Texts are UTF-8 without control letters, 1 to 1,000 bytes.
struct Award {
    std::string id;           ///< a UUID, "0b3fa7a1-…"
    std::string issuer;       ///< the body's name
    std::string candidate;    ///< code; in the badge percent-encoded
    std::string name;         ///< of what was achieved
    std::string description;
    std::string criteria;     ///< how it was judged, in a sentence or a few
    std::string awarded;      ///< UTC, "2026-11-21T22:05:09Z"
    base::Hash rubric;        ///< by which it was scored
    base::Hash evidence;      ///< of the recording, or of all recordings of an exam
    int32_t total = 0;        ///< hundredths of a point, 0 to 10,000
    bool certifies = false;   ///< the body says that this is a certificate of its own

    bool operator==(const Award&) const = default;
};

/// Refuses what the fields above do not allow.
base::Status check_award(const Award& award);

/// "did:key:z6Mk…": the key itself as a name, that every verifier can resolve without asking anybody.
std::string did_of(const PublicKey& key);
/// None where it names no Ed25519 key.
std::optional<PublicKey> key_of_did(std::string_view did);

/// The statements of the credential, as RDFC-1.0 orders and writes them.
std::string award_statements(const Award& award, const PublicKey& issuer);

/// The badge with its proof, dated `awarded`. The award must pass check_award().
std::string badge_json(const Award& award, const SecretKey& issuer);

/// A badge that was read and whose proof holds.
struct CheckedBadge {
    Award award;
    PublicKey issuer{};  ///< whoever checks decides whether to believe it
};
/// Refused: what is no badge of this shape, says what, and a proof that does not hold.
base::Result<CheckedBadge> check_badge(std::string_view json, const std::string& name);

/// The signature that a W3C Data Integrity suite lays over a proof's configuration and a document, each in canonical form.
Signature integrity_proof(std::string_view configuration, std::string_view document, const SecretKey& key);
bool integrity_holds(std::string_view configuration, std::string_view document, const Signature& signature, const PublicKey& key);

/// The badge as a token for the body's RSA key of 2,048 bits or more (PKCS #8 or PKCS #1, PEM, without a passphrase); the
/// header carries the public key (`jwk`), as Open Badges 3.0, section 8.2, asks. Errors: no such key.
base::Result<std::string> badge_jwt(const Award& award, const PublicKey& issuer, std::string_view rsa_pem);

}  // namespace training
