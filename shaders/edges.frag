#version 460
// Smooths stairs along edges where there is one sample per pixel: blends along the edge's direction, found from the four
// diagonal neighbours (after T. Lottes, FXAA). Pixels without a strong edge are copied.
layout(binding = 1) uniform sampler2D picture;
layout(location = 0) out vec4 colour;

float light(vec3 c) { return dot(c, vec3(0.3, 0.59, 0.11)); }
float light_at(ivec2 p, ivec2 most) { return light(texelFetch(picture, clamp(p, ivec2(0), most), 0).rgb); }

void main() {
    ivec2 p = ivec2(gl_FragCoord.xy), most = textureSize(picture, 0) - 1;
    vec3 own = texelFetch(picture, p, 0).rgb;
    float m = light(own);
    float nw = light_at(p + ivec2(-1, -1), most), ne = light_at(p + ivec2(1, -1), most);
    float sw = light_at(p + ivec2(-1, 1), most), se = light_at(p + ivec2(1, 1), most);
    float low = min(m, min(min(nw, ne), min(sw, se))), high = max(m, max(max(nw, ne), max(sw, se)));
    colour = vec4(own, 1.0);
    if (high - low < max(0.07, high * 0.16)) return;

    vec2 along = vec2((sw + se) - (nw + ne), (nw + sw) - (ne + se));
    float damp = max((nw + ne + sw + se) * 0.03, 0.008);
    vec2 size = 1.0 / vec2(most + 1), at = gl_FragCoord.xy * size;
    along = clamp(along / (min(abs(along.x), abs(along.y)) + damp), -6.0, 6.0) * size;
    vec3 inner = 0.5 * (texture(picture, at - along / 6.0).rgb + texture(picture, at + along / 6.0).rgb);
    vec3 outer = 0.5 * inner + 0.25 * (texture(picture, at - along * 0.5).rgb + texture(picture, at + along * 0.5).rgb);
    float reached = light(outer);
    colour.rgb = reached < low || reached > high ? inner : outer;
}
