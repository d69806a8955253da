// What the coach draws on the face lies where the pen is, points where the hand should go, and tells faults apart by shape.

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
    CoachMarks() : seen_(camera(), 1280, 720) {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {1280, 720};
        unsigned char* pixels = nullptr;
        int width = 0, height = 0;
        io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
        ImGui::NewFrame();
        contact_.touching = true;
        contact_.axis = {0, 0, -1};
    }
    ~CoachMarks() override {
        ImGui::EndFrame();
        ImGui::DestroyContext();
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
        ImDrawList& list = *ImGui::GetForegroundDrawList();
        const int before = list.VtxBuffer.Size;
        draw_coach_mark(list, style_, kShade, cue, at, seen_, contact_, face_);
        Drawn drawn;
        for (int i = before; i < list.VtxBuffer.Size; ++i) {
            drawn.all.push_back(list.VtxBuffer[i].pos);
            if (list.VtxBuffer[i].col == kShade) drawn.in_shade.push_back(list.VtxBuffer[i].pos);
        }
        return drawn;
    }
    static double to_pen(ImVec2 p) { return std::hypot(p.x - kPen.tip.x, p.y - kPen.tip.y); }

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

TEST_F(CoachMarks, AreToldApartByShapeAlone) {
    std::set<std::vector<std::pair<int, int>>> shapes;
    size_t kinds = 0;
    const auto add = [&](const Cue& one) {
        std::vector<std::pair<int, int>> shape;
        for (const ImVec2 p : draw(one).all) shape.emplace_back(int(p.x), int(p.y));
        shapes.insert(shape);
        ++kinds;
    };
    for (const CueKind kind : {CueKind::force_low, CueKind::direction, CueKind::no_go, CueKind::fast, CueKind::traction}) add(cue(kind));
    Cue shallow = cue(CueKind::depth), deep = shallow;
    shallow.value = 100;
    deep.value = 2000;
    add(shallow);
    add(deep);
    add(cue(CueKind::end_point));
    add(cue(CueKind::end_point, CueSeverity::warning));
    EXPECT_EQ(shapes.size(), kinds);
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
    ImDrawList& list = *ImGui::GetForegroundDrawList();
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
