#pragma once

// A session along time, under its picture: a row for each line of the rubric that went wrong, ribbons of force, tilt, speed and
// depth against their bands, strokes, the coach's cues, events, notes. Nothing is told by colour alone: a verdict has its mark, and a ribbon
// lies low, in the middle or high as its value is below, within or above the band.

#include "training/app/background.h"
#include "training/app/evaluation.h"
#include "training/app/widgets.h"
#include "training/core/coach.h"
#include "training/core/notes.h"
#include "training/core/timeline.h"

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace app {

Mark verdict_mark(training::Verdict verdict);

class ReviewTimeline {
  public:
    /// `aside`: where the finding of cues goes on when this is left before.
    ReviewTimeline(std::shared_ptr<const ScoredSession> session, Aside& aside);

    /// What the mouse did on it: where to go, and the line of the rubric or the note that was clicked.
    struct Wish {
        std::optional<uint32_t> time_us;
        std::optional<size_t> criterion;
        std::optional<int64_t> note;
    };
    /// In ImGui's window of this moment, over the width of its content; `now_us` is the time that is shown.
    Wish draw(const Style& style, const Words& words, uint32_t now_us, const std::vector<training::Note>& notes);
    float height(const Style& style) const;

    /// The next place of a fault after a time, or the one before it.
    std::optional<uint32_t> fault_after(uint32_t time_us, bool forwards) const;
    bool dragging() const { return dragging_; }
    /// Lines of the rubric that are wrong at a time, as they stand in the timeline.
    std::vector<size_t> wrong_at(uint32_t time_us) const;

  private:
    struct Frame {
        ImDrawList& draw;
        const Style& style;
        const Words& words;
        ImVec2 at;     ///< upper left corner of the rows
        float left, right;  ///< of the time axis, pixels
        ImVec2 mouse;
        bool hovered;
        float y;       ///< of the row that comes next
        Wish wish;
        std::string tip;
    };
    float names_width(const Style& style, const Words& words, float width) const;
    float x_of(const Frame& frame, double time_us) const;
    uint32_t time_at(const Frame& frame, float x) const;
    void read_mouse(Frame& frame);
    void name_row(Frame& frame, const std::string& name, float height) const;
    bool over_row(const Frame& frame, float height) const;
    void draw_ruler(Frame& frame) const;
    void draw_faults(Frame& frame) const;
    void draw_fault_row(Frame& frame, const training::FaultRow& row) const;
    void draw_ribbons(Frame& frame);
    void draw_ribbon(Frame& frame, training::Ribbon what);
    void draw_strokes(Frame& frame) const;
    void draw_events(Frame& frame) const;
    void draw_cues(Frame& frame);
    void draw_notes(Frame& frame, const std::vector<training::Note>& notes) const;
    void draw_now(Frame& frame, uint32_t now_us) const;
    const std::vector<training::RibbonBin>& bins(training::Ribbon what, size_t count);

    std::shared_ptr<const ScoredSession> session_;
    training::Ribbons ribbons_;
    std::vector<training::FaultRow> faults_;
    std::vector<training::TimeSpan> strokes_;
    std::vector<size_t> events_;          ///< in the recording
    bool other_coach_ = false;            ///< the session's went by other figures
    /// What the coach told, or would have; found beside, in a second or two for a whole treatment.
    std::optional<Background<std::vector<training::Cue>>> finding_cues_;
    std::vector<training::Cue> cues_;
    uint32_t end_us_ = 1;
    double begin_us_ = 0, shown_us_ = 1;  ///< the stretch that is shown
    bool dragging_ = false;
    struct Kept {
        double begin_us = -1, shown_us = 0;
        std::vector<training::RibbonBin> bins;
    };
    std::array<Kept, training::kRibbons> kept_;
};

}  // namespace app
