#include "engine/render/stage.h"

#include "engine/base/parallel.h"
#include "engine/render/coarse.h"
#include "engine/render/raised.h"
#include "engine/track/tracker.h"
#include "shaders/shared/skin_field.h"

#include <glm/packing.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <future>

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

/// A vertex midway between two others: mottling and unevenness come with its place, the rest from both.
shared::RestVertex between(const face::FaceAsset& face, glm::dvec3 place, glm::dvec3 normal, const face::Look& look,
                           const shared::RestVertex& a, const shared::RestVertex& b) {
    shared::RestVertex v = a;
    v.position = glm::vec3(place);
    v.normal = pack_normal(glm::vec3(uneven(normal, place)));
    v.look = pack_look(mottled(look, place));
    v.cell = face.cells.size() ? face.cells.find(place, normal) : face::kNoCell;
    v.uv = (a.uv + b.uv) * 0.5f;
    return v;
}

face::Look middle_of(const face::Look& a, const face::Look& b) {
    const auto mean = [](uint8_t x, uint8_t y) { return uint8_t((x + y) / 2); };
    return {mean(a.haemoglobin, b.haemoglobin), mean(a.melanin, b.melanin), mean(a.gloss, b.gloss),
            mean(a.occlusion, b.occlusion)};
}

/// What the drawn skin has more than the face: vertices under raised lesions, and their height.
void add_raised(const face::FaceAsset& face, std::vector<shared::RestVertex>& vertices, mesh::SurfaceMesh& skin) {
    const RaisedSkin raised = raise_lesions(face);
    skin = face.mesh;
    skin.triangles = raised.triangles;
    std::vector<face::Look> look = face.look;
    for (const glm::uvec2 half : raised.halves) {
        const glm::dvec3 place = (skin.positions[half.x] + skin.positions[half.y]) * 0.5;
        const glm::dvec3 normal = glm::normalize(skin.normals[half.x] + skin.normals[half.y]);
        look.push_back(middle_of(look[half.x], look[half.y]));
        vertices.push_back(between(face, place, normal, look.back(), vertices[half.x], vertices[half.y]));
        skin.positions.push_back(place);
        skin.normals.push_back(normal);
    }
    for (size_t i = 0; i < raised.heights.size(); ++i) vertices[i].raised = raised.heights[i];
}

/// Where vertices are drawn while nothing presses on them: for bounds and coarse triangles.
std::vector<shared::RestVertex> as_drawn(std::vector<shared::RestVertex> vertices, const mesh::SurfaceMesh& skin) {
    for (size_t i = 0; i < skin.positions.size(); ++i) vertices[i].position += glm::vec3(skin.normals[i]) * vertices[i].raised;
    return vertices;
}

void add_skin(const face::FaceAsset& face, std::vector<shared::RestVertex>& vertices, mesh::SurfaceMesh& skin) {
    const AtlasWindow window = atlas_window(face);
    std::vector<uint8_t> zone(face.mesh.vertex_count(), 0);
    for (size_t t = 0; t < face.mesh.triangle_count(); ++t) {
        for (int k = 0; k < 3; ++k) {
            uint8_t& z = zone[face.mesh.triangles[t][k]];
            z = std::max(z, face.zone[t]);
        }
    }
    const bool pad = face.kind == face::Kind::pad;
    vertices.resize(face.mesh.vertex_count());
    const auto fill = [&](size_t i) {
        const glm::dvec3 place = face.mesh.positions[i], normal = face.mesh.normals[i];
        const face::Look look = pad ? face.look[i] : mottled(face.look[i], place);
        shared::RestVertex& v = vertices[i];
        v.position = glm::vec3(place);
        v.normal = pack_normal(glm::vec3(pad ? normal : uneven(normal, place)));
        v.look = pack_look(look);
        v.cell = face.cells.size() ? face.cells.find(place, normal) : face::kNoCell;
        v.tags = zone[i] | (pad ? shared::kMaterialSilicone : shared::kMaterialSkin) << 8;
        if (face.zones[zone[i]].id == "vermilion") v.tags |= shared::kTagLip;
        v.uv = window(face.uv[i]);
    };
    base::parallel_ranges(vertices.size(), 4096, [&](size_t first, size_t last) {
        for (size_t i = first; i < last; ++i) fill(i);
    });
    add_raised(face, vertices, skin);
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
    c.half = (high - low) * 0.5f;
    c.radius = glm::length(c.half);
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
        std::vector<std::vector<glm::uvec3>> coarse(part.clusters.size());
        base::parallel_ranges(coarse.size(), 16, [&](size_t first, size_t last) {
            for (size_t i = first; i < last; ++i) {
                const Cluster& c = part.clusters[i];
                coarse[i] = coarsen(ordered.subspan(c.first / 3, c.count / 3), vertices, kShare);
            }
        });
        for (size_t i = 0; i < coarse.size(); ++i) {
            Cluster& c = part.clusters[i];
            c.coarse_first = static_cast<uint32_t>(stage.coarse_indices.size());
            for (glm::uvec3 t : coarse[i]) stage.coarse_indices.insert(stage.coarse_indices.end(), {t.x, t.y, t.z});
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

shared::FieldVertex field_vertex(const shared::RestVertex& vertex) {
    const auto both = [](uint32_t low, uint32_t high) { return uint64_t{high} << 32 | low; };
    const auto bits = [](float x) { return std::bit_cast<uint32_t>(x); };
    const uint32_t material = vertex.tags >> 8 & 0xffu;
    const bool hair = material == shared::kMaterialHair, moves = hair || material <= shared::kMaterialSilicone;
    const uint32_t facing = (vertex.normal & ~(shared::kFacingMoves | shared::kFacingHair)) |
                            (moves ? shared::kFacingMoves : 0) | (hair ? shared::kFacingHair : 0);
    return {both(bits(vertex.position.x), bits(vertex.position.y)), both(bits(vertex.position.z), facing)};
}

/// Cuts the drawn order into blocks and notes which of them each cluster needs.
void stage_blocks(gpu::Device& device, const std::vector<shared::RestVertex>& vertices, Stage& stage) {
    const size_t block_count = (vertices.size() + Block::kSize - 1) / Block::kSize;
    std::vector<uint32_t> order(block_count * Block::kSize, shared::kNoVertex);
    for (uint32_t i = 0; i < vertices.size(); ++i) order[vertices[i].drawn] = i;
    stage.drawn_order = gpu::make_buffer<uint32_t>(device, order, "drawn order");
    std::vector<shared::FieldVertex> felt(order.size(), shared::FieldVertex{});
    for (const shared::RestVertex& vertex : vertices) felt[vertex.drawn] = field_vertex(vertex);
    stage.field_vertices = gpu::make_buffer<shared::FieldVertex>(device, felt, "vertices of the skin's field");
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

void stage_cells(gpu::Device& device, const face::FaceAsset& face, uint32_t ring_um, Stage& stage) {
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
    for (const shared::Neighbourhood& n : track::make_cell_map(face, ring_um).neighbourhoods)
        areas.push_back(n.area_um2);
    stage.neighbourhood_area = put(areas, "neighbourhood area");
    stage.looks =
        gpu::Buffer(device, cells.size() * sizeof(shared::CellLook), gpu::Memory::device, "cell looks");
}

base::Hash form_of(std::span<const shared::RestVertex> vertices, const Stage& stage) {
    using Form = std::array<uint32_t, 6>;
    std::vector<Form> forms(vertices.size());
    for (size_t i = 0; i < vertices.size(); ++i) {
        std::memcpy(forms[i].data(), &vertices[i].position, sizeof(vertices[i].position));
        std::memcpy(&forms[i][3], &vertices[i].raised, sizeof(vertices[i].raised));
        forms[i][4] = vertices[i].normal;
        forms[i][5] = vertices[i].tags >> 8 & 0xffu;
    }
    base::Hasher hasher;
    hasher.values<Form>(forms).values<uint32_t>(stage.indices);
    for (const Part& part : stage.parts) hasher.value(part.material).value(part.first).value(part.count);
    return hasher.finish();
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

Stage make_stage(gpu::Device& device, std::shared_ptr<const face::FaceAsset> face, uint32_t ring_um) {
    Stage stage;
    std::vector<shared::RestVertex> vertices;
    std::vector<std::pair<uint32_t, std::vector<glm::uvec3>>> parts(1);
    const bool pad = face->kind == face::Kind::pad;
    parts[0].first = pad ? shared::kMaterialSilicone : shared::kMaterialSkin;
    add_skin(*face, vertices, stage.skin);
    parts[0].second = stage.skin.triangles;
    stage.skin_vertices = static_cast<uint32_t>(vertices.size());
    stage.triangles = gpu::make_buffer<glm::uvec3>(device, face->mesh.triangles, "triangles");
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

    const std::vector<shared::RestVertex> shapes = as_drawn(vertices, stage.skin);
    std::vector<glm::uvec3> ordered;
    for (auto& [material, triangles] : parts) {
        stage.parts.push_back({material, 0, 0, {}});
        cluster_part(stage.parts.back(), std::move(triangles), shapes, ordered);
    }
    stage.vertex_count = static_cast<uint32_t>(vertices.size());
    for (glm::uvec3 t : ordered) stage.indices.insert(stage.indices.end(), {t.x, t.y, t.z});
    auto form = std::async(std::launch::async, form_of, std::span<const shared::RestVertex>(vertices), std::cref(stage));
    coarsen_clusters(stage, ordered, shapes);
    stage.form = form.get();
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
    stage_cells(device, *face, ring_um, stage);
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

bool outside(const glm::mat4& clip, glm::vec3 centre, float radius) {
    const glm::mat4 rows = glm::transpose(clip);
    for (const glm::vec4& plane :
         {rows[3] + rows[0], rows[3] - rows[0], rows[3] + rows[1], rows[3] - rows[1]}) {
        if (glm::dot(glm::vec3(plane), centre) + plane.w < -radius * glm::length(glm::vec3(plane)))
            return true;
    }
    return false;
}

bool may_be_seen(const Part& part, const Cluster& c, const Sight& sight) {
    const glm::vec3 away = c.centre - sight.eye;
    const float radius = c.radius + kDentSlack, facing = glm::dot(away, c.axis),
                turned = c.spread * glm::length(away) + radius;
    return !(part.closed() && facing > turned) && !outside(sight.clip, c.centre, radius);
}

static bool drawn_coarse(const Cluster& c, const Sight& sight) {
    const float nearest = std::max(glm::distance(c.centre, sight.eye) - c.radius, 0.0f);
    return c.coarse_count > 0 && c.edge < Sight::kTold * sight.pixel_size * nearest;
}

glm::vec3 reach_of(const Cluster& c, const Sight& sight) {
    const bool dented = glm::distance(glm::vec3(sight.dents), c.centre) < sight.dents.w + c.radius;
    return sight.dents.w > 0 && dented ? c.half + kDentSlack : c.half;
}

bool may_lie_on(const Tiles* where, const Cluster& c, const Sight& sight) {
    return !where || where->touches(sight.clip, c.centre, reach_of(c, sight));
}

const std::vector<uint32_t>& drawn_blocks(const Cluster& c, const Sight& sight) {
    return drawn_coarse(c, sight) ? c.coarse_blocks : c.blocks;
}

void mark_visible_blocks(const Stage& stage, const Sight& sight, std::vector<bool>& visible) {
    for (const Part& part : stage.parts) {
        for (const Cluster& c : part.clusters) {
            if (!may_be_seen(part, c, sight)) continue;
            for (uint32_t b : drawn_blocks(c, sight)) visible[b] = true;
        }
    }
}

uint32_t append_visible(const Stage& stage, const Part& part, const Sight& sight, std::span<uint32_t> into,
                        Tiles& edges, const Tiles* where) {
    uint32_t count = 0;
    for (const Cluster& c : part.clusters) {
        if (!may_be_seen(part, c, sight) || !may_lie_on(where, c, sight)) continue;
        const auto indices = drawn_coarse(c, sight)
                                 ? std::span(stage.coarse_indices).subspan(c.coarse_first, c.coarse_count)
                                 : std::span(stage.drawn_indices).subspan(c.first, c.count);
        std::ranges::copy(indices, into.begin() + count);
        count += static_cast<uint32_t>(indices.size());
        const glm::vec3 away = c.centre - sight.eye;
        const bool turns_away = std::abs(glm::dot(away, c.axis)) < c.spread * glm::length(away) + c.radius;
        if (part.material != shared::kMaterialHair && (turns_away || c.border))
            edges.mark(sight.clip, c.centre, c.half);
    }
    return count;
}

}  // namespace render
