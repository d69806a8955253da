// Bad input gets one clear sentence and exit 2, and nothing half-written stays.

#include "tests/scenarios/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fmt/format.h>
#include <sys/resource.h>

namespace {

using scenario::evenhand;
using scenario::Outcome;
using testing::HasSubstr;

constexpr const char* kHeader = "time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,motor\n";

/// A straight stroke over the flat pad: 2 cm/s along x for `seconds`, 0.5 N.
std::string stroke_csv(double seconds) {
    std::string text = kHeader;
    for (int i = 0; i <= seconds * 120; ++i)
        text += fmt::format("{:.6f},{:.6f},0,0,0,0,-1,0.5,1\n", i / 120.0, -0.02 + 0.02 * i / 120.0);
    return text;
}

/// One sentence on stderr that mentions `what`, exit 2, and no trace of an internal error.
void expect_refused(const Outcome& outcome, const std::string& what) {
    EXPECT_EQ(outcome.exit, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(what));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_THAT(outcome.err, testing::Not(HasSubstr("internal error")));
}

class BadInput : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        shared_ = new scenario::Scratch;
        shared_->write("pen.csv", stroke_csv(2));
        Outcome made = evenhand({"perform", "--case", "pad-flat", "--pen", (*shared_ / "pen.csv").string(), "-o",
                                 (*shared_ / "good.evh").string()});
        ASSERT_EQ(made.exit, 0) << made.err;
    }
    static void TearDownTestSuite() { delete shared_; }

    std::string good() const { return (*shared_ / "good.evh").string(); }
    std::string pen() const { return (*shared_ / "pen.csv").string(); }
    std::string out(const std::string& name = "s.evh") const { return (scratch_ / name).string(); }
    Outcome perform_pen(const std::string& csv) {
        std::string file = scratch_.write("bad.csv", csv);
        return evenhand({"perform", "--case", "pad-flat", "--pen", file, "-o", out()});
    }

    static inline scenario::Scratch* shared_ = nullptr;
    scenario::Scratch scratch_;
};

TEST_F(BadInput, UnknownNamesAreRefusedWithWhatExists) {
    expect_refused(evenhand({"perform", "--case", "nobody", "--pen", pen(), "-o", out()}), "nobody");
    expect_refused(evenhand({"perform", "--case", "../../etc/passwd", "--pen", pen(), "-o", out()}), "passwd");
    expect_refused(evenhand({"perform", "--case", "pad-flat", "--device", "hammer", "--pen", pen(), "-o", out()}), "hammer");
    expect_refused(evenhand({"perform", "--case", "pad-flat", "--operator", "wizard", "-o", out()}), "wizard");
    expect_refused(evenhand({"perform", "--case", "pad-flat", "--operator", "1.5", "-o", out()}), "1.5");
    expect_refused(evenhand({"perform", "--case", "pad-flat", "--operator", "0.5", "--fault", "wings=1", "-o", out()}), "wings");
    expect_refused(evenhand({"perform", "--case", "pad-flat", "--operator", "0.5", "--fault", "dwell=2", "-o", out()}), "dwell=2");
    expect_refused(evenhand({"perform", "--case", "pad-flat", "--pen", pen(), "--left-handed", "-o", out()}), "--left-handed");
    expect_refused(evenhand({"perform", "--case", "pad-flat", "-o", out()}), "--pen");
    expect_refused(evenhand({"render", good(), "-o", out("a.png"), "--view", "zone:elbow"}), "elbow");
    expect_refused(evenhand({"render", good(), "-o", out("a.png"), "--view", "above"}), "above");
    expect_refused(evenhand({"render", good(), "-o", out("a.png"), "--overlay", "beauty"}), "beauty");
    expect_refused(evenhand({"render", good(), "-o", out("a.png"), "--size", "0x0"}), "0x0");
    expect_refused(evenhand({"render", good(), "-o", out("a.png"), "--after", "soon"}), "--after soon");
    expect_refused(evenhand({"render", good(), "-o", out("a.png"), "--after", "99y"}), "--after 99y");
    expect_refused(evenhand({"render", good(), "-o", out("a.png"), "--after", "2d", "--sessions", "9"}), "--sessions 9");
    expect_refused(evenhand({"render", good(), "-o", out("a.png"), "--sessions", "2"}), "--after");
    expect_refused(evenhand({"render", good(), "-o", out("a.png"), "--after", "2d", "--at", "1"}), "--at");
    expect_refused(evenhand({"render", good(), "-o", out("a.png"), "--after", "2d", "--overlay", "depth"}), "--overlay depth");
    expect_refused(evenhand({"render", good(), "-o", out("a.png"), "--size", "100000x100000"}), "100000x100000");
    expect_refused(evenhand({"score", good(), "--rubric", "nothing"}), "nothing");
    expect_refused(evenhand({"score", good(), "--scope", "nothing"}), "nothing");
    expect_refused(evenhand({"face", "check", "nobody"}), "nobody");
    expect_refused(evenhand({"dance"}), "dance");
    expect_refused(evenhand({"devices", "--log-level", "loud"}), "loud");
    expect_refused(evenhand({"face", "list", "--data", "/nowhere"}), "/nowhere");
    EXPECT_EQ(scratch_.file_count(), 0u);
}

TEST_F(BadInput, PenFilesAreCheckedLineByLine) {
    expect_refused(perform_pen(""), "empty");
    expect_refused(perform_pen("\xff\xfe\x00"), "UTF-8");
    expect_refused(perform_pen("time_s,x_m\n0,0\n"), "missing");
    expect_refused(perform_pen(std::string(kHeader) + "0,0,0,nan,0,0,-1,0.5,1\n"), "bad.csv:2");
    expect_refused(perform_pen(std::string(kHeader) + "0,0,0,0,0,0,-1,0.5,1\n1,0,0,0,0,0,-1,0.5,1\n0.5,0,0,0,0,0,-1,0.5,1\n"),
                   "bad.csv:4");
    expect_refused(perform_pen(std::string(kHeader) + "0,0,0,5,0,0,-1,0.5,1\n"), "more than 1 m");
    expect_refused(perform_pen(stroke_csv(1).substr(0, 3000) + "0.99,0,0"), "fields");
    expect_refused(evenhand({"perform", "--case", "pad-flat", "--pen", "/nowhere.csv", "-o", out()}), "/nowhere.csv");
    expect_refused(evenhand({"perform", "--case", "pad-flat", "--pen", scratch_.folder(), "-o", out()}), "folder");
    EXPECT_FALSE(std::filesystem::exists(out()));
}

TEST_F(BadInput, EventsFilesAreCheckedToo) {
    auto with_events = [&](const std::string& text) {
        return evenhand({"perform", "--case", "pad-flat", "--pen", pen(), "--events", scratch_.write("e.csv", text), "-o", out()});
    };
    expect_refused(with_events("time_s,event,value\nx,depth_mm,1\n"), "e.csv:2");
    expect_refused(with_events("time_s,event,value\n0,depth_mm,deep\n"), "deep");
    EXPECT_FALSE(std::filesystem::exists(out()));
}

TEST_F(BadInput, RecordingsThatAreNoneAreRefusedByEveryCommand) {
    std::string good_bytes = scenario::read(good());
    std::vector<std::string> files = {scratch_.write("empty.evh", ""), scratch_.write("text.evh", "hello"),
                                      scratch_.write("cut.evh", good_bytes.substr(0, good_bytes.size() / 3)),
                                      scratch_.write("head.evh", good_bytes.substr(0, 100)),
                                      scratch_.folder().string(), out("missing.evh")};
    for (const std::string& file : files) {
        expect_refused(evenhand({"score", file}), file);
        expect_refused(evenhand({"replay", file, "--verify"}), file);
        expect_refused(evenhand({"report", file, "-o", out("r.html")}), file);
        expect_refused(evenhand({"render", file, "-o", out("r.png")}), file);
        expect_refused(evenhand({"export", file, "--punctures", out("p.csv")}), file);
    }
    for (const char* name : {"r.html", "r.png", "p.csv"}) EXPECT_FALSE(std::filesystem::exists(out(name)));
}

TEST_F(BadInput, AFolderThatTakesNoFilesIsRefusedBeforeAnyWork) {
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {"perform", "--case", "pad-flat", "--pen", pen(), "-o", "/proc/s.evh"},
             {"report", good(), "-o", "/proc/r.html"},
             {"render", good(), "-o", "/proc/r.png"},
             {"export", good(), "--samples", "/proc/p.csv"},
             {"face", "export", "pad-flat", "-o", "/proc/f.glb"}})
        expect_refused(evenhand(arguments), "/proc/");
}

TEST_F(BadInput, AFullDiskIsToldAndNothingStays) {
    // A limit on file size stops the write where a full disk does.
    std::string csv = scratch_.write("long.csv", stroke_csv(3));
    Outcome outcome = scenario::run({"bash", "-c",
                                     fmt::format("trap '' XFSZ; ulimit -f 40; exec {} perform --case pad-flat --pen {} -o {}",
                                                 EVENHAND_PROGRAM, csv, out())});
    EXPECT_EQ(outcome.exit, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("s.evh"));
    EXPECT_EQ(scratch_.file_count(), 1u) << "only the pen file stays";
}

TEST_F(BadInput, NoVulkanDeviceIsToldAndScoringGoesOn) {
    scenario::Environment none = {{"VK_ICD_FILENAMES", "/nowhere.json"}, {"VK_DRIVER_FILES", "/nowhere.json"}};
    expect_refused(evenhand({"render", good(), "-o", out("r.png")}, none), "Vulkan");
    expect_refused(evenhand({"report", good(), "-o", out("r.html")}, none), "Vulkan");
    expect_refused(evenhand({"devices"}, none), "Vulkan");
    EXPECT_EQ(evenhand({"score", good()}, none).exit, 0);
    EXPECT_EQ(evenhand({"replay", good(), "--verify"}, none).exit, 0);
    expect_refused(evenhand({"render", good(), "-o", out("r.png"), "--gpu", "7"}), "7");
    EXPECT_EQ(scratch_.file_count(), 0u);
}

TEST_F(BadInput, NoDisplayIsTold) {
    expect_refused(evenhand({}, {{"DISPLAY", ""}, {"WAYLAND_DISPLAY", ""}}), "display");
}

TEST_F(BadInput, HelpOfEveryCommandShowsAnExample) {
    for (const char* command : {"perform", "score", "report", "render", "replay", "export", "face", "content", "rubric", "devices", "bench"}) {
        Outcome outcome = evenhand({command, "--help"});
        EXPECT_EQ(outcome.exit, 0);
        EXPECT_THAT(outcome.out, HasSubstr("Example: evenhand")) << command;
    }
    EXPECT_THAT(evenhand({"--help"}).out, HasSubstr("Example: evenhand"));
}

TEST_F(BadInput, ARefusedRunNeverCostsAGoodFile) {
    std::string kept = scratch_.write("kept.evh", scenario::read(good()));
    expect_refused(evenhand({"perform", "--case", "nobody", "--pen", pen(), "-o", kept}), "nobody");
    EXPECT_EQ(scenario::read(kept), scenario::read(good()));
}

TEST_F(BadInput, AMillionRowsAreTakenOrRefusedInOneSentence) {
    std::string text = kHeader;
    text.reserve(60'000'000);
    for (int i = 0; i < 1'000'000; ++i)
        text += fmt::format("{:.4f},{:.6f},0,0.02,0,0,-1,0,1\n", i / 1000.0, 0.00001 * (i % 1000));
    Outcome outcome = perform_pen(text);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    EXPECT_EQ(evenhand({"score", out()}).exit, 0);
}

}  // namespace
