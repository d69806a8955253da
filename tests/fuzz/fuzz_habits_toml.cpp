#include "tests/fuzz/fuzz_target.h"
#include "training/core/xapi.h"
#include "training/records/habits.h"
#include "training/records/place.h"

// records.toml of a station: where its results go, and under which name.

namespace fuzz {

namespace {

constexpr const char* kHabits = R"(version = 1
url = "postgresql://station1@db.example:5432/evenhand?sslmode=verify-full"
station = "room 2"
lrs = "https://key:secret@lrs.example/xapi"
home = "https://school.example"
)";

bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("records.toml");
    const auto habits = records::read_habits(file.write(bytes));
    if (!habits) {
        CHECK(!habits.error().message.empty() && habits.error().message.find('\n') == std::string::npos, habits.error().message);
        return false;
    }
    if (!habits->home.empty()) CHECK(static_cast<bool>(training::check_frame({habits->home, "anyone", {}, {}})), habits->home);
    return true;
}

}  // namespace

Target habits_toml() {
    return {"habits_toml", {as_bytes(kHabits), as_bytes("version = 1\n")}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(habits_toml)
