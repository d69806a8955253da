#pragma once

// What stands in an address behind its question mark, and in the body of a form: names and values, percent-encoded.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace serve {

using Fields = std::map<std::string, std::string, std::less<>>;

/// The first of each name. None for what no browser of ours sends: a broken % sign, a zero byte or another control
/// character, bytes that are not UTF-8, more than 32 fields, the same name twice.
std::optional<Fields> parse_fields(std::string_view text);

/// "/candidate?code=A%2D17"; fields with an empty value are left out.
std::string address(std::string_view path, const std::vector<std::pair<std::string, std::string>>& fields);

/// "sid=abc; other=1": the value of one cookie; empty where there is none.
std::string cookie_value(std::string_view header, std::string_view name);

/// The language that a browser would rather read among `known`, by its Accept-Language; English where it asks for none of them.
std::string preferred_language(std::string_view accept_language, const std::vector<std::string>& known);

}  // namespace serve
