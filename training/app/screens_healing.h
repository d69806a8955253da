#pragma once

// The healing time-lapse: the face that a session left, minutes to a year later, with what is normal, gained and harmed.

#include "training/app/healing_times.h"
#include "training/app/screens.h"

namespace app {

/// `stage` holds the session's course.
std::unique_ptr<Screen> healing_screen(Desk& desk, std::shared_ptr<const ScoredSession> session,
                                       std::shared_ptr<HealingStage> stage);

}  // namespace app
