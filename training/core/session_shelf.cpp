#include "training/core/session_shelf.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>

namespace training {

namespace fs = base::fs;

namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;
constexpr const char* kTables = R"(
    CREATE TABLE IF NOT EXISTS file(path TEXT PRIMARY KEY, size INTEGER NOT NULL, changed INTEGER NOT NULL, header TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS measured(evidence TEXT, yardstick TEXT, lines TEXT NOT NULL, PRIMARY KEY(evidence, yardstick));
)";

/// What is known of a file without reading it again.
struct Header {
    Attempt attempt;  ///< without its score
    std::string evidence, rubric, scope;  ///< the case's
};

Json header_json(const Header& header) {
    const Attempt& a = header.attempt;
    return {{"trainee", a.trainee}, {"case", a.case_id},     {"device", a.device_id}, {"kind", static_cast<int>(a.device_kind)},
            {"started", a.started}, {"source", a.source},    {"finished", a.finished}, {"evidence", header.evidence},
            {"rubric", header.rubric}, {"scope", header.scope}};
}

Header parse_header(const Json& json, const fs::path& file) {
    Header header;
    Attempt& a = header.attempt;
    a.file = file;
    a.trainee = json.at("trainee"), a.case_id = json.at("case"), a.device_id = json.at("device");
    a.device_kind = static_cast<skin::DeviceKind>(json.at("kind").get<int>());
    a.started = json.at("started"), a.source = json.at("source"), a.finished = json.at("finished");
    header.evidence = json.at("evidence"), header.rubric = json.at("rubric"), header.scope = json.at("scope");
    return header;
}

Json or_null(std::optional<int64_t> value) {
    return value ? Json(*value) : Json();
}
std::optional<int64_t> value_of(const Json& json) {
    return json.is_null() ? std::nullopt : std::optional(json.get<int64_t>());
}

/// What no band changes.
Json measured_json(const Score& score) {
    Json lines = Json::array();
    for (const CriterionScore& line : score.criteria) {
        Json parts = Json::array();
        for (const PartScore& part : line.parts) parts.push_back({part.zone, or_null(part.value), part.area_um2});
        lines.push_back({{"id", line.criterion.id},
                         {"value", or_null(line.value)},
                         {"critical", line.own_critical},
                         {"critical_reason", line.own_critical_reason},
                         {"warning_reason", line.own_warning_reason},
                         {"parts", std::move(parts)}});
    }
    return {{"held_off", score.held_off}, {"pens", score.pens}, {"lines", std::move(lines)}};
}

/// The score from what was measured by the same rubric.
Score parse_measured(const Json& json, const Rubric& rubric) {
    Score score;
    score.held_off = json.at("held_off");
    score.pens = json.at("pens");
    for (const Json& one : json.at("lines")) {
        CriterionScore line;
        line.criterion.id = one.at("id");
        line.value = value_of(one.at("value"));
        line.own_critical = one.at("critical");
        line.own_critical_reason = one.at("critical_reason"), line.own_warning_reason = one.at("warning_reason");
        for (const Json& part : one.at("parts")) {
            PartScore kept;
            kept.zone = part.at(0), kept.value = value_of(part.at(1)), kept.area_um2 = part.at(2);
            line.parts.push_back(std::move(kept));
        }
        for (const Criterion& criterion : rubric.criteria)
            if (criterion.id == line.criterion.id) line.criterion.measure = criterion.measure;
        score.criteria.push_back(std::move(line));
    }
    return judge_again(score, rubric);
}

/// The cache; without one (a full disk, a damaged file that cannot be replaced) everything is measured each time.
class Index {
  public:
    explicit Index(const fs::path& file) {
        std::error_code ignored;
        fs::create_directories(file.parent_path(), ignored);
        if (open(file)) return;
        database_.reset();
        fs::remove(file, ignored);
        if (!open(file)) database_.reset();
    }

    std::optional<Header> header(const fs::path& file, int64_t size, int64_t changed) {
        return guarded([&]() -> std::optional<Header> {
            SQLite::Statement query(*database_, "SELECT header FROM file WHERE path = ? AND size = ? AND changed = ?");
            query.bind(1, file.string()), query.bind(2, size), query.bind(3, changed);
            if (!query.executeStep()) return std::nullopt;
            return parse_header(Json::parse(query.getColumn(0).getString()), file);
        });
    }
    void keep(const Header& header, int64_t size, int64_t changed) {
        guarded([&]() -> std::optional<bool> {
            SQLite::Statement put(*database_, "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)");
            put.bind(1, header.attempt.file.string()), put.bind(2, size), put.bind(3, changed), put.bind(4, header_json(header).dump());
            put.exec();
            return true;
        });
    }

    std::optional<Score> score(const std::string& evidence, const std::string& yardstick, const Rubric& rubric) {
        return guarded([&]() -> std::optional<Score> {
            SQLite::Statement query(*database_, "SELECT lines FROM measured WHERE evidence = ? AND yardstick = ?");
            query.bind(1, evidence), query.bind(2, yardstick);
            if (!query.executeStep()) return std::nullopt;
            return parse_measured(Json::parse(query.getColumn(0).getString()), rubric);
        });
    }
    void keep(const std::string& evidence, const std::string& yardstick, const Score& score) {
        guarded([&]() -> std::optional<bool> {
            SQLite::Statement put(*database_, "INSERT OR REPLACE INTO measured VALUES (?, ?, ?)");
            put.bind(1, evidence), put.bind(2, yardstick), put.bind(3, measured_json(score).dump());
            put.exec();
            return true;
        });
    }

  private:
    bool open(const fs::path& file) {
        try {
            database_ = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 2000);
            const int version = database_->execAndGet("PRAGMA user_version").getInt();
            if (version != 0 && version != kVersion) return false;
            database_->exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF;");
            database_->exec(fmt::format("PRAGMA user_version = {};", kVersion));
            database_->exec(kTables);
            return true;
        } catch (const SQLite::Exception&) {
            return false;
        }
    }

    /// What cannot be read or written counts as unknown.
    template <typename Ask>
    auto guarded(Ask ask) -> decltype(ask()) {
        if (!database_) return std::nullopt;
        try {
            return ask();
        } catch (const SQLite::Exception&) {
        } catch (const Json::exception&) {
        }
        return std::nullopt;
    }

    std::unique_ptr<SQLite::Database> database_;
};

/// As much of the device as choosing its bands asks for.
skin::DeviceProfile profile_of(const Attempt& attempt) {
    skin::DeviceProfile device;
    device.id = attempt.device_id;
    device.kind = attempt.device_kind;
    return device;
}

/// Rubrics, scopes and stages, each loaded once.
class Reader {
  public:
    Reader(const base::Places& places, const std::string& rubric)
        : places_(places), rubric_(rubric), index_(places.cache / "sessions.db") {}

    /// Of the rubric chosen, before files are blamed for it.
    base::Status check() {
        if (rubric_.empty()) return {};
        const auto& loaded = rubric(rubric_);
        return loaded ? base::Status() : base::Status(loaded.error());
    }

    base::Result<Attempt> read(const fs::path& file, size_t& measured_now) {
        std::error_code trouble;
        const auto size = static_cast<int64_t>(fs::file_size(file, trouble));
        const auto changed = static_cast<int64_t>(fs::last_write_time(file, trouble).time_since_epoch().count());
        if (const auto known = trouble ? std::nullopt : index_.header(file, size, changed))
            if (auto attempt = known_attempt(*known)) return std::move(*attempt);
        ++measured_now;
        return read_whole(file, size, changed);
    }

  private:
    const base::Result<Rubric>& rubric(const std::string& id) {
        auto found = rubrics_.find(id);
        if (found == rubrics_.end()) found = rubrics_.emplace(id, load_rubric(places_, id)).first;
        return found->second;
    }
    const base::Result<Scope>& scope(const std::string& id) {
        auto found = scopes_.find(id);
        if (found == scopes_.end()) found = scopes_.emplace(id, load_scope(places_, id)).first;
        return found->second;
    }

    std::string yardstick(const Rubric& rubric, const Scope& scope) {
        if (figures_.empty()) {
            const auto response = track::ResponseModel::load(places_);
            const auto procedure = Procedure::load(places_);
            figures_ = (response ? response->hash.hex() : "none") + (procedure ? procedure->hash.hex() : "none");
        }
        base::Hasher hasher;
        hasher.text("measured 1").text(kProgram).text(figures_).value(rubric.hash.bytes).value(scope.hash.bytes);
        return hasher.finish().hex();
    }

    std::optional<Attempt> known_attempt(const Header& known) {
        const auto& by = rubric(rubric_.empty() ? known.rubric : rubric_);
        const auto& within = scope(known.scope);
        if (!by || !within) return std::nullopt;
        const skin::DeviceProfile device = profile_of(known.attempt);
        auto score = index_.score(known.evidence, yardstick(*by, *within), training::rubric_for(*by, device, *within));
        if (!score) return std::nullopt;
        Attempt attempt = known.attempt;
        attempt.score = std::move(*score);
        return attempt;
    }

    base::Result<Attempt> read_whole(const fs::path& file, int64_t size, int64_t changed) {
        base::Result<Recording> recording = load_recording(file);
        if (!recording) return recording.error();
        const auto refuse = [&](const std::string& why) { return base::error("{}: {}", file.string(), why); };
        const RecordingHeader& said = recording->header;
        auto& stage = stages_[said.face.hex() + said.device.hex() + said.skin.hex() + base::sha256(said.case_text).hex()];
        if (!stage) {
            auto loaded = load_stage(places_, said);
            if (!loaded) return refuse(loaded.error().message);
            stage = *loaded;
        }
        if (base::Status fits = check_fits(*recording, *stage->face); !fits) return refuse(fits.error().message);
        Header header{{file, said.trainee, said.case_id, said.device_id, said.started, said.source, stage->device.kind,
                       recording->finished, {}},
                      recording->evidence_hash().hex(), stage->practice.rubric, stage->practice.scope};
        const auto& by = rubric(rubric_.empty() ? header.rubric : rubric_);
        if (!by) return refuse(by.error().message);
        const auto& within = scope(header.scope);
        if (!within) return refuse(within.error().message);
        const Score whole = training::score(*recording, *stage, *by, *within);
        index_.keep(header, size, changed);
        index_.keep(header.evidence, yardstick(*by, *within), whole);
        // As it would come from the index: an attempt does not tell whether it was known.
        header.attempt.score = parse_measured(measured_json(whole), training::rubric_for(*by, stage->device, *within));
        return std::move(header.attempt);
    }

    const base::Places& places_;
    const std::string rubric_;
    Index index_;
    std::string figures_;
    std::map<std::string, base::Result<Rubric>> rubrics_;
    std::map<std::string, base::Result<Scope>> scopes_;
    std::map<std::string, std::shared_ptr<const Stage>> stages_;
};

}  // namespace

base::Result<Shelf> read_shelf(const base::Places& places, const fs::path& folder, const std::string& rubric,
                               const face::Progress& progress) {
    std::error_code trouble;
    if (!fs::exists(folder, trouble)) return Shelf{};
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, trouble))
        if (entry.path().extension() == ".evh") files.push_back(fs::absolute(entry.path()));
    if (trouble) return base::error("cannot read the folder {}: {}", folder.string(), trouble.message());
    std::sort(files.begin(), files.end());
    Reader reader(places, rubric);
    if (base::Status sound = reader.check(); !sound) return sound.error();
    Shelf shelf;
    for (size_t i = 0; i < files.size(); ++i) {
        if (progress) progress("scoring", static_cast<double>(i) / static_cast<double>(files.size()));
        base::Result<Attempt> attempt = reader.read(files[i], shelf.measured_now);
        if (attempt)
            shelf.attempts.push_back(std::move(*attempt));
        else
            shelf.unusable.push_back(attempt.error().message);
    }
    std::stable_sort(shelf.attempts.begin(), shelf.attempts.end(),
                     [](const Attempt& a, const Attempt& b) { return a.started < b.started; });
    return shelf;
}

Rubric rubric_for(const Rubric& rubric, const Attempt& attempt) {
    Scope anywhere;
    anywhere.depth_cap_um = anywhere.depth_warn_um = kNoDepthCap;
    return rubric_for(rubric, profile_of(attempt), anywhere);
}

}  // namespace training
