#include "engine/skin/memory.h"

#include "engine/base/deterministic_math.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace skin {
namespace {

constexpr double kSamePlace = 1e-3;   // m that a tip goes on before a new load is kept
constexpr double kForgotten = 2e-4;   // N; less dents the softest skin by about a micrometre
constexpr size_t kMostLoads = 24;

double distance2(glm::dvec3 a, glm::dvec3 b) {
    glm::dvec3 apart = a - b;
    return glm::dot(apart, apart);
}

}  // namespace

Memory::Memory(const SkinModel& model, std::span<const glm::dvec2> places)
    : creep_(model) {
    double reach = 0;
    for (glm::dvec2 place : places) reach = std::max(reach, std::sqrt(glm::dot(place, place)));
    // The middle is one part and the rest eight sectors: they carry the load's total and how it leans.
    for (glm::dvec2 place : places) {
        double turn = base::det::atan2(place.y, place.x) / base::det::kPi + 1.0;
        bool middle = glm::dot(place, place) < 0.16 * reach * reach;
        part_of_.push_back(middle ? 0 : 1 + std::min<size_t>(7, static_cast<size_t>(turn * 4.0)));
    }
}

double Memory::weight(const Disc& disc) const {
    double sum = 0;
    for (size_t k = 0; k < creep_.terms().size(); ++k) sum += creep_.terms()[k].share * disc.load[k];
    return sum;
}

void Memory::forget() {
    auto faded = [&](const Load& load) {
        double sum = 0;
        for (const Disc& disc : load.discs) sum += weight(disc);
        return sum < kForgotten;
    };
    size_t keep = bearing_ ? 1 : 0;  // what bears still adds to the newest
    while (loads_.size() > keep && faded(loads_.front())) loads_.erase(loads_.begin());
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

void Memory::bear(std::span<const PressurePoint> points, std::span<const size_t> which) {
    const std::vector<CreepStep::Term>& terms = creep_.terms();
    const double late_share = creep_.present_share() - creep_.instant_share();
    last_ = {};
    double total = 0;
    glm::dvec3 centre{0};
    for (size_t i = 0; i < points.size(); ++i) {
        Disc& disc = last_[part_of_[which[i]]];
        disc.load[0] += points[i].force;
        disc.position += points[i].force * points[i].position;
        disc.area += points[i].area;
        centre += points[i].force * points[i].position;
        total += points[i].force;
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
        Disc& disc = load.discs[part];
        const Disc& fresh = last_[part];
        if (fresh.load[0] <= 0.0) continue;
        // What is new moves the disc by its part of the whole.
        double before = weight(disc), more = late_share * fresh.load[0];
        double share = before + more > 0.0 ? more / (before + more) : 1.0;
        if (before <= 0.0) share = 1.0;
        disc.position += share * (fresh.position - disc.position);
        disc.area += share * (fresh.area - disc.area);
        for (size_t k = 0; k < terms.size(); ++k) disc.load[k] += terms[k].of_new * fresh.load[0];
    }
    if (!moved_on && late_share > 0.0) {
        double all = 0;
        for (const Disc& disc : load.discs) all += weight(disc);
        double share = std::min(1.0, late_share * total / all);
        load.centre += share * (centre - load.centre);
    }
    if (loads_.size() > kMostLoads) loads_.erase(loads_.begin());
}

}  // namespace skin
