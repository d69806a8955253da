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
#include "training/app/stamping.h"
#include "training/app/trust.h"

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

/// Looks once more, when all is ready: a passphrase typed late and a face made anew are part of the gap.
base::Status look_again(ExamSeat& seat) {
    const std::pair before{seat.next.attempt, seat.next.part};
    if (base::Status looked = seat.look(); !looked) return looked;
    if (before == std::pair{seat.next.attempt, seat.next.part}) return {};
    return base::error("{}: the time in which the attempt could go on ran out while it was made ready; give the command again for the next one",
                       seat.next.file.parent_path().string());
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
    if (base::Status looked = look_again(seat); !looked) return looked;
    const auto header = training::make_header(**stage, hand->source, seat.candidate);
    auto session = training::begin_attempt(seat.next, *stage, header, seat.program, *sealer);
    if (!session) return session.error();
    if (base::Status fed = feed(hand->performance, *session, progress); !fed) return fed;
    if (base::Status finished = session->finish(); !finished) return finished;
    progress.clear();
    tell_attempt(seat.package, seat.next, **sealer);
    return seat.package.tells_score ? tell_score(options, seat.package, seat.next) : base::Status();
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

int exam_show(const Options& options, const std::string& file) {
    const auto package = training::load_exam(file);
    if (!package) return refuse(package.error());
    const auto trust = training::read_trust(training::keys_folder());
    if (!trust) return refuse(trust.error());
    fmt::print("{}", exam_words(*package));
    const training::Standing standing = training::standing_of(*package, *trust);
    fmt::print("signature     {}: {}\n", standing.holds ? "holds" : "FAILS", standing.words);
    const auto program = training::program_hash();
    if (!program) return refuse(program.error());
    const base::Status ready = training::check_station(*package, options.places, *trust, *program, training::utc_now());
    fmt::print("here and now  {}\n", ready ? "this station may hold it" : "not held: " + ready.error().message);
    return standing.holds ? kDone : kMismatch;
}

int exam_result(const Options& options, const ExamResultArguments& arguments) {
    const auto package = training::load_exam(arguments.package);
    if (!package) return refuse(package.error());
    const auto trust = read_trust(arguments.trust);
    if (!trust) return refuse(trust.error());
    training::StageStore stages(options.places);
    const auto result = training::exam_result(*package, {arguments.places.begin(), arguments.places.end()}, *trust, stages);
    if (!result) return refuse(result.error());
    fmt::print("{}", arguments.json ? training::exam_result_json(*package, *result) + "\n" : training::exam_result_text(*result));
    return result->holds() ? kDone : kMismatch;
}

int perform_exam(const Options& options, const PerformArguments& arguments) {
    if (base::Status choice = check_exam_choice(arguments); !choice) return refuse(choice.error());
    auto seat = take_seat(options, arguments.package, arguments.candidate, arguments.key, arguments.output);
    if (!seat) return refuse(seat.error());
    const training::NextAttempt& next = seat->next;
    if (!next.told.empty()) fmt::print("{}\n", next.told);
    if (next.attempt > seat->package.attempts)
        return refuse(base::error("{}: all {} attempts at the exam {} were made; see `evenhand exam result`", arguments.output,
                                  seat->package.attempts, seat->package.id));
    if (base::Status performed = perform_attempt(options, arguments, *seat); !performed) return refuse(performed.error());
    stamp_closed_session(next.file);
    return kDone;
}

}  // namespace app
