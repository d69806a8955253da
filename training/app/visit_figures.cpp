#include "training/app/visit_figures.h"

#include "engine/base/toml.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace app {

namespace {

constexpr const char* kOther = "other";
constexpr std::array<std::string_view, 6> kUnits{"min", "hour", "day", "week", "mm", "count"};

FigureLadder read_ladder(base::TomlReader& in) {
    FigureLadder ladder;
    ladder.unit = in.text("unit");
    if (std::ranges::find(kUnits, ladder.unit) == kUnits.end()) in.refuse("unit", "no unit '{}'; there are {}", ladder.unit, fmt::join(kUnits, ", "));
    std::istringstream steps(in.text("steps"));
    double before = 0;
    for (std::string step; steps >> step; ladder.steps.push_back(step)) {
        const auto value = base::parse_number(step);
        if (!value || *value <= before) in.refuse("steps", "'{}' must be a number above the one before it", step);
        if (value) before = *value;
    }
    const std::string first = in.text("first");
    const auto place = std::ranges::find(ladder.steps, first);
    if (place == ladder.steps.end())
        in.refuse("first", "'{}' is none of the steps", first);
    else
        ladder.first = static_cast<int>(place - ladder.steps.begin());
    for (const char* key : {"source", "tag"}) (void)in.text(key);
    return ladder;
}

}  // namespace

base::Result<VisitFigures> VisitFigures::read(const base::fs::path& file) {
    const base::Result<toml::table> table = base::read_toml(file);
    if (!table) return table.error();
    base::TomlReader reader(*table, file.string());
    reader.integer("version", 1, 1);
    for (const char* key : {"id", "source"}) (void)reader.text(key);
    VisitFigures figures;
    for (const toml::table* one : reader.tables("figures")) {
        base::TomlReader in(*one, file.string());
        const std::string event = in.text("event");
        FigureLadder ladder = read_ladder(in);
        if (base::Status status = in.status(); !status) {
            reader.refuse("figures", status.error());
            break;
        }
        figures.ladders_[event] = std::move(ladder);
    }
    if (!figures.ladders_.contains(kOther)) reader.refuse("figures", "there are none for event '{}', which serve where an event has none of its own", kOther);
    if (base::Status status = reader.status(); !status) return status.error();
    return figures;
}

base::Result<VisitFigures> VisitFigures::load(const base::Places& places) {
    return read(places.data / "visit_figures.toml");
}

const FigureLadder& VisitFigures::of(const std::string& event) const {
    const auto found = ladders_.find(event);
    return found == ladders_.end() ? ladders_.at(kOther) : found->second;
}

}  // namespace app
