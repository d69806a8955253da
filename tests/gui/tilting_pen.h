#pragma once

// What goes through the pipe of the pen that tilts, between a test and the driver in the X server.

#include <stdint.h>

enum { TILTING_PEN_AXES = 5 };
enum { kTiltingPenNear, kTiltingPenMoves, kTiltingPenPresses };

struct TiltingPenEvent {
    int32_t what, value;             ///< value: 1 = near, pressed; 0 = away, lifted
    int32_t axes[TILTING_PEN_AXES];  ///< x and y of 0 to 65535 over the display, pressure of 0 to 1000, tilts in degrees
};
