#pragma once

// From a recording and its score to what is kept of them, and from a station to the school's store.

#include "training/core/cohort.h"
#include "training/core/exam_result.h"
#include "training/core/recording.h"
#include "training/core/score.h"
#include "training/records/outbox.h"

namespace records {

/// Who and where, beside what the recording says itself.
struct Circumstances {
    std::string candidate;  ///< code; empty: the recording's trainee
    std::string station;
    base::fs::path recording;
};

/// An attempt at an exam, which is sealed for its package, is kept as one, with its number; everything else is practice.
/// `rubric_text`: the file that the score was made by, whose hash the score names.
SessionResult session_result(const training::Recording& recording, const training::Score& score, const training::Rubric& rubric,
                             const std::string& rubric_text, const Circumstances& circumstances);

/// All attempts at an exam as one session, whose score is their mean and whose document is exam_result_json() with the gates as failures;
/// its case is the exam's id. `result` holds.
SessionResult exam_session(const training::ExamPackage& package, const training::ExamResult& result, const training::Rubric& rubric,
                           const std::string& rubric_text, const Circumstances& circumstances);

/// Keeps it on this station and puts it into the outbox, and `more` about it, in one transaction.
Receipt keep_and_queue(Store& station, const SessionResult& result, std::span<const OutboxEntry> more = {});
Receipt keep_and_queue(Store& station, const Decision& decision);

/// A roster's codes and groups as candidates; names stay behind.
std::vector<Candidate> candidates_of(std::span<const training::Member> members);

}  // namespace records
