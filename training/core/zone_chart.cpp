#include "training/core/zone_chart.h"

#include <glm/geometric.hpp>
#include <glm/vec4.hpp>

#include <algorithm>
#include <queue>

namespace training {

namespace {

constexpr double kGridPitch = 2e-3;
constexpr double kFitRadius = 2.6e-3;   // about 20 cells of 1 mm²: enough for an affine fit, small against curvature
constexpr double kReach = 1.4e-3;       // a cell's farthest corner from its seed, with room for the chart's stretch
constexpr double kRowVariance = 2e-8;   // m²: cells that spread less than 0.14 mm are a row
constexpr int kHaloRings = 10;          // cells round the zone that the chart keeps: about 10 mm

/// A tangent frame carried from the chart's centre to a cell: `first` is the chart's x axis there.
struct Carried {
    glm::dvec2 place{0};
    glm::dvec3 first{0};
};

glm::dvec3 unit_or(glm::dvec3 v, glm::dvec3 fallback) {
    const double length = glm::length(v);
    return length > 1e-12 ? v / length : fallback;
}

/// `v` turned by the smallest rotation that takes unit `from` to unit `to` (Rodrigues, without angles).
glm::dvec3 turned(glm::dvec3 v, glm::dvec3 from, glm::dvec3 to) {
    const glm::dvec3 axis = glm::cross(from, to);
    const double cosine = glm::dot(from, to);
    if (cosine < -0.999) return v;
    return v * cosine + glm::cross(axis, v) + axis * (glm::dot(axis, v) / (1 + cosine));
}

/// Where `to` lies on the chart when its neighbour `from` lies at `carried`: the step between the seeds, laid into the
/// tangent plane at its full length.
Carried carried_over(const face::SurfaceCells& cells, uint32_t from, uint32_t to, const Carried& carried) {
    const glm::dvec3 n = cells.normal[from];
    const glm::dvec3 step = cells.seed[to] - cells.seed[from];
    const glm::dvec3 flat = unit_or(step - n * glm::dot(n, step), carried.first) * glm::length(step);
    const glm::dvec3 second = glm::cross(n, carried.first);
    return {carried.place + glm::dvec2(glm::dot(flat, carried.first), glm::dot(flat, second)),
            turned(carried.first, n, cells.normal[to])};
}

/// The zone's cell nearest to its middle.
uint32_t middle_cell(const face::SurfaceCells& cells, const std::vector<uint32_t>& zone_cells) {
    glm::dvec3 middle{0};
    for (uint32_t cell : zone_cells) middle += cells.seed[cell];
    middle /= static_cast<double>(zone_cells.size());
    const auto distance = [&](uint32_t cell) { return glm::dot(cells.seed[cell] - middle, cells.seed[cell] - middle); };
    return *std::min_element(zone_cells.begin(), zone_cells.end(),
                             [&](uint32_t a, uint32_t b) { return distance(a) < distance(b); });
}

/// Affine least squares of four fields (position, no-go distance) round a place: value and gradient there.
struct LocalFit {
    double weight = 0;
    glm::dvec2 mean_q{0};
    double xx = 0, xy = 0, yy = 0;
    glm::dvec4 mean{0}, by_x{0}, by_y{0};

    void add(glm::dvec2 q, glm::dvec4 value, double w) {
        weight += w;
        mean_q += w * q;
        xx += w * q.x * q.x, xy += w * q.x * q.y, yy += w * q.y * q.y;
        mean += w * value, by_x += w * q.x * value, by_y += w * q.y * value;
    }
    /// Slopes along x and y after solve(); mean and mean_q become true means.
    void solve() {
        mean /= weight, mean_q /= weight;
        const double sxx = xx / weight - mean_q.x * mean_q.x, sxy = xy / weight - mean_q.x * mean_q.y;
        const double syy = yy / weight - mean_q.y * mean_q.y;
        const glm::dvec4 cx = by_x / weight - mean_q.x * mean, cy = by_y / weight - mean_q.y * mean;
        const double determinant = sxx * syy - sxy * sxy;
        // Cells in a single row tell no slope across it: the variance that way is the determinant over the trace.
        const bool spread = determinant > kRowVariance * (sxx + syy);
        by_x = spread ? (cx * syy - cy * sxy) / determinant : glm::dvec4(0);
        by_y = spread ? (cy * sxx - cx * sxy) / determinant : glm::dvec4(0);
    }
    glm::dvec4 at(glm::dvec2 q) const { return mean + (q.x - mean_q.x) * by_x + (q.y - mean_q.y) * by_y; }
};

}  // namespace

ZoneChart::ZoneChart(const face::FaceAsset& face, uint8_t zone) : face_(face), zone_(zone) {
    slot_.assign(face.cells.size(), face::kNoCell);
    for (uint32_t cell = 0; cell < face.cells.size(); ++cell) {
        if (face.cells.zone[cell] == zone) zone_cells_.push_back(cell);
    }
    if (zone_cells_.empty()) return;
    spread(middle_cell(face.cells, zone_cells_));
    keep_near_zone();
    index();
}

/// Dijkstra from the centre; a settled cell's place and frame are the mean of what its settled neighbours say, which
/// keeps the noise of single steps from adding up (the paper's upwind averaging).
void ZoneChart::spread(uint32_t centre) {
    const face::SurfaceCells& cells = face_.cells;
    std::vector<Carried> carried(cells.size());
    std::vector<double> distance(cells.size(), 1e9);
    using Entry = std::pair<double, uint32_t>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> front;
    distance[centre] = 0;
    front.push({0, centre});
    size_t zone_cells_left = zone_cells_.size();

    while (!front.empty() && zone_cells_left > 0) {
        const auto [reached, cell] = front.top();
        front.pop();
        if (slot_[cell] != face::kNoCell) continue;

        Carried mean;
        double weight = 0;
        for (uint32_t k = cells.neighbour_begin[cell]; k < cells.neighbour_begin[cell + 1]; ++k) {
            const uint32_t from = cells.neighbours[k];
            if (slot_[from] == face::kNoCell) continue;
            const Carried guess = carried_over(cells, from, cell, carried[from]);
            const double w = 1 / (1e-5 + glm::length(cells.seed[from] - cells.seed[cell]));
            mean.place += w * guess.place, mean.first += w * guess.first, weight += w;
        }
        glm::dvec3 along, across;
        face::FaceAsset::tangent_frame(cells.normal[cell], along, across);
        if (weight > 0) {
            const glm::dvec3 n = cells.normal[cell];
            carried[cell] = {mean.place / weight, unit_or(mean.first - n * glm::dot(n, mean.first), along)};
        } else {
            carried[cell] = {glm::dvec2(0), along};
        }
        slot_[cell] = static_cast<uint32_t>(charted_.size());
        charted_.push_back(cell);
        place_.push_back(carried[cell].place);
        if (cells.zone[cell] == zone_) --zone_cells_left;

        for (uint32_t k = cells.neighbour_begin[cell]; k < cells.neighbour_begin[cell + 1]; ++k) {
            const uint32_t next = cells.neighbours[k];
            const double there = reached + glm::length(cells.seed[next] - cells.seed[cell]);
            if (slot_[next] == face::kNoCell && there < distance[next]) {
                distance[next] = there;
                front.push({there, next});
            }
        }
    }
    std::erase_if(zone_cells_, [&](uint32_t cell) { return slot_[cell] == face::kNoCell; });
}

/// Forgets charted cells far from the zone: a fold of the skin beyond it must not lie over it.
void ZoneChart::keep_near_zone() {
    const face::SurfaceCells& cells = face_.cells;
    std::vector<uint8_t> near(cells.size(), 0);
    std::vector<uint32_t> ring = zone_cells_;
    for (uint32_t cell : ring) near[cell] = 1;
    for (int k = 0; k < kHaloRings; ++k) {
        std::vector<uint32_t> next;
        for (uint32_t cell : ring) {
            for (uint32_t i = cells.neighbour_begin[cell]; i < cells.neighbour_begin[cell + 1]; ++i) {
                const uint32_t other = cells.neighbours[i];
                if (near[other] == 0 && slot_[other] != face::kNoCell) near[other] = 1, next.push_back(other);
            }
        }
        ring = std::move(next);
    }
    std::vector<uint32_t> kept;
    std::vector<glm::dvec2> places;
    for (size_t i = 0; i < charted_.size(); ++i) {
        const uint32_t cell = charted_[i];
        slot_[cell] = near[cell] != 0 ? static_cast<uint32_t>(kept.size()) : face::kNoCell;
        if (near[cell] != 0) kept.push_back(cell), places.push_back(place_[i]);
    }
    charted_ = std::move(kept);
    place_ = std::move(places);
}

void ZoneChart::index() {
    glm::dvec2 high = place_[0];
    grid_low_ = place_[0];
    for (glm::dvec2 q : place_) {
        grid_low_ = {std::min(grid_low_.x, q.x), std::min(grid_low_.y, q.y)};
        high = {std::max(high.x, q.x), std::max(high.y, q.y)};
    }
    grid_size_ = glm::ivec2((high - grid_low_) / kGridPitch) + 1;
    const auto square = [&](glm::dvec2 q) {
        const glm::ivec2 at = glm::ivec2((q - grid_low_) / kGridPitch);
        return static_cast<size_t>(at.y) * grid_size_.x + at.x;
    };
    grid_begin_.assign(static_cast<size_t>(grid_size_.x) * grid_size_.y + 1, 0);
    for (glm::dvec2 q : place_) ++grid_begin_[square(q) + 1];
    for (size_t i = 1; i < grid_begin_.size(); ++i) grid_begin_[i] += grid_begin_[i - 1];
    grid_slots_.resize(place_.size());
    std::vector<uint32_t> next(grid_begin_.begin(), grid_begin_.end() - 1);
    for (uint32_t i = 0; i < place_.size(); ++i) grid_slots_[next[square(place_[i])]++] = i;
}

void ZoneChart::gather(glm::dvec2 place, double radius, std::vector<uint32_t>& cells) const {
    if (place_.empty()) return;
    const glm::dvec2 low = (place - radius - grid_low_) / kGridPitch, high = (place + radius - grid_low_) / kGridPitch;
    const int x0 = static_cast<int>(std::clamp(low.x, 0.0, grid_size_.x - 1.0));
    const int y0 = static_cast<int>(std::clamp(low.y, 0.0, grid_size_.y - 1.0));
    const int x1 = static_cast<int>(std::clamp(high.x, 0.0, grid_size_.x - 1.0));
    const int y1 = static_cast<int>(std::clamp(high.y, 0.0, grid_size_.y - 1.0));
    for (int y = y0; y <= y1; ++y) {
        const size_t row = static_cast<size_t>(y) * grid_size_.x;
        for (uint32_t i = grid_begin_[row + x0]; i < grid_begin_[row + x1 + 1]; ++i) {
            const glm::dvec2 d = place_[grid_slots_[i]] - place;
            if (glm::dot(d, d) <= radius * radius) cells.push_back(charted_[grid_slots_[i]]);
        }
    }
}

std::optional<ChartPoint> ZoneChart::at(glm::dvec2 place) const {
    std::vector<uint32_t> near;
    gather(place, kFitRadius, near);
    LocalFit fit;
    ChartPoint point{};
    double nearest = kReach * kReach;
    point.cell = face::kNoCell;
    for (uint32_t cell : near) {
        const glm::dvec2 d = place_[slot_[cell]] - place;
        const double distance2 = glm::dot(d, d), t = 1 - distance2 / (kFitRadius * kFitRadius);
        fit.add(d, glm::dvec4(face_.cells.seed[cell], face_.cells.no_go_distance_um[cell] * 1e-6), t * t + 1e-6);
        if (distance2 < nearest) nearest = distance2, point.cell = cell;
    }
    if (point.cell == face::kNoCell) return std::nullopt;
    fit.solve();
    const glm::dvec4 here = fit.at(glm::dvec2(0));
    point.position = glm::dvec3(here);
    point.no_go_distance = here.w;
    point.no_go_gradient = {fit.by_x.w, fit.by_y.w};
    return point;
}

glm::dvec3 ZoneChart::normal_over(glm::dvec2 place, double radius) const {
    std::vector<uint32_t> near;
    gather(place, radius, near);
    glm::dvec3 sum{0};
    for (uint32_t cell : near) {
        const glm::dvec2 d = place_[slot_[cell]] - place;
        sum += face_.cells.normal[cell] * (1.05 - glm::dot(d, d) / (radius * radius));
    }
    return unit_or(sum, glm::dvec3(0, 0, 1));
}

}  // namespace training
