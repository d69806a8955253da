#pragma once

// A clinical zone laid flat, so that "parallel strokes at a fixed spacing" has a meaning on a curved face. The chart is
// a discrete exponential map of the surface cells (Schmidt, Grimm & Wyvill 2006, SIGGRAPH): distances from the zone's
// middle are true, and all distances are where the skin can be unrolled (cheek, neck, jaw). What strokes are planned in
// here is lifted back to the skin by a local affine fit over the cells around it.

#include "engine/face/face_asset.h"

#include <glm/vec2.hpp>

#include <optional>
#include <vector>

namespace training {

/// A place on the chart, seen on the skin.
struct ChartPoint {
    glm::dvec3 position;         ///< m, within about 0.1 mm of the skin
    uint32_t cell;               ///< nearest cell on the chart
    double no_go_distance;       ///< m, 0.0655 = that or farther
    glm::dvec2 no_go_gradient;   ///< on the chart, about unit length near no-go skin
};

class ZoneChart {
  public:
    /// Charts the zone and the skin around it to 10 mm. The face must outlive it. Cost: about 10 ms for 8,000 cells.
    ZoneChart(const face::FaceAsset& face, uint8_t zone);

    uint8_t zone() const { return zone_; }
    /// The cells of the zone that the chart reached, in rising order.
    const std::vector<uint32_t>& zone_cells() const { return zone_cells_; }
    glm::dvec2 place(uint32_t cell) const { return place_[slot_[cell]]; }

    /// None where no charted cell lies within 1.4 mm: beyond the skin, or beyond the charted rim.
    std::optional<ChartPoint> at(glm::dvec2 place) const;
    /// Outward normal averaged over charted cells within `radius` metres of the place; (0,0,1) where there are none.
    glm::dvec3 normal_over(glm::dvec2 place, double radius) const;
    /// Appends the charted cells within `radius`, in the order of the lookup grid.
    void gather(glm::dvec2 place, double radius, std::vector<uint32_t>& cells) const;

  private:
    void spread(uint32_t centre);
    void keep_near_zone();
    void index();

    const face::FaceAsset& face_;
    uint8_t zone_;
    std::vector<uint32_t> slot_;         ///< per cell of the face: index into charted_, or kNoCell
    std::vector<uint32_t> charted_;      ///< cells on the chart
    std::vector<glm::dvec2> place_;      ///< m, per charted cell
    std::vector<uint32_t> zone_cells_;
    glm::dvec2 grid_low_{0};             ///< lookup grid of 2 mm squares over place_
    glm::ivec2 grid_size_{0};
    std::vector<uint32_t> grid_begin_, grid_slots_;
};

}  // namespace training
