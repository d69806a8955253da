#pragma once

// What is kept about training and exams, as plain values: who, what was done, what it scored by which rubric, and what an
// examiner decided. Nothing in them is ever changed once it is kept, but a candidate's cohort; what is the same is known by its
// natural id (evidence hash, rubric hash, decision id), so that handing it in twice keeps it once.
//
// Of a person only a code is kept. Names belong to the roster of whoever runs the course.

#include "engine/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace records {

struct Candidate {
    std::string code;    ///< 1..64 bytes, as recordings name the trainee (training::check_trainee)
    std::string cohort;  ///< may be empty

    bool operator==(const Candidate&) const = default;
};

struct RubricVersion {
    std::string hash;              ///< SHA-256 of `text`
    std::string id, version;       ///< as the text says
    std::string text;              ///< TOML

    bool operator==(const RubricVersion&) const = default;
};

enum class SessionKind : uint8_t { practice, exam };
const char* kind_name(SessionKind kind);

struct Session {
    std::string evidence;              ///< hash: what was done, whoever kept it
    std::string case_id, device_id;
    std::string rubric;                ///< hash of the one that it was first judged by
    std::string started;               ///< UTC, ISO 8601
    std::string source;                ///< what led the pen
    std::string candidate;             ///< code; may be empty for practice
    std::string station;               ///< which machine; may be empty
    int64_t attempt = 1;               ///< 1..1000
    SessionKind kind = SessionKind::practice;
    std::string recording;             ///< where the station keeps the file; may be empty

    bool operator==(const Session&) const = default;
};

struct ScoreRow {
    std::string evidence, rubric, scope;  ///< hashes
    int64_t total = 0, pass_mark = 0;     ///< hundredths of 100 points, 0..10000
    bool pass = false;
    std::string document;                 ///< as `score --json` prints it

    bool operator==(const ScoreRow&) const = default;
};

/// What a station hands in: one session and its score by one rubric.
struct SessionResult {
    Session session;
    RubricVersion rubric;
    ScoreRow score;

    bool operator==(const SessionResult&) const = default;
};

/// An examiner's word on a session. A correction is another decision that names the one it replaces.
struct Decision {
    std::string id;        ///< made from all the rest but `decided`: the same word in the same place is the same decision
    std::string evidence;  ///< of the session
    std::string examiner;  ///< name as they gave it
    std::string verdict;   ///< pass, fail or void
    std::string reason;
    std::string decided;   ///< UTC, ISO 8601
    std::string replaces;  ///< id of the decision before; empty for the first

    bool operator==(const Decision&) const = default;
};

/// Longest texts, in bytes.
inline constexpr size_t kMostCode = 64, kMostName = 120, kMostSource = 400, kMostPath = 4096, kMostReason = 4000,
                        kMostRubric = 1u << 20, kMostDocument = 4u << 20;
inline constexpr int64_t kMostAttempts = 1000, kMostPoints = 10'000;

/// What is wrong, as one sentence that says what to do; done when nothing is. Refused: hashes that are not 64 small hexadecimal
/// digits, texts that are too long or no UTF-8 or hold a zero byte, numbers out of range, parts that speak of different
/// sessions, a rubric whose text has another hash, an exam without a candidate.
base::Status check(const Candidate& candidate);
base::Status check(const SessionResult& result);
base::Status check(const Decision& decision);

/// What a kept row is compared by: all that follows from the evidence and who did it. Not the station, the file's place and
/// the rubric that came first: the same session may be handed in by two stations.
std::string digest_of(const Session& session);
std::string digest_of(const ScoreRow& score);
std::string digest_of(const Decision& decision);

/// A stable id of a thing that has a name of its own: a UUID in form, the same wherever and however often it is made.
/// `kind` keeps equal names of different things apart.
std::string id_of(std::string_view kind, std::string_view name);
std::string decision_id(const Decision& decision);

/// JSON for the way to another store, and back. Reading checks as check() does.
std::string to_json(const SessionResult& result);
std::string to_json(const Decision& decision);
base::Result<SessionResult> result_from_json(std::string_view text);
base::Result<Decision> decision_from_json(std::string_view text);

}  // namespace records
