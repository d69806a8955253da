#include "engine/render/stage.h"

#include "engine/mesh/surface_index.h"
#include "engine/render/coarse.h"
#include "engine/track/tracker.h"

#include <glm/gtc/matrix_transform.hpp>
#include <glm/packing.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace render {

namespace {

uint32_t pack_normal(glm::vec3 n) {
    glm::vec2 e = glm::vec2(n.x, n.y) / (std::abs(n.x) + std::abs(n.y) + std::abs(n.z));
    if (n.z < 0) e = (1.0f - glm::abs(glm::vec2(e.y, e.x))) * glm::vec2(e.x >= 0 ? 1 : -1, e.y >= 0 ? 1 : -1);
    return glm::packSnorm2x16(e);
}

uint32_t pack_look(const face::Look& look) {
    return look.haemoglobin | look.melanin << 8 | look.gloss << 16 | uint32_t{look.occlusion} << 24;
}

/// A number in [-1, 1) that depends on the place alone.
float lattice(int x, int y, int z) {
    uint32_t h = uint32_t(x) * 0x9e3779b1u ^ uint32_t(y) * 0x85ebca77u ^ uint32_t(z) * 0xc2b2ae3du;
    h ^= h >> 15;
    h *= 0x2c1b3c6du;
    h ^= h >> 12;
    h *= 0x297a2d39u;
    h ^= h >> 15;
    return float(h & 0xffff) / 32768.0f - 1;
}

/// Smooth noise in [-1, 1], one feature per unit.
float noise(glm::dvec3 p) {
    const glm::dvec3 low = glm::floor(p);
    const glm::dvec3 f = p - low, t = f * f * (3.0 - 2.0 * f);
    const int x = int(low.x), y = int(low.y), z = int(low.z);
    const auto row = [&](int j, int k) {
        return glm::mix(lattice(x, j, k), lattice(x + 1, j, k), float(t.x));
    };
    const float front = glm::mix(row(y, z), row(y + 1, z), float(t.y));
    const float back = glm::mix(row(y, z + 1), row(y + 1, z + 1), float(t.y));
    return glm::mix(front, back, float(t.z));
}

uint8_t varied(uint8_t value, float share) {
    return static_cast<uint8_t>(std::clamp(value * (1 + share), 0.0f, 255.0f));
}

/// Living skin is mottled: blood and pigment vary over millimetres and centimetres.
face::Look mottled(face::Look look, glm::dvec3 place) {
    const glm::dvec3 mm = place * 1e3;
    const float blood =
        0.07f * noise(mm / 7.0) + 0.07f * noise(mm / 2.3 + 40.0) + 0.06f * noise(mm / 1.1 + 9.0);
    const float pigment = 0.10f * noise(mm / 11.0 + 80.0) + 0.10f * noise(mm / 1.7 + 120.0);
    look.haemoglobin = varied(look.haemoglobin, blood);
    look.melanin = varied(look.melanin, pigment);
    look.gloss = varied(look.gloss, 0.16f * noise(mm / 1.5 + 160.0) + 0.12f * noise(mm / 4.0 + 200.0));
    return look;
}

/// Unevenness too small for the mesh's shape and too large for a pixel's relief: the normal leans by a few
/// degrees.
glm::dvec3 uneven(glm::dvec3 normal, glm::dvec3 place) {
    const glm::dvec3 mm = place * 1e3;
    const auto lean = [&](double size, double offset) {
        return glm::dvec3(noise(mm / size + offset), noise(mm / size + offset + 31.0),
                          noise(mm / size + offset + 67.0));
    };
    return glm::normalize(normal + 0.022 * lean(2.6, 0) + 0.020 * lean(1.3, 300));
}

constexpr uint32_t kPlainLook = 0xff808080u;

/// Hair has neither blood nor pigment of skin: its look holds the square roots of its colour.
uint32_t hair_look(glm::vec3 colour) {
    constexpr glm::vec3 kBrown{0.060f, 0.038f, 0.026f};
    const glm::vec3 told = colour == glm::vec3(0) ? kBrown : colour;
    return glm::packUnorm4x8(glm::vec4(glm::sqrt(told), 1));
}

uint32_t material_of(const std::string& name) {
    if (name == "brow" || name == "lash") return shared::kMaterialHair;
    return name == "tray" ? shared::kMaterialTray : shared::kMaterialCloth;
}

/// The part of the face's atlas that holds skin with a zone, with a margin: the atlas of relief and marks
/// spends its texels on it, and what lies beyond takes its blank border.
struct AtlasWindow {
    glm::vec2 low{1e9f}, high{-1e9f};
    glm::vec2 operator()(glm::vec2 uv) const { return (uv - low) / (high - low); }
};

AtlasWindow atlas_window(const face::FaceAsset& face) {
    AtlasWindow window;
    for (size_t t = 0; t < face.mesh.triangle_count(); ++t) {
        if (face.zone[t] == 0) continue;
        for (int k = 0; k < 3; ++k) {
            window.low = glm::min(window.low, face.uv[face.mesh.triangles[t][k]]);
            window.high = glm::max(window.high, face.uv[face.mesh.triangles[t][k]]);
        }
    }
    const glm::vec2 margin = (window.high - window.low) * 0.01f;
    window.low -= margin;
    window.high += margin;
    return window;
}

void add_skin(const face::FaceAsset& face, std::vector<shared::RestVertex>& vertices,
              std::vector<glm::uvec3>& triangles) {
    const AtlasWindow window = atlas_window(face);
    std::vector<uint8_t> zone(face.mesh.vertex_count(), 0);
    for (size_t t = 0; t < face.mesh.triangle_count(); ++t) {
        for (int k = 0; k < 3; ++k) {
            uint8_t& z = zone[face.mesh.triangles[t][k]];
            z = std::max(z, face.zone[t]);
        }
    }
    const bool pad = face.kind == face::Kind::pad;
    for (size_t i = 0; i < face.mesh.vertex_count(); ++i) {
        const glm::dvec3 place = face.mesh.positions[i], normal = face.mesh.normals[i];
        const face::Look look = pad ? face.look[i] : mottled(face.look[i], place);
        shared::RestVertex v{};
        v.position = glm::vec3(place);
        v.normal = pack_normal(glm::vec3(pad ? normal : uneven(normal, place)));
        v.look = pack_look(look);
        v.cell = face.cells.size() ? face.cells.find(place, normal) : face::kNoCell;
        v.tags = zone[i] | (pad ? shared::kMaterialSilicone : shared::kMaterialSkin) << 8;
        if (face.zones[zone[i]].id == "vermilion") v.tags |= shared::kTagLip;
        v.uv = window(face.uv[i]);
        vertices.push_back(v);
    }
    triangles = face.mesh.triangles;
}

void add_mesh(const mesh::SurfaceMesh& mesh, uint32_t material, uint32_t look,
              std::vector<shared::RestVertex>& vertices, std::vector<glm::uvec3>& triangles) {
    if (vertices.size() % 2)
        vertices.push_back(vertices.back());  // the two sides of a hair are 2k and 2k + 1
    const auto base = static_cast<uint32_t>(vertices.size());
    for (size_t i = 0; i < mesh.vertex_count(); ++i) {
        shared::RestVertex v{};
        v.position = glm::vec3(mesh.positions[i]);
        v.normal = pack_normal(glm::vec3(mesh.normals[i]));
        v.look = look;
        v.cell = face::kNoCell;
        v.tags = material << 8;
        if (material == shared::kMaterialHair) v.uv = {float(i % 2), 0};  // across the hair
        vertices.push_back(v);
    }
    for (glm::uvec3 t : mesh.triangles) triangles.push_back(t + glm::uvec3(base));
}

/// The tray that a practice pad lies on.
mesh::SurfaceMesh make_tray(const mesh::SurfaceMesh& pad) {
    glm::dvec3 low(1e9), high(-1e9);
    for (glm::dvec3 p : pad.positions) {
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
    const double z = low.z - 13e-3, margin = 25e-3, lip = 6e-3;
    const auto corner = [&](double out, double height, int k) {
        const double x = (k == 0 || k == 3) ? low.x - margin - out : high.x + margin + out;
        const double y = k < 2 ? low.y - margin - out : high.y + margin + out;
        return glm::dvec3(x, y, z + height);
    };
    mesh::SurfaceMesh tray;
    const auto quad = [&](glm::dvec3 a, glm::dvec3 b, glm::dvec3 c, glm::dvec3 d) {
        const auto base = static_cast<uint32_t>(tray.positions.size());
        const glm::dvec3 normal = glm::normalize(glm::cross(b - a, c - a));
        for (glm::dvec3 p : {a, b, c, d}) {
            tray.positions.push_back(p);
            tray.normals.push_back(normal);
        }
        tray.triangles.push_back({base, base + 1, base + 2});
        tray.triangles.push_back({base, base + 2, base + 3});
    };
    constexpr int kGrid = 24;  // the floor is fine enough to carry the pad's soft shadow
    const glm::dvec3 origin = corner(0, 0, 0), far = corner(0, 0, 2);
    for (int j = 0; j < kGrid; ++j) {
        for (int i = 0; i < kGrid; ++i) {
            const auto at = [&](int u, int v) {
                return glm::dvec3(glm::mix(origin.x, far.x, double(u) / kGrid),
                                  glm::mix(origin.y, far.y, double(v) / kGrid), z);
            };
            quad(at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1));
        }
    }
    for (int k = 0; k < 4; ++k) {
        const int n = (k + 1) % 4;
        quad(corner(0, 0, n), corner(0, 0, k), corner(lip * 0.6, lip, k), corner(lip * 0.6, lip, n));
        quad(corner(lip * 0.6, lip, n), corner(lip * 0.6, lip, k), corner(lip * 1.4, lip, k),
             corner(lip * 1.4, lip, n));
        quad(corner(lip * 1.4, lip, n), corner(lip * 1.4, lip, k), corner(lip * 1.6, 0, k),
             corner(lip * 1.6, 0, n));
    }
    return tray;
}

/// The side walls of a practice pad, from the border of its surface down to the tray.
mesh::SurfaceMesh make_pad_walls(const mesh::SurfaceMesh& pad) {
    double floor = 1e9;
    for (glm::dvec3 p : pad.positions) floor = std::min(floor, p.z);
    floor -= 12.5e-3;
    std::vector<std::pair<uint64_t, glm::uvec2>> edges;
    for (glm::uvec3 t : pad.triangles) {
        for (int k = 0; k < 3; ++k) {
            const uint32_t a = t[k], b = t[(k + 1) % 3];
            edges.push_back({uint64_t{std::min(a, b)} << 32 | std::max(a, b), {a, b}});
        }
    }
    std::ranges::sort(edges, {}, [](const auto& e) { return e.first; });
    mesh::SurfaceMesh walls;
    for (size_t i = 0; i < edges.size(); ++i) {
        const bool shared_edge = (i > 0 && edges[i - 1].first == edges[i].first) ||
                                 (i + 1 < edges.size() && edges[i + 1].first == edges[i].first);
        if (shared_edge) continue;
        const glm::dvec3 a = pad.positions[edges[i].second.x], b = pad.positions[edges[i].second.y];
        const auto base = static_cast<uint32_t>(walls.positions.size());
        const glm::dvec3 normal = glm::normalize(glm::cross(b - a, glm::dvec3(0, 0, 1)) + glm::dvec3(1e-12));
        for (glm::dvec3 p : {a, b, glm::dvec3(b.x, b.y, floor), glm::dvec3(a.x, a.y, floor)}) {
            walls.positions.push_back(p);
            walls.normals.push_back(normal);
        }
        walls.triangles.push_back({base, base + 2, base + 1});
        walls.triangles.push_back({base, base + 3, base + 2});
    }
    return walls;
}

/// Place of a point on a curve that fills space, 10 bits per axis (Morton order).
uint32_t morton(glm::vec3 unit) {
    uint32_t code = 0;
    for (int axis = 0; axis < 3; ++axis) {
        auto x = static_cast<uint32_t>(std::clamp(unit[axis], 0.0f, 1.0f) * 1023);
        for (int bit = 0; bit < 10; ++bit) code |= (x >> bit & 1u) << (3 * bit + axis);
    }
    return code;
}

Cluster bound(std::span<const glm::uvec3> triangles, const std::vector<shared::RestVertex>& vertices,
              uint32_t first) {
    Cluster c{{}, 0, {}, 0, first, static_cast<uint32_t>(triangles.size() * 3), false, {}};
    glm::vec3 low(1e9f), high(-1e9f);
    std::vector<glm::vec3> normals;
    for (glm::uvec3 t : triangles) {
        const glm::vec3 p = vertices[t.x].position, q = vertices[t.y].position, r = vertices[t.z].position;
        const glm::vec3 cross = glm::cross(q - p, r - p);
        if (glm::dot(cross, cross) > 0) normals.push_back(glm::normalize(cross));
        low = glm::min(low, glm::min(p, glm::min(q, r)));
        high = glm::max(high, glm::max(p, glm::max(q, r)));
    }
    c.centre = (low + high) * 0.5f;
    c.radius = glm::length(high - low) * 0.5f;
    for (glm::vec3 n : normals) c.axis += n;
    c.axis = glm::dot(c.axis, c.axis) > 0 ? glm::normalize(c.axis) : glm::vec3(0, 0, 1);
    for (glm::uvec3 t : triangles)
        for (int k = 0; k < 3; ++k)
            c.edge += glm::distance(vertices[t[k]].position, vertices[t[(k + 1) % 3]].position) /
                      float(3 * triangles.size());
    float least = 1;
    for (glm::vec3 n : normals) least = std::min(least, glm::dot(n, c.axis));
    c.spread = least > 0.1f ? std::sqrt(1 - least * least) : 2.0f;
    return c;
}

/// Marks the clusters that hold an edge with a triangle on one side alone.
void mark_borders(Part& part, std::span<const glm::uvec3> ordered) {
    std::vector<std::pair<uint64_t, uint32_t>> edges;  // and the cluster
    for (uint32_t c = 0; c < part.clusters.size(); ++c) {
        for (uint32_t i = part.clusters[c].first / 3;
             i < (part.clusters[c].first + part.clusters[c].count) / 3; ++i) {
            for (int k = 0; k < 3; ++k) {
                const uint32_t a = ordered[i][k], b = ordered[i][(k + 1) % 3];
                edges.push_back({uint64_t{std::min(a, b)} << 32 | std::max(a, b), c});
            }
        }
    }
    std::ranges::sort(edges);
    for (size_t i = 0; i < edges.size(); ++i) {
        const bool paired = (i > 0 && edges[i - 1].first == edges[i].first) ||
                            (i + 1 < edges.size() && edges[i + 1].first == edges[i].first);
        if (!paired) part.clusters[edges[i].second].border = true;
    }
}

/// Ranges of a list sorted by morton code that hold at most `most` entries and lie in one cube each.
std::vector<std::pair<size_t, size_t>> octree_leaves(std::span<const std::pair<uint32_t, uint32_t>> order,
                                                     size_t most) {
    struct Cube {
        size_t begin, end;
        int bits;  ///< of the code that are still free
    };
    std::vector<std::pair<size_t, size_t>> leaves;
    std::vector<Cube> open{{0, order.size(), 30}};
    while (!open.empty()) {
        const Cube cube = open.back();
        open.pop_back();
        if (cube.end - cube.begin <= most || cube.bits == 0) {
            if (cube.end > cube.begin) leaves.push_back({cube.begin, cube.end});
            continue;
        }
        const uint32_t base = order[cube.begin].first >> cube.bits << cube.bits;
        size_t end = cube.end;
        for (uint32_t child = 8; child-- > 0;) {  // the last first, so that leaves come in order
            const uint32_t least = base + (child << (cube.bits - 3));
            const auto first = std::lower_bound(order.begin() + long(cube.begin), order.begin() + long(end),
                                                std::pair{least, 0u});
            const auto begin = static_cast<size_t>(first - order.begin());
            open.push_back({begin, end, cube.bits - 3});
            end = begin;
        }
    }
    std::ranges::sort(leaves);
    return leaves;
}

/// Sorts the part's triangles into clusters of neighbours and appends their indices.
void cluster_part(Part& part, std::vector<glm::uvec3> triangles,
                  const std::vector<shared::RestVertex>& vertices, std::vector<glm::uvec3>& ordered) {
    constexpr size_t kClusterSize = 96;
    constexpr float kExtent = 0.6f;  // m, of the space that the curve fills
    const auto place = [&](glm::uvec3 t) {
        const glm::vec3 middle =
            (vertices[t.x].position + vertices[t.y].position + vertices[t.z].position) / 3.0f;
        return morton(middle / kExtent + 0.5f);
    };
    std::vector<std::pair<uint32_t, uint32_t>> order;
    for (uint32_t i = 0; i < triangles.size(); ++i) order.push_back({place(triangles[i]), i});
    std::ranges::sort(order);
    part.first = static_cast<uint32_t>(ordered.size() * 3);
    part.count = static_cast<uint32_t>(triangles.size() * 3);
    for (auto [begin, end] : octree_leaves(order, kClusterSize)) {
        const size_t from = ordered.size();
        std::sort(order.begin() + long(begin), order.begin() + long(end),
                  [](auto a, auto b) { return a.second < b.second; });
        for (size_t i = begin; i < end; ++i) ordered.push_back(triangles[order[i].second]);
        part.clusters.push_back(
            bound(std::span(ordered).subspan(from), vertices, static_cast<uint32_t>(from * 3)));
    }
    mark_borders(part, ordered);
}

/// Thins out the clusters of all but hair; the indices are still those of the vertices at rest.
void coarsen_clusters(Stage& stage, std::span<const glm::uvec3> ordered, const std::vector<shared::RestVertex>& vertices) {
    constexpr double kShare = 0.35;
    for (Part& part : stage.parts) {
        if (part.material == shared::kMaterialHair) continue;
        for (Cluster& c : part.clusters) {
            c.coarse_first = static_cast<uint32_t>(stage.coarse_indices.size());
            for (glm::uvec3 t : coarsen(ordered.subspan(c.first / 3, c.count / 3), vertices, kShare))
                stage.coarse_indices.insert(stage.coarse_indices.end(), {t.x, t.y, t.z});
            c.coarse_count = static_cast<uint32_t>(stage.coarse_indices.size()) - c.coarse_first;
        }
    }
}

/// Gives every vertex its place in the drawn buffer: the order of first use by coarse triangles, then by all, so that
/// blocks that only fine triangles need can be left out. The CPU driver keeps what it has
/// computed of a vertex in a table that it enters with the last eight bits of the number, so neighbours in
/// the list must not be 256 apart.
void number_by_first_use(std::vector<shared::RestVertex>& vertices, std::span<const uint32_t> coarse,
                         std::span<const uint32_t> indices) {
    std::vector<bool> numbered(vertices.size(), false);
    uint32_t next = 0;
    const auto number = [&](size_t i) {
        if (numbered[i]) return;
        numbered[i] = true;
        vertices[i].drawn = next++;
    };
    for (uint32_t i : coarse) number(i);
    for (uint32_t i : indices) number(i);
    for (size_t i = 0; i < vertices.size(); ++i) number(i);
}

std::vector<uint32_t> blocks_of(std::span<const uint32_t> drawn) {
    std::vector<uint32_t> blocks;
    for (uint32_t i : drawn) blocks.push_back(i / Block::kSize);
    std::ranges::sort(blocks);
    const auto rest = std::ranges::unique(blocks);
    blocks.erase(rest.begin(), rest.end());
    return blocks;
}

/// Cuts the drawn order into blocks and notes which of them each cluster needs.
void stage_blocks(gpu::Device& device, const std::vector<shared::RestVertex>& vertices, Stage& stage) {
    const size_t block_count = (vertices.size() + Block::kSize - 1) / Block::kSize;
    std::vector<uint32_t> order(block_count * Block::kSize, shared::kNoVertex);
    for (uint32_t i = 0; i < vertices.size(); ++i) order[vertices[i].drawn] = i;
    stage.drawn_order = gpu::make_buffer<uint32_t>(device, order, "drawn order");
    for (size_t b = 0; b < block_count; ++b) {
        glm::vec3 low(1e9f), high(-1e9f);
        for (uint32_t i : std::span(order).subspan(b * Block::kSize, Block::kSize)) {
            if (i == shared::kNoVertex) continue;
            low = glm::min(low, vertices[i].position);
            high = glm::max(high, vertices[i].position);
        }
        stage.blocks.push_back({(low + high) * 0.5f, glm::length(high - low) * 0.5f});
    }
    for (Part& part : stage.parts) {
        for (Cluster& c : part.clusters) {
            c.blocks = blocks_of(std::span(stage.drawn_indices).subspan(c.first, c.count));
            c.coarse_blocks = blocks_of(std::span(stage.coarse_indices).subspan(c.coarse_first, c.coarse_count));
        }
    }
}

void stage_cells(gpu::Device& device, const face::FaceAsset& face, Stage& stage) {
    const face::SurfaceCells& cells = face.cells;
    stage.cell_count = static_cast<uint32_t>(cells.size());
    stage.zone_count = static_cast<uint32_t>(face.zones.size());
    const auto put = [&](const std::vector<uint32_t>& values, const char* name) {
        return gpu::make_buffer<uint32_t>(device, values, name);
    };
    const std::vector<uint32_t> none{0};
    stage.cell_begin = put(cells.size() ? cells.neighbour_begin : none, "cell begin");
    stage.cell_neighbours = put(cells.neighbours, "cell neighbours");
    std::vector<uint32_t> areas;
    for (const shared::Neighbourhood& n : track::make_cell_map(face).neighbourhoods)
        areas.push_back(n.area_um2);
    stage.neighbourhood_area = put(areas, "neighbourhood area");
    stage.looks =
        gpu::Buffer(device, cells.size() * sizeof(shared::CellLook), gpu::Memory::device, "cell looks");
}

struct Sphere {
    glm::vec3 centre;
    float radius;
};

Sphere bounds(const face::FaceAsset& face) {
    glm::dvec3 low(1e9), high(-1e9);
    const auto take = [&](const mesh::SurfaceMesh& mesh) {
        for (glm::dvec3 p : mesh.positions) {
            low = glm::min(low, p);
            high = glm::max(high, p);
        }
    };
    take(face.mesh);
    for (const face::Dressing& dressing : face.dressing) take(dressing.mesh);
    if (face.kind == face::Kind::pad) {  // room for the tray
        low -= glm::dvec3(0.04);
        high += glm::dvec3(0.04);
    }
    return {glm::vec3((low + high) * 0.5), float(glm::length(high - low) * 0.5)};
}

}  // namespace

Stage make_stage(gpu::Device& device, std::shared_ptr<const face::FaceAsset> face) {
    Stage stage;
    std::vector<shared::RestVertex> vertices;
    std::vector<std::pair<uint32_t, std::vector<glm::uvec3>>> parts(1);
    const bool pad = face->kind == face::Kind::pad;
    parts[0].first = pad ? shared::kMaterialSilicone : shared::kMaterialSkin;
    add_skin(*face, vertices, parts[0].second);
    stage.skin_vertices = static_cast<uint32_t>(vertices.size());
    stage.triangles = gpu::make_buffer<glm::uvec3>(device, parts[0].second, "triangles");
    const auto add = [&](const mesh::SurfaceMesh& mesh, uint32_t material, uint32_t look = kPlainLook) {
        auto same = std::ranges::find(parts, material, [](const auto& part) { return part.first; });
        if (same == parts.end()) same = parts.insert(same, {material, {}});
        add_mesh(mesh, material, look, vertices, same->second);
    };
    if (pad) {
        add(make_pad_walls(face->mesh), shared::kMaterialSilicone);
        add(make_tray(face->mesh), shared::kMaterialTray);
    }
    for (const face::Dressing& dressing : face->dressing) {
        const uint32_t material = material_of(dressing.material);
        add(dressing.mesh, material, material == shared::kMaterialHair ? hair_look(dressing.colour) : kPlainLook);
    }
    // Hair is blended, so it comes last.
    std::ranges::stable_sort(parts, {}, [](const auto& part) { return part.first == shared::kMaterialHair; });

    std::vector<glm::uvec3> ordered;
    for (auto& [material, triangles] : parts) {
        stage.parts.push_back({material, 0, 0, {}});
        cluster_part(stage.parts.back(), std::move(triangles), vertices, ordered);
    }
    stage.vertex_count = static_cast<uint32_t>(vertices.size());
    for (glm::uvec3 t : ordered) stage.indices.insert(stage.indices.end(), {t.x, t.y, t.z});
    coarsen_clusters(stage, ordered, vertices);
    number_by_first_use(vertices, stage.coarse_indices, stage.indices);
    stage.vertices = gpu::make_buffer<shared::RestVertex>(device, vertices, "vertices at rest");
    for (uint32_t i : stage.indices) stage.drawn_indices.push_back(vertices[i].drawn);
    for (uint32_t& i : stage.coarse_indices) i = vertices[i].drawn;
    stage_blocks(device, vertices, stage);
    std::vector<uint32_t> drawn;
    for (uint32_t i = 0; i < stage.skin_vertices; ++i) drawn.push_back(vertices[i].drawn);
    stage.outline = make_outline(device, *face, drawn);
    stage.lights = gpu::Buffer(device, stage.vertex_count * sizeof(shared::VertexLight), gpu::Memory::device,
                               "vertex lights");
    stage.drawn = gpu::Buffer(device, stage.vertex_count * sizeof(shared::DrawnVertex), gpu::Memory::device,
                              "drawn vertices");
    for (const Part& part : stage.parts) {
        if (part.material != shared::kMaterialHair) stage.caster_count = part.first + part.count;
    }
    stage.casters = gpu::make_buffer<uint32_t>(
        device, std::span<const uint32_t>(stage.drawn_indices).first(stage.caster_count), "shadow casters");
    const Sphere whole_scene = bounds(*face);
    stage.centre = whole_scene.centre;
    stage.radius = whole_scene.radius;
    stage_cells(device, *face, stage);
    stage.face = std::move(face);
    return stage;
}

void drop_hidden(gpu::Device& device, Stage& stage) {
    const auto lights = gpu::download<shared::VertexLight>(device, stage.lights, stage.vertex_count);
    const auto hidden = [&](const Cluster& c) {
        return std::ranges::all_of(std::span(stage.indices).subspan(c.first, c.count),
                                   [&](uint32_t i) { return lights[i].visible == 0; });
    };
    for (Part& part : stage.parts) {
        if (part.material == shared::kMaterialSkin) std::erase_if(part.clusters, hidden);
    }
}

/// True when the sphere lies wholly outside one of the view's sides.
static bool outside(const glm::mat4& clip, glm::vec3 centre, float radius) {
    const glm::mat4 rows = glm::transpose(clip);
    for (const glm::vec4& plane :
         {rows[3] + rows[0], rows[3] - rows[0], rows[3] + rows[1], rows[3] - rows[1]}) {
        if (glm::dot(glm::vec3(plane), centre) + plane.w < -radius * glm::length(glm::vec3(plane)))
            return true;
    }
    return false;
}

static bool may_be_seen(const Part& part, const Cluster& c, const Sight& sight) {
    constexpr float kDentSlack = 0.006f;  // m that a dent may move a vertex
    const glm::vec3 away = c.centre - sight.eye;
    const float radius = c.radius + kDentSlack, facing = glm::dot(away, c.axis),
                turned = c.spread * glm::length(away) + radius;
    return !(part.closed() && facing > turned) && !outside(sight.clip, c.centre, radius);
}

static bool drawn_coarse(const Cluster& c, const Sight& sight) {
    const float nearest = std::max(glm::distance(c.centre, sight.eye) - c.radius, 0.0f);
    return c.coarse_count > 0 && c.edge < Sight::kTold * sight.pixel_size * nearest;
}

void mark_visible_blocks(const Stage& stage, const Sight& sight, std::vector<bool>& visible) {
    for (const Part& part : stage.parts) {
        for (const Cluster& c : part.clusters) {
            if (!may_be_seen(part, c, sight)) continue;
            for (uint32_t b : drawn_coarse(c, sight) ? c.coarse_blocks : c.blocks) visible[b] = true;
        }
    }
}

uint32_t append_visible(const Stage& stage, const Part& part, const Sight& sight, std::span<uint32_t> into,
                        EdgeTiles& edges) {
    uint32_t count = 0;
    for (const Cluster& c : part.clusters) {
        if (!may_be_seen(part, c, sight)) continue;
        const auto indices = drawn_coarse(c, sight)
                                 ? std::span(stage.coarse_indices).subspan(c.coarse_first, c.coarse_count)
                                 : std::span(stage.drawn_indices).subspan(c.first, c.count);
        std::ranges::copy(indices, into.begin() + count);
        count += static_cast<uint32_t>(indices.size());
        const glm::vec3 away = c.centre - sight.eye;
        const bool turns_away = std::abs(glm::dot(away, c.axis)) < c.spread * glm::length(away) + c.radius;
        if (part.material != shared::kMaterialHair && (turns_away || c.border))
            edges.mark(sight.clip, c.centre, c.radius);
    }
    return count;
}

EdgeTiles::EdgeTiles(uint32_t width, uint32_t height)
    : width_(width),
      height_(height),
      columns_((width + kSize - 1) / kSize),
      rows_((height + kSize - 1) / kSize),
      marked_(size_t{columns_} * rows_, 0) {}

void EdgeTiles::mark_all() {
    std::ranges::fill(marked_, uint8_t{1});
}

void EdgeTiles::mark(const glm::mat4& clip, glm::vec3 centre, float radius) {
    const glm::vec4 at = clip * glm::vec4(centre, 1);
    if (at.w <= radius) return mark_all();
    const glm::mat4 rows = glm::transpose(clip);
    // In clip space a sphere reaches its radius times the length of a row to each side; depth shrinks by at
    // most the radius.
    const float near = 1 / (at.w - radius);
    const auto range = [&](float middle, const glm::vec4& row, uint32_t pixels, uint32_t tiles) {
        const float reach =
            radius * glm::length(glm::vec3(row)) * near + std::abs(middle) * radius * near / at.w;
        const float low = (middle / at.w - reach + 1) * 0.5f * float(pixels) - 2,
                    high = (middle / at.w + reach + 1) * 0.5f * float(pixels) + 2;
        const auto tile = [&](float x) {
            return static_cast<int>(std::clamp(x / kSize, -1.0f, float(tiles)));
        };
        return std::pair{std::max(tile(low), 0), std::min(tile(high), int(tiles) - 1)};
    };
    const auto [left, right] = range(at.x, rows[0], width_, columns_);
    const auto [top, bottom] = range(at.y, rows[1], height_, rows_);
    for (int y = top; y <= bottom; ++y) {
        for (int x = left; x <= right; ++x) marked_[size_t(y) * columns_ + size_t(x)] = 1;
    }
}

void EdgeTiles::mark(const vk::Rect2D& place) {
    const auto left = uint32_t(place.offset.x) / kSize, top = uint32_t(place.offset.y) / kSize;
    const uint32_t right = (uint32_t(place.offset.x) + place.extent.width + kSize - 1) / kSize,
                   bottom = (uint32_t(place.offset.y) + place.extent.height + kSize - 1) / kSize;
    for (uint32_t y = top; y < std::min(bottom, rows_); ++y)
        for (uint32_t x = left; x < std::min(right, columns_); ++x) marked_[size_t{y} * columns_ + x] = 1;
}

std::vector<glm::vec4> EdgeTiles::rectangles() const {
    std::vector<glm::vec4> result;
    for (uint32_t y = 0; y < rows_; ++y) {
        for (uint32_t x = 0; x < columns_; ++x) {
            if (!marked_[size_t{y} * columns_ + x]) continue;
            const uint32_t first = x;
            while (x < columns_ && marked_[size_t{y} * columns_ + x]) ++x;
            result.push_back(glm::vec4(float(first * kSize), float(y * kSize),
                                       float(std::min(x * kSize, width_)),
                                       float(std::min((y + 1) * kSize, height_))));
        }
    }
    return result;
}

// --- light ---

void set_lights(shared::Frame& frame) {
    // A large lamp above the patient's left shoulder, a weaker cool one from the right, a strip behind, a
    // white ceiling.
    frame.key_to = glm::normalize(glm::vec3(0.70f, 0.60f, 0.66f));
    frame.key_colour = glm::vec3(1.00f, 0.965f, 0.925f) * 1.42f;
    frame.fill_to = glm::normalize(glm::vec3(-0.85f, 0.12f, 0.62f));
    frame.fill_colour = glm::vec3(0.82f, 0.91f, 1.00f) * 0.26f;
    frame.rim_to = glm::normalize(glm::vec3(-0.80f, 0.42f, -0.55f));
    frame.rim_colour = glm::vec3(0.92f, 0.96f, 1.00f) * 0.85f;
    frame.sky_above = glm::vec3(0.88f, 0.94f, 1.00f) * 0.35f;
    frame.sky_below = glm::vec3(0.93f, 0.90f, 0.88f) * 0.12f;
}

namespace {

constexpr uint32_t kDepthSize = 640;

/// One direction that light comes from.
struct Ray {
    glm::vec3 to;
    glm::vec3 irradiance;
    float weight;
    uint32_t light;
};

/// `count` directions in a cone round `axis`, spread evenly (Vogel's spiral).
void add_lamp(std::vector<Ray>& rays, glm::vec3 axis, glm::vec3 colour, uint32_t light, int count,
              double radius) {
    const glm::dvec3 z(axis), x = glm::normalize(glm::cross(glm::dvec3(0, 1, 0), z)), y = glm::cross(z, x);
    for (int i = 0; i < count; ++i) {
        const double r = radius * std::sqrt((i + 0.5) / count), angle = i * 2.399963229728653;
        const glm::dvec3 to = glm::normalize(z + x * (r * std::cos(angle)) + y * (r * std::sin(angle)));
        rays.push_back({glm::vec3(to), colour / float(count), 1.0f / float(count), light});
    }
}

/// The room all round: bright above, dim and warm below; Fibonacci's sphere.
void add_sky(std::vector<Ray>& rays, glm::vec3 above, glm::vec3 below, int count) {
    for (int i = 0; i < count; ++i) {
        const double y = 1 - (2 * i + 1.0) / count, r = std::sqrt(1 - y * y), angle = i * 2.399963229728653;
        const glm::dvec3 to{r * std::cos(angle), y, r * std::sin(angle)};
        // An even sphere of radiance 1 gives an open vertex the irradiance 1 when each of its n directions
        // carries 4/n.
        const float share = 4.0f / float(count);
        const glm::vec3 colour = glm::mix(below, above, float(std::clamp(0.5 + 0.75 * y, 0.0, 1.0)));
        rays.push_back({glm::vec3(to), colour * share, share, shared::kLightSky});
    }
}

std::vector<Ray> room_lights() {
    shared::Frame frame{};
    set_lights(frame);
    std::vector<Ray> rays;
    add_lamp(rays, frame.key_to, frame.key_colour, shared::kLightKey, 12, 0.30);
    add_lamp(rays, frame.fill_to, frame.fill_colour, shared::kLightFill, 3, 0.35);
    add_lamp(rays, frame.rim_to, frame.rim_colour, shared::kLightRim, 3, 0.25);
    add_sky(rays, frame.sky_above, frame.sky_below, 26);
    return rays;
}

glm::mat4 look_from(glm::vec3 to_light, const Sphere& sphere) {
    const glm::vec3 up = std::abs(to_light.y) > 0.9f ? glm::vec3(1, 0, 0) : glm::vec3(0, 1, 0);
    const glm::mat4 view = glm::lookAt(sphere.centre + to_light * (sphere.radius * 1.05f), sphere.centre, up);
    return glm::ortho(-sphere.radius, sphere.radius, -sphere.radius, sphere.radius, 0.0f,
                      2.1f * sphere.radius) *
           view;
}

struct LightPush {
    glm::mat4 clip_from_world;
    glm::vec3 to_light;
    float weight;
    glm::vec3 irradiance;
    uint32_t light;
    uint32_t count;
};

struct SpreadPush {
    glm::vec3 weight;
    uint32_t stride;
    uint32_t count;
};

uint32_t groups(uint32_t count) {
    return (count + 63) / 64;
}

/// Edges of the skin's mesh per vertex, and the share that a vertex takes from each neighbour in one step so
/// that the step's variance is kStepLength² per axis.
struct Spreading {
    static constexpr double kStepLength = 0.26e-3;  // m
    std::vector<uint32_t> begin, neighbours;
    std::vector<float> share;
};

Spreading make_spreading(const mesh::SurfaceMesh& mesh, uint32_t vertex_count) {
    std::vector<uint64_t> edges;
    for (glm::uvec3 t : mesh.triangles) {
        for (int k = 0; k < 3; ++k) {
            const uint64_t a = t[k], b = t[(k + 1) % 3];
            edges.push_back(a << 32 | b);
            edges.push_back(b << 32 | a);
        }
    }
    std::ranges::sort(edges);
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    Spreading spreading;
    spreading.begin.assign(vertex_count + 1, 0);
    std::vector<double> squares(vertex_count, 0);
    for (uint64_t edge : edges) {
        const auto a = static_cast<uint32_t>(edge >> 32), b = static_cast<uint32_t>(edge);
        ++spreading.begin[a + 1];
        spreading.neighbours.push_back(b);
        const glm::dvec3 d = mesh.positions[a] - mesh.positions[b];
        squares[a] += glm::dot(d, d);
    }
    for (uint32_t i = 0; i < vertex_count; ++i) spreading.begin[i + 1] += spreading.begin[i];
    for (uint32_t i = 0; i < vertex_count; ++i) {
        const double degree = spreading.begin[i + 1] - spreading.begin[i];
        const double wanted =
            2 * Spreading::kStepLength * Spreading::kStepLength / std::max(squares[i], 1e-12);
        spreading.share.push_back(float(std::min(wanted, 0.8 / std::max(degree, 1.0))));
    }
    return spreading;
}

/// Vertices of the skin that lie under the drape, by a straight look outwards.
std::vector<bool> under_drape(const face::FaceAsset& face) {
    constexpr double kNear = 0.03;  // m
    std::vector<bool> covered(face.mesh.vertex_count(), false);
    for (const face::Dressing& dressing : face.dressing) {
        if (dressing.material != "drape") continue;
        const mesh::SurfaceIndex cloth(dressing.mesh);
        for (size_t i = 0; i < covered.size(); ++i)
            covered[i] = covered[i] || cloth.cast(face.mesh.positions[i], face.mesh.normals[i], 0, kNear).has_value();
    }
    return covered;
}

/// Gives covered vertices next to open ones the light of these, ring by ring. A triangle that comes out from under the
/// cloth would else darken towards its covered corners: teeth as coarse as the mesh, not the cloth's soft shadow.
void continue_under(std::vector<bool> covered, const Spreading& spreading, std::span<glm::vec4> sums) {
    constexpr int kRings = 4;
    for (int ring = 0; ring < kRings; ++ring) {
        std::vector<uint32_t> reached;
        for (uint32_t i = 0; i < covered.size(); ++i) {
            if (!covered[i]) continue;
            glm::vec4 light(0), seen(0);
            float open = 0;
            for (uint32_t k = spreading.begin[i]; k < spreading.begin[i + 1]; ++k) {
                const uint32_t other = spreading.neighbours[k];
                if (covered[other]) continue;
                light += sums[2 * size_t{other}];
                seen += sums[2 * size_t{other} + 1];
                ++open;
            }
            if (open == 0) continue;
            sums[2 * size_t{i}] = light / open;
            sums[2 * size_t{i} + 1] = seen / open;
            reached.push_back(i);
        }
        for (uint32_t i : reached) covered[i] = false;
    }
}

}  // namespace

LightBaker::LightBaker(gpu::Device& device, const base::fs::path& shaders) : device_(device) {
    gpu::GraphicsSettings depth;
    depth.vertex = shaders / "shadow.vert.spv";
    depth.push_bytes = sizeof(glm::mat4);
    depth.vertex_buffers = {{0, sizeof(shared::RestVertex), vk::VertexInputRate::eVertex}};
    depth.attributes = {{0, 0, vk::Format::eR32G32B32Sfloat, 0}};
    depth.depth = vk::Format::eD32Sfloat;
    depth.depth_slope = 1.5f;
    depth_open_ = gpu::make_graphics_pipeline(device, depth);
    // Seen without the picture's flip of y, triangles that face the light count as back: they are the ones
    // left out.
    depth.cull = vk::CullModeFlagBits::eBack;
    depth_closed_ = gpu::make_graphics_pipeline(device, depth);
    using Type = vk::DescriptorType;
    add_ = gpu::make_compute_pipeline(
        device, shaders / "light.comp.spv",
        {Type::eStorageBuffer, Type::eStorageBuffer, Type::eCombinedImageSampler}, sizeof(LightPush));
    spread_ = gpu::make_compute_pipeline(device, shaders / "diffuse.comp.spv", 6, sizeof(SpreadPush));
    finish_ = gpu::make_compute_pipeline(device, shaders / "light_finish.comp.spv", 4, sizeof(uint32_t));
    sampler_ = gpu::make_sampler(device, vk::Filter::eLinear, vk::SamplerAddressMode::eClampToEdge, true);
}

void LightBaker::bake(Stage& stage) const {
    const Sphere sphere = bounds(*stage.face);
    const gpu::Image depth(
        device_,
        {kDepthSize, kDepthSize, vk::Format::eD32Sfloat,
         vk::ImageUsageFlagBits::eDepthStencilAttachment | vk::ImageUsageFlagBits::eSampled},
        "depth from a light");
    const gpu::Buffer received(device_, uint64_t{stage.vertex_count} * 32, gpu::Memory::device, "light sums");
    const gpu::Buffer blurred(device_, uint64_t{stage.vertex_count} * 12, gpu::Memory::device,
                              "light blurred");
    const gpu::Buffer indices = gpu::make_buffer<uint32_t>(device_, stage.indices, "triangles by cluster");
    const gpu::Use depth_written{
        vk::PipelineStageFlagBits2::eLateFragmentTests | vk::PipelineStageFlagBits2::eEarlyFragmentTests,
        vk::AccessFlagBits2::eDepthStencilAttachmentWrite | vk::AccessFlagBits2::eDepthStencilAttachmentRead};
    const gpu::Use depth_read{vk::PipelineStageFlagBits2::eComputeShader,
                              vk::AccessFlagBits2::eShaderSampledRead};
    const auto picture = [&](vk::CommandBuffer commands, const glm::mat4& clip, glm::vec3 to_light) {
        gpu::transition(commands, depth, vk::ImageLayout::eUndefined,
                        vk::ImageLayout::eDepthAttachmentOptimal, depth_read, depth_written);
        vk::RenderingAttachmentInfo attachment(depth.view(), vk::ImageLayout::eDepthAttachmentOptimal);
        attachment.setLoadOp(vk::AttachmentLoadOp::eClear).setStoreOp(vk::AttachmentStoreOp::eStore);
        attachment.setClearValue(vk::ClearDepthStencilValue(1, 0));
        vk::RenderingInfo rendering({}, {{0, 0}, {kDepthSize, kDepthSize}}, 1);
        rendering.setPDepthAttachment(&attachment);
        commands.beginRendering(rendering);
        commands.setViewport(0, vk::Viewport(0, 0, kDepthSize, kDepthSize, 0, 1));
        commands.setScissor(0, vk::Rect2D({0, 0}, {kDepthSize, kDepthSize}));
        commands.bindVertexBuffers(0, stage.vertices.handle(), vk::DeviceSize{0});
        commands.bindIndexBuffer(indices.handle(), 0, vk::IndexType::eUint32);
        for (const Part& part : stage.parts) {
            if (part.material == shared::kMaterialHair) continue;        // too thin to shade with
            const bool sealed = part.material == shared::kMaterialSkin;  // a pad has no underside
            gpu::bind(commands, sealed ? depth_closed_ : depth_open_, {}, gpu::bytes_of(clip));
            for (const Cluster& c : part.clusters) {
                // Of a closed surface the side away from the light shades what lies behind it, and never
                // itself.
                if (sealed && glm::dot(to_light, c.axis) > c.spread) continue;
                commands.drawIndexed(c.count, 1, c.first, 0, 0);
            }
        }
        commands.endRendering();
        gpu::transition(commands, depth, vk::ImageLayout::eDepthAttachmentOptimal,
                        vk::ImageLayout::eShaderReadOnlyOptimal, depth_written, depth_read);
    };

    device_.run([&](vk::CommandBuffer commands) {
        commands.fillBuffer(received.handle(), 0, VK_WHOLE_SIZE, 0);
        commands.fillBuffer(blurred.handle(), 0, VK_WHOLE_SIZE, 0);
        gpu::barrier(commands, gpu::kTransferWrite, gpu::kComputeWrite);
        for (const Ray& ray : room_lights()) {
            const glm::mat4 clip = look_from(ray.to, sphere);
            picture(commands, clip, ray.to);
            const LightPush push{clip, ray.to, ray.weight, ray.irradiance, ray.light, stage.vertex_count};
            gpu::dispatch(commands, add_, {stage.vertices, received, {depth, *sampler_}}, gpu::bytes_of(push),
                          groups(stage.vertex_count));
            gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
        }
    });

    // Widths of three Gaussians in mm and how much of each colour travels that far (after d'Eon & Luebke
    // 2007, merged).
    const Spreading spreading = make_spreading(stage.face->mesh, stage.vertex_count);
    std::vector<glm::vec4> lit = gpu::download<glm::vec4>(device_, received, uint64_t{stage.vertex_count} * 2);
    continue_under(under_drape(*stage.face), spreading, lit);
    const gpu::Buffer sums = gpu::make_buffer<glm::vec4>(device_, lit, "light sums, continued");
    const gpu::Buffer begin = gpu::make_buffer<uint32_t>(device_, spreading.begin, "spread begin");
    const gpu::Buffer neighbours =
        gpu::make_buffer<uint32_t>(device_, spreading.neighbours, "spread neighbours");
    const gpu::Buffer share = gpu::make_buffer<float>(device_, spreading.share, "spread share");
    const gpu::Buffer even(device_, uint64_t{stage.vertex_count} * 16, gpu::Memory::device, "spread even");
    const gpu::Buffer odd(device_, uint64_t{stage.vertex_count} * 16, gpu::Memory::device, "spread odd");
    struct Width {
        double mm;
        glm::vec3 weight;
    };
    const Width widths[] = {
        {0.28, {0.24f, 0.52f, 0.72f}}, {0.8, {0.36f, 0.38f, 0.24f}}, {2.0, {0.40f, 0.10f, 0.04f}}};
    device_.run([&](vk::CommandBuffer commands) {
        int done = 0;
        for (const Width& width : widths) {
            const double ratio = width.mm * 1e-3 / Spreading::kStepLength;
            const int wanted = std::max(done + 1, int(std::lround(ratio * ratio)));
            for (; done < wanted; ++done) {
                const gpu::Buffer& from = done == 0 ? sums : done % 2 ? even : odd;
                const gpu::Buffer& to = done % 2 ? odd : even;
                const SpreadPush push{done + 1 == wanted ? width.weight : glm::vec3(0), done == 0 ? 2u : 1u,
                                      stage.vertex_count};
                gpu::dispatch(commands, spread_, {begin, neighbours, share, from, to, blurred},
                              gpu::bytes_of(push), groups(stage.vertex_count));
                gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeWrite);
            }
        }
        gpu::dispatch(commands, finish_, {stage.vertices, sums, blurred, stage.lights},
                      gpu::bytes_of(stage.vertex_count), groups(stage.vertex_count));
        gpu::barrier(commands, gpu::kComputeWrite, gpu::kComputeRead);
    });
}

}  // namespace render
