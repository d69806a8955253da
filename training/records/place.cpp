#include "training/records/place.h"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>

namespace records {

namespace {

std::string option(const Place& place, std::string_view word) {
    const auto found = std::find_if(place.options.begin(), place.options.end(), [&](const Place::Option& o) { return o.word == word; });
    return found == place.options.end() ? std::string() : found->value;
}

bool is_secret(std::string_view word) {
    return word == "password" || word == "sslpassword";
}

bool is_port(std::string_view text) {
    return text.find_first_not_of("0123456789,") == std::string_view::npos;
}

base::Error not_a_url() {
    return base::error(
        "the store's URL cannot be read; give postgresql://USER@HOST/DATABASE, with letters of a password such as @ / : # % written "
        "as %40 %2F %3A %23 %25");
}

void replace_all(std::string& text, const std::string& what, std::string_view by) {
    if (what.empty()) return;
    for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) text.replace(at, what.size(), by);
}

base::Result<Place> parse_server(const std::string& url, Patience patience) {
    char* trouble = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> read(PQconninfoParse(url.c_str(), &trouble), &PQconninfoFree);
    PQfreemem(trouble);  // it may repeat the password
    if (!read) return not_a_url();
    Place place;
    place.patience = patience;
    for (const PQconninfoOption* one = read.get(); one->keyword; ++one)
        if (one->val && *one->val) place.options.push_back({one->keyword, one->val});
    const bool torn = option(place, "host").find('@') != std::string::npos || option(place, "dbname").find('@') != std::string::npos ||
                      !is_port(option(place, "port"));
    if (torn) return not_a_url();
    if (place.options.empty()) place.options.push_back({"dbname", "evenhand"});
    return place;
}

}  // namespace

std::string Place::name() const {
    if (!is_server()) return file.string();
    const std::string user = option(*this, "user"), host = option(*this, "host"), port = option(*this, "port");
    return fmt::format("postgresql://{}{}{}{}/{}", user, user.empty() ? "" : "@", host, port.empty() ? "" : ":" + port,
                       option(*this, "dbname"));
}

std::string Place::without_secrets(std::string message) const {
    for (const Option& one : options)
        if (is_secret(one.word)) replace_all(message, one.value, "…");
    return message;
}

base::Result<Place> parse_place(const std::string& text, Patience patience) {
    if (text.empty()) return base::error("no store is named; give a file or postgresql://USER@HOST/DATABASE");
    if (text.starts_with("postgresql://") || text.starts_with("postgres://")) return parse_server(text, patience);
    if (text.find("://") != std::string::npos)
        return base::error("a store of this kind is not known; give a file or postgresql://USER@HOST/DATABASE");
    Place place;
    place.file = text.starts_with("sqlite:") ? text.substr(7) : text;
    return place;
}

}  // namespace records
