// One hash: over threads, builds and runs. tests/golden/hashes.json is made by EVENHAND_UPDATE_GOLDEN=1 in a commit of
// its own; .ci/run checks it in a release and in a debug build.

#include "tests/determinism/evidence_hashes.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <thread>

namespace {

using scenario::Outcome;

const std::filesystem::path kGolden = std::filesystem::path(EVENHAND_SOURCE_DIR) / "tests/golden/hashes.json";

std::string last_hash(const Outcome& outcome) {
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    std::smatch match;
    return std::regex_search(outcome.out, match, std::regex("[0-9a-f]{64}")) ? match.str() : "no hash";
}

/// Bakes afresh and performs in a folder of its own on the given cores, as a list for taskset.
struct Traces {
    std::string face, performed;
    bool operator==(const Traces&) const = default;
};

Traces run_on(const std::string& cores, const std::string& practice, const std::string& face) {
    scenario::Scratch scratch;
    scenario::Environment environment = {{"EVENHAND_CACHE", (scratch / "cache").string()}};
    auto on_cores = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"taskset", "-c", cores, EVENHAND_PROGRAM});
        return scenario::run(words, environment, 600);
    };
    Traces result;
    result.face = last_hash(on_cores({"face", "check", face}));
    std::string file = (scratch / "s.evh").string();
    Outcome performed = on_cores({"perform", "--case", practice, "--operator", "intermediate", "--seed", "11", "-o", file});
    EXPECT_EQ(performed.exit, 0) << performed.err;
    result.performed = last_hash(on_cores({"replay", file}));
    return result;
}

std::string all_cores() { return "0-" + std::to_string(std::max(1u, std::thread::hardware_concurrency()) - 1); }

nlohmann::json golden() {
    std::ifstream stream(kGolden);
    return stream ? nlohmann::json::parse(stream) : nlohmann::json::object();
}

void expect_golden(const std::string& name, const std::string& hash) {
    nlohmann::json known = golden();
    if (std::getenv("EVENHAND_UPDATE_GOLDEN")) {
        known[name] = hash;
        std::ofstream(kGolden) << known.dump(2) << "\n";
    }
    EXPECT_EQ(known.value(name, "none"), hash) << name;
}

TEST(Determinism, OneCoreAndAllCoresGiveOneHash) {
    Traces one = run_on("0", "pad-flat", "demo-woman");
    Traces all = run_on(all_cores(), "pad-flat", "demo-woman");
    EXPECT_EQ(one, all);
    expect_golden("face demo-woman", one.face);
    expect_golden("pad-flat intermediate 11", one.performed);
}

TEST(Determinism, EveryShippedFaceHasItsKnownHash) {
    for (const char* face : {"demo-man", "pad-flat", "pad-cylinder"})
        expect_golden(std::string("face ") + face, last_hash(scenario::evenhand({"face", "check", face})));
}

// Each thread runs every scripted session; log_hash itself refuses threads that differ.
TEST(Determinism, SimulationsSideBySideInThreadsGiveOneLog) {
    const std::vector<std::string> faces = {"pad-flat", "pad-cylinder", "demo-woman"};
    const std::string one = scenario::own_evidence_hashes(1, faces);
    for (int threads : {2, 4, 8}) EXPECT_EQ(scenario::own_evidence_hashes(threads, faces), one) << threads << " threads";
    expect_golden("scripted sessions", one.substr(one.find("all ") + 4, 64));
}

}  // namespace
