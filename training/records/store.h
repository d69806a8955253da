#pragma once

// The one interface to what is kept, whichever database keeps it: an SQLite file on a station, or a PostgreSQL server that a
// school's stations share. Rows are only added; adding what is there is no fault, adding something else under its name is told.

#include "training/records/connection.h"
#include "training/records/record.h"

#include <map>
#include <optional>

namespace records {

/// What became of something handed in.
enum class Kept : uint8_t {
    added,
    known,        ///< was there already, the same
    refused,      ///< never will be: it is broken, or another is kept under its name
    forbidden,    ///< not by this account, or not in this store as it is: somebody must mend something first
    unreachable,  ///< nobody answered
    interrupted   ///< broke off; perhaps kept. Handing it in again settles it
};
struct Receipt {
    Kept kept = Kept::added;
    std::string why;  ///< one sentence unless added or known; without passwords

    bool done() const { return kept == Kept::added || kept == Kept::known; }
};

/// Something to be sent elsewhere later (outbox.h).
struct OutboxEntry {
    std::string id;       ///< made before it is first written (id_of): sending it twice is sending it once
    std::string kind;     ///< who takes it: "result", "decision", …
    std::string payload;  ///< whatever that one reads
};

/// A session as lists show it.
struct Listed {
    Session session;
    std::string cohort;
    std::string rubric_id, rubric_version;  ///< of the score
    ScoreRow score;                         ///< without document
    std::string verdict, examiner, reason, decided;  ///< of the decision that stands; empty without one
};

struct Filter {
    std::string candidate, cohort, evidence;  ///< empty = any; `evidence`: the first letters are enough
    size_t most = 1'000'000, skip = 0;
    bool newest_first = false;
    bool without_candidate = false;  ///< only sessions that name nobody
};

/// What a cohort has come to.
struct CohortRow {
    std::string cohort;                            ///< empty: candidates that nobody put into one
    int64_t candidates = 0, sessions = 0;
    int64_t scores = 0, passed = 0;                ///< a session has one score for each rubric and scope
    std::string last;                              ///< start of the newest session; empty without one

    bool operator==(const CohortRow&) const = default;
};

/// What a candidate has come to.
struct CandidateRow {
    std::string code, cohort;
    int64_t sessions = 0, scores = 0, passed = 0;
    int64_t mean = 0, best = 0;                    ///< of the totals, hundredths; 0 without a score
    std::string last;                              ///< start of the newest session; empty without one

    bool operator==(const CandidateRow&) const = default;
};

enum class CandidateOrder : uint8_t { code, sessions, last, mean, best };
struct CandidateFilter {
    std::string cohort;
    std::string part;                              ///< letters somewhere in the code, small or capital; empty = any
    CandidateOrder order = CandidateOrder::code;   ///< rows without a value come last either way; equal ones by code
    bool descending = false;
    size_t most = 50, skip = 0;
};
struct CandidatePage {
    std::vector<CandidateRow> rows;
    size_t of = 0;                                 ///< how many there are without `most` and `skip`
};

/// A decision and whom it concerns.
struct DecisionRow {
    Decision decision;
    std::string candidate, cohort;                 ///< may be empty
    bool stands = false;                           ///< nothing has replaced it
};

class Store {
  public:
    /// A file is made or brought up to date; a server must have been set up. Errors are one sentence.
    static base::Result<Store> open(const Place& place);
    /// As open(), with the fate of a server that cannot be had.
    static Receipt open(const Place& place, std::unique_ptr<Store>& store);
    /// Makes tables, roles and rights of a server, or brings them up to date. Only its owner can. A file is opened.
    static base::Status set_up(const Place& place);

    /// One transaction: candidate (without a cohort, if new), rubric, session, score, and in a file what is to be sent. A session
    /// that is known takes a score by another rubric.
    Receipt add(const SessionResult& result, std::span<const OutboxEntry> to_send = {});
    Receipt decide(const Decision& decision, std::span<const OutboxEntry> to_send = {});
    /// New candidates are added, known ones take the cohort given. All of them or none.
    Receipt enrol(std::span<const Candidate> candidates);

    /// From here on this connection only reads: the database itself refuses to write for it.
    base::Status only_read();

    base::Result<std::vector<Candidate>> candidates();
    /// By name; the one without a name last.
    base::Result<std::vector<CohortRow>> cohorts();
    /// Of one cohort.
    base::Result<CandidatePage> candidates_of(const CandidateFilter& filter);
    /// None where nobody has this code.
    base::Result<std::optional<Candidate>> candidate(const std::string& code);
    /// A row for each score, by start, then by evidence; the other way round with `newest_first`.
    base::Result<std::vector<Listed>> list(const Filter& filter = {});
    base::Result<std::vector<SessionResult>> results_of(const std::string& evidence);
    /// In the order in which they replace each other; the last one stands.
    base::Result<std::vector<Decision>> decisions_of(const std::string& evidence);
    /// The text of each rubric version by its hash.
    base::Result<std::map<std::string, std::string>> rubric_texts();
    /// Everybody's, the newest first.
    base::Result<std::vector<DecisionRow>> decisions(size_t most, size_t skip = 0);
    /// The one session whose evidence hash begins so. Refuses none, and several.
    base::Result<std::string> find(const std::string& beginning);

    const std::string& name() const { return connection_->name(); }
    /// For outbox.h and tests.
    Connection& connection() { return *connection_; }

  private:
    explicit Store(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
    std::unique_ptr<Connection> connection_;
};

/// A decision on a session, after those that are there: it replaces the last one. The same word again is the same decision.
Decision next_decision(std::span<const Decision> before, const std::string& evidence, const std::string& examiner,
                       const std::string& verdict, const std::string& reason, const std::string& now);

/// Everything listed as a table: evidence,candidate,cohort,station,kind,attempt,case,device,source,started,rubric,
/// rubric_version,total,pass_mark,pass,decision,examiner,reason,decided. Points of 100; texts safe for spreadsheets.
std::string results_csv(std::span<const Listed> rows);

}  // namespace records
