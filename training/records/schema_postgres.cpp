#include "training/records/schema_text.h"

namespace records {

// 1: the tables, in a schema of their own.
const char* const kPostgresTables = R"(
CREATE SCHEMA IF NOT EXISTS evenhand;
CREATE TABLE evenhand.schema_version(version integer PRIMARY KEY);
CREATE TABLE evenhand.candidate(
    code text PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 64),
    cohort text NOT NULL DEFAULT '' CHECK (length(cohort) <= 120),
    added_by text NOT NULL DEFAULT current_user);
CREATE TABLE evenhand.rubric_version(
    hash text PRIMARY KEY CHECK (length(hash) = 64),
    id text NOT NULL CHECK (length(id) BETWEEN 1 AND 120),
    version text NOT NULL CHECK (length(version) <= 120),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 1048576),
    added_by text NOT NULL DEFAULT current_user);
CREATE TABLE evenhand.session(
    evidence text PRIMARY KEY CHECK (length(evidence) = 64),
    case_id text NOT NULL CHECK (length(case_id) BETWEEN 1 AND 120),
    device_id text NOT NULL CHECK (length(device_id) BETWEEN 1 AND 120),
    rubric text NOT NULL REFERENCES evenhand.rubric_version(hash),
    started text NOT NULL CHECK (length(started) BETWEEN 1 AND 120),
    source text NOT NULL CHECK (length(source) BETWEEN 1 AND 400),
    candidate text REFERENCES evenhand.candidate(code),
    station text NOT NULL CHECK (length(station) <= 120),
    attempt bigint NOT NULL CHECK (attempt BETWEEN 1 AND 1000),
    kind text NOT NULL CHECK (kind IN ('practice', 'exam')),
    recording text NOT NULL CHECK (length(recording) <= 4096),
    digest text NOT NULL CHECK (length(digest) = 64),
    added_by text NOT NULL DEFAULT current_user);
CREATE TABLE evenhand.score(
    evidence text NOT NULL REFERENCES evenhand.session(evidence),
    rubric text NOT NULL REFERENCES evenhand.rubric_version(hash),
    scope text NOT NULL CHECK (length(scope) = 64),
    total bigint NOT NULL CHECK (total BETWEEN 0 AND 10000),
    pass_mark bigint NOT NULL CHECK (pass_mark BETWEEN 0 AND 10000),
    pass bigint NOT NULL CHECK (pass IN (0, 1)),
    document text NOT NULL CHECK (length(document) BETWEEN 1 AND 4194304),
    digest text NOT NULL CHECK (length(digest) = 64),
    added_by text NOT NULL DEFAULT current_user,
    PRIMARY KEY (evidence, rubric, scope));
CREATE TABLE evenhand.decision(
    id text PRIMARY KEY CHECK (length(id) = 36),
    evidence text NOT NULL REFERENCES evenhand.session(evidence),
    examiner text NOT NULL CHECK (length(examiner) BETWEEN 1 AND 120),
    verdict text NOT NULL CHECK (verdict IN ('pass', 'fail', 'void')),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 4000),
    decided text NOT NULL CHECK (length(decided) BETWEEN 1 AND 120),
    replaces text,
    added_by text NOT NULL DEFAULT current_user,
    UNIQUE (id, evidence),
    FOREIGN KEY (replaces, evidence) REFERENCES evenhand.decision(id, evidence));
CREATE UNIQUE INDEX decision_in_line ON evenhand.decision(evidence, coalesce(replaces, ''));
)";

// 2: rows are only added, by the owner too; what each role may. A station adds what is its own and sees nothing else: whether a
// row that it hands in is there already, with the same content, two functions tell it.
const char* const kPostgresRights = R"(
CREATE FUNCTION evenhand.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'rows are only added'; END $$;
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON evenhand.rubric_version
    FOR EACH STATEMENT EXECUTE FUNCTION evenhand.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON evenhand.session
    FOR EACH STATEMENT EXECUTE FUNCTION evenhand.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON evenhand.score
    FOR EACH STATEMENT EXECUTE FUNCTION evenhand.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON evenhand.decision
    FOR EACH STATEMENT EXECUTE FUNCTION evenhand.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OF code OR DELETE OR TRUNCATE ON evenhand.candidate
    FOR EACH STATEMENT EXECUTE FUNCTION evenhand.refuse_change();

DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['evenhand_station', 'evenhand_instructor', 'evenhand_examiner', 'evenhand_auditor'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION evenhand.same_session(of_evidence text, of_digest text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = evenhand, pg_temp AS
    $$ SELECT CASE WHEN digest = of_digest THEN 1 ELSE 0 END FROM session WHERE evidence = of_evidence $$;
CREATE FUNCTION evenhand.same_score(of_evidence text, of_rubric text, of_scope text, of_digest text) RETURNS bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = evenhand, pg_temp AS
    $$ SELECT CASE WHEN digest = of_digest THEN 1 ELSE 0 END FROM score
       WHERE evidence = of_evidence AND rubric = of_rubric AND scope = of_scope $$;

REVOKE ALL ON SCHEMA evenhand FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA evenhand FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA evenhand FROM PUBLIC;
GRANT USAGE ON SCHEMA evenhand TO evenhand_station, evenhand_instructor, evenhand_examiner, evenhand_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA evenhand TO evenhand_instructor, evenhand_examiner, evenhand_auditor;
GRANT SELECT ON evenhand.schema_version, evenhand.candidate, evenhand.rubric_version, evenhand.session, evenhand.score, evenhand.decision
    TO evenhand_station;
GRANT INSERT ON evenhand.candidate, evenhand.rubric_version, evenhand.session, evenhand.score TO evenhand_station;
GRANT EXECUTE ON FUNCTION evenhand.same_session(text, text), evenhand.same_score(text, text, text, text) TO evenhand_station;
GRANT INSERT ON evenhand.candidate TO evenhand_instructor;
GRANT UPDATE (cohort) ON evenhand.candidate TO evenhand_instructor;
GRANT INSERT ON evenhand.decision TO evenhand_examiner;

ALTER TABLE evenhand.candidate ENABLE ROW LEVEL SECURITY;
ALTER TABLE evenhand.rubric_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE evenhand.session ENABLE ROW LEVEL SECURITY;
ALTER TABLE evenhand.score ENABLE ROW LEVEL SECURITY;
ALTER TABLE evenhand.decision ENABLE ROW LEVEL SECURITY;

CREATE POLICY station_adds ON evenhand.candidate FOR INSERT TO evenhand_station, evenhand_instructor WITH CHECK (added_by = current_user);
CREATE POLICY station_adds ON evenhand.rubric_version FOR INSERT TO evenhand_station WITH CHECK (added_by = current_user);
CREATE POLICY station_adds ON evenhand.session FOR INSERT TO evenhand_station WITH CHECK (added_by = current_user);
CREATE POLICY station_adds ON evenhand.score FOR INSERT TO evenhand_station WITH CHECK (added_by = current_user);
CREATE POLICY examiner_adds ON evenhand.decision FOR INSERT TO evenhand_examiner WITH CHECK (added_by = current_user);
CREATE POLICY instructor_moves ON evenhand.candidate FOR UPDATE TO evenhand_instructor USING (true) WITH CHECK (true);

CREATE POLICY own_rows ON evenhand.candidate FOR SELECT TO evenhand_station USING (added_by = current_user);
CREATE POLICY own_rows ON evenhand.rubric_version FOR SELECT TO evenhand_station USING (added_by = current_user);
CREATE POLICY own_rows ON evenhand.session FOR SELECT TO evenhand_station USING (added_by = current_user);
CREATE POLICY own_rows ON evenhand.score FOR SELECT TO evenhand_station USING (added_by = current_user);
CREATE POLICY all_rows ON evenhand.candidate FOR SELECT TO evenhand_instructor, evenhand_examiner, evenhand_auditor USING (true);
CREATE POLICY all_rows ON evenhand.rubric_version FOR SELECT TO evenhand_instructor, evenhand_examiner, evenhand_auditor USING (true);
CREATE POLICY all_rows ON evenhand.session FOR SELECT TO evenhand_instructor, evenhand_examiner, evenhand_auditor USING (true);
CREATE POLICY all_rows ON evenhand.score FOR SELECT TO evenhand_instructor, evenhand_examiner, evenhand_auditor USING (true);
CREATE POLICY all_rows ON evenhand.decision FOR SELECT TO evenhand_instructor, evenhand_examiner, evenhand_auditor USING (true);
)";

// 3: the ways in which lists are asked for.
const char* const kPostgresIndexes = R"(
CREATE INDEX session_by_candidate ON evenhand.session(candidate, started);
CREATE INDEX session_by_start ON evenhand.session(started, evidence);
)";

// 4: decisions by time. Documents lie outside their rows here, and need no short form.
const char* const kPostgresShort = R"(
CREATE INDEX decision_by_time ON evenhand.decision(decided);
)";

}  // namespace records
