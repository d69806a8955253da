#pragma once

// What every pen device makes and everything downstream reads. Integers: pen samples are evidence, and a replay from a
// recording must see exactly what the simulation saw.

#include "engine/base/result.h"

#include <glm/vec3.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace input {

struct PenSample {
    uint32_t time_us = 0;       ///< since the session began; strictly rising; at most 71 minutes
    int32_t tip_nm[3] = {};     ///< tip centre (middle of the rim plane), head frame, within ±1 m
    int32_t axis_q30[3] = {};   ///< unit axis pointing into the skin, each component x 2^30
    int32_t force_un = -1;      ///< axial force in µN, 0..100 N; -1: position-driven, force follows from penetration
    uint16_t depth_um = 500;    ///< set needle depth beyond the rim
    uint16_t rate_dhz = 1100;   ///< motor rate in 0.1 Hz
    uint8_t motor = 1;          ///< 1 running
    uint8_t reserved[3] = {};

    bool operator==(const PenSample&) const = default;

    double time() const { return time_us * 1e-6; }
    glm::dvec3 tip() const { return glm::dvec3(tip_nm[0], tip_nm[1], tip_nm[2]) * 1e-9; }
    glm::dvec3 axis() const;  ///< unit
    std::optional<double> force() const { return force_un < 0 ? std::nullopt : std::optional(force_un * 1e-6); }
};
static_assert(sizeof(PenSample) == 40);

/// A pose as devices give it, before it becomes evidence.
struct PenPose {
    double time = 0;              ///< s
    glm::dvec3 tip{0};            ///< m
    glm::dvec3 axis{0, 0, -1};    ///< any length but zero; pointing into the skin
    std::optional<double> force;  ///< N
    bool motor = true;
    double depth = 0.5e-3;        ///< m
    double rate_hz = 110;
};

/// Quantises. Errors name the field that is not finite or out of range.
base::Result<PenSample> quantise(const PenPose& pose);

/// Something the trainee did besides moving the pen. Event names: depth_mm, rate_hz, traction_begin, traction_end,
/// finger_place, finger_lift, glide_medium, wipe, cartridge_new, and what a later procedure adds.
struct ProcedureEvent {
    uint32_t time_us = 0;
    std::string name;
    std::string value;

    bool operator==(const ProcedureEvent&) const = default;
};

}  // namespace input
