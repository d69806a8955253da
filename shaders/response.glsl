// Colour of skin that was worked on, beyond its redness and pallor, which are blood in it (skin_colour.glsl).
#ifndef RESPONSE_GLSL
#define RESPONSE_GLSL

vec3 responded(vec3 colour, CellLook shown) {
    // Overworked skin is pale and lifeless: serum and torn horny layer send back all colours alike.
    float lightness = dot(colour, vec3(0.25, 0.60, 0.15));
    colour = mix(colour, vec3(0.94, 0.93, 0.90) * mix(lightness, 0.62, 0.35), 0.55 * shown.grey);
    // Blood without oxygen under the skin: red light goes first, so blue-violet is left.
    colour *= mix(vec3(1.0), vec3(0.50, 0.46, 0.72), 0.75 * shown.bruise);
    // A film of free blood, thinner than a droplet.
    return mix(colour, vec3(0.33, 0.024, 0.020), 0.78 * shown.wet);
}

#endif
