#include "training/records/handing_in.h"

#include "training/core/exam_attempts.h"
#include "training/core/json_text.h"
#include "training/core/phrases.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace records {

namespace {

/// "pen-12, pen-36": in the order in which they first come.
std::string each_once(const std::vector<training::ExamAttempt>& attempts, std::string training::ExamAttempt::* member) {
    std::vector<std::string> seen;
    for (const training::ExamAttempt& attempt : attempts)
        if (std::ranges::find(seen, attempt.*member) == seen.end()) seen.push_back(attempt.*member);
    return fmt::format("{}", fmt::join(seen, ", "));
}

/// As readers of a score's document know it: no lines of its own, and why it was not passed whatever the mean.
std::string exam_document(const training::ExamPackage& package, const training::ExamResult& exam) {
    const training::Phrases& english = training::Phrases::english();
    training::Document document = training::Document::parse(training::exam_result_json(package, exam));
    document["criteria"] = training::Document::array();
    document["failures"] = training::Document::array();
    document["finished"] = std::ranges::none_of(exam.attempts, &training::ExamAttempt::cut_off);
    for (const training::ExamAttempt& attempt : exam.attempts)
        for (const std::string& gate : attempt.gates) document["failures"].push_back(english("failure.attempt", fmt::arg("attempt", attempt.number), fmt::arg("reason", gate)));
    return training::json_text(document);
}

}  // namespace

SessionResult session_result(const training::Recording& recording, const training::Score& score, const training::Rubric& rubric,
                             const std::string& rubric_text, const Circumstances& circumstances) {
    SessionResult result;
    Session& session = result.session;
    session.evidence = score.evidence.hex();
    session.case_id = recording.header.case_id;
    session.device_id = recording.header.device_id;
    session.rubric = score.rubric.hex();
    session.started = recording.header.started;
    session.source = recording.header.source;
    session.candidate = circumstances.candidate.empty() ? recording.header.trainee : circumstances.candidate;
    session.station = circumstances.station;
    const std::optional<int> attempt = training::exam_attempt_of(recording);
    session.attempt = attempt.value_or(score.attempt);
    session.kind = attempt ? SessionKind::exam : SessionKind::practice;
    session.recording = circumstances.recording.string();
    result.rubric = {session.rubric, rubric.id, rubric.version, rubric_text};
    result.score = {session.evidence, session.rubric, score.scope.hex(), score.total, score.pass_mark, score.pass, training::score_json(score)};
    return result;
}

SessionResult exam_session(const training::ExamPackage& package, const training::ExamResult& exam, const training::Rubric& rubric,
                           const std::string& rubric_text, const Circumstances& circumstances) {
    CHECK(exam.holds() && !exam.attempts.empty(), package.id);
    SessionResult result;
    Session& session = result.session;
    session.evidence = exam.evidence().hex();
    session.case_id = package.id;
    session.device_id = each_once(exam.attempts, &training::ExamAttempt::device);
    session.rubric = exam.rubric.hex();
    session.started = exam.attempts.front().started;
    session.source = each_once(exam.attempts, &training::ExamAttempt::source);
    session.candidate = exam.candidate;
    session.station = circumstances.station;
    session.kind = SessionKind::exam;
    session.recording = circumstances.recording.string();
    result.rubric = {session.rubric, rubric.id, rubric.version, rubric_text};
    result.score = {session.evidence, session.rubric, exam.scope.hex(), exam.mean, exam.pass_mark, exam.pass, exam_document(package, exam)};
    return result;
}

Receipt keep_and_queue(Store& station, const SessionResult& result, std::span<const OutboxEntry> more) {
    if (base::Status fit = check(result); !fit) return {Kept::refused, fit.error().message};
    std::vector<OutboxEntry> entries = {entry_of(result)};
    entries.insert(entries.end(), more.begin(), more.end());
    return station.add(result, entries);
}

Receipt keep_and_queue(Store& station, const Decision& decision) {
    if (base::Status fit = check(decision); !fit) return {Kept::refused, fit.error().message};
    const OutboxEntry entry = entry_of(decision);
    return station.decide(decision, {&entry, 1});
}

std::vector<Candidate> candidates_of(std::span<const training::Member> members) {
    std::vector<Candidate> candidates;
    for (const training::Member& member : members) candidates.push_back({member.code, member.group});
    return candidates;
}

}  // namespace records
