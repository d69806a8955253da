#pragma once

// A session looked at again: its picture at any moment, played or scrubbed, over a timeline of all that went wrong, with the
// instructor's notes, beside another run of the same case.

#include "training/app/screens.h"

#include <optional>

namespace app {

/// Where to begin: a moment, and the line of the rubric whose places are marked.
struct ReviewStart {
    uint32_t time_us = 0;
    std::optional<size_t> criterion;
};

/// The session is on the renderer's stage. Leads back to its score.
std::unique_ptr<Screen> open_review(Desk& desk, std::shared_ptr<const ScoredSession> session, const ReviewStart& start = {});

}  // namespace app
