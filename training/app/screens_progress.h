#pragma once

// The area "Progress": what a trainee's attempts say, line by line, and what to practise next.

#include "training/app/screens.h"

namespace app {

/// Reads all sessions on a worker, then shows those of whoever practises here.
std::unique_ptr<Screen> open_progress(Desk& desk);
/// The same of one trainee.
std::unique_ptr<Screen> open_progress_of(Desk& desk, const std::string& trainee);

}  // namespace app
