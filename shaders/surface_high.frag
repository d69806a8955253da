#version 460
#extension GL_GOOGLE_include_directive : require
// Skin lit per pixel in linear light, told apart into what enters it (spread under the skin by scatter.frag) and what its
// film mirrors. Hair and cloth bring their light from the vertices.
#include "shaders/shared/high.h"
#include "shaders/shared/marks.h"
#include "shaders/picture.glsl"
#include "shaders/high.glsl"
#include "shaders/overlay.glsl"
#include "shaders/fine.glsl"
#include "shaders/fine.glsl"

layout(constant_id = 0) const uint kMaterial = 0u;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1) uniform sampler2D atlas;  // see fine.glsl
layout(binding = 2, scalar) readonly buffer LampConstants { Lamp lamp; };
layout(binding = 3) uniform sampler2D lamp_depth;
layout(binding = 4) uniform sampler2DShadow lamp_compare;

#include "shaders/touch.glsl"
#define HEALED_BINDING 6
#include "shaders/healed.glsl"

layout(location = 0) in vec4 place;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec4 light;
layout(location = 3) in vec4 overlay;
layout(location = 4) in vec2 uv;
layout(location = 5) in vec4 visible;

layout(location = 0) out vec4 out_entering;  // alpha: 1 - share of skin in the pixel
layout(location = 1) out vec4 out_albedo;    // square root
layout(location = 2) out vec4 out_radiance;
layout(location = 3) out vec4 out_overlay;   // the picture's colour times share; alpha: share of what is below that stays

// Light that shines through thin flesh from its far side (J. Jimenez et al. 2010, Real-time realistic skin translucency).
vec3 glow(vec3 n, float flesh) {
    vec3 x = flesh / lamp.through;
    // Under about a millimetre the lamp's picture cannot tell a fold from flesh.
    float real = smoothstep(0.8e-3, 2.0e-3, flesh);
    return frame.key_colour * exp(-x * x) * (max(0.2 - dot(n, frame.key_to), 0.0) * 0.6 * real);
}

// Less of the room is seen under and beside the tip.
float beside_tip(vec3 at) {
    if (frame.pen_shown == 0u) return 1.0;
    float gap = length(at - frame.pen_tip) - frame.pen_radius;
    return 1.0 - 0.5 * exp(-max(gap, 0.0) * 220.0);
}

void skin(vec3 n, vec3 v, float footprint_mm) {
    Fine fine = fine_at(atlas, uv, n, drawn_near(footprint_mm, frame.near_marks));
    vec3 own = light.rgb;
    float oil = light.w;
    heal(atlas, fine, own, oil, n, place.xyz, uv, footprint_mm);
    float lost = smoothstep(0.05, 0.45, footprint_mm);  // of the relief, where pixels are too large for it
    float nv = max(dot(fine.normal, v), 0.02), gloss = clamp(oil + 0.5 * fine.gloss, 0.0, 1.0);

    vec2 key = lamp_seen(lamp_depth, lamp_compare, lamp, frame.key_to, place.xyz, n, pixel_noise(gl_FragCoord.xy));
    float open = visible.w * beside_tip(place.xyz) * beside_fingers(place.xyz);
    vec3 seen = vec3(key.x * smoothstep(-0.05, 0.15, dot(n, frame.key_to)), visible.yz);
    vec3 cosines = max(vec3(dot(fine.normal, frame.key_to), dot(fine.normal, frame.fill_to), dot(fine.normal, frame.rim_to)), 0.0);

    vec3 colour = own * fine.tint;
    vec3 enters = frame.key_colour * (seen.x * cosines.x * entering(cosines.x)) +
                  frame.fill_colour * (seen.y * cosines.y * entering(cosines.y)) +
                  frame.rim_colour * (seen.z * cosines.z * entering(cosines.z)) +
                  mix(frame.sky_below, frame.sky_above, 0.5 + 0.5 * fine.normal.y) * open +
                  bounced(colour, frame.key_colour, visible.w);
    if (kMaterial == kMaterialSkin) enters += glow(n, key.y);

    float alpha = mix(mix(0.38, 0.16, gloss) + 0.05 * lost, 0.10, fine.blood);
    vec3 shine = room(frame, reflect(-v, fine.normal), alpha, vec3(0.0)) * (mirrored_of_all(nv, alpha) * open * open);
    vec3 h = normalize(v + frame.key_to);
    shine += frame.key_colour * (seen.x * two_lobes(max(dot(fine.normal, h), 0.0), cosines.x, nv, dot(v, h), alpha));
    float wide = max(alpha, 0.34);  // fill and rim are larger than the lamp
    h = normalize(v + frame.fill_to);
    shine += frame.fill_colour * (seen.y * two_lobes(max(dot(fine.normal, h), 0.0), cosines.y, nv, dot(v, h), wide));
    h = normalize(v + frame.rim_to);
    shine += frame.rim_colour * (seen.z * min(two_lobes(max(dot(fine.normal, h), 0.0), cosines.z, nv, dot(v, h), wide), 0.12));

    // Furrows are finer than the spread's taps on the whole: what light turned back above the dermis shows of them stays with
    // the colour, which is not spread. And less leaves where the relief is steep: its other side takes it up again.
    float turn = dot(fine.normal - n, frame.key_to) * seen.x * smoothstep(0.0, 0.4, dot(n, frame.key_to));
    vec3 albedo = colour * max(vec3(0.15), 1.0 + turn * vec3(0.35, 0.55, 0.62) - fine.steep * vec3(0.45, 0.68, 0.72));
    if (frame.marks_shown != 0u) albedo = marked(albedo, light.rgb * vec3(0.52, 0.034, 0.030), fine);
    out_entering = vec4(enters, 0.0);
    out_albedo = vec4(sqrt(clamp(albedo * leaving(nv, alpha), 0.0, 1.0)), 1.0);
    out_radiance = vec4(shine * mix(0.5 + gloss * (0.5 + gloss), 1.6, fine.blood), 1.0);
}

// Under an overlay nothing of the lit skin is left to see.
void cover(vec3 n, vec3 v) {
    out_overlay = vec4(0.0, 0.0, 0.0, 1.0);
    if (frame.overlay != kOverlayNone) {
        Fine fine = fine_at(atlas, uv, n);
        vec3 lit = relieved(light.rgb, fine, n, frame.key_to, visible.x);
        out_overlay = vec4(overlaid(overlay, light.rgb, lit, frame.mean_skin, fine.normal, v, frame.key_to), 0.0);
    }
    if (frame.highlights != 0u) {
        vec4 mark = pointed_at(place.w);
        out_overlay = vec4(out_overlay.rgb * (1.0 - mark.a) + mark.rgb, out_overlay.a * (1.0 - mark.a));
    }
}

void main() {
    vec3 v = frame.eye - place.xyz;
    float reach = length(v);
    v /= reach;
    vec3 n = normalize(normal);
    if (kMaterial <= kMaterialSilicone) {
        skin(n, v, frame.pixel_size * reach * 1e3);
        cover(n, v);
        return;
    }
    vec3 sum = light.rgb;
    float opacity = 1.0;
    if (kMaterial == kMaterialHair) {
        // uv.x runs across the hair, from 0 to 1: its edges are soft over a pixel.
        opacity = light.w * clamp((0.5 - abs(uv.x - 0.5)) / max(fwidth(uv.x), 1e-4), 0.0, 1.0);
        // Laid over the skin in linear light, and yet as dark, or as light, as the other tiers' that lay them over the picture.
        float pale = smoothstep(0.02, 0.20, dot(light.rgb, vec3(0.2126, 0.7152, 0.0722)));
        opacity *= mix(2.0 - opacity, opacity, pale);
    } else {
        float edge = 1.0 - max(dot(n, v), 0.0);
        vec3 weave = sin(place.xyz * 7000.0);
        sum = light.rgb * (1.0 + 0.03 * weave.x * weave.y) + vec3(0.03, 0.045, 0.05) * (edge * edge);
    }
    out_entering = out_albedo = out_overlay = vec4(0.0, 0.0, 0.0, opacity);
    out_radiance = vec4(sum, opacity);
}
