#include "tests/fuzz/fuzz_target.h"
#include "training/serve/accounts.h"

#include <sys/stat.h>

namespace fuzz {

namespace {

constexpr const char* kTwo = R"({"version":1,"accounts":[
  {"name":"ines","role":"instructor","password":"$argon2id$v=19$m=65536,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNo"},
  {"name":"ada@school.example","role":"auditor","password":"$argon2id$v=19$m=65536,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNo"}]})";

/// What is taken is written and read again as it was; what is refused is told in one line.
bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("accounts.json"), kept("accounts-kept.json");
    file.write(bytes);
    CHECK(::chmod(file.path().c_str(), 0600) == 0);
    const auto accounts = serve::load_accounts(file.path());
    if (!accounts) {
        CHECK(accounts.error().message.starts_with(file.path().string()) && accounts.error().message.find('\n') == std::string::npos, accounts.error().message);
        return false;
    }
    CHECK(static_cast<bool>(serve::save_accounts(kept.path(), *accounts)));
    CHECK(*serve::load_accounts(kept.path()) == *accounts);
    return true;
}

}  // namespace

Target desk_accounts() {
    return {"desk_accounts", {as_bytes(kTwo), as_bytes(R"({"version":1,"accounts":[]})")}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(desk_accounts)
