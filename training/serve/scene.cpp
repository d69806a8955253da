#include "training/serve/scene.h"

#include "training/core/json_text.h"

#include "engine/base/random.h"
#include "engine/skin/simulation.h"

#include <meshoptimizer.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace serve {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kMagic = "EHSCENE1";
constexpr size_t kMostVertices = 65'536;
constexpr float kSkinError = 1e-3f, kClothError = 1e-2f;  // of the mesh's extent: 0.4 mm of a head
constexpr size_t kClothTriangles = 2'500;
constexpr std::array<uint8_t, 3> kHair = {69, 54, 45}, kCloth = {74, 103, 112};  // as the renderer's, sRGB

/// Where whole steps are counted from.
struct Grid {
    glm::ivec3 origin_um{0};

    std::array<uint16_t, 3> of(glm::dvec3 place) const {
        std::array<uint16_t, 3> steps{};
        for (int k = 0; k < 3; ++k) {
            const double step = std::round((place[k] * 1e6 - origin_um[k]) / kSceneStep_um);
            steps[static_cast<size_t>(k)] = static_cast<uint16_t>(std::clamp(step, 0.0, 65535.0));
        }
        return steps;
    }
};

// --- planes of bytes ---

void put_low_then_high(std::string& bytes, std::span<const uint16_t> values) {
    for (const uint16_t value : values) bytes += static_cast<char>(value & 0xff);
    for (const uint16_t value : values) bytes += static_cast<char>(value >> 8);
}

template <typename Value>
std::vector<Value> differences(std::span<const Value> values) {
    std::vector<Value> steps(values.size());
    Value before = 0;
    for (size_t i = 0; i < values.size(); ++i) {
        steps[i] = static_cast<Value>(values[i] - before);
        before = values[i];
    }
    return steps;
}

void put_places(std::string& bytes, const Grid& grid, std::span<const glm::dvec3> places) {
    std::array<std::vector<uint16_t>, 3> planes;
    for (const glm::dvec3& place : places) {
        const std::array<uint16_t, 3> steps = grid.of(place);
        for (size_t k = 0; k < 3; ++k) planes[k].push_back(steps[k]);
    }
    for (const std::vector<uint16_t>& plane : planes) put_low_then_high(bytes, differences<uint16_t>(plane));
}

void put_plane(std::string& bytes, std::span<const uint8_t> values) {
    for (const uint8_t step : differences<uint8_t>(values)) bytes += static_cast<char>(step);
}

// --- surfaces ---

/// A mesh as it is sent: the corners of its triangles, and which vertices of the whole mesh they are, in order of use.
struct Thinned {
    std::vector<uint32_t> corners, vertices;
};

std::vector<float> floats_of(std::span<const glm::dvec3> places) {
    std::vector<float> all;
    all.reserve(places.size() * 3);
    for (const glm::dvec3& place : places)
        for (int k = 0; k < 3; ++k) all.push_back(static_cast<float>(place[k]));
    return all;
}

/// About so many triangles, each corner a vertex of the mesh; fewer are left as they are. None of a mesh that cannot be thinned out.
Thinned thinned(const mesh::SurfaceMesh& mesh, size_t triangles, float error) {
    Thinned result;
    for (const glm::uvec3& triangle : mesh.triangles) result.corners.insert(result.corners.end(), {triangle.x, triangle.y, triangle.z});
    const std::vector<float> places = floats_of(mesh.positions);
    const size_t count = mesh.vertex_count();
    for (float allowed = error; result.corners.size() > 2 * 3 * triangles && allowed < 1; allowed *= 4) {
        std::vector<uint32_t> fewer(result.corners.size());
        fewer.resize(meshopt_simplify(fewer.data(), result.corners.data(), result.corners.size(), places.data(), count, 3 * sizeof(float), triangles * 3, allowed));
        result.corners = std::move(fewer);
    }
    if (result.corners.size() > 2 * 3 * triangles) return {};
    meshopt_optimizeVertexCache(result.corners.data(), result.corners.data(), result.corners.size(), count);
    std::vector<uint32_t> place_of(count, ~0u);
    for (uint32_t& corner : result.corners) {
        if (place_of[corner] == ~0u) {
            place_of[corner] = static_cast<uint32_t>(result.vertices.size());
            result.vertices.push_back(corner);
        }
        corner = place_of[corner];
    }
    return result.vertices.size() <= kMostVertices ? result : Thinned{};
}

/// Octahedral (Cigolle et al. 2014), -127..127.
std::array<uint8_t, 2> octahedral(glm::dvec3 n) {
    const double sum = std::abs(n.x) + std::abs(n.y) + std::abs(n.z);
    double u = sum > 0 ? n.x / sum : 0, v = sum > 0 ? n.y / sum : 0;
    if (n.z < 0) {
        const double folded = (1 - std::abs(v)) * (u < 0 ? -1 : 1);
        v = (1 - std::abs(u)) * (v < 0 ? -1 : 1);
        u = folded;
    }
    return {static_cast<uint8_t>(static_cast<int8_t>(std::lround(u * 127))), static_cast<uint8_t>(static_cast<int8_t>(std::lround(v * 127)))};
}

void put_corners(std::string& bytes, std::span<const uint32_t> corners) {
    std::vector<uint16_t> codes;
    codes.reserve(corners.size());
    uint32_t next = 0;
    for (const uint32_t corner : corners) {
        codes.push_back(static_cast<uint16_t>(next - corner));
        next += corner == next;
    }
    put_low_then_high(bytes, codes);
}

void put_mesh(std::string& bytes, Json& meshes, const Grid& grid, const std::string& name, const mesh::SurfaceMesh& mesh, const Thinned& sent,
              std::span<const std::array<uint8_t, 3>> colours, std::array<uint8_t, 3> colour) {
    std::vector<glm::dvec3> places;
    std::array<std::vector<uint8_t>, 5> planes;  // two of the normal, three of the colour
    for (const uint32_t vertex : sent.vertices) {
        places.push_back(mesh.positions[vertex]);
        const std::array<uint8_t, 2> normal = octahedral(mesh.normals[vertex]);
        planes[0].push_back(normal[0]);
        planes[1].push_back(normal[1]);
        for (size_t k = 0; k < 3 && !colours.empty(); ++k) planes[2 + k].push_back(colours[vertex][k]);
    }
    put_places(bytes, grid, places);
    for (const std::vector<uint8_t>& plane : planes) put_plane(bytes, plane);
    put_corners(bytes, sent.corners);
    meshes.push_back({{"name", name}, {"colour", colour}, {"vertices", sent.vertices.size()}, {"triangles", sent.corners.size() / 3}, {"painted", !colours.empty()}});
}

std::array<uint8_t, 3> colour_of(const face::Dressing& dressing) {
    if (dressing.colour == glm::vec3(0)) return dressing.material == "brow" || dressing.material == "lash" ? kHair : kCloth;
    std::array<uint8_t, 3> srgb{};
    for (int k = 0; k < 3; ++k) srgb[static_cast<size_t>(k)] = static_cast<uint8_t>(std::lround(255 * std::pow(std::clamp(dressing.colour[k], 0.0f, 1.0f), 1 / 2.2f)));
    return srgb;
}

/// Of everything that is sent.
Grid grid_of(const face::FaceAsset& face) {
    glm::dvec3 least(1e9);
    for (const glm::dvec3& place : face.mesh.positions) least = glm::min(least, place);
    for (const face::Dressing& dressing : face.dressing)
        for (const glm::dvec3& place : dressing.mesh.positions) least = glm::min(least, place);
    return {glm::ivec3(glm::floor(least * 1e6))};
}

Json put_meshes(std::string& bytes, const Grid& grid, const SceneSource& source) {
    const face::FaceAsset& face = *source.stage.face;
    Json meshes = Json::array();
    put_mesh(bytes, meshes, grid, "skin", face.mesh, thinned(face.mesh, kSceneTriangles, kSkinError), source.colours, {200, 170, 150});
    for (const face::Dressing& dressing : face.dressing)
        put_mesh(bytes, meshes, grid, dressing.material, dressing.mesh, thinned(dressing.mesh, kClothTriangles, kClothError), {}, colour_of(dressing));
    return meshes;
}

// --- punctures ---

struct Judge {
    std::vector<const training::DepthBand*> bands;  ///< per zone of the face; null: not judged
    uint32_t tolerance_um;

    explicit Judge(const SceneSource& source) : tolerance_um(source.rubric.depth_tolerance_um) {
        const face::FaceAsset& face = *source.stage.face;
        bands.assign(face.zones.size(), nullptr);
        for (const training::ZoneScore& zone : source.score.zones) {
            const int index = zone.prescribed ? face.find_zone(zone.id) : -1;
            if (index <= 0) continue;
            const auto band = source.rubric.depth.find(face.zones[static_cast<size_t>(index)].kind);
            if (band != source.rubric.depth.end()) bands[static_cast<size_t>(index)] = &band->second;
        }
    }
    DepthKind operator()(size_t zone, uint32_t depth_um) const {
        const training::DepthBand* band = bands[zone];
        if (!band) return DepthKind::unjudged;
        if (depth_um + tolerance_um < band->low_um) return DepthKind::shallow;
        return depth_um > band->high_um + tolerance_um ? DepthKind::deep : DepthKind::in_band;
    }
};

using Counts = std::array<int64_t, 4>;  // by DepthKind

size_t zone_of(const face::FaceAsset& face, const shared::Puncture& puncture) {
    return puncture.cell < face.cells.size() ? face.cells.zone[puncture.cell] : 0;
}

/// Which are shown: all, or one out of each of equal stretches of the log. Which one of a stretch is drawn by lot, or a needle of
/// twelve would be left out whole.
std::vector<uint32_t> shown_of(std::span<const shared::Puncture> punctures) {
    std::vector<uint32_t> shown;
    const size_t count = std::min(punctures.size(), kMostScenePunctures);
    base::Random random(1);
    for (size_t i = 0; i < count; ++i) {
        const size_t begin = i * punctures.size() / count, end = (i + 1) * punctures.size() / count;
        shown.push_back(static_cast<uint32_t>(begin + random.below(static_cast<uint32_t>(end - begin))));
    }
    // Neighbours on the skin beside each other, which packs well.
    std::stable_sort(shown.begin(), shown.end(), [&](uint32_t a, uint32_t b) { return punctures[a].cell < punctures[b].cell; });
    return shown;
}

Json put_punctures(std::string& bytes, const Grid& grid, const SceneSource& source, std::vector<Counts>& zones) {
    const face::FaceAsset& face = *source.stage.face;
    const Judge judge(source);
    std::vector<shared::Puncture> sound = source.recording.punctures;
    std::erase_if(sound, [&](const shared::Puncture& p) { return p.triangle >= face.mesh.triangles.size(); });
    Counts all{};
    for (const shared::Puncture& puncture : sound) {
        const size_t kind = static_cast<size_t>(judge(zone_of(face, puncture), shared::puncture_depth_um(puncture)));
        ++all[kind];
        ++zones[zone_of(face, puncture)][kind];
    }
    std::vector<glm::dvec3> places;
    std::string kinds;
    for (const uint32_t index : shown_of(sound)) {
        places.push_back(skin::puncture_position(face, sound[index]));
        kinds += static_cast<char>(judge(zone_of(face, sound[index]), shared::puncture_depth_um(sound[index])));
    }
    put_places(bytes, grid, places);
    bytes += kinds;
    return {{"shown", places.size()}, {"all", sound.size()}, {"counts", all}};
}

Json zones_told(const SceneSource& source, const std::vector<Counts>& counts) {
    Json told = Json::array();
    for (size_t zone = 0; zone < counts.size(); ++zone) {
        const std::string& id = source.stage.face->zones[zone].id;
        if (counts[zone] != Counts{}) told.push_back({{"id", id}, {"name", source.words.name("zone", id)}, {"counts", counts[zone]}});
    }
    return told;
}

// --- faults ---

Json put_faults(std::string& bytes, const Grid& grid, const SceneSource& source) {
    const face::SurfaceCells& cells = source.stage.face->cells;
    Json faults = Json::array();
    for (const training::CriterionScore& line : source.score.criteria) {
        std::vector<uint32_t> at = line.evidence.cells;
        std::erase_if(at, [&](uint32_t cell) { return cell >= cells.size(); });
        if (!training::is_fault(line) || at.empty()) continue;
        std::vector<glm::dvec3> places;
        const size_t shown = std::min(at.size(), kMostScenePlaces);
        for (size_t i = 0; i < shown; ++i) places.push_back(cells.seed[at[i * at.size() / shown]]);
        put_places(bytes, grid, places);
        faults.push_back({{"id", line.criterion.id}, {"name", line.criterion.name}, {"verdict", training::verdict_name(line.verdict)}, {"cells", at.size()},
                          {"shown", shown}});
    }
    return faults;
}

}  // namespace

std::string scene(const SceneSource& source) {
    const face::FaceAsset& face = *source.stage.face;
    CHECK(source.colours.empty() || source.colours.size() == face.mesh.vertex_count());
    const Grid grid = grid_of(face);
    std::string arrays;
    std::vector<Counts> zones(face.zones.size());
    Json header = {{"step_um", kSceneStep_um}, {"origin_um", {grid.origin_um.x, grid.origin_um.y, grid.origin_um.z}}};
    header["meshes"] = put_meshes(arrays, grid, source);
    header["punctures"] = put_punctures(arrays, grid, source, zones);
    header["faults"] = put_faults(arrays, grid, source);
    header["zones"] = zones_told(source, zones);
    const std::string json = training::json_text(header);
    std::string bytes(kMagic);
    for (int k = 0; k < 4; ++k) bytes += static_cast<char>(json.size() >> (8 * k) & 0xff);
    return bytes + json + arrays;
}

std::string gzipped(std::string_view bytes, int level) {
    constexpr int kWindowAndGzip = 15 + 16, kMemory = 9;
    z_stream stream{};
    CHECK(::deflateInit2(&stream, level, Z_DEFLATED, kWindowAndGzip, kMemory, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string packed(::deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    CHECK(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(stream.total_out);
    ::deflateEnd(&stream);
    return packed;
}

}  // namespace serve
