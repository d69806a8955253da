#include "training/core/rubric_edit.h"

#include "engine/base/foreign_words.h"
#include "engine/base/toml.h"
#include "training/core/toml_edits.h"

#include <algorithm>

namespace training {

namespace fs = base::fs;

namespace {

constexpr std::string_view kOwn = "-own", kOwnRevision = "+own.";

bool same_numbers(const Criterion& a, const Criterion& b) {
    return a.band == b.band && a.weight == b.weight && a.critical_above == b.critical_above && a.critical_below == b.critical_below;
}

void edit_criterion(TomlEdits& edits, const toml::table& table, const Criterion& before, const Criterion& after) {
    if (same_numbers(before, after)) return;
    edits.replace(*table.get("target"), range_text(after.band.target_low, after.band.target_high));
    edits.replace(*table.get("warning"), range_text(after.band.warn_low, after.band.warn_high));
    edits.replace(*table.get("weight"), std::to_string(after.weight));
    if (after.critical_above && before.critical_above) edits.replace(*table.get("critical_above"), thousandths_text(*after.critical_above));
    if (after.critical_below && before.critical_below) edits.replace(*table.get("critical_below"), thousandths_text(*after.critical_below));
    if (before.band == after.band && before.critical_above == after.critical_above && before.critical_below == after.critical_below)
        return;  // a weight says nothing of where a figure comes from
    edits.replace(*table.get("basis"), base::toml_text("A"));
    edits.replace(*table.get("source"),
                  base::toml_text(fmt::format("set by an instructor; before: target {}, warning {}, {}, {}",
                                              range_text(before.band.target_low, before.band.target_high),
                                              range_text(before.band.warn_low, before.band.warn_high), before.basis, before.source)));
}

/// ["stylus", "tracked"]
std::string array_text(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + base::toml_text(word);
    return "[" + text + "]";
}

std::string without(std::string words, std::string_view from) {
    const size_t at = words.find(from);
    return at == std::string::npos ? words : words.substr(0, at);
}

/// N of "ID-own-N".
std::optional<int64_t> number_of(const std::string& stem, const std::string& id) {
    const std::string head = id + "-";
    if (!stem.starts_with(head)) return std::nullopt;
    const base::Result<int64_t> number = base::parse_integer(std::string_view(stem).substr(head.size()));
    return number ? std::optional(*number) : std::nullopt;
}

}  // namespace

std::string own_id(const std::string& id) {
    return without(id, kOwn) + std::string(kOwn);
}

base::Result<std::string> edited_rubric_text(const std::string& text, const Rubric& edited) {
    base::Result<toml::table> file = base::parse_toml(text, "the rubric");
    if (!file) return file.error();
    // Sound or not, what was read tells what changed.
    const Rubric before = read_rubric_text({}, text, "the rubric").rubric;
    const toml::array* criteria = (*file)["criterion"].as_array();
    if (!criteria || criteria->size() != edited.criteria.size() || before.criteria.size() != edited.criteria.size())
        return base::error("the rubric's lines are not those of its file; open it again");
    TomlEdits edits(text);
    for (size_t i = 0; i < edited.criteria.size(); ++i) {
        if (edited.criteria[i].id != before.criteria[i].id) return base::error("the rubric's lines are not those of its file; open it again");
        edit_criterion(edits, *criteria->get(i)->as_table(), before.criteria[i], edited.criteria[i]);
    }
    const auto set = [&](const char* key, const std::string& words) {
        if (const toml::node* node = file->get(key)) edits.replace(*node, words);
    };
    if (edited.id != before.id) set("id", base::toml_text(edited.id));
    if (edited.name != before.name) set("name", base::toml_text(edited.name));
    if (edited.version != before.version) set("revision", base::toml_text(edited.version));
    if (edited.pass_mark != before.pass_mark) set("pass_mark", thousandths_text(edited.pass_mark * 10));
    if (edited.pens != before.pens) edited.pens.empty() ? edits.remove(*file, "pens") : edits.set(*file, "pens", array_text(edited.pens));
    return edits.apply();
}

std::vector<OwnRubric> own_rubrics(const base::Places& places, const fs::path& folder, std::vector<base::Error>& problems) {
    std::vector<OwnRubric> own;
    const base::Result<std::vector<fs::path>> files = base::toml_files(folder);
    if (!files) problems.push_back(files.error());
    for (const fs::path& file : files ? *files : std::vector<fs::path>()) {
        RubricReading reading = read_rubric_file(places, file);
        if (reading.mistakes.empty())
            own.push_back({file, std::move(reading.rubric)});
        else
            problems.push_back(reading.mistakes.front());
    }
    return own;
}

base::Result<fs::path> save_own_rubric(const base::Places& places, const fs::path& folder, const std::string& text, Rubric edited) {
    std::error_code trouble;
    fs::create_directories(folder, trouble);
    if (trouble)
        return base::error("{}: the folder for rubrics cannot be made ({}); name another with EVENHAND_DESK", folder.string(),
                           base::system_error(trouble));
    edited.id = own_id(edited.id);
    int64_t last = 0;
    for (fs::directory_iterator entry(folder, trouble), end; !trouble && entry != end; entry.increment(trouble))
        last = std::max(last, number_of(entry->path().stem().string(), edited.id).value_or(0));
    edited.version = fmt::format("{}{}{}", without(edited.version, kOwnRevision), kOwnRevision, last + 1);
    base::Result<std::string> words = edited_rubric_text(text, edited);
    if (!words) return words.error();
    const fs::path file = folder / fmt::format("{}-{}.toml", edited.id, last + 1);
    const RubricReading reading = read_rubric_text(places, *words, file.filename().string());
    if (!reading.mistakes.empty()) return reading.mistakes.front();
    if (base::Status written = base::write_file(file, std::string_view(*words)); !written) return written.error();
    return file;
}

}  // namespace training
