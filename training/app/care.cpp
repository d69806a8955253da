#include "training/app/care.h"

#include "engine/base/deterministic_math.h"
#include "engine/render/wipes.h"
#include "engine/render/zone_wipe.h"

#include <cmath>

namespace app {

namespace {

constexpr float kSteps = 12;    // from a full film to none
constexpr float kGloss = 0.55f;  // of a full film: gel is spread thin

}  // namespace

std::vector<render::WipeStroke> wipes_of(const face::FaceAsset& face,
                                         std::span<const input::ProcedureEvent> events, double until) {
    std::vector<render::WipeStroke> strokes;
    for (const input::ProcedureEvent& event : events) {
        const int zone = event.name == "wipe" ? face.find_zone(event.value) : -1;
        if (zone < 0 || event.time_us * 1e-6 > until) continue;
        for (render::WipeStroke& stroke :
             render::wipe_zone(face, static_cast<uint8_t>(zone), event.time_us * 1e-6))
            strokes.push_back(std::move(stroke));
    }
    return strokes;
}

std::vector<track::CellWipe> cells_of(const face::FaceAsset& face, std::span<const render::WipeStroke> wipes) {
    std::vector<track::CellWipe> cells;
    for (const render::WipeStroke& stroke : wipes)
        cells.push_back({static_cast<uint32_t>(std::llround(stroke.time * 1e6)),
                         render::cells_under(render::trace_wipe(stroke, {}), face.cells)});
    return cells;
}

std::vector<float> wet_zones(const face::FaceAsset& face, std::span<const input::ProcedureEvent> events,
                             double medium_lasts, double time) {
    std::vector<float> wet(face.zones.size(), 0.0f);
    for (const input::ProcedureEvent& event : events) {
        const bool wipe = event.name == "wipe";
        if ((!wipe && event.name != "glide_medium") || event.time_us * 1e-6 > time) continue;
        const int zone = face.find_zone(event.value);
        if (zone < 0) continue;
        const double film =
            base::det::smoothstep(medium_lasts, 0.5 * medium_lasts, time - event.time_us * 1e-6);
        wet[static_cast<size_t>(zone)] = wipe ? 0.0f : kGloss * std::round(float(film) * kSteps) / kSteps;
    }
    return wet;
}

}  // namespace app
