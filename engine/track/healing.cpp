#include "engine/track/healing.h"

#include "engine/base/deterministic_math.h"
#include "shaders/shared/tally.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace track {

namespace {

constexpr double kHour_d = 1.0 / 24;

/// Share left after `time` of what halves in `half`.
double halved(double time, double half) {
    return base::det::exp(-0.6931471805599453 * time / half);
}

/// Two independent shares of the same thing.
double either(double a, double b) {
    return 1.0 - (1.0 - a) * (1.0 - b);
}

}  // namespace

double Ramp::at(double x) const {
    return base::det::smoothstep(from, full, x);
}

double Spell::at(double x) const {
    return base::det::smoothstep(begins, full, x) * (1.0 - base::det::smoothstep(ends, gone, x));
}

HealingCurves::Depth HealingCurves::at_depth(double mm) const {
    CHECK(!depths.empty());
    auto above = std::find_if(depths.begin(), depths.end(), [mm](const Depth& row) { return row.mm > mm; });
    if (above == depths.begin()) return depths.front();
    if (above == depths.end()) return depths.back();
    const Depth &a = above[-1], &b = *above;
    double t = (mm - a.mm) / (b.mm - a.mm);
    auto between = [t](double low, double high) { return low + (high - low) * t; };
    return {mm,
            between(a.redness, b.redness),
            between(a.redness_half_h, b.redness_half_h),
            between(a.swelling_mm, b.swelling_mm),
            between(a.dryness, b.dryness),
            between(a.peeling, b.peeling),
            between(a.closes_h, b.closes_h),
            between(a.scab_d, b.scab_d),
            between(a.remodelling, b.remodelling)};
}

double HealingCurves::overdose(const CellDose& dose, const CellSkin& skin) const {
    if (dose.punctures == 0) return 0;
    double mm = dose.depth_um * 1e-3;
    return std::max({density_per_cm2.at(dose.per_cm2()), depth_over_skin.at(mm / skin.thickness_mm),
                     depth_mm.at(mm), force_n.at(dose.force_mn * 1e-3)});
}

double HealingCurves::torn(const CellDose& dose) const {
    if (dose.punctures == 0) return 0;
    return std::max(scratch_um.at(dose.scratch_um), passes.at(dose.passes));
}

HealingMoment::HealingMoment(const HealingCurves& curves, const HealingPlan& plan)
    : curves_(curves), plan_(plan) {
    CHECK(plan.sessions >= 1 && plan.sessions <= HealingPlan::kMostSessions, plan.sessions);
    CHECK(plan.age_days >= 0 && plan.spacing_days > 0, plan.age_days, plan.spacing_days);
    double pigment_half = plan.sun ? curves.pigment_sun_half_d : curves.pigment_half_d;
    for (uint32_t k = 0; k < plan.sessions; ++k) {
        double d = plan.age_days + k * plan.spacing_days;
        double after = std::max(0.0, d - curves.remodelling_begins_d),
               faded = std::max(0.0, d - curves.pigment_rise_d.full);
        past_.push_back({.days = d,
                         .settled = 1.0 - curves.settles_d.at(d),
                         .late_settled = 1.0 - curves.settles_d.at(0.5 * d),
                         .dry = curves.dry_d.at(d),
                         .peel = curves.peel_d.at(d),
                         .over_peel = curves.over_peel_d.at(d),
                         .over_redness = halved(d, curves.over_redness_half_d),
                         .rise = 1.0 - base::det::exp(-after / curves.remodelling_time_d),
                         .swelling_rise = 1.0 - base::det::exp(-d / (curves.swelling_rise_h * kHour_d)),
                         .vessels = curves.vessels_d.at(d),
                         .pigment = curves.pigment_rise_d.at(d) * halved(faded, pigment_half),
                         .fresh_tracks = halved(d, curves.scratch_red_half_d)});
    }
}

/// What a session leaves for a week: nothing of it is left when all has settled.
void HealingMoment::add_early(const Past& past, const HealingCurves::Depth& depth, double dose,
                              HealedCell& cell) const {
    if (past.settled <= 0.0) return;
    double slower = plan_.sun ? curves_.sun_redness : 1.0;
    double red =
        depth.redness * dose * halved(past.days, depth.redness_half_h * slower * kHour_d) * past.settled;
    cell.redness += red;
    cell.swelling_mm += depth.swelling_mm * dose * past.swelling_rise *
                        halved(past.days, curves_.swelling_half_h * kHour_d) * past.settled;
    cell.dryness = either(cell.dryness, depth.dryness * dose * past.dry);
    cell.peeling = either(cell.peeling, depth.peeling * dose * past.peel);
    double closes = depth.closes_h * kHour_d;
    cell.marks = std::max(cell.marks, 1.0 - base::det::smoothstep(0.25 * closes, closes, past.days));
}

HealedCell HealingMoment::heal(const CellDose& dose, const CellSkin& skin) const {
    HealedCell cell;
    if (dose.punctures == 0) return cell;
    const HealingCurves::Depth depth = curves_.at_depth(dose.depth_um * 1e-3);
    double early = std::min(1.0, dose.per_cm2() / curves_.redness_full_per_cm2);
    double over = curves_.overdose(dose, skin), torn = curves_.torn(dose);
    double answer = depth.remodelling * std::min(1.0, dose.per_cm2() / curves_.outcome_full_per_cm2) *
                    (1.0 - curves_.over_loss * over);
    double readiness = curves_.pigment_by_type[std::min<size_t>(skin.fitzpatrick, 6)];
    double inflamed =
        std::max({over, torn * curves_.pigment_scratch, plan_.sun ? curves_.pigment_sun * early : 0.0});

    cell.overdose = over;
    double no_gain = 1, no_grade = 1;
    for (const Past& past : past_) {
        add_early(past, depth, early, cell);
        cell.lasting_redness =
            std::max(cell.lasting_redness, curves_.over_redness * over * past.over_redness);
        cell.over_swelling_mm += curves_.over_swelling_mm * over * past.swelling_rise *
                                 halved(past.days, curves_.over_swelling_half_h * kHour_d) *
                                 past.late_settled;
        cell.peeling = either(cell.peeling, over * past.over_peel);
        double falls = depth.scab_d + curves_.over_scab_d * over;
        cell.scabs = std::max(cell.scabs, 1.0 - base::det::smoothstep(0.6 * falls, falls, past.days));
        cell.vessels =
            either(cell.vessels, past.vessels * base::det::smoothstep(curves_.vessels_from, 1.0, over));
        cell.pigment = either(cell.pigment, readiness * inflamed * past.pigment);
        cell.tracks = either(cell.tracks, torn * curves_.scratch_lasting * (1.0 - past.fresh_tracks));
        cell.fresh_tracks = std::max(cell.fresh_tracks, torn * past.fresh_tracks);
        no_gain *= 1.0 - curves_.collagen_share * answer * past.rise;
        no_grade *= 1.0 - curves_.grade_share * answer * past.rise;
        cell.scar_depth *= 1.0 - curves_.scar_share * answer * past.rise;
        cell.scar_colour *= 1.0 - curves_.scar_colour_share * answer * past.rise;
    }
    cell.redness += cell.lasting_redness;
    cell.swelling_mm = std::min(cell.swelling_mm + cell.over_swelling_mm, 2.0);
    cell.pigment *= curves_.pigment_most;
    cell.collagen = curves_.collagen_most * (1.0 - no_gain);
    cell.grades_texture = curves_.grades_texture * (1.0 - no_grade);
    cell.grades_wrinkles = curves_.grades_wrinkles * (1.0 - no_grade);
    return cell;
}

HealedCell heal(const HealingCurves& curves, const CellDose& dose, const CellSkin& skin,
                const HealingPlan& plan) {
    return HealingMoment(curves, plan).heal(dose, skin);
}

namespace {

/// Passes of the tip over each cell: a run of contact on it in one direction is one.
class PassCounter {
  public:
    explicit PassCounter(size_t cells) : passes_(cells) {}

    void add(const shared::ContactRecord& record) {
        uint32_t direction = record.flags & 15u;
        bool counts = shared::contact_touches(record) && (record.flags & shared::kContactMotor) != 0 &&
                      record.cell < passes_.size() && direction < shared::kDirectionBins;
        uint32_t cell = counts ? record.cell : shared::kNoCell;
        if (counts && (cell != last_cell_ || direction != last_direction_)) ++passes_[cell][direction];
        last_cell_ = cell;
        last_direction_ = direction;
    }
    uint32_t most(size_t cell) const { return *std::ranges::max_element(passes_[cell]); }

  private:
    std::vector<std::array<uint32_t, shared::kDirectionBins>> passes_;
    uint32_t last_cell_ = shared::kNoCell, last_direction_ = shared::kNoDirection;
};

}  // namespace

std::vector<CellDose> doses_of(const face::SurfaceCells& cells, std::span<const shared::Puncture> punctures,
                               std::span<const shared::ContactRecord> contacts, const HealingCurves& curves) {
    std::vector<CellDose> doses(cells.size());
    std::vector<uint64_t> depth(cells.size()), force(cells.size());
    const auto beyond_um = static_cast<uint32_t>(curves.scratch_beyond_um);
    size_t step = 0;  // the record whose step holds the puncture: its end is not before
    for (const shared::Puncture& p : punctures) {
        while (step < contacts.size() && contacts[step].time_us < p.time_us) ++step;
        if (p.cell >= doses.size()) continue;
        CellDose& dose = doses[p.cell];
        ++dose.punctures;
        depth[p.cell] += shared::puncture_depth_um(p);
        force[p.cell] += shared::puncture_force_mn(p);
        if ((shared::puncture_flags(p) & shared::kFlagScratch) == 0 || step >= contacts.size()) continue;
        uint32_t drag_um = shared::contact_drag_um(contacts[step]);
        dose.scratch_um += drag_um - std::min(drag_um, beyond_um);
    }
    PassCounter passes(cells.size());
    for (const shared::ContactRecord& record : contacts) passes.add(record);
    for (size_t c = 0; c < doses.size(); ++c) {
        CellDose& dose = doses[c];
        dose.area_um2 = std::max(cells.area_um2[c], 1u);
        if (dose.punctures == 0) continue;
        dose.depth_um = static_cast<uint32_t>(depth[c] / dose.punctures);
        dose.force_mn = static_cast<uint32_t>(force[c] / dose.punctures);
        dose.passes = passes.most(c);
    }
    return doses;
}

std::vector<CellSkin> skins_of(const face::FaceAsset& face) {
    std::vector<CellSkin> skins(face.cells.size());
    for (uint32_t c = 0; c < skins.size(); ++c) {
        const face::TissueAt tissue = face.tissue_of_cell(c);
        skins[c] = {face.fitzpatrick, (tissue.epidermis + tissue.dermis) * 1e3};
    }
    return skins;
}

std::vector<shared::Scratch> scratches_of(const face::FaceAsset& face, std::span<const CellDose> doses,
                                          std::span<const shared::Puncture> punctures,
                                          std::span<const shared::ContactRecord> contacts,
                                          const HealingCurves& curves) {
    constexpr double kFarthest = 8e-3;     // m between strokes of one pin in one line
    constexpr double kRow = 1.2e-3;        // m: in a line that is run again and again, strokes so near join
    constexpr uint32_t kSoon_us = 40'000;  // a motor of 50 Hz strokes twice in it
    struct Last {
        uint32_t time_us = 0;
        glm::dvec3 place{0};
        bool known = false;
    };
    std::array<Last, 256> last;
    std::vector<shared::Scratch> lines;
    size_t step = 0;
    for (const shared::Puncture& p : punctures) {
        while (step < contacts.size() && contacts[step].time_us < p.time_us) ++step;
        if (p.cell >= doses.size()) continue;
        const double u = (p.weights & 0xffffu) / 65535.0, v = (p.weights >> 16) / 65535.0;
        const glm::dvec3 place = position_at(face.mesh, {p.triangle, {1 - u - v, u, v}});
        Last& before = last[shared::puncture_needle(p)];
        const glm::dvec3 back = before.place - place;
        const double away = std::sqrt(glm::dot(back, back)), torn = curves.torn(doses[p.cell]);
        const bool follows =
            before.known && p.time_us - before.time_us < kSoon_us && away > 0 && away < kFarthest;
        before = {p.time_us, place, true};
        if (torn <= 0.0 || !follows) continue;
        const bool scratch =
            (shared::puncture_flags(p) & shared::kFlagScratch) != 0 && step < contacts.size();
        const double drag = scratch ? shared::contact_drag_um(contacts[step]) * 1e-6 : 0.0;
        const double row = curves.passes.at(doses[p.cell].passes) > 0 && away < kRow ? away : 0.0;
        const double length = std::min(away, std::max(drag, row));
        if (length > 0)
            lines.push_back({p.triangle, p.weights, glm::vec3(back * (length / away)), 1.0f});
    }
    return lines;
}

namespace {

/// Cells within a millimetre and a half of skin outside all zones, which begins half a cell before its seeds.
std::vector<uint8_t> rim_of(const face::FaceAsset& face) {
    constexpr double kBeside = 2.0e-3;  // m
    const face::SurfaceCells& cells = face.cells;
    std::vector<uint8_t> rim(cells.size());
    for (size_t i = 0; i < cells.rim_seed.size(); ++i) {
        double limit2 = kBeside * kBeside;
        cells.grid.near(cells.rim_seed[i], limit2, [&](uint32_t cell, double) {
            if (glm::dot(cells.normal[cell], cells.rim_normal[i]) >= 0) rim[cell] = 1;
        });
    }
    return rim;
}

}  // namespace

HealingCourse::HealingCourse(std::shared_ptr<const face::FaceAsset> of, HealingCurves by,
                             std::span<const shared::Puncture> punctures,
                             std::span<const shared::ContactRecord> contacts)
    : face(std::move(of)),
      curves(std::move(by)),
      doses(doses_of(face->cells, punctures, contacts, curves)),
      skins(skins_of(*face)),
      scratches(scratches_of(*face, doses, punctures, contacts, curves)),
      rim(rim_of(*face)) {}

std::vector<HealedCell> HealingCourse::cells_at(const HealingPlan& plan) const {
    const HealingMoment moment(curves, plan);
    std::vector<HealedCell> cells(doses.size());
    for (size_t c = 0; c < cells.size(); ++c) cells[c] = moment.heal(doses[c], skins[c]);
    return cells;
}

namespace {

/// Each cell takes `share` of the mean of those that touch it, `times` over; one treated cell lights up no
/// far skin.
void spread(const HealingCourse& course, std::vector<float>& values, float share, int times) {
    if (std::ranges::none_of(values, [](float value) { return value > 0; })) return;
    const face::SurfaceCells& cells = course.face->cells;
    std::vector<float> next(values.size());
    for (; times > 0; --times) {
        for (size_t c = 0; c < values.size(); ++c)
            if (course.rim[c] != 0) values[c] = 0;
        for (size_t c = 0; c < values.size(); ++c) {
            const uint32_t begin = cells.neighbour_begin[c], end = cells.neighbour_begin[c + 1];
            float sum = 0;
            for (uint32_t k = begin; k < end; ++k) sum += values[cells.neighbours[k]];
            float mean = begin == end ? values[c] : sum / static_cast<float>(end - begin);
            next[c] = values[c] + share * (mean - values[c]);
        }
        values.swap(next);
    }
}

}  // namespace

std::vector<shared::HealedLook> HealingCourse::looks_of(std::span<const HealedCell> cells) const {
    CHECK(cells.size() == doses.size(), cells.size(), doses.size());
    const size_t count = cells.size();
    std::vector<float> redness(count), swelling(count), pigment(count), dryness(count);
    for (size_t c = 0; c < count; ++c) {
        redness[c] = static_cast<float>(cells[c].redness);
        swelling[c] = static_cast<float>(cells[c].swelling_mm);
        pigment[c] = static_cast<float>(cells[c].pigment);
        dryness[c] = static_cast<float>(cells[c].dryness);
    }
    spread(*this, redness, 0.7f, 5);
    spread(*this, swelling, 0.8f, 24);
    spread(*this, pigment, 0.6f, 4);
    spread(*this, dryness, 0.6f, 2);
    std::vector<shared::HealedLook> looks(count);
    for (size_t c = 0; c < count; ++c) {
        const HealedCell& cell = cells[c];
        const bool scarred = !face->cell_lesion.empty() && face->cell_lesion[c] != 0;
        const double fine =
            1.0 - curves.relief_per_grade * std::max(cell.grades_texture, cell.grades_wrinkles);
        looks[c] = {.redness = redness[c],
                    .swelling_mm = swelling[c],
                    .dryness = dryness[c],
                    .peeling = static_cast<float>(cell.peeling),
                    .marks = static_cast<float>(cell.marks),
                    .scabs = static_cast<float>(cell.scabs),
                    .pigment = pigment[c],
                    .vessels = static_cast<float>(cell.vessels),
                    .relief = static_cast<float>(scarred ? std::min(cell.scar_depth, fine) : fine),
                    .paint = static_cast<float>(scarred ? cell.scar_colour : 1.0),
                    .fresh_tracks = static_cast<float>(cell.fresh_tracks),
                    .tracks = static_cast<float>(cell.tracks)};
    }
    return looks;
}

}  // namespace track
