// What is felt of a face: the same however finely it is drawn, and nearly the surface that is sampled.

#include "engine/base/random.h"
#include "engine/face/head_patient.h"
#include "engine/face/head_skin.h"
#include "tests/unit/face_workshop.h"

#include <glm/geometric.hpp>

#include <cmath>

namespace {

using namespace face;

const FaceAsset& woman(uint32_t vertices) {
    static std::map<uint32_t, std::shared_ptr<const FaceAsset>> made;
    if (!made[vertices])
        made[vertices] = face_test::must_load(face_test::project_places(), "demo-woman", vertices);
    return *made[vertices];
}

TEST(FeltSkin, OfAPadHasTheNormalsOfItsCylinder) {
    auto pad = face_test::must_load(face_test::project_places(), "pad-cylinder");
    EXPECT_TRUE(pad->rest_shape.triangles.empty());
    const glm::dvec3 out = pad->mesh.normals[0], at = pad->mesh.positions[0];
    const double radius = at.x / out.x;
    for (size_t i = 0; i < pad->mesh.vertex_count(); ++i) {
        glm::dvec3 p = pad->mesh.positions[i];
        glm::dvec3 radial = glm::normalize(glm::dvec3(p.x, 0, p.z + radius));
        ASSERT_LT(glm::length(pad->mesh.normals[i] - radial), 1e-4) << i;  // places are whole micrometres
    }
}

TEST(FeltSkin, IsTheSameHoweverFinelyTheHeadIsDrawn) {
    const FaceAsset &one = woman(12000), &other = woman(9000);
    EXPECT_EQ(one.mesh.vertex_count(), 12000u);
    EXPECT_EQ(other.mesh.vertex_count(), 9000u);
    EXPECT_EQ(one.rest_shape.vertex_count(), kFeltVertices);
    EXPECT_EQ(one.rest_shape.positions, other.rest_shape.positions);
    EXPECT_EQ(one.rest_shape.normals, other.rest_shape.normals);
    EXPECT_EQ(one.rest_shape.triangles, other.rest_shape.triangles);
    EXPECT_EQ(one.cells.seed, other.cells.seed);
    EXPECT_EQ(one.cells.zone, other.cells.zone);
    EXPECT_EQ(one.cells.no_go_distance_um, other.cells.no_go_distance_um);
    ASSERT_EQ(one.tissue_field.values.size(), other.tissue_field.values.size());
    for (uint32_t cell = 0; cell < one.cells.size(); cell += 97) {
        TissueAt here = one.tissue_of_cell(cell), there = other.tissue_of_cell(cell);
        EXPECT_EQ(here.depth, there.depth) << cell;
        EXPECT_EQ(here.stiffness, there.stiffness) << cell;
    }
    EXPECT_NE(one.hash, other.hash) << "the log names triangles of the drawn mesh";
}

TEST(FeltSkin, IsTheSameToTheLastBitWhetherBakedNowOrKept) {
    face_test::Workshop workshop;
    const base::Places places{.data = face_test::project_places().data, .shaders = {}, .cache = workshop.places.cache};
    auto baked = face_test::must_load(places, "demo-woman", 9000);
    auto kept = face_test::must_load(places, "demo-woman", 9000);
    EXPECT_EQ(baked->hash, kept->hash);
    EXPECT_EQ(baked->mesh.positions, kept->mesh.positions);
    EXPECT_EQ(baked->mesh.normals, kept->mesh.normals);
    EXPECT_EQ(baked->rest_shape.positions, kept->rest_shape.positions);
    EXPECT_EQ(baked->rest_shape.normals, kept->rest_shape.normals);
    EXPECT_EQ(baked->cells.seed, kept->cells.seed);
    EXPECT_EQ(baked->cells.normal, kept->cells.normal);
}

TEST(FeltSkin, DrawnMeshKeepsItsPlaces) {
    constexpr double kEdge = 2e-3;  // m, of a head of 9,000 vertices: what its triangles may cut off a fold
    const FaceAsset& head = woman(9000);
    double sum = 0;
    size_t count = 0;
    for (uint32_t cell = 0; cell < head.cells.size(); cell += 23, ++count) {
        auto felt = head.felt_index().closest(head.cells.seed[cell], 1e-3);
        ASSERT_TRUE(felt) << cell;
        double off = glm::length(mesh::position_at(head.mesh, head.drawn_at(*felt)) - felt->position);
        EXPECT_LT(off, kEdge) << cell;
        sum += off;
    }
    EXPECT_LT(sum / static_cast<double>(count), 0.1e-3);
}

TEST(FeltSkin, OfAHeadLiesOnTheSurfaceThatItSamples) {
    const std::string file = EVENHAND_SOURCE_DIR "/content/faces/demo-woman.toml";
    HeadNumbers numbers = *load_head_numbers(face_test::project_places());
    HeadPatient patient = *read_patient(*base::read_toml(file), file);
    HeadShape shape(numbers, patient.form);
    PatientPlacement placement(numbers, shape, patient);
    const FaceAsset& head = woman(12000);
    base::Random random(5);
    std::vector<double> flat, curved;
    while (curved.size() < 3000) {
        glm::dvec2 angles(random.uniform(-80, 80), random.uniform(-60, 55));
        glm::dvec3 place =
            1e-3 * (placement.millimetres(shape.at(angles.x, angles.y).place) - placement.origin());
        auto hit = head.felt_index().closest(place, 5e-3);
        ASSERT_TRUE(hit);
        glm::dvec3 normal = mesh::normal_at(head.felt(), hit->point);
        uint8_t zone = head.cells.zone_at(hit->position, normal);
        if (zone == 0 || head.zones[zone].no_go) continue;
        glm::dvec3 smooth = hit->position + mesh::curved_offset(head.felt(), hit->point);
        flat.push_back(std::fabs(glm::dot(place - hit->position, normal)));
        curved.push_back(std::fabs(glm::dot(place - smooth, normal)));
    }
    auto share = [](std::vector<double>& all, double of) {
        std::ranges::sort(all);
        return 1e6 * all[static_cast<size_t>(of * static_cast<double>(all.size() - 1))];
    };
    std::printf(
        "off the surface, of half, 99 and 99.9 %% of the skin to treat: curved %.2f, %.2f, %.1f um; flat "
        "%.1f, %.1f, %.1f um\n",
        share(curved, 0.5), share(curved, 0.99), share(curved, 0.999), share(flat, 0.5), share(flat, 0.99),
        share(flat, 0.999));
    EXPECT_LT(share(curved, 0.5), 0.5) << "places are whole micrometres";
    EXPECT_LT(share(curved, 0.99), 5);
    EXPECT_GT(share(flat, 0.5), 2) << "else the curve would show nothing";
    EXPECT_LT(share(flat, 0.99), 50) << "what is drawn is what is felt";
}

}  // namespace
