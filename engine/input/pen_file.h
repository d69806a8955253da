#pragma once

// Pen and events files (CSV, design.md 6). Both are foreign bytes: every line is checked, errors name file and line.

#include "engine/base/files.h"
#include "engine/input/pen_sample.h"

#include <string>
#include <vector>

namespace input {

/// Reads `time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,motor` (columns in any order, extra ones ignored; force_n may
/// be empty). Refuses NaN, missing columns, time that does not rise, poses more than 1 m from the head's centre, axes of
/// length outside 0.9..1.1, more than 5 million rows, sessions over 70 minutes. `depth_um`/`rate_dhz` are the settings
/// until an event changes them; apply_settings does that.
base::Result<std::vector<PenSample>> read_pen_file(const base::fs::path& path, double depth_mm, double rate_hz);
base::Result<std::vector<ProcedureEvent>> read_events_file(const base::fs::path& path);

/// The same readers over text in memory; `name` is what errors call it.
base::Result<std::vector<PenSample>> parse_pen_csv(std::string_view text, const std::string& name, double depth_mm,
                                                   double rate_hz);
base::Result<std::vector<ProcedureEvent>> parse_events_csv(std::string_view text, const std::string& name);

/// Writes depth_mm and rate_hz events into the samples from their time on. Refuses values that are not numbers.
base::Status apply_settings(std::vector<PenSample>& samples, const std::vector<ProcedureEvent>& events);

}  // namespace input
