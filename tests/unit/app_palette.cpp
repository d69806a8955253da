// The colours that verdicts, faults and states have in the window, to eyes of every kind: told apart by hue or lightness with each
// of the three common colour-vision deficiencies. In grey they are not (amber is hardly lighter than blue), and need not be: each has a
// shape of its own, and on the timeline a place.

#include "tests/scenarios/colour_vision.h"
#include "tests/scenarios/drawing.h"
#include "training/app/marks.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace {

using app::Mark;
using namespace colour_vision;

constexpr Mark kVerdicts[] = {Mark::target, Mark::warning, Mark::beyond, Mark::critical};
constexpr Mark kMarks[] = {Mark::target, Mark::warning, Mark::beyond, Mark::critical, Mark::open, Mark::none};

glm::dvec3 colour_of(ImU32 shade) {
    return glm::dvec3(shade & 255, shade >> 8 & 255, shade >> 16 & 255) / 255.0;
}

TEST(Palette, VerdictsAreDifferentColoursToEyesOfEveryKind) {
    for (const Eyes& eyes : kEyes) {
        double least = 1e9;
        for (const Mark a : kVerdicts)
            for (const Mark b : kVerdicts)
                if (a != b) least = std::min(least, difference(eyes, colour_of(app::mark_colour(a)), colour_of(app::mark_colour(b))));
        RecordProperty(std::string("least_difference_") + eyes.name, fmt::format("{:.1f}", least));
        EXPECT_GE(least, kDistinct) << eyes.name;
    }
}

TEST(Palette, MarksAndTextStandOutFromAllThatTheyStandOn) {
    for (const Eyes& eyes : kEyesAndGrey)
        for (const ImU32 ground : {app::colour::kPanel, app::colour::kCard}) {
            const double below = seen_luminance(eyes, colour_of(ground));
            for (const Mark mark : kMarks)
                EXPECT_GE(contrast(seen_luminance(eyes, colour_of(app::mark_colour(mark))), below), kGraphics) << int(mark) << ", " << eyes.name;
            for (const ImU32 text : {app::colour::kText, app::colour::kSoft, app::colour::kFaint})
                EXPECT_GE(contrast(seen_luminance(eyes, colour_of(text)), below), kReadable) << text << ", " << eyes.name;
        }
}

TEST(Palette, MarksDifferInShape) {
    constexpr uint32_t kSide = 40;
    constexpr double kAlike = 0.6;  // of two marks' pixels, common to both
    std::vector<std::vector<bool>> shapes;
    for (const Mark mark : kMarks) {
        scenario::Drawing drawing(kSide, kSide);
        base::Image picture{kSide, kSide, std::vector<uint8_t>(4 * kSide * kSide)};
        app::draw_mark(drawing.list(), {kSide / 2, kSide / 2}, kSide - 8, mark);
        drawing.paint(picture);
        std::vector<bool> covered;
        // What is drawn dark within a mark is as good as a hole in it.
        for (uint32_t i = 0; i < kSide * kSide; ++i) covered.push_back(*std::max_element(&picture.rgba[4 * i], &picture.rgba[4 * i] + 3) > 64);
        shapes.push_back(covered);
    }
    for (size_t a = 0; a < shapes.size(); ++a)
        for (size_t b = 0; b < a; ++b) {
            size_t both = 0, either = 0;
            for (size_t i = 0; i < shapes[a].size(); ++i) both += shapes[a][i] && shapes[b][i], either += shapes[a][i] || shapes[b][i];
            EXPECT_LT(double(both) / double(either), kAlike) << int(kMarks[a]) << " and " << int(kMarks[b]);
        }
}

}  // namespace
