#pragma once

// A tracker beside the program: it sends a pen's poses over real UDP as OSC, from a space of its own.

#include "engine/input/calibration.h"

#include <lo/lo.h>
#include <unistd.h>

#include <array>
#include <string>

namespace gui_test {

/// Another for each test that runs at the same time.
inline std::string tracker_port() {
    return std::to_string(20000 + getpid() % 20000);
}

class Tracker {
  public:
    explicit Tracker(const std::string& port) : target_(lo_address_new("127.0.0.1", port.c_str())) {}
    ~Tracker() { lo_address_free(target_); }
    Tracker(const Tracker&) = delete;

    /// Its tip at `tip` of the head's frame (m), its axis into the skin; `force` in N.
    void send(glm::dvec3 tip, double force) const {
        const glm::dvec3 at = tracker_from_head.point(tip), axis = tracker_from_head.direction({0, 0, -1});
        lo_send(target_, "/evenhand/pen/axis", "ddddddd", at.x, at.y, at.z, axis.x, axis.y, axis.z, force);
    }

    /// A quarter turn about z and half a metre away.
    input::RigidTransform tracker_from_head{{{0, 1, 0}, {-1, 0, 0}, {0, 0, 1}}, {0.5, -0.2, 0.3}};

  private:
    lo_address target_;
};

}  // namespace gui_test
