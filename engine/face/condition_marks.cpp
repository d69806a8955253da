#include "engine/face/condition_marks.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace face {

namespace {

constexpr double kReach = 10e-3;    // m: farther from the skin than this there is nothing to paint on
constexpr double kScatter = 0.2;    // of severity, from item to item and mark to mark

/// Uniform in the unit disc, without trigonometry.
glm::dvec2 in_disc(base::Random& random) {
    while (true) {
        glm::dvec2 p(random.uniform(-1, 1), random.uniform(-1, 1));
        if (glm::dot(p, p) <= 1) return p;
    }
}

/// A spot's brown is its own, not a multiple of the skin's: the content is written for skin type II, on fairer skin the
/// same spot is a greater change, on darker skin a lesser one. Square root of the melanin shares of clinical.md 5.1, so
/// that spots of dark skin are still darker than those of fair skin (A).
double brown_on(uint8_t fitzpatrick) {
    constexpr double kChange[7] = {1, 1.39, 1, 0.71, 0.5, 0.38, 0.29};
    return kChange[std::min<size_t>(fitzpatrick, 6)];
}

SkinDetail make_detail(const FaceAsset& asset, const Mark& mark, glm::dvec3 from, glm::dvec3 to, double width, double severity,
                       base::Random& random) {
    SkinDetail detail;
    detail.from = glm::vec3(from);
    detail.to = glm::vec3(to);
    detail.radius = static_cast<float>(0.5 * width);
    detail.height = static_cast<float>(draw(mark.height, severity, random));
    detail.steepness = static_cast<float>(mark.steepness);
    detail.irregularity = static_cast<float>(mark.irregularity);
    double melanin = draw(mark.melanin, severity, random);
    detail.melanin = static_cast<float>(std::min(melanin > 0 ? melanin * brown_on(asset.fitzpatrick) : melanin, 8.0));
    detail.haemoglobin = static_cast<float>(draw(mark.haemoglobin, severity, random));
    detail.gloss = static_cast<float>(draw(mark.gloss, severity, random));
    detail.seed = static_cast<uint32_t>(random.next() >> 32);
    return detail;
}

/// A place in the unit disc that keeps away from those before it: the best of a few (Mitchell 1991).
glm::dvec2 apart_in_disc(std::vector<glm::dvec2>& taken, base::Random& random) {
    constexpr int kCandidates = 5;
    glm::dvec2 best(0);
    double farthest2 = -1;
    for (int i = 0; i < kCandidates; ++i) {
        glm::dvec2 p = in_disc(random);
        double nearest2 = 8;
        for (glm::dvec2 other : taken) nearest2 = std::min(nearest2, glm::dot(p - other, p - other));
        if (nearest2 > farthest2) farthest2 = nearest2, best = p;
    }
    taken.push_back(best);
    return best;
}

void lay_mark(FaceAsset& asset, const Mark& mark, const Item& item, double severity, base::Random& random) {
    const glm::dvec3 across = glm::cross(item.place.normal, item.axis);
    auto count = static_cast<int>(std::floor(draw(mark.count, severity, random) + 0.5));
    std::vector<glm::dvec2> taken;
    for (int i = 0; i < count && asset.details.size() < kMostDetails; ++i) {
        glm::dvec2 off = apart_in_disc(taken, random) * (0.5 * item.size * mark.spread);
        glm::dvec3 middle = item.place.position + item.axis * off.x + across * off.y;
        glm::dvec3 half = item.axis * (0.5 * item.size * draw(mark.length, severity, random));
        std::optional<SkinPlace> from = skin_near(asset, middle - half), to = skin_near(asset, middle + half);
        if (!from || !to) continue;
        double width = item.size * draw(mark.size, severity, random);
        asset.details.push_back(make_detail(asset, mark, from->position, to->position, width, severity, random));
    }
}

/// One vessel: winds on from `start`, branches now and then, ends at the item's edge.
void wind(FaceAsset& asset, SkinDetail like, const Item& item, SkinPlace start, glm::dvec3 heading, double length,
          base::Random& random) {
    constexpr double kStep = 0.4e-3;     // m
    constexpr double kTurn = 0.32;       // sideways per step forward, at most
    constexpr double kLasting = 0.55;    // of a bend, from step to step
    constexpr double kBranching = 0.06;  // per step
    constexpr float kThinnest = 0.04e-3f;
    double bend = 0;
    like.goes_on_before = false;
    for (double done = 0; done < length && asset.details.size() < kMostDetails; done += kStep) {
        bend = kLasting * bend + kTurn * random.uniform(-1, 1);
        heading += glm::cross(start.normal, heading) * bend;
        heading = glm::normalize(heading - start.normal * glm::dot(heading, start.normal));
        std::optional<SkinPlace> next = skin_near(asset, start.position + heading * kStep);
        if (!next) return;
        bool leaves = glm::length(next->position - item.place.position) > 0.5 * item.size;
        like.from = glm::vec3(start.position);
        like.to = glm::vec3(next->position);
        like.goes_on_after = !leaves && done + kStep < length;
        asset.details.push_back(like);
        if (leaves) return;
        like.goes_on_before = true;
        start = *next;
        if (like.radius < kThinnest || random.uniform() >= kBranching) continue;
        SkinDetail branch = like;
        branch.radius *= 0.7f;
        glm::dvec3 side = glm::cross(start.normal, heading) * (random.uniform() < 0.5 ? 1.0 : -1.0);
        wind(asset, branch, item, start, glm::normalize(heading + side), 0.6 * (length - done), random);
    }
}

}  // namespace

std::optional<SkinPlace> skin_near(const FaceAsset& asset, glm::dvec3 p) {
    std::optional<mesh::SurfaceHit> hit = asset.felt_index().closest(p, kReach);
    if (!hit) return std::nullopt;
    SkinPlace place;
    place.position = hit->position;
    place.normal = mesh::normal_at(asset.felt(), hit->point);
    place.zone = asset.cells.zone_at(place.position, place.normal);
    glm::dvec3 vertical = std::fabs(place.normal.y) > 0.95 ? glm::dvec3(0, 0, 1) : glm::dvec3(0, 1, 0);
    place.up = glm::normalize(vertical - place.normal * glm::dot(vertical, place.normal));
    place.left = glm::cross(place.up, place.normal);
    glm::dvec3 line = asset.tissue_felt(hit->point).tension;
    line -= place.normal * glm::dot(line, place.normal);
    double length = glm::length(line);
    place.tension = length > 0.1 ? line / length : place.left;
    return place;
}

double draw(const Span& span, double severity, base::Random& random) {
    double s = severity + kScatter * random.uniform(-1, 1);
    return span.at(std::clamp(s, 0.0, 1.0));
}

void paint_spot(FaceAsset& asset, const ConditionKind& kind, const Item& item, double severity,
                base::Random& random) {
    for (const Mark& mark : kind.marks) lay_mark(asset, mark, item, severity, random);
}

void paint_vessels(FaceAsset& asset, const ConditionKind& kind, const Item& item, double severity,
                   base::Random& random) {
    for (const Mark& mark : kind.marks) {
        auto count = static_cast<int>(std::floor(draw(mark.count, severity, random) + 0.5));
        for (int i = 0; i < count; ++i) {
            glm::dvec2 off = in_disc(random) * (0.4 * item.size), way = in_disc(random);
            glm::dvec3 across = glm::cross(item.place.normal, item.axis);
            std::optional<SkinPlace> start =
                skin_near(asset, item.place.position + item.axis * off.x + across * off.y);
            glm::dvec3 heading = item.axis * (way.x + 1e-3) + across * way.y;
            if (!start) continue;
            SkinDetail like = make_detail(asset, mark, {}, {}, draw(mark.size, severity, random), severity, random);
            wind(asset, like, item, *start, glm::normalize(heading), item.size * draw(mark.length, severity, random),
                 random);
        }
    }
}

void paint_mark(FaceAsset& asset, const Mark& mark, glm::dvec3 place, double severity, base::Random& random) {
    double width = draw(mark.size, severity, random);
    asset.details.push_back(make_detail(asset, mark, place, place, width, severity, random));
}

void paint_line(FaceAsset& asset, const Mark& mark, const std::vector<SkinPlace>& line, double severity,
                base::Random& random) {
    constexpr double kFade = 0.42;  // of the line, at either end
    double width = draw(mark.size, severity, random);
    SkinDetail like = make_detail(asset, mark, {}, {}, width, severity, random);
    for (size_t i = 0; i + 1 < line.size(); ++i) {
        double along = (static_cast<double>(i) + 0.5) / static_cast<double>(line.size() - 1);
        auto share = static_cast<float>(std::min(1.0, std::min(along, 1 - along) / kFade + 0.1));
        SkinDetail detail = like;
        detail.from = glm::vec3(line[i].position);
        detail.to = glm::vec3(line[i + 1].position);
        detail.radius *= 0.5f + 0.5f * share;
        detail.height *= share;
        detail.melanin *= share;
        detail.haemoglobin *= share;
        detail.goes_on_before = i > 0;
        detail.goes_on_after = i + 2 < line.size();
        asset.details.push_back(detail);
    }
}

}  // namespace face
