#pragma once

// What a face looks like minutes to months after it was needled, by provisional curves
// (content/skins/healing.toml): what typically follows, never a prediction for a patient. Infection, allergy
// and granuloma are not modelled.
//
// From what a session did to each surface cell (CellDose) and the skin there (CellSkin) follow the signs at
// any age (HealedCell): what is expected and settles within a week, what is gained over months, and what harm
// was done. Cells do not know of each other here; `looks_of` alone lets redness and swelling spread for the
// picture.
//
// Pure functions on the CPU, the same bits on every machine.

#include "engine/base/files.h"
#include "engine/base/hash.h"
#include "engine/face/face_asset.h"
#include "shaders/shared/evidence.h"
#include "shaders/shared/healed.h"

#include <array>
#include <span>
#include <vector>

namespace track {

/// What one session did to one surface cell.
struct CellDose {
    uint32_t punctures = 0;
    uint32_t area_um2 = 1'000'000;
    uint32_t depth_um = 0;    ///< mean effective depth
    uint32_t force_mn = 0;    ///< mean of the tip's force at its punctures
    uint32_t scratch_um = 0;  ///< sum of what pins slid beyond the width of a pin while in this skin
    uint32_t passes = 0;      ///< most passes of the tip's centre over it in one of six directions

    double per_cm2() const { return punctures * 1e8 / area_um2; }
    bool operator==(const CellDose&) const = default;
};

/// What a cell's skin is.
struct CellSkin {
    uint8_t fitzpatrick = 2;    ///< I..VI as 1..6; 0 = silicone, which does not heal: it answers as type II
    double thickness_mm = 1.2;  ///< epidermis and dermis
    bool operator==(const CellSkin&) const = default;
};

/// When and how often, and what comes after.
struct HealingPlan {
    double age_days = 0;       ///< since the last session ended
    uint32_t sessions = 1;     ///< 1..kMostSessions, each the same treatment
    double spacing_days = 28;  ///< between them
    bool sun = false;          ///< bad aftercare: no protection from the sun

    static constexpr uint32_t kMostSessions = 5;
    static constexpr double kLongest = 3650;  ///< days
    bool operator==(const HealingPlan&) const = default;
};

/// Signs of one cell. Shares are 0..1 unless told.
struct HealedCell {
    double redness = 0;      ///< share of a strong redness; may exceed 1
    double swelling_mm = 0;  ///< 0..2
    double dryness = 0, peeling = 0;
    double marks = 0;                        ///< share of puncture marks still open
    double scabs = 0;                        ///< share of crusts still there, where punctures bled
    double collagen = 0;                     ///< gain: 1 = twice as much as before the first session
    double scar_depth = 1, scar_colour = 1;  ///< share left of a scar that lies here
    double grades_texture = 0, grades_wrinkles = 0;
    double overdose = 0;          ///< of one session: 0 = within bounds, 1 = far beyond them
    double lasting_redness = 0;   ///< part of `redness` that is harm
    double over_swelling_mm = 0;  ///< part of `swelling_mm` that is harm
    double pigment = 0;           ///< melanin added by inflammation: 1 = as much again as before
    double tracks = 0;            ///< lines along scratches and re-tracked strokes that stay
    double fresh_tracks = 0;      ///< the same while they are red
    double vessels = 0;           ///< broken capillaries
};

/// Bounds between which something goes from nothing to full.
struct Ramp {
    double from = 0, full = 1;

    /// Smooth, 0 up to `from`, 1 from `full` on.
    double at(double x) const;
};
/// Begins, is full, begins to end, is gone.
struct Spell {
    double begins = 0, full = 1, ends = 2, gone = 3;

    double at(double x) const;
};

/// Figures and their tags: content/skins/healing.toml.
struct HealingCurves {
    struct Depth {
        double mm, redness, redness_half_h, swelling_mm, dryness, peeling, closes_h, scab_d, remodelling;
    };
    std::vector<Depth> depths;  ///< rising by mm; every column rises
    double redness_full_per_cm2, outcome_full_per_cm2;
    std::array<double, 7> pigment_by_type;  ///< index: Fitzpatrick type; 0 unused
    Ramp density_per_cm2, depth_over_skin, depth_mm, force_n;
    double scratch_beyond_um;
    Ramp scratch_um, passes;
    double scratch_red_half_d, scratch_lasting;
    Ramp settles_d;
    Spell dry_d, peel_d, over_peel_d;
    double swelling_rise_h, swelling_half_h, over_swelling_half_h, over_swelling_mm;
    double over_redness, over_redness_half_d, over_scab_d;
    double vessels_from;
    Ramp vessels_d;
    double sun_redness;
    double pigment_most, pigment_half_d, pigment_sun_half_d, pigment_sun, pigment_scratch;
    Ramp pigment_rise_d;
    Ramp phases_d;  ///< ends of inflammation and of proliferation
    double remodelling_begins_d, remodelling_time_d;
    double collagen_most, collagen_share, scar_share, scar_colour_share, grade_share, grades_texture,
        grades_wrinkles;
    double relief_per_grade, over_loss;
    base::Hash hash;  ///< of the file's text

    /// Depth columns at a depth, straight between the rows.
    Depth at_depth(double mm) const;
    /// 0 within bounds, 1 far beyond: the worst of density, depth and force, each of which is enough.
    double overdose(const CellDose& dose, const CellSkin& skin) const;
    /// How far the cell was torn into lines.
    double torn(const CellDose& dose) const;

    static base::Result<HealingCurves> load(const base::Places& places);
    /// From any file; errors name line and column.
    static base::Result<HealingCurves> read(const base::fs::path& file);
};

/// What all cells share at one moment.
class HealingMoment {
  public:
    /// CHECKs the plan's bounds. `curves` must outlive it.
    HealingMoment(const HealingCurves& curves, const HealingPlan& plan);

    HealedCell heal(const CellDose& dose, const CellSkin& skin) const;

  private:
    struct Past {  ///< one session
        double days;
        double settled;       ///< share of what is expected that may still show
        double late_settled;  ///< the same of what overdose prolongs: twice as long
        double dry, peel, over_peel, over_redness, rise, swelling_rise, vessels, pigment, fresh_tracks;
    };
    void add_early(const Past& past, const HealingCurves::Depth& depth, double dose, HealedCell& cell) const;

    const HealingCurves& curves_;
    HealingPlan plan_;
    std::vector<Past> past_;  ///< the last session first
};

HealedCell heal(const HealingCurves& curves, const CellDose& dose, const CellSkin& skin,
                const HealingPlan& plan);

/// Sums a session's logs per cell. Records without a cell count nowhere. Contacts in order of time.
std::vector<CellDose> doses_of(const face::SurfaceCells& cells, std::span<const shared::Puncture> punctures,
                               std::span<const shared::ContactRecord> contacts, const HealingCurves& curves);
/// After face::finish().
std::vector<CellSkin> skins_of(const face::FaceAsset& face);

/// Lines that pins tore, each as long as its pin slid while it was in, towards where that pin struck before;
/// where strokes were run again and again in one line, from stroke to stroke. Only where cells are torn. Logs
/// in order of time.
std::vector<shared::Scratch> scratches_of(const face::FaceAsset& face, std::span<const CellDose> doses,
                                          std::span<const shared::Puncture> punctures,
                                          std::span<const shared::ContactRecord> contacts,
                                          const HealingCurves& curves);

/// A face's course, for the picture and for the screen that tells of it.
struct HealingCourse {
    std::shared_ptr<const face::FaceAsset> face;
    HealingCurves curves;
    std::vector<CellDose> doses;
    std::vector<CellSkin> skins;
    std::vector<shared::Scratch> scratches;
    std::vector<uint8_t>
        rim;  ///< per cell: 1 = beside skin that has no cells, where signs fade out in the picture

    HealingCourse(std::shared_ptr<const face::FaceAsset> face, HealingCurves curves,
                  std::span<const shared::Puncture> punctures,
                  std::span<const shared::ContactRecord> contacts);

    std::vector<HealedCell> cells_at(const HealingPlan& plan) const;
    /// What the picture draws: redness flares over a millimetre or two, swelling spreads over about five (A).
    std::vector<shared::HealedLook> looks_of(std::span<const HealedCell> cells) const;
};

}  // namespace track
