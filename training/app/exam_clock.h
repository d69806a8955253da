#pragma once

// How long an attempt at an exam still lasts. Time is a steady clock's, which nobody sets; what of it is no session time (pauses, a
// window that was not there to be seen) is pause, and an attempt has so much of that as its package allows. Time in which the station itself
// stood still is no pause, up to a limit of its own.

#include <algorithm>

namespace app {

class ExamClock {
  public:
    struct Used {
        double session = 0, paused = 0, stood = 0;
    };
    /// All in s. `used`: what an attempt that is gone on with has used of the limits before.
    ExamClock(double time_limit, double pause_limit, double stand_limit, const Used& used)
        : time_limit_(time_limit),
          pause_limit_(std::max(0.0, pause_limit - used.paused)),
          stand_limit_(stand_limit),
          stood_before_(std::min(used.stood, stand_limit)),
          before_(used.session),
          session_(used.session) {}

    /// `now`: of any steady clock; the first call is the beginning. `stood`: for how long the station stood still in the attempt so far.
    void tick(double now, double session, double stood) {
        if (!begun_) first_ = now;
        begun_ = true;
        since_ = now - first_ - std::max(0.0, std::min(stood, stand_limit_) - stood_before_);
        session_ = session;
        if (left() > kStep) spent_ = 0;
        else if (spent_++ == 0) spent_from_ = now;
        now_ = now;
    }
    double used() const { return session_; }  ///< session time so far
    /// Until the attempt ends by itself: less than session time is left where pauses went on for longer than they may.
    double left() const { return std::clamp(time_limit_ + pause_limit_ - before_ - since_, 0.0, std::max(0.0, time_limit_ - session_)); }
    double pause_left() const { return std::max(0.0, pause_limit_ - (since_ - (session_ - before_))); }
    /// When session time is used up; or when no time is left, and stays so for a moment: that the station stood still is told some looks
    /// after it went on.
    bool over() const { return time_limit_ - session_ <= kStep || (spent_ >= kLooks && now_ - spent_from_ >= kSettle); }

  private:
    static constexpr double kStep = 1.0 / 60;  ///< two of the session's steps: the last may end before the limit
    static constexpr double kSettle = 0.5;     ///< s
    static constexpr int kLooks = 3;

    double time_limit_, pause_limit_, stand_limit_, stood_before_, before_, session_;
    double first_ = 0, since_ = 0;  ///< since_: without what the station stood still and may
    double now_ = 0, spent_from_ = 0;
    int spent_ = 0;  ///< looks on end in which nothing was left
    bool begun_ = false;
};

}  // namespace app
