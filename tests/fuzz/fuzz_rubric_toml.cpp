#include "tests/fuzz/fuzz_target.h"
#include "training/core/rubric.h"

namespace fuzz {

namespace {

void check_rubric(const training::Rubric& rubric) {
    int32_t weights = 0;
    for (const training::Criterion& criterion : rubric.criteria) {
        const training::Band& band = criterion.band;
        CHECK(band.warn_low <= band.target_low && band.target_low <= band.target_high, criterion.id);
        CHECK(band.target_high <= band.warn_high, criterion.id);
        weights += criterion.weight;
    }
    CHECK(weights == 100, weights);
    for (const auto& [kind, band] : rubric.depth) CHECK(band.low_um <= band.high_um, kind);
    CHECK(rubric.pass_mark >= 0 && rubric.pass_mark <= 10'000, rubric.pass_mark);
}

/// Rubrics and scopes of practice are told apart by where they lie, so the same bytes are read as both.
bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("rubric.toml");
    const base::fs::path& path = file.write(bytes);
    std::vector<std::string> mistakes = training::check_rubric(path);
    base::Result<training::Rubric> rubric = training::load_rubric({}, path.string());
    CHECK(static_cast<bool>(rubric) == mistakes.empty());
    if (rubric) check_rubric(*rubric);
    base::Result<training::Scope> scope = training::load_scope({}, path.string());
    if (scope) CHECK(scope->depth_warn_um <= scope->depth_cap_um);
    return rubric || scope;
}

}  // namespace

Target rubric_toml() {
    return {"rubric_toml",
            {content("rubrics/provisional.toml"), content("scopes/utah-master.toml"),
             content("scopes/medical.toml")},
            accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(rubric_toml)
