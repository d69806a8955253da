#include "training/app/line_breaks.h"

#include <gtest/gtest.h>

namespace app {
namespace {

/// A font of one width: a text of so many letters is so many times as wide.
class LineBreaks : public testing::Test {
  protected:
    void SetUp() override {
        font_ = atlas_.AddFontDefault();
        ASSERT_TRUE(atlas_.Build());
        ASSERT_FLOAT_EQ(font_->GetCharAdvance(0xa0), letter());
    }

    float letter() const { return font_->GetCharAdvance('n'); }

    /// In lines with room for so many letters, and half a one that is no use.
    std::string at(int letters, const std::string& words) const { return in_lines(*font_, words, (static_cast<float>(letters) + 0.5f) * letter()); }

    ImFontAtlas atlas_;
    ImFont* font_ = nullptr;
};

TEST_F(LineBreaks, a_line_ends_at_the_last_blank_that_leaves_room_and_the_blank_is_gone) {
    EXPECT_EQ(at(7, "one two three"), "one two\nthree");
    EXPECT_EQ(at(6, "one two three"), "one\ntwo\nthree");
    EXPECT_EQ(at(13, "one two three"), "one two three");
    EXPECT_EQ(at(5, "one   two"), "one\ntwo");
    EXPECT_EQ(at(3, "one   "), "one");
    EXPECT_EQ(at(0, ""), "");
}

TEST_F(LineBreaks, no_line_begins_with_a_french_mark) {
    for (const char* words : {"Est-il prêt\u00a0? Oui\u00a0: voilà\u00a0; et «\u00a0oui.\u00a0» Vite\u00a0!", "la zone \"lesion\"\u00a0; ôtez «\u00a0a\u00a0»\u00a0: b"})
        for (int letters = 15; letters < 50; ++letters) {
            const std::string lines = at(letters, words);
            for (const char* mark : {"?", ":", ";", "!", "»"}) {
                EXPECT_EQ(lines.find(std::string("\n") + mark), std::string::npos) << lines;
                EXPECT_EQ(lines.find(std::string("\n\u00a0") + mark), std::string::npos) << lines;
            }
            EXPECT_EQ(lines.find("«\n"), std::string::npos) << lines;
        }
}

TEST_F(LineBreaks, a_figure_stays_whole_and_by_its_unit) {
    EXPECT_EQ(at(12, "plus de 1.5\u00a0mm ici"), "plus de\n1.5\u00a0mm ici");
    EXPECT_EQ(at(11, "from 0.25, or 1.5 mm"), "from 0.25,\nor 1.5 mm");
    EXPECT_EQ(at(7, "at 0,25 mm"), "at 0,25\nmm");
}

TEST_F(LineBreaks, only_a_word_without_room_in_any_line_is_cut_and_between_letters) {
    EXPECT_EQ(at(4, "a long-word b"), "a\nlong\n-wor\nd b");
    EXPECT_EQ(at(2, "éàç"), "éà\nç");
    EXPECT_EQ(at(0, "ab"), "a\nb") << "a letter a line where there is room for none";
}

TEST_F(LineBreaks, line_feeds_stay_and_each_line_has_the_whole_width) {
    EXPECT_EQ(at(7, "one\n\ntwo three four"), "one\n\ntwo\nthree\nfour");
    EXPECT_EQ(at(9, "one two\nthree four"), "one two\nthree\nfour");
}

TEST_F(LineBreaks, words_stay_as_they_are_where_no_width_is_given) {
    EXPECT_EQ(in_lines(*font_, "one two three", 0), "one two three");
}

}  // namespace
}  // namespace app
