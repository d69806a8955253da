// Tips with an open rim: how far skin bulges into the hole (engine/skin/opening.h).

#include "engine/skin/opening.h"

#include "engine/skin/pen_path.h"
#include "engine/skin/simulation.h"
#include "tests/scenarios/layer_theory.h"
#include "tests/scenarios/pen_paths.h"
#include "tests/unit/skin_stage.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace {

using scenarios::Glide;
using skin_test::elastic_skin;
using skin_test::pad;

constexpr double kForce = 0.7, kLayer = 12.5e-3, kStiffness = 20e3, kPoisson = 0.45;

/// Skin of a cheek: 1.1 mm on a layer of 20 kPa.
face::TissueAt cheek() {
    return {
        .epidermis = 0.1e-3, .dermis = 1e-3, .depth = kLayer, .stiffness = kStiffness, .poisson = kPoisson};
}

/// A rim pressed flat on flat skin.
class Rim {
  public:
    Rim(double outer, double inner, const skin::SkinModel& model, const face::TissueAt& tissue,
        size_t fineness = 1)
        : sheet_(inner, fineness), solver_(points(outer, inner, sheet_, fineness), model.kernel) {
        solver_.set_layer(tissue.depth, tissue.poisson);
        std::vector<double> gap(solver_.points().size(), 0.0);
        std::span<const double> compliance = sheet_.compliance(model, tissue);
        if (!compliance.empty())
            solver_.set_sheet(compliance, tissue.stiffness, gap);
        else
            for (size_t i = gap.size() - sheet_.patches().size(); i < gap.size(); ++i) gap[i] = skin::kNoSkin;
        answer_ = solver_.press(gap, tissue.stiffness, kForce);
    }

    double approach() const { return answer_.approach; }
    double share_of_hole() const {
        double hole = 0;
        for (size_t i = solver_.points().size() - sheet_.patches().size(); i < solver_.points().size(); ++i)
            hole += answer_.point_force[i];
        return hole / answer_.force;
    }
    /// m above the rim's plane at r from the middle, a mean over directions.
    double bulge(double r) const {
        double dent = 0;
        for (int k = 0; k < 36; ++k) {
            glm::dvec2 at(r * std::cos(k * std::numbers::pi / 18), r * std::sin(k * std::numbers::pi / 18));
            for (size_t i = 0; i < solver_.points().size(); ++i) {
                glm::dvec2 apart = solver_.points()[i].place - at;
                dent +=
                    solver_.displacement(i, apart.x * apart.x + apart.y * apart.y, answer_.point_force[i]) /
                    36;
            }
        }
        return approach() - dent;
    }

  private:
    static std::vector<skin::TipPoint> points(double outer, double inner, const skin::Sheet& sheet,
                                              size_t fineness) {
        std::vector<skin::TipPoint> all = skin::tip_points(outer, inner, fineness);
        all.insert(all.end(), sheet.patches().begin(), sheet.patches().end());
        return all;
    }

    skin::Sheet sheet_;
    skin::ContactSolver solver_;
    skin::ContactSolver::Answer answer_;
};

TEST(Rim, WithoutASheetSkinRisesFreely) {
    face::TissueAt bare = cheek();
    bare.epidermis = bare.dermis = 0;
    skin::SkinModel slack = elastic_skin();
    slack.membrane_modulus = slack.natural_tension = 1e-3;
    skin::ContactSolver rim(skin::tip_points(5e-3, 4e-3), elastic_skin().kernel);
    rim.set_layer(kLayer, kPoisson);
    std::vector<double> gap(rim.points().size(), 0.0);
    double approach = rim.press(gap, kStiffness, kForce).approach;
    Rim none(5e-3, 4e-3, elastic_skin(), bare), thin(5e-3, 4e-3, slack, cheek());
    EXPECT_EQ(none.approach(), approach);
    EXPECT_EQ(none.share_of_hole(), 0.0);
    EXPECT_NEAR(thin.approach(), approach, 1e-9);
    EXPECT_NEAR(thin.bulge(0), none.bulge(0), 1e-9);
    EXPECT_GT(none.bulge(0), 1e-3);  // what a sheet is for
}

TEST(Rim, UnderAStiffSheetItIsAClosedFace) {
    skin::SkinModel stiff = elastic_skin();
    stiff.membrane_modulus = stiff.natural_tension = 1e9;
    Rim closed(5e-3, 0, elastic_skin(), cheek());
    for (double opening : {1e-3, 2e-3, 3e-3, 4e-3}) {
        Rim rim(5e-3, opening, stiff, cheek());
        EXPECT_NEAR(rim.approach(), closed.approach(), 0.01 * closed.approach()) << opening;
        for (double share : {0.0, 0.2, 0.4, 0.6})
            EXPECT_NEAR(rim.bulge(share * opening), 0, 0.02e-3) << opening << ' ' << share;
        // A flat disc bears 1 − sqrt(1 − (b/a)²) within b on a half-space (Johnson 1985, 3.62); a thin layer
        // more.
        double share = 1 - std::sqrt(1 - opening * opening / 25e-6);
        EXPECT_GT(rim.share_of_hole(), 0.8 * share) << opening;
        EXPECT_LT(rim.share_of_hole(), 1.3 * share) << opening;
    }
}

TEST(Rim, ANarrowerHoleBulgesLessUntilTheFaceIsClosed) {
    Rim closed(5e-3, 0, elastic_skin(), cheek());
    double bulge = 1, approach = 1;
    for (double opening : {4.5e-3, 4e-3, 3e-3, 2e-3, 1e-3}) {
        Rim rim(5e-3, opening, elastic_skin(), cheek());
        EXPECT_LT(rim.bulge(0), bulge) << opening;
        EXPECT_LT(rim.approach(), approach) << opening;
        bulge = rim.bulge(0), approach = rim.approach();
    }
    EXPECT_LT(bulge, 0.03e-3);
    // What is left is how the points lie: their own error is one or two per cent (contact.h).
    for (double opening : {1e-3, 0.5e-3, 0.2e-3, 0.05e-3}) {
        Rim rim(5e-3, opening, elastic_skin(), cheek());
        EXPECT_NEAR(rim.approach(), closed.approach(), 0.005 * closed.approach()) << opening;
        EXPECT_LT(rim.bulge(0), 0.03e-3) << opening;
    }
}

TEST(Rim, TheFirstModeShrinksAsASurfaceWaveDoes) {
    face::TissueAt bare = cheek();
    bare.epidermis = bare.dermis = 0;
    // Mean of the bulge, weighted by the mode's own shape.
    auto amplitude = [](const Rim& rim, double opening) {
        double sum = 0, weights = 0;
        for (int k = 0; k < 20; ++k) {
            double x = (k + 0.5) / 20, weight = x * ::j0(2.4048 * x);
            sum += weight * rim.bulge(x * opening), weights += weight;
        }
        return sum / weights;
    };
    for (double opening : {2e-3, 3e-3, 4e-3})
        for (double modulus : {20e3, 150e3, 1e6}) {
            skin::SkinModel model = elastic_skin();
            model.membrane_modulus = modulus;
            double wave = 2.404826 / opening, height = kLayer * wave;
            double resists = 2 * (1 - scenarios::layer_deficit(height, kPoisson)) *
                             (1 - kPoisson * kPoisson) / (kStiffness * wave) *
                             skin::sheet_stiffness(model, cheek(), wave);
            double left = amplitude(Rim(5e-3, opening, model, cheek()), opening) /
                          amplitude(Rim(5e-3, opening, elastic_skin(), bare), opening);
            EXPECT_NEAR(left * (1 + resists), 1.0, 0.3) << opening << ' ' << modulus;
        }
}

TEST(Rim, TwiceAsFinePointsChangeDepthByLessThanTwoPercent) {
    for (double opening : {2e-3, 3e-3, 4e-3})
        for (double share : {0.0, 0.4, 0.8}) {
            Rim rim(5e-3, opening, elastic_skin(), cheek()), fine(5e-3, opening, elastic_skin(), cheek(), 2);
            double depth = 1e-3 + fine.bulge(share * opening);
            EXPECT_NEAR(1e-3 + rim.bulge(share * opening), depth, 0.02 * depth) << opening << ' ' << share;
            EXPECT_NEAR(rim.approach(), fine.approach(), 0.011 * fine.approach()) << opening;
        }
}

TEST(Rim, EveryRimThatADeviceFileMayAskForIsSolved) {
    for (double outer : {1e-3, 2e-3, 5e-3, 9e-3, 15e-3})
        for (double share : {0.01, 0.1, 0.3, 0.6, 0.9, 1.0})
            for (size_t fineness : {1, 2}) {
                double inner = std::min(share * outer, outer - 0.05e-3);
                Rim rim(outer, inner, elastic_skin(), cheek(), fineness);
                EXPECT_GT(rim.approach(), 0.0) << outer << ' ' << inner;
            }
}

skin::DeviceProfile open_pen() {
    skin::DeviceProfile device;
    device.opening_radius = 4e-3;
    device.pins = skin::ring_layout(12, device.plate_radius);
    return device;
}

/// Height of skin over the rim's plane at places of the tip's plane.
double bulge_at(const skin::Simulation& simulation, const face::FaceAsset& face, glm::dvec2 place) {
    const skin::Contact& contact = simulation.contact();
    skin::TipFrame frame({contact.tip, contact.axis, {}});
    auto hit = face.index->cast_front(frame.at(place, -20e-3), frame.axis, 0, 40e-3);
    return hit ? simulation.dent_at(hit->position) * -1 - (hit->distance - 20e-3) : -1;
}

TEST(Rim, SkinOfAnyShapeIsAtRestUnderALightHand) {
    // On a round pad skin stands in the opening by its own shape: the sheet neither presses it down nor bears
    // the force.
    const skin::DeviceProfile device = open_pen();
    skin::SkinModel free = elastic_skin();
    free.membrane_modulus = free.natural_tension = 0;
    for (glm::dvec3 axis : {glm::dvec3(0, 0, -1), {0.05, 0.03, -1}}) {
        Glide light{.start = {2e-3, 1e-3, 0}, .velocity = {0, 0, 0}, .force = 0.002, .axis = axis};
        skin::Simulation sheet(pad("pad-cylinder"), device, elastic_skin()),
            none(pad("pad-cylinder"), device, free);
        sheet.advance(light.samples(0.1));
        none.advance(light.samples(0.1));
        for (glm::dvec2 place : {glm::dvec2(0, 0), {2e-3, 0}, {0, 2e-3}})
            EXPECT_NEAR(bulge_at(sheet, pad("pad-cylinder"), place),
                        bulge_at(none, pad("pad-cylinder"), place), 5e-6);
    }
}

TEST(Rim, TiltedItStaysSoundAndTheSheetNeverPulls) {
    const skin::DeviceProfile device = open_pen();
    skin::Simulation simulation(pad(), device, skin_test::shipped_skin());
    double before = 0;
    for (int step = 0; step < 400; ++step) {
        double tilt = 0.001 * step;
        input::PenPose pose{step / 120.0, {0, 0, 0}, {std::sin(tilt), 0, -std::cos(tilt)}, 0.7, true,
                            0.5e-3,       110};
        input::PenSample sample = *input::quantise(pose);
        simulation.advance({&sample, 1});
        if (step < 120) continue;  // creeping
        double sum = 0;
        for (const skin::PressurePoint& point : simulation.contact().points) {
            EXPECT_GT(point.force, 0.0);
            sum += point.force;
        }
        EXPECT_NEAR(sum, 0.7, 1e-9);
        double bulge = bulge_at(simulation, pad(), {0, 0});
        if (step > 120) {
            EXPECT_NEAR(bulge, before, 0.02e-3) << tilt;
        }
        EXPECT_LT(std::fabs(bulge), 1.2e-3) << tilt;
        before = bulge;
    }
}

}  // namespace
