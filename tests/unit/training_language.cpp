// The same session in three languages: other words, the same evidence, hashes and points.

#include "tests/unit/training_stage.h"
#include "training/core/joined.h"
#include "training/core/retelling.h"
#include "training/core/score.h"
#include "training/core/treatment.h"

#include <gmock/gmock.h>

namespace training {
namespace {

using testing::HasSubstr;
using testing::Not;

base::Places in(const std::string& language) {
    base::Places places = training_test::places();
    places.language = language;
    return places;
}

/// A patient of the visits with the pad's skin, as told in a language.
Stage stage_in(const std::string& language, const std::string& id) {
    static const Stage pad = training_test::small_pad();
    const base::Places places = in(language);
    Stage stage = pad;
    stage.practice = *load_case(places, id);
    stage.practice.zones = {"pad"};
    stage.device = *skin::load_device(places, "pen-12");
    stage.procedure = std::make_shared<const Procedure>(*Procedure::load(places));
    stage.language = language;
    return stage;
}

Score scored_in(const std::string& language, const Recording& recording) {
    const base::Places places = in(language);
    const Stage stage = stage_in(language, "visit-ama-glow");
    const Rubric rubric = *load_rubric(places, "provisional");
    const Scope scope = *load_scope(places, "medical");
    if (language.empty()) return score(recording, stage, rubric, scope);
    return score(recording, stage, rubric, scope, *Phrases::load(places, language));
}

/// Needles in a patient who should not have any: reasons, notes and failures of many kinds.
const Recording& mistaken() {
    static const Recording recording = [] {
        const Stage stage = stage_in("", "visit-ama-glow"), pad = training_test::small_pad();
        Performance needles = perform_operator(pad, Skill::novice, 1);
        needles.samples.resize(std::min<size_t>(needles.samples.size(), 1200));
        Recording made = training_test::record(pad, needles, "operator");
        Operator who;
        who.skill = 0.1;
        who.treats_anyway = true;
        made.events = perform_operator(stage, who, 3).events;
        return made;
    }();
    return recording;
}

/// A score without its words.
std::string bare(Score score) {
    score.failures.clear();
    score.explain.clear();
    for (CriterionScore& line : score.criteria) {
        line.reason.clear();
        line.note.clear();
    }
    return score_json(score);
}

TEST(InOtherLanguages, points_verdicts_evidence_and_hashes_are_the_same) {
    const Score english = scored_in("", mistaken());
    ASSERT_FALSE(english.failures.empty());
    for (const char* language : {"en", "es", "fr"}) {
        const Score told = scored_in(language, mistaken());
        EXPECT_EQ(bare(told), bare(english)) << language;
        EXPECT_EQ(told.failures.size(), english.failures.size());
        for (size_t i = 0; i < told.criteria.size(); ++i) {
            EXPECT_EQ(told.criteria[i].reason.empty(), english.criteria[i].reason.empty());
            EXPECT_EQ(told.criteria[i].note.empty(), english.criteria[i].note.empty());
        }
    }
}

TEST(InOtherLanguages, reasons_names_and_the_explanation_are_told_in_them) {
    const Score english = scored_in("", mistaken()), spanish = scored_in("es", mistaken()), french = scored_in("fr", mistaken());
    EXPECT_THAT(english.criteria[0].reason, HasSubstr("must not be needled today"));
    EXPECT_THAT(spanish.criteria[0].reason, HasSubstr("que hoy no debe tratarse: Quimioterapia"));
    EXPECT_THAT(french.criteria[0].reason, HasSubstr("aujourd'hui\u00a0: Chimiothérapie"));
    EXPECT_THAT(spanish.explain, HasSubstr("La radioterapia"));
    EXPECT_THAT(french.failures.front(), HasSubstr("Sélection\u00a0: qui peut être traité\u00a0: critique"));
    for (size_t i = 0; i < english.criteria.size(); ++i) {
        const CriterionScore& line = english.criteria[i];
        EXPECT_NE(spanish.criteria[i].criterion.name, line.criterion.name);
        EXPECT_TRUE(line.reason.empty() || spanish.criteria[i].reason != line.reason) << line.reason;
        EXPECT_TRUE(line.note.empty() || line.note.starts_with("Gini") || french.criteria[i].note != line.note) << line.note;
    }
}

TEST(InOtherLanguages, a_program_reads_ids_and_a_person_names) {
    EXPECT_THAT(scored_in("", mistaken()).criteria[0].note, HasSubstr("cancer_therapy"));
    EXPECT_THAT(scored_in("en", mistaken()).criteria[0].note, Not(HasSubstr("cancer_therapy")));
}

TEST(InOtherLanguages, what_a_recording_keeps_and_names_is_the_same) {
    const RecordingHeader english = make_header(stage_in("", "visit-ama-glow"), "operator");
    for (const char* language : {"es", "fr"}) {
        const Stage stage = stage_in(language, "visit-ama-glow");
        EXPECT_NE(stage.practice.name, stage_in("", "visit-ama-glow").practice.name);
        const RecordingHeader told = make_header(stage, "operator");
        EXPECT_EQ(told.case_text, english.case_text);
        EXPECT_EQ(told.device, english.device);
        EXPECT_EQ(told.face, english.face);
        EXPECT_EQ(stage.procedure->hash, stage_in("", "visit-ama-glow").procedure->hash);
        EXPECT_EQ(load_rubric(in(language), "provisional")->hash, load_rubric(in(""), "provisional")->hash);
        EXPECT_EQ(load_scope(in(language), "medical")->hash, load_scope(in(""), "medical")->hash);
    }
}

TEST(InOtherLanguages, a_stage_is_told_anew_and_back_again) {
    const Stage english = stage_in("", "visit-ama-glow");
    const std::shared_ptr<const Stage> spanish = retold(in("es"), english);
    EXPECT_EQ(spanish->language, "es");
    EXPECT_EQ(spanish->practice.name, "Ama, 52: su primer tratamiento");
    EXPECT_EQ(spanish->practice.zones, english.practice.zones);
    EXPECT_EQ(spanish->practice.text, english.practice.text);
    EXPECT_EQ(spanish->device.name, "Lápiz 12, 110 Hz");
    EXPECT_EQ(spanish->procedure->questions[0].ask, "¿Qué le gustaría cambiar y qué espera de este tratamiento?");
    const std::shared_ptr<const Stage> back = retold(in("en"), *spanish);
    EXPECT_EQ(back->practice.name, english.practice.name);
    EXPECT_EQ(back->practice.consultation.decision->explain, english.practice.consultation.decision->explain);
    EXPECT_EQ(back->procedure->questions[0].ask, english.procedure->questions[0].ask);
}

TEST(InOtherLanguages, a_visit_under_way_goes_on_in_another) {
    const Stage english = stage_in("", "visit-ama-glow");
    const std::shared_ptr<const Stage> spanish = retold(in("es"), english);
    Treatment treatment(english.practice, *english.procedure);
    ASSERT_TRUE(treatment.act(0, kConsultBegin));
    ASSERT_TRUE(treatment.act(1, kConsultAsk, "illness"));
    const std::vector<Act> before = treatment.acts(2);
    treatment.tell_by(spanish->practice, *spanish->procedure);
    const std::vector<Act> after = treatment.acts(2);
    ASSERT_EQ(after.size(), before.size());
    for (size_t i = 0; i < after.size(); ++i) {
        EXPECT_EQ(after[i].event, before[i].event);
        EXPECT_EQ(after[i].subject, before[i].subject);
        EXPECT_EQ(after[i].done, before[i].done);
        EXPECT_TRUE(before[i].name.empty() || after[i].name != before[i].name) << before[i].name;
    }
    EXPECT_THAT(treatment.answer("illness").value_or(""), HasSubstr("Cáncer de mama"));
}

TEST(InOtherLanguages, a_case_without_a_translation_is_told_as_it_was_written) {
    const std::string text = "version = 1\nid = \"own\"\nname = \"Jo, 40\"\nface = \"demo-woman\"\nzones = [\"chin\"]\n";
    const base::Result<Case> own = parse_case(text, "own.toml", in("es"));
    ASSERT_TRUE(own) << own.error().message;
    EXPECT_EQ(own->name, "Jo, 40");
}

// --- what was kept in English ---

/// Every sentence of a score, in order.
std::vector<std::string> sentences(const Score& score) {
    std::vector<std::string> all = score.failures;
    for (const CriterionScore& line : score.criteria)
        for (const std::string& sentence : {line.reason, line.note})
            if (!sentence.empty()) all.push_back(sentence);
    return all;
}

TEST(Retelling, says_each_kept_sentence_as_the_score_says_it_in_the_language) {
    const std::vector<std::string> english = sentences(scored_in("", mistaken()));
    ASSERT_GT(english.size(), 12u);
    for (const char* language : {"en", "es", "fr"}) {
        const base::Result<Retelling> retelling = Retelling::load(in(language));
        ASSERT_TRUE(retelling) << retelling.error().message;
        const std::vector<std::string> ours = sentences(scored_in(language, mistaken()));
        ASSERT_EQ(ours.size(), english.size());
        for (size_t i = 0; i < english.size(); ++i) EXPECT_EQ((*retelling)(english[i]).value_or("none"), ours[i]) << english[i];
    }
}

TEST(InOtherLanguages, french_sentences_of_a_score_have_a_no_break_space_before_each_semicolon) {
    int semicolons = 0;
    for (const std::string& sentence : sentences(scored_in("fr", mistaken())))
        for (size_t at = sentence.find(';'); at != std::string::npos; at = sentence.find(';', at + 1)) {
            ++semicolons;
            EXPECT_TRUE(at >= 2 && sentence.substr(at - 2, 2) == "\u00a0") << sentence;
        }
    EXPECT_GE(semicolons, 4) << "of screening, preparation and aftercare among them";
}

/// A text of the locale with each place filled as a score would: by a name of the language, or a figure.
std::string filled(const Phrases& words, const std::string& key, const std::string& reason) {
    std::string text = words(key);
    const std::map<std::string, std::string> names = {{"zone", words.name("zone_in", "cheek_left")}, {"pens", words.name("pen_kind", "mouse")},
                                                      {"allowed", words.name("pen_kind", "stylus") + ", " + words.name("pen_kind", "tracked")},
                                                      {"what", words.name("answer", "session")}, {"reason", reason}, {"scope", "medical"},
                                                      {"name", "a line of one's own"}, {"unit", "mm"}, {"flag", "x"}, {"flags", words("joined.list", fmt::arg("list", "x"), fmt::arg("one", "y"))}, {"force", with_unit_word(words, "3.20", "N")}};
    for (size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open)) {
        const size_t close = text.find('}', open);
        const auto named = names.find(text.substr(open + 1, close - open - 1));
        const std::string value = named == names.end() ? "12.50" : named->second;
        text.replace(open, close + 1 - open, value);
        open += value.size();
    }
    return text;
}

TEST(Retelling, finds_every_text_that_a_score_is_made_of) {
    for (const char* language : {"es", "fr"}) {
        const Retelling retelling = *Retelling::load(in(language));
        const Phrases ours = *Phrases::load(in(language), language);
        const Phrases& english = Phrases::english();
        const std::string because = filled(english, "reason.slack", ""), therefore = filled(ours, "reason.slack", "");
        for (const char* kind : {"reason", "note", "failure"})
            for (const std::string& key : english.keys(kind))
                EXPECT_EQ(retelling(filled(english, key, because)).value_or("none"), filled(ours, key, therefore)) << key;
    }
}

TEST(Retelling, keeps_what_no_score_of_ours_says) {
    const Retelling retelling = *Retelling::load(in("es"));
    for (const std::string& foreign : {std::string(), std::string("the weather was fine"), std::string("{count} punctures inside a no-go area"),
                                       std::string("x: y: z: 7 % of the path too fast"), std::string("7 % of the path too fast; and more"),
                                       std::string(2001, '7') + " % of the path too fast"})
        EXPECT_FALSE(retelling(foreign)) << foreign;
    EXPECT_EQ(as_read(*Phrases::load(in("es"), "es"), *retelling("cheek: 4.2 mm is above the limit of 3")), "Mejillas: 4.2 mm supera el límite de 3");
    EXPECT_EQ(as_read(*Phrases::load(in("fr"), "fr"), *(*Retelling::load(in("fr")))("cheek: 4.2 mm is above the limit of 3")),
              "Joues\u00a0: 4.2\u00a0mm dépasse la limite de 3");
}

}  // namespace
}  // namespace training
