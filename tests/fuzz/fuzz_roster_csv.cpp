#include "tests/fuzz/fuzz_target.h"
#include "training/core/cohort.h"

#include <set>

namespace fuzz {

namespace {

bool accepts(std::span<const uint8_t> bytes) {
    auto members = training::parse_roster(as_text(bytes), "fuzz.csv");
    if (!members) {
        CHECK(members.error().message.starts_with("fuzz.csv:"), members.error().message);
        return false;
    }
    std::set<std::string> codes;
    for (const training::Member& member : *members) {
        CHECK(!member.code.empty() && static_cast<bool>(training::check_trainee(member.code)));
        CHECK(codes.insert(member.code).second, member.code);
    }
    return true;
}

}  // namespace

Target roster_csv() {
    return {"roster_csv",
            {as_bytes("code,name,group\nA-1,Ana,x\nB-2,\"Bo, \"\"B\"\"\",\n"),
             as_bytes("\xef\xbb\xbf" "Group;Code;Name\r\n;\xc3\xa9 7;\"a\r\nb\"\r\n\r\n1;2;3")},
            accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(roster_csv)
