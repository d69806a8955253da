#include "training/serve/accounts.h"

#include "engine/base/foreign_words.h"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace serve {

namespace {

using Json = nlohmann::json;

constexpr size_t kLongestName = 64, kMostAccounts = 1000, kMostBytes = 1 << 20;
constexpr std::array<Role, 3> kRoles = {Role::instructor, Role::examiner, Role::auditor};

struct Descriptor {
    explicit Descriptor(int number) : number(number) {}
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    const int number;
};

base::Status check_name(const std::string& name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '@';
    };
    if (name.empty() || name.size() > kLongestName || !std::all_of(name.begin(), name.end(), allowed))
        return base::error("an account's name is 1 to {} letters, digits, - _ . and @; give another", kLongestName);
    return {};
}

/// Refuses what others than the owner may read or change.
base::Status check_mode(const base::fs::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return base::error("{}: {}; check the file", file.string(), base::system_error(errno));
    if (!S_ISREG(status.st_mode)) return base::error("{}: is no file; name another", file.string());
    if (status.st_uid != ::geteuid()) return base::error("{}: belongs to another user; accounts are their owner's alone", file.string());
    if (status.st_mode & 077)
        return base::error("{}: others may get at it (mode {:04o}); run chmod 600 on it", file.string(), status.st_mode & 07777u);
    return {};
}

base::Result<Account> account_of(const Json& json) {
    if (!json.is_object()) return base::error("an account is no object");
    Account account;
    account.name = json.value("name", "");
    account.password = json.value("password", "");
    if (base::Status named = check_name(account.name); !named) return named.error();
    base::Result<Role> role = parse_role(json.value("role", ""));
    if (!role) return role.error();
    account.role = *role;
    if (!account.password.starts_with("$argon2id$") || account.password.size() >= crypto_pwhash_STRBYTES)
        return base::error("the password of '{}' is no Argon2id hash", account.name);
    return account;
}

base::Result<std::vector<Account>> accounts_of(const Json& json) {
    const auto rows = json.is_object() ? json.find("accounts") : json.end();
    if (!json.is_object() || json.value("version", Json()) != 1 || rows == json.end() || !rows->is_array() || rows->size() > kMostAccounts)
        return base::error("it is no list of accounts of version 1");
    std::vector<Account> accounts;
    for (const Json& row : *rows) {
        base::Result<Account> account = account_of(row);
        if (!account) return account.error();
        const bool twice = std::any_of(accounts.begin(), accounts.end(), [&](const Account& other) { return other.name == account->name; });
        if (twice) return base::error("'{}' is there twice", account->name);
        accounts.push_back(*account);
    }
    return accounts;
}

/// Through a stream of its own, which it closes; on the disk when it says yes.
bool write_and_close(int descriptor, std::string_view text) {
    std::FILE* stream = ::fdopen(descriptor, "w");
    if (!stream) {
        ::close(descriptor);
        return false;
    }
    const bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size() && std::fflush(stream) == 0 && ::fsync(descriptor) == 0;
    return std::fclose(stream) == 0 && written;
}

std::string hash_of(const std::string& passphrase) {
    CHECK(::sodium_init() >= 0);
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    const int failed = ::crypto_pwhash_str(hash.data(), passphrase.data(), passphrase.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                           crypto_pwhash_MEMLIMIT_INTERACTIVE);
    return failed ? std::string() : std::string(hash.data());
}

}  // namespace

const char* role_name(Role role) {
    switch (role) {
        case Role::instructor:
            return "instructor";
        case Role::examiner:
            return "examiner";
        case Role::auditor:
            break;
    }
    return "auditor";
}

base::Result<Role> parse_role(const std::string& text) {
    for (const Role role : kRoles)
        if (text == role_name(role)) return role;
    return base::error("--role {}: unknown; use instructor, examiner or auditor", text);
}

base::Result<std::vector<Account>> load_accounts(const base::fs::path& file) {
    std::error_code ignored;
    if (!base::fs::exists(file, ignored)) return std::vector<Account>{};
    if (base::Status mode = check_mode(file); !mode) return mode.error();
    base::Result<std::string> text = base::read_text(file, kMostBytes);
    if (!text) return text.error();
    base::Result<std::vector<Account>> accounts = base::error("it is no JSON");
    try {
        if (const Json json = Json::parse(*text, nullptr, false); !json.is_discarded()) accounts = accounts_of(json);
    } catch (const Json::exception&) {  // a value of another type than it should be
    }
    if (!accounts)
        return base::error("{}: {}; put back a copy, or move it away and add the accounts anew", file.string(), accounts.error());
    return accounts;
}

base::Status save_accounts(const base::fs::path& file, const std::vector<Account>& accounts) {
    Json rows = Json::array();
    for (const Account& one : accounts) rows.push_back({{"name", one.name}, {"role", role_name(one.role)}, {"password", one.password}});
    const std::string text = Json{{"version", 1}, {"accounts", rows}}.dump(1) + "\n";
    std::error_code ignored;
    if (file.has_parent_path()) base::fs::create_directories(file.parent_path(), ignored);
    std::string scratch = file.string() + ".XXXXXX";
    const int descriptor = ::mkstemp(scratch.data());  // mode 0600
    const bool done = descriptor >= 0 && write_and_close(descriptor, text) && ::rename(scratch.c_str(), file.c_str()) == 0;
    const int reason = errno;
    if (descriptor >= 0 && !done) ::unlink(scratch.c_str());
    if (!done) return base::error("cannot write {}: {}; what was there before stays", file.string(), base::system_error(reason));
    return {};
}

base::Status change_accounts(const base::fs::path& file, const std::function<base::Status(std::vector<Account>&)>& change) {
    const base::fs::path folder = file.has_parent_path() ? file.parent_path() : base::fs::path(".");
    std::error_code ignored;
    base::fs::create_directories(folder, ignored);
    const Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));  // the file itself is replaced
    if (lock.number < 0 || ::flock(lock.number, LOCK_EX) != 0)
        return base::error("cannot write {}: {}; what was there before stays", file.string(), base::system_error(errno));
    base::Result<std::vector<Account>> accounts = load_accounts(file);
    if (!accounts) return accounts.error();
    if (base::Status changed = change(*accounts); !changed) return changed;
    return save_accounts(file, *accounts);
}

base::Result<Account> new_account(const std::string& name, Role role, const std::string& passphrase) {
    if (base::Status named = check_name(name); !named) return named.error();
    if (passphrase.size() < kShortestPassphrase || passphrase.size() > kLongestPassphrase)
        return base::error("a passphrase for '{}' has {} to {} bytes; choose another", name, kShortestPassphrase, kLongestPassphrase);
    const std::string hash = hash_of(passphrase);
    if (hash.empty())
        return base::error("not enough memory to hash a passphrase ({} MiB are needed); close other programs", crypto_pwhash_MEMLIMIT_INTERACTIVE >> 20);
    return Account{name, role, hash};
}

bool verify_passphrase(const Account* account, const std::string& passphrase) {
    static const std::string nobodys = hash_of("nobody has this passphrase");
    const std::string& hash = account ? account->password : nobodys;
    const bool right = passphrase.size() <= kLongestPassphrase && ::crypto_pwhash_str_verify(hash.c_str(), passphrase.data(), passphrase.size()) == 0;
    return account && right;
}

}  // namespace serve
