// keys: those of certification bodies and stations: made, shown, certified, taken on, revoked.

#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/own_key.h"
#include "training/app/passphrase.h"

#include "training/core/keys.h"
#include "training/core/utc.h"

#include <algorithm>

namespace app {

namespace {

using training::Identity;
using training::KeyRole;

std::string named(const Identity& who) {
    return fmt::format("{} ({})", who.name, training::key_id(who.key));
}

std::string revoked_words(const training::PublicKey& key, const training::Trust& trust) {
    for (const training::Revocation& row : trust.revocations)
        if (row.key == key)
            return fmt::format(", revoked as {} from {}", row.compromised ? "compromised" : "retired",
                               row.since);
    return {};
}

std::string certificate_words(const training::OwnKey& key) {
    if (key.who.role == KeyRole::body) return {};
    if (!key.certificate) return ", certified by nobody";
    return fmt::format(", certified by {} until {}", key.certificate->body_name, key.certificate->until);
}

/// Whose word it shall be: the one named, the folder's body, or the key's own.
base::Result<std::string> revoker(const base::fs::path& folder, const KeysRevokeArguments& arguments,
                                  const Identity& key) {
    if (!arguments.by.empty()) return arguments.by;
    if (const auto body = training::only_key(folder, KeyRole::body)) return *body;
    const auto keys = training::own_keys(folder);
    if (!keys) return keys.error();
    for (const training::OwnKey& own : *keys)
        if (own.who.key == key.key) return own.who.name;
    return base::error(
        "{}: neither the key of {} nor one body's is here; name the key that revokes it with --by",
        folder.string(), named(key));
}

base::Result<Identity> key_or_file(const base::fs::path& folder, const std::string& which) {
    if (!which.ends_with(".json")) return training::find_key(folder, which);
    const base::Result<std::string> text = base::read_text(which, 64 << 10);
    if (!text) return text.error();
    return training::parse_identity(*text, which);
}

}  // namespace

int keys_new(const KeysNewArguments& arguments) {
    const auto role = training::parse_role(arguments.role);
    if (!role) return refuse(base::error("--role {}: must be body or station", arguments.role));
    const auto passphrase =
        read_passphrase(arguments.passphrase_file, fmt::format("new passphrase of {}", arguments.name), true);
    if (!passphrase) return refuse(passphrase.error());
    const base::fs::path folder = training::keys_folder();
    const auto made = training::make_key(folder, arguments.name, *role, passphrase->text());
    if (!made) return refuse(made.error());
    fmt::print("{} {}: give others {}\n", arguments.role, named(*made),
               (folder / (made->name + ".public.json")).string());
    return kDone;
}

int keys_show() {
    const base::fs::path folder = training::keys_folder();
    const auto own = training::own_keys(folder);
    if (!own) return refuse(own.error());
    const auto trust = training::read_trust(folder);
    if (!trust) return refuse(trust.error());
    fmt::print("{}\n", folder.string());
    for (const training::OwnKey& key : *own)
        fmt::print("  own      {:<8} {}  {}, made {}{}{}\n", role_name(key.who.role),
                   training::key_id(key.who.key), key.who.name, key.who.created, certificate_words(key),
                   revoked_words(key.who.key, *trust));
    for (const Identity& who : trust->keys) {
        const bool ours = std::any_of(own->begin(), own->end(),
                                      [&](const training::OwnKey& key) { return key.who.key == who.key; });
        if (!ours)
            fmt::print("  trusted  {:<8} {}  {}, made {}{}\n", role_name(who.role), training::key_id(who.key),
                       who.name, who.created, revoked_words(who.key, *trust));
    }
    for (const training::Authority& authority : trust->authorities)
        fmt::print("  trusted  {:<8} {}  {}, until {}\n", "time", authority.id, authority.name, authority.until);
    return kDone;
}

int keys_certify(const KeysCertifyArguments& arguments) {
    const base::fs::path folder = training::keys_folder();
    const auto text = base::read_text(arguments.station, 64 << 10);
    if (!text) return refuse(text.error());
    const auto station = training::parse_identity(*text, arguments.station);
    if (!station) return refuse(station.error());
    if (station->role != KeyRole::station)
        return refuse(base::error("{}: is a body's key; stations alone are certified", arguments.station));
    if (base::Status writable = base::check_writable(arguments.output); !writable)
        return refuse(writable.error());
    const auto body = open_own_key(KeyRole::body, arguments.by, arguments.passphrase_file);
    if (!body) return refuse(body.error());
    const auto certificate = training::certify(folder, *body, *station, arguments.days);
    if (!certificate) return refuse(certificate.error());
    if (base::Status written = base::write_file(arguments.output, std::string_view(*certificate + "\n"));
        !written)
        return refuse(written.error());
    fmt::print("{} certifies {} for {} days: give the station {}\n", body->who.name, named(*station),
               arguments.days, arguments.output);
    return kDone;
}

int keys_trust(const std::string& file) {
    const auto done = training::take_on(training::keys_folder(), file);
    if (!done) return refuse(done.error());
    fmt::print("{}\n", *done);
    return kDone;
}

int keys_revoke(const KeysRevokeArguments& arguments) {
    const base::fs::path folder = training::keys_folder();
    const std::string since = arguments.since.empty() ? training::utc_now() : arguments.since;
    if (!training::is_utc(since))
        return refuse(base::error("--since {}: must be UTC as in 2026-11-21T22:05:09Z", since));
    if (arguments.reason != "compromised" && arguments.reason != "retired")
        return refuse(base::error("--reason {}: must be compromised or retired", arguments.reason));
    const auto key = key_or_file(folder, arguments.key);
    if (!key) return refuse(key.error());
    const auto name = revoker(folder, arguments, *key);
    if (!name) return refuse(name.error());
    const auto by = open_own_key(*name, arguments.passphrase_file);
    if (!by) return refuse(by.error());
    const auto row = training::revoke(folder, *by, key->key, arguments.reason == "compromised", since);
    if (!row) return refuse(row.error());
    fmt::print("{} {} is revoked as {} from {}: give {} to whoever verifies\n", role_name(key->role),
               named(*key), arguments.reason, since, (folder / "revocations.jsonl").string());
    return kDone;
}

}  // namespace app
