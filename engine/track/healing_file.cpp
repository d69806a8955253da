// Reads content/skins/healing.toml.

#include "engine/base/toml.h"
#include "engine/track/healing.h"

namespace track {

namespace {

Ramp read_ramp(base::TomlReader& reader, std::string_view key, double most) {
    const std::vector<double> ends = reader.numbers(key, 2, 0, most);
    if (ends[1] <= ends[0] && reader.has(key))
        reader.refuse(key, "must rise: the second figure above the first");
    return {ends[0], ends[1]};
}

Spell read_spell(base::TomlReader& reader, std::string_view key) {
    const std::vector<double> t = reader.numbers(key, 4, 0, 365);
    if (reader.has(key) && !(t[0] < t[1] && t[1] <= t[2] && t[2] < t[3]))
        reader.refuse(key, "must rise: begins, is full, begins to end, is gone");
    return {t[0], t[1], t[2], t[3]};
}

HealingCurves::Depth read_depth(base::TomlReader& row) {
    return {.mm = row.number("mm", 0, 4),
            .redness = row.number("redness", 0, 2),
            .redness_half_h = row.number("redness_half_h", 0.1, 72),
            .swelling_mm = row.number("swelling_mm", 0, 2),
            .dryness = row.number("dryness", 0, 1),
            .peeling = row.number("peeling", 0, 1),
            .closes_h = row.number("closes_h", 0.1, 72),
            .scab_d = row.number("scab_d", 0.5, 7),
            .remodelling = row.number("remodelling", 0, 1)};
}

/// True where deeper is never less.
bool rises(const HealingCurves::Depth& a, const HealingCurves::Depth& b) {
    return a.mm < b.mm && a.redness <= b.redness && a.redness_half_h <= b.redness_half_h &&
           a.swelling_mm <= b.swelling_mm && a.dryness <= b.dryness && a.peeling <= b.peeling &&
           a.closes_h <= b.closes_h && a.scab_d <= b.scab_d && a.remodelling <= b.remodelling;
}

void read_dose(base::TomlReader& dose, HealingCurves& curves) {
    curves.redness_full_per_cm2 = dose.number("redness_full_per_cm2", 1, 1e5);
    curves.outcome_full_per_cm2 = dose.number("outcome_full_per_cm2", 1, 1e5);
    curves.pigment_by_type = {0,
                              0,
                              0,
                              dose.number("per_type_iii", 0, 1),
                              dose.number("per_type_iv", 0, 1),
                              dose.number("per_type_v", 0, 1),
                              dose.number("per_type_vi", 0, 1)};
}

void read_harm(base::TomlReader& overdose, base::TomlReader& scratch, HealingCurves& curves) {
    curves.density_per_cm2 = read_ramp(overdose, "density_per_cm2", 1e5);
    curves.depth_over_skin = read_ramp(overdose, "depth_over_skin", 4);
    curves.depth_mm = read_ramp(overdose, "depth_mm", 4);
    curves.force_n = read_ramp(overdose, "force_n", 50);
    curves.scratch_beyond_um = scratch.number("beyond_um", 0, 65535);
    curves.scratch_um = read_ramp(scratch, "length_um", 1e6);
    curves.passes = read_ramp(scratch, "passes", 1000);
    curves.scratch_red_half_d = scratch.number("red_half_d", 0.1, 60);
    curves.scratch_lasting = scratch.number("lasting", 0, 1);
}

void read_course(base::TomlReader& course, HealingCurves& curves) {
    curves.settles_d = read_ramp(course, "settles_d", 30);
    curves.dry_d = read_spell(course, "dry_d");
    curves.peel_d = read_spell(course, "peel_d");
    curves.swelling_rise_h = course.number("swelling_rise_h", 0.1, 48);
    curves.swelling_half_h = course.number("swelling_half_h", 0.1, 240);
    curves.over_swelling_half_h = course.number("over_swelling_half_h", 0.1, 240);
    curves.over_swelling_mm = course.number("over_swelling_mm", 0, 2);
    curves.over_redness = course.number("over_redness", 0, 2);
    curves.over_redness_half_d = course.number("over_redness_half_d", 0.1, 365);
    curves.over_peel_d = read_spell(course, "over_peel_d");
    curves.over_scab_d = course.number("over_scab_d", 0, 30);
    curves.vessels_from = course.number("vessels_from", 0, 0.99);
    curves.vessels_d = read_ramp(course, "vessels_d", 60);
    curves.sun_redness = course.number("sun_redness", 1, 5);
}

void read_pigment(base::TomlReader& pigment, HealingCurves& curves) {
    curves.pigment_most = pigment.number("most", 0, 8);
    curves.pigment_rise_d = read_ramp(pigment, "rise_d", 365);
    curves.pigment_half_d = pigment.number("half_d", 1, 3650);
    curves.pigment_sun_half_d = pigment.number("sun_half_d", 1, 3650);
    curves.pigment_sun = pigment.number("sun", 0, 1);
    curves.pigment_scratch = pigment.number("scratch", 0, 1);
}

void read_remodelling(base::TomlReader& r, HealingCurves& curves) {
    curves.phases_d = read_ramp(r, "phases_d", 365);
    curves.remodelling_begins_d = r.number("begins_d", 0, 90);
    curves.remodelling_time_d = r.number("time_d", 1, 365);
    curves.collagen_most = r.number("collagen_most", 0, 10);
    curves.collagen_share = r.number("collagen_share", 0, 1);
    curves.scar_share = r.number("scar_share", 0, 1);
    curves.scar_colour_share = r.number("scar_colour_share", 0, 1);
    curves.grade_share = r.number("grade_share", 0, 1);
    curves.grades_texture = r.number("grades_texture", 0, 5);
    curves.grades_wrinkles = r.number("grades_wrinkles", 0, 5);
    curves.relief_per_grade = r.number("relief_per_grade", 0, 0.2);
    curves.over_loss = r.number("over_loss", 0, 1);
}

}  // namespace

base::Result<HealingCurves> HealingCurves::read(const base::fs::path& file) {
    base::Result<toml::table> table = base::read_toml(file);
    if (!table) return table.error();
    base::Result<std::string> text = base::read_text(file);
    if (!text) return text.error();
    base::TomlReader reader(*table, file.string());
    reader.integer("version", 1, 1);
    reader.text("id");
    reader.text_or("source", "");
    HealingCurves curves{};
    curves.hash = base::sha256(*text);
    for (const toml::table* entry : reader.tables("depth")) {
        base::TomlReader row(*entry, file.string());
        const Depth depth = read_depth(row);
        if (base::Status status = row.status(); !status) return status.error();
        if (!curves.depths.empty() && !rises(curves.depths.back(), depth))
            return base::error(
                "{}: this [[depth]] must lie deeper than the one before, and no figure may be less",
                row.where("mm"));
        curves.depths.push_back(depth);
    }
    if (curves.depths.size() < 2) reader.refuse("depth", "must have at least 2 entries");
    const auto section = [&](std::string_view key) {
        return base::TomlReader(reader.table(key), file.string());
    };
    base::TomlReader dose = section("dose"), overdose = section("overdose"), scratch = section("scratch"),
                     course = section("course"), pigment = section("pigment"),
                     remodelling = section("remodelling");
    if (base::Status status = reader.status(); !status) return status.error();
    read_dose(dose, curves);
    read_harm(overdose, scratch, curves);
    read_course(course, curves);
    read_pigment(pigment, curves);
    read_remodelling(remodelling, curves);
    for (const base::TomlReader* part : {&dose, &overdose, &scratch, &course, &pigment, &remodelling})
        if (base::Status status = part->status(); !status) return status.error();
    return curves;
}

base::Result<HealingCurves> HealingCurves::load(const base::Places& places) {
    return read(places.data / "skins" / "healing.toml");
}

}  // namespace track
