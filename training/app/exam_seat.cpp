#include "training/app/exam_seat.h"

#include "training/app/own_key.h"
#include "training/app/session_files.h"

#include "training/core/utc.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace app {

namespace {

base::Result<std::string> device_for(const training::ExamPackage& package, const std::string& asked, const training::Case& practice) {
    const auto allowed = [&](const std::string& id) { return std::ranges::find(package.devices, id) != package.devices.end(); };
    if (!asked.empty() && !allowed(asked))
        return base::error("--device {}: the exam {} allows {}", asked, package.id, fmt::join(package.devices, ", "));
    return !asked.empty() ? asked : allowed(practice.device) ? practice.device : package.devices.front();
}

/// By the exam and the candidate's code, with what makes them names of folders and tells two alike apart.
base::fs::path folder_of(const training::ExamPackage& package, const std::string& candidate) {
    std::string name = candidate;
    std::ranges::replace_if(name, [](unsigned char c) { return !std::isalnum(c); }, '-');
    return exams_folder() / fmt::format("{}-{}", package.id, package.hash.hex().substr(0, 8)) /
           fmt::format("{}-{}", name, base::sha256(candidate).hex().substr(0, 8));
}

}  // namespace

base::Status ExamSeat::look() {
    if (base::Status read = journal->read(); !read) return read;
    auto found = folder.next(package, candidate, training::station_time(), &journal->journal());
    if (!found) return found.error();
    next = std::move(*found);
    return all_made() ? base::Status() : journal->ready(next.part);
}

base::Result<bool> ExamSeat::look_again() {
    const std::pair before{next.attempt, next.part};
    if (base::Status looked = look(); !looked) return looked.error();
    return before == std::pair{next.attempt, next.part};
}

base::Result<training::Station> this_station(const Options& options, const std::string& key) {
    auto trust = training::read_trust(training::keys_folder());
    if (!trust) return trust.error();
    const auto program = training::program_hash();
    if (!program) return program.error();
    const auto name = own_key_name(training::KeyRole::station, key);
    return training::Station{options.places, std::move(*trust),
                             name ? training::own_key(training::keys_folder(), *name) : base::Result<training::OwnKey>(name.error()), *program};
}

base::Result<ExamSeat> take_seat(const Options& options, const base::fs::path& file, const std::string& candidate,
                               const std::string& station, const base::fs::path& place) {
    if (candidate.empty()) return base::error("--candidate: an exam needs the candidate's code");
    if (base::Status code = training::check_trainee(candidate); !code) return base::error("--candidate: {}", code.error());
    auto package = training::load_exam(file);
    if (!package) return package.error();
    const auto here = this_station(options, station);
    if (!here) return here.error();
    if (base::Status ready = training::check_station(*package, *here, training::utc_now()); !ready) return ready.error();
    auto folder = training::ExamFolder::open(place.empty() ? folder_of(*package, candidate) : place);
    if (!folder) return folder.error();
    ExamSeat seat{std::move(*package), here->program, candidate, here->key->who.name, here->key->who.key, std::move(*folder),
                  std::make_shared<training::JournalFile>(training::journal_file(training::keys_folder(), here->key->who.name), here->key->who.key), {}};
    if (base::Status looked = seat.look(); !looked) return looked.error();
    return seat;
}

base::Result<std::shared_ptr<const training::Stage>> exam_stage(const Options& options, const ExamSeat& seat, const std::string& asked,
                                                                const face::Progress& progress) {
    const training::NextAttempt& next = seat.next;
    const training::ExamCase& one = seat.package.case_of(next.attempt);
    auto practice = training::load_case(options.places, one.id);
    if (!practice) return practice.error();
    const auto device = device_for(seat.package, next.cut ? next.cut->recording.header.device_id : asked, *practice);
    if (!device) return device.error();
    practice->device = *device;
    practice->rubric = seat.package.rubric;
    practice->scope = seat.package.scope;
    auto stage = training::load_stage(options.places, std::move(*practice), progress);
    if (stage && (*stage)->face->hash != one.face)
        return base::error("the face of the case '{}' is not the exam's (here {}, there {}); install the content that the body gave", one.id,
                           (*stage)->face->hash.hex().substr(0, 12), one.face.hex().substr(0, 12));
    return stage;
}

training::JournalNotes exam_notes(const ExamSeat& seat, std::shared_ptr<training::Sealer> sealer) {
    return {seat.journal, seat.package, seat.candidate, std::move(sealer)};
}

base::Result<std::shared_ptr<training::Sealer>> exam_sealer(const ExamSeat& seat, const std::string& passphrase) {
    auto key = training::open_key(training::keys_folder(), seat.station, passphrase);
    if (!key) return key.error();
    if (base::Status right = check_role(*key, training::KeyRole::station); !right) return right.error();
    return std::make_shared<training::Sealer>(std::move(*key), training::SealTerms{seat.package.nonce, seat.package.hash});
}

}  // namespace app
