#pragma once

// Rubrics (content/rubrics/*.toml) and scopes of practice (content/scopes/*.toml): what good technique is, as data.
// Provisional: no validated numeric rubric for microneedling exists. Every line carries its basis (certainty tag and
// source of clinical.md).

#include "engine/base/files.h"
#include "engine/base/hash.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace skin {
struct DeviceProfile;
}

namespace training {

/// Values in the criterion's own unit, as whole thousandths, so that scoring is integer arithmetic. Points are full in
/// [target_low, target_high], fall linearly to 0 at warn_low / warn_high, and are 0 beyond.
struct Band {
    int64_t warn_low, target_low, target_high, warn_high;

    bool operator==(const Band&) const = default;
};

/// Bands of a criterion for one kind of zone or one device, in place of its own: [[criterion.override]]. Of a device they
/// replace the criterion's; of a zone kind they judge the measure taken over those zones alone (see score.h).
struct CriterionOverride {
    std::string zone;    ///< zone kind, "periorbital"; empty = it is about a device
    std::string device;  ///< device id, "roller-192", or kind, "roller"; an id goes before its kind. Empty = about zones
    Band band;
    std::optional<int64_t> critical_above, critical_below;  ///< the criterion's own where the file gives none
    std::string basis, source;
};

/// What of a line's evidence is shown: places on the skin, spans of time, or both.
enum class EvidenceKind : uint8_t { both, cells, spans };

struct Criterion {
    std::string id;       ///< "tilt"
    std::string measure;  ///< name of a measure in metrics.h
    std::string name;     ///< shown to people
    std::string unit;     ///< "deg", "N", "cm/s", "%", …
    Band band;
    std::optional<int64_t> critical_above, critical_below;  ///< thousandths; beyond = the session fails
    int32_t weight;       ///< points at full marks, whole numbers; all weights of a rubric sum to 100
    std::string basis;    ///< certainty tag, "F1", "A", …
    std::string source;   ///< where the figure comes from
    std::optional<int64_t> floor;  ///< thousandths of a per cent of the line's points: fewer fail the session
    EvidenceKind evidence = EvidenceKind::both;
    std::vector<CriterionOverride> overrides;
    std::string bands_for;  ///< device or kind whose override rubric_for() put in place of the own bands; else empty
};

/// Depth band of one zone kind, µm, tolerance not included. clinical.md 2.3 gives *set* depth; what is measured is the
/// *effective* depth of each puncture, 0.5 to 0.95 of it (clinical.md 4.3, A): the bands are wide enough that the default
/// depth of every zone, well held, stays inside (checked in the tests), and too deep is judged leniently, never strictly.
struct DepthBand {
    uint32_t low_um, high_um, warn_um, critical_um;

    bool operator==(const DepthBand&) const = default;
};

/// [general]: figures that measures and their critical rules use (clinical.md 9).
struct GeneralFigures {
    uint32_t depth_tolerance_um = 50;
    uint32_t depth_critical_punctures = 20;     ///< so many too deep in one zone are still forgiven
    uint32_t depth_warn_share_e4 = 1000;        ///< of a zone's punctures beyond its warning depth
    uint32_t tilt_critical_cdeg = 2500;
    uint32_t tilt_critical_share_e4 = 2000;     ///< of all punctures
    uint32_t force_bone_low_mn, force_bone_high_mn, force_soft_low_mn, force_soft_high_mn;
    uint32_t force_held_mn = 3000;              ///< critical when held for force_held_ms without a break
    uint32_t force_held_ms = 500;
    uint32_t force_peak_mn = 6000;              ///< critical at any time
    uint32_t stretch_low_permille = 50, stretch_high_permille = 150;  ///< of skin held taut, as the live panel shows it
    uint32_t speed_critical_um_s = 50'000;
    uint32_t speed_critical_share_e4 = 1000;    ///< of the contact path
    uint32_t density_low_per_cm2, density_high_per_cm2;  ///< for the reference device (12 pins x 100 Hz)
    uint32_t density_critical_per_cm2 = 8000;   ///< on any 1 cm², for the reference device
    uint32_t coverage_floor_per_cm2;            ///< for the reference device
    /// Cones of half a millimetre are counted by passes (clinical.md 9).
    uint32_t nano_passes_low = 5, nano_passes_high = 10;
    uint32_t gini_critical_e4 = 3300;
    uint32_t direction_share_e4 = 2000;         ///< least share that makes a direction
    uint32_t single_direction_area_e4 = 5000;   ///< critical when more of the area was worked in one direction only
    uint32_t no_go_margin_um = 2000;
    uint32_t dry_critical_share_e4 = 5000;      ///< of working contact without glide medium, where preparation is assessed
    uint32_t drag_force_mn = 2000, drag_speed_um_s = 50'000;  ///< both exceeded: the needles drag
    uint32_t retracked_times = 4;               ///< a line gone over again so often after the first time counts
    uint32_t same_line_um = 500;
    uint32_t scratch_pins_e3 = 1000;            ///< a needle drawn through the skin by more thousandths of its diameter scratches
    uint32_t overlap_gap_um = 3000;             ///< bare skin between the needles of neighbouring strokes
    uint32_t overlap_gap_share_e4 = 1000;       ///< critical when more strokes leave such a gap
    uint32_t traction_critical_share_e4 = 2000; ///< critical below it in periorbital zones and on the neck
    uint32_t pass_per_cm2 = 1200;               ///< what one pass leaves, for the reference device
    uint32_t patchy_cv_e4 = 3500;               ///< of a zone's redness
    uint32_t confluent_critical_e4 = 1000;      ///< of a zone's area
    uint32_t full_face_cm2 = 450;
};

/// [[general.override]]: the figures for one device or kind of device; those that it does not name are the kind's, then
/// [general]'s.
struct GeneralOverride {
    std::string device;
    GeneralFigures figures;
};

struct Rubric : GeneralFigures {
    std::string id, name, version, note;
    std::vector<Criterion> criteria;
    std::map<std::string, DepthBand> depth;  ///< by zone kind
    std::vector<GeneralOverride> general_overrides;
    std::vector<std::string> pens;  ///< that may lead a session judged by it (pen_kinds.h); empty = any
    int32_t pass_mark = 8000;  ///< integer hundredths
    base::Hash hash;           ///< of the file's text
};

/// `id`: one of content/rubrics, or a path that ends in .toml.
base::Result<base::fs::path> find_rubric(const base::Places& places, const std::string& id);
/// Text of a rubric's file. `reference`: such an id or path, or that text itself, which a session by a rubric of one's own keeps.
base::Result<std::string> rubric_text(const base::Places& places, const std::string& reference);
base::Result<Rubric> load_rubric(const base::Places& places, const std::string& reference);
/// Reads a rubric from its text; `name` stands for the file in messages.
struct RubricReading {
    Rubric rubric;
    std::vector<base::Error> mistakes;  ///< every one with line and column, in the order of the file; empty = sound
};
RubricReading read_rubric_text(const base::Places& places, const std::string& text, const std::string& name);
RubricReading read_rubric_file(const base::Places& places, const base::fs::path& path);
/// Every mistake of a rubric file in English, each with line and column; empty when it is sound. `places`: whose devices there are.
std::vector<std::string> check_rubric(const base::Places& places, const base::fs::path& path);
/// Each line of a sound rubric in plain words: what is measured, its bands, floor and overrides, certainty and source.
std::string explain_rubric(const Rubric& rubric);
/// "full points from 1.5 to 3 cm/s; fewer down to none at 1 cm/s and up to none at 5 cm/s".
std::string band_words(const Band& band, const std::string& unit);
/// A number of thousandths as people read it: "1.5", "-0.25".
std::string thousandths_text(int64_t thousandths);
/// Measures that can be taken over some zones alone, and so can have an override by zone.
bool is_measured_by_zone(const std::string& measure);

/// What the law or an awarding body lets a kind of practitioner do. Legal limits speak of the needles' set depth.
inline constexpr uint32_t kNoDepthCap = 65535;
struct Scope {
    std::string id, name, source;
    uint32_t depth_cap_um;     ///< needles set deeper fail the session; kNoDepthCap where the law names none
    uint32_t depth_warn_um;    ///< needles set deeper are a warning
    base::Hash hash;
};
/// As find_rubric, in content/scopes.
base::Result<base::fs::path> find_scope(const base::Places& places, const std::string& id);
base::Result<Scope> load_scope(const base::Places& places, const std::string& id);

/// The rubric as it holds for one device under one scope: bands and figures of the device's overrides in place, an id's
/// before its kind's, and depth bands lowered to the scope's cap. Applying it twice changes nothing more.
Rubric rubric_for(const Rubric& rubric, const skin::DeviceProfile& device, const Scope& scope);
/// The band of effective depth under a cap on the set depth: its top is the cap at most, and its low end half the cap at
/// most, as the zones needled at 0.5 mm have it (clinical.md 2.3, A), so that what the law allows can be on target.
DepthBand capped(DepthBand band, uint32_t depth_cap_um);

}  // namespace training
