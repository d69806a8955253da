// What the coach draws on the face lies where the pen is, points where the hand should go, and tells faults apart by shape.

#include "tests/scenarios/colour_vision.h"
#include "tests/scenarios/drawing.h"
#include "training/app/coach_marks.h"

#include <glm/geometric.hpp>
#include <gmock/gmock.h>

#include <cmath>
#include <set>

namespace {

using app::PenOnPicture;
using training::Cue;
using training::CueKind;
using training::CueSeverity;

constexpr ImU32 kShade = IM_COL32(240, 178, 52, 255), kBlue = app::colour::kBlue;
const PenOnPicture kPen{{640, 360}, 30, {1, 0}, 0.4, 2.0};

/// The corners of all that is drawn in one colour.
struct Drawn {
    std::vector<ImVec2> in_shade, all;

    double left() const { return extreme([](ImVec2 p) { return -p.x; }) * -1; }
    double right() const { return extreme([](ImVec2 p) { return p.x; }); }
    double top() const { return extreme([](ImVec2 p) { return -p.y; }) * -1; }
    double bottom() const { return extreme([](ImVec2 p) { return p.y; }); }

  private:
    template <class Of>
    double extreme(Of of) const {
        double most = -1e9;
        for (const ImVec2 p : in_shade) most = std::max(most, double(of(p)));
        return most;
    }
};

class CoachMarks : public testing::Test {
  protected:
    CoachMarks() : drawing_(1280, 720), seen_(camera(), 1280, 720) {
        contact_.touching = true;
        contact_.axis = {0, 0, -1};
    }
    static render::Camera camera() {
        render::Camera camera;
        camera.target = {0, 0, 0};
        camera.distance = 0.5;
        return camera;
    }

    static Cue cue(CueKind kind, CueSeverity severity = CueSeverity::notice) {
        Cue cue;
        cue.kind = kind;
        cue.severity = severity;
        cue.band = {400, 500, 900, 1000};
        return cue;
    }
    Drawn draw(const Cue& cue, const PenOnPicture& at = kPen) {
        ImDrawList& list = drawing_.list();
        const int before = list.VtxBuffer.Size;
        draw_coach_mark(list, style_, kShade, cue, at, seen_, contact_, face_);
        Drawn drawn;
        for (int i = before; i < list.VtxBuffer.Size; ++i) {
            drawn.all.push_back(list.VtxBuffer[i].pos);
            if (list.VtxBuffer[i].col == kShade) drawn.in_shade.push_back(list.VtxBuffer[i].pos);
        }
        return drawn;
    }
    /// Skin of one shade, as large as a mark and its surroundings.
    static base::Image ground(int grey) { return {kSide, kSide, std::vector<uint8_t>(4 * kSide * kSide, uint8_t(grey))}; }
    base::Image painted(const Cue& cue, ImU32 shade, int grey) {
        base::Image picture = ground(grey);
        PenOnPicture at = kPen;
        at.tip = {kSide / 2, kSide / 2};
        drawing_.clear();
        draw_coach_mark(drawing_.list(), style_, shade, cue, at, app::Projection(camera(), kSide, kSide), contact_, face_);
        drawing_.paint(picture);
        return picture;
    }
    /// Pixels that a mark covers.
    std::vector<bool> covered(const Cue& cue) {
        const base::Image bare = ground(128), marked = painted(cue, kShade, 128);
        std::vector<bool> covers;
        for (uint32_t i = 0; i < bare.width * bare.height; ++i) covers.push_back(!std::equal(&bare.rgba[4 * i], &bare.rgba[4 * i] + 3, &marked.rgba[4 * i]));
        return covers;
    }
    static double to_pen(ImVec2 p) { return std::hypot(p.x - kPen.tip.x, p.y - kPen.tip.y); }

    static constexpr uint32_t kSide = 200;  // pixels

    scenario::Drawing drawing_;
    app::Style style_;
    app::Projection seen_;
    skin::Contact contact_;
    face::FaceAsset face_;
};

TEST_F(CoachMarks, EachLiesRoundThePenAndLeavesItsTipFree) {
    for (const CueKind kind : {CueKind::force_low, CueKind::force_high, CueKind::direction, CueKind::no_go, CueKind::depth, CueKind::end_point,
                               CueKind::fast, CueKind::slow, CueKind::dwell, CueKind::traction, CueKind::medium, CueKind::overworked}) {
        const Drawn drawn = draw(cue(kind));
        ASSERT_FALSE(drawn.in_shade.empty()) << training::cue_id(kind);
        for (const ImVec2 p : drawn.all) {
            EXPECT_LT(to_pen(p), 90) << training::cue_id(kind);
            EXPECT_GT(to_pen(p), 8) << training::cue_id(kind);
        }
    }
}

/// Whoever sees no hue at all tells them by what their pixels cover: any two differ by what a sign of its own takes.
TEST_F(CoachMarks, AreToldApartByShapeAlone) {
    constexpr size_t kSign = 15 * 15;  // pixels
    std::vector<std::pair<std::string, std::vector<bool>>> shapes;
    const auto add = [&](const std::string& name, const Cue& one) { shapes.emplace_back(name, covered(one)); };
    Cue shallow = cue(CueKind::depth), deep = shallow;
    shallow.value = 100;
    deep.value = 2000;
    contact_.axis = glm::normalize(glm::dvec3(0.3, 0, -1));
    for (const CueKind kind : {CueKind::tilt, CueKind::force_low, CueKind::direction, CueKind::no_go, CueKind::fast, CueKind::traction})
        add(training::cue_id(kind), cue(kind));
    add("depth_low", shallow);
    add("depth_high", deep);
    add("end_point", cue(CueKind::end_point));
    add("end_point_over", cue(CueKind::end_point, CueSeverity::warning));
    for (size_t a = 0; a < shapes.size(); ++a)
        for (size_t b = 0; b < a; ++b) {
            size_t differ = 0;
            for (size_t i = 0; i < shapes[a].second.size(); ++i) differ += shapes[a].second[i] != shapes[b].second[i];
            EXPECT_GE(differ, kSign) << shapes[a].first << " and " << shapes[b].first;
        }
}

/// Skin of every luminance from black to white, as eyes of every kind see it: by the marks' own colours, at every place of a
/// mark's border something of it within a few pixels contrasts with the skin.
TEST_F(CoachMarks, StandOutFromSkinOfAnyLightnessToEyesOfEveryKind) {
    for (const CueKind kind : {CueKind::tilt, CueKind::force_low, CueKind::force_high, CueKind::fast, CueKind::direction, CueKind::no_go, CueKind::depth,
                               CueKind::end_point, CueKind::traction})
        for (const app::Mark mark : {app::Mark::target, app::Mark::warning, app::Mark::beyond, app::Mark::critical})
            for (const int grey : {0, 30, 60, 70, 80, 90, 100, 130, 170, 210, 255}) {
                const base::Image marked = painted(cue(kind), app::mark_colour(mark), grey);
                for (const colour_vision::Eyes& eyes : colour_vision::kEyesAndGrey)
                    EXPECT_GE(colour_vision::border_contrast(ground(grey), marked, eyes), colour_vision::kGraphics)
                        << training::cue_id(kind) << " of " << int(mark) << " on " << grey << ", " << eyes.name;
            }
}

TEST_F(CoachMarks, TooLittleForceFillsTheRingUpToBeforeItsBand) {
    // Clockwise from the lower left, where the ring begins; a little before it counts as 0 and less.
    const auto angle = [](ImVec2 p) {
        return std::fmod(std::atan2(p.y - kPen.tip.y, p.x - kPen.tip.x) - 0.75 * M_PI + 4.1 * M_PI, 2 * M_PI) - 0.1 * M_PI;
    };
    const auto filled_to = [&](double force) {
        PenOnPicture at = kPen;
        at.force = force;
        double most = 0;
        for (const ImVec2 p : draw(cue(CueKind::force_low), at).in_shade) most = std::max(most, angle(p));
        return most;
    };
    double band = 10;
    ImDrawList& list = drawing_.list();
    const int before = list.VtxBuffer.Size;
    draw(cue(CueKind::force_low));
    for (int i = before; i < list.VtxBuffer.Size; ++i)
        if (list.VtxBuffer[i].col == kBlue) band = std::min(band, angle(list.VtxBuffer[i].pos));
    EXPECT_LT(filled_to(0.2), band);
    EXPECT_GT(filled_to(0.7), band) << "within the band";
    EXPECT_LT(filled_to(0.2), filled_to(0.4));
}

TEST_F(CoachMarks, ArrowsOfDirectionPointAcrossThePath) {
    const Drawn along_x = draw(cue(CueKind::direction));
    EXPECT_GT(along_x.bottom() - along_x.top(), 3 * (along_x.right() - along_x.left()));
    EXPECT_NEAR(along_x.bottom() + along_x.top(), 2 * kPen.tip.y, 2);
    PenOnPicture upwards = kPen;
    upwards.way = {0, 1};
    const Drawn along_y = draw(cue(CueKind::direction), upwards);
    EXPECT_GT(along_y.right() - along_y.left(), 3 * (along_y.bottom() - along_y.top()));
}

TEST_F(CoachMarks, TheArrowOfDepthPointsOutOfTheSkinWhereNeedlesGoTooDeepAndElseIntoIt) {
    Cue deep = cue(CueKind::depth), shallow = deep;
    deep.value = 2000;
    shallow.value = 100;
    EXPECT_LT(draw(deep).top(), kPen.tip.y - 33);
    EXPECT_LT(draw(deep).bottom(), kPen.tip.y + 33);
    EXPECT_GT(draw(shallow).bottom(), kPen.tip.y + 33);
    EXPECT_GT(draw(shallow).top(), kPen.tip.y - 33);
}

}  // namespace
