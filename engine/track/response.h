#pragma once

// How the skin answers while one works: which punctures bleed, how red each cell is, where blood runs
// together, where skin is bruised, pressed pale or overworked; and when a zone is where its treatment should
// end. The arithmetic is shaders/shared/response.h, in integers; gpu_response.h runs the same functions for
// the picture. What the session's evidence says is first brought down to doses per cell and tick, which both
// take.
//
// Response is the twin for measures: fed with logs in any pieces, it tells cells and zones at any later time.

#include "engine/base/files.h"
#include "engine/base/hash.h"
#include "engine/base/history.h"
#include "engine/face/face_asset.h"
#include "shaders/shared/evidence.h"
#include "shaders/shared/response.h"

#include <array>
#include <span>
#include <vector>

namespace track {

/// A curve through points, level beyond its ends.
struct DepthCurve {
    std::vector<uint32_t> depth_um;  ///< rising
    std::vector<uint32_t> value;
    uint32_t at(uint32_t depth_um) const;
};

/// Figures and their tags: content/skins/response.toml.
struct ResponseModel {
    shared::ResponseCurves curves{};
    double thickness = 0, scale_low = 1,
           scale_high = 1;    ///< m of skin for which the depths hold; bounds of their scale
    double half_dose_um = 0;  ///< depth of punctures per mm²
    DepthCurve bleeding;      ///< share of punctures, 2^-24
    uint32_t delay_low_us = 0, delay_high_us = 0;  ///< from the needle to its droplet
    uint32_t rebleed_depth_um = 0, rebleed_fresh_us = 0;
    uint32_t bruise_depth_um = 0;
    double half_bruise_um = 0;                                              ///< excess depth per mm²
    double force_bone = 0, force_soft = 0, bone_depth = 0, soft_depth = 0;  ///< N; m
    double half_push = 0;                                                   ///< N s
    double rim_radius = 0;                                                  ///< m
    uint32_t full_force_mn = 0, inside = 0;  ///< level pressed pale inside the rim
    DepthCurve end_redness;
    uint32_t end_area_e4 = 0, end_bleeding_depth_um = 0, end_bleeding_per_cm2 = 0;
    base::Hash hash;  ///< of the file's text

    /// Reads content/skins/response.toml. Errors name file, line and column.
    static base::Result<ResponseModel> load(const base::Places& places);
    static base::Result<ResponseModel> read(const base::fs::path& file);
};

/// A pad drawn over these cells.
struct CellWipe {
    uint32_t time_us = 0;
    std::vector<uint32_t> cells;
};
/// Over all cells of a zone.
CellWipe wipe_of_zone(const face::FaceAsset& face, uint8_t zone, uint32_t time_us);

/// Brings logs down to doses.
class ResponseDoses {
  public:
    /// Both must outlive it. About 1 µs per cell.
    ResponseDoses(const face::FaceAsset& face, const ResponseModel& model);

    /// Whether a droplet comes out of a puncture, and when it shows; and, when a pad took it away at
    /// `wiped_us`, whether and when it comes again (0 = never).
    bool bleeds(const shared::Puncture& puncture) const;
    uint32_t droplet_us(const shared::Puncture& puncture) const;
    uint32_t again_us(const shared::Puncture& puncture, uint32_t wiped_us) const;

    /// What the logs bring, sorted by cell, then tick. `until_us`: when it will be looked at; pallor that is
    /// gone by then is left out. Records without a cell bring nothing.
    std::vector<shared::CellDose> of(std::span<const shared::Puncture> punctures,
                                     std::span<const shared::ContactRecord> contacts,
                                     std::span<const CellWipe> wipes, uint32_t until_us);

    const ResponseModel& model() const { return model_; }

  private:
    /// What does not change of a cell.
    struct CellSkin {
        uint32_t scale;     ///< of depths, 2^-12
        uint32_t per_mm2;   ///< 1 mm² over its area, 2^-16
        uint32_t redness;   ///< halvings per µm of depth, 2^-32
        uint32_t bruise;    ///< halvings per µm of excess depth, 2^-28
        uint32_t force_mn;  ///< that bruises
    };
    struct Pressed {
        uint32_t cell, level;
    };
    uint32_t scaled_depth(const shared::Puncture& puncture) const;
    shared::CellDose dose_of(const shared::Puncture& puncture) const;
    const std::vector<Pressed>& pressed_round(uint32_t centre);
    void press(const shared::ContactRecord& record, bool seen, std::vector<shared::CellDose>& into);

    const face::FaceAsset& face_;
    const ResponseModel& model_;
    std::vector<CellSkin> skin_;
    uint32_t push_rate_ = 0;  ///< halvings of bruise per mN of excess in one record, 2^-28
    uint32_t pressed_centre_ = shared::kNoCell;
    std::vector<Pressed> pressed_;
    std::vector<uint32_t> seen_;  ///< per cell, the search that met it
    uint32_t search_ = 0;
};

/// What a measure asks of a zone.
struct ZoneResponse {
    uint32_t area_mm2 = 0;
    uint32_t redness_e4 = 0;     ///< mean over its area, 10,000 = strong
    uint32_t redness_cv_e4 = 0;  ///< of its 5 mm neighbourhoods' means, by area
    uint32_t depth_mean_um = 0;
    uint32_t spots_per_cm2_e2 = 0;                           ///< punctures that bled
    uint32_t confluent_e4 = 0, bruised_e4 = 0, grey_e4 = 0;  ///< shares of its area
    /// Second of session time at which it was first found where its treatment should end, kNever before that.
    static constexpr uint32_t kNever = 0xffffffffu;
    uint32_t end_second = kNever;
    uint32_t after_end_per_cm2 = 0;  ///< punctures since then
    bool operator==(const ZoneResponse&) const = default;
};

class Response {
  public:
    /// Both must outlive it. End points are judged by the skin no nearer than `ring_um` to no-go skin (as make_cell_map has it).
    Response(const face::FaceAsset& face, const ResponseModel& model, uint32_t ring_um = 0);

    /// Evidence, each kind in order of time and later than what advance() has passed; any pieces.
    void add(std::span<const shared::Puncture> punctures, std::span<const shared::ContactRecord> contacts);
    void wipe(CellWipe wipe);
    /// Takes in all evidence up to then and looks at every whole second whether zones have come to their end
    /// points.
    void advance(uint32_t time_us);

    /// At the tick of advance().
    shared::CellSigns signs(uint32_t cell) const {
        return shared::signs_at(cells_[cell], tick_, doses_.model().curves);
    }
    /// Redness as it is seen: spread into its surroundings.
    std::vector<uint32_t> seen_redness() const;
    std::vector<ZoneResponse> zones() const;  ///< index as FaceAsset::zones
    /// What all cells keep: with the tick it says what they show.
    std::span<const shared::CellResponse> cells() const { return cells_; }

  private:
    friend class ResponseHistory;
    void take_until(uint64_t time_us);
    void look_for_ends(uint32_t second);
    ZoneResponse zone_at(uint8_t zone, uint32_t tick) const;

    const face::FaceAsset& face_;
    uint32_t ring_um_;
    ResponseDoses doses_;
    std::vector<shared::CellResponse> cells_;
    std::vector<shared::Puncture> punctures_;  ///< waiting, as are those below
    std::vector<shared::ContactRecord> contacts_;
    std::vector<CellWipe> wipes_;
    std::vector<std::vector<uint32_t>> zone_cells_;
    struct ZoneSums {
        uint64_t area_um2 = 0, depth_um = 0, spots = 0;
        uint64_t needled_um2 = 0;  ///< without the ring about no-go skin, where nobody may needle
        uint64_t punctures = 0;
    };
    std::vector<ZoneSums> sums_;            ///< so far
    std::vector<uint32_t> ends_, at_end_;   ///< second; punctures at it
    uint32_t tick_ = 0, second_ = 0;
};

/// Responses as they stood at several moments of a session, to come back to. Evidence that waits is not kept: what comes
/// after the moment of a restored one is given to it again.
class ResponseHistory {
  public:
    /// For responses of the same face.
    explicit ResponseHistory(const Response& response);
    /// As it stands after advance(time_us). Times must not fall from call to call.
    void keep(uint32_t time_us, const Response& response);
    /// The last moment kept that is not later; false and nothing done where there is none.
    bool restore(uint32_t time_us, Response& response) const;
    size_t bytes() const;

  private:
    base::History<shared::CellResponse, 4> cells_;
    base::History<Response::ZoneSums, 1> sums_;
    base::History<uint32_t> ends_, at_end_;
    std::vector<std::array<uint32_t, 3>> clocks_;  ///< time kept, tick, second
};

}  // namespace track
