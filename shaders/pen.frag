#version 460
#extension GL_GOOGLE_include_directive : require
// Enamel, graphite rubber, brushed steel and clear polycarbonate under the room's lights.
#include "shaders/shared/picture.h"
#include "shaders/picture.glsl"

layout(location = 0) in vec3 place;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec3 local;
layout(location = 3) in flat uint part;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1, scalar) readonly buffer Contact { Dent dent; };
layout(location = 0) out vec4 colour;

const uint kEnamel = 0u, kRubber = 1u, kSteel = 2u, kClear = 3u, kGlow = 4u, kPlate = 5u;

struct Finish {
    vec3 base;
    float f0, alpha, opacity;
};

Finish finish_of(uint kind) {
    if (kind == kEnamel) return Finish(vec3(0.43, 0.44, 0.45), 0.045, 0.20, 1.0);
    if (kind == kRubber) return Finish(vec3(0.018, 0.019, 0.022), 0.020, 0.60, 1.0);
    if (kind == kSteel) return Finish(vec3(0.05, 0.05, 0.055), 0.45, 0.24, 1.0);
    if (kind == kClear) return Finish(vec3(0.42, 0.50, 0.54), 0.05, 0.10, 0.16);
    if (kind == kGlow) return Finish(vec3(0.10, 0.75, 0.85), 0.04, 0.40, 1.0);
    return Finish(vec3(0.30, 0.31, 0.33), 0.04, 0.45, 1.0);
}

// Two long lamps and a bright ceiling, as smooth things mirror them.
vec3 room(vec3 direction, float alpha) {
    vec3 sky = mix(frame.sky_below, frame.sky_above, smoothstep(-0.4, 0.5, direction.y));
    float sharp = mix(60.0, 6.0, alpha);
    vec3 lamps = frame.key_colour * exp((dot(direction, frame.key_to) - 1.0) * sharp) +
                 frame.rim_colour * exp((dot(direction, frame.rim_to) - 1.0) * sharp) +
                 frame.fill_colour * 0.6 * exp((dot(direction, frame.fill_to) - 1.0) * sharp);
    return sky + lamps * (1.6 - 1.3 * alpha);
}

void main() {
    vec3 v = normalize(frame.eye - place), n = normalize(normal);
    if (dot(n, v) < 0.0) n = -n;
    Finish f = finish_of(part);
    float nv = max(dot(n, v), 0.0);
    vec3 diffuse = frame.key_colour * max(dot(n, frame.key_to), 0.0) + frame.fill_colour * max(dot(n, frame.fill_to), 0.0) +
                   frame.rim_colour * 0.5 * max(dot(n, frame.rim_to), 0.0) +
                   mix(frame.sky_below, frame.sky_above, 0.5 + 0.5 * n.y);
    if (part == kRubber) {
        // Grip rings.
        float ring = sin(local.z * 2800.0);
        diffuse *= 0.85 + 0.3 * smoothstep(-0.2, 0.6, ring);
    }
    float shine = fresnel(f.f0, nv) * (1.0 - 0.5 * f.alpha);
    vec3 light = f.base * diffuse * 0.85 + room(reflect(-v, n), f.alpha) * shine;
    if (part == kGlow) light += vec3(0.05, 0.55, 0.62);
    float opacity = mix(f.opacity, 1.0, f.opacity < 1.0 ? 0.75 * (1.0 - nv) * (1.0 - nv) + min(shine, 0.5) : 0.0);
    // Looked along, the body would hide the tip and what it has done: it fades from the grip up.
    float along = smoothstep(0.70, 0.90, dot(normalize(frame.eye - frame.pen_tip), -frame.pen_axis));
    opacity *= 1.0 - 0.72 * along * smoothstep(0.012, 0.030, -local.z);
    colour = vec4(to_picture(light), opacity);
}
