#pragma once

// Skin conditions that any patient can carry: what a mole, a scar or a cold sore is (content/conditions/*.toml), where a
// patient or a case wants one ([[condition]] tables), and how the two become lesions, details and no-go cells of a face.
//
//   [[condition]]
//   kind = "mole"            # a file of content/conditions
//   zone = "cheek_left"      # scattered over this zone ...
//   at = [12, -5]            # ... or exactly here: mm from the zone's middle along the skin, to the patient's left and up
//   beside = "vermilion"     # scattered only along the border with that zone
//   count = 3                # of items: moles, scars, lines; else by severity
//   size = 5                 # mm, of each item; else by severity
//   severity = 0.5           # 0 mild .. 1 severe: number, size, relief and colour, unless given
//   seed = 7                 # another seed, another scatter
//
// Only the lesions and the zone "lesion" enter the score; the details are for the picture. Relief is drawn, the mesh keeps
// its shape: needles meet the skin as if a mole or a keloid were flat, which is of no consequence where they may not go.

#include "engine/base/files.h"
#include "engine/face/face_asset.h"

#include <glm/vec2.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace face {

/// From the mildest to the severest case; what an item gets lies between by severity, with some scatter.
struct Span {
    double mild = 0, severe = 0;

    double at(double severity) const { return mild + (severe - mild) * severity; }
};

/// How a kind lies on the skin.
enum class Layout : uint8_t {
    spots,    ///< items apart from each other, each made of its marks: moles, scars, patches
    lines,    ///< items are lines along the skin that keep their distance: wrinkles
    vessels,  ///< items are tangles of fine winding lines: telangiectasia
    field,    ///< one mark per place, evenly over the zone: pores
};

/// One stroke of the brush: a disc, or a line of `length`. Sizes are shares of the item's size.
struct Mark {
    Span count{1, 1};        ///< per item
    double spread = 0;       ///< how far from the item's middle: 0 there, 1 anywhere in its disc
    Span size{1, 1};         ///< diameter, or width of a line, over the item's size; lines, vessels, field: m
    Span length{0, 0};       ///< over the item's size; 0 = disc
    Span height{0, 0};       ///< m
    Span melanin, haemoglobin, gloss;
    double steepness = 0, irregularity = 0;
};

/// Which way lines run on a kind of zone.
struct Site {
    std::string zone;         ///< kind of zone
    enum class Run : uint8_t { level, upright, tension, away } run = Run::level;
    std::string away_from;    ///< zone kind, for Run::away: lines fan out from it
    std::string beside;       ///< zone kind: only along the border with it; empty = everywhere
    double length = 1;        ///< of the lines, as a share of the kind's size
    std::optional<double> apart;  ///< m between the lines; else the kind's
};

struct ConditionKind {
    std::string id, name;
    std::string advice;      ///< one sentence for the student: what to do about it
    std::string tag;         ///< certainty of its sizes: F1, F2, K, D or A
    std::string action;      ///< proceed, caution, avoid, defer, refer or refuse (clinical.md 6)
    bool no_go = false;
    double margin = 0;       ///< m kept clear round each item
    Layout layout = Layout::spots;
    bool uneven = false;     ///< sizes by lot over the whole span, most of them near its mild end
    Span size;               ///< m: diameter of an item, length of a line, distance between marks of a field
    Span count{1, 1};        ///< items where none are asked for; lines, vessels: per zone
    double apart = 0;        ///< m of bare skin between items
    bool turned = true;      ///< each item in a direction of its own; false: along the skin's tension line
    std::vector<Mark> marks;
    std::vector<Site> sites;  ///< layout lines; other kinds of zone are refused
};

/// What a [[condition]] table asks for. Lengths in metres; the `_at` texts are "file:line:column" for messages.
struct Condition {
    std::string kind, zone, beside;
    std::optional<glm::dvec2> at;
    std::optional<uint32_t> count;
    std::optional<double> size;
    double severity = 0.5;
    uint64_t seed = 1;
    std::string kind_at, zone_at, beside_at, place_at, size_at;
};

/// All of content/conditions, sorted by id. With `problems`, a file that cannot be read is told there and the rest is given.
base::Result<std::vector<ConditionKind>> load_condition_kinds(const base::Places& places, std::vector<base::Error>* problems = nullptr);

/// Puts the conditions on a face: adds lesions, details and cell_lesion, and gives the cells and triangles of no-go
/// lesions, margin included, the zone "lesion" (added where it is missing), with neighbourhoods, areas and distances to
/// no-go skin to match. The asset needs normals, the cells' grid and its index; finish() comes after. On an error the
/// asset is half changed and must be thrown away. Refuses unknown kinds and zones (with those that there are), a place
/// outside its zone, more items than there is room for, and conditions that leave nothing of a zone. Deterministic; under
/// 100 ms for a whole set.
base::Status apply_conditions(FaceAsset& asset, std::span<const Condition> conditions,
                              std::span<const ConditionKind> kinds);

}  // namespace face
