#pragma once

// A folder of recordings of whole treatments, each scored once. What was measured is kept (session_index.h), so that hundreds
// of sessions open at once; bands, weights and pass mark are laid on anew each time. Sessions of a lesson are left out: they are
// judged by the lesson's own target, and a rubric for a whole treatment says nothing of them (lesson_attempts.h).

#include "training/core/score.h"
#include "training/core/session_index.h"

#include <span>

namespace training {

/// One session and its score, without evidence and zones.
struct Attempt : SessionFacts {
    Score score;
};

struct Shelf {
    std::vector<Attempt> attempts;      ///< by start, then by file name
    std::vector<base::Error> unusable;  ///< one for each file that cannot be read or scored
    size_t lessons = 0;                 ///< sessions of a lesson, left out
    size_t measured_now = 0;            ///< the others were known
};

/// The recordings (*.evh) of a folder; a missing folder holds none. `rubric`: id or file to score by; empty = each case's own.
/// Errors: a folder that cannot be read, a rubric that is broken. Whole files are read on the calling thread.
base::Result<Shelf> read_shelf(const base::Places& places, const base::fs::path& folder, const std::string& rubric = {},
                               const face::Progress& progress = {});

/// `rubric` as it holds for the attempt's device, for judge_again(). Depth bands, which enter measures alone, stay.
Rubric rubric_for(const Rubric& rubric, const Attempt& attempt);

}  // namespace training
