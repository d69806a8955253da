#include "training/core/database.h"

#include "engine/base/foreign_words.h"
#include "engine/base/utf8.h"

namespace training::database {

namespace fs = base::fs;

std::span<const uint8_t> blob(SQLite::Column column, const std::string& where) {
    if (!column.isBlob()) damaged("{} is not a blob", where);
    return {static_cast<const uint8_t*>(column.getBlob()), static_cast<size_t>(column.getBytes())};
}

std::string text(SQLite::Column column, const std::string& where) {
    if (!column.isText()) damaged("{} is not a text", where);
    return column.getString();
}

int64_t integer(SQLite::Column column, int64_t low, int64_t high, const std::string& where) {
    if (!column.isInteger()) damaged("{} is not a whole number", where);
    int64_t value = column.getInt64();
    if (value < low || value > high) damaged("{} is {}, outside {}..{}", where, value, low, high);
    return value;
}

void bind(SQLite::Statement& statement, int index, std::span<const uint8_t> bytes) {
    static const uint8_t nothing = 0;  // a null pointer would be stored as NULL
    statement.bindNoCopy(index, bytes.empty() ? &nothing : bytes.data(), static_cast<int>(bytes.size()));
}

int check_version(SQLite::Database& database) {
    if (database.execAndGet("PRAGMA application_id").getInt() != kApplicationId)
        refuse("is a database, but not an Evenhand recording; give a .evh file");
    database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;");
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    if (version > kSchemaVersion)
        refuse(
            "was written by a newer version of Evenhand (format {}, this one reads up to {}); update the "
            "program",
            version, kSchemaVersion);
    if (version < 1) damaged("it has no format version");
    return version;
}

bool has_table(SQLite::Database& database, const char* name) {
    SQLite::Statement query(database,
                            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ? AND "
                            "sql LIKE 'CREATE TABLE%'");
    query.bind(1, name);
    return query.executeStep() && query.getColumn(0).getInt() == 1;
}

/// What SQLite says, on one line: of a damaged schema it quotes all, line ends too.
static base::Error told(const SQLite::Exception& problem, const base::Error& ours) {
    return base::foreign_words(ours, base::one_line(problem.what()));
}

base::Error sentence(const fs::path& path, const SQLite::Exception& problem) {
    std::string name = path.string();
    switch (problem.getErrorCode()) {
        case SQLITE_NOTADB:
            return base::error("{}: is not a recording; give a .evh file", name);
        case SQLITE_CORRUPT:
            return base::error("{}: is damaged: {}; use a copy of it", name, told(problem, base::error("its pages do not fit together")));
        case SQLITE_ERROR:
            return base::error("{}: is damaged: {}; use a copy of it", name, told(problem, base::error("a table or a column is missing")));
        case SQLITE_FULL:
            return base::error("{}: the disk is full; free some space, what was recorded before is kept",
                               name);
        case SQLITE_BUSY:
            return base::error("{}: is in use by another program; close it and try again", name);
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            return base::error(
                "{}: cannot be opened: {}; check the permissions of the file and of its folder", name,
                told(problem, base::error("it may not be read or written here")));
        default:
            return base::error("{}: {}; check the disk and the space on it", name,
                               told(problem, base::error("reading or writing failed (SQLite {})", problem.getErrorCode())));
    }
}

fs::path with_suffix(const fs::path& path, const char* suffix) {
    fs::path longer = path;
    longer += suffix;
    return longer;
}

}  // namespace training::database
