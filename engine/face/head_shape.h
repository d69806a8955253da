#pragma once

// The skin of the generated head as a function of two angles, in the canonical frame (mm, symmetric, before a
// patient's measures warp it): a ray from a curved spine meets the smooth union of a few solids; feature
// curves (lips, closed lids, nostrils, alar crease, ears) then displace it. Any mesh of the head is a
// sampling of this function.

#include "engine/face/head_form.h"
#include "engine/face/head_numbers.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <span>
#include <vector>

namespace face {

/// Rays in degrees: azimuth 0 = front, 90 = the patient's left; elevation from the neck's end to the vertex.
inline constexpr double kLowestElevation = -88, kHighestElevation = 90;

/// mm: the neck's radius, about; turns azimuth into length along the skin there.
inline constexpr double kNeckUnroll = 46;

/// One place on the skin and what lies there. Masks are in [0, 1].
struct HeadPoint {
    glm::dvec3 base{0};    ///< on the solids
    glm::dvec3 place{0};   ///< with features
    glm::dvec3 normal{0};  ///< of the solids, unit
    double lip = 0, lip_line = 0, white_roll = 0, lash_line = 0, lid_crease = 0, nostril = 0, alar_crease = 0,
           ear = 0, brow = 0;
    double hollow = 0;   ///< how deep in the shell of the ear
    double spacing = 1;  ///< edge length that the features here deserve, mm
};

/// A flat curve lifted onto the front of the head.
struct LiftedCurve {
    std::vector<glm::dvec2> flat;
    std::vector<glm::dvec3> line;
    glm::dvec3 low{0}, high{0};
};

/// A primitive's distance is no less than (|p - middle| - far) / stretch anywhere outside the sphere `far`.
struct PrimitiveSpan {
    glm::dvec3 middle;
    double far, stretch;

    /// Whether its distance exceeds `limit` for certain.
    bool beyond(glm::dvec3 p, double limit) const;
};

class HeadShape {
  public:
    explicit HeadShape(const HeadNumbers& numbers, const HeadForm& form = {});

    HeadPoint at(double azimuth_deg, double elevation_deg) const;
    /// The same but for rounding where the skin on this ray lies some millimetres from `base` at most, in a fraction of the
    /// time.
    HeadPoint at(double azimuth_deg, double elevation_deg, glm::dvec3 base) const;
    /// Of these `base`, `lip`, `nostril` and `ear` alone.
    HeadPoint masks_at(double azimuth_deg, double elevation_deg, glm::dvec3 base) const;
    /// The point that front view shows at (x, y).
    HeadPoint at_front(double x, double y) const;
    /// The angles of the ray whose skin lies nearest to `p`.
    glm::dvec2 angles_near(glm::dvec3 p) const;
    /// On the solids alone.
    glm::dvec3 base_at(double azimuth_deg, double elevation_deg) const;

    const HeadForm& form() const { return form_; }
    /// Edges of this head's brow as y(x) in front view, x >= 0.
    const std::vector<glm::dvec2>& brow_top() const { return brow_top_; }
    const std::vector<glm::dvec2>& brow_bottom() const { return brow_bottom_; }

    /// Signed distance to the solids, about true near them.
    double distance(glm::dvec3 p) const;
    glm::dvec3 normal(glm::dvec3 p) const;
    /// Share of the sky that the solids leave open above a point, from distances along its normal; [0, 1].
    double openness(glm::dvec3 p, glm::dvec3 normal) const;

    struct Ray {
        glm::dvec3 origin, direction;
    };
    static Ray ray(double azimuth_deg, double elevation_deg);

  private:
    struct Side {
        double distance;  ///< mm, > 0 above the curve
        double share;
    };

    glm::dvec3 walked_in(const Ray& ray, double from) const;
    glm::dvec3 base_near(double azimuth_deg, double elevation_deg, glm::dvec3 base) const;
    HeadPoint with_features(glm::dvec3 base) const;
    LiftedCurve lift(std::span<const glm::dvec2> flat) const;
    double front_depth(double x, double y) const;
    static Side side_of(const LiftedCurve& curve, glm::dvec3 p);
    static bool near(const LiftedCurve& curve, glm::dvec3 p, double margin);

    double lips(glm::dvec3 p, HeadPoint& point) const;
    double lids(glm::dvec3 p, HeadPoint& point) const;
    double nose(glm::dvec3 p, HeadPoint& point) const;
    double folds(glm::dvec3 p, HeadPoint& point) const;
    double neck(glm::dvec3 p, HeadPoint& point) const;
    double brow(glm::dvec3 p) const;
    glm::dvec3 formed(glm::dvec3 p) const;
    double ageing(glm::dvec3 p) const;
    glm::dvec3 nostril_push(glm::dvec3 p, double side, HeadPoint& point) const;
    glm::dvec2 beside_ear(glm::dvec3 p) const;
    double inside_ear(glm::dvec3 p) const;
    glm::dvec3 ear_push(glm::dvec3 p, double side, HeadPoint& point) const;
    double ear_relief(glm::dvec2 at, double inside, HeadPoint& point) const;

    HeadForm form_;
    std::vector<Primitive> primitives_;
    std::vector<PrimitiveSpan> spans_;  ///< of each
    LiftedCurve fissure_, vermilion_upper_, vermilion_lower_, lash_, crease_, alar_, nasolabial_, marionette_,
        trough_;
    glm::dvec3 nostril_front_, nostril_back_;
    std::vector<glm::dvec2> ear_outline_, helix_, scapha_, antihelix_, lower_crus_, helix_crus_, concha_,
        neck_muscle_, brow_top_, brow_bottom_;
};

/// Where each landmark lies on the skin of `shape`: the place nearest to the drawn one, in the order of
/// numbers.landmarks.
std::vector<glm::dvec3> landmarks_on(const HeadShape& shape, const HeadNumbers& numbers);

}  // namespace face
