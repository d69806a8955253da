#include "training/core/procedure.h"

#include "engine/base/toml.h"
#include "engine/base/translation.h"

#include "training/core/consultation.h"

#include <algorithm>
#include <set>
#include <sstream>

namespace training {
namespace {

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

Gravity read_gravity(base::TomlReader& in) {
    std::string text = in.text("gravity");
    if (text == "absolute") return Gravity::absolute;
    if (text == "relative") return Gravity::relative;
    if (text == "caution") return Gravity::caution;
    if (text != "local") in.refuse("gravity", "must be absolute, relative, caution or local");
    return Gravity::local;
}

ScreeningFlag read_flag(base::TomlReader& in) {
    ScreeningFlag flag;
    flag.id = in.text("id");
    flag.name = in.text("name");
    flag.gravity = read_gravity(in);
    flag.actions = words_of(in.text("actions"));
    flag.source = in.text("source");
    flag.tag = in.text("tag");
    if (flag.id == kWholeSession) in.refuse("id", "must not be 'session': that is the whole treatment");
    for (const std::string& action : flag.actions)
        if (!is_action(action))
            in.refuse("actions", "no action '{}'; there are {}", action, action_words());
    return flag;
}

StandardQuestion read_question(base::TomlReader& in) {
    return {in.text("id"), in.text("ask"), in.text("otherwise"), in.text("source"), in.text("tag")};
}

PlanChoice read_choice(base::TomlReader& in) {
    return {in.text("id"), in.text("name"), in.text("source"), in.text("tag")};
}

std::optional<int64_t> read_bound(base::TomlReader& in, std::string_view key) {
    return in.has(key) ? std::optional(in.integer(key, 0, 100'000)) : std::nullopt;
}

ProcedureItem read_item(base::TomlReader& in) {
    ProcedureItem item;
    item.event = in.text("event");
    item.name = in.text("name");
    item.after = words_of(in.text_or("after", ""));
    item.only_with = in.text_or("only_with", "");
    item.values = words_of(in.text_or("values", ""));
    item.others = words_of(in.text_or("others", ""));
    item.least = read_bound(in, "least");
    item.most = read_bound(in, "most");
    item.critical = in.text_or("critical", "");
    item.says = in.text_or("says", "");
    item.source = in.text("source");
    item.tag = in.text("tag");
    if (item.least && item.most && *item.least > *item.most) in.refuse("most", "must not be less than least");
    return item;
}

/// Tables under `key`, each read by `read`, no two with the same name.
template <typename Item, typename Read, typename Name>
std::vector<Item> read_list(base::TomlReader& reader, const std::string& file, const char* key, Read read, Name name) {
    std::vector<Item> items;
    std::set<std::string> names;
    for (const toml::table* table : reader.tables(key)) {
        base::TomlReader in(*table, file);
        items.push_back(read(in));
        if (!names.insert(name(items.back())).second) in.refuse("name", "'{}' is taken", name(items.back()));
        if (base::Status status = in.status(); !status) reader.refuse(key, status.error());
    }
    if (items.empty()) reader.refuse(key, "needs at least one");
    return items;
}

/// An `after` that names no step would be an order that nobody can keep.
void check_order(base::TomlReader& reader, const char* key, const std::vector<ProcedureItem>& items) {
    auto known = [&](const std::string& event) {
        return std::any_of(items.begin(), items.end(), [&](const ProcedureItem& item) { return item.event == event; });
    };
    for (const ProcedureItem& item : items) {
        for (const std::string& before : item.after)
            if (!known(before)) reader.refuse(key, "{} comes after '{}', which is no step", item.event, before);
        if (!item.only_with.empty() && !known(item.only_with))
            reader.refuse(key, "{} belongs to '{}', which is no step", item.event, item.only_with);
    }
}

}  // namespace

base::Result<Procedure> Procedure::read(const base::fs::path& file, const base::Places& places) {
    base::Result<std::string> text = base::read_text(file, 1u << 20);
    if (!text) return text.error();
    base::Result<toml::table> table = base::read_toml(file);
    if (!table) return table.error();
    base::translate(*table, places, "procedure.toml");
    base::TomlReader reader(*table, file.string());
    reader.integer("version", 1, 1);
    (void)reader.text("id");
    (void)reader.text("source");
    Procedure procedure;
    auto event = [](const ProcedureItem& item) { return item.event; };
    procedure.flags = read_list<ScreeningFlag>(reader, file.string(), "flag", read_flag,
                                               [](const ScreeningFlag& flag) { return flag.id; });
    auto id = [](const auto& one) { return one.id; };
    procedure.questions = read_list<StandardQuestion>(reader, file.string(), "question", read_question, id);
    procedure.indications = read_list<PlanChoice>(reader, file.string(), "indication", read_choice, id);
    procedure.cartridges = read_list<PlanChoice>(reader, file.string(), "cartridge", read_choice, id);
    procedure.preparation = read_list<ProcedureItem>(reader, file.string(), "preparation", read_item, event);
    procedure.finish = read_list<ProcedureItem>(reader, file.string(), "finish", read_item, event);
    procedure.aftercare = read_list<ProcedureItem>(reader, file.string(), "aftercare", read_item, event);
    check_order(reader, "preparation", procedure.preparation);
    check_order(reader, "finish", procedure.finish);
    check_order(reader, "aftercare", procedure.aftercare);
    if (base::Status status = reader.status(); !status) return status.error();
    procedure.hash = base::sha256(*text);
    return procedure;
}

base::Result<Procedure> Procedure::load(const base::Places& places) {
    return read(places.data / "procedure.toml", places);
}

const ScreeningFlag* Procedure::find_flag(std::string_view id) const {
    auto found = std::find_if(flags.begin(), flags.end(), [&](const ScreeningFlag& flag) { return flag.id == id; });
    return found == flags.end() ? nullptr : &*found;
}

const StandardQuestion* Procedure::find_question(std::string_view id) const {
    auto found = std::find_if(questions.begin(), questions.end(),
                              [&](const StandardQuestion& question) { return question.id == id; });
    return found == questions.end() ? nullptr : &*found;
}

}  // namespace training
