// What lies under a generated head's skin, against clinical.md 4: thickness, fat, tension lines.

#include "engine/face/face_store.h"
#include "engine/face/head_generator.h"
#include "engine/face/head_tension.h"
#include "engine/face/head_tissue.h"
#include "tests/unit/face_workshop.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <cmath>
#include <map>

namespace face {
namespace {

const HeadNumbers& numbers() {
    static const HeadNumbers all = *load_head_numbers(face_test::project_places());
    return all;
}

const HeadShape& shape() {
    static const HeadShape head(numbers());
    return head;
}

const TensionField& tension() {
    static const TensionField field(numbers(), shape());
    return field;
}

const FaceAsset& woman() {
    static const std::shared_ptr<const FaceAsset> asset =
        face_test::must_load(face_test::project_places(), "demo-woman", 12000);
    return *asset;
}

/// Mean over a zone's cells, one area each.
template <typename Of>
double zone_mean(const FaceAsset& asset, const std::string& kind, Of of) {
    double sum = 0, area = 0;
    for (uint32_t cell = 0; cell < asset.cells.size(); ++cell) {
        if (asset.zones[asset.cells.zone[cell]].kind != kind) continue;
        sum += asset.cells.area_um2[cell] * of(asset.tissue_of_cell(cell));
        area += asset.cells.area_um2[cell];
    }
    return area > 0 ? sum / area : -1;
}

double fat_mm(const std::string& kind) {
    return 1e3 * zone_mean(woman(), kind, [](const TissueAt& t) { return t.fat; });
}

/// Degrees from level, 0..90, as front view shows the line at (x, y).
double steepness(double x, double y) {
    HeadPoint at = shape().at_front(x, y);
    glm::dvec3 line = tension().at(at.base, at.normal);
    return std::atan2(std::fabs(line.y), std::fabs(line.x)) * 180 / 3.14159265358979;
}

TEST(HeadTissue, ZoneMeansOfThicknessAreThoseOfTheUltrasoundStudy) {
    // PMC9205051 table 2, women: epidermis and dermis together, mm.
    const std::map<std::string, double> published = {{"forehead", 1.06}, {"glabella", 1.09}, {"temple", 0.98},
                                                     {"eyelid", 0.75},   {"nose_dorsum", 1.12}, {"cheek", 1.07},
                                                     {"jawline", 1.09},  {"neck", 1.16}};
    for (const auto& [kind, total] : published) {
        double mean = 1e3 * zone_mean(woman(), kind, [](const TissueAt& t) { return t.epidermis + t.dermis; });
        EXPECT_NEAR(mean, total, 0.1) << kind;  // zones blend over 4.5 mm, so small ones take from their neighbours
    }
}

TEST(HeadTissue, FatThickensInTheOrderOfTheCadaverStudy) {
    // Kim 2019: radix and dorsum 1.61, supraorbital, forehead, temple, cheek, infraorbital, perioral 5.14.
    const char* order[] = {"nose_dorsum", "glabella", "forehead", "temple", "cheek", "periorbital", "upper_lip"};
    for (size_t i = 1; i < std::size(order); ++i) EXPECT_LT(fat_mm(order[i - 1]), fat_mm(order[i])) << order[i];
    EXPECT_NEAR(fat_mm("nose_dorsum"), 1.61, 0.3);
    EXPECT_NEAR(fat_mm("upper_lip"), 5.14, 0.6);
    EXPECT_LT(fat_mm("eyelid"), fat_mm("nose_dorsum"));
}

TEST(HeadTissue, SkinAndFatFitAboveTheBone) {
    for (const Tissue& t : woman().tissue) ASSERT_LE(t.epidermis_um + t.dermis_um + t.fat_um, t.depth_um);
}

TEST(HeadTissue, AnisotropyGrowsWithAgeWithinItsBounds) {
    EXPECT_DOUBLE_EQ(anisotropy_at(18), 1.5);
    EXPECT_DOUBLE_EQ(anisotropy_at(45), 2.0);
    EXPECT_DOUBLE_EQ(anisotropy_at(70), 2.5);
    EXPECT_DOUBLE_EQ(anisotropy_at(95), 2.5);
}

TEST(HeadTissue, TensionLinesLieInTheSkin) {
    const FaceAsset& face = woman();
    for (size_t v = 0; v < face.tissue.size(); ++v) {
        const Tissue& t = face.tissue[v];
        glm::dvec3 line = glm::dvec3(t.tension_x, t.tension_y, t.tension_z) / 127.0;
        ASSERT_NEAR(glm::length(line), 1, 0.01);
        ASSERT_LT(std::fabs(glm::dot(line, face.mesh.normals[v])), 0.01);
    }
}

TEST(HeadTension, RunsWhereTheLineMapsSay) {
    EXPECT_LT(steepness(0.1, 160), 5);   // forehead: level
    EXPECT_LT(steepness(25, 150), 15);
    EXPECT_GT(steepness(0.1, 130), 80);  // glabella: upright
    EXPECT_LT(steepness(0.1, 116.5), 10);  // root of the nose: level
    EXPECT_LT(steepness(32, 106), 12);   // upper lid: along its margin
    EXPECT_LT(steepness(32, 97), 12);
    EXPECT_GT(steepness(28.5, 55), 50);  // beside the mouth: down the fold
    EXPECT_LT(steepness(0.1, 58), 8);    // round the mouth
    EXPECT_LT(steepness(0.1, 38), 8);
    for (glm::dvec2 at : {glm::dvec2(36, 78), {40, 74}, {44, 70}})  // cheek: 20 to 60 degrees, clinical.md 4.2
        EXPECT_NEAR(steepness(at.x, at.y), 40, 20) << at.x << " " << at.y;
}

TEST(HeadTension, IsALineFieldThatMirrorsAndTurnsSlowly) {
    auto line_at = [&](double x, double y) {
        HeadPoint at = shape().at_front(x, y);
        return tension().at(at.base, at.normal);
    };
    size_t all = 0, turned = 0;
    for (double y = 45; y < 170; y += 3.1)
        for (double x = 1; x < 50; x += 3.3) {
            glm::dvec3 left = line_at(x, y), right = line_at(-x, y), near = line_at(x + 0.5, y);
            right.x = -right.x;
            EXPECT_GT(std::fabs(glm::dot(left, right)), 0.999) << x << " " << y;
            ++all;
            turned += std::fabs(glm::dot(left, near)) < 0.97;  // by more than 14 degrees in half a millimetre
        }
    RecordProperty("turned_of_all", fmt::format("{} of {}", turned, all));
    EXPECT_LE(turned, all / 50);  // a line field on a face has singular points; elsewhere it turns slowly
}

TEST(HeadTension, CellsKnowTheirLine) {
    const FaceAsset& face = woman();
    for (uint32_t cell = 0; cell < face.cells.size(); cell += 97) {
        TissueAt at = face.tissue_of_cell(cell);
        EXPECT_NEAR(glm::length(at.tension), 1, 1e-9);
        EXPECT_GE(at.anisotropy, 1.5 - 1e-9);
        EXPECT_LE(at.anisotropy, 2.5 + 1e-9);
    }
}

TEST(HeadTension, BadLinesAreToldByPlace) {
    face_test::Workshop workshop;
    base::fs::path source = base::fs::path(EVENHAND_SOURCE_DIR) / "content/faces/head";
    base::fs::path folder = workshop.places.data / "faces/head";
    base::fs::copy(source, folder, base::fs::copy_options::recursive);
    for (auto [text, why] : {std::pair{"line = [{ name = \"x\", tag = \"A\" }]", "neither 'front' nor 'wrap'"},
                             {"line = [{ name = \"x\", front = [[0, 1]], tag = \"A\" }]", "at least 2 points"},
                             {"line = [{ name = \"x\", front = [[0, 1], [0, nan]], tag = \"A\" }]", "millimetres"},
                             {"line = []", "give at least one"}}) {
        std::string file = std::string("version = 1\nsource = \"test\"\n") + text + "\n";
        ASSERT_TRUE(base::write_file(folder / "tension_lines.toml", std::string_view(file)));
        auto read = load_head_numbers(workshop.places);
        ASSERT_FALSE(read) << text;
        EXPECT_NE(read.error().message.find(why), std::string::npos) << read.error().message;
        EXPECT_NE(read.error().message.find("tension_lines.toml"), std::string::npos) << read.error().message;
    }
}

}  // namespace
}  // namespace face
