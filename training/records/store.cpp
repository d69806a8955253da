#include "training/records/store.h"

#include "training/core/csv.h"
#include "training/core/decimal.h"
#include "training/records/outbox.h"
#include "training/records/rows.h"
#include "training/records/schema.h"

#include <algorithm>

namespace records {

namespace {

Kept kept_of(Fate fate) {
    switch (fate) {
        case Fate::refused:
            return Kept::refused;
        case Fate::forbidden:
            return Kept::forbidden;
        case Fate::unreachable:
            return Kept::unreachable;
        case Fate::interrupted:
            break;
    }
    return Kept::interrupted;
}

/// What `work` says, or what went wrong.
template <typename Work>
Receipt receipt_of(Work work) {
    try {
        return work();
    } catch (const Trouble& trouble) {
        return {kept_of(trouble.fate), trouble.why};
    }
}

Value text_or_null(const std::string& text) {
    return text.empty() ? Value() : Value(text);
}

std::string number(int64_t value) {
    return fmt::format("{}", value);
}

/// A row that was not added: there with the same content, or with another.
Kept known_or_refused(const std::vector<Row>& same) {
    return !same.empty() && same[0][0] == "1" ? Kept::known : Kept::refused;
}

Kept add_session(Connection& c, const Session& s) {
    const std::string digest = digest_of(s);
    const std::vector<Value> values = {s.evidence, s.case_id, s.device_id, s.rubric, s.started, s.source, text_or_null(s.candidate),
                                       s.station, number(s.attempt), kind_name(s.kind), s.recording, digest};
    if (c.change("INSERT INTO session(evidence, case_id, device_id, rubric, started, source, candidate, station, attempt, kind, recording, "
                 "digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING", values) == 1)
        return Kept::added;
    const std::vector<Value> key = {s.evidence, digest};
    return known_or_refused(c.query(c.is_server() ? "SELECT same_session($1, $2)" : "SELECT digest = $2 FROM session WHERE evidence = $1", key));
}

Kept add_score(Connection& c, const ScoreRow& s) {
    const std::string digest = digest_of(s);
    const std::vector<Value> values = {s.evidence, s.rubric, s.scope, number(s.total), number(s.pass_mark), s.pass ? "1" : "0", s.document, digest};
    if (c.change("INSERT INTO score(evidence, rubric, scope, total, pass_mark, pass, document, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
                 "ON CONFLICT DO NOTHING", values) == 1)
        return Kept::added;
    const std::vector<Value> key = {s.evidence, s.rubric, s.scope, digest};
    return known_or_refused(c.query(
        c.is_server() ? "SELECT same_score($1, $2, $3, $4)" : "SELECT digest = $4 FROM score WHERE evidence = $1 AND rubric = $2 AND scope = $3", key));
}

void add_rubric(Connection& c, const RubricVersion& r) {
    const std::vector<Value> values = {r.hash, r.id, r.version, r.text};
    c.change("INSERT INTO rubric_version(hash, id, version, text) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", values);
}

void add_candidate(Connection& c, const std::string& code) {
    if (code.empty()) return;
    const std::vector<Value> values = {code};
    c.change("INSERT INTO candidate(code) VALUES ($1) ON CONFLICT DO NOTHING", values);
}

void put_all(Connection& c, std::span<const OutboxEntry> entries) {
    for (const OutboxEntry& entry : entries) put_entry(c, entry);
}

Receipt conflict(const Connection& c, const std::string& evidence) {
    return {Kept::refused, fmt::format("{}: session {} is kept already and says something else; compare with `evenhand records show {}`",
                                       c.name(), evidence.substr(0, 12), evidence.substr(0, 12))};
}

Receipt add_all(Connection& c, const SessionResult& result, std::span<const OutboxEntry> to_send) {
    Transaction transaction(c);
    add_candidate(c, result.session.candidate);
    add_rubric(c, result.rubric);
    const Kept session = add_session(c, result.session);
    if (session == Kept::refused) return conflict(c, result.session.evidence);
    const Kept score = add_score(c, result.score);
    if (score == Kept::refused) return conflict(c, result.session.evidence);
    put_all(c, to_send);
    transaction.commit();
    return {score, {}};
}

Receipt add_decision(Connection& c, const Decision& d, std::span<const OutboxEntry> to_send) {
    Transaction transaction(c);
    const std::vector<Value> values = {d.id, d.evidence, d.examiner, d.verdict, d.reason, d.decided, text_or_null(d.replaces)};
    const bool added = c.change("INSERT INTO decision(id, evidence, examiner, verdict, reason, decided, replaces) "
                                "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING", values) == 1;
    // The id follows from what it says, so an equal id is the same decision.
    const std::vector<Value> key = {d.id};
    if (!added && c.query("SELECT 1 FROM decision WHERE id = $1", key).empty())
        return {Kept::refused, fmt::format("{}: session {} was decided on by somebody else meanwhile; look with `evenhand records show {}` "
                                           "and decide anew", c.name(), d.evidence.substr(0, 12), d.evidence.substr(0, 12))};
    put_all(c, to_send);
    transaction.commit();
    return {added ? Kept::added : Kept::known, {}};
}

void check_set_up(Connection& connection) {
    if (!connection.is_server()) return migrate(connection);
    if (schema_version(connection) < newest_schema())
        throw Trouble{Fate::forbidden, fmt::format("{}: holds no records yet, or those of an older version; let its owner run "
                                                   "`evenhand records setup --db URL`", connection.name())};
}

SessionKind kind_of(const Value& name) {
    return name == "exam" ? SessionKind::exam : SessionKind::practice;
}

constexpr size_t kMostLookedAt = 1000;  // scores of sessions that begin alike

constexpr const char* kList = R"(
    SELECT s.evidence, s.case_id, s.device_id, s.rubric, s.started, s.source, s.candidate, s.station, s.attempt, s.kind, s.recording,
           p.cohort, r.id, r.version, k.rubric, k.scope, k.total, k.pass_mark, k.pass, d.verdict, d.examiner, d.reason, d.decided
    FROM session s JOIN score k ON k.evidence = s.evidence LEFT JOIN candidate p ON p.code = s.candidate
    LEFT JOIN rubric_version r ON r.hash = k.rubric
    LEFT JOIN decision d ON d.evidence = s.evidence AND NOT EXISTS (SELECT 1 FROM decision n WHERE n.evidence = d.evidence AND n.replaces = d.id)
)";

std::string list_statement(const Filter& filter) {
    const char* order = filter.newest_first ? "s.started DESC, s.evidence DESC, k.rubric, k.scope" : "s.started, s.evidence, k.rubric, k.scope";
    // A condition that may be empty would keep the database from an index.
    return fmt::format("{} WHERE {} AND {} AND substr(s.evidence, 1, length($3)) = $3{} ORDER BY {} LIMIT {} OFFSET {}", kList,
                       filter.candidate.empty() ? "$1 = ''" : "s.candidate = $1", filter.cohort.empty() ? "$2 = ''" : "p.cohort = $2",
                       filter.without_candidate ? " AND s.candidate IS NULL" : "", order, filter.most, filter.skip);
}

/// Servers order letters each by their own language; bytes are the same everywhere.
const char* by_bytes(const Connection& c) {
    return c.is_server() ? " COLLATE \"C\"" : "";
}

constexpr const char* kCohorts = R"(
    SELECT p.cohort, count(DISTINCT p.code), count(DISTINCT s.evidence), count(k.evidence), coalesce(sum(k.pass), 0), max(s.started)
    FROM candidate p LEFT JOIN session s ON s.candidate = p.code LEFT JOIN score k ON k.evidence = s.evidence
    GROUP BY p.cohort ORDER BY p.cohort = '', p.cohort)";

constexpr const char* kCandidatesWhere = "WHERE p.cohort = $1 AND ($2 = '' OR lower(p.code) LIKE lower($2) ESCAPE '!')";

std::string candidates_statement(const Connection& c, const CandidateFilter& filter) {
    const char* column = "p.code";
    switch (filter.order) {
        case CandidateOrder::code:
            break;
        case CandidateOrder::sessions:
            column = "count(DISTINCT s.evidence)";
            break;
        case CandidateOrder::last:
            column = "max(s.started)";
            break;
        case CandidateOrder::mean:
            column = "avg(k.total)";
            break;
        case CandidateOrder::best:
            column = "max(k.total)";
            break;
    }
    const bool letters = filter.order == CandidateOrder::code || filter.order == CandidateOrder::last;
    return fmt::format("SELECT p.code, p.cohort, count(DISTINCT s.evidence), count(k.evidence), coalesce(sum(k.pass), 0), "
                       "coalesce(sum(k.total), 0), coalesce(max(k.total), 0), max(s.started) "
                       "FROM candidate p LEFT JOIN session s ON s.candidate = p.code LEFT JOIN score k ON k.evidence = s.evidence {} "
                       "GROUP BY p.code, p.cohort ORDER BY {}{} {} NULLS LAST, p.code{} LIMIT {} OFFSET {}",
                       kCandidatesWhere, column, letters ? by_bytes(c) : "", filter.descending ? "DESC" : "ASC", by_bytes(c), filter.most,
                       filter.skip);
}

/// A pattern of LIKE that finds `part` anywhere and takes none of its letters for a sign.
std::string anywhere(const std::string& part) {
    if (part.empty()) return {};
    std::string pattern = "%";
    for (const char letter : part) {
        if (letter == '%' || letter == '_' || letter == '!') pattern += '!';
        pattern += letter;
    }
    return pattern + "%";
}

CandidateRow candidate_row(const Row& row) {
    const int64_t scores = integer(row[3]), sum = integer(row[5]);
    return {text(row[0]), text(row[1]), integer(row[2]), scores, integer(row[4]), scores == 0 ? 0 : (2 * sum + scores) / (2 * scores),
            integer(row[6]), text(row[7])};
}

constexpr const char* kDecisions = R"(
    SELECT d.id, d.evidence, d.examiner, d.verdict, d.reason, d.decided, d.replaces, s.candidate, p.cohort,
           CASE WHEN EXISTS (SELECT 1 FROM decision n WHERE n.evidence = d.evidence AND n.replaces = d.id) THEN 0 ELSE 1 END
    FROM decision d JOIN session s ON s.evidence = d.evidence LEFT JOIN candidate p ON p.code = s.candidate
    ORDER BY d.decided DESC, d.id LIMIT )";

Session session_of(const Row& row) {
    return {text(row[0]), text(row[1]), text(row[2]), text(row[3]), text(row[4]), text(row[5]), text(row[6]), text(row[7]),
            integer(row[8]), kind_of(row[9]), text(row[10])};
}

Listed listed_of(const Row& row) {
    Listed listed;
    listed.session = session_of(row);
    listed.cohort = text(row[11]);
    listed.rubric_id = text(row[12]);
    listed.rubric_version = text(row[13]);
    listed.score = {text(row[0]), text(row[14]), text(row[15]), integer(row[16]), integer(row[17]), row[18] == "1", {}};
    listed.verdict = text(row[19]);
    listed.examiner = text(row[20]);
    listed.reason = text(row[21]);
    listed.decided = text(row[22]);
    return listed;
}

SessionResult result_of_row(const Row& row) {
    return {session_of(row),
            {text(row[11]), text(row[12]), text(row[13]), text(row[14])},
            {text(row[0]), text(row[11]), text(row[15]), integer(row[16]), integer(row[17]), row[18] == "1", text(row[19])}};
}

/// Each after the one that it replaces.
std::vector<Decision> in_line(std::vector<Decision> decisions) {
    std::vector<Decision> line;
    for (bool found = true; found;) {
        const std::string last = line.empty() ? std::string() : line.back().id;
        const auto next = std::find_if(decisions.begin(), decisions.end(), [&](const Decision& d) { return d.replaces == last; });
        found = next != decisions.end();
        if (!found) break;
        line.push_back(std::move(*next));
        decisions.erase(next);
    }
    return line;
}

}  // namespace

Receipt Store::open(const Place& place, std::unique_ptr<Store>& store) {
    return receipt_of([&] {
        std::unique_ptr<Connection> connection = connect(place);
        check_set_up(*connection);
        store.reset(new Store(std::move(connection)));
        return Receipt{};
    });
}

base::Result<Store> Store::open(const Place& place) {
    std::unique_ptr<Store> store;
    const Receipt opened = open(place, store);
    if (!opened.done()) return base::Error{opened.why};
    return std::move(*store);
}

base::Status Store::set_up(const Place& place) {
    return result_of([&] { migrate(*connect(place)); });
}

Receipt Store::add(const SessionResult& result, std::span<const OutboxEntry> to_send) {
    if (base::Status fit = check(result); !fit) return {Kept::refused, fit.error().message};
    return receipt_of([&] { return add_all(*connection_, result, to_send); });
}

Receipt Store::decide(const Decision& decision, std::span<const OutboxEntry> to_send) {
    if (base::Status fit = check(decision); !fit) return {Kept::refused, fit.error().message};
    return receipt_of([&] { return add_decision(*connection_, decision, to_send); });
}

Receipt Store::enrol(std::span<const Candidate> candidates) {
    for (const Candidate& one : candidates)
        if (base::Status fit = check(one); !fit) return {Kept::refused, fit.error().message};
    return receipt_of([&] {
        Transaction transaction(*connection_);
        for (const Candidate& one : candidates) {
            const std::vector<Value> values = {one.code, one.cohort};
            connection_->change("INSERT INTO candidate(code, cohort) VALUES ($1, $2) ON CONFLICT (code) DO UPDATE SET cohort = excluded.cohort",
                                values);
        }
        transaction.commit();
        return Receipt{};
    });
}

base::Result<std::vector<Candidate>> Store::candidates() {
    return result_of([&] {
        std::vector<Candidate> all;
        for (const Row& row : connection_->query("SELECT code, cohort FROM candidate")) all.push_back({text(row[0]), text(row[1])});
        // Here, for servers order letters each by their own language.
        std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.code < b.code; });
        return all;
    });
}

base::Result<std::map<std::string, std::string>> Store::rubric_texts() {
    return result_of([&] {
        std::map<std::string, std::string> texts;
        for (const Row& row : connection_->query("SELECT hash, text FROM rubric_version")) texts.emplace(text(row[0]), text(row[1]));
        return texts;
    });
}

base::Status Store::only_read() {
    return result_of([&] {
        connection_->script(connection_->is_server() ? "SET default_transaction_read_only = on" : "PRAGMA query_only = ON");
    });
}

base::Result<std::vector<CohortRow>> Store::cohorts() {
    return result_of([&] {
        std::vector<CohortRow> all;
        for (const Row& row : connection_->query((std::string(kCohorts) + by_bytes(*connection_)).c_str()))
            all.push_back({text(row[0]), integer(row[1]), integer(row[2]), integer(row[3]), integer(row[4]), text(row[5])});
        return all;
    });
}

base::Result<CandidatePage> Store::candidates_of(const CandidateFilter& filter) {
    return result_of([&] {
        const std::vector<Value> values = {filter.cohort, anywhere(filter.part)};
        CandidatePage page;
        const std::string count = fmt::format("SELECT count(*) FROM candidate p {}", kCandidatesWhere);
        page.of = static_cast<size_t>(integer(connection_->query(count.c_str(), values).at(0).at(0)));
        for (const Row& row : connection_->query(candidates_statement(*connection_, filter).c_str(), values)) page.rows.push_back(candidate_row(row));
        return page;
    });
}

base::Result<std::optional<Candidate>> Store::candidate(const std::string& code) {
    return result_of([&]() -> std::optional<Candidate> {
        const std::vector<Value> values = {code};
        const std::vector<Row> rows = connection_->query("SELECT code, cohort FROM candidate WHERE code = $1", values);
        if (rows.empty()) return std::nullopt;
        return Candidate{text(rows[0][0]), text(rows[0][1])};
    });
}

base::Result<std::vector<DecisionRow>> Store::decisions(size_t most, size_t skip) {
    return result_of([&] {
        std::vector<DecisionRow> all;
        for (const Row& row : connection_->query(fmt::format("{}{} OFFSET {}", kDecisions, most, skip).c_str()))
            all.push_back({{text(row[0]), text(row[1]), text(row[2]), text(row[3]), text(row[4]), text(row[5]), text(row[6])}, text(row[7]),
                           text(row[8]), row[9] == "1"});
        return all;
    });
}

base::Result<std::vector<Listed>> Store::list(const Filter& filter) {
    return result_of([&] {
        const std::vector<Value> values = {filter.candidate, filter.cohort, filter.evidence};
        std::vector<Listed> all;
        for (const Row& row : connection_->query(list_statement(filter).c_str(), values)) all.push_back(listed_of(row));
        return all;
    });
}

base::Result<std::vector<SessionResult>> Store::results_of(const std::string& evidence) {
    return result_of([&] {
        const std::vector<Value> values = {evidence};
        std::vector<SessionResult> all;
        for (const Row& row : connection_->query(
                 "SELECT s.evidence, s.case_id, s.device_id, s.rubric, s.started, s.source, s.candidate, s.station, s.attempt, s.kind, "
                 "s.recording, r.hash, r.id, r.version, r.text, k.scope, k.total, k.pass_mark, k.pass, k.document "
                 "FROM session s JOIN score k ON k.evidence = s.evidence JOIN rubric_version r ON r.hash = k.rubric "
                 "WHERE s.evidence = $1 ORDER BY k.rubric, k.scope", values))
            all.push_back(result_of_row(row));
        return all;
    });
}

base::Result<std::vector<Decision>> Store::decisions_of(const std::string& evidence) {
    return result_of([&] {
        const std::vector<Value> values = {evidence};
        std::vector<Decision> all;
        for (const Row& row : connection_->query("SELECT id, evidence, examiner, verdict, reason, decided, replaces FROM decision WHERE evidence = $1", values))
            all.push_back({text(row[0]), text(row[1]), text(row[2]), text(row[3]), text(row[4]), text(row[5]), text(row[6])});
        return in_line(std::move(all));
    });
}

base::Result<std::string> Store::find(const std::string& beginning) {
    base::Result<std::vector<Listed>> found = list({{}, {}, beginning, kMostLookedAt});
    if (!found) return found.error();
    if (beginning.empty() || found->empty())
        return base::error("{}: no session begins with '{}'; see `evenhand records list`", name(), beginning);
    const std::string& evidence = found->front().session.evidence;
    const bool several = std::any_of(found->begin(), found->end(), [&](const Listed& one) { return one.session.evidence != evidence; });
    if (several) return base::error("{}: several sessions begin with '{}'; give more of its letters", name(), beginning);
    return evidence;
}

Decision next_decision(std::span<const Decision> before, const std::string& evidence, const std::string& examiner,
                       const std::string& verdict, const std::string& reason, const std::string& now) {
    if (!before.empty() && before.back().examiner == examiner && before.back().verdict == verdict && before.back().reason == reason)
        return before.back();
    Decision next{{}, evidence, examiner, verdict, reason, now, before.empty() ? std::string() : before.back().id};
    next.id = decision_id(next);
    return next;
}

std::string results_csv(std::span<const Listed> rows) {
    std::string csv = "evidence,candidate,cohort,station,kind,attempt,case,device,source,started,rubric,rubric_version,total,pass_mark,pass,"
                      "decision,examiner,reason,decided\r\n";
    using training::csv_cell;
    for (const Listed& r : rows)
        csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", r.session.evidence, csv_cell(r.session.candidate),
                           csv_cell(r.cohort), csv_cell(r.session.station), kind_name(r.session.kind), r.session.attempt,
                           csv_cell(r.session.case_id), csv_cell(r.session.device_id), csv_cell(r.session.source), csv_cell(r.session.started),
                           csv_cell(r.rubric_id), csv_cell(r.rubric_version), training::hundredths_text(r.score.total), training::hundredths_text(r.score.pass_mark),
                           r.score.pass ? "yes" : "no", r.verdict, csv_cell(r.examiner), csv_cell(r.reason), csv_cell(r.decided));
    return csv;
}

}  // namespace records
