#include "engine/input/osc_pen.h"

#include "engine/base/files.h"
#include "engine/base/foreign_words.h"

#include <glm/geometric.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <ctime>
#include <string_view>

namespace input {
namespace {

constexpr int kDeepest = 8;           // bundles within bundles
constexpr double kFarthest = 100;     // m
constexpr double kMostForce = 100;    // N
constexpr int kMostPackets = 4096;    // a call
constexpr size_t kLargest = 65536;    // bytes, more than UDP carries
constexpr std::string_view kAxis = "/evenhand/pen/axis", kPose = "/evenhand/pen/pose";

/// Reads big-endian values off the front; what is not there sets `bad` and reads as 0.
struct Bytes {
    std::span<const uint8_t> rest;
    bool bad = false;

    uint64_t number(size_t bytes) {
        if (rest.size() < bytes) {
            bad = true;
            return 0;
        }
        uint64_t value = 0;
        for (size_t i = 0; i < bytes; ++i) value = value << 8 | rest[i];
        rest = rest.subspan(bytes);
        return value;
    }
    /// Ends with a zero, padded to a multiple of four.
    std::string_view text() {
        const auto end = std::ranges::find(rest, uint8_t{0});
        const auto length = static_cast<size_t>(end - rest.begin()), padded = (length / 4 + 1) * 4;
        if (end == rest.end() || padded > rest.size()) {
            bad = true;
            return {};
        }
        const std::string_view words(reinterpret_cast<const char*>(rest.data()), length);
        rest = rest.subspan(padded);
        return words;
    }
};

/// One argument; nil where it is told to be nothing.
struct Argument {
    double value = 0;
    bool nil = false;
};

/// The arguments of a message to us. Numbers that are not finite are no numbers.
base::Result<std::vector<Argument>> read_arguments(Bytes& bytes, std::string_view types) {
    std::vector<Argument> arguments;
    for (const char type : types) {
        Argument one;
        switch (type) {
            case 'f': one.value = std::bit_cast<float>(static_cast<uint32_t>(bytes.number(4))); break;
            case 'd': one.value = std::bit_cast<double>(bytes.number(8)); break;
            case 'i': one.value = static_cast<int32_t>(static_cast<uint32_t>(bytes.number(4))); break;
            case 'T': one.value = 1; break;
            case 'F': one.value = 0; break;
            case 'N': one.nil = true; break;
            default: return base::error("argument {} is no number", arguments.size() + 1);
        }
        if (bytes.bad) return base::error("argument {} is cut off", arguments.size() + 1);
        if (!std::isfinite(one.value)) return base::error("argument {} is not finite", arguments.size() + 1);
        arguments.push_back(one);
    }
    return arguments;
}

/// Direction of the pen, from an axis or from the quaternion that turns +Z into it.
base::Result<glm::dvec3> read_direction(std::span<const Argument> told) {
    double squares = 0;
    for (const Argument& one : told) squares += one.value * one.value;
    const double length = std::sqrt(squares);
    if (!(length >= 0.9 && length <= 1.1)) return base::error("the direction has length {:.3g}, not 1", length);
    const auto at = [&](size_t i) { return told[i].value / length; };
    if (told.size() == 3) return glm::dvec3(at(0), at(1), at(2));
    const double x = at(0), y = at(1), z = at(2), w = at(3);
    return glm::dvec3(2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y));
}

base::Result<TrackedPose> pose_of(std::span<const Argument> told, size_t direction_size) {
    const size_t fixed = 3 + direction_size;
    if (told.size() < fixed || told.size() > fixed + 2)
        return base::error("has {} arguments, {} to {} are needed", told.size(), fixed, fixed + 2);
    if (std::ranges::any_of(told.first(fixed), &Argument::nil)) return base::error("place and direction must be told");
    TrackedPose pose;
    pose.tip = {told[0].value, told[1].value, told[2].value};
    if (!(glm::length(pose.tip) <= kFarthest))
        return base::error("the tip is {:.3g} m away; places are in metres", glm::length(pose.tip));
    auto axis = read_direction(told.subspan(3, direction_size));
    if (!axis) return axis.error();
    pose.axis = *axis;
    if (told.size() > fixed && !told[fixed].nil) {
        pose.force = told[fixed].value;
        if (!(*pose.force >= 0 && *pose.force <= kMostForce))
            return base::error("force {} N is outside 0 to {} N", *pose.force, kMostForce);
    }
    if (told.size() > fixed + 1 && !told[fixed + 1].nil) {
        const double motor = told[fixed + 1].value;
        if (motor != 0 && motor != 1) return base::error("motor is {}, not 0 or 1", motor);
        pose.motor = motor == 1;
    }
    return pose;
}

base::Status read_element(std::span<const uint8_t> element, const std::optional<double>& time, int depth,
                          std::vector<TrackedPose>& poses);

base::Status read_bundle(Bytes bytes, int depth, std::vector<TrackedPose>& poses) {
    if (depth == kDeepest) return base::error("bundles lie more than {} deep", kDeepest);
    const uint64_t tag = bytes.number(8);
    if (bytes.bad) return base::error("a bundle has no time tag");
    // 1 stands for "at once"; else seconds since 1900 and their fraction in 2^-32.
    std::optional<double> time;
    if (tag > 1) time = static_cast<double>(tag >> 32) + static_cast<double>(tag & 0xFFFFFFFFu) * 0x1p-32;
    while (!bytes.rest.empty()) {
        const uint64_t size = bytes.number(4);
        if (bytes.bad || size > bytes.rest.size() || size % 4 != 0) return base::error("an element of a bundle is cut off");
        if (auto read = read_element(bytes.rest.first(size), time, depth + 1, poses); !read) return read;
        bytes.rest = bytes.rest.subspan(size);
    }
    return {};
}

base::Status read_element(std::span<const uint8_t> element, const std::optional<double>& time, int depth,
                          std::vector<TrackedPose>& poses) {
    Bytes bytes{element};
    const std::string_view address = bytes.text();
    if (bytes.bad) return base::error("it is no OSC message");
    if (address == "#bundle") return read_bundle(bytes, depth, poses);
    if (!address.starts_with('/')) return base::error("it is no OSC message");
    if (address != kAxis && address != kPose) return {};
    const std::string_view types = bytes.text();
    if (bytes.bad || !types.starts_with(',')) return base::error("{}: the types of its arguments are missing", address);
    const auto told = read_arguments(bytes, types.substr(1));
    if (!told) return base::error("{}: {}", address, told.error());
    if (!bytes.rest.empty()) return base::error("{}: {} bytes too many", address, bytes.rest.size());
    auto pose = pose_of(*told, address == kAxis ? 3 : 4);
    if (!pose) return base::error("{}: {}", address, pose.error());
    if (time) pose->time = *time;
    pose->tagged = time.has_value();
    poses.push_back(*pose);
    return {};
}

double seconds_of(const timespec& time) { return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec); }

/// s ago that the kernel took the packet in.
double age_of(msghdr& message) {
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec came{}, now{};
        std::memcpy(&came, CMSG_DATA(part), sizeof came);
        clock_gettime(CLOCK_REALTIME, &now);
        return std::clamp(seconds_of(now) - seconds_of(came), 0.0, 60.0);
    }
    return 0;
}

}  // namespace

base::Status read_osc_packet(std::span<const uint8_t> packet, std::vector<TrackedPose>& poses) {
    const size_t before = poses.size();
    if (packet.empty() || packet.size() % 4 != 0) return base::error("its {} bytes are no multiple of 4", packet.size());
    base::Status read = read_element(packet, std::nullopt, 0, poses);
    if (!read) poses.resize(before);
    return read;
}

base::Result<OscPlace> parse_osc_place(const std::string& text) {
    OscPlace place;
    std::string_view rest = text;
    if (const size_t colon = rest.rfind(':'); colon != std::string_view::npos) {
        place.address = rest.substr(0, colon);
        rest = rest.substr(colon + 1);
    }
    in_addr ignored{};
    const auto port = base::parse_number(rest);
    if (!port || *port < 1 || *port > 65535 || *port != std::floor(*port) || inet_pton(AF_INET, place.address.c_str(), &ignored) != 1)
        return base::error("'{}' is no place to listen for a tracked pen; give a port such as 9000, or 0.0.0.0:9000 for all "
                           "interfaces",
                           text);
    place.port = static_cast<uint16_t>(*port);
    return place;
}

base::Result<std::unique_ptr<OscReceiver>> OscReceiver::open(const OscPlace& place) {
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) return base::error("no UDP socket can be opened ({})", base::system_error(errno));
    std::unique_ptr<OscReceiver> receiver(new OscReceiver(socket, place.port));
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(place.port);
    if (inet_pton(AF_INET, place.address.c_str(), &address.sin_addr) != 1)
        return base::error("'{}' is no IPv4 address to listen on", place.address);
    if (bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return base::error("UDP port {} of {} cannot be listened on ({}); choose another", place.port, place.address,
                           base::system_error(errno));
    socklen_t size = sizeof address;
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0) receiver->port_ = ntohs(address.sin_port);
    return receiver;
}

OscReceiver::~OscReceiver() {
    ::close(socket_);
}

std::vector<TrackedPose> OscReceiver::read(double now) {
    std::vector<TrackedPose> poses;
    std::vector<uint8_t> packet(kLargest);
    for (int i = 0; i < kMostPackets; ++i) {
        iovec part{packet.data(), packet.size()};
        alignas(cmsghdr) std::array<char, 128> control{};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const ssize_t size = recvmsg(socket_, &message, 0);
        if (size < 0) break;
        ++counts_.packets;
        const size_t before = poses.size();
        if (auto read = read_osc_packet(std::span(packet).first(static_cast<size_t>(size)), poses); !read) {
            ++counts_.refused;
            counts_.problem = read.error().message;
            continue;
        }
        const double came = now - age_of(message);
        for (size_t k = before; k < poses.size(); ++k) {
            const double time = poses[k].tagged ? clock_.place(poses[k].time, came) : came;
            last_ = poses[k].time = std::min(now, std::max(last_, time));
        }
    }
    counts_.poses += poses.size();
    return poses;
}

}  // namespace input
