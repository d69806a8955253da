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
    training::PublicKey station_key;
    training::ExamFolder folder;  ///< the candidate's, ours alone
    std::shared_ptr<training::JournalFile> journal;  ///< the station's
    training::NextAttempt next;   ///< as the folder told last

    /// Asks the folder what comes next now, and the station's journal whether that may be. Errors: as ExamFolder::next and JournalFile; a new
    /// attempt, or part of one, that the journal cannot note.
    base::Status look();
    /// The same when all is ready to begin, since what was typed and loaded meanwhile is part of a gap; whether the same attempt
    /// and part of it still come next.
    base::Result<bool> look_again();
    bool all_made() const { return next.attempt > package.attempts; }
};

/// This machine as the station that it would be. `key`: name of its key; empty: the only one.
base::Result<training::Station> this_station(const Options& options, const std::string& key);

/// Checks the package, this station and the folder. `station`: name of its key; empty: the only one. `folder` is made where there is
/// none; empty: one of the exam and the candidate in exams_folder().
base::Result<ExamSeat> take_seat(const Options& options, const base::fs::path& package, const std::string& candidate,
                               const std::string& station, const base::fs::path& folder);

/// The stage of the seat's next attempt. `device`: id that was asked for; empty: the case's own where it is allowed, else the first. An
/// attempt that is gone on with keeps its device.
base::Result<std::shared_ptr<const training::Stage>> exam_stage(const Options& options, const ExamSeat& seat, const std::string& device,
                                                                const face::Progress& progress);

/// The journal of the seat's station, which the part that `sealer` seals is noted in.
training::JournalNotes exam_notes(const ExamSeat& seat, std::shared_ptr<training::Sealer> sealer);

/// Opens the station's key for an attempt: bound to the package's nonce and hash.
base::Result<std::shared_ptr<training::Sealer>> exam_sealer(const ExamSeat& seat, const std::string& passphrase);

}  // namespace app
