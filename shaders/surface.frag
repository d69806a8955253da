#version 460
#extension GL_GOOGLE_include_directive : require
// What is left for a pixel: fine relief, the key light's mirror image in the oily film over it, puncture marks, overlay
// and tone.
#include "shaders/shared/picture.h"
#include "shaders/picture.glsl"

layout(constant_id = 0) const uint kMaterial = 0u;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1) uniform sampler2D atlas;  // relief.frag's slope; alpha: needle marks, above a half blood

layout(location = 0) in vec4 place;
layout(location = 1) in vec4 normal;
layout(location = 2) in vec4 light;
layout(location = 3) in vec4 overlay;
layout(location = 4) in vec2 uv;
layout(location = 0) out vec4 colour;

vec3 skin(vec3 n, vec3 v, float footprint_mm) {
    vec4 texel = texture(atlas, uv);
    // Relief fades out, into roughness, before its furrows become smaller than two pixels.
    float fine = 1.0 - smoothstep(0.10, 0.45, footprint_mm);
    vec3 slope = (texel.rgb * 2.0 - 1.0) * fine;
    vec3 bumped = normalize(n - slope * (kMaterial == kMaterialSilicone ? 0.10 : 0.25));

    float seen = normal.w, gloss = light.w;
    vec3 h = normalize(v + frame.key_to);
    float nh = max(dot(bumped, h), 0.0), lh = max(dot(frame.key_to, h), 0.0);
    float sharp = mix(0.34, 0.19, gloss) + 0.07 * (1.0 - fine);
    float lobes = 0.38 * specular_lobe(nh, lh, sharp) + 0.62 * specular_lobe(nh, lh, sharp * 1.6);
    float shine = lobes * fresnel(0.028, lh) * max(dot(bumped, frame.key_to), 0.0) * mix(0.5, 1.5, gloss) * seen;

    float turn = dot(bumped - n, frame.key_to) * seen;
    float cavity = dot(slope, slope);
    vec3 diffuse = light.rgb * (1.0 + turn * vec3(0.50, 0.72, 0.82) - cavity * vec3(0.10, 0.17, 0.18));
    if (frame.marks_shown != 0u) {
        float mark = min(texel.a * 2.0, 1.0), blood = clamp(texel.a * 4.0 - 2.6, 0.0, 1.0);
        diffuse *= mix(vec3(1.0), vec3(0.74, 0.40, 0.38), mark * 0.75);
        diffuse = mix(diffuse, vec3(0.17, 0.008, 0.006), blood);
    }
    return diffuse + frame.key_colour * shine;
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
        opacity = light.w;
    } else {
        sum = cloth(n, v);
    }
    vec3 seen = to_picture(sum);
    if (kMaterial <= kMaterialSilicone) {
        if (frame.overlay != kOverlayNone) {
            float form = mix(0.62, 1.0, smoothstep(0.0, 0.7, dot(n, v)));
            seen = seen * (1.0 - overlay.a) + overlay.rgb * form;
        }
        if (frame.highlights != 0u) {
            float edge = 1.0 - smoothstep(0.12, 0.34, abs(place.w - 0.5));
            seen = mix(seen, vec3(1.0, 0.25, 0.65), max(edge, 0.35 * step(0.5, place.w)));
        }
    }
    colour = vec4(seen, opacity);
}
