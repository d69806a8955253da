#include "training/records/schema_text.h"

namespace records {

// 1: the tables. Without rowid, so that a row has no name but its natural one.
const char* const kSqliteTables = R"(
CREATE TABLE candidate(
    code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 64),
    cohort TEXT NOT NULL DEFAULT '' CHECK (length(cohort) <= 120)) STRICT, WITHOUT ROWID;
CREATE TABLE rubric_version(
    hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 120),
    version TEXT NOT NULL CHECK (length(version) <= 120),
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 1048576)) STRICT, WITHOUT ROWID;
CREATE TABLE session(
    evidence TEXT PRIMARY KEY CHECK (length(evidence) = 64),
    case_id TEXT NOT NULL CHECK (length(case_id) BETWEEN 1 AND 120),
    device_id TEXT NOT NULL CHECK (length(device_id) BETWEEN 1 AND 120),
    rubric TEXT NOT NULL REFERENCES rubric_version(hash),
    started TEXT NOT NULL CHECK (length(started) BETWEEN 1 AND 120),
    source TEXT NOT NULL CHECK (length(source) BETWEEN 1 AND 400),
    candidate TEXT REFERENCES candidate(code),
    station TEXT NOT NULL CHECK (length(station) <= 120),
    attempt INTEGER NOT NULL CHECK (attempt BETWEEN 1 AND 1000),
    kind TEXT NOT NULL CHECK (kind IN ('practice', 'exam')),
    recording TEXT NOT NULL CHECK (length(recording) <= 4096),
    digest TEXT NOT NULL CHECK (length(digest) = 64)) STRICT, WITHOUT ROWID;
CREATE TABLE score(
    evidence TEXT NOT NULL REFERENCES session(evidence),
    rubric TEXT NOT NULL REFERENCES rubric_version(hash),
    scope TEXT NOT NULL CHECK (length(scope) = 64),
    total INTEGER NOT NULL CHECK (total BETWEEN 0 AND 10000),
    pass_mark INTEGER NOT NULL CHECK (pass_mark BETWEEN 0 AND 10000),
    pass INTEGER NOT NULL CHECK (pass IN (0, 1)),
    document TEXT NOT NULL CHECK (length(document) BETWEEN 1 AND 4194304),
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    PRIMARY KEY (evidence, rubric, scope)) STRICT, WITHOUT ROWID;
CREATE TABLE decision(
    id TEXT PRIMARY KEY CHECK (length(id) = 36),
    evidence TEXT NOT NULL REFERENCES session(evidence),
    examiner TEXT NOT NULL CHECK (length(examiner) BETWEEN 1 AND 120),
    verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail', 'void')),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 4000),
    decided TEXT NOT NULL CHECK (length(decided) BETWEEN 1 AND 120),
    replaces TEXT,
    UNIQUE (id, evidence),
    FOREIGN KEY (replaces, evidence) REFERENCES decision(id, evidence)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX decision_in_line ON decision(evidence, coalesce(replaces, ''));
)";

// 2: rows are only added. OR REPLACE takes a row out without asking the triggers on DELETE, hence those on INSERT, which pass
// over a row that is there already.
const char* const kSqliteKept = R"(
CREATE TRIGGER candidate_stays BEFORE DELETE ON candidate BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
CREATE TRIGGER candidate_code_stays BEFORE UPDATE OF code ON candidate BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
CREATE TRIGGER rubric_is_kept BEFORE UPDATE ON rubric_version BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
CREATE TRIGGER rubric_stays BEFORE DELETE ON rubric_version BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
CREATE TRIGGER rubric_once BEFORE INSERT ON rubric_version
    WHEN EXISTS (SELECT 1 FROM rubric_version WHERE hash = NEW.hash) BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER session_is_kept BEFORE UPDATE ON session BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
CREATE TRIGGER session_stays BEFORE DELETE ON session BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
CREATE TRIGGER session_once BEFORE INSERT ON session
    WHEN EXISTS (SELECT 1 FROM session WHERE evidence = NEW.evidence) BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER score_is_kept BEFORE UPDATE ON score BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
CREATE TRIGGER score_stays BEFORE DELETE ON score BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
CREATE TRIGGER score_once BEFORE INSERT ON score
    WHEN EXISTS (SELECT 1 FROM score WHERE evidence = NEW.evidence AND rubric = NEW.rubric AND scope = NEW.scope)
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER decision_is_kept BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
CREATE TRIGGER decision_stays BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
CREATE TRIGGER decision_once BEFORE INSERT ON decision
    WHEN EXISTS (SELECT 1 FROM decision WHERE id = NEW.id
                 OR (evidence = NEW.evidence AND coalesce(replaces, '') = coalesce(NEW.replaces, '')))
    BEGIN SELECT RAISE(IGNORE); END;
)";

// 3: what is to be sent, and the ways in which lists are asked for.
const char* const kSqliteOutbox = R"(
CREATE TABLE outbox(
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    payload TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'refused')),
    tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    trouble TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX outbox_by_state ON outbox(state, kind, seq);
CREATE INDEX session_by_candidate ON session(candidate, started);
CREATE INDEX session_by_start ON session(started, evidence);
)";

// 4: lists need a score's points and not its document, which SQLite would read whole, 30 kB, for each row that it compares: with
// 10,000 scores seconds instead of tenths.
const char* const kSqliteShort = R"(
CREATE INDEX score_in_short ON score(evidence, rubric, scope, total, pass_mark, pass);
CREATE INDEX decision_by_time ON decision(decided);
)";

}  // namespace records
