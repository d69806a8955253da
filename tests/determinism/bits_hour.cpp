// A session as long as a real one: what a replay gives after an hour is what the hour gave. Label "exhaustive".

#include "tests/scenarios/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace {

using scenario::evenhand;
using scenario::Outcome;

/// The pen of a session's samples (`export --samples`), over and over for `seconds`: a pen file, and how many rows it has.
size_t repeat_pen(const std::string& samples, const std::string& pen, double seconds) {
    std::istringstream lines(samples);
    std::vector<std::pair<double, std::string>> rows;  // time; place, axis and force
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        const size_t comma = line.find(',');
        size_t end = comma;
        for (int field = 0; field < 7; ++field) end = line.find(',', end + 1);
        rows.emplace_back(std::stod(line.substr(0, comma)), line.substr(comma, end - comma));
    }
    std::ofstream out(pen);
    out << "time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,motor\n";
    size_t written = 0;
    for (double begin = 0; begin < seconds; begin += rows.back().first + 0.5)
        for (const auto& [time, rest] : rows) {
            if (begin + time > seconds) break;
            out << fmt::format("{:.6f}{},1\n", begin + time, rest);
            ++written;
        }
    return written;
}

TEST(SameBitsAfterAnHour, AReplayOfAnHourLongSessionVerifies) {
    const scenario::Scratch scratch;
    const auto file = [&](const char* name) { return (scratch / name).string(); };
    Outcome outcome = evenhand({"perform", "--case", "pad-flat", "--operator", "intermediate", "--seed", "3", "-o",
                                file("short.evh")});
    ASSERT_EQ(outcome.exit, 0) << outcome.err;
    outcome = evenhand({"export", file("short.evh"), "--samples", file("short.csv")});
    ASSERT_EQ(outcome.exit, 0) << outcome.err;
    ASSERT_GT(repeat_pen(scenario::read(file("short.csv")), file("hour.csv"), 3600), 400'000u);

    outcome = evenhand({"perform", "--case", "pad-flat", "--pen", file("hour.csv"), "-o", file("hour.evh")}, {}, 1200);
    ASSERT_EQ(outcome.exit, 0) << outcome.err;
    outcome = evenhand({"replay", file("hour.evh"), "--verify"}, {}, 1200);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    EXPECT_THAT(outcome.out, testing::AllOf(testing::HasSubstr("431999 steps"), testing::HasSubstr("verified")));
}

}  // namespace
