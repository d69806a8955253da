// records: what is kept about sessions, on this station or on a school's server.

#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/evaluation.h"
#include "training/app/session_files.h"
#include "training/app/station_records.h"
#include "training/app/trust.h"

#include "engine/base/hash.h"
#include "training/core/decimal.h"
#include "training/core/utc.h"
#include "training/core/xapi.h"
#include "training/records/habits.h"
#include "training/records/handing_in.h"
#include "training/records/lrs.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

namespace app {

namespace {

constexpr size_t kShortHash = 12;  // letters of an evidence hash that people type

base::Result<records::Habits> load_habits() {
    return records::read_habits(records_file().parent_path() / "records.toml");
}

int refuse_receipt(const records::Receipt& receipt) {
    return refuse(base::Error{plain(receipt.why)});
}

/// 0..1, another on another machine.
double share_of_this_machine() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    return base::sha256(std::string_view(name.data())).bytes[0] / 255.0;
}

base::Result<records::Sending> send_waiting(records::Store& station, records::Transport& transport, double patience_s) {
    records::Outbox outbox(station);
    const auto patience = std::chrono::milliseconds(static_cast<int64_t>(patience_s * 1e3));
    return records::send_all(outbox, transport, records::pause_for(patience), share_of_this_machine());
}

/// What became of the outbox; the exit code.
int tell_sending(records::Store& station, const records::Sending& sending) {
    base::Result<records::Outbox::Counts> counts = records::Outbox(station).counts();
    if (!counts) return refuse(counts.error());
    fmt::print("sent {}, waiting {}, refused {}\n", sending.sent, counts->waiting, counts->refused);
    for (const std::string& sentence : sending.told) fmt::print(stderr, "evenhand: refused and put aside: {}\n", plain(sentence));
    if (!sending.trouble.empty()) fmt::print(stderr, "evenhand: {}\n", plain(sending.trouble));
    return !sending.trouble.empty() ? kUnusable : sending.refused != 0 ? kMismatch : kDone;
}

/// Where a result is kept first, and where it goes from there.
struct AddPlaces {
    records::Place station;
    std::optional<records::Place> onward;
};

/// A file named on the command line is the only place; a server is onward from this station's file, as `url` is.
base::Result<AddPlaces> places_of(const std::string& db, const std::string& url) {
    base::Result<records::Place> own = records::parse_place(records_file().string());
    if (!own) return own.error();
    const std::string& named = db.empty() ? url : db;
    if (named.empty()) return AddPlaces{*own, std::nullopt};
    base::Result<records::Place> place = records::parse_place(named);
    if (!place) return place.error();
    if (!db.empty() && !place->is_server()) return AddPlaces{*place, std::nullopt};
    return AddPlaces{*own, *place};
}

/// A recording, scored, as it is kept, and what is told of it elsewhere.
struct HandedIn {
    records::SessionResult result;
    std::vector<records::OutboxEntry> statements;
};

training::XapiFrame frame_of(const records::Habits& habits, const std::string& candidate, const std::string& station) {
    return {.home = habits.home, .actor = candidate, .platform = fmt::format("Evenhand {} {}", kVersion, station)};
}

base::Result<HandedIn> scored_for_records(const Options& options, const RecordsAddArguments& arguments, const records::Habits& habits) {
    const std::string& station = arguments.station.empty() ? habits.station : arguments.station;
    ProgressLine progress;
    base::Result<ScoredSession> session =
        score_file(options.places, arguments.recording, {arguments.rubric, arguments.scope}, progress.sink());
    if (!session) return session.error();
    const std::string& id = arguments.rubric.empty() ? session->stage->practice.rubric : arguments.rubric;
    base::Result<std::string> text = training::rubric_text(options.places, id);
    if (!text) return text.error();
    std::error_code ignored;
    HandedIn handed{records::session_result(session->recording, session->score, session->rubric, *text,
                                            {arguments.candidate, station, base::fs::absolute(arguments.recording, ignored)}), {}};
    const std::string& candidate = handed.result.session.candidate;
    if (habits.home.empty() || candidate.empty()) return handed;
    for (const training::XapiStatement& one : training::xapi_statements(session->recording, session->score, frame_of(habits, candidate, station)))
        handed.statements.push_back(records::statement_entry(one.id, "application/json", one.json));
    return handed;
}

/// A candidate's attempts, verified, and their mean.
base::Result<HandedIn> exam_for_records(const Options& options, const RecordsAddArguments& arguments, const records::Habits& habits) {
    if (!arguments.candidate.empty() || !arguments.rubric.empty() || !arguments.scope.empty())
        return base::error("records add: candidate, rubric and scope are the package's; leave out --candidate, --rubric and --scope");
    const auto package = training::load_exam(arguments.package);
    if (!package) return package.error();
    const auto trust = read_trust(arguments.trust);
    if (!trust) return trust.error();
    training::StageStore stages(options.places);
    const auto result = training::exam_result(*package, {arguments.recording}, *trust, stages);
    if (!result) return result.error();
    if (!result->holds()) return base::error("{}: is not kept, for not everything in it holds; `evenhand exam result` names what", arguments.recording);
    const auto rubric = training::load_rubric(options.places, package->rubric);
    if (!rubric) return rubric.error();
    const auto text = training::rubric_text(options.places, package->rubric);
    if (!text) return text.error();
    std::error_code ignored;
    const std::string& station = arguments.station.empty() ? habits.station : arguments.station;
    HandedIn handed{records::exam_session(*package, *result, *rubric, *text, {{}, station, base::fs::absolute(arguments.recording, ignored)}), {}};
    if (habits.home.empty()) return handed;
    if (const auto one = training::xapi_statement(*package, *result, frame_of(habits, result->candidate, station)))
        handed.statements.push_back(records::statement_entry(one->id, "application/json", one->json));
    return handed;
}

std::string session_line(const records::Listed& r) {
    return fmt::format("{}  {:<20}  {:<12}  {:<10}  {:<10}  {:<12}  {:<8}  {:>6}  {:<4}  {}", r.session.evidence.substr(0, kShortHash),
                       plain(r.session.started), plain(r.session.candidate), plain(r.cohort), plain(r.session.station), plain(r.session.case_id),
                       records::kind_name(r.session.kind), training::hundredths_text(r.score.total), r.score.pass ? "pass" : "fail",
                       r.verdict.empty() ? std::string("-") : fmt::format("{} by {}", r.verdict, plain(r.examiner)));
}

void print_result(const records::SessionResult& r) {
    fmt::print("  {} of 100 ({}), pass mark {}, by rubric {} {} ({})\n", training::hundredths_text(r.score.total), r.score.pass ? "pass" : "fail",
               training::hundredths_text(r.score.pass_mark), plain(r.rubric.id), plain(r.rubric.version), r.rubric.hash.substr(0, kShortHash));
}

void print_session(const records::Session& s) {
    fmt::print("session    {}\ncandidate  {}\ncase       {}, device {}, {}, attempt {}\nstarted    {}\nled by     {}\nstation    {}\nrecording  {}\n",
               s.evidence, plain(s.candidate), plain(s.case_id), plain(s.device_id), records::kind_name(s.kind), s.attempt, plain(s.started),
               plain(s.source), plain(s.station), plain(s.recording));
}

}  // namespace

int records_add(const Options& options, const RecordsAddArguments& arguments) {
    base::Result<records::Habits> habits = load_habits();
    if (!habits) return refuse(habits.error());
    base::Result<AddPlaces> where = places_of(arguments.db, habits->url);
    if (!where) return refuse(where.error());
    base::Result<records::Store> station = records::Store::open(where->station);
    if (!station) return refuse(station.error());
    base::Result<HandedIn> handed =
        arguments.package.empty() ? scored_for_records(options, arguments, *habits) : exam_for_records(options, arguments, *habits);
    if (!handed) return refuse(handed.error());
    const records::SessionResult& result = handed->result;
    const records::Receipt kept = records::keep_and_queue(*station, result, handed->statements);
    if (!kept.done()) return refuse_receipt(kept);
    fmt::print("{}: {} of 100, {}{}\n", result.session.evidence.substr(0, kShortHash), training::hundredths_text(result.score.total),
               result.score.pass ? "pass" : "fail", kept.kept == records::Kept::known ? " (kept before)" : "");
    if (!where->onward) return kDone;
    records::StoreTransport transport(*where->onward);
    base::Result<records::Sending> sending = send_waiting(*station, transport, 0);
    if (!sending) return refuse(sending.error());
    const int told = tell_sending(*station, *sending);
    return told == kUnusable ? kDone : told;  // it is kept, and `records send` sends it later
}

int records_list(const RecordsListArguments& arguments) {
    base::Result<records::Store> store = open_store(arguments.db);
    if (!store) return refuse(store.error());
    base::Result<std::vector<records::Listed>> rows = store->list({arguments.candidate, arguments.cohort, {}});
    if (!rows) return refuse(rows.error());
    for (const records::Listed& row : *rows) fmt::print("{}\n", session_line(row));
    return kDone;
}

int records_show(const std::string& db, const std::string& session) {
    base::Result<records::Store> store = open_store(db);
    if (!store) return refuse(store.error());
    base::Result<std::string> evidence = store->find(session);
    if (!evidence) return refuse(base::Error{plain(evidence.error().message)});
    base::Result<std::vector<records::SessionResult>> results = store->results_of(*evidence);
    if (!results) return refuse(results.error());
    base::Result<std::vector<records::Decision>> decisions = store->decisions_of(*evidence);
    if (!decisions) return refuse(decisions.error());
    if (!results->empty()) print_session(results->front().session);
    fmt::print("scores\n");
    for (const records::SessionResult& result : *results) print_result(result);
    if (!decisions->empty()) fmt::print("decisions, the last one stands\n");
    for (const records::Decision& d : *decisions) fmt::print("  {}  {} by {}: {}\n", plain(d.decided), d.verdict, plain(d.examiner), plain(d.reason));
    return kDone;
}

int records_decide(const RecordsDecideArguments& arguments) {
    base::Result<records::Store> store = open_store(arguments.db);
    if (!store) return refuse(store.error());
    base::Result<std::string> evidence = store->find(arguments.session);
    if (!evidence) return refuse(base::Error{plain(evidence.error().message)});
    base::Result<std::vector<records::Decision>> before = store->decisions_of(*evidence);
    if (!before) return refuse(before.error());
    const records::Decision decision =
        records::next_decision(*before, *evidence, arguments.examiner, arguments.decision, arguments.reason, training::utc_now());
    const bool server = store->connection().is_server();
    const records::Receipt kept = server ? store->decide(decision) : records::keep_and_queue(*store, decision);
    if (!kept.done()) return refuse_receipt(kept);
    fmt::print("{}: {} by {}{}\n", evidence->substr(0, kShortHash), decision.verdict, plain(decision.examiner),
               kept.kept == records::Kept::known ? " (decided so before)" : decision.replaces.empty() ? "" : ", correcting the decision before");
    return kDone;
}

/// The ways that were asked for, else those that are usual here.
static base::Result<std::vector<std::unique_ptr<records::Transport>>> ways_to_send(const RecordsSendArguments& arguments, const records::Habits& habits) {
    const bool usual = arguments.db.empty() && arguments.lrs.empty();
    const std::string &db = usual ? habits.url : arguments.db, &lrs = usual ? habits.lrs : arguments.lrs;
    std::vector<std::unique_ptr<records::Transport>> ways;
    if (!db.empty()) {
        base::Result<records::Place> place = records::parse_place(db);
        if (!place) return place.error();
        if (base::Status there = check_there(*place); !there) return there.error();
        ways.push_back(std::make_unique<records::StoreTransport>(*place));
    }
    if (!lrs.empty()) {
        base::Result<records::LrsPlace> place = records::parse_lrs(lrs);
        if (!place) return place.error();
        ways.push_back(std::make_unique<records::LrsTransport>(*place));
    }
    if (ways.empty())
        return base::error("no store to send to is named; give --db URL or --lrs URL, or url = \"…\" in records.toml beside {}", records_file().string());
    return ways;
}

int records_send(const RecordsSendArguments& arguments) {
    base::Result<records::Habits> habits = load_habits();
    if (!habits) return refuse(habits.error());
    auto ways = ways_to_send(arguments, *habits);
    if (!ways) return refuse(ways.error());
    base::Result<records::Store> station = open_store({});
    if (!station) return refuse(station.error());
    if (base::Status again = arguments.again ? records::Outbox(*station).again() : base::Status(); !again) return refuse(again.error());
    int worst = kDone;
    for (const auto& way : *ways) {
        base::Result<records::Sending> sending = send_waiting(*station, *way, arguments.patience_s);
        if (!sending) return refuse(sending.error());
        worst = std::max(worst, tell_sending(*station, *sending));
    }
    return worst;
}

int records_roster(const std::string& db, const std::string& file) {
    base::Result<std::vector<training::Member>> members = training::read_roster_csv(file);
    if (!members) return refuse(members.error());
    base::Result<records::Store> store = open_store(db);
    if (!store) return refuse(store.error());
    const records::Receipt enrolled = store->enrol(records::candidates_of(*members));
    if (!enrolled.done()) return refuse_receipt(enrolled);
    fmt::print("{} candidate{}; their names were not kept\n", members->size(), members->size() == 1 ? "" : "s");
    return kDone;
}

int records_results(const RecordsResultsArguments& arguments) {
    if (base::Status writable = arguments.output.empty() ? base::Status() : base::check_writable(arguments.output); !writable)
        return refuse(writable.error());
    base::Result<records::Store> store = open_store(arguments.db);
    if (!store) return refuse(store.error());
    base::Result<std::vector<records::Listed>> rows = store->list({arguments.candidate, arguments.cohort, {}});
    if (!rows) return refuse(rows.error());
    const std::string csv = records::results_csv(*rows);
    if (arguments.output.empty()) {
        fmt::print("{}", csv);
        return kDone;
    }
    const base::Status written = base::write_file(arguments.output, std::string_view(csv));
    return written ? kDone : refuse(written.error());
}

int records_setup(const std::string& db) {
    base::Result<records::Place> place = records::parse_place(db);
    if (!place) return refuse(place.error());
    if (base::Status made = records::Store::set_up(*place); !made) return refuse(made.error());
    fmt::print("{}: ready\n", place->name());
    return kDone;
}

}  // namespace app
