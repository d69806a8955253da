// exam: packages of a certification body, attempts at a station, and what they come to.

#include "training/app/application.h"
#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/evaluation.h"
#include "training/app/exam_seat.h"
#include "training/app/exam_sitting.h"
#include "training/app/headless.h"
#include "training/app/own_key.h"
#include "training/app/passphrase.h"
#include "training/app/station_journals.h"
#include "training/app/stamping.h"
#include "training/app/trust.h"

#include "engine/base/foreign_words.h"
#include "training/core/decimal.h"
#include "training/core/exam_attempts.h"
#include "training/core/exam_make.h"
#include "training/core/exam_result.h"
#include "training/core/utc.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace app {

namespace {

using training::ExamPackage;

std::string exam_words(const ExamPackage& package) {
    std::vector<std::string> cases;
    for (const training::ExamCase& one : package.cases) cases.push_back(one.id);
    return fmt::format(
        "exam          {}: {}\nbody          {} ({})\nfollows       {}\nheld          from {} to {}\ncases         {}\ndevices       {}\n"
        "judged by     rubric {}, scope {}\nattempts      {}, the mean counts; a critical fault or floor in one fails the exam\n"
        "limits        {} s an attempt, {} s of pauses, {} s to go on after a power cut; no aids\nscore         {}\n"
        "content       {} files, {} builds of the program\nnonce         {}\npackage       {}\n",
        package.id, package.title, package.body_name, training::key_id(package.body), package.source, package.from, package.until,
        fmt::join(cases, ", "), fmt::join(package.devices, ", "), package.rubric, package.scope, package.attempts, package.time_limit_s,
        package.pause_limit_s, package.resume_limit_s, package.tells_score ? "told at once" : "not told to the candidate", package.files.size(),
        package.programs.size(), package.nonce, package.hash.hex());
}

base::Status check_exam_choice(const PerformArguments& arguments) {
    if (!arguments.practice.empty() || !arguments.trainee.empty() || !arguments.nonce.empty())
        return base::error("perform: case, trainee and nonce come from the package and --candidate; leave out --case, --trainee and --nonce");
    return check_hand(arguments);
}

/// Ends the hand where the attempt's time is up, and leaves what the part before has.
base::Result<training::Performance> rest_of(const training::Performance& whole, const ExamPackage& package, const training::NextAttempt& next) {
    training::Performance rest = whole;
    const auto limit_us = static_cast<uint32_t>(package.time_limit_s) * 1'000'000u;
    std::erase_if(rest.samples, [&](const input::PenSample& sample) { return sample.time_us > limit_us; });
    std::erase_if(rest.events, [&](const input::ProcedureEvent& event) { return event.time_us > limit_us; });
    if (!next.cut) return rest;
    const training::Recording& before = next.cut->recording;
    const size_t samples = before.samples.size(), events = before.events.size() - training::exam_events(before);
    const bool same = samples <= rest.samples.size() && events <= rest.events.size() &&
                      std::equal(before.samples.begin(), before.samples.end(), rest.samples.begin());
    if (!same)
        return base::error("{}: this attempt was begun with another pen's path; go on with that one", next.cut->file.string());
    rest.samples.erase(rest.samples.begin(), rest.samples.begin() + static_cast<ptrdiff_t>(samples));
    rest.events.erase(rest.events.begin(), rest.events.begin() + static_cast<ptrdiff_t>(events));
    return rest;
}

base::Result<Hand> exam_hand(const PerformArguments& arguments, const ExamPackage& package, const training::NextAttempt& next,
                             const training::Stage& stage) {
    PerformArguments seeded = arguments;
    if (!arguments.skill.empty() && !arguments.seed) seeded.seed = static_cast<uint64_t>(package.seeds[static_cast<size_t>(next.attempt - 1)]);
    auto hand = read_hand(seeded, stage);
    if (!hand) return hand.error();
    auto rest = rest_of(hand->performance, package, next);
    if (!rest) return rest.error();
    hand->performance = std::move(*rest);
    return hand;
}

/// What is told when an attempt was handed in.
void tell_attempt(const ExamPackage& package, const training::NextAttempt& next, const training::Sealer& sealer) {
    fmt::print("{}: attempt {} of {} of the exam {} is handed in\n", next.file.string(), next.attempt, package.attempts, package.id);
    if (next.cut) fmt::print("it went on {} s after it was cut off\n", next.gap_s);
    if (sealer.mark()) fmt::print("sealed; the code of {:.1f} s is {}\n", sealer.mark()->time_us / 1e6, sealer.mark()->code);
}

base::Status tell_score(const Options& options, const ExamPackage& package, const training::NextAttempt& next) {
    const auto scored = score_file(options.places, next.file, {package.rubric, package.scope});
    if (!scored) return scored.error();
    fmt::print("{} of 100\n", training::hundredths_text(scored->score.total));
    return {};
}

/// The session has ended when this returns, and nothing of it is written any more.
base::Status feed_whole(const training::Performance& performance, training::Session session, ProgressLine& progress) {
    if (base::Status fed = feed(performance, session, progress); !fed) return fed;
    return session.finish();
}

base::Status perform_attempt(const Options& options, const PerformArguments& arguments, ExamSeat& seat) {
    const auto passphrase = read_passphrase(arguments.passphrase_file, fmt::format("passphrase of {}", seat.station));
    if (!passphrase) return passphrase.error();
    const auto sealer = exam_sealer(seat, passphrase->text());
    if (!sealer) return sealer.error();
    ProgressLine progress;
    const auto stage = exam_stage(options, seat, arguments.device, progress.sink());
    if (!stage) return stage.error();
    const auto hand = exam_hand(arguments, seat.package, seat.next, **stage);
    if (!hand) return hand.error();
    const base::Result<bool> still = seat.look_again();
    if (!still) return still.error();
    if (!*still)
        return base::error("{}: the time in which the attempt could go on ran out while it was made ready; give the command again for the next one",
                           seat.next.file.parent_path().string());
    const auto header = training::make_header(**stage, hand->source, seat.candidate);
    training::JournalNotes notes = exam_notes(seat, *sealer);
    auto session = training::begin_attempt(seat.next, *stage, header, seat.program, *sealer, &notes);
    if (!session) return session.error();
    const base::Status performed = feed_whole(hand->performance, std::move(*session), progress);
    const base::Status noted = notes.note(performed ? training::JournalEntry::What::handed_in : training::JournalEntry::What::cut_off);
    if (!performed) return performed;
    progress.clear();
    tell_attempt(seat.package, seat.next, **sealer);
    if (!noted) fmt::print(stderr, "{}\n", noted.error().message);  // what was handed in is whole all the same
    return seat.package.tells_score ? tell_score(options, seat.package, seat.next) : base::Status();
}

base::Result<base::fs::path> journal_place(const ExamJournalArguments& arguments) {
    if (!arguments.file.empty()) return base::fs::path(arguments.file);
    const auto name = own_key_name(training::KeyRole::station, arguments.key);
    if (!name) return name.error();
    const base::fs::path file = training::journal_file(training::keys_folder(), *name);
    std::error_code code;
    if (!base::fs::exists(file, code) && !code) return base::error("{}: is not there yet: {} has held no exam; name another with --file", file.string(), *name);
    return file;
}

/// "   12  2026-11-22T23:10:01Z  board-2026  K-17  attempt 1 (part 2)  handed in  KDWM-RTXA"
std::string journal_line(const training::JournalEntry& entry) {
    std::string what = training::what_name(entry.what);
    std::ranges::replace(what, '_', ' ');
    return fmt::format("{:5}  {}  {}  {}  attempt {} (part {})  {}{}", entry.number, entry.utc, base::plain(entry.exam), base::plain(entry.candidate), entry.attempt, entry.part, what,
                       entry.link == base::Hash() ? "" : "  " + training::seal_code(entry.link));
}

/// Sealed recordings of files and of folders with all that is in them. Those that are no exam's are none of anybody's business here.
base::Result<std::vector<training::KeptPart>> kept_parts(const std::vector<std::string>& places) {
    std::vector<base::fs::path> files;
    for (const std::string& place : places) {
        std::error_code code;
        if (!base::fs::is_directory(place, code)) {
            files.push_back(place);
            continue;
        }
        for (base::fs::recursive_directory_iterator entry(place, code), end; !code && entry != end; entry.increment(code))
            if (entry->path().extension() == ".evh") files.push_back(entry->path());
        if (code) return base::error("{}: cannot be read: {}", place, base::system_error(code));
    }
    std::vector<training::KeptPart> kept;
    for (const base::fs::path& file : files) {
        const auto recording = training::load_recording(file);
        if (!recording) return recording.error();
        auto part = training::kept_part(file, *recording);
        if (!part) continue;
        part->file = file.string();  // of many folders, in which all have the same names
        kept.push_back(std::move(*part));
    }
    return kept;
}

}  // namespace

int exam_sit(const Options& options, const ExamSitArguments& arguments) {
    if (arguments.package.empty()) return refuse(base::error("exam: give --package P.evx and --candidate CODE, or one of make, show and result"));
    auto seat = take_seat(options, arguments.package, arguments.candidate, arguments.key, arguments.output);
    if (!seat) return refuse(seat.error());
    fmt::print("{}: the attempts of {}\n", seat->next.file.parent_path().string(), seat->candidate);
    return run_application(options, std::make_shared<ExamSitting>(ExamSitting{std::move(*seat)}));
}

int exam_make(const Options& options, const ExamMakeArguments& arguments) {
    if (base::Status writable = base::check_writable(arguments.output); !writable) return refuse(writable.error());
    auto plan = training::read_exam_plan(options.places, base::fs::path(arguments.plan));
    if (!plan) return refuse(plan.error());
    const auto body = open_own_key(training::KeyRole::body, arguments.key, arguments.passphrase_file);
    if (!body) return refuse(body.error());
    const auto document = training::make_exam(std::move(*plan), *body);
    if (!document) return refuse(document.error());
    if (base::Status written = base::write_file(arguments.output, std::string_view(*document + "\n")); !written) return refuse(written.error());
    fmt::print("{}: the exam {}, signed by {}; stations need it and the body's public key\n", arguments.output, training::parse_exam(*document, "it")->id,
               body->who.name);
    return kDone;
}

int exam_show(const Options& options, const ExamShowArguments& arguments) {
    const auto package = training::load_exam(arguments.package);
    if (!package) return refuse(package.error());
    const auto here = this_station(options, arguments.key);
    if (!here) return refuse(here.error());
    fmt::print("{}", exam_words(*package));
    const training::Standing standing = training::standing_of(*package, here->trust);
    fmt::print("signature     {}: {}\n", standing.holds ? "holds" : "FAILS", standing.words);
    const base::Status ready = training::check_station(*package, *here, training::utc_now());
    fmt::print("here and now  {}\n", ready ? "this station may hold it" : "not held: " + ready.error().message);
    return standing.holds ? kDone : kMismatch;
}

int exam_result(const Options& options, const ExamResultArguments& arguments) {
    const auto package = training::load_exam(arguments.package);
    if (!package) return refuse(package.error());
    const auto trust = read_trust(arguments.trust);
    if (!trust) return refuse(trust.error());
    const auto journals = read_journals(arguments.journals);
    if (!journals) return refuse(journals.error());
    training::StageStore stages(options.places);
    const auto result = training::exam_result(*package, {arguments.places.begin(), arguments.places.end()}, *trust, stages, training::Phrases::english(), *journals);
    if (!result) return refuse(result.error());
    fmt::print("{}", arguments.json ? training::exam_result_json(*package, *result) + "\n" : training::exam_result_text(*result));
    return result->holds() ? kDone : kMismatch;
}

int exam_journal(const Options&, const ExamJournalArguments& arguments) {
    const auto file = journal_place(arguments);
    if (!file) return refuse(file.error());
    const auto trust = read_trust(arguments.trust);
    if (!trust) return refuse(trust.error());
    if (const auto readable = base::read_file(*file, training::JournalRoom().most); !readable) return refuse(readable.error());
    const auto journal = training::load_journal(*file);
    if (!journal) {
        fmt::print("journal FAILS: {}\n", journal.error().message);
        return kMismatch;
    }
    const auto concerned = [&](const training::JournalEntry& entry) { return arguments.candidate.empty() || entry.candidate == arguments.candidate; };
    for (const training::JournalEntry& entry : journal->entries)
        if (concerned(entry)) fmt::print("{}\n", journal_line(entry));
    fmt::print("{}: {} entries of the station {}; signatures and chain hold{}\n", file->string(), journal->entries.size(), training::key_id(journal->station),
               journal->torn ? ", and behind the last is a part of one that a power cut left" : "");
    const auto kept = kept_parts(arguments.places);
    if (!kept) return refuse(kept.error());
    const training::Standing standing = training::standing_of(*journal, concerned, *kept, *trust);
    if (!standing.holds) fmt::print("FAILS: the journal itself: {}\n", base::plain(standing.words));
    if (arguments.places.empty() || !standing.holds) return standing.holds ? kDone : kMismatch;
    const std::vector<std::string> faults = training::kept_faults(*journal, arguments.candidate, *kept);
    for (const std::string& fault : faults) fmt::print("FAILS: {}\n", base::plain(fault));
    if (faults.empty()) fmt::print("all that it shows begun is in what was given, as it ended\n");
    return faults.empty() ? kDone : kMismatch;
}

int perform_exam(const Options& options, const PerformArguments& arguments) {
    if (base::Status choice = check_exam_choice(arguments); !choice) return refuse(choice.error());
    auto seat = take_seat(options, arguments.package, arguments.candidate, arguments.key, arguments.output);
    if (!seat) return refuse(seat.error());
    const training::NextAttempt& next = seat->next;
    if (!next.told.empty()) fmt::print("{}\n", next.told);
    if (const auto left = seat->journal->attempts_left())
        fmt::print(stderr, "the journal of the station {} has room for some {} attempts; go on under a new key of another name before it is full\n", seat->station, *left);
    if (next.attempt > seat->package.attempts)
        return refuse(base::error("{}: all {} attempts at the exam {} were made; see `evenhand exam result`", next.file.parent_path().string(),
                                  seat->package.attempts, seat->package.id));
    if (base::Status performed = perform_attempt(options, arguments, *seat); !performed) return refuse(performed.error());
    stamp_closed_session(next.file);
    return kDone;
}

}  // namespace app
