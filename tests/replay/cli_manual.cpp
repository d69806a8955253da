// The manual page tells of every command.

#include "tests/scenarios/program.h"

#include <gtest/gtest.h>

#include <sstream>

namespace {

TEST(Manual, NamesEveryCommand) {
    const std::string manual = scenario::read(std::filesystem::path(EVENHAND_SOURCE_DIR) / "packaging/evenhand.1");
    std::istringstream help(scenario::evenhand({"--help"}).out);
    size_t commands = 0;
    bool listed = false;
    for (std::string line; std::getline(help, line);) {
        if (line.starts_with("Subcommands:")) listed = true;
        if (!listed || !line.starts_with("  ")) continue;
        const std::string name = line.substr(2, line.find(' ', 2) - 2);
        EXPECT_NE(manual.find(".It Cm " + name + "\n"), std::string::npos) << name;
        ++commands;
    }
    EXPECT_GE(commands, 12u);
}

}  // namespace
