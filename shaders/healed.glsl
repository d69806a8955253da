// The pixel's part of a face that heals: what dryness, crusts, vessels and torn lines lay on the skin. Who includes this says
// HEALED_BINDING, has `frame` and included fine.glsl.
#ifndef HEALED_GLSL
#define HEALED_GLSL

#include "shaders/noise.glsl"

layout(constant_id = 1) const uint kHealed = 0u;
layout(binding = HEALED_BINDING) uniform sampler2D torn_lines;
layout(location = 6) in vec4 healed_tint;   // and m that the skin is raised
layout(location = 7) in vec4 healed_dry;    // dryness, peeling, vessels, tautness
layout(location = 8) in vec4 healed_left;   // marks, crusts, relief, paint
layout(location = 9) in vec2 healed_torn;   // red, lasting
layout(location = 10) in vec3 healed_along;  // tension line

// Ragged streaks along the skin's lines: noise of `grain` mm drawn out along them, about 0.5 in the mean. Told by differences of
// place alone, since lines that turn would shear a stretched space.
float streaks(vec3 mm, vec3 along, float grain, vec3 other) {
    vec3 step = along * (0.75 * grain), at = mm + other;
    float sum = noise3(at / grain).x + 0.8 * (noise3((at + step) / grain).x + noise3((at - step) / grain).x) +
                0.45 * (noise3((at + 2.0 * step) / grain).x + noise3((at - 2.0 * step) / grain).x);
    return 0.5 + 0.42 * sum / 1.7;
}

struct Scales {
    float cover;
    float height;  // mm
};

// Loose horn where the streaks stand highest: `share` of the skin, soft where a pixel is too large for it.
Scales scales_at(vec3 mm, vec3 along, float grain, float share, float footprint_mm, vec3 other) {
    float blur = clamp(footprint_mm / grain, 0.0, 1.0), x = streaks(mm, along, grain, other);
    float from = mix(0.95, 0.40, share), soft = mix(0.13, 0.6, blur);
    Scales s;
    s.cover = smoothstep(from, from + soft, x) * mix(1.0, 0.55, blur);
    s.height = 0.10 * grain * smoothstep(from - 0.04, from + 0.10, x) * (1.0 - blur);
    return s;
}

// Fine winding lines where two noises cross zero, in patches.
float vessels_at(vec3 mm, float footprint_mm) {
    vec3 bend = noise3(mm / 2.3 + 11.0) * 0.9;
    vec3 a = noise3((mm + bend) / 2.1 + 73.0);
    float width = max(0.055, 0.5 * footprint_mm) / 2.1 * 2.2, thin = min(1.0, 0.055 / max(0.5 * footprint_mm, 0.055));
    float lines = max(1.0 - smoothstep(0.0, width, abs(a.x)), 0.7 * (1.0 - smoothstep(0.0, width, abs(a.y))));
    return lines * thin * smoothstep(-0.25, 0.35, a.z);
}

// Tilts a normal by a height over the surface, known at neighbouring pixels alone (M. Mikkelsen 2010, Bump mapping
// unparametrized surfaces on the GPU).
vec3 bumped(vec3 n, vec3 mm, float height_mm, float most) {
    vec3 across = dFdx(mm), up = dFdy(mm), r1 = cross(up, n), r2 = cross(n, across);
    float area = dot(across, r1);
    vec3 slope = (dFdx(height_mm) * r1 + dFdy(height_mm) * r2) * (sign(area) / max(abs(area), 1e-7));
    return normalize(n - slope * (most / max(most, length(slope))));
}

// Over the pixel, since the lines have no coarser levels.
float torn_at(vec2 uv, vec2 a, vec2 b) {
    return 0.25 * (textureLod(torn_lines, uv + a, 0.0).r + textureLod(torn_lines, uv - a, 0.0).r +
                   textureLod(torn_lines, uv + b, 0.0).r + textureLod(torn_lines, uv - b, 0.0).r);
}

// Lays signs on the skin: changes its fine relief, its colour (diffuse light or albedo) and its gloss.
void lay_signs(inout Fine f, inout vec3 colour, inout float gloss, vec3 n, vec3 mm, vec2 uv, float footprint_mm) {
    float dryness = healed_dry.x, peeling = healed_dry.y, taut = healed_dry.w;
    float relief = healed_left.z * (1.0 - 0.45 * taut), crust = f.blood * healed_left.y;
    // A crust is smaller than its droplet was; from afar only its share of the pixel is left.
    crust = mix(smoothstep(0.45, 0.95, crust), 0.45 * crust, smoothstep(0.10, 0.40, footprint_mm));
    f.normal = normalize(mix(n, f.normal, relief * (1.0 - 0.5 * f.blood)));
    f.steep *= relief * relief;
    f.tint = mix(vec3(1.0), f.tint, healed_left.w);
    f.mark *= healed_left.x;
    f.blood = 0.0;
    colour *= healed_tint.rgb;
    gloss += 0.18 * taut - 0.45 * max(dryness, peeling);

    float shade = dot(colour, vec3(0.2126, 0.7152, 0.0722)) / max(dot(frame.mean_skin * healed_tint.rgb, vec3(0.2126, 0.7152, 0.0722)), 1e-3);
    float height = 0.0;
    vec2 uv_across = dFdx(uv), uv_up = dFdy(uv);
    if (dryness > 0.02 || peeling > 0.02) {
        vec3 along = normalize(healed_along - n * dot(healed_along, n) + 1e-4);
        vec3 patches = noise3(mm / 6.5 + 23.0) + 0.5 * noise3(mm / 2.9 + 5.0);
        float here = clamp(0.55 + 0.62 * patches.x, 0.0, 1.0), there = clamp(0.42 + 0.75 * patches.y, 0.0, 1.0);
        Scales fine = scales_at(mm, along, 0.36, dryness * mix(0.25, 0.85, here), footprint_mm, vec3(0.0));
        Scales loose = scales_at(mm, along, 0.85, peeling * there, footprint_mm, vec3(50.0));
        // Horn is pale on any skin: it looks ashen on dark skin.
        vec3 horn = max(shade * (frame.mean_skin + vec3(0.125, 0.120, 0.115)), colour * 1.10);
        float cover = clamp(0.06 * dryness + 0.26 * fine.cover + 0.58 * loose.cover, 0.0, 0.75);
        colour = mix(colour, horn, cover);
        height += fine.height + loose.height;
        gloss -= 0.3 * loose.cover;
    }
    if (healed_dry.z > 0.02) colour *= exp(-vec3(0.10, 0.85, 0.75) * (healed_dry.z * vessels_at(mm, footprint_mm)));
    if (healed_torn.x + healed_torn.y > 0.02) {
        float line = torn_at(uv, 0.33 * uv_across, 0.33 * uv_up);
        vec2 torn = 1.0 - (1.0 - healed_torn) * (1.0 - healed_torn);  // a line is seen before it is full
        colour *= 1.0 - line * torn.x * vec3(0.30, 0.66, 0.62);
        // Scars are paler than fair skin and darker than dark skin that answers with pigment (A).
        vec3 scar = mix(vec3(1.16, 1.10, 1.08), vec3(0.62, 0.56, 0.52), smoothstep(0.06, 0.14, frame.albedo_melanin));
        colour *= mix(vec3(1.0), scar, line * torn.y);
        height += line * (0.05 * torn.x - 0.07 * torn.y);
    }
    if (crust > 0.01) {
        // Blood at first, then brown.
        colour *= mix(vec3(1.0), mix(vec3(0.46, 0.31, 0.27), vec3(0.62, 0.13, 0.12), healed_left.x), 0.92 * crust);
        height += 0.06 * crust;
        gloss -= 0.3 * crust;
    }
    f.normal = bumped(f.normal, mm, height, 0.6);
}

// Does nothing where no face heals. Left of the split the skin is as it was before its session, without marks of needles.
void heal(sampler2D atlas, inout Fine f, inout vec3 colour, inout float gloss, vec3 n, vec3 place, vec2 uv, float footprint_mm) {
    if (kHealed == 0u) return;
    if (gl_FragCoord.x >= frame.healed_from_pixel) {
        lay_signs(f, colour, gloss, n, (place - n * healed_tint.w) * 1e3, uv, footprint_mm);
    } else {
        f = fine_at(atlas, uv, n, 1.0);
        f.blood = 0.0;
    }
}

#endif
