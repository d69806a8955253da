#include "engine/skin/needles.h"

#include "engine/skin/evidence_integers.h"

#include <glm/geometric.hpp>

#include <algorithm>

namespace skin {
namespace {

constexpr uint64_t kStroke = 10'000'000;  // one stroke in units of µs × 0.1 Hz
constexpr double kShallowest = 20e-6;     // m; clinical.md 4.3, stratum corneum to break (F1)
constexpr double kDeepestUm = 4000;
constexpr double kDrawnReach = 10e-3;     // m off the rest skin that a drawn place may be

double blend(double from, double to, double share) {
    return from + share * (to - from);
}

/// Share of a stroke for which a pin is beyond the skin.
double dwell_share(double clearance, double depth) {
    return base::det::acos(clearance / depth) / base::det::kPi;
}

}  // namespace

/// A motor's stroke.
struct Needles::Strike {
    double time;       ///< µs
    uint32_t time_us;  ///< to the nearest
    const PenSpan& span;
};

Needles::Needles(const face::FaceAsset& face, const DeviceProfile& device, const SkinModel& skin)
    : face_(face), device_(device), skin_(skin), dial_error_(dial_error(device, 0)) {}

void Needles::change_cartridge() {
    dial_error_ = dial_error(device_, ++cartridges_);
}

/// Phase is counted in whole µs × 0.1 Hz, so no number of steps or changes of rate makes it drift.
void Needles::pass(const NeedleStep& step, std::vector<shared::Puncture>& out) {
    greatest_drag_ = 0;
    step.path.spans(step.from_us, step.to_us, spans_);
    for (const PenSpan& span : spans_) {
        if (!span.motor) {
            phase_ = 0;
            continue;
        }
        uint64_t turned = static_cast<uint64_t>(span.to - span.from) * span.rate_dhz;
        for (uint64_t due = kStroke - phase_; due <= turned; due += kStroke) {
            double time = span.from + static_cast<double>(due) / span.rate_dhz;
            uint64_t nearest = (2 * due + span.rate_dhz) / (2 * span.rate_dhz);
            strike(step, {time, span.from + static_cast<uint32_t>(nearest), span}, out);
        }
        phase_ = (phase_ + turned) % kStroke;
    }
}

double Needles::entering_share(const NeedleStep& step, double seat, double rate_hz) const {
    double taut = step.held_ideally ? 1.0 : std::min(1.0, step.after.drawn.stretch / skin_.full_stretch);
    double ease = skin_.tenting.ease(seat, rate_hz, taut, step.stiffness);
    return blend(device_.eta_min, device_.eta_max, ease);
}

/// All pins at one instant: the pen where it is then, the skin between the step's two ends.
void Needles::strike(const NeedleStep& step, const Strike& at, std::vector<shared::Puncture>& out) {
    const Touch &before = step.before, &after = step.after;
    if (!after.near && !before.near) return;
    PenState pen = step.path.at(at.time);
    if (pen.force && *pen.force <= 0.0) return;  // nothing holds the pen against its own needles
    double share = (at.time - step.from_us) / static_cast<double>(step.to_us - step.from_us);
    double rate_hz = at.span.rate_dhz * 0.1;
    double enters = entering_share(step, blend(before.seat, after.seat, share), rate_hz);
    double force = pen.force ? *pen.force : blend(before.force, after.force, share);
    glm::dvec3 from = before.near ? before.normal : after.normal, to = after.near ? after.normal : from;
    uint32_t tilt = centidegrees(tilt_between(pen.axis, from + share * (to - from)));
    uint32_t flags = pen.force ? 0 : shared::kFlagPositionDriven;

    double slide = step.slid / ((step.to_us - step.from_us) * 1e-6);  // m/s
    double set = std::max(0.0, at.span.depth_um * 1e-6 + dial_error_);
    TipFrame frame(pen);
    for (size_t k = 0; k < device_.pins.size(); ++k) {
        if (before.clearance[k] == kNoSkin || after.clearance[k] == kNoSkin) continue;
        double clearance = blend(before.clearance[k], after.clearance[k], share);
        double depth = enters * (set - clearance);
        if (depth < kShallowest) continue;
        std::optional<mesh::SurfaceHit> hit = step.tip.cast(frame, device_.pins[k]);
        if (!hit) continue;
        double drag = slide * dwell_share(clearance, set) / rate_hz;
        greatest_drag_ = std::max(greatest_drag_, drag);
        uint32_t scratch = drag > 0.5 * device_.pin_diameter ? shared::kFlagScratch : 0;
        shared::Puncture common{};
        common.time_us = at.time_us;
        common.force_needle = saturate(force * 1e3, 65535) | static_cast<uint32_t>(k) << 16 | step.direction << 24 |
                              (flags | scratch) << 28;
        record(undraw(step, *hit, share), depth, tilt, common, out);
    }
}

/// The skin at rest that fingers and tip have drawn to where the needle meets it.
mesh::SurfaceHit Needles::undraw(const NeedleStep& step, const mesh::SurfaceHit& hit, double share) const {
    glm::dvec3 before = step.before.drawn.at(hit.position - step.before.middle);
    glm::dvec3 after = step.after.drawn.at(hit.position - step.after.middle);
    glm::dvec3 shift = before + share * (after - before);
    if (glm::dot(shift, shift) < kUndrawn * kUndrawn) return hit;
    return face_.index->closest(hit.position - shift, kDrawnReach).value_or(hit);
}

void Needles::record(const mesh::SurfaceHit& hit, double depth, uint32_t tilt, const shared::Puncture& common,
                     std::vector<shared::Puncture>& out) const {
    shared::Puncture result = common;
    result.triangle = hit.point.triangle;
    result.weights = pack_weights(hit.point.weights);
    result.depth_tilt = saturate(depth * 1e6, kDeepestUm) | tilt << 16;
    // The cell follows from the place as recorded, so that anyone can find it again.
    mesh::SurfacePoint place = unpack_point(result);
    bool treatable = face_.zone[place.triangle] != 0;
    result.cell = treatable ? face_.cells.find(mesh::position_at(face_.mesh, place), mesh::normal_at(face_.mesh, place))
                            : shared::kNoCell;
    if (result.cell == shared::kNoCell) result.force_needle |= shared::kFlagOutside << 28;
    out.push_back(result);
}

void Needles::add_to(base::Hasher& hasher) const {
    hasher.value(phase_).value(cartridges_);
}

}  // namespace skin
