#version 460
#extension GL_GOOGLE_include_directive : require
// Where the skin's field moves the vertices of some blocks. Skin that faces away from what moves it stays: it belongs to
// another fold.
#include "shaders/shared/picture.h"
#include "shaders/shared/skin_field.h"
#include "shaders/picture.glsl"

layout(local_size_x = 64) in;
layout(push_constant) uniform Push { uint first_block; };
layout(binding = 0, scalar) uniform Constants { Frame frame; };
layout(binding = 1, scalar) uniform Loads { SkinField field; };
layout(binding = 2, scalar) readonly buffer Vertices { FieldVertex vertices[]; };  // as drawn
layout(binding = 3, scalar) readonly buffer Blocks { uint blocks[]; };
layout(binding = 4, scalar) writeonly buffer Shifts { FieldShift shifts[]; };      // as drawn

// Loops test at their end: the CPU driver runs all lanes through everything between a test and the loop's end once more, for
// nothing, and through both sides of a branch.

// Between vertices nobody sees how steep the edge of a disc is: slopes are those of loads softened by about a vertex's
// distance.
const float kSoft2 = 1.6e-6;  // m2

// Slope, and depth in w.
vec4 dent_by(FieldDisc disc, vec3 place) {
    vec3 d = place - disc.place;
    float r2 = max(dot(d, d), 1e-12), r = sqrt(r2), a = disc.radius;
    float x = min(r * (float(kLayerSamples - 1u) / kDentReach), float(kLayerSamples) - 2.01);
    uint j = uint(x);
    float low = field.layer[j], high = field.layer[j + 1u];
    float slope = (high - low) * (float(kLayerSamples - 1u) / kDentReach);
    float soft = inversesqrt(r2 + kSoft2 + 0.5 * a * a);
    return disc.strength * vec4(-d * (soft * soft * soft + slope / r), disc_inverse(r, a) - mix(low, high, x - float(j)));
}

// Of one group at least.
vec4 dent_at(vec3 place) {
    vec4 sum = vec4(0.0);
    uint g = 0u;
    do {
        FieldGroup group = field.groups[g];
        vec3 d = place - group.all.place;
        bool near = dot(d, d) <= group.near2;
        uint k = 0u, count = near ? group.count : 1u;
        do {
            FieldDisc one = field.discs[group.first + k], disc = group.all;
            if (near) disc = one;
            sum += dent_by(disc, place);
        } while (++k < count);
    } while (++g < frame.field_groups);
    return sum;
}

vec3 drawn_by(uint k, vec3 place) {
    FieldGrip grip = field.grips[k];
    if (distance(place, grip.points[0]) > grip.reach) return vec3(0.0);
    vec2 sum = vec2(0.0);
    for (uint i = 0u; i < 7u; ++i) {
        vec3 apart = place - grip.points[i];
        vec2 flat_apart = vec2(dot(apart, grip.along), dot(apart, grip.across));
        flat_apart *= sqrt(dot(apart, apart) / max(dot(flat_apart, flat_apart), 1e-12));
        flat_apart *= vec2(1.0 / grip.stiff, grip.stiff);
        float r = sqrt(dot(flat_apart, flat_apart) + grip.near2);
        float x = min(r / grip.reach * float(kSheetSamples - 1u), float(kSheetSamples) - 2.01);
        uint j = k * kSheetSamples + uint(x);
        vec2 by = mix(field.sheet[j], field.sheet[j + 1u], fract(x));
        sum += by.x * grip.pull - by.y * dot(flat_apart, grip.pull) * flat_apart;
    }
    float root = sqrt(grip.stiff);
    return grip.along * (sum.x / root) + grip.across * (sum.y * root);
}

uint64_t halves(vec4 v) { return packUint2x32(uvec2(packHalf2x16(v.xy), packHalf2x16(v.zw))); }

void main() {
    uint i = blocks[first_block + gl_WorkGroupID.x] * 64u + gl_LocalInvocationID.x;
    FieldVertex rest = vertices[i];
    uvec2 xy = unpackUint2x32(rest.place_xy), z_facing = unpackUint2x32(rest.place_z_facing);
    bool hair = (z_facing.y & kFacingHair) != 0u;
    vec3 normal = unpack_normal(z_facing.y), place = uintBitsToFloat(uvec3(xy, z_facing.x));
    vec3 shift = vec3(0.0), slope = vec3(0.0);
    float depth = 0.0;
    if ((z_facing.y & kFacingMoves) != 0u) {
        uint k = 0u;
        if (frame.field_grips > 0u) do {
            float facing = hair ? 1.0 : smoothstep(-0.3, 0.0, dot(normal, field.grips[k].normal));
            shift += facing * drawn_by(k, place);
        } while (++k < frame.field_grips);
        place += shift;  // the tip dents what was drawn under it
        float away = distance(place, frame.dent_place) / kDentReach;
        if (frame.field_discs > 0u && away < 1.0) {
            float facing = hair ? 1.0 : smoothstep(-0.1, 0.35, dot(normal, frame.dent_normal));
            vec4 dent = dent_at(place) * (facing * (1.0 - smoothstep(0.75, 1.0, away)));
            shift -= frame.dent_normal * dent.w;
            depth = dent.w;
            slope = dent.xyz;
        }
    }
    shifts[i] = FieldShift(halves(1e3 * vec4(shift, depth)), halves(vec4(slope, 0.0)));
}
