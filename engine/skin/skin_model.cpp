#include "engine/skin/skin_model.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/toml.h"

#include <algorithm>
#include <cmath>

namespace skin {
namespace {

Tenting read_tenting(base::TomlReader& reader) {
    Tenting tenting;
    tenting.seat = reader.number("seat", 0, 1);
    tenting.rate = reader.number("rate", 0, 1);
    tenting.support = reader.number("support", 0, 1);
    if (std::fabs(tenting.seat + tenting.rate + tenting.support - 1.0) > 1e-6)
        reader.refuse("support", "must make 1 with seat and rate");
    tenting.full_rate_hz = reader.number("full_rate_hz", 1, 1000);
    tenting.half_stiffness = reader.number("half_stiffness_kpa", 0.1, 1e4) * 1e3;
    return tenting;
}

}  // namespace

double Tenting::ease(double seat_share, double hz, double taut, double stiffness) const {
    double firm = stiffness / (stiffness + half_stiffness);
    double supported = 1.0 - (1.0 - taut) * (1.0 - firm);
    return seat * seat_share + rate * std::min(1.0, hz / full_rate_hz) + support * supported;
}

double SkinModel::instant_share() const {
    double share = 1;
    for (const Relaxation& part : relaxation) share -= part.share;
    return share;
}

double SkinModel::stiffening(double strain) const {
    double rise = stiffening_rise * strain * strain;
    if (rise <= 0.0 || stiffening_most <= 1.0) return 1;
    return 1.0 + rise / (1.0 + rise / (stiffening_most - 1.0));
}

double SkinModel::friction(double age) const {
    double wet = base::det::smoothstep(medium_lasts, 0.5 * medium_lasts, age);
    return friction_dry + wet * (friction_medium - friction_dry);
}

base::Result<SkinModel> SkinModel::load(const base::Places& places, const base::fs::path& file) {
    base::Result<LayerKernel> kernel = LayerKernel::load(places);
    if (!kernel) return kernel.error();
    SkinModel model;
    model.kernel = std::move(*kernel);

    base::fs::path path = file.empty() ? places.data / "skins" / "skin.toml" : file;
    base::Result<toml::table> table = base::read_toml(path);
    if (!table) return table.error();
    base::Result<std::string> text = base::read_text(path);
    if (!text) return text.error();
    model.text = std::move(*text);
    model.hash = base::Hasher().text(model.text).value(model.kernel.hash().bytes).finish();
    base::TomlReader reader(*table, path.string());
    reader.integer("version", 1, 1);
    reader.text("id");
    reader.text_or("source", "");
    std::vector<base::TomlReader> parts;
    for (const toml::table* entry : reader.tables("relaxation")) {
        base::TomlReader part(*entry, path.string());
        model.relaxation.push_back({part.number("share", 0, 0.9), part.number("time_s", 1e-3, 60)});
        parts.push_back(part);
    }
    if (parts.size() > SkinModel::kMostRelaxations) reader.refuse("relaxation", "must have at most 4 entries");
    if (model.instant_share() < 0.1)
        reader.refuse("relaxation", "the shares must leave at least 0.1 that comes at once");

    base::TomlReader stiffening(reader.table("stiffening"), path.string());
    model.stiffening_rise = stiffening.number("rise", 0, 100);
    model.stiffening_most = stiffening.number("most", 1, 1e4);
    base::TomlReader membrane(reader.table("membrane"), path.string());
    model.membrane_modulus = membrane.number("modulus_kpa", 1, 1e5) * 1e3;
    model.membrane_poisson = membrane.number("poisson", 0, 0.49);
    model.natural_tension = membrane.number("tension_kpa", 0, 1e3) * 1e3;
    base::TomlReader friction(reader.table("friction"), path.string());
    model.friction_dry = friction.number("dry", 0, 2);
    model.friction_medium = friction.number("medium", 0, 2);
    model.friction_finger = friction.number("finger", 0, 2);
    model.finger_force = friction.number("finger_force_n", 0, 50);
    model.medium_lasts = friction.number("medium_lasts_s", 1, 1e5);
    base::TomlReader traction(reader.table("traction"), path.string());
    model.full_stretch = traction.number("full_stretch", 1e-3, 1);

    base::TomlReader tenting(reader.table("tenting"), path.string());
    model.tenting = read_tenting(tenting);

    for (base::TomlReader* section : {&reader, &stiffening, &membrane, &friction, &traction, &tenting})
        if (base::Status status = section->status(); !status) return status.error();
    for (const base::TomlReader& part : parts)
        if (base::Status status = part.status(); !status) return status.error();
    return model;
}

}  // namespace skin
