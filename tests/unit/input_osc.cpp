// A tracked pen over real UDP, sent by liblo, which is not ours.

#include "engine/input/osc_pen.h"

#include <glm/geometric.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <arpa/inet.h>
#include <lo/lo.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using input::OscReceiver;
using input::read_osc_packet;
using input::TrackedPose;
using testing::HasSubstr;

/// A message as liblo writes it.
std::vector<uint8_t> packet(const char* address, lo_message message) {
    size_t size = 0;
    auto* bytes = static_cast<uint8_t*>(lo_message_serialise(message, address, nullptr, &size));
    std::vector<uint8_t> copy(bytes, bytes + size);
    std::free(bytes);
    lo_message_free(message);
    return copy;
}

lo_message numbers(std::initializer_list<double> values) {
    lo_message message = lo_message_new();
    for (const double value : values) lo_message_add_double(message, value);
    return message;
}

std::vector<TrackedPose> read(const std::vector<uint8_t>& bytes) {
    std::vector<TrackedPose> poses;
    const auto done = read_osc_packet(bytes, poses);
    EXPECT_TRUE(done) << done.error().message;
    return poses;
}
std::string refusal(const std::vector<uint8_t>& bytes) {
    std::vector<TrackedPose> poses(1);
    const auto done = read_osc_packet(bytes, poses);
    EXPECT_EQ(poses.size(), 1u) << "what was there stays";
    return done ? "" : done.error().message;
}

TEST(InputOsc, an_axis_is_taken_as_told) {
    const auto poses = read(packet("/evenhand/pen/axis", numbers({0.1, -0.2, 0.3, 0, 0.6, -0.8})));
    ASSERT_EQ(poses.size(), 1u);
    EXPECT_EQ(poses[0].tip, glm::dvec3(0.1, -0.2, 0.3));
    EXPECT_NEAR(glm::distance(poses[0].axis, glm::dvec3(0, 0.6, -0.8)), 0, 1e-15);
    EXPECT_FALSE(poses[0].force || poses[0].motor || poses[0].tagged);
}

TEST(InputOsc, a_quaternion_turns_the_pens_z) {
    const double half = std::sqrt(0.5);
    const auto axis = [](std::initializer_list<double> values) {
        return read(packet("/evenhand/pen/pose", numbers(values)))[0].axis;
    };
    EXPECT_NEAR(glm::distance(axis({0, 0, 0, 0, 0, 0, 1}), glm::dvec3(0, 0, 1)), 0, 1e-12);
    EXPECT_NEAR(glm::distance(axis({0, 0, 0, 1, 0, 0, 0}), glm::dvec3(0, 0, -1)), 0, 1e-12) << "half a turn about x";
    EXPECT_NEAR(glm::distance(axis({0, 0, 0, 0, half, 0, half}), glm::dvec3(1, 0, 0)), 0, 1e-12) << "a quarter about y";
    EXPECT_NEAR(glm::distance(axis({0, 0, 0, half, 0, 0, half}), glm::dvec3(0, -1, 0)), 0, 1e-12) << "a quarter about x";
}

TEST(InputOsc, force_and_motor_may_be_told_or_not) {
    lo_message both = lo_message_new();
    for (const float value : {0.f, 0.f, 0.f, 0.f, 0.f, -1.f, 1.25f}) lo_message_add_float(both, value);
    lo_message_add_false(both);
    const auto told = read(packet("/evenhand/pen/axis", both));
    EXPECT_EQ(told[0].force, 1.25);
    EXPECT_EQ(told[0].motor, false);
    lo_message motor = numbers({0, 0, 0, 0, 0, -1});
    lo_message_add_nil(motor);
    lo_message_add_int32(motor, 1);
    const auto running = read(packet("/evenhand/pen/axis", motor));
    EXPECT_FALSE(running[0].force);
    EXPECT_EQ(running[0].motor, true);
}

TEST(InputOsc, messages_to_others_are_left_out) {
    EXPECT_TRUE(read(packet("/tracker/battery", numbers({0.5}))).empty());
    lo_message words = lo_message_new();
    lo_message_add_string(words, "hello");
    EXPECT_TRUE(read(packet("/evenhand/pen", words)).empty());
}

TEST(InputOsc, what_no_pen_does_is_refused_with_its_reason) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto axis = [](std::initializer_list<double> values) { return refusal(packet("/evenhand/pen/axis", numbers(values))); };
    EXPECT_THAT(axis({0, 0, 0, 0, 0}), HasSubstr("5 arguments"));
    EXPECT_THAT(axis({0, 0, 0, 0, 0, -1, 1, 1, 1}), HasSubstr("9 arguments"));
    EXPECT_THAT(axis({nan, 0, 0, 0, 0, -1}), HasSubstr("not finite"));
    EXPECT_THAT(axis({0, 0, 0, 0, 0, 0}), HasSubstr("length 0"));
    EXPECT_THAT(axis({0, 0, 0, 0, 0, -2}), HasSubstr("length 2"));
    EXPECT_THAT(axis({120, 0, 0, 0, 0, -1}), HasSubstr("metres"));
    EXPECT_THAT(axis({0, 0, 0, 0, 0, -1, -0.1}), HasSubstr("force"));
    EXPECT_THAT(axis({0, 0, 0, 0, 0, -1, 1, 2}), HasSubstr("motor"));
    lo_message words = lo_message_new();
    lo_message_add_string(words, "hello");
    EXPECT_THAT(refusal(packet("/evenhand/pen/axis", words)), HasSubstr("no number"));
    EXPECT_THAT(refusal({}), HasSubstr("multiple of 4"));
    EXPECT_THAT(refusal({'/', 'a', 'b'}), HasSubstr("multiple of 4"));
    EXPECT_THAT(refusal({'/', 'a', 'b', 'c'}), HasSubstr("no OSC"));
    auto cut = packet("/evenhand/pen/axis", numbers({0, 0, 0, 0, 0, -1}));
    cut.resize(cut.size() - 4);
    EXPECT_THAT(refusal(cut), HasSubstr("cut off"));
    EXPECT_NE(refusal(std::vector<uint8_t>(16, 0)), "");
}

TEST(InputOsc, bundles_deeper_than_any_program_sends_are_refused) {
    std::vector<uint8_t> nest = packet("/evenhand/pen/axis", numbers({0, 0, 0, 0, 0, -1}));
    for (int depth = 0; depth < 40; ++depth) {
        std::vector<uint8_t> outer = {'#', 'b', 'u', 'n', 'd', 'l', 'e', 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0,
                                      static_cast<uint8_t>(nest.size() >> 8), static_cast<uint8_t>(nest.size())};
        outer.insert(outer.end(), nest.begin(), nest.end());
        nest = std::move(outer);
        if (depth < 8) {
            EXPECT_EQ(read(nest).size(), 1u) << depth;
        }
    }
    EXPECT_THAT(refusal(nest), HasSubstr("deep"));
}

TEST(InputOsc, a_place_to_listen_is_a_port_or_an_address_with_one) {
    EXPECT_EQ(input::parse_osc_place("9000")->address, "127.0.0.1");
    EXPECT_EQ(input::parse_osc_place("9000")->port, 9000);
    EXPECT_EQ(input::parse_osc_place("0.0.0.0:57120")->address, "0.0.0.0");
    for (const char* bad : {"", "0", "65536", "9000.5", "somewhere:9000", "1.2.3:9", ":9", "9000:"})
        EXPECT_FALSE(input::parse_osc_place(bad)) << bad;
}

/// What liblo sends over the loopback interface is there at once for whoever reads.
class OscOverUdp : public testing::Test {
  protected:
    void SetUp() override {
        auto opened = OscReceiver::open({"127.0.0.1", 0});
        ASSERT_TRUE(opened) << opened.error().message;
        receiver_ = std::move(*opened);
        target_ = lo_address_new("127.0.0.1", std::to_string(receiver_->port()).c_str());
    }
    void TearDown() override { lo_address_free(target_); }

    std::unique_ptr<OscReceiver> receiver_;
    lo_address target_ = nullptr;
};

TEST_F(OscOverUdp, a_pose_arrives_over_the_wire) {
    ASSERT_GT(lo_send(target_, "/evenhand/pen/axis", "fffffffT", 0.01f, 0.02f, 0.03f, 0.f, 0.f, -1.f, 0.5f), 0);
    const auto poses = receiver_->read(10);
    ASSERT_EQ(poses.size(), 1u);
    EXPECT_NEAR(poses[0].tip.y, 0.02, 1e-8);
    EXPECT_EQ(poses[0].force, 0.5);
    EXPECT_EQ(poses[0].motor, true);
    EXPECT_LE(poses[0].time, 10);
    EXPECT_TRUE(receiver_->read(11).empty());
}

TEST_F(OscOverUdp, time_tags_keep_their_distances_though_they_are_read_together) {
    const auto send = [&](int milliseconds) {
        const auto fraction = static_cast<uint32_t>(milliseconds * 1e-3 * 4294967296.0);
        lo_bundle bundle = lo_bundle_new({3'900'000'000u, fraction});
        lo_bundle_add_message(bundle, "/evenhand/pen/axis", numbers({0.001 * milliseconds, 0, 0, 0, 0, -1}));
        EXPECT_GT(lo_send_bundle(target_, bundle), 0);
        lo_bundle_free_recursive(bundle);
    };
    send(0);
    const auto first = receiver_->read(100);
    for (const int milliseconds : {5, 10, 20}) send(milliseconds);
    const auto poses = receiver_->read(100.05);  // a slow frame later
    ASSERT_EQ(poses.size(), 3u);
    EXPECT_NEAR(poses[0].time - first[0].time, 0.005, 1e-4);
    EXPECT_NEAR(poses[1].time - first[0].time, 0.010, 1e-4);
    EXPECT_NEAR(poses[2].time - first[0].time, 0.020, 1e-4);
    EXPECT_NEAR(poses[2].tip.x, 0.02, 1e-9);
}

TEST_F(OscOverUdp, bad_packets_are_counted_and_the_good_ones_beside_them_taken) {
    const auto send = [&](std::vector<uint8_t> bytes) {
        const int sender = ::socket(AF_INET, SOCK_DGRAM, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(receiver_->port());
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::sendto(sender, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to);
        ::close(sender);
    };
    send({});
    send({1, 2, 3});
    send(packet("/evenhand/pen/axis", numbers({0, 0, 0, 0, 0, 0})));
    send(packet("/evenhand/pen/axis", numbers({0, 0, 0, 0, 0, -1})));
    send(std::vector<uint8_t>(60'000, 0xff));
    EXPECT_EQ(receiver_->read(1).size(), 1u);
    EXPECT_EQ(receiver_->counts().packets, 5u);
    EXPECT_EQ(receiver_->counts().refused, 4u);
    EXPECT_NE(receiver_->counts().problem, "");
}

TEST_F(OscOverUdp, a_port_that_is_taken_is_told) {
    const auto second = OscReceiver::open({"127.0.0.1", receiver_->port()});
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, HasSubstr(std::to_string(receiver_->port())));
    EXPECT_FALSE(OscReceiver::open({"203.0.113.7", 0})) << "not an address of this machine";
}

}  // namespace
