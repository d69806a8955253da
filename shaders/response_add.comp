#version 460
#extension GL_GOOGLE_include_directive : require
// Takes doses into the cells' response. They are sorted by cell, then tick; the invocation at a cell's first takes all of them.
#include "shaders/shared/response.h"

layout(local_size_x = 64) in;
layout(scalar, binding = 0) readonly buffer Doses { CellDose doses[]; };
layout(scalar, binding = 1) buffer Responses { CellResponse responses[]; };
layout(scalar, binding = 2) uniform Curves { ResponseCurves curves; };
layout(push_constant, scalar) uniform Push { uint count; };

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= count) return;
    uint cell = doses[i].cell;
    if (i > 0u && doses[i - 1u].cell == cell) return;
    CellResponse response = responses[cell];
    for (; i < count && doses[i].cell == cell; ++i) response = respond(response, doses[i], curves);
    responses[cell] = response;
}
