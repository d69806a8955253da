#pragma once

// Who may look at the desk in a browser: names, roles and passwords, in one file of this machine.
//
// A file beside the station's own, not a table: the store is read with a database account that writes nothing, several desks can
// read one store and each lets in its own people, and a copy of the records handed to somebody holds nobody's password.
// JSON, mode 0600: {"version": 1, "accounts": [{"name", "role", "password"}]}, the password as libsodium's crypto_pwhash_str
// (Argon2id) writes it, never in clear.

#include "engine/base/files.h"

#include <functional>
#include <string>
#include <vector>

namespace serve {

enum class Role : uint8_t { instructor, examiner, auditor };
const char* role_name(Role role);
/// Refuses other words, and names those that there are.
base::Result<Role> parse_role(const std::string& text);

struct Account {
    std::string name;      ///< 1..64 letters, digits, - _ . and @
    Role role = Role::instructor;
    std::string password;  ///< hash

    bool operator==(const Account&) const = default;
};

/// Shorter passphrases are refused; longer than `kLongestPassphrase` too, so that nobody makes the machine hash a book. Bytes.
inline constexpr size_t kShortestPassphrase = 12, kLongestPassphrase = 200;

/// None where there is no file. Refused: a file that others may read, that is another user's, or that is no such file.
base::Result<std::vector<Account>> load_accounts(const base::fs::path& file);
/// The old file or the new one, never half of one.
base::Status save_accounts(const base::fs::path& file, const std::vector<Account>& accounts);
/// Loads, changes and saves, one after the other however many do so at once. What `change` refuses leaves the file as it is.
base::Status change_accounts(const base::fs::path& file, const std::function<base::Status(std::vector<Account>&)>& change);

/// With its passphrase hashed: 64 MiB and two passes, about a tenth of a second. Refused: a bad name, a passphrase too short or
/// too long.
base::Result<Account> new_account(const std::string& name, Role role, const std::string& passphrase);

/// Whether this is the account's passphrase. Without an account the same work is done for nothing, so that an answer's time does
/// not tell which names there are.
bool verify_passphrase(const Account* account, const std::string& passphrase);

}  // namespace serve
