#pragma once

// The area "Desk": an instructor's roster and cohort, and rubrics edited against recorded sessions.

#include "training/app/screens.h"
#include "training/core/cohort.h"
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
    std::vector<std::string> shipped;  ///< ids
    std::vector<training::OwnRubric> own;
    std::vector<std::string> problems;  ///< sentences about what could not be read
};

/// The two pages of the desk. Each lays out what lies below the heading and returns the screen to go to, or null.
class CohortPage {
  public:
    explicit CohortPage(const DeskFile& file);
    std::unique_ptr<Screen> frame(Desk& desk, DeskFile& file, ImVec2 at, ImVec2 size);

  private:
    void read_keys(Desk& desk, DeskFile& file);
    void import(Desk& desk, DeskFile& file);
    void draw_import(Desk& desk, DeskFile& file, ImVec2 at, ImVec2 size);
    void draw_table(Desk& desk, ImVec2 at, ImVec2 size);
    void draw_row(Desk& desk, const training::Standing& standing, int row, float width);
    void draw_totals(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size);
    void draw_lines(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size);
    void renew(const DeskFile& file);

    std::vector<training::Standing> standings_;
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

  private:
    void read_keys(Desk& desk);
    void draw_rubrics(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size);
    void draw_lines(Desk& desk, ImVec2 at, ImVec2 size);
    void draw_line(Desk& desk, int number, float width);
    void draw_fields(Desk& desk, training::Criterion& line);
    void draw_preview(Desk& desk, const DeskFile& file, ImVec2 at, ImVec2 size);
    bool number_field(Desk& desk, const char* id, const std::string& name, int64_t& thousandths, int64_t step, bool whole);
    void changed(const DeskFile& file);
    std::unique_ptr<Screen> save(Desk& desk, DeskFile& file);

    training::Rubric edited_;
    std::vector<std::string> mistakes_;
    std::vector<training::Preview> previews_;
    bool editing_ = false, dirty_ = false, save_ = false, bring_into_view_ = false;
    int chosen_ = 0;
    std::string asked_;   ///< rubric to go to
    std::string typed_in_;  ///< id of the field that is typed in
    std::array<char, 32> typed_{};
};

}  // namespace app
