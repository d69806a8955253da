#include "training/core/rubric.h"

#include "training/core/metrics.h"

#include <gtest/gtest.h>

#include <clocale>

namespace training {
namespace {

namespace fs = base::fs;

base::Places content() {
    return {fs::path(EVENHAND_SOURCE_DIR) / "content", {}, fs::temp_directory_path()};
}

class RubricFile : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "evenhand-rubric-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        good_ = *base::read_text(content().data / "rubrics/provisional.toml");
    }
    void TearDown() override { fs::remove_all(folder_); }

    /// The provisional rubric with `from` replaced by `to`, checked.
    std::vector<std::string> check_with(const std::string& from, const std::string& to) {
        std::string text = good_;
        size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        line_ = 1 + std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(at), '\n');
        EXPECT_TRUE(base::write_file(folder_ / "r.toml", text));
        return check_rubric(folder_ / "r.toml");
    }
    /// Exactly one mistake, on the changed line (plus `below`), that says `what`.
    void expect_mistake(const std::string& from, const std::string& to, const std::string& what,
                        int below = 0) {
        std::vector<std::string> mistakes = check_with(from, to);
        ASSERT_EQ(mistakes.size(), 1u) << fmt::format("{} -> {}: {}", from, to, fmt::join(mistakes, "; "));
        EXPECT_NE(mistakes[0].find(fmt::format("r.toml:{}:", line_ + below)), std::string::npos)
            << mistakes[0];
        EXPECT_NE(mistakes[0].find(what), std::string::npos) << mistakes[0];
    }

    fs::path folder_;
    std::string good_;
    ptrdiff_t line_ = 0;
};

TEST(Rubrics, provisional_is_sound_and_says_that_it_is_provisional) {
    EXPECT_EQ(check_rubric(content().data / "rubrics/provisional.toml"), std::vector<std::string>{});
    base::Result<Rubric> rubric = load_rubric(content(), "provisional");
    ASSERT_TRUE(rubric) << rubric.error().message;
    EXPECT_NE(rubric->note.find("not validated"), std::string::npos);
    EXPECT_EQ(rubric->pass_mark, 8000);
    int32_t weights = 0;
    for (const Criterion& criterion : rubric->criteria) weights += criterion.weight;
    EXPECT_EQ(weights, 100);
    EXPECT_EQ(rubric->hash, base::sha256(*base::read_text(content().data / "rubrics/provisional.toml")));
}

TEST(Rubrics, provisional_uses_every_measure_once) {
    std::vector<std::string> used;
    Rubric rubric = *load_rubric(content(), "provisional");
    for (const Criterion& criterion : rubric.criteria) used.push_back(criterion.measure);
    std::vector<std::string> all = measure_names();
    std::sort(used.begin(), used.end());
    std::sort(all.begin(), all.end());
    EXPECT_EQ(used, all);
    for (const std::string& name : all) EXPECT_GT(measure_definition(name).size(), 40u);
}

TEST(Rubrics, weights_are_those_of_the_clinical_table) {
    base::Result<Rubric> rubric = load_rubric(content(), "provisional");
    // Rows 5 (tilt) and 18 (motion) are split over their figures.
    std::vector<std::pair<std::vector<std::string>, int32_t>> rows = {
        {{"screening"}, 7},       {{"preparation"}, 6},    {{"depth_in_band"}, 10}, {{"depth_cv"}, 4},
        {{"tilt_median", "tilt_p95"}, 7},                  {{"force_in_band"}, 8},  {{"force_cv"}, 4},
        {{"glide_speed"}, 6},     {{"drag_path"}, 3},      {{"coverage"}, 10},      {{"density_in_band"}, 5},
        {{"evenness"}, 8},        {{"stroke_overlap"}, 2}, {{"directions"}, 3},     {{"no_go"}, 4},
        {{"traction"}, 3},        {{"end_point"}, 4},      {{"sparc_gap", "path_ratio", "idle_share"}, 3},
        {{"needling_time"}, 1},   {{"aftercare"}, 2}};
    for (const auto& [measures, weight] : rows) {
        int32_t found = 0;
        for (const Criterion& criterion : rubric->criteria)
            if (std::find(measures.begin(), measures.end(), criterion.measure) != measures.end()) found += criterion.weight;
        EXPECT_EQ(found, weight) << measures.front();
    }
}

TEST(Rubrics, bands_are_read_in_thousandths_and_general_figures_in_their_units) {
    base::Result<Rubric> rubric = load_rubric(content(), "provisional");
    auto find = [&](const std::string& id) {
        return *std::find_if(rubric->criteria.begin(), rubric->criteria.end(),
                             [&](const Criterion& c) { return c.id == id; });
    };
    Criterion speed = find("speed");
    EXPECT_EQ(speed.band.warn_low, 1000);
    EXPECT_EQ(speed.band.target_low, 1500);
    EXPECT_EQ(speed.band.target_high, 3000);
    EXPECT_EQ(speed.band.warn_high, 5000);
    EXPECT_EQ(speed.critical_above, std::nullopt);
    EXPECT_EQ(find("coverage").critical_below, 70'000);
    EXPECT_EQ(find("depth_steadiness").critical_above, 450);
    EXPECT_EQ(rubric->depth.at("cheek"), (DepthBand{500, 1250, 1500, 2000}));
    EXPECT_EQ(rubric->depth_tolerance_um, 50u);
    EXPECT_EQ(rubric->tilt_critical_cdeg, 2500u);
    EXPECT_EQ(rubric->tilt_critical_share_e4, 2000u);
    EXPECT_EQ(rubric->force_bone_low_mn, 300u);
    EXPECT_EQ(rubric->force_soft_high_mn, 1500u);
    EXPECT_EQ(rubric->force_held_mn, 3000u);
    EXPECT_EQ(rubric->force_held_ms, 500u);
    EXPECT_EQ(rubric->force_peak_mn, 6000u);
    EXPECT_EQ(rubric->stretch_low_permille, 50u);
    EXPECT_EQ(rubric->stretch_high_permille, 150u);
    EXPECT_EQ(rubric->speed_critical_um_s, 50'000u);
    EXPECT_EQ(rubric->speed_critical_share_e4, 1000u);
    EXPECT_EQ(rubric->density_low_per_cm2, 1500u);
    EXPECT_EQ(rubric->density_high_per_cm2, 4500u);
    EXPECT_EQ(rubric->gini_critical_e4, 3300u);
    EXPECT_EQ(rubric->no_go_margin_um, 2000u);
}

/// clinical.md 2.3's default depths less a tenth for tenting: a careful hand at the default setting stays in
/// the band.
TEST(Rubrics, default_depths_of_every_zone_kind_lie_in_their_bands) {
    base::Result<Rubric> rubric = load_rubric(content(), "provisional");
    std::map<std::string, uint32_t> defaults_um = {
        {"forehead", 500},    {"glabella", 500},      {"temple", 500}, {"periorbital", 250},
        {"nose_dorsum", 500}, {"nose_sidewall", 500}, {"cheek", 750},  {"upper_lip", 500},
        {"chin", 750},        {"jawline", 750},       {"neck", 500},   {"pad", 500}};
    for (auto [kind, set_um] : defaults_um) {
        ASSERT_TRUE(rubric->depth.contains(kind)) << kind;
        const DepthBand& band = rubric->depth.at(kind);
        EXPECT_GE(set_um * 9 / 10, band.low_um) << kind;
        EXPECT_LE(set_um, band.high_um) << kind;
        EXPECT_LT(band.high_um, band.critical_um) << kind;
    }
    EXPECT_EQ(rubric->depth.size(), defaults_um.size());
}

TEST_F(RubricFile, each_mistake_is_told_with_its_line) {
    expect_mistake("measure = \"depth_cv\"", "measure = \"depth_cw\"",
                   "no measure 'depth_cw'; there are screening, preparation, depth_in_band");
    expect_mistake("unit = \"deg\"", "unit = \"rad\"", "tilt_median is measured in 'deg'");
    expect_mistake("target = [1.5, 3]", "target = [3, 1.5]", "first number must not exceed");
    expect_mistake("target = [1.5, 3]\n", "target = [0.5, 3]\n", "must enclose the target band", 1);
    expect_mistake("target = [1.5, 3]", "target = [1.5, nan]", "number from");
    expect_mistake("target = [1.5, 3]", "target = [1.5, 3.00001]", "at most three decimals");
    expect_mistake("target = [1.5, 3]", "target = [1.5]", "[low, high] is needed");
    expect_mistake("critical_below = 70", "critical_below = 90", "lower end");
    expect_mistake("critical_above = 0.8", "critical_above = 0.4", "upper end");
    expect_mistake("id = \"tilt\"", "id = \"depth\"", "the id 'depth' is taken");
    expect_mistake("basis = \"F1\"", "basis = \"\"", "basis: a text");
    expect_mistake("basis = \"F1\"", "basis = \"F1\"\ncolour = 3", "colour: unknown key", 1);
    expect_mistake("pass_mark = 80", "pass_mark = 101", "pass_mark: a number from 0 to 100");
    expect_mistake("pass_mark = 80", "pass_mark = 80\nmood = 1", "mood: unknown key", 1);
    expect_mistake("version = 1", "version = 2", "version");
    expect_mistake("force_peak_n = 6.0", "force_peak_n = \"6\"", "general: force_peak_n");
    expect_mistake("force_peak_n = 6.0", "force_peek_n = 1\nforce_peak_n = 6.0", "force_peek_n: unknown key");
    expect_mistake("[depth.neck]", "[depth.knee]", "no zone kind 'knee' that is needled; there are forehead");
    expect_mistake("[depth.neck]", "[depth.eyelid]", "no zone kind 'eyelid'");
    expect_mistake("accept = [0.2, 0.5]\nwarn_above = 0.5", "accept = [0.2, 0.5]\nwarn_above = 0.4",
                   "warn_above", 1);
    expect_mistake("warn_above = 0.5\ncritical_above = 0.75", "warn_above = 0.5\ncritical_above = 0.45",
                   "critical_above", 1);
}

TEST_F(RubricFile, one_of_before_skin_was_stretched_is_sound) {
    EXPECT_EQ(check_with("stretch_percent = [5, 15]", ""), std::vector<std::string>{});
    expect_mistake("stretch_percent = [5, 15]", "stretch_percent = [5, 150]", "general: stretch_percent");
}

TEST_F(RubricFile, weights_that_do_not_sum_to_one_hundred_are_told_with_their_sum) {
    std::vector<std::string> mistakes = check_with("weight = 10", "weight = 11");
    ASSERT_EQ(mistakes.size(), 1u);
    EXPECT_NE(mistakes[0].find("sum to 101"), std::string::npos);
}

TEST_F(RubricFile, all_mistakes_are_listed_in_the_order_of_the_file) {
    std::string& text = good_;
    for (auto [from, to] :
         {std::pair{"pass_mark = 80 ", "pass_mark = 800 "}, std::pair{"weight = 8", "weight = -8"},
          std::pair{"[depth.chin]", "[depth.shin]"}})
        text.replace(text.find(from), std::string(from).size(), to);
    std::vector<std::string> mistakes = check_with("unit = \"deg\"", "unit = \"rad\"");
    ASSERT_EQ(mistakes.size(), 5u) << fmt::format("{}", fmt::join(mistakes, "\n"));
    EXPECT_NE(mistakes[0].find("pass_mark"), std::string::npos);
    EXPECT_NE(mistakes[1].find("weights sum"), std::string::npos);
    EXPECT_NE(mistakes[2].find("unit"), std::string::npos);
    EXPECT_NE(mistakes[3].find("weight"), std::string::npos);
    EXPECT_NE(mistakes[4].find("shin"), std::string::npos);
    base::Result<Rubric> rubric = load_rubric(content(), (folder_ / "r.toml").string());
    ASSERT_FALSE(rubric);
    EXPECT_NE(rubric.error().message.find("4 more"), std::string::npos);
}

TEST_F(RubricFile, what_is_not_a_rubric_is_one_mistake_or_a_few) {
    EXPECT_EQ(check_rubric(folder_ / "none.toml").size(), 1u);
    EXPECT_EQ(check_rubric(folder_).size(), 1u);
    ASSERT_TRUE(base::write_file(folder_ / "a.toml", "= broken"));
    EXPECT_NE(check_rubric(folder_ / "a.toml").at(0).find("a.toml:1:"), std::string::npos);
    ASSERT_TRUE(base::write_file(folder_ / "b.toml", "version = 1\ncriterion = 5\ndepth = 4\ngeneral = 3\n"));
    EXPECT_GE(check_rubric(folder_ / "b.toml").size(), 4u);
    ASSERT_TRUE(
        base::write_file(folder_ / "c.toml", "version = 1\n[[criterion]]\n[depth]\nchin = 3\n[general]\n"));
    EXPECT_GE(check_rubric(folder_ / "c.toml").size(), 4u);
}

TEST_F(RubricFile, reads_the_same_in_a_locale_with_decimal_commas) {
    const char* old = std::setlocale(LC_ALL, nullptr);
    std::string kept = old ? old : "C";
    if (!std::setlocale(LC_ALL, "de_DE.UTF-8")) GTEST_SKIP() << "no German locale here";
    std::vector<std::string> mistakes = check_rubric(content().data / "rubrics/provisional.toml");
    std::setlocale(LC_ALL, kept.c_str());
    EXPECT_EQ(mistakes, std::vector<std::string>{});
}

TEST(Rubrics, an_unknown_id_is_answered_with_those_that_exist_and_cannot_leave_the_folder) {
    EXPECT_NE(load_rubric(content(), "strict").error().message.find("provisional"), std::string::npos);
    EXPECT_FALSE(load_rubric(content(), "../cases/demo"));
    EXPECT_FALSE(load_scope(content(), "../cases/demo"));
}

TEST(Scopes, caps_are_those_of_the_clinical_table) {
    for (auto [id, cap_um] :
         {std::pair{"medical", kNoDepthCap}, std::pair{"uk-level-4", 500u}, std::pair{"arizona", 500u},
          std::pair{"north-carolina", 1000u}, std::pair{"utah-master", 1500u}}) {
        base::Result<Scope> scope = load_scope(content(), id);
        ASSERT_TRUE(scope) << scope.error().message;
        EXPECT_EQ(scope->id, id);
        EXPECT_EQ(scope->depth_cap_um, cap_um) << id;
        EXPECT_FALSE(scope->source.empty());
    }
    EXPECT_EQ(load_scope(content(), "medical")->depth_warn_um, 1500u);
    EXPECT_NE(load_scope(content(), "mars").error().message.find("arizona, medical"), std::string::npos);
}

TEST_F(RubricFile, a_scope_that_warns_above_its_cap_is_refused) {
    ASSERT_TRUE(base::write_file(folder_ / "s.toml",
                                 "version = 1\nid = \"s\"\nname = \"S\"\nsource = \"x\"\n"
                                 "depth_cap_mm = 0.5\ndepth_warn_mm = 1.0\n"));
    base::Result<Scope> scope = load_scope(content(), (folder_ / "s.toml").string());
    ASSERT_FALSE(scope);
    EXPECT_NE(scope.error().message.find("s.toml:6:"), std::string::npos);
}

}  // namespace
}  // namespace training
