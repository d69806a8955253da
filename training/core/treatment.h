#pragma once

// The procedure as one state machine over procedure events (procedure.h): consultation, decision, plan, preparation,
// needling with an end point for each zone, finish, aftercare, follow-up. It tells what can be done at each step, what was
// done, what is still open and whether one may go on. A screen writes what `act` returns and draws `acts`, whatever the pen
// or key; a replay gives the recorded events to `apply` and has the same state.
//
// A trainee may go on wrongly: that is recorded and judged (score.h, and `remarks` here). Refused is only what nobody could
// do: wiping off an anaesthetic that is not there, marking what no lamp was held over, going back behind the first needle,
// anything once the session is closed. A decision against needles leads to the end of the session with the case's
// explanation; whoever goes on to the plan all the same can.
//
// Pure: time comes with the events. The anaesthetic's clock is session time and what `wait` adds to it.
//
// Who walks it by keys or gamepad alone: up and down through acts(), left and right through the choices of one, one key to
// do it, one for go_on(), one for back(). Every act is of one form, so no step needs a screen of its own.

#include "engine/base/result.h"
#include "engine/input/pen_sample.h"
#include "training/core/case.h"
#include "training/core/procedure.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace training {

enum class Step : uint8_t { consultation, decision, plan, preparation, needling, finish, aftercare, follow_up, closed };
inline constexpr size_t kSteps = 9;
/// The id of a step, for words on screen: "consultation", ...
const char* step_name(Step step);
/// The event that begins it.
const char* step_event(Step step);

/// One of the values that an act may have.
struct ActChoice {
    std::string value, name;
};

/// Something that can be done at a step.
struct Act {
    std::string event{};
    std::string subject{};             ///< what it is done to: a question, zone, flag, kind of zone; first word of the value
    std::string name{};                ///< from content; empty = the screen's words for this event and subject (locale)
    std::string says{};              ///< what to know about it, from content; may be empty
    std::vector<ActChoice> choices{};  ///< what may follow the subject; empty = nothing
    bool figure = false;             ///< a number follows; `act` tells the bounds within which it makes sense
    bool done = false;
    std::string given{};               ///< what was chosen last, or the answer that was heard
    std::string impossible{};          ///< why it cannot be done now; empty = it can
    std::vector<std::string> unwise{}; ///< names of what should come first; empty = nothing speaks against it
};

/// Something that was done wrong or left out, besides what the score's lines tell.
struct Remark {
    /// Of steps: skipped. Consultation: question, zone_not_seen. Decision: flag, session, reason, wait, own_decision (needled
    /// against it). Plan: plan_indication, plan_device, plan_cartridge, plan_depth, plan_passes, plan_sessions, plan_weeks.
    /// Lists: item. Needling: zone_not_ended, zone_left_out, zone_not_planned. Follow-up: follow_look.
    std::string id;
    std::string what;  ///< the thing it is about: a step's id, a zone, a content name; may be empty

    bool operator==(const Remark&) const = default;
};

struct Onward {
    Step to;
    std::string event;         ///< what begins it; empty where the session is closed
    std::vector<Remark> open;  ///< what is still to be done here; empty = one may go on
};

/// How the session stands when it is closed, or stood at the moment of asking.
struct Outcome {
    bool held_off = false;  ///< ended by a decision not to needle
    bool right = false;     ///< today's decision about the whole was one of the right ones
    std::string explain, source, tag;  ///< the case's
    std::vector<std::string> missed;   ///< names of flags that the trainee never came upon
};

class Treatment {
  public:
    /// Both must outlive it.
    Treatment(const Case& practice, const Procedure& procedure);
    /// What these events come to; those that could not be (a file written by hand) change nothing.
    static Treatment rebuild(const Case& practice, const Procedure& procedure,
                             std::span<const input::ProcedureEvent> events);

    /// Tells names and texts by these from now on: the same case and lists in another language. Both must outlive it.
    void tell_by(const Case& practice, const Procedure& procedure);

    /// Takes one event of this procedure or any other (traction, depth), which it does not know and lets pass. Refuses what
    /// nobody could do, with the reason, and is as before.
    base::Status apply(const input::ProcedureEvent& event);
    /// Does something now and returns the events to hand to the session: the act itself, completed where the state knows
    /// more (the anaesthetic's minutes), and what follows from it (the patient's flags when a consultation begins).
    base::Result<std::vector<input::ProcedureEvent>> act(uint32_t time_us, const std::string& event,
                                                         const std::string& value = {});

    Step step() const { return step_; }
    bool begun(Step step) const { return begun_[static_cast<size_t>(step)]; }
    bool closed() const { return step_ == Step::closed; }
    /// In the order of the lists. `now_us` for what depends on the clock.
    std::vector<Act> acts(uint32_t now_us) const;
    Onward go_on() const;
    /// The step before this, where one can go back to it.
    std::optional<Step> back() const;
    std::vector<Remark> remarks() const;
    Outcome outcome() const;

    /// What the trainee knows by now: flags of the questions asked and the findings marked, in the case's order.
    std::vector<std::string> known_flags() const;
    /// The words heard; none: not asked yet.
    std::optional<std::string> answer(std::string_view question) const;
    /// Findings marked, as marked.
    const std::vector<std::string>& marked() const { return marked_; }
    /// Whole minutes that the anaesthetic has been on the skin; none: there is none on it.
    std::optional<int64_t> anaesthetic_minutes(uint32_t now_us) const;
    /// Zone that the trainee is at; empty = none yet.
    const std::string& zone() const { return zone_; }
    const std::vector<input::ProcedureEvent>& events() const { return events_; }

    bool operator==(const Treatment&) const = default;

  private:
    base::Status possible(const input::ProcedureEvent& event) const;
    base::Status step_possible(Step to) const;
    void take(const input::ProcedureEvent& event);

    void add_consultation(std::vector<Act>& acts) const;
    void add_decision(std::vector<Act>& acts) const;
    void add_plan(std::vector<Act>& acts) const;
    void add_items(std::vector<Act>& acts, const std::vector<ProcedureItem>& items, uint32_t now_us) const;
    void add_needling(std::vector<Act>& acts) const;
    std::vector<Remark> open_at(Step step) const;
    void add_plan_remarks(std::vector<Remark>& remarks) const;
    void add_needling_remarks(std::vector<Remark>& remarks) const;
    std::vector<std::string> zone_kinds() const;
    std::string last(std::string_view event, std::string_view subject = {}) const;
    bool did(std::string_view event, std::string_view value) const;
    bool has(std::string_view event) const;
    uint64_t clock(uint32_t time_us) const { return time_us + waited_us_; }

    const Case* case_;
    const Procedure* procedure_;
    Step step_ = Step::consultation;
    std::array<bool, kSteps> begun_{};
    std::vector<std::string> marked_;
    std::string zone_;
    std::optional<uint64_t> anaesthetic_on_us_;  ///< on the clock that counts waits
    uint64_t waited_us_ = 0;
    std::vector<input::ProcedureEvent> events_;  ///< all that were taken
};

}  // namespace training
