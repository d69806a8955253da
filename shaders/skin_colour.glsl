// Colour of skin by its melanin and blood. Who includes this has bound `colours`: kColours x kColours, blood within melanin
// (engine/render/skin_colour.h).
#ifndef SKIN_COLOUR_GLSL
#define SKIN_COLOUR_GLSL

const uint kColours = 64u;
const float kMelaninMost = 0.5, kBloodMost = 0.16;

vec3 skin_colour(float melanin, float blood) {
    vec2 at = sqrt(clamp(vec2(melanin / kMelaninMost, blood / kBloodMost), 0.0, 0.998)) * float(kColours - 1u);
    uvec2 low = uvec2(at);
    vec2 t = at - vec2(low);
    uint k = low.x * kColours + low.y;
    return mix(mix(colours[k], colours[k + 1u], t.y), mix(colours[k + kColours], colours[k + kColours + 1u], t.y), t.x);
}

// Blood as a multiple of the mean from Look::haemoglobin as 0..1: 2.4 times at 192, 5.6 times at 255, as in lips.
float blood_share(float haemoglobin) { return haemoglobin < 0.5 ? haemoglobin * 2.0 : exp2((haemoglobin - 0.5) * 5.0); }
// Melanin as a multiple of the mean from Look::melanin as 0..1. Where the mean is high the same change of light asks for a
// smaller change of the share, or dark skin would be blotched.
float melanin_share(float melanin, float mean) { return 1.0 + (melanin * 1.992 - 1.0) / (1.0 + 7.0 * mean); }

#endif
