#version 460
#extension GL_GOOGLE_include_directive : require
// Light spreads under the skin along one axis of the picture (J. Jimenez et al. 2015, Separable subsurface scattering). Where
// a tap lands on other skin, or on none, the pixel's own light takes its place: nothing is lost and nothing bleeds.
#include "shaders/shared/high.h"

layout(constant_id = 0) const uint kSecond = 0u;   // the first pass reads alpha as 1 - share of skin, the second as share
layout(binding = 0) uniform sampler2D entering;    // light times share of skin
layout(binding = 1) uniform sampler2D depths;
layout(binding = 2, scalar) readonly buffer Kernel { Scatter kernel; };
layout(push_constant, scalar) uniform Push {
    vec2 axis;         // in pixels
    float pixel_size;  // mm per pixel at 1 mm
    float near, far;   // mm
};
layout(location = 0) in vec2 place;
layout(location = 0) out vec4 spread;

const float kSame = 2.0, kOther = 4.0;  // mm of depth beside the surface's own slope: still one skin, surely another

float depth_at(ivec2 p, ivec2 most) {
    float d = texelFetch(depths, clamp(p, ivec2(0), most), 0).r;
    return near * far / (far - d * (far - near));
}

float share_of(vec4 texel) { return kSecond == 1u ? texel.a : 1.0 - texel.a; }

void main() {
    ivec2 p = ivec2(gl_FragCoord.xy), most = textureSize(entering, 0) - 1, step = ivec2(axis);
    vec4 own = texelFetch(entering, p, 0);
    float share = share_of(own);
    spread = vec4(0.0);
    if (share < 0.01) return;
    vec3 light = own.rgb / share;

    float z = depth_at(p, most);
    float pixel = pixel_size * z;
    float ahead = depth_at(p + step, most) - z, behind = z - depth_at(p - step, most);
    float slope = clamp((abs(ahead) < abs(behind) ? ahead : behind) / pixel, -3.0, 3.0);
    float per_mm = inversesqrt(1.0 + slope * slope) / pixel;  // pixels: skin seen aslant is foreshortened

    vec3 sum = light * kernel.taps[0].rgb;
    for (uint k = 1u; k < kScatterTaps; ++k) {
        // Whole pixels: between two of them would lie light from both sides of a step.
        float away = round(kernel.taps[k].w * per_mm);
        ivec2 at = p + step * int(away);
        vec4 texel = texelFetch(entering, clamp(at, ivec2(0), most), 0);
        float there = share_of(texel);
        float step_beside = abs(depth_at(at, most) - z - slope * pixel * away);
        float valid = there < 0.5 ? 0.0 : there * (1.0 - smoothstep(kSame, kOther, step_beside));
        sum += kernel.taps[k].rgb * mix(light, texel.rgb / max(there, 0.01), valid);
    }
    spread = vec4(sum * share, share);
}
