#pragma once

// Every word on screen, by key, from content/locale/LANGUAGE.toml. Texts may hold named places: "{value} mm".
// tests/structure checks that each key asked for in training/app is there in every language, so a missing one is
// found before a trainee meets it; at run time English stands in, and else ‹key›.

#include "engine/base/files.h"

#include <fmt/args.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace app {

struct Language {
    std::string id, name;  ///< "es", "Español": as its speakers call it (the text language.name)
};

/// Those of content/locale, by id. A file that cannot be read is logged and left out.
std::vector<Language> languages(const base::Places& places);
/// The language that the system asks for (LC_ALL, LC_MESSAGES, LANG: the first that is set) where content/locale has it,
/// else English.
std::string system_language(const base::Places& places);

class Words {
  public:
    static base::Result<Words> load(const base::Places& places, const std::string& language = "en");

    bool has(std::string_view key) const { return texts_.find(key) != texts_.end(); }
    /// The text as it stands. The reference lives as long as the Words.
    const std::string& operator()(std::string_view key) const;
    /// The text with its named places filled: words("value.mm", fmt::arg("value", 0.5)).
    template <typename... Args>
    std::string operator()(std::string_view key, const Args&... args) const {
        return fill(key, fmt::make_format_args(args...));
    }
    /// The name of something that content or evidence calls `id`: the text "KIND.ID", or the id itself where
    /// the language file has no name for it (a pad's or rubric's own invention).
    std::string name(std::string_view kind, std::string_view id) const;

  private:
    std::string fill(std::string_view key, fmt::format_args args) const;

    std::map<std::string, std::string, std::less<>> texts_;
    mutable std::map<std::string, std::string, std::less<>> missing_;
};

}  // namespace app
