#include "engine/skin/needles.h"

#include "engine/skin/evidence_integers.h"

#include <glm/geometric.hpp>

#include <algorithm>

namespace skin {
namespace {

constexpr uint64_t kStroke = 10'000'000;  // one stroke in units of µs × 0.1 Hz
constexpr double kShallowest = 20e-6;     // m; clinical.md 4.3, stratum corneum to break (F1)
constexpr double kDeepestUm = 4000;

double blend(double from, double to, double share) {
    return from + share * (to - from);
}

/// Share of a stroke for which a pin is beyond the skin.
double dwell_share(double clearance, double depth) {
    return base::det::acos(clearance / depth) / base::det::kPi;
}

}  // namespace

Needles::Needles(const face::FaceAsset& face, const DeviceProfile& device, const SkinModel& skin)
    : face_(face),
      device_(device),
      skin_(skin),
      places_(entry_places(device)),
      dial_error_(dial_error(device, 0)),
      deepest_(device.kind == DeviceKind::stamp ? device.pins.size() : 0),
      inside_(device.kind == DeviceKind::roller ? device.pins.size() : 0) {}

void Needles::change_cartridge() {
    dial_error_ = dial_error(device_, ++cartridges_);
}

void Needles::pass(const NeedleStep& step, std::vector<shared::Puncture>& out) {
    greatest_drag_ = 0;
    switch (device_.kind) {
        case DeviceKind::pen:
            return run_motor(step, out);
        case DeviceKind::stamp:
            return press(step, out);
        case DeviceKind::roller:
            return roll(step, out);
    }
}

/// Phase is counted in whole µs × 0.1 Hz, so no number of steps or changes of rate makes it drift.
void Needles::run_motor(const NeedleStep& step, std::vector<shared::Puncture>& out) {
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
            if (std::optional<Instant> at = instant(step, time, span.rate_dhz * 0.1))
                strike(step, *at, span.from + static_cast<uint32_t>(nearest), span, out);
        }
        phase_ = (phase_ + turned) % kStroke;
    }
}

/// All pins of a plate at once.
void Needles::strike(const NeedleStep& step, const Instant& at, uint32_t time_us, const PenSpan& span,
                     std::vector<shared::Puncture>& out) {
    double slide = step.slid / ((step.to_us - step.from_us) * 1e-6);  // m/s
    double set = std::max(0.0, span.depth_um * 1e-6 + dial_error_), rate_hz = span.rate_dhz * 0.1;
    for (size_t k = 0; k < places_.size(); ++k) {
        std::optional<double> gap = clearance(step, k, at.share);
        if (!gap || *gap >= set) continue;
        double drag = slide * dwell_share(*gap, set) / rate_hz;
        if (std::optional<shared::Puncture> puncture = enter(step, at, time_us, {k, k, set, *gap, drag, drag}))
            out.push_back(*puncture);
    }
}

/// Nothing where no needle can enter.
std::optional<Needles::Instant> Needles::instant(const NeedleStep& step, double time, double rate_hz) const {
    const Touch &before = step.before, &after = step.after;
    if (!after.near && !before.near) return std::nullopt;
    Instant at{};
    at.pen = step.path.at(time);
    at.pen.heading = step.heading;
    if (at.pen.force && *at.pen.force <= 0.0)
        return std::nullopt;  // nothing holds the pen against its own needles
    at.share = (time - step.from_us) / static_cast<double>(step.to_us - step.from_us);
    at.force = at.pen.force ? *at.pen.force : blend(before.force, after.force, at.share);
    double taut = step.held_ideally ? 1.0 : std::min(1.0, after.drawn.stretch / skin_.full_stretch);
    double ease = skin_.tenting.ease(blend(before.seat, after.seat, at.share), rate_hz, taut, step.stiffness);
    at.enters = blend(device_.eta_min, device_.eta_max, ease);
    glm::dvec3 from = before.near ? before.normal : after.normal, to = after.near ? after.normal : from;
    at.tilt = centidegrees(tilt_between(at.pen.axis, from + at.share * (to - from)));
    at.flags = at.pen.force ? 0 : shared::kFlagPositionDriven;
    return at;
}

std::optional<double> Needles::clearance(const NeedleStep& step, size_t place, double share) const {
    double before = step.before.clearance[place], after = step.after.clearance[place];
    if (before == kNoSkin || after == kNoSkin) return std::nullopt;
    return blend(before, after, share);
}

std::optional<shared::Puncture> Needles::enter(const NeedleStep& step, const Instant& at, uint32_t time_us,
                                               const Entry& entry) {
    double depth = at.enters * (entry.reach - entry.clearance);
    if (depth < kShallowest) return std::nullopt;
    std::optional<mesh::SurfaceHit> hit = step.tip.cast(TipFrame(at.pen), places_[entry.place]);
    if (!hit) return std::nullopt;
    greatest_drag_ = std::max(greatest_drag_, entry.drag);
    uint32_t flags = at.flags | (entry.slip > 0.5 * device_.pin_diameter ? shared::kFlagScratch : 0);
    shared::Puncture result{};
    result.time_us = time_us;
    result.depth_tilt = saturate(depth * 1e6, kDeepestUm) | at.tilt << 16;
    result.force_needle = saturate(at.force * 1e3, 65535) | static_cast<uint32_t>(entry.needle) << 16 |
                          step.direction << 24 | flags << 28;
    put_on_face(undraw(step, *hit, at.share), result);
    return result;
}

/// The skin at rest that fingers and tip have drawn to where the needle meets it.
mesh::SurfacePoint Needles::undraw(const NeedleStep& step, const mesh::SurfaceHit& hit, double share) const {
    glm::dvec3 before = step.before.drawn.at(hit.position - step.before.middle);
    glm::dvec3 after = step.after.drawn.at(hit.position - step.after.middle);
    glm::dvec3 shift = before + share * (after - before);
    if (glm::dot(shift, shift) < kUndrawn * kUndrawn) return face_.drawn_at(hit);
    std::optional<mesh::SurfaceHit> at_rest = face_.index->closest(hit.position - shift, kDrawnReach);
    return at_rest ? at_rest->point : face_.drawn_at(hit);
}

/// The cell follows from the place as recorded, so that anyone can find it again.
void Needles::put_on_face(const mesh::SurfacePoint& point, shared::Puncture& puncture) const {
    puncture.triangle = point.triangle;
    puncture.weights = pack_weights(point.weights);
    mesh::SurfacePoint place = unpack_point(puncture);
    puncture.cell = face_.cells.find(mesh::position_at(face_.mesh, place), mesh::normal_at(face_.mesh, place));
    if (puncture.cell == shared::kNoCell) puncture.force_needle |= shared::kFlagOutside << 28;
}

void Needles::add_to(base::Hasher& hasher) const {
    hasher.value(phase_).value(cartridges_).value(slid_).value(uint8_t(torn_)).value(rolled_);
    hasher.values(std::span<const char>(inside_));
    for (const std::optional<shared::Puncture>& puncture : deepest_)
        if (puncture) hasher.values(std::span(&*puncture, 1));
}

}  // namespace skin
