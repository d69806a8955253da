#pragma once

// How the pens at this machine answer to the hand, kept in settings.toml: a table [stylus]. What they make of it
// is recorded as force and tilt, so none of it is needed to replay or score.

#include "engine/base/toml.h"
#include "engine/input/stylus_pen.h"

#include <string>

namespace app {

struct PenSettings {
    input::PressureCurve stylus;
    bool stylus_tilt = true;               ///< lean as the stylus does, where it tells
    double stylus_tilt_dead_zone_deg = 3;  ///< in [0, 20] (A)

    bool operator==(const PenSettings&) const = default;
};

/// Reads the tables of pens that the file has; what it does not name is as delivered.
PenSettings read_pen_settings(base::TomlReader& settings, const std::string& file);
/// The tables as TOML.
std::string write_pen_settings(const PenSettings& pens);

}  // namespace app
