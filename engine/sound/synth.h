#pragma once

// Makes samples of what the motor does and of tones: a function of what it is told and of nothing else, the same each time.
// Whatever changes slides to its new value, so that nothing clicks. Needs no device; output.h carries the samples to one.

#include "engine/sound/figures.h"

#include <array>
#include <optional>
#include <span>

namespace sound {

class Synth {
  public:
    /// `sample_rate` in Hz, at least 8000. The figures must outlive it.
    Synth(const Figures& figures, double sample_rate);

    void set(const Motor& motor) { motor_ = motor; }
    void set_volume(double volume) { volume_ = volume; }  ///< [0, 1]; 0 at first
    /// From the next sample on, instead of one that still sounds, which fades first.
    void play(const Tone& tone);
    /// The next samples, within [-1, 1].
    void render(std::span<float> samples);

    double motor_hz() const { return hz_; }  ///< strokes a second as they sound now

  private:
    struct Playing {
        const Tone* tone = nullptr;
        size_t note = 0;
        double time = 0;   ///< s since the note began
        double phase = 0;  ///< turns
    };

    double motor_sample();
    double tone_sample();

    const Figures& figures_;
    const double step_;  ///< s
    Motor motor_;
    double volume_ = 0, volume_now_ = 0;
    double hz_ = 0, loud_ = 0, phase_ = 0;
    double partials_sum_ = 0;
    Playing playing_;
    std::optional<Playing> next_;
    double fade_ = 1;  ///< of the tone that sounds
};

}  // namespace sound
