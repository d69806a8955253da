#pragma once

// All that the renderer is told about one picture. Plain data; whoever fills it owns what it points to.

#include "engine/face/face_asset.h"
#include "engine/skin/layer_kernel.h"
#include "engine/skin/simulation.h"
#include "shaders/shared/healed.h"

#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace render {

enum class Overlay : uint8_t { none, coverage, evenness, depth, pressure };
const char* overlay_name(Overlay overlay);
std::optional<Overlay> parse_overlay(std::string_view name);

enum class Tier : uint8_t { cpu, low, high };
std::optional<Tier> parse_tier(std::string_view name);

/// An orbit camera: looks at `target` from `distance` along the direction given by yaw (about +Y, 0 = from
/// +Z, positive = from the patient's left) and pitch (positive = from above).
struct Camera {
    glm::dvec3 target{0, 0.01, 0.08};  ///< m
    double distance = 0.75;            ///< m
    double yaw = 0, pitch = 0;         ///< rad
    double fov = 0.45;                 ///< rad, vertical

    glm::dvec3 eye() const;
    glm::dvec3 right() const;
    glm::dvec3 up() const;
    glm::mat4 view() const;
    glm::mat4 projection(double aspect) const;  ///< Vulkan clip space, depth 0..1, near 0.02 m
    /// Unit ray direction through a point of the picture; x, y in [0, 1] from the upper left.
    glm::dvec3 ray(double x, double y, double aspect) const;
};

/// Camera for "front", "three_quarter", "left", "right", "zone:ID" or a close-up "close:cheek", "close:nose",
/// "close:lips", "close:eye", "close:ear"; nothing for a view that this face does not have.
std::optional<Camera> named_view(const face::FaceAsset& face, std::string_view name);

enum class Tool : uint8_t { pen, roller, stamp };

/// A gloved fingertip that holds the skin taut.
struct FingerView {
    glm::dvec3 place{0};         ///< m, where its pad touches
    glm::dvec3 normal{0, 0, 1};  ///< unit, out of the skin
    glm::dvec3 pointing{0, 1, 0};  ///< unit, from the hand to the fingertip
    double pull = 0;             ///< m that it has drawn the skin along
};

/// A rectangle of a picture, shares of it from the upper left.
struct Crop {
    double left = 0, top = 0, width = 1, height = 1;

    bool operator==(const Crop&) const = default;
};
/// What two have in common; width or height 0 where that is nothing.
Crop common(const Crop& a, const Crop& b);
/// `inner` of the same picture, as shares of `outer`.
Crop within(const Crop& outer, const Crop& inner);

/// A second, smaller picture within the picture: the tip from near.
struct Inset {
    Camera camera;
    double left = 0, top = 0, width = 0.25, height = 0.25;  ///< shares of the picture
};

/// A pad of gauze drawn over the skin.
struct WipeStroke {
    std::vector<glm::dvec3> path;  ///< m, on the skin at rest, as it was drawn; farther apart than the skin bends is told badly
    double width = 20e-3;          ///< m
    double time = 0;               ///< s of session time
};

/// The pen, roller or stamp as drawn.
struct PenView {
    glm::dvec3 tip{0}, axis{0, 0, -1};
    double tip_radius = 5e-3, opening_radius = 4e-3;  ///< m
    double needle_depth = 0;                          ///< m beyond the rim at this instant
    std::vector<glm::dvec2> pins;                     ///< m, on the plate
    bool motor = false;
    Tool tool = Tool::pen;
    double drum_turn = 0;                             ///< rad that a roller's drum has turned
    glm::dvec3 side{0};                               ///< along a roller's axle; 0 = any
};

/// The face after its session, instead of the fresh response: see track::HealingCourse, which makes what it refers to.
struct HealingView {
    std::span<const shared::HealedLook> looks;   ///< per surface cell
    std::span<const shared::Scratch> scratches;  ///< of the session; the same as long as the face is on stage
    uint64_t version = 1;                        ///< another for other looks
    double split = 0;  ///< share of the width left of which the face before its session is drawn; 0 = nowhere
};

/// The target band of an overlay's value, in its unit.
struct OverlayBand {
    double low, high;
};

struct SceneView {
    Camera camera;
    Overlay overlay = Overlay::none;
    std::vector<OverlayBand> bands;  ///< per zone, of the overlay; empty = that of legend_range
    Tier tier = Tier::cpu;
    std::optional<PenView> pen;
    std::vector<FingerView> fingers;
    std::optional<Inset> inset;
    std::vector<float> wet;                   ///< per zone, 0 dry to 1 a film of gel or serum; empty = dry
    /// All wipes since the evidence was cleared, in the order of time: once drawn one stays, and new ones come at the end,
    /// not later than the punctures that follow them.
    std::span<const WipeStroke> wipes;
    const skin::Contact* contact = nullptr;  ///< dents the drawn skin; may be null
    const skin::LayerKernel* kernel =
        nullptr;  ///< what the contact was solved with; without it no dent is drawn
    std::vector<uint32_t> highlighted_cells;  ///< evidence to point at (outlined), in any order
    double time = 0;                          ///< s of session time: drives redness
    std::optional<HealingView> healing;
    bool outline_zones = false;               ///< thin zone borders
    /// The zone whose border stands out while the others are quiet; 0 = all are quiet, nothing = all stand out.
    std::optional<uint8_t> outlined_zone;
    bool plain_background = false;            ///< one colour, for pictures that must stay small as files
    std::vector<uint8_t> prescribed;          ///< per zone; others are dimmed in overlays. Empty = all
    Crop part = {};      ///< of the picture that is drawn, on the whole target; all else is told of the whole picture
    bool still = false;  ///< nothing has moved for a while: one picture at full resolution, then the same again
};

/// What the ends of an overlay's legend mean, and its target band where a scene tells none for the zone.
struct LegendRange {
    double low, high;
    const char* unit;  ///< "punctures/cm²", "% of zone mean", "mm", "N"
    OverlayBand band;
};
LegendRange legend_range(Overlay overlay);
/// The same with room above these bands where they reach farther, as those of a device with more needles do.
LegendRange legend_range(Overlay overlay, const std::vector<OverlayBand>& bands);

/// Colour of an overlay's value, sRGB 0..1, v in [0, 1] over its legend: the one map shared by shader, legend and
/// report. Pale below the band, blue within it, orange above. Skin under an overlay is drawn dark, of a luminance that
/// every colour of the map exceeds 4.5:1 (WCAG 2.2).
glm::vec3 overlay_colour(Overlay overlay, float v);
/// With the band and the ends that `range` tells.
glm::vec3 overlay_colour(const LegendRange& range, float v);

}  // namespace render
