#pragma once

// The application with its window: choose a patient, practise, see the score. The command line's `evenhand` without a
// command.

#include "training/app/options.h"

namespace app {

/// Runs until the window is closed; a session under way is kept. Returns the process's exit code: 0, or 2 with one
/// sentence on stderr when no window or no device can be had.
int run_application(const Options& options);

}  // namespace app
