#pragma once

// Runs log_hash (log_hash.cpp) and gives what it said.

#include "tests/scenarios/program.h"

#include <gtest/gtest.h>

namespace scenario {

/// `program` and what goes before it on the command line; the faces are baked in, or taken from, `cache`.
inline std::string evidence_hashes(std::vector<std::string> program, const std::filesystem::path& cache, int threads,
                                   const std::vector<std::string>& faces) {
    for (const std::string& word :
         {(std::filesystem::path(EVENHAND_SOURCE_DIR) / "content").string(), cache.string(), std::to_string(threads)})
        program.push_back(word);
    program.insert(program.end(), faces.begin(), faces.end());
    const Outcome outcome = run(program, {}, 900);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    return outcome.out;
}

/// By this build, with the faces that it has baked already.
inline std::string own_evidence_hashes(int threads, const std::vector<std::string>& faces) {
    return evidence_hashes({EVENHAND_LOG_HASH}, std::filesystem::path(EVENHAND_BINARY_DIR) / "cache", threads, faces);
}

}  // namespace scenario
