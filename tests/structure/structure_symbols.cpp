// What the compiled evidence libraries ask of libm: the text of a source does not show what templates and macros call.

#include "tests/scenarios/program.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <sstream>

namespace {

/// Functions of libm that IEEE 754 does not round exactly among the undefined symbols of `file` (which `nm` lists).
std::vector<std::string> inexact_functions(const std::string& file) {
    static const std::regex inexact(
        "a?(sin|cos|tan)h?[fl]?|sincos[fl]?|atan2[fl]?|exp(2|10|m1)?[fl]?|log(2|10|1p)?[fl]?|pow[fl]?|cbrt[fl]?|"
        "hypot[fl]?|erfc?[fl]?|[lt]gamma[fl]?|[jy][01n][fl]?|__(sin|cos|exp|log|pow|atan2)[fl]?_finite");
    const scenario::Outcome listed = scenario::run({"nm", "--undefined-only", "--format=posix", file});
    EXPECT_EQ(listed.exit, 0) << listed.err;
    std::istringstream lines(listed.out);
    std::vector<std::string> found;
    for (std::string line; std::getline(lines, line);) {
        const std::string symbol = line.substr(0, line.find_first_of(" @"));
        if (std::regex_match(symbol, inexact)) found.push_back(symbol);
    }
    return found;
}

TEST(Symbols, EvidenceLibrariesCallNothingOfLibmThatMachinesRoundDifferently) {
    for (const char* library : {"base", "mesh", "face", "input", "skin", "track", "training"})
        EXPECT_EQ(inexact_functions(std::string(EVENHAND_BINARY_DIR) + "/lib" + library + ".a"),
                  std::vector<std::string>())
            << library;
}

// The program that made the layer's table uses libm: it is never on the evidence path.
TEST(Symbols, TheRuleSeesWhatItForbids) {
    const std::vector<std::string> found = inexact_functions(EVENHAND_THEORY_PROGRAM);
    for (const char* name : {"exp", "cos", "j0"}) EXPECT_EQ(std::count(found.begin(), found.end(), name), 1) << name;
}

}  // namespace
