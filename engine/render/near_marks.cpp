#include "engine/render/near_marks.h"

#include "engine/base/result.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace render {

namespace {

constexpr double kSide = 4e-3;   // m, of a patch
constexpr float kMoved = 6e-3f;  // m that a dent may move a mark

/// mm per pixel on skin that is `away` m off.
float pixel_mm(const Sight& sight, float away) {
    return 1e3f * sight.pixel_size * std::max(away, 1e-3f);
}

/// Sixteenths of an octave: what is not quite the same from one picture to the next need not be drawn anew.
float stepped(float limit) {
    return std::exp2(std::floor(std::log2(limit) * 16) / 16);
}

}  // namespace

void NearMarks::set_face(const face::FaceAsset& face) {
    patches_.clear();
    patch_of_.clear();
    std::map<std::tuple<int, int, int>, uint32_t> number;
    std::vector<std::pair<glm::dvec3, glm::dvec3>> boxes;
    for (glm::uvec3 t : face.mesh.triangles) {
        const glm::dvec3 corner[3] = {face.mesh.positions[t.x], face.mesh.positions[t.y],
                                      face.mesh.positions[t.z]};
        const glm::ivec3 cube(glm::floor((corner[0] + corner[1] + corner[2]) / (3 * kSide)));
        const auto [entry, fresh] = number.try_emplace({cube.x, cube.y, cube.z}, uint32_t(boxes.size()));
        if (fresh) boxes.push_back({glm::dvec3(1e9), glm::dvec3(-1e9)});
        patch_of_.push_back(entry->second);
        auto& [low, high] = boxes[entry->second];
        for (glm::dvec3 p : corner) low = glm::min(low, p), high = glm::max(high, p);
    }
    for (const auto& [low, high] : boxes)
        patches_.push_back({glm::vec3((low + high) * 0.5), float(glm::length(high - low) * 0.5), {}, {}});
}

void NearMarks::forget() {
    for (Patch& patch : patches_) patch.marks.clear(), patch.droplets.clear();
}

void NearMarks::add(std::span<const shared::Puncture> punctures) {
    for (const shared::Puncture& p : punctures) {
        CHECK(p.triangle < patch_of_.size(), p.triangle, patch_of_.size());
        Patch& patch = patches_[patch_of_[p.triangle]];
        (shared::mark_bleeds(p) ? patch.droplets : patch.marks).push_back(p);
    }
}

float NearMarks::choose(const Sight& sight, uint32_t most, std::vector<shared::Puncture>& marks,
                        std::vector<shared::Puncture>& droplets) const {
    struct Seen {
        const Patch* patch;
        float nearest, middle;  // mm per pixel
    };
    std::vector<Seen> seen;
    for (const Patch& patch : patches_) {
        if (patch.count() == 0) continue;
        const float radius = patch.radius + kMoved, away = glm::distance(patch.centre, sight.eye);
        const float nearest = pixel_mm(sight, away - radius);
        if (nearest < kLimit && !outside(sight.clip, patch.centre, radius))
            seen.push_back({&patch, nearest, pixel_mm(sight, away)});
    }
    // At the middling pixel of all that are in view the limit's share has gone to nothing when they are
    // `most`.
    float limit = kLimit;
    for (;;) {
        double count = 0, pixels = 0;
        for (const Seen& s : seen) {
            count += double(s.patch->count());
            pixels += double(s.patch->count()) * s.middle;
        }
        if (count == 0) return 0;
        limit = std::min(limit, stepped(float(pixels / count * std::sqrt(double(most) / count))));
        if (std::erase_if(seen, [&](const Seen& s) { return s.nearest >= limit; }) == 0 || count <= most)
            break;
    }
    size_t count = 0;
    for (const Seen& s : seen) count += s.patch->count();
    if (seen.empty() || count > most) return 0;
    for (const Seen& s : seen) {
        marks.insert(marks.end(), s.patch->marks.begin(), s.patch->marks.end());
        for (const shared::Puncture& p : s.patch->droplets)
            if ((p.force_needle & shared::kMarkWiped) == 0) droplets.push_back(p);
    }
    return limit;
}

}  // namespace render
