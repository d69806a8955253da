#pragma once

// A session along time, under its picture: a row for each line of the rubric that went wrong (of many some, the others scroll; each is
// a control, which goes from one of its faults to the next), ribbons of force, tilt, speed and
// depth against their bands, strokes, the coach's cues, events and notes, and a legend. Nothing is told by colour alone: a verdict has
// its mark, and a ribbon lies low, in the middle or high as its value is below, within or above the band. What lies too close
// together to be seen apart is one mark.

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
        bool look = false;  ///< also at where the tip is then
        std::optional<size_t> criterion;
        std::optional<int64_t> note;
    };
    /// In ImGui's window of this moment, over the width of its content; `now_us` is the time that is shown.
    Wish draw(const Style& style, const Words& words, uint32_t now_us, const std::vector<training::Note>& notes);
    float height(const Style& style) const;

    /// The next fault of any line after a time, or the one before it. Its row comes into view.
    std::optional<uint32_t> fault_after(uint32_t time_us, bool forwards);
    bool dragging() const { return dragging_; }
    /// Lines of the rubric that are wrong at a time, as they stand in the timeline.
    std::vector<size_t> wrong_at(uint32_t time_us) const;
    /// The stroke that a time lies in, by its number from 0.
    std::optional<size_t> stroke_at(uint32_t time_us) const { return training::span_at(strokes_, time_us); }
    size_t stroke_count() const { return strokes_.size(); }
    /// Of the session.
    uint32_t end_us() const { return end_us_; }

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
    void name_row(Frame& frame, const std::string& name, float height, std::optional<Mark> verdict = {}, ImU32 shade = colour::kSoft) const;
    bool over_row(const Frame& frame, float height) const;
    void draw_ruler(Frame& frame) const;
    float faults_height(const Style& style) const;
    std::string faults_words(const Words& words) const;
    void draw_faults(Frame& frame, uint32_t now_us);
    void list_faults(Frame& frame, uint32_t now_us);
    void draw_fault_row(Frame& frame, size_t index, uint32_t now_us);
    void draw_spans(Frame& frame, const training::FaultRow& row, float height) const;
    void read_fault_row(Frame& frame, const training::FaultRow& row, float height) const;
    void choose_line(Frame& frame, const training::FaultRow& row, uint32_t now_us) const;
    void draw_ribbons(Frame& frame);
    void draw_ribbon(Frame& frame, training::Ribbon what);
    void draw_strokes(Frame& frame) const;
    void draw_cues(Frame& frame);
    void draw_told(Frame& frame, const std::vector<training::Note>& notes) const;
    void draw_events(Frame& frame, float height, bool over) const;
    void draw_notes(Frame& frame, const std::vector<training::Note>& notes, float height, bool over) const;
    void draw_legend(Frame& frame) const;
    void draw_now(Frame& frame, uint32_t now_us) const;
    void draw_now_line(Frame& frame, uint32_t now_us, float top, float foot) const;
    const std::vector<training::RibbonBin>& bins(training::Ribbon what, size_t count);

    std::shared_ptr<const ScoredSession> session_;
    training::Ribbons ribbons_;
    std::vector<training::FaultRow> faults_;
    std::vector<uint32_t> fault_moments_;
    size_t fault_count_ = 0;              ///< of all lines
    std::optional<size_t> bring_;         ///< a row of faults_ that is to be seen
    std::vector<training::TimeSpan> strokes_;
    std::vector<size_t> events_;          ///< in the recording
    bool other_coach_ = false;            ///< the session's went by other figures
    /// What the coach told, or would have; found beside, in a second or two for a whole treatment.
    std::optional<Background<std::vector<training::Cue>>> finding_cues_;
    std::vector<training::Cue> cues_;
    uint32_t end_us_ = 1;
    double begin_us_ = 0, shown_us_ = 1;  ///< the stretch that is shown
    bool dragging_ = false, on_mark_ = false;  ///< the button is held; it went down on something that has a moment of its own
    struct Kept {
        double begin_us = -1, shown_us = 0;
        std::vector<training::RibbonBin> bins;
    };
    std::array<Kept, training::kRibbons> kept_;
};

}  // namespace app
