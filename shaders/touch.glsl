// Skin beside a gloved fingertip sees less of the room. For shaders that include shaders/shared/picture.h and have `frame`.
#ifndef TOUCH_GLSL
#define TOUCH_GLSL

float beside_fingers(vec3 at) {
    float open = 1.0;
    for (uint k = 0u; k < min(frame.finger_count, kMostFingers); ++k) {
        vec3 pad = frame.fingers[k].place + frame.fingers[k].normal * 0.0065;
        vec3 along = frame.fingers[k].normal * 0.30 - frame.fingers[k].pointing;  // the finger rises towards the hand
        float t = clamp(dot(at - pad, along) / dot(along, along), 0.0, 0.028);
        float gap = max(length(at - pad - along * t) - 0.0068, 0.0);
        open *= 1.0 - 0.55 * exp(-gap * 230.0);
    }
    return open;
}

#endif
