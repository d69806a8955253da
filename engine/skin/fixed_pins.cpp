// Needles of stamps and rollers: see needles.h.

#include "engine/skin/evidence_integers.h"
#include "engine/skin/needles.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace skin {
namespace {

constexpr double kFastestRolling = 3.0;  // m/s (A)

/// Into [0, girth).
double round_drum(double way, double girth) {
    double wrapped = way - girth * std::floor(way / girth);
    return wrapped < girth ? wrapped : 0.0;
}

}  // namespace

double entry_angle(double tip_radius, double reach) {
    return base::det::acos(std::clamp((tip_radius - reach) / tip_radius, -1.0, 1.0));
}

double pin_sweep(double tip_radius, double reach) {
    double angle = entry_angle(tip_radius, reach);
    return std::fabs((tip_radius - reach) * angle - tip_radius * base::det::sin(angle));
}

double Needles::standing_share(double force, double pins) const {
    return std::min(1.0, std::max(0.0, force) / (pins * device_.pin_force));
}

void Needles::press(const NeedleStep& step, std::vector<shared::Puncture>& out) {
    if (!step.after.touching) {
        if (!torn_) end_press(step.to_us, out);
        torn_ = false;
        slid_ = 0;
        return;
    }
    if (step.before.touching) slid_ += step.slid;
    greatest_drag_ = slid_;
    if (torn_) return;
    go_deeper(step);
    if (slid_ <= 0.5 * device_.pin_diameter) return;
    end_press(step.to_us, out);
    torn_ = true;
}

void Needles::go_deeper(const NeedleStep& step) {
    std::optional<Instant> at = instant(step, step.to_us, 0.0);
    if (!at) return;
    double reach = device_.pin_length * standing_share(at->force, static_cast<double>(device_.pin_count()));
    for (size_t k = 0; k < places_.size(); ++k) {
        double gap = step.after.clearance[k];
        if (gap == kNoSkin) continue;
        std::optional<shared::Puncture> now = enter(step, *at, step.to_us, {k, k, reach, gap, slid_, slid_});
        std::optional<shared::Puncture>& deepest = deepest_[k];
        if (now && (!deepest || shared::puncture_depth_um(*now) > shared::puncture_depth_um(*deepest)))
            deepest = now;
    }
}

void Needles::end_press(uint32_t time_us, std::vector<shared::Puncture>& out) {
    uint32_t scratch = slid_ > 0.5 * device_.pin_diameter ? shared::kFlagScratch : 0;
    for (std::optional<shared::Puncture>& deepest : deepest_) {
        if (!deepest) continue;
        deepest->time_us = time_us;
        deepest->force_needle |= scratch << 28;
        out.push_back(*deepest);
        deepest.reset();
    }
}

void Needles::roll(const NeedleStep& step, std::vector<shared::Puncture>& out) {
    if (!step.before.touching || !step.after.touching) {
        std::fill(inside_.begin(), inside_.end(), char(0));
        return;
    }
    step.path.spans(step.from_us, step.to_us, spans_);
    crossings_.clear();
    glm::dvec3 from = step.path.at(step.from_us).tip;
    for (const PenSpan& span : spans_) {
        glm::dvec3 to = step.path.at(span.to).tip;
        double way = glm::dot(to - from, step.heading);
        if (std::fabs(way) <= kFastestRolling * (span.to - span.from) * 1e-6) turn_drum(span, way);
        from = to;
    }
    std::sort(crossings_.begin(), crossings_.end());
    for (const Crossing& crossing : crossings_) roll_in(step, crossing, out);
}

/// The pen goes straight from sample to sample, so the drum turns evenly between them.
void Needles::turn_drum(const PenSpan& span, double way) {
    double girth = device_.drum_girth();
    double out_of_skin =
        device_.drum_radius * entry_angle(device_.drum_radius + device_.pin_length, device_.pin_length);
    double rolled = round_drum(rolled_ + way, girth);
    for (size_t k = 0; k < device_.pins.size(); ++k) {
        double ahead =
            round_drum(way < 0.0 ? rolled_ - device_.pins[k].y : device_.pins[k].y - rolled_, girth);
        bool crosses = ahead > 0.0 && ahead <= std::fabs(way);
        if (crosses && !inside_[k]) {
            double time = ahead / std::fabs(way) * (span.to - span.from);
            uint32_t later = std::clamp(static_cast<uint32_t>(std::ceil(time)), 1u, span.to - span.from);
            crossings_.push_back({span.from + later, k, span.from + time});
            inside_[k] = 1;
        }
        double apart = round_drum(device_.pins[k].y - rolled, girth);
        if (std::min(apart, girth - apart) > out_of_skin) inside_[k] = 0;
    }
    rolled_ = rolled;
}

/// Pins stand on the skin wherever the drum bears on it: as many as its face has there.
void Needles::roll_in(const NeedleStep& step, const Crossing& crossing, std::vector<shared::Puncture>& out) {
    std::optional<Instant> at = instant(step, crossing.time, 0.0);
    size_t row = crossing.needle / (device_.pins.size() / device_.rows);
    std::optional<double> gap = at ? clearance(step, row, at->share) : std::nullopt;
    if (!gap) return;
    double bearing =
        step.before.bearing_area + at->share * (step.after.bearing_area - step.before.bearing_area);
    double pins =
        static_cast<double>(device_.pin_count()) * bearing / (device_.drum_girth() * device_.drum_width);
    double reach = device_.pin_length * standing_share(at->force, std::max(1.0, pins));

    double tip_radius = device_.drum_radius + device_.pin_length, in_skin = std::max(0.0, reach - *gap);
    glm::dvec3 went = step.path.at(step.to_us).tip - step.path.at(step.from_us).tip;
    double way = std::fabs(glm::dot(went, step.heading)),
           passes = 2.0 * device_.drum_radius * entry_angle(tip_radius, in_skin);
    double back = 2.0 * pin_sweep(tip_radius, in_skin), aside = way > 0.0 ? step.slid * passes / way : 0.0;
    Entry entry{crossing.needle, row, reach, *gap, std::sqrt(back * back + aside * aside), aside};
    if (std::optional<shared::Puncture> puncture = enter(step, *at, crossing.time_us, entry))
        out.push_back(*puncture);
}

}  // namespace skin
