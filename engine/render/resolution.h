#pragma once

// How finely the 3D view is drawn: fewer pixels while pictures take clearly too long, more when there is time for them.

#include <cstddef>

namespace render {

class ResolutionGovernor {
  public:
    /// Share of the window's pixels along each side.
    double share() const;
    /// After each frame. `busy`: s that it took without waiting for its turn; `period`: s that it may take; `now`: s of a
    /// steady clock. A step down needs 2 s of frames over 1.3 periods. A step up needs 4 s in which even a picture that
    /// costs as much more as it has pixels more would have been in time, so the share does not swing to and fro.
    void frame(double busy, double period, double now);
    /// Forgets how long frames took: something else is drawn now.
    void restart(double now);

  private:
    size_t step_ = 0;
    double busy_ = 0;  ///< s, smoothed; 0 = not known
    double since_ = 0;
};

}  // namespace render
