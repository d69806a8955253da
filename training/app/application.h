#pragma once

// The application with its window: choose a patient, practise, see the score. The command line's `evenhand` without a
// command.

#include "training/app/options.h"

#include <memory>

namespace app {

struct ExamSitting;

/// Runs until the window is closed; a session under way is kept. Returns the process's exit code: 0, or 2 with one
/// sentence on stderr when no window or no device can be had.
/// `exam`: it is held instead of practice; null: none.
int run_application(const Options& options, std::shared_ptr<ExamSitting> exam = {});

}  // namespace app
