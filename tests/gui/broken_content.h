#pragma once

// The window over a content folder of which several files are broken, each in another way.

#include "tests/gui/window_test.h"

namespace gui_test {

class BrokenContent : public WindowTest {
  protected:
    fs::path data() const { return scratch_ / "content"; }
    void put(const fs::path& file, const std::string& text) {
        fs::create_directories(file.parent_path());
        std::ofstream(file) << text;
    }
    /// A case that names a zone which its face lacks.
    void break_a_case() {
        put(data() / "cases/odd.toml", "version = 1\nid = \"odd\"\nname = \"Odd\"\nface = \"demo-woman\"\nzones = [\"forehead\",\n  \"elbow\"]\n");
    }
    /// Besides: a rubric of the content and one's own, a scope, a device, and the words of a language that nobody chose.
    void break_much() {
        break_a_case();
        put(data() / "rubrics/strict.toml", "version = 1\nid = \"strict\"\nname = 7\n");
        put(scratch_ / "desk/rubrics/mine.toml", "version = 1\nid =\n");
        put(data() / "scopes/mars.toml", "version = 1\nid = \"mars\"\nname = \"Mars\"\nsource = \"none\"\ndepth_warn_mm = 9\n");
        put(data() / "devices/hammer.toml", "version = 1\nid = \"hammer\"\nkind = \"hammer\"\n");
        put(data() / "locale" / (language() == "fr" ? "es.toml" : "fr.toml"), "version = 1\n[start]\nrecent = 3\n");
    }
    static constexpr int kMuch = 6;

    virtual std::string language() { return "en"; }
    virtual void break_content() = 0;
    std::vector<std::string> application() override {
        fs::copy(EVENHAND_SOURCE_DIR "/content", data(), fs::copy_options::recursive);
        break_content();
        return {EVENHAND_PROGRAM, "--log-level", "trace", "--data", data().string()};
    }
};

}  // namespace gui_test
