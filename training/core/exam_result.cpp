#include "training/core/exam_result.h"

#include "training/core/coach.h"
#include "training/core/decimal.h"
#include "training/core/json_text.h"
#include "training/core/lesson.h"
#include "training/core/rubric.h"
#include "training/core/score.h"
#include "training/core/utc.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace training {

namespace fs = base::fs;

namespace {

/// What a station may take to write the end of an attempt, and to read a part before it goes on from there.
constexpr int kClosing_s = 10;

int64_t seconds_between(const std::string& from, const std::string& to) {
    return seconds_of(to).value_or(0) - seconds_of(from).value_or(0);
}

/// What a part says that the package does not; empty where all is right.
std::string strays(const ExamPackage& package, const ExamPart& part) {
    const RecordingHeader& header = part.recording.header;
    const ExamCase& asked = package.case_of(part.attempt);
    const auto is_file = [&](const std::string& name, const std::string& text) {
        const base::Hash* hash = package.hash_of(name);
        return hash && *hash == base::sha256(text);
    };
    if (header.case_id != asked.id || !is_file("cases/" + asked.id + ".toml", header.case_text))
        return fmt::format("attempt {} treats the case {}, this one treated another", part.attempt, asked.id);
    if (header.face != asked.face) return "its face is not the package's";
    if (std::ranges::find(package.devices, header.device_id) == package.devices.end() ||
        !is_file("devices/" + header.device_id + ".toml", header.device_text))
        return fmt::format("its device '{}' is none of the package's", header.device_id.substr(0, 64));
    if (!is_file("skins/skin.toml", header.skin_text)) return "its skin is not the package's";
    if (std::ranges::find(package.programs, part.program) == package.programs.end())
        return fmt::format("the build that recorded it, {}, is none of the package's", part.program.hex().substr(0, 12));
    if (part.session.begun < package.from || part.session.begun > package.until)
        return fmt::format("it was begun at {}; the exam is held from {} to {}", part.session.begun, package.from, package.until);
    for (const input::ProcedureEvent& event : part.recording.events)
        if (event.name == kLessonEvent || event.name == kLessonAidsEvent || (event.name == kCoachEvent && !event.value.empty()))
            return fmt::format("aids were given at {:.1f} s (event {})", event.time_us / 1e6, event.name);
    return {};
}

std::string overtime(const ExamPackage& package, const ExamPart& part) {
    if (part.recording.duration() > package.time_limit_s)
        return fmt::format("it took {:.1f} s, and {} s are allowed", part.recording.duration(), package.time_limit_s);
    if (part.recording.seal->closing.empty()) return {};
    const auto closing = parse_closing(part.recording.seal->closing, "the closing document");
    const int64_t most_s = package.time_limit_s + package.pause_limit_s + static_cast<int64_t>(std::ceil(excused_s(package, part.stood_ms))) + kClosing_s;
    if (closing && closing->elapsed_ms > most_s * 1000)
        return fmt::format("it was open for {:.1f} s; {} s are allowed with all pauses", static_cast<double>(closing->elapsed_ms) / 1e3, most_s);
    return {};
}

/// How long one part was open without session time, s. Of one that another goes on from until it was cut off, by a clock that nobody sets,
/// or where its links do not tell by the station's; of the last one by its closing document, and where that is missing by its links.
double paused_in(const ExamPart* before, const ExamPart& part, const ExamPart* after) {
    const auto steady = steady_pause_s(before, part);
    if (steady && (after || part.recording.seal->closing.empty())) return *steady;
    const double went = part.recording.duration() - (before ? before->recording.duration() : 0.0);
    double open = 0;
    if (after)
        open = static_cast<double>(seconds_between(part.session.begun, after->session.begun) - after->gap_s);
    else if (const auto closing = parse_closing(part.recording.seal->closing, "the closing document"))
        open = static_cast<double>(closing->elapsed_ms) / 1e3;
    return std::max(0.0, open - went);
}

/// The pauses of all parts of an attempt together: each alone may be within the limit.
std::string pauses_together(const ExamPackage& package, std::span<const ExamPart> attempt) {
    double paused = 0;
    for (size_t i = 0; i < attempt.size(); ++i)
        paused += paused_in(i > 0 ? &attempt[i - 1] : nullptr, attempt[i], i + 1 < attempt.size() ? &attempt[i + 1] : nullptr);
    paused -= excused_s(package, attempt.back().stood_ms);
    const auto most_s = package.pause_limit_s + kClosing_s * static_cast<int64_t>(attempt.size());
    if (paused <= static_cast<double>(most_s)) return {};
    return fmt::format("the pauses of its {} parts were {:.0f} s together; {} s are allowed, and {} s for each part's beginning and end", attempt.size(),
                       paused, package.pause_limit_s, kClosing_s);
}

template <typename T>
bool begins_with(const std::vector<T>& all, const std::vector<T>& start) {
    return all.size() >= start.size() && std::equal(start.begin(), start.end(), all.begin());
}

/// Whether a part goes on from the one before it of its attempt, or its attempt from the last part of the attempt before; empty where it does.
std::string break_between(const ExamPackage& package, const ExamPart* before, const ExamPart* last, const ExamPart& part) {
    if (part.after == base::Hash() && before) return "it begins anew, and the attempt was begun before";
    if (part.after == base::Hash() && part.follows && (!last || last->last_link() != *part.follows))
        return fmt::format("attempt {} followed another attempt {} than is here, or one that is not here", part.attempt, part.attempt - 1);
    if (part.after == base::Hash()) return {};
    if (!before || before->last_link() != part.after) return "the part that it goes on from is not here";
    if (before->recording.finished) return "it goes on from a part that was closed in order";
    if (!begins_with(part.recording.samples, before->recording.samples) || !begins_with(part.recording.events, before->recording.events))
        return "it does not repeat what the part before it kept";
    if (part.gap_s > package.resume_limit_s)
        return fmt::format("it was taken up after {} s, and {} s are allowed", part.gap_s, package.resume_limit_s);
    if (const auto steady_ms = part.session.opened ? steady_gap_ms(*before, *part.session.opened) : std::nullopt) {
        if (*steady_ms >= part.gap_s * 1000 && *steady_ms <= (part.gap_s + 1 + kClosing_s) * 1000) return {};
        return fmt::format("its gap of {} s does not fit the {:.1f} s that passed on the machine meanwhile", part.gap_s, static_cast<double>(*steady_ms) / 1e3);
    }
    const int64_t between = seconds_between(before->session.begun, part.session.begun);
    const auto stood_s = static_cast<int64_t>(std::ceil(excused_s(package, before->stood_ms)));
    const int64_t most = part.gap_s + package.time_limit_s + package.pause_limit_s + stood_s + kClosing_s;
    if (between < part.gap_s || between > most)
        return fmt::format("its gap of {} s does not fit the {} s between the beginnings of the two parts", part.gap_s, between);
    return {};
}

/// Looks at one recording as `verify --package` does, and at what an exam asks besides. `cut`: it need not be closed.
void check_part(const ExamPackage& package, const ExamPart* last, const ExamPart& part, const Trust& trust, StageStore& stages,
                ExamResult& result) {
    const ExamPart* before = last && last->attempt == part.attempt ? last : nullptr;
    const std::string name = part.file.filename().string();
    VerifyTerms terms;
    terms.trust = trust;
    terms.demands.sealed = true;
    terms.demands.nonce = package.nonce;
    terms.demands.package = package.hash;
    terms.rubric = package.rubric;
    terms.scope = package.scope;
    const bool cut = !part.recording.finished && part.recording.seal->closing.empty();
    for (Finding& finding : verify(part.file, terms, stages).findings) {
        if (finding.what == "completeness" && cut) finding.holds = true;  // cut off: what that means is told elsewhere
        finding.what = name + ": " + finding.what;
        result.findings.push_back(std::move(finding));
    }
    const auto add = [&](const char* what, const std::string& fault, const char* sound) {
        result.findings.push_back({fmt::format("{}: {}", name, what), fault.empty(), fault.empty() ? sound : fault});
    };
    add("terms", strays(package, part), "case, face, device, skin, build and time are the package's, and no aids were given");
    add("time", overtime(package, part), "within the package's limits");
    add("order", break_between(package, before, last, part), "it follows what was before it");
}

base::Status score_attempt(const ExamPackage& package, const ExamPart& part, StageStore& stages, const Phrases& phrases, ExamAttempt& attempt,
                           ExamResult& result) {
    const auto stage = stages.load(part.recording.header);
    if (!stage) return stage.error();
    const auto rubric = load_rubric(stages.places(), package.rubric);
    if (!rubric) return rubric.error();
    const auto scope = load_scope(stages.places(), package.scope);
    if (!scope) return scope.error();
    if (base::Status fits = check_fits(part.recording, *(*stage)->face); !fits) return fits;
    const Score scored = score(part.recording, **stage, *rubric, *scope, phrases);
    attempt.total = scored.total;
    attempt.gates = scored.gates;
    attempt.evidence = scored.evidence;
    attempt.source = part.recording.header.source;
    attempt.device = part.recording.header.device_id;
    result.pass_mark = scored.pass_mark;
    result.rubric = scored.rubric;
    result.scope = scored.scope;
    return {};
}

/// The parts of all attempts, in the order of attempt and part; those that hold nothing are left out.
base::Result<std::vector<ExamPart>> read_parts(const ExamPackage& package, const std::vector<fs::path>& places) {
    const auto files = exam_recordings(places);
    if (!files) return files.error();
    std::vector<ExamPart> parts;
    for (const fs::path& file : *files) {
        base::Result<ExamPart> part = read_exam_part(package, file);
        if (!part) return part.error();
        if (part->attempt > 0) parts.push_back(std::move(*part));
    }
    if (parts.empty()) return base::error("no attempt at the exam {} is here; give the folder that the station wrote", package.id);
    std::ranges::stable_sort(parts, [](const ExamPart& a, const ExamPart& b) {
        return std::tie(a.attempt, a.part, a.session.begun) < std::tie(b.attempt, b.part, b.session.begun);
    });
    return parts;
}

void check_whole(const ExamPackage& package, const std::vector<ExamPart>& parts, ExamResult& result) {
    std::string fault;
    for (const ExamPart& part : parts)
        if (part.recording.header.trainee != result.candidate)
            fault = fmt::format("{} is {}'s, {} is {}'s", parts.front().file.filename().string(), result.candidate,
                                part.file.filename().string(), part.recording.header.trainee);
    result.findings.push_back({"candidate", fault.empty(), fault.empty() ? result.candidate : fault});
    fault.clear();
    for (size_t i = 0; i < parts.size(); ++i)
        if (i > 0 && parts[i].session.begun < parts[i - 1].session.begun)
            fault = fmt::format("{} was begun before {}", parts[i].file.filename().string(), parts[i - 1].file.filename().string());
    std::vector<int> missing;
    for (int number = 1; number <= package.attempts; ++number)
        if (std::ranges::none_of(result.attempts, [&](const ExamAttempt& attempt) { return attempt.number == number; })) missing.push_back(number);
    if (!missing.empty()) fault = fmt::format("of {} attempts these are missing: {}", package.attempts, fmt::join(missing, ", "));
    result.findings.push_back({"attempts", fault.empty(), fault.empty() ? fmt::format("all {}, in their order", package.attempts) : fault});
}

/// Whether as many parts are here as the station's journal knew when this one was begun; empty where they are, or nobody can tell.
std::string lack_before(const ExamPart& part, std::span<const ExamPart> parts) {
    if (!part.session.journal) return {};
    const SealedJournal& journal = *part.session.journal;
    const auto here = std::ranges::count_if(parts, [&](const ExamPart& other) {
        return other.session.station == part.session.station && other.session.journal && other.session.journal->number < journal.number;
    });
    if (here >= journal.earlier) return {};
    return fmt::format("before it the station's journal, entry {}, knew {} parts of this candidate's attempts, and {} are here: a recording is missing",
                       journal.number, journal.earlier, here);
}

Finding check_journal(const Journal& journal, const ExamPackage& package, const std::vector<ExamPart>& parts, const Trust& trust) {
    const std::string what = "journal " + key_id(journal.station);
    const std::string& candidate = parts.front().recording.header.trainee;
    std::vector<KeptPart> kept;
    for (const ExamPart& part : parts) kept.push_back(part.kept());
    const Standing standing = standing_of(journal, [&](const JournalEntry& entry) { return entry.is_of(package.hash, candidate); }, kept, trust);
    if (!standing.holds) return {what, false, standing.words};
    if (base::Status holds = check_kept(journal, package.hash, candidate, kept); !holds) return {what, false, holds.error().message};
    return {what, true, fmt::format("all {} parts that it shows begun are here, as they ended; {}", journal.begun(package.hash, candidate), standing.words)};
}

/// Parts against what their stations' journals knew of them when each was begun.
void check_known_before(const std::vector<ExamPart>& parts, ExamResult& result) {
    for (const ExamPart& part : parts)
        if (const std::string lack = lack_before(part, parts); !lack.empty())
            result.findings.push_back({part.file.filename().string() + ": journal", false, lack});
}

Document to_json(const ExamAttempt& attempt) {
    return {{"attempt", attempt.number}, {"files", attempt.files},   {"gaps_s", attempt.gaps_s}, {"gaps_steady", attempt.gaps_steady}, {"cut_off", attempt.cut_off}, {"stood_ms", static_cast<int64_t>(std::llround(attempt.stood_s * 1e3))},
            {"total", attempt.total},    {"gates", attempt.gates},   {"source", attempt.source}, {"evidence", attempt.evidence.hex()}};
}

std::string attempt_line(const ExamAttempt& attempt) {
    std::string line = fmt::format("attempt {}  {} of 100, by {}", attempt.number, hundredths_text(attempt.total), attempt.source);
    for (size_t i = 0; i < attempt.gaps_s.size(); ++i)
        line += fmt::format("; taken up {} s after it was cut off{}", attempt.gaps_s[i], attempt.gaps_steady[i] ? "" : ", by the station's clock");
    if (attempt.stood_s > 0) line += fmt::format("; the station stood still for {:.1f} s of it", attempt.stood_s);
    if (attempt.cut_off) line += "; cut off and not taken up in time: it counts as it ended, and does not pass";
    for (const std::string& gate : attempt.gates) line += "\n    " + gate;
    return line + "\n";
}

}  // namespace

bool ExamResult::holds() const {
    return std::ranges::all_of(findings, &Finding::holds);
}

base::Result<ExamResult> exam_result(const ExamPackage& package, const std::vector<fs::path>& places, const Trust& trust, StageStore& stages,
                                     const Phrases& phrases, std::span<const Journal> journals) {
    if (base::Status content = check_content(package, stages.places()); !content) return content.error();
    const auto parts = read_parts(package, places);
    if (!parts) return parts.error();
    ExamResult result;
    result.candidate = parts->front().recording.header.trainee;
    if (const Standing standing = standing_of(package, trust); !standing.holds) result.findings.push_back({"package", false, standing.words});
    int64_t sum = 0;
    for (size_t i = 0; i < parts->size(); ++i) {
        const ExamPart& part = (*parts)[i];
        const bool goes_on = i > 0 && (*parts)[i - 1].attempt == part.attempt;
        check_part(package, i > 0 ? &(*parts)[i - 1] : nullptr, part, trust, stages, result);
        if (!goes_on) result.attempts.emplace_back().number = part.attempt;
        ExamAttempt& attempt = result.attempts.back();
        if (!goes_on) attempt.started = part.session.begun;
        attempt.files.push_back(part.file.string());
        if (part.after != base::Hash()) {
            attempt.gaps_s.push_back(part.gap_s);
            attempt.gaps_steady.push_back(goes_on && part.session.opened && steady_gap_ms((*parts)[i - 1], *part.session.opened));
        }
        if (i + 1 < parts->size() && (*parts)[i + 1].attempt == part.attempt) continue;
        const std::span<const ExamPart> whole = std::span(*parts).subspan(i + 1 - attempt.files.size(), attempt.files.size());
        const std::string fault = pauses_together(package, whole);
        result.findings.push_back({fmt::format("attempt {}: pauses", attempt.number), fault.empty(), fault.empty() ? "within the package's limit" : fault});
        attempt.cut_off = !part.recording.finished;
        attempt.stood_s = static_cast<double>(part.stood_ms) / 1e3;
        if (const auto closing = parse_closing(part.recording.seal->closing, "the closing document")) attempt.ended = closing->closed;
        if (base::Status scored = score_attempt(package, part, stages, phrases, attempt, result); !scored) return scored.error();
        sum += attempt.total;
    }
    check_whole(package, *parts, result);
    check_known_before(*parts, result);
    for (const Journal& journal : journals) result.findings.push_back(check_journal(journal, package, *parts, trust));
    const auto count = static_cast<int64_t>(result.attempts.size());
    result.mean = static_cast<int32_t>((2 * sum + count) / (2 * count));
    result.pass = result.holds() && result.mean >= result.pass_mark && std::ranges::all_of(result.attempts, &ExamAttempt::holds_gates);
    return result;
}

base::Hash evidence_together(std::span<const base::Hash> sessions) {
    std::vector<std::string> names;
    for (const base::Hash& session : sessions) names.push_back(session.hex());
    std::ranges::sort(names);
    base::Hasher all;
    for (const std::string& name : names) all.text(name);
    return all.finish();
}

base::Hash ExamResult::evidence() const {
    std::vector<base::Hash> all;
    for (const ExamAttempt& attempt : attempts) all.push_back(attempt.evidence);
    return evidence_together(all);
}

std::string exam_result_text(const ExamResult& result) {
    std::string text;
    for (const Finding& finding : result.findings)
        if (!finding.holds) text += fmt::format("{} FAILS: {}\n", finding.what, finding.words);
    for (const ExamAttempt& attempt : result.attempts) text += attempt_line(attempt);
    if (!result.holds()) return text + "no verdict: not everything holds\n";
    return text + fmt::format("{}: mean {} of 100, pass mark {}: {}\n", result.candidate, hundredths_text(result.mean), hundredths_text(result.pass_mark),
                              result.pass ? "passed" : "not passed");
}

std::string exam_result_json(const ExamPackage& package, const ExamResult& result) {
    Document json = {{"exam", package.id},       {"package", package.hash.hex()},   {"candidate", result.candidate},
                     {"holds", result.holds()},  {"mean", result.mean},             {"pass_mark", result.pass_mark},
                     {"pass", result.pass},      {"attempts", Document::array()},   {"failures", Document::array()}};
    for (const ExamAttempt& attempt : result.attempts) json["attempts"].push_back(to_json(attempt));
    for (const Finding& finding : result.findings)
        if (!finding.holds) json["failures"].push_back(finding.what + ": " + finding.words);
    return json_text(json);
}

}  // namespace training
