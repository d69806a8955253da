#include "training/core/sections.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/result.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace training {

namespace {

constexpr size_t kMostSections = 400;
constexpr int kSettlingRounds = 3;
constexpr double kShortestPiece = 8e-3;  // m: what is shorter goes with the section beside
constexpr double kLeastTaut = 0.05, kMostTaut = 0.15,
                 kAim = 0.09;                             // clinical.md 3 (A); what a hand aims at (A)
constexpr double kTrialPull = 2e-3, kLongestPull = 8e-3;  // m of each fingertip
constexpr int kHoldSteps = 12;                            // until friction has shown whether they slip
constexpr size_t kLooksAt = 24;                           // places of a section

size_t nearest_of(const std::vector<glm::dvec3>& middles, glm::dvec3 place) {
    size_t best = 0;
    for (size_t i = 1; i < middles.size(); ++i) {
        if (glm::distance(middles[i], place) < glm::distance(middles[best], place)) best = i;
    }
    return best;
}

/// Moves each middle to the mean of the places nearest to it (Lloyd 1982).
void settle(const std::vector<glm::dvec3>& places, std::vector<glm::dvec3>& middles) {
    for (int round = 0; round < kSettlingRounds; ++round) {
        std::vector<glm::dvec3> sums(middles.size(), glm::dvec3(0));
        std::vector<double> counts(middles.size(), 0);
        for (glm::dvec3 place : places) {
            const size_t own = nearest_of(middles, place);
            sums[own] += place, counts[own] += 1;
        }
        for (size_t i = 0; i < middles.size(); ++i) {
            if (counts[i] > 0) middles[i] = sums[i] / counts[i];
        }
    }
}

/// As few middles as leave no place further than `reach` from one, nearly: the furthest place begins a
/// section of its own.
std::vector<glm::dvec3> middles_of(const std::vector<glm::dvec3>& places, double reach) {
    std::vector<glm::dvec3> middles{places.front()};
    while (middles.size() < kMostSections) {
        settle(places, middles);
        glm::dvec3 furthest = places.front();
        double most = 0;
        for (glm::dvec3 place : places) {
            const double apart = glm::distance(place, middles[nearest_of(middles, place)]);
            if (apart > most) most = apart, furthest = place;
        }
        if (most <= reach) break;
        middles.push_back(furthest);
    }
    return middles;
}

/// The section of each point; a stretch too short to be a stroke goes with what lies before it, or else after
/// it.
std::vector<size_t> sections_along(const Stroke& stroke, const std::vector<glm::dvec3>& middles) {
    std::vector<size_t> own;
    for (const StrokePoint& point : stroke.points) own.push_back(nearest_of(middles, point.position));
    for (size_t begin = 0; begin < own.size();) {
        size_t end = begin;
        while (end < own.size() && own[end] == own[begin]) ++end;
        const double length = glm::distance(stroke.points[begin].position, stroke.points[end - 1].position);
        if (length < kShortestPiece && (begin > 0 || end < own.size())) {
            std::fill(own.begin() + static_cast<ptrdiff_t>(begin), own.begin() + static_cast<ptrdiff_t>(end),
                      begin > 0 ? own[begin - 1] : own[end]);
        }
        begin = end;
    }
    return own;
}

void cut(const Stroke& stroke, const std::vector<glm::dvec3>& middles, double overlap,
         std::vector<Section>& sections) {
    const std::vector<StrokePoint>& points = stroke.points;
    const std::vector<size_t> own = sections_along(stroke, middles);
    for (size_t begin = 0; begin < points.size();) {
        size_t end = begin;
        while (end < points.size() && own[end] == own[begin]) ++end;
        size_t first = begin, last = end - 1;
        while (first > 0 && glm::distance(points[first].position, points[begin].position) < overlap) --first;
        while (last + 1 < points.size() &&
               glm::distance(points[last].position, points[end - 1].position) < overlap)
            ++last;
        Stroke piece{{points.begin() + static_cast<ptrdiff_t>(first),
                      points.begin() + static_cast<ptrdiff_t>(last) + 1}};
        if (piece.points.size() >= 2) sections[own[begin]].strokes.push_back(std::move(piece));
        begin = end;
    }
}

void find_middle(Section& section) {
    double count = 0;
    section.middle = section.outward = glm::dvec3(0);
    for (const Stroke& stroke : section.strokes) {
        for (const StrokePoint& point : stroke.points) {
            section.middle += point.position, section.outward -= point.inward, count += 1;
        }
    }
    section.middle /= count;
    section.outward =
        glm::length(section.outward) > 0 ? glm::normalize(section.outward) : glm::dvec3(0, 0, 1);
}

/// Each the nearest to the one before.
void put_in_order(std::vector<Section>& sections) {
    for (size_t i = 1; i < sections.size(); ++i) {
        const auto nearer = [&](const Section& a, const Section& b) {
            return glm::distance(a.middle, sections[i - 1].middle) <
                   glm::distance(b.middle, sections[i - 1].middle);
        };
        const auto next =
            std::min_element(sections.begin() + static_cast<ptrdiff_t>(i), sections.end(), nearer);
        std::iter_swap(sections.begin() + static_cast<ptrdiff_t>(i), next);
    }
}

/// How taut a hold keeps the places that the hand looks at.
std::vector<double> tautness(const face::FaceAsset& face, const skin::SkinModel& skin, const skin::Hold& hold,
                             const std::vector<StrokePoint>& places) {
    skin::Stretch stretch(face, skin);
    stretch.hold(hold);
    for (int i = 0; i < kHoldSteps; ++i) stretch.pass(1.0 / kHoldSteps, {}, {});
    std::vector<double> taut;
    for (const StrokePoint& place : places)
        taut.push_back(stretch.drawn(place.position, -place.inward).stretch);
    return taut;
}

double share_within(const std::vector<double>& taut) {
    const auto good =
        std::count_if(taut.begin(), taut.end(), [](double s) { return s >= kLeastTaut && s <= kMostTaut; });
    return static_cast<double>(good) / static_cast<double>(taut.size());
}

std::vector<StrokePoint> places_in(const Section& section) {
    std::vector<StrokePoint> all, some;
    for (const Stroke& stroke : section.strokes)
        all.insert(all.end(), stroke.points.begin(), stroke.points.end());
    const size_t count = std::min(kLooksAt, all.size());
    for (size_t i = 0; i < count; ++i) some.push_back(all[(2 * i + 1) * all.size() / (2 * count)]);
    return some;
}

}  // namespace

std::vector<Section> cut_into_sections(std::span<const Stroke> strokes, double reach, double overlap) {
    std::vector<glm::dvec3> places;
    for (const Stroke& stroke : strokes) {
        for (const StrokePoint& point : stroke.points) places.push_back(point.position);
    }
    if (places.empty()) return {};
    const std::vector<glm::dvec3> middles = middles_of(places, reach);
    std::vector<Section> sections(middles.size());
    for (const Stroke& stroke : strokes) cut(stroke, middles, overlap, sections);
    std::erase_if(sections, [](const Section& section) { return section.strokes.empty(); });
    for (Section& section : sections) find_middle(section);
    put_in_order(sections);
    return sections;
}

skin::Hold best_hold(const face::FaceAsset& face, const skin::SkinModel& skin, const Section& section,
                     double turn) {
    const std::vector<StrokePoint> places = places_in(section);
    CHECK(!places.empty());
    glm::dvec3 along, across;
    face::FaceAsset::tangent_frame(section.outward, along, across);
    skin::Hold best;
    double most = -1;
    for (int eighth = 0; eighth < 4; ++eighth) {
        const double angle = turn + eighth * base::det::kPi / 4;
        const glm::dvec3 apart = across * base::det::cos(angle) + along * base::det::sin(angle);
        std::vector<double> trial = tautness(face, skin, {section.middle, apart * kTrialPull}, places);
        const auto middle = trial.begin() + static_cast<ptrdiff_t>(trial.size() / 2);
        std::nth_element(trial.begin(), middle, trial.end());
        if (!(*middle > 0)) continue;
        const skin::Hold hold{section.middle, apart * std::min(kLongestPull, kTrialPull * kAim / *middle)};
        const double good = share_within(tautness(face, skin, hold, places));
        if (good > most) most = good, best = hold;
    }
    return best;
}

}  // namespace training
