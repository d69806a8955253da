#include "tests/fuzz/fuzz_target.h"
#include "training/app/settings.h"
#include "training/core/cohort.h"
#include "training/core/keys.h"

// Small files of a machine or a desk that people keep and edit: settings, the desk's roster, where a time-stamping authority is.

namespace fuzz {

namespace {

constexpr const char* kSettings = R"(version = 1
tier = "low"
resolution = 0.75
text_size = 1.5
reduced_motion = true
left_handed = true
close_up = false
automatic_fingers = false
coach = true
sound = true
volume = 0.40
subtitles = true
language = "es"
scan_folder = "/home/ana/scans"
note_author = "Ana \"A\" Núñez"
trainee = "K 17"
)";
constexpr const char* kRoster = "version = 1\n[[member]]\ncode = \"A-1\"\nname = \"Ana\"\ngroup = \"x\"\n[[member]]\ncode = \"B-2\"\n";
constexpr const char* kStampPlace = "version = 1\nurl = \"http://time.example/tsr\"\n";

void check_sentence(const std::string& words) {
    CHECK(!words.empty() && words.find('\n') == std::string::npos, words);
}

const ScratchFolder& folder() {
    static const ScratchFolder one("settings");
    return one;
}

/// What is saved is what was chosen, to the digits that the file has.
bool is_settings(std::span<const uint8_t> bytes) {
    std::optional<base::Error> problem;
    const base::fs::path file = folder().write("settings.toml", bytes);
    const app::Settings read = app::load_settings(file, problem);
    if (problem) {
        check_sentence(problem->message);
        CHECK(read == app::Settings());
        return false;
    }
    // Saving rounds figures and leaves out control letters; what was saved once is saved again as it is.
    CHECK(static_cast<bool>(app::save_settings(file, read)));
    const app::Settings again = app::load_settings(file, problem);
    CHECK(!problem, problem ? problem->message : "");
    CHECK(again.tier == read.tier && again.trainee == read.trainee && again.sound == read.sound && again.pens.osc.port == read.pens.osc.port);
    CHECK(static_cast<bool>(app::save_settings(file, again)));
    CHECK(app::load_settings(file, problem) == again);
    return true;
}

bool is_roster(std::span<const uint8_t> bytes) {
    folder().write("roster.toml", bytes);
    const auto members = training::load_roster(folder().path());
    if (!members) {
        check_sentence(members.error().message);
        return false;
    }
    CHECK(static_cast<bool>(training::save_roster(folder().path(), *members)));
    const auto again = training::load_roster(folder().path());
    CHECK(again && again->size() == members->size());

    return true;
}

bool is_stamp_place(std::span<const uint8_t> bytes) {
    folder().write("timestamp.toml", bytes);
    const auto url = training::read_stamp_place(folder().path());
    if (!url) check_sentence(url.error().message);
    return static_cast<bool>(url);
}

bool accepts(std::span<const uint8_t> bytes) {
    const bool settings = is_settings(bytes), roster = is_roster(bytes), place = is_stamp_place(bytes);
    return settings || roster || place;
}

}  // namespace

Target settings_toml() {
    app::PenSettings pens;
    pens.osc.port = 9000;
    pens.residual_mm = 0.4;
    return {"settings_toml", {as_bytes(kSettings + app::write_pen_settings(pens)), as_bytes(kRoster), as_bytes(kStampPlace)}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(settings_toml)
