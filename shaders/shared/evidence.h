// The puncture log and the contact log: integers only, hashed, summed and scored the same on every machine.
#ifndef EVENHAND_SHARED_EVIDENCE_H
#define EVENHAND_SHARED_EVIDENCE_H

#include "shaders/shared/language.h"

SHARED_BEGIN

SHARED_CONST uint kNoCell = 0xffffffffu;
SHARED_CONST uint kDirectionBins = 6u;    // of 30 degrees over a half turn: a stroke and its return are one direction
SHARED_CONST uint kNoDirection = 15u;     // standing still (below 2 mm/s)
SHARED_CONST uint kFlagOutside = 1u;      // on skin without a cell
SHARED_CONST uint kFlagPositionDriven = 2u;
SHARED_CONST uint kFlagScratch = 4u;      // the tip slid by more than half a pin while the pin was in the skin

// One needle entering the skin. Strictly ordered by (time, needle).
struct Puncture {
    uint time_us;        // since the session began
    uint cell;           // surface cell of the rest pose, or kNoCell
    uint triangle;       // of the rest mesh
    uint weights;        // barycentric weights of the second and third corner x 65535: low and high 16 bits
    uint depth_tilt;     // low 16: effective depth in um, 0..4000; high 16: tilt from the local normal in 0.01 degree
    uint force_needle;   // low 16: axial force of the whole tip in mN; 16..23: needle index; 24..27: direction bin; 28..31: flags
};

// What the tip did in one simulation step (1/120 s), at the step's end. One per step from first touch on, also while
// the tip is lifted, so that time on and off the skin can be told.
struct ContactRecord {
    uint time_us;
    uint cell;           // under the tip's centre, or kNoCell
    uint zone;           // index into the face's zones; 0 outside
    uint force_mn;       // axial force; 0 = lifted
    uint dent_um;        // greatest displacement of the skin under the tip, along the pen's axis
    uint tilt_cdeg;      // between the pen's axis and the inward normal of the rest skin, smoothed over the tip
    uint speed_um_s;     // of the tip along the skin
    uint flags;          // bits 0..3: direction bin or kNoDirection; bit 4: touching; bit 5: motor on, or none; bit 6: traction
                         // held; bit 7: glide medium under the tip; 8..15: stretch by traction in 0.1 %, 255 = 25.5 % or
                         // more; 16..31: greatest drag of a pin in the step, um that the tip slid while the pin was in
};

SHARED_CONST uint kContactTouching = 1u << 4;
SHARED_CONST uint kContactMotor = 1u << 5;
SHARED_CONST uint kContactTraction = 1u << 6;
SHARED_CONST uint kContactMedium = 1u << 7;

SHARED_FUNCTION uint contact_stretch_permille(ContactRecord c) { return (c.flags >> 8) & 0xffu; }
SHARED_FUNCTION uint contact_drag_um(ContactRecord c) { return c.flags >> 16; }

SHARED_FUNCTION uint puncture_depth_um(Puncture p) { return p.depth_tilt & 0xffffu; }
SHARED_FUNCTION uint puncture_tilt_cdeg(Puncture p) { return p.depth_tilt >> 16; }
SHARED_FUNCTION uint puncture_force_mn(Puncture p) { return p.force_needle & 0xffffu; }
SHARED_FUNCTION uint puncture_needle(Puncture p) { return (p.force_needle >> 16) & 0xffu; }
SHARED_FUNCTION uint puncture_direction(Puncture p) { return (p.force_needle >> 24) & 0xfu; }
SHARED_FUNCTION uint puncture_flags(Puncture p) { return p.force_needle >> 28; }

SHARED_END

#endif
