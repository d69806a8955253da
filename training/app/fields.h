#pragma once

// Fields of a form that are typed into: numbers with a button at either side, and words. Tab reaches them as it does buttons;
// Enter begins to type, and Enter, Escape, Tab or a click elsewhere ends it.

#include "training/app/widgets.h"

#include <array>
#include <string>

namespace app {

class Fields {
  public:
    /// Minus, the number to type over, plus, behind `name`, over the width of the window's content. `key` tells it from all others
    /// of the form. True when it changed; what is typed counts once the typing has ended.
    bool number(const Style& style, const std::string& key, const std::string& name, int64_t& thousandths, int64_t step, bool enabled);
    /// One line of at most `most` bytes. Each letter counts at once.
    bool words(const Style& style, const std::string& key, std::string& value, size_t most, float width, bool enabled);
    /// The field that is typed into; empty without one.
    const std::string& typed_in() const { return typed_in_; }

  private:
    bool input(const Style& style, const std::string& key, const std::string& shown, size_t most, float width, int flags);

    std::string typed_in_, begin_;  ///< begin_: that Enter opens in the next frame
    std::array<char, 2048> typed_{};
};

}  // namespace app
