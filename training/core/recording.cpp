#include "training/core/recording.h"

#include "engine/base/disk.h"
#include "engine/base/foreign_words.h"
#include "engine/base/log.h"
#include "engine/base/utf8.h"
#include "shaders/shared/tally.h"
#include "training/core/database.h"
#include "training/core/seal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>

namespace training {

namespace fs = base::fs;
using namespace database;

namespace {

static_assert(std::endian::native == std::endian::little, "blobs are little-endian copies of the structs");
static_assert(sizeof(shared::Puncture) == 24 && sizeof(shared::ContactRecord) == 32);

constexpr size_t kMaxSamples = 5'000'000;  // as many as a pen file may have
constexpr size_t kMaxContacts = 1 << 19;   // 71 minutes of steps: the measures' sums are bounded by it
constexpr size_t kMaxEvents = 1'000'000;
constexpr const char* kSchema = R"(
    CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE event(time_us INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL);
    CREATE TABLE chunk(id INTEGER PRIMARY KEY, samples BLOB NOT NULL, contacts BLOB NOT NULL,
                       punctures BLOB NOT NULL, check_sum BLOB NOT NULL);
    CREATE TABLE checkpoint(step INTEGER PRIMARY KEY, state BLOB NOT NULL);
)";
constexpr const char* kSealTables = R"(
    CREATE TABLE seal(key TEXT PRIMARY KEY, document TEXT NOT NULL);
    CREATE TABLE link(id INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, samples INTEGER NOT NULL,
                      contacts INTEGER NOT NULL, punctures INTEGER NOT NULL, events INTEGER NOT NULL,
                      checkpoints INTEGER NOT NULL, elapsed_ms INTEGER NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL);
)";
/// As they were up to version 5.
constexpr const char* kSealTables5 = R"(
    CREATE TABLE seal(key TEXT PRIMARY KEY, document TEXT NOT NULL);
    CREATE TABLE link(id INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, samples INTEGER NOT NULL,
                      contacts INTEGER NOT NULL, punctures INTEGER NOT NULL, events INTEGER NOT NULL,
                      checkpoints INTEGER NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL);
)";
constexpr std::array<std::string_view, 16> kSealedKeys = {
    "case_id", "case_text", "device_id", "device_text", "face_id",   "face_text", "started",  "source",
    "program", "face",      "device",    "skin",        "skin_text", "trainee",   "evidence", "finished"};
constexpr size_t kMostLinks = 100'000;  // 70 minutes in half seconds are 8,400
constexpr int64_t kMostElapsed_ms = int64_t{1} << 40;  // 34 years

/// The two halves of the evidence grow side by side while a session runs, so they are hashed apart and joined
/// at the end.
struct EvidenceHasher {
    base::Hasher samples, events;

    void add(std::span<const input::PenSample> more) { samples.values(more); }
    void add(const input::ProcedureEvent& event) {
        events.value(event.time_us).text(event.name).text(event.value);
    }

    base::Hash finish(const RecordingHeader& header) {
        base::Hasher all;
        all.text("evenhand evidence 1");
        for (const std::string* text :
             {&header.case_id, &header.case_text, &header.device_id, &header.device_text, &header.face_id,
              &header.face_text, &header.source})
            all.text(*text);
        all.value(header.face.bytes).value(header.device.bytes);
        if (!header.skin_text.empty()) all.text(header.skin_text).value(header.skin.bytes);
        if (!header.trainee.empty()) all.text("trainee").text(header.trainee);
        all.value(samples.finish().bytes).value(events.finish().bytes);
        return all.finish();
    }
};

template <typename T>
std::span<const uint8_t> as_bytes(const std::vector<T>& values) {
    return {reinterpret_cast<const uint8_t*>(values.data()), values.size() * sizeof(T)};
}

base::Hash chunk_check_sum(std::span<const uint8_t> samples, std::span<const uint8_t> contacts,
                           std::span<const uint8_t> punctures) {
    base::Hasher hasher;
    for (std::span<const uint8_t> part : {samples, contacts, punctures}) {
        hasher.value(static_cast<uint64_t>(part.size()));
        hasher.bytes(part);
    }
    return hasher.finish();
}

/// The header's texts by their keys in `meta`.
template <typename Header>
auto header_texts(Header& header) {
    using Text = std::conditional_t<std::is_const_v<Header>, const std::string, std::string>;
    return std::array<std::pair<const char*, Text*>, 9>{{{"case_id", &header.case_id},
                                                         {"case_text", &header.case_text},
                                                         {"device_id", &header.device_id},
                                                         {"device_text", &header.device_text},
                                                         {"face_id", &header.face_id},
                                                         {"face_text", &header.face_text},
                                                         {"started", &header.started},
                                                         {"source", &header.source},
                                                         {"program", &header.program}}};
}

// --- reading ---

template <typename T>
void append(std::vector<T>& values, std::span<const uint8_t> bytes, size_t limit, const std::string& where) {
    if (bytes.size() % sizeof(T) != 0)
        damaged("{} holds {} bytes, not a multiple of {}", where, bytes.size(), sizeof(T));
    size_t count = bytes.size() / sizeof(T), before = values.size();
    if (before + count > limit) damaged("{} brings more than {} records", where, limit);
    values.resize(before + count);
    if (count > 0) std::memcpy(values.data() + before, bytes.data(), bytes.size());
}

/// Returns the version.
int check_schema(SQLite::Database& database) {
    const int version = database::check_version(database);
    for (const char* table : {"meta", "event", "chunk", "checkpoint"})
        if (!database::has_table(database, table)) damaged("table {} is missing", table);
    return version;
}

/// All that a database declares, as it was declared.
std::vector<std::string> declarations(SQLite::Database& database) {
    SQLite::Statement query(database,
                            "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema "
                            "ORDER BY 1 LIMIT 64");
    std::vector<std::string> all;
    while (query.executeStep()) all.push_back(query.getColumn(0).getString());
    return all;
}

bool declares(SQLite::Database& database, const char* seal_tables) {
    SQLite::Database ours(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (const char* tables : {kSchema, kNoteTable, seal_tables}) ours.exec(tables);
    return declarations(database) == declarations(ours);
}

enum class SealForm { none, timeless, timed };

/// Whether there is a seal, and whether its links tell when they were made. A file that has one holds what we write and nothing else: a
/// table, view or trigger more, or a row of `meta` more, is not covered by anything.
SealForm check_sealed(SQLite::Database& database, int version, const std::map<std::string, std::string>& meta) {
    const bool sealed = has_table(database, "seal") || has_table(database, "link");
    if (!sealed) return SealForm::none;
    if (version < 4) damaged("it is sealed, in a format that has no seal");
    const bool timed = declares(database, kSealTables);
    if (!timed && !declares(database, kSealTables5)) damaged("it is sealed, and its tables are not those that Evenhand makes");
    for (const auto& [key, value] : meta)
        if (std::find(kSealedKeys.begin(), kSealedKeys.end(), key) == kSealedKeys.end())
            damaged("table meta: key {} is none of a sealed recording", key.substr(0, 40));
    return timed ? SealForm::timed : SealForm::timeless;
}

std::string* document_of(Seal& seal, const std::string& key) {
    if (key == "session") return &seal.session;
    if (key == "certificate") return &seal.certificate;
    if (key == "closing") return &seal.closing;
    if (key == "time") return &seal.stamp;
    return nullptr;
}

void read_documents(SQLite::Database& database, Seal& seal) {
    SQLite::Statement query(database, "SELECT key, document FROM seal LIMIT 16");
    while (query.executeStep()) {
        const std::string key = text(query.getColumn(0), "a key of table seal");
        std::string* document = document_of(seal, key);
        if (!document) damaged("table seal: key {} is none that Evenhand writes", key.substr(0, 40));
        *document = text(query.getColumn(1), "table seal, key " + key);
    }
}

template <size_t N>
void copy_blob(SQLite::Column column, const std::string& where, std::array<uint8_t, N>& to) {
    const std::span<const uint8_t> bytes = blob(column, where);
    if (bytes.size() != N) damaged("{}: {} bytes expected", where, N);
    std::copy(bytes.begin(), bytes.end(), to.begin());
}

void read_links(SQLite::Database& database, bool timed, Seal& seal) {
    SQLite::Statement query(database, fmt::format("SELECT id, time_us, samples, contacts, punctures, events, checkpoints, hash, signature, {} "
                                                  "FROM link ORDER BY id",
                                                  timed ? "elapsed_ms" : "NULL"));
    for (int64_t expected = 1; query.executeStep(); ++expected) {
        if (query.getColumn(0).getInt64() != expected) damaged("table link: row {} is missing", expected);
        if (seal.links.size() == kMostLinks) damaged("table link: more than {} rows", kMostLinks);
        const std::string where = fmt::format("table link, row {}", expected);
        SealLink link;
        int column = 1;
        for (uint32_t* number : {&link.time_us, &link.samples, &link.contacts, &link.punctures, &link.events, &link.checkpoints})
            *number = static_cast<uint32_t>(integer(query.getColumn(column++), 0, UINT32_MAX, where));
        copy_blob(query.getColumn(7), where + ", hash", link.hash.bytes);
        copy_blob(query.getColumn(8), where + ", signature", link.signature);
        if (timed) link.elapsed_ms = integer(query.getColumn(9), 0, kMostElapsed_ms, where);
        seal.links.push_back(link);
    }
}

std::map<std::string, std::string> read_meta(SQLite::Database& database) {
    std::map<std::string, std::string> meta;
    SQLite::Statement query(database, "SELECT key, value FROM meta LIMIT 64");
    while (query.executeStep()) {
        std::string key = text(query.getColumn(0), "a key of table meta");
        meta[key] = text(query.getColumn(1), fmt::format("table meta, key {}", key));
    }
    return meta;
}

RecordingHeader read_header(const std::map<std::string, std::string>& meta) {
    RecordingHeader header;
    for (auto [key, value] : header_texts(header)) {
        auto found = meta.find(key);
        if (found == meta.end()) damaged("table meta lacks {}", key);
        *value = found->second;
    }
    auto skin = meta.find("skin_text");
    if (skin != meta.end()) header.skin_text = skin->second;
    if (auto trainee = meta.find("trainee"); trainee != meta.end()) header.trainee = trainee->second;
    for (auto [key, hash] :
         {std::pair{"face", &header.face}, std::pair{"device", &header.device}, std::pair{"skin", &header.skin}}) {
        if (hash == &header.skin && header.skin_text.empty()) continue;
        auto found = meta.find(key);
        const auto parsed = from_hex<32>(found == meta.end() ? std::string_view() : found->second);
        if (!parsed) damaged("table meta, key {}: 64 hexadecimal digits expected", key);
        hash->bytes = *parsed;
    }
    return header;
}

void read_events(SQLite::Database& database, Recording& recording) {
    SQLite::Statement query(database, "SELECT rowid, time_us, name, value FROM event ORDER BY rowid");
    while (query.executeStep()) {
        std::string where = fmt::format("table event, row {}", query.getColumn(0).getInt64());
        if (recording.events.size() == kMaxEvents) damaged("{}: more than {} events", where, kMaxEvents);
        input::ProcedureEvent event;
        event.time_us =
            static_cast<uint32_t>(integer(query.getColumn(1), 0, UINT32_MAX, where + ", time_us"));
        event.name = text(query.getColumn(2), where + ", name");
        event.value = text(query.getColumn(3), where + ", value");
        if (!recording.events.empty() && event.time_us < recording.events.back().time_us)
            damaged("{}: time runs backwards", where);
        recording.events.push_back(std::move(event));
    }
}

void read_chunks(SQLite::Database& database, Recording& recording) {
    SQLite::Statement query(database,
                            "SELECT id, samples, contacts, punctures, check_sum FROM chunk ORDER BY id");
    for (int64_t expected = 1; query.executeStep(); ++expected) {
        int64_t id = query.getColumn(0).getInt64();
        if (id != expected) damaged("table chunk: row {} is missing", expected);
        std::string where = fmt::format("table chunk, row {}", id);
        std::span<const uint8_t> samples = blob(query.getColumn(1), where + ", samples");
        std::span<const uint8_t> contacts = blob(query.getColumn(2), where + ", contacts");
        std::span<const uint8_t> punctures = blob(query.getColumn(3), where + ", punctures");
        std::span<const uint8_t> sum = blob(query.getColumn(4), where + ", check_sum");
        base::Hash computed = chunk_check_sum(samples, contacts, punctures);
        if (!std::equal(sum.begin(), sum.end(), computed.bytes.begin(), computed.bytes.end()))
            damaged("{}: the check sum does not match", where);
        append(recording.samples, samples, kMaxSamples, where + ", samples");
        append(recording.contacts, contacts, kMaxContacts, where + ", contacts");
        append(recording.punctures, punctures, shared::kMaxPunctures, where + ", punctures");
    }
}

void read_checkpoints(SQLite::Database& database, Recording& recording) {
    SQLite::Statement query(database, "SELECT step, state FROM checkpoint ORDER BY step");
    while (query.executeStep()) {
        Checkpoint checkpoint;
        checkpoint.step =
            static_cast<uint64_t>(integer(query.getColumn(0), 0, UINT32_MAX, "table checkpoint, step"));
        std::string where = fmt::format("table checkpoint, row {}", checkpoint.step);
        std::span<const uint8_t> state = blob(query.getColumn(1), where);
        if (state.size() != checkpoint.state.bytes.size()) damaged("{}: 32 bytes expected", where);
        std::copy(state.begin(), state.end(), checkpoint.state.bytes.begin());
        recording.checkpoints.push_back(checkpoint);
    }
}

/// Samples must be such as input::quantise makes: the simulation relies on it.
base::Status check_sample(const input::PenSample& sample) {
    constexpr int32_t kMetre_nm = 1'000'000'000;
    constexpr double kUnit = 1 << 30;
    constexpr uint32_t kLongest_us = 4'200'000'000;
    if (sample.time_us > kLongest_us) return base::error("the time is beyond 70 minutes");
    for (int32_t component : sample.tip_nm)
        if (component < -kMetre_nm || component > kMetre_nm) return base::error("the tip is more than 1 m away");
    double length_squared = 0;
    for (int32_t component : sample.axis_q30) length_squared += component / kUnit * (component / kUnit);
    if (!(length_squared > 0.999 && length_squared < 1.001)) return base::error("the axis is not of unit length");
    if (sample.force_un < -1 || sample.force_un > 100'000'000) return base::error("the force is outside 0..100 N");
    if (sample.depth_um > 10'000) return base::error("the needle depth is outside 0..10 mm");
    if (sample.rate_dhz > 10'000) return base::error("the motor rate is outside 0..1000 Hz");
    if (sample.motor > 1) return base::error("the motor is neither on nor off");
    if (sample.reserved[0] || sample.reserved[1] || sample.reserved[2]) return base::error("reserved bytes are not zero");
    return {};
}

void check_order(const Recording& recording) {
    for (size_t i = 0; i < recording.samples.size(); ++i) {
        base::Status sound = check_sample(recording.samples[i]);
        if (i > 0 && recording.samples[i].time_us <= recording.samples[i - 1].time_us) sound = base::error("time does not rise");
        if (!sound) damaged("sample {}: {}", i, sound.error());
    }
    for (size_t i = 1; i < recording.contacts.size(); ++i)
        if (recording.contacts[i].time_us <= recording.contacts[i - 1].time_us)
            damaged("contact record {}: time does not rise", i);
    auto key = [](const shared::Puncture& p) { return std::pair(p.time_us, shared::puncture_needle(p)); };
    for (size_t i = 1; i < recording.punctures.size(); ++i)
        if (!(key(recording.punctures[i - 1]) < key(recording.punctures[i])))
            damaged("puncture {}: not in the order of time and needle", i);
}

Recording read_recording(SQLite::Database& database) {
    const int version = check_schema(database);
    SQLite::Transaction one_view(database);  // a session that is still running goes on meanwhile
    Recording recording;
    std::map<std::string, std::string> meta = read_meta(database);
    recording.header = read_header(meta);
    read_events(database, recording);
    read_chunks(database, recording);
    read_checkpoints(database, recording);
    check_order(recording);
    if (const SealForm form = check_sealed(database, version, meta); form != SealForm::none) {
        read_documents(database, recording.seal.emplace());
        read_links(database, form == SealForm::timed, *recording.seal);
        if (version < 5 && !recording.seal->stamp.empty()) damaged("it has a time stamp, in a format that has none");
    }
    auto closed = meta.find("finished"), kept = meta.find("evidence");
    recording.finished = closed != meta.end();
    if (version >= 2 && kept == meta.end()) damaged("table meta lacks evidence");
    const std::string evidence = recording.evidence_hash().hex();
    if (recording.finished && closed->second != evidence)
        damaged("the evidence does not match the hash that the session was closed with");
    if (kept != meta.end() && kept->second != evidence)
        damaged("the evidence does not match the hash that was written with it");
    return recording;
}

struct Attempt {
    base::Result<Recording> result;
    bool needs_recovery;  ///< a half-done transaction beside the file must be rolled back first
};

Attempt try_load(const fs::path& path, int flags) {
    try {
        SQLite::Database database(fs::absolute(path).string(), flags, kBusyTimeoutMs);
        return {read_recording(database), false};
    } catch (const Refusal& refusal) {
        return {base::error("{}: {}", path.string(), refusal.what), false};
    } catch (const SQLite::Exception& problem) {
        int code = problem.getErrorCode();
        bool recover = code == SQLITE_READONLY || code == SQLITE_CANTOPEN || code == SQLITE_IOERR;
        return {sentence(path, problem), recover};
    } catch (const std::bad_alloc&) {
        return {base::error("{}: is damaged: a record is larger than the memory", path.string()), false};
    }
}

/// Takes back what was half written when the power went. The file keeps its time: that is when it was cut off.
Attempt try_recovery(const fs::path& path) {
    struct stat before {};
    const bool known = ::stat(path.c_str(), &before) == 0;
    Attempt attempt = try_load(path, SQLite::OPEN_READWRITE);
    const timespec times[] = {before.st_atim, before.st_mtim};
    if (known) ::utimensat(AT_FDCWD, path.c_str(), times, 0);
    return attempt;
}

}  // namespace

base::Status check_trainee(std::string_view code) {
    if (code.size() > 64) return base::error("the trainee's code is longer than 64 letters; give a shorter one");
    if (base::first_invalid_utf8(code)) return base::error("the trainee's code is not UTF-8 text; set the terminal to UTF-8, or give plain letters");
    if (base::plain(code) != code)
        return base::error("the trainee's code holds control letters; give letters, digits and signs");
    if (!code.empty() && (code.front() == ' ' || code.back() == ' '))
        return base::error("the trainee's code begins or ends with a blank; leave it out");
    return {};
}

base::Hash Recording::evidence_hash() const {
    EvidenceHasher hasher;
    hasher.add(samples);
    for (const input::ProcedureEvent& event : events) hasher.add(event);
    return hasher.finish(header);
}

double Recording::duration() const {
    return samples.empty() ? 0.0 : samples.back().time();
}

base::Result<Recording> load_recording(const fs::path& path) {
    std::error_code code;
    fs::file_status status = fs::status(path, code);
    if (!fs::exists(status)) return base::error("{}: no such file; check the name", path.string());
    if (fs::is_directory(status)) return base::error("{}: is a folder, a recording is needed", path.string());
    if (!fs::is_regular_file(status))
        return base::error("{}: is not a file; give a .evh file", path.string());
    if (fs::file_size(path, code) == 0 && !code)
        return base::error("{}: is empty; nothing was recorded in it", path.string());
    if (::access(path.c_str(), R_OK) != 0)
        return base::error("{}: cannot be read: {}", path.string(), base::system_error(errno));

    Attempt attempt = try_load(path, SQLite::OPEN_READONLY);
    bool interrupted =
        fs::exists(with_suffix(path, "-journal"), code) || fs::exists(with_suffix(path, "-wal"), code);
    if (!attempt.result && attempt.needs_recovery && interrupted)
        attempt = try_recovery(path);
    return std::move(attempt.result);
}

base::Status keep_stamp(const fs::path& path, const std::string& stamp) {
    const base::Result<Recording> recording = load_recording(path);  // which refuses triggers in a sealed one
    if (!recording) return recording.error();
    if (!recording->seal || recording->seal->closing.empty())
        return base::error("{}: is no sealed session that was closed; there is nothing to stamp", path.string());
    try {
        SQLite::Database database(fs::absolute(path).string(), SQLite::OPEN_READWRITE, kBusyTimeoutMs);
        database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;");
        SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement row(database, "INSERT OR REPLACE INTO seal VALUES ('time', ?)");
        row.bindNoCopy(1, stamp);
        row.exec();
        database.exec(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
        transaction.commit();
    } catch (const SQLite::Exception& problem) {
        return sentence(path, problem);
    }
    return {};
}

// --- writing ---

struct Recorder::State {
    fs::path path;
    RecordingHeader header;
    std::unique_ptr<SQLite::Database> database;
    EvidenceHasher hasher;
    std::shared_ptr<Sealer> sealer;  ///< none: unsealed
    bool finished = false;

    std::vector<input::PenSample> samples;
    std::vector<input::ProcedureEvent> events;
    std::vector<shared::Puncture> punctures;
    std::vector<shared::ContactRecord> contacts;
    std::vector<Checkpoint> checkpoints;

    bool has_pending() const {
        return !(samples.empty() && events.empty() && punctures.empty() && contacts.empty() &&
                 checkpoints.empty());
    }
    SealedPart pending() const { return {samples, contacts, punctures, events, checkpoints}; }
    void forget_pending() {
        samples.clear();
        events.clear();
        punctures.clear();
        contacts.clear();
        checkpoints.clear();
    }
};

namespace {

void put(SQLite::Database& database, const char* insertion, const char* key, const std::string& value) {
    SQLite::Statement insert(database, insertion);
    insert.bind(1, key);
    insert.bindNoCopy(2, value);
    insert.exec();
}

void put_meta(SQLite::Database& database, const char* key, const std::string& value) {
    put(database, "INSERT INTO meta VALUES (?, ?)", key, value);
}

void put_document(SQLite::Database& database, const char* key, const std::string& document) {
    put(database, "INSERT INTO seal VALUES (?, ?)", key, document);
}

void begin_seal(SQLite::Database& database, const RecordingHeader& header, Sealer& sealer) {
    database.exec(kSealTables);
    put_document(database, "session", sealer.open(header));
    if (!sealer.certificate().empty()) put_document(database, "certificate", sealer.certificate());
}

void write_header(SQLite::Database& database, const RecordingHeader& header, Sealer* sealer) {
    // Extra: what a station's journal says of a recording is true after a power cut only if the rollback journal's end is on the disk too.
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;");
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    database.exec(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};", kApplicationId, kSchemaVersion));
    database.exec(kSchema);
    database.exec(kNoteTable);
    for (auto [key, value] : header_texts(header)) put_meta(database, key, *value);
    put_meta(database, "face", header.face.hex());
    put_meta(database, "device", header.device.hex());
    put_meta(database, "skin_text", header.skin_text);
    put_meta(database, "skin", header.skin.hex());
    if (!header.trainee.empty()) put_meta(database, "trainee", header.trainee);
    put_meta(database, "evidence", EvidenceHasher().finish(header).hex());
    if (sealer) begin_seal(database, header, *sealer);
    transaction.commit();
}

/// Of all that the file holds once the transaction is done, so that what a kill leaves can be told from damage.
void write_evidence(SQLite::Database& database, EvidenceHasher hasher, const RecordingHeader& header) {
    SQLite::Statement update(database, "UPDATE meta SET value = ? WHERE key = 'evidence'");
    update.bind(1, hasher.finish(header).hex());
    update.exec();
}

void write_chunk(SQLite::Database& database, std::span<const uint8_t> samples,
                 std::span<const uint8_t> contacts, std::span<const uint8_t> punctures) {
    if (samples.empty() && contacts.empty() && punctures.empty()) return;
    base::Hash sum = chunk_check_sum(samples, contacts, punctures);
    SQLite::Statement insert(
        database, "INSERT INTO chunk(samples, contacts, punctures, check_sum) VALUES (?, ?, ?, ?)");
    database::bind(insert, 1, samples);
    database::bind(insert, 2, contacts);
    database::bind(insert, 3, punctures);
    database::bind(insert, 4, sum.bytes);
    insert.exec();
}

void write_events(SQLite::Database& database, const std::vector<input::ProcedureEvent>& events) {
    SQLite::Statement insert(database, "INSERT INTO event VALUES (?, ?, ?)");
    for (const input::ProcedureEvent& event : events) {
        insert.reset();
        insert.bind(1, static_cast<int64_t>(event.time_us));
        insert.bindNoCopy(2, event.name);
        insert.bindNoCopy(3, event.value);
        insert.exec();
    }
}

void write_checkpoints(SQLite::Database& database, const std::vector<Checkpoint>& checkpoints) {
    SQLite::Statement insert(database, "INSERT INTO checkpoint VALUES (?, ?)");
    for (const Checkpoint& checkpoint : checkpoints) {
        insert.reset();
        insert.bind(1, static_cast<int64_t>(checkpoint.step));
        database::bind(insert, 2, checkpoint.state.bytes);
        insert.exec();
    }
}

void write_link(SQLite::Database& database, const SealLink& link) {
    SQLite::Statement insert(database,
                             "INSERT INTO link(time_us, samples, contacts, punctures, events, checkpoints, hash, signature, elapsed_ms) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    int column = 1;
    for (const uint32_t number : {link.time_us, link.samples, link.contacts, link.punctures, link.events, link.checkpoints})
        insert.bind(column++, static_cast<int64_t>(number));
    database::bind(insert, 7, link.hash.bytes);
    database::bind(insert, 8, link.signature);
    insert.bind(9, link.elapsed_ms.value());
    insert.exec();
}

/// Takes the name for us alone, or says why not.
base::Status claim(const fs::path& path) {
    std::error_code code;
    if (fs::exists(fs::symlink_status(path, code)))
        return base::error("{}: exists already and a recording is never overwritten; choose another name",
                           path.string());
    for (const char* suffix : {"-journal", "-wal"})
        if (fs::exists(with_suffix(path, suffix), code))
            return base::error("{}{}: is left from an earlier recording; move it away or choose another name",
                               path.string(), suffix);
    int descriptor = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return base::error("cannot write {}: {}; choose a folder that you may write to", path.string(),
                           base::system_error(errno));
    ::close(descriptor);
    return {};
}

void remove_with_companions(const fs::path& path) {
    std::error_code code;
    for (const char* suffix : {"-journal", "-wal", "-shm", ""}) fs::remove(with_suffix(path, suffix), code);
}

}  // namespace

Recorder::Recorder(std::unique_ptr<State> state) : state_(std::move(state)) {}
Recorder::Recorder(Recorder&&) noexcept = default;

Recorder& Recorder::operator=(Recorder&& other) noexcept {
    if (this != &other) {
        if (state_ && !state_->finished) (void)commit();
        state_ = std::move(other.state_);
    }
    return *this;
}

Recorder::~Recorder() {
    if (state_ && !state_->finished) (void)commit();
}

base::Result<Recorder> Recorder::create(const fs::path& path, const RecordingHeader& header, std::shared_ptr<Sealer> sealer) {
    if (base::Status claimed = claim(path); !claimed) return claimed.error();
    auto state = std::make_unique<State>();
    state->path = path;
    state->header = header;
    state->sealer = std::move(sealer);
    try {
        state->database = std::make_unique<SQLite::Database>(fs::absolute(path).string(),
                                                             SQLite::OPEN_READWRITE, kBusyTimeoutMs);
        write_header(*state->database, header, state->sealer.get());
    } catch (const SQLite::Exception& problem) {
        state->database.reset();
        remove_with_companions(path);
        return problem.getErrorCode() == SQLITE_FULL ? base::nothing_written(path, ENOSPC) : sentence(path, problem);
    }
    return Recorder(std::move(state));
}

void Recorder::add(std::span<const input::PenSample> samples) {
    state_->samples.insert(state_->samples.end(), samples.begin(), samples.end());
    state_->hasher.add(samples);
}

void Recorder::add(const input::ProcedureEvent& event) {
    state_->events.push_back(event);
    state_->hasher.add(event);
}

void Recorder::add(std::span<const shared::Puncture> punctures) {
    state_->punctures.insert(state_->punctures.end(), punctures.begin(), punctures.end());
}

void Recorder::add(std::span<const shared::ContactRecord> contacts) {
    state_->contacts.insert(state_->contacts.end(), contacts.begin(), contacts.end());
}

void Recorder::add(const Checkpoint& checkpoint) {
    state_->checkpoints.push_back(checkpoint);
}

base::Status Recorder::commit() {
    CHECK(!state_->finished);
    if (!state_->has_pending()) return {};
    try {
        SQLite::Database& database = *state_->database;
        SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
        write_chunk(database, as_bytes(state_->samples), as_bytes(state_->contacts),
                    as_bytes(state_->punctures));
        write_events(database, state_->events);
        write_checkpoints(database, state_->checkpoints);
        write_evidence(database, state_->hasher, state_->header);
        std::optional<SealLink> link;
        if (state_->sealer) write_link(database, link.emplace(state_->sealer->next(state_->pending())));
        transaction.commit();
        if (link) state_->sealer->accept(*link);
        for (const input::ProcedureEvent& event : state_->events) spdlog::debug("{} event {}", link ? "signed" : "kept", event.name);
    } catch (const SQLite::Exception& problem) {
        return sentence(state_->path, problem);
    }
    state_->forget_pending();
    return {};
}

bool Recorder::seal_due(uint32_t time_us) const {
    return state_->sealer && state_->sealer->due(time_us);
}

base::Status Recorder::finish() {
    if (base::Status committed = commit(); !committed) return committed;
    try {
        EvidenceHasher hasher = state_->hasher;  // a copy: finishing may fail and be tried again
        const base::Hash evidence = hasher.finish(state_->header);
        SQLite::Transaction transaction(*state_->database, SQLite::TransactionBehavior::IMMEDIATE);
        put_meta(*state_->database, "finished", evidence.hex());
        if (state_->sealer) put_document(*state_->database, "closing", state_->sealer->close(evidence));
        transaction.commit();
    } catch (const SQLite::Exception& problem) {
        return sentence(state_->path, problem);
    }
    state_->finished = true;
    state_->database.reset();
    return {};
}

}  // namespace training
