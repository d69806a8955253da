#include "engine/base/files.h"
#include "engine/base/hash.h"
#include "engine/base/png.h"
#include "engine/base/toml.h"
#include "engine/base/user_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <clocale>
#include <csignal>
#include <fstream>

namespace {

using testing::HasSubstr;
namespace fs = base::fs;

class Files : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "evenhand-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { fs::remove_all(folder_); }
    fs::path write(const std::string& name, const std::string& bytes) {
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
        return folder_ / name;
    }
    fs::path folder_;
};

TEST_F(Files, WhatWasWrittenIsRead) {
    ASSERT_TRUE(base::write_file(folder_ / "a.txt", std::string_view("häm")));
    EXPECT_EQ(*base::read_text(folder_ / "a.txt"), "häm");
    ASSERT_TRUE(base::write_file(folder_ / "a.txt", std::string_view("new")));
    EXPECT_EQ(*base::read_text(folder_ / "a.txt"), "new");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

/// A variable of the environment for as long as this lives.
class Variable {
  public:
    Variable(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        value ? ::setenv(name, value, 1) : ::unsetenv(name);
    }
    ~Variable() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }
    Variable(const Variable&) = delete;

  private:
    const char* name_;
    std::optional<std::string> before_;
};

TEST(UserFolder, IsWhatWasChosenElseTheDesktopsElseInHome) {
    const auto folder = [](base::UserFolder kind) { return base::user_folder(kind, "EVENHAND_TEST_FOLDER", "evenhand/things"); };
    const Variable none("EVENHAND_TEST_FOLDER", nullptr), data("XDG_DATA_HOME", nullptr), config("XDG_CONFIG_HOME", "/settings"),
        cache("XDG_CACHE_HOME", ""), home("HOME", "/home/me");
    EXPECT_EQ(folder(base::UserFolder::data), "/home/me/.local/share/evenhand/things");
    EXPECT_EQ(folder(base::UserFolder::config), "/settings/evenhand/things");
    EXPECT_EQ(folder(base::UserFolder::cache), "/home/me/.cache/evenhand/things") << "an empty variable is none";
    const Variable chosen("EVENHAND_TEST_FOLDER", "/mine");
    EXPECT_EQ(folder(base::UserFolder::config), "/mine");
    const Variable again("EVENHAND_TEST_FOLDER", nullptr), homeless("HOME", nullptr);
    EXPECT_EQ(folder(base::UserFolder::data), "") << "never somewhere below the present folder";
}

TEST_F(Files, RefusalsSayWhatAndWhere) {
    EXPECT_THAT(base::read_text(folder_ / "none").error().message, HasSubstr("no such file"));
    EXPECT_THAT(base::read_text(folder_).error().message, HasSubstr("is a folder"));
    EXPECT_THAT(base::read_text(write("empty", "")).error().message, HasSubstr("is empty"));
    EXPECT_THAT(base::read_text(write("latin", "ab\xe9z")).error().message, HasSubstr("latin:1:3: is not UTF-8"));
    EXPECT_THAT(base::read_text(write("overlong", "\xc0\xaf")).error().message, HasSubstr("overlong:1:1: "));
    EXPECT_THAT(base::read_text(write("surrogate", "a\n\xed\xa0\x80")).error().message, HasSubstr("surrogate:2:1: "));
    EXPECT_THAT(base::read_file(write("big", std::string(100, 'x')), 10).error().message, HasSubstr("larger than"));
    EXPECT_THAT(base::write_file(folder_ / "no/such/file", std::string_view("x")).error().message,
                HasSubstr("cannot write"));
}

TEST_F(Files, AByteOrderMarkIsDropped) {
    EXPECT_EQ(*base::read_text(write("bom", "\xef\xbb\xbf" "abc")), "abc");
}

TEST_F(Files, a_place_that_cannot_be_looked_at_is_refused_in_a_sentence) {
    base::fs::create_symlink("loop", folder_ / "loop");
    for (const base::fs::path& place : {folder_ / std::string(300, 'x'), folder_ / "loop" / "a.txt"}) {
        EXPECT_THAT(base::write_file(place, std::string_view("x")).error().message, HasSubstr("cannot write "));
        EXPECT_THAT(base::check_writable(place).error().message, HasSubstr("cannot write "));
    }
}

TEST_F(Files, AFullDeviceIsToldAndStaysADevice) {
    EXPECT_THAT(base::write_file("/dev/full", std::string_view("x")).error().message, HasSubstr("No space left"));
    EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(Files, AWriteThatFailsHalfWayKeepsTheOldFileAndLeavesNothingElse) {
    ASSERT_TRUE(base::write_file(folder_ / "a.txt", std::string_view("old")));
    // A limit on file size fails the write where a full disk does.
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit small{1000, before.rlim_max};
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &small);
    base::Status status = base::write_file(folder_ / "a.txt", std::string(100000, 'x'));
    ::setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_THAT(status.error().message, HasSubstr("nothing was left behind"));
    EXPECT_EQ(*base::read_text(folder_ / "a.txt"), "old");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

TEST(Numbers, AreReadInEveryLocaleWithAPoint) {
    std::setlocale(LC_ALL, "de_DE.UTF-8");
    EXPECT_EQ(*base::parse_number("0.5"), 0.5);
    EXPECT_FALSE(base::parse_number("0,5"));
    EXPECT_FALSE(base::parse_number("nan"));
    EXPECT_FALSE(base::parse_number("inf"));
    EXPECT_FALSE(base::parse_number(""));
    EXPECT_FALSE(base::parse_number("1x"));
    std::setlocale(LC_ALL, "C");
}

TEST(Sha256, MatchesThePublishedVectors) {
    // FIPS 180-4, "abc"
    EXPECT_EQ(base::sha256("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(base::sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    base::Hasher one, two;
    EXPECT_NE(one.text("ab").text("c").finish(), two.text("a").text("bc").finish());
}

TEST(Png, SurvivesARoundTrip) {
    base::Image image{3, 2, {}};
    for (int i = 0; i < 24; ++i) image.rgba.push_back(static_cast<uint8_t>(i * 10));
    base::Result<base::Image> back = base::decode_png(base::encode_png(image), "test");
    ASSERT_TRUE(back);
    EXPECT_EQ(back->width, 3u);
    EXPECT_EQ(back->rgba, image.rgba);
    EXPECT_FALSE(base::decode_png(std::vector<uint8_t>{1, 2, 3}, "test"));
}

TEST_F(Files, TomlMistakesNameLineAndColumn) {
    EXPECT_THAT(base::read_toml(write("bad.toml", "a = 1\nb = = 2\n")).error().message, HasSubstr("bad.toml:2:"));
    base::Result<toml::table> table = base::read_toml(write("ok.toml", "a = 1\nb = \"x\"\nc = nan\nd = 3\n"));
    ASSERT_TRUE(table);
    base::TomlReader reader(*table, "ok.toml");
    EXPECT_EQ(reader.integer("a", 0, 5), 1);
    EXPECT_EQ(reader.text("b"), "x");
    EXPECT_THAT(reader.status().error().message, HasSubstr("unknown key"));
    reader.number("c", 0, 1);
    EXPECT_THAT(reader.status().error().message, HasSubstr("ok.toml:3:"));
    base::TomlReader missing(*table, "ok.toml");
    missing.number("zz", 0, 1);
    EXPECT_THAT(missing.status().error().message, HasSubstr("zz: missing"));
}

TEST(Toml, EveryMistakeOfSyntaxIsToldWithItsPlace) {
    const std::string text =
        "version = 1\n"             // 1
        "name = \"never closed\n"    // 2
        "good = 3\n"                // 3
        "worse = = 4\n"             // 4
        "[table\n"                  // 5: keys below are not those above again
        "version = 2\n"             // 6
        "good = [1, 2\n"            // 7: told on 8, where the array cannot go on
        "number = 12,5\n"           // 8: one mistake a line
        "list = [\n"                // 9
        "  1,\n"                    // 10
        "  two,\n"                  // 11
        "]\n"                       // 12
        "number = 1\n"              // 13
        "number = 2\n";             // 14: again
    std::vector<std::string> places;
    for (const base::Error& mistake : base::toml_mistakes(text, "r.toml")) {
        const size_t end = mistake.message.find(": ");
        ASSERT_NE(end, std::string::npos) << mistake.message;
        places.push_back(mistake.message.substr(0, mistake.message.find(':', mistake.message.find(':') + 1)));
        EXPECT_GT(mistake.message.size(), end + 10);
    }
    EXPECT_THAT(places, testing::ElementsAre("r.toml:2", "r.toml:4", "r.toml:5", "r.toml:8", "r.toml:11",
                                             "r.toml:14"));
    EXPECT_TRUE(base::toml_mistakes("a = 1\n[b]\na = 2\n", "r.toml").empty());
    EXPECT_EQ(base::toml_mistakes(text, "r.toml").front().message, base::parse_toml(text, "r.toml").error().message);
}

TEST(Toml, MistakesEndAtTwentyAndWhereNothingFollowsThatCanBeTold) {
    std::string many;
    for (int i = 0; i < 100; ++i) many += "= 3\n";
    EXPECT_EQ(base::toml_mistakes(many, "r.toml").size(), 20u);
    std::string open = "text = \"\"\"\n";
    for (int i = 0; i < 100; ++i) open += "one = 1\n";
    EXPECT_EQ(base::toml_mistakes(open, "r.toml").size(), 1u);
    EXPECT_EQ(base::toml_mistakes(std::string(1u << 20, '['), "r.toml").size(), 1u);
}

}  // namespace
