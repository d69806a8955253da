#version 460
#extension GL_GOOGLE_include_directive : require
// What is left for a pixel: fine relief, the key light's mirror image in the oily film over it, puncture marks, overlay
// and tone.
#include "shaders/shared/picture.h"
#include "shaders/shared/marks.h"
#include "shaders/picture.glsl"
#include "shaders/overlay.glsl"
#include "shaders/fine.glsl"

layout(constant_id = 0) const uint kMaterial = 0u;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1) uniform sampler2D atlas;  // see fine.glsl

layout(location = 0) in vec4 place;
layout(location = 1) in vec4 normal;
layout(location = 2) in vec4 light;
layout(location = 3) in vec4 overlay;
layout(location = 4) in vec2 uv;
layout(location = 0) out vec4 colour;

#define HEALED_BINDING 3
#include "shaders/healed.glsl"

vec3 skin(vec3 n, vec3 v, float footprint_mm) {
    Fine fine = fine_at(atlas, uv, n, drawn_near(footprint_mm, frame.near_marks));
    vec3 leaving = light.rgb;
    float oil = light.w;
    heal(atlas, fine, leaving, oil, n, place.xyz, uv, footprint_mm);
    // What pixels are too large to tell of the relief makes the film's mirror image wider.
    float lost = smoothstep(0.05, 0.45, footprint_mm);
    float seen = normal.w, gloss = clamp(oil + 0.5 * fine.gloss, 0.0, 1.0);
    // A wet film fills the relief and mirrors as blood does.
    float film = max(light.w - 1.0, 0.0);
    vec3 top = mix(fine.normal, n, 0.75 * film);
    vec3 h = normalize(v + frame.key_to);
    float nh = min(max(dot(top, h), 0.0), 1.0), lh = max(dot(frame.key_to, h), 0.0), nl = max(dot(top, frame.key_to), 0.0);
    float shine = skin_shine(nh, lh, gloss, lost, max(fine.blood, 0.8 * film)) * nl * seen;

    vec3 diffuse = relieved(leaving, fine, n, frame.key_to, seen);
    if (frame.marks_shown != 0u) diffuse = marked(diffuse, light.rgb * vec3(0.52, 0.034, 0.030), fine);
    return diffuse + frame.key_colour * shine;
}

vec3 mapped(vec3 n, vec3 v) {
    Fine fine = fine_at(atlas, uv, n);
    vec3 lit = relieved(light.rgb, fine, n, frame.key_to, normal.w);
    return overlaid(overlay, light.rgb, lit, frame.mean_skin, fine.normal, v, frame.key_to);
}

vec3 cloth(vec3 n, vec3 v) {
    float edge = 1.0 - max(dot(n, v), 0.0);
    vec3 weave = sin(place.xyz * 7000.0);
    return light.rgb * (1.0 + 0.03 * weave.x * weave.y) + vec3(0.03, 0.045, 0.05) * (edge * edge);
}

void main() {
    vec3 v = frame.eye - place.xyz;
    float reach = length(v);
    v /= reach;
    vec3 n = normalize(normal.xyz);
    vec3 sum = light.rgb;
    float opacity = 1.0;
    if (kMaterial <= kMaterialSilicone) {
        sum = skin(n, v, frame.pixel_size * reach * 1e3);
    } else if (kMaterial == kMaterialHair) {
        // uv.x runs across the hair, from 0 to 1: its edges are soft over a pixel.
        opacity = light.w * clamp((0.5 - abs(uv.x - 0.5)) / max(fwidth(uv.x), 1e-4), 0.0, 1.0);
    } else {
        sum = cloth(n, v);
    }
    vec3 seen = to_picture(sum);
    if (kMaterial <= kMaterialSilicone) {
        if (frame.overlay != kOverlayNone) seen = mapped(n, v);
        if (frame.highlights != 0u) {
            vec4 mark = pointed_at(place.w);
            seen = seen * (1.0 - mark.a) + mark.rgb;
        }
    }
    colour = vec4(seen, opacity);
}
