#include "training/app/strings.h"

#include "engine/base/log.h"
#include "engine/base/toml.h"

#include <algorithm>
#include <cstdlib>

namespace app {

namespace {

constexpr const char* kEnglish = "en";

base::Status flatten(const toml::table& table, const std::string& prefix, const std::string& file,
                     std::map<std::string, std::string, std::less<>>& texts) {
    for (const auto& [key, node] : table) {
        const std::string name =
            prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
        if (const toml::table* inner = node.as_table()) {
            if (auto status = flatten(*inner, name, file, texts); !status) return status;
        } else if (auto text = node.value<std::string>()) {
            texts[name] = *text;
        } else if (name != "version") {
            const auto& place = node.source().begin;
            return base::error("{}:{}:{}: {} is not a text; put it in quotes.", file, place.line,
                               place.column, name);
        }
    }
    return {};
}

base::fs::path file_of(const base::Places& places, const std::string& language) {
    return places.data / "locale" / (language + ".toml");
}

}  // namespace

std::vector<Language> languages(const base::Places& places) {
    std::vector<Language> found;
    std::error_code ignored;
    for (const auto& entry : base::fs::directory_iterator(places.data / "locale", ignored)) {
        if (entry.path().extension() != ".toml") continue;
        const std::string id = entry.path().stem().string();
        if (const auto words = Words::load(places, id); words)
            found.push_back({id, (*words)("language.name")});
        else
            spdlog::warn("{}", words.error().message);
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
        return plain && base::fs::exists(file_of(places, language), ignored) ? language : kEnglish;
    }
    return kEnglish;
}

base::Result<Words> Words::load(const base::Places& places, const std::string& language) {
    Words words;
    for (const std::string& id : {std::string(kEnglish), language}) {
        const base::fs::path file = file_of(places, id);
        auto table = base::read_toml(file);
        if (!table) return table.error();
        if (auto status = flatten(*table, {}, file.string(), words.texts_); !status) return status.error();
        if (language == kEnglish) break;
    }
    return words;
}

const std::string& Words::operator()(std::string_view key) const {
    if (auto found = texts_.find(key); found != texts_.end()) return found->second;
    auto [entry, fresh] = missing_.try_emplace(std::string(key), fmt::format("\u2039{}\u203a", key));
    if (fresh) spdlog::warn("content/locale has no text for {}.", key);
    return entry->second;
}

std::string Words::fill(std::string_view key, fmt::format_args args) const {
    const std::string& text = (*this)(key);
    try {
        return fmt::vformat(text, args);
    } catch (const fmt::format_error& mistake) {
        spdlog::warn("content/locale: {}: {}.", key, mistake.what());
        return text;
    }
}

std::string Words::name(std::string_view kind, std::string_view id) const {
    const auto found = texts_.find(fmt::format("{}.{}", kind, id));
    return found == texts_.end() ? std::string(id) : found->second;
}

}  // namespace app
