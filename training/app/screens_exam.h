#pragma once

// An exam in the window: its start page, what every screen of an attempt has in common, and what comes after one.

#include "training/app/screens.h"

namespace app {

/// What the exam is, its terms, and the way into the next attempt.
std::unique_ptr<Screen> exam_screen(Desk& desk);

struct ExamTime {
    bool over;  ///< the attempt is
    float top;  ///< where the strip begins, px
};
/// Once a frame of an attempt: counts its time (as `view` tells it) and draws the invigilator's strip at the foot between `left`
/// and `right`, px; where the window is narrow, list_exam shows it in the column, so that the face stays free.
ExamTime keep_exam_time(Desk& desk, const SessionView& view, float left, float right);
void list_exam(const Desk& desk);

/// After LiveSession::finish(): stamps and scores what the package lets be told, then says that the attempt is handed in. One that could
/// not be written whole leads back to the start page.
std::unique_ptr<Screen> hand_in(Desk& desk, const SessionView& last);

/// An attempt that cannot be written any more (a full disk) ends at once and is not handed in: back to the start page, from where it is
/// gone on with as after a power cut.
std::unique_ptr<Screen> break_off(Desk& desk, LiveSession& live, const SessionView& last);

/// "This exam asks for: stylus, tracked pen."
std::string wrong_pen_words(const Desk& desk);

}  // namespace app
