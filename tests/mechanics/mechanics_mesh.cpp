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

/// Spread over the treatable skin.
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

/// Lids, lips, nostrils and ears too, and hairline, jaw and neck where the zones end.
std::vector<Place> places_everywhere(const face::FaceAsset& face) {
    constexpr size_t kCells = 240, kRim = 60;
    std::vector<Place> places;
    for (size_t i = 0; i < kCells; ++i) {
        size_t cell = (2 * i + 1) * face.cells.size() / (2 * kCells);
        places.push_back(
            {face.cells.seed[cell], face.cells.normal[cell], face.zones[face.cells.zone[cell]].id});
    }
    for (size_t i = 0; i < kRim; ++i) {
        size_t seed = (2 * i + 1) * face.cells.rim_seed.size() / (2 * kRim);
        places.push_back({face.cells.rim_seed[seed], face.cells.rim_normal[seed], "rim"});
    }
    return places;
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

std::vector<Answer> answers_on(const face::FaceAsset& face, const std::vector<Place>& places) {
    std::vector<Answer> answers;
    for (const Place& place : places) answers.push_back(answer_at(face, place));
    return answers;
}

struct Summary {
    Difference mean{};
    double worst = 0;
    std::string where;
    size_t over = 0;
};

Summary compare(const std::vector<Place>& places, const std::vector<Answer>& at, const std::vector<Answer>& fine) {
    Summary all;
    for (size_t i = 0; i < places.size(); ++i) {
        Difference by{fine[i].force > 0 ? at[i].force / fine[i].force - 1 : at[i].force,
                      fine[i].dent > 0 ? at[i].dent / fine[i].dent - 1 : at[i].dent,
                      fine[i].depth_um > 0 ? at[i].depth_um / fine[i].depth_um - 1 : at[i].depth_um};
        double share = 1.0 / static_cast<double>(places.size());
        all.mean.force += share * by.force, all.mean.dent += share * by.dent, all.mean.depth += share * by.depth;
        if (by.worst() > all.worst) all.worst = by.worst(), all.where = places[i].zone;
        all.over += by.worst() > 0.005;
    }
    return all;
}

void print(uint32_t vertices, const Summary& all, size_t places) {
    fmt::print(
        "{:6} vertices: mean difference of force {:+.4f} %, dent {:+.4f} %, depth {:+.4f} %; over 0.5 % at {} of {} "
        "places, at most {:.3f} % ({})\n",
        vertices, 100 * all.mean.force, 100 * all.mean.dent, 100 * all.mean.depth, all.over, places, 100 * all.worst,
        all.where);
}

TEST(Mesh, ChangesForceDentAndDepthByLessThanHalfAPercentAtEveryPlace) {
    std::vector<Place> places = places_everywhere(head(kFinest));
    std::vector<Answer> fine = answers_on(head(kFinest), places);
    for (uint32_t vertices : {25'000u, 50'000u, 0u, 100'000u}) {  // 0: as shipped
        Summary all = compare(places, answers_on(head(vertices), places), fine);
        print(vertices, all, places.size());
        EXPECT_LT(all.worst, 0.005) << vertices << " " << all.where;
    }
}

/// A head whose mesh is all that is felt of it.
std::shared_ptr<const face::FaceAsset> felt_as_drawn(uint32_t vertices) {
    std::shared_ptr<const face::FaceAsset> loaded =
        *face::load(skin_test::places(), "demo-woman", {}, vertices);
    auto own = std::const_pointer_cast<face::FaceAsset>(loaded);  // ours alone
    own->rest_shape = {};
    own->rest_index = nullptr;
    return own;
}

/// Were the felt shape itself sampled otherwise, little would change: it is nearly the surface that is sampled.
TEST(Mesh, OfTheFeltShapeIsFineEnough) {
    std::vector<Place> places = places_on(head(kFinest), 240);
    std::vector<Answer> shipped = answers_on(head(kFinest), places);
    for (uint32_t vertices : {100'000u, kFinest}) {
        Summary all = compare(places, answers_on(*felt_as_drawn(vertices), places), shipped);
        print(vertices, all, places.size());
        for (double mean : {all.mean.force, all.mean.dent, all.mean.depth}) EXPECT_LT(std::fabs(mean), 0.0005) << vertices;
        EXPECT_LE(all.over, places.size() / 50) << vertices;
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
