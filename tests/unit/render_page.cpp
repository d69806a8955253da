#include "engine/render/page.h"

#include <gtest/gtest.h>

namespace render {
namespace {

Page large() {
    Page page;
    page.fit({1280, 720}, {3840, 2160});
    return page;
}

TEST(Page, IsTheWindowWhereThatHasRoom) {
    Page page;
    page.fit({1600, 900}, {1280, 720});
    EXPECT_TRUE(page.whole());
    EXPECT_EQ(page.size(), glm::dvec2(1600, 900));
    page.push({1599, 450}, 28, 1);
    page.turn({1, 1});
    EXPECT_EQ(page.at(), glm::dvec2(0, 0));
}

TEST(Page, GrowsAlongEachSideByItself) {
    Page page;
    page.fit({1600, 600}, {1280, 720});
    EXPECT_FALSE(page.whole());
    EXPECT_EQ(page.size(), glm::dvec2(1600, 720));
    page.turn({0.5, 0.5});
    EXPECT_EQ(page.at(), glm::dvec2(0, 120));
}

TEST(Page, APointerAtAnEdgePushesAndElsewhereDoesNot) {
    Page page = large();
    page.push({640, 360}, 28, 1);
    EXPECT_EQ(page.at(), glm::dvec2(0, 0));
    page.push({1279, 360}, 28, 0.1);
    EXPECT_NEAR(page.at().x, 0.1 * 1.5 * 1280, 1);
    EXPECT_EQ(page.at().y, 0);
    page.push({1279, 719}, 28, 10);
    EXPECT_EQ(page.at(), glm::dvec2(2560, 1440)) << "never beyond the page";
    page.push({-3, 360}, 28, 10);
    EXPECT_EQ(page.at(), glm::dvec2(2560, 1440)) << "a pointer that has left pushes nothing";
    page.push({0, 0}, 28, 10);
    EXPECT_EQ(page.at(), glm::dvec2(0, 0));
}

TEST(Page, PushesAsFarInOneSecondAsInManyPieces) {
    Page once = large(), often = large();
    once.push({1265, 360}, 28, 0.5);
    for (int i = 0; i < 100; ++i) often.push({1265, 360}, 28, 0.005);
    EXPECT_NEAR(once.at().x, often.at().x, 1);
    EXPECT_GT(once.at().x, 0);
}

TEST(Page, ShowsARegionByTheLeastMoveAndTheUpperLeftOfOneTooLarge) {
    Page page = large();
    page.show({{100, 100}, {300, 200}}, 20);
    EXPECT_EQ(page.at(), glm::dvec2(0, 0)) << "it is seen already";
    page.show({{1500, 300}, {1700, 400}}, 20);
    EXPECT_EQ(page.at(), glm::dvec2(1720 - 1280, 0));
    page.show({{200, 1500}, {3000, 2000}}, 20);
    EXPECT_EQ(page.at(), glm::dvec2(180, 2020 - 720));
    page.begin(true);
    EXPECT_EQ(page.at(), glm::dvec2(1280, 720));
    page.begin(false);
    EXPECT_EQ(page.at(), glm::dvec2(0, 0));
}

TEST(Page, StaysWithinAWindowThatGrows) {
    Page page = large();
    page.turn({2, 2});
    page.fit({2560, 1440}, {3840, 2160});
    EXPECT_EQ(page.at(), glm::dvec2(1280, 720));
    page.fit({3840, 2160}, {3840, 2160});
    EXPECT_TRUE(page.whole());
    EXPECT_EQ(page.at(), glm::dvec2(0, 0));
}

}  // namespace
}  // namespace render
