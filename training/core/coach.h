#pragma once

// The coach: tells a trainee one thing at a time, the most useful, and nothing where all is well. What is
// right comes from the rubric alone: inside a target band it is silent, outside it speaks, and where the
// score would be critical it is urgent. content/coach.toml says how long something must be wrong before it is
// told, how long it stays told, and what follows from what.
//
// A pure state machine on the evidence: it steps with the contact records (120 a second) and takes the
// punctures and events that lie before each, so that it says the same of a session that happens, in whatever
// pieces, and of its recording. What may be told is kept there as a procedure event, which the simulation
// passes over:
//
//   coach ID ID ...              these cues, by id, from here on; an empty value = none
//
// Which cue: the gravest; of the gravest the one whose line of the rubric has most points; then the one that
// stands first in the file. A cue whose cause is told of as well (a tilted pen leaves needles shallow) waits
// for it. A rubric without the line has no such cue.

#include "engine/track/response.h"
#include "engine/track/tracker.h"
#include "training/core/recording.h"
#include "training/core/rubric.h"

#include <array>
#include <bitset>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace training {

struct Stage;

enum class CueKind : uint8_t {
    no_go,      ///< needles nearer to no-go skin than the margin
    motor_off,  ///< on the skin without the motor
    force_high,
    force_low,
    tilt,
    traction,  ///< mobile skin under the pen not held, or drawn too far
    fast,
    slow,
    dwell,       ///< stands still with the needles running
    depth,       ///< of the needles, for this zone; also too little of it
    overworked,  ///< too many punctures under the pen
    medium,  ///< dry skin; told where preparation is assessed, gel was put anywhere, or fewer cues than all
             ///< name it
    gap,     ///< part of the zone is thin while the rest is done
    direction,  ///< the zone was crossed in one direction only
    end_point,  ///< the zone is where its treatment should end
};
inline constexpr size_t kCueKinds = 15;

/// "no_go", "force_high": as lessons, recordings and content/coach.toml name it.
const char* cue_id(CueKind kind);
std::optional<CueKind> find_cue(std::string_view id);
/// Unit of Cue::value: "mm", "N", "deg", "cm/s", "%", "per cm2", "directions", "passes" or "".
const char* cue_unit(CueKind kind);

/// Cues that may be told; bit by CueKind.
using CueSet = std::bitset<kCueKinds>;
inline CueSet all_cues() {
    return CueSet().set();
}
/// Ids with blanks between them; empty = none. An unknown id is answered with those that there are.
base::Result<CueSet> parse_cues(std::string_view ids);
std::string cue_ids(const CueSet& cues);
inline constexpr const char* kCoachEvent = "coach";
/// Recorded before the first of those: the hash of the figures that the coach goes by, in hexadecimal. What was told can be found
/// again with the same figures only.
inline constexpr const char* kCoachFiguresEvent = "coach_figures";

enum class CueSeverity : uint8_t {
    notice,   ///< outside the target, within what the rubric tolerates
    warning,  ///< beyond that
    urgent    ///< where the score would be critical
};

struct Cue {
    CueKind kind = CueKind::tilt;
    CueSeverity severity = CueSeverity::notice;  ///< the gravest while it was told
    uint32_t since_us = 0, until_us = 0;         ///< session time; of one still told `until` is now
    uint32_t zone = 0;                           ///< index into the face's zones
    uint32_t cell = shared::kNoCell;             ///< under the tip when it was first told
    std::vector<uint32_t> cells = {};            ///< thin or overworked skin; else empty
    int64_t value = 0;                           ///< thousandths of cue_unit(): the worst while it was told
    Band band{};                                 ///< that the value should lie in, thousandths

    /// On which side of the band the value lies: too shallow and not too deep, slack and not too taut.
    bool too_little() const { return value < band.target_low; }
    bool operator==(const Cue&) const = default;
};

/// How one kind of cue comes and goes. Times in ms.
struct CueFigures {
    std::string measure;                 ///< of the rubric: its line's points tell how much the cue matters
    uint32_t hold = 0, urgent_hold = 0;  ///< so much longer wrong than right before it is told
    uint32_t clear = 0;                  ///< so much longer right than wrong before it is over
    uint32_t least = 0, most = 0;  ///< is told so long at least; then falls silent for a while, unless urgent
    uint32_t rest = 0;             ///< silent for so long after it was told, unless it has become graver
    CueSet explains;               ///< cues that follow from this one
    size_t rank = 0;               ///< place in the file
};

/// content/coach.toml.
struct CoachFigures {
    std::array<CueFigures, kCueKinds> cues;
    uint32_t smooth = 0;  ///< ms, time constant of force, tilt, speed and stretch as they are judged
    uint32_t settle = 0;  ///< ms after each touch in which the hand is not judged
    uint32_t forget = 0;  ///< ms off the skin after which what was wrong with the hand is forgotten
    uint32_t lifted = 0;  ///< ms for which a cue about the hand outlasts its lift
    uint32_t stays = 0;   ///< ms of work in another zone before that one is at hand: strokes run over borders
    uint32_t still_um_s = 0;           ///< slower than this the pen stands
    uint32_t depth_punctures = 0;      ///< over which depth is averaged, and without which it is not judged
    uint32_t pause = 0;                ///< ms of silence after any cue, unless something is urgent
    uint32_t gap_passes_e2 = 0;        ///< of work, in hundredths of a pass, before thin skin is a gap
    uint32_t direction_passes_e2 = 0;  ///< of work, in hundredths of a pass, before one direction is too few
    uint32_t least_gap_mm2 = 0;        ///< of thin skin that is worth a word
    base::Hash hash = {};              ///< of all of them in the file's order; its comments, source and tag count for nothing

    /// Errors name file, line and column.
    static base::Result<CoachFigures> load(const base::Places& places);
    static base::Result<CoachFigures> read(const base::fs::path& file);
};

class Coach {
  public:
    /// `rubric` as rubric_for() the stage's device. Stage, its parts and rubric must outlive the coach. Tells
    /// all cues until an event says otherwise.
    Coach(const Stage& stage, const Rubric& rubric, const CoachFigures& figures);

    /// In order of time; before the records that follow it.
    void event(const input::ProcedureEvent& event);
    /// What the simulation made since the last call, in any pieces. Costs some microseconds a record, and
    /// once a second of session time what it takes to look at the zone at hand: some milliseconds.
    void add(std::span<const shared::Puncture> punctures, std::span<const shared::ContactRecord> contacts);

    /// What is told at the last record.
    const std::optional<Cue>& now() const { return now_; }
    /// All that was told, in order; the last may still be.
    std::vector<Cue> told() const;
    const CueSet& allowed() const { return allowed_; }

  private:
    /// What one kind comes to at a record.
    struct Finding {
        bool judged = false;  ///< nothing can be said: what was found before stays
        std::optional<CueSeverity> wrong = {};
        int64_t value = 0;
        Band band{};
    };
    /// How wrong something has been lately.
    struct Meter {
        int64_t wrong = 0, urgent = 0;  ///< millionths: full where it was so for as long as it must be
        bool active = false, is_urgent = false;
        CueSeverity severity = CueSeverity::notice;  ///< but for urgency
        int64_t value = 0;
        Band band{};
        uint32_t judged_us = 0;
    };
    struct Rest {
        uint32_t until_us = 0;
        CueSeverity at = CueSeverity::notice;
    };
    /// Something that wavers, in 2^-8 of its unit.
    struct Smooth {
        int64_t value = 0;
        bool begun = false;
        void add(int64_t x, int64_t steps);
        int64_t now() const { return (value + 128) >> 8; }
    };

    void step(const shared::ContactRecord& record);
    void take_event(const input::ProcedureEvent& event);
    void follow_hand(const shared::ContactRecord& record);
    void follow_zone(const shared::ContactRecord& record);
    void take_punctures(const shared::ContactRecord& record);
    void look_at_zone();
    uint64_t passes_e2() const;
    void look_for_gaps();
    void look_at_directions();
    void look_at_end();
    Finding judge(CueKind kind, const shared::ContactRecord& record) const;
    Finding judge_no_go() const;
    Finding judge_motor(const shared::ContactRecord& record) const;
    Finding judge_force(const shared::ContactRecord& record, bool high) const;
    Finding judge_tilt() const;
    Finding judge_traction(const shared::ContactRecord& record) const;
    Finding judge_speed(CueKind kind) const;
    Finding judge_depth() const;
    Finding judge_overworked(const shared::ContactRecord& record) const;
    Finding judge_medium(const shared::ContactRecord& record) const;
    Finding judge_gap(const shared::ContactRecord& record) const;
    void weigh(CueKind kind, const Finding& finding, uint32_t time_us, uint32_t passed_us);
    CueSeverity severity(CueKind kind) const;
    bool counts(CueKind kind) const;
    bool may_tell(CueKind kind, uint32_t time_us);
    bool matters_more(CueKind a, CueKind b) const;
    void choose(const shared::ContactRecord& record);
    bool is_over(uint32_t time_us, std::optional<CueKind> other) const;
    void begin(CueKind kind, const shared::ContactRecord& record);
    void update(uint32_t time_us);
    void end();
    Rest& rest(CueKind kind);
    std::optional<uint32_t> neighbourhood_of(uint32_t cell) const;
    const Criterion* line(std::string_view measure) const;
    const CueFigures& figures_of(CueKind kind) const { return figures_.cues[static_cast<size_t>(kind)]; }
    const Meter& meter(CueKind kind) const { return meters_[static_cast<size_t>(kind)]; }

    const Stage& stage_;
    const Rubric& rubric_;
    const CoachFigures figures_;
    track::Tracker tallies_;
    std::optional<track::Response> response_;
    std::vector<uint8_t> prescribed_, ended_;                 ///< by zone; its end point was called
    std::array<std::optional<int32_t>, kCueKinds> points_{};  ///< of the rubric's line; none = it has none
    CueSet allowed_ = all_cues();
    bool medium_counts_ = false;

    std::vector<input::ProcedureEvent> events_;  ///< that lie ahead, as do the punctures
    std::vector<shared::Puncture> punctures_;
    size_t events_taken_ = 0, punctures_taken_ = 0;
    std::vector<shared::Puncture> since_look_;  ///< for the skin's response

    Smooth force_, tilt_, speed_, stretch_, depth_;
    uint32_t depth_count_ = 0, depth_zone_ = 0;
    bool touching_ = false, settled_ = false;
    uint32_t touched_us_ = 0, left_us_ = 0, last_us_ = 0, looked_second_ = 0;
    uint32_t zone_ = 0;                           ///< at hand
    uint32_t other_zone_ = 0, other_us_ = 0;      ///< where the pen is beside it, and since when
    bool struck_ = false, inside_no_go_ = false;  ///< by the needles of this step
    uint32_t nearest_no_go_um_ = 0;
    Finding gap_, direction_, end_point_;  ///< as the zone was at the last look
    std::vector<uint32_t> thin_;           ///< cells, rising

    std::array<Meter, kCueKinds> meters_{};
    uint32_t pause_until_us_ = 0;
    std::vector<Rest> rests_;  ///< by kind, then zone for what is about zones
    std::optional<Cue> now_;
    std::vector<Cue> told_;
};

/// What the coach says of a recording: == to what the session itself was told. `rubric` as it was for the
/// session; it must be rubric_for() the stage's device. Without a `coach` event: what it would have said.
/// Empty where the stage has no figures (content/coach.toml is broken).
std::vector<Cue> cues_of(const Recording& recording, const Stage& stage, const Rubric& rubric);
/// Whether the recording names figures other than the stage's: what cues_of finds may then differ from what was told. False where
/// it names none.
bool other_coach(const Recording& recording, const Stage& stage);

}  // namespace training
