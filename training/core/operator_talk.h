#pragma once

// What a simulated operator does besides moving the pen, in a case that asks for it (a [decision], consultation.h): asks,
// holds the lamp, marks, decides, plans, calls end points, finishes, advises. Walks the procedure as a person's window does
// (treatment.h). The skilled miss nothing; the first-day novice leaves out about two things in five (A: no data).

#include "engine/base/random.h"
#include "training/core/population.h"
#include "training/core/session.h"
#include "training/core/treatment.h"

namespace training {

class OperatorTalk {
  public:
    /// Draws from a generator of its own: the hand's strokes are the same with and without a consultation.
    OperatorTalk(const Stage& stage, const Operator& who, uint64_t seed);

    /// Whether this case has a procedure to walk; without one all of the below are empty.
    bool walks() const { return walks_; }
    /// Consultation, decision and, where it treats, the plan.
    std::vector<input::ProcedureEvent> before(uint32_t time_us);
    /// Whether needles follow. Known after `before`.
    bool treats() const { return treats_; }
    /// What preparation did, for the state to know.
    void prepared(std::span<const input::ProcedureEvent> events);
    std::vector<input::ProcedureEvent> turn_to(uint32_t time_us, const std::string& zone);
    std::vector<input::ProcedureEvent> leave(uint32_t time_us, const std::string& zone);
    /// Finish, aftercare, follow-up; or the end of a session that treats nobody.
    std::vector<input::ProcedureEvent> after(uint32_t time_us);

  private:
    using Events = std::vector<input::ProcedureEvent>;
    bool does();
    void act(Events& events, uint32_t time_us, const std::string& event, const std::string& value = {});
    void consult(Events& events, uint32_t time_us);
    void decide(Events& events, uint32_t time_us);
    void plan(Events& events, uint32_t time_us);
    void do_list(Events& events, uint32_t time_us, const std::vector<ProcedureItem>& items);

    const Stage& stage_;
    double thorough_;  ///< how likely it is to do a thing that should be done
    bool anyway_, walks_, treats_ = true;
    base::Random random_;
    std::optional<Treatment> treatment_;
};

}  // namespace training
