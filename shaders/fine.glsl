// Reads what relief.frag and the marks wrote into the skin's atlas: upper half the fine relief and what needles left, lower
// half the change of colour and gloss. Shared by all tiers.
#ifndef FINE_GLSL
#define FINE_GLSL

struct Fine {
    vec3 normal;
    vec3 tint;      // of the diffuse colour
    float gloss;    // change, -1..1
    float steep;    // squared sine of the relief's tilt
    float blood;    // share covered by free blood
    float mark;     // share taken by needle marks
};

// Two tangents of a unit normal that turn smoothly but at -z (Duff et al. 2017).
void tangents(vec3 n, out vec3 s, out vec3 t) {
    float a = -1.0 / (1.0 + max(n.z, -0.999)), b = n.x * n.y * a;
    s = vec3(1.0 + n.x * n.x * a, b, -n.x);
    t = vec3(b, 1.0 + n.y * n.y * a, -n.y);
}

const float kTintScale = 1.6;

// `away`: share of needle marks and droplets that is left out, because they are drawn by themselves.
Fine fine_at(sampler2D atlas, vec2 uv, vec3 n, float away) {
    vec2 upper = vec2(uv.x, clamp(uv.y, 0.001, 0.999) * 0.5);
    vec4 relief = texture(atlas, upper);
    vec4 paint = texture(atlas, upper + vec2(0.0, 0.5));
    // What a wipe left is thin and lies flat (wipe.frag): all other blood stands in droplets.
    vec2 tilt = relief.rg * 2.0 - 1.0;
    float smear = relief.b * (1.0 - smoothstep(0.50, 0.60, relief.b)) * (1.0 - smoothstep(0.08, 0.16, dot(tilt, tilt)));
    float droplets = away * (relief.b - smear);
    tilt *= 1.0 - droplets;
    vec3 s, t;
    tangents(n, s, t);
    Fine f;
    f.steep = dot(tilt, tilt);
    f.normal = n * sqrt(max(1.0 - f.steep, 0.04)) - s * tilt.x - t * tilt.y;
    vec3 root = paint.rgb * kTintScale;
    f.tint = root * root;
    f.gloss = paint.a * 2.0 - 1.0;
    f.blood = relief.b - droplets;
    f.mark = relief.a * (1.0 - away);
    return f;
}

Fine fine_at(sampler2D atlas, vec2 uv, vec3 n) { return fine_at(atlas, uv, n, 0.0); }

vec3 tint_at(sampler2D atlas, vec2 uv) {
    vec3 root = texture(atlas, vec2(uv.x, clamp(uv.y, 0.001, 0.999) * 0.5 + 0.5)).rgb * kTintScale;
    return root * root;
}

// Diffuse light with what the relief is too fine for the vertices to tell of it; `seen`: share of the key light.
vec3 relieved(vec3 light, Fine f, vec3 n, vec3 key_to, float seen) {
    float turn = dot(f.normal - n, key_to) * seen;
    return light * f.tint * max(vec3(0.15), 1.0 + turn * vec3(0.50, 0.72, 0.82) - f.steep * vec3(0.30, 0.45, 0.48));
}

// The diffuse colour under needle marks and free blood.
vec3 marked(vec3 diffuse, vec3 bloodied, Fine f) {
    return mix(diffuse * (1.0 - f.mark * vec3(0.30, 0.62, 0.64)), bloodied, f.blood);
}

#endif
