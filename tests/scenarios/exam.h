#pragma once

// An exam on the flat pad for the tests: its plan as people write it, and small made-up attempts at it.

#include "tests/scenarios/places.h"
#include "tests/scenarios/sealed.h"
#include "training/core/exam_attempts.h"
#include "training/core/exam_make.h"
#include "training/core/utc.h"

namespace exams {

using namespace training;

/// What a person writes. `more`: lines of their own.
inline std::string plan_text(const std::string& more = {}) {
    return fmt::format(
        "version = 1\nid = \"board-2026\"\ntitle = \"Practical exam\"\nsource = \"a test\"\ncases = [\"pad-flat\"]\n"
        "rubric = \"provisional\"\nscope = \"medical\"\ndevices = [\"pen-12\"]\ntime_limit_s = 1800\n"
        "from = \"2020-01-01T00:00:00Z\"\nuntil = \"2199-01-01T00:00:00Z\"\n{}",
        more);
}

inline ExamPackage plan(const std::string& more = {}) {
    const auto read = read_exam_plan(scenarios::source_places(), plan_text(more), "plan.toml");
    CHECK(static_cast<bool>(read), read ? "" : read.error().message);
    return *read;
}

inline std::string document(const ExamPackage& plan, const sealed::Institution& board) {
    const auto made = make_exam(plan, sealed::opened(board.body_keys.path(), board.body.name));
    CHECK(static_cast<bool>(made), made ? "" : made.error().message);
    return *made;
}

inline ExamPackage package(const sealed::Institution& board, const std::string& more = {}) {
    return *parse_exam(document(plan(more), board), "it");
}

inline std::shared_ptr<Sealer> sealer(const sealed::Institution& board, const ExamPackage& package, BootClock clock = boot_time) {
    return std::make_shared<Sealer>(sealed::opened(board.station_keys.path(), "station-1"), SealTerms{package.nonce, package.hash}, std::move(clock));
}

}  // namespace exams
