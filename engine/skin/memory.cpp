#include "engine/skin/memory.h"

#include "engine/base/deterministic_math.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace skin {
namespace {

constexpr double kSamePlace = 1e-3;   // m that a tip goes on before a new load is kept
constexpr double kForgotten = 2e-4;   // N; less dents the softest skin by about a micrometre
constexpr size_t kMostLoads = 12, kNewLoads = 6;  // the new ones are kept apart

double distance2(glm::dvec3 a, glm::dvec3 b) {
    glm::dvec3 apart = a - b;
    return glm::dot(apart, apart);
}

}  // namespace

Memory::Memory(const SkinModel& model, std::span<const glm::dvec2> places)
    : creep_(model) {
    double reach = 0;
    for (glm::dvec2 place : places) reach = std::max(reach, std::sqrt(glm::dot(place, place)));
    // The middle is one part and the rest eight sectors: they carry the load's total and how it leans. The sectors are
    // mirror images of one another, and no border between them goes through a point of a ring.
    for (glm::dvec2 place : places) {
        bool middle = glm::dot(place, place) < 0.16 * reach * reach;
        double turn = base::det::atan2(std::fabs(place.y), std::fabs(place.x));
        size_t left = place.x < 0.0, down = place.y < 0.0;
        part_of_.push_back(middle ? 0 : turn < 0.35 ? 1 + left : turn > 1.17 ? 3 + down : 5 + left + 2 * down);
    }
}

double Memory::weight(const Disc& disc) const {
    double sum = 0;
    for (size_t k = 0; k < creep_.terms().size(); ++k) sum += creep_.terms()[k].share * disc.load[k];
    return sum;
}

double Memory::weight(const Load& load) const {
    double sum = 0;
    for (const Disc& disc : load.discs) sum += weight(disc);
    return sum;
}

void Memory::forget() {
    size_t keep = bearing_ ? 1 : 0;  // what bears still adds to the newest
    while (loads_.size() > keep && weight(loads_.front()) < kForgotten) loads_.erase(loads_.begin());
}

/// Into `disc`, where both weigh equally.
void Memory::add(Disc& disc, const Disc& other) const {
    double before = weight(disc), more = weight(other);
    double share = before > 0.0 ? more / (before + more) : 1.0;
    disc.position += share * (other.position - disc.position);
    disc.area += share * (other.area - disc.area);
    for (size_t k = 0; k < disc.load.size(); ++k) disc.load[k] += other.load[k];
}

/// The two neighbours among the older loads that weigh least become one.
void Memory::merge_old() {
    if (loads_.size() <= kMostLoads) return;
    size_t least = 0;
    double least_weight = weight(loads_[0]) + weight(loads_[1]);
    for (size_t i = 1; i + kNewLoads < loads_.size(); ++i) {
        double both = weight(loads_[i]) + weight(loads_[i + 1]);
        if (both < least_weight) least = i, least_weight = both;
    }
    Load &older = loads_[least], &newer = loads_[least + 1];
    for (size_t part = 0; part < kParts; ++part) add(newer.discs[part], older.discs[part]);
    loads_.erase(loads_.begin() + static_cast<std::ptrdiff_t>(least));
}

void Memory::pass(double seconds) {
    creep_.set(seconds);
    const std::vector<CreepStep::Term>& terms = creep_.terms();
    for (Load& load : loads_)
        for (Disc& disc : load.discs)
            for (size_t k = 0; k < terms.size(); ++k) disc.load[k] *= terms[k].kept;
    for (size_t part = 0; bearing_ && part < kParts; ++part)
        for (size_t k = 0; k < terms.size(); ++k)
            loads_.back().discs[part].load[k] += terms[k].of_last * last_[part].load[0];
    forget();
    find_discs();
}

void Memory::find_discs() {
    discs_.clear();
    for (const Load& load : loads_)
        for (const Disc& disc : load.discs)
            if (double force = weight(disc); force > 0.0) discs_.push_back({disc.position, force, disc.area});
}

void Memory::bear(std::span<const PressurePoint> points, std::span<const size_t> which, double stiffer) {
    const std::vector<CreepStep::Term>& terms = creep_.terms();
    const double late_share = creep_.present_share() - creep_.instant_share();
    last_ = {};
    double total = 0;
    glm::dvec3 centre{0};
    for (size_t i = 0; i < points.size(); ++i) {
        Disc& disc = last_[part_of_[which[i]]];
        const double force = points[i].force / stiffer;
        disc.load[0] += force;
        disc.position += force * points[i].position;
        disc.area += points[i].area;
        centre += force * points[i].position;
        total += force;
    }
    bearing_ = total > 0.0;
    if (!bearing_) return;
    centre /= total;
    for (Disc& disc : last_)
        if (disc.load[0] > 0.0) disc.position /= disc.load[0];

    bool moved_on = loads_.empty() || distance2(loads_.back().centre, centre) > kSamePlace * kSamePlace;
    if (moved_on) loads_.emplace_back().centre = centre;
    Load& load = loads_.back();
    for (size_t part = 0; part < kParts; ++part) {
        Disc fresh = last_[part];
        for (size_t k = 0; k < terms.size(); ++k) fresh.load[k] = terms[k].of_new * last_[part].load[0];
        add(load.discs[part], fresh);
    }
    if (!moved_on && late_share > 0.0) {
        double share = std::min(1.0, late_share * total / weight(load));
        load.centre += share * (centre - load.centre);
    }
    merge_old();
}

}  // namespace skin
