#pragma once

// The statements of schema.h's steps. A step that has been shipped is never edited: stores have it already. What is new is a new
// step.

namespace records {

extern const char* const kSqliteTables;
extern const char* const kSqliteKept;
extern const char* const kSqliteOutbox;
extern const char* const kSqliteShort;
extern const char* const kPostgresTables;
extern const char* const kPostgresRights;
extern const char* const kPostgresIndexes;
extern const char* const kPostgresShort;

}  // namespace records
