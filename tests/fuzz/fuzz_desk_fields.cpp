#include "tests/fuzz/fuzz_target.h"
#include "training/serve/address.h"

// What a browser says to the desk beside a path: the fields of an address or a form, cookies, the languages it would rather read.

namespace fuzz {

namespace {

/// Fields that are taken go out again as an address, and come back as they were.
bool reads_fields(std::string_view text) {
    const auto fields = serve::parse_fields(text);
    if (!fields) return false;
    CHECK(fields->size() <= 32);
    std::vector<std::pair<std::string, std::string>> filled;
    for (const auto& [name, value] : *fields) {
        for (const char c : name + value) CHECK(static_cast<uint8_t>(c) >= 0x20 && c != 0x7f);
        if (!value.empty()) filled.emplace_back(name, value);
    }
    const std::string address = serve::address("/x", filled);
    CHECK(address.find_first_of(" <>\"';\\") == std::string::npos, address);
    const auto again = serve::parse_fields(address.substr(std::min(address.size(), size_t{3})));
    CHECK(again && *again == serve::Fields(filled.begin(), filled.end()), address);
    return true;
}

bool accepts(std::span<const uint8_t> bytes) {
    const std::string_view text = as_text(bytes);
    const std::string cookie = serve::cookie_value(text, "evenhand");
    CHECK(cookie.find(';') == std::string::npos && text.find(cookie) != std::string_view::npos);
    const std::string language = serve::preferred_language(text, {"en", "es", "fr"});
    CHECK(language == "en" || language == "es" || language == "fr", language);
    return reads_fields(text);
}

}  // namespace

Target desk_fields() {
    return {"desk_fields",
            {as_bytes("name=spring%20%26+autumn&part=a-1&sort=best&order=down&page=2"), as_bytes("token=abc&name=ines&passphrase=%C3%A9t%C3%A9&&empty="),
             as_bytes("evenhand=abc; other=1;evenhand-form = x"), as_bytes("de, es-MX;q=0.9, en;q=0.5, *;q=0.1")},
            accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(desk_fields)
