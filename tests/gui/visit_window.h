#pragma once

// A visit from the start screen on, by keys, and what was done in it: by the window's own words and by its recording.

#include "tests/gui/window_test.h"

#include <nlohmann/json.hpp>
#include <sqlite3.h>

namespace gui_test {

using nlohmann::json;
using scenario::evenhand;

class VisitWindow : public WindowTest {
  protected:
    /// From the start screen, which lists visits by id.
    void open_visit(const std::string& id) {
        key("6");
        press("Right", before(id));
        photograph("visits");
        key("Return");
        expect_opened(id);
    }
    /// So many visits stand before it in the list.
    static int before(const std::string& id) {
        int count = 0;
        for (const auto& one : fs::directory_iterator(EVENHAND_SOURCE_DIR "/content/cases"))
            if (const std::string name = one.path().stem().string(); name.starts_with("visit-") && name < id) ++count;
        return count;
    }
    void expect_opened(const std::string& id) {
        ASSERT_TRUE(says("screen visit " + id, 3 * kPatience)) << log();
        ASSERT_TRUE(says("recording ")) << log();
        file_ = told("recording ");
    }

    void press(const std::string& name, int times) {
        for (int i = 0; i < times; ++i) key(name);
    }

    /// Goes to the row so many below the one in hand, with the choice so far to the right, and does it.
    void act(int down, int right, const std::string& told_as) {
        press("Down", down);
        press("Right", right);
        key("space");
        ASSERT_TRUE(says("act " + told_as)) << log();
    }

    /// "name value" of what the window says that was done.
    std::vector<std::string> acts() const {
        std::vector<std::string> all;
        std::istringstream lines(log());
        for (std::string line; std::getline(lines, line);)
            if (const size_t at = line.find(" act "); at != std::string::npos) all.push_back(line.substr(at + 5));
        return all;
    }

    /// The same of the recording's events, without the pen's own.
    std::vector<std::string> recorded() const {
        return events("name NOT IN ('depth_mm', 'rate_hz', 'pen', 'coach', 'coach_figures')");
    }
    /// "name value" of the recording's events that are `such`, a condition of SQL.
    std::vector<std::string> events(const std::string& such) const {
        std::vector<std::string> all;
        sqlite3* base = nullptr;
        EXPECT_EQ(sqlite3_open_v2(file_.c_str(), &base, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
        sqlite3_busy_timeout(base, 5000);  // the session is being written
        const auto keep = [](void* list, int, char** cells, char**) {
            static_cast<std::vector<std::string>*>(list)->push_back(fmt::format("{} {}", cells[0], cells[1]));
            return 0;
        };
        EXPECT_EQ(sqlite3_exec(base, ("SELECT name, value FROM event WHERE " + such + " ORDER BY rowid").c_str(), keep, &all, nullptr), SQLITE_OK);
        sqlite3_close(base);
        return all;
    }

    json score() {
        const Outcome outcome = evenhand({"score", file_, "--json"}, environment_);
        EXPECT_EQ(outcome.exit, 0) << outcome.err;
        return outcome.exit == 0 ? json::parse(outcome.out) : json();
    }

    std::string file_;
};

}  // namespace gui_test
