#include "training/core/case.h"

#include "engine/face/zones.h"

#include <gtest/gtest.h>

#include <set>

namespace training {
namespace {

namespace fs = base::fs;

base::Places content() {
    return {fs::path(EVENHAND_SOURCE_DIR) / "content", {}, fs::temp_directory_path()};
}

class CaseFile : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "evenhand-case-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { fs::remove_all(folder_); }

    base::Result<Case> load(const std::string& text) {
        fs::path path = folder_ / "a.toml";
        EXPECT_TRUE(base::write_file(path, text));
        return load_case(content(), path.string());
    }
    std::string refusal(const std::string& text) {
        base::Result<Case> result = load(text);
        return result ? "loaded" : result.error().message;
    }

    fs::path folder_;
};

TEST(Cases, demo_treats_every_treatable_zone_of_the_head_once_in_the_clinical_order) {
    base::Result<Case> demo = load_case(content(), "demo");
    ASSERT_TRUE(demo) << demo.error().message;
    EXPECT_EQ(demo->face, "demo-woman");
    std::set<std::string> unique(demo->zones.begin(), demo->zones.end());
    EXPECT_EQ(unique.size(), demo->zones.size());
    EXPECT_EQ(unique,
              (std::set<std::string>{"forehead", "glabella", "temple_left", "temple_right",
                                     "periorbital_left", "periorbital_right", "nose_dorsum",
                                     "nose_sidewall_left", "nose_sidewall_right", "cheek_left", "cheek_right",
                                     "upper_lip", "chin", "jawline_left", "jawline_right", "neck"}));
    auto place = [&](const char* zone) { return std::find(demo->zones.begin(), demo->zones.end(), zone); };
    const char* order[] = {"forehead", "temple_left",  "nose_dorsum", "cheek_left",      "upper_lip",
                           "chin",     "jawline_left", "neck",        "periorbital_left"};
    for (size_t i = 1; i < std::size(order); ++i) EXPECT_LT(place(order[i - 1]), place(order[i])) << order[i];
}

TEST(Cases, pads_are_treated_whole) {
    for (const char* id : {"pad-flat", "pad-cylinder"}) {
        base::Result<Case> pad = load_case(content(), id);
        ASSERT_TRUE(pad) << pad.error().message;
        EXPECT_EQ(pad->id, id);
        EXPECT_EQ(pad->face, id);
        EXPECT_EQ(pad->zones, std::vector<std::string>{"pad"});
        EXPECT_EQ(pad->text, *base::read_text(content().data / "cases" / (std::string(id) + ".toml")));
    }
}

TEST(Cases, list_is_sorted_and_holds_what_load_finds) {
    base::Result<std::vector<Case>> cases = list_cases(content());
    ASSERT_TRUE(cases) << cases.error().message;
    std::vector<std::string> ids;
    for (const Case& one : *cases) {
        ids.push_back(one.id);
        EXPECT_TRUE(load_case(content(), one.id));
    }
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
    EXPECT_GE(ids.size(), 3u);
}

TEST(Cases, an_unknown_id_is_answered_with_those_that_exist) {
    base::Result<Case> none = load_case(content(), "face-of-nobody");
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("face-of-nobody"), std::string::npos);
    for (const char* known : {" demo, demo-", ", pad-cylinder, pad-flat"})
        EXPECT_NE(none.error().message.find(known), std::string::npos) << none.error().message;
}

TEST(Cases, an_id_cannot_leave_the_folder) {
    for (const char* id :
         {"../rubrics/provisional", "..", "", "demo/../demo", "/etc/passwd", "demo\n", "Demo"})
        EXPECT_FALSE(load_case(content(), id)) << id;
}

TEST_F(CaseFile, a_pad_file_is_that_pad_with_defaults) {
    base::Result<Case> pad = load(
        "version = 1\nid = \"pad-x\"\nkind = \"pad\"\nsize_mm = [120, 120]\n"
        "thickness_mm = 12.5\nstiffness_kpa = 20\npoisson = 0.45\n");
    ASSERT_TRUE(pad) << pad.error().message;
    EXPECT_EQ(pad->id, "pad-x");
    EXPECT_EQ(pad->face, (folder_ / "a.toml").string());
    EXPECT_EQ(pad->zones, std::vector<std::string>{"pad"});
    EXPECT_EQ(pad->device, "pen-12");
    EXPECT_EQ(pad->rubric, "provisional");
}

TEST_F(CaseFile, files_that_a_case_names_lie_beside_it) {
    base::Result<Case> one = load(
        "version = 1\nid = \"x\"\nname = \"X\"\nface = \"pad-x.toml\"\n"
        "device = \"/abs/pen.toml\"\nzones = [\"pad\"]\n");
    ASSERT_TRUE(one) << one.error().message;
    EXPECT_EQ(one->face, (folder_ / "pad-x.toml").string());
    EXPECT_EQ(one->device, "/abs/pen.toml");
}

TEST_F(CaseFile, mistakes_are_told_with_line_and_column) {
    const std::string start = "version = 1\nid = \"x\"\nname = \"X\"\nface = \"pad-flat\"\n";
    EXPECT_EQ(refusal(start + "zones = [\"pad\"]\n"), "loaded");
    EXPECT_NE(refusal(start).find("zones: missing"), std::string::npos);
    EXPECT_NE(refusal(start + "zones = []\n").find("a.toml:5:9: zones"), std::string::npos);
    EXPECT_NE(refusal(start + "zones = [\"pad\", 7]\n").find("a.toml:5:17: zones"), std::string::npos);
    EXPECT_NE(refusal(start + "zones = [\"pad\", \"pad\"]\n").find("names 'pad' twice"), std::string::npos);
    EXPECT_NE(refusal(start + "zones = [\"pad\"]\nzone = 1\n").find("a.toml:6:8: unknown key 'zone'"),
              std::string::npos);
    EXPECT_NE(refusal(start + "zones = [\"pad\"]\nneedling_minutes = 0\n").find("a.toml:6:20"),
              std::string::npos);
    EXPECT_NE(refusal("version = 1\nid = \"../x\"\nname = \"X\"\nface = \"p\"\nzones = [\"pad\"]\n")
                  .find("a.toml:2:6: id"),
              std::string::npos);
    EXPECT_NE(refusal("version = 2\nid = \"x\"\nname = \"X\"\nface = \"p\"\nzones = [\"pad\"]\n")
                  .find("a.toml:1:11"),
              std::string::npos);
    EXPECT_NE(refusal("this is = = not toml").find("a.toml:1:"), std::string::npos);
    EXPECT_FALSE(load_case(content(), (folder_ / "none.toml").string()));
}

TEST_F(CaseFile, conditions_are_read_and_their_mistakes_told_with_line_and_column) {
    const std::string start =
        "version = 1\nid = \"x\"\nname = \"X\"\nface = \"pad-flat\"\nzones = [\"pad\"]\n";
    base::Result<Case> one = load(start +
                                  "[[condition]]\nkind = \"mole\"\nzone = \"pad\"\nat = [1.5, -2]\n"
                                  "[[condition]]\nkind = \"sun_spots\"\nzone = \"pad\"\ncount = 3\nseverity = 1\n");
    ASSERT_TRUE(one) << one.error().message;
    ASSERT_EQ(one->conditions.size(), 2u);
    EXPECT_EQ(one->conditions[0].kind, "mole");
    EXPECT_EQ(*one->conditions[0].at, glm::dvec2(1.5e-3, -2e-3));
    EXPECT_EQ(one->conditions[1].count, 3u);
    EXPECT_EQ(one->conditions[1].severity, 1);
    EXPECT_TRUE(load(start)->conditions.empty());
    EXPECT_NE(refusal(start + "[[condition]]\nkind = \"mole\"\n").find("a.toml:6:1: zone: missing"),
              std::string::npos);
    EXPECT_NE(refusal(start + "[[condition]]\nkind = \"mole\"\nzone = \"pad\"\nat = 3\n").find("a.toml:9:6: at: "),
              std::string::npos);
    EXPECT_NE(refusal("condition = 1\n" + start).find("a.toml:1:13: condition: "), std::string::npos);
}

TEST(Cases, with_conditions_lie_behind_demo_in_the_list) {
    base::Result<std::vector<Case>> cases = list_cases(content());
    ASSERT_TRUE(cases) << cases.error().message;
    int with = 0;
    for (const Case& one : *cases) with += !one.conditions.empty();
    EXPECT_GE(with, 2);
    EXPECT_EQ(cases->front().id, "demo");
}

TEST_F(CaseFile, text_in_memory_reads_as_the_file_does) {
    base::Result<Case> file = load_case(content(), "demo");
    base::Result<Case> text = parse_case(file->text, "demo.toml");
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_EQ(text->zones, file->zones);
    EXPECT_EQ(text->needling_minutes, file->needling_minutes);
}

}  // namespace
}  // namespace training
