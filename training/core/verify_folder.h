#pragma once

// Thousands of recordings, each verified once, on several threads or on several machines. What was found is
// kept in a file of one JSON object per line as it comes, so that a run that was stopped is taken up where it
// was.
//
//   {"yardstick":"…"}                                              first line: by what all others were judged
//   {"file":"a/b.evh","sha256":"…","session":"…","exit":0,"findings":[["integrity",true,"…"],…]}
//
// A row counts for a file of the same name and bytes, by the same yardstick: program, content, trust and
// demands.

#include "training/core/verify.h"

#include <functional>

namespace training {

/// Part `part` of `parts`, from 1: every parts-th file.
struct Shard {
    int part = 1, parts = 1;
};
/// "2/8"
base::Result<Shard> parse_shard(std::string_view text);

/// The recordings (*.evh) of a folder and its folders, by name, those of the shard alone. Links to folders
/// are not followed.
base::Result<std::vector<base::fs::path>> list_recordings(const base::fs::path& folder, const Shard& shard);

struct VerifiedFile {
    std::string file;  ///< relative to the folder
    Verification verification;
    bool known = false;  ///< taken from an earlier run
};

/// Told of each file once, in no order, never by two threads at once.
using OnVerified = std::function<void(const VerifiedFile&, size_t done, size_t of)>;

/// Verifies the recordings with `jobs` threads and keeps what was found in `results`. A second copy of a
/// sealed session fails: "copy". Errors: results that cannot be written.
base::Result<std::vector<VerifiedFile>> verify_folder(const base::fs::path& folder, const Shard& shard,
                                                      const base::fs::path& results, int jobs,
                                                      const VerifyTerms& terms, StageStore& stages,
                                                      const OnVerified& on_verified);

}  // namespace training
