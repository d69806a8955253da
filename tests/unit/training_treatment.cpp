#include "training/core/treatment.h"

#include "tests/scenarios/places.h"
#include "training/core/screening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace training {
namespace {

using input::ProcedureEvent;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uint32_t kMinute_us = 60'000'000;

const Procedure& lists() {
    static const Procedure procedure = *Procedure::load(scenarios::source_places());
    return procedure;
}

const Case& patient(const std::string& id) {
    static std::map<std::string, Case> known;
    auto found = known.find(id);
    if (found == known.end()) found = known.emplace(id, *load_case(scenarios::source_places(), id)).first;
    return found->second;
}

/// Somebody who walks the procedure, a second an act.
struct Walk {
    explicit Walk(const std::string& id) : practice(patient(id)), treatment(practice, lists()) {}

    base::Status act(const std::string& event, const std::string& value = {}) {
        now_us += 1'000'000;
        base::Result<std::vector<ProcedureEvent>> done = treatment.act(now_us, event, value);
        if (!done) return done.error();
        events.insert(events.end(), done->begin(), done->end());
        return {};
    }
    void go(const std::string& event, const std::string& value = {}) {
        base::Status done = act(event, value);
        EXPECT_TRUE(done) << event << " " << value << ": " << (done ? "" : done.error().message);
    }
    std::string refusal(const std::string& event, const std::string& value = {}) {
        base::Status done = act(event, value);
        return done ? "done" : done.error().message;
    }
    void next() { go(treatment.go_on().event); }
    /// Asks and marks all that there is.
    void consult() {
        go(kConsultBegin);
        for (const char* event : {kConsultAsk, kConsultLook, kConsultMark})
            for (const Act& one : treatment.acts(now_us))
                if (one.event == event) go(event, one.subject);
    }
    void decide(const std::string& session) {
        next();
        for (const std::string& flag : treatment.known_flags()) {
            go(kDecide, flag + " " + lists().find_flag(flag)->actions.front());
            go(kDecideBecause, flag);
        }
        go(kDecide, "session " + session);
    }
    void plan() {
        next();
        const CasePlan& right = *practice.consultation.plan;
        go(kPlanIndication, right.indication);
        go(kPlanDevice, practice.device);
        go(kPlanCartridge, right.cartridge);
        for (const PlannedDepth& depth : right.depths) go(kPlanDepth, fmt::format("{} {}", depth.kind, depth.least_um * 1e-3));
        go(kPlanPasses, fmt::format("{}", right.passes));
        go(kPlanSessions, fmt::format("{}", right.sessions.least));
        go(kPlanWeeks, fmt::format("{}", right.weeks.most));
        go("prep_consent");
    }
    void prepare() {
        next();
        for (const char* event : {"prep_photo", "prep_cleanse", "prep_anaesthetic_on"}) go(event);
        go(kWait, "30");
        for (const char* event : {"prep_anaesthetic_off", "prep_disinfect", "prep_gloves", "cartridge_new"}) go(event);
        go("prep_medium", "hyaluronic_acid");
        go("glide_medium", practice.zones.front());
    }
    void needle() {
        next();
        for (const std::string& zone : practice.zones) {
            go(kNeedleZone, zone);
            go(kEndPoint, zone);
        }
    }
    void finish() {
        next();
        go("finish_wipe");
        go("finish_product", "hyaluronic_acid");
        go("finish_calm");
        go("finish_sharps");
        next();
        for (const ProcedureItem& item : lists().aftercare)
            go(item.event, item.least ? fmt::format("{}", *item.least) : "");
        next();
        go(kFollowLook, "28");
        next();
    }
    std::vector<std::string> remark_ids() const {
        std::vector<std::string> ids;
        for (const Remark& remark : treatment.remarks()) ids.push_back(remark.id);
        return ids;
    }

    const Case& practice;
    Treatment treatment;
    std::vector<ProcedureEvent> events;
    uint32_t now_us = 0;
};

TEST(Treatment, walked_rightly_goes_through_every_step_and_leaves_nothing_open) {
    Walk walk("visit-anna-lines");
    EXPECT_EQ(walk.treatment.go_on().to, Step::consultation);
    walk.consult();
    EXPECT_THAT(walk.treatment.go_on().open, IsEmpty());
    walk.decide("proceed");
    EXPECT_EQ(walk.treatment.go_on().to, Step::plan);
    walk.plan();
    EXPECT_THAT(walk.treatment.go_on().open, IsEmpty());
    walk.prepare();
    EXPECT_THAT(walk.treatment.go_on().open, IsEmpty());
    walk.needle();
    EXPECT_THAT(walk.treatment.go_on().open, IsEmpty());
    walk.finish();
    EXPECT_TRUE(walk.treatment.closed());
    EXPECT_THAT(walk.treatment.remarks(), IsEmpty());
    EXPECT_THAT(walk.treatment.acts(walk.now_us), IsEmpty());
    const Outcome outcome = walk.treatment.outcome();
    EXPECT_FALSE(outcome.held_off);
    EXPECT_TRUE(outcome.right);
    EXPECT_THAT(outcome.missed, IsEmpty());
}

TEST(Treatment, rebuilt_from_its_events_is_the_one_that_was_lived) {
    for (const char* id : {"visit-anna-lines", "visit-priya-marks", "visit-kenji-cheeks"}) {
        Walk walk(id);
        walk.consult();
        walk.decide(patient(id).consultation.decision->actions.front());
        walk.plan();
        EXPECT_EQ(Treatment::rebuild(walk.practice, lists(), walk.events), walk.treatment) << id;
        walk.prepare();
        walk.needle();
        walk.finish();
        const Treatment again = Treatment::rebuild(walk.practice, lists(), walk.events);
        EXPECT_EQ(again, walk.treatment) << id;
        EXPECT_EQ(again.remarks(), walk.treatment.remarks()) << id;
        std::vector<ProcedureEvent> other = walk.events;
        other.pop_back();
        EXPECT_FALSE(Treatment::rebuild(walk.practice, lists(), other) == walk.treatment) << id;
    }
}

TEST(Treatment, that_decides_against_needles_ends_with_the_case_s_explanation) {
    Walk walk("visit-anna-summer");
    walk.consult();
    EXPECT_EQ(walk.treatment.known_flags(), std::vector<std::string>{"pregnancy"});
    walk.decide("defer");
    EXPECT_THAT(walk.treatment.go_on().open, ElementsAre(Remark{"wait", ""}));
    walk.go(kDecideWait, "200");
    EXPECT_THAT(walk.treatment.go_on().open, IsEmpty());
    EXPECT_EQ(walk.treatment.go_on().to, Step::closed);
    walk.next();
    EXPECT_TRUE(walk.treatment.closed());
    const Outcome outcome = walk.treatment.outcome();
    EXPECT_TRUE(outcome.held_off && outcome.right);
    EXPECT_THAT(outcome.explain, HasSubstr("pregnan"));
    EXPECT_FALSE(outcome.source.empty() || outcome.tag.empty());
    EXPECT_THAT(walk.treatment.remarks(), IsEmpty());
    EXPECT_THAT(walk.refusal(kPlanBegin), HasSubstr("closed"));
}

TEST(Treatment, lets_a_trainee_go_on_wrongly_and_tells_so) {
    Walk walk("visit-anna-summer");
    walk.go(kConsultBegin);
    walk.next();
    walk.go(kDecide, "session defer");
    walk.go(kPrepBegin);  // all the same, without a plan
    walk.go(kNeedleBegin);
    walk.go(kNeedleZone, "forehead");
    walk.go(kNeedleZone, "neck");
    walk.go(kFinishBegin);
    const std::vector<Remark> remarks = walk.treatment.remarks();
    EXPECT_THAT(remarks, Contains(Remark{"skipped", "plan"}));
    EXPECT_THAT(remarks, Contains(Remark{"own_decision", "defer"}));
    EXPECT_THAT(remarks, Contains(Remark{"zone_not_planned", "neck"}));
    EXPECT_THAT(remarks, Contains(Remark{"zone_not_ended", "forehead"}));
    EXPECT_THAT(remarks, Contains(Remark{"zone_left_out", "chin"}));
    EXPECT_THAT(remarks, Contains(Remark{"item", "Gloves"}));
    EXPECT_THAT(walk.treatment.outcome().missed, ElementsAre("Pregnancy or breastfeeding"));
    EXPECT_FALSE(walk.treatment.outcome().held_off);
}

TEST(Treatment, refuses_what_nobody_could_do_and_is_as_before) {
    Walk walk("visit-kenji-lip");
    EXPECT_THAT(walk.refusal(kConsultAsk, "illness"), HasSubstr("has not begun"));
    walk.go(kConsultBegin);
    const Treatment before = walk.treatment;
    EXPECT_THAT(walk.refusal(kConsultAsk, "horoscope"), HasSubstr("no question"));
    EXPECT_THAT(walk.refusal(kConsultMark, "sore"), HasSubstr("lamp"));
    EXPECT_THAT(walk.refusal(kConsultUnmark, "sore"), HasSubstr("not marked"));
    EXPECT_THAT(walk.refusal(kDecide, "horoscope defer"), HasSubstr("no flag"));
    EXPECT_THAT(walk.refusal(kDecide, "session postpone"), HasSubstr("no action"));
    EXPECT_THAT(walk.refusal(kDecideWait, "soon"), HasSubstr("whole number"));
    EXPECT_THAT(walk.refusal("prep_gloves"), HasSubstr("preparation has not begun"));
    EXPECT_THAT(walk.refusal(kEndPoint, "chin"), HasSubstr("needling has not begun"));
    EXPECT_EQ(walk.treatment, before);
    walk.go(kPlanBegin);
    EXPECT_THAT(walk.refusal(kPlanDepth, "chin deep"), HasSubstr("millimetres"));
    EXPECT_THAT(walk.refusal(kPlanDepth, "chin 4"), HasSubstr("millimetres"));
    EXPECT_THAT(walk.refusal(kPlanIndication, "youth"), HasSubstr("none of the list"));
    walk.go(kPrepBegin);
    EXPECT_THAT(walk.refusal("prep_anaesthetic_off"), HasSubstr("no anaesthetic"));
    walk.go("prep_anaesthetic_on");
    EXPECT_THAT(walk.refusal("prep_anaesthetic_on"), HasSubstr("already"));
    EXPECT_THAT(walk.refusal(kWait, "0"), HasSubstr("whole number"));
    walk.go(kNeedleBegin);
    EXPECT_THAT(walk.refusal(kEndPoint, "chin"), HasSubstr("not been needled"));
    EXPECT_EQ(walk.treatment.back(), Step::preparation);
    walk.go(kNeedleZone, "chin");
    EXPECT_EQ(walk.treatment.back(), std::nullopt);
    EXPECT_THAT(walk.refusal(kConsultBegin), HasSubstr("first needle"));
    walk.go(kFollowBegin);
    EXPECT_THAT(walk.refusal(kNeedleBegin), HasSubstr("gone home"));
}

TEST(Treatment, takes_back_marks_answers_and_reasons) {
    Walk walk("visit-kenji-lip");
    walk.go(kConsultBegin);
    walk.go(kConsultLook, "upper_lip");
    walk.go(kConsultMark, "sore");
    EXPECT_THAT(walk.treatment.known_flags(), ElementsAre("active_infection"));
    walk.go(kConsultUnmark, "sore");
    EXPECT_THAT(walk.treatment.known_flags(), IsEmpty());
    walk.go(kConsultMark, "sore");
    walk.next();
    walk.go(kDecide, "active_infection proceed");
    walk.go(kDecide, "active_infection defer");
    walk.go(kDecideBecause, "active_infection");
    walk.go(kDecideBecause, "pregnancy");
    walk.go(kDecideNotBecause, "pregnancy");
    const Decided answers = decided(walk.treatment.events());
    EXPECT_EQ(answers.actions.at("active_infection"), "defer");
    EXPECT_THAT(answers.because, ElementsAre("active_infection"));
    EXPECT_EQ(walk.treatment.back(), Step::consultation);
    walk.go(kConsultBegin);  // back, for a question forgotten
    EXPECT_EQ(walk.treatment.step(), Step::consultation);
    walk.go(kConsultAsk, "cold_sores");
    EXPECT_THAT(walk.treatment.known_flags(), ElementsAre("herpes_history", "active_infection"));
    EXPECT_EQ(std::count_if(walk.events.begin(), walk.events.end(),
                            [](const ProcedureEvent& event) { return event.name == kConsultFlag; }),
              2)
        << "the patient's flags are told once";
}

TEST(Treatment, the_anaesthetic_s_clock_runs_in_session_time_and_with_waits) {
    Walk walk("visit-anna-lines");
    walk.go(kPrepBegin);
    EXPECT_EQ(walk.treatment.anaesthetic_minutes(walk.now_us), std::nullopt);
    walk.go("prep_anaesthetic_on");
    const uint32_t on_us = walk.now_us;
    EXPECT_EQ(walk.treatment.anaesthetic_minutes(on_us), 0);
    EXPECT_EQ(walk.treatment.anaesthetic_minutes(on_us + kMinute_us - 1), 0);
    EXPECT_EQ(walk.treatment.anaesthetic_minutes(on_us + kMinute_us), 1);
    walk.go(kWait, "24");
    EXPECT_EQ(walk.treatment.anaesthetic_minutes(on_us + kMinute_us), 25);
    walk.now_us = on_us + 7 * kMinute_us - 1'000'000;
    walk.go("prep_anaesthetic_off", "55");  // the clock knows better than who asks
    EXPECT_EQ(walk.events.back().value, "31");
    EXPECT_EQ(walk.treatment.anaesthetic_minutes(walk.now_us), std::nullopt);
}

TEST(Treatment, offers_wrong_products_beside_right_ones_and_names_what_should_come_first) {
    Walk walk("visit-anna-lines");
    walk.go(kPrepBegin);
    auto act = [&](const std::string& event) {
        for (const Act& one : walk.treatment.acts(walk.now_us))
            if (one.event == event) return one;
        ADD_FAILURE() << event;
        return Act{};
    };
    std::vector<std::string> products;
    for (const ActChoice& choice : act("prep_medium").choices) products.push_back(choice.value);
    EXPECT_THAT(products, Contains("vitamin_c"));
    EXPECT_THAT(products, Contains("hydrogel"));
    EXPECT_EQ(act("cartridge_new").unwise, std::vector<std::string>{"Gloves"});
    EXPECT_THAT(act("prep_anaesthetic_off").impossible, HasSubstr("no anaesthetic"));
    walk.go("prep_gloves");
    EXPECT_TRUE(act("cartridge_new").unwise.empty());
    EXPECT_TRUE(act("prep_gloves").done);
}

TEST(Treatment, compares_the_plan_with_the_case_s) {
    Walk walk("visit-anna-lines");
    walk.consult();
    walk.decide("proceed");
    walk.plan();
    EXPECT_THAT(walk.remark_ids(), IsEmpty());
    walk.go(kPlanDepth, "periorbital 1.0");
    walk.go(kPlanWeeks, "1");
    walk.go(kPlanIndication, "stretch_marks");
    walk.prepare();
    EXPECT_THAT(walk.remark_ids(), ElementsAre(kPlanIndication, kPlanWeeks, kPlanDepth));
    EXPECT_THAT(walk.treatment.remarks(), Contains(Remark{kPlanDepth, "periorbital"}));
}

TEST(Treatment, every_act_it_offers_can_be_done_unless_it_says_why_not) {
    for (const char* id : {"visit-anna-lines", "visit-samuel-folds", "demo"}) {
        const Case& practice = patient(id);
        Treatment treatment(practice, lists());
        uint32_t now_us = 0;
        while (!treatment.closed()) {
            ASSERT_TRUE(treatment.act(now_us += 1000, treatment.go_on().event)) << id;
            for (const Act& one : treatment.acts(now_us)) {
                std::string value = one.subject;
                const std::string choice = !one.choices.empty() ? one.choices.front().value : one.figure ? "2" : "";
                if (!choice.empty()) value += (value.empty() ? "" : " ") + choice;
                Treatment trial = treatment;
                EXPECT_EQ(static_cast<bool>(trial.act(now_us, one.event, value)), one.impossible.empty())
                    << id << ": " << one.event << " " << value;
            }
        }
        EXPECT_EQ(treatment.go_on().event, "");
    }
}

TEST(Treatment, takes_no_harm_from_events_that_it_does_not_know) {
    Walk walk("visit-anna-lines");
    walk.go("traction_begin", "0 0 0 1 0 0");
    walk.go("depth_mm", "0.5");
    EXPECT_EQ(walk.treatment.step(), Step::consultation);
    const Treatment odd = Treatment::rebuild(walk.practice, lists(),
                                             std::vector<ProcedureEvent>{{0, kSessionEnd, ""}, {1, kConsultBegin, ""}, {2, "x", ""}});
    EXPECT_TRUE(odd.closed());
    EXPECT_FALSE(odd.begun(Step::consultation));
}

}  // namespace
}  // namespace training
