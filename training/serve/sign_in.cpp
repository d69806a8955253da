#include "training/serve/sign_in.h"

#include "engine/base/hash.h"

#include <sodium.h>

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace serve {

namespace {

std::string key_of(const std::string& token) {
    return base::sha256(std::string_view(token)).hex();
}

/// Another whenever the file was written.
std::string state_of(const base::fs::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return "missing";
    return fmt::format("{} {} {} {} {:o}", status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_mode);
}

const Account* find(const std::vector<Account>& accounts, const std::string& name) {
    const auto found = std::find_if(accounts.begin(), accounts.end(), [&](const Account& one) { return one.name == name; });
    return found == accounts.end() ? nullptr : &*found;
}

}  // namespace

int64_t steady_seconds() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string new_token() {
    CHECK(::sodium_init() >= 0);
    std::array<unsigned char, 32> bytes{};
    ::randombytes_buf(bytes.data(), bytes.size());
    std::array<char, sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING)> text{};
    return ::sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool same_secret(const std::string& a, const std::string& b) {
    return a.size() == b.size() && ::sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

SignIns::SignIns(base::fs::path accounts, SignInLimits limits, Clock clock)
    : file_(std::move(accounts)), limits_(limits), clock_(std::move(clock)) {}

base::Result<std::vector<Account>> SignIns::accounts() {
    const std::string state = state_of(file_);
    if (state == known_state_) return known_;
    base::Result<std::vector<Account>> read = load_accounts(file_);
    if (!read) return read.error();
    known_ = *read;
    known_state_ = state;
    return known_;
}

size_t SignIns::failures(Failures& of, const std::string& whose, int64_t now) const {
    const auto found = of.find(whose);
    if (found == of.end()) return 0;
    while (!found->second.empty() && found->second.front() <= now - limits_.window_s) found->second.pop_front();
    const size_t left = found->second.size();
    if (left == 0) of.erase(found);
    return left;
}

void SignIns::count_failure(Failures& of, const std::string& whose, int64_t now, size_t most) const {
    if (of.size() >= limits_.most_counted && !of.contains(whose)) {
        const auto oldest = std::min_element(of.begin(), of.end(), [](const auto& a, const auto& b) { return a.second.back() < b.second.back(); });
        of.erase(oldest);
    }
    std::deque<int64_t>& times = of[whose];
    times.push_back(now);
    if (times.size() > most) times.pop_front();
}

void SignIns::forget_old(int64_t now) {
    std::erase_if(sessions_, [&](const auto& one) { return now - one.second.seen >= limits_.idle_s || now - one.second.begun >= limits_.most_s; });
}

std::string SignIns::begin(const Account& account, int64_t now) {
    forget_old(now);
    if (sessions_.size() >= limits_.most_sessions)
        sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) { return a.second.seen < b.second.seen; }));
    const std::string token = new_token();
    sessions_[key_of(token)] = {account, new_token(), now, now};
    return token;
}

base::Result<SignInAnswer> SignIns::sign_in(const std::string& name, const std::string& passphrase, const std::string& address) {
    const std::string named = name.substr(0, 64);  // what is counted stays small, whatever is sent
    std::optional<Account> account;
    {
        const std::lock_guard lock(mutex_);
        const int64_t now = clock_();
        if (failures(by_name_, named, now) >= limits_.failures_of_name || failures(by_address_, address, now) >= limits_.failures_of_address)
            return SignInAnswer{SignInFate::throttled, {}};
        base::Result<std::vector<Account>> all = accounts();
        if (!all) return all.error();
        if (const Account* found = find(*all, name)) account = *found;
        // Counted before it is looked at, and taken back when it was right: many at once cannot outrun the count.
        count_failure(by_name_, named, now, limits_.failures_of_name);
        count_failure(by_address_, address, now, limits_.failures_of_address);
    }
    bool right = false;
    {
        const std::lock_guard one_at_a_time(hashing_);
        right = verify_passphrase(account ? &*account : nullptr, passphrase);
    }
    if (!right) return SignInAnswer{SignInFate::wrong, {}};
    const std::lock_guard lock(mutex_);
    by_name_.erase(named);
    if (const auto counted = by_address_.find(address); counted != by_address_.end() && !counted->second.empty()) counted->second.pop_back();
    if (by_address_[address].empty()) by_address_.erase(address);
    return SignInAnswer{SignInFate::done, begin(*account, clock_())};
}

std::optional<SignedIn> SignIns::who(const std::string& token) {
    if (token.empty()) return std::nullopt;
    const std::lock_guard lock(mutex_);
    const int64_t now = clock_();
    forget_old(now);
    const auto found = sessions_.find(key_of(token));
    if (found == sessions_.end()) return std::nullopt;
    const base::Result<std::vector<Account>> all = accounts();
    const Account* account = all ? find(*all, found->second.account.name) : nullptr;
    if (!account || *account != found->second.account) {
        sessions_.erase(found);
        return std::nullopt;
    }
    found->second.seen = now;
    return SignedIn{account->name, account->role, found->second.form_token};
}

void SignIns::sign_out(const std::string& token) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(key_of(token));
}

}  // namespace serve
