#version 460
#extension GL_GOOGLE_include_directive : require
// The skin finer than its mesh, written once into the atlas. Half 0: tilt of the surface by furrows, pores, creases and
// painted details. Half 1: what these, freckles and mottling change of the colour and gloss that the vertices give.
// Functions of the place at rest in millimetres, so neither the atlas' stretch nor the mesh shows; what is finer than a
// texel fades out. Primary lines 20 to 60 um deep and 0.3 to 0.8 mm apart, pores 0.1 to 0.3 mm wide: K-m.
#include "shaders/shared/detail.h"

layout(constant_id = 0) const uint kHalf = 0u;
layout(push_constant, scalar) uniform Push { SkinPaint paint; };
layout(binding = 3, scalar) readonly buffer Begin { uint begin[]; };    // per triangle: its details in `which`
layout(binding = 4, scalar) readonly buffer Which { uint which[]; };
layout(binding = 5, scalar) readonly buffer Details { Detail details[]; };
layout(binding = 6, scalar) readonly buffer Colours { vec3 colours[]; };
#include "shaders/fine.glsl"
#include "shaders/skin_colour.glsl"
#include "shaders/noise.glsl"

layout(location = 0) in vec3 rest;  // mm
layout(location = 1) in vec3 normal;
layout(location = 2) in vec4 look;
layout(location = 3) in vec4 tension;
layout(location = 4) in float lip;
layout(location = 5) in flat uint triangle;
layout(location = 0) out vec4 texel;

const vec3 kDirections[6] = vec3[6](vec3(0.0, 0.526, 0.851), vec3(0.0, 0.526, -0.851), vec3(0.526, 0.851, 0.0),
                                    vec3(0.526, -0.851, 0.0), vec3(0.851, 0.0, 0.526), vec3(-0.851, 0.0, 0.526));

// Gradient of a net of irregular furrows that cross, after the skin's primary lines: six families of wavy planes cut the
// surface, each coming and going. Those along the tension lines are the deeper ones. Millimetres.
vec3 furrows(vec3 p, vec3 n, vec3 along, float anisotropy, float spacing, float depth) {
    vec3 wavy = noise3(p * (0.42 / spacing)) * (0.55 * spacing) + noise3(p * (1.2 / spacing) + 7.0) * (0.17 * spacing);
    vec3 lasting = noise3(p * (0.40 / spacing) + 31.0);
    float strength[6] = float[6](lasting.x, lasting.y, lasting.z, 0.7 * (lasting.x - lasting.y), 0.7 * (lasting.y - lasting.z),
                                 0.7 * (lasting.z - lasting.x));
    const float half_width = 0.19;
    vec3 sum = vec3(0.0);
    for (int k = 0; k < 6; ++k) {
        vec3 d = kDirections[k];
        float cut = 1.0 - dot(d, n) * dot(d, n), across = dot(d, along);
        float weight = smoothstep(0.3, 0.8, cut) * smoothstep(-0.55, 0.5, strength[k]) * mix(1.0, 1.0 - 0.85 * across * across, anisotropy);
        float x = fract(dot(p + wavy, d) / spacing) - 0.5;
        float u = clamp(x / half_width, -1.0, 1.0);
        sum += d * (weight * u * (1.0 - u * u));
    }
    return sum * (4.0 * depth / (half_width * spacing));
}

struct Pore {
    vec3 slope;
    float open;  // share of its mouth at this place
};

// Scattered pits; `dense` 0..1: how many of their sites are taken, and how wide they are.
Pore pores(vec3 p, vec3 n, float spacing, float dense, float blur) {
    Cells c = cells_at(p / spacing, n);
    float size = float(c.who >> 24) / 255.0, taken = float(c.who >> 16 & 255u) / 255.0;
    float radius = mix(0.05, 0.15, size * dense) * mix(0.6, 1.0, c.near_surface);
    float drawn = max(radius, blur);
    float r = sqrt(c.near2) * spacing;
    float x = clamp(r / (1.5 * drawn), 0.0, 1.0);
    float here = step(taken, dense) * c.near_surface * (radius * radius) / (drawn * drawn);
    float deep = mix(0.35, 1.0, dense) * here;
    return Pore(c.near * spacing / max(r, 1e-3) * (6.75 * x * (1.0 - x) * (1.0 - x) * deep), deep * (1.0 - x * x) * (1.0 - x * x));
}

struct Painted {
    vec3 slope;
    float melanin, blood;  // multiples
    float gloss;
    float shade;           // share of light that a pit keeps from its floor
};

void paint_detail(Detail d, float texel_mm, inout Painted sum) {
    vec3 line = d.to - d.from, w = rest - d.from;
    float along = dot(w, line) / max(dot(line, line), 1e-6);
    bool before = (d.seed & kDetailGoesOnBefore) != 0u, after = (d.seed & kDetailGoesOnAfter) != 0u;
    if ((before && along < 0.0) || (after && along >= 1.0)) return;
    along = clamp(along, 0.0, 1.0);
    w -= line * along;
    float r = length(w);
    if (r > d.radius * kDetailReach + texel_mm) return;
    vec3 offset = vec3(float(d.seed & 255u), float(d.seed >> 8 & 255u), float(d.seed >> 16 & 255u));
    vec3 coarse = noise3(rest / d.radius * 0.9 + offset), small = noise3(rest / d.radius * 2.7 + offset);
    float ragged = 1.0 + d.irregularity * (0.42 * coarse.x + 0.22 * small.x);
    // A line that is long for its width ends in a point; one thinner than a texel keeps its amount, not its width.
    float pointed = 0.7 * smoothstep(2.0, 6.0, length(line) / d.radius);
    float taper = mix(1.0, smoothstep(0.0, 0.15, min(before ? 1.0 : along, after ? 1.0 : 1.0 - along)), pointed);
    float true_radius = d.radius * ragged * taper, radius = max(true_radius, 0.7 * texel_mm);
    float share = true_radius / radius;
    float x = r / max(radius, 1e-4);
    float edge = mix(0.75, 0.16, max(d.steepness, 0.5 * d.irregularity));
    float within = share * (1.0 - smoothstep(1.0 - edge, 1.0 + 0.8 * edge, x));
    sum.melanin *= max(1.0 + d.melanin * within * (1.0 + d.irregularity * 0.35 * small.y), 0.02);
    sum.blood *= max(1.0 + d.haemoglobin * within * (1.0 + d.irregularity * 0.5 * small.z), 0.02);
    sum.gloss += d.gloss * within;
    if (d.height == 0.0) return;
    float flat_share = 0.85 * d.steepness, span = max((1.0 - flat_share) * radius, 1.2 * texel_mm);
    float t = clamp((r - flat_share * radius) / span, 0.0, 1.0);
    sum.slope -= w / max(r, 1e-4) * (d.height * share * 6.0 * t * (1.0 - t) / span);
    sum.slope += (small * within) * (d.irregularity * 0.25 * abs(d.height) / radius);
    if (d.height < 0.0) {
        float deep = clamp(-d.height / true_radius, 0.0, 2.0);
        sum.shade *= 1.0 - 0.30 * deep * share * (1.0 - t * t) / (1.0 + 0.5 * deep);
    }
}

Painted painted(float texel_mm) {
    Painted sum = Painted(vec3(0.0), 1.0, 1.0, 0.0, 1.0);
    for (uint k = begin[triangle]; k < begin[triangle + 1u]; ++k) paint_detail(details[which[k]], texel_mm, sum);
    return sum;
}

vec4 tilt_of(vec3 slope, vec3 n) {
    slope -= n * dot(slope, n);
    vec3 tilt = slope * inversesqrt(1.0 + dot(slope, slope)), s, t;
    tangents(n, s, t);
    return vec4(vec2(dot(tilt, s), dot(tilt, t)) * 0.5 + 0.5, 0.0, 0.0);
}

void main() {
    vec3 n = normalize(normal);
    float texel_mm = max(length(dFdx(rest)), length(dFdy(rest)));
    Painted details = painted(texel_mm);
    if (paint.silicone != 0u) {
        texel = kHalf == 0u ? tilt_of(details.slope + furrows(rest, n, vec3(0.0), 0.0, 0.9, 0.006), n)
                            : vec4(vec3(1.0 / kTintScale), 0.5);
        return;
    }
    // Oily skin has its pores open; lips have none.
    float dense = smoothstep(0.40, 0.72, look.z) * (1.0 - lip), thin = tension.w;
    Pore pore = pores(rest, n, mix(0.95, 0.62, dense), (0.45 + 0.55 * dense) * (1.0 - lip) * (1.0 - thin), 0.6 * texel_mm);
    if (kHalf == 0u) {
        vec3 along = normalize(tension.xyz + vec3(1e-5, 0.0, 0.0));
        vec3 skin = furrows(rest, n, along, 0.45, mix(0.58, 0.42, thin), 0.016 * (1.0 - 0.4 * dense)), lips = vec3(0.0);
        skin += 0.055 * noise3(rest * 1.9 + 5.0);
        // Loops of one turn at most: the CPU driver leaves out a loop that no pixel enters, but no branch.
        for (uint k = 0u; k < (lip > 0.0 ? 1u : 0u); ++k)
            lips = 0.9 * furrows(rest * vec3(1.0, 0.18, 0.4), n, vec3(0.0), 0.0, 1.1, 0.05) * vec3(1.0, 0.2, 0.5);
        // Lids crepe along their tension lines.
        for (uint k = 0u; k < (thin > 0.0 ? 1u : 0u); ++k) skin += thin * 0.10 * furrows(rest, n, along, 1.0, 1.3, 0.05);
        texel = tilt_of(mix(skin + pore.slope, lips, lip) + details.slope, n);
        return;
    }
    // Broader mottling comes with the vertices.
    vec3 middle = noise3(rest * 0.95 + 19.0), small = noise3(rest * 3.1 + 57.0);
    float calm = 1.0 / (1.0 + 8.0 * paint.melanin);  // see melanin_share
    float melanin = exp2(calm * (0.14 * middle.x + 0.08 * small.x + 0.20 * pore.open));
    float blood = exp2(0.18 * middle.y + 0.12 * small.y + 0.20 * pore.open);
    float sunny = exp(-pow(rest.x / 62.0, 2.0) - pow((rest.y - 84.0) / 36.0, 2.0)) * smoothstep(20.0, 60.0, rest.z);
    for (uint k = 0u; k < (paint.freckles * sunny > 0.01 ? 1u : 0u); ++k) {
        Cells spot = cells_at(rest / 3.1 + 90.0, n);
        float rank = float(spot.who >> 24) / 255.0, size = mix(0.07, 0.24, float(spot.who >> 16 & 255u) / 255.0) * (1.0 + 0.3 * middle.z);
        float taken = spot.near_surface * step(rank, paint.freckles * sunny * (1.0 - lip) * (0.6 + 0.4 * middle.y));
        melanin *= 1.0 + taken * 1.5 * (1.0 - smoothstep(0.5 * size, 1.3 * size, sqrt(spot.near2)));
    }

    float own_melanin = paint.melanin * melanin_share(look.y, paint.melanin), own_blood = paint.blood * blood_share(look.x);
    vec3 tint = skin_colour(own_melanin * melanin * details.melanin, own_blood * blood * details.blood) /
                skin_colour(own_melanin, own_blood);
    tint *= details.shade * (1.0 - 0.14 * pore.open);
    // Less than a step of noise keeps slow changes free of bands.
    float noise = float(hash_of(uvec3(gl_FragCoord.xy, 1u)) & 255u) / 255.0 - 0.5;
    texel = vec4(sqrt(tint) / kTintScale + noise / 255.0, 0.5 + 0.5 * clamp(details.gloss + 0.12 * middle.z - 0.25 * pore.open, -1.0, 1.0));
}
