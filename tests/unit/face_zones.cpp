// Where clinical zones lie on a generated head and where they border.

#include "engine/face/head_zones.h"
#include "tests/unit/face_workshop.h"

#include <gtest/gtest.h>

#include <glm/geometric.hpp>

#include <cmath>
#include <map>
#include <set>

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

const HeadMesh& sampled() {
    static const HeadMesh mesh = sample_head(shape(), 15000, {});
    return mesh;
}

const ZoneMap& map() {
    static const ZoneMap zones = map_zones(numbers(), shape(), sampled());
    return zones;
}

/// The canonical head in metres, as the borders are laid on.
const mesh::SurfaceMesh& surface() {
    static const mesh::SurfaceMesh mesh = [] {
        mesh::SurfaceMesh m;
        for (const HeadPoint& p : sampled().points) m.positions.push_back(1e-3 * p.place);
        m.triangles = sampled().triangles;
        mesh::compute_normals(m);
        return m;
    }();
    return mesh;
}

/// Zone of the triangle whose middle front view shows nearest to (x, y) mm.
std::string zone_seen_at(double x, double y) {
    double nearest = 1e9;
    size_t found = 0;
    for (size_t t = 0; t < sampled().triangles.size(); ++t) {
        glm::uvec3 c = sampled().triangles[t];
        glm::dvec3 p = (sampled().points[c.x].base + sampled().points[c.y].base + sampled().points[c.z].base) / 3.0;
        double d = p.z < 20 ? 1e9 : (p.x - x) * (p.x - x) + (p.y - y) * (p.y - y);
        if (d < nearest) nearest = d, found = t;
    }
    return map().zones[map().triangle_zone[found]].id;
}

std::map<std::string, double> areas_cm2() {
    std::map<std::string, double> areas;
    for (uint32_t t = 0; t < surface().triangle_count(); ++t)
        areas[map().zones[map().triangle_zone[t]].id] += 1e4 * mesh::triangle_area(surface(), t);
    return areas;
}

TEST(HeadZones, LieOnTheirAnatomy) {
    auto at = [&](const char* name) { return numbers().landmark(name); };
    EXPECT_EQ(zone_seen_at(0, 160), "forehead");
    EXPECT_EQ(zone_seen_at(0, at("glabella").y), "glabella");
    EXPECT_EQ(zone_seen_at(at("pupil").x, at("pupil").y), "eyelid_left");
    EXPECT_EQ(zone_seen_at(-at("pupil").x, at("pupil").y), "eyelid_right");
    EXPECT_EQ(zone_seen_at(at("exocanthion").x + 3, at("exocanthion").y), "eyelid_left");  // within the rim
    EXPECT_EQ(zone_seen_at(at("exocanthion").x + 12, at("exocanthion").y), "periorbital_left");
    EXPECT_EQ(zone_seen_at(at("pupil").x, at("orbitale").y - 4), "periorbital_left");
    EXPECT_EQ(zone_seen_at(0, at("pronasale").y), "nose_dorsum");
    EXPECT_EQ(zone_seen_at(11, 98), "nose_sidewall_left");
    EXPECT_EQ(zone_seen_at(at("alare").x - 1, at("alare").y), "nose_sidewall_left");  // the ala
    EXPECT_EQ(zone_seen_at(45, 70), "cheek_left");
    EXPECT_EQ(zone_seen_at(0, 58), "upper_lip");
    EXPECT_EQ(zone_seen_at(0, at("labiale_inferius").y + 3), "vermilion");
    EXPECT_EQ(zone_seen_at(0, at("pogonion").y), "chin");
    EXPECT_EQ(zone_seen_at(38, 18), "jawline_left");
}

TEST(HeadZones, TheLidsBorderFollowsTheRimOfTheOrbit) {
    // The lower border runs through orbitale, the lowest point of the rim, and stays a lid's width from both canthi.
    double lowest = 1e9;
    for (const BorderPath& border : map().borders) {
        if (map().zones[border.zone_a].id != "eyelid_left" && map().zones[border.zone_b].id != "eyelid_left") continue;
        for (const mesh::SurfacePoint& p : border.points) {
            glm::dvec3 at = 1e3 * mesh::position_at(surface(), p);
            lowest = std::min(lowest, at.y);
            EXPECT_GT(glm::length(at - numbers().landmark("exocanthion")), 4);
            EXPECT_GT(glm::length(at - numbers().landmark("endocanthion")), 2);
        }
    }
    EXPECT_NEAR(lowest, numbers().landmark("orbitale").y, 2);
}

TEST(HeadZones, LeftAndRightMeasureTheSame) {
    std::map<std::string, double> areas = areas_cm2();
    for (const auto& [id, area] : areas) {
        EXPECT_GT(area, 1) << id;
        if (!id.ends_with("_left")) continue;
        double right = areas[id.substr(0, id.size() - 4) + "right"];
        EXPECT_NEAR(area, right, 0.03 * area) << id;  // triangles count whole, and the mesh is not symmetric
    }
}

TEST(HeadZones, TheUndersideOfTheJawIsTheNecks) {
    for (size_t t = 0; t < sampled().triangles.size(); ++t) {
        const std::string& id = map().zones[map().triangle_zone[t]].id;
        glm::dvec3 p = sampled().points[sampled().triangles[t].x].base;
        if (id == "chin") {
            EXPECT_GT(p.z, 68) << p.y;
        }
    }
}

TEST(ZoneBorders, LieWhereTheZoneChanges) {
    // A little to both sides of a border the zones are those that it says, and neither goes on beyond it.
    size_t told = 0, right = 0;
    for (const BorderPath& border : map().borders)
        for (const mesh::SurfacePoint& p : border.points) {
            std::set<uint8_t> around;
            glm::dvec3 at = mesh::position_at(surface(), p);
            for (uint32_t t = 0; t < surface().triangle_count(); ++t) {
                glm::dvec3 gap = surface().positions[surface().triangles[t].x] - at;
                if (glm::dot(gap, gap) < 9e-6) around.insert(map().triangle_zone[t]);
            }
            right += around.contains(border.zone_a) && around.contains(border.zone_b);
            if (++told % 41 == 0) break;
        }
    EXPECT_GT(right, told * 97 / 100);
}

TEST(ZoneBorders, AreSmooth) {
    // Turning between neighbouring stretches of the thinned lines, weighted by length: a line along triangle edges turns by
    // about 60 degrees at every vertex, a millimetre apart; nostrils and the bow of the lip turn by 20.
    double turning = 0, length = 0;
    size_t points = 0;
    for (const ZoneBorder& border : lay_borders(map().borders, surface())) {
        points += border.line.size();
        for (size_t i = 1; i + 1 < border.line.size(); ++i) {
            glm::dvec3 a(border.line[i] - border.line[i - 1]), b(border.line[i + 1] - border.line[i]);
            double la = glm::length(a), lb = glm::length(b);
            if (!(la > 0 && lb > 0)) continue;
            turning += std::acos(std::min(1.0, glm::dot(a, b) / (la * lb)));
            length += lb;
        }
    }
    RecordProperty("points", std::to_string(points));
    RecordProperty("degrees_per_mm", std::to_string(turning / length * 180 / 3.14159265 / 1e3));
    EXPECT_LT(turning / length * 180 / 3.14159265 / 1e3, 12);
    EXPECT_LT(points, 4000u);
}

TEST(ZoneBorders, LieOnTheSkin) {
    mesh::SurfaceIndex index(surface());
    for (const ZoneBorder& border : lay_borders(map().borders, surface()))
        for (size_t i = 1; i < border.line.size(); ++i)
            for (double share : {0.0, 0.5}) {
                glm::dvec3 p = glm::mix(glm::dvec3(border.line[i - 1]), glm::dvec3(border.line[i]), share);
                auto hit = index.closest(p, 1e-3);
                ASSERT_TRUE(hit);
                EXPECT_LT(glm::length(mesh::position_at(surface(), hit->point) - p), 0.09e-3);
            }
}

TEST(ZoneBorders, AgreeBetweenMeshes) {
    // Another mesh of the same head has its borders at the same places.
    HeadMesh coarse = sample_head(HeadShape(numbers()), 9000, {});
    mesh::SurfaceMesh other;
    for (const HeadPoint& p : coarse.points) other.positions.push_back(1e-3 * p.base);
    other.triangles = coarse.triangles;
    std::vector<ZoneBorder> here = lay_borders(map_zones(numbers(), shape(), coarse).borders, other);
    mesh::SurfaceMesh fine = surface();
    for (size_t i = 0; i < fine.positions.size(); ++i) fine.positions[i] = 1e-3 * sampled().points[i].base;
    std::vector<glm::dvec3> there;
    for (const BorderPath& border : map().borders)
        if (map().zones[border.zone_b].kind != "ear")
            for (const mesh::SurfacePoint& p : border.points) there.push_back(mesh::position_at(fine, p));
    size_t far = 0, all = 0;
    for (const ZoneBorder& border : here) {
        if (map().zones[border.zone_b].kind == "ear" || map().zones[border.zone_a].kind == "ear") continue;
        for (glm::vec3 p : border.line) {
            double nearest = 1;
            for (glm::dvec3 q : there) nearest = std::min(nearest, glm::length(q - glm::dvec3(p)));
            far += nearest > 1.5e-3;
            ++all;
        }
    }
    EXPECT_LT(far, all / 50) << all;
}

TEST(ZoneBorders, SurviveTheCache) {
    base::Places places = face_test::project_places();
    auto first = face_test::must_load(places, "demo-woman", 9000), again = face_test::must_load(places, "demo-woman", 9000);
    ASSERT_FALSE(first->borders.empty());
    ASSERT_EQ(first->borders.size(), again->borders.size());
    for (size_t i = 0; i < first->borders.size(); ++i) EXPECT_EQ(first->borders[i].line, again->borders[i].line);
    ASSERT_EQ(first->dressing.size(), again->dressing.size());
    for (size_t i = 0; i < first->dressing.size(); ++i)
        EXPECT_EQ(first->dressing[i].colour, again->dressing[i].colour);
    EXPECT_EQ(first->hash, again->hash);
}

}  // namespace
}  // namespace face
