#include "engine/skin/memory.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/result.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace skin {
namespace {

constexpr double kSamePlace = 1e-3;   // m that a tip goes on before a new load is kept
constexpr double kForgotten = 1e-6;   // N; less is no dent that anybody could see or score
constexpr size_t kMostLoads = 32;

double distance2(glm::dvec3 a, glm::dvec3 b) {
    glm::dvec3 apart = a - b;
    return glm::dot(apart, apart);
}

}  // namespace

Memory::Memory(const SkinModel& model, std::span<const glm::dvec2> places)
    : instant_share_(model.instant_share()) {
    CHECK(model.relaxation.size() <= kMostTerms);
    for (const Relaxation& part : model.relaxation) terms_.push_back({part.share, part.time});
    double reach = 0;
    for (glm::dvec2 place : places) reach = std::max(reach, std::sqrt(glm::dot(place, place)));
    // The middle is one part and the rest eight sectors: they carry the load's total and how it leans.
    for (glm::dvec2 place : places) {
        double turn = base::det::atan2(place.y, place.x) / base::det::kPi + 1.0;
        bool middle = glm::dot(place, place) < 0.16 * reach * reach;
        part_of_.push_back(middle ? 0 : 1 + std::min<size_t>(7, static_cast<size_t>(turn * 4.0)));
    }
}

void Memory::set_step(double seconds) {
    if (seconds == seconds_) return;
    seconds_ = seconds;
    present_share_ = instant_share_;
    for (Term& term : terms_) {
        double lag = seconds / term.time;
        term.kept = seconds > 0.0 ? base::det::exp(-lag) : 1.0;
        double mean = seconds > 0.0 ? (1.0 - term.kept) / lag : 1.0;
        term.of_new = 1.0 - mean;
        term.of_last = mean - term.kept;
        present_share_ += term.share * term.of_new;
    }
}

double Memory::weight(const Disc& disc) const {
    double sum = 0;
    for (size_t k = 0; k < terms_.size(); ++k) sum += terms_[k].share * disc.load[k];
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
    set_step(seconds);
    for (Load& load : loads_)
        for (Disc& disc : load.discs)
            for (size_t k = 0; k < terms_.size(); ++k) disc.load[k] *= terms_[k].kept;
    for (size_t part = 0; bearing_ && part < kParts; ++part)
        for (size_t k = 0; k < terms_.size(); ++k)
            loads_.back().discs[part].load[k] += terms_[k].of_last * last_[part].load[0];
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
        double before = weight(disc), more = (present_share_ - instant_share_) * fresh.load[0];
        double share = before + more > 0.0 ? more / (before + more) : 1.0;
        if (before <= 0.0) share = 1.0;
        disc.position += share * (fresh.position - disc.position);
        disc.area += share * (fresh.area - disc.area);
        for (size_t k = 0; k < terms_.size(); ++k) disc.load[k] += terms_[k].of_new * fresh.load[0];
    }
    if (!moved_on && present_share_ > instant_share_) {
        double all = 0;
        for (const Disc& disc : load.discs) all += weight(disc);
        double share = std::min(1.0, (present_share_ - instant_share_) * total / all);
        load.centre += share * (centre - load.centre);
    }
    if (loads_.size() > kMostLoads) loads_.erase(loads_.begin());
}

}  // namespace skin
