#include "engine/input/osc_pen.h"
#include "tests/fuzz/fuzz_target.h"

#include <bit>
#include <cmath>
#include <initializer_list>

namespace fuzz {

namespace {

void append(Bytes& bytes, uint64_t value, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(value >> shift));
}
void append(Bytes& bytes, std::string_view text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    do bytes.push_back(0);
    while (bytes.size() % 4 != 0);
}

Bytes message(std::string_view address, std::string_view types, std::initializer_list<float> values) {
    Bytes bytes;
    append(bytes, address);
    append(bytes, types);
    for (const float value : values) append(bytes, std::bit_cast<uint32_t>(value), 4);
    return bytes;
}

Bytes bundle(std::initializer_list<Bytes> elements) {
    Bytes bytes;
    append(bytes, "#bundle");
    append(bytes, 0xE9000000'80000000ull, 8);
    for (const Bytes& element : elements) {
        append(bytes, element.size(), 4);
        bytes.insert(bytes.end(), element.begin(), element.end());
    }
    return bytes;
}

bool accepts(std::span<const uint8_t> bytes) {
    std::vector<input::TrackedPose> poses;
    const base::Status read = input::read_osc_packet(bytes, poses);
    if (!read) {
        CHECK(poses.empty(), poses.size());
        CHECK(!read.error().message.empty());
        return false;
    }
    for (const input::TrackedPose& pose : poses) {
        for (int i = 0; i < 3; ++i) CHECK(std::fabs(pose.tip[i]) <= 100, pose.tip[i]);
        const glm::dvec3 axis = pose.axis;
        const double length = std::sqrt(axis.x * axis.x + axis.y * axis.y + axis.z * axis.z);
        CHECK(std::fabs(length - 1) < 1e-9, length);
        CHECK(!pose.force || (*pose.force >= 0 && *pose.force <= 100));
        CHECK(pose.time >= 0 && pose.time < 5e9, pose.time);
    }
    return true;
}

}  // namespace

Target osc_packet() {
    const Bytes axis = message("/evenhand/pen/axis", ",fffffffT", {0.1f, -0.2f, 0.3f, 0, 0.6f, -0.8f, 1.5f});
    const Bytes pose = message("/evenhand/pen/pose", ",fffffffN", {0, 0, 0, 0, 1, 0, 0});
    const Bytes other = message("/tracker/battery", ",f", {0.5f});
    return {"osc_packet", {axis, pose, other, bundle({axis, other, bundle({pose, pose})})}, accepts, 20000};
}

}  // namespace fuzz

FUZZ_PROGRAM(osc_packet)
