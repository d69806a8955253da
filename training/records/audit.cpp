#include "training/records/audit.h"

#include "training/core/signing.h"
#include "training/records/rows.h"

#include <algorithm>
#include <map>

namespace records {

namespace {

using training::KeptRecord;
using training::NamedRecording;
namespace fs = base::fs;

struct KeptSession {
    std::string recording;  ///< as the row says
    KeptRecord record;
};

/// A hash that the store's own rules let in, read.
base::Hash hash_of(const std::string& hex) {
    const auto bytes = training::from_hex<32>(hex);
    if (!bytes) throw Trouble{Fate::forbidden, "a hash in the store cannot be read; use a copy of it"};
    return {*bytes};
}

/// By evidence.
std::map<std::string, KeptSession> kept_sessions(const std::vector<Listed>& rows, const std::map<std::string, std::string>& rubrics) {
    std::map<std::string, KeptSession> sessions;
    for (const Listed& row : rows) {
        const Session& session = row.session;
        if (session.kind == SessionKind::exam) continue;
        const auto [at, is_new] = sessions.try_emplace(session.evidence);
        if (is_new)
            at->second = {session.recording,
                          {hash_of(session.evidence), session.case_id, session.device_id, session.started, session.candidate, {}}};
        const auto rubric = rubrics.find(row.score.rubric);
        at->second.record.scores.push_back(
            {rubric == rubrics.end() ? std::string() : rubric->second, hash_of(row.score.scope), row.score.total, row.score.pass});
    }
    return sessions;
}

std::string short_name(const std::string& evidence) {
    return evidence.substr(0, 12);
}

NamedRecording as_the_row_says(const std::string& evidence, const KeptSession& kept) {
    if (kept.recording.empty())
        return {short_name(evidence), {}, "the store names no file; name the folder of recordings with --all", kept.record};
    return {fmt::format("{} {}", short_name(evidence), kept.recording), kept.recording, {}, kept.record};
}

using ByEvidence = std::multimap<std::string, fs::path>;

/// The recordings below a folder by the evidence that they say they have; none where no folder is named.
base::Result<ByEvidence> recordings_in(const fs::path& folder) {
    if (folder.empty()) return ByEvidence();
    const auto files = training::list_recordings(folder, {});
    if (!files) return files.error();
    ByEvidence found;
    for (const fs::path& file : *files) found.emplace(training::evidence_named_in(file).value_or(""), file);
    return found;
}

}  // namespace

base::Result<Audit> audit_of(Store& store, const fs::path& folder, const training::Shard& shard) {
    const auto rows = store.list();
    if (!rows) return rows.error();
    const auto rubrics = store.rubric_texts();
    if (!rubrics) return rubrics.error();
    const auto sessions = result_of([&] { return kept_sessions(*rows, *rubrics); });
    if (!sessions) return sessions.error();
    const auto found = recordings_in(folder);
    if (!found) return found.error();

    Audit audit;
    audit.exams = static_cast<size_t>(std::ranges::count(*rows, SessionKind::exam, [](const Listed& row) { return row.session.kind; }));
    size_t number = 0, named = 0;
    for (const auto& [evidence, kept] : *sessions) {
        named += found->count(evidence);
        if (number++ % static_cast<size_t>(shard.parts) != static_cast<size_t>(shard.part - 1)) continue;
        if (folder.empty()) {
            audit.recordings.push_back(as_the_row_says(evidence, kept));
            continue;
        }
        const auto [first, last] = found->equal_range(evidence);
        if (first == last) audit.recordings.push_back({short_name(evidence), {}, fmt::format("no recording of it below {}", folder.string()), kept.record});
        for (auto one = first; one != last; ++one)
            audit.recordings.push_back({fmt::format("{} {}", short_name(evidence), one->second.lexically_relative(folder).string()), one->second, {}, kept.record});
    }
    audit.elsewhere = found->size() - named;
    return audit;
}

}  // namespace records
