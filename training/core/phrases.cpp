#include "training/core/phrases.h"

#include "engine/base/log.h"
#include "engine/base/toml.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

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
        } else if (name == "version") {
            if (node.value<int64_t>() != 1) return base::error("{}:{}:{}: version: must be 1", file, node.source().begin.line, node.source().begin.column);
        } else {
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
        base::Result<std::string> text = base::read_text(file, base::kMostToml);
        if (!text) return text.error();
        if (base::Status status = phrases.add(*text, file.string()); !status) return status.error();
        if (language == kEnglish) break;
    }
    for (const std::string& key : phrases.keys("zone_in")) phrases.refusals_[key] = phrases(key);
    if (language == kEnglish) return phrases;
    const base::fs::path file = places.data / "locale/refusals" / (language + ".toml");
    std::error_code ignored;
    if (!base::fs::exists(file, ignored)) return phrases;
    base::Result<toml::table> table = base::read_toml(file);
    if (!table) return table.error();
    if (base::Status status = flatten(*table, {}, file.string(), phrases.refusals_); !status) return status.error();
    return phrases;
}

namespace {

/// The names in braces, {value} and {value:.1f} alike; nothing where braces do not close.
std::optional<std::set<std::string, std::less<>>> named_places(std::string_view text) {
    std::set<std::string, std::less<>> names;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '{' && text[i] != '}') continue;
        if (i + 1 < text.size() && text[i + 1] == text[i]) {
            ++i;
            continue;
        }
        const size_t end = text[i] == '{' ? text.find('}', i) : text.npos;
        if (end == text.npos) return std::nullopt;
        const std::string_view inner = text.substr(i + 1, end - i - 1);
        names.emplace(inner.substr(0, inner.find(':')));
        i = end;
    }
    return names;
}

/// Calls see(key, text, "file:line:column") for every text of a file with tables in tables.
using See = std::function<void(const std::string& key, const std::string& text, const std::string& at)>;
void each_text(const toml::table& table, const std::string& prefix, const std::string& file, const See& see) {
    for (const auto& [key, node] : table) {
        const std::string name = prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
        if (const toml::table* inner = node.as_table()) each_text(*inner, name, file, see);
        if (const auto text = node.value<std::string>()) see(name, *text, fmt::format("{}:{}:{}", file, node.source().begin.line, node.source().begin.column));
    }
}

void check_words(const base::fs::path& file, std::vector<base::Error>& mistakes) {
    const base::Result<toml::table> table = base::read_toml(file);
    if (!table) return;
    each_text(*table, {}, file.string(), [&](const std::string& key, const std::string& text, const std::string& at) {
        if (!Phrases::english().has(key)) return;
        const auto ours = named_places(Phrases::english()(key)), theirs = named_places(text);
        if (!theirs) {
            mistakes.push_back(base::error("{}: {}: a brace is not closed; write {{{{ or }}}} for the letter itself", at, key));
        } else if (!std::ranges::includes(*ours, *theirs)) {
            const std::string known = ours->empty() ? "none" : fmt::format("{{{}}}", fmt::join(*ours, "}, {"));
            mistakes.push_back(base::error("{}: {}: has places in braces that the program does not fill; there are {}", at, key, known));
        }
    });
}

/// Texts of the built-in English that a sound file has not.
void check_complete(const base::fs::path& file, std::vector<base::Error>& mistakes) {
    const base::Result<std::string> text = base::read_text(file, base::kMostToml);
    Phrases theirs;
    if (!text || !theirs.add(*text, file.string())) return;
    std::vector<std::string> lacking;
    size_t count = 0;
    each_text(*base::parse_toml(kEnglishPhrases, "en.toml"), {}, {}, [&](const std::string& key, const std::string&, const std::string&) {
        ++count;
        if (!theirs.has(key)) lacking.push_back(key);
    });
    if (!lacking.empty()) mistakes.push_back(base::error("{}: lacks {} of {} texts, the first {}; they are told in English", file.string(), lacking.size(), count, lacking.front()));
}

void check_refusals(const base::fs::path& file, std::vector<base::Error>& mistakes) {
    const base::Result<toml::table> table = base::read_toml(file);
    if (!table) return;
    each_text(*table, {}, file.string(), [&](const std::string& form, const std::string& text, const std::string& at) {
        const auto ours = base::places_in(form);
        if (form != "version" && ours && ours != base::places_in(text))
            mistakes.push_back(base::error("{}: the places in braces are not those of the English sentence", at));
    });
}

}  // namespace

std::vector<base::Error> phrase_mistakes(const base::Places& places, const std::string& language) {
    std::vector<base::Error> mistakes;
    const base::fs::path words = places.data / "locale" / (language + ".toml");
    check_words(words, mistakes);
    check_complete(words, mistakes);
    std::error_code ignored;
    const base::fs::path refusals = places.data / "locale/refusals" / (language + ".toml");
    if (base::fs::exists(refusals, ignored)) check_refusals(refusals, mistakes);
    return mistakes;
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
