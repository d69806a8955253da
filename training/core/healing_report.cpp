#include "training/core/healing_report.h"

#include <algorithm>
#include <map>

namespace training {

namespace {

using track::HealedCell;

constexpr double kSeen = 0.08;  // share from which a sign is worth a word (A)
constexpr double kHarm = 0.15;  // share of the worst from which harm is told (A)
constexpr double kWeek = 7, kTwoDays = 2;

struct Kept {
    double sum = 0, area_mm2 = 0;

    void add(double value, double mm2) { sum += value * mm2, area_mm2 += mm2; }
    double mean() const { return area_mm2 > 0 ? sum / area_mm2 : 0; }
};

/// Harm on one cell, by id, 0..1. What is expected of gentle work is none; from the end of the week on all is
/// harm.
std::vector<std::pair<const char*, double>> harm_of(const track::HealingCourse& course, uint32_t c,
                                                    const HealedCell& cell, double days) {
    const track::CellDose& dose = course.doses[c];
    const track::HealingCurves& curves = course.curves;
    const double mm = dose.depth_um * 1e-3;
    std::vector<std::pair<const char*, double>> harm = {
        {"too_dense", curves.density_per_cm2.at(dose.per_cm2())},
        {"too_deep",
         std::max(curves.depth_mm.at(mm), curves.depth_over_skin.at(mm / course.skins[c].thickness_mm))},
        {"too_hard", curves.force_n.at(dose.force_mn * 1e-3)},
        {"tracks", std::max(cell.tracks, cell.fresh_tracks)},
        {"vessels", cell.vessels},
        {"pigment", cell.pigment / std::max(curves.pigment_most, 1e-9)}};
    if (days >= kTwoDays) harm.emplace_back("swollen_still", cell.over_swelling_mm);
    if (days >= kWeek) {
        harm.emplace_back("red_still", cell.redness);
        harm.emplace_back("peeling_still", cell.peeling);
        harm.emplace_back("scabs_still", cell.scabs);
    }
    return harm;
}

void tell(std::vector<HealingSign>& signs, SignKind kind, const char* id, const Kept& kept, double from) {
    if (kept.area_mm2 > 0 && kept.mean() >= from)
        signs.push_back({kind, id, kept.mean(), kept.area_mm2 * 1e-2, 0, {}});
}

void tell_harm(std::vector<HealingSign>& signs, const track::HealingCourse& course, double days,
               std::span<const HealedCell> cells, double least_mm2) {
    std::map<std::pair<std::string, uint8_t>, HealingSign> by_place;
    for (uint32_t c = 0; c < cells.size(); ++c) {
        if (course.doses[c].punctures == 0) continue;
        for (const auto& [id, share] : harm_of(course, c, cells[c], days)) {
            if (share < kHarm) continue;
            HealingSign& sign = by_place[{id, course.face->cells.zone[c]}];
            const double cm2 = course.doses[c].area_um2 * 1e-8;
            sign.value += share * cm2;
            sign.area_cm2 += cm2;
            sign.cells.push_back(c);
        }
    }
    const size_t first = signs.size();
    for (auto& [place, sign] : by_place) {
        if (sign.area_cm2 * 100 < least_mm2) continue;
        sign.kind = SignKind::harm;
        sign.id = place.first;
        sign.zone = place.second;
        sign.value /= sign.area_cm2;
        signs.push_back(std::move(sign));
    }
    std::stable_sort(signs.begin() + static_cast<std::ptrdiff_t>(first), signs.end(),
                     [](const HealingSign& a, const HealingSign& b) {
                         return a.area_cm2 * a.value > b.area_cm2 * b.value;
                     });
}

}  // namespace

std::vector<HealingSign> signs_at(const track::HealingCourse& course, const track::HealingPlan& plan,
                                  std::span<const HealedCell> cells, double least_mm2) {
    CHECK(cells.size() == course.doses.size(), cells.size(), course.doses.size());
    Kept redness, swelling, dryness, peeling, marks, collagen, texture, wrinkles, scars;
    for (size_t c = 0; c < cells.size(); ++c) {
        const track::CellDose& dose = course.doses[c];
        if (dose.punctures == 0) continue;
        const HealedCell& cell = cells[c];
        const double mm2 = dose.area_um2 * 1e-6;
        redness.add(cell.redness - cell.lasting_redness, mm2);
        swelling.add(std::max(0.0, cell.swelling_mm - cell.over_swelling_mm), mm2);
        dryness.add(cell.dryness, mm2);
        peeling.add(cell.peeling, mm2);
        marks.add(cell.marks, mm2);
        collagen.add(cell.collagen, mm2);
        texture.add(cell.grades_texture, mm2);
        wrinkles.add(cell.grades_wrinkles, mm2);
        const bool scarred = !course.face->cell_lesion.empty() && course.face->cell_lesion[c] != 0;
        if (scarred) scars.add(1 - cell.scar_depth, mm2);
    }
    std::vector<HealingSign> signs;
    const bool settling = plan.age_days < kWeek;
    if (settling) {
        tell(signs, SignKind::expected, "redness", redness, kSeen);
        tell(signs, SignKind::expected, "swelling", swelling, 0.03);
        tell(signs, SignKind::expected, "marks", marks, kSeen);
        tell(signs, SignKind::expected, "dryness", dryness, kSeen);
        tell(signs, SignKind::expected, "peeling", peeling, kSeen);
    }
    tell(signs, SignKind::gained, "collagen", collagen, 0.02);
    tell(signs, SignKind::gained, "texture", texture, 0.05);
    tell(signs, SignKind::gained, "wrinkles", wrinkles, 0.05);
    tell(signs, SignKind::gained, "scars", scars, 0.01);
    tell_harm(signs, course, plan.age_days, cells, least_mm2);
    return signs;
}

}  // namespace training
