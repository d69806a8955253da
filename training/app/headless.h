#pragma once

// A session without a window, as `perform` runs it: for practice, and for an attempt at an exam.

#include "training/app/commands.h"
#include "training/app/console.h"

#include "training/core/operator.h"
#include "training/core/session.h"

namespace app {

/// What the hand does, and how the recording calls it.
struct Hand {
    training::Performance performance;
    std::string source;
};
/// From the pen file or the operator that the arguments name.
base::Result<Hand> read_hand(const PerformArguments& arguments, const training::Stage& stage);
/// What of the arguments does not fit together, practice or exam.
base::Status check_hand(const PerformArguments& arguments);

/// Feeds the hand to the session in order, events before the samples that follow them; does not finish it.
base::Status feed(const training::Performance& performance, training::Session& session, ProgressLine& progress);

}  // namespace app
