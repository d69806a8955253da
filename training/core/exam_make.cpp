#include "training/core/exam_make.h"

#include "training/core/rubric.h"
#include "training/core/session.h"
#include "training/core/toml_lists.h"
#include "training/core/utc.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace training {

namespace fs = base::fs;

namespace {

constexpr uint64_t kMostContent = 64 << 20;
/// What every session depends on, besides what an exam names.
constexpr const char* kCommonFiles[] = {"procedure.toml", "skins/layer_kernel.csv", "skins/response.toml", "skins/skin.toml"};

/// Mistakes found after the table was read, with the place of the member that their first word names.
class PlacesInFile {
  public:
    PlacesInFile(const toml::table& table, std::string name) : name_(std::move(name)) {
        for (const auto& [key, node] : table) places_[std::string(key.str())] = node.source().begin;
    }
    base::Error at(const base::Error& mistake) const {
        const auto found = places_.find(mistake.message.substr(0, mistake.message.find(':')));
        const toml::source_position place = found == places_.end() ? toml::source_position{1, 1} : found->second;
        return base::error("{}:{}:{}: {}", name_, place.line, place.column, mistake);
    }

  private:
    std::map<std::string, toml::source_position> places_;
    std::string name_;
};

base::Result<std::vector<base::Hash>> builds(const std::vector<std::string>& named) {
    std::vector<base::Hash> programs;
    for (const std::string& hex : named) {
        const auto hash = from_hex<32>(hex);
        if (!hash) return base::error("programs: '{}' must be 64 lower-case hexadecimal digits", hex.substr(0, 64));
        programs.push_back({*hash});
    }
    if (!named.empty()) return programs;
    const auto own = program_hash();
    if (!own) return own.error();
    return std::vector{*own};
}

base::Status take_seeds(const std::vector<double>& seeds, ExamPackage& plan) {
    for (const double seed : seeds) {
        plan.seeds.push_back(static_cast<int64_t>(seed));
        if (static_cast<double>(plan.seeds.back()) != seed) return base::error("seeds: must be whole numbers");
    }
    if (!seeds.empty()) return {};
    plan.seeds.resize(static_cast<size_t>(plan.attempts));
    std::iota(plan.seeds.begin(), plan.seeds.end(), 1);
    return {};
}

/// The file's own figures; `table` is known to hold nothing else then.
base::Result<ExamPackage> read_plan(toml::table& table, const std::string& name, const PlacesInFile& places) {
    TomlLists lists(table, name);
    ExamPackage plan;
    std::vector<std::string> cases = lists.texts("cases"), programs = lists.texts("programs");
    plan.devices = lists.texts("devices");
    const std::vector<double> seeds = lists.numbers("seeds", 0, 4294967295.0);
    if (base::Status read = lists.status(); !read) return read.error();
    base::TomlReader reader(table, name);
    reader.integer("version", 1, 1);
    plan.id = reader.text("id");
    plan.title = reader.text("title");
    plan.source = reader.text("source");
    plan.rubric = reader.text("rubric");
    plan.scope = reader.text("scope");
    plan.attempts = reader.has("attempts") ? static_cast<int>(reader.integer("attempts", 1, kMostExamAttempts)) : 3;
    plan.time_limit_s = static_cast<int>(reader.integer("time_limit_s", 10, 4200));
    plan.pause_limit_s = reader.has("pause_limit_s") ? static_cast<int>(reader.integer("pause_limit_s", 0, 3600)) : 0;
    plan.resume_limit_s = reader.has("resume_limit_s") ? static_cast<int>(reader.integer("resume_limit_s", 0, 86'400)) : 300;
    plan.from = reader.text("from");
    plan.until = reader.text("until");
    plan.tells_score = reader.boolean_or("tells_score", false);
    plan.nonce = reader.text_or("nonce", to_hex(random_bytes<32>()));
    for (const std::string& id : cases) plan.cases.push_back({id, {}});
    if (base::Status read = reader.status(); !read) return read.error();
    if (base::Status taken = take_seeds(seeds, plan); !taken) return places.at(taken.error());
    const auto made_by = builds(programs);
    if (!made_by) return places.at(made_by.error());
    plan.programs = *made_by;
    return plan;
}

/// Hashes of what is here, under the names that the package gives it.
base::Status add_files(const base::Places& places, ExamPackage& plan) {
    std::set<std::string> names(std::begin(kCommonFiles), std::end(kCommonFiles));
    names.insert({"rubrics/" + plan.rubric + ".toml", "scopes/" + plan.scope + ".toml"});
    for (const ExamCase& one : plan.cases) names.insert("cases/" + one.id + ".toml");
    for (const std::string& id : plan.devices) names.insert("devices/" + id + ".toml");
    for (const std::string& name : names) {
        const auto bytes = base::read_file(places.data / name, kMostContent);
        if (!bytes) return bytes.error();
        plan.files.push_back({name, base::sha256(*bytes)});
    }
    return {};
}

/// Loads all that is named, so that an exam with a broken file is never signed.
base::Status check_named(const base::Places& places, ExamPackage& plan) {
    if (plan.cases.empty()) return base::error("cases: missing; give ids, as cases = [\"demo\"]");
    if (plan.devices.empty()) return base::error("devices: missing; give ids, as devices = [\"pen-12\"]");
    if (const auto rubric = load_rubric(places, plan.rubric); !rubric) return base::error("rubric: {}", rubric.error());
    if (const auto scope = load_scope(places, plan.scope); !scope) return base::error("scope: {}", scope.error());
    for (const std::string& id : plan.devices)
        if (const auto device = skin::load_device(places, id); !device) return base::error("devices: {}", device.error());
    for (ExamCase& one : plan.cases) {
        const auto stage = load_stage(places, one.id, plan.devices.front());
        if (!stage) return base::error("cases: {}", stage.error());
        one.face = (*stage)->face->hash;
    }
    return {};
}

/// check_exam() of a plan that nobody has signed yet.
base::Status check_plan(ExamPackage plan) {
    plan.body_name = "body";
    plan.made = utc_now();
    return check_exam(plan);
}

}  // namespace

base::Result<ExamPackage> read_exam_plan(const base::Places& places, const std::string& text, const std::string& name) {
    auto table = base::parse_toml(text, name);
    if (!table) return table.error();
    const PlacesInFile place(*table, name);
    auto plan = read_plan(*table, name, place);
    if (!plan) return plan.error();
    if (base::Status loaded = check_named(places, *plan); !loaded) return place.at(loaded.error());
    if (base::Status files = add_files(places, *plan); !files) return place.at(files.error());
    if (base::Status sound = check_plan(*plan); !sound) return place.at(sound.error());
    return plan;
}

base::Result<ExamPackage> read_exam_plan(const base::Places& places, const fs::path& file) {
    const auto text = base::read_text(file, 1 << 20);
    if (!text) return text.error();
    return read_exam_plan(places, *text, file.string());
}

base::Result<std::string> make_exam(ExamPackage plan, const OpenKey& body) {
    if (body.who.role != KeyRole::body) return base::error("{}: is a station's key; a body signs exams", body.who.name);
    plan.body = body.who.key;
    plan.body_name = body.who.name;
    plan.made = utc_now();
    if (base::Status sound = check_exam(plan); !sound) return sound.error();
    return exam_document(plan, body.secret);
}

}  // namespace training
