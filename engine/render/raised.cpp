#include "engine/render/raised.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace render {

namespace {

constexpr float kLow = 0.05e-3f;     // m: parts lower than this change no outline
constexpr float kNarrow = 0.45e-3f;  // m: radius below which the split mesh carries nothing
constexpr float kWall = 0.5e-3f;     // m in which a steep wall rises, since it must span an edge
constexpr int kRounds = 3;

float away_from(glm::vec3 p, glm::vec3 from, glm::vec3 to) {
    const glm::vec3 line = to - from;
    const float length2 = glm::dot(line, line);
    const float t = length2 > 0 ? std::clamp(glm::dot(p - from, line) / length2, 0.0f, 1.0f) : 0.0f;
    return glm::distance(p, from + line * t);
}

glm::ivec3 cube_of(glm::vec3 p) {
    constexpr float kSide = 4e-3f;  // m
    return glm::ivec3(glm::floor(p / kSide));
}

uint64_t key_of(glm::ivec3 c) {
    const auto bits = [](int v) { return uint64_t(uint32_t(v) & 0x1fffffu); };
    return bits(c.x) | bits(c.y) << 21 | bits(c.z) << 42;
}

uint64_t edge_of(uint32_t a, uint32_t b) {
    return uint64_t{std::min(a, b)} << 32 | std::max(a, b);
}

/// The triangle with the middles of some of its sides, `none` = not split.
void split(glm::uvec3 t, glm::uvec3 middle, uint32_t none, const std::vector<glm::vec3>& places,
           std::vector<glm::uvec3>& into) {
    int count = 0;
    for (int k = 0; k < 3; ++k) count += middle[k] != none;
    if (count == 0) return into.push_back(t);
    // Turned so that the first side is split, and with two of them the third is not.
    while (middle.x == none || (count == 2 && middle.z != none)) {
        t = {t.y, t.z, t.x};
        middle = {middle.y, middle.z, middle.x};
    }
    if (count == 1) {
        into.insert(into.end(), {{t.x, middle.x, t.z}, {middle.x, t.y, t.z}});
    } else if (count == 2) {
        into.push_back({middle.x, t.y, middle.y});
        if (glm::distance(places[t.x], places[middle.y]) < glm::distance(places[middle.x], places[t.z]))
            into.insert(into.end(), {{t.x, middle.x, middle.y}, {t.x, middle.y, t.z}});
        else
            into.insert(into.end(), {{t.x, middle.x, t.z}, {middle.x, middle.y, t.z}});
    } else {
        into.insert(into.end(), {{t.x, middle.x, middle.z},
                                 {middle.x, t.y, middle.y},
                                 {middle.z, middle.y, t.z},
                                 {middle.x, middle.y, middle.z}});
    }
}

}  // namespace

RaisedLesions::RaisedLesions(std::span<const face::SkinDetail> details) {
    for (const face::SkinDetail& d : details) {
        if (d.height < kLow || d.radius < kNarrow) continue;
        const float flat = std::min(0.85f * d.steepness * d.radius, d.radius - kWall);
        parts_.push_back({d.from, d.to, d.radius, std::max(flat, 0.0f), d.height});
    }
    const auto sort_in = [&] {
        cubes_.clear();
        for (uint32_t i = 0; i < parts_.size(); ++i) {
            const glm::vec3 room(parts_[i].radius + kFarthest);
            const glm::ivec3 low = cube_of(glm::min(parts_[i].from, parts_[i].to) - room),
                             high = cube_of(glm::max(parts_[i].from, parts_[i].to) + room);
            for (int z = low.z; z <= high.z; ++z)
                for (int y = low.y; y <= high.y; ++y)
                    for (int x = low.x; x <= high.x; ++x) cubes_[key_of({x, y, z})].push_back(i);
        }
    };
    sort_in();
    std::vector<glm::vec3> high;
    for (const Part& part : parts_) {
        const glm::vec3 middle = (part.from + part.to) * 0.5f;
        if (height(middle) >= kLeast) high.push_back(middle);
    }
    std::erase_if(parts_, [&](const Part& part) {
        return std::ranges::none_of(
            high, [&](glm::vec3 p) { return away_from(p, part.from, part.to) < part.radius; });
    });
    sort_in();
}

std::span<const uint32_t> RaisedLesions::parts_near(glm::vec3 place) const {
    const auto found = cubes_.find(key_of(cube_of(place)));
    return found == cubes_.end() ? std::span<const uint32_t>{} : found->second;
}

float RaisedLesions::height(glm::vec3 place) const {
    float sum = 0;
    for (const uint32_t i : parts_near(place)) {
        const Part& part = parts_[i];
        const float r = away_from(place, part.from, part.to);
        if (r >= part.radius) continue;
        const float t = std::clamp((r - part.flat) / (part.radius - part.flat), 0.0f, 1.0f);
        sum += part.height * (1 - t * t * (3 - 2 * t));  // whose slope relief.frag paints
    }
    return sum;
}

bool RaisedLesions::near(glm::vec3 place, float reach) const {
    return std::ranges::any_of(parts_near(place), [&](uint32_t i) {
        return away_from(place, parts_[i].from, parts_[i].to) < parts_[i].radius + std::min(reach, kFarthest);
    });
}

RaisedSkin raise_lesions(const face::FaceAsset& face) {
    RaisedSkin skin{{}, face.mesh.triangles, std::vector<float>(face.mesh.vertex_count(), 0.0f)};
    const RaisedLesions lesions(face.details);
    if (lesions.empty()) return skin;
    std::vector<glm::vec3> places(face.mesh.positions.begin(), face.mesh.positions.end());
    constexpr uint32_t kNone = 0xffffffffu;
    for (int round = 0; round < kRounds; ++round) {
        std::unordered_map<uint64_t, uint32_t> middles;  // looked up only, so its order does not matter
        const auto split_edge = [&](uint32_t a, uint32_t b) {
            const auto found = middles.find(edge_of(a, b));
            if (found != middles.end()) return;
            const float length = glm::distance(places[a], places[b]);
            const glm::vec3 middle = (places[a] + places[b]) * 0.5f;
            if (length <= RaisedSkin::kFineEdge || !lesions.near(middle, 0.5f * length)) return;
            middles.emplace(edge_of(a, b), uint32_t(places.size()));
            skin.halves.push_back({a, b});
            places.push_back(middle);
        };
        for (glm::uvec3 t : skin.triangles)
            for (int k = 0; k < 3; ++k) split_edge(t[k], t[(k + 1) % 3]);
        if (middles.empty()) break;
        const auto middle_of = [&](uint32_t a, uint32_t b) {
            const auto found = middles.find(edge_of(a, b));
            return found == middles.end() ? kNone : found->second;
        };
        std::vector<glm::uvec3> finer;
        for (glm::uvec3 t : skin.triangles)
            split(t, {middle_of(t.x, t.y), middle_of(t.y, t.z), middle_of(t.z, t.x)}, kNone, places, finer);
        skin.triangles = std::move(finer);
    }
    skin.heights.clear();
    for (glm::vec3 place : places) skin.heights.push_back(lesions.height(place));
    return skin;
}

}  // namespace render
