#pragma once

// Signing in and staying signed in. A browser holds a random token and we hold its hash, in memory alone: a restart signs
// everybody out. Times are seconds of a clock that nobody sets.

#include "training/serve/accounts.h"

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>

namespace serve {

using Clock = std::function<int64_t()>;
/// Seconds since the machine started.
int64_t steady_seconds();

/// Random, 256 bit, as 43 letters of base64url.
std::string new_token();
/// In a time that does not tell where they differ.
bool same_secret(const std::string& a, const std::string& b);

struct SignInLimits {
    int64_t idle_s = 30 * 60, most_s = 10 * 3600;      ///< a session ends so long after its last page, and after sign-in
    int64_t window_s = 15 * 60;                        ///< in which failures are counted
    size_t failures_of_name = 10, failures_of_address = 30;
    size_t most_sessions = 1000, most_counted = 10'000;  ///< kept at once; the oldest go first
};

struct SignedIn {
    std::string name;
    Role role = Role::instructor;
    std::string form_token;  ///< what a form of this session must bring along
};

enum class SignInFate : uint8_t { done, wrong, throttled };
struct SignInAnswer {
    SignInFate fate = SignInFate::wrong;
    std::string token;  ///< for the cookie; empty unless done
};

/// From any thread.
class SignIns {
  public:
    explicit SignIns(base::fs::path accounts, SignInLimits limits = {}, Clock clock = steady_seconds);

    /// Name and passphrase as somebody at `address` gave them. After so many failures of the name or the address within the
    /// window it is throttled: nothing is looked at, whether it is right or not. Errors: accounts that cannot be read.
    base::Result<SignInAnswer> sign_in(const std::string& name, const std::string& passphrase, const std::string& address);
    /// None: not signed in, expired, or the account is gone or another by now. Counts as a sign of life.
    std::optional<SignedIn> who(const std::string& token);
    void sign_out(const std::string& token);

  private:
    struct Session {
        Account account;
        std::string form_token;
        int64_t begun = 0, seen = 0;
    };
    using Failures = std::map<std::string, std::deque<int64_t>>;

    base::Result<std::vector<Account>> accounts();
    size_t failures(Failures& of, const std::string& whose, int64_t now) const;
    void count_failure(Failures& of, const std::string& whose, int64_t now, size_t most) const;
    void forget_old(int64_t now);
    std::string begin(const Account& account, int64_t now);

    const base::fs::path file_;
    const SignInLimits limits_;
    const Clock clock_;
    std::mutex mutex_;         ///< of all below
    std::mutex hashing_;       ///< one passphrase at a time: each takes 64 MiB
    std::map<std::string, Session> sessions_;  ///< by hash of their token
    Failures by_name_, by_address_;
    std::vector<Account> known_;
    std::string known_state_ = "none";
};

}  // namespace serve
