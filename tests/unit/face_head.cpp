#include "engine/base/deterministic_math.h"
#include "engine/base/toml.h"
#include "engine/face/head_generator.h"
#include "engine/face/head_mesh.h"
#include "engine/mesh/surface_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>
#include <sstream>

#include <unistd.h>

namespace face {
namespace {

const std::string kFile = EVENHAND_SOURCE_DIR "/content/faces/demo-woman.toml";
constexpr uint32_t kVertices = 12000;  // enough for every zone, quick enough for every test

base::Places places() {
    return {EVENHAND_SOURCE_DIR "/content", {}, {}};
}

toml::table spec_of(const std::string& file) {
    auto spec = base::read_toml(file);
    EXPECT_TRUE(spec) << (spec ? "" : spec.error().message);
    if (spec) spec->erase("condition");  // what the skin carries is read by the store
    return spec ? *spec : toml::table();
}

FaceAsset generate(const std::string& file, uint32_t vertices) {
    auto asset = generate_head(places(), spec_of(file), file, {}, vertices);
    EXPECT_TRUE(asset) << (asset ? "" : asset.error().message);
    return asset ? std::move(*asset) : FaceAsset();
}

const FaceAsset& woman() {
    static const FaceAsset asset = generate(kFile, kVertices);
    return asset;
}

const HeadNumbers& numbers() {
    static const HeadNumbers all = *load_head_numbers(places());
    return all;
}

const HeadShape& shape() {
    static const HeadShape head(numbers());
    return head;
}

std::map<std::string, double> zone_areas_cm2(const FaceAsset& asset) {
    std::map<std::string, double> areas;
    for (uint32_t t = 0; t < asset.mesh.triangle_count(); ++t)
        areas[asset.zones[asset.zone[t]].id] += 1e4 * mesh::triangle_area(asset.mesh, t);
    return areas;
}

TEST(HeadShape, MirrorsBeforeAsymmetry) {
    for (double azimuth = 0; azimuth <= 180; azimuth += 7.5)
        for (double elevation = kLowestElevation; elevation < kHighestElevation; elevation += 4.3) {
            HeadPoint left = shape().at(azimuth, elevation), right = shape().at(-azimuth, elevation);
            EXPECT_NEAR(left.place.y, right.place.y, 1e-9) << azimuth << " " << elevation;
            EXPECT_NEAR(left.place.z, right.place.z, 1e-9) << azimuth << " " << elevation;
            EXPECT_NEAR(left.place.x, -right.place.x, 1e-9) << azimuth << " " << elevation;
        }
}

TEST(HeadShape, RaysEndOnTheSolids) {
    for (double azimuth = -170; azimuth < 180; azimuth += 23)
        for (double elevation = kLowestElevation; elevation <= kHighestElevation; elevation += 5)
            EXPECT_LT(std::fabs(shape().distance(shape().base_at(azimuth, elevation))), 1e-5)
                << azimuth << " " << elevation;
}

TEST(HeadShape, FrontViewFindsThePointItNames) {
    for (glm::dvec2 at : {glm::dvec2(0, 160), glm::dvec2(30, 110), glm::dvec2(-30, 70), glm::dvec2(5, 50)}) {
        HeadPoint point = shape().at_front(at.x, at.y);
        EXPECT_NEAR(point.base.x, at.x, 1e-4);
        EXPECT_NEAR(point.base.y, at.y, 1e-4);
    }
}

TEST(HeadShape, FromNearbyItFindsTheSameSkinAndTheSameMasks) {
    for (double azimuth = -170; azimuth < 180; azimuth += 7)
        for (double elevation = -85; elevation <= 89; elevation += 3) {
            const HeadPoint from_afar = shape().at(azimuth, elevation);
            const glm::dvec3 beside = shape().base_at(azimuth + 0.6, elevation - 0.5);  // about a millimetre
            if (glm::length(beside - from_afar.base) > 3) continue;  // the ray there passes an edge and meets other skin
            const HeadPoint near = shape().at(azimuth, elevation, beside);
            const HeadPoint masks = shape().masks_at(azimuth, elevation, beside);
            EXPECT_LT(glm::length(near.place - from_afar.place), 2e-5) << azimuth << " " << elevation;
            EXPECT_EQ(masks.base, near.base) << azimuth << " " << elevation;
            EXPECT_EQ(masks.lip, near.lip) << azimuth << " " << elevation;
            EXPECT_EQ(masks.nostril, near.nostril) << azimuth << " " << elevation;
            EXPECT_EQ(masks.ear, near.ear) << azimuth << " " << elevation;
        }
}

TEST(HeadShape, MarksLipsLidsNostrilsAndEarsWhereTheyAre) {
    EXPECT_GT(shape().at_front(0, 49).lip, 0.9);
    EXPECT_LT(shape().at_front(0, 60).lip, 0.1);
    EXPECT_GT(shape().at_front(32, 103.3).lash_line, 0.8);
    EXPECT_GT(shape().at(90, -10).ear, 0.9);
    EXPECT_EQ(shape().at(40, -10).ear, 0);
}

TEST(Head, IsClosedButForTheRingAtTheNecksEnd) {
    HeadMesh mesh = sample_head(shape(), 6000, {});
    std::map<std::pair<uint32_t, uint32_t>, int> directed;
    for (glm::uvec3 t : mesh.triangles)
        for (int i = 0; i < 3; ++i) ++directed[{t[i], t[(i + 1) % 3]}];
    size_t border = 0;
    for (auto [edge, count] : directed) {
        EXPECT_EQ(count, 1);
        if (directed.contains({edge.second, edge.first})) continue;
        ++border;
        EXPECT_EQ(mesh.angles[edge.first].y, kLowestElevation);
        EXPECT_EQ(mesh.angles[edge.second].y, kLowestElevation);
    }
    EXPECT_GE(border, 24u);
    // One ring: a sphere with one hole has Euler characteristic 1.
    size_t edges = (directed.size() + border) / 2;
    EXPECT_EQ(mesh.points.size() + mesh.triangles.size() - edges, 1u);
}

TEST(Head, HasTheVerticesAskedFor) {
    EXPECT_EQ(sample_head(shape(), 2500, {}).points.size(), 2500u);
    EXPECT_EQ(woman().mesh.vertex_count(), kVertices);
}

TEST(Head, IsFinerOnLipsThanOnForeheadThanOnScalp) {
    auto mean_edge = [](auto&& wanted) {
        double sum = 0, count = 0;
        const FaceAsset& a = woman();
        for (uint32_t t = 0; t < a.mesh.triangle_count(); ++t) {
            if (a.zones[a.zone[t]].id != wanted) continue;
            sum += std::sqrt(mesh::triangle_area(a.mesh, t));
            ++count;
        }
        return sum / count;
    };
    EXPECT_LT(1.5 * mean_edge("vermilion"), mean_edge("forehead"));
    EXPECT_LT(1.2 * mean_edge("forehead"), mean_edge("outside"));
}

TEST(Head, HasNoDegenerateTrianglesAndWholeMicrometres) {
    const FaceAsset& a = woman();
    ASSERT_GT(a.mesh.triangle_count(), kVertices);
    for (uint32_t t = 0; t < a.mesh.triangle_count(); ++t)
        ASSERT_GT(mesh::triangle_area(a.mesh, t), 1e-11) << "triangle " << t;
    for (glm::dvec3 p : a.mesh.positions)
        for (int i = 0; i < 3; ++i) ASSERT_NEAR(1e6 * p[i], std::round(1e6 * p[i]), 1e-6);
    for (glm::dvec3 n : a.mesh.normals) ASSERT_NEAR(glm::length(n), 1, 1e-9);
    for (glm::vec2 uv : a.uv) ASSERT_TRUE(uv.x >= 0 && uv.x <= 1 && uv.y >= 0 && uv.y <= 1);
}

TEST(Head, FacesOutwards) {
    const FaceAsset& a = woman();
    double volume = 0;
    for (glm::uvec3 t : a.mesh.triangles)
        volume +=
            glm::dot(a.mesh.positions[t.x], glm::cross(a.mesh.positions[t.y], a.mesh.positions[t.z])) / 6;
    EXPECT_GT(volume, 2.5e-3);  // m³; an adult head and neck hold 4 to 5 litres
    EXPECT_LT(volume, 7e-3);
}

TEST(HeadBakes, IsTheSameToTheLastBitEachTime) {
    FaceAsset a = generate(kFile, 4000), b = generate(kFile, 4000);
    EXPECT_EQ(a.mesh.positions, b.mesh.positions);
    EXPECT_EQ(a.mesh.triangles, b.mesh.triangles);
    EXPECT_EQ(a.zone, b.zone);
    ASSERT_EQ(a.tissue.size(), b.tissue.size());
    EXPECT_EQ(0, std::memcmp(a.tissue.data(), b.tissue.data(), a.tissue.size() * sizeof(Tissue)));
    EXPECT_EQ(0, std::memcmp(a.look.data(), b.look.data(), a.look.size() * sizeof(Look)));
    ASSERT_EQ(a.dressing.size(), b.dressing.size());
    for (size_t i = 0; i < a.dressing.size(); ++i)
        EXPECT_EQ(a.dressing[i].mesh.positions, b.dressing[i].mesh.positions);
}

TEST(Head, OriginLiesMidwayBetweenTheEars) {
    auto [low, high] = std::ranges::minmax(woman().mesh.positions, {}, &glm::dvec3::x);
    EXPECT_NEAR(low.x, -high.x, 3e-3);
    EXPECT_GT(high.x, 0.07);
    EXPECT_LT(high.x, 0.105);
    auto nose = std::ranges::max(woman().mesh.positions, {}, &glm::dvec3::z);
    EXPECT_NEAR(nose.x, 0, 3e-3);
    EXPECT_GT(nose.z, 0.09);
    auto top = std::ranges::max(woman().mesh.positions, {}, &glm::dvec3::y);
    EXPECT_GT(top.y, 0.11);
}

TEST(Head, HasEveryZoneWithAPlausibleArea) {
    std::map<std::string, double> areas = zone_areas_cm2(woman());
    struct Band {
        const char* id;
        double low, high;
    };
    for (Band band : {Band{"forehead", 35, 80},
                      {"glabella", 2, 8},
                      {"nose_dorsum", 5, 14},
                      {"upper_lip", 6, 16},
                      {"vermilion", 5, 14},
                      {"chin", 15, 45},
                      {"neck", 40, 130},
                      {"nostril", 0.5, 4}})
        EXPECT_TRUE(areas[band.id] > band.low && areas[band.id] < band.high)
            << band.id << " " << areas[band.id];
    for (Band band : {Band{"cheek", 25, 60},
                      {"temple", 10, 30},
                      {"periorbital", 5, 15},
                      {"eyelid", 8, 20},
                      {"nose_sidewall", 5, 13},
                      {"jawline", 12, 35},
                      {"ear", 10, 40}}) {
        double left = areas[band.id + std::string("_left")], right = areas[band.id + std::string("_right")];
        EXPECT_TRUE(left > band.low && left < band.high) << band.id << " " << left;
        EXPECT_NEAR(left / right, 1, 0.15) << band.id;
    }
    EXPECT_EQ(woman().zones.size(), 23u);
    EXPECT_EQ(woman().zones[0].id, "outside");
    EXPECT_EQ(areas.size(), 23u);
}

TEST(HeadBakes, ZoneAreasDoNotDependOnTheMesh) {
    std::map<std::string, double> fine = zone_areas_cm2(woman()),
                                  coarse = zone_areas_cm2(generate(kFile, 8000));
    for (auto [id, area] : coarse) EXPECT_NEAR(area / fine[id], 1, 0.08) << id;
}

TEST(Head, ZonesLeaveNoGapOnTheFace) {
    const FaceAsset& a = woman();
    for (uint32_t t = 0; t < a.mesh.triangle_count(); ++t) {
        glm::dvec3 c = mesh::position_at(a.mesh, {t, {1 / 3.0, 1 / 3.0, 1 / 3.0}});
        if (c.z < 0.045 || std::fabs(c.x) > 0.055 || c.y < -0.07 || c.y > 0.065)
            continue;  // between chin and hairline
        EXPECT_NE(a.zone[t], 0) << "at " << 1e3 * c.x << " " << 1e3 * c.y << " " << 1e3 * c.z << " mm";
    }
}

TEST(Head, ZonesLieOnTheirSideAndKeepTheirFlags) {
    const FaceAsset& a = woman();
    for (uint32_t t = 0; t < a.mesh.triangle_count(); ++t) {
        const std::string& id = a.zones[a.zone[t]].id;
        double x = mesh::position_at(a.mesh, {t, {1 / 3.0, 1 / 3.0, 1 / 3.0}}).x;
        double side = id.ends_with("_left") ? 1 : id.ends_with("_right") ? -1 : 0;
        EXPECT_GT(side * x, -2e-3) << id;
    }
    std::set<std::string> no_go{"eyelid", "nostril", "vermilion", "ear"};
    for (const Zone& zone : a.zones) {
        EXPECT_EQ(zone.no_go, no_go.contains(zone.kind)) << zone.id;
        EXPECT_EQ(zone.treatable, !zone.no_go && zone.id != "outside") << zone.id;
    }
}

TEST(Head, TissueIsThatOfTheZonesBlendedWithinItsRange) {
    const FaceAsset& a = woman();
    ASSERT_EQ(a.tissue.size(), a.mesh.vertex_count());
    std::map<std::string, std::pair<double, double>> thickness;
    for (uint32_t t = 0; t < a.mesh.triangle_count(); ++t)
        for (int i = 0; i < 3; ++i) {
            const Tissue& tissue = a.tissue[a.mesh.triangles[t][i]];
            auto& [sum, count] = thickness[a.zones[a.zone[t]].id];
            sum += tissue.epidermis_um + tissue.dermis_um;
            ++count;
        }
    auto mean = [&](const char* id) { return thickness[id].first / thickness[id].second; };
    EXPECT_NEAR(mean("forehead"), 1060, 25);  // clinical.md 4.1
    EXPECT_NEAR(mean("cheek_left"), 1070, 30);
    EXPECT_NEAR(mean("temple_left"), 980, 40);
    EXPECT_NEAR(mean("eyelid_right"), 770, 40);
    for (const Tissue& t : a.tissue) {
        ASSERT_TRUE(t.epidermis_um >= 30 && t.epidermis_um <= 300);
        ASSERT_TRUE(t.dermis_um >= 400 && t.dermis_um <= 3000);
        ASSERT_TRUE(t.depth_um >= 500 && t.depth_um <= 50000);
        ASSERT_TRUE(t.stiffness_pa10 >= 100 && t.stiffness_pa10 <= 10000);
        ASSERT_TRUE(t.poisson_e4 >= 3000 && t.poisson_e4 <= 4900);
    }
}

TEST(Head, TissueChangesSmoothlyAcrossZoneBorders) {
    const FaceAsset& a = woman();
    for (glm::uvec3 t : a.mesh.triangles)
        for (int i = 0; i < 3; ++i) {
            uint32_t p = t[i], q = t[(i + 1) % 3];
            double apart = 1e3 * glm::length(a.mesh.positions[p] - a.mesh.positions[q]);
            if (a.mesh.positions[p].z < 0.05 || apart > 2) continue;
            // Round the rim of a nostril the skin outside and inside lies closer in space than along itself.
            if (glm::dot(a.mesh.normals[p], a.mesh.normals[q]) < 0.5) continue;
            EXPECT_LT(std::abs(a.tissue[p].dermis_um - a.tissue[q].dermis_um), 60 + 200 * apart);
        }
}

TEST(Head, BoneLiesDeeperUnderTheCheekThanUnderTheForehead) {
    const FaceAsset& a = woman();
    std::map<std::string, std::pair<double, double>> depth;
    for (uint32_t t = 0; t < a.mesh.triangle_count(); ++t) {
        auto& [sum, count] = depth[a.zones[a.zone[t]].kind];
        sum += a.tissue[a.mesh.triangles[t].x].depth_um;
        ++count;
    }
    auto mean = [&](const char* kind) { return depth[kind].first / depth[kind].second; };
    EXPECT_GT(mean("cheek"), 2 * mean("forehead"));
    EXPECT_LT(mean("nose_dorsum"), mean("glabella") + 500);
}

TEST(Head, IsDressedInBrowsLashesCapAndDrape) {
    std::set<std::string> materials;
    for (const Dressing& piece : woman().dressing) {
        materials.insert(piece.material);
        ASSERT_EQ(piece.mesh.normals.size(), piece.mesh.vertex_count());
        for (glm::uvec3 t : piece.mesh.triangles)
            for (int i = 0; i < 3; ++i) ASSERT_LT(t[i], piece.mesh.vertex_count());
        for (glm::dvec3 n : piece.mesh.normals) ASSERT_NEAR(glm::length(n), 1, 1e-6) << piece.material;
    }
    EXPECT_EQ(materials, (std::set<std::string>{"brow", "cap", "drape", "lash"}));
}

TEST(Head, TheCapsRimLeavesNoGapToTheSkin) {
    const FaceAsset& a = woman();
    mesh::SurfaceIndex index(a.mesh);
    const mesh::SurfaceMesh& cap = std::ranges::find(a.dressing, "cap", &Dressing::material)->mesh;
    for (size_t i = 0; i < 204; ++i) {  // the first row is the rim
        auto hit = index.closest(cap.positions[i], 0.02);
        ASSERT_TRUE(hit) << i;
        EXPECT_LT(glm::dot(cap.positions[i] - hit->position, mesh::normal_at(a.mesh, hit->point)), 0) << i;
    }
}

TEST(HeadBakes, ThePatientsDiffer) {
    FaceAsset man = generate(EVENHAND_SOURCE_DIR "/content/faces/demo-man.toml", 4000);
    auto height = [](const FaceAsset& a) {
        auto [low, high] = std::ranges::minmax(a.mesh.positions, {}, &glm::dvec3::y);
        return high.y - low.y;
    };
    EXPECT_GT(height(man), height(woman()) + 5e-3);
    EXPECT_EQ(man.fitzpatrick, 3);
}

TEST(Head, RefusesASpecWithTheLineThatIsWrong) {
    auto refusal = [](const std::string& from, const std::string& to) {
        std::string text = *base::read_text(kFile);
        size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos);
        text.replace(at, from.size(), to);
        toml::table spec = toml::parse(text);
        spec.erase("condition");
        auto asset = generate_head(places(), spec, "patient.toml", {}, 2000);
        return asset ? std::string("accepted") : asset.error().message;
    };
    EXPECT_NE(refusal("zygion = 66.0", "zygion = 660.0").find("patient.toml:"), std::string::npos);
    EXPECT_NE(refusal("zygion = 66.0", "zygion = 660.0").find("zygion"), std::string::npos);
    EXPECT_NE(refusal("sex = \"female\"", "sex = \"f\"").find("sex"), std::string::npos);
    EXPECT_NE(refusal("nasion = 113.5", "nasoin = 113.5").find("nasion"), std::string::npos);
    EXPECT_NE(refusal("stomion = 44.3", "stomion = 60.0").find("heights must rise"), std::string::npos);
    EXPECT_NE(refusal("vertices = 54000", "vertices = 5").find("vertices"), std::string::npos);
}

TEST(Head, RefusesAMissingContentFolder) {
    auto asset = generate_head({"/nowhere", {}, {}}, spec_of(kFile), kFile, {}, 2000);
    ASSERT_FALSE(asset);
    EXPECT_NE(asset.error().message.find("/nowhere"), std::string::npos);
}

// A copy of the content with one text of one file replaced; the generator's answer to it.
std::string refusal_of_content(const std::string& name, const std::string& from, const std::string& to) {
    base::fs::path folder = base::fs::temp_directory_path() / ("evenhand_head_" + std::to_string(::getpid()));
    base::fs::remove_all(folder);
    base::fs::create_directories(folder);
    base::fs::copy(places().data / "faces", folder / "faces", base::fs::copy_options::recursive);
    std::string text = *base::read_text(folder / "faces" / name);
    size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    EXPECT_TRUE(base::write_file(folder / "faces" / name, std::string_view(text)));
    auto asset = generate_head({folder, {}, {}}, spec_of(kFile), kFile, {}, 2000);
    base::fs::remove_all(folder);
    return asset ? "accepted" : asset.error().message;
}

TEST(Head, RefusesDamagedContentAndNamesTheFile) {
    using testing::HasSubstr;
    EXPECT_THAT(refusal_of_content("head/primitives.toml", "\"ellipsoid\"", "\"cube\""),
                HasSubstr("primitives.toml:"));
    EXPECT_THAT(refusal_of_content("head/curves.toml", "brow_top", "brow_tip"), HasSubstr("brow_top"));
    EXPECT_THAT(refusal_of_content("head/curves.toml", "[3, 44.8]", "[-3, 44.8]"), HasSubstr("must rise"));
    EXPECT_THAT(refusal_of_content("head/curves.toml", "[3, 44.8]", "[3]"), HasSubstr("point of 2 or 3"));
    EXPECT_THAT(refusal_of_content("head/landmarks.toml", "gonion =", "gonial ="), HasSubstr("gonion"));
    EXPECT_THAT(refusal_of_content("head/zones.toml", "outline.front", "outline.back"),
                HasSubstr("zones.toml:"));
    EXPECT_THAT(refusal_of_content("head/bone_depth.toml", "[5, 5.5]", "[5, 555]"),
                HasSubstr("bone_depth.toml:"));
    EXPECT_THAT(refusal_of_content("tissue.toml", "id = \"chin\"", "id = \"chim\""), HasSubstr("'chin'"));
    EXPECT_THAT(refusal_of_content("tissue.toml", "stiffness_kpa = 40", "stiffness_kpa = -4"),
                HasSubstr("stiffness_kpa"));
}

// The openly licensed head that the solids were fitted to; not part of the product.
TEST(HeadShape, StaysCloseToTheReferenceHeadBeforeTheWarp) {
    const char* given = std::getenv("EVENHAND_SHARED");
    base::fs::path folder =
        given ? base::fs::path(given) : base::fs::path(EVENHAND_SOURCE_DIR) / ".." / "shared";
    base::fs::path file = folder / "faces/reference/makehuman_cc0/mh_head_female_eyesclosed_subd2.obj";
    if (!base::fs::exists(file)) GTEST_SKIP() << file << " is not here";
    mesh::SurfaceMesh reference;
    std::istringstream lines(*base::read_text(file));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string kind, word;
        words >> kind;
        if (kind == "v") {
            glm::dvec3 p;
            words >> p.x >> p.y >> p.z;
            reference.positions.push_back(p);
        } else if (kind == "f") {
            std::vector<uint32_t> corners;
            while (words >> word) corners.push_back(static_cast<uint32_t>(std::stoul(word)) - 1);
            for (size_t i = 2; i < corners.size(); ++i)
                reference.triangles.push_back({corners[0], corners[i - 1], corners[i]});
        }
    }
    mesh::compute_normals(reference);
    mesh::SurfaceIndex index(reference);
    double squares = 0, count = 0;
    for (double azimuth = -70; azimuth <= 70; azimuth += 1.3)
        for (double elevation = -50; elevation < 45; elevation += 1.3) {
            glm::dvec3 p = shape().at(azimuth, elevation).place;
            if (p.z < 20 || p.y < -2 || p.y > 200) continue;
            if (std::fabs(p.x) > 50 && p.z * p.z / (22 * 22) + (p.y - 89) * (p.y - 89) / (34 * 34) < 1)
                continue;  // ear
            auto hit = index.closest(p, 20);
            ASSERT_TRUE(hit);
            squares += hit->distance * hit->distance;
            ++count;
        }
    double rms = std::sqrt(squares / count);
    RecordProperty("rms_mm", std::to_string(rms));
    EXPECT_LT(rms, 0.4);
}

}  // namespace
}  // namespace face
