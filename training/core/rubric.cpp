#include "training/core/rubric.h"

#include "engine/base/content_id.h"
#include "engine/base/toml.h"
#include "engine/base/translation.h"
#include "engine/base/units.h"
#include "engine/skin/device_profile.h"
#include "training/core/metrics.h"
#include "training/core/pen_kinds.h"

#include <algorithm>
#include <array>
#include <set>

namespace training {

namespace fs = base::fs;

namespace {

constexpr std::array kNeedledKinds = {"forehead",    "glabella",      "temple", "periorbital",
                                      "nose_dorsum", "nose_sidewall", "cheek",  "upper_lip",
                                      "chin",        "jawline",       "neck",   "pad"};

/// Measures of punctures, contact and area, which zones can be picked from; others need the session as a whole.
constexpr std::array kByZone = {"depth_in_band", "depth_cv",        "tilt_median", "force_in_band", "force_cv",
                                "glide_speed",   "density_in_band", "coverage",    "evenness",      "directions"};

/// Collects every mistake of a file, where base::TomlReader stops at the first: an author mends a rubric in
/// one go.
class Mistakes {
  public:
    explicit Mistakes(std::string file) : file_(std::move(file)) {}

    template <typename... Args>
    void add(toml::source_position at, fmt::format_string<Args...> form, Args&&... args) {
        found_.push_back({at, base::error("{}:{}:{}: {}", file_, at.line, at.column,
                                          base::error(form, std::forward<Args>(args)...))});
    }

    /// In the order of the file.
    std::vector<base::Error> all() const {
        std::vector<Mistake> sorted = found_;
        auto place = [](const Mistake& m) { return std::pair(m.at.line, m.at.column); };
        std::stable_sort(sorted.begin(), sorted.end(), [&](auto& a, auto& b) { return place(a) < place(b); });
        std::vector<base::Error> errors;
        for (Mistake& mistake : sorted) errors.push_back(std::move(mistake.error));
        return errors;
    }

  private:
    struct Mistake {
        toml::source_position at;
        base::Error error;
    };
    std::string file_;
    std::vector<Mistake> found_;
};

struct Range {
    int64_t low = 0, high = 0;
};

/// One table of the file. Values come back as whole thousandths, so that scoring is integer arithmetic from
/// here on.
class Table {
  public:
    /// `defaults`: where keys that the table lacks are read from, first to last; their mistakes are told elsewhere.
    Table(const toml::table& table, std::string title, Mistakes& mistakes,
          std::vector<const toml::table*> defaults = {})
        : table_(table), title_(std::move(title)), mistakes_(mistakes), defaults_(std::move(defaults)) {}

    toml::source_position at(std::string_view key) const {
        const toml::node* node = table_.get(key);
        return node ? node->source().begin : table_.source().begin;
    }
    bool has(std::string_view key) const { return get(key) != nullptr; }
    bool has_own(std::string_view key) const { return table_.contains(key); }
    const toml::node* find(std::string_view key) {
        asked_.insert(std::string(key));
        return get(key);
    }

    std::string text(std::string_view key, bool may_be_empty = false) {
        const toml::node* node = find(key);
        std::optional<std::string> value =
            node && node->is_string() ? node->value<std::string>() : std::nullopt;
        if (!value || (value->empty() && !may_be_empty)) mistake(key, "a text in quotes is needed");
        return value.value_or("");
    }

    /// None when it is not there or wrong; a wrong one is noted.
    std::optional<int64_t> thousandths_if_given(std::string_view key, double low, double high) {
        const toml::node* node = find(key);
        return node ? convert(*node, key, low, high) : std::nullopt;
    }

    std::optional<int64_t> thousandths(std::string_view key, double low, double high) {
        if (!has(key)) mistake(key, "a number is needed");
        return thousandths_if_given(key, low, high);
    }

    /// [low, high], low <= high.
    std::optional<Range> range(std::string_view key, double low, double high) {
        const toml::node* node = find(key);
        const toml::array* array = node ? node->as_array() : nullptr;
        if (!array || array->size() != 2) {
            mistake(key, "[low, high] is needed");
            return std::nullopt;
        }
        std::optional<int64_t> from = convert(*array->get(0), key, low, high),
                               to = convert(*array->get(1), key, low, high);
        if (!from || !to) return std::nullopt;
        if (*from > *to) mistake(key, "the first number must not exceed the second");
        return *from > *to ? std::nullopt : std::optional(Range{*from, *to});
    }

    int32_t whole(std::string_view key, int32_t low, int32_t high) {
        const toml::node* node = find(key);
        std::optional<int64_t> value = node && node->is_integer() ? node->value<int64_t>() : std::nullopt;
        if (!value || *value < low || *value > high) {
            mistake(key, "a whole number from {} to {} is needed", low, high);
            return low;
        }
        return static_cast<int32_t>(*value);
    }

    template <typename... Args>
    void mistake(std::string_view key, fmt::format_string<Args...> why, Args&&... args) {
        if (is_told_here(key)) mistakes_.add(at(key), "{}{}: {}", title_, key, base::error(why, std::forward<Args>(args)...));
    }

    void refuse_unknown_keys() {
        for (auto&& [key, node] : table_)
            if (!asked_.contains(key.str()))
                mistakes_.add(node.source().begin, "{}{}: unknown key; remove it or check its spelling",
                              title_, key.str());
    }

  private:
    const toml::node* get(std::string_view key) const {
        if (const toml::node* own = table_.get(key)) return own;
        for (const toml::table* table : defaults_)
            if (const toml::node* node = table->get(key)) return node;
        return nullptr;
    }
    bool is_told_here(std::string_view key) const { return defaults_.empty() || has_own(key); }

    std::optional<int64_t> convert(const toml::node& node, std::string_view key, double low, double high) {
        auto tell = [&](const base::Error& why) {
            if (is_told_here(key)) mistakes_.add(node.source().begin, "{}{}: {}", title_, key, why);
        };
        std::optional<double> value = node.is_number() ? node.value<double>() : std::nullopt;
        if (!value || !(*value >= low && *value <= high)) {  // also NaN
            tell(base::error("a number from {} to {} is needed", low, high));
            return std::nullopt;
        }
        int64_t result = base::round_to_integer(*value * 1000);
        if (std::fabs(*value * 1000 - static_cast<double>(result)) > 1e-6) tell(base::error("at most three decimals"));
        return result;
    }

    const toml::table& table_;
    std::string title_;
    Mistakes& mistakes_;
    std::vector<const toml::table*> defaults_;
    std::set<std::string, std::less<>> asked_;
};

constexpr double kMost = 1e6;  ///< of any value in a band

void check_measure(Table& table, const Criterion& criterion) {
    std::vector<std::string> names = measure_names();
    if (std::find(names.begin(), names.end(), criterion.measure) == names.end()) {
        if (!criterion.measure.empty())
            table.mistake("measure", "no measure '{}'; there are {}", criterion.measure,
                                                 fmt::join(names, ", "));
    } else if (criterion.unit != measure_unit(criterion.measure)) {
        table.mistake("unit", "{} is measured in '{}'", criterion.measure,
                                          measure_unit(criterion.measure));
    }
}

/// Bands and limits, which a criterion and its overrides have alike.
struct Limits {
    Band band{};
    std::optional<int64_t> critical_above, critical_below;
};

/// `inherited`: limits that hold where the table gives none of its own.
Limits read_limits(Table& table, const Limits& inherited) {
    std::optional<Range> target = table.range("target", -kMost, kMost),
                         warning = table.range("warning", -kMost, kMost);
    Range full = target.value_or(Range{}), some = warning.value_or(Range{});
    Limits limits{{some.low, full.low, full.high, some.high}, inherited.critical_above, inherited.critical_below};
    if (table.has("critical_above")) limits.critical_above = table.thousandths_if_given("critical_above", -kMost, kMost);
    if (table.has("critical_below")) limits.critical_below = table.thousandths_if_given("critical_below", -kMost, kMost);
    if (!warning) return limits;
    if (target && (some.low > full.low || full.high > some.high))
        table.mistake("warning", "must enclose the target band");
    if (limits.critical_above && *limits.critical_above < some.high)
        table.mistake("critical_above", "must not lie below the warning band's upper end");
    if (limits.critical_below && *limits.critical_below > some.low)
        table.mistake("critical_below", "must not lie above the warning band's lower end");
    return limits;
}

std::optional<int64_t> read_floor(Table& table) {
    return table.thousandths_if_given("floor", 0, 100);
}

EvidenceKind read_evidence_kind(Table& table) {
    constexpr std::array kKinds = {"both", "cells", "spans"};  // in the order of EvidenceKind
    if (!table.has("evidence")) return EvidenceKind::both;
    const toml::node* node = table.find("evidence");
    auto kind = std::find(kKinds.begin(), kKinds.end(), node->value_or(std::string()));
    if (kind == kKinds.end()) table.mistake("evidence", "must be \"cells\", \"spans\" or \"both\"");
    return kind == kKinds.end() ? EvidenceKind::both : static_cast<EvidenceKind>(kind - kKinds.begin());
}

/// The kind of a device named by id or kind; notes a mistake and is empty where there is no such device.
std::string read_device_kind(Table& table, const base::Places& places, const std::string& device) {
    constexpr std::array kKinds = {skin::DeviceKind::pen, skin::DeviceKind::stamp, skin::DeviceKind::roller};
    for (skin::DeviceKind kind : kKinds)
        if (device == skin::kind_name(kind)) return device;
    auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
    base::Result<skin::DeviceProfile> profile = base::error("an id has no other letters than a-z, 0-9, - and _");
    if (!device.empty() && std::all_of(device.begin(), device.end(), plain)) profile = skin::load_device(places, device);
    if (profile) return skin::kind_name(profile->kind);
    table.mistake("device", "no device '{}'; give pen, stamp, roller or an id of content/devices", device);
    return {};
}

CriterionOverride read_override(Table& table, const Criterion& criterion, const base::Places& places) {
    CriterionOverride override;
    if (table.has("zone")) override.zone = table.text("zone");
    if (table.has("device")) override.device = table.text("device");
    if (table.has("zone") == table.has("device")) {
        table.mistake("zone", "give either a zone kind or a device");
    } else if (!override.device.empty()) {
        read_device_kind(table, places, override.device);
    } else if (std::find(kNeedledKinds.begin(), kNeedledKinds.end(), override.zone) == kNeedledKinds.end()) {
        table.mistake("zone", "no zone kind '{}' that is needled; there are {}", override.zone,
                                          fmt::join(kNeedledKinds, ", "));
    } else if (!is_measured_by_zone(criterion.measure)) {
        table.mistake("zone", "{} is taken over the whole session, not by zone", criterion.measure);
    }
    Limits limits = read_limits(table, {{}, criterion.critical_above, criterion.critical_below});
    override.band = limits.band;
    override.critical_above = limits.critical_above;
    override.critical_below = limits.critical_below;
    override.basis = table.text("basis");
    override.source = table.text("source");
    table.refuse_unknown_keys();
    return override;
}

void read_overrides(Table& table, Criterion& criterion, const base::Places& places, Mistakes& mistakes) {
    if (!table.has("override")) return;
    const toml::array* array = table.find("override")->as_array();
    if (!array || !array->is_array_of_tables()) {
        table.mistake("override", "[[criterion.override]] tables are needed");
        return;
    }
    std::set<std::string> taken;
    for (const toml::node& node : *array) {
        Table own(*node.as_table(), fmt::format("criterion {}, override: ", criterion.id), mistakes);
        CriterionOverride override = read_override(own, criterion, places);
        std::string about = override.zone.empty() ? override.device : override.zone;
        if (!about.empty() && !taken.insert(about).second)
            own.mistake(override.zone.empty() ? "device" : "zone", "'{}' is overridden already", about);
        criterion.overrides.push_back(std::move(override));
    }
}

Criterion read_criterion(const toml::table& source, size_t number, const base::Places& places, Mistakes& mistakes) {
    Table table(source, fmt::format("criterion {}: ", number), mistakes);
    Criterion criterion;
    criterion.id = table.text("id");
    criterion.measure = table.text("measure");
    criterion.name = table.text("name");
    criterion.unit = table.text("unit", true);
    Limits limits = read_limits(table, {});
    criterion.band = limits.band;
    criterion.critical_above = limits.critical_above;
    criterion.critical_below = limits.critical_below;
    criterion.weight = table.whole("weight", 1, 100);
    criterion.basis = table.text("basis");
    criterion.source = table.text("source");
    criterion.floor = read_floor(table);
    criterion.evidence = read_evidence_kind(table);
    read_overrides(table, criterion, places, mistakes);
    table.refuse_unknown_keys();
    check_measure(table, criterion);
    return criterion;
}

void read_criteria(const toml::table& file, Rubric& rubric, const base::Places& places, Mistakes& mistakes) {
    const toml::array* array = file["criterion"].as_array();
    if (!array || !array->is_array_of_tables()) {
        mistakes.add(file.source().begin, "criterion: [[criterion]] tables are needed");
        return;
    }
    std::set<std::string> ids;
    int32_t weights = 0;
    for (size_t i = 0; i < array->size(); ++i) {
        const toml::table& table = *array->get(i)->as_table();
        Criterion criterion = read_criterion(table, i + 1, places, mistakes);
        if (!criterion.id.empty() && !ids.insert(criterion.id).second)
            mistakes.add(table.get("id")->source().begin, "criterion {}: the id '{}' is taken", i + 1,
                         criterion.id);
        weights += criterion.weight;
        rubric.criteria.push_back(std::move(criterion));
    }
    if (weights != 100)
        mistakes.add(array->get(0)->source().begin, "criterion: the weights sum to {}, they must sum to 100",
                     weights);
}

void read_depth(const toml::table& file, Rubric& rubric, Mistakes& mistakes) {
    const toml::table* kinds = file["depth"].as_table();
    if (!kinds || kinds->empty()) {
        mistakes.add(file.source().begin, "depth: [depth.ZONE_KIND] tables are needed");
        return;
    }
    bool all_known = true;
    for (auto&& [key, node] : *kinds) {
        std::string kind(key.str());
        bool known = std::find(kNeedledKinds.begin(), kNeedledKinds.end(), kind) != kNeedledKinds.end();
        all_known = all_known && known;
        if (!known)
            mistakes.add(node.source().begin, "depth: no zone kind '{}' that is needled; there are {}", kind,
                         fmt::join(kNeedledKinds, ", "));
        if (!node.is_table()) {
            mistakes.add(node.source().begin, "depth.{}: must be a table", kind);
            continue;
        }
        Table table(*node.as_table(), fmt::format("depth.{}: ", kind), mistakes);
        std::optional<Range> accept = table.range("accept", 0, 4);  // a thousandth of a millimetre is 1 µm
        std::optional<int64_t> warn = table.thousandths("warn_above", 0, 4);
        std::optional<int64_t> critical = table.thousandths("critical_above", 0, 4);
        table.refuse_unknown_keys();
        if (!accept || !warn || !critical) continue;
        if (*warn < accept->high) table.mistake("warn_above", "must not lie below the accepted band");
        if (*critical < *warn) table.mistake("critical_above", "must not lie below warn_above");
        auto um = [](int64_t value) { return static_cast<uint32_t>(value); };
        rubric.depth[kind] = {um(accept->low), um(accept->high), um(*warn), um(*critical)};
    }
    // A zone without a band would count for nothing in silence, as when the file's end was lost.
    for (const char* kind : kNeedledKinds)
        if (all_known && !kinds->contains(kind))
            mistakes.add(kinds->source().begin, "depth: a table [depth.{}] is needed", kind);
}

/// `table`: [general], or an override on top of it.
void read_figures(Table& table, GeneralFigures& rubric) {
    auto read = [&](std::string_view key, double low, double high, int64_t multiplier, int64_t divisor = 1) {
        return static_cast<uint32_t>(table.thousandths(key, low, high).value_or(0) * multiplier / divisor);
    };
    auto read_range = [&](std::string_view key, double high, uint32_t& from, uint32_t& to, int64_t divisor) {
        Range range = table.range(key, 0, high).value_or(Range{});
        from = static_cast<uint32_t>(range.low / divisor);
        to = static_cast<uint32_t>(range.high / divisor);
    };
    rubric.depth_tolerance_um = read("depth_tolerance_mm", 0, 1, 1);
    rubric.depth_critical_punctures =
        static_cast<uint32_t>(table.whole("depth_critical_punctures", 0, 1'000'000));
    rubric.tilt_critical_cdeg = read("tilt_critical_deg", 0, 90, 1, 10);
    rubric.tilt_critical_share_e4 = read("tilt_critical_share", 0, 1, 10);
    read_range("force_bone_n", 60, rubric.force_bone_low_mn, rubric.force_bone_high_mn, 1);
    read_range("force_soft_n", 60, rubric.force_soft_low_mn, rubric.force_soft_high_mn, 1);
    rubric.force_held_mn = read("force_held_n", 0, 60, 1);
    rubric.force_held_ms = read("force_held_s", 0, 60, 1);
    rubric.force_peak_mn = read("force_peak_n", 0, 60, 1);
    if (table.has("stretch_percent"))  // rubrics of before skin was stretched have none
        read_range("stretch_percent", 100, rubric.stretch_low_permille, rubric.stretch_high_permille, 100);
    rubric.speed_critical_um_s = read("speed_critical_cm_s", 0, 100, 10);
    rubric.speed_critical_share_e4 = read("speed_critical_share", 0, 1, 10);
    rubric.coverage_floor_per_cm2 =
        static_cast<uint32_t>(table.whole("coverage_floor_per_cm2", 0, 1'000'000));
    read_range("density_per_cm2", 1e6, rubric.density_low_per_cm2, rubric.density_high_per_cm2, 1000);
    rubric.density_critical_per_cm2 =
        static_cast<uint32_t>(table.whole("density_critical_per_cm2", 0, 1'000'000));
    if (table.has("nano_passes"))  // rubrics of before densities knew nano cones have none
        read_range("nano_passes", 100, rubric.nano_passes_low, rubric.nano_passes_high, 1000);
    rubric.gini_critical_e4 = read("gini_critical", 0, 1, 10);
    rubric.direction_share_e4 = read("direction_share", 0.01, 1, 10);
    rubric.single_direction_area_e4 = read("single_direction_area_share", 0, 1, 10);
    rubric.no_go_margin_um = read("no_go_margin_mm", 0, 20, 1);
    auto read_if_given = [&](std::string_view key, double high, int64_t multiplier, int64_t divisor, uint32_t& value) {
        if (table.has(key)) value = read(key, 0, high, multiplier, divisor);
    };
    read_if_given("depth_warn_share", 1, 10, 1, rubric.depth_warn_share_e4);
    read_if_given("dry_critical_share", 1, 10, 1, rubric.dry_critical_share_e4);
    read_if_given("drag_force_n", 60, 1, 1, rubric.drag_force_mn);
    read_if_given("drag_speed_cm_s", 100, 10, 1, rubric.drag_speed_um_s);
    read_if_given("retracked_times", 100, 1, 1000, rubric.retracked_times);
    read_if_given("same_line_mm", 10, 1, 1, rubric.same_line_um);
    read_if_given("scratch_pins", 100, 1, 1, rubric.scratch_pins_e3);
    read_if_given("overlap_gap_mm", 50, 1, 1, rubric.overlap_gap_um);
    read_if_given("overlap_gap_share", 1, 10, 1, rubric.overlap_gap_share_e4);
    read_if_given("traction_critical_share", 1, 10, 1, rubric.traction_critical_share_e4);
    read_if_given("pass_per_cm2", 1e6, 1, 1000, rubric.pass_per_cm2);
    read_if_given("patchy_cv", 10, 10, 1, rubric.patchy_cv_e4);
    read_if_given("confluent_critical_share", 1, 10, 1, rubric.confluent_critical_e4);
    read_if_given("full_face_cm2", 10'000, 1, 1000, rubric.full_face_cm2);
    table.refuse_unknown_keys();
}

/// A kind's figures stand on [general]'s, an id's on those of its kind where there are some.
void read_general_overrides(const toml::table& general, const toml::array& array, Rubric& rubric,
                            const base::Places& places, Mistakes& mistakes) {
    std::map<std::string, const toml::table*> taken;
    for (const toml::node& node : array)
        if (const toml::node* device = node.as_table()->get("device"))
            taken.emplace(device->value_or(std::string()), node.as_table());
    for (const toml::node& node : array) {
        const toml::table& own = *node.as_table();
        Table about(own, "general, override: ", mistakes);
        std::string device = about.text("device"), kind = read_device_kind(about, places, device);
        if (!device.empty() && taken[device] != &own) about.mistake("device", "'{}' is overridden already", device);
        std::vector<const toml::table*> defaults = {&general};
        if (kind != device && taken.contains(kind)) defaults.insert(defaults.begin(), taken[kind]);
        Table table(own, "general, override: ", mistakes, defaults);
        table.find("device");
        GeneralOverride override{device, {}};
        read_figures(table, override.figures);
        rubric.general_overrides.push_back(std::move(override));
    }
}

void read_general(const toml::table& file, Rubric& rubric, const base::Places& places, Mistakes& mistakes) {
    const toml::table* general = file["general"].as_table();
    if (!general) {
        mistakes.add(file.source().begin, "general: a [general] table is needed");
        return;
    }
    Table table(*general, "general: ", mistakes);
    const toml::node* overrides = table.find("override");
    read_figures(table, rubric);
    if (!overrides) return;
    if (!overrides->is_array() || !overrides->as_array()->is_array_of_tables())
        table.mistake("override", "[[general.override]] tables are needed");
    else
        read_general_overrides(*general, *overrides->as_array(), rubric, places, mistakes);
}

/// [fit]: what a fitted rubric came from (rubric_fit.h). For people: it changes no score.
void check_fit(const toml::table& file, Mistakes& mistakes) {
    const toml::node* node = file.get("fit");
    if (!node) return;
    if (!node->is_table()) {
        mistakes.add(node->source().begin, "fit: must be a table");
        return;
    }
    Table table(*node->as_table(), "fit: ", mistakes);
    for (const char* key : {"base", "base_hash", "rule", "pass_mark", "verdicts"}) table.text(key);
    for (const char* key : {"experts", "novices"}) {
        const toml::node* sessions = table.find(key);
        if (!sessions || !sessions->is_array()) {
            table.mistake(key, "an array of sessions is needed");
            continue;
        }
        for (const toml::node& session : *sessions->as_array()) {
            if (!session.is_table()) {
                mistakes.add(session.source().begin, "fit: {}: {{ file, evidence }} is needed", key);
                continue;
            }
            Table one(*session.as_table(), fmt::format("fit: {}: ", key), mistakes);
            one.text("file");
            one.text("evidence");
            one.refuse_unknown_keys();
        }
    }
    table.refuse_unknown_keys();
}

void read_pens(Table& table, const toml::table& file, Rubric& rubric, Mistakes& mistakes) {
    if (!table.has("pens")) return;
    const toml::node* node = table.find("pens");
    if (!node->is_array()) return table.mistake("pens", "an array of kinds of pen is needed");
    for (const toml::node& entry : *file["pens"].as_array()) {
        const std::string kind = entry.value_or<std::string>("");
        if (std::ranges::find(pen_kinds(), kind) == pen_kinds().end())
            mistakes.add(entry.source().begin, "pens: no kind of pen '{}'; there are {}", kind, fmt::join(pen_kinds(), ", "));
        rubric.pens.push_back(kind);
    }
}

Rubric read_rubric(const toml::table& file, const base::Places& places, Mistakes& mistakes) {
    Rubric rubric;
    Table table(file, "", mistakes);
    table.whole("version", 1, 1);
    rubric.id = table.text("id");
    rubric.name = table.text("name");
    rubric.version = table.text("revision");
    rubric.note = table.text("note");
    table.text("source");
    rubric.pass_mark = static_cast<int32_t>(table.thousandths("pass_mark", 0, 100).value_or(0) / 10);
    read_pens(table, file, rubric, mistakes);
    for (const char* key : {"general", "criterion", "depth", "fit"}) table.find(key);
    table.refuse_unknown_keys();
    read_general(file, rubric, places, mistakes);
    read_criteria(file, rubric, places, mistakes);
    read_depth(file, rubric, mistakes);
    check_fit(file, mistakes);
    return rubric;
}

constexpr size_t kMostText = 1u << 20;

/// An id or a path has one line, a rubric's file many.
bool is_text(const std::string& reference) {
    return reference.find('\n') != std::string::npos;
}

}  // namespace

base::Result<fs::path> find_rubric(const base::Places& places, const std::string& id) {
    return base::find_by_id(id, base::toml_files(places.data / "rubrics"), "no rubric '{}'; there are {}, or give a .toml file");
}

base::Result<std::string> rubric_text(const base::Places& places, const std::string& reference) {
    if (is_text(reference)) return reference;
    base::Result<fs::path> path = find_rubric(places, reference);
    if (!path) return path.error();
    return base::read_text(*path, kMostText);
}

base::Result<Rubric> load_rubric(const base::Places& places, const std::string& reference) {
    base::Result<std::string> text = rubric_text(places, reference);
    if (!text) return text.error();
    const std::string name = is_text(reference) ? "the session's own rubric" : find_rubric(places, reference)->string();
    RubricReading reading = read_rubric_text(places, *text, name);
    if (!reading.mistakes.empty()) {
        if (reading.mistakes.size() == 1) return reading.mistakes.front();
        return base::error("{} (and {} more; see `evenhand rubric check`)", reading.mistakes.front(), reading.mistakes.size() - 1);
    }
    if (places.language.empty() || is_text(reference)) return std::move(reading.rubric);
    toml::table told = std::move(*base::parse_toml(*text, name));
    base::translate(told, places, fs::path("rubrics") / (reference + ".toml"));
    Mistakes none(name);
    Rubric rubric = read_rubric(told, places, none);
    rubric.hash = reading.rubric.hash;
    return rubric;
}

RubricReading read_rubric_text(const base::Places& places, const std::string& text, const std::string& name) {
    base::Result<toml::table> file = base::parse_toml(text, name);
    if (!file) {
        // What a table lacks can only be told once all of it can be read.
        RubricReading unreadable;
        unreadable.mistakes = base::toml_mistakes(text, name);
        return unreadable;
    }
    Mistakes mistakes(name);
    RubricReading reading{read_rubric(*file, places, mistakes), {}};
    reading.mistakes = mistakes.all();
    reading.rubric.hash = base::sha256(text);
    return reading;
}

RubricReading read_rubric_file(const base::Places& places, const fs::path& path) {
    base::Result<std::string> text = base::read_text(path, kMostText);
    if (!text) return {{}, {text.error()}};
    return read_rubric_text(places, *text, path.string());
}

std::vector<std::string> check_rubric(const base::Places& places, const fs::path& path) {
    std::vector<std::string> told;
    for (base::Error& mistake : read_rubric_file(places, path).mistakes) told.push_back(std::move(mistake.message));
    return told;
}

bool is_measured_by_zone(const std::string& measure) {
    return std::find(kByZone.begin(), kByZone.end(), measure) != kByZone.end();
}

base::Result<fs::path> find_scope(const base::Places& places, const std::string& id) {
    return base::find_by_id(id, base::toml_files(places.data / "scopes"), "no scope of practice '{}'; there are {}, or give a .toml file");
}

base::Result<Scope> load_scope(const base::Places& places, const std::string& id) {
    base::Result<fs::path> path = find_scope(places, id);
    if (!path) return path.error();
    base::Result<std::string> text = base::read_text(*path, 1u << 20);
    if (!text) return text.error();
    base::Result<toml::table> file = base::read_toml(*path);
    if (!file) return file.error();
    base::translate(*file, places, fs::path("scopes") / (id + ".toml"));
    base::TomlReader reader(*file, path->string());
    auto um = [](double mm) { return static_cast<uint32_t>(base::round_to_integer(mm * 1000)); };
    Scope scope;
    reader.integer("version", 1, 1);
    scope.id = reader.text("id");
    scope.name = reader.text("name");
    scope.source = reader.text("source");
    scope.depth_cap_um = reader.has("depth_cap_mm") ? um(reader.number("depth_cap_mm", 0, 4)) : kNoDepthCap;
    scope.depth_warn_um = um(reader.number("depth_warn_mm", 0, 4));
    if (scope.depth_warn_um > scope.depth_cap_um)
        reader.refuse("depth_warn_mm", "must not exceed depth_cap_mm");
    if (base::Status status = reader.status(); !status) return status.error();
    scope.hash = base::sha256(*text);
    return scope;
}

DepthBand capped(DepthBand band, uint32_t depth_cap_um) {
    if (depth_cap_um == kNoDepthCap) return band;
    band.low_um = std::min(band.low_um, depth_cap_um / 2);
    band.high_um = std::min(band.high_um, depth_cap_um);
    band.warn_um = std::max(band.high_um, std::min(band.warn_um, depth_cap_um));
    return band;
}

Rubric rubric_for(const Rubric& rubric, const skin::DeviceProfile& device, const Scope& scope) {
    Rubric held = rubric;
    for (const std::string& name : {std::string(skin::kind_name(device.kind)), device.id}) {
        for (const GeneralOverride& override : rubric.general_overrides)
            if (override.device == name) static_cast<GeneralFigures&>(held) = override.figures;
        for (Criterion& criterion : held.criteria)
            for (const CriterionOverride& override : criterion.overrides) {
                if (override.device != name) continue;
                criterion.band = override.band;
                criterion.critical_above = override.critical_above;
                criterion.critical_below = override.critical_below;
                criterion.basis = override.basis;
                criterion.source = override.source;
                criterion.bands_for = name;
            }
    }
    for (auto& [kind, band] : held.depth) band = capped(band, scope.depth_cap_um);
    return held;
}

}  // namespace training
