// Commands tell what is broken in the content as the window does at its start: file, line and column, once.

#include "tests/scenarios/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace {

namespace fs = std::filesystem;
using scenario::evenhand;
using scenario::Outcome;
using testing::AllOf;
using testing::HasSubstr;

class ContentByCommand : public testing::Test {
  protected:
    void SetUp() override { fs::copy(EVENHAND_SOURCE_DIR "/content", data_, fs::copy_options::recursive); }
    Outcome told(std::vector<std::string> words) {
        words.insert(words.begin(), {"--data", data_.string()});
        return evenhand(words, {{"EVENHAND_DESK", (scratch_ / "desk").string()}, {"EVENHAND_LESSONS", (scratch_ / "lessons").string()}, {"EVENHAND_FACES", (scratch_ / "faces").string()}});
    }
    scenario::Scratch scratch_;
    fs::path data_ = scratch_ / "content";
};

TEST_F(ContentByCommand, ContentCheckTellsEachBrokenFileOnce) {
    Outcome sound = told({"content", "check"});
    EXPECT_EQ(sound.exit, 0) << sound.err;
    EXPECT_THAT(sound.out, HasSubstr(": sound"));
    std::ofstream(data_ / "cases/odd.toml") << "version = 1\nid = \"odd\"\nname = \"Odd\"\nface = \"demo-woman\"\nzones = [\"elbow\"]\n";
    fs::create_directories(scratch_ / "desk/rubrics");
    std::ofstream(scratch_ / "desk/rubrics/mine.toml") << "version = 1\nid =\n";
    const Outcome broken = told({"content", "check"});
    EXPECT_EQ(broken.exit, 2);
    EXPECT_THAT(broken.err, AllOf(HasSubstr("odd.toml:5:10: zones: "), HasSubstr("mine.toml:2:")));
    EXPECT_EQ(std::count(broken.err.begin(), broken.err.end(), '\n'), 2) << broken.err;
}

TEST_F(ContentByCommand, ContentCheckTellsOtherProgramsFileLineColumnAndSentence) {
    using nlohmann::json;
    EXPECT_EQ(json::parse(told({"content", "check", "--json"}).out), json({{"sound", true}, {"mistakes", json::array()}}));
    std::ofstream(data_ / "cases/odd: one.toml") << "version = 1\nid = \"odd: one\"\nname =\n";
    fs::create_directory(data_ / "scopes/caf\xe9.toml");
    const Outcome broken = told({"content", "check", "--json"});
    EXPECT_EQ(broken.exit, 2);
    EXPECT_EQ(broken.err, "");
    const json found = json::parse(broken.out);
    EXPECT_EQ(found.at("sound"), false);
    ASSERT_EQ(found.at("mistakes").size(), 2u) << broken.out;
    const json& odd = found["mistakes"][0];
    EXPECT_EQ(odd.at("file"), (data_ / "cases/odd: one.toml").string());
    EXPECT_EQ(odd.at("line"), 3);
    EXPECT_TRUE(odd.at("column").is_number_unsigned());
    EXPECT_THAT(odd.at("sentence").get<std::string>(), testing::StartsWith((data_ / "cases/odd: one.toml").string() + ":3:"));
    const json& folder = found["mistakes"][1];
    EXPECT_EQ(folder.at("file"), (data_ / "scopes").string() + "/caf\uFFFD.toml");
    EXPECT_TRUE(folder.at("line").is_null() && folder.at("column").is_null());
    EXPECT_THAT(folder.at("sentence").get<std::string>(), HasSubstr("is a folder, a file is needed"));
}

TEST_F(ContentByCommand, PerformRefusesACaseThatNamesWhatIsNotThereWithItsLine) {
    std::ofstream(data_ / "cases/odd.toml") << "version = 1\nid = \"odd\"\nname = \"Odd\"\nface = \"pad-flat\"\nzones = [\"pad\"]\ndevice = \"pen-99\"\n";
    const Outcome refused = told({"perform", "--case", "odd", "--operator", "expert", "--seed", "1", "-o", (scratch_ / "s.evh").string()});
    EXPECT_EQ(refused.exit, 2);
    EXPECT_THAT(refused.err, HasSubstr("odd.toml:6:10: device: no device 'pen-99'"));
    EXPECT_FALSE(fs::exists(scratch_ / "s.evh"));
}

TEST_F(ContentByCommand, ContentCheckTellsOfSoundsAndOfTheFiguresOfAVisitToo) {
    std::ofstream(data_ / "sounds.toml", std::ios::app) << "\n[[tone]]\nloud = 7\n";
    std::ofstream(data_ / "visit_figures.toml") << "version = 1\nid = 7\n";
    const Outcome broken = told({"content", "check"});
    EXPECT_EQ(broken.exit, 2);
    EXPECT_THAT(broken.err, AllOf(testing::ContainsRegex("sounds.toml:[0-9]+:"), HasSubstr("visit_figures.toml:2:6: id")));
}

TEST_F(ContentByCommand, ContentCheckTellsOfSoundsAndOfTheFiguresOfAVisitHoweverTheyAreBroken) {
    for (const char* name : {"sounds.toml", "visit_figures.toml"}) {
        const fs::path file = data_ / name;
        const auto expect_told = [&](const std::string& how) {
            const Outcome broken = told({"content", "check"});
            EXPECT_EQ(broken.exit, 2) << how;
            EXPECT_THAT(broken.err, HasSubstr(file.string() + ":")) << how;
            EXPECT_EQ(std::count(broken.err.begin(), broken.err.end(), '\n'), 1) << how << broken.err;
        };
        for (const std::string& bytes : {std::string(), std::string("x = = 3\n"), std::string("version = 1\n\xff\n"), std::string(10 << 20, '\x07')}) {
            std::ofstream(file, std::ios::binary) << bytes;
            expect_told(bytes.substr(0, 20));
        }
        fs::remove(file);
        expect_told("gone");
        fs::create_directory(file);
        expect_told("a folder");
        fs::remove(file);
        fs::copy_file(fs::path(EVENHAND_SOURCE_DIR) / "content" / name, file);
    }
}

TEST_F(ContentByCommand, FaceListTellsOfABrokenFaceAndListsTheRest) {
    std::ofstream(data_ / "faces/broken.toml") << "kind = \"head\"\nid = 3\n";
    const Outcome listed = told({"face", "list"});
    EXPECT_EQ(listed.exit, 2);
    EXPECT_THAT(listed.err, HasSubstr("faces/broken.toml:2:6: id"));
    EXPECT_THAT(listed.out, HasSubstr("demo-woman"));
}

}  // namespace
