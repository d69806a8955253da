#pragma once

// A session laid along time, for whoever looks back on it: which lines of the rubric went wrong when, strokes, events, and
// what the hand did from moment to moment against the rubric's bands.

#include "training/core/score.h"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace training {

/// What the hand did, and in which unit it is told here.
enum class Ribbon : uint8_t {
    force,  ///< mN
    tilt,   ///< cdeg
    speed,  ///< µm/s
    depth   ///< µm, effective, of each puncture
};
inline constexpr size_t kRibbons = 4;

/// What a stretch of time held, against the band of the skin that was under the tip.
struct RibbonBin {
    uint32_t count = 0, below = 0, above = 0;  ///< records: all, and those under and over their band
    int64_t sum = 0;

    enum class Level : uint8_t { none, below, within, above };
    /// Out of the band where more than a quarter of the records are.
    Level level() const;
    int64_t mean() const { return count == 0 ? 0 : sum / count; }
};

/// Judges records one by one; zones without a band, and skin outside the zones, count as within.
class Ribbons {
  public:
    Ribbons(const face::FaceAsset& face, const Rubric& rubric);

    /// `count` stretches of equal length from `begin_us` to `end_us`. Contact counts while the needles run. Logs in order of
    /// time; only what lies in the span is looked at.
    std::vector<RibbonBin> bins(Ribbon what, std::span<const shared::ContactRecord> contacts,
                                std::span<const shared::Puncture> punctures, uint32_t begin_us, uint32_t end_us,
                                size_t count) const;
    struct Range {
        int64_t low = INT64_MIN, high = INT64_MAX;
    };
    Range band(Ribbon what, uint32_t zone) const;

  private:
    std::array<std::vector<Range>, kRibbons> bands_;  ///< by zone
    std::vector<uint8_t> zone_of_cell_;
};

/// A line of the rubric that lost points, and when.
struct FaultRow {
    size_t criterion;             ///< index in Score::criteria
    std::vector<TimeSpan> spans;  ///< in order of time; empty where no moment can be told, as of skin that was left out
};
/// All of them: those with moments first, among them critical ones, else in the rubric's order.
std::vector<FaultRow> fault_rows(const Score& score);
/// When each fault of all rows shows best (telling_moment), in order of time, each moment once.
std::vector<uint32_t> fault_moments(std::span<const FaultRow> rows);
/// The first of `moments` (rising) after a time, or the last one before it.
std::optional<uint32_t> moment_after(std::span<const uint32_t> moments, uint32_t time_us, bool forwards);
/// Whether one of the row's spans holds the time.
bool is_wrong_at(const FaultRow& row, uint32_t time_us);
/// Spans in order of time with those less than `gap_us` apart as one, as a picture too coarse for each shows them.
std::vector<TimeSpan> joined_spans(std::span<const TimeSpan> spans, uint32_t gap_us);
/// Number of the span that holds the time, ends among it. Spans in order of time that do not overlap.
std::optional<size_t> span_at(std::span<const TimeSpan> spans, uint32_t time_us);

/// From touch to lift, needles running; a lift shorter than 50 ms does not end a stroke. From the contact log alone.
std::vector<TimeSpan> stroke_spans(std::span<const shared::ContactRecord> contacts);

/// Whether an event is an act of the person, not a step's beginning or a finger's every move.
bool is_told(const input::ProcedureEvent& event);

}  // namespace training
