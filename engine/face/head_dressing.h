#pragma once

// What a generated head wears: brows and lashes as thin ribbons of hair, a theatre cap, a drape round the
// neck's end. Drawn, never touched by needles. At most 22,000 triangles in all: the CPU driver pays for each.

#include "engine/face/face_asset.h"
#include "engine/face/head_shape.h"

#include <map>

namespace face {

/// Colours of hair by the name a patient's file gives them, linear sRGB of a single hair (A).
const std::map<std::string, glm::vec3>& hair_colours();

/// What most people of this skin type have: light brown at I to black at V and VI (A).
const char* usual_hair(uint8_t fitzpatrick);

/// Share of brow hairs that have lost their colour: none until 40 years, half at 70 (A).
double grey_share(double age);

struct DressingLook {
    glm::vec3 hair{0};  ///< linear sRGB
    double grey = 0;    ///< share of grey hairs, 0..1
    bool full = false;  ///< a man's brows are fuller
    uint64_t seed = 0;
};

std::vector<Dressing> dress_head(const HeadNumbers& numbers, const HeadShape& shape, const Placement& place,
                                 const DressingLook& look);

}  // namespace face
