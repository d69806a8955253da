#pragma once

// Whether a recording is what it says: the file is whole, its seal holds, the content it names is this
// machine's, its logs follow from the pen's path, and what it scores. Everything is computed here; nothing
// that the file says about itself is believed.

#include "training/core/exam_journal.h"
#include "training/core/score.h"
#include "training/core/seal_check.h"

#include <mutex>

namespace training {

struct VerifyTerms {
    Trust trust;
    SealDemands demands;
    std::string rubric, scope;  ///< ids or files to score by; empty: the case's own
    std::vector<Journal> journals = {};  ///< of stations, to hold an exam's recording against that of its own; none: nobody asks
};

/// What a record store keeps of a session, to be held against the recording.
struct KeptRecord {
    struct Score {
        std::string rubric;  ///< its text
        base::Hash scope;
        int64_t total = 0;  ///< hundredths
        bool pass = false;
    };
    base::Hash evidence;
    std::string case_id, device_id, started, candidate;
    std::vector<Score> scores;
};

struct Verification {
    std::vector<Finding>
        findings;  ///< in the order in which they are told: integrity, seal, content, replay, score
    std::optional<base::Hash> session;  ///< name of the sealed session (session_name)
    bool usable = true;                 ///< false: no recording at all, and the one finding says why

    bool holds() const;
    /// 0 all holds, 1 something does not, 2 unusable.
    int exit_code() const { return !usable ? 2 : holds() ? 0 : 1; }
};

/// Stages by what their recordings' headers name, so that a thousand recordings of a case load its face once.
/// Any thread.
class StageStore {
  public:
    explicit StageStore(base::Places places) : places_(std::move(places)) {}
    const base::Places& places() const { return places_; }
    base::Result<std::shared_ptr<const Stage>> load(const RecordingHeader& header);

  private:
    static constexpr size_t kKept = 4;  ///< a head with its tissue takes some 100 MB

    base::Places places_;
    std::mutex mutex_;
    std::vector<std::pair<base::Hash, std::shared_ptr<const Stage>>> kept_;
};

/// Reads the recording once, then looks at everything, whatever it finds on the way. Costs a fortieth of the
/// session's time. With `kept` one more line, "record": whether a store says of the session what the recording
/// says, each score computed anew by the very rubric that the store keeps.
Verification verify(const base::fs::path& file, const VerifyTerms& terms, StageStore& stages,
                    const KeptRecord* kept = nullptr);

/// "chain         holds: …" for each finding; FAILS where it does not, none where there is nothing.
std::string verification_text(const Verification& verification);
/// The whole in one line: "holds: 81.23 of 100, …" or the first thing that does not hold and how many more.
std::string verification_line(const Verification& verification);

}  // namespace training
