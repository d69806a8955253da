#pragma once

// Texts that are put together of others, with the marks and blanks of a language: its colon, its semicolon, its units.

#include "training/core/phrases.h"

#include <span>
#include <string>

namespace training {

/// "Evenness: at most 0.15".
std::string with_colon(const Phrases& words, const std::string& what, const std::string& told);

/// One more at the end of a list, "forehead; chin"; the first alone.
void add_to_list(const Phrases& words, std::string& list, const std::string& one);

std::string listed(const Phrases& words, std::span<const std::string> all);

/// A figure and a unit's own name: "1.5 mm".
std::string with_unit_word(const Phrases& words, const std::string& figure, const std::string& unit);

}  // namespace training
