#pragma once

// What of the last picture may stay. While a trainee needles, the camera rests and almost nothing of the
// picture changes from one frame to the next: where the tool and the dent were and are, the tool's shade, and
// skin that was pricked. These parts are drawn anew at once. Whatever else moves is slow (redness that rises
// over seconds, a zone's mean that an overlay compares with), so the rest of the picture takes turns: within
// kTurns pictures each part was drawn anew. Any other change (camera, size, overlay, fingers, a wet zone, …)
// has the whole picture drawn.
//
// Decides from plain data and touches no device. Who draws keeps the picture, and what was placed in
// `Stage::drawn`.

#include "engine/render/pen_mesh.h"
#include "engine/render/skin_field.h"
#include "engine/render/stage.h"
#include "engine/render/tiles.h"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace render {

/// Balls that hold all of a tool however its parts move, in the tool's frame.
std::vector<Ball> hull_of(const PenMesh& mesh, const PenShape& shape);

/// Share of the key light, and of the room, that the pen leaves to a place: the twin of vertices.comp.
glm::vec2 light_past_pen(const shared::Frame& frame, glm::vec3 place);

/// What one picture is to show, as far as it decides what of the last one may stay.
struct Moment {
    shared::Frame frame{};  ///< of the first camera
    uint32_t width = 0, height = 0;
    bool whole = false;  ///< all of it is wanted
    bool outline_zones = false;
    std::vector<uint32_t> highlighted_cells;
    std::vector<Ball> tool;  ///< that hold it, in the head's frame; empty = none is shown
    std::vector<glm::dvec2> pins;
    FieldReach field;
    std::vector<glm::vec3> punctures;  ///< where the new ones are, m
    std::optional<vk::Rect2D> inset;   ///< the second camera's share, which is drawn anew each time
};

/// What must be drawn anew.
struct Redraw {
    bool all = true;
    Tiles tiles;               ///< of the first camera's picture, but for those that the inset hides
    std::vector<bool> blocks;  ///< whose vertices must be placed
};

class Damage {
  public:
    static constexpr uint32_t kTurns = 6;
    static constexpr uint32_t kMostPunctures = 512;  ///< more at once have the whole picture drawn
    /// m from a puncture to vertices that tell of it: an overlay's window reaches the cells beside those
    /// beside its own.
    static constexpr float kPunctureReach = 4e-3f;
    /// m beyond the rim to which it presses blood out: pressed_pale of vertices.comp.
    static constexpr float kPaleReach = 4e-3f;
    /// m from a vertex to the far end of a triangle that has it as a corner.
    static constexpr float kTriangleReach = 6e-3f;
    /// Share of the light by which the tool's shade may be off until the turn of where it falls.
    static constexpr float kShadeStep = 0.05f;

    /// The next picture is drawn whole, from vertices that are all placed anew.
    void forget() { last_.reset(); }
    /// Decides for one picture, which the caller then draws. `sights`: the first camera, then the inset's,
    /// whose vertices are all placed. Costs about 0.2 ms for a head.
    Redraw next(Moment now, const Stage& stage, std::span<const Sight> sights);

  private:
    static constexpr size_t kSamples = 7;
    using Shade = std::array<glm::vec2, kSamples>;

    bool may_stay(const Moment& now) const;
    void take_turns(const Stage& stage, const Sight& sight, const Moment& now);
    Tiles turn(const Moment& now);
    void mark_tool(const Moment& now, Tiles& tiles) const;
    std::vector<Ball> disturbed(const Moment& now) const;
    void mark_clusters(const Moment& now, const Stage& stage, const Sight& sight,
                       std::span<const Ball> disturbed, Redraw& redraw);

    std::optional<Moment> last_;
    std::vector<Shade> shades_;            ///< per cluster, as it was drawn
    std::array<uint32_t, kTurns> ends_{};  ///< row of tiles at which each turn ends
    uint32_t turn_ = 0;
};

}  // namespace render
