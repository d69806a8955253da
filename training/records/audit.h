#pragma once

// The sessions that a store names, as verify looks at them: which recording, and what is kept of it.

#include "training/core/verify_folder.h"
#include "training/records/store.h"

namespace records {

/// What is to be verified: a recording for each session of the store, in the order of evidence hashes, those of the shard alone.
struct Audit {
    std::vector<training::NamedRecording> recordings;
    size_t elsewhere = 0;  ///< recordings of the folder that the store does not name
    size_t exams = 0;      ///< whole exams, left out: they are several recordings and their package's, for training::exam_result()
};

/// `folder` empty: each session's recording is the file that its row names, on this machine. Else those below the folder, found by
/// the evidence hash that each says it has; whether it has it is for verify. Several of one session are all looked at.
base::Result<Audit> audit_of(Store& store, const base::fs::path& folder, const training::Shard& shard);

}  // namespace records
