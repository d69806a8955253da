#include "engine/track/healing.h"
#include "tests/fuzz/fuzz_target.h"

#include <cmath>

namespace fuzz {

namespace {

/// Whatever a reader lets through heals every cell at every age within bounds.
bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("healing.toml");
    const base::Result<track::HealingCurves> curves = track::HealingCurves::read(file.write(bytes));
    if (!curves) {
        CHECK(!curves.error().message.empty());
        return false;
    }
    for (const track::CellDose& dose : {track::CellDose{}, track::CellDose{25, 1'000'000, 500, 800, 0, 1},
                                        track::CellDose{4000, 1, 4000, 65535, 1'000'000, 900}})
        for (double days : {0.0, 0.1, 3.0, 40.0, 3650.0}) {
            const track::HealedCell cell = heal(
                *curves, dose, {6, 0.4}, {.age_days = days, .sessions = 5, .spacing_days = 1, .sun = true});
            for (double share :
                 {cell.dryness, cell.peeling, cell.marks, cell.scabs, cell.scar_depth, cell.scar_colour,
                  cell.overdose, cell.tracks, cell.fresh_tracks, cell.vessels})
                CHECK(share >= 0 && share <= 1, share, days);
            CHECK(cell.swelling_mm >= 0 && cell.swelling_mm <= 2, cell.swelling_mm);
            CHECK(cell.redness >= 0 && std::isfinite(cell.redness) && cell.pigment >= 0 && cell.pigment <= 8,
                  cell.redness);
            CHECK(cell.collagen >= 0 && cell.collagen <= curves->collagen_most, cell.collagen);
        }
    return true;
}

}  // namespace

Target healing_toml() {
    return {"healing_toml", {content("skins/healing.toml")}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(healing_toml)
