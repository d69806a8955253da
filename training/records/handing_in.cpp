#include "training/records/handing_in.h"

namespace records {

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
    session.attempt = score.attempt;
    session.kind = circumstances.kind;
    session.recording = circumstances.recording.string();
    result.rubric = {session.rubric, rubric.id, rubric.version, rubric_text};
    result.score = {session.evidence, session.rubric, score.scope.hex(), score.total, score.pass_mark, score.pass, training::score_json(score)};
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
