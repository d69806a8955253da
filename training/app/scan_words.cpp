#include "training/app/scan_words.h"

#include <algorithm>
#include <cmath>

namespace app {

namespace {

/// The key of the text for one and for many.
struct Keys {
    const char *one, *many;
};

Keys keys_of(face::FindingKind kind) {
    using enum face::FindingKind;
    switch (kind) {
        case no_number: return {"scan_found.no_number_one", "scan_found.no_number"};
        case no_area: return {"scan_found.no_area_one", "scan_found.no_area"};
        case duplicate: return {"scan_found.duplicate_one", "scan_found.duplicate"};
        case parts: return {"scan_found.parts", "scan_found.parts"};
        case unit_given: return {"scan_found.unit_given", "scan_found.unit_given"};
        case unit_by_size: return {"scan_found.unit_by_size", "scan_found.unit_by_size"};
        case axes: return {"scan_found.axes", "scan_found.axes"};
        case inside_out: return {"scan_found.inside_out", "scan_found.inside_out"};
        case far_away: return {"scan_found.far_away_one", "scan_found.far_away"};
        case cut_loose: return {"scan_found.cut_loose_one", "scan_found.cut_loose"};
        case hung_loose: return {"scan_found.hung_loose_one", "scan_found.hung_loose"};
        case standing_off: return {"scan_found.standing_off_one", "scan_found.standing_off"};
        case wrong_way: return {"scan_found.wrong_way_one", "scan_found.wrong_way"};
        case touching: return {"scan_found.touching_one", "scan_found.touching"};
        case hole_left: return {"scan_found.hole_left", "scan_found.hole_left"};
        case holes_closed: return {"scan_found.holes_closed_one", "scan_found.holes_closed"};
        case crossings_cut: return {"scan_found.crossings_cut_one", "scan_found.crossings_cut"};
        case slivers: return {"scan_found.slivers_one", "scan_found.slivers"};
        case thinned: return {"scan_found.thinned", "scan_found.thinned"};
        case refined: return {"scan_found.refined", "scan_found.refined"};
        case covered: return {"scan_found.covered", "scan_found.covered"};
        case crossings_left: return {"scan_found.crossings_left_one", "scan_found.crossings_left"};
    }
    CHECK(false, static_cast<int>(kind));
    return {};
}

/// The first of several that are one part, and the rest of them, have texts of their own.
const char* key_of(const face::Finding& finding) {
    const bool rest = finding.rest > 0;
    if (finding.kind == face::FindingKind::covered && !finding.names.empty()) return "scan_found.covered_but";
    if (finding.kind == face::FindingKind::crossings_cut && rest) return "scan_found.crossings_cut_but";
    if (finding.kind == face::FindingKind::parts && finding.count == 2) return "scan_found.parts_two";
    const Keys keys = keys_of(finding.kind);
    return finding.count == 1 ? keys.one : keys.many;
}

/// A coordinate that is nothing beside the others is 0, not -6.7e-16.
std::string place_words(glm::dvec3 at) {
    const double most = std::max({std::abs(at.x), std::abs(at.y), std::abs(at.z)});
    const auto tidy = [&](double one) { return std::abs(one) < 1e-6 * most ? 0.0 : one; };
    return fmt::format("({:.4g}, {:.4g}, {:.4g})", tidy(at.x), tidy(at.y), tidy(at.z));
}

/// Zones by their names, for programs by their ids; other names as they are.
std::string name_list(const Words& words, const face::Finding& finding) {
    const bool ids = words.for_programs() || finding.kind != face::FindingKind::covered;
    std::string list;
    for (const std::string& name : finding.names) list += (list.empty() ? "" : ", ") + (ids ? name : words.name("zone_in", name));
    return list;
}

}  // namespace

std::string finding_words(const Words& words, const face::Finding& finding) {
    const std::string at = place_words(finding.at), last = finding.names.empty() ? std::string() : finding.names.back();
    const size_t others = finding.count > 0 ? finding.count - 1 : 0;
    return words(key_of(finding), fmt::arg("count", finding.count), fmt::arg("others", others), fmt::arg("rest", finding.rest), fmt::arg("size", finding.size_mm),
                 fmt::arg("percent", 100 * finding.share), fmt::arg("at", at), fmt::arg("names", name_list(words, finding)),
                 fmt::arg("first", finding.names.empty() ? std::string() : finding.names.front()), fmt::arg("last", last));
}

}  // namespace app
