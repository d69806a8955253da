// The same bits whatever built the program and however it runs: the evidence libraries are built again by gcc and clang at
// several levels, each bakes the faces afresh, and all say what this build says. Label "exhaustive". Skips what a machine has
// not got (a compiler, valgrind, a processor with fused multiply-add), and says so.

#include "tests/determinism/evidence_hashes.h"

#include <fstream>
#include <iterator>

namespace {

namespace fs = std::filesystem;
using scenario::Outcome;

const std::vector<std::string> kFaces = {"pad-flat", "pad-cylinder", "demo-woman"};

bool found(const std::string& program) {
    return scenario::run({"sh", "-c", "command -v " + program}).exit == 0;
}

bool processor_is_haswell_or_later() {
    std::ifstream stream("/proc/cpuinfo");
    const std::string text((std::istreambuf_iterator<char>(stream)), {});
    return text.find(" fma ") != std::string::npos && text.find(" avx2 ") != std::string::npos;
}

struct Way {
    std::string name, compiler, flags;
};

class SameBits : public testing::TestWithParam<Way> {};

TEST_P(SameBits, EveryCompilerAndLevelGivesOneLog) {
    const Way& way = GetParam();
    if (!found(way.compiler)) GTEST_SKIP() << way.compiler << " is not installed";
    const bool fused = way.flags.find("haswell") != std::string::npos;
    if (fused && !processor_is_haswell_or_later()) GTEST_SKIP() << "this processor has no fused multiply-add";

    const std::string folder = (fs::path(EVENHAND_BINARY_DIR) / "bits" / way.name).string();
    const Outcome configured = scenario::run(
        {"cmake", "-G", "Ninja", "-S", EVENHAND_SOURCE_DIR, "-B", folder, "-DEVENHAND_TESTS=ON", "-DCMAKE_BUILD_TYPE=Debug",
         "-DCMAKE_CXX_COMPILER=" + way.compiler, "-DCMAKE_CXX_FLAGS_DEBUG=-w " + way.flags});
    ASSERT_EQ(configured.exit, 0) << configured.err;
    const Outcome built = scenario::run({"cmake", "--build", folder, "--parallel", "2", "--target", "log_hash"}, {}, 1800);
    ASSERT_EQ(built.exit, 0) << built.out;

    const scenario::Scratch scratch;
    EXPECT_EQ(scenario::evidence_hashes({folder + "/tests/log_hash"}, scratch / "cache", 1, kFaces),
              scenario::own_evidence_hashes(1, kFaces));
}

void PrintTo(const Way& way, std::ostream* out) {
    *out << way.compiler << " " << way.flags;
}

INSTANTIATE_TEST_SUITE_P(Ways, SameBits,
                         testing::Values(Way{"gcc_O0", "g++", "-O0"}, Way{"gcc_O2", "g++", "-O2"}, Way{"gcc_O3", "g++", "-O3"},
                                         Way{"gcc_O3_haswell", "g++", "-O3 -march=haswell"}, Way{"clang_O0", "clang++", "-O0"},
                                         Way{"clang_O2", "clang++", "-O2"}, Way{"clang_O3", "clang++", "-O3"},
                                         Way{"clang_O3_haswell", "clang++", "-O3 -march=haswell"}),
                         [](const auto& way) { return way.param.name; });

TEST(SameBitsUnderValgrind, AShortSessionHasNoErrorAndTheSameLog) {
    if (!found("valgrind")) GTEST_SKIP() << "valgrind is not installed";
    const std::string own = scenario::own_evidence_hashes(1, {"pad-flat"});
    const fs::path cache = fs::path(EVENHAND_BINARY_DIR) / "cache";
    EXPECT_EQ(scenario::evidence_hashes({"valgrind", "-q", "--error-exitcode=9", "--leak-check=full",
                                         "--errors-for-leak-kinds=definite", EVENHAND_LOG_HASH},
                                        cache, 1, {"pad-flat"}),
              own);
}

}  // namespace
