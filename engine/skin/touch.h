#pragma once

// The tip at one instant: where its face lies against the skin as the past left it, what it presses, and how far each
// pin's place is from the deformed skin. Nothing has mass: only what memory.h keeps depends on time.

#include "engine/skin/opening.h"
#include "engine/skin/pen_path.h"
#include "engine/skin/simulation.h"

#include <optional>
#include <vector>

namespace skin {

/// What needles need of one instant.
struct Touch {
    bool touching = false;
    bool near = false;           ///< skin within reach of the pen's axis: normal is known
    double force = 0;            ///< N along the axis
    double seat = 0;             ///< share of the tip's points that press, 0..1; of a drum those along its lowest line
    double bearing_area = 0;     ///< m² of the tip's face that presses
    double approach = 0;         ///< m the tip went along its axis beyond the sample's place
    glm::dvec3 normal{0, 0, 1};  ///< of the rest skin, smoothed over the tip
    glm::dvec3 middle{0};        ///< m, rest skin under the tip's middle before anything drew it aside
    Drawn drawn;                 ///< the skin round it
    std::vector<double>
        clearance;  ///< m per place of entry_places(), from the rim's plane to the deformed skin along the axis; negative where
                    ///< skin bulges into the opening; kNoSkin where there is none
};

/// Where pins go in, m in the tip's plane: every pin of a plate; of a drum the lowest point of each row.
std::vector<glm::dvec2> entry_places(const DeviceProfile& device);

class TipOnSkin {
  public:
    /// All three must outlive it.
    TipOnSkin(const face::FaceAsset& face, const DeviceProfile& device, const SkinModel& skin);

    /// `seconds` since the last one. Fills `touch`, and `contact` but for its speed.
    void update(const PenState& pen, double seconds, Touch& touch, Contact& contact);

    /// First skin of the face's felt() that a line along the axis through a place of the tip's plane meets, coming from outside.
    /// SurfaceHit::distance is the gap: from the tip's plane, negative where the plane is below the rest
    /// skin, which is taken as smooth.
    std::optional<mesh::SurfaceHit> cast(const TipFrame& frame, glm::dvec2 place) const;

    /// m of the present contact at a place on the rest skin.
    double dent_at(glm::dvec3 place) const;

    std::span<const size_t> pressing() const { return solver_.pressing(); }
    /// See ContactSolver.
    void shed() {
        solver_.shed();
        sheet_.shed();
    }
    void make_again() { solver_.make_again(); }
    size_t heap_bytes() const;

  private:
    struct PinShare {
        size_t point;
        double weight;
    };

    void find_gaps(const TipFrame& frame);
    void span_opening();
    void choose_anchor(const TipFrame& frame, Contact& contact, Touch& touch);
    void smooth_normal(Touch& touch) const;
    face::TissueAt tissue_under(const mesh::SurfacePoint& anchor) const;
    void sink(const face::TissueAt& tissue);
    void lay_sheet(const face::TissueAt& tissue);
    size_t rim_points() const { return gap_.size() - sheet_.patches().size(); }
    double strain(const ContactSolver::Answer& answer, const face::TissueAt& tissue) const;
    const ContactSolver::Answer& solve(const PenState& pen, const face::TissueAt& tissue, double secant);
    const ContactSolver::Answer& solve(const PenState& pen, const face::TissueAt& tissue);
    double past_displacement(glm::dvec3 place) const;
    void press(const PenState& pen, Touch& touch, Contact& contact);
    void lift(Touch& touch, Contact& contact);
    void clear_pins(const TipFrame& frame, const PenState& pen, Touch& touch) const;
    double clearance_over_face(size_t pin) const;

    const face::FaceAsset& face_;
    const DeviceProfile& device_;
    const SkinModel& skin_;
    Sheet sheet_;
    size_t inner_ring_ = 0;  ///< points of the rim nearest to its opening: the first
    ContactSolver solver_;
    Memory memory_;
    std::vector<double> past_size_;      ///< m, of its discs
    bool layered_ = false;               ///< the solver's layer is that under the tip, or where it last was
    double stiffness_ = 0;               ///< Pa, small strain, there
    double secant_ = 1, secant_before_ = 1;  ///< stiffening of the last answer and of the step before
    std::vector<glm::dvec2> entries_;                ///< entry_places()
    std::vector<std::vector<PinShare>> pin_shares_;  ///< per entry of a closed face: points around it
    std::vector<double> rise_;                       ///< m per point that a drum's face stands back; 0 on a flat tip
    std::vector<char> seats_;                        ///< per point: it tells whether the tip is seated
    bool answered_ = false;                          ///< the solver's answer is of the present contact
    std::vector<double> depth_;                      ///< per point, m from the tip's plane to the skin
    std::vector<double> gap_;                        ///< the same; over an opening to the surface that its rim gives
    std::vector<double> sunk_;                       ///< per point, m by the past and by what a drum stands back
    std::vector<PressurePoint> bearing_;             ///< those of the present contact
    std::vector<size_t> bearing_points_;             ///< and which of the tip's points they are
    std::vector<std::optional<mesh::SurfaceHit>> hit_;
};

/// Angle in radians between a pen's axis and the inward normal.
double tilt_between(glm::dvec3 axis, glm::dvec3 normal);

}  // namespace skin
