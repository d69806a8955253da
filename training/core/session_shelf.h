#pragma once

// A folder of recordings, each scored once. What was measured is kept in a small database in the cache, so that hundreds
// of sessions open at once; bands, weights and pass mark are laid on anew each time.
//
// sessions.db, user_version 1; it is only a cache, and one that cannot be read is made anew:
//   file(path TEXT PRIMARY KEY, size INTEGER, changed INTEGER, header TEXT)     what the file said when it was last read whole
//   measured(evidence TEXT, yardstick TEXT, lines TEXT, PRIMARY KEY(evidence, yardstick))
// `yardstick` hashes the rubric, the scope, the figures for end points and care, and the program's version: another of
// any of them measures again. A file whose size or time changed is read whole again, so that damage is found.

#include "training/core/score.h"

#include <span>

namespace training {

/// One session and its score, without evidence and zones.
struct Attempt {
    base::fs::path file;
    std::string trainee, case_id, device_id, started, source;
    skin::DeviceKind device_kind = skin::DeviceKind::pen;
    bool finished = true;
    Score score;

    bool simulated() const { return source.starts_with("operator"); }
};

struct Shelf {
    std::vector<Attempt> attempts;      ///< by start, then by file name
    std::vector<std::string> unusable;  ///< one sentence for each file that cannot be read or scored
    size_t measured_now = 0;            ///< the others were known
};

/// The recordings (*.evh) of a folder; a missing folder holds none. `rubric`: id or file to score by; empty = each case's own.
/// Errors: a folder that cannot be read, a rubric that is broken. Whole files are read on the calling thread.
base::Result<Shelf> read_shelf(const base::Places& places, const base::fs::path& folder, const std::string& rubric = {},
                               const face::Progress& progress = {});

/// `rubric` as it holds for the attempt's device, for judge_again(). Depth bands, which enter measures alone, stay.
Rubric rubric_for(const Rubric& rubric, const Attempt& attempt);

}  // namespace training
