// Whatever is broken in the content is told when the window opens, with file and line, and all else works: a notice that has a place
// of its own, a list of all that opens by key, pad's keys and mouse, and what it says for other programs.

#include "tests/gui/broken_content.h"

namespace {

namespace fs = std::filesystem;
using gui_test::until;
using testing::AllOf;
using testing::HasSubstr;

/// What another program gets that pastes: CLIPBOARD as UTF-8, empty where nobody has it within ten seconds.
std::string pasted(const std::string& display_name) {
    Display* display = XOpenDisplay(display_name.c_str());
    if (!display) return {};
    const Atom clipboard = XInternAtom(display, "CLIPBOARD", False), utf8 = XInternAtom(display, "UTF8_STRING", False), into = XInternAtom(display, "PASTED", False);
    const Window window = XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0);
    XConvertSelection(display, clipboard, utf8, into, window, CurrentTime);
    XFlush(display);
    std::string text;
    until([&] {
        XEvent event;
        if (!XPending(display)) return false;
        XNextEvent(display, &event);
        if (event.type != SelectionNotify) return false;
        Atom type;
        int format;
        unsigned long length, left;
        unsigned char* bytes = nullptr;
        XGetWindowProperty(display, window, into, 0, 1 << 20, False, AnyPropertyType, &type, &format, &length, &left, &bytes);
        if (bytes) text.assign(reinterpret_cast<char*>(bytes), length), XFree(bytes);
        return true;
    }, 10);
    XCloseDisplay(display);
    return text;
}

class MuchIsBroken : public gui_test::BrokenContent {
  protected:
    void break_content() override { break_much(); }
};

TEST_F(MuchIsBroken, AllOfItIsToldAtTheStartAndInAListByKeys) {
    ASSERT_TRUE(says(fmt::format("content {} mistakes", kMuch))) << log();
    ASSERT_TRUE(says("refusal ")) << log();
    EXPECT_THAT(told("refusal "), AllOf(HasSubstr("6 files of the content have mistakes"), HasSubstr("odd.toml:6:3: zones: ")));
    photograph("content-notice");
    const char* const each[] = {"cases/odd.toml:6:3: zones: ",   "rubrics/strict.toml:1:1: revision: ", "desk/rubrics/mine.toml:2:",
                                "scopes/mars.toml:5:17: ",       "devices/hammer.toml:3:8: kind: ", "locale/fr.toml:3:10: start.recent"};
    for (const char* place : each) EXPECT_EQ(times(std::string("warning ") + (data().string() + "/" + place)) + times("warning " + (scratch_ / place).string()), 1) << place << "\n" << log();

    key("m");
    ASSERT_TRUE(says("content list 6")) << log();
    key("Down");
    ASSERT_TRUE(says("content marked 2")) << log();
    key("Next");
    ASSERT_TRUE(says("content marked 6")) << log();
    photograph("content-list");
    key("c");
    ASSERT_TRUE(says("content copied 6")) << log();
    const std::string all = pasted(environment_.at("DISPLAY"));
    for (const char* place : each) EXPECT_THAT(all, HasSubstr(place));
    key("Escape");
    ASSERT_TRUE(says("content list closed")) << log();

    expect_once_more("content list 6", [&] { xdotool({"key", "Tab", "sleep", "0.5", "key", "Return"}); });  // the notice's first button, as a pad's keys go
    expect_once_more("content list closed", [&] { key("Escape"); });
    key("l");
    ASSERT_TRUE(says("screen lessons")) << log();
    key("d");
    ASSERT_TRUE(says("screen desk 0 sessions, rubric provisional")) << log();
    key("2");
    photograph("content-desk");
    EXPECT_EQ(times("strict.toml"), times("strict.toml:1:1")) << "the desk lists no rubric that cannot be used";
    expect_no_validation_message();
}

TEST_F(MuchIsBroken, WhatWasMendedIsNoLongerToldWithoutAnotherStart) {
    ASSERT_TRUE(says("content 6 mistakes")) << log();
    for (const char* file : {"rubrics/strict.toml", "scopes/mars.toml", "devices/hammer.toml", "cases/odd.toml"}) fs::remove(data() / file);
    fs::copy(EVENHAND_SOURCE_DIR "/content/locale/fr.toml", data() / "locale/fr.toml", fs::copy_options::overwrite_existing);
    key("l");
    ASSERT_TRUE(says("content 1 mistakes")) << log();
    ASSERT_TRUE(until([&] { return told("refusal ").find("A file of the content has a mistake") != std::string::npos; })) << log();
    photograph("content-one-left");
    fs::remove(scratch_ / "desk/rubrics/mine.toml");
    key("t");
    ASSERT_TRUE(says("content 0 mistakes")) << log();
}

TEST_F(MuchIsBroken, TheNoticeOpensTheListByMouseIsPutAwayAndAllElseWorks) {
    ASSERT_TRUE(says("refusal ")) << log();
    photograph("content-before-click");
    expect_once_more("content list 6", [&] { click(1069, 60); });
    photograph("content-list-by-mouse");
    expect_once_more("content list closed", [&] { click(60, 600); });  // beside it
    click(1178, 60);
    photograph("content-put-away");
    key("5");  // the pads
    key("Return");
    ASSERT_TRUE(says("screen practice pad")) << log();
}

class SkinIsBroken : public gui_test::BrokenContent {
  protected:
    void break_content() override {
        put(data() / "skins/response.toml", "");
        put(data() / "skins/layer_kernel.csv", "no table");
        fs::remove(data() / "locale/es.toml");
        fs::remove_all(data() / "locale/fr/lessons");
    }
};

TEST_F(SkinIsBroken, TheWindowOpensTellsOfItAndAPracticeIsRefusedWithTheFile) {
    ASSERT_TRUE(says("content 4 mistakes")) << log();
    for (const char* file : {"skins/response.toml: is empty", "skins/layer_kernel.csv", "locale/es.toml: no such file", "locale/fr/lessons: is not there"})
        EXPECT_EQ(times("warning " + (data() / file).string()), 1) << file << "\n" << log();
    photograph("content-skin-broken");
    key("5");  // the pads
    key("Return");
    ASSERT_TRUE(until([&] { return told("refusal ").find("skins/") != std::string::npos && told("refusal ").find("A file") == std::string::npos && told("refusal ").find("content have") == std::string::npos; })) << log();
    EXPECT_TRUE(application_->running());
    key("l");
    ASSERT_TRUE(says("screen lessons")) << log();
}

class EnglishIsBroken : public gui_test::BrokenContent {
  protected:
    void break_content() override { put(data() / "locale/en.toml", "version = 1\n[start\n"); }
};

TEST_F(EnglishIsBroken, TheWordsThatTheProgramWasBuiltWithServe) {
    ASSERT_TRUE(says("content 1 mistakes")) << log();
    ASSERT_TRUE(says("refusal ")) << log();
    EXPECT_THAT(told("refusal "), AllOf(HasSubstr("A file of the content has a mistake"), HasSubstr("locale/en.toml:2:")));
    photograph("content-english-broken");
}

}  // namespace
