// Mistakes in the content are found before anybody opens what has them: each with its file, line and column, once, and the rest
// is still there.

#include "engine/face/face_store.h"
#include "tests/content/broken_content.h"
#include "training/core/case_names.h"
#include "training/core/lesson.h"
#include "training/core/session.h"

#include <gmock/gmock.h>

#include <sstream>

namespace training {
namespace {

using content_test::BrokenContent;
namespace fs = base::fs;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string case_text(const std::string& changed) {
    return "version = 1\nid = \"odd\"\nname = \"Odd\"\n" + changed;
}

TEST_F(BrokenContent, SaysNothingOfWhatShips) { EXPECT_THAT(told(), IsEmpty()); }

TEST_F(BrokenContent, TellsOfARubricOfTheContentAndOfOnesOwn) {
    change("rubrics/provisional.toml", "pass_mark = ", "pass_mark == ");
    EXPECT_THAT(told(), ElementsAre(HasSubstr("rubrics/provisional.toml:"))) << "lessons and cases only follow from it";
    fs::remove(places_.data / "rubrics/provisional.toml");
    fs::copy(fs::path(EVENHAND_SOURCE_DIR) / "content/rubrics/provisional.toml", places_.data / "rubrics/provisional.toml");
    put(own_.rubrics / "mine.toml", "version = 1\nid = \"mine\"\nname = 7\n");
    EXPECT_THAT(told(), ElementsAre(HasSubstr("rubrics/mine.toml:")));
}

TEST_F(BrokenContent, TellsOfScopesDevicesFacesConditionsAndLanguagesThatNobodyChose) {
    put(places_.data / "scopes/mars.toml", "version = 1\nid = \"mars\"\nname = \"Mars\"\nsource = \"none\"\ndepth_warn_mm = 9\n");
    put(places_.data / "devices/broken.toml", "version = 1\nid = \"broken\"\nkind = \"hammer\"\n");
    put(places_.data / "faces/broken.toml", "kind = \"head\"\nid = 3\n");
    put(places_.data / "conditions/broken.toml", "version = 1\nid =\n");
    put(places_.data / "locale/fr.toml", "version = 1\n[start]\nrecent = 3\n");
    put(places_.data / "locale/es/cases/demo.toml", "version = 1\nname = 3\n");
    EXPECT_THAT(told(), testing::UnorderedElementsAre(HasSubstr("scopes/mars.toml:5:17: depth_warn_mm"), HasSubstr("devices/broken.toml:"),
                                                      HasSubstr("faces/broken.toml:2:6: id"), HasSubstr("conditions/broken.toml:2:"),
                                                      HasSubstr("locale/fr.toml:3:10: start.recent"), HasSubstr("locale/es/cases/demo.toml:2:8: name")));
}

TEST_F(BrokenContent, TellsOfFacesWhatTheirMakersWouldRefuse) {
    change("faces/demo-man.toml", "age = 41", "age = 410");
    change("faces/pad-small.toml", "version = 1", "version = 1\ncolour = 3");
    change("faces/patient-ama.toml", "kind = \"head\"", "kind = 17");
    change("faces/patient-priya.toml", "id = \"patient-priya\"", "id = \"priya\"");
    EXPECT_THAT(told(), testing::UnorderedElementsAre(HasSubstr("faces/demo-man.toml:9:7: age"), HasSubstr("faces/pad-small.toml:3:10: unknown key 'colour'"),
                                                      HasSubstr("faces/patient-ama.toml:4:8: kind"), HasSubstr("faces/patient-priya.toml:5:6: id: \"priya\" must be the file's own name")));
}

TEST_F(BrokenContent, TellsOfWhatAllHeadsAreMadeFrom) {
    for (const char* file : {"faces/tissue.toml", "faces/head/zones.toml", "faces/head/bone_depth.toml"}) {
        change(file, "version = 1", "version = 7");
        EXPECT_THAT(told(), ElementsAre(testing::ContainsRegex(std::string(file) + ":[0-9]+:11: version"))) << file;
        change(file, "version = 7", "version = 1");
    }
}

TEST_F(BrokenContent, TellsOfAdviceInEveryLanguage) {
    change("advice.toml", "[screening]", "[screeming]");
    change("locale/es/advice.toml", "version = 1", "version = 1 2");
    EXPECT_THAT(told(), testing::UnorderedElementsAre(testing::ContainsRegex("content/advice.toml:[0-9]+:1: screeming"), HasSubstr("es/advice.toml:2:")));
}

TEST_F(BrokenContent, TellsOfPlacesInWordsThatNothingFills) {
    change("locale/fr.toml", "{count} fichiers des contenus", "{nombre} fichiers des contenus");
    change("locale/es.toml", "Errores en los contenidos: {count}", "Errores en los contenidos: {count");
    change("locale/refusals/es.toml", "\"{}: is empty\" = \"{}: ", "\"{}: is empty\" = \"{}{}: ");
    change("locale/en.toml", "version = 1", "version = 2");
    EXPECT_THAT(told(), testing::UnorderedElementsAre(AllOf(testing::ContainsRegex("fr.toml:[0-9]+:[0-9]+: content.many: "), HasSubstr("{count}, {mistake}")),
                                                      testing::ContainsRegex("locale/es.toml:[0-9]+:[0-9]+: content.title: "), testing::ContainsRegex("refusals/es.toml:[0-9]+:[0-9]+: the places"),
                                                      testing::ContainsRegex("en.toml:[0-9]+:11: version")));
}

TEST_F(BrokenContent, ALessonIsNoMistakeBecauseTheNextOneIsBroken) {
    change("lessons/one-row.toml", "order = ", "order = -");
    EXPECT_THAT(told(), ElementsAre(testing::ContainsRegex("one-row.toml:[0-9]+:9: order")));
}

TEST_F(BrokenContent, ABrokenConditionCostsNoCaseButThoseThatHaveIt) {
    put(places_.data / "conditions/broken.toml", "version = 1\nid =\n");
    std::vector<base::Error> problems, broken;
    const size_t sound = list_cases(places_, &problems)->size();
    EXPECT_THAT(problems, IsEmpty());
    EXPECT_EQ(sound, static_cast<size_t>(std::distance(fs::directory_iterator(places_.data / "cases"), {})));
    const std::vector<face::ConditionKind> kinds = *face::load_condition_kinds(places_, &broken);
    EXPECT_EQ(broken.size(), 1u);
    EXPECT_NE(std::ranges::find(kinds, "mole", &face::ConditionKind::id), kinds.end());
    face::Condition condition;
    condition.kind = "broken";
    condition.zone = "pad";
    const auto made = face::load(places_, "pad-small", {}, 0, {&condition, 1});
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().message, HasSubstr("conditions/broken.toml:2:"));
}

TEST_F(BrokenContent, NamesThePlaceOfBytesThatAreNoTextAndWhatIsTooLargeOrNoFile) {
    put(places_.data / "scopes/one.toml", "version = 1\nname = \"caf\xe9\"\n");
    put(places_.data / "devices/two.toml", "version = 1\n" + std::string(10 << 20, '#'));
    put(places_.data / "rubrics/three.toml", "");
    fs::create_directory(places_.data / "cases/four.toml");
    put(places_.data / "locale/fr/cases/demo.toml", std::string(10 << 20, '#'));
    EXPECT_THAT(told(), testing::UnorderedElementsAre(HasSubstr("scopes/one.toml:2:12: is not UTF-8"), AllOf(HasSubstr("devices/two.toml: larger than"), HasSubstr("bytes")),
                                                      HasSubstr("rubrics/three.toml: is empty"), HasSubstr("cases/four.toml: is a folder"), HasSubstr("fr/cases/demo.toml: larger than")));
}

TEST_F(BrokenContent, TellsOfAFileInTheFoldersPlace) {
    put(folder_ / "lessons", "no folder");
    put(folder_ / "rubrics", "no folder");
    fs::remove_all(places_.data / "scopes");
    put(places_.data / "scopes", "no folder");
    EXPECT_THAT(told(), testing::IsSupersetOf({HasSubstr((folder_ / "lessons").string() + ": the folder cannot be read"), HasSubstr((folder_ / "rubrics").string() + ": the folder cannot be read"),
                                               HasSubstr("scopes: the folder cannot be read")}));
}

TEST_F(BrokenContent, TellsWhatACaseNamesThatIsNotThereWithTheLineOfTheName) {
    const auto refused = [&](const std::string& text) {
        put(places_.data / "cases/odd.toml", text);
        const std::vector<std::string> all = told();
        EXPECT_EQ(all.size(), 1u) << testing::PrintToString(all);
        return all.empty() ? std::string() : all.front();
    };
    EXPECT_THAT(refused(case_text("face = \"nobody\"\nzones = [\"forehead\"]\n")), AllOf(HasSubstr("odd.toml:4:8: face: "), HasSubstr("\"nobody\""), HasSubstr("demo-woman")));
    EXPECT_THAT(refused(case_text("face = \"demo-woman\"\nzones = [\"forehead\",\n  \"elbow\"]\n")), AllOf(HasSubstr("odd.toml:6:3: zones: "), HasSubstr("\"elbow\""), HasSubstr("glabella")));
    EXPECT_THAT(refused(case_text("face = \"demo-woman\"\nzones = [\"nostril\"]\n")), HasSubstr("odd.toml:5:10: zones: 'nostril' is never needled"));
    EXPECT_THAT(refused(case_text("face = \"pad-flat\"\nzones = [\"forehead\"]\n")), HasSubstr("odd.toml:5:10: zones: the face 'pad-flat' has no zone \"forehead\"; give one of pad"));
    EXPECT_THAT(refused(case_text("face = \"pad-flat\"\nzones = [\"pad\"]\ndevice = \"pen-99\"\n")), AllOf(HasSubstr("odd.toml:6:10: device: no device 'pen-99'"), HasSubstr("roller-192")));
    EXPECT_THAT(refused(case_text("face = \"pad-flat\"\nzones = [\"pad\"]\nrubric = \"mine.toml\"\n")), HasSubstr("mine.toml: no such file"));
    EXPECT_THAT(refused(case_text("face = \"pad-flat\"\nzones = [\"pad\"]\nrubric = \"strict\"\n")), HasSubstr("odd.toml:6:10: rubric: no rubric 'strict'"));
    EXPECT_THAT(refused(case_text("face = \"pad-flat\"\nzones = [\"pad\"]\nscope = \"mars\"\n")), HasSubstr("odd.toml:6:9: scope: no scope of practice 'mars'"));
    EXPECT_THAT(refused(case_text("face = \"demo-woman\"\nzones = [\"chin\"]\n[[condition]]\nkind = \"horns\"\nzone = \"chin\"\n")), HasSubstr("odd.toml:7:8: kind: "));
    EXPECT_THAT(refused(case_text("face = \"demo-woman\"\nzones = [\"chin\"]\n[[condition]]\nkind = \"mole\"\nzone = \"elbow\"\n")), HasSubstr("odd.toml:8:8: zone: "));
    std::vector<base::Error> problems;
    EXPECT_GT(list_cases(places_, &problems)->size(), 20u) << "the rest is there";
    EXPECT_EQ(problems.size(), 1u);
}

TEST_F(BrokenContent, RefusesSuchACaseBeforeAnythingIsBakedForIt) {
    put(places_.data / "cases/odd.toml", case_text("face = \"demo-woman\"\nzones = [\"elbow\"]\n"));
    size_t steps = 0;
    const auto stage = load_stage(places_, "odd", {}, [&](std::string_view, double) { ++steps; });
    ASSERT_FALSE(stage);
    EXPECT_THAT(stage.error().message, HasSubstr("odd.toml:5:10: zones: "));
    EXPECT_EQ(steps, 0u);
}

TEST_F(BrokenContent, TellsWhatALessonNamesThatIsNotThere) {
    const auto refused = [&](const std::string& from, const std::string& to) {
        change("lessons/one-row.toml", from, to);
        const std::vector<std::string> all = told();
        fs::copy_file(fs::path(EVENHAND_SOURCE_DIR) / "content/lessons/one-row.toml", places_.data / "lessons/one-row.toml", fs::copy_options::overwrite_existing);
        std::string joined;
        for (const std::string& one : all) joined += one + "\n";
        return joined;
    };
    EXPECT_THAT(refused("case = \"", "case = \"x"), testing::ContainsRegex("one-row.toml:[0-9]+:8: case: no case 'x"));
    EXPECT_THAT(refused("\n[task]", "\ndevice = \"pen-99\"\n[task]"), testing::ContainsRegex("one-row.toml:[0-9]+:10: device: no device 'pen-99'"));
    EXPECT_THAT(refused("criterion = \"", "criterion = \"x"), testing::ContainsRegex("one-row.toml:[0-9]+:13: criterion: the rubric 'provisional' has no line 'x"));
}

TEST_F(BrokenContent, ListsNoLessonWhoseCaseCannotBeOpened) {
    put(places_.data / "cases/odd.toml", case_text("face = \"nobody\"\nzones = [\"pad\"]\n"));
    std::string text = *base::read_text(places_.data / "lessons/one-row.toml");
    const size_t at = text.find("case = \""), end = text.find('\n', at);
    put(places_.data / "lessons/one-row.toml", text.replace(at, end - at, "case = \"odd\""));
    std::vector<base::Error> problems;
    const std::vector<Lesson> lessons = list_lessons(places_, {}, problems);
    EXPECT_EQ(find_lesson(lessons, "one-row"), nullptr);
    EXPECT_THAT(problems.front().message, AllOf(HasSubstr("one-row.toml:"), HasSubstr("case: "), HasSubstr("\"nobody\"")));
}

/// Of "{name}.toml" all texts but the last are kept.
void drop_last_text(const fs::path& file) {
    std::string text = *base::read_text(file);
    text.erase(text.find_last_not_of('\n') + 1);
    text.erase(text.rfind('\n') + 1);
    ASSERT_TRUE(base::write_file(file, std::string_view(text)));
}

TEST_F(BrokenContent, TellsWhichTranslationsAreGoneAndOfAWholeFolderOnce) {
    const fs::path locale = places_.data / "locale";
    fs::remove(locale / "es/cases/demo.toml");
    fs::remove(locale / "refusals/es.toml");
    fs::remove_all(locale / "fr/lessons");
    EXPECT_THAT(told(), testing::UnorderedElementsAre(HasSubstr("locale/es/cases/demo.toml: is not there"), HasSubstr("locale/refusals/es.toml: is not there"),
                                                      HasSubstr("locale/fr/lessons: is not there")));
    const auto demo = load_case(places_, "demo");
    EXPECT_TRUE(demo);
    fs::remove(locale / "es.toml");
    EXPECT_THAT(told(), testing::UnorderedElementsAre(HasSubstr("locale/es.toml: no such file, so this language cannot be chosen"), HasSubstr("locale/fr/lessons: is not there")));
}

TEST_F(BrokenContent, TellsOfATranslationThatLacksTexts) {
    drop_last_text(places_.data / "locale/es/cases/demo.toml");
    drop_last_text(places_.data / "locale/fr.toml");
    EXPECT_THAT(told(), testing::UnorderedElementsAre(testing::ContainsRegex("es/cases/demo.toml: lacks 1 of [0-9]+ texts of "), testing::ContainsRegex("locale/fr.toml: lacks 1 of [0-9]+ texts, the first ")));
}

TEST_F(BrokenContent, NoTranslationIsMissedOfWhatIsNotThereOrOnesOwn) {
    put(places_.data / "cases/own.toml", case_text("face = \"pad-flat\"\nzones = [\"pad\"]\n"));
    for (const char* language : {"es", "fr"}) fs::remove(places_.data / "locale" / language / "scopes/arizona.toml");
    fs::remove(places_.data / "scopes/arizona.toml");
    EXPECT_THAT(told(), IsEmpty());
}

TEST(MistakePlaces, AreReadOutOfTheSentence) {
    const auto place = [](const std::string& sentence) {
        const MistakePlace found = place_of({sentence});
        return fmt::format("{}|{}|{}", found.file, found.line.value_or(0), found.column.value_or(0));
    };
    EXPECT_EQ(place("/no/a.toml:3:8: id: must be so"), "/no/a.toml|3|8");
    EXPECT_EQ(place("/no/a.csv:3: is no number"), "/no/a.csv|3|0");
    EXPECT_EQ(place("/no/a.toml: is empty"), "/no/a.toml|0|0");
    EXPECT_EQ(place("/no/10:30/a.toml:7:1: x"), "/no/10:30/a.toml|7|1");
    EXPECT_EQ(place("no device 'x': none"), "|0|0");
    EXPECT_EQ(place("all is lost"), "|0|0");
}

}  // namespace
}  // namespace training
