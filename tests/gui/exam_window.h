#pragma once

// An exam for a window's tests: keys of a body and of a station, and the body's package, beside each other in one folder.

#include "tests/gui/window_test.h"

namespace gui_test {

inline constexpr const char* kExamPassphrase = "correct horse";

/// What a person writes of an exam of one case. `more`: lines of their own.
inline std::string exam_plan(const std::string& case_id, const std::string& more) {
    return fmt::format(
        "version = 1\nid = \"board-2026\"\ntitle = \"Practical exam\"\nsource = \"a test\"\ncases = [\"{}\"]\nrubric = \"provisional\"\n"
        "scope = \"medical\"\ndevices = [\"pen-12\"]\ntells_score = true\nfrom = \"2020-01-01T00:00:00Z\"\nuntil = \"2199-01-01T00:00:00Z\"\n{}",
        case_id, more);
}

/// The command that holds the exam in the window, for candidate K-17 in the folder of that name; keys and package are made where they
/// are not there yet, and `environment` names the folder of keys from then on.
inline std::vector<std::string> exam_in_window(const scenario::Scratch& scratch, scenario::Environment& environment, const std::string& plan,
                                               const std::string& passphrase = kExamPassphrase) {
    environment["EVENHAND_KEYS"] = (scratch / "keys").string();
    const std::string package = (scratch / "board.evx").string();
    const auto command = [&](const std::vector<std::string>& arguments) {
        const Outcome made = scenario::evenhand(arguments, environment);
        EXPECT_EQ(made.exit, 0) << arguments[0] << ": " << made.out << made.err;
    };
    if (!fs::exists(package)) {
        const std::string secret = scratch.write("passphrase", passphrase + "\n");
        fs::permissions(secret, fs::perms::owner_read | fs::perms::owner_write);
        command({"keys", "new", "--name", "board", "--role", "body", "--passphrase-file", secret});
        command({"keys", "new", "--name", "station-1", "--role", "station", "--passphrase-file", secret});
        const std::string certificate = (scratch / "station-1.certificate.json").string();
        command({"keys", "certify", (scratch / "keys/station-1.public.json").string(), "--by", "board", "--passphrase-file", secret, "-o", certificate});
        command({"keys", "trust", certificate});
        command({"exam", "make", scratch.write("plan.toml", plan), "--passphrase-file", secret, "-o", package});
    }
    return {EVENHAND_PROGRAM, "--log-level", "debug", "exam", "--package", package, "--candidate", "K-17", "-o", (scratch / "K-17").string()};
}

}  // namespace gui_test
