// Tools in linear light under the room's lamps: enamel, graphite rubber, brushed steel, clear polycarbonate, and the gloved
// fingertips. For fragment shaders that include shaders/shared/picture.h and shaders/picture.glsl.
#ifndef PEN_GLSL
#define PEN_GLSL

layout(location = 0) in vec3 place;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec3 local;
layout(location = 3) in flat uint part;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1, scalar) readonly buffer Pins { Plate plate; };

const uint kEnamel = 0u, kRubber = 1u, kSteel = 2u, kClear = 3u, kGlow = 4u, kPlate = 5u, kGlove = 6u, kKnurled = 7u, kDark = 8u,
           kBrass = 9u;

struct Finish {
    vec3 base, f0;
    float alpha, opacity;
};

Finish finish_of(uint kind) {
    if (kind == kEnamel) return Finish(vec3(0.60, 0.61, 0.62), vec3(0.045), 0.16, 1.0);
    if (kind == kRubber) return Finish(vec3(0.020, 0.021, 0.025), vec3(0.025), 0.55, 1.0);
    if (kind == kSteel) return Finish(vec3(0.02), vec3(0.58, 0.57, 0.55), 0.22, 1.0);
    if (kind == kClear) return Finish(vec3(0.42, 0.50, 0.54), vec3(0.05), 0.10, 0.14);
    if (kind == kGlow) return Finish(vec3(0.10, 0.75, 0.85), vec3(0.04), 0.40, 1.0);
    if (kind == kGlove) return Finish(vec3(0.085, 0.085, 0.34), vec3(0.046), 0.27, 1.0);
    if (kind == kKnurled) return Finish(vec3(0.03), vec3(0.30, 0.30, 0.31), 0.30, 1.0);
    if (kind == kDark) return Finish(vec3(0.022, 0.023, 0.026), vec3(0.04), 0.30, 1.0);
    if (kind == kBrass) return Finish(vec3(0.03, 0.025, 0.01), vec3(0.80, 0.60, 0.28), 0.20, 1.0);
    return Finish(vec3(0.34, 0.36, 0.38), vec3(0.04), 0.42, 1.0);
}

// Two long lamps and a bright ceiling, as smooth things mirror them.
vec3 mirrored_room(vec3 direction, float alpha) {
    float soft = 0.35 + 0.5 * alpha;
    vec3 sky = mix(frame.sky_below * 0.7, frame.sky_above * 1.5, smoothstep(-soft, soft, direction.y));
    float sharp = mix(60.0, 6.0, alpha);
    vec3 lamps = frame.key_colour * exp((dot(direction, frame.key_to) - 1.0) * sharp) +
                 frame.rim_colour * exp((dot(direction, frame.rim_to) - 1.0) * sharp) +
                 frame.fill_colour * 0.6 * exp((dot(direction, frame.fill_to) - 1.0) * sharp);
    return sky + lamps * (1.6 - 1.3 * alpha);
}

// Grooves and knurls too fine for the mesh tilt the normal and hide light; they fade before they flicker.
vec3 grooved(vec3 n, inout float open) {
    if (part == kRubber) {
        float wave = local.z * 2800.0, seen = 1.0 - smoothstep(0.8, 2.2, fwidth(wave));
        n = normalize(n + frame.pen_axis * (0.45 * cos(wave) * seen));
        open *= 1.0 - 0.35 * seen * smoothstep(0.2, -0.9, sin(wave));
    } else if (part == kKnurled) {
        float round_it = atan(local.y, local.x) * 36.0, seen = 1.0 - smoothstep(0.8, 2.2, fwidth(round_it));
        vec3 about = cross(frame.pen_axis, n);
        n = normalize(n + about * (0.5 * cos(round_it) * seen));
        open *= 1.0 - 0.3 * seen * smoothstep(0.2, -0.9, sin(round_it));
    }
    return n;
}

// Linear light and opacity.
vec4 tool_light() {
    vec3 v = normalize(frame.eye - place), n = normalize(normal);
    if (dot(n, v) < 0.0) n = -n;
    Finish f = finish_of(part);
    float open = 1.0;
    n = grooved(n, open);
    if (part == kEnamel) {
        // Where its two halves meet; and the marks of the depths on the ring's neighbour.
        float seam = abs(local.y) * 1e3 / max(fwidth(local.y) * 1e3, 0.05);
        open *= 1.0 - 0.45 * (1.0 - smoothstep(0.3, 1.4, seam));
    }
    if (part == kKnurled) {
        float around = fract(atan(local.y, local.x) * (10.0 / 6.2831853)) - 0.5, height = abs(local.z + 0.0205);
        if (abs(around) < 0.035 && height < 0.0016) f = Finish(vec3(0.75), vec3(0.04), 0.4, 1.0);
    }
    // Fingers shade the skin below them, and it shades them.
    if (part == kGlove) open *= mix(0.35, 1.0, smoothstep(-0.0005, 0.006, local.z));

    float nv = max(dot(n, v), 0.0);
    vec3 diffuse = frame.key_colour * max(dot(n, frame.key_to), 0.0) + frame.fill_colour * max(dot(n, frame.fill_to), 0.0) +
                   frame.rim_colour * 0.5 * max(dot(n, frame.rim_to), 0.0) +
                   mix(frame.sky_below, frame.sky_above, 0.5 + 0.5 * n.y);
    float x = 1.0 - nv;
    vec3 shine = (f.f0 + (max(vec3(1.0 - f.alpha), f.f0) - f.f0) * (x * x * x * x * x)) * (1.0 - 0.4 * f.alpha);
    vec3 light = (f.base * diffuse * 0.85 + mirrored_room(reflect(-v, n), f.alpha) * shine) * open;
    if (part == kGlow) light += vec3(0.05, 0.55, 0.62);
    // Stretched nitrile lets light through where it is seen aslant.
    if (part == kGlove) light += vec3(0.05, 0.05, 0.13) * diffuse * (x * x);
    float opacity = mix(f.opacity, 1.0, f.opacity < 1.0 ? 0.75 * x * x + min(shine.r, 0.5) : 0.0);
    if (part == kGlove) {
        opacity *= 1.0 - smoothstep(0.018, 0.0355, -local.y);
    } else {
        // Looked along, the body would hide the tip and what it has done: it fades from the grip up.
        float along = smoothstep(0.70, 0.90, dot(normalize(frame.eye - frame.pen_tip), -frame.pen_axis));
        opacity *= 1.0 - 0.72 * along * smoothstep(0.012, 0.030, -local.z);
    }
    return vec4(light, opacity);
}

#endif
