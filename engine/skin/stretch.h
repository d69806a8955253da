#pragma once

// How the skin is drawn along itself by fingertips that hold it and by a tip that glides on it. Fingers hold a place of
// the skin where they were put plus their pull, and slip when friction cannot hold them; a tip sticks until friction
// cannot, then drags (Coulomb, as return mapping). Both act through membrane.h, with the memory of memory.h: a skin let
// go returns in some tenths of a second.
//
// One hand, two fingertips, 1 and 2. Put as a pair (hold) each comes back with the skin when it slips; put one by one
// (place) each is where the hand took it, so it slides over the skin by what friction cannot hold.

#include "engine/skin/creep.h"
#include "engine/skin/membrane.h"

#include <glm/geometric.hpp>

#include <array>
#include <functional>
#include <optional>
#include <vector>

namespace skin {

/// Where two fingertips hold the skin taut.
struct Hold {
    glm::dvec3 place{0};  ///< m, middle between them, near the skin
    glm::dvec3 pull{0};   ///< direction in which they draw it apart; its length is the way of each, m
};

/// A fingertip that holds.
struct Fingertip {
    int finger = 1;                        ///< 1 or 2
    glm::dvec3 place{0}, normal{0, 0, 1};  ///< m, of the rest skin that it holds; unit
    glm::dvec3 pull{0};                    ///< m, along the skin, from there to where its pad is
    double slid = 0;                       ///< m over the skin since it was put there
};

/// A gliding tip at the end of a step.
struct Gliding {
    glm::dvec3 place{0}, normal{0, 0, 1};  ///< m, on the rest skin under its middle; unit
    double radius = 5e-3;                  ///< m
    double force = 0;                      ///< N, normal; 0 = lifted
    double friction = 0;                   ///< Coulomb's coefficient
    face::TissueAt tissue{};
};

/// How the skin round a place is drawn.
struct Drawn {
    glm::dvec3 shift{0};  ///< m, of the skin under the middle
    glm::dvec3 along{1, 0, 0}, across{0, 1, 0};  ///< unit tangents
    glm::dvec3 by_along{0}, by_across{0};        ///< how the shift grows along them
    /// Greatest strain by the fingers. Skin that is squeezed one way widens the other way and is not taut: by fingers put one
    /// by one it is less where the area grows by under a quarter of that strain, 0 where it shrinks (Grip::growth).
    double stretch = 0;

    /// m at `apart` (m) from the middle.
    glm::dvec3 at(glm::dvec3 apart) const {
        return shift + by_along * glm::dot(apart, along) + by_across * glm::dot(apart, across);
    }
};

class Stretch {
  public:
    /// Both must outlive it.
    Stretch(const face::FaceAsset& face, const SkinModel& skin);

    /// Puts two fingertips on the skin, `kApart` on either side of the place, or fewer where there is no skin.
    void hold(const Hold& hold);
    void release();
    /// Puts fingertip 1 or 2 on the skin at a place (m) and takes it on by `way` (m), or takes on the one that was put at
    /// that place. Nothing is held where there is no skin.
    void place(int finger, glm::dvec3 at, glm::dvec3 way);
    void lift(int finger);
    bool held() const;
    std::vector<Fingertip> fingertips() const;

    /// `seconds` pass, in which the tip's middle went by `way` (m) along the skin.
    void pass(double seconds, const Gliding& tip, glm::dvec3 way);

    /// What lies at `at` on the rest skin has moved by this much along the skin, m.
    glm::dvec3 displacement(glm::dvec3 at) const;
    /// Round a place with this normal. The sheet under a gliding tip moves as one, so only fingers make it uneven.
    Drawn drawn(glm::dvec3 at, glm::dvec3 normal) const;
    /// m that the tip slid over the skin in the last step; the rest of its way the skin went along.
    glm::dvec3 slid() const { return slid_; }

    /// Loads that make up the present state, for the picture.
    std::vector<Grip> grips() const;
    /// Nothing is drawn anywhere.
    bool empty() const { return fingers_.empty() && !drag_; }
    size_t heap_bytes() const { return base::heap_bytes(fingers_) + creep_.heap_bytes(); }

    static constexpr double kApart = 22e-3;      ///< m from the middle to each fingertip (A)
    static constexpr double kUsualPull = 4e-3;   ///< m of each fingertip where a hold tells only a direction (A)
    static constexpr double kFingerRadius = 8e-3;  ///< m (A)

  private:
    struct Source {
        Grip grip;
        glm::dvec3 pull{0};   ///< m: where it holds the skin
        glm::dvec3 force{0};  ///< N, now
        std::array<glm::dvec3, CreepStep::kMostTerms> late{};
        double self = 0;      ///< m/N, mean over directions
        std::array<glm::dvec3, 3> by_other{};  ///< m/N: what the other finger's load along x, y, z does here
        std::array<glm::dvec3, 3> by_own{};    ///< and what its own does
        glm::dvec3 coupled_at{0};              ///< m: where the two were found
        bool holds = true;
        int finger = 0;                ///< 1, 2; 0 = a tip
        glm::dvec3 told{0}, way{0};    ///< m: where the hand put it, and how far it took it on
        double slid = 0;               ///< m
        bool slides = false;           ///< over the skin where friction cannot hold it, else it comes back with the skin
    };
    std::optional<Source> finger_at(int finger, glm::dvec3 place, glm::dvec3 pull) const;
    void grasp(Source& finger, const mesh::SurfaceHit& hit) const;
    Source* holding(int finger);
    void let_go(const std::function<bool(const Source&)>& which);
    void couple();
    glm::dvec3 answer(const Source& finger) const;
    bool slip(Source& finger, glm::dvec3 there) const;
    void pass_memory(Source& source) const;
    void keep(Source& source) const;
    glm::dvec3 remembered(const Source& source) const;
    void load(Source& source, glm::dvec3 wanted, double most_force) const;
    glm::dvec3 shift_of_others(const Source& finger) const;
    glm::dvec3 finger_tangent(glm::dvec3 normal) const;
    void pull_fingers();
    void drag(const Gliding& tip, glm::dvec3 way);
    void forget();

    const face::FaceAsset& face_;
    const SkinModel& skin_;
    std::vector<Source> fingers_;  ///< those let go that the skin remembers, then those that hold
    std::optional<Source> drag_;
    CreepStep creep_;
    glm::dvec3 slid_{0};
};

}  // namespace skin
