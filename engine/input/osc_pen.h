#pragma once

// A tracked pen told over the network: any tracker (optical, magnetic, a phone) that can send Open Sound Control 1.0
// messages over UDP. docs/pens.md tells the form for whoever feeds it:
//   /evenhand/pen/axis  x y z  ax ay az        [force_n [motor]]     axis: along the pen, towards its tip
//   /evenhand/pen/pose  x y z  qx qy qz qw     [force_n [motor]]     quaternion that turns the pen's +Z, towards its tip
// Metres in the tracker's own space; numbers f, d or i; force in N, left out or N (nil) where it is not measured; motor T, F,
// 0 or 1. In a bundle its time tag is the time of measuring, else the time of arrival counts. Packets are foreign bytes.

#include "engine/base/result.h"
#include "engine/input/event_clock.h"

#include <glm/vec3.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace input {

/// One pose of a tracked pen, in the tracker's space.
struct TrackedPose {
    double time = 0;              ///< s: of the packet's time tag (since 1900), after OscReceiver on our steady clock
    bool tagged = false;          ///< `time` was told
    glm::dvec3 tip{0};            ///< m, within 100 m
    glm::dvec3 axis{0, 0, -1};    ///< unit, towards the tip
    std::optional<double> force;  ///< N, 0..100; none: not measured
    std::optional<bool> motor;    ///< none: not told
};

/// Appends the poses of a packet in their order. Messages to other addresses are not ours and are left out. A packet that
/// is no OSC, or a message to our addresses that is not as told above, is refused whole: `poses` stays as it was.
base::Status read_osc_packet(std::span<const uint8_t> packet, std::vector<TrackedPose>& poses);

/// Where to listen.
struct OscPlace {
    std::string address = "127.0.0.1";  ///< IPv4 of one of this machine's interfaces; 0.0.0.0: all of them
    uint16_t port = 0;                  ///< 0: not at all

    bool operator==(const OscPlace&) const = default;
};
/// "9000" or "0.0.0.0:9000".
base::Result<OscPlace> parse_osc_place(const std::string& text);

/// What has come in so far.
struct OscCounts {
    uint64_t packets = 0, poses = 0, refused = 0;
    std::string problem;  ///< of the last packet that was refused
};

class OscReceiver {
  public:
    /// Errors: an address that is none of this machine's, a port that is taken or needs other rights.
    static base::Result<std::unique_ptr<OscReceiver>> open(const OscPlace& place);
    ~OscReceiver();
    OscReceiver(const OscReceiver&) = delete;

    /// Poses that came since the last call, oldest first, with times on the steady clock that never fall and never lie after
    /// `now` (s). At most 4096 packets a call: a flood cannot hold the picture.
    std::vector<TrackedPose> read(double now);
    const OscCounts& counts() const { return counts_; }
    uint16_t port() const { return port_; }  ///< chosen by the system where 0 was asked for

  private:
    OscReceiver(int socket, uint16_t port) : socket_(socket), port_(port) {}

    int socket_;
    uint16_t port_;
    EventClock clock_;
    double last_ = 0;
    OscCounts counts_;
};

}  // namespace input
