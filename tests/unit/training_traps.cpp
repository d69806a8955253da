// Patients who must not be needled today, or not as others are: whoever treats them all the same fails, whoever decides
// rightly passes and is told why. On a small pad in place of the face: the rule looks at who it is, not at where.

#include "tests/unit/training_stage.h"
#include "training/core/score.h"
#include "training/core/screening.h"

#include <gmock/gmock.h>

namespace training {
namespace {

using input::ProcedureEvent;
using testing::Contains;
using testing::HasSubstr;
using training_test::places;

/// The traps that the issue names, and further ones.
struct Trap {
    const char* practice;
    const char* flag;
    const char* reason;  ///< in the score's words
};
constexpr Trap kTraps[] = {{"visit-anna-summer", "pregnancy", "Pregnancy"},
                           {"visit-marek-cheeks", "isotretinoin", "Isotretinoin"},
                           {"visit-samuel-folds", "keloid_tendency", "keloid"},
                           {"visit-kenji-lip", "active_infection", "Active infection"},
                           {"visit-aoife-lines", "anticoagulant", "Anticoagulant"},
                           {"visit-rafael-scars", "inflamed_acne", "acne"},
                           {"visit-ama-glow", "cancer_therapy", "radiotherapy"},
                           {"visit-marek-winter", "eczema", "Eczema"},
                           {"visit-priya-marks", "pigment_risk", "melasma"},
                           {"visit-kenji-brow", "recent_filler", "Botulinum"},
                           {"visit-kenji-cheeks", "local_lesion", "Mole"},
                           {"visit-aoife-wedding", "no_consent", "unrealistic"},
                           {"visit-priya-chin", "autoimmune", "Autoimmune"},
                           {"visit-rafael-jaw", "clotting_disorder", "clotting"},
                           {"visit-anna-scratch", "open_wound", "Open wound"}};

/// This patient, with the pad's skin.
Stage stage_of(const std::string& id) {
    static const Stage pad = training_test::small_pad();
    Stage stage = pad;
    stage.practice = *load_case(places(), id);
    stage.practice.zones = {"pad"};
    stage.procedure = std::make_shared<const Procedure>(*Procedure::load(places()));
    return stage;
}

Score scored(const Stage& stage, const Recording& recording) {
    return score(recording, stage, *load_rubric(places(), "provisional"), *load_scope(places(), "medical"));
}

/// The first needles of a skilled hand on the pad: what anybody's needles come to, for a rule that asks whether there were any.
const Recording& first_needles() {
    static const Recording recording = [] {
        const Stage pad = training_test::small_pad();
        Performance performance = perform_operator(pad, Skill::expert, 1);
        performance.samples.resize(600);
        return training_test::record(pad, performance, "operator");
    }();
    CHECK(recording.punctures.size() > 100);
    return recording;
}

/// The whole procedure of an operator, with needles where it says that it needled.
Recording recorded(const Performance& performance) {
    const bool needled = std::any_of(performance.events.begin(), performance.events.end(),
                                     [](const ProcedureEvent& event) { return event.name == kNeedleZone; });
    Recording recording = needled ? first_needles() : Recording{};
    recording.events = performance.events;
    return recording;
}

Score performed(const Stage& stage, const Operator& who, uint64_t seed = 1) {
    return scored(stage, recorded(perform_operator(stage, who, seed)));
}

const CriterionScore& screening(const Score& score) {
    return score.criteria.front();
}

Operator expert(bool anyway = false) {
    Operator who;
    who.treats_anyway = anyway;
    return who;
}

TEST(Traps, name_their_flag) {
    for (const Trap& trap : kTraps)
        EXPECT_THAT(load_case(places(), trap.practice)->consultation.flags(), Contains(trap.flag)) << trap.practice;
}

TEST(Traps, treated_all_the_same_by_a_skilled_hand_fail_on_screening_and_say_why) {
    for (const Trap& trap : kTraps) {
        const Score score = performed(stage_of(trap.practice), expert(true));
        EXPECT_FALSE(score.pass) << trap.practice;
        EXPECT_FALSE(score.held_off) << trap.practice;
        EXPECT_EQ(screening(score).verdict, Verdict::critical) << trap.practice;
        EXPECT_THAT(screening(score).reason, HasSubstr(trap.reason)) << trap.practice;
        EXPECT_THAT(score.failures, Contains(HasSubstr(trap.reason))) << trap.practice;
        EXPECT_FALSE(score.explain.empty()) << trap.practice;
    }
}

TEST(Traps, decided_rightly_pass_and_are_explained) {
    for (const Trap& trap : kTraps) {
        const Stage stage = stage_of(trap.practice);
        const Score score = performed(stage, expert());
        const RightDecision& right = *stage.practice.consultation.decision;
        EXPECT_EQ(screening(score).value, 100'000) << trap.practice << ": " << screening(score).note;
        EXPECT_EQ(score.held_off, !right.treats()) << trap.practice;
        EXPECT_EQ(score.explain, right.explain);
        if (right.treats()) continue;
        EXPECT_TRUE(score.pass) << trap.practice;
        EXPECT_EQ(score.total, 10'000) << trap.practice;
        EXPECT_THAT(score.failures, testing::IsEmpty()) << trap.practice;
        for (const CriterionScore& line : score.criteria)
            EXPECT_EQ(line.verdict == Verdict::not_assessed, line.criterion.id != "screening") << line.criterion.id;
        EXPECT_THAT(score_text(score), HasSubstr("screening alone is assessed"));
        EXPECT_THAT(score_json(score), HasSubstr("\"held_off\":true"));
    }
}

/// All of an operator's needles on the pad with its own decisions, settings and care.
Score performed_whole(const Stage& stage, const Operator& who) {
    const Performance performance = perform_operator(stage, who, 1);
    return scored(stage, training_test::record(stage, performance, "operator"));
}

TEST(Traps, that_may_be_treated_with_care_pass_so_and_fail_without_it) {
    int treated = 0;
    for (const Trap& trap : kTraps) {
        const Stage stage = stage_of(trap.practice);
        const RightDecision& right = *stage.practice.consultation.decision;
        if (!right.treats()) continue;
        ++treated;
        const Score careful = performed_whole(stage, expert()), careless = performed_whole(stage, expert(true));
        EXPECT_FALSE(careful.held_off) << trap.practice;
        EXPECT_EQ(screening(careful).verdict, Verdict::target) << trap.practice;
        EXPECT_TRUE(careful.pass) << trap.practice << ": " << testing::PrintToString(careful.failures);
        EXPECT_EQ(careful.explain, right.explain) << trap.practice;
        EXPECT_FALSE(careful.explain.empty()) << trap.practice;
        EXPECT_EQ(screening(careless).verdict, Verdict::critical) << trap.practice;
        EXPECT_FALSE(careless.pass) << trap.practice;
        EXPECT_EQ(careless.explain, right.explain) << trap.practice;
    }
    EXPECT_GE(treated, 2) << "melasma in skin type V and a mole in the field among them";
    EXPECT_TRUE(load_case(places(), "visit-priya-marks")->consultation.decision->treats());
    EXPECT_TRUE(load_case(places(), "visit-kenji-cheeks")->consultation.decision->treats());
}

TEST(Traps, needled_without_any_consultation_fail_too) {
    for (const Trap& trap : kTraps) {
        const Stage stage = stage_of(trap.practice);
        Performance performance = perform_operator(stage, expert(true), 1);
        std::erase_if(performance.events, [](const ProcedureEvent& event) {
            return event.name.starts_with("consult") || event.name.starts_with("decide");
        });
        const Score score = scored(stage, recorded(performance));
        EXPECT_EQ(screening(score).verdict, Verdict::critical) << trap.practice;
        EXPECT_EQ(screening(score).points, std::nullopt) << trap.practice;
        EXPECT_FALSE(score.pass) << trap.practice;
    }
}

TEST(Traps, decided_after_the_first_needle_come_too_late) {
    const Stage stage = stage_of("visit-priya-marks");
    Performance performance = perform_operator(stage, expert(true), 1);
    performance.events.push_back({performance.samples.back().time_us, kDecide, "session caution"});
    const Score score = scored(stage, recorded(performance));
    EXPECT_EQ(screening(score).verdict, Verdict::critical);
}

TEST(Ordinary, patients_are_treated_and_refusing_them_fails) {
    for (const char* id : {"visit-anna-lines", "visit-marek-scars", "visit-kenji-lines", "visit-marek-dull"}) {
        Stage stage = stage_of(id);
        const Score score = performed(stage, expert());
        EXPECT_FALSE(score.held_off) << id;
        EXPECT_EQ(screening(score).value, 100'000) << id << ": " << screening(score).note;
        EXPECT_NE(screening(score).verdict, Verdict::critical) << id;
        Recording recording;
        recording.events = {{0, kConsultBegin, ""}, {1, kDecide, "session refuse"}, {2, kSessionEnd, ""}};
        const Score refused = scored(stage, recording);
        EXPECT_TRUE(refused.held_off) << id;
        EXPECT_FALSE(refused.pass) << id;
        EXPECT_EQ(refused.total, 0) << id;
        EXPECT_THAT(screening(refused).note, HasSubstr("session")) << id;
    }
}

TEST(Screening, of_a_case_asks_for_reason_and_time) {
    const Case practice = *load_case(places(), "visit-anna-summer");
    const Procedure lists = *Procedure::load(places());
    auto wrong = [&](std::vector<ProcedureEvent> events) {
        events.insert(events.begin(), {0, kConsultBegin, ""});
        return screen(lists, &practice.consultation, events, std::nullopt).wrong;
    };
    const std::vector<ProcedureEvent> right = {{1, kDecide, "pregnancy defer"},
                                               {2, kDecide, "session defer"},
                                               {3, kDecideBecause, "pregnancy"},
                                               {4, kDecideWait, "365"}};
    EXPECT_THAT(wrong(right), testing::IsEmpty());
    auto without = [&](size_t i) {
        std::vector<ProcedureEvent> events = right;
        events.erase(events.begin() + static_cast<long>(i));
        return wrong(events);
    };
    EXPECT_THAT(without(0), testing::ElementsAre("pregnancy"));
    EXPECT_THAT(without(1), testing::ElementsAre("session"));
    EXPECT_THAT(without(2), testing::ElementsAre("reason"));
    EXPECT_THAT(without(3), testing::ElementsAre("wait"));
    std::vector<ProcedureEvent> events = right;
    events.push_back({5, kDecideBecause, "eczema"});  // she has none
    EXPECT_THAT(wrong(events), testing::ElementsAre("reason"));
    events.push_back({6, kDecideNotBecause, "eczema"});
    events.push_back({7, kDecideWait, "14"});
    EXPECT_THAT(wrong(events), testing::ElementsAre("wait"));
    events.push_back({8, kDecideWait, "soon"});
    EXPECT_THAT(wrong(events), testing::ElementsAre("wait"));
}

TEST(Operators, of_less_skill_miss_what_the_skilled_find) {
    int missed = 0, needled = 0;
    for (const Trap& trap : kTraps) {
        const Stage stage = stage_of(trap.practice);
        if (stage.practice.consultation.decision->treats()) continue;
        for (uint64_t seed = 1; seed <= 2; ++seed) {
            const Performance novice = perform_operator(stage, Operator{.skill = 0}, seed);
            const std::string session = decided(novice.events).session();
            const Screening judged = screen(*stage.procedure, &stage.practice.consultation, novice.events, std::nullopt);
            missed += !judged.wrong.empty();
            needled += goes_on(session);
        }
    }
    EXPECT_GT(missed, 10);
    EXPECT_GT(needled, 4);
    EXPECT_LT(needled, 26);
}

}  // namespace
}  // namespace training
