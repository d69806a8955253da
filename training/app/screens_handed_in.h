#pragma once

// The page after an attempt of an exam: what was handed in and where it is kept, the code that the invigilator notes, what the package
// lets be told of the score, and what comes next.

#include "training/app/exam_seat.h"
#include "training/app/screens.h"
#include "training/core/exam_result.h"

#include <memory>
#include <optional>

namespace app {

/// What may be told of an attempt that was handed in.
struct HandedIn {
    int attempt = 1;
    std::optional<training::SealMark> mark = {};  ///< its last checkpoint; none: there was none, or as with `kept`
    struct Kept {
        base::fs::path file;
        double took, gaps, stood;  ///< s: session time, between its parts, that the station stood still
        bool noted = false;        ///< in the station's journal
    };
    std::optional<Kept> kept = {};  ///< none: it was handed in before this window was opened
    std::optional<int32_t> total = {}, pass_mark = {};  ///< hundredths
    std::optional<training::ExamResult> result = {};    ///< after the last
};

/// "KDWM-RTXA, 2:05"; empty before the first checkpoint.
std::string code_words(const std::optional<training::SealMark>& mark);

/// Adds what the package lets be told: an attempt's score, of `file`, and of all attempts the exam's result. On a worker.
base::Status score_handed_in(const Options& options, const ExamSeat& seat, const base::fs::path& file, HandedIn& handed);

/// `told`: what of it went wrong, and is told there.
std::unique_ptr<Screen> handed_in_screen(Desk& desk, HandedIn handed, const base::Status& told);

}  // namespace app
