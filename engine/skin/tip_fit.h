#pragma once

// A smooth field over the tip's face from few of its points: the polynomial of degree 4 that fits them best. What the past
// left under a tip varies over millimetres, so a third of the points tells all of it.

#include <glm/vec2.hpp>

#include <span>
#include <vector>

namespace skin {

class TipFit {
  public:
    /// `places` of all points, in the tip's plane (m).
    explicit TipFit(std::span<const glm::dvec2> places);

    /// Points at which the field must be known, rising.
    std::span<const size_t> nodes() const { return nodes_; }
    /// `at_nodes` as nodes(); fills `everywhere`, one per point.
    void spread(std::span<const double> at_nodes, std::span<double> everywhere) const;

  private:
    std::vector<size_t> nodes_;
    std::vector<std::vector<double>> basis_;  ///< polynomials orthonormal over the nodes, at all points
};

}  // namespace skin
