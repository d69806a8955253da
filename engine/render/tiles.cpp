#include "engine/render/tiles.h"

#include "engine/base/result.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/matrix.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace render {

Tiles::Tiles(uint32_t width, uint32_t height)
    : width_(width),
      height_(height),
      columns_((width + kSize - 1) / kSize),
      rows_((height + kSize - 1) / kSize),
      marked_(size_t{columns_} * rows_, 0) {}

void Tiles::mark_all() {
    std::ranges::fill(marked_, uint8_t{1});
}

/// Tiles under a part of clip space, and two pixels around it.
Tiles::Range Tiles::pixels(glm::vec2 low, glm::vec2 high) const {
    const auto tile = [](float x, float aside, uint32_t pixels, uint32_t tiles) {
        const float at = std::floor(((x + 1) * 0.5f * float(pixels) + aside) / kSize);
        return static_cast<int>(std::clamp(at, -1.0f, float(tiles)));
    };
    return {std::max(tile(low.x, -2, width_, columns_), 0), std::max(tile(low.y, -2, height_, rows_), 0),
            std::min(tile(high.x, 2, width_, columns_), int(columns_) - 1),
            std::min(tile(high.y, 2, height_, rows_), int(rows_) - 1)};
}

std::optional<Tiles::Range> Tiles::range(const glm::mat4& clip, glm::vec3 centre, float radius) const {
    const glm::vec4 at = clip * glm::vec4(centre, 1);
    if (at.w <= radius) return {};
    const glm::mat4 rows = glm::transpose(clip);
    // In clip space a sphere reaches its radius times the length of a row to each side; depth shrinks by at
    // most the radius.
    const float near = 1 / (at.w - radius);
    const glm::vec2 middle(at.x / at.w, at.y / at.w);
    const glm::vec2 reach =
        radius * near *
        (glm::vec2(glm::length(glm::vec3(rows[0])), glm::length(glm::vec3(rows[1]))) + glm::abs(middle));
    return pixels(middle - reach, middle + reach);
}

std::optional<Tiles::Range> Tiles::range(const glm::mat4& clip, glm::vec3 centre, glm::vec3 half) const {
    const glm::vec4 at = clip * glm::vec4(centre, 1), x = clip[0] * half.x, y = clip[1] * half.y,
                    z = clip[2] * half.z;
    if (at.w <= std::abs(x.w) + std::abs(y.w) + std::abs(z.w)) return {};
    glm::vec2 low(1e9f), high(-1e9f);
    for (int k = 0; k < 8; ++k) {
        const glm::vec4 corner = at + (k & 1 ? x : -x) + (k & 2 ? y : -y) + (k & 4 ? z : -z);
        const glm::vec2 place = glm::vec2(corner) / corner.w;
        low = glm::min(low, place);
        high = glm::max(high, place);
    }
    return pixels(low, high);
}

void Tiles::mark(const std::optional<Range>& range) {
    if (!range) return mark_all();
    for (int y = range->top; y <= range->bottom; ++y) {
        for (int x = range->left; x <= range->right; ++x) marked_[size_t(y) * columns_ + size_t(x)] = 1;
    }
}

void Tiles::mark(const glm::mat4& clip, glm::vec3 centre, float radius) {
    mark(range(clip, centre, radius));
}

void Tiles::mark(const glm::mat4& clip, glm::vec3 centre, glm::vec3 half) {
    mark(range(clip, centre, half));
}

bool Tiles::touches(const glm::mat4& clip, glm::vec3 centre, glm::vec3 half) const {
    const auto found = range(clip, centre, half);
    if (!found) return count() > 0;
    for (int y = found->top; y <= found->bottom; ++y) {
        for (int x = found->left; x <= found->right; ++x) {
            if (marked_[size_t(y) * columns_ + size_t(x)]) return true;
        }
    }
    return false;
}

void Tiles::mark(const vk::Rect2D& place) {
    const auto left = uint32_t(place.offset.x) / kSize, top = uint32_t(place.offset.y) / kSize;
    const uint32_t right = (uint32_t(place.offset.x) + place.extent.width + kSize - 1) / kSize,
                   bottom = (uint32_t(place.offset.y) + place.extent.height + kSize - 1) / kSize;
    for (uint32_t y = top; y < std::min(bottom, rows_); ++y)
        for (uint32_t x = left; x < std::min(right, columns_); ++x) marked_[size_t{y} * columns_ + x] = 1;
}

void Tiles::mark_rows(uint32_t first, uint32_t count) {
    const size_t begin = size_t{std::min(first, rows_)} * columns_,
                 end = size_t{std::min(first + count, rows_)} * columns_;
    std::fill(marked_.begin() + long(begin), marked_.begin() + long(end), uint8_t{1});
}

void Tiles::add(const Tiles& other) {
    CHECK(marked_.size() == other.marked_.size(), marked_.size(), other.marked_.size());
    for (size_t i = 0; i < marked_.size(); ++i) marked_[i] |= other.marked_[i];
}

void Tiles::keep(const Tiles& other) {
    CHECK(marked_.size() == other.marked_.size(), marked_.size(), other.marked_.size());
    for (size_t i = 0; i < marked_.size(); ++i) marked_[i] &= other.marked_[i];
}

void Tiles::remove_within(const vk::Rect2D& place) {
    const uint32_t left = (uint32_t(place.offset.x) + kSize - 1) / kSize,
                   top = (uint32_t(place.offset.y) + kSize - 1) / kSize,
                   right = (uint32_t(place.offset.x) + place.extent.width) / kSize,
                   bottom = (uint32_t(place.offset.y) + place.extent.height) / kSize;
    for (uint32_t y = top; y < std::min(bottom, rows_); ++y)
        for (uint32_t x = left; x < std::min(right, columns_); ++x) marked_[size_t{y} * columns_ + x] = 0;
}

Tiles Tiles::grown() const {
    Tiles result(width_, height_);
    for (uint32_t y = 0; y < rows_; ++y) {
        for (uint32_t x = 0; x < columns_; ++x) {
            if (!marked(x, y)) continue;
            for (uint32_t v = y - std::min(y, 1u); v <= std::min(y + 1, rows_ - 1); ++v)
                for (uint32_t u = x - std::min(x, 1u); u <= std::min(x + 1, columns_ - 1); ++u)
                    result.marked_[size_t{v} * columns_ + u] = 1;
        }
    }
    return result;
}

uint32_t Tiles::count() const {
    return static_cast<uint32_t>(std::ranges::count(marked_, uint8_t{1}));
}

std::vector<glm::vec4> Tiles::rectangles() const {
    struct Run {
        uint32_t left, right, top;
    };
    std::vector<glm::vec4> result;
    const auto close = [&](const Run& run, uint32_t bottom) {
        result.push_back(glm::vec4(float(run.left * kSize), float(run.top * kSize),
                                   float(std::min(run.right * kSize, width_)),
                                   float(std::min(bottom * kSize, height_))));
    };
    std::vector<Run> open, next;  // a run that the row below has too goes on
    for (uint32_t y = 0; y <= rows_; ++y) {
        next.clear();
        for (uint32_t x = 0; y < rows_ && x < columns_; ++x) {
            if (!marked(x, y)) continue;
            const uint32_t left = x;
            while (x < columns_ && marked(x, y)) ++x;
            const auto above = std::ranges::find_if(
                open, [&](const Run& run) { return run.left == left && run.right == x; });
            next.push_back(above != open.end() ? *above : Run{left, x, y});
        }
        for (const Run& run : open) {
            if (std::ranges::none_of(next,
                                     [&](const Run& n) { return n.left == run.left && n.top == run.top; }))
                close(run, y);
        }
        std::swap(open, next);
    }
    return result;
}

}  // namespace render
