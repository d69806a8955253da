#include "engine/mesh/import.h"

#include <gtest/gtest.h>

#include <glm/common.hpp>

#include <string>

namespace {

using mesh::read_scan;

base::Result<mesh::SurfaceMesh> read(const std::string& text, const std::string& extension,
                                     const mesh::ScanLimits& limits = {}) {
    return read_scan(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()), extension,
                     "scan" + extension, limits);
}

void expect_refused(const base::Result<mesh::SurfaceMesh>& result, const std::string& part) {
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find(part), std::string::npos) << result.error().message;
    EXPECT_EQ(result.error().message.find('\n'), std::string::npos) << result.error().message;
}

const char* const kObj = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 1 1 0\nf 1 2 3\nf 2 4 3\n";

TEST(ReadScan, AnObjWithoutNormalsOrUv) {
    auto mesh = read(kObj, ".obj");
    ASSERT_TRUE(mesh) << mesh.error().message;
    EXPECT_EQ(mesh->triangle_count(), 2u);
    glm::dvec3 high(0);
    for (glm::uvec3 t : mesh->triangles)
        for (int k = 0; k < 3; ++k) high = glm::max(high, mesh->positions[t[k]]);
    EXPECT_EQ(high, glm::dvec3(1, 1, 0));
}

TEST(ReadScan, TheEndingMayBeInCapitals) {
    EXPECT_TRUE(read(kObj, ".OBJ"));
}

TEST(ReadScan, QuadsAndLargerFacesBecomeTriangles) {
    auto mesh = read("v 0 0 0\nv 2 0 0\nv 2 2 0\nv 1 3 0\nv 0 2 0\nf 1 2 3 4 5\n", ".obj");
    ASSERT_TRUE(mesh) << mesh.error().message;
    EXPECT_EQ(mesh->triangle_count(), 3u);
}

TEST(ReadScan, AnStlAndAPly) {
    auto stl = read(
        "solid s\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 "
        "0\nendloop\nendfacet\n"
        "endsolid s\n",
        ".stl");
    ASSERT_TRUE(stl) << stl.error().message;
    EXPECT_EQ(stl->triangle_count(), 1u);
    auto ply = read(
        "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
        "element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n",
        ".ply");
    ASSERT_TRUE(ply) << ply.error().message;
    EXPECT_EQ(ply->triangle_count(), 1u);
}

/// One triangle in a buffer of its own; `node` is put into its node.
std::string gltf(const std::string& node, const std::string& more = "") {
    return R"({"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[{"mesh":0)" + node +
           R"(}],"meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],)" + more +
           R"("accessors":[{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3","min":[0,0,0],"max":[1,1,0]}],)"
           R"("bufferViews":[{"buffer":0,"byteLength":36}],"buffers":[{"byteLength":36,"uri":"data:application/octet-stream;base64,)"
           R"(AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA"}]})";
}

TEST(ReadScan, AGltfIsPlacedByItsSceneGraph) {
    auto mesh = read(gltf(R"(,"translation":[10,0,0],"scale":[2,2,2])"), ".gltf");
    ASSERT_TRUE(mesh) << mesh.error().message;
    ASSERT_EQ(mesh->triangle_count(), 1u);
    glm::dvec3 high(0);
    for (glm::dvec3 p : mesh->positions) high = glm::max(high, p);
    EXPECT_EQ(high, glm::dvec3(12, 2, 0));
}

// A texture that would unpack to gigabytes: the reader never opens pictures, so their bytes may be anything.
TEST(ReadScan, TexturesAreNeverDecoded) {
    std::string bomb =
        R"("images":[{"uri":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA//8AAP//CAYAAAA="},)"
        R"({"uri":"/etc/passwd"},{"uri":"bomb.png"}],"textures":[{"source":0},{"source":1},{"source":2}],)"
        R"("materials":[{"pbrMetallicRoughness":{"baseColorTexture":{"index":0}}}],)";
    mesh::ScanLimits limits;
    limits.cpu_seconds = 5;
    auto mesh = read(gltf("", bomb), ".gltf", limits);
    ASSERT_TRUE(mesh) << mesh.error().message;
    EXPECT_EQ(mesh->triangle_count(), 1u);
}

TEST(ReadScan, WhatIsNoMeshIsRefusedInOneSentence) {
    expect_refused(read("", ".obj"), "is empty");
    expect_refused(read("hello", ".txt"), "no kind of mesh");
    expect_refused(read(kObj, ""), "no kind of mesh");
    expect_refused(read("v 0 0 0\nv 1 0 0\n", ".obj"), "scan.obj: ");
    expect_refused(read("glTF\x02", ".glb"), "scan.glb: ");
    expect_refused(read(std::string(300000, '\x9c'), ".stl"), "scan.stl: ");
    expect_refused(read(std::string(300000, '\x9c'), ".fbx"), "scan.fbx: ");
    std::string cut = gltf("");
    expect_refused(read(cut.substr(0, cut.size() / 2), ".gltf"), "scan.gltf: ");
    expect_refused(read_scan("/nowhere/scan.obj"), "no such file");
}

TEST(ReadScan, LimitsAreKept) {
    mesh::ScanLimits limits;
    limits.triangles = 1;
    expect_refused(read(kObj, ".obj", limits), "more than the 1 triangles");
}

// A child that exceeds its time is ended and told as such. The file has as many faces as the time does not
// allow.
TEST(ReadScan, TooMuchTimeOrMemoryIsOneSentence) {
    std::string large = "v 0 0 0\nv 1 0 0\nv 0 1 0\n";
    for (int i = 0; i < 400000; ++i) large += "f 1 2 3\n";
    mesh::ScanLimits limits;
    limits.memory_bytes = 64ull << 20;
    base::Result<mesh::SurfaceMesh> result = read(large, ".obj", limits);
    if (!result) {  // where a sanitizer is at work no memory limit is set
        EXPECT_EQ(result.error().message.find('\n'), std::string::npos);
        EXPECT_NE(result.error().message.find("scan.obj: "), std::string::npos) << result.error().message;
    }
}

}  // namespace
