#pragma once

// The one interface to what is kept, whichever database keeps it: an SQLite file on a station, or a PostgreSQL server that a
// school's stations share. Rows are only added; adding what is there is no fault, adding something else under its name is told.

#include "training/records/connection.h"
#include "training/records/record.h"

#include <map>

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
    size_t most = 1'000'000;
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

    base::Result<std::vector<Candidate>> candidates();
    /// A row for each score, by start, then by evidence.
    base::Result<std::vector<Listed>> list(const Filter& filter = {});
    base::Result<std::vector<SessionResult>> results_of(const std::string& evidence);
    /// In the order in which they replace each other; the last one stands.
    base::Result<std::vector<Decision>> decisions_of(const std::string& evidence);
    /// The text of each rubric version by its hash.
    base::Result<std::map<std::string, std::string>> rubric_texts();
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
