// verify: whether a recording is what it says, one by one or thousands.

#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/station_journals.h"
#include "training/app/station_records.h"
#include "training/app/trust.h"
#include "training/core/exam.h"
#include "training/core/verify_folder.h"
#include "training/records/audit.h"

#include <algorithm>
#include <thread>

namespace app {

namespace {

/// What the exam package asks: its nonce and hash, its rubric and scope as this machine has them.
base::Status bind_to_package(const Options& options, const std::string& file, training::VerifyTerms& terms) {
    if (file.empty()) return {};
    const auto package = training::load_exam(file);
    if (!package) return package.error();
    if (const training::Standing standing = training::standing_of(*package, terms.trust); !standing.holds)
        return base::error("{}: {}", file, standing.words);
    if (base::Status content = training::check_content(*package, options.places); !content) return content;
    terms.demands.nonce = package->nonce;
    terms.demands.package = package->hash;
    terms.rubric = package->rubric;
    terms.scope = package->scope;
    return {};
}

base::Result<training::VerifyTerms> read_terms(const Options& options, const VerifyArguments& arguments) {
    training::VerifyTerms terms;
    terms.demands = {arguments.sealed || !arguments.trust.empty() || !arguments.journals.empty(), arguments.nonce, arguments.code, {}};
    terms.rubric = arguments.rubric;
    terms.scope = arguments.scope;
    if (!arguments.nonce.empty())
        if (base::Status nonce = training::check_nonce(arguments.nonce); !nonce)
            return base::error("--nonce: {}", nonce.error());
    auto trust = read_trust(arguments.trust);
    if (!trust) return trust.error();
    terms.trust = std::move(*trust);
    auto journals = read_journals(arguments.journals);
    if (!journals) return journals.error();
    terms.journals = std::move(*journals);
    if (base::Status bound = bind_to_package(options, arguments.package, terms); !bound) return bound.error();
    return terms;
}

/// "41 hold (40 sealed, 1 not), 2 do not, 1 cannot be used"
std::string summary(const std::vector<training::VerifiedFile>& files) {
    size_t sealed = 0, unsealed = 0, fail = 0, unusable = 0, known = 0;
    for (const training::VerifiedFile& file : files) {
        const int exit = file.verification.exit_code();
        known += file.known;
        ++(exit == kUnusable           ? unusable
           : exit == kMismatch         ? fail
           : file.verification.session ? sealed
                                       : unsealed);
    }
    return fmt::format(
        "{} recordings: {} hold ({} sealed, {} not), {} do not, {} cannot be used; {} known from an earlier "
        "run",
        files.size(), sealed + unsealed, sealed, unsealed, fail, unusable, known);
}

/// Where what was found is kept, unless it was named.
base::fs::path results_file(const VerifyArguments& arguments, const training::Shard& shard) {
    if (!arguments.results.empty()) return arguments.results;
    return base::fs::path(arguments.all) / (shard.parts == 1 ? "verified.jsonl" : fmt::format("verified-{}-of-{}.jsonl", shard.part, shard.parts));
}

/// The sessions of a store, or the recordings of a folder.
base::Result<records::Audit> what_to_verify(const VerifyArguments& arguments, const training::Shard& shard) {
    if (!arguments.db.empty()) {
        base::Result<records::Store> store = open_store(arguments.db);
        if (!store) return store.error();
        return records::audit_of(*store, arguments.all, shard);
    }
    const auto recordings = training::recordings_of(arguments.all, shard);
    if (!recordings) return recordings.error();
    return records::Audit{*recordings, 0};
}

int verify_all(const Options& options, const VerifyArguments& arguments, const training::VerifyTerms& terms) {
    const auto shard = training::parse_shard(arguments.shard);
    if (!shard) return refuse(shard.error());
    const auto audit = what_to_verify(arguments, *shard);
    if (!audit) return refuse(base::Error{plain(audit.error().message)});
    const int jobs = std::clamp(arguments.jobs, 1, 256);
    training::StageStore stages(options.places);
    ProgressLine progress;
    const auto tell = [&](const training::VerifiedFile& file, size_t done, size_t of) {
        progress.clear();
        fmt::print("{}: {}\n", plain(file.file), plain(training::verification_line(file.verification)));
        std::fflush(stdout);
        progress.show(fmt::format("verified {} of {}", done, of),
                      static_cast<double>(done) / static_cast<double>(of));
    };
    const auto files = training::verify_recordings(audit->recordings, results_file(arguments, *shard), jobs, terms, stages, tell);
    progress.clear();
    if (!files) return refuse(files.error());
    int exit = kDone;
    for (const training::VerifiedFile& file : *files) {
        exit = std::max(exit, file.verification.exit_code() == 0 ? kDone : kMismatch);
        const training::Finding& last = file.verification.findings.back();
        if (last.what == "copy") fmt::print("{}: FAILS: {}\n", plain(file.file), plain(last.words));
    }
    if (audit->exams > 0) fmt::print("{} of the store's scores are whole exams; look at those with `evenhand exam result`\n", audit->exams);
    if (audit->elsewhere > 0) fmt::print("{} more in {} are no session of the store\n", audit->elsewhere, arguments.all);
    fmt::print("{}\n", summary(*files));
    return exit;
}

}  // namespace

int verify(const Options& options, const VerifyArguments& arguments) {
    const bool many = !arguments.all.empty() || !arguments.db.empty();
    if (arguments.recording.empty() != many)
        return refuse(base::error("verify: give either a recording or --all FOLDER, --db STORE or both of them"));
    if (!many && (arguments.shard != "1/1" || !arguments.results.empty()))
        return refuse(base::error("verify: --shard and --results go with --all or --db"));
    if (!arguments.package.empty() && !(arguments.nonce.empty() && arguments.rubric.empty() && arguments.scope.empty()))
        return refuse(base::error("verify: --package brings nonce, rubric and scope; leave out --nonce, --rubric and --scope"));
    const auto terms = read_terms(options, arguments);
    if (!terms) return refuse(terms.error());
    if (many) return verify_all(options, arguments, *terms);
    training::StageStore stages(options.places);
    const training::Verification verification = training::verify(arguments.recording, *terms, stages);
    if (!verification.usable) return refuse(base::Error{verification.findings.front().words});
    fmt::print("{}", training::verification_text(verification));
    return verification.exit_code();
}

}  // namespace app
