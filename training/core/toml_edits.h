#pragma once

// Values of a TOML file changed in place: comments, order and everything else that its author wrote stay.

#include "engine/base/toml.h"

namespace training {

/// Changes of a text, kept until all are known: places are those of the text as it was read.
class TomlEdits {
  public:
    /// `text` must outlive the edits; the nodes given later were parsed from it.
    explicit TomlEdits(const std::string& text) : text_(text) {}

    void replace(const toml::node& node, std::string words);
    /// The key's value, in a line of its own behind the table's others where there is none yet. Not of tables within braces.
    void set(const toml::table& table, std::string_view key, std::string words);
    /// The key with its value and the rest of its line, if it is there.
    void remove(const toml::table& table, std::string_view key);
    /// A table under a header of its own, to its last value.
    void remove(const toml::table& table);
    /// Lines behind a table's last value, each ended.
    void add_behind(const toml::table& table, std::string lines);
    std::string apply();

  private:
    struct Edit {
        size_t begin, end;
        std::string words;
    };
    size_t offset(toml::source_position at) const;
    size_t line_end(size_t place) const;
    size_t end_of(const toml::table& table) const;

    const std::string& text_;
    std::vector<Edit> edits_;
};

/// "[1.5, 3]" of thousandths.
std::string range_text(int64_t low, int64_t high);

}  // namespace training
