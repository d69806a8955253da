#pragma once

// The tables and how they came to be: an ordered list of steps, each applied once in the transaction that notes it. A store of
// an older version is brought up to date, a newer one is refused. docs/records.md describes the tables.

#include "training/records/connection.h"

namespace records {

inline constexpr int kStoreApplicationId = 0x45565231;  // "EVR1", an SQLite file's application_id

/// What takes a store from version - 1 to `version`.
struct SchemaStep {
    int version;
    const char* sqlite;
    const char* postgres;
};
std::span<const SchemaStep> schema_steps();
int newest_schema();

/// 0 where there is none yet. Throws Trouble: a file that is something else, a store that a newer program made.
int schema_version(Connection& connection);
/// Brings it to `version` (default: the newest) in one transaction; two at once do it once. On a server only its owner can.
void migrate(Connection& connection, int version = newest_schema());

}  // namespace records
