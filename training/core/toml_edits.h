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
    std::string apply();

  private:
    struct Edit {
        size_t begin, end;
        std::string words;
    };
    size_t offset(toml::source_position at) const;

    const std::string& text_;
    std::vector<Edit> edits_;
};

/// "[1.5, 3]" of thousandths.
std::string range_text(int64_t low, int64_t high);

}  // namespace training
