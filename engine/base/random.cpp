#include "engine/base/random.h"

#include "engine/base/deterministic_math.h"

#include <bit>
#include <cmath>

namespace base {

Random::Random(uint64_t seed) {
    for (uint64_t& word : state_) {
        seed += 0x9e3779b97f4a7c15u;
        uint64_t z = seed;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        word = z ^ (z >> 31);
    }
}

uint64_t Random::next() {
    uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

double Random::uniform() {
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

uint32_t Random::below(uint32_t n) {
    uint64_t limit = (UINT64_MAX / n) * n;
    uint64_t value = next();
    while (value >= limit) value = next();
    return static_cast<uint32_t>(value % n);
}

double Random::normal() {
    while (true) {
        double a = uniform(-1, 1), b = uniform(-1, 1);
        double s = a * a + b * b;
        if (s > 0 && s < 1) return a * std::sqrt(-2.0 * det::log(s) / s);
    }
}

}  // namespace base
