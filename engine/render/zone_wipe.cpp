#include "engine/render/zone_wipe.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

namespace render {

namespace {

constexpr double kWidth = 20e-3, kRow = 17e-3;  // m of a pad, and from row to row
constexpr double kStep = 4e-3;                  // m between points of a path
constexpr double kBand = 1.5e-3;                // m beside a row's middle in which its path may lie
constexpr double kGap = 12e-3;                  // m without skin of the zone that a pad does not cross
constexpr double kOver = 6e-3;                  // m that it goes on beyond the last cell

struct Laid {
    double along, across, height;
    glm::dvec3 place;
};

/// The zone's cells, flat as seen from straight before it.
std::vector<Laid> laid_flat(const face::FaceAsset& face, uint8_t zone) {
    glm::dvec3 normal(0), along, across;
    for (size_t cell = 0; cell < face.cells.size(); ++cell)
        if (face.cells.zone[cell] == zone) normal += face.cells.normal[cell];
    const double length = glm::length(normal);
    normal = length > 1e-6 ? normal / length : glm::dvec3(0, 0, 1);
    face::FaceAsset::tangent_frame(normal, along, across);
    std::vector<Laid> laid;
    for (size_t cell = 0; cell < face.cells.size(); ++cell) {
        if (face.cells.zone[cell] != zone) continue;
        const glm::dvec3 place = face.cells.seed[cell];
        laid.push_back({glm::dot(place, along), glm::dot(place, across), glm::dot(place, normal), place});
    }
    return laid;
}

/// Of each step along the row, up the one side of the zone and down the other, the cell nearest to the row's
/// middle.
std::vector<const Laid*> along_row(std::span<const Laid* const> cells, double middle) {
    if (cells.empty()) return {};
    const auto step_of = [](double m) { return int(std::floor(m / kStep)); };
    const int top = step_of((*std::ranges::max_element(cells, {}, &Laid::height))->along);
    std::map<std::pair<int, int>, const Laid*> steps;
    for (const Laid* cell : cells) {
        const int step = step_of(cell->along), up = step_of(cell->height);
        const Laid*& best = steps[{step, step < top ? up : -up}];
        if (!best || std::abs(cell->across - middle) < std::abs(best->across - middle)) best = cell;
    }
    std::vector<const Laid*> path;
    for (const auto& [step, cell] : steps) path.push_back(cell);
    return path;
}

/// Drawn on beyond its ends by the way of its last step: a pad's ends fade.
void lengthen(std::vector<glm::dvec3>& path) {
    const auto beyond = [](glm::dvec3 from, glm::dvec3 to) { return to + glm::normalize(to - from) * kOver; };
    const glm::dvec3 first = beyond(path[1], path[0]), last = beyond(path[path.size() - 2], path.back());
    path.insert(path.begin(), first);
    path.push_back(last);
}

void add_stroke(std::vector<glm::dvec3> path, bool back, double time, std::vector<WipeStroke>& strokes) {
    if (path.size() < 2) return;
    lengthen(path);
    if (back) std::ranges::reverse(path);
    strokes.push_back({std::move(path), kWidth, time});
}

}  // namespace

std::vector<WipeStroke> wipe_zone(const face::FaceAsset& face, uint8_t zone, double time) {
    const std::vector<Laid> cells = laid_flat(face, zone);
    std::vector<WipeStroke> strokes;
    if (cells.empty()) return strokes;
    const auto [low, high] = std::ranges::minmax(cells, {}, &Laid::across);
    const int rows = std::max(1, int(std::ceil((high.across - low.across) / kRow)));
    const double height = (high.across - low.across) / rows;
    for (int row = 0; row < rows; ++row) {
        const double middle = low.across + (row + 0.5) * height;
        std::vector<const Laid*> within;
        for (const Laid& cell : cells)
            if (std::abs(cell.across - middle) <= kBand) within.push_back(&cell);
        std::vector<glm::dvec3> places;
        for (const Laid* cell : along_row(within, middle)) {
            if (!places.empty() && glm::distance(places.back(), cell->place) > kGap) {
                add_stroke(std::move(places), row % 2 == 1, time, strokes);
                places.clear();
            }
            places.push_back(cell->place);
        }
        add_stroke(std::move(places), row % 2 == 1, time, strokes);
    }
    return strokes;
}

}  // namespace render
