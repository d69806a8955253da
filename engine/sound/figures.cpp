#include "engine/sound/figures.h"

#include "engine/base/toml.h"

#include <algorithm>

namespace sound {

namespace {

MotorFigures read_motor(base::TomlReader& reader) {
    MotorFigures motor;
    motor.droop_per_n = reader.number("droop_per_n", 0, 1);
    motor.droop_per_m_s = reader.number("droop_per_cm_s", 0, 0.1) * 100;
    motor.droop_most = reader.number("droop_most", 0, 0.9);
    motor.labours = reader.number("labours", 0, 0.9);
    motor.eases = reader.number("eases", 0, 0.9);
    if (motor.eases > motor.labours) reader.refuse("eases", "it must not be more than `labours`");
    motor.start = reader.number("start_ms", 1, 5000) * 1e-3;
    motor.stop = reader.number("stop_ms", 1, 5000) * 1e-3;
    motor.follow = reader.number("follow_ms", 5, 1000) * 1e-3;
    motor.loud = reader.number("loud", 0, 1);
    motor.loud_labouring = reader.number("loud_labouring", 0, 1);
    motor.partials = reader.numbers("partials", 6, 0, 1);
    if (std::ranges::all_of(motor.partials, [](double partial) { return partial == 0; }))
        reader.refuse("partials", "one must be more than 0");
    return motor;
}

Tone read_tone(base::TomlReader& reader, const std::string& file) {
    Tone tone;
    tone.id = reader.text("id");
    tone.loud = reader.number("loud", 0, 1);
    for (const toml::table* table : reader.tables("notes")) {
        base::TomlReader note(*table, file);
        const double hz = note.number("hz", 0, 8000), ms = note.number("ms", 30, 2000);
        tone.notes.push_back({hz, ms * 1e-3});
        if (const base::Status read = note.status(); !read) reader.refuse("notes", "give `hz` 0 to 8000 and `ms` 30 to 2000 for each note");
    }
    if (tone.notes.empty()) reader.refuse("notes", "a tone has at least one");
    return tone;
}

}  // namespace

double MotorFigures::droop(const Motor& motor) const {
    if (motor.force <= 0) return 0;
    return std::min(droop_most, droop_per_n * motor.force + droop_per_m_s * motor.speed);
}

double Tone::seconds() const {
    double sum = 0;
    for (const Note& note : notes) sum += note.seconds;
    return sum;
}

const Tone* Figures::tone(std::string_view id) const {
    const auto found = std::ranges::find(tones, id, &Tone::id);
    return found == tones.end() ? nullptr : &*found;
}

base::Result<Figures> Figures::load(const base::Places& places) {
    return read(places.data / "sounds.toml");
}

base::Result<Figures> Figures::read(const base::fs::path& path) {
    const base::Result<toml::table> table = base::read_toml(path);
    if (!table) return table.error();
    const std::string file = path.string();
    base::TomlReader reader(*table, file);
    reader.integer("version", 1, 1);
    reader.text("id");
    reader.text("source");
    reader.text("tag");
    Figures figures;
    base::TomlReader motor(reader.table("motor"), file);
    figures.motor = read_motor(motor);
    if (const base::Status read = motor.status(); !read) return read.error();
    for (const toml::table* entry : reader.tables("tone")) {
        base::TomlReader tone(*entry, file);
        figures.tones.push_back(read_tone(tone, file));
        if (const base::Status read = tone.status(); !read) return read.error();
    }
    if (const base::Status read = reader.status(); !read) return read.error();
    return figures;
}

}  // namespace sound
