#version 460
#extension GL_GOOGLE_include_directive : require
// Punctures seen from near, each a square of its true size on the skin that is drawn: it goes down with the dent and
// stretches as the skin does. Made here on all cores, because the CPU driver places vertices on one.
#include "shaders/shared/near_mark.h"
#include "shaders/shared/marks.h"

layout(local_size_x = 64) in;
layout(binding = 0, scalar) readonly buffer Constants { Frame frame; };
layout(binding = 1, scalar) readonly buffer Vertices { RestVertex vertices[]; };
layout(binding = 2, scalar) readonly buffer Triangles { uint triangles[]; };
layout(binding = 3, scalar) readonly buffer Drawn { DrawnVertex drawn[]; };
layout(binding = 4, scalar) readonly buffer Punctures { Puncture punctures[]; };
layout(binding = 5, scalar) writeonly buffer Marks { NearMark marks[]; };
layout(push_constant) uniform Push { uint count; };

const float kRaised = 3e-4;  // m towards the eye: the squares lie on chords, the skin between bends

vec4 light_of(DrawnVertex v) { return vec4(unpackHalf2x16(v.light_rg), unpackHalf2x16(v.light_b)); }
vec4 normal_of(DrawnVertex v) { return vec4(unpackSnorm2x16(v.normal_xy), unpackSnorm2x16(v.normal_z)); }

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= count) return;
    Puncture p = punctures[i];
    RestVertex a = vertices[triangles[p.triangle * 3u]], b = vertices[triangles[p.triangle * 3u + 1u]],
               c = vertices[triangles[p.triangle * 3u + 2u]];
    DrawnVertex da = drawn[a.drawn], db = drawn[b.drawn], dc = drawn[c.drawn];
    vec2 w = vec2(p.weights & 0xffffu, p.weights >> 16) / 65535.0;
    vec3 weights = vec3(1.0 - w.x - w.y, w);

    NearMark m;
    m.place = mat3(da.position, db.position, dc.position) * weights;
    float pixel_mm = frame.pixel_size * distance(m.place, frame.eye) * 1e3;
    bool nowhere = p.depth_tilt == 0u && p.cell == kNoCell;
    m.share = nowhere ? 0.0 : drawn_near(pixel_mm, frame.near_marks);

    // Two tangents of the triangle at rest, as marks.vert has them; where they lie in the drawn one; how uv goes with them.
    vec3 e1 = b.position - a.position, e2 = c.position - a.position;
    vec3 s = normalize(e1), q = cross(normalize(cross(e1, e2)), s);
    mat2 of_edges = inverse(mat2(dot(e1, s), dot(e1, q), dot(e2, s), dot(e2, q)));
    mat2x3 in_space = mat2x3(db.position - da.position, dc.position - da.position) * of_edges;
    mat2 in_atlas = mat2(b.uv - a.uv, c.uv - a.uv) * of_edges;
    m.uv = a.uv * weights.x + b.uv * weights.y + c.uv * weights.z;
    m.uv_across = in_atlas[0] * 1e-3;
    m.uv_up = in_atlas[1] * 1e-3;
    m.across = normalize(in_space[0]);
    m.up = normalize(in_space[1]);

    m.light = light_of(da) * weights.x + light_of(db) * weights.y + light_of(dc) * weights.z;
    vec4 normal = normal_of(da) * weights.x + normal_of(db) * weights.y + normal_of(dc) * weights.z;
    m.normal = normalize(normal.xyz);
    m.seen = normal.w;
    bool bleeds = mark_bleeds(p) && (p.force_needle & kMarkWiped) == 0u;
    m.droplet = bleeds ? droplet_radius(p) : 0.0;
    m.strength = mark_strength(p);
    m.pixel = pixel_mm;
    m.view = normalize(frame.eye - m.place);
    m.half_key = normalize(m.view + frame.key_to);
    m.key_cosine = max(dot(frame.key_to, m.half_key), 0.0);
    uint seed = p.weights ^ p.triangle * 0x9e3779b1u;
    const float full = 6.2831853;
    float angle = mark_chance(seed, 1u) * full, twice = mark_chance(seed, 2u) * full, thrice = mark_chance(seed, 3u) * full;
    m.turn = vec2(cos(angle), sin(angle));
    vec2 uneven = bleeds ? vec2(0.035, 0.02) : vec2(0.13, 0.09);
    m.ragged = vec4(cos(twice), sin(twice), cos(thrice), sin(thrice)) * uneven.xxyy;
    m.size = kMarkRadius * mix(0.85, 1.15, mark_chance(seed, 4u));
    m.dark = mix(0.35, 0.9, mark_chance(seed, 5u)) * smoothstep(0.0, 0.6, m.strength);

    m.reach = (bleeds ? 1.5 * m.droplet : 2.0 * kMarkRadius) + pixel_mm;
    m.clip = frame.clip_from_world * vec4(m.place, 1.0);
    m.clip_across = frame.clip_from_world * vec4(in_space[0] * 1e-3, 0.0);
    m.clip_up = frame.clip_from_world * vec4(in_space[1] * 1e-3, 0.0);
    vec4 raised = frame.clip_from_world * vec4(m.place + m.view * kRaised, 1.0);
    m.clip.z = raised.z / raised.w * m.clip.w;
    if (m.share == 0.0) m.clip = vec4(2.0, 2.0, 0.0, 1.0), m.reach = 0.0;
    marks[i] = m;
}
