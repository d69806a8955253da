#pragma once

// A candidate's seat at an exam that this station holds.

#include "training/app/options.h"

#include "training/core/exam_attempts.h"

namespace app {

struct ExamSeat {
    training::ExamPackage package;
    base::Hash program;           ///< this build
    std::string candidate;
    std::string station;          ///< name of its key
    training::ExamFolder folder;  ///< the candidate's, ours alone
    training::NextAttempt next;   ///< as the folder told last

    /// Asks the folder what comes next now. Errors: as ExamFolder::next.
    base::Status look();
    bool all_made() const { return next.attempt > package.attempts; }
};

/// Checks the package, this station and the folder. `station`: name of its key; empty: the only one. `folder` is made where there is
/// none; empty: one of the exam and the candidate in exams_folder().
base::Result<ExamSeat> take_seat(const Options& options, const base::fs::path& package, const std::string& candidate,
                               const std::string& station, const base::fs::path& folder);

/// The stage of the seat's next attempt. `device`: id that was asked for; empty: the case's own where it is allowed, else the first. An
/// attempt that is gone on with keeps its device.
base::Result<std::shared_ptr<const training::Stage>> exam_stage(const Options& options, const ExamSeat& seat, const std::string& device,
                                                                const face::Progress& progress);

/// Opens the station's key for an attempt: bound to the package's nonce and hash.
base::Result<std::shared_ptr<training::Sealer>> exam_sealer(const ExamSeat& seat, const std::string& passphrase);

}  // namespace app
