#pragma once

// An exam that is held in a window: the candidate's seat, and the attempt under way.

#include "training/app/exam_clock.h"
#include "training/app/exam_seat.h"
#include "training/app/live_session.h"

namespace app {

struct ExamSitting {
    ExamSeat seat;
    std::string device = {};               ///< chosen among those allowed; empty: as exam_stage() finds it
    std::vector<std::string> pens = {};    ///< that may lead the pen (pen_kinds.h); empty = any

    // Of the attempt under way.
    std::shared_ptr<training::Sealer> sealer = {};
    std::shared_ptr<training::JournalNotes> notes = {};
    std::shared_ptr<LiveSession> live = {};
    std::optional<ExamClock> clock = {};
    double stood = 0;  ///< s in which the station stood still
};

}  // namespace app
