#pragma once

// What reading and writing a recording's SQLite file has in common: recording.cpp keeps the session and its seal there, notes.cpp
// what was written about it later. Inside, what is wrong is thrown as a Refusal or SQLite::Exception; each module turns it into a
// base::Error at its edge.

#include "engine/base/files.h"
#include "engine/base/result.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <cstdint>
#include <span>
#include <string>

namespace training::database {

inline constexpr int kApplicationId = 0x45564831;
inline constexpr int kSchemaVersion = 6;  // 1 had no meta.evidence, 2 no table note, 3 no seal, 4 no time stamp, 5 no link.elapsed_ms
inline constexpr int kBusyTimeoutMs = 2000;
inline constexpr const char* kNoteTable = R"(
    CREATE TABLE note(id INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, cell INTEGER, text TEXT NOT NULL,
                      author TEXT NOT NULL, written TEXT NOT NULL, replaces INTEGER, check_sum BLOB NOT NULL);
)";

/// What a reader found wrong, without the file's name.
struct Refusal {
    base::Error what;
};

template <typename... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> form, Args&&... args) {
    throw Refusal{base::error(form, std::forward<Args>(args)...)};
}

/// `form` names table and row.
template <typename... Args>
[[noreturn]] void damaged(fmt::format_string<Args...> form, Args&&... args) {
    refuse("is damaged: {}; use a copy of it", base::error(form, std::forward<Args>(args)...));
}

/// Values of a row that must be of this kind; `where` names table, row and column.
std::span<const uint8_t> blob(SQLite::Column column, const std::string& where);
std::string text(SQLite::Column column, const std::string& where);
int64_t integer(SQLite::Column column, int64_t low, int64_t high, const std::string& where);

void bind(SQLite::Statement& statement, int index, std::span<const uint8_t> bytes);

/// The schema's version of a recording, 1..kSchemaVersion; refuses other databases and newer ones. Call it first.
int check_version(SQLite::Database& database);
/// Files from elsewhere may hold views under our names; only plain tables count.
bool has_table(SQLite::Database& database, const char* name);

base::Error sentence(const base::fs::path& path, const SQLite::Exception& problem);

/// `path` with a suffix after its extension.
base::fs::path with_suffix(const base::fs::path& path, const char* suffix);

}  // namespace training::database
