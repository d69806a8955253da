#version 460
#extension GL_GOOGLE_include_directive : require
// Vertices of the present picture: dent, light leaving diffusely, overlay. What a pixel need not know is done here, once per
// vertex on all cores, because skin itself blurs diffuse light over about a vertex's distance. A group is one block of
// neighbours; the list holds those that the picture needs anew.
#include "shaders/shared/picture.h"
#include "shaders/shared/skin_field.h"
#include "shaders/shared/statistics.h"
#include "shaders/picture.glsl"

layout(local_size_x = 64) in;
layout(constant_id = 0) const uint kReach = 0u;
layout(push_constant) uniform Push { uint first_block; };
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1, scalar) readonly buffer Shifts { FieldShift shifts[]; };  // as drawn, of blocks that the field reaches
layout(binding = 2, scalar) readonly buffer Vertices { RestVertex vertices[]; };
layout(binding = 3, scalar) readonly buffer Lights { VertexLight lights[]; };
layout(binding = 4, scalar) readonly buffer Colours { vec3 colours[]; };  // kColours x kColours: blood, then melanin
layout(binding = 5, scalar) readonly buffer Looks { CellLook looks[]; };
layout(binding = 6, scalar) readonly buffer Cells { Cell cells[]; };
layout(binding = 7, scalar) readonly buffer Begin { uint begin[]; };
layout(binding = 8, scalar) readonly buffer Neighbours { uint neighbours[]; };   // cells that touch
layout(binding = 9, scalar) readonly buffer Statistics { ZoneStats zones[]; };
layout(binding = 10, scalar) readonly buffer Highlights { uint highlights[]; };  // one byte per cell (highlight.h)
layout(binding = 11, scalar) writeonly buffer Drawn { DrawnVertex drawn[]; };
layout(binding = 12, scalar) readonly buffer Order { uint order[]; };
layout(binding = 13, scalar) readonly buffer Blocks { uint blocks[]; };
layout(binding = 14, scalar) readonly buffer Wiped { vec2 wiped[]; };  // share, and s of session time
layout(binding = 15, scalar) readonly buffer Places { vec3 places[]; };  // of the cells

#include "shaders/skin_colour.glsl"

const vec3 kWrap = vec3(0.30, 0.14, 0.10);  // red light turns farther round an edge

#include "shaders/touch.glsl"
#include "shaders/response.glsl"

// Share of a soft light that passes the pen, taken as a rod from its tip (after I. Quilez, capsule soft shadow).
float past_pen(vec3 place, vec3 to_light, float softness) {
    vec3 along = -frame.pen_axis;
    vec3 w = frame.pen_tip + along * 0.004 - place;
    float b = dot(along, to_light), d = dot(w, along), e = dot(w, to_light);
    float s = clamp((b * e - d) / max(1.0 - b * b, 1e-3), 0.0, 0.14);
    float t = max(e + s * b, 0.0);
    vec3 gap = w + along * s - to_light * t;
    float radius = frame.pen_radius * mix(1.0, 2.1, smoothstep(0.012, 0.04, s));
    return smoothstep(-softness, softness, (length(gap) - radius) / max(t + 0.004, 0.004));
}

vec3 wrapped(float facing) { return max(vec3(0.0), (vec3(facing) + kWrap) / (1.0 + kWrap)); }

// How irradiance changes where the dent turned the skin: the lights that the vertex sees, at the new angle.
vec3 turned(vec3 irradiance, vec3 before, vec3 after, vec4 visible) {
    vec3 change = frame.key_colour * visible.x * (wrapped(dot(after, frame.key_to)) - wrapped(dot(before, frame.key_to)));
    change += frame.fill_colour * visible.y * (wrapped(dot(after, frame.fill_to)) - wrapped(dot(before, frame.fill_to)));
    change += (frame.sky_above - frame.sky_below) * (0.5 * visible.w * (after.y - before.y));
    return max(irradiance + change, irradiance * 0.15);
}

// The rim presses its ring of skin empty of blood, the plate inside it less. Where it was, the response tells (response.h).
float pressed_pale(vec3 place) {
    if (frame.contact_points == 0u) return 0.0;
    float away = (distance(place, frame.contact_position) - frame.pen_radius) * 1e3;
    float rim = exp(-away * away * 0.6), inside = 0.35 * (1.0 - smoothstep(-1.0, 0.0, away));
    return max(rim, inside) * smoothstep(0.05e-3, 0.5e-3, frame.contact_dent);
}

const float kFalling = 6.2e5;  // 1/m2: cells count by their distance, with a standard deviation of 0.9 mm

bool is_prescribed(uint zone) { return (frame.prescribed >> zone & 1u) != 0u; }

// The overlay at a place as DrawnVertex::overlay holds it. The place's cell is blended with those that touch it by their
// distance, so that neither the map nor its edge has steps where one cell ends. The value is told times the share with data:
// between vertices both are blended, and untouched skin does not pull the value down.
vec4 overlay_at(uint cell, uint zone, vec3 place) {
    if (frame.overlay == kOverlayNone) return vec4(0.0);
    if (cell == kNoCell) return vec4(0.0, 0.0, 0.0, is_prescribed(zone) ? 1.0 : 0.0);
    float all = 0.0, within = 0.0, touched = 0.0, most = 0.0;
    for (uint k = begin[cell]; k <= begin[cell + 1u]; ++k) {
        uint other = k < begin[cell + 1u] ? neighbours[k] : cell;
        vec3 d = places[other] - place;
        float near = exp(-dot(d, d) * kFalling);
        all += near;
        if (!is_prescribed(cells[other].zone)) continue;
        within += near;
        near *= looks[other].touched;
        touched += near;
        if (near > most) zone = cells[other].zone;
        most = max(most, near);
    }
    float prescribed = within / max(all, 1e-9);
    bool density = frame.overlay == kOverlayCoverage || frame.overlay == kOverlayEvenness;
    if (touched == 0.0) return vec4(0.0, 0.0, 0.0, prescribed);
    float sum = 0.0, weight = 0.0;
    for (uint k = begin[cell]; k <= begin[cell + 1u]; ++k) {
        uint other = k < begin[cell + 1u] ? neighbours[k] : cell;
        if (cells[other].zone != zone) continue;
        vec3 d = places[other] - place;
        float near = exp(-dot(d, d) * kFalling), counts = density ? near : near * looks[other].touched;
        sum += looks[other].overlay * counts;
        weight += counts;
    }
    float value = sum / weight, share = touched / all * smoothstep(0.35, 0.5, prescribed);
    if (frame.overlay == kOverlayEvenness) value *= 100.0 / max(float(zones[zone].density_per_cm2), 1.0);
    vec2 band = frame.overlay_band[zone];
    float fine = round(overlay_place(value, frame.overlay_low, frame.overlay_high, band.x, band.y) * share * 65535.0);
    float high = floor(fine / 256.0);
    return vec4(high / 255.0, (fine - high * 256.0) / 255.0, share, prescribed);
}

float highlight_of(uint cell) { return float(highlights[cell >> 2] >> (8u * (cell & 3u)) & 255u) / 255.0; }

// DrawnVertex::highlight: above a half where highlighted cells prevail, blended as the overlay is. A fifth of what counts is
// enough, so that a single cell is not outvoted by those round it.
float highlight_at(uint cell, vec3 place) {
    if (frame.highlights == 0u || cell == kNoCell) return 0.0;
    float all = 0.0, lit = 0.0;
    for (uint k = begin[cell]; k <= begin[cell + 1u]; ++k) {
        uint other = k < begin[cell + 1u] ? neighbours[k] : cell;
        vec3 d = places[other] - place;
        float near = exp(-dot(d, d) * kFalling);
        all += near;
        lit += near * highlight_of(other);
    }
    return min(2.5 * lit / max(all, 1e-9), 1.0);
}

vec3 pen_shaded(vec3 irradiance, vec3 place, vec3 normal, vec4 visible) {
    float key = past_pen(place, frame.key_to, 0.22);
    vec3 direct = frame.key_colour * visible.x * max(dot(normal, frame.key_to), 0.0);
    vec3 left = max(irradiance - direct * (1.0 - key), irradiance * 0.12);
    // Under and beside the tip less of the room is seen.
    float gap = length(place - frame.pen_tip) - frame.pen_radius;
    return left * (1.0 - 0.45 * exp(-max(gap, 0.0) * 220.0));
}

// Mirror images that are too soft for a pixel to tell: fill, rim and the room in the skin's oily film.
vec3 soft_shine(vec3 normal, vec3 view, vec4 visible, float gloss, float open) {
    float nv = max(dot(normal, view), 0.02);
    vec3 h = normalize(view + frame.fill_to);
    float lh = max(dot(frame.fill_to, h), 0.0);
    float fill = specular_lobe(max(dot(normal, h), 0.0), lh, 0.42) * fresnel(0.028, lh) * max(dot(normal, frame.fill_to), 0.0);
    h = normalize(view + frame.rim_to);
    lh = max(dot(frame.rim_to, h), 0.0);
    float rim = specular_lobe(max(dot(normal, h), 0.0), lh, 0.42) * fresnel(0.028, lh) * max(dot(normal, frame.rim_to), 0.0);
    vec3 room = mix(frame.sky_below, frame.sky_above, 0.5 + 0.5 * reflect(-view, normal).y);
    vec3 light = frame.fill_colour * (visible.y * fill) + frame.rim_colour * (visible.z * min(rim, 0.08)) +
                 room * (open * open * min(fresnel(0.028, nv), 0.4) * 0.6);
    return light * mix(0.55, 1.5, gloss);
}

vec3 albedo_of(RestVertex rest, vec4 look, CellLook shown) {
    uint material = rest.tags >> 8 & 0xffu;
    if (material == kMaterialSkin) {
        float blood = frame.albedo_blood * blood_share(look.x) * (1.0 + 1.9 * shown.redness) * (1.0 - 0.6 * shown.pale);
        vec3 colour = skin_colour(frame.albedo_melanin * melanin_share(look.y, frame.albedo_melanin), blood);
        // Under much melanin redness is told by a darker, warmer tone rather than by red (clinical.md 5.1, K-h).
        float dark = smoothstep(0.08, 0.20, frame.albedo_melanin) * min(shown.redness, 1.0);
        return responded(colour * (1.0 - dark * vec3(0.02, 0.17, 0.20)), shown);
    }
    if (material == kMaterialSilicone)
        return responded(mix(vec3(0.58, 0.37, 0.28), vec3(0.58, 0.25, 0.20), min(shown.redness, 1.0) * 0.6), shown);
    if (material == kMaterialHair) return look.rgb * look.rgb;
    if (material == kMaterialCloth) return vec3(0.125, 0.24, 0.28);
    return vec3(0.30, 0.32, 0.34);
}

// The mesh's nostrils are shallow pits; what a deep one would do to all light is painted as very low openness. The line
// between the lips is as low but no pit: lips are told by their gloss.
float light_in_pit(float open, float gloss) {
    return mix(0.22, 1.0, max(smoothstep(0.05, 0.16, open), smoothstep(0.54, 0.62, gloss)));
}

// A hair is a pixel wider than it is, for its soft edges, and where it is thinner than a pixel its opacity makes good what
// they add.
float widen_hair(uint i, inout vec3 place) {
    vec3 half_width = (place - vertices[i ^ 1u].position) * 0.5;
    vec3 view = place - frame.eye;
    float away = length(view);
    vec3 across = half_width - view * (dot(half_width, view) / (away * away));
    float pixels = 2.0 * length(across) / (frame.pixel_size * away);
    float wanted = pixels + 1.0;
    place += half_width * (min(wanted / max(pixels, 0.03), 34.0) - 1.0);
    return pixels < 1.0 ? pow(4.0 * pixels / (wanted * wanted), 0.75) : 1.0;
}

vec4 halves(uint64_t packed) {
    uvec2 two = unpackUint2x32(packed);
    return vec4(unpackHalf2x16(two.x), unpackHalf2x16(two.y));
}

void main() {
    uint at = blocks[first_block + gl_WorkGroupID.x] * 64u + gl_LocalInvocationID.x, i = order[at];
    if (i == kNoVertex) return;
    RestVertex rest = vertices[i];
    uint material = rest.tags >> 8 & 0xffu, zone = rest.tags & 0xffu;
    bool soft = material <= kMaterialSilicone;
    vec3 normal = unpack_normal(rest.normal), place = rest.position + normal * rest.raised;
    vec3 view = normalize(frame.eye - place);

    vec3 before = normal;
    vec4 look = unpackUnorm4x8(rest.look);
    vec4 visible = unpackUnorm4x8(lights[i].visible);
    vec3 irradiance = lights[i].irradiance;
    float blanching = 0.0;
    if (kReach == kReachField) {
        FieldShift field = shifts[at];
        vec4 shift = 1e-3 * halves(field.shift_depth);
        place += shift.xyz;
        if (soft && shift.w != 0.0) {
            vec3 down = frame.dent_normal, slope = halves(field.slope).xyz;
            normal = normalize(normal + slope * (dot(down, normal) / max(1.0 - dot(down, slope), 0.2)));
            irradiance = turned(irradiance, before, normal, visible);
            float pressed = clamp(shift.w / max(frame.deepest, 4e-4), 0.0, 1.0);
            irradiance *= 1.0 - 0.25 * pressed * pressed * smoothstep(0.0, 1e-3, frame.deepest);
            if (frame.contact_points > 0u)
                blanching = smoothstep(0.55, 0.95, pressed) * smoothstep(0.0, 6e-4, frame.contact_dent);
        }
    }
    if (kReach == kReachField && soft) blanching = max(blanching, pressed_pale(rest.position));
    if (kReach != kReachNothing && frame.pen_shown != 0u && distance(place, frame.pen_tip) < 0.2)
        irradiance = pen_shaded(irradiance, place, normal, visible);

    if (soft) irradiance *= beside_fingers(place);
    CellLook shown = CellLook(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    if (soft && rest.cell != kNoCell) shown = looks[rest.cell];
    shown.pale = max(shown.pale, blanching);
    // Hair casts no baked shadow: without a bound, lashes that face the lamp would be paler than the skin below.
    if (material == kMaterialHair) irradiance = min(irradiance, vec3(0.55));
    vec3 light = albedo_of(rest, look, shown);
    if (material == kMaterialSkin) {
        float pit = light_in_pit(look.w, look.z);
        light *= pit;
        visible *= pit;
    }
    bool per_pixel = soft && frame.per_pixel != 0u && frame.overlay == kOverlayNone;  // under a map all tiers are alike
    if (!per_pixel) light *= irradiance + (soft ? bounced(light, frame.key_colour, visible.w) : vec3(0.0));
    if (soft && !per_pixel) light += soft_shine(normal, view, visible, look.z, visible.w * look.w);
    // Above 1: the share of a wet film. Wet skin sends back less, since its film keeps light in.
    float wet = soft ? frame.wet[min(zone, 31u)] : 0.0;
    // What a pad took up seeps out again within a minute (A).
    if (soft && frame.wipes != 0u) wet *= 1.0 - wiped[i].x * exp((wiped[i].y - frame.wipe_clock) / 60.0);
    light *= 1.0 - 0.12 * wet;
    wet = max(wet, shown.wet);
    float last = mix(look.z, 2.0, wet);
    if (material == kMaterialHair) last = widen_hair(i, place);

    vec4 overlay = soft ? overlay_at(rest.cell, zone, rest.position) : vec4(0.0);

    DrawnVertex result;
    result.position = place;
    result.highlight = highlight_at(rest.cell, rest.position);
    result.normal_xy = packSnorm2x16(normal.xy);
    result.normal_z = packSnorm2x16(vec2(normal.z, visible.x));
    result.light_rg = packHalf2x16(light.rg);
    result.light_b = packHalf2x16(vec2(light.b, last));
    result.overlay = packUnorm4x8(overlay);
    result.uv = packUnorm2x16(rest.uv);
    result.visible = packUnorm4x8(visible);
    drawn[rest.drawn] = result;
}
