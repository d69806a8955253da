#include "tests/fuzz/fuzz_target.h"
#include "training/core/case.h"

#include <set>

namespace fuzz {

namespace {

bool accepts(std::span<const uint8_t> bytes) {
    std::string text(as_text(bytes));
    base::Result<training::Case> read = training::parse_case(text, "/cases/fuzz.toml");
    if (!read) {
        CHECK(!read.error().message.empty());
        return false;
    }
    CHECK(!read->id.empty() && read->id.find('/') == std::string::npos, read->id);
    CHECK(!read->zones.empty());
    CHECK(std::set<std::string>(read->zones.begin(), read->zones.end()).size() == read->zones.size());
    CHECK(read->needling_minutes >= 0.1 && read->needling_minutes <= 70, read->needling_minutes);
    CHECK(read->text == text);
    return true;
}

}  // namespace

Target case_toml() {
    return {"case_toml",
            {content("cases/demo.toml"), content("cases/pad-flat.toml"), content("faces/pad-cylinder.toml")},
            accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(case_toml)
