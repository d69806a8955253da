#include "engine/face/face_store.h"

#include <nlohmann/json.hpp>

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/vec3.hpp>

#include <cstring>

namespace face {

namespace {

using nlohmann::ordered_json;

// glTF 2.0 constants (Khronos, section 3.6.2 and 5).
constexpr int kFloat = 5126, kUnsignedInt = 5125;
constexpr int kArrayBuffer = 34962, kElementArrayBuffer = 34963;

/// The document and its one binary buffer, grown together.
struct Document {
    ordered_json json = {{"asset", {{"version", "2.0"}, {"generator", "Evenhand"}}},
                         {"scene", 0},
                         {"scenes", ordered_json::array({ordered_json{{"nodes", ordered_json::array()}}})},
                         {"nodes", ordered_json::array()},
                         {"meshes", ordered_json::array()},
                         {"materials", ordered_json::array()},
                         {"accessors", ordered_json::array()},
                         {"bufferViews", ordered_json::array()}};
    std::vector<uint8_t> binary;

    /// Adds an accessor with a view of its own and returns its number. All components are 4 bytes wide.
    template <typename T>
    size_t accessor(const std::vector<T>& values, const char* type, int component, int target) {
        static_assert(sizeof(T) % 4 == 0);
        size_t offset = binary.size(), size = values.size() * sizeof(T);
        binary.resize(offset + size);
        if (size > 0) std::memcpy(&binary[offset], values.data(), size);
        json["bufferViews"].push_back(
            {{"buffer", 0}, {"byteOffset", offset}, {"byteLength", size}, {"target", target}});
        json["accessors"].push_back({{"bufferView", json["bufferViews"].size() - 1},
                                     {"componentType", component},
                                     {"count", values.size()},
                                     {"type", type}});
        return json["accessors"].size() - 1;
    }

    size_t material(const char* name, glm::vec3 colour, double roughness, bool double_sided) {
        json["materials"].push_back({{"name", name},
                                     {"pbrMetallicRoughness",
                                      {{"baseColorFactor", {colour.x, colour.y, colour.z, 1.0}},
                                       {"metallicFactor", 0.0},
                                       {"roughnessFactor", roughness}}},
                                     {"doubleSided", double_sided}});
        return json["materials"].size() - 1;
    }

    /// Adds a mesh of one primitive and a node that shows it.
    void place(const std::string& name, ordered_json primitive) {
        json["meshes"].push_back(
            {{"name", name}, {"primitives", ordered_json::array({std::move(primitive)})}});
        json["nodes"].push_back({{"name", name}, {"mesh", json["meshes"].size() - 1}});
        json["scenes"][0]["nodes"].push_back(json["nodes"].size() - 1);
    }
};

/// A primitive with POSITION, NORMAL and indices.
ordered_json add_surface(Document& document, const mesh::SurfaceMesh& mesh, size_t material) {
    std::vector<glm::vec3> positions, normals;
    for (glm::dvec3 p : mesh.positions) positions.emplace_back(p);
    for (glm::dvec3 n : mesh.normals) normals.push_back(glm::normalize(glm::vec3(n)));
    glm::vec3 low = positions.empty() ? glm::vec3(0) : positions[0], high = low;
    for (glm::vec3 p : positions) {
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
    size_t position = document.accessor(positions, "VEC3", kFloat, kArrayBuffer);
    document.json["accessors"][position]["min"] = {low.x, low.y, low.z};
    document.json["accessors"][position]["max"] = {high.x, high.y, high.z};
    size_t normal = document.accessor(normals, "VEC3", kFloat, kArrayBuffer);
    size_t indices = document.accessor(mesh.triangles, "SCALAR", kUnsignedInt, kElementArrayBuffer);
    document.json["accessors"][indices]["count"] = 3 * mesh.triangle_count();
    return {{"attributes", {{"POSITION", position}, {"NORMAL", normal}}},
            {"indices", indices},
            {"material", material}};
}

/// Zone of the lowest triangle around each vertex.
std::vector<float> vertex_zones(const FaceAsset& asset) {
    std::vector<float> zones(asset.mesh.vertex_count(), 0.0f);
    for (size_t t = asset.mesh.triangle_count(); t-- > 0;)
        for (int corner = 0; corner < 3; ++corner) zones[asset.mesh.triangles[t][corner]] = asset.zone[t];
    return zones;
}

ordered_json zone_names(const FaceAsset& asset) {
    ordered_json names = ordered_json::array();
    for (const Zone& zone : asset.zones) names.push_back(zone.id);
    return names;
}

void append_word(std::vector<uint8_t>& out, size_t value) {
    for (int byte = 0; byte < 4; ++byte) out.push_back(static_cast<uint8_t>(value >> 8 * byte));
}

/// The container: 12-byte header, a JSON chunk padded with spaces, a binary chunk padded with zeros
/// (glTF 2.0, 4.4).
std::vector<uint8_t> pack(Document& document) {
    document.json["buffers"] = ordered_json::array({ordered_json{{"byteLength", document.binary.size()}}});
    std::string text = document.json.dump();
    text.resize((text.size() + 3) / 4 * 4, ' ');
    document.binary.resize((document.binary.size() + 3) / 4 * 4, 0);
    std::vector<uint8_t> out;
    out.reserve(28 + text.size() + document.binary.size());
    append_word(out, 0x46546c67);  // "glTF"
    append_word(out, 2);
    append_word(out, 28 + text.size() + document.binary.size());
    append_word(out, text.size());
    append_word(out, 0x4e4f534a);  // "JSON"
    out.insert(out.end(), text.begin(), text.end());
    append_word(out, document.binary.size());
    append_word(out, 0x004e4942);  // "BIN"
    out.insert(out.end(), document.binary.begin(), document.binary.end());
    return out;
}

}  // namespace

base::Status export_glb(const FaceAsset& asset, const base::fs::path& path) {
    Document document;
    size_t skin = document.material("skin", {0.80f, 0.60f, 0.51f}, 0.5, false);
    ordered_json primitive = add_surface(document, asset.mesh, skin);
    primitive["attributes"]["TEXCOORD_0"] = document.accessor(asset.uv, "VEC2", kFloat, kArrayBuffer);
    primitive["attributes"]["_ZONE"] = document.accessor(vertex_zones(asset), "SCALAR", kFloat, kArrayBuffer);
    document.place(asset.id, primitive);
    document.json["meshes"][0]["extras"] = {{"zones", zone_names(asset)}, {"face", asset.hash.hex()}};
    for (const Dressing& dressing : asset.dressing) {
        if (dressing.mesh.triangles.empty()) continue;
        size_t cloth = document.material(dressing.material.c_str(), {0.35f, 0.35f, 0.35f}, 0.8, true);
        document.place(dressing.material, add_surface(document, dressing.mesh, cloth));
    }
    return base::write_file(path, std::span<const uint8_t>(pack(document)));
}

}  // namespace face
