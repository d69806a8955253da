#include "training/core/strokes.h"

#include "training/core/metrics_support.h"

#include <glm/geometric.hpp>

#include <algorithm>

namespace training {
namespace {

constexpr double kMarkEvery = 1e-3;     // m
constexpr double kJump = 10e-3;         // m from one record to the next: a pointer's jump, no line (A)
constexpr uint32_t kSkip_us = 50'000;   // a shorter lift does not end a stroke (A)

/// What of `way` lies along the skin of a cell.
glm::dvec3 along_skin(const MeasureInput& input, glm::dvec3 way, uint32_t cell) {
    if (cell == shared::kNoCell) return way;
    glm::dvec3 normal = input.face.cells.normal[cell];
    return way - normal * glm::dot(way, normal);
}

/// Grows one stroke record by record.
class StrokeBuilder {
  public:
    explicit StrokeBuilder(const MeasureInput& input) : input_(input) {}

    void add(size_t index, const shared::ContactRecord& record, glm::dvec3 tip) {
        if (stroke_.places.empty()) {
            stroke_.first = index;
            stroke_.begin_us = record.time_us - std::min(record.time_us, skin::step_end_us(1));
            mark(index, record, tip, glm::dvec3(0));
        } else {
            glm::dvec3 way = along_skin(input_, tip - stroke_.marks.back().place, record.cell);
            double length2 = glm::dot(way, way);
            if (length2 >= kMarkEvery * kMarkEvery)
                mark(index, record, tip, length2 <= kJump * kJump ? way : glm::dvec3(0));
        }
        stroke_.places.push_back(tip);
        stroke_.last = index;
        stroke_.end_us = record.time_us;
    }
    bool empty() const { return stroke_.places.empty(); }
    uint32_t end_us() const { return stroke_.end_us; }
    MadeStroke take() { return std::exchange(stroke_, {}); }

  private:
    void mark(size_t index, const shared::ContactRecord& record, glm::dvec3 tip, glm::dvec3 way) {
        stroke_.marks.push_back({tip, way, record.cell, record.zone, record.time_us, index});
    }

    const MeasureInput& input_;
    MadeStroke stroke_;
};

}  // namespace

std::optional<glm::dvec3> TipPath::at(uint32_t time_us) {
    while (next_ < samples_.size() && samples_[next_].time_us < time_us) ++next_;
    if (next_ == samples_.size()) return std::nullopt;
    const input::PenSample& after = samples_[next_];
    if (after.time_us == time_us) return after.tip();
    if (next_ == 0) return std::nullopt;
    const input::PenSample& before = samples_[next_ - 1];
    double share = static_cast<double>(time_us - before.time_us) / (after.time_us - before.time_us);
    return before.tip() + (after.tip() - before.tip()) * share;
}

std::vector<MadeStroke> made_strokes(const MeasureInput& input) {
    constexpr uint32_t kBoth = shared::kContactTouching | shared::kContactMotor;
    std::vector<MadeStroke> strokes;
    StrokeBuilder builder(input);
    TipPath path(input.samples);
    for (size_t i = 0; i < input.contacts.size(); ++i) {
        const shared::ContactRecord& record = input.contacts[i];
        if (!builder.empty() && record.time_us - builder.end_us() > kSkip_us) strokes.push_back(builder.take());
        if ((record.flags & kBoth) != kBoth) continue;
        if (std::optional<glm::dvec3> tip = path.at(record.time_us)) builder.add(i, record, *tip);
    }
    if (!builder.empty()) strokes.push_back(builder.take());
    return strokes;
}

double needled_width(const skin::DeviceProfile& device) {
    return device.kind == skin::DeviceKind::roller ? device.drum_width : 2 * device.plate_radius;
}

double tip_width(const skin::DeviceProfile& device) {
    return device.kind == skin::DeviceKind::roller ? device.drum_width : 2 * device.tip_radius;
}

}  // namespace training
