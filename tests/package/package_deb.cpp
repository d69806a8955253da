// The Debian package as it is installed: nothing of the source tree or the build folder is within its reach.

#include "tests/scenarios/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using scenario::Outcome;
using scenario::run;
using testing::HasSubstr;

class Package : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (run({"sh", "-c", "command -v cpack && command -v dpkg-shlibdeps"}).exit != 0) return;
        fs::remove_all(kMade);
        fs::create_directories(kMade);
        const Outcome packed = run({"cpack", "--config", EVENHAND_BINARY_DIR "/CPackConfig.cmake", "-B", kMade.string()}, {}, 300);
        ASSERT_EQ(packed.exit, 0) << packed.out << packed.err;
        for (const auto& entry : fs::directory_iterator(kMade))
            if (entry.path().extension() == ".deb") package_ = entry.path();
        ASSERT_EQ(run({"dpkg-deb", "-x", package_.string(), (kMade / "installed").string()}).exit, 0);
    }
    void SetUp() override {
        if (package_.empty()) GTEST_SKIP() << "there is no cpack or no dpkg-shlibdeps: apt-get install dpkg-dev";
    }
    /// The installed program; the folders of the user are its own.
    Outcome installed(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"env", "-u", "EVENHAND_DATA", "-u", "EVENHAND_SHADERS", "XDG_CACHE_HOME=" + (scratch_ / "cache").string(),
                                             (kMade / "installed/usr/bin/evenhand").string()});
        return run(arguments, {}, 300);
    }
    static bool has(const char* file) { return fs::is_regular_file(kMade / "installed/usr" / file); }

    inline static const fs::path kMade = fs::path("/var/tmp") / fmt::format("evenhand-package-{}", ::getpid());
    inline static fs::path package_;
    scenario::Scratch scratch_;

    static void TearDownTestSuite() { fs::remove_all(kMade); }
};

TEST_F(Package, HoldsAllThatADesktopLooksFor) {
    for (const char* file : {"bin/evenhand", "share/applications/evenhand.desktop", "share/icons/hicolor/scalable/apps/evenhand.svg",
                             "share/man/man1/evenhand.1", "share/bash-completion/completions/evenhand", "share/evenhand/content/cases/demo.toml",
                             "share/evenhand/content/locale/fr.toml", "share/evenhand/shaders/surface.vert.spv", "share/doc/evenhand/README.md"})
        EXPECT_TRUE(has(file)) << file;
    const std::string control = run({"dpkg-deb", "-I", package_.string()}).out;
    for (const char* needed : {"mesa-vulkan-drivers", "fonts-inter", "libjs-three", "libvulkan1", "libglfw3", "libsodium23"}) EXPECT_THAT(control, HasSubstr(needed));
}

TEST_F(Package, FindsContentAndShadersWhereItIsInstalled) {
    const std::string recording = (scratch_ / "s.evh").string(), picture = (scratch_ / "p.png").string();
    const Outcome performed = installed({"perform", "--case", "pad-flat", "--operator", "novice", "--seed", "1", "-o", recording});
    ASSERT_EQ(performed.exit, 0) << performed.err;
    const Outcome rendered = installed({"render", recording, "-o", picture, "--size", "320x240"});
    ASSERT_EQ(rendered.exit, 0) << rendered.err;
    EXPECT_TRUE(fs::exists(picture));
}

TEST_F(Package, CompletesCommandsAndOptions) {
    const auto completed = [&](const std::string& line) {
        const std::string script = "PATH=" + (kMade / "installed/usr/bin").string() + ":$PATH; . " + (kMade / "installed/usr/share/bash-completion/completions/evenhand").string() +
                                   "; COMP_WORDS=(" + line + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _evenhand; echo \"${COMPREPLY[@]}\"";
        return run({"bash", "-c", script}).out;
    };
    EXPECT_EQ(completed("evenhand sco"), "score\n");
    EXPECT_EQ(completed("evenhand score --js"), "--json\n");
    EXPECT_THAT(completed("evenhand lesson ''"), HasSubstr("check"));
}

}  // namespace
