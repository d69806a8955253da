#include "training/app/own_key.h"

#include "training/app/passphrase.h"

namespace app {

using training::KeyRole;

base::Result<std::string> own_key_name(KeyRole role, const std::string& asked) {
    return asked.empty() ? training::only_key(training::keys_folder(), role) : base::Result<std::string>(asked);
}

base::Status check_role(const training::OpenKey& key, KeyRole role) {
    if (key.who.role == role) return {};
    if (role == KeyRole::station) return base::error("--key {}: is a body's key; a station's seals", key.who.name);
    return base::error("{}: is a station's key; a body gives badges, certifies stations and signs exams", key.who.name);
}

base::Result<training::OpenKey> open_own_key(const std::string& name, const std::string& passphrase_file) {
    const auto passphrase = read_passphrase(passphrase_file, fmt::format("passphrase of {}", name));
    if (!passphrase) return passphrase.error();
    return training::open_key(training::keys_folder(), name, passphrase->text());
}

base::Result<training::OpenKey> open_own_key(KeyRole role, const std::string& asked, const std::string& passphrase_file) {
    const auto name = own_key_name(role, asked);
    if (!name) return name.error();
    base::Result<training::OpenKey> key = open_own_key(*name, passphrase_file);
    if (!key) return key;
    if (base::Status right = check_role(*key, role); !right) return right.error();
    return key;
}

}  // namespace app
