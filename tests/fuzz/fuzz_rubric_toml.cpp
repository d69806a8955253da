#include "tests/fuzz/fuzz_target.h"
#include "training/core/rubric.h"

namespace fuzz {

namespace {

void check_band(const training::Band& band) {
    CHECK(band.warn_low <= band.target_low && band.target_low <= band.target_high, band.target_low);
    CHECK(band.target_high <= band.warn_high, band.target_high);
}

void check_rubric(const training::Rubric& rubric) {
    int32_t weights = 0;
    for (const training::Criterion& criterion : rubric.criteria) {
        check_band(criterion.band);
        for (const training::CriterionOverride& override : criterion.overrides) {
            check_band(override.band);
            CHECK(override.zone.empty() != override.device.empty(), criterion.id);
        }
        CHECK(!criterion.floor || (*criterion.floor >= 0 && *criterion.floor <= 100'000), criterion.id);
        weights += criterion.weight;
    }
    CHECK(!training::explain_rubric(rubric).empty(), rubric.id);
    CHECK(weights == 100, weights);
    for (const auto& [kind, band] : rubric.depth) CHECK(band.low_um <= band.high_um, kind);
    CHECK(rubric.pass_mark >= 0 && rubric.pass_mark <= 10'000, rubric.pass_mark);
}

/// Rubrics and scopes of practice are told apart by where they lie, so the same bytes are read as both.
bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("rubric.toml");
    const base::fs::path& path = file.write(bytes);
    std::vector<std::string> mistakes = training::check_rubric({}, path);
    base::Result<training::Rubric> rubric = training::load_rubric({}, path.string());
    CHECK(static_cast<bool>(rubric) == mistakes.empty());
    if (rubric) check_rubric(*rubric);
    base::Result<training::Scope> scope = training::load_scope({}, path.string());
    if (scope) CHECK(scope->depth_warn_um <= scope->depth_cap_um);
    return rubric || scope;
}

}  // namespace

/// The shipped rubric with a floor and an override of each sort.
Bytes with_overrides() {
    std::string text(as_text(content("rubrics/provisional.toml")));
    const std::string head = "id = \"evenness\"\n";
    text.insert(text.find(head) + head.size(), "floor = 50\n");
    const size_t end = text.find("[[criterion]]", text.find(head));
    const std::string rest = "target = [0, 0.2]\nwarning = [0, 0.5]\nbasis = \"A\"\nsource = \"a test\"\n\n";
    text.insert(end, "[[criterion.override]]\nzone = \"chin\"\n" + rest + "[[criterion.override]]\ndevice = \"stamp\"\n" + rest);
    return as_bytes(text);
}

Target rubric_toml() {
    return {"rubric_toml",
            {content("rubrics/provisional.toml"), with_overrides(), content("scopes/utah-master.toml"),
             content("scopes/medical.toml")},
            accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(rubric_toml)
