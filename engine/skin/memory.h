#pragma once

// What skin remembers of past loads on it: the late part of its answer (creep.h), with the layer's kernel for C. The
// late loads are fixed to the skin where they arose, so a dent stays behind a tip that moves on, and fades. The newest
// force acts through the contact's own points with the share `present_share`, so an everlasting press is Hayes' at full
// softness. A past load is kept as a few discs, one per part of the tip, merged while the tip has moved less than
// a millimetre.

#include "engine/skin/creep.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <array>
#include <span>
#include <vector>

namespace skin {

/// A load spread over a disc: the dent is the sum of the kernel over these, wherever it is wanted.
struct PressurePoint {
    glm::dvec3 position;  ///< m, on the rest skin
    double force;         ///< N, >= 0
    double area;          ///< m², of the patch it stands for
};

class Memory {
  public:
    /// `places` of the tip's pressure points in the tip's plane, m.
    Memory(const SkinModel& model, std::span<const glm::dvec2> places);

    /// `seconds` pass; the load is the last one given to bear().
    void pass(double seconds);
    /// Share of a force that has just been found that belongs to the answer at the end of the step that passed.
    double present_share() const { return creep_.present_share(); }
    /// The loads at the end of the step: per point of the tip, force (N) and where it acts. Skin that bore them `stiffer` than
    /// at small strain keeps the dent, not the force: it is remembered as what would have made that dent in soft skin.
    void bear(std::span<const PressurePoint> points, std::span<const size_t> which, double stiffer = 1);

    /// Discs that make up what is left of the past, with the share that each has in the answer; without the part of the
    /// newest load that present_share tells of.
    const std::vector<PressurePoint>& discs() const { return discs_; }
    size_t heap_bytes() const { return base::heap_bytes(part_of_, loads_, discs_) + creep_.heap_bytes(); }

  private:
    static constexpr size_t kParts = 9;
    struct Disc {
        glm::dvec3 position{0};
        double area = 0;
        std::array<double, CreepStep::kMostTerms> load{};  ///< N per term
    };
    struct Load {
        glm::dvec3 centre{0};
        std::array<Disc, kParts> discs{};
    };
    void forget();
    void merge_old();
    void add(Disc& disc, const Disc& other) const;
    double weight(const Load& load) const;
    void find_discs();
    double weight(const Disc& disc) const;

    CreepStep creep_;
    std::vector<size_t> part_of_;  ///< per point of the tip
    std::vector<Load> loads_;      ///< oldest first
    std::array<Disc, kParts> last_{};  ///< the newest load: force in `load[0]`
    bool bearing_ = false;
    std::vector<PressurePoint> discs_;
};

}  // namespace skin
