// From linear light to the picture and back.
#ifndef TONE_GLSL
#define TONE_GLSL

// Filmic curve in the form of K. Narkowicz's fit of ACES (2016), on the luminance. Its constants are ours (A): skin, up to a
// luminance of 0.35, is shown as light as it is, shade keeps nine tenths, and highlights roll off to white at about 4. Bent
// channel by channel a curve's toe turns brown skin to brick and its shoulder takes the colour of fair skin, so colour goes in
// proportion and a little less than that.
const float kColourKept = 0.96;
const float kShoulder = 0.3376, kToe = 0.125, kWhite = 0.3246, kMiddle = 0.1779, kFoot = 0.14;
const vec3 kLuminance = vec3(0.2126, 0.7152, 0.0722);

vec3 filmic(vec3 x) {
    float y = max(dot(x, kLuminance), 1e-5);
    float seen = y * (kShoulder * y + kToe) / (y * (kWhite * y + kMiddle) + kFoot);
    return clamp(mix(vec3(y), x, kColourKept) * (seen / y), 0.0, 1.0);
}

vec3 unfilmic(vec3 seen) {
    float y = dot(seen, kLuminance);
    float a = kShoulder - kWhite * y, b = kToe - kMiddle * y, c = -kFoot * y;
    float light = (-b + sqrt(max(b * b - 4.0 * a * c, 0.0))) / (2.0 * a);
    return mix(vec3(y), seen, 1.0 / kColourKept) * (light / max(y, 1e-5));
}

// IEC 61966-2-1.
vec3 to_srgb(vec3 x) { return mix(1.055 * pow(x, vec3(1.0 / 2.4)) - 0.055, 12.92 * x, lessThan(x, vec3(0.0031308))); }
vec3 from_srgb(vec3 x) { return mix(pow((x + 0.055) / 1.055, vec3(2.4)), x / 12.92, lessThan(x, vec3(0.04045))); }

vec3 from_picture(vec3 seen) { return unfilmic(from_srgb(seen)); }

// A quiet room out of focus, as the picture shows it.
vec3 backdrop(vec2 place) {
    vec2 from = place * vec2(0.75, 0.9) - vec2(0.0, -0.15);
    return mix(vec3(0.118, 0.133, 0.152), vec3(0.365, 0.395, 0.425), exp(-dot(from, from)));
}

#endif
