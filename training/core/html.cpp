#include "training/core/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

namespace training {

std::string escape_html(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? ' ' : c;
        }
    }
    return out;
}

std::string png_data_uri(std::span<const uint8_t> png) {
    static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out = "data:image/png;base64,";
    out.reserve(out.size() + (png.size() + 2) / 3 * 4);
    for (size_t i = 0; i < png.size(); i += 3) {
        const size_t left = png.size() - i;
        const uint32_t triple = static_cast<uint32_t>(png[i]) << 16 | (left > 1 ? png[i + 1] << 8 : 0) | (left > 2 ? png[i + 2] : 0);
        out += kDigits[triple >> 18];
        out += kDigits[triple >> 12 & 63];
        out += left > 1 ? kDigits[triple >> 6 & 63] : '=';
        out += left > 2 ? kDigits[triple & 63] : '=';
    }
    return out;
}

std::string grouped(uint64_t number) {
    const std::string digits = std::to_string(number);
    std::string text;
    for (size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) text += "\u202f";
        text += digits[i];
    }
    return text;
}

std::string clock_time(double seconds) {
    const auto whole = static_cast<int64_t>(std::floor(seconds + 0.5));
    if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string clock_moment(uint32_t time_us) {
    return fmt::format("{}:{:02}.{}", time_us / 60'000'000, time_us / 1'000'000 % 60, time_us / 100'000 % 10);
}

std::string zone_label(std::string_view id) {
    std::string label(id);
    for (const char* side : {"left", "right"}) {
        if (label.ends_with(std::string("_") + side)) {
            label = std::string(side) + "_" + label.substr(0, label.size() - std::string_view(side).size() - 1);
            break;
        }
    }
    for (char& c : label) c = c == '_' ? ' ' : c;
    if (!label.empty()) label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
    return label;
}

std::string zone_words(std::string_view id) {
    std::string words = zone_label(id);
    if (!words.empty()) words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
    return words;
}

}  // namespace training
