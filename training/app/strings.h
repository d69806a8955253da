#pragma once

// Every word on screen, by key, from content/locale/LANGUAGE.toml (training/core/phrases.h), and which languages there are.
// tests/structure checks that each key asked for in training/app is there in every language, so a missing one is
// found before a trainee meets it; at run time English stands in, and else ‹key›.

#include "training/core/phrases.h"

#include <string>
#include <vector>

namespace app {

using Words = training::Phrases;

struct Language {
    std::string id, name;  ///< "es", "Español": as its speakers call it (the text language.name)
};

/// Those of content/locale, by id. A file that cannot be read is left out; training/core/content.h tells of it.
std::vector<Language> languages(const base::Places& places);
/// The language that the system asks for (LC_ALL, LC_MESSAGES, LANG: the first that is set) where content/locale has it,
/// else English.
std::string system_language(const base::Places& places);

/// Where a figure comes from, as content tells it, with the name of our notes in words instead of their file's.
std::string source_words(const Words& words, std::string source);

}  // namespace app
