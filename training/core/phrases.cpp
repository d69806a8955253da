#include "training/core/phrases.h"

#include "engine/base/log.h"
#include "engine/base/toml.h"

namespace training {

/// content/locale/en.toml (phrases_english.cpp.in).
extern const char* const kEnglishPhrases;

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

}  // namespace

base::Result<Phrases> Phrases::load(const base::Places& places, const std::string& language) {
    Phrases phrases = english();
    phrases.missing_ = std::make_shared<Missing>();
    for (const std::string& id : {std::string(kEnglish), language}) {
        const base::fs::path file = places.data / "locale" / (id + ".toml");
        base::Result<std::string> text = base::read_text(file);
        if (!text) return text.error();
        if (base::Status status = phrases.add(*text, file.string()); !status) return status.error();
        if (language == kEnglish) return phrases;
    }
    const base::fs::path file = places.data / "locale/refusals" / (language + ".toml");
    std::error_code ignored;
    if (!base::fs::exists(file, ignored)) return phrases;
    base::Result<toml::table> table = base::read_toml(file);
    if (!table) return table.error();
    if (base::Status status = flatten(*table, {}, file.string(), phrases.refusals_); !status) return status.error();
    return phrases;
}

const Phrases& Phrases::english() {
    static const Phrases built_in = [] {
        Phrases phrases;
        const base::Status status = phrases.add(kEnglishPhrases, "content/locale/en.toml");
        CHECK(static_cast<bool>(status), status ? "" : status.error().message);
        return phrases;
    }();
    return built_in;
}

base::Status Phrases::add(const std::string& text, const std::string& file) {
    base::Result<toml::table> table = base::parse_toml(text, file);
    if (!table) return table.error();
    return flatten(*table, {}, file, texts_);
}

const std::string& Phrases::operator()(std::string_view key) const {
    if (auto found = texts_.find(key); found != texts_.end()) return found->second;
    const std::lock_guard lock(missing_->mutex);
    auto [entry, fresh] = missing_->texts.try_emplace(std::string(key), fmt::format("\u2039{}\u203a", key));
    if (fresh) spdlog::warn("content/locale has no text for {}.", key);
    return entry->second;
}

std::string Phrases::fill(std::string_view key, fmt::format_args args) const {
    const std::string& text = (*this)(key);
    try {
        return fmt::vformat(text, args);
    } catch (const fmt::format_error& mistake) {
        spdlog::warn("content/locale: {}: {}.", key, mistake.what());
        return text;
    }
}

std::string Phrases::operator()(const base::Error& error) const {
    return base::told(error, refusals_);
}

std::vector<std::string> Phrases::keys(std::string_view kind) const {
    const std::string beginning = fmt::format("{}.", kind);
    std::vector<std::string> found;
    for (auto text = texts_.lower_bound(beginning); text != texts_.end() && text->first.starts_with(beginning); ++text) found.push_back(text->first);
    return found;
}

std::string Phrases::name(std::string_view kind, std::string_view id) const {
    const auto found = texts_.find(fmt::format("{}.{}", kind, id));
    return found == texts_.end() ? std::string(id) : found->second;
}

}  // namespace training
