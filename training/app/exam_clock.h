#pragma once

// How long an attempt at an exam still lasts. Time is a steady clock's, which nobody sets; what of it is no session time (pauses, a
// window that was not there to be seen) is pause, and an attempt has so much of that as its package allows.

#include <algorithm>

namespace app {

class ExamClock {
  public:
    /// All in s. `session`, `paused`: what an attempt that is gone on with has used of both limits before.
    ExamClock(double time_limit, double pause_limit, double session, double paused)
        : time_limit_(time_limit), pause_limit_(std::max(0.0, pause_limit - paused)), before_(session), session_(session) {}

    /// `now`: of any steady clock; the first call is the beginning.
    void tick(double now, double session) {
        if (!begun_) first_ = now;
        begun_ = true;
        since_ = now - first_;
        session_ = session;
    }
    double used() const { return session_; }  ///< session time so far
    /// Until the attempt ends by itself: less than session time is left where pauses went on for longer than they may.
    double left() const { return std::clamp(time_limit_ + pause_limit_ - before_ - since_, 0.0, std::max(0.0, time_limit_ - session_)); }
    double pause_left() const { return std::max(0.0, pause_limit_ - (since_ - (session_ - before_))); }
    bool over() const { return left() <= kStep; }

  private:
    static constexpr double kStep = 1.0 / 60;  ///< two of the session's steps: the last may end before the limit

    double time_limit_, pause_limit_, before_, session_;
    double first_ = 0, since_ = 0;
    bool begun_ = false;
};

}  // namespace app
