#include "engine/face/head_patient.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/random.h"
#include "engine/base/units.h"
#include "engine/face/head_dressing.h"

#include <algorithm>
#include <cmath>

namespace face {
namespace {

using namespace base;

const glm::dvec3 kBrow(33, 129, 98);  // mm, its middle

Result<HeadMeasures> read_measures(const toml::table& table, const std::string& file) {
    TomlReader reader(table, file);
    HeadMeasures m;
    m.head_height = reader.number("head_height", 180, 270);
    m.head_length = reader.number("head_length", 150, 240);
    m.nasion = reader.number("nasion", 90, 150);
    m.pronasale = reader.number("pronasale", 55, 110);
    m.subnasale = reader.number("subnasale", 45, 95);
    m.labiale_superius = reader.number("labiale_superius", 35, 80);
    m.stomion = reader.number("stomion", 28, 70);
    m.labiale_inferius = reader.number("labiale_inferius", 20, 60);
    m.sublabiale = reader.number("sublabiale", 14, 45);
    m.pogonion = reader.number("pogonion", 8, 32);
    m.nose_protrusion = reader.number("nose_protrusion", 8, 30);
    m.alare = reader.number("alare", 11, 26);
    m.cheilion = reader.number("cheilion", 17, 36);
    m.endocanthion = reader.number("endocanthion", 11, 23);
    m.exocanthion = reader.number("exocanthion", 35, 55);
    m.zygion = reader.number("zygion", 52, 85);
    m.gonion = reader.number("gonion", 40, 72);
    m.frontotemporale = reader.number("frontotemporale", 42, 68);
    m.eurion = reader.number("eurion", 60, 90);
    m.tragion = reader.number("tragion", 55, 90);
    if (!(m.pogonion < m.sublabiale && m.sublabiale < m.labiale_inferius && m.labiale_inferius < m.stomion &&
          m.stomion < m.labiale_superius && m.labiale_superius < m.subnasale && m.subnasale < m.pronasale &&
          m.pronasale < m.nasion))
        reader.refuse("nasion",
                      "heights must rise from pogonion over sublabiale, labiale_inferius, stomion, "
                      "labiale_superius, subnasale and pronasale to nasion");
    else if (m.nose_protrusion < m.pronasale - m.subnasale + 0.5)
        reader.refuse("nose_protrusion",
                      "must exceed pronasale less subnasale: the tip lies before the nose's foot");
    if (Status status = reader.status(); !status) return status.error();
    return m;
}

Result<HeadForm> read_form(const toml::table& table, const std::string& file, double age) {
    TomlReader reader(table, file);
    HeadForm f;
    auto mm = [&](const char* key, double reach) { return reader.number_or(key, 0, -reach, reach); };
    f.brow_ridge = mm("brow_ridge", 4);
    f.nose_root = mm("nose_root", 5);
    f.nose_hump = mm("nose_hump", 3);
    f.upper_lip = mm("upper_lip", 5);
    f.lower_lip = mm("lower_lip", 5);
    f.chin = mm("chin", 6);
    f.tip_lift = mm("tip_lift", 3);
    f.bridge_width = mm("bridge_width", 3);
    f.tip_width = mm("tip_width", 3);
    f.lip_fullness = mm("lip_fullness", 1.5);
    f.cheek = mm("cheek", 5);
    f.cheekbone = mm("cheekbone", 4);
    f.temple = mm("temple", 4);
    f.jaw = mm("jaw", 5);
    f.chin_width = mm("chin_width", 4);
    f.eye_tilt = mm("eye_tilt", 4);
    f.eye_depth = mm("eye_depth", 3);
    f.lid_fold = mm("lid_fold", 1);
    f.brow_height = mm("brow_height", 4);
    // Only the lean and the old have as hollow an orbit as the mean head (A).
    f.orbit_fullness = reader.number_or("orbit_fullness", 3.2 - 1.4 * det::smoothstep(45, 80, age), -2, 5);
    f.ear_size = mm("ear_size", 0.2);
    f.ear_stand_off = mm("ear_stand_off", 4);
    f.neck_width = mm("neck_width", 10);
    f.larynx = reader.number_or("larynx", 0, 0, 5);
    // Faces of one age differ in their age by some ten years either way: the file may say so.
    f.ageing = reader.number_or("ageing", det::smoothstep(15, 85, age), 0, 1);
    if (Status status = reader.status(); !status) return status.error();
    return f;
}

// What the file leaves out is the mean; only the thinning of the tail with age is not (A).
Result<BrowForm> read_brow(const toml::table& table, const std::string& file, double age) {
    TomlReader reader(table, file);
    BrowForm b;
    b.arch = reader.number_or("arch", 0, -3, 4);
    b.apex = reader.number_or("apex", b.apex, 0.4, 0.85);
    b.tilt = reader.number_or("tilt", 0, -4, 5);
    b.thickness = reader.number_or("thickness", 1, 0.5, 1.5);
    b.length = reader.number_or("length", 1, 0.75, 1.15);
    b.gap = reader.number_or("gap", 0, -4, 4);
    b.density = reader.number_or("density", 1, 0.4, 1.2);
    b.lean = reader.number_or("lean", 0, -25, 25);
    b.bare_tail = reader.number_or("bare_tail", 0.85 * det::smoothstep(45, 80, age), 0, 1);
    if (Status status = reader.status(); !status) return status.error();
    return b;
}

double whole_micrometres(double metres) {
    return static_cast<double>(round_to_integer(metres * 1e6)) / 1e6;
}

}  // namespace

Result<HeadPatient> read_patient(const toml::table& table, const std::string& file) {
    TomlReader reader(table, file);
    HeadPatient patient;
    reader.integer("version", 1, 1);
    if (reader.text("kind") != "head") reader.refuse("kind", "must be \"head\"");
    patient.id = reader.text("id");
    patient.name = reader.text_or("name", patient.id);
    reader.text("source");
    std::string sex = reader.text("sex");
    if (sex != "female" && sex != "male") reader.refuse("sex", "must be \"female\" or \"male\"");
    patient.male = sex == "male";
    patient.age = static_cast<double>(reader.integer("age", 18, 100));
    patient.fitzpatrick = static_cast<uint8_t>(reader.integer("fitzpatrick", 1, 6));
    patient.hair = reader.text_or("hair", usual_hair(patient.fitzpatrick));
    if (!hair_colours().contains(patient.hair)) {
        std::string known;
        for (const auto& [name, colour] : hair_colours()) known += (known.empty() ? "" : ", ") + name;
        reader.refuse("hair", "must be one of {}", known);
    }
    patient.vertices = static_cast<size_t>(reader.integer("vertices", 2000, 400000));
    patient.seed = static_cast<uint64_t>(reader.integer("seed", 0, 1'000'000'000));
    auto measures = read_measures(reader.table("measures"), file);
    auto form = read_form(reader.has("form") ? reader.table("form") : toml::table(), file, patient.age);
    auto brow = read_brow(reader.has("brow") ? reader.table("brow") : toml::table(), file, patient.age);
    if (Status status = reader.status(); !status) return status.error();
    if (!measures) return measures.error();
    if (!form) return form.error();
    if (!brow) return brow.error();
    patient.measures = *measures;
    patient.form = *form;
    patient.form.brow = *brow;
    return patient;
}

Asymmetry::Asymmetry(uint64_t seed) {
    Random random(seed);
    for (size_t i = 0; i < waves_.size(); ++i) {
        double pace = i < 14 ? 0.022 : 0.055, size = i < 14 ? 0.17 : 0.075;
        waves_[i].pace = pace * glm::dvec3{random.normal(), random.normal(), random.normal()};
        waves_[i].phase = random.uniform(0, 2 * det::kPi);
        waves_[i].move = size * glm::dvec3{random.normal(), random.normal(), random.normal()};
    }
    // Healthy faces differ by 1 to 2 mm from side to side (K); a seed gives each trait a side and a size of
    // its own.
    auto trait = [&](double size) {
        return (random.uniform() < 0.5 ? -size : size) * random.uniform(0.5, 1);
    };
    lean_ = {trait(2.2), trait(1.2), trait(1.8), trait(1.5), trait(1.8)};
    brow_push_ = lean_.brow - (at(kBrow).y - at(kBrow * glm::dvec3(-1, 1, 1)).y);
}

glm::dvec3 Asymmetry::at(glm::dvec3 p) const {
    glm::dvec3 moved = p;
    for (const Wave& w : waves_) moved += det::sin(glm::dot(p, w.pace) + w.phase) * w.move;
    // The brow, between the eye and the forehead's middle, which stay.
    glm::dvec3 from_brow = (p - kBrow * glm::dvec3(p.x < 0 ? -1 : 1, 1, 1)) / glm::dvec3(20, 15, 40);
    double square = glm::dot(from_brow, from_brow);
    if (square < 30) moved.y += (p.x < 0 ? -0.5 : 0.5) * brow_push_ * det::exp(-square);
    return moved;
}

PatientPlacement::PatientPlacement(const HeadNumbers& numbers, const HeadShape& shape,
                                   const HeadPatient& patient)
    : asymmetry_(patient.seed),
      skin_(both_sides(numbers.landmarks, landmarks_on(shape, numbers))),
      warp_([&] {
          std::vector<glm::dvec3> from,
              to = both_sides(numbers.landmarks, landmark_targets(numbers, patient.measures, patient.form));
          lean_targets(numbers.landmarks, asymmetry_.lean(), to);
          for (glm::dvec3 p : skin_) from.push_back(asymmetry_.at(p));
          return HeadWarp(numbers, patient.measures, std::move(from), std::move(to), patient.form.neck_width);
      }()) {
    glm::dvec3 left = numbers.landmark("tragion");
    origin_ = (millimetres(left) + millimetres({-left.x, left.y, left.z})) / 2.0;
}

glm::dvec3 PatientPlacement::operator()(glm::dvec3 canonical) const {
    glm::dvec3 metres = (millimetres(canonical) - origin_) * kMillimetre;
    return {whole_micrometres(metres.x), whole_micrometres(metres.y), whole_micrometres(metres.z)};
}

std::vector<glm::dvec3> PatientPlacement::landmarks() const {
    std::vector<glm::dvec3> places;
    for (glm::dvec3 p : skin_) places.push_back(millimetres(p));
    return places;
}

}  // namespace face
