#include "engine/base/deterministic_math.h"
#include "tests/unit/face_workshop.h"
#include "tests/unit/mesh_shapes.h"

#include <glm/geometric.hpp>

#include <cmath>

namespace {

using face_test::kSmallPad;
using face_test::must_load;
using face_test::Workshop;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(FlatPad, IsASquareOfTenCentimetresAtZeroHeight) {
    auto pad = must_load(face_test::project_places(), "pad-flat");
    EXPECT_EQ(pad->kind, face::Kind::pad);
    EXPECT_EQ(pad->mesh.vertex_count(), 101u * 101u);
    EXPECT_EQ(pad->mesh.triangle_count(), 2u * 100u * 100u);
    for (size_t v = 0; v < pad->mesh.vertex_count(); ++v) {
        EXPECT_EQ(pad->mesh.positions[v].z, 0);
        EXPECT_EQ(pad->mesh.normals[v], glm::dvec3(0, 0, 1));
    }
    EXPECT_EQ(pad->mesh.positions.front(), shapes::whole_micrometres({-0.05, -0.05, 0}));
    EXPECT_EQ(pad->mesh.positions.back(), shapes::whole_micrometres({0.05, 0.05, 0}));
    EXPECT_NEAR(1e-6 * static_cast<double>(pad->zones[1].area_um2), 10000, 0.01);
}

TEST(FlatPad, IsOneTreatableZone) {
    auto pad = must_load(face_test::project_places(), "pad-flat");
    ASSERT_EQ(pad->zones.size(), 2u);
    EXPECT_EQ(pad->zones[0].id, "outside");
    EXPECT_FALSE(pad->zones[0].treatable);
    const face::Zone& zone = pad->zones[1];
    EXPECT_EQ(zone.id, "pad");
    EXPECT_EQ(zone.kind, "pad");
    EXPECT_TRUE(zone.treatable);
    EXPECT_FALSE(zone.no_go || zone.bone || zone.mobile);
    EXPECT_EQ(pad->find_zone("pad"), 1);
    EXPECT_EQ(pad->find_zone("cheek_left"), -1);
    for (uint8_t z : pad->zone) EXPECT_EQ(z, 1);
}

TEST(FlatPad, HasTheTissueItsFileGives) {
    auto pad = must_load(face_test::project_places(), "pad-flat");
    face::TissueAt tissue = pad->tissue_at({17, {0.2, 0.3, 0.5}});
    EXPECT_NEAR(tissue.depth, 12.5e-3, 1e-15);
    EXPECT_NEAR(tissue.stiffness, 20e3, 1e-9);
    EXPECT_NEAR(tissue.poisson, 0.45, 1e-15);
}

TEST(FlatPad, ClosestPointAndRaysAreWhatAPlaneGives) {
    auto pad = must_load(face_test::project_places(), "pad-flat");
    auto hit = pad->index->closest({0.0123, -0.0321, 0.007}, 0.01);
    ASSERT_TRUE(hit);
    EXPECT_NEAR(hit->distance, 0.007, 1e-15);
    EXPECT_NEAR(glm::length(hit->position - glm::dvec3(0.0123, -0.0321, 0)), 0, 1e-15);
    auto ray = pad->index->cast_front({0, 0, 0.03}, glm::normalize(glm::dvec3(0.03, 0.04, -0.05)), 0, 1);
    ASSERT_TRUE(ray);
    EXPECT_NEAR(glm::length(ray->position - glm::dvec3(0.018, 0.024, 0)), 0, 1e-15);
}

TEST(CylinderPad, IsHalfACylinderWithItsTopAtZero) {
    auto pad = must_load(face_test::project_places(), "pad-cylinder");
    double lowest = 0, widest = 0;
    for (size_t v = 0; v < pad->mesh.vertex_count(); ++v) {
        glm::dvec3 p = pad->mesh.positions[v];
        glm::dvec3 radial{p.x, 0, p.z + 0.05};
        EXPECT_NEAR(glm::length(radial), 0.05, 1e-6);
        EXPECT_LE(std::fabs(p.y), 0.05 + 1e-12);
        lowest = std::min(lowest, p.z);
        widest = std::max(widest, p.x);
    }
    EXPECT_NEAR(lowest, -0.05, 1e-9);
    EXPECT_NEAR(widest, 0.05, 1e-9);
    EXPECT_NEAR(1e-6 * static_cast<double>(pad->zones[1].area_um2), base::det::kPi * 50 * 100, 2);
}

TEST(CylinderPad, NormalsPointFromItsAxis) {
    auto pad = must_load(face_test::project_places(), "pad-cylinder");
    for (size_t v = 0; v < pad->mesh.vertex_count(); ++v) {
        glm::dvec3 p = pad->mesh.positions[v];
        bool edge = p.z < -0.0495;  // the outermost vertices see one facet only
        glm::dvec3 radial = glm::normalize(glm::dvec3(p.x, 0, p.z + 0.05));
        EXPECT_GT(glm::dot(pad->mesh.normals[v], radial), edge ? 0.9999 : 0.999999) << v;
    }
}

TEST(CylinderPad, RaysToItsAxisHitAtItsRadius) {
    auto pad = must_load(face_test::project_places(), "pad-cylinder");
    for (int degrees = -85; degrees <= 85; degrees += 5) {
        double angle = degrees * base::det::kPi / 180;
        glm::dvec3 out{base::det::sin(angle), 0, base::det::cos(angle)};
        glm::dvec3 origin = glm::dvec3(0, 0.0123, -0.05) + 0.08 * out;
        auto hit = pad->index->cast_front(origin, -out, 0, 0.1);
        ASSERT_TRUE(hit) << degrees;
        EXPECT_NEAR(hit->distance, 0.03, 4e-6) << degrees;  // the middle of a 1 mm facet lies 2.5 µm inside
        EXPECT_GT(glm::dot(mesh::normal_at(pad->mesh, hit->point), out), 0.99999) << degrees;
        EXPECT_FALSE(pad->index->cast_front(glm::dvec3(0, 0.0123, -0.05), out, 0, 0.1)) << "from behind";
    }
}

TEST(CylinderPad, ANarrowerPadIsAPartOfTheCylinder) {
    Workshop shop;
    std::string text = replaced(kSmallPad, "size_mm = [20, 15]", "size_mm = [50, 30]\nradius_mm = 50");
    auto pad = must_load(shop.places, shop.write("arc.toml", text).string());
    for (glm::dvec3 p : pad->mesh.positions) {
        EXPECT_NEAR(glm::length(glm::dvec2(p.x, p.z + 0.05)), 0.05, 1e-6);
        EXPECT_LE(std::fabs(p.x), 0.025 + 1e-9);
    }
    // A chord equal to the radius spans 60 degrees.
    EXPECT_NEAR(1e-6 * static_cast<double>(pad->zones[1].area_um2), base::det::kPi / 3 * 50 * 30, 0.5);
}

TEST(Pads, AreSoundAtEveryResolution) {
    for (const char* id : {"pad-flat", "pad-cylinder"})
        for (uint32_t vertices : {0u, 2000u, 25000u}) {
            auto pad = must_load(face_test::project_places(), id, vertices);
            EXPECT_EQ(face::check(*pad), std::vector<std::string>{}) << id << " " << vertices;
            double wanted = vertices > 0 ? vertices : static_cast<double>(pad->mesh.vertex_count());
            EXPECT_NEAR(static_cast<double>(pad->mesh.vertex_count()) / wanted, 1, 0.06) << id;
        }
}

TEST(Pads, CellsAreTheSameAtEveryResolution) {
    for (const char* id : {"pad-flat", "pad-cylinder"}) {
        auto coarse = must_load(face_test::project_places(), id, 25000);
        auto fine = must_load(face_test::project_places(), id, 100000);
        size_t kept = 0;
        for (size_t i = 0; i < coarse->cells.size(); ++i) {
            uint32_t cell = fine->cells.find(coarse->cells.seed[i], coarse->cells.normal[i]);
            kept += glm::length(fine->cells.seed[cell] - coarse->cells.seed[i]) < 20e-6;
        }
        double n = static_cast<double>(coarse->cells.size());
        EXPECT_NEAR(static_cast<double>(fine->cells.size()) / n, 1, 0.001) << id;
        EXPECT_GT(static_cast<double>(kept) / n, 0.97) << id;
        double area = static_cast<double>(coarse->zones[1].area_um2);
        EXPECT_NEAR(static_cast<double>(fine->zones[1].area_um2) / area, 1, 1e-4) << id;
        EXPECT_NE(coarse->hash, fine->hash) << "another mesh is another face as evidence goes";
    }
}

TEST(Pads, BakingTwiceGivesOneHash) {
    Workshop first, second;
    auto a = must_load(first.places, first.write("small.toml", kSmallPad).string());
    auto b = must_load(second.places, second.write("small.toml", kSmallPad).string());
    EXPECT_EQ(a->hash, b->hash);
}

TEST(Pads, TheHashCoversWhatScoresDependOn) {
    Workshop shop;
    auto hash_of = [&](const std::string& text) {
        return must_load(shop.places, shop.write("x.toml", text).string())->hash;
    };
    base::Hash plain = hash_of(kSmallPad);
    EXPECT_EQ(hash_of(replaced(kSmallPad, "version = 1", "version = 1\nname = \"Another name\"")), plain);
    EXPECT_NE(hash_of(replaced(kSmallPad, "thickness_mm = 12.5", "thickness_mm = 12.4")), plain);
    EXPECT_NE(hash_of(replaced(kSmallPad, "stiffness_kpa = 20", "stiffness_kpa = 21")), plain);
    EXPECT_NE(hash_of(replaced(kSmallPad, "poisson = 0.45", "poisson = 0.46")), plain);
    EXPECT_NE(hash_of(replaced(kSmallPad, "[20, 15]", "[20, 16]")), plain);
}

TEST(Pads, TangentsAreAFrameOnTheSkin) {
    for (int degrees = 0; degrees < 360; degrees += 7) {
        double angle = degrees * base::det::kPi / 180;
        glm::dvec3 normal{base::det::sin(angle), 0, base::det::cos(angle)}, along, across;
        face::FaceAsset::tangent_frame(normal, along, across);
        EXPECT_NEAR(glm::length(along), 1, 1e-15);
        EXPECT_NEAR(glm::dot(along, normal), 0, 1e-15);
        EXPECT_NEAR(glm::length(across - glm::cross(normal, along)), 0, 1e-15);
    }
    glm::dvec3 along, across;
    face::FaceAsset::tangent_frame({0, 0, 1}, along, across);
    EXPECT_EQ(along, glm::dvec3(1, 0, 0));
    EXPECT_EQ(across, glm::dvec3(0, 1, 0));
    face::FaceAsset::tangent_frame({1, 0, 0}, along, across);
    EXPECT_EQ(along, glm::dvec3(0, 1, 0));
}

struct Mistake {
    const char *from, *to, *where, *what;
};

class BadPad : public testing::TestWithParam<Mistake> {};

TEST_P(BadPad, IsRefusedWithFileAndLine) {
    Workshop shop;
    const Mistake& mistake = GetParam();
    std::string path = shop.write("small.toml", replaced(kSmallPad, mistake.from, mistake.to)).string();
    auto pad = face::load(shop.places, path);
    ASSERT_FALSE(pad);
    EXPECT_NE(pad.error().message.find(path + mistake.where), std::string::npos) << pad.error().message;
    EXPECT_NE(pad.error().message.find(mistake.what), std::string::npos) << pad.error().message;
    EXPECT_TRUE(base::fs::is_empty(shop.places.cache)) << "nothing is left behind";
}

INSTANTIATE_TEST_SUITE_P(
    All, BadPad,
    testing::Values(
        Mistake{"version = 1\n", "", ":1:1", "version"},
        Mistake{"version = 1", "version = 2", ":1:11", "version"},
        Mistake{"id = \"small\"\n", "", ":1:1", "id"}, Mistake{"\"small\"", "\"../x\"", ":2:6", "id"},
        Mistake{"\"small\"", "3", ":2:6", "id"}, Mistake{"kind = \"pad\"\n", "", ":1:1", "kind"},
        Mistake{"\"pad\"", "\"hat\"", ":3:8", "hat"}, Mistake{"[20, 15]", "[20]", ":4:11", "size_mm"},
        Mistake{"[20, 15]", "[20, -15]", ":4:11", "size_mm"},
        Mistake{"[20, 15]", "[20, nan]", ":4:11", "size_mm"},
        Mistake{"[20, 15]", "[20, 1e9]", ":4:11", "size_mm"},
        Mistake{"size_mm = [20, 15]\n", "", ":1:1", "size_mm"},
        Mistake{"12.5", "-12.5", ":5:16", "thickness_mm"}, Mistake{"12.5", "nan", ":5:16", "thickness_mm"},
        Mistake{"12.5", "inf", ":5:16", "thickness_mm"}, Mistake{"12.5", "\"12.5\"", ":5:16", "thickness_mm"},
        Mistake{"thickness_mm = 12.5\n", "", ":1:1", "thickness_mm"},
        Mistake{"stiffness_kpa = 20", "stiffness_kpa = 0", ":6:17", "stiffness_kpa"},
        Mistake{"poisson = 0.45", "poisson = 0.5", ":7:11", "poisson"},
        Mistake{"poisson = 0.45", "poisson = 0.45\nradius_mm = 5", ":8:13", "radius_mm"},
        Mistake{"[20, 15]", "[90, 15]\nradius_mm = 40", ":4:11", "twice radius_mm"},
        Mistake{"poisson = 0.45", "poisson = 0.45\ncolour = \"red\"", ":8:10", "colour"},
        Mistake{"poisson = 0.45", "poisson = ", ":7:", ""}));

}  // namespace
