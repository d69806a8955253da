#include "training/core/toml_edits.h"

#include "training/core/rubric.h"

#include <algorithm>
#include <tuple>

namespace training {

void TomlEdits::replace(const toml::node& node, std::string words) {
    edits_.push_back({offset(node.source().begin), offset(node.source().end), std::move(words)});
}

void TomlEdits::set(const toml::table& table, std::string_view key, std::string words) {
    if (const toml::node* there = table.get(key)) return replace(*there, std::move(words));
    add_behind(table, fmt::format("{} = {}\n", key, words));
}

void TomlEdits::remove(const toml::table& table, std::string_view key) {
    const auto found = table.find(key);
    if (found == table.end()) return;
    const size_t begin = text_.rfind('\n', offset(found->first.source().begin)) + 1;
    edits_.push_back({begin, line_end(offset(found->second.source().end)), {}});
}

void TomlEdits::remove(const toml::table& table) {
    size_t begin = text_.rfind('\n', offset(table.source().begin)) + 1;
    if (begin >= 2 && text_[begin - 2] == '\n') --begin;  // the empty line above goes with it
    edits_.push_back({begin, end_of(table), {}});
}

void TomlEdits::add_behind(const toml::table& table, std::string lines) {
    const size_t end = end_of(table);
    if (end > 0 && text_[end - 1] != '\n') lines.insert(0, 1, '\n');
    edits_.push_back({end, end, std::move(lines)});
}

size_t TomlEdits::line_end(size_t place) const {
    const size_t end = text_.find('\n', place);
    return end == std::string::npos ? text_.size() : end + 1;
}

/// Behind the line of the last value that stands below the table's own header, or behind that header.
size_t TomlEdits::end_of(const toml::table& table) const {
    size_t end = line_end(offset(table.source().end));
    if (table.source().begin.line <= 1 && table.source().begin.column <= 1 && !text_.starts_with("[")) end = 0;  // the file's own
    for (const auto& [key, value] : table) {
        const bool apart = (value.is_table() && !value.as_table()->is_inline()) || value.is_array_of_tables();
        if (!apart) end = std::max(end, line_end(offset(value.source().end)));
    }
    return end;
}

/// From the end on, so that places before stay; at one place what replaces goes before what is put there, of which the first that was
/// asked for stands first.
std::string TomlEdits::apply() {
    std::ranges::reverse(edits_);
    std::ranges::stable_sort(edits_, [](const Edit& a, const Edit& b) { return std::tie(a.begin, a.end) > std::tie(b.begin, b.end); });
    std::string text = text_;
    for (const Edit& edit : edits_) text.replace(edit.begin, edit.end - edit.begin, edit.words);
    return text;
}

/// Columns count letters, not bytes.
size_t TomlEdits::offset(toml::source_position at) const {
    size_t place = 0;
    for (uint32_t line = 1; line < at.line; ++line) place = text_.find('\n', place) + 1;
    for (uint32_t column = 1; column < at.column && place < text_.size(); ++column) {
        ++place;
        while (place < text_.size() && (static_cast<unsigned char>(text_[place]) & 0xc0) == 0x80) ++place;
    }
    return place;
}

std::string range_text(int64_t low, int64_t high) {
    return fmt::format("[{}, {}]", thousandths_text(low), thousandths_text(high));
}

}  // namespace training
