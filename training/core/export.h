#pragma once

// Exports for other programs (design.md 6): CSV of punctures and samples, an xAPI statement.

#include "training/core/score.h"

namespace training {

/// `time_s,x_m,y_m,z_m,zone,cell,depth_mm,tilt_deg,force_n,needle`, rest pose.
std::string punctures_csv(const Recording& recording, const Stage& stage);
/// `time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,dent_mm,tilt_deg,speed_m_s,zone`, force and dent as simulated.
std::string samples_csv(const Recording& recording, const Stage& stage);
/// One xAPI 1.0.3 "completed" statement with the scaled score; its id is a UUID made from the evidence hash.
std::string xapi_json(const Recording& recording, const Score& score);

}  // namespace training
