#include "training/app/pen_settings.h"

#include <toml++/toml.h>

namespace app {

namespace {

/// Reads a table where there is one; its mistakes become the file's.
template <typename Read>
void read_table(base::TomlReader& settings, const char* name, const std::string& file, Read read) {
    if (!settings.has(name)) return;
    base::TomlReader reader(settings.table(name), file);
    read(reader);
    if (const base::Status status = reader.status(); !status) settings.refuse(name, status.error().message);
}

}  // namespace

PenSettings read_pen_settings(base::TomlReader& settings, const std::string& file) {
    PenSettings pens;
    read_table(settings, "stylus", file, [&](base::TomlReader& stylus) {
        pens.stylus.dead_zone = stylus.number_or("dead_zone", pens.stylus.dead_zone, 0, 0.5);
        pens.stylus.full_force = stylus.number_or("full_force_n", pens.stylus.full_force, 0.5, 6);
        pens.stylus.bend = stylus.number_or("bend", pens.stylus.bend, -1, 1);
        pens.stylus_tilt = stylus.boolean_or("tilt", pens.stylus_tilt);
        pens.stylus_tilt_dead_zone_deg = stylus.number_or("tilt_dead_zone_deg", pens.stylus_tilt_dead_zone_deg, 0, 20);
    });
    return pens;
}

std::string write_pen_settings(const PenSettings& pens) {
    return fmt::format("\n[stylus]\ndead_zone = {:.3f}\nfull_force_n = {:.2f}\nbend = {:.2f}\ntilt = {}\ntilt_dead_zone_deg = {:.1f}\n",
                       pens.stylus.dead_zone, pens.stylus.full_force, pens.stylus.bend, pens.stylus_tilt,
                       pens.stylus_tilt_dead_zone_deg);
}

}  // namespace app
