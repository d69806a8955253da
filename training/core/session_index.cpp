#include "training/core/session_index.h"

#include "training/core/json_text.h"

#include "training/core/lesson_result.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <nlohmann/json.hpp>

namespace training {

namespace fs = base::fs;

namespace {

using Json = nlohmann::json;

constexpr int kVersion = 2;
constexpr const char* kTables = R"(
    CREATE TABLE IF NOT EXISTS file(path TEXT PRIMARY KEY, size INTEGER NOT NULL, changed INTEGER NOT NULL, facts TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS measured(evidence TEXT, yardstick TEXT, told TEXT NOT NULL, PRIMARY KEY(evidence, yardstick));
)";

Json facts_json(const SessionFacts& f) {
    return {{"trainee", f.trainee}, {"case", f.case_id},   {"device", f.device_id},  {"kind", static_cast<int>(f.device_kind)},
            {"started", f.started}, {"source", f.source},  {"finished", f.finished}, {"evidence", f.evidence},
            {"rubric", f.rubric},   {"scope", f.scope},    {"lesson", f.lesson},     {"aids", f.aids}};
}

/// Throws where it is none, as all that reads facts.
skin::DeviceKind kind_of(const Json& json) {
    for (const skin::DeviceKind kind : {skin::DeviceKind::pen, skin::DeviceKind::stamp, skin::DeviceKind::roller})
        if (json == static_cast<int>(kind)) return kind;
    throw Json::other_error::create(501, "no kind of device", nullptr);
}

SessionFacts parse_facts(const Json& json, const fs::path& file) {
    SessionFacts f;
    f.file = file;
    f.trainee = json.at("trainee"), f.case_id = json.at("case"), f.device_id = json.at("device");
    f.device_kind = kind_of(json.at("kind"));
    f.started = json.at("started"), f.source = json.at("source"), f.finished = json.at("finished");
    f.evidence = json.at("evidence"), f.rubric = json.at("rubric"), f.scope = json.at("scope");
    f.lesson = json.at("lesson"), f.aids = json.at("aids").get<std::vector<std::string>>();
    return f;
}

}  // namespace

SessionFacts facts_of(const fs::path& file, const Recording& recording, const Stage* stage) {
    const RecordingHeader& said = recording.header;
    LessonAttempt lesson = lesson_of(recording.events);
    SessionFacts facts{fs::absolute(file), said.trainee, said.case_id, said.device_id, said.started, said.source, {}, recording.finished,
                       recording.evidence_hash().hex(), {}, {}, std::move(lesson.lesson), std::move(lesson.aids)};
    if (!stage) return facts;
    facts.device_kind = stage->device.kind;
    facts.rubric = stage->practice.rubric, facts.scope = stage->practice.scope;
    return facts;
}

FileState state_of(const fs::path& file) {
    std::error_code trouble;
    const auto size = fs::file_size(file, trouble);
    if (trouble) return {};
    const auto changed = fs::last_write_time(file, trouble).time_since_epoch().count();
    return trouble ? FileState() : FileState{static_cast<int64_t>(size), static_cast<int64_t>(changed)};
}

SessionIndex::SessionIndex(const base::Places& places) {
    const fs::path file = places.cache / "sessions.db";
    std::error_code ignored;
    fs::create_directories(file.parent_path(), ignored);
    if (open(file)) return;
    database_.reset();
    fs::remove(file, ignored);
    if (!open(file)) database_.reset();
}

SessionIndex::~SessionIndex() = default;

bool SessionIndex::open(const fs::path& file) {
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
auto SessionIndex::guarded(Ask ask) const -> decltype(ask()) {
    if (!database_) return std::nullopt;
    try {
        return ask();
    } catch (const SQLite::Exception&) {
    } catch (const Json::exception&) {
    }
    return std::nullopt;
}

std::optional<SessionFacts> SessionIndex::facts(const fs::path& file) const {
    const fs::path path = fs::absolute(file);
    const FileState state = state_of(path);
    return guarded([&]() -> std::optional<SessionFacts> {
        SQLite::Statement query(*database_, "SELECT facts FROM file WHERE path = ? AND size = ? AND changed = ?");
        query.bind(1, path.string()), query.bind(2, state.size), query.bind(3, state.changed);
        if (!query.executeStep()) return std::nullopt;
        return parse_facts(Json::parse(query.getColumn(0).getString()), path);
    });
}

void SessionIndex::keep(const SessionFacts& facts, FileState state) {
    guarded([&]() -> std::optional<bool> {
        SQLite::Statement put(*database_, "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)");
        put.bind(1, facts.file.string()), put.bind(2, state.size), put.bind(3, state.changed), put.bind(4, json_text(facts_json(facts)));
        put.exec();
        return true;
    });
}

std::optional<std::string> SessionIndex::told(const std::string& evidence, const std::string& yardstick) const {
    return guarded([&]() -> std::optional<std::string> {
        SQLite::Statement query(*database_, "SELECT told FROM measured WHERE evidence = ? AND yardstick = ?");
        query.bind(1, evidence), query.bind(2, yardstick);
        if (!query.executeStep()) return std::nullopt;
        return query.getColumn(0).getString();
    });
}

void SessionIndex::keep(const std::string& evidence, const std::string& yardstick, const std::string& told) {
    guarded([&]() -> std::optional<bool> {
        SQLite::Statement put(*database_, "INSERT OR REPLACE INTO measured VALUES (?, ?, ?)");
        put.bind(1, evidence), put.bind(2, yardstick), put.bind(3, told);
        put.exec();
        return true;
    });
}

}  // namespace training
