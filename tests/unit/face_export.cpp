#include "tests/unit/face_workshop.h"

#include <nlohmann/json.hpp>

#include <glm/geometric.hpp>
#include <glm/vec2.hpp>

#include <cstring>

namespace {

using face_test::must_load;
using face_test::Workshop;
namespace fs = base::fs;

/// A GLB taken apart again, as a reader of glTF 2.0 would.
struct Glb {
    nlohmann::json json;
    std::vector<uint8_t> binary;

    explicit Glb(const fs::path& path) {
        auto bytes = base::read_file(path);
        EXPECT_TRUE(bytes);
        auto word = [&](size_t at) {
            uint32_t v;
            std::memcpy(&v, &(*bytes)[at], 4);
            return v;
        };
        EXPECT_EQ(std::memcmp(bytes->data(), "glTF", 4), 0);
        EXPECT_EQ(word(4), 2u);
        EXPECT_EQ(word(8), bytes->size());
        uint32_t text = word(12);
        EXPECT_EQ(text % 4, 0u);
        EXPECT_EQ(std::memcmp(&(*bytes)[16], "JSON", 4), 0);
        json = nlohmann::json::parse(bytes->begin() + 20, bytes->begin() + 20 + text);
        EXPECT_EQ(word(20 + text) % 4, 0u);
        EXPECT_EQ(std::memcmp(&(*bytes)[24 + text], "BIN\0", 4), 0);
        binary.assign(bytes->begin() + 28 + text, bytes->end());
        EXPECT_EQ(word(20 + text), binary.size());
        EXPECT_LE(json["buffers"][0]["byteLength"].get<size_t>(), binary.size());
    }

    template <typename T>
    std::vector<T> read(const nlohmann::json& accessor_number, const char* type, int component) const {
        const nlohmann::json& accessor = json["accessors"][accessor_number.get<size_t>()];
        const nlohmann::json& view = json["bufferViews"][accessor["bufferView"].get<size_t>()];
        EXPECT_EQ(accessor["type"], type);
        EXPECT_EQ(accessor["componentType"], component);
        size_t offset = view["byteOffset"], length = view["byteLength"], count = accessor["count"];
        EXPECT_EQ(offset % 4, 0u);
        EXPECT_EQ(length, count * sizeof(T));
        EXPECT_LE(offset + length, binary.size());
        std::vector<T> values(count);
        std::memcpy(values.data(), &binary[offset], length);
        return values;
    }
};

TEST(ExportGlb, HoldsTheSurfaceInMetres) {
    Workshop shop;
    auto pad = must_load(face_test::project_places(), "pad-cylinder");
    fs::path path = shop.root() / "pad.glb";
    ASSERT_TRUE(face::export_glb(*pad, path));
    Glb glb(path);
    EXPECT_EQ(glb.json["asset"]["version"], "2.0");
    const nlohmann::json& node = glb.json["nodes"][glb.json["scenes"][0]["nodes"][0].get<size_t>()];
    const nlohmann::json& mesh = glb.json["meshes"][node["mesh"].get<size_t>()];
    const nlohmann::json& primitive = mesh["primitives"][0];
    const nlohmann::json& attributes = primitive["attributes"];

    auto positions = glb.read<glm::vec3>(attributes["POSITION"], "VEC3", 5126);
    auto normals = glb.read<glm::vec3>(attributes["NORMAL"], "VEC3", 5126);
    auto uv = glb.read<glm::vec2>(attributes["TEXCOORD_0"], "VEC2", 5126);
    auto zones = glb.read<float>(attributes["_ZONE"], "SCALAR", 5126);
    auto indices = glb.read<uint32_t>(primitive["indices"], "SCALAR", 5125);
    ASSERT_EQ(positions.size(), pad->mesh.vertex_count());
    ASSERT_EQ(normals.size(), positions.size());
    ASSERT_EQ(uv.size(), positions.size());
    ASSERT_EQ(zones.size(), positions.size());
    ASSERT_EQ(indices.size(), 3 * pad->mesh.triangle_count());
    glm::vec3 low(1e9f), high(-1e9f);
    for (size_t v = 0; v < positions.size(); ++v) {
        EXPECT_EQ(positions[v], glm::vec3(pad->mesh.positions[v]));
        EXPECT_NEAR(glm::length(normals[v]), 1, 1e-6);
        EXPECT_EQ(uv[v], pad->uv[v]);
        EXPECT_EQ(zones[v], 1.0f);
        for (int axis = 0; axis < 3; ++axis) {
            low[axis] = std::min(low[axis], positions[v][axis]);
            high[axis] = std::max(high[axis], positions[v][axis]);
        }
    }
    for (size_t i = 0; i < indices.size(); ++i)
        EXPECT_EQ(indices[i], pad->mesh.triangles[i / 3][static_cast<int>(i % 3)]);
    const nlohmann::json& accessor = glb.json["accessors"][attributes["POSITION"].get<size_t>()];
    for (int axis = 0; axis < 3; ++axis) {
        EXPECT_EQ(accessor["min"][axis].get<float>(), low[axis]);
        EXPECT_EQ(accessor["max"][axis].get<float>(), high[axis]);
    }
    EXPECT_EQ(mesh["extras"]["zones"], (nlohmann::json{"outside", "pad"}));
    EXPECT_EQ(mesh["extras"]["face"], pad->hash.hex());
}

face::FaceAsset copy_of(const face::FaceAsset& asset) {
    face::FaceAsset copy;
    copy.id = asset.id;
    copy.kind = asset.kind;
    copy.mesh = asset.mesh;
    copy.tissue = asset.tissue;
    copy.look = asset.look;
    copy.uv = asset.uv;
    copy.zone = asset.zone;
    copy.zones = asset.zones;
    copy.cells = asset.cells;
    return copy;
}

TEST(ExportGlb, AVertexTakesTheZoneOfItsLowestTriangle) {
    Workshop shop;
    face::FaceAsset pad = copy_of(*must_load(face_test::project_places(), "pad-flat"));
    for (size_t t = 0; t < pad.zone.size(); ++t) pad.zone[t] = t < 1000 ? 1 : 0;
    ASSERT_TRUE(face::export_glb(pad, shop.root() / "pad.glb"));
    Glb glb(shop.root() / "pad.glb");
    auto zones =
        glb.read<float>(glb.json["meshes"][0]["primitives"][0]["attributes"]["_ZONE"], "SCALAR", 5126);
    std::vector<float> expected(zones.size(), -1.0f);
    for (size_t t = 0; t < pad.zone.size(); ++t)
        for (int corner = 0; corner < 3; ++corner) {
            float& zone = expected[pad.mesh.triangles[t][corner]];
            if (zone < 0) zone = pad.zone[t];
        }
    EXPECT_EQ(zones, expected);
}

TEST(ExportGlb, DressingIsAMeshOfItsOwn) {
    Workshop shop;
    face::FaceAsset pad = copy_of(*must_load(face_test::project_places(), "pad-flat"));
    pad.dressing.push_back({"drape", pad.mesh});
    pad.dressing.push_back({"empty", {}});
    ASSERT_TRUE(face::export_glb(pad, shop.root() / "pad.glb"));
    Glb glb(shop.root() / "pad.glb");
    ASSERT_EQ(glb.json["meshes"].size(), 2u);
    EXPECT_EQ(glb.json["meshes"][1]["name"], "drape");
    EXPECT_EQ(glb.json["scenes"][0]["nodes"].size(), 2u);
}

TEST(ExportGlb, AFolderThatIsNotThereIsNamed) {
    auto pad = must_load(face_test::project_places(), "pad-flat");
    base::Status status = face::export_glb(*pad, "/nowhere/at/all/pad.glb");
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().message.find("/nowhere/at/all"), std::string::npos) << status.error().message;
}

// --- check ---

class Check : public testing::Test {
  protected:
    Check() : pad(copy_of(*must_load(face_test::project_places(), "pad-flat"))) {}

    void expect_defect(std::string_view part) {
        std::string all;
        for (const std::string& defect : face::check(pad)) all += defect + "\n";
        EXPECT_NE(all.find(part), std::string::npos) << "expected: " << part << "\nfound:\n" << all;
    }

    face::FaceAsset pad;
};

TEST_F(Check, ASoundPadHasNoDefects) {
    EXPECT_EQ(face::check(pad), std::vector<std::string>{});
}

TEST_F(Check, FindsAHole) {
    pad.mesh.triangles.erase(pad.mesh.triangles.begin() + 10100);
    pad.zone.pop_back();
    expect_defect("a hole of 3 edges");
}

TEST_F(Check, FindsAnEdgeOfThreeTriangles) {
    glm::uvec3 t = pad.mesh.triangles[10100];
    pad.mesh.positions.push_back({0, 0, 0.01});
    pad.mesh.normals.push_back({1, 0, 0});
    pad.tissue.push_back(pad.tissue[0]);
    pad.look.push_back(pad.look[0]);
    pad.uv.push_back(pad.uv[0]);
    pad.mesh.triangles.emplace_back(t.x, t.y, static_cast<uint32_t>(pad.mesh.vertex_count()) - 1);
    pad.zone.push_back(1);
    expect_defect("shared by more than two triangles");
}

TEST_F(Check, FindsAFlippedTriangle) {
    std::swap(pad.mesh.triangles[10100].x, pad.mesh.triangles[10100].y);
    expect_defect("3 edges lie between triangles that face opposite ways");
}

TEST_F(Check, FindsASurfaceInsideOut) {
    for (glm::uvec3& t : pad.mesh.triangles) std::swap(t.x, t.y);
    expect_defect("inside out");
}

TEST_F(Check, FindsATriangleWithoutArea) {
    glm::uvec3 t = pad.mesh.triangles[10100];
    pad.mesh.positions[t.x] = pad.mesh.positions[t.y];
    expect_defect("triangles have no area");
}

TEST_F(Check, FindsTrianglesThatPassThroughEachOther) {
    glm::uvec3 t = pad.mesh.triangles[10100];
    glm::dvec3 middle = (pad.mesh.positions[t.x] + pad.mesh.positions[t.y] + pad.mesh.positions[t.z]) / 3.0;
    glm::uvec3 far = pad.mesh.triangles[500];
    pad.mesh.positions[far.x] = middle - glm::dvec3(0, 0, 0.001);
    pad.mesh.positions[far.y] = middle + glm::dvec3(0, 0, 0.002);
    expect_defect("pairs of triangles pass through each other");
}

TEST_F(Check, FindsAnIslandAndALooseVertex) {
    uint32_t first = static_cast<uint32_t>(pad.mesh.vertex_count());
    for (glm::dvec3 p :
         {glm::dvec3(0, 0, 0.1), glm::dvec3(0.01, 0, 0.1), glm::dvec3(0, 0.01, 0.1), glm::dvec3(0, 0, 0.2)}) {
        pad.mesh.positions.push_back(p);
        pad.mesh.normals.push_back({0, 0, 1});
        pad.tissue.push_back(pad.tissue[0]);
        pad.look.push_back(pad.look[0]);
        pad.uv.push_back(pad.uv[0]);
    }
    pad.mesh.triangles.emplace_back(first, first + 1, first + 2);
    pad.zone.push_back(0);
    expect_defect("an island of 1 triangles");
    expect_defect("1 vertices belong to no triangle; the first is at (0.0, 0.0, 200.0) mm");
}

TEST_F(Check, FindsNumbersThatAreNone) {
    pad.mesh.positions[77].y = std::nan("");
    expect_defect("vertex 77 has no finite position");
}

TEST_F(Check, FindsTheWrongScale) {
    for (glm::dvec3& p : pad.mesh.positions) p *= 1000.0;
    expect_defect("scale it to metres");
    for (glm::dvec3& p : pad.mesh.positions) p *= 1e-6;
    expect_defect("scale it to metres");
}

TEST_F(Check, FindsCellsWithoutAreaAndZonesThatDoNotAddUp) {
    pad.cells.area_um2[5] = 0;
    expect_defect("1 surface cells have no area");
    for (uint32_t& area : pad.cells.area_um2) area = area / 10 * 9;
    expect_defect("zone pad measures 10000.0 mm²");
}

TEST_F(Check, FindsIndicesThatPointNowhere) {
    pad.mesh.triangles[3].y = 1000000;
    expect_defect("triangle 3 names a vertex that does not exist");
    pad.mesh.triangles[3].y = 0;
    pad.zone[4] = 9;
    expect_defect("triangle 4 names a zone that does not exist");
}

TEST_F(Check, FindsArraysThatDoNotFit) {
    pad.tissue.pop_back();
    expect_defect("10201 vertices have 10201 normals, 10200 tissues");
}

TEST_F(Check, FindsTissueNoSkinHas) {
    pad.tissue[3].depth_um = 10;
    pad.uv[9] = {1.5f, 0.5f};
    expect_defect("1 vertices have tissue outside the range");
    expect_defect("1 vertices lie off the atlas");
}

}  // namespace
