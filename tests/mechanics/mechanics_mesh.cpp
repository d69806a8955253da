// The mesh must not matter: one head sampled with 25,000 to 200,000 vertices.

#include "engine/skin/simulation.h"
#include "tests/scenarios/pen_paths.h"
#include "tests/unit/skin_stage.h"
#include "tests/unit/training_stage.h"
#include "training/core/score.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace {

using skin_test::shipped_skin;

const face::FaceAsset& head(uint32_t vertices) {
    static std::map<uint32_t, std::shared_ptr<const face::FaceAsset>> heads;
    if (!heads[vertices]) heads[vertices] = *face::load(skin_test::places(), "demo-woman", {}, vertices);
    return *heads[vertices];
}

struct Place {
    glm::dvec3 position, normal;
    std::string zone;
};

/// Spread over the treatable skin of the finest mesh.
std::vector<Place> places_on(const face::FaceAsset& face, size_t count) {
    std::vector<Place> places;
    for (size_t i = 0; i < count; ++i) {
        size_t cell = (2 * i + 1) * face.cells.size() / (2 * count);
        if (face.zones[face.cells.zone[cell]].no_go) continue;
        places.push_back(
            {face.cells.seed[cell], face.cells.normal[cell], face.zones[face.cells.zone[cell]].id});
    }
    return places;
}

/// Greatest over least of stiffness and of depth to bone within 6 mm: borders of zones and edges of bone are
/// steep.
double unevenness(const face::FaceAsset& face, const Place& place) {
    double soft = 1e9, hard = 0, thin = 1e9, thick = 0;
    glm::dvec3 along, across;
    face::FaceAsset::tangent_frame(place.normal, along, across);
    for (int k = 0; k < 17; ++k) {
        double r = k == 0 ? 0 : k < 9 ? 3e-3 : 6e-3, angle = k * 0.785398;
        glm::dvec3 at = place.position + r * (std::cos(angle) * along + std::sin(angle) * across);
        auto hit = face.index->closest(at, 5e-3);
        if (!hit) return 10;
        face::TissueAt tissue = face.tissue_at(hit->point);
        soft = std::min(soft, tissue.stiffness), hard = std::max(hard, tissue.stiffness);
        thin = std::min(thin, tissue.depth), thick = std::max(thick, tissue.depth);
    }
    return std::max(hard / soft, thick / thin);
}

struct Answer {
    double force = 0, dent = 0, depth_um = 0;
};

/// Held half a millimetre to 1.5 mm deep, then pressed with 0.7 N.
Answer answer_at(const face::FaceAsset& face, const Place& place) {
    skin::DeviceProfile device = skin_test::closed_pen();
    scenarios::Glide glide{.start = place.position - 1.0e-3 * place.normal,
                           .velocity = {0, 0, 0},
                           .force = std::nullopt,
                           .axis = -place.normal};
    skin::Simulation held(face, device, shipped_skin());
    held.advance(glide.samples(0.3));
    Answer answer;
    answer.force = held.contact().force;
    glide.start = place.position;
    glide.force = 0.7;
    skin::Simulation pressed(face, device, shipped_skin());
    pressed.advance(glide.samples(0.3));
    answer.dent = pressed.contact().dent;
    for (const shared::Puncture& p : pressed.punctures()) answer.depth_um += shared::puncture_depth_um(p);
    answer.depth_um /= double(std::max<size_t>(1, pressed.punctures().size()));
    return answer;
}

constexpr uint32_t kFinest = 200'000;

/// Shares by which force, dent and depth differ from those on the finest mesh.
struct Difference {
    double force, dent, depth;
    double worst() const { return std::max({std::fabs(force), std::fabs(dent), std::fabs(depth)}); }
};

TEST(Mesh, ChangesForceDentAndDepthByLessThanHalfAPercent) {
    std::vector<Place> places = places_on(head(kFinest), 240);
    std::vector<Answer> fine;
    for (const Place& place : places) fine.push_back(answer_at(head(kFinest), place));
    for (uint32_t vertices : {25'000u, 50'000u, 100'000u}) {
        Difference sum{};
        double worst = 0, worst_even = 0;
        size_t over = 0, even = 0, over_even = 0;
        for (size_t i = 0; i < places.size(); ++i) {
            Answer at = answer_at(head(vertices), places[i]);
            Difference by{at.force / fine[i].force - 1, at.dent / fine[i].dent - 1,
                          fine[i].depth_um > 0 ? at.depth_um / fine[i].depth_um - 1 : at.depth_um};
            sum.force += by.force, sum.dent += by.dent, sum.depth += by.depth;
            bool is_even = unevenness(head(kFinest), places[i]) < 1.3;
            worst = std::max(worst, by.worst());
            over += by.worst() > 0.005;
            if (is_even) worst_even = std::max(worst_even, by.worst());
            even += is_even, over_even += is_even && by.worst() > 0.005;
        }
        double count = double(places.size());
        fmt::print(
            "{:6} vertices: mean difference of force {:+.3f} %, dent {:+.3f} %, depth {:+.3f} %; over 0.5 % "
            "at {} of {} "
            "places, at most {:.2f} %; where the tissue is even at {} of {}, at most {:.2f} %\n",
            vertices, 100 * sum.force / count, 100 * sum.dent / count, 100 * sum.depth / count, over,
            places.size(), 100 * worst, over_even, even, 100 * worst_even);
        for (double difference : {sum.force, sum.dent, sum.depth})
            EXPECT_LT(std::fabs(difference) / count, 0.001) << vertices;
        if (vertices < 50'000) continue;  // coarser than any face that ships
        // What is left lies at creases and rims, which a mesh samples late: beside the wings of the nose, the lips, the chin.
        EXPECT_LE(over, places.size() / 20) << vertices;
        EXPECT_LE(over_even, even / 30) << vertices;
        EXPECT_LT(worst_even, 0.01) << vertices;
    }
}

/// Hundredths of points for what a hand does to the skin, without those that count cells or punctures of zones.
int32_t points_of_mechanics(const training::Score& score) {
    int32_t sum = 0;
    for (const training::CriterionScore& line : score.criteria)
        for (const char* id : {"depth", "depth_steadiness", "tilt", "force", "force_steadiness", "speed"})
            if (line.criterion.id == id) sum += line.points.value_or(0);
    return sum;
}

TEST(Mesh, ChangesTheScoreByLessThanHalfAPercent) {
    constexpr int32_t kHalfAPercent = 50;  // hundredths of points, of 100 points
    base::Result<std::shared_ptr<const training::Stage>> demo =
        training::load_stage(skin_test::places(), "demo");
    ASSERT_TRUE(demo) << demo.error().message;
    auto stage_on = [&](uint32_t vertices) {
        training::Stage stage = **demo;
        stage.practice.zones = {"nose_dorsum", "cheek_left"};
        stage.practice.needling_minutes = 2;
        stage.face = *face::load(skin_test::places(), "demo-woman", {}, vertices);
        return stage;
    };
    training::Rubric rubric = *training::load_rubric(skin_test::places(), "provisional");
    training::Scope scope = *training::load_scope(skin_test::places(), "medical");
    for (training::Skill skill : {training::Skill::expert, training::Skill::novice}) {
        training::Performance performance = training::perform_operator(stage_on(kFinest), skill, 7);
        std::vector<int32_t> points, totals;
        for (uint32_t vertices : {25'000u, 50'000u, 100'000u, kFinest}) {
            training::Stage stage = stage_on(vertices);
            training::Recording recording = training_test::record(stage, performance, "operator");
            training::Score score = training::score(recording, stage, rubric, scope);
            points.push_back(points_of_mechanics(score));
            totals.push_back(score.total);
            fmt::print("{} {:6} vertices: {:.2f} points in all, {:.2f} for the hand, {} punctures\n",
                       skill == training::Skill::expert ? "expert" : "novice", vertices, 0.01 * score.total,
                       0.01 * points.back(), recording.punctures.size());
        }
        for (int32_t at : points) EXPECT_NEAR(at, points.back(), 0.005 * points.back());
        for (int32_t at : totals) EXPECT_NEAR(at, totals.back(), kHalfAPercent);
    }
}

}  // namespace
