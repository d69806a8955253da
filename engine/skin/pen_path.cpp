#include "engine/skin/pen_path.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace skin {
namespace {

PenState state_of(const input::PenSample& sample) {
    return {sample.tip(), sample.axis(), sample.force()};
}

}  // namespace

void PenPath::append(std::span<const input::PenSample> samples) {
    for (const input::PenSample& sample : samples) {
        CHECK(samples_.empty() || sample.time_us > samples_.back().time_us, sample.time_us);
        samples_.push_back(sample);
    }
}

size_t PenPath::index_at(double time_us) const {
    auto later =
        std::upper_bound(samples_.begin(), samples_.end(), time_us,
                         [](double time, const input::PenSample& sample) { return time < sample.time_us; });
    CHECK(later != samples_.begin(), time_us);
    return static_cast<size_t>(later - samples_.begin()) - 1;
}

PenState PenPath::at(double time_us) const {
    size_t i = index_at(time_us);
    const input::PenSample& sample = samples_[i];
    PenState one = state_of(sample);
    if (i + 1 == samples_.size() || time_us == sample.time_us) return one;
    PenState two = state_of(samples_[i + 1]);
    double share = (time_us - sample.time_us) / static_cast<double>(samples_[i + 1].time_us - sample.time_us);
    PenState between;
    between.tip = one.tip + share * (two.tip - one.tip);
    glm::dvec3 axis = one.axis + share * (two.axis - one.axis);
    double length = std::sqrt(glm::dot(axis, axis));
    between.axis = length > 1e-3 ? axis / length : one.axis;  // opposite axes have no direction between them
    between.force = one.force;
    if (one.force && two.force) between.force = *one.force + share * (*two.force - *one.force);
    return between;
}

bool PenPath::motor_at(uint32_t time_us) const {
    return samples_[index_at(time_us)].motor != 0;
}

void PenPath::spans(uint32_t from, uint32_t to, std::vector<PenSpan>& out) const {
    out.clear();
    for (size_t i = index_at(from); from < to; ++i) {
        const input::PenSample& sample = samples_[i];
        uint32_t end = i + 1 < samples_.size() ? std::min(to, samples_[i + 1].time_us) : to;
        out.push_back({from, end, sample.depth_um, sample.rate_dhz, sample.motor != 0});
        from = end;
    }
}

void PenPath::forget_before(uint32_t time_us) {
    samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(index_at(time_us)));
}

TipFrame::TipFrame(const PenState& pen) : origin(pen.tip), axis(pen.axis) {
    // Duff et al. 2017 (JCGT 6:1) for z = -axis; the branch at z = -1 is a pen that points straight out of
    // the face.
    glm::dvec3 z = -pen.axis;
    glm::dvec3 level = pen.heading - z * glm::dot(pen.heading, z);
    double length = std::sqrt(glm::dot(level, level));
    if (length > 1e-3) {  // a drum whose handle points along its way has no axle to find
        up = level / length;
        right = glm::cross(up, z);
        return;
    }
    if (z.z < -0.9999999) {
        right = {1, 0, 0};
        up = {0, -1, 0};
        return;
    }
    double a = -1.0 / (1.0 + z.z), b = z.x * z.y * a;
    right = {1.0 + z.x * z.x * a, b, -z.x};
    up = {b, 1.0 + z.y * z.y * a, -z.y};
}

}  // namespace skin
