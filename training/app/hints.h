#pragma once

// The line at the bottom of the practice screen: tells the next thing worth trying, and falls silent once the
// trainee has done it. Nothing to click, nothing to read up.

#include "training/app/leader.h"
#include "training/app/live_session.h"

#include <string>

namespace app {

/// What the trainee did in this frame, as far as hints care.
struct Doings {
    bool touching = false;
    bool turned_wheel = false;
    bool moved_view = false;
    bool changed_overlay = false;
    bool held_skin = false;
    bool mobile_zone = false;  ///< the zone under the pen must be held taut
    bool measures_force = false;  ///< the pen tells how hard it presses: there is no wheel to turn
};

/// Key of the text that says `key` ("hint.press") to whoever holds this pen; the mouse's own where it serves all. A gamepad's have
/// places for the names of its buttons: {north}, {start}, {back}.
std::string hint_for(const std::string& key, Leader leader);

class Hints {
  public:
    void notice(const Doings& doings, double seconds);
    /// Key of the text to show, or "" for none.
    std::string current(Phase phase, double clock) const;

  private:
    double contact_ = 0;                                    ///< s of contact so far
    double wheel_ = 0, view_ = 0, overlay_ = 0, skin_ = 0;  ///< s since first done; 0 = never
    bool mobile_zone_ = false, touching_ = false;
};

}  // namespace app
