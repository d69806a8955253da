#pragma once

// Text for people inside HTML: escaping, pictures as data URIs, counts and times as they are read.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace training {

/// The five characters that mean something to HTML become entities; control characters become spaces.
std::string escape_html(std::string_view text);
/// data:image/png;base64,…
std::string png_data_uri(std::span<const uint8_t> png);

/// 1421907 -> "1 421 907", with narrow spaces that do not break.
std::string grouped(uint64_t number);
/// "3:07", "1:02:03".
std::string clock_time(double seconds);
/// "3:07.4": a moment to go to, the tenth it lies in.
std::string clock_moment(uint32_t time_us);
/// "cheek_left" -> "Left cheek"; ids without a side only lose their underscores.
std::string zone_label(std::string_view id);
/// The same inside a sentence: "left cheek".
std::string zone_words(std::string_view id);

}  // namespace training
