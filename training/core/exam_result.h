#pragma once

// What a candidate's recordings of an exam come to: whether each is what the package asks for, and the verdict.
//
// The exam is passed where the mean of all attempts' totals reaches the pass mark and each attempt keeps clear of critical faults and
// floors. An attempt that was cut off and not taken up in time counts as it ended and does not pass the exam: nobody can tell what its
// lost end held. Whether such an exam is void and held again is an examiner's decision.

#include "training/core/exam_attempts.h"
#include "training/core/verify.h"

#include <span>

namespace training {

struct ExamAttempt {
    int number = 1;
    std::vector<std::string> files;  ///< its parts in their order; the last is the one that counts
    std::vector<int64_t> gaps_s;     ///< between them
    std::vector<bool> gaps_steady;   ///< whether each is by a clock that nobody sets; else by the station's
    double stood_s = 0;              ///< in which the station stood still
    bool cut_off = false;            ///< and not taken up: it has ended where it was
    int32_t total = 0;               ///< hundredths
    std::vector<std::string> gates;  ///< critical faults and floors that no mean can mend, a sentence each
    std::string source;              ///< what led the pen
    std::string started, device;     ///< of its first part; UTC; id
    std::string ended;               ///< UTC by the station's clock, as its closing document says; empty: it was cut off
    base::Hash evidence;

    bool holds_gates() const { return gates.empty() && !cut_off; }
};

struct ExamResult {
    std::string candidate;
    std::vector<Finding> findings;  ///< of each part, "attempt-1.evh: chain" …; then "candidate", "attempts"
    std::vector<ExamAttempt> attempts;
    int32_t mean = 0, pass_mark = 0;  ///< hundredths; mean: of the totals, to the nearest
    base::Hash rubric, scope;         ///< by which the attempts were scored
    bool pass = false;                ///< counts only where all holds
    bool holds() const;
    /// One name for what was done in all attempts.
    base::Hash evidence() const;
};

/// The same of any sessions, whatever their order.
base::Hash evidence_together(std::span<const base::Hash> sessions);

/// `places`: folders and recordings; `phrases`: of the gates; `journals`: of stations, "journal ID" each; one of a
/// station whose word does not count here is not held against anything. Errors: content that is not the package's, and what is no recording of this
/// exam.
base::Result<ExamResult> exam_result(const ExamPackage& package, const std::vector<base::fs::path>& places, const Trust& trust,
                                     StageStore& stages, const Phrases& phrases = Phrases::english(),
                                     std::span<const Journal> journals = {});

/// What does not hold, or the attempts, a line each; then the verdict in one.
std::string exam_result_text(const ExamResult& result);
std::string exam_result_json(const ExamPackage& package, const ExamResult& result);

}  // namespace training
