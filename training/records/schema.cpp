#include "training/records/schema.h"

#include "training/records/rows.h"
#include "training/records/schema_text.h"

#include <algorithm>
#include <array>

namespace records {

namespace {

const std::array kSteps = {
    SchemaStep{1, kSqliteTables, kPostgresTables},
    SchemaStep{2, kSqliteKept, kPostgresRights},
    SchemaStep{3, kSqliteOutbox, kPostgresIndexes},
    SchemaStep{4, kSqliteShort, kPostgresShort},
};

// Two programs that set a server up at once wait for each other here; any number that nobody else locks.
constexpr const char* kOneAtATime = "SELECT pg_advisory_xact_lock(1163284017)";

int number(const std::vector<Row>& rows) {
    return rows.empty() || !rows[0][0] ? 0 : static_cast<int>(integer(rows[0][0]));
}

int sqlite_version(Connection& connection) {
    const int application = number(connection.query("PRAGMA application_id"));
    const int tables = number(connection.query("SELECT count(*) FROM sqlite_schema"));
    if (application != kStoreApplicationId && (application != 0 || tables != 0))
        throw Trouble{Fate::forbidden, fmt::format("{}: is a database, but no store of records; name another file", connection.name())};
    return number(connection.query("PRAGMA user_version"));
}

int postgres_version(Connection& connection) {
    if (number(connection.query("SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'evenhand' AND tablename = 'schema_version'")) == 0)
        return 0;
    return number(connection.query("SELECT max(version) FROM evenhand.schema_version"));
}

void apply(Connection& connection, const SchemaStep& step) {
    connection.script(connection.is_server() ? step.postgres : step.sqlite);
    const std::string note = connection.is_server()
                                 ? fmt::format("INSERT INTO evenhand.schema_version(version) VALUES ({})", step.version)
                                 : fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kStoreApplicationId, step.version);
    connection.script(note.c_str());
}

}  // namespace

std::span<const SchemaStep> schema_steps() {
    return kSteps;
}

int newest_schema() {
    return kSteps.back().version;
}

int schema_version(Connection& connection) {
    const int version = connection.is_server() ? postgres_version(connection) : sqlite_version(connection);
    if (version > newest_schema())
        throw Trouble{Fate::forbidden, fmt::format("{}: was made by a newer version of Evenhand (format {}, this one knows up to {}); "
                                                   "update the program", connection.name(), version, newest_schema())};
    return version;
}

void migrate(Connection& connection, int version) {
    Transaction transaction(connection);
    if (connection.is_server()) connection.query(kOneAtATime);
    const int now = schema_version(connection);
    for (const SchemaStep& step : kSteps)
        if (step.version > now && step.version <= version) apply(connection, step);
    transaction.commit();
}

}  // namespace records
