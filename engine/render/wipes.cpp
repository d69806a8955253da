#include "engine/render/wipes.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace render {

namespace {

constexpr float kLane = 0.4e-3f;  // m
constexpr float kApart = 2e-3f;   // m between points
constexpr float kLongest = 1;     // m: a stroke goes no farther
constexpr uint32_t kMostLanes = 96;

struct OnLine {
    float distance, along;  // m
    glm::vec3 way;          // unit
    glm::vec3 offset;       // from the line to the place
};

OnLine nearest(const WipeTrace& trace, glm::vec3 place) {
    OnLine best{1e9f, 0, {}, {}};
    for (size_t i = 0; i + 1 < trace.points.size(); ++i) {
        const glm::vec3 from(trace.points[i]), line = glm::vec3(trace.points[i + 1]) - from;
        const float length = glm::length(line),
                    t = std::clamp(glm::dot(place - from, line) / (length * length), 0.0f, 1.0f);
        const glm::vec3 offset = place - from - line * t;
        if (glm::length(offset) < best.distance)
            best = {glm::length(offset), trace.points[i].w + t * length, line / length, offset};
    }
    return best;
}

/// The path alone, with no blood on it.
WipeTrace plan_wipe(const WipeStroke& stroke) {
    WipeTrace trace;
    trace.width = float(std::clamp(stroke.width, 1e-3, 0.1));
    for (const glm::dvec3& place : stroke.path) {
        const glm::vec3 p(place);
        const bool last = &place == &stroke.path.back();
        const float gap = trace.points.empty() ? 0 : glm::distance(p, glm::vec3(trace.points.back()));
        if (!trace.points.empty() && (last ? gap < 1e-5f : gap < kApart)) continue;
        if (trace.length + gap > kLongest) break;
        trace.length += gap;
        trace.points.emplace_back(p, trace.length);
    }
    trace.lanes = std::clamp(uint32_t(std::lround(trace.width / kLane)), 4u, kMostLanes);
    trace.steps = std::max(uint32_t(std::ceil(trace.length / WipeTrace::kStep)), 1u);
    trace.film.assign(size_t{trace.lanes} * trace.steps, 0.0f);
    return trace;
}

}  // namespace

std::optional<WipePlace> place_on(const WipeTrace& trace, glm::vec3 place, glm::vec3 normal) {
    if (trace.points.size() < 2) return std::nullopt;
    const OnLine at = nearest(trace, place);
    const float half = trace.width / 2;
    if (at.distance >= half) return std::nullopt;
    const float aside = glm::dot(glm::cross(normal, at.way), at.offset);
    // Beyond its ends the nearest point is the end itself.
    const float beyond = std::abs(glm::dot(at.offset, at.way));
    const float room = std::min({half - at.distance, at.along - beyond, trace.length - at.along - beyond});
    if (room <= 0) return std::nullopt;
    const float t = std::min(room / WipeTrace::kSoft, 1.0f);
    return WipePlace{at.along, std::clamp(aside / half, -1.0f, 1.0f), t * t * (3 - 2 * t)};
}

double droplet_volume_mm3(double radius_mm) {
    // Height of the cap over its foot: tan(30 degrees) of the foot's radius.
    const double height = radius_mm * std::numbers::inv_sqrt3;
    return std::numbers::pi * height * (3 * radius_mm * radius_mm + height * height) / 6;
}

WipeTrace trace_wipe(const WipeStroke& stroke, std::span<const Spill> droplets) {
    WipeTrace trace = plan_wipe(stroke);
    const float lane_width = trace.width / float(trace.lanes);
    std::vector<double> met(trace.film.size(), 0);  // mm³
    for (const Spill& spill : droplets) {
        const auto at = place_on(trace, spill.place, spill.normal);
        if (!at) continue;
        const uint32_t step = std::min(uint32_t(at->along / WipeTrace::kStep), trace.steps - 1);
        const float lane = (at->across * 0.5f + 0.5f) * float(trace.lanes), reach = spill.radius / lane_width;
        const auto lane_at = [&](float x) { return int(std::clamp(x, 0.0f, float(trace.lanes) - 1)); };
        const int low = lane_at(lane - reach), high = lane_at(lane + reach);
        const double volume =
            double(WipeTrace::kOozes) * droplet_volume_mm3(double(spill.radius) * 1e3) / (high - low + 1);
        for (int k = low; k <= high; ++k) met[size_t{step} * trace.lanes + size_t(k)] += volume;
    }
    const double kept = std::exp(-double(WipeTrace::kStep) / WipeTrace::kThinning);
    const double area_mm2 = double(WipeTrace::kStep) * lane_width * 1e6;
    for (uint32_t lane = 0; lane < trace.lanes; ++lane) {
        double carried = 0;
        for (uint32_t step = 0; step < trace.steps; ++step) {
            const size_t i = size_t{step} * trace.lanes + lane;
            carried += met[i] * (1 - double(WipeTrace::kTaken));
            trace.film[i] = float(carried * (1 - kept) / area_mm2 * 1e3);
            carried *= kept;
        }
    }
    return trace;
}

std::vector<WipeTriangle> triangles_under(const WipeTrace& trace, const mesh::SurfaceMesh& skin) {
    std::vector<WipeTriangle> result;
    if (trace.points.size() < 2) return result;
    glm::vec3 low(1e9f), high(-1e9f);
    for (const glm::vec4& p : trace.points)
        low = glm::min(low, glm::vec3(p)), high = glm::max(high, glm::vec3(p));
    const float half = trace.width / 2;
    for (uint32_t t = 0; t < skin.triangle_count(); ++t) {
        const glm::uvec3 c = skin.triangles[t];
        const glm::vec3 corner[3] = {glm::vec3(skin.positions[c.x]), glm::vec3(skin.positions[c.y]),
                                     glm::vec3(skin.positions[c.z])};
        const glm::vec3 centre = (corner[0] + corner[1] + corner[2]) / 3.0f;
        float radius = 0;
        for (glm::vec3 p : corner) radius = std::max(radius, glm::distance(p, centre));
        const float reach = half + radius;
        if (glm::any(glm::lessThan(centre, low - reach)) || glm::any(glm::greaterThan(centre, high + reach)))
            continue;
        WipeTriangle found{t, 0xffffffffu, 0};
        for (uint32_t i = 0; i + 1 < trace.points.size(); ++i) {
            const glm::vec3 from(trace.points[i]), line = glm::vec3(trace.points[i + 1]) - from;
            const float s = std::clamp(glm::dot(centre - from, line) / glm::dot(line, line), 0.0f, 1.0f);
            if (glm::distance(centre, from + line * s) >= reach) continue;
            found.first = std::min(found.first, i);
            found.last = i + 1;
        }
        if (found.last > 0) result.push_back(found);
    }
    return result;
}

std::vector<uint32_t> cells_under(const WipeTrace& trace, const face::SurfaceCells& cells) {
    glm::vec3 low(1e9f), high(-1e9f);
    for (const glm::vec4& p : trace.points) low = glm::min(low, glm::vec3(p)), high = glm::max(high, glm::vec3(p));
    std::vector<uint32_t> under;
    for (uint32_t cell = 0; cell < cells.size(); ++cell) {
        const glm::vec3 seed(cells.seed[cell]);
        if (glm::any(glm::lessThan(seed, low - trace.width)) || glm::any(glm::greaterThan(seed, high + trace.width))) continue;
        if (place_on(trace, seed, glm::vec3(0))) under.push_back(cell);
    }
    return under;
}

}  // namespace render
