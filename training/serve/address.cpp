#include "training/serve/address.h"

#include "engine/base/files.h"
#include "engine/base/utf8.h"

#include <algorithm>
#include <cstdint>

namespace serve {

namespace {

constexpr size_t kMostFields = 32;

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decoded(std::string_view text) {
    std::string plain;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            plain += ' ';
        } else if (text[i] != '%') {
            plain += text[i];
        } else {
            const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1, low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) return std::nullopt;
            plain += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return plain;
}

/// UTF-8 without control characters.
bool is_clean(std::string_view text) {
    const auto control = [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7f; };
    return std::none_of(text.begin(), text.end(), control) && !base::first_invalid_utf8(text);
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// Calls `take` with each part between the separators.
template <typename Take>
void each_part(std::string_view text, char separator, Take take) {
    while (!text.empty()) {
        const size_t end = text.find(separator);
        take(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
}

std::string encoded(std::string_view text) {
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
    std::string out;
    for (const char c : text) {
        if (kPlain.find(c) != std::string_view::npos)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<uint8_t>(c));
    }
    return out;
}

/// "es-MX;q=0.8": "es" and 0.8.
std::pair<std::string, double> wish(std::string_view part) {
    const size_t end = part.find(';');
    std::string language(trimmed(part.substr(0, std::min(end, part.find('-')))));
    std::transform(language.begin(), language.end(), language.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (end == std::string_view::npos) return {language, 1};
    const std::string_view weight = trimmed(part.substr(end + 1));
    if (!weight.starts_with("q=")) return {language, 1};
    const base::Result<double> q = base::parse_number(weight.substr(2));
    return {language, q ? *q : 0};
}

}  // namespace

std::optional<Fields> parse_fields(std::string_view text) {
    Fields fields;
    size_t count = 0;
    bool broken = false;
    each_part(text, '&', [&](std::string_view part) {
        if (part.empty() || broken) return;
        const size_t sign = part.find('=');
        const std::optional<std::string> name = decoded(part.substr(0, sign));
        const std::optional<std::string> value = decoded(sign == std::string_view::npos ? std::string_view() : part.substr(sign + 1));
        broken = ++count > kMostFields || !name || !value || !is_clean(*name) || !is_clean(*value) || !fields.emplace(*name, *value).second;
    });
    if (broken) return std::nullopt;
    return fields;
}

std::string address(std::string_view path, const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string text(path);
    char sign = '?';
    for (const auto& [name, value] : fields) {
        if (value.empty()) continue;
        text += sign + encoded(name) + "=" + encoded(value);
        sign = '&';
    }
    return text;
}

std::string cookie_value(std::string_view header, std::string_view name) {
    std::string value;
    each_part(header, ';', [&](std::string_view part) {
        const size_t sign = part.find('=');
        if (sign == std::string_view::npos || trimmed(part.substr(0, sign)) != name || !value.empty()) return;
        value = trimmed(part.substr(sign + 1));
    });
    return value;
}

std::string preferred_language(std::string_view accept_language, const std::vector<std::string>& known) {
    std::string best = "en";
    double best_weight = 0;
    each_part(accept_language.substr(0, 1000), ',', [&](std::string_view part) {
        const auto [language, weight] = wish(part);
        if (weight <= best_weight || std::find(known.begin(), known.end(), language) == known.end()) return;
        best = language;
        best_weight = weight;
    });
    return best;
}

}  // namespace serve
