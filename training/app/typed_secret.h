#pragma once

// A line that is typed into a window and must not be found in this program's memory afterwards: it lies in locked memory, and what
// the field of Dear ImGui keeps of it (its text, the text that it began with, what could be undone, letters on their way) is wiped as soon
// as the typing ends.

#include "training/app/passphrase.h"
#include "training/app/widgets.h"

#include <memory>
#include <string>

namespace app {

class TypedSecret {
  public:
    TypedSecret();
    TypedSecret(const TypedSecret&) = delete;
    ~TypedSecret();

    /// A field of dots over the next item's width, of at most kMostPassphrase bytes. True in the frame in which Enter ended the typing.
    bool field(const Style& style, const char* id, const std::string& hint);
    bool empty() const { return text_[0] == 0; }
    /// What was typed; nothing of it stays here. The typing must have ended, or ends.
    Passphrase take();

  private:
    struct Free {
        void operator()(char* text) const;
    };
    std::unique_ptr<char[], Free> text_;  ///< locked, and wiped when it goes
    bool active_ = false;
};

}  // namespace app
