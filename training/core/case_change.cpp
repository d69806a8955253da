#include "training/core/case_change.h"

#include "engine/base/toml.h"
#include "training/core/rubric.h"

#include <sstream>

namespace training {

base::Result<Case> changed_case(const base::Places& places, const std::string& case_id, const CaseChange& change) {
    base::Result<Case> practice = load_case(places, case_id);
    if (!practice) return practice.error();
    const base::fs::path file = case_id.ends_with(".toml") ? base::fs::path(case_id) : places.data / "cases" / (case_id + ".toml");
    base::Result<toml::table> table = base::parse_toml(practice->text, file.string());
    if (!table) return table.error();
    if (!change.zones.empty()) {
        toml::array zones;
        for (const std::string& zone : change.zones) zones.push_back(zone);
        table->insert_or_assign("zones", std::move(zones));
    }
    if (!change.device.empty()) table->insert_or_assign("device", change.device);
    if (!change.rubric.empty()) {
        base::Result<std::string> rubric = rubric_text(places, change.rubric);
        if (!rubric) return rubric.error();
        table->insert_or_assign("rubric", std::move(*rubric));
    }
    if (change.needling_minutes) table->insert_or_assign("needling_minutes", *change.needling_minutes);
    std::ostringstream text;
    text << *table << '\n';
    base::Result<Case> changed = parse_case(text.str(), file, places);
    if (changed && change.zones.empty()) changed->at = std::move(practice->at);  // what was not changed stands where people wrote it
    return changed;
}

}  // namespace training
