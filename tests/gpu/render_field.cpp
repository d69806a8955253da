// What is seen is what is scored: the skin as the picture places it against the skin that the needles met.

#include "tests/gpu/picture_stage.h"
#include "tests/scenarios/pen_paths.h"

#include "engine/render/skin_field.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

namespace {

constexpr double kAlike = 0.05e-3;  // m

/// Mean of 1/|x| over a disc by brute force.
double disc_mean(double r, double a) {
    constexpr int kRings = 400, kTurns = 400;
    double sum = 0;
    for (int i = 0; i < kRings; ++i) {
        const double s = a * std::sqrt((i + 0.5) / kRings);
        for (int k = 0; k < kTurns; ++k) {
            const double angle = 2 * 3.14159265358979 * (k + 0.5) / kTurns;
            sum += 1 / std::hypot(r - s * std::cos(angle), s * std::sin(angle));
        }
    }
    return sum / (kRings * kTurns);
}

TEST(DiscInverse, is_the_mean_inverse_distance_to_a_disc) {
    for (double r : {0.02, 0.3, 0.55, 0.8, 0.93, 1.07, 1.3, 2.0, 5.0}) {
        const double wanted = disc_mean(r * 1e-3, 1e-3);
        EXPECT_NEAR(shared::disc_inverse(float(r * 1e-3), 1e-3f) / wanted, 1, 0.01) << r;
    }
}

struct Moment {
    const char* name;
    std::string view;                ///< of the face: its camera looks at the place
    double tilt = 0;                 ///< rad
    double force = 0.8;              ///< N
    glm::dvec2 velocity{0};          ///< m/s, along the skin
    double lifted = 0;               ///< s since the tip left
    bool fingers = false;
};

class RenderField : public PictureStage {
  protected:
    void SetUp() override {
        PictureStage::SetUp();
        auto model = skin::SkinModel::load(places_);
        ASSERT_TRUE(model) << model.error().message;
        model_ = std::make_unique<skin::SkinModel>(std::move(*model));
        auto device = skin::load_device(places_, "pen-12");
        ASSERT_TRUE(device) << device.error().message;
        pen_ = std::make_unique<skin::DeviceProfile>(*device);
    }

    /// Brings the skin into that moment and draws it; the greatest difference between seen and simulated, m.
    static double difference(const face::FaceAsset& face, const Moment& moment) {
        render::SceneView scene;
        scene.camera = *render::named_view(face, moment.view);
        scene.camera.distance *= 1.3;
        scene.still = true;
        scene.tier = render::Tier::low;  // draws every triangle, and so places every vertex in sight
        const auto hit = face.index->closest(scene.camera.target, 30e-3);
        EXPECT_TRUE(hit) << moment.name;
        if (!hit) return 1;
        const glm::dvec3 normal = mesh::normal_at(face.mesh, hit->point);
        glm::dvec3 along, across;
        face::FaceAsset::tangent_frame(normal, along, across);
        const glm::dvec3 axis = -std::cos(moment.tilt) * normal + std::sin(moment.tilt) * along;
        const glm::dvec3 velocity = along * moment.velocity.x + across * moment.velocity.y;
        constexpr double kPressed = 0.6;  // s
        const auto pose = [&](double t) {
            const bool lifted = t > kPressed;
            const glm::dvec3 place = hit->position + velocity * (t - kPressed) + (lifted ? 4e-3 * normal : glm::dvec3(0));
            return input::PenPose{0, place, axis, lifted ? 0.0 : moment.force, true, 0.5e-3, 110};
        };
        skin::Simulation simulation(face, *pen_, *model_);
        const glm::dvec3 pull = 5e-3 * glm::normalize(across + 0.3 * along);
        if (moment.fingers)
            simulation.event({0, "traction_begin",
                              fmt::format("{} {} {} {} {} {}", hit->position.x, hit->position.y, hit->position.z,
                                          pull.x, pull.y, pull.z)});
        simulation.advance(scenarios::sample_pen(kPressed + moment.lifted, 120, pose));
        const skin::Contact& contact = simulation.contact();
        scene.contact = &contact;
        scene.kernel = &model_->kernel;
        draw(scene, 160, 120);

        const std::vector<glm::vec3> placed = renderer_->read_placed();
        double most = 0, moved = 0;
        size_t near = 0;
        for (size_t i = 0; i < placed.size(); ++i) {
            const glm::dvec3 rest(face.mesh.positions[i]), facing(face.mesh.normals[i]);
            if (glm::distance(rest, hit->position) > 28e-3 || glm::dot(facing, contact.dent_normal) < 0.35) continue;
            if (std::ranges::any_of(contact.grips, [&](const skin::Grip& g) { return glm::dot(facing, g.normal) < 0; }))
                continue;
            glm::dvec3 wanted = rest;
            for (const skin::Grip& grip : contact.grips) wanted += grip.displacement(rest, grip.load);
            wanted -= contact.dent_normal * simulation.dent_at(wanted);
            most = std::max(most, glm::distance(glm::dvec3(placed[i]), wanted));
            moved = std::max(moved, glm::distance(rest, wanted));
            ++near;
        }
        EXPECT_GT(near, 100u) << moment.name;
        EXPECT_GT(moved, moment.lifted > 0 ? 0.05e-3 : 0.3e-3) << moment.name << ": nothing to see";
        std::printf("%-20s %-14s skin moves %.3f mm, seen within %.4f mm (%zu vertices)\n", moment.view.c_str(), moment.name,
                    moved * 1e3, most * 1e3, near);
        return most;
    }

    static inline std::unique_ptr<skin::SkinModel> model_;
    static inline std::unique_ptr<skin::DeviceProfile> pen_;
};

TEST_F(RenderField, the_pad_is_seen_where_it_is_simulated) {
    for (const Moment& moment : {Moment{"upright", "front"}, Moment{"tilted", "front", 0.17}, Moment{"hard", "front", 0, 3.0},
                                 Moment{"gliding", "front", 0, 0.8, {25e-3, 10e-3}}, Moment{"just lifted", "front", 0, 0.8, {25e-3, 0}, 0.05},
                                 Moment{"fingers", "front", 0.05, 0.8, {10e-3, 0}, 0, true}})
        EXPECT_LT(difference(*pad_, moment), kAlike) << moment.name;
}

TEST_F(RenderField, a_face_is_seen_where_it_is_simulated) {
    auto face = face::load(places_, "demo-woman");
    ASSERT_TRUE(face) << face.error().message;
    ASSERT_TRUE(renderer_->set_face(*face));
    size_t zones = 0;
    for (const face::Zone& zone : (*face)->zones) {
        const std::string view = "zone:" + zone.id;
        if (!zone.treatable || !render::named_view(**face, view)) continue;
        ++zones;
        for (const Moment& moment : {Moment{"tilted gliding", view, 0.2, 1.0, {-20e-3, 15e-3}},
                                     Moment{"lifted", view, 0, 1.0, {20e-3, 0}, 0.08},
                                     Moment{"fingers", view, 0.1, 0.8, {0, 15e-3}, 0, true}})
            EXPECT_LT(difference(**face, moment), kAlike) << view << " " << moment.name;
    }
    EXPECT_GE(zones, 10u);
    stage_pad("pad-flat");
}

}  // namespace
