#include "training/app/strings.h"

#include <algorithm>
#include <cstdlib>

namespace app {

std::vector<Language> languages(const base::Places& places) {
    std::vector<Language> found;
    std::error_code ignored;
    for (const auto& entry : base::fs::directory_iterator(places.data / "locale", ignored)) {
        if (entry.path().extension() != ".toml") continue;
        const std::string id = entry.path().stem().string();
        if (const auto words = Words::load(places, id); words)
            found.push_back({id, (*words)("language.name")});
    }
    std::ranges::sort(found, {}, &Language::id);
    return found;
}

std::string system_language(const base::Places& places) {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* asked = std::getenv(name);
        if (!asked || !*asked) continue;
        const std::string language = std::string(asked).substr(0, std::string_view(asked).find_first_of("_.@"));
        std::error_code ignored;
        const bool plain = language.find('/') == std::string::npos;
        return plain && base::fs::exists(places.data / "locale" / (language + ".toml"), ignored) ? language : "en";
    }
    return "en";
}

std::string source_words(const Words& words, std::string source) {
    constexpr std::string_view kNotes = "clinical.md";
    const std::string& name = words("score.clinical_notes");
    for (size_t at = 0; (at = source.find(kNotes, at)) != std::string::npos; at += name.size()) source.replace(at, kNotes.size(), name);
    return source;
}

}  // namespace app
