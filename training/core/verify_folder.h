#pragma once

// Thousands of recordings, each verified once, on several threads or on several machines. What was found is
// kept in a file of one JSON object per line as it comes, so that a run that was stopped is taken up where it
// was.
//
//   {"yardstick":"…"}                                              first line: by what all others were judged
//   {"file":"a/b.evh","sha256":"…","record":"…","session":"…","exit":0,"findings":[["integrity",true,"…"],…]}
//
// A row counts for a file of the same name and bytes, held against the same record of it in a store, by the same
// yardstick: program, content, trust and demands.

#include "training/core/verify.h"

#include <functional>
#include <span>

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

/// A recording that is to be verified, by the name under which it is told.
struct NamedRecording {
    std::string name;
    base::fs::path file;  ///< empty: there is none
    std::string missing;  ///< then why
    std::optional<KeptRecord> kept;
};

/// Those that list_recordings() gives, named as they lie in the folder.
base::Result<std::vector<NamedRecording>> recordings_of(const base::fs::path& folder, const Shard& shard);

/// The evidence hash that a recording says it has, which nothing has looked at yet; none where it says nothing.
std::optional<std::string> evidence_named_in(const base::fs::path& file);

struct VerifiedFile {
    std::string file;  ///< name of the recording; of a folder's relative to it
    Verification verification;
    bool known = false;  ///< taken from an earlier run
};

/// Told of each file once, in no order, never by two threads at once.
using OnVerified = std::function<void(const VerifiedFile&, size_t done, size_t of)>;

/// Verifies recordings with `jobs` threads and keeps what was found in `results`. One that is not there is unusable,
/// and is looked for again in the next run; a second copy of a sealed session fails: "copy". Errors: results that
/// cannot be written.
base::Result<std::vector<VerifiedFile>> verify_recordings(std::span<const NamedRecording> recordings,
                                                          const base::fs::path& results, int jobs,
                                                          const VerifyTerms& terms, StageStore& stages,
                                                          const OnVerified& on_verified);
}  // namespace training
