#pragma once

// A face, a pen's path and a device moved as one: turned and shifted in space, or seen in a mirror.

#include "engine/face/face_asset.h"
#include "engine/input/pen_sample.h"
#include "engine/skin/device_profile.h"
#include "engine/skin/pen_path.h"

#include <fmt/format.h>
#include <glm/mat3x3.hpp>
#include <glm/matrix.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

namespace skin_test {

struct Motion {
    glm::dmat3 turn{1.0};  ///< orthogonal; a mirror where its determinant is negative
    glm::dvec3 shift{0};   ///< m

    glm::dvec3 place(glm::dvec3 p) const { return turn * p + shift; }
    glm::dvec3 direction(glm::dvec3 v) const { return turn * v; }
    bool mirrors() const { return glm::determinant(turn) < 0; }
};

inline Motion mirror_in_x() {
    return {glm::dmat3(-1, 0, 0, 0, 1, 0, 0, 0, 1), {}};
}

/// The turn that lays a pen's frame with `from` for axis onto the one with `to`: a pose tells no roll about
/// the pen's own axis, so only turns of this kind take the pins along.
inline glm::dmat3 turn_of_frames(glm::dvec3 from, glm::dvec3 to) {
    auto frame = [](glm::dvec3 axis) {
        skin::TipFrame f({{}, axis / std::sqrt(glm::dot(axis, axis)), {}});
        return glm::dmat3(f.right, f.up, -f.axis);
    };
    return frame(to) * glm::transpose(frame(from));
}

inline int8_t quantised_direction(double x) {
    return static_cast<int8_t>(std::lround(x));
}

inline std::unique_ptr<face::FaceAsset> moved(const face::FaceAsset& of, const Motion& motion) {
    auto to = std::make_unique<face::FaceAsset>();
    to->id = of.id;
    to->kind = of.kind;
    to->mesh = of.mesh;
    to->tissue = of.tissue;
    to->zone = of.zone;
    to->zones = of.zones;
    to->cells = of.cells;
    for (glm::dvec3& p : to->mesh.positions) p = motion.place(p);
    for (glm::dvec3& n : to->mesh.normals) n = motion.direction(n);
    for (glm::uvec3& t : to->mesh.triangles)
        if (motion.mirrors()) std::swap(t.y, t.z);
    for (face::Tissue& t : to->tissue) {
        glm::dvec3 line = motion.direction({t.tension_x, t.tension_y, t.tension_z});
        t.tension_x = quantised_direction(line.x);
        t.tension_y = quantised_direction(line.y);
        t.tension_z = quantised_direction(line.z);
    }
    for (glm::dvec3& p : to->cells.seed) p = motion.place(p);
    for (glm::dvec3& p : to->cells.rim_seed) p = motion.place(p);
    for (glm::dvec3& n : to->cells.rim_normal) n = motion.direction(n);
    for (glm::dvec3& n : to->cells.normal) n = motion.direction(n);
    to->cells.index();
    to->ground = std::make_unique<face::SkinGround>(to->cells);
    to->index = std::make_unique<mesh::SurfaceIndex>(to->mesh);
    return to;
}

inline std::vector<input::PenSample> moved(std::vector<input::PenSample> samples, const Motion& motion) {
    for (input::PenSample& sample : samples) {
        input::PenPose pose{sample.time(), motion.place(sample.tip()), motion.direction(sample.axis()),
                            sample.force()};
        input::PenSample at = *input::quantise(pose);
        std::copy_n(at.tip_nm, 3, sample.tip_nm);
        std::copy_n(at.axis_q30, 3, sample.axis_q30);
    }
    return samples;
}

/// Two fingertips at `place` that draw by `pull`, as told by an event.
inline std::string hold_text(const Motion& motion, glm::dvec3 place, glm::dvec3 pull) {
    glm::dvec3 p = motion.place(place), d = motion.direction(pull);
    return fmt::format("{} {} {} {} {} {}", p.x, p.y, p.z, d.x, d.y, d.z);
}

/// Mirrored pins where the motion is a mirror in x; a turn takes them along by the pen's axis.
inline skin::DeviceProfile moved(skin::DeviceProfile device, const Motion& motion) {
    for (glm::dvec2& pin : device.pins)
        if (motion.mirrors()) pin.x = -pin.x;
    return device;
}

}  // namespace skin_test
