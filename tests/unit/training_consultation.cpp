#include "training/core/consultation.h"

#include "tests/scenarios/places.h"
#include "training/core/case.h"
#include "training/core/screening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace training {
namespace {

namespace fs = base::fs;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kStart = "version = 1\nid = \"x\"\nname = \"X\"\nface = \"pad-flat\"\nzones = [\"pad\"]\n";
const std::string kRecord = "[record]\nage = 30\nsex = \"female\"\nwish = \"W\"\n";
const std::string kDecision = "[decision]\nactions = \"defer\"\nexplain = \"E\"\nsource = \"S\"\ntag = \"A\"\n";

std::string refusal(const std::string& text) {
    base::Result<Case> read = parse_case(text, "a.toml");
    return read ? "read" : read.error().message;
}

Case read(const std::string& text) {
    base::Result<Case> made = parse_case(text, "a.toml");
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made ? *made : Case{};
}

TEST(Consultation, is_read_from_the_tables_of_a_case) {
    const Consultation talk =
        read(kStart + kRecord +
             "medicines = \"none\"\n"
             "[[question]]\nid = \"pregnancy\"\nanswer = \"Yes\"\nflag = \"pregnancy\"\n"
             "[[question]]\nid = \"own\"\nask = \"Why?\"\nanswer = \"So\"\n"
             "[[finding]]\nid = \"sore\"\nzone = \"pad\"\ncondition = \"cold_sore\"\nwords = \"A sore\"\nflag = \"active_infection\"\n"
             "[[finding]]\nid = \"bruise\"\nzone = \"pad\"\nwords = \"A bruise\"\n"
             "[decision]\nactions = \"defer refer\"\nwait_days = [14, 90]\nwait_basis = \"B\"\nexplain = \"E\"\nsource = \"S\"\ntag = \"A\"\n"
             "[follow_up]\nwords = \"Well\"\n")
            .consultation;
    EXPECT_EQ(talk.record->age, 30);
    EXPECT_EQ(talk.record->medicines, "none");
    EXPECT_EQ(talk.question("own")->ask, "Why?");
    EXPECT_THAT(talk.flags(), ElementsAre("pregnancy", "active_infection"));
    EXPECT_EQ(talk.finding_at("pad", "cold_sore")->id, "sore");
    EXPECT_EQ(talk.finding_at("pad", "")->id, "bruise");
    EXPECT_EQ(talk.finding_at("pad", "mole"), nullptr);
    EXPECT_EQ(talk.finding_at("chin", ""), nullptr);
    EXPECT_TRUE(talk.decision->allows("refer") && !talk.decision->allows("refuse") && !talk.decision->treats());
    EXPECT_TRUE(talk.decision->wait_days->holds(14) && talk.decision->wait_days->holds(90) && !talk.decision->wait_days->holds(13));
    EXPECT_EQ(talk.follow_up, "Well");
}

TEST(Consultation, plan_keeps_depths_by_kind_of_zone) {
    const Consultation talk =
        read(kStart + kRecord + "[decision]\nactions = \"proceed\"\nexplain = \"E\"\nsource = \"S\"\ntag = \"A\"\n" +
             "[plan]\nindication = \"texture\"\ncartridge = \"12-pin\"\npasses = 3\nsessions = [3, 4]\nweeks = [4, 6]\n"
             "source = \"S\"\ntag = \"A\"\n[plan.depth_mm]\ncheek = [0.5, 0.75]\n")
            .consultation;
    EXPECT_EQ(talk.plan->depth("cheek")->least_um, 500);
    EXPECT_EQ(talk.plan->depth("cheek")->most_um, 750);
    EXPECT_EQ(talk.plan->depth("chin"), nullptr);
    EXPECT_EQ(talk.plan->sessions.most, 4);
}

TEST(Consultation, mistakes_are_told_with_file_line_and_column) {
    EXPECT_THAT(refusal(kStart + "[record]\nage = \"old\"\n"), HasSubstr("a.toml:7:7: age"));
    EXPECT_THAT(refusal(kStart + kRecord + "shoe_size = 38\n"), HasSubstr("a.toml:10:13: unknown key 'shoe_size'"));
    EXPECT_THAT(refusal(kStart + "[[question]]\nid = \"a b\"\nanswer = \"\"\n"), HasSubstr("a.toml:7:6: id"));
    EXPECT_THAT(refusal(kStart + "[[question]]\nid = \"a\"\nanswer = \"\"\n[[question]]\nid = \"a\"\nanswer = \"\"\n"),
                HasSubstr("a.toml:10:6: id: 'a' is taken"));
    EXPECT_THAT(refusal(kStart + "[[finding]]\nid = \"a\"\nwords = \"W\"\n"), HasSubstr("a.toml:6:1: zone: missing"));
    EXPECT_THAT(refusal(kStart + kRecord + "[decision]\nactions = \"postpone\"\nexplain = \"E\"\nsource = \"S\"\ntag = \"A\"\n"),
                HasSubstr("a.toml:11:11: actions: no action 'postpone'"));
    EXPECT_THAT(refusal(kStart + kRecord + kDecision + "wait_days = [9, 3]\nwait_basis = \"B\"\n"), HasSubstr("a.toml:15:13: wait_days"));
    EXPECT_THAT(refusal(kStart + kRecord + kDecision + "wait_days = [3, 9]\n"), HasSubstr("wait_basis: missing"));
    EXPECT_THAT(refusal(kStart + kDecision), HasSubstr("record: missing"));
    EXPECT_THAT(refusal(kStart + kRecord + "[decision]\nactions = \"caution\"\nexplain = \"E\"\nsource = \"S\"\ntag = \"A\"\n"),
                HasSubstr("plan: missing"));
    EXPECT_THAT(refusal("record = 3\n" + kStart), HasSubstr("a.toml:1:10: record"));
    EXPECT_THAT(refusal(kStart + "[question]\nid = \"a\"\n"), HasSubstr("question"));
}

TEST(Consultation, names_that_the_lists_do_not_have_are_told_with_their_place) {
    const Procedure lists = *Procedure::load(scenarios::source_places());
    auto checked = [&](const std::string& tables) {
        base::Status known = check_consultation(read(kStart + tables).consultation, lists);
        return known ? std::string("known") : known.error().message;
    };
    EXPECT_EQ(checked("[[question]]\nid = \"pregnancy\"\nanswer = \"No\"\n"), "known");
    EXPECT_THAT(checked("[[question]]\nid = \"pregnancy\"\nanswer = \"Yes\"\nflag = \"pregnant\"\n"),
                HasSubstr("a.toml:9:8: flag: no flag 'pregnant' in procedure.toml; there are active_infection"));
    EXPECT_THAT(checked("[[question]]\nid = \"dogs\"\nanswer = \"Two\"\n"), HasSubstr("a.toml:7:6: question 'dogs'"));
    EXPECT_THAT(checked("[[finding]]\nid = \"f\"\nzone = \"pad\"\nwords = \"W\"\nflag = \"x\"\n"), HasSubstr("a.toml:10:8"));
}

TEST(Consultation, of_every_shipped_case_names_what_exists_and_decides_as_its_flags_ask) {
    const base::Places places = scenarios::source_places();
    const Procedure lists = *Procedure::load(places);
    const std::vector<face::ConditionKind> kinds = *face::load_condition_kinds(places);
    size_t decided_cases = 0;
    const std::vector<Case> cases = *list_cases(places);
    for (const Case& practice : cases) {
        const Consultation& talk = practice.consultation;
        base::Status known = check_consultation(talk, lists);
        EXPECT_TRUE(known) << practice.id << ": " << (known ? "" : known.error().message);
        for (const CaseFinding& finding : talk.findings)
            EXPECT_TRUE(finding.condition.empty() || std::any_of(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.id == finding.condition; }))
                << practice.id << ": " << finding.condition;
        if (!talk.decision) continue;
        ++decided_cases;
        EXPECT_THAT(talk.decision->tag, testing::MatchesRegex("F1|F2|K-[hml]|A|D")) << practice.id;
        const std::vector<const ScreeningFlag*> flags = flags_of(lists, &talk, {});
        for (const std::string& action : talk.decision->actions)
            EXPECT_TRUE(session_is_right(flags, action)) << practice.id << ": " << action;
        if (!talk.plan) continue;
        for (const std::string& zone : practice.zones) {
            std::string kind = zone.substr(0, zone.find("_left"));
            kind = kind.substr(0, kind.find("_right"));
            EXPECT_NE(talk.plan->depth(kind), nullptr) << practice.id << ": " << zone;
        }
    }
    EXPECT_GE(decided_cases, 15u);
}

class CaseFolder : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "evenhand-cases-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        places_.data = name;
        fs::create_directory(places_.data / "cases");
        put("first", kStart);
    }
    void TearDown() override { fs::remove_all(places_.data); }
    void put(const std::string& id, const std::string& text) {
        EXPECT_TRUE(base::write_file(places_.data / "cases" / (id + ".toml"), std::string_view(text)));
    }
    base::Places places_;
};

TEST_F(CaseFolder, shows_a_case_that_was_put_there_at_once) {
    EXPECT_EQ(list_cases(places_)->size(), 1u);
    put("second", "version = 1\nid = \"second\"\nname = \"Second\"\nface = \"pad-flat\"\nzones = [\"pad\"]\n" + kRecord + kDecision);
    base::Result<std::vector<Case>> cases = list_cases(places_);
    ASSERT_EQ(cases->size(), 2u);
    EXPECT_EQ(cases->back().id, "second");
    EXPECT_TRUE(cases->back().consultation.decision);
}

TEST_F(CaseFolder, tells_of_a_broken_case_and_lists_the_rest) {
    put("broken", "version = 1\nid = \"broken\"\nname = 3\n");
    EXPECT_FALSE(list_cases(places_));
    std::vector<base::Error> problems;
    base::Result<std::vector<Case>> cases = list_cases(places_, &problems);
    ASSERT_TRUE(cases);
    EXPECT_EQ(cases->size(), 1u);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_THAT(problems[0].message, HasSubstr("broken.toml:1:1: zones: missing"));
}

TEST_F(CaseFolder, tells_of_a_case_that_names_a_flag_which_no_list_has) {
    fs::copy(scenarios::source_places().data / "procedure.toml", places_.data / "procedure.toml");
    put("odd", kStart + "[[question]]\nid = \"pregnancy\"\nanswer = \"Yes\"\nflag = \"pregnant\"\n");
    std::vector<base::Error> problems;
    EXPECT_EQ(list_cases(places_, &problems)->size(), 1u);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_THAT(problems[0].message, HasSubstr("odd.toml:9:8: flag: no flag 'pregnant'"));
}

}  // namespace
}  // namespace training
