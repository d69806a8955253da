#include "training/core/rubric_fit.h"

#include "tests/unit/training_stage.h"
#include "training/core/lesson.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace training {
namespace {

using testing::HasSubstr;
using training_test::places;

/// Of "tilt": full to 5, none at 10, open above only.
Criterion tilt() {
    Rubric rubric = *load_rubric(places(), "provisional");
    return *std::find_if(rubric.criteria.begin(), rubric.criteria.end(), [](const Criterion& c) { return c.id == "tilt"; });
}

Criterion line(const std::string& id) {
    Rubric rubric = *load_rubric(places(), "provisional");
    return *std::find_if(rubric.criteria.begin(), rubric.criteria.end(), [&](const Criterion& c) { return c.id == id; });
}

/// 11 values round 3: median 3000, absolute deviations 0,200,200,…,1000,1000: MAD 600.
const std::vector<int64_t> kValues = {2000, 2200, 2400, 2600, 2800, 3000, 3200, 3400, 3600, 3800, 4000};

TEST(FitBand, is_the_median_and_two_spreads_then_two_more) {
    FittedBand fit = fit_band(tilt(), kValues);
    EXPECT_EQ(fit.not_refitted, "");
    EXPECT_EQ(fit.median, 3000);
    EXPECT_EQ(fit.spread, 890);  // 1.4826 x 600 = 889.56
    EXPECT_EQ(fit.band.target_low, 0);
    EXPECT_EQ(fit.band.warn_low, 0);
    EXPECT_EQ(fit.band.target_high, 4780);
    EXPECT_EQ(fit.band.warn_high, 4780 + 2500);  // half the base's width, more than two spreads
    EXPECT_TRUE(fit.outliers.empty());
}

TEST(FitBand, of_an_open_middle_is_set_on_both_sides) {
    std::vector<int64_t> speeds;
    for (int64_t i = -5; i <= 5; ++i) speeds.push_back(2000 + 200 * i);  // MAD 600, spread 890
    FittedBand fit = fit_band(line("speed"), speeds);
    EXPECT_EQ(fit.band, (Band{0, 220, 3780, 5560}));  // the low warning ends at nothing
}

TEST(FitBand, stays_within_what_the_unit_allows) {
    std::vector<int64_t> shares;
    for (int64_t i = 0; i < 12; ++i) shares.push_back(98'000 - 3000 * i);
    FittedBand fit = fit_band(line("density"), shares);
    EXPECT_EQ(fit.band.target_high, 100'000);
    EXPECT_EQ(fit.band.warn_high, 100'000);
    EXPECT_GE(fit.band.warn_low, 0);
    EXPECT_LT(fit.band.warn_low, fit.band.target_low);
}

TEST(FitBand, does_not_depend_on_the_order_of_sessions) {
    std::vector<int64_t> turned(kValues.rbegin(), kValues.rend());
    std::rotate(turned.begin(), turned.begin() + 4, turned.end());
    EXPECT_EQ(fit_band(tilt(), turned).band, fit_band(tilt(), kValues).band);
}

TEST(FitBand, moves_little_for_one_wild_session_and_tells_of_it) {
    std::vector<int64_t> wild = kValues;
    wild[3] = 80'000;
    FittedBand fit = fit_band(tilt(), wild);
    EXPECT_EQ(fit.outliers, std::vector<size_t>{3});
    EXPECT_LT(fit.band.target_high, 5200);
    EXPECT_GT(fit.band.target_high, fit_band(tilt(), kValues).band.target_high);  // it counts all the same
}

TEST(FitBand, of_experts_who_all_agree_is_neither_a_needles_eye_nor_a_cliff) {
    FittedBand fit = fit_band(tilt(), std::vector<int64_t>(12, 3000));
    EXPECT_EQ(fit.band, (Band{0, 0, 3000 + 2 * 625, 3000 + 2 * 625 + 2500}));
    EXPECT_TRUE(fit.outliers.empty());
    EXPECT_EQ(fit_band(line("no_go"), std::vector<int64_t>(12, 0)).band, (Band{0, 0, 0, 600'000}));  // an ideal of one value
    std::vector<int64_t> but_one(12, 3000);
    but_one[7] = 3100;
    EXPECT_EQ(fit_band(tilt(), but_one).outliers, std::vector<size_t>{7});
    but_one[7] = 3001;  // the last digit that values have
    EXPECT_TRUE(fit_band(tilt(), but_one).outliers.empty());
}

TEST(FitBand, of_too_few_is_the_base_rubrics) {
    std::vector<int64_t> nine(kValues.begin(), kValues.begin() + 9), ten(kValues.begin(), kValues.begin() + 10);
    EXPECT_EQ(fit_band(tilt(), nine).band, tilt().band);
    EXPECT_THAT(fit_band(tilt(), nine).not_refitted, HasSubstr("9 expert sessions have a value here, 10 are needed"));
    EXPECT_EQ(fit_band(tilt(), ten).not_refitted, "");
    EXPECT_EQ(fit_band(tilt(), {}).band, tilt().band);
}

TEST(FitBand, never_moves_a_limit_that_fails_a_session) {
    std::vector<int64_t> shares;  // coverage: critical below 70 %
    for (int64_t i = 0; i < 12; ++i) shares.push_back(80'000 + 500 * i);
    FittedBand fit = fit_band(line("coverage"), shares);
    EXPECT_EQ(fit.not_refitted, "");
    EXPECT_GE(fit.band.warn_low, 70'000);
    for (int64_t& share : shares) share -= 15'000;
    fit = fit_band(line("coverage"), shares);
    EXPECT_THAT(fit.not_refitted, HasSubstr("limit that fails a session"));
    EXPECT_EQ(fit.band, line("coverage").band);
}

TEST(FitPassMark, lies_in_the_middle_of_what_divides_the_groups) {
    std::vector<int32_t> experts, novices;
    for (int32_t i = 0; i < 12; ++i) experts.push_back(8000 + 100 * i), novices.push_back(4000 + 100 * i);
    PassMark mark = fit_pass_mark(experts, novices, 7777);
    EXPECT_EQ(mark.mark, 5101 + (8000 - 5101) / 2);
    EXPECT_EQ(mark.false_passes, 0u);
    EXPECT_EQ(mark.false_fails, 0u);
    EXPECT_EQ(mark.not_refitted, "");
}

TEST(FitPassMark, of_overlapping_groups_errs_least_and_says_how_often) {
    std::vector<int32_t> experts, novices;
    for (int32_t i = 0; i < 20; ++i) experts.push_back(8000 + i), novices.push_back(5000 + i);
    experts[0] = 4000;   // an expert on a bad day
    novices[0] = 9000, novices[1] = 9001;
    PassMark mark = fit_pass_mark(experts, novices, 8000);
    EXPECT_EQ(mark.false_fails, 1u);
    EXPECT_EQ(mark.false_passes, 2u);
    size_t errors = mark.false_fails + mark.false_passes;
    for (int32_t other = 0; other <= 10'000; ++other) {
        size_t wrong = 0;
        for (int32_t total : experts) wrong += total < other;
        for (int32_t total : novices) wrong += total >= other;
        EXPECT_GE(wrong, errors) << other;
    }
}

TEST(FitPassMark, is_kept_where_the_groups_are_small_or_the_wrong_way_round) {
    std::vector<int32_t> high(12, 9000), low(12, 3000), few(9, 3000);
    EXPECT_EQ(fit_pass_mark(high, few, 8000).mark, 8000);
    EXPECT_THAT(fit_pass_mark(high, few, 8000).not_refitted, HasSubstr("12 expert and 9 novice sessions, 10 of each"));
    EXPECT_THAT(fit_pass_mark(high, {}, 8000).not_refitted, HasSubstr("0 novice"));
    EXPECT_EQ(fit_pass_mark(low, high, 8000).mark, 8000);
    EXPECT_THAT(fit_pass_mark(low, high, 8000).not_refitted, HasSubstr("do not lie above"));
}

/// Sessions with values made up per line, scored by whatever rubric is asked for.
class FitRubric : public testing::Test {
  protected:
    FitRubric() : text_(*base::read_text(places().data / "rubrics/provisional.toml")) {
        base_ = *load_rubric(places(), "provisional");
    }

    /// `skill` from 0 to 1: values go from the warning band's far end to the target's middle, and vary a little by `number`.
    Score made_up(double skill, int number, const Rubric& rubric) const {
        Score score;
        int64_t sum = 0;
        for (size_t i = 0; i < rubric.criteria.size(); ++i) {
            const Band& band = base_.criteria[i].band;
            bool open_above = band.warn_high > band.target_high;
            int64_t good = (band.target_low + band.target_high) / 2, bad = open_above ? band.warn_high : band.warn_low;
            CriterionScore line;
            line.criterion = rubric.criteria[i];
            line.value = bad + static_cast<int64_t>(skill * static_cast<double>(good - bad)) +
                         (number - 5) * std::abs(good - bad) / 50;
            line.points = points(line.criterion.band, line.criterion.weight, *line.value);
            sum += *line.points;
            score.criteria.push_back(std::move(line));
        }
        score.total = static_cast<int32_t>(sum);
        score.evidence = base::sha256(fmt::format("{} {}", skill, number));
        score.rubric = rubric.hash;
        return score;
    }
    std::vector<FitSession> group(const char* name, double skill, int count) const {
        std::vector<FitSession> sessions;
        for (int i = 0; i < count; ++i)
            sessions.push_back({fmt::format("{}-{}.evh", name, i), made_up(skill, i, base_)});
        return sessions;
    }
    base::Result<FittedRubric> fit(int experts, int novices, const std::string& text) const {
        return fit_rubric(places(), text, group("expert", 0.95, experts), group("novice", 0.3, novices),
                          [&](size_t group, size_t index, const Rubric& rubric) -> base::Result<Score> {
                              return made_up(group == 0 ? 0.95 : 0.3, static_cast<int>(index), rubric);
                          });
    }

    std::string text_;
    Rubric base_;
};

TEST_F(FitRubric, writes_a_sound_rubric_that_names_all_it_came_from) {
    base::Result<FittedRubric> fitted = fit(12, 12, text_);
    ASSERT_TRUE(fitted) << fitted.error().message;
    RubricReading read = read_rubric_text(places(), fitted->text, "ours.toml");
    EXPECT_EQ(fmt::format("{}", fmt::join(read.mistakes, "\n")), "");
    EXPECT_EQ(read.rubric.id, "provisional-fitted");
    EXPECT_THAT(read.rubric.version, HasSubstr("2026-11+fit."));
    EXPECT_NE(read.rubric.hash, base_.hash);
    EXPECT_THAT(fitted->text, HasSubstr(base_.hash.hex()));
    for (const FitSession& session : group("expert", 0.95, 12)) {
        EXPECT_THAT(fitted->text, HasSubstr(session.score.evidence.hex()));
        EXPECT_THAT(fitted->text, HasSubstr(session.file));
    }
    EXPECT_THAT(fitted->text, HasSubstr("# A, clinical.md 3.1"));  // what the base says beside its figures is still there
    EXPECT_EQ(read.rubric.depth, base_.depth);
    EXPECT_EQ(read.rubric.tilt_critical_cdeg, base_.tilt_critical_cdeg);
    for (size_t i = 0; i < base_.criteria.size(); ++i) {
        std::vector<int64_t> values;
        for (const FitSession& session : group("expert", 0.95, 12)) values.push_back(*session.score.criteria[i].value);
        const Criterion& now = read.rubric.criteria[i];
        FittedBand by_hand = fit_band(base_.criteria[i], values);
        EXPECT_EQ(now.band, by_hand.band) << now.id;
        EXPECT_THAT(now.source, HasSubstr(by_hand.not_refitted.empty() ? "fitted: median" : "not refitted")) << now.id;
        EXPECT_THAT(now.source, HasSubstr(base_.criteria[i].source.substr(0, 20)));
        EXPECT_EQ(now.critical_above, base_.criteria[i].critical_above);
    }
    EXPECT_NE(read.rubric.pass_mark, base_.pass_mark);
}

TEST_F(FitRubric, of_the_same_sessions_is_the_same_to_the_byte) {
    EXPECT_EQ(fit(12, 12, text_)->text, fit(12, 12, text_)->text);
    EXPECT_NE(fit(12, 12, text_)->text, fit(13, 12, text_)->text);
}

TEST_F(FitRubric, of_too_few_keeps_every_band_and_marks_every_line) {
    base::Result<FittedRubric> fitted = fit(4, 0, text_);
    ASSERT_TRUE(fitted) << fitted.error().message;
    RubricReading read = read_rubric_text(places(), fitted->text, "ours.toml");
    EXPECT_EQ(fmt::format("{}", fmt::join(read.mistakes, "\n")), "");
    EXPECT_EQ(read.rubric.pass_mark, base_.pass_mark);
    for (size_t i = 0; i < base_.criteria.size(); ++i) {
        EXPECT_EQ(read.rubric.criteria[i].band, base_.criteria[i].band);
        EXPECT_THAT(read.rubric.criteria[i].source, testing::StartsWith("not refitted: 4 expert sessions"));
    }
    EXPECT_THAT(fmt::format("{}", fmt::join(fitted->report, "\n")), HasSubstr("pass mark 80: not refitted"));
    EXPECT_FALSE(fit(0, 12, text_));
}

TEST_F(FitRubric, can_be_fitted_again) {
    std::string once = fit(12, 12, text_)->text;
    base::Result<FittedRubric> twice = fit(14, 12, once);
    ASSERT_TRUE(twice) << twice.error().message;
    RubricReading read = read_rubric_text(places(), twice->text, "twice.toml");
    EXPECT_EQ(fmt::format("{}", fmt::join(read.mistakes, "\n")), "");
    EXPECT_EQ(read.rubric.id, "provisional-fitted");
    size_t headers = 0;
    for (size_t at = 0; (at = twice->text.find("\n[fit]", at)) != std::string::npos; ++at) ++headers;
    EXPECT_EQ(headers, 1u);
    EXPECT_THAT(twice->text, HasSubstr(read_rubric_text(places(), once, "once.toml").rubric.hash.hex()));
}

TEST_F(FitRubric, survives_letters_of_many_bytes_before_what_it_changes) {
    std::string text = text_;
    const std::string from = "name = \"Pen upright to the skin\"";
    text.replace(text.find(from), from.size(), "name = \"Größe µ 針\"");
    text.insert(text.find("target = [0, 5]"), "# µµµ 針針\n");
    base::Result<FittedRubric> fitted = fit(12, 12, text);
    ASSERT_TRUE(fitted) << fitted.error().message;
    EXPECT_THAT(fitted->text, HasSubstr("Größe µ 針"));
    EXPECT_THAT(fitted->text, HasSubstr("# µµµ 針針\ntarget = ["));
}

/// Real files: what a folder holds beside good recordings is told, one sentence each, and the rest is used.
class FitFolder : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (base::fs::temp_directory_path() / "evenhand-fit-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { base::fs::remove_all(folder_); }

    /// The first `samples` of a session.
    void record(const char* file, size_t samples, bool finish, const std::string& lesson = {}) {
        static const std::shared_ptr<const Stage> stage = *load_stage(places(), "pad-flat");
        static const Performance done = perform_operator(*stage, Skill::expert, 1);
        base::Result<Recorder> recorder = Recorder::create(folder_ / file, make_header(*stage, "test"));
        ASSERT_TRUE(recorder);
        Session session(stage, std::move(*recorder));
        if (!lesson.empty()) session.event({0, kLessonEvent, lesson});
        ASSERT_TRUE(session.advance(std::span(done.samples).first(samples)));
        if (finish) {
            ASSERT_TRUE(session.finish());
        }
    }

    base::fs::path folder_;
};

TEST_F(FitFolder, uses_what_it_can_and_says_why_not_the_rest) {
    record("a.evh", 600, true);
    base::fs::copy_file(folder_ / "a.evh", folder_ / "b.evh");
    record("c.evh", 700, false);
    record("d.evh", 800, true);
    ASSERT_TRUE(base::write_file(folder_ / "e.evh", std::string_view("no recording")));
    record("f.evh", 600, true, "one-row");
    ASSERT_TRUE(base::write_file(folder_ / "notes.txt", std::string_view("not asked for")));
    std::vector<base::Hash> taken;
    Rubric rubric = *load_rubric(places(), "provisional");
    base::Result<FitGroup> group = FitGroup::read(places(), folder_, rubric, taken);
    ASSERT_TRUE(group) << group.error().message;
    ASSERT_EQ(group->sessions.size(), 2u);
    EXPECT_EQ(group->sessions[0].file, "a.evh");
    EXPECT_EQ(group->sessions[1].file, "d.evh");
    ASSERT_EQ(group->unusable.size(), 4u);
    EXPECT_THAT(group->unusable[0], HasSubstr("b.evh: the same evidence"));
    EXPECT_THAT(group->unusable[1], HasSubstr("c.evh: the session was interrupted"));
    EXPECT_THAT(group->unusable[2], HasSubstr("e.evh"));
    EXPECT_THAT(group->unusable[3], HasSubstr("f.evh: a session of the lesson 'one-row'"));
    EXPECT_EQ(group->rescore(places(), 1, rubric)->total, group->sessions[1].score.total);
    EXPECT_EQ(FitGroup::read(places(), folder_, rubric, taken)->sessions.size(), 0u);  // in both groups: only in one
    EXPECT_FALSE(FitGroup::read(places(), folder_ / "none", rubric, taken));
    base::fs::create_directory(folder_ / "empty");
    EXPECT_FALSE(FitGroup::read(places(), folder_ / "empty", rubric, taken));
}

}  // namespace
}  // namespace training
