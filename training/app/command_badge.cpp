// badge: what a certification body gives a candidate whose sealed sessions hold and passed, and what others check.

#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/evaluation.h"
#include "training/app/own_key.h"
#include "training/app/trust.h"

#include "training/core/credential.h"
#include "training/core/decimal.h"
#include "training/core/exam_result.h"
#include "training/core/keys.h"
#include "training/core/utc.h"
#include "training/core/verify.h"
#include "training/core/xapi.h"

#include <algorithm>
#include <numeric>

namespace app {

namespace {

/// The sessions that a badge is given for, all of one candidate and by one rubric.
struct Passed {
    std::string candidate;
    base::Hash rubric, evidence;
    int32_t total = 0;  ///< their mean
    size_t count = 0;
    training::Rubric by;
};

/// One whose seal holds by the keys trusted here, and that passed.
base::Result<ScoredSession> passed_session(const Options& options, const BadgeIssueArguments& arguments, const base::fs::path& file,
                                           const training::Trust& trust, training::StageStore& stages) {
    training::VerifyTerms terms;
    terms.trust = trust;
    terms.demands.sealed = true;
    terms.rubric = arguments.rubric, terms.scope = arguments.scope;
    const training::Verification verification = training::verify(file, terms, stages);
    if (!verification.usable) return base::Error{verification.findings.front().words};
    if (!verification.holds())
        return base::error("{}: no badge is given for it: {}", file.string(), training::verification_line(verification));
    base::Result<ScoredSession> session = score_file(options.places, file, {arguments.rubric, arguments.scope});
    if (session && !session->score.pass)
        return base::error("{}: was not passed ({} of 100); a badge is for what was passed", file.string(),
                           training::hundredths_text(session->score.total));
    return session;
}

base::Result<Passed> all_passed(const Options& options, const BadgeIssueArguments& arguments, const training::Trust& trust) {
    training::StageStore stages(options.places);
    Passed passed;
    passed.candidate = arguments.candidate;
    std::vector<base::Hash> evidence;
    int64_t sum = 0;
    for (const std::string& file : arguments.recordings) {
        base::Result<ScoredSession> session = passed_session(options, arguments, file, trust, stages);
        if (!session) return session.error();
        const std::string& trainee = session->recording.header.trainee;
        if (passed.candidate.empty()) passed.candidate = trainee;
        if (passed.candidate.empty()) return base::error("{}: names no candidate; give one with --candidate", file);
        if (!trainee.empty() && trainee != passed.candidate)
            return base::error("{}: is {}'s session, not {}'s; give one candidate's sessions", file, trainee, passed.candidate);
        if (evidence.empty()) passed.rubric = session->score.rubric;
        if (session->score.rubric != passed.rubric) return base::error("{}: is scored by another rubric than the first; name one with --rubric", file);
        passed.by = session->rubric;
        if (std::ranges::find(evidence, session->score.evidence) != evidence.end())
            return base::error("the session {} is given twice; give each once", session->score.evidence.hex().substr(0, 12));
        evidence.push_back(session->score.evidence);
        sum += session->score.total;
    }
    const auto count = static_cast<int64_t>(evidence.size());
    passed.total = static_cast<int32_t>((2 * sum + count) / (2 * count));
    passed.count = evidence.size();
    passed.evidence = training::evidence_together(evidence);
    return passed;
}

/// An exam by its package: all its attempts, whose mean was passed.
base::Result<Passed> exam_passed(const Options& options, const BadgeIssueArguments& arguments, const training::Trust& trust) {
    if (!arguments.rubric.empty() || !arguments.scope.empty())
        return base::error("--package brings rubric and scope; leave out --rubric and --scope");
    const auto package = training::load_exam(arguments.package);
    if (!package) return package.error();
    training::StageStore stages(options.places);
    const auto result = training::exam_result(*package, {arguments.recordings.begin(), arguments.recordings.end()}, trust, stages);
    if (!result) return result.error();
    if (!result->holds()) return base::error("the exam {}: not everything holds; `evenhand exam result` names what", package->id);
    if (!result->pass)
        return base::error("the exam {}: was not passed (mean {} of 100); a badge is for what was passed", package->id,
                           training::hundredths_text(result->mean));
    if (!arguments.candidate.empty() && arguments.candidate != result->candidate)
        return base::error("the exam {}: is {}'s, not {}'s; give one candidate's attempts", package->id, result->candidate, arguments.candidate);
    auto rubric = training::load_rubric(options.places, package->rubric);
    if (!rubric) return rubric.error();
    return Passed{result->candidate, result->rubric, result->evidence(), result->mean, result->attempts.size(), std::move(*rubric)};
}

/// The body's own words, or ours: training evidence.
base::Result<training::Award> award_for(const Options& options, const BadgeIssueArguments& arguments, const Passed& passed, const training::Identity& body) {
    const auto words = training::Phrases::load(options.places, arguments.language);
    if (!words) return words.error();
    const auto id = base::Hasher().bytes(body.key).bytes(passed.evidence.bytes).bytes(passed.rubric.bytes).text(passed.candidate).text(arguments.name).finish();
    training::Award award{.id = training::uuid_of(id),
                          .issuer = arguments.issuer.empty() ? body.name : arguments.issuer,
                          .candidate = passed.candidate,
                          .name = arguments.name.empty() ? (*words)("badge.name") : arguments.name,
                          .description = arguments.description.empty() ? (*words)("badge.description") : arguments.description,
                          .criteria = (*words)("badge.criteria", fmt::arg("sessions", passed.count), fmt::arg("rubric", passed.by.id),
                                               fmt::arg("version", passed.by.version)),
                          .awarded = training::utc_now(),
                          .rubric = passed.rubric,
                          .evidence = passed.evidence,
                          .total = passed.total,
                          .certifies = arguments.certifies};
    if (base::Status sound = training::check_award(award); !sound) return sound.error();
    return award;
}

base::Status write_token(const BadgeIssueArguments& arguments, const training::Award& award, const training::PublicKey& body) {
    if (arguments.jwt.empty()) return {};
    const auto pem = base::read_text(arguments.rsa, 64 << 10);
    if (!pem) return pem.error();
    const auto token = training::badge_jwt(award, body, *pem);
    if (!token) return base::error("{}: {}", arguments.rsa, token.error());
    return base::write_file(arguments.jwt, std::string_view(*token + "\n"));
}

}  // namespace

int badge_issue(const Options& options, const BadgeIssueArguments& arguments) {
    if (arguments.jwt.empty() != arguments.rsa.empty()) return refuse(base::error("--jwt and --rsa go together: a token needs the body's RSA key"));
    if (arguments.certifies && (arguments.name.empty() || arguments.description.empty()))
        return refuse(base::error("--certifies: say what is certified with --name and --description; Evenhand itself certifies nothing"));
    for (const std::string& file : {arguments.output, arguments.jwt})
        if (base::Status writable = file.empty() ? base::Status() : base::check_writable(file); !writable) return refuse(writable.error());
    const auto trust = training::read_trust(training::keys_folder());
    if (!trust) return refuse(trust.error());
    const auto body = open_own_key(training::KeyRole::body, arguments.by, arguments.passphrase_file);
    if (!body) return refuse(body.error());
    const auto passed = arguments.package.empty() ? all_passed(options, arguments, *trust) : exam_passed(options, arguments, *trust);
    if (!passed) return refuse(passed.error());
    const auto award = award_for(options, arguments, *passed, body->who);
    if (!award) return refuse(award.error());
    if (base::Status token = write_token(arguments, *award, body->who.key); !token) return refuse(token.error());
    if (base::Status written = base::write_file(arguments.output, std::string_view(training::badge_json(*award, body->secret))); !written)
        return refuse(written.error());
    fmt::print("{}: {} of {}, {} of 100, given by {}\n", arguments.output, award->name, award->candidate,
               training::hundredths_text(award->total), award->issuer);
    return kDone;
}

int badge_check(const BadgeCheckArguments& arguments) {
    const auto text = base::read_text(arguments.badge, 64 << 10);
    if (!text) return refuse(text.error());
    const auto checked = training::check_badge(*text, arguments.badge);
    if (!checked) {
        fmt::print("proof    FAILS: {}\n", checked.error().message);
        return kMismatch;
    }
    const training::Award& award = checked->award;
    fmt::print("proof    holds: nothing in it was changed\nsays     {} by {}: {} of 100 on {}, {}\n", award.name, award.candidate,
               training::hundredths_text(award.total), award.awarded, award.certifies ? "certified by the body" : "training evidence, no certificate");
    const auto trust = read_trust(arguments.trust.empty() ? std::vector<std::string>() : std::vector{arguments.trust});
    if (!trust) return refuse(trust.error());
    const training::Identity* body = trust->find(checked->issuer, training::KeyRole::body);
    if (!body) {
        fmt::print("issuer   FAILS: key {} is no body's that is trusted here; get the body's public key and name it with --trust\n", training::key_id(checked->issuer));
        return kMismatch;
    }
    if (const training::Revocation* revoked = trust->revoked_by_itself(checked->issuer, award.awarded)) {
        fmt::print("issuer   FAILS: the key of {} was revoked from {}{}\n", body->name, revoked->since, revoked->compromised ? " as compromised: its dates are worth nothing" : "");
        return kMismatch;
    }
    fmt::print("issuer   holds: {} ({})\n", body->name, training::key_id(body->key));
    return kDone;
}

}  // namespace app
