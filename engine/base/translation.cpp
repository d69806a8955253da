#include "engine/base/translation.h"

#include "engine/base/toml.h"

#include <algorithm>
#include <array>
#include <functional>

namespace base {
namespace {

struct TextPlace {
    std::string_view table, key;

    bool operator==(const TextPlace&) const = default;
};

constexpr std::array kTextsToRead = {
    // cases, rubrics, scopes, devices, conditions, lessons
    TextPlace{"", "name"}, TextPlace{"", "brief"}, TextPlace{"", "note"}, TextPlace{"", "advice"},
    TextPlace{"", "title"}, TextPlace{"", "goal"}, TextPlace{"", "text"}, TextPlace{"", "know"},
    TextPlace{"record", "occupation"}, TextPlace{"record", "wish"}, TextPlace{"record", "allergies"},
    TextPlace{"record", "medicines"}, TextPlace{"record", "history"}, TextPlace{"record", "treatments"},
    TextPlace{"record", "pregnancy"}, TextPlace{"question", "ask"}, TextPlace{"question", "answer"},
    TextPlace{"finding", "words"}, TextPlace{"decision", "explain"}, TextPlace{"decision", "source"},
    TextPlace{"follow_up", "words"}, TextPlace{"criterion", "name"}, TextPlace{"criterion", "source"},
    TextPlace{"override", "source"},
    // procedure
    TextPlace{"question", "otherwise"}, TextPlace{"flag", "name"}, TextPlace{"indication", "name"},
    TextPlace{"cartridge", "name"}, TextPlace{"preparation", "name"}, TextPlace{"preparation", "critical"},
    TextPlace{"preparation", "says"}, TextPlace{"finish", "name"}, TextPlace{"finish", "critical"},
    TextPlace{"finish", "says"}, TextPlace{"aftercare", "name"}, TextPlace{"aftercare", "critical"},
    TextPlace{"aftercare", "says"},
};

/// What tells the entries of an array of tables apart.
constexpr std::array kNames = {"id", "event"};

/// Where the entry stands in its array, in words.
std::string name_of(const toml::table& entry, size_t place) {
    for (const char* key : kNames)
        if (auto name = entry[key].value<std::string>()) return *name;
    return std::to_string(place);
}

/// Calls see(path, name of the table, key, node) for every value that is no table.
template <typename Table, typename See>
void for_each_value(Table& table, const std::string& path, std::string_view name, const See& see) {
    for (auto&& [key, node] : table) {
        const std::string_view word = key.str();
        const std::string here = path.empty() ? std::string(word) : path + "." + std::string(word);
        if (auto* inner = node.as_table()) {
            for_each_value(*inner, here, word, see);
        } else if (auto* array = node.as_array(); array && array->is_array_of_tables()) {
            for (size_t i = 0; i < array->size(); ++i) {
                auto* entry = array->get(i)->as_table();
                for_each_value(*entry, here + "." + name_of(*entry, i), word, see);
            }
        } else {
            see(here, name, word, node);
        }
    }
}

/// A key that only says of which entry, or in which form.
bool is_address(std::string_view path, std::string_view key) {
    return path == "version" || std::ranges::find(kNames, key) != kNames.end();
}

fs::path folder_of(const Places& places) {
    return places.data / "locale" / places.language;
}

/// The translation's texts, without what is wrong with them; that goes to `mistakes`.
std::map<std::string, std::string> read_translation(const fs::path& file, const std::map<std::string, std::string>& ours,
                                                    std::vector<Error>& mistakes) {
    std::map<std::string, std::string> texts;
    Result<toml::table> table = read_toml(file);
    if (!table) {
        mistakes.push_back(table.error());
        return texts;
    }
    for_each_value(*table, "", "", [&](const std::string& path, std::string_view, std::string_view key, const toml::node& node) {
        if (is_address(path, key)) return;
        const toml::source_position at = node.source().begin;
        auto refuse = [&](const Error& why) {
            mistakes.push_back(error("{}:{}:{}: {}: {}", file.string(), at.line, at.column, path, why));
        };
        const auto text = node.value<std::string>();
        if (!ours.contains(path)) return refuse(error("the content file has no text of this name; check its spelling and its entry's id"));
        if (!node.is_string() || text->empty()) return refuse(error("must be a text in quotes"));
        texts[path] = *text;
    });
    return texts;
}

/// `theirs` has fewer texts than `ours`.
Error lacking(const fs::path& file, const fs::path& content, const std::map<std::string, std::string>& ours, const std::map<std::string, std::string>& theirs) {
    const auto first = std::ranges::find_if(ours, [&](const auto& text) { return !theirs.contains(text.first); });
    return error("{}: lacks {} of {} texts of {}, the first {}; they are told in English", file.string(), ours.size() - theirs.size(), ours.size(),
                 content.string(), first->first);
}

}  // namespace

bool is_text_to_read(std::string_view table, std::string_view key) {
    return std::ranges::find(kTextsToRead, TextPlace{table, key}) != kTextsToRead.end();
}

std::map<std::string, std::string> texts_to_read(const toml::table& file) {
    std::map<std::string, std::string> texts;
    for_each_value(file, "", "", [&](const std::string& path, std::string_view table, std::string_view key, const toml::node& node) {
        const auto text = node.value<std::string>();
        if (node.is_string() && !text->empty() && is_text_to_read(table, key)) texts[path] = *text;
    });
    return texts;
}

void translate(toml::table& file, const Places& places, const fs::path& content) {
    if (places.language.empty() || places.language == "en") return;
    const fs::path translation = folder_of(places) / content;
    std::error_code missing;
    if (!fs::exists(translation, missing)) return;
    const Result<toml::table> shipped = read_toml(places.data / content);
    if (!shipped) return;
    const std::map<std::string, std::string> ours = texts_to_read(*shipped);
    std::vector<Error> mistakes;
    const std::map<std::string, std::string> theirs = read_translation(translation, ours, mistakes);
    for_each_value(file, "", "", [&](const std::string& path, std::string_view, std::string_view, toml::node& node) {
        const auto found = theirs.find(path);
        if (found == theirs.end()) return;
        if (toml::value<std::string>* text = node.as_string(); text && text->get() == ours.at(path)) *text = found->second;
    });
}

std::vector<Error> translation_mistakes(const Places& places) {
    std::vector<Error> mistakes;
    if (places.language.empty() || places.language == "en") return mistakes;
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(folder_of(places), ignored))
        if (entry.path().extension() == ".toml") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        const fs::path content = places.data / file.lexically_relative(folder_of(places));
        if (!fs::exists(content, ignored)) {
            mistakes.push_back(error("{}:1:1: translates {}, which is not there; remove it or check its name",
                                           file.string(), content.string()));
            continue;
        }
        const Result<toml::table> shipped = read_toml(content);
        if (!shipped) continue;  // told by whoever reads it
        const std::map<std::string, std::string> ours = texts_to_read(*shipped);
        if (ours.empty()) continue;  // its reader has languages of its own
        const size_t before = mistakes.size();
        const std::map<std::string, std::string> theirs = read_translation(file, ours, mistakes);
        if (mistakes.size() == before && theirs.size() < ours.size()) mistakes.push_back(lacking(file, content, ours, theirs));
    }
    return mistakes;
}

}  // namespace base
