#include "engine/render/skin_field.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace render {
namespace {

constexpr double kFarthestSheet = 0.1;  // m

bool meet(const Ball& ball, glm::vec3 centre, float radius) {
    return ball.w > 0 && glm::distance(glm::vec3(ball), centre) < ball.w + radius;
}

/// Those that press, then what is left of the past, the newest first.
uint32_t fill_discs(const skin::Contact& contact, const skin::LayerField& layer, shared::SkinField& field) {
    const double compliance = layer.compliance(contact.stiffness);
    uint32_t count = 0;
    const auto take = [&](const skin::PressurePoint& load, double share) {
        if (count == shared::kMostDiscs) return;
        field.discs[count++] = {glm::vec3(load.position), float(share * compliance * load.force),
                                float(std::sqrt(load.area / std::numbers::pi))};
    };
    for (const skin::PressurePoint& load : contact.points) take(load, contact.present_share);
    for (auto load = contact.past.rbegin(); load != contact.past.rend(); ++load) take(*load, 1);
    return count;
}

/// Many have the same second moment as one disc: half its radius squared, on the mean.
shared::FieldGroup group_of(std::span<const shared::FieldDisc> discs, size_t first) {
    constexpr float kFar = 2;  // radii from which the next moment counts less than a hundredth
    shared::FieldGroup group{{}, 0, static_cast<uint32_t>(first), static_cast<uint32_t>(discs.size())};
    for (const shared::FieldDisc& disc : discs) {
        group.all.strength += disc.strength;
        group.all.place += disc.strength * disc.place;
    }
    group.all.place /= group.all.strength;
    float moment = 0;
    for (const shared::FieldDisc& disc : discs) {
        const glm::vec3 d = disc.place - group.all.place;
        moment += disc.strength * (2 * glm::dot(d, d) + disc.radius * disc.radius);
    }
    group.all.radius = std::sqrt(moment / group.all.strength);
    group.near2 = kFar * kFar * group.all.radius * group.all.radius;
    return group;
}

/// Those that press together are one group, those of the past are taken as many at a time as one load has.
uint32_t fill_groups(shared::SkinField& field, size_t pressing, size_t discs) {
    constexpr size_t kOfOneLoad = 9;
    uint32_t groups = 0;
    for (size_t first = 0; first < discs && groups < shared::kMostGroups; ++groups) {
        const size_t count = first < pressing ? pressing : std::min(kOfOneLoad, discs - first);
        field.groups[groups] = group_of({field.discs + first, count}, first);
        first += count;
    }
    return groups;
}

float depth_at(const shared::SkinField& field, uint32_t discs, glm::vec3 place) {
    float sum = 0;
    for (uint32_t i = 0; i < discs; ++i) {
        const shared::FieldDisc& disc = field.discs[i];
        const float r = std::max(glm::distance(place, disc.place), 1e-6f);
        const float at = std::min(r / shared::kDentReach, 1.0f) * (shared::kLayerSamples - 1);
        sum += disc.strength * (shared::disc_inverse(r, disc.radius) - field.layer[size_t(at)]);
    }
    return sum;
}

float deepest(const shared::SkinField& field, uint32_t discs) {
    float most = 0;
    for (uint32_t i = 0; i < discs; ++i) most = std::max(most, depth_at(field, discs, field.discs[i].place));
    return most;
}

/// As if all loads pressed at the outermost.
Ball reach_of(const shared::SkinField& field, uint32_t discs, glm::vec3 centre) {
    float strength = 0, spread = 0;
    for (uint32_t i = 0; i < discs; ++i) {
        strength += field.discs[i].strength;
        spread = std::max(spread, glm::distance(field.discs[i].place, centre) + field.discs[i].radius);
    }
    const float step = shared::kDentReach / (shared::kLayerSamples - 1);
    uint32_t last = shared::kLayerSamples - 1;
    while (last > 1 && std::abs(strength * (1 / (float(last) * step) - field.layer[last])) < FieldReach::kUnseenShift)
        --last;
    return {centre, std::min(shared::kDentReach, spread + float(last + 1) * step)};
}

/// Where the sheet moves less than is seen, however the load points.
double sheet_reach(const skin::Grip& grip, double load) {
    const auto moves = [&](double r) {
        const skin::Membrane::Share by = grip.membrane.share(r, grip.part_radius());
        return load * (std::fabs(by.across) + std::fabs(by.along) * r * r);
    };
    double reach = 2 * grip.radius;
    while (reach < kFarthestSheet && moves(reach) > FieldReach::kUnseenShift) reach *= 1.1;
    return std::min(reach, kFarthestSheet);
}

FieldReach::Grip fill_grip(const skin::Grip& grip, shared::FieldGrip& into, glm::vec2* sheet) {
    const skin::Grip::Plane plane = grip.plane();
    const double root = std::sqrt(plane.stiff), load = std::sqrt(glm::dot(grip.load, grip.load));
    // Distances along tension lines count less, so the table and the skin that moves reach as much farther.
    const double reach = sheet_reach(grip, load) * plane.stiff + grip.radius;
    for (int i = 0; i < skin::Grip::kPoints; ++i) into.points[i] = glm::vec3(grip.point(i));
    into.normal = glm::vec3(grip.normal);
    into.along = glm::vec3(plane.along);
    into.across = glm::vec3(plane.across);
    into.pull = glm::vec2(glm::dot(grip.load, plane.along) / root, glm::dot(grip.load, plane.across) * root) /
                float(skin::Grip::kPoints);
    into.stiff = float(plane.stiff);
    const double near = skin::Membrane::softened(0, grip.part_radius());
    into.near2 = float(near * near);
    into.reach = float(reach);
    for (uint32_t i = 0; i < shared::kSheetSamples; ++i) {
        const double r = std::max(near, reach * i / (shared::kSheetSamples - 1));
        const skin::Membrane::Share by = grip.membrane.share(r, grip.part_radius());
        sheet[i] = glm::vec2(by.across, by.along);
    }
    return {Ball(into.points[0], into.reach), glm::vec3(grip.load), sheet[0].x};
}

}  // namespace

bool FieldReach::meets(glm::vec3 centre, float radius) const {
    return meet(dent, centre, radius) ||
           std::ranges::any_of(grips, [&](const Grip& grip) { return meet(grip.ball, centre, radius); });
}

std::vector<Ball> FieldReach::moved_since(const FieldReach& before) const {
    std::vector<Ball> balls;
    for (const Ball& ball : {before.dent, dent})
        if (ball.w > 0) balls.push_back(ball);
    for (size_t i = 0; i < std::max(grips.size(), before.grips.size()); ++i) {
        const Grip *now = i < grips.size() ? &grips[i] : nullptr,
                   *then = i < before.grips.size() ? &before.grips[i] : nullptr;
        if (now && then && glm::vec3(now->ball) == glm::vec3(then->ball) &&
            glm::distance(now->load, then->load) * now->compliance < kUnseenShift)
            continue;
        for (const Grip* grip : {now, then})
            if (grip) balls.push_back(grip->ball);
    }
    return balls;
}

FieldReach fill_skin_field(const skin::Contact& contact, const skin::LayerKernel& kernel, shared::Frame& frame,
                           shared::SkinField& field) {
    FieldReach reach;
    if (!contact.points.empty() || !contact.past.empty()) {
        const skin::LayerField layer(kernel, contact.dent_tissue.depth, contact.dent_tissue.poisson);
        frame.field_discs = fill_discs(contact, layer, field);
        frame.field_groups =
            fill_groups(field, std::min<size_t>(contact.points.size(), frame.field_discs), frame.field_discs);
        frame.dent_place = glm::vec3(contact.dent_place);
        frame.dent_normal = glm::vec3(contact.dent_normal);
        for (uint32_t i = 0; i < shared::kLayerSamples; ++i)
            field.layer[i] = float(layer.bonded(i * double(shared::kDentReach) / (shared::kLayerSamples - 1)));
        frame.deepest = deepest(field, frame.field_discs);
        reach.dent = reach_of(field, frame.field_discs, frame.dent_place);
    }
    const size_t grips = std::min<size_t>(contact.grips.size(), shared::kMostGrips);
    frame.field_grips = static_cast<uint32_t>(grips);
    for (size_t i = 0; i < grips; ++i)
        reach.grips.push_back(fill_grip(contact.grips[contact.grips.size() - grips + i], field.grips[i],
                                        field.sheet + i * shared::kSheetSamples));
    return reach;
}

gpu::Pipeline make_field_pipeline(const gpu::Device& device, const base::fs::path& shaders) {
    std::vector<vk::DescriptorType> bindings(5, vk::DescriptorType::eStorageBuffer);
    bindings[0] = bindings[1] = vk::DescriptorType::eUniformBuffer;
    return gpu::make_compute_pipeline(device, shaders / "skin_field.comp.spv", std::move(bindings), sizeof(uint32_t));
}

}  // namespace render
