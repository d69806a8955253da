#pragma once

// What a visit shows besides the face: the bar of its eight steps, and the panel with the patient's record and all that
// can be done at this step, a row each. Every act is of one form (training/core/treatment.h), so this is one list for
// talk, decision, plan, preparation, finish, aftercare and follow-up.
//
// By keys alone: up and down through the rows, left and right through the choices of one, Space or Enter does it; Page
// down goes on, Page up or Backspace goes back. Mouse and keys have the same focus, which is always seen.

#include "training/app/screens.h"
#include "training/app/visit.h"
#include "training/app/visit_figures.h"

#include <array>
#include <functional>
#include <map>

namespace app {

inline constexpr float kVisitPanel = 470, kVisitBar = 34;  // design pixels

/// The bar of steps in a row of this size, or, where it is narrow, the step's name over a strip.
void draw_steps(const Style& style, const Words& words, training::Step now, ImVec2 at, ImVec2 size);
void draw_steps_narrow(const Style& style, const Words& words, training::Step now);

class VisitPanel {
  public:
    enum class Wish : uint8_t { none, leave, back, on, healing };
    /// Does something of the procedure at once, so that the next key meets what came of it.
    using Doer = std::function<void(const input::ProcedureEvent&)>;

    /// Draws bar and panel, reads the keys. `clock`: s of session time.
    Wish frame(Desk& desk, const Visit& visit, double clock, const Doer& does);

  private:
    struct Row {
        training::Act act;
        std::string name, answer, note;
        std::vector<std::string> choices;  ///< as shown
    };
    std::vector<Row> rows_of(const Desk& desk, const Visit& visit, double clock) const;
    std::string name_of(const Words& words, const training::Act& act) const;
    std::string answer_of(const Words& words, const Visit& visit, const training::Act& act) const;
    std::string value_name(const Words& words, const Visit& visit, const std::string& event, const std::string& value) const;

    Wish read_keys(Desk& desk, const Visit& visit, double clock, const Doer& does);
    Wish step_on(Wish wish, const Visit& visit, const Doer& does);
    Wish obey(int key, const Visit& visit, const std::vector<Row>& rows, const Doer& does);
    void draw_record(Desk& desk, const Visit& visit) const;
    void draw_row(Desk& desk, const Visit& visit, const Row& row, int index, const Doer& does);
    float draw_choices(const Style& style, const Visit& visit, const Row& row, ImVec2 at, float width, bool draw, bool in_hand, const Doer& does);
    void draw_figure(const Style& style, const Words& words, const Row& row, ImVec2 at, bool in_hand, const Doer& does);
    Wish draw_foot(Desk& desk, const Visit& visit, const training::Onward& onward, const std::string& open) const;
    struct FootButton {
        Wish wish;
        std::string words;
        bool primary, enabled;
    };
    std::array<FootButton, 3> foot_buttons(const Desk& desk, const Visit& visit, const training::Onward& onward) const;

    void read_figures(Desk& desk);
    const FigureLadder& ladder_of(const std::string& event) const;
    int& chosen(const Row& row);
    input::ProcedureEvent event_of(const Row& row);

    int focus_ = 0;
    bool leaving_ = false;  ///< Escape was the last key
    bool bring_into_view_ = false, by_keyboard_ = false;
    training::Step shown_ = training::Step::closed;
    std::map<std::string, int> chosen_;  ///< of choices or figures, by event and subject
    std::optional<VisitFigures> figures_;
    bool figures_read_ = false;
    std::string done_;                   ///< event and subject of the row done last: it tells what there is to know
};

}  // namespace app
