#include "training/core/keys.h"

#include "engine/base/disk.h"
#include "engine/base/foreign_words.h"
#include "engine/base/row_file.h"
#include "engine/base/toml.h"
#include "training/core/utc.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>

namespace training {

namespace fs = base::fs;

namespace {

constexpr const char *kPublicType = "evenhand public key", *kPrivateType = "evenhand private key",
                     *kCertificateType = "evenhand certificate", *kRevocationType = "evenhand revocation";
constexpr size_t kLongestName = 40;
constexpr const char* kAuthorityEnding = ".pem";
constexpr uint64_t kMostPasses = 64, kMostMemory_bytes = 4ull << 30;
static_assert(crypto_pwhash_SALTBYTES == 16 && crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == 24 &&
              crypto_aead_xchacha20poly1305_ietf_ABYTES == 16 &&
              crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);

base::Status check_name(const std::string& name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    };
    if (name.empty() || name.size() > kLongestName || !std::all_of(name.begin(), name.end(), allowed))
        return base::error("a key's name is 1 to {} letters, digits, - and _; give another than '{}'",
                           kLongestName, name.substr(0, kLongestName));
    return {};
}

// --- files ---

/// Refuses what others than the owner may get at.
base::Status check_mode(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return base::error("{}: {}; check the name", path.string(), base::system_error(errno));
    const unsigned mode = status.st_mode & 07777, right = S_ISDIR(status.st_mode) ? 0700 : 0600;
    if (status.st_uid != ::geteuid())
        return base::error("{}: belongs to another user; a private key is its owner's alone", path.string());
    if (mode & 077)
        return base::error("{}: others may get at it (mode {:04o}); run chmod {:o} on it", path.string(),
                           mode, right);
    return {};
}

base::Status make_folder(const fs::path& folder) {
    if (folder.empty()) return base::error("no folder for keys; set EVENHAND_KEYS");
    std::error_code code;
    if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), code);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return base::error("cannot make {}: {}; choose another with EVENHAND_KEYS", folder.string(),
                           base::system_error(errno));
    return check_mode(folder);
}

/// Writes a file of mode 0600 that is not there yet, whole or not at all.
base::Status write_secret(const fs::path& path, std::string_view text) {
    std::string scratch = path.string() + ".XXXXXX";
    const int descriptor = ::mkstemp(scratch.data());  // mode 0600
    bool done =
        descriptor >= 0 && base::write_and_sync(descriptor, text) && ::link(scratch.c_str(), path.c_str()) == 0;
    const int reason = errno;
    if (descriptor >= 0) {
        ::close(descriptor);
        ::unlink(scratch.c_str());
    }
    if (!done) return base::nothing_written(path, reason);
    return {};
}

/// What cannot be looked at is taken for there: whoever reads or makes it then says why not.
bool is_there(const fs::path& path) {
    std::error_code trouble;
    return fs::exists(path, trouble) || trouble;
}

base::Status append_row(const fs::path& path, const std::string& row) {
    base::Result<base::RowFile> rows = base::RowFile::open(path);
    return rows ? rows->append(row) : base::Status(rows.error());
}

/// Files of a folder with this ending, in order of name. A folder that does not exist has none.
base::Result<std::vector<fs::path>> list(const fs::path& folder, std::string_view ending) {
    std::vector<fs::path> files;
    std::error_code code;
    if (!fs::exists(folder, code) && !code) return files;
    if (code) return base::error("{}: cannot be read: {}", folder.string(), base::system_error(code));
    for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code))
        if (entry->path().filename().string().ends_with(ending)) files.push_back(entry->path());
    if (code) return base::error("{}: {}; check the folder", folder.string(), base::system_error(code));
    std::sort(files.begin(), files.end());
    return files;
}

base::Result<std::string> read_document(const fs::path& path) {
    return base::read_text(path, 64 << 10);
}

// --- the private key ---

/// Bytes that are wiped at the end.
template <size_t N>
struct Wiped {
    std::array<uint8_t, N> bytes{};
    Wiped() = default;
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    ~Wiped() { ::sodium_memzero(bytes.data(), N); }
};

base::Status derive(std::string_view passphrase, const KeyCost& cost, const std::array<uint8_t, 16>& salt,
                    Wiped<32>& key) {
    const int failed =
        ::crypto_pwhash(key.bytes.data(), key.bytes.size(), passphrase.data(), passphrase.size(), salt.data(),
                        cost.passes, static_cast<size_t>(cost.memory_bytes), crypto_pwhash_ALG_ARGON2ID13);
    if (failed != 0)
        return base::error("not enough memory to open the key ({} MiB are needed); close other programs",
                           cost.memory_bytes >> 20);
    return {};
}

Document describe(const Identity& who, const char* type) {
    return {{"type", type},           {"version", 1},
            {"name", who.name},       {"role", role_name(who.role)},
            {"key", to_hex(who.key)}, {"created", who.created}};
}

base::Result<std::string> encrypt(const Identity& who, const SecretKey& secret, std::string_view passphrase,
                                  const KeyCost& cost) {
    const auto salt = random_bytes<16>();
    const auto nonce = random_bytes<24>();
    Document document = describe(who, kPrivateType);
    document["argon2id_passes"] = cost.passes;
    document["argon2id_memory_bytes"] = cost.memory_bytes;
    document["salt"] = to_hex(salt);
    document["nonce"] = to_hex(nonce);
    const std::string bound = canonical(document);
    Wiped<32> key, seed;
    if (base::Status derived = derive(passphrase, cost, salt, key); !derived) return derived.error();
    secret.copy_seed(seed.bytes);
    std::array<uint8_t, 48> box;
    ::crypto_aead_xchacha20poly1305_ietf_encrypt(box.data(), nullptr, seed.bytes.data(), seed.bytes.size(),
                                                 reinterpret_cast<const unsigned char*>(bound.data()),
                                                 bound.size(), nullptr, nonce.data(), key.bytes.data());
    document["box"] = to_hex(box);
    return canonical(document);
}

base::Result<SecretKey> decrypt(const PrivateKeyFile& file, std::string_view passphrase,
                                const std::string& name) {
    Wiped<32> key, seed;
    if (base::Status derived = derive(passphrase, file.cost, file.salt, key); !derived)
        return derived.error();
    const int failed = ::crypto_aead_xchacha20poly1305_ietf_decrypt(
        seed.bytes.data(), nullptr, nullptr, file.box.data(), file.box.size(),
        reinterpret_cast<const unsigned char*>(file.bound.data()), file.bound.size(), file.nonce.data(),
        key.bytes.data());
    if (failed != 0)
        return base::error("{}: the passphrase does not open it, or the file was changed; try again", name);
    SecretKey secret = SecretKey::from_seed(seed.bytes);
    if (secret.public_key() != file.who.key)
        return base::error("{}: holds another key than it names; use a copy of it", name);
    return secret;
}

// --- documents ---

Identity read_identity(DocumentReader& reader, std::string& role) {
    Identity who;
    reader.integer("version", 1, 1);
    who.name = reader.text("name", kLongestName);
    role = reader.text("role");
    who.key = reader.key("key");
    who.created = reader.time("created");
    return who;
}

base::Status settle(Identity& who, const std::string& role, const std::string& name) {
    const std::optional<KeyRole> known = parse_role(role);
    if (!known) return base::error("{}: \"role\" must be body or station; use a copy of it", name);
    who.role = *known;
    if (base::Status named = check_name(who.name); !named)
        return base::error("{}: {}", name, named.error());
    return {};
}

std::string later_by(int days) {
    const std::time_t then = std::time(nullptr) + std::time_t{86400} * days;
    std::tm utc{};
    ::gmtime_r(&then, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                       utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

/// Only to choose the reader, which looks again.
bool is_type(const std::string& text, const char* type) {
    const Document document = Document::parse(text, nullptr, false);
    const auto found = document.is_object() ? document.find("type") : document.end();
    return found != document.end() && *found == type;
}

base::Result<std::vector<Revocation>> parse_revocations(const std::string& text, const std::string& name) {
    std::vector<Revocation> rows;
    for (size_t at = 0, row = 1; at < text.size(); ++row) {
        const size_t end = std::min(text.find('\n', at), text.size());
        auto parsed = parse_revocation(text.substr(at, end - at), fmt::format("{}, row {}", name, row));
        if (!parsed) return parsed.error();
        rows.push_back(std::move(*parsed));
        at = end + 1;
    }
    return rows;
}

/// Adds what a file says about trust. Certificates and private keys say nothing about it.
base::Status add_trust(const fs::path& file, Trust& trust) {
    const base::Result<std::string> text = base::read_text(file, 16 << 20);
    if (!text) return text.error();
    if (file.extension() == kAuthorityEnding) {
        auto authority = parse_authority(*text, file.string());
        if (!authority) return authority.error();
        trust.authorities.push_back(std::move(*authority));
        return {};
    }
    if (file.extension() == ".jsonl" || is_type(*text, kRevocationType)) {
        auto rows = parse_revocations(*text, file.string());
        if (!rows) return rows.error();
        trust.revocations.insert(trust.revocations.end(), rows->begin(), rows->end());
        return {};
    }
    if (is_type(*text, kCertificateType)) {
        const auto certificate = parse_certificate(*text, file.string());
        return certificate ? base::Status() : certificate.error();
    }
    auto who = parse_identity(*text, file.string());
    if (!who) return who.error();
    trust.keys.push_back(std::move(*who));
    return {};
}

std::string named(const std::string& name, const PublicKey& key) {
    return fmt::format("{} ({})", name, key_id(key));
}

base::Error no_such_key(const fs::path& file) {
    return base::error("{}: no such key; `evenhand keys show` lists those there are", file.string());
}

}  // namespace

const char* role_name(KeyRole role) {
    return role == KeyRole::body ? "body" : "station";
}

std::optional<KeyRole> parse_role(std::string_view name) {
    for (const KeyRole role : {KeyRole::body, KeyRole::station})
        if (name == role_name(role)) return role;
    return std::nullopt;
}

base::Result<Identity> parse_identity(std::string_view text, const std::string& name) {
    base::Result<Document> document = parse_document(text, kPublicType, name);
    if (!document) return document.error();
    DocumentReader reader(*document, name);
    std::string role;
    Identity who = read_identity(reader, role);
    if (base::Status read = reader.done(); !read) return read.error();
    if (base::Status settled = settle(who, role, name); !settled) return settled.error();
    if (!is_signed_by(who.key, *document))
        return base::error("{}: is not signed by the key that it names; use a copy of it", name);
    return who;
}

base::Result<PrivateKeyFile> parse_private_key(std::string_view text, const std::string& name) {
    base::Result<Document> document = parse_document(text, kPrivateType, name);
    if (!document) return document.error();
    DocumentReader reader(*document, name);
    PrivateKeyFile file;
    std::string role;
    file.who = read_identity(reader, role);
    const KeyCost least = least_key_cost();
    file.cost.passes = static_cast<uint64_t>(
        reader.integer("argon2id_passes", static_cast<int64_t>(least.passes), kMostPasses));
    file.cost.memory_bytes = static_cast<uint64_t>(
        reader.integer("argon2id_memory_bytes", static_cast<int64_t>(least.memory_bytes), kMostMemory_bytes));
    file.salt = reader.bytes<16>("salt");
    file.nonce = reader.bytes<24>("nonce");
    file.box = reader.bytes<48>("box");
    if (base::Status read = reader.done(); !read) return read.error();
    if (base::Status settled = settle(file.who, role, name); !settled) return settled.error();
    document->erase("box");
    file.bound = canonical(*document);
    return file;
}

base::Result<Certificate> parse_certificate(std::string_view text, const std::string& name) {
    base::Result<Document> document = parse_document(text, kCertificateType, name);
    if (!document) return document.error();
    DocumentReader reader(*document, name);
    Certificate certificate;
    reader.integer("version", 1, 1);
    certificate.body = reader.key("body");
    certificate.body_name = reader.text("body_name", kLongestName);
    certificate.station = reader.key("station");
    certificate.station_name = reader.text("station_name", kLongestName);
    certificate.from = reader.time("from");
    certificate.until = reader.time("until");
    if (base::Status read = reader.done(); !read) return read.error();
    for (const std::string& who : {certificate.body_name, certificate.station_name})
        if (base::Status settled = check_name(who); !settled)
            return base::error("{}: {}", name, settled.error());
    if (!is_signed_by(certificate.body, *document))
        return base::error("{}: is not signed by the body that it names; use a copy of it", name);
    return certificate;
}

base::Result<Revocation> parse_revocation(std::string_view text, const std::string& name) {
    base::Result<Document> document = parse_document(text, kRevocationType, name);
    if (!document) return document.error();
    DocumentReader reader(*document, name);
    Revocation revocation;
    reader.integer("version", 1, 1);
    revocation.key = reader.key("key");
    revocation.by = reader.key("by");
    revocation.since = reader.time("since");
    revocation.written = reader.time("written");
    const std::string reason = reader.text("reason");
    if (base::Status read = reader.done(); !read) return read.error();
    if (reason != "compromised" && reason != "retired")
        return base::error("{}: \"reason\" must be compromised or retired; use a copy of it", name);
    revocation.compromised = reason == "compromised";
    if (!is_signed_by(revocation.by, *document))
        return base::error("{}: is not signed by the key that it names; use a copy of it", name);
    return revocation;
}

fs::path keys_folder() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return value ? fs::path(value) : fs::path();
    };
    if (const auto chosen = variable("EVENHAND_KEYS"); !chosen.empty()) return chosen;
    if (const auto data = variable("XDG_DATA_HOME"); !data.empty()) return data / "evenhand/keys";
    const auto home = variable("HOME");
    return home.empty() ? home : home / ".local/share/evenhand/keys";
}

KeyCost least_key_cost() {
    return {crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN};
}

base::Result<Identity> make_key(const fs::path& folder, const std::string& name, KeyRole role,
                                std::string_view passphrase, const KeyCost& cost) {
    if (base::Status named = check_name(name); !named) return named.error();
    if (passphrase.size() < kLeastPassphrase)
        return base::error("the passphrase is shorter than {} letters; choose a longer one",
                           kLeastPassphrase);
    if (base::Status made = make_folder(folder); !made) return made.error();
    const fs::path secret_file = folder / (name + ".key"), public_file = folder / (name + ".public.json");
    for (const fs::path& file : {secret_file, public_file, folder / (name + ".journal")})  // one journal is one key's
        if (is_there(file))
            return base::error("{}: exists already and a key is never overwritten; choose another name",
                               file.string());
    const SecretKey secret = SecretKey::generate();
    const Identity who{name, role, secret.public_key(), utc_now()};
    const base::Result<std::string> encrypted = encrypt(who, secret, passphrase, cost);
    if (!encrypted) return encrypted.error();
    if (base::Status written = write_secret(secret_file, *encrypted + "\n"); !written) return written.error();
    const std::string shown = sign_document(describe(who, kPublicType), secret) + "\n";
    if (base::Status written = base::write_file(public_file, std::string_view(shown)); !written) {
        std::error_code code;
        fs::remove(secret_file, code);
        return written.error();
    }
    return who;
}

base::Result<OpenKey> open_key(const fs::path& folder, const std::string& name, std::string_view passphrase) {
    if (base::Status named = check_name(name); !named) return named.error();
    const fs::path file = folder / (name + ".key"), certificate = folder / (name + ".certificate.json");
    if (!is_there(file)) return no_such_key(file);
    for (const fs::path& path : {folder, file})
        if (base::Status alone = check_mode(path); !alone) return alone.error();
    const base::Result<std::string> text = read_document(file);
    if (!text) return text.error();
    base::Result<PrivateKeyFile> parsed = parse_private_key(*text, file.string());
    if (!parsed) return parsed.error();
    base::Result<SecretKey> secret = decrypt(*parsed, passphrase, file.string());
    if (!secret) return secret.error();
    OpenKey key{std::move(parsed->who), std::move(*secret), {}};
    if (!is_there(certificate)) return key;
    base::Result<std::string> kept = read_document(certificate);
    if (!kept) return kept.error();
    const base::Result<Certificate> read = parse_certificate(*kept, certificate.string());
    if (!read) return read.error();
    if (read->station != key.who.key)
        return base::error("{}: is another key's; take on the right one with `evenhand keys trust`",
                           certificate.string());
    while (kept->ends_with('\n')) kept->pop_back();
    key.certificate = std::move(*kept);
    return key;
}

base::Result<std::vector<OwnKey>> own_keys(const fs::path& folder) {
    std::vector<OwnKey> keys;
    const auto files = list(folder, ".key");
    if (!files) return files.error();
    for (const fs::path& file : *files) {
        const auto text = read_document(file);
        if (!text) return text.error();
        auto parsed = parse_private_key(*text, file.string());
        if (!parsed) return parsed.error();
        OwnKey key{std::move(parsed->who), std::nullopt};
        const fs::path beside = folder / (key.who.name + ".certificate.json");
        if (is_there(beside)) {
            const auto kept = read_document(beside);
            if (!kept) return kept.error();
            auto certificate = parse_certificate(*kept, beside.string());
            if (!certificate) return certificate.error();
            key.certificate = std::move(*certificate);
        }
        keys.push_back(std::move(key));
    }
    return keys;
}

base::Result<OwnKey> own_key(const fs::path& folder, const std::string& name) {
    auto keys = own_keys(folder);
    if (!keys) return keys.error();
    const auto key = std::ranges::find(*keys, name, [](const OwnKey& one) { return one.who.name; });
    if (key == keys->end()) return no_such_key(folder / (name + ".key"));
    return std::move(*key);
}

base::Result<std::string> only_key(const fs::path& folder, KeyRole role) {
    const auto keys = own_keys(folder);
    if (!keys) return keys.error();
    std::vector<std::string> names;
    for (const OwnKey& key : *keys)
        if (key.who.role == role) names.push_back(key.who.name);
    if (names.empty())
        return base::error("{}: no key of a {}; make one with `evenhand keys new --name NAME --role {}`",
                           folder.string(), role_name(role), role_name(role));
    if (names.size() > 1)
        return base::error("{}: several keys of a {}; name one of {}", folder.string(), role_name(role),
                           fmt::join(names, ", "));
    return names.front();
}

const Identity* Trust::find(const PublicKey& key, KeyRole role) const {
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&](const Identity& who) { return who.key == key && who.role == role; });
    return found == keys.end() ? nullptr : &*found;
}

const Revocation* Trust::revoked_by_itself(const PublicKey& key, const std::string& claimed) const {
    const auto found = std::ranges::find_if(revocations, [&](const Revocation& row) {
        return row.key == key && row.by == key && (row.compromised || row.since <= claimed);
    });
    return found == revocations.end() ? nullptr : &*found;
}

base::Result<Trust> read_trust(const fs::path& place) {
    Trust trust;
    std::error_code code;
    if (fs::is_regular_file(place, code)) {
        base::Status added = add_trust(place, trust);
        return added ? base::Result<Trust>(std::move(trust)) : added.error();
    }
    for (const fs::path& folder : {place, place / "trusted"}) {
        for (const char* ending : {".json", ".jsonl", kAuthorityEnding}) {
            const auto files = list(folder, ending);
            if (!files) return files.error();
            for (const fs::path& file : *files)
                if (base::Status added = add_trust(file, trust); !added) return added.error();
        }
    }
    return trust;
}

base::Result<std::string> read_stamp_place(const fs::path& folder) {
    const fs::path file = folder / "timestamp.toml";
    std::error_code code;
    if (!fs::exists(file, code)) return std::string();
    base::Result<toml::table> table = base::read_toml(file);
    if (!table) return table.error();
    base::TomlReader reader(*table, file.string());
    reader.integer("version", 1, 1);
    std::string url = reader.text("url");
    if (base::Status status = reader.status(); !status) return status.error();
    return url;
}

base::Result<std::string> certify(const fs::path& folder, const OpenKey& body, const Identity& station,
                                  int days) {
    CHECK(body.who.role == KeyRole::body && station.role == KeyRole::station);
    const std::string now = utc_now();
    const Document document = {{"type", kCertificateType},
                               {"version", 1},
                               {"body", to_hex(body.who.key)},
                               {"body_name", body.who.name},
                               {"station", to_hex(station.key)},
                               {"station_name", station.name},
                               {"from", now},
                               {"until", later_by(days)}};
    const std::string certificate = sign_document(document, body.secret);
    std::string stamp = now;
    std::erase_if(stamp, [](char c) { return c == ':' || c == '-'; });
    std::error_code code;
    fs::create_directories(folder / "issued", code);
    const fs::path file = folder / "issued" / fmt::format("{}-{}.json", key_id(station.key), stamp);
    if (base::Status kept = base::write_file(file, std::string_view(certificate + "\n")); !kept)
        return kept.error();
    return certificate;
}

namespace {

base::Result<std::string> take_on_key(const fs::path& folder, const std::string& text,
                                      const std::string& name) {
    const auto who = parse_identity(text, name);
    if (!who) return who.error();
    std::error_code code;
    fs::create_directories(folder / "trusted", code);
    const fs::path file = folder / "trusted" / (key_id(who->key) + ".json");
    if (base::Status written = base::write_file(file, std::string_view(text)); !written)
        return written.error();
    return fmt::format("the {} {} is trusted here: {}", role_name(who->role), named(who->name, who->key),
                       file.string());
}

base::Result<std::string> take_on_authority(const fs::path& folder, const std::string& text, const std::string& name) {
    const auto authority = parse_authority(text, name);
    if (!authority) return authority.error();
    std::error_code code;
    fs::create_directories(folder / "trusted", code);
    const fs::path file = folder / "trusted" / (authority->id + kAuthorityEnding);
    if (base::Status written = base::write_file(file, std::string_view(text)); !written) return written.error();
    return fmt::format("time stamps by {} ({}) are trusted here until {}: {}", authority->name, authority->id, authority->until, file.string());
}

base::Result<std::string> take_on_certificate(const fs::path& folder, const std::string& text,
                                              const std::string& name) {
    const auto certificate = parse_certificate(text, name);
    if (!certificate) return certificate.error();
    const auto keys = own_keys(folder);
    if (!keys) return keys.error();
    for (const OwnKey& key : *keys) {
        if (key.who.key != certificate->station) continue;
        const fs::path file = folder / (key.who.name + ".certificate.json");
        if (base::Status written = base::write_file(file, std::string_view(text)); !written)
            return written.error();
        return fmt::format("{} certifies {} until {}: {}", certificate->body_name,
                           named(key.who.name, key.who.key), certificate->until, file.string());
    }
    return base::error("{}: certifies the station {}, whose key is not in {}; give it to that station", name,
                       named(certificate->station_name, certificate->station), folder.string());
}

base::Result<std::string> take_on_revocations(const fs::path& folder, const std::string& text,
                                              const std::string& name) {
    const auto rows = parse_revocations(text, name);
    if (!rows) return rows.error();
    const fs::path file = folder / "revocations.jsonl";
    std::string there;
    if (is_there(file)) {
        base::Result<std::string> read = base::read_text(file, 16 << 20);
        if (!read) return read.error();
        there = std::move(*read);
    }
    size_t added = 0;
    for (size_t at = 0; at < text.size(); at = std::min(text.find('\n', at), text.size()) + 1) {
        const std::string row = text.substr(at, text.find('\n', at) - at);
        if (there.find(row + "\n") != std::string::npos) continue;
        if (base::Status appended = append_row(file, row); !appended) return appended.error();
        ++added;
    }
    return fmt::format("{} revocation{} added to {}", added, added == 1 ? "" : "s", file.string());
}

}  // namespace

base::Result<std::string> take_on(const fs::path& folder, const fs::path& file) {
    const base::Result<std::string> text = base::read_text(file, 16 << 20);
    if (!text) return text.error();
    if (base::Status made = make_folder(folder); !made) return made.error();
    if (file.extension() == kAuthorityEnding) return take_on_authority(folder, *text, file.string());
    if (file.extension() == ".jsonl" || is_type(*text, kRevocationType))
        return take_on_revocations(folder, *text, file.string());
    if (is_type(*text, kCertificateType)) return take_on_certificate(folder, *text, file.string());
    if (is_type(*text, kPrivateType))
        return base::error(
            "{}: is a private key, which is nobody else's; give the {{NAME}}.public.json beside it",
            file.string());
    return take_on_key(folder, *text, file.string());
}

base::Result<std::string> revoke(const fs::path& folder, const OpenKey& by, const PublicKey& key,
                                 bool compromised, const std::string& since) {
    if (by.who.role != KeyRole::body && by.who.key != key)
        return base::error("a station's key revokes itself alone; name a body's with --by");
    const std::string row = sign_document({{"type", kRevocationType},
                                           {"version", 1},
                                           {"key", to_hex(key)},
                                           {"by", to_hex(by.who.key)},
                                           {"since", since},
                                           {"written", utc_now()},
                                           {"reason", compromised ? "compromised" : "retired"}},
                                          by.secret);
    if (base::Status added = append_row(folder / "revocations.jsonl", row); !added) return added.error();
    return row;
}

base::Result<Identity> find_key(const fs::path& folder, const std::string& name_or_id) {
    auto trust = read_trust(folder);
    if (!trust) return trust.error();
    const auto issued = list(folder / "issued", ".json");
    if (!issued) return issued.error();
    for (const fs::path& file : *issued) {
        const auto text = read_document(file);
        if (!text) return text.error();
        const auto certificate = parse_certificate(*text, file.string());
        if (!certificate) return certificate.error();
        trust->keys.push_back(
            {certificate->station_name, KeyRole::station, certificate->station, certificate->from});
    }
    std::vector<Identity> found;
    for (const Identity& who : trust->keys) {
        const bool by_id = name_or_id.size() >= 8 && key_id(who.key).starts_with(name_or_id);
        const bool known = std::any_of(found.begin(), found.end(),
                                       [&](const Identity& other) { return other.key == who.key; });
        if ((by_id || who.name == name_or_id) && !known) found.push_back(who);
    }
    if (found.empty())
        return base::error("{}: no key '{}'; `evenhand keys show` lists those there are", folder.string(),
                           name_or_id);
    if (found.size() > 1)
        return base::error("{}: several keys '{}'; give the id that `evenhand keys show` tells",
                           folder.string(), name_or_id);
    return found.front();
}

namespace {

/// What a revoked key signed: whether it still counts, and what to say.
Standing after_revocation(const Revocation& revoked, const std::string& whose, const std::string& claimed,
                          const std::optional<std::string>& witnessed) {
    const std::string how = revoked.compromised ? "as compromised" : "as retired";
    const std::string what = fmt::format("{} was revoked {} from {}", whose, how, revoked.since);
    if (witnessed && *witnessed < revoked.since)
        return {true, fmt::format("{}; a time stamp shows that this was signed before", what)};
    if (claimed >= revoked.since) return {false, fmt::format("{}, and this was signed at {}", what, claimed)};
    if (revoked.compromised)
        return {false,
                fmt::format("{}; that this was signed before, at {}, only that key says", what, claimed)};
    return {true, fmt::format("{}; this was signed before, at {}, as that key says", what, claimed)};
}

/// Who vouches for the station: itself, or a body.
Standing basis_of(const PublicKey& station, const std::optional<Certificate>& certificate,
                  const SignedWhen& when, const Trust& trust) {
    if (const Identity* known = trust.find(station, KeyRole::station))
        return {true,
                fmt::format("signed at the station {}, which is trusted here", named(known->name, station))};
    if (!certificate)
        return {false, fmt::format("the station's key {} is not trusted here, and nobody certifies it",
                                   key_id(station))};
    const Identity* body = trust.find(certificate->body, KeyRole::body);
    const std::string who = fmt::format("the station {}", named(certificate->station_name, station));
    if (!body)
        return {false, fmt::format("{} is certified by {}, which is not trusted here", who,
                                   named(certificate->body_name, certificate->body))};
    if (when.begun < certificate->from || when.begun > certificate->until)
        return {false, fmt::format("{} is certified from {} to {}, and the session was begun at {}", who,
                                   certificate->from, certificate->until, when.begun)};
    return {true, fmt::format("signed at {}, which {} certifies", who, named(body->name, body->key))};
}

}  // namespace

Standing standing_of(const PublicKey& station, const std::optional<Certificate>& certificate,
                     const SignedWhen& when, const Trust& trust) {
    Standing standing = basis_of(station, certificate, when, trust);
    const std::string& signed_at = std::max(when.closed, when.begun);
    for (const Revocation& revoked : trust.revocations) {
        const bool of_station = revoked.key == station,
                   of_body = certificate && revoked.key == certificate->body;
        const bool by_body = certificate && revoked.by == certificate->body;
        const bool by_trusted = trust.find(revoked.by, KeyRole::body) != nullptr &&
                                (by_body || trust.find(station, KeyRole::station));
        if (!(of_station && (revoked.by == station || by_trusted)) && !(of_body && revoked.by == revoked.key))
            continue;
        // A body signs certificates: its own revocation asks when this one was given.
        const Standing after = after_revocation(revoked, of_station ? "the station's key" : "the body's key",
                                                of_station ? signed_at : certificate->from, when.witnessed);
        if (!standing.holds && after.holds) continue;
        standing = {standing.holds && after.holds,
                    after.holds ? standing.words + "; " + after.words : after.words};
    }
    return standing;
}

}  // namespace training
