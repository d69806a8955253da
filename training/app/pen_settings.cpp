#include "training/app/pen_settings.h"

#include <glm/geometric.hpp>
#include <glm/matrix.hpp>
#include <toml++/toml.h>

namespace app {

namespace {

/// Reads a table where there is one; its mistakes become the file's.
template <typename Read>
void read_table(base::TomlReader& settings, const char* name, const std::string& file, Read read) {
    if (!settings.has(name)) return;
    base::TomlReader reader(settings.table(name), file);
    read(reader);
    if (const base::Status status = reader.status(); !status) settings.refuse(name, status.error());
}

/// Nine numbers, column by column; refused where they turn nothing.
void read_rotation(base::TomlReader& tracked, glm::dmat3& rotation) {
    const auto told = tracked.numbers("rotation", 9, -1, 1);
    for (int i = 0; i < 9; ++i) rotation[i / 3][i % 3] = told[static_cast<size_t>(i)];
    const glm::dmat3 product = glm::transpose(rotation) * rotation;
    for (int i = 0; i < 3; ++i)
        if (!(glm::distance(product[i], glm::dmat3(1.0)[i]) < 1e-6) || !(glm::determinant(rotation) > 0))
            return tracked.refuse("rotation", "is no rotation; calibrate again");
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
    read_table(settings, "gamepad", file, [&](base::TomlReader& gamepad) {
        pens.gamepad.dead_zone = gamepad.number_or("dead_zone", pens.gamepad.dead_zone, 0, 0.5);
        pens.gamepad.speed = gamepad.number_or("speed", pens.gamepad.speed, 0.05, 2);
        pens.gamepad.most_tilt_deg = gamepad.number_or("most_tilt_deg", pens.gamepad.most_tilt_deg, 5, 45);
        pens.gamepad.trigger.full_force = gamepad.number_or("full_force_n", pens.gamepad.trigger.full_force, 0.5, 6);
    });
    read_table(settings, "tracked", file, [&](base::TomlReader& tracked) {
        pens.osc.port = static_cast<uint16_t>(tracked.has("port") ? tracked.integer("port", 0, 65535) : 0);
        pens.osc.address = tracked.text_or("address", pens.osc.address);
        if (!tracked.has("residual_mm")) return;
        pens.residual_mm = tracked.number("residual_mm", 0, 1000);
        read_rotation(tracked, pens.head_from_tracker.rotation);
        const auto shift = tracked.numbers("translation_m", 3, -100, 100);
        pens.head_from_tracker.translation = {shift[0], shift[1], shift[2]};
    });
    return pens;
}

std::string write_pen_settings(const PenSettings& pens) {
    std::string text = fmt::format(
        "\n[stylus]\ndead_zone = {:.3f}\nfull_force_n = {:.2f}\nbend = {:.2f}\ntilt = {}\ntilt_dead_zone_deg = {:.1f}\n",
        pens.stylus.dead_zone, pens.stylus.full_force, pens.stylus.bend, pens.stylus_tilt, pens.stylus_tilt_dead_zone_deg);
    text += fmt::format("\n[gamepad]\ndead_zone = {:.3f}\nspeed = {:.2f}\nmost_tilt_deg = {:.1f}\nfull_force_n = {:.2f}\n",
                        pens.gamepad.dead_zone, pens.gamepad.speed, pens.gamepad.most_tilt_deg,
                        pens.gamepad.trigger.full_force);
    text += fmt::format("\n[tracked]\nport = {}\naddress = {}\n", pens.osc.port, base::toml_text(pens.osc.address));
    if (!pens.residual_mm) return text;
    const auto& [rotation, shift] = pens.head_from_tracker;
    std::vector<double> turns;
    for (int i = 0; i < 9; ++i) turns.push_back(rotation[i / 3][i % 3]);
    return text + fmt::format("residual_mm = {:.17g}\nrotation = [{:.17g}]\ntranslation_m = [{:.17g}, {:.17g}, {:.17g}]\n",
                              *pens.residual_mm, fmt::join(turns, ", "), shift.x, shift.y, shift.z);
}

}  // namespace app
