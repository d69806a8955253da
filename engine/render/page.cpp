#include "engine/render/page.h"

#include <glm/common.hpp>

#include <algorithm>

namespace render {

namespace {

constexpr double kFastest = 1.5;  // windows a second: across a page of three in less than two seconds

/// Of the way to the side, 0 outside the band and 1 at the side.
double nearness(double distance, double edge) {
    return std::clamp(1 - distance / edge, 0.0, 1.0);
}

}  // namespace

void Page::keep_within() {
    exact_ = glm::clamp(exact_, glm::dvec2(0), size_ - window_);
    at_ = glm::round(exact_);
}

void Page::fit(glm::dvec2 window, glm::dvec2 room) {
    window_ = glm::max(window, glm::dvec2(1));
    size_ = glm::max(window_, glm::ceil(room));
    keep_within();
}

void Page::push(glm::dvec2 pointer, double edge, double seconds) {
    for (int axis = 0; axis < 2; ++axis)
        if (pointer[axis] < 0 || pointer[axis] >= window_[axis]) return;
    for (int axis = 0; axis < 2; ++axis) {
        const double onward = nearness(window_[axis] - 1 - pointer[axis], edge) - nearness(pointer[axis], edge);
        exact_[axis] += onward * kFastest * window_[axis] * seconds;
    }
    keep_within();
}

void Page::turn(glm::dvec2 shares) {
    exact_ += shares * window_;
    keep_within();
}

void Page::show(const Region& region, double margin) {
    for (int axis = 0; axis < 2; ++axis) {
        const double from = region.from[axis] - margin, to = region.to[axis] + margin;
        if (to > exact_[axis] + window_[axis]) exact_[axis] = to - window_[axis];
        if (from < exact_[axis]) exact_[axis] = from;
    }
    keep_within();
}

void Page::begin(bool middle) {
    exact_ = middle ? (size_ - window_) * 0.5 : glm::dvec2(0);
    keep_within();
}

}  // namespace render
