#include "engine/face/landmarks.h"

#include "engine/base/toml.h"

#include <algorithm>

namespace face {

namespace {

constexpr double kFarthest = 1e6;  // in the scan's unit

const char* const kTables[] = {"midline", "left", "right"};

bool ends(const std::string& name, const char* side) {
    return name.ends_with(std::string("_") + side);
}

}  // namespace

base::Result<std::vector<NamedPlace>> read_landmarks(const base::fs::path& path,
                                                     const std::vector<Landmark>& known) {
    base::Result<toml::table> table = base::read_toml(path);
    if (!table) return table.error();
    base::TomlReader reader(*table, path.string());
    reader.integer("version", 1, 1);
    reader.text_or("source", "");
    std::vector<NamedPlace> places;
    base::Status status;
    for (std::string side : kTables) {
        if (!reader.has(side)) continue;
        base::TomlReader part(reader.table(side), path.string());
        for (const Landmark& landmark : known) {
            if (landmark.paired == (side == "midline") || !part.has(landmark.name)) continue;
            std::vector<double> p = part.numbers(landmark.name, 3, -kFarthest, kFarthest);
            places.push_back(
                {landmark.paired ? landmark.name + "_" + side : landmark.name, {p[0], p[1], p[2]}});
        }
        if (status) status = part.status();
    }
    if (status) status = reader.status();
    if (!status) return status.error();
    if (places.empty())
        return base::error(
            "{}: names no landmark; give places in [midline], [left] and [right], as nasion = [x, y, z]",
            path.string());
    return places;
}

std::string landmarks_text(const std::vector<NamedPlace>& places, const std::string& source) {
    std::string text = fmt::format(
        "# Landmarks in the scan's own unit and axes. Left is the patient's left.\nversion = 1\n"
        "source = \"{}\"\n",
        source);
    for (std::string side : kTables) {
        text += fmt::format("\n[{}]\n", side);
        for (const NamedPlace& p : places) {
            bool here = side == "midline" ? !ends(p.name, "left") && !ends(p.name, "right")
                                          : ends(p.name, side.c_str());
            if (!here) continue;
            std::string name = side == "midline" ? p.name : p.name.substr(0, p.name.size() - side.size() - 1);
            text += fmt::format("{} = [{:.6g}, {:.6g}, {:.6g}]\n", name, p.place.x, p.place.y, p.place.z);
        }
    }
    return text;
}

}  // namespace face
