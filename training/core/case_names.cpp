#include "training/core/case_names.h"

#include "training/core/rubric.h"
#include "training/core/screening.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace training {

namespace fs = base::fs;

namespace {

const face::Zone* find(const std::vector<face::Zone>& zones, const std::string& id) {
    const auto found = std::ranges::find(zones, id, &face::Zone::id);
    return found == zones.end() || id == "outside" ? nullptr : &*found;
}

/// `key`, at `at`, names one that the face lacks.
base::Error no_zone(const std::string& at, const char* key, const std::string& face, const std::string& id, const std::vector<face::Zone>& zones) {
    std::vector<std::string> needled;
    for (const face::Zone& zone : zones)
        if (!zone.no_go && zone.id != "outside") needled.push_back(zone.id);
    return base::error("{}: {}: the face '{}' has no zone \"{}\"; give one of {}", at, key, face, id, fmt::format("{}", fmt::join(needled, ", ")));
}

/// `key` of the case stands at `at` and names what `found` is.
base::Status named(const std::string& at, const char* key, const base::Result<fs::path>& found) {
    if (found) return {};
    return base::error("{}: {}: {}", at, key, found.error());
}

}  // namespace

CaseNames::CaseNames(base::Places places)
    : places_(std::move(places)), procedure_(Procedure::load(places_)), kinds_(face::load_condition_kinds(places_, &broken_kinds_)) {}

bool CaseNames::has(const char* folder) const {
    std::error_code ignored;
    return fs::is_directory(places_.data / folder, ignored);
}

const CaseNames::Zones* CaseNames::zones_of(const std::string& face) {
    auto known = zones_.find(face);
    if (known == zones_.end()) {
        const base::Result<fs::path> file = face::find_face(places_, face);
        known = zones_.emplace(face, file ? face::zones_of(places_, *file) : base::Result<Zones>(file.error())).first;
    }
    return known->second ? &*known->second : nullptr;
}

base::Status CaseNames::check_conditions(const Case& practice, const Zones& zones) const {
    for (const face::Condition& condition : practice.conditions) {
        if (kinds_ && broken_kinds_.empty() && std::ranges::find(*kinds_, condition.kind, &face::ConditionKind::id) == kinds_->end()) {
            std::vector<std::string> known;
            for (const face::ConditionKind& kind : *kinds_) known.push_back(kind.id);
            return base::error("{}: kind: no condition is called \"{}\"; give one of {}", condition.kind_at, condition.kind, fmt::join(known, ", "));
        }
        if (!find(zones, condition.zone))
            return no_zone(condition.zone_at, "zone", practice.face, condition.zone, zones);
    }
    return {};
}

base::Status CaseNames::check_zones(const Case& practice) {
    const Zones* zones = zones_of(practice.face);
    if (!zones) return {};
    for (size_t i = 0; i < practice.zones.size(); ++i) {
        const std::string& at = i < practice.at.zones.size() ? practice.at.zones[i] : practice.at.face;
        const face::Zone* zone = find(*zones, practice.zones[i]);
        if (!zone) return no_zone(at, "zones", practice.face, practice.zones[i], *zones);
        if (zone->no_go) return base::error("{}: zones: '{}' is never needled; take it out", at, practice.zones[i]);
    }
    for (const CaseFinding& finding : practice.consultation.findings)
        if (!finding.zone.empty() && !find(*zones, finding.zone))
            return no_zone(finding.zone_at, "zone", practice.face, finding.zone, *zones);
    return check_conditions(practice, *zones);
}

base::Status CaseNames::check(const Case& practice) {
    const CaseNamesAt& at = practice.at;
    if (at.face.empty()) return {};  // a pad given as a case names nothing
    if (has("faces")) {
        if (auto face = named(at.face, "face", face::find_face(places_, practice.face)); !face) return face;
        if (auto zones = check_zones(practice); !zones) return zones;
    }
    if (has("devices"))
        if (auto device = named(at.device, "device", skin::find_device(places_, practice.device)); !device) return device;
    const bool by_text = practice.rubric.find('\n') != std::string::npos;
    if (has("rubrics") && !by_text)
        if (auto rubric = named(at.rubric, "rubric", find_rubric(places_, practice.rubric)); !rubric) return rubric;
    if (has("scopes"))
        if (auto scope = named(at.scope, "scope", find_scope(places_, practice.scope)); !scope) return scope;
    return procedure_ ? check_consultation(practice.consultation, *procedure_) : base::Status();
}

}  // namespace training
