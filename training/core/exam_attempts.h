#pragma once

// A candidate's attempts at an exam, in one folder: sealed recordings and nothing else that has to be kept. What comes next follows
// from them alone, so that a power cut can lose no count.
//
//   attempt-1.evh          an attempt
//   attempt-1-part-2.evh   the same taken up after it was cut off: all that the part before it kept, and what followed
//
// An attempt begins with the event `exam_attempt K BUILD LINK` (build: SHA-256 of the program; the last link that was signed of the attempt
// before, as it lay in the folder then; of the first, and in old recordings, none), signed before the candidate can do anything.
// One that was cut off is unfinished, and signed as far as it got. Taken up again within the package's limit the next part repeats
// its samples and events, then says so by the event `exam_resumed PART GAP LINK` (s; the last link that was signed, or where the chain
// starts), and goes on from there: nothing is lost, nothing can be done again, and the time limit counts on. Taken up later the attempt
// has ended where it was cut off, and the next one begins.
// Time between parts, and how long a part was open, is told by a clock that nobody sets (boot_time.h), which session documents and links
// hold. Where the machine was started anew in between, or another goes on, the station's clock tells the gap; where that was set back
// meanwhile nobody can tell, and the attempt has ended.
// Time in which the station itself stood still (its program ran no frame for longer than a second) is no pause of the candidate's. Each is noted
// by the event `exam_stood MS`; all of an attempt are let pass up to the package's resume limit, as one power cut is, and what is more is pause.
// A recording in which nothing was signed yet is no attempt.

#include "training/core/exam.h"
#include "training/core/exam_journal.h"
#include "training/core/recording.h"
#include "training/core/seal.h"
#include "training/core/session.h"

#include <optional>

namespace training {

inline constexpr const char *kAttemptEvent = "exam_attempt", *kResumedEvent = "exam_resumed", *kStoodEvent = "exam_stood";

/// What a recording says of itself as a part of an exam.
struct ExamPart {
    base::fs::path file;
    Recording recording;
    SealedSession session;
    int attempt = 0;          ///< from 1; 0: nothing was signed in it
    base::Hash program;       ///< build that recorded it
    std::optional<base::Hash> follows;  ///< last link of the attempt before; none: the first, or an old recording
    int part = 1;             ///< of the attempt
    int64_t gap_s = 0;        ///< before this part, as it says itself
    int64_t gaps_s = 0;       ///< before all parts of the attempt so far
    base::Hash after;         ///< last link of the part before; of the first nothing
    int64_t stood_ms = 0;     ///< that the station stood still in this part and those before it of the attempt

    /// The last link, or where the chain starts.
    base::Hash last_link() const;
    /// ms that it was open until its last link; none in recordings whose links do not tell.
    std::optional<int64_t> open_ms() const;
    KeptPart kept() const;
};

/// A recording as it is held against a journal. None of one that is not sealed for a package, or whose session document cannot be read.
std::optional<KeptPart> kept_part(const base::fs::path& file, const Recording& recording);

/// ms from a part's last link to a moment, by the clock that nobody sets; none where it cannot tell.
std::optional<int64_t> steady_gap_ms(const ExamPart& cut, const BootTime& then);
/// s of a part that were no session time, by the clock that nobody sets, up to its last link; none where it cannot tell. `before`: the
/// part that it goes on from, or null.
std::optional<double> steady_pause_s(const ExamPart* before, const ExamPart& part);

/// s of an attempt in which its station stood still that are no pause. `stood_ms`: all of them.
double excused_s(const ExamPackage& package, int64_t stood_ms);

/// What time it is at a station.
struct StationTime {
    int64_t utc_s = 0;  ///< since 1970, by the clock that people set
    BootTime boot;
};
StationTime station_time();

/// Events and session document are read, no signature of a link is checked. Refused: what is not sealed for this package, and events
/// that no exam has.
base::Result<ExamPart> read_exam_part(const ExamPackage& package, const base::fs::path& file);

/// Which attempt a recording says it is: sealed for an exam's package, and begun with the attempt's event. None of any other
/// recording. Whether the seal holds is for seal_check.h.
std::optional<int> exam_attempt_of(const Recording& recording);

/// What a station does next.
struct NextAttempt {
    int attempt = 1;                ///< package.attempts + 1: all were made
    std::optional<ExamPart> cut;    ///< the part to go on from
    int part = 1;
    std::optional<base::Hash> follows;  ///< last link of the attempt before, where that is here
    int64_t gap_s = 0;              ///< since it was cut off
    bool steady = false;            ///< gap_s is by the clock that nobody sets, not by the station's
    int64_t paused_s = 0;           ///< pauses of its parts so far: no session time, no gap, and nothing in which the station stood still
    base::fs::path file;            ///< to be written
    std::string told;               ///< what became of a cut-off attempt that has ended; empty: nothing
};

/// The folder's attempts alone to oneself, until the end of the program or of this.
class ExamFolder {
  public:
    /// Makes the folder where there is none. Refused: another program that holds an exam in it.
    static base::Result<ExamFolder> open(const base::fs::path& folder);
    ExamFolder(ExamFolder&& other) noexcept;
    ExamFolder& operator=(ExamFolder&&) = delete;
    ~ExamFolder();

    /// Refused: recordings of another candidate or exam, damaged ones. What a cut left before a recording's first transaction, which holds
    /// nothing, is removed. `journal`: the station's; what it shows begun and is not here as it was is refused. Null: nobody asks.
    base::Result<NextAttempt> next(const ExamPackage& package, const std::string& candidate, const StationTime& now, const Journal* journal = nullptr) const;

  private:
    ExamFolder(base::fs::path folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
    base::fs::path folder_;
    int lock_ = -1;
};

/// The events with which a part begins, after those of the part before it; at `time_us`.
input::ProcedureEvent attempt_event(int attempt, const base::Hash& program, const std::optional<base::Hash>& follows = {});
input::ProcedureEvent resumed_event(const NextAttempt& next, uint32_t time_us);

/// A session that is an attempt, or goes on with one that was cut off: its file is begun, and what was signed before is written and
/// signed in it anew, all at once. `header` is a new session's. `notes`: the station's journal, which says before and after that it begins;
/// where the second cannot be written nothing of the part stays. Null: nobody keeps one. Errors: the disk; a cut part that does not follow from its
/// pen's path.
base::Result<Session> begin_attempt(const NextAttempt& next, std::shared_ptr<const Stage> stage, const RecordingHeader& header,
                                    const base::Hash& program, std::shared_ptr<Sealer> sealer, JournalNotes* notes = nullptr);

/// That the station stood still for so long, at `time_us`.
input::ProcedureEvent stood_event(double seconds, uint32_t time_us);
/// ms that it did by these events.
int64_t stood_ms(std::span<const input::ProcedureEvent> events);

/// How many of a recording's events are the exam's own.
size_t exam_events(const Recording& recording);

/// Recordings of a folder, by name; a file stands for itself.
base::Result<std::vector<base::fs::path>> exam_recordings(const std::vector<base::fs::path>& places);

}  // namespace training
