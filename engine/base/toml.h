#pragma once

// Content files that people edit. A Document remembers what was asked of it, so that a misspelt key is an error with its
// line and column instead of a silent default.

#include "engine/base/files.h"

#include <toml++/toml.h>

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <set>
#include <string>
#include <vector>

namespace base {

/// Reads typed values from one TOML table. The first mistake is kept; every later call returns a harmless value, so a
/// loader reads all its fields and then returns `status()`.
class TomlReader {
  public:
    /// `file` is only named in messages. The table must outlive the reader.
    TomlReader(const toml::table& table, std::string file);

    bool has(std::string_view key) const { return table_.contains(key); }
    double number(std::string_view key, double low, double high);
    double number_or(std::string_view key, double fallback, double low, double high);
    int64_t integer(std::string_view key, int64_t low, int64_t high);
    bool boolean_or(std::string_view key, bool fallback);
    std::string text(std::string_view key);
    std::string text_or(std::string_view key, std::string fallback);
    /// An array of exactly `count` numbers within [low, high].
    std::vector<double> numbers(std::string_view key, size_t count, double low, double high);
    /// The sub-table, or an empty one with the mistake noted.
    const toml::table& table(std::string_view key);
    /// An array of tables; empty where the key is absent.
    std::vector<const toml::table*> tables(std::string_view key);
    /// Notes a mistake of the caller's own finding at `key`.
    void refuse(std::string_view key, const Error& why);
    template <typename... Args>
    void refuse(std::string_view key, fmt::format_string<Args...> why, Args&&... args) {
        if (!first_) refuse(key, error(why, std::forward<Args>(args)...));
    }

    /// The first mistake, or the first key that nobody asked for.
    Status status() const;
    /// "file:line:column" of the key, or of the table.
    std::string where(std::string_view key) const;

  private:
    /// Null where it is missing; then `missing` says what to give.
    template <typename... Args>
    const toml::node* find(std::string_view key, fmt::format_string<Args...> missing, Args&&... args) {
        asked_.insert(std::string(key));
        const toml::node* node = table_.get(key);
        if (!node) refuse(key, missing, std::forward<Args>(args)...);
        return node;
    }

    const toml::table& table_;
    std::string file_;
    std::set<std::string, std::less<>> asked_;
    std::optional<Error> first_;
};

/// Parses TOML; errors carry name:line:column.
Result<toml::table> parse_toml(const std::string& text, const std::string& name);
/// What keeps `text` from being TOML, at most `most` mistakes in rising order of line, as parse_toml tells the first; empty
/// when it parses. After a mistake reading goes on behind the statement that holds it. Where that end cannot be
/// told (a text in """ that is never closed) the mistake is the last one: none is told that follows from another.
std::vector<Error> toml_mistakes(const std::string& text, const std::string& name, size_t most = 20);
/// More than a file that people edit holds, bytes: the largest that ships has a fifth of it.
inline constexpr uint64_t kMostToml = 1u << 20;
/// Parses a TOML file of at most kMostToml; errors carry file:line:column. `hash` of the text is what a recording names.
Result<toml::table> read_toml(const fs::path& path);
/// The TOML files of a folder by name without ending ("demo" before "demo-man"); none where there is no such folder, or no name of
/// one. Refuses what is no folder or cannot be looked at.
Result<std::vector<fs::path>> toml_files(const fs::path& folder);

/// The words as a TOML string with its quotes; control letters are left out.
std::string toml_text(std::string_view words);

}  // namespace base
