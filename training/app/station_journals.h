#pragma once

// Journals of stations, as --journal options name them.

#include "training/core/exam_journal.h"

namespace app {

/// Each checked whole. Refused: a file that is none, or does not hold.
base::Result<std::vector<training::Journal>> read_journals(const std::vector<std::string>& files);

}  // namespace app
