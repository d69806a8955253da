#pragma once

// content/sounds.toml: how the pen's motor sounds and answers a load, and the tones. Figures alone; synth.h makes sound of them.

#include "engine/base/files.h"

#include <string>
#include <string_view>
#include <vector>

namespace sound {

/// What the motor is doing.
struct Motor {
    bool on = false;
    double rate_hz = 110;  ///< set, strokes a second
    double force = 0;      ///< N, axial, on the skin
    double speed = 0;      ///< m/s along the skin

    bool operator==(const Motor&) const = default;
};

struct MotorFigures {
    double droop_per_n = 0, droop_per_m_s = 0;  ///< share of the rate that a newton takes, and a metre a second under load
    double droop_most = 0;                      ///< [0, 0.9]
    double labours = 0, eases = 0;              ///< droop from which it is heard to labour, and down to which
    double start = 0, stop = 0, follow = 0;     ///< s, time constants
    double loud = 0, loud_labouring = 0;        ///< of full scale, [0, 1], running freely and at droop_most
    std::vector<double> partials;               ///< amplitudes of the stroke's rate and its multiples, of any sum

    /// Share of the set rate that the load takes.
    double droop(const Motor& motor) const;
};

/// Silent where `hz` is 0.
struct Note {
    double hz = 0, seconds = 0;
};

struct Tone {
    std::string id;
    double loud = 0;  ///< of full scale, [0, 1]
    std::vector<Note> notes;

    double seconds() const;
};

struct Figures {
    MotorFigures motor;
    std::vector<Tone> tones;

    /// Null where there is none of that id.
    const Tone* tone(std::string_view id) const;

    /// Errors name file, line and column.
    static base::Result<Figures> load(const base::Places& places);
    static base::Result<Figures> read(const base::fs::path& file);
};

}  // namespace sound
