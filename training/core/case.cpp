#include "training/core/case.h"

#include "engine/base/toml.h"
#include "engine/base/translation.h"
#include "engine/face/condition_files.h"
#include "training/core/case_names.h"

#include <algorithm>

namespace training {

namespace fs = base::fs;

namespace {

/// Ids become file names, so they hold nothing that a path could be built from.
bool is_id(std::string_view id) {
    auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), good);
}

/// A rubric may be there by its whole text.
bool is_path(std::string_view reference) {
    return reference.ends_with(".toml") && reference.find('\n') == std::string_view::npos;
}

/// A TOML file that a case names lies beside the case, unless its path is absolute.
std::string beside(const fs::path& case_file, const std::string& reference) {
    fs::path path = reference;
    return is_path(reference) && path.is_relative() ? (case_file.parent_path() / path).string() : reference;
}

/// Takes the array `zones` out of the table: TomlReader knows no arrays of texts. `places`: "file:line:column" of each.
base::Result<std::vector<std::string>> take_zones(toml::table& table, const std::string& file, std::vector<std::string>& places) {
    const toml::node* node = table.get("zones");
    toml::source_position at = node ? node->source().begin : table.source().begin;
    auto refuse = [&](const base::Error& why) {
        return base::error("{}:{}:{}: zones: {}", file, at.line, at.column, why);
    };
    if (!node || !node->is_array() || node->as_array()->empty())
        return refuse(base::error("missing; give the zones to treat in their order, as [\"forehead\", \"nose_dorsum\"]"));
    std::vector<std::string> zones;
    for (const toml::node& entry : *node->as_array()) {
        at = entry.source().begin;
        std::string zone = entry.value<std::string>().value_or("");
        if (!is_id(zone)) return refuse(base::error("must be zone ids in quotes"));
        if (std::find(zones.begin(), zones.end(), zone) != zones.end())
            return refuse(base::error("names '{}' twice", zone));
        zones.push_back(zone);
        places.push_back(fmt::format("{}:{}:{}", file, at.line, at.column));
    }
    table.erase("zones");
    return zones;
}

/// design.md 6: a pad given where a case is expected is that pad, treated whole, with every default.
base::Result<Case> pad_as_case(const toml::table& table, const fs::path& path, std::string text) {
    Case result;
    result.id = table["id"].value<std::string>().value_or("");
    if (!is_id(result.id))
        return base::error("{}: id must be a text made of a-z, 0-9, - and _", path.string());
    result.name = table["name"].value<std::string>().value_or(result.id);
    result.brief = "Treat the whole pad evenly.";
    result.face = path.string();
    result.zones = {"pad"};
    result.needling_minutes = 3;
    result.text = std::move(text);
    return result;
}

base::Result<Case> read_case(toml::table& table, const fs::path& path, std::string text) {
    Case result;
    base::Result<std::vector<std::string>> zones = take_zones(table, path.string(), result.at.zones);
    if (!zones) return zones.error();
    base::Result<std::vector<face::Condition>> conditions = face::take_conditions(table, path.string());
    if (!conditions) return conditions.error();
    base::TomlReader reader(table, path.string());
    reader.integer("version", 1, 1);
    (void)reader.text_or("source", "");
    result.id = reader.text("id");
    if (!is_id(result.id)) reader.refuse("id", "must be made of a-z, 0-9, - and _");
    result.name = reader.text("name");
    result.brief = reader.text_or("brief", "");
    result.face = beside(path, reader.text("face"));
    result.device = beside(path, reader.text_or("device", result.device));
    result.rubric = beside(path, reader.text_or("rubric", result.rubric));
    result.scope = beside(path, reader.text_or("scope", result.scope));
    result.at = {reader.where("face"), reader.where("device"), reader.where("rubric"), reader.where("scope"), std::move(result.at.zones)};
    result.needling_minutes = reader.number_or("needling_minutes", result.needling_minutes, 0.1, 70);
    result.zones = std::move(*zones);
    result.conditions = std::move(*conditions);
    result.text = std::move(text);
    base::Result<Consultation> consultation = read_consultation(reader, path.string());
    if (!consultation) return consultation.error();
    result.consultation = std::move(*consultation);
    if (base::Status status = reader.status(); !status) return status.error();
    return result;
}

base::Result<Case> read_case_file(const base::Places& places, const fs::path& path) {
    base::Result<std::string> text = base::read_text(path, 1u << 20);
    if (!text) return text.error();
    return parse_case(*text, path, places);
}

}  // namespace

base::Result<Case> parse_case(const std::string& text, const fs::path& path, const base::Places& places) {
    base::Result<toml::table> parsed = base::parse_toml(text, path.string());
    if (!parsed) return parsed.error();
    toml::table& table = *parsed;
    if (table["kind"].value<std::string>() == "pad") return pad_as_case(table, path, text);
    if (const auto id = table["id"].value<std::string>(); id && is_id(*id))
        base::translate(table, places, fs::path("cases") / (*id + ".toml"));
    return read_case(table, path, text);
}

base::Result<Case> load_case(const base::Places& places, const std::string& id) {
    if (is_path(id)) return read_case_file(places, id);
    fs::path path = places.data / "cases" / (id + ".toml");
    std::error_code code;
    if (is_id(id) && fs::exists(path, code)) return read_case_file(places, path);
    std::string known;
    const base::Result<std::vector<fs::path>> files = base::toml_files(places.data / "cases");
    for (const fs::path& file : files ? *files : std::vector<fs::path>())
        known += (known.empty() ? "" : ", ") + file.stem().string();
    return base::error("no case '{}'; there are {}, or give a .toml file", id,
                       known.empty() ? "none" : known);
}

base::Result<std::vector<Case>> list_cases(const base::Places& places, std::vector<base::Error>* problems) {
    std::vector<Case> cases;
    CaseNames names(places);
    const base::Result<std::vector<fs::path>> files = base::toml_files(places.data / "cases");
    if (!files) return files.error();
    for (const fs::path& file : *files) {
        base::Result<Case> one = read_case_file(places, file);
        if (one)
            if (const base::Status there = names.check(*one); !there) one = there.error();
        if (one) cases.push_back(std::move(*one));
        else if (problems) problems->push_back(one.error());
        else return one.error();
    }
    if (cases.empty())
        return base::error("{}: holds no cases; reinstall, or name the content folder with --data DIR",
                           (places.data / "cases").string());
    return cases;
}

std::vector<fs::path> imported_cases(const base::Places& places) {
    std::vector<fs::path> files;
    std::error_code trouble;
    if (places.faces.empty()) return files;
    for (fs::directory_iterator entry(places.faces, trouble), end; !trouble && entry != end; entry.increment(trouble))
        if (entry->path().filename().string().ends_with(kImportedCase)) files.push_back(entry->path());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace training
