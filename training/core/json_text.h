#pragma once

// JSON as text where it holds words from elsewhere: names of files, what a recording or another program says of itself. What is not UTF-8
// becomes U+FFFD, for JSON knows nothing else; nlohmann::json by itself throws.

#include <nlohmann/json.hpp>

#include <string>

namespace training {

/// `indent`: blanks of each level, each member on a line of its own; -1: all on one line.
template <typename Json>
std::string json_text(const Json& json, int indent = -1) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace training
