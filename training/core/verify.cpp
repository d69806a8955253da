#include "training/core/verify.h"

#include "training/core/database.h"
#include "training/core/decimal.h"
#include "training/core/exam_attempts.h"

#include <algorithm>

namespace training {

namespace fs = base::fs;

namespace {

/// Whether a file is one of ours at all, damaged or not.
bool is_recording(const fs::path& file) {
    try {
        SQLite::Database database(fs::absolute(file).string(), SQLite::OPEN_READONLY,
                                  database::kBusyTimeoutMs);
        database::check_version(database);
    } catch (const database::Refusal&) {
        return false;
    } catch (const SQLite::Exception&) {
        return false;
    }
    return true;
}

/// An id of ours is a file's name and nothing else.
bool is_plain_id(const std::string& id) {
    return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

/// How what a recording carries stands to this machine's content.
struct ContentCheck {
    std::vector<std::string> same, unknown, different;

    void text(const fs::path& folder, const char* kind, const std::string& id, const std::string& recorded) {
        const fs::path file = folder / (id + ".toml");
        const auto ours = is_plain_id(id) ? base::read_text(file) : base::Result<std::string>(base::error("none"));
        const std::string what = fmt::format("{} '{}'", kind, id.substr(0, 64));
        (!ours ? unknown : *ours == recorded ? same : different).push_back(what);
    }
    void skin(const base::Places& places, const RecordingHeader& header) {
        if (header.skin_text.empty()) return;  // recordings older than that
        const auto ours = skin::SkinModel::load(places, {});
        (ours && ours->hash == header.skin ? same : different).push_back("skin");
    }
    Finding finding() const {
        if (!different.empty())
            return {"content", false, fmt::format("not this machine's: {}", fmt::join(different, ", "))};
        std::string words = fmt::format("{}: this machine's", fmt::join(same, ", "));
        if (!unknown.empty())
            words += fmt::format("; {}: unknown here, taken as the recording carries them",
                                 fmt::join(unknown, ", "));
        return {"content", true, words};
    }
};

Finding check_content(const base::Places& places, const RecordingHeader& header,
                      const base::Result<std::shared_ptr<const Stage>>& stage) {
    if (!stage) return {"content", false, stage.error().message};  // face, device and skin, by their hashes
    ContentCheck check;
    check.text(places.data / "cases", "case", header.case_id, header.case_text);
    check.text(places.data / "devices", "device", header.device_id, header.device_text);
    check.skin(places, header);
    (header.face_text.empty() ? check.same : check.unknown)
        .push_back(fmt::format("face '{}'", header.face_id.substr(0, 64)));
    return check.finding();
}

Finding check_replay(const Recording& recording, const std::shared_ptr<const Stage>& stage) {
    if (base::Status fits = check_fits(recording, *stage->face); !fits)
        return {"replay", false, fits.error().message};
    const Session replayed = resimulate(recording, stage);
    const std::string difference = first_difference(recording, replayed);
    if (!difference.empty()) return {"replay", false, difference};
    return {
        "replay", true,
        fmt::format("{} punctures follow from the pen's path, to the last bit", recording.punctures.size())};
}

Finding check_score(const base::Places& places, const VerifyTerms& terms, const Recording& recording,
                    const Stage& stage) {
    const auto rubric = load_rubric(places, terms.rubric.empty() ? stage.practice.rubric : terms.rubric);
    if (!rubric) return {"score", false, rubric.error().message};
    const auto scope = load_scope(places, terms.scope.empty() ? stage.practice.scope : terms.scope);
    if (!scope) return {"score", false, scope.error().message};
    const Score scored = score(recording, stage, *rubric, *scope);
    return {"score", true,
            fmt::format("{} of 100, {}; rubric {}, scope {}", hundredths_text(scored.total),
                        scored.pass ? "passed" : "not passed", scored.rubric.hex().substr(0, 12),
                        scored.scope.hex().substr(0, 12))};
}

/// Why a score that is kept elsewhere is not this recording's; empty where it is.
std::string score_fault(const base::Places& places, const VerifyTerms& terms, const Recording& recording, const Stage& stage,
                        const KeptRecord::Score& kept) {
    const std::string which = fmt::format("the score {} by rubric {}", hundredths_text(kept.total), base::sha256(kept.rubric).hex().substr(0, 12));
    const RubricReading rubric = read_rubric_text(places, kept.rubric, "the store's rubric");
    if (!rubric.mistakes.empty()) return fmt::format("{}: {}", which, rubric.mistakes.front());
    const auto scope = load_scope(places, terms.scope.empty() ? stage.practice.scope : terms.scope);
    if (!scope) return scope.error().message;
    if (scope->hash != kept.scope)
        return fmt::format("{} is by scope {}, and here is {}; name the right one with --scope", which, kept.scope.hex().substr(0, 12),
                           scope->hash.hex().substr(0, 12));
    const Score scored = score(recording, stage, rubric.rubric, *scope);
    if (scored.total == kept.total && scored.pass == kept.pass) return {};
    return fmt::format("{}, {}, is kept; the recording scores {}, {}", which, kept.pass ? "passed" : "not passed", hundredths_text(scored.total),
                       scored.pass ? "passed" : "not passed");
}

Finding check_record(const base::Places& places, const VerifyTerms& terms, const Recording& recording, const Stage* stage,
                     const KeptRecord& kept) {
    const base::Hash evidence = recording.evidence_hash();
    if (evidence != kept.evidence)
        return {"record", false, fmt::format("the store keeps the evidence {}, this is {}", kept.evidence.hex().substr(0, 12), evidence.hex().substr(0, 12))};
    const RecordingHeader& header = recording.header;
    for (const auto& [what, here, there] : {std::tuple{"case", &header.case_id, &kept.case_id}, std::tuple{"device", &header.device_id, &kept.device_id},
                                            std::tuple{"start", &header.started, &kept.started}, std::tuple{"candidate", &header.trainee, &kept.candidate}})
        if (*here != *there && !here->empty()) return {"record", false, fmt::format("the {} is not the one that the store names", what)};
    if (!stage) return {"record", false, "no score can be computed without the content"};
    std::string totals;
    for (const KeptRecord::Score& one : kept.scores) {
        if (const std::string fault = score_fault(places, terms, recording, *stage, one); !fault.empty()) return {"record", false, fault};
        totals += (totals.empty() ? "" : ", ") + hundredths_text(one.total);
    }
    return {"record", true, fmt::format("the store says the same: {}", totals.empty() ? "no score" : totals)};
}

const Finding* find(const Verification& verification, std::string_view what) {
    for (const Finding& finding : verification.findings)
        if (finding.what == what) return &finding;
    return nullptr;
}

base::Hash stage_key(const RecordingHeader& header) {
    base::Hasher hasher;
    for (const std::string* text :
         {&header.case_id, &header.case_text, &header.device_id, &header.device_text, &header.face_id,
          &header.face_text, &header.skin_text})
        hasher.text(*text);
    return hasher.value(header.face.bytes).value(header.device.bytes).value(header.skin.bytes).finish();
}

}  // namespace

bool Verification::holds() const {
    return usable && std::all_of(findings.begin(), findings.end(),
                                 [](const Finding& finding) { return finding.holds; });
}

base::Result<std::shared_ptr<const Stage>> StageStore::load(const RecordingHeader& header) {
    const base::Hash key = stage_key(header);
    const std::lock_guard lock(mutex_);
    for (const auto& [name, stage] : kept_)
        if (name == key) return stage;
    base::Result<std::shared_ptr<const Stage>> stage = load_stage(places_, header);
    if (!stage) return stage.error();
    if (kept_.size() == kKept) kept_.erase(kept_.begin());
    kept_.emplace_back(key, *stage);
    return stage;
}

Verification verify(const fs::path& file, const VerifyTerms& terms, StageStore& stages, const KeptRecord* kept) {
    Verification result;
    const base::Result<Recording> recording = load_recording(file);
    if (!recording) {
        result.usable = is_recording(file);
        result.findings = {{"integrity", false, recording.error().message}};
        return result;
    }
    result.session = session_name(*recording);
    result.findings = {
        {"integrity", true, "the file is whole and its evidence is the one it was written with"}};
    if (!recording->seal && !recording->finished)
        result.findings.back().words += "; the session was interrupted";
    const std::vector<Finding> seal = check_seal(*recording, terms.trust, terms.demands);
    result.findings.insert(result.findings.end(), seal.begin(), seal.end());
    if (!terms.journals.empty()) {
        const Standing standing = standing_in(terms.journals, kept_part(file, *recording));
        result.findings.push_back({"journal", standing.holds, standing.words});
    }
    const base::Result<std::shared_ptr<const Stage>> stage = stages.load(recording->header);
    result.findings.push_back(check_content(stages.places(), recording->header, stage));
    if (stage) {
        result.findings.push_back(check_replay(*recording, *stage));
        result.findings.push_back(check_score(stages.places(), terms, *recording, **stage));
    }
    if (kept) result.findings.push_back(check_record(stages.places(), terms, *recording, stage ? stage->get() : nullptr, *kept));
    return result;
}

std::string verification_text(const Verification& verification) {
    std::string text;
    for (const Finding& finding : verification.findings)
        text += fmt::format("{:<13} {}: {}\n", finding.what,
                            finding.absent  ? "none"
                            : finding.holds ? "holds"
                                            : "FAILS",
                            finding.words);
    return text;
}

std::string verification_line(const Verification& verification) {
    if (verification.holds()) {
        const Finding* score = find(verification, "score");
        return fmt::format("holds{}: {}", verification.session ? ", sealed" : ", not sealed",
                           score ? score->words : "");
    }
    const auto fails = [](const Finding& finding) { return !finding.holds; };
    const auto& findings = verification.findings;
    const auto first = std::find_if(findings.begin(), findings.end(), fails);
    const auto more = std::count_if(std::next(first), findings.end(), fails);
    return fmt::format("{}: {}: {}{}", verification.usable ? "FAILS" : "unusable", first->what, first->words,
                       more > 0 ? fmt::format("; and {} more", more) : "");
}

}  // namespace training
