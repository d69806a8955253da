#pragma once

// A lesson under way on the practice screen: the card before it, the line that tells how far the task has come, the rows to
// follow and the pen of a simulated expert that goes ahead, and when it is over. The practice screen asks it; what is
// judged afterwards is the recording.

#include "training/app/ghost.h"
#include "training/app/lesson_shelf.h"
#include "training/app/screens.h"

namespace app {

class LessonRun {
  public:
    LessonRun(std::shared_ptr<const LessonShelf> shelf, const training::Lesson& lesson, std::vector<std::string> aids,
              std::shared_ptr<const training::Stage> stage, training::Rubric rubric, std::vector<training::Stroke> guide);

    const training::Lesson& lesson() const { return lesson_; }
    const std::shared_ptr<const LessonShelf>& shelf() const { return shelf_; }
    const std::vector<std::string>& aids() const { return aids_; }
    float line_height() const { return line_height_; }  ///< pixels, of the line in the last frame
    bool gives(std::string_view aid) const;
    /// The overlay that it begins with.
    render::Overlay overlay() const;
    /// Has the recording say which lesson it is of; once, after the start.
    void tell(LiveSession& live);

    /// The card before the lesson lies over the practice, which takes neither keys nor pointer.
    bool reading() const { return reading_; }
    /// Draws card or line, and what guides. True once the session is to end: the time is over, or the task is done and ends it.
    bool frame(Desk& desk, const SessionView& view, std::span<const shared::ZoneStats> statistics, const render::Camera& camera,
               ImVec2 from, float width);

  private:
    void tell_by_sound(Desk& desk, const SessionView& view);
    void draw_card(Desk& desk);
    void list_card(Desk& desk);
    void begin_if(Desk& desk, bool chosen);
    void draw_line(Desk& desk, const SessionView& view, ImVec2 from, float width);

    std::shared_ptr<const LessonShelf> shelf_;
    training::Lesson lesson_;
    std::vector<std::string> aids_;
    std::shared_ptr<const training::Stage> stage_;
    training::Rubric rubric_;
    training::TaskProgress progress_;
    Ghost ghost_;
    bool reading_ = true, told_ = false;
    bool told_done_ = false, told_time_ = false;  ///< by sound
    double lifted_ = 0;  ///< s since the pen left the skin
    double done_ = 0;    ///< s since the task was done
    float line_height_ = 0;
};

}  // namespace app
