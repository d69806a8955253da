#include "training/app/landmark_edits.h"

#include <gtest/gtest.h>

namespace {

const glm::dvec3 kA(1, 0, 0), kB(2, 0, 0), kC(3, 0, 0), kD(4, 0, 0);

TEST(LandmarkEdits, ADragIsOneStepBackHoweverOftenItSets) {
    app::LandmarkEdits edits({kA, kB}, {false, false});
    EXPECT_FALSE(edits.changed());
    EXPECT_FALSE(edits.undo());
    edits.begin(1);
    edits.set(1, kC);
    edits.set(1, kD);
    EXPECT_EQ(edits.place(1), kD);
    EXPECT_TRUE(edits.moved(1));
    EXPECT_FALSE(edits.moved(0));
    EXPECT_EQ(edits.undo(), std::optional<size_t>(1));
    EXPECT_EQ(edits.place(1), kB);
    EXPECT_FALSE(edits.moved(1));
    EXPECT_FALSE(edits.changed());
}

TEST(LandmarkEdits, StepsGoBackInTheirOrderAndWhatWasPlacedBeforeStaysPlaced) {
    app::LandmarkEdits edits({kA, kB}, {true, false});
    edits.begin(0);
    edits.set(0, kC);
    edits.begin(1);
    edits.set(1, kD);
    EXPECT_EQ(edits.undo(), std::optional<size_t>(1));
    EXPECT_EQ(edits.undo(), std::optional<size_t>(0));
    EXPECT_EQ(edits.place(0), kA);
    EXPECT_TRUE(edits.moved(0));
}

TEST(LandmarkEdits, AClickThatMovesNothingIsNoStep) {
    app::LandmarkEdits edits({kA}, {false});
    edits.begin(0);
    edits.set(0, kA);
    EXPECT_FALSE(edits.changed());
    EXPECT_FALSE(edits.moved(0));
}

}  // namespace
