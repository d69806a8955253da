#pragma once

// Time stamps of another clock (a display server's, a tracker's) on ours. Events wait in queues for as long as a frame
// takes; their own stamps tell when the hand did what they tell of.

#include <cstdint>
#include <optional>

namespace input {

class EventClock {
  public:
    /// `stamp`: s on the other clock. `read_at`: s on ours when the event was read, never falling. Returns s on ours,
    /// never falling and never after `read_at`. The event that came soonest after its stamp is taken to have come at
    /// once; that moment is forgotten at 200 ppm, more than clocks drift apart. Stamps that go back by more than a second
    /// begin anew: the other clock was set. However late events are read, they keep their places.
    double place(double stamp, double read_at);
    /// The same for stamps in ms that wrap at 2^32, as X11's.
    double place_ms(uint32_t stamp, double read_at);

  private:
    std::optional<double> offset_;  ///< ours minus theirs, s
    double last_ = 0, last_read_ = 0, last_stamp_ = 0;
    int64_t stamp_ms_ = 0;
};

}  // namespace input
