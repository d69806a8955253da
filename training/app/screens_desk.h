#pragma once

// The area "Desk": an instructor's roster and cohort, and rubrics edited against recorded sessions.

#include "training/app/screens.h"
#include "training/app/fields.h"
#include "training/app/lesson_shelf.h"
#include "training/core/cohort.h"
#include "training/core/lesson_edit.h"
#include "training/core/rubric_edit.h"

#include <array>

namespace app {

/// Reads all sessions on a worker, by the rubric that ships, then shows the cohort.
std::unique_ptr<Screen> open_desk(Desk& desk);
/// The same at its rubrics, with the sessions scored by one of them: an id, or a file.
std::unique_ptr<Screen> open_desk_rubric(Desk& desk, const std::string& rubric);

/// What the desk works on.
struct DeskFile {
    base::Places places;
    base::fs::path folder;  ///< desk_folder()
    std::vector<training::Member> roster;
    training::Shelf shelf;         ///< all sessions, scored by `rubric`
    std::string rubric;            ///< id or file
    std::string rubric_text;
    training::Rubric base;         ///< as it is in its file
    /// A rubric, as it is called on screen.
    struct Listed {
        std::string reference;  ///< id or file
        std::string name, version;
    };
    std::vector<Listed> shipped, own;
    Listed listed() const;              ///< the one at hand
    std::vector<base::Error> problems;  ///< what could not be read of the desk's own; content is told by ContentNotice
};

/// The pages of the desk. Each lays out what lies below the heading and returns the screen to go to, or null.
class CohortPage {
  public:
    explicit CohortPage(const DeskFile& file);
    std::unique_ptr<Screen> frame(Desk& desk, DeskFile& file, ImVec2 at, ImVec2 size);

  private:
    void read_keys(Desk& desk, DeskFile& file);
    void import(Desk& desk, DeskFile& file);
    void draw_import(Desk& desk, DeskFile& file, ImVec2 at, ImVec2 size);
    void list_import(Desk& desk);
    void begin_wide_table(Desk& desk, float width) const;
    void draw_table(Desk& desk, ImVec2 at, ImVec2 size);
    void draw_row(Desk& desk, const training::MemberStanding& standing, int row, float width);
    void draw_totals(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size);
    void draw_lines(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size);
    void renew(const DeskFile& file);

    std::vector<training::MemberStanding> standings_;
    std::vector<std::vector<double>> medians_;  ///< of each line of the rubric, a share for each trainee
    training::StandingColumn by_ = training::StandingColumn::code;
    bool descending_ = false, typing_ = false, begin_ = false, bring_into_view_ = false;
    int chosen_ = 0, opened_ = -1;
    std::array<char, 1024> path_{};
    std::string told_;
};

class RubricPage {
  public:
    explicit RubricPage(const DeskFile& file);
    std::unique_ptr<Screen> frame(Desk& desk, DeskFile& file, ImVec2 at, ImVec2 size);
    /// False once when changes would be lost, which is told; who asks again loses them.
    bool may_leave(Desk& desk, const DeskFile& file);

  private:
    void read_keys(Desk& desk, const DeskFile& file);
    void ask_beside(const DeskFile& file, int step);
    void practise_by(Desk& desk, const DeskFile& file);
    void draw_rubrics(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size);
    void draw_lines(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size);
    void draw_line(Desk& desk, int number, float width);
    void draw_pens(Desk& desk, float width);
    void draw_pen_chips(Desk& desk, float width);
    void undo();
    void draw_fields(Desk& desk, training::Criterion& line);
    void draw_preview(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size);
    bool number_field(Desk& desk, const char* id, const std::string& name, int64_t& thousandths, int64_t step, bool whole);
    void changed(const DeskFile& file);
    std::unique_ptr<Screen> save(Desk& desk, DeskFile& file);

    training::Rubric edited_;
    std::vector<base::Error> mistakes_;
    std::vector<training::Preview> previews_;
    bool editing_ = false, dirty_ = false, undone_ = false, save_ = false, saved_ = false, warned_ = false, bring_into_view_ = false;
    int chosen_ = 0;      ///< line; kPens = the kinds of pen
    static constexpr int kPens = -1;
    std::vector<training::Rubric> undo_;  ///< as it was before each change
    std::string asked_;   ///< rubric to go to
    Fields fields_;
};

/// Lessons: a shipped one copied or an own one changed in a form, checked while one types, and tried on recorded sessions.
class LessonPage {
  public:
    explicit LessonPage(Desk& desk);
    std::unique_ptr<Screen> frame(Desk& desk, ImVec2 at, ImVec2 size);
    /// There are changes that were not saved.
    bool unsaved() const { return draft_ && draft_->changed(); }
    /// False once when changes would be lost, which is told; who asks again loses them.
    bool may_leave(Desk& desk);

  private:
    struct Choice {
        std::string id, name;
    };
    void read_keys(Desk& desk);
    void choose(Desk& desk, int index);
    void copy(Desk& desk);
    void take(Desk& desk, base::Result<training::LessonDraft> draft);
    void undo(Desk& desk);
    void discard(Desk& desk);
    void save(Desk& desk);
    void changed(Desk& desk);
    void read_sessions(Desk& desk);
    const training::Lesson& shown() const { return draft_ ? draft_->lesson : shelf_->lessons[static_cast<size_t>(chosen_)]; }

    void draw_list(Desk& desk, ImVec2 at, ImVec2 size);
    void draw_buttons(Desk& desk, float width);
    void draw_form(Desk& desk, ImVec2 at, ImVec2 size);
    void draw_words(Desk& desk, training::Lesson& lesson);
    void draw_choices(Desk& desk, training::Lesson& lesson);
    void draw_aids(Desk& desk, training::Lesson& lesson);
    void draw_targets(Desk& desk, training::Lesson& lesson);
    void draw_bands(Desk& desk, training::LessonTarget& target, const training::Criterion& line);
    void draw_preview(Desk& desk, ImVec2 at, ImVec2 size);
    void words_row(Desk& desk, const char* id, const std::string& name, std::string& value, size_t most);
    void choice_row(Desk& desk, const char* id, const std::string& name, const std::vector<Choice>& choices, std::string& now);

    std::shared_ptr<const LessonShelf> shelf_;
    std::vector<Choice> cases_;
    int chosen_ = 0, line_ = -1;
    std::optional<training::LessonDraft> draft_;  ///< none: a shipped lesson is looked at
    std::vector<training::Lesson> undo_;          ///< as it was before each change
    std::string undone_field_;                    ///< that the last change was typed into
    std::optional<base::Error> mistake_;
    training::Rubric rubric_;                     ///< of the lesson's case, or its own
    std::string rubric_of_;
    std::optional<Background<std::vector<training::LessonSession>>> reading_;
    std::vector<training::LessonSession> sessions_;
    std::vector<training::LessonPreview> previews_;
    training::Lesson compared_;                   ///< with which the preview's first marks were judged
    bool bring_into_view_ = false, asked_ = false, sure_ = false;
    Fields fields_;
};

}  // namespace app
