#pragma once

// How the pens at this machine answer to the hand, kept in settings.toml: tables [stylus], [gamepad] and [tracked]. What
// they make of it is recorded as pose and force, so none of it is needed to replay or score.

#include "engine/base/toml.h"
#include "engine/input/calibration.h"
#include "engine/input/gamepad_pen.h"
#include "engine/input/osc_pen.h"

#include <string>

namespace app {

struct PenSettings {
    input::PressureCurve stylus;
    bool stylus_tilt = true;               ///< lean as the stylus does, where it tells
    double stylus_tilt_dead_zone_deg = 3;  ///< in [0, 20] (A)
    input::GamepadFigures gamepad;
    input::OscPlace osc;                      ///< where to listen for a tracked pen; port 0 = nowhere
    input::RigidTransform head_from_tracker;  ///< as calibrated
    std::optional<double> residual_mm;        ///< of that calibration; none = never calibrated

    bool operator==(const PenSettings&) const = default;
};

/// Reads the tables of pens that the file has; what it does not name is as delivered.
PenSettings read_pen_settings(base::TomlReader& settings, const std::string& file);
/// The tables as TOML.
std::string write_pen_settings(const PenSettings& pens);

}  // namespace app
