#pragma once

// The hand that holds the skin taut with two fingertips, 1 and 2, while the other leads the pen: what the
// trainee does with pointer and keys becomes the procedure events finger_place and finger_lift. It works on
// the session's thread, a step at a time, and holds nothing itself: what slips or slides off is the skin's to
// say (skin::Fingertip).

#include "engine/face/face_asset.h"
#include "engine/skin/stretch.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace app {

class FingerHand {
  public:
    explicit FingerHand(const face::FaceAsset& face) : face_(face) {}

    /// The pointer takes a fingertip to where it is on the skin: at first the one whose pad is there, else a
    /// free one puts itself there, else the one that was put down longest ago. `up` is the picture's: the
    /// hand is below.
    void lead(glm::dvec3 place, glm::dvec3 up);
    /// The pointer lets go of the fingertip, which stays and holds. One that was only clicked on is lifted.
    void leave();
    /// Both on either side of a place, and draws them apart along a unit direction as the skin lies. Fewer
    /// where there is no skin.
    void hold(glm::dvec3 middle, glm::dvec3 towards, glm::dvec3 up);
    void lift();
    /// Draws by so much (m) more or less.
    void pull_more(double by);
    /// Turns the way in which the skin is drawn by an angle (rad) about the skin's normal: a pair round its
    /// middle.
    void turn(double by);
    /// Fingers that go with the pen by themselves until the trainee uses them. `tip`: middle of the pen's rim
    /// on skin that can be held, or nothing; `pressed`: the pen is down.
    void follow(std::optional<glm::dvec3> tip, bool pressed, glm::dvec3 towards, glm::dvec3 up);

    /// `seconds` pass: moves on, and hands over the events that tell of it, name and value.
    struct Told {
        const char* name;
        std::string value;
    };
    std::vector<Told> step(double seconds);
    /// What the skin says is held. One that it does not know a while after it was told of has slid off.
    void see(std::span<const skin::Fingertip> held);

    bool holds() const { return fingers_[0] || fingers_[1]; }
    /// Unit, from the hand to fingertip 1 and 2; as they were put.
    std::array<glm::dvec3, 2> pointing() const;

    static constexpr double kPull =
        2.2e-3;  ///< m, of each fingertip put by hold(): stretches a cheek by about 12 % (D)

  private:
    struct Finger {
        glm::dvec3 place{0};                 ///< m, where it was put
        glm::dvec3 way{0}, wished{0};        ///< m from there: where it is, and where it is going
        std::optional<glm::dvec3> told;      ///< the way last told of
        glm::dvec3 pad{0}, normal{0, 0, 1};  ///< where the skin says it is
        glm::dvec3 pointing{0, 1, 0};
        uint64_t put = 0;  ///< counts
        int unseen = 0;    ///< times
    };
    struct Lead {
        size_t finger;
        glm::dvec3 from, wished_then;
        bool took_up = false, moved = false;
    };
    void put(size_t finger, glm::dvec3 place, glm::dvec3 wished, glm::dvec3 up);
    void lift(size_t finger);
    Lead begin(glm::dvec3 place, glm::dvec3 up);
    glm::dvec3 direction_of(size_t finger) const;

    const face::FaceAsset& face_;
    std::array<std::optional<Finger>, 2> fingers_;
    std::array<bool, 2> to_lift_{};  ///< told of as held, and no longer
    std::optional<Lead> lead_;
    bool lost_ = false;                   ///< the finger that the pointer led slid off
    std::optional<glm::dvec3> followed_;  ///< m, middle of the fingers that go by themselves
    uint64_t puts_ = 0;
};

}  // namespace app
