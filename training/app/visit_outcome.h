#pragma once

// What a visit came to, besides the score's lines: whether today's decision was right and why, what the trainee never came
// upon, and what was left out. Follows from the recording's events.

#include "training/app/evaluation.h"
#include "training/app/widgets.h"
#include "training/core/treatment.h"

namespace app {

class VisitOutcome {
  public:
    /// Of a session that was no visit: nothing to draw.
    explicit VisitOutcome(const ScoredSession& session);

    /// The decision, over the width of the window's content.
    void draw_decision(const Style& style, const Words& words) const;
    /// What was left out, a line for each kind of thing.
    void draw_remarks(const Style& style, const Words& words) const;

  private:
    std::string what_of(const Words& words, const training::Remark& remark) const;

    bool visit_ = false;
    training::Outcome outcome_;
    std::vector<training::Remark> remarks_;
    std::shared_ptr<const training::Stage> stage_;
};

}  // namespace app
