#include "training/core/toml_edits.h"

#include "training/core/rubric.h"

#include <algorithm>

namespace training {

void TomlEdits::replace(const toml::node& node, std::string words) {
    edits_.push_back({offset(node.source().begin), offset(node.source().end), std::move(words)});
}

std::string TomlEdits::apply() {
    std::sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) { return a.begin > b.begin; });
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
