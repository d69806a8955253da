#pragma once

// What commands say on a terminal: one sentence for a refusal, one line that shows how far a slow step has come.

#include "engine/base/result.h"
#include "engine/base/utf8.h"
#include "engine/face/face_store.h"
#include "training/app/commands.h"

#include <string>
#include <string_view>

namespace app {

/// Prints the sentence on stderr and returns kUnusable.
int refuse(const base::Error& error);

using base::plain;  // for texts from other machines

/// A line on stderr that is rewritten in place; silent where stderr is not a terminal.
class ProgressLine {
  public:
    ProgressLine();
    ~ProgressLine() { clear(); }
    void show(std::string_view step, double share);
    void clear();
    face::Progress sink() {
        return [this](std::string_view step, double share) { show(step, share); };
    }

  private:
    bool terminal_;
    int last_percent_ = -1;
};

}  // namespace app
