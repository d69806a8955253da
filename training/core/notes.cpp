#include "training/core/notes.h"

#include "engine/base/hash.h"
#include "engine/base/utf8.h"
#include "training/core/database.h"
#include "training/core/recording.h"
#include "training/core/utc.h"

#include <algorithm>
#include <ctime>

namespace training {

namespace fs = base::fs;
using namespace database;

namespace {

constexpr int64_t kLatest_us = 4'200'000'000;

/// What is wrong with a note, as the end of a sentence.
base::Status check_note(const Note& note) {
    if (note.author.empty()) return base::error("it has no author");
    if (note.author.size() > kMostAuthorBytes) return base::error("the author's name is over {} bytes", kMostAuthorBytes);
    if (note.text.empty() && !note.replaces) return base::error("it has no text");
    if (note.text.size() > kMostNoteBytes) return base::error("the text is over {} bytes", kMostNoteBytes);
    if (base::first_invalid_utf8(note.text) || base::first_invalid_utf8(note.author)) return base::error("the text is not UTF-8");
    if (!is_utc(note.written)) return base::error("the time of writing is not UTC as in 2026-11-21T22:05:09Z");
    if (note.time_us > kLatest_us) return base::error("the time is beyond 70 minutes");
    return {};
}

base::Hash check_sum(const base::Hash& before, const Note& note) {
    base::Hasher hasher;
    hasher.text("evenhand note 1").value(before.bytes).value(note.id).value(note.time_us);
    hasher.value(note.cell ? int64_t{*note.cell} : int64_t{-1}).value(note.replaces.value_or(0));
    hasher.text(note.text).text(note.author).text(note.written);
    return hasher.finish();
}

std::optional<int64_t> optional_integer(SQLite::Column column, int64_t low, int64_t high, const std::string& where) {
    if (column.isNull()) return std::nullopt;
    return integer(column, low, high, where);
}

Note read_note(SQLite::Statement& query, int64_t expected) {
    Note note;
    note.id = query.getColumn(0).getInt64();
    if (note.id != expected) damaged("table note: row {} is missing", expected);
    const std::string where = fmt::format("table note, row {}", note.id);
    note.time_us = static_cast<uint32_t>(integer(query.getColumn(1), 0, kLatest_us, where + ", time_us"));
    if (const auto cell = optional_integer(query.getColumn(2), 0, UINT32_MAX - 1, where + ", cell"))
        note.cell = static_cast<uint32_t>(*cell);
    note.text = text(query.getColumn(3), where + ", text");
    note.author = text(query.getColumn(4), where + ", author");
    note.written = text(query.getColumn(5), where + ", written");
    note.replaces = optional_integer(query.getColumn(6), 1, note.id - 1, where + ", replaces");
    if (const base::Status sound = check_note(note); !sound) damaged("{}: {}", where, sound.error());
    return note;
}

struct Kept {
    std::vector<Note> notes;
    base::Hash last;  ///< check sum of the last row
};

Kept read_notes(SQLite::Database& database) {
    Kept kept;
    if (check_version(database) < 3) return kept;
    if (!has_table(database, "note")) damaged("table note is missing");
    SQLite::Statement query(
        database, "SELECT id, time_us, cell, text, author, written, replaces, check_sum FROM note ORDER BY id");
    while (query.executeStep()) {
        if (kept.notes.size() == kMostNotes) damaged("table note: more than {} notes", kMostNotes);
        Note note = read_note(query, static_cast<int64_t>(kept.notes.size()) + 1);
        const std::string where = fmt::format("table note, row {}", note.id);
        const std::span<const uint8_t> sum = blob(query.getColumn(7), where + ", check_sum");
        kept.last = check_sum(kept.last, note);
        if (!std::equal(sum.begin(), sum.end(), kept.last.bytes.begin(), kept.last.bytes.end()))
            damaged("{}: the check sum does not match", where);
        kept.notes.push_back(std::move(note));
    }
    return kept;
}

/// Evenhand writes neither; a trigger from elsewhere would act when we write.
void refuse_triggers(SQLite::Database& database) {
    if (database.execAndGet("SELECT count(*) FROM sqlite_schema WHERE type IN ('trigger', 'view')").getInt() != 0)
        refuse("holds triggers or views, which Evenhand never writes; nothing is added to it");
}

void insert(SQLite::Database& database, const Note& note, const base::Hash& sum) {
    SQLite::Statement row(database, "INSERT INTO note VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    row.bind(1, note.id);
    row.bind(2, static_cast<int64_t>(note.time_us));
    if (note.cell) row.bind(3, static_cast<int64_t>(*note.cell));
    row.bindNoCopy(4, note.text);
    row.bindNoCopy(5, note.author);
    row.bindNoCopy(6, note.written);
    if (note.replaces) row.bind(7, *note.replaces);
    bind(row, 8, sum.bytes);
    row.exec();
}

/// Format 1 names no evidence, and a recording of a later one without it counts as damaged.
void name_evidence(SQLite::Database& database, const fs::path& path) {
    const base::Result<Recording> recording = load_recording(path);
    if (!recording) refuse("takes no note: {}", recording.error());
    SQLite::Statement row(database, "INSERT INTO meta VALUES ('evidence', ?)");
    row.bind(1, recording->evidence_hash().hex());
    row.exec();
}

Note append(SQLite::Database& database, const fs::path& path, Note note) {
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;");
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    const int version = check_version(database);
    refuse_triggers(database);
    const Kept kept = read_notes(database);
    if (version < 3) {
        if (has_table(database, "note")) damaged("table note is in a format that has none");
        if (version < 2) name_evidence(database, path);
        database.exec(kNoteTable);
        database.exec(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
    }
    if (kept.notes.size() == kMostNotes) refuse("has {} notes already, and takes no more", kMostNotes);
    note.id = static_cast<int64_t>(kept.notes.size()) + 1;
    if (note.replaces && (*note.replaces < 1 || *note.replaces >= note.id))
        refuse("has no note {} that could be replaced", *note.replaces);
    insert(database, note, check_sum(kept.last, note));
    transaction.commit();
    return note;
}

template <typename Work>
auto with_database(const fs::path& path, int flags, const Work& work) -> base::Result<decltype(work(std::declval<SQLite::Database&>()))> {
    try {
        SQLite::Database database(fs::absolute(path).string(), flags, kBusyTimeoutMs);
        return work(database);
    } catch (const Refusal& refusal) {
        return base::error("{}: {}", path.string(), refusal.what);
    } catch (const SQLite::Exception& problem) {
        return sentence(path, problem);
    }
}

}  // namespace

base::Result<std::vector<Note>> load_notes(const fs::path& path) {
    return with_database(path, SQLite::OPEN_READONLY,
                         [](SQLite::Database& database) { return read_notes(database).notes; });
}

base::Result<Note> add_note(const fs::path& path, const Note& note) {
    if (const base::Status sound = check_note(note); !sound)
        return base::error("{}: the note is not kept: {}", path.string(), sound.error());
    return with_database(path, SQLite::OPEN_READWRITE,
                         [&](SQLite::Database& database) { return append(database, path, note); });
}

std::vector<Note> standing_notes(const std::vector<Note>& notes) {
    std::vector<Note> standing;
    for (const Note& note : notes) {
        const bool replaced = std::any_of(notes.begin(), notes.end(), [&](const Note& later) { return later.replaces == note.id; });
        if (!replaced && !note.text.empty()) standing.push_back(note);
    }
    std::stable_sort(standing.begin(), standing.end(), [](const Note& a, const Note& b) { return a.time_us < b.time_us; });
    return standing;
}

}  // namespace training
