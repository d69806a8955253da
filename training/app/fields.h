#pragma once

// Fields of a form that are typed into: numbers with a button at either side, and words. Tab reaches them as it does buttons;
// Enter begins to type, and Enter, Escape, Tab or a click elsewhere ends it.

#include "training/app/widgets.h"

#include <array>
#include <span>
#include <string>

namespace app {

/// A field that stands by itself, submitted while this lives: the focus goes round it as round a button, and pressing it there begins the
/// typing, so that a gamepad gets there too.
class ReachedField {
  public:
    /// `id` of the item, in the window at hand.
    ReachedField(const Style& style, const char* id);
    ReachedField(const ReachedField&) = delete;
    ~ReachedField();

  private:
    const Style& style_;
    ImGuiID id_;
};
/// One line over the next item's width, such a field.
bool line_field(const Style& style, const char* id, const std::string& hint, std::span<char> into, int flags);

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
