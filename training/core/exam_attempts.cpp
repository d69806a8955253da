#include "training/core/exam_attempts.h"

#include "engine/base/foreign_words.h"
#include "training/core/utc.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <utility>

namespace training {

namespace fs = base::fs;

namespace {

constexpr int kMostParts = 1000;
constexpr int64_t kMostStood_ms = int64_t{1} << 32;

/// The next word of a value, taken off it.
std::string_view take_word(std::string_view& value) {
    const size_t end = std::min(value.find(' '), value.size());
    const std::string_view word = value.substr(0, end);
    value.remove_prefix(std::min(end + 1, value.size()));
    return word;
}

/// A whole number in the one form in which it is written.
std::optional<int64_t> whole(std::string_view word, int64_t least, int64_t most) {
    const auto number = base::parse_integer(word);
    if (!number || *number < least || *number > most || fmt::format("{}", *number) != word) return std::nullopt;
    return *number;
}

bool read_attempt(std::string_view value, ExamPart& part) {
    const auto attempt = whole(take_word(value), 1, kMostExamAttempts);
    const auto program = from_hex<32>(take_word(value));
    const bool follows = !value.empty();
    const auto before = from_hex<32>(take_word(value));
    if (!attempt || !program || follows != before.has_value() || !value.empty() || (follows && *attempt == 1)) return false;
    if (before) part.follows = base::Hash{*before};
    part.attempt = static_cast<int>(*attempt);
    part.program = {*program};
    return true;
}

bool read_resumed(std::string_view value, ExamPart& part) {
    const auto number = whole(take_word(value), 2, kMostParts);
    const auto gap = whole(take_word(value), 0, int64_t{1} << 40);
    const auto after = from_hex<32>(take_word(value));
    if (!number || !gap || !after || !value.empty() || *number <= part.part) return false;
    part.part = static_cast<int>(*number);
    part.gap_s = *gap;
    part.gaps_s += *gap;
    part.after = {*after};
    return true;
}

bool read_stood(std::string_view value, ExamPart& part) {
    const auto ms = whole(value, 1, kMostStood_ms);
    part.stood_ms += ms.value_or(0);
    return ms.has_value();
}

/// Reads the exam's own events into `part`. The first of all is the attempt's; each part adds one.
base::Status read_events(const Recording& recording, ExamPart& part) {
    if (recording.events.empty() && !recording.samples.empty())
        return base::error("{}: does not say which attempt it is; give the recordings as the station wrote them", part.file.string());
    for (size_t i = 0; i < recording.events.size(); ++i) {
        const input::ProcedureEvent& event = recording.events[i];
        const bool first = event.name == kAttemptEvent;
        if ((first && (i > 0 || !read_attempt(event.value, part))) || (event.name == kResumedEvent && !read_resumed(event.value, part)) ||
            (event.name == kStoodEvent && !read_stood(event.value, part)) ||
            first != (i == 0))
            return base::error("{}: its event {} is none of an exam's attempt; give the recordings as the station wrote them",
                               part.file.string(), i + 1);
    }
    return {};
}

base::Hash last_of(const Seal& seal) {
    return seal.links.empty() ? chain_start(seal.session) : seal.links.back().hash;
}

/// `part` as its session document and its events say; its own recording is not asked.
KeptPart kept_of(const Recording& recording, const ExamPart& part) {
    const Seal& seal = *recording.seal;
    const auto certificate = parse_certificate(seal.certificate, "the certificate");
    return {part.file.filename().string(), part.session.station, part.session.session, part.session.package.value_or(base::Hash()), recording.header.trainee,
            part.attempt,                  part.part,            part.session.journal, last_of(seal), !seal.links.empty(), recording.finished, certificate ? std::optional(*certificate) : std::nullopt};
}

std::string file_name(int attempt, int part) {
    return part == 1 ? fmt::format("attempt-{}.evh", attempt) : fmt::format("attempt-{}-part-{}.evh", attempt, part);
}

/// A recording that was cut off before its first transaction holds nothing: its name is free again.
bool remove_unbegun(const fs::path& file) {
    std::error_code code;
    if (fs::file_size(file, code) != 0 || code) return false;
    for (const char* suffix : {"-journal", "-wal", "-shm", ""}) fs::remove(file.string() + suffix, code);
    return true;
}

/// When something was written into a file last, by this machine's clock.
std::optional<int64_t> written_s(const fs::path& file) {
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) return std::nullopt;
    return about.st_mtim.tv_sec;
}

/// s since a part was cut off, by the station's clock; none where it was set back meanwhile, so that nobody can tell.
std::optional<int64_t> clock_gap_s(const ExamPart& part, int64_t now) {
    const auto begun = seconds_of(part.session.begun);
    const auto written = written_s(part.file);
    if (!begun || !written) return std::nullopt;
    // File systems take their time from a clock that is some milliseconds behind.
    const int64_t gap = now - std::max(*begun, *written);
    return gap < 0 ? std::nullopt : std::optional(gap);
}

/// What of an attempt's time up to a cut was neither its session's nor a gap, s, by the station's clock.
int64_t clock_pause_s(const ExamPart& part, const std::string& begun, int64_t cut) {
    const int64_t whole = cut - seconds_of(begun).value_or(cut);
    return std::max<int64_t>(0, whole - part.gaps_s - static_cast<int64_t>(part.recording.duration()));
}

/// The parts of one attempt, one after the other: what its pauses are.
struct PartsSoFar {
    std::string begun;          ///< the first one
    double paused_s = 0;
    bool steady = true;         ///< all of paused_s is told by the clock that nobody sets
    std::optional<ExamPart> last;

    void add(ExamPart part) {
        if (part.attempt != (last ? last->attempt : 0)) *this = {part.session.begun, 0, true, {}};
        const auto pause = steady_pause_s(last ? &*last : nullptr, part);
        steady = steady && pause;
        paused_s += pause.value_or(0);
        last = std::move(part);
    }
};

/// Whether the attempt may be gone on with, and then with what; else what became of it.
void take_up(const ExamPackage& package, const StationTime& now, PartsSoFar parts, NextAttempt& next) {
    ExamPart& last = *parts.last;
    const auto steady_ms = steady_gap_ms(last, now.boot);
    const auto gap = steady_ms ? std::optional(*steady_ms / 1000) : clock_gap_s(last, now.utc_s);
    if (!gap || *gap > package.resume_limit_s || package.resume_limit_s == 0) {
        next.told = fmt::format("attempt {} was cut off {}, and counts as it ended: the exam lets go on within {} s", last.attempt,
                                gap ? fmt::format("{} s ago", *gap) : "at a time that this clock, set back since, cannot tell", package.resume_limit_s);
        return;
    }
    next.attempt = last.attempt;
    next.part = last.part + 1;
    next.gap_s = *gap;
    next.steady = steady_ms.has_value();
    const double idle_s = parts.steady ? parts.paused_s : static_cast<double>(clock_pause_s(last, parts.begun, now.utc_s - *gap));
    next.paused_s = static_cast<int64_t>(std::max(0.0, idle_s - excused_s(package, last.stood_ms)));
    next.cut = std::move(last);
}

base::Status check_folder(const Journal& journal, const ExamPackage& package, const std::string& candidate, std::span<const ExamPart> found) {
    std::vector<KeptPart> kept;
    for (const ExamPart& part : found) kept.push_back(part.kept());
    return check_kept(journal, package.hash, candidate, kept);
}

/// What is before the part by the journal: the last link of the part or attempt that it follows.
base::Hash link_before(const NextAttempt& next) {
    return next.cut ? next.cut->last_link() : next.follows.value_or(base::Hash());
}

/// A recording that the journal does not know as begun, in which nobody has done anything yet.
void remove_unknown(const fs::path& file) {
    std::error_code code;
    for (const char* suffix : {"-journal", ""}) fs::remove(file.string() + suffix, code);
}

}  // namespace

base::Hash ExamPart::last_link() const {
    return last_of(*recording.seal);
}

std::optional<int64_t> ExamPart::open_ms() const {
    return recording.seal->links.empty() ? std::nullopt : recording.seal->links.back().elapsed_ms;
}

KeptPart ExamPart::kept() const {
    return kept_of(recording, *this);
}

std::optional<KeptPart> kept_part(const fs::path& file, const Recording& recording) {
    if (!recording.seal) return std::nullopt;
    base::Result<SealedSession> session = parse_session(recording.seal->session, file.string());
    if (!session || !session->package) return std::nullopt;
    ExamPart part;
    part.file = file;
    part.session = std::move(*session);
    if (!read_events(recording, part)) part.attempt = 0;
    return kept_of(recording, part);
}

std::optional<int64_t> steady_gap_ms(const ExamPart& cut, const BootTime& then) {
    const auto open = cut.open_ms();
    const auto since = open && cut.session.opened ? then.since(*cut.session.opened) : std::nullopt;
    if (!since || *since < *open) return std::nullopt;
    return *since - *open;
}

std::optional<double> steady_pause_s(const ExamPart* before, const ExamPart& part) {
    const auto open = part.open_ms();
    if (!open) return std::nullopt;
    const double went = part.recording.duration() - (before ? before->recording.duration() : 0.0);
    return std::max(0.0, static_cast<double>(*open) / 1e3 - went);
}

double excused_s(const ExamPackage& package, int64_t stood_ms) {
    return std::min(static_cast<double>(stood_ms) / 1e3, static_cast<double>(package.resume_limit_s));
}

StationTime station_time() {
    return {*seconds_of(utc_now()), boot_time()};
}

base::Result<ExamPart> read_exam_part(const ExamPackage& package, const fs::path& file) {
    base::Result<Recording> recording = load_recording(file);
    if (!recording) return recording.error();
    if (!recording->seal) return base::error("{}: is not sealed, and so no attempt at an exam; take it out", file.string());
    base::Result<SealedSession> session = parse_session(recording->seal->session, file.string());
    if (!session) return session.error();
    if (session->package != package.hash || session->nonce != package.nonce)
        return base::error("{}: was not sealed for the exam {} but for another; take it out", file.string(), package.id);
    ExamPart part;
    part.file = file;
    part.recording = std::move(*recording);
    part.session = std::move(*session);
    if (base::Status events = read_events(part.recording, part); !events) return events.error();
    if (part.attempt > package.attempts)
        return base::error("{}: is attempt {}, and the exam {} has {}; take it out", file.string(), part.attempt, package.id, package.attempts);
    return part;
}

std::optional<int> exam_attempt_of(const Recording& recording) {
    if (!recording.seal || recording.events.empty() || recording.events.front().name != kAttemptEvent) return std::nullopt;
    const base::Result<SealedSession> session = parse_session(recording.seal->session, "the recording");
    ExamPart part;
    if (!session || !session->package || !read_attempt(recording.events.front().value, part)) return std::nullopt;
    return part.attempt;
}

base::Result<ExamFolder> ExamFolder::open(const fs::path& folder) {
    std::error_code code;
    fs::create_directories(folder, code);
    if (!fs::is_directory(folder, code)) return base::error("{}: is no folder and none can be made; name another", folder.string());
    const int lock = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0) return base::error("{}: cannot be opened: {}; name another folder", folder.string(), base::system_error(errno));
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return base::error("{}: an attempt is running in this folder; wait for its end", folder.string());
    }
    return ExamFolder(folder, lock);
}

ExamFolder::ExamFolder(ExamFolder&& other) noexcept : folder_(std::move(other.folder_)), lock_(std::exchange(other.lock_, -1)) {}

ExamFolder::~ExamFolder() {
    if (lock_ >= 0) ::close(lock_);
}

base::Result<NextAttempt> ExamFolder::next(const ExamPackage& package, const std::string& candidate, const StationTime& now,
                                            const Journal* journal) const {
    const auto files = exam_recordings({folder_});
    if (!files) return files.error();
    std::vector<ExamPart> found;
    for (const fs::path& file : *files) {
        if (remove_unbegun(file)) continue;
        base::Result<ExamPart> part = read_exam_part(package, file);
        if (!part && remove_unbegun(file)) continue;  // reading it has taken back what was half done
        if (!part) return part.error();
        if (part->recording.header.trainee != candidate)
            return base::error("{}: is {}'s attempt, not {}'s; give each candidate a folder", file.string(), part->recording.header.trainee, candidate);
        if (part->attempt > 0) found.push_back(std::move(*part));
    }
    std::ranges::sort(found, {}, [](const ExamPart& part) { return std::pair(part.attempt, part.part); });
    if (base::Status kept = journal ? check_folder(*journal, package, candidate, found) : base::Status(); !kept) return kept.error();
    PartsSoFar parts;
    for (ExamPart& part : found) parts.add(std::move(part));
    NextAttempt next;
    if (parts.last) next.attempt = parts.last->attempt + 1, next.follows = parts.last->last_link();
    if (parts.last && !parts.last->recording.finished) take_up(package, now, std::move(parts), next);
    std::error_code code;
    for (next.file = folder_ / file_name(next.attempt, next.part); fs::exists(next.file, code) && next.part < kMostParts; ++next.part)
        next.file = folder_ / file_name(next.attempt, next.part + 1);
    return next;
}

input::ProcedureEvent attempt_event(int attempt, const base::Hash& program, const std::optional<base::Hash>& follows) {
    return {0, kAttemptEvent, fmt::format("{} {}{}{}", attempt, program.hex(), follows ? " " : "", follows ? follows->hex() : "")};
}

input::ProcedureEvent resumed_event(const NextAttempt& next, uint32_t time_us) {
    CHECK(next.cut.has_value());
    return {time_us, kResumedEvent, fmt::format("{} {} {}", next.part, next.gap_s, next.cut->last_link().hex())};
}

base::Result<Session> begin_attempt(const NextAttempt& next, std::shared_ptr<const Stage> stage, const RecordingHeader& header,
                                    const base::Hash& program, std::shared_ptr<Sealer> sealer, JournalNotes* notes) {
    static const Recording kNothing;
    const Recording& before = next.cut ? next.cut->recording : kNothing;
    Session session = resimulate(before, std::move(stage));
    if (const std::string difference = next.cut ? first_difference(before, session) : std::string(); !difference.empty())
        return base::error("{}: cannot be gone on from: {}; tell the body, and keep the file", next.cut->file.string(), difference);
    if (base::Status begins = notes ? notes->begins(next.attempt, next.part, link_before(next)) : base::Status(); !begins) return begins.error();
    base::Result<Recorder> recorder = Recorder::create(next.file, header, std::move(sealer));
    if (!recorder) return recorder.error();
    recorder->add(before.samples);
    recorder->add(session.punctures());
    recorder->add(session.contacts());
    for (const Checkpoint& checkpoint : session.checkpoints()) recorder->add(checkpoint);
    for (const input::ProcedureEvent& event : before.events) recorder->add(event);
    const uint32_t until_us = std::max(before.samples.empty() ? 0 : before.samples.back().time_us, before.events.empty() ? 0 : before.events.back().time_us);
    recorder->add(next.cut ? resumed_event(next, until_us) : attempt_event(next.attempt, program, next.follows));
    if (base::Status committed = recorder->commit(); !committed) return committed.error();
    if (base::Status begun = notes ? notes->note(JournalEntry::What::begun) : base::Status(); !begun) {
        recorder = begun.error();  // closes it
        remove_unknown(next.file);
        return begun.error();
    }
    session.record(std::move(*recorder));
    return session;
}

input::ProcedureEvent stood_event(double seconds, uint32_t time_us) {
    return {time_us, kStoodEvent, fmt::format("{}", std::clamp(static_cast<int64_t>(std::llround(std::min(seconds, 1e9) * 1e3)), int64_t{1}, kMostStood_ms))};
}

int64_t stood_ms(std::span<const input::ProcedureEvent> events) {
    ExamPart sum;
    for (const input::ProcedureEvent& event : events)
        if (event.name == kStoodEvent) read_stood(event.value, sum);
    return sum.stood_ms;
}

size_t exam_events(const Recording& recording) {
    return static_cast<size_t>(std::ranges::count_if(recording.events, [](const input::ProcedureEvent& event) {
        return event.name == kAttemptEvent || event.name == kResumedEvent || event.name == kStoodEvent;
    }));
}

base::Result<std::vector<fs::path>> exam_recordings(const std::vector<fs::path>& places) {
    std::vector<fs::path> files;
    for (const fs::path& place : places) {
        std::error_code code;
        if (!fs::is_directory(place, code)) {
            files.push_back(place);
            continue;
        }
        for (const fs::directory_entry& entry : fs::directory_iterator(place, code))
            if (entry.path().extension() == ".evh") files.push_back(entry.path());
        if (code) return base::error("{}: cannot be read: {}", place.string(), base::system_error(code));
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace training
