#include "engine/render/damage.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/vector_relational.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace render {

namespace {

constexpr float kMostStroke = 4e-3f;  // m that needles come out

struct Box {
    glm::vec3 low{1e9f}, high{-1e9f};

    void add(glm::vec3 p) {
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
    Ball ball(float slack) const { return {(low + high) * 0.5f, glm::length(high - low) * 0.5f + slack}; }
};

/// The frame without what `Damage` follows step by step, or may let come in turn.
shared::Frame resting(shared::Frame frame) {
    frame.pen_tip = frame.pen_axis = frame.pen_side = glm::vec3(0);
    frame.pen_shown = 0;
    frame.pen_radius = frame.needle_depth = frame.drum_turn = 0;
    frame.contact_position = frame.dent_place = frame.dent_normal = glm::vec3(0);
    frame.contact_points = frame.field_discs = frame.field_groups = frame.field_grips = 0;
    frame.contact_dent = frame.deepest = 0;
    frame.marks_shown = 0;
    frame.near_marks = 0;
    frame.wipe_clock = 0;
    return frame;
}

bool same_bytes(const shared::Frame& a, const shared::Frame& b) {
    return std::memcmp(&a, &b, sizeof(shared::Frame)) == 0;
}

/// True when the tool and all its parts stand as before.
bool same_tool(const Moment& a, const Moment& b) {
    const shared::Frame &f = a.frame, &g = b.frame;
    return f.pen_shown == g.pen_shown && f.pen_tip == g.pen_tip && f.pen_axis == g.pen_axis &&
           f.pen_side == g.pen_side && f.needle_depth == g.needle_depth && f.drum_turn == g.drum_turn &&
           a.tool == b.tool && a.pins == b.pins;
}

bool meet(const Ball& ball, const Cluster& c) {
    return glm::distance(glm::vec3(ball), c.centre) < ball.w + c.radius;
}

/// True when the pen leaves clearly more or less light somewhere.
bool differ(std::span<const glm::vec2> a, std::span<const glm::vec2> b) {
    for (size_t k = 0; k < a.size(); ++k)
        if (glm::any(glm::greaterThan(glm::abs(a[k] - b[k]), glm::vec2(Damage::kShadeStep)))) return true;
    return false;
}

float smooth(float low, float high, float x) {
    const float t = std::clamp((x - low) / (high - low), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

}  // namespace

std::vector<Ball> hull_of(const PenMesh& mesh, const PenShape& shape) {
    constexpr float kSlice = 6e-3f, kStep = 2e-3f;  // m along the axis; along a triangle's side
    std::vector<Box> slices;
    float foot = 1e9f, drum = 0, half = 0;
    for (const PenVertex& v : mesh.vertices) foot = std::min(foot, v.position.z);
    const auto add = [&](glm::vec3 p) {
        const auto slice = size_t(std::max(p.z - foot, 0.0f) / kSlice);
        if (slices.size() <= slice) slices.resize(slice + 1);
        slices[slice].add(p);
    };
    const auto triangles = std::span(mesh.indices).first(mesh.opaque_count + mesh.clear_count);
    for (size_t i = 0; i < triangles.size(); ++i) {
        const PenVertex &from = mesh.vertices[triangles[i]],
                        &to = mesh.vertices[triangles[i % 3 == 2 ? i - 2 : i + 1]];
        if (from.part & shared::kMovesWithDrum) {
            const float z = from.position.z + shared::kDrumRadius;
            drum = std::max(drum, std::hypot(from.position.y, z));
            half = std::max(half, std::abs(from.position.x));
        }
        const int steps = 1 + int(glm::distance(from.position, to.position) / kStep);
        for (int k = 0; k < steps; ++k) {
            const glm::vec3 p = glm::mix(from.position, to.position, float(k) / float(steps));
            add(p);
            if (from.part & shared::kMovesWithNeedles) add(p + glm::vec3(0, 0, kMostStroke));
        }
    }
    std::vector<Ball> hull{Ball(0, 0, 0, float(shape.tip_radius) + 2 * kMostStroke)};  // the needles
    for (const Box& slice : slices)
        if (slice.low.x <= slice.high.x) hull.push_back(slice.ball(kStep));
    if (drum > 0) hull.push_back(Ball(0, 0, -shared::kDrumRadius, std::hypot(drum, half)));
    return hull;
}

glm::vec2 light_past_pen(const shared::Frame& frame, glm::vec3 place) {
    if (!frame.pen_shown || glm::distance(place, frame.pen_tip) >= 0.2f) return glm::vec2(1);
    const glm::vec3 along = -frame.pen_axis, to = frame.key_to, w = frame.pen_tip + along * 0.004f - place;
    const float b = glm::dot(along, to), d = glm::dot(w, along), e = glm::dot(w, to);
    const float s = std::clamp((b * e - d) / std::max(1 - b * b, 1e-3f), 0.0f, 0.14f);
    const float t = std::max(e + s * b, 0.0f);
    const float radius = frame.pen_radius * glm::mix(1.0f, 2.1f, smooth(0.012f, 0.04f, s));
    const float gap = glm::length(w + along * s - to * t) - radius;
    const float beside = glm::distance(place, frame.pen_tip) - frame.pen_radius;
    return {smooth(-0.22f, 0.22f, gap / std::max(t + 0.004f, 0.004f)),
            1 - 0.45f * std::exp(-std::max(beside, 0.0f) * 220)};
}

/// Light at a cluster's middle and to all sides of it.
static std::array<glm::vec2, 7> shade_of(const shared::Frame& frame, const Cluster& c) {
    std::array<glm::vec2, 7> shade;
    shade.fill(glm::vec2(1));
    if (!frame.pen_shown || glm::distance(c.centre, frame.pen_tip) > 0.2f + c.radius) return shade;
    shade[0] = light_past_pen(frame, c.centre);
    for (int axis = 0; axis < 3; ++axis) {
        glm::vec3 aside(0);
        aside[axis] = 0.6f * c.radius;
        shade[size_t(1 + 2 * axis)] = light_past_pen(frame, c.centre - aside);
        shade[size_t(2 + 2 * axis)] = light_past_pen(frame, c.centre + aside);
    }
    return shade;
}

bool Damage::may_stay(const Moment& now) const {
    return last_ && !now.whole && now.width == last_->width && now.height == last_->height &&
           now.outline_zones == last_->outline_zones && now.highlighted_cells == last_->highlighted_cells &&
           now.punctures.size() <= kMostPunctures && same_bytes(resting(now.frame), resting(last_->frame));
}

/// Cuts the picture into turns of about the same work, told by how many clusters lie in each row of tiles.
void Damage::take_turns(const Stage& stage, const Sight& sight, const Moment& now) {
    const Tiles whole(now.width, now.height);
    std::vector<uint32_t> work(whole.rows(), whole.columns());
    for (const Part& part : stage.parts) {
        for (const Cluster& c : part.clusters) {
            if (!may_be_seen(part, c, sight)) continue;
            const auto range = whole.range(sight.clip, c.centre, c.half);
            if (!range) continue;
            for (int row = range->top; row <= range->bottom; ++row)
                work[size_t(row)] += uint32_t(std::max(range->right + 1 - range->left, 0));
        }
    }
    uint64_t all = 0, done = 0;
    for (uint32_t w : work) all += w;
    uint32_t row = 0;
    for (uint32_t k = 0; k < kTurns; ++k) {
        while (row < work.size() && done * kTurns < all * (k + 1)) done += work[row++];
        ends_[k] = row;
    }
}

Tiles Damage::turn(const Moment& now) {
    Tiles tiles(now.width, now.height);
    const uint32_t first = turn_ == 0 ? 0 : ends_[turn_ - 1];
    tiles.mark_rows(first, ends_[turn_] - first);
    turn_ = (turn_ + 1) % kTurns;
    return tiles;
}

void Damage::mark_tool(const Moment& now, Tiles& tiles) const {
    if (same_tool(now, *last_)) return;
    for (const Moment* at : std::initializer_list<const Moment*>{&*last_, &now})
        for (const Ball& ball : at->tool) tiles.mark(now.frame.clip_from_world, glm::vec3(ball), ball.w);
}

/// Where vertices must be placed anew though it is nobody's turn.
std::vector<Ball> Damage::disturbed(const Moment& now) const {
    std::vector<Ball> balls = now.field.moved_since(last_->field);
    for (const glm::vec3& place : now.punctures) balls.push_back(Ball(place, kPunctureReach));
    return balls;
}

/// Marks the blocks of clusters that are disturbed or whose turn it is, and both blocks and tiles of those on
/// which the tool's shade has moved.
void Damage::mark_clusters(const Moment& now, const Stage& stage, const Sight& sight,
                           std::span<const Ball> disturbed, Redraw& redraw) {
    const Tiles turn = redraw.tiles;
    const bool shade_moves = !last_ || !same_tool(now, *last_);
    size_t at = 0;
    for (const Part& part : stage.parts) {
        for (const Cluster& c : part.clusters) {
            Shade& known = shades_[at++];
            if (!may_be_seen(part, c, sight)) continue;
            const bool its_turn = may_lie_on(&turn, c, sight);
            bool moved = false;
            if (shade_moves || its_turn) {
                const Shade shade = shade_of(now.frame, c);
                moved = differ(shade, known);
                if (moved || its_turn) known = shade;
            }
            if (moved) redraw.tiles.mark(sight.clip, c.centre, reach_of(c, sight));
            if (!moved && !its_turn &&
                std::ranges::none_of(disturbed, [&](const Ball& ball) { return meet(ball, c); }))
                continue;
            for (uint32_t b : drawn_blocks(c, sight)) redraw.blocks[b] = true;
        }
    }
}

Redraw Damage::next(Moment now, const Stage& stage, std::span<const Sight> sights) {
    Redraw redraw;
    redraw.tiles = Tiles(now.width, now.height);
    redraw.blocks.assign(stage.blocks.size(), false);
    redraw.all = !may_stay(now);
    if (redraw.all) {
        redraw.tiles.mark_all();
        mark_visible_blocks(stage, sights[0], redraw.blocks);
        take_turns(stage, sights[0], now);
        shades_.clear();
        for (const Part& part : stage.parts)
            for (const Cluster& c : part.clusters) shades_.push_back(shade_of(now.frame, c));
    } else {
        const std::vector<Ball> balls = disturbed(now);
        redraw.tiles = turn(now);
        mark_clusters(now, stage, sights[0], balls, redraw);
        mark_tool(now, redraw.tiles);
        for (const Ball& ball : balls)
            redraw.tiles.mark(now.frame.clip_from_world, glm::vec3(ball), ball.w + kTriangleReach);
        if (last_->inset && last_->inset != now.inset) redraw.tiles.mark(*last_->inset);
        if (now.inset) redraw.tiles.remove_within(*now.inset);
    }
    for (const Sight& sight : sights.subspan(1)) mark_visible_blocks(stage, sight, redraw.blocks);
    last_ = std::move(now);
    return redraw;
}

}  // namespace render
