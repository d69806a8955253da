#pragma once

// Who may vouch for a session: keys of certification bodies and of exam stations, in a folder of their own.
//
//   NAME.key               the private key, encrypted (Argon2id, XChaCha20-Poly1305), mode 0600
//   NAME.public.json       what is given to others: name, role, key; signed by itself
//   NAME.journal           a station's: which attempts at exams were begun with it (exam_journal.h)
//   NAME.certificate.json  a station's: the body's word for its key
//   trusted/ID.json        public keys of others that were taken on
//   trusted/ID.pem         certificates of time-stamping authorities that were taken on
//   timestamp.toml         a station's: where it has its sessions stamped (read_stamp_place)
//   issued/ID-TIME.json    a body's: the certificates that it gave
//   revocations.jsonl      keys that are no longer believed, a signed row each; rows are only added
//
// Names are letters, digits, - and _: they become file names. All but the private keys may be copied
// anywhere.

#include "training/core/signing.h"
#include "training/core/time_stamp.h"

#include <optional>
#include <string>
#include <vector>

namespace training {

enum class KeyRole { body, station };
const char* role_name(KeyRole role);
std::optional<KeyRole> parse_role(std::string_view name);

/// The public half of a key as its file tells it.
struct Identity {
    std::string name;
    KeyRole role = KeyRole::station;
    PublicKey key{};
    std::string created;  ///< UTC, as its owner says
};
base::Result<Identity> parse_identity(std::string_view text, const std::string& name);

/// A body's word that a key is one of its stations'.
struct Certificate {
    PublicKey body{}, station{};
    std::string body_name, station_name;
    std::string from, until;  ///< UTC: sessions begun outside are not covered
};
/// The signature is checked to be `body`'s.
base::Result<Certificate> parse_certificate(std::string_view text, const std::string& name);

/// A key that is no longer believed.
struct Revocation {
    PublicKey key{}, by{};
    std::string since;    ///< UTC: what was signed from here on is refused
    std::string written;  ///< UTC
    bool compromised =
        false;  ///< somebody else may hold it: then its own word about time is worth nothing either
};
/// The signature is checked to be `by`'s.
base::Result<Revocation> parse_revocation(std::string_view text, const std::string& name);

/// $EVENHAND_KEYS, else $XDG_DATA_HOME/evenhand/keys, else ~/.local/share/evenhand/keys.
base::fs::path keys_folder();

/// What Argon2id costs to open a private key; kept in its file.
struct KeyCost {
    uint64_t passes = 3;
    uint64_t memory_bytes = 256 << 20;  ///< libsodium's "moderate"; 0.4 s of one core where this was written
};
/// The least that libsodium takes: for tests alone.
KeyCost least_key_cost();

inline constexpr size_t kLeastPassphrase = 8;

/// Makes a key pair; the folder is made, mode 0700, where there is none. Refused: a name that is taken or is
/// no file name, a passphrase under kLeastPassphrase bytes, a folder that others may look into. Nothing
/// half-written stays.
base::Result<Identity> make_key(const base::fs::path& folder, const std::string& name, KeyRole role,
                                std::string_view passphrase, const KeyCost& cost = {});

/// A private key that was opened, with what vouches for it.
struct OpenKey {
    Identity who;
    SecretKey secret;
    std::string certificate;  ///< document; empty for bodies and for stations without one
};
/// Refused: a folder or file that others may read, a wrong passphrase, a file that was changed.
base::Result<OpenKey> open_key(const base::fs::path& folder, const std::string& name,
                               std::string_view passphrase);

/// The name of the only private key of this role; refused where there is none, or a choice.
base::Result<std::string> only_key(const base::fs::path& folder, KeyRole role);

/// A private key's file, but for what only the passphrase gives. For who lists keys.
struct PrivateKeyFile {
    Identity who;
    KeyCost cost;
    std::array<uint8_t, 16> salt{};
    std::array<uint8_t, 24> nonce{};
    std::array<uint8_t, 48> box{};
    std::string bound;  ///< what the encryption also covers: the document without `box`
};
base::Result<PrivateKeyFile> parse_private_key(std::string_view text, const std::string& name);

/// What a folder or a single file says about whom to believe.
struct Trust {
    std::vector<Identity> keys;
    std::vector<Revocation> revocations;
    std::vector<Authority> authorities = {};  ///< whose time stamps are believed

    const Identity* find(const PublicKey& key, KeyRole role) const;
    /// The first row in which a key takes itself back for what it says it signed at `claimed` (UTC): from `since` on, or at any time
    /// where it was compromised. Null where it does not. For bodies, whose signatures nobody else witnesses.
    const Revocation* revoked_by_itself(const PublicKey& key, const std::string& claimed) const;
};
/// Reads the public keys, revocations and authorities' certificates of a folder (and of its `trusted`) or of one file. Refuses what
/// cannot be read: a revocation that is passed over would be worse than a refusal. A folder that does not
/// exist holds nothing.
base::Result<Trust> read_trust(const base::fs::path& place);

/// The keys of a folder by name, those that were made in it.
struct OwnKey {
    Identity who;
    std::optional<Certificate> certificate;
};
base::Result<std::vector<OwnKey>> own_keys(const base::fs::path& folder);
/// The one of this name; refused where there is none.
base::Result<OwnKey> own_key(const base::fs::path& folder, const std::string& name);

/// The address of the authority that timestamp.toml of the folder names (`version = 1`, `url`); empty where there is no such file.
base::Result<std::string> read_stamp_place(const base::fs::path& folder);

/// The certificate's document for a station's public key, for `days` days from now. A copy stays in the
/// body's folder, in `issued`, so that the body knows whom it may have to revoke.
base::Result<std::string> certify(const base::fs::path& folder, const OpenKey& body, const Identity& station,
                                  int days);

/// Takes on what a file holds: a public key, a certificate of a station key of this folder, revocations, or the
/// certificate of a time-stamping authority (PEM).
/// Says what was done.
base::Result<std::string> take_on(const base::fs::path& folder, const base::fs::path& file);

/// Adds a row to the folder's revocations and gives its document. `key` must be `by` itself or one that `by`,
/// a body, certifies.
base::Result<std::string> revoke(const base::fs::path& folder, const OpenKey& by, const PublicKey& key,
                                 bool compromised, const std::string& since);

/// A key that was made, trusted or certified in the folder, by its name, or by its id or the first 8 digits
/// or more of it.
base::Result<Identity> find_key(const base::fs::path& folder, const std::string& name_or_id);

/// Whether a station's word counts, and why: the end of a sentence.
struct Standing {
    bool holds = false;
    std::string words;
};
/// What a session says of itself.
struct SignedWhen {
    std::string begun, closed;  ///< UTC, by the station's clock; closed is empty where it was interrupted
    std::optional<std::string> witnessed;  ///< UTC, by a time-stamping authority
};
/// By whom and until when: trusted itself, or certified by a trusted body for the time at which the session
/// was begun. A key's revocation counts where the key itself or the body that certifies it signed it. What it
/// signed from `since` on is refused. What it says it signed earlier holds where the key was retired, for
/// then nobody had a reason to date it back; where it was compromised it holds only with a time stamp from
/// before.
Standing standing_of(const PublicKey& station, const std::optional<Certificate>& certificate,
                     const SignedWhen& when, const Trust& trust);

}  // namespace training
