// A file on this machine. Write-ahead log with synchronous FULL: a commit is on the disk before the next begins, and who reads
// does not stop who writes. Such a file must not lie on a network's disk; several machines share a PostgreSQL server instead.

#include "engine/base/utf8.h"
#include "training/records/schema.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string_view>

namespace records {

namespace {

constexpr int kBusyTimeout_ms = 60'000;  // fifty writers in turn, each some milliseconds

Trouble sentence(const std::string& name, const SQLite::Exception& problem) {
    const std::string why = base::one_line(problem.what());  // of a damaged schema SQLite quotes all
    switch (problem.getErrorCode()) {
        case SQLITE_NOTADB:
            return {Fate::forbidden, fmt::format("{}: is not a store of records; name another file", name)};
        case SQLITE_CORRUPT:
            return {Fate::forbidden, fmt::format("{}: is damaged: {}; use a copy of it", name, why)};
        case SQLITE_FULL:
        case SQLITE_IOERR:
            return {Fate::interrupted, fmt::format("{}: the disk is full or fails; free some space, what was kept before is kept", name)};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {Fate::interrupted, fmt::format("{}: is in use by another program; try again", name)};
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            return {Fate::forbidden,
                    fmt::format("{}: cannot be written; check the permissions of the file and of its folder, or name another", name)};
        case SQLITE_CONSTRAINT:
            return {Fate::refused, fmt::format("{}: does not take this: {}; hand in what belongs together", name, why)};
        case SQLITE_TOOBIG:
            return {Fate::refused, fmt::format("{}: does not take a text of this size; shorten it", name)};
        default:
            return {Fate::interrupted, fmt::format("{}: {}; check the disk", name, why)};
    }
}

class SqliteConnection final : public Connection {
  public:
    explicit SqliteConnection(const Place& place)
        : Connection(place.name()), database_(place.file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeout_ms) {
        database_.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;");
        sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        const bool ours = database_.execAndGet("PRAGMA application_id").getInt() == kStoreApplicationId;
        const bool empty = database_.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
        if (ours || empty) database_.exec("PRAGMA journal_mode = WAL");
    }

    std::vector<Row> query(const char* sql, std::span<const Value> values) override {
        return told([&] {
            ++asked_;
            SQLite::Statement statement(database_, sql);
            bind(statement, values);
            std::vector<Row> rows;
            while (statement.executeStep()) {
                Row& row = rows.emplace_back();
                for (int i = 0; i < statement.getColumnCount(); ++i) {
                    const SQLite::Column column = statement.getColumn(i);
                    row.push_back(column.isNull() ? Value() : Value(column.getString()));
                }
            }
            return rows;
        });
    }

    int64_t change(const char* sql, std::span<const Value> values) override {
        return told([&] {
            ++asked_;
            SQLite::Statement statement(database_, sql);
            bind(statement, values);
            return int64_t{statement.exec()};
        });
    }

    void script(const char* sql) override {
        told([&] { return database_.exec(sql); });
    }
    void begin() override { script("BEGIN IMMEDIATE"); }
    void commit() override { script("COMMIT"); }
    void rollback() noexcept override {
        // SQLite has rolled back by itself after some errors; then there is nothing to undo.
        if (sqlite3_get_autocommit(database_.getHandle()) == 0) database_.tryExec("ROLLBACK");
    }
    bool is_server() const override { return false; }

  private:
    template <typename Work>
    auto told(Work work) -> decltype(work()) {
        try {
            return work();
        } catch (const SQLite::Exception& problem) {
            throw sentence(name(), problem);
        }
    }

    static void bind(SQLite::Statement& statement, std::span<const Value> values) {
        for (size_t i = 0; i < values.size(); ++i) {
            const std::string place = fmt::format("${}", i + 1);
            if (values[i])
                statement.bind(place, *values[i]);
            else
                statement.bind(place);
        }
    }

    SQLite::Database database_;
};

/// SQLite itself would take a file of a few bytes for an empty one, and write over it.
void check_not_another_file(const Place& place) {
    constexpr std::string_view kBeginning("SQLite format 3\0", 16);
    std::array<char, kBeginning.size()> bytes{};
    std::ifstream file(place.file, std::ios::binary);
    const auto read = static_cast<size_t>(file.read(bytes.data(), bytes.size()).gcount());
    if (read != 0 && std::string_view(bytes.data(), read) != kBeginning)
        throw Trouble{Fate::forbidden, fmt::format("{}: is not a store of records; name another file", place.name())};
}

}  // namespace

std::unique_ptr<Connection> connect_sqlite(const Place& place) {
    check_not_another_file(place);
    std::error_code trouble;
    if (const base::fs::path folder = place.file.parent_path(); !folder.empty()) base::fs::create_directories(folder, trouble);
    if (trouble)
        throw Trouble{Fate::forbidden, fmt::format("{}: the folder of the records cannot be made ({}); name another place", place.name(),
                                                   trouble.message())};
    // A new file is for this account's eyes alone; SQLite's own would be open to all.
    if (const int made = ::open(place.file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600); made >= 0) ::close(made);
    try {
        return std::make_unique<SqliteConnection>(place);
    } catch (const SQLite::Exception& problem) {
        throw sentence(place.name(), problem);
    }
}

std::unique_ptr<Connection> connect(const Place& place) {
    return place.is_server() ? connect_postgres(place) : connect_sqlite(place);
}

}  // namespace records
