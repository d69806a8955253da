#include "engine/face/condition_files.h"

#include "engine/base/foreign_words.h"
#include "engine/base/toml.h"
#include "engine/base/translation.h"

#include <algorithm>
#include <array>

namespace face {

namespace {

constexpr double kMostCount = 500;
constexpr double kMillimetre = 1e-3, kMicrometre = 1e-6;

// --- what a patient or a case asks for ---

Condition read_condition(base::TomlReader& reader) {
    Condition condition;
    condition.kind = reader.text("kind");
    condition.zone = reader.text("zone");
    condition.beside = reader.text_or("beside", "");
    if (reader.has("at")) {
        std::vector<double> at = reader.numbers("at", 2, -200, 200);
        condition.at = glm::dvec2(at[0], at[1]) * kMillimetre;
        if (reader.has("count")) reader.refuse("count", "says nothing where `at` gives the one place; remove it");
        if (reader.has("beside")) reader.refuse("beside", "says nothing where `at` gives the place; remove it");
    } else if (reader.has("count")) {
        condition.count = static_cast<uint32_t>(reader.integer("count", 1, static_cast<int64_t>(kMostCount)));
    }
    if (reader.has("size")) condition.size = reader.number("size", 0.1, 100) * kMillimetre;
    condition.severity = reader.number_or("severity", 0.5, 0, 1);
    if (reader.has("seed")) condition.seed = static_cast<uint64_t>(reader.integer("seed", 0, 1'000'000'000));
    condition.kind_at = reader.where("kind");
    condition.zone_at = reader.where("zone");
    condition.beside_at = reader.where("beside");
    condition.place_at = reader.where(condition.at ? "at" : condition.count ? "count" : "zone");
    condition.size_at = reader.where("size");
    return condition;
}

// --- what a kind is ---

/// One number, or [mild, severe], each within [low, high] and times `unit`.
Span read_span(base::TomlReader& reader, const toml::table& table, std::string_view key, Span fallback, double low,
               double high, double unit = 1) {
    const toml::node* node = table.get(key);
    if (!node || !node->is_array()) {
        double value = reader.number_or(key, fallback.mild / unit, low, high) * unit;
        return node ? Span{value, value} : fallback;
    }
    std::vector<double> pair = reader.numbers(key, 2, low, high);
    return {pair[0] * unit, pair[1] * unit};
}

/// The value that stands for one of `words`; the first where the text is none of them, with the mistake noted.
template <typename T, size_t N>
T read_word(base::TomlReader& reader, std::string_view key, const std::string& text,
            const std::array<std::pair<std::string_view, T>, N>& words) {
    std::string known;
    for (const auto& [word, value] : words) {
        if (text == word) return value;
        known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", word);
    }
    reader.refuse(key, "\"{}\" is not known; give one of {}", text, known);
    return words[0].second;
}

constexpr std::array<std::pair<std::string_view, Layout>, 4> kLayouts{
    {{"spots", Layout::spots}, {"lines", Layout::lines}, {"vessels", Layout::vessels}, {"field", Layout::field}}};
constexpr std::array<std::pair<std::string_view, Site::Run>, 4> kRuns{{{"level", Site::Run::level},
                                                                       {"upright", Site::Run::upright},
                                                                       {"tension", Site::Run::tension},
                                                                       {"away", Site::Run::away}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kTags{
    {{"F1", "F1"}, {"F2", "F2"}, {"K", "K"}, {"D", "D"}, {"A", "A"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kActions{{{"proceed", "proceed"},
                                                                                 {"caution", "caution"},
                                                                                 {"avoid", "avoid"},
                                                                                 {"defer", "defer"},
                                                                                 {"refer", "refer"},
                                                                                 {"refuse", "refuse"}}};

base::Result<Mark> read_mark(const toml::table& table, const std::string& file, Layout layout) {
    base::TomlReader reader(table, file);
    Mark mark;
    mark.count = read_span(reader, table, "count", mark.count, 0, kMostCount);
    mark.spread = reader.number_or("spread", 0, 0, 2);
    if (layout == Layout::spots)
        mark.size = read_span(reader, table, "size", mark.size, 0.005, 4);
    else
        mark.size = read_span(reader, table, "size_mm", {0.2e-3, 0.2e-3}, 0.02, 10, kMillimetre);
    mark.length = read_span(reader, table, "length", mark.length, 0, 4);
    mark.height = read_span(reader, table, "height_um", mark.height, -2000, 5000, kMicrometre);
    mark.melanin = read_span(reader, table, "melanin", mark.melanin, -1, 8);
    mark.haemoglobin = read_span(reader, table, "blood", mark.haemoglobin, -1, 8);
    mark.gloss = read_span(reader, table, "gloss", mark.gloss, -1, 1);
    mark.steepness = reader.number_or("steepness", 0, 0, 1);
    mark.irregularity = reader.number_or("irregularity", 0, 0, 1);
    if (base::Status status = reader.status(); !status) return status.error();
    return mark;
}

base::Result<Site> read_site(const toml::table& table, const std::string& file) {
    base::TomlReader reader(table, file);
    Site site;
    site.zone = reader.text("zone");
    site.run = read_word(reader, "run", reader.text("run"), kRuns);
    site.away_from = reader.text_or("away_from", "");
    if ((site.run == Site::Run::away) == site.away_from.empty())
        reader.refuse("away_from", "belongs to run = \"away\": give the kind of zone that lines fan out from");
    site.beside = reader.text_or("beside", "");
    site.length = reader.number_or("length", 1, 0.05, 4);
    if (reader.has("apart_mm")) site.apart = reader.number("apart_mm", 0, 50) * kMillimetre;
    if (base::Status status = reader.status(); !status) return status.error();
    return site;
}

base::Status read_marks_and_sites(base::TomlReader& reader, const std::string& file, ConditionKind& kind) {
    for (const toml::table* entry : reader.tables("mark")) {
        base::Result<Mark> mark = read_mark(*entry, file, kind.layout);
        if (!mark) return mark.error();
        kind.marks.push_back(*mark);
    }
    for (const toml::table* entry : reader.tables("site")) {
        base::Result<Site> site = read_site(*entry, file);
        if (!site) return site.error();
        kind.sites.push_back(*site);
    }
    if (kind.marks.empty()) reader.refuse("mark", "missing; give at least one [[mark]]");
    if ((kind.layout == Layout::lines) == kind.sites.empty())
        reader.refuse("site", "[[site]] tables belong to layout = \"lines\", and lines need at least one");
    return reader.status();
}

}  // namespace

base::Result<std::vector<Condition>> take_conditions(toml::table& table, const std::string& file) {
    std::vector<Condition> conditions;
    {
        base::TomlReader all(table, file);
        std::vector<const toml::table*> entries = all.tables("condition");
        // Any other key belongs to other readers; a mistake about `condition` itself is told here.
        if (table.contains("condition") && entries.empty())
            return base::error("{}: condition: must be written as [[condition]] tables", all.where("condition"));
        for (const toml::table* entry : entries) {
            base::TomlReader reader(*entry, file);
            conditions.push_back(read_condition(reader));
            if (base::Status status = reader.status(); !status) return status.error();
        }
    }
    table.erase("condition");
    return conditions;
}

base::Result<ConditionKind> read_condition_kind(const toml::table& table, const std::string& file) {
    base::TomlReader reader(table, file);
    ConditionKind kind;
    reader.integer("version", 1, 1);
    (void)reader.text("source");
    kind.id = reader.text("id");
    bool plain = !kind.id.empty() && kind.id.size() <= 64 && std::all_of(kind.id.begin(), kind.id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (!plain) reader.refuse("id", "must be 1 to 64 small letters, digits or _");
    kind.name = reader.text("name");
    kind.advice = reader.text("advice");
    kind.tag = read_word(reader, "tag", reader.text("tag"), kTags);
    kind.action = read_word(reader, "action", reader.text("action"), kActions);
    kind.no_go = reader.boolean_or("no_go", false);
    kind.margin = reader.number_or("margin_mm", 0, 0, 20) * kMillimetre;
    kind.layout = read_word(reader, "layout", reader.text("layout"), kLayouts);
    if (kind.no_go && (kind.layout == Layout::lines || kind.layout == Layout::field))
        reader.refuse("no_go", "only spots and vessels have an outline to keep away from");
    if (!reader.has("size_mm")) reader.refuse("size_mm", "missing; give a number or [mild, severe]");
    kind.size = read_span(reader, table, "size_mm", {1e-3, 1e-3}, 0.1, 100, kMillimetre);
    kind.count = read_span(reader, table, "count", kind.count, 1, kMostCount);
    kind.apart = reader.number_or("apart_mm", 0.5, 0, 50) * kMillimetre;
    kind.turned = reader.boolean_or("turned", true);
    kind.uneven = reader.boolean_or("uneven", false);
    if (base::Status status = read_marks_and_sites(reader, file, kind); !status) return status.error();
    return kind;
}

static base::Result<ConditionKind> load_condition_kind(const base::Places& places, const base::fs::path& file) {
    base::Result<toml::table> table = base::read_toml(file);
    if (!table) return table.error();
    base::translate(*table, places, base::fs::path("conditions") / file.filename());
    base::Result<ConditionKind> kind = read_condition_kind(*table, file.string());
    if (kind && kind->id != file.stem())
        return base::error("{}: id: \"{}\" must be the file's own name, \"{}\"", base::TomlReader(*table, file.string()).where("id"), kind->id,
                           file.stem().string());
    return kind;
}

base::Result<std::vector<ConditionKind>> load_condition_kinds(const base::Places& places, std::vector<base::Error>* problems) {
    const base::fs::path folder = places.data / "conditions";
    std::error_code ignored;
    if (!base::fs::exists(folder, ignored)) return base::error("{}: no such folder; check --data", folder.string());
    const base::Result<std::vector<base::fs::path>> files = base::toml_files(folder);
    if (!files) return files.error();
    std::vector<ConditionKind> kinds;
    for (const base::fs::path& file : *files) {
        base::Result<ConditionKind> kind = load_condition_kind(places, file);
        if (kind) kinds.push_back(std::move(*kind));
        else if (problems) problems->push_back(kind.error());
        else return kind.error();
    }
    return kinds;
}

}  // namespace face
