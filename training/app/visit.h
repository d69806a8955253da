#pragma once

// A visit under way: the session that records it and the state of its procedure (training/core/treatment.h). The screens
// of a visit hand it on to each other, so that talk, plan, needles and aftercare are one recording. The session's clock
// runs from the first word; what nobody should sit through passes by the act `wait`.

#include "training/app/live_session.h"
#include "training/core/rubric.h"
#include "training/core/treatment.h"

#include <memory>
#include <string>

namespace app {

/// A case with a patient to talk to and a decision to take.
bool is_visit(const training::Case& practice);

class Visit {
  public:
    /// The stage has its procedure. `folder` takes the recording.
    Visit(std::shared_ptr<const training::Stage> stage, training::Rubric rubric, const base::fs::path& folder);
    /// A visit that goes on in a session which was begun elsewhere: `so_far` is what was done in it.
    Visit(std::shared_ptr<const training::Stage> stage, training::Rubric rubric, std::shared_ptr<LiveSession> live,
          std::span<const input::ProcedureEvent> so_far);

    /// Starts the clock, and opens the consultation unless it was opened before; after the session's first look.
    void begin();
    bool begun() const { return begun_; }
    /// Does something at `clock` s of session time: it is recorded, and the state follows. Refused is what nobody could do.
    base::Status act(double clock, const std::string& event, const std::string& value = {});
    /// Names and texts in the language of `places` from now on.
    void tell_in(const base::Places& places);
    /// To the step that go_on() or back() of the state names.
    void go_on(double clock);
    void back(double clock);
    /// The pen touches a zone: the trainee is at it from now on.
    void turn_to(double clock, const std::string& zone);

    LiveSession& live() { return *live_; }
    const std::shared_ptr<LiveSession>& shared_live() const { return live_; }
    const std::shared_ptr<const training::Stage>& stage() const { return stage_; }
    const training::Rubric& rubric() const { return rubric_; }
    const training::Treatment& treatment() const { return treatment_; }
    training::Step step() const { return treatment_.step(); }
    bool needled() const { return !treatment_.zone().empty(); }
    bool did(std::string_view event, std::string_view value) const;

  private:
    std::shared_ptr<const training::Stage> stage_;
    training::Rubric rubric_;
    std::shared_ptr<LiveSession> live_;
    training::Treatment treatment_;
    bool begun_ = false;
};

/// The cells of a finding on this face, rising: its lesions, or its zone where no condition draws it.
std::vector<uint32_t> cells_of(const face::FaceAsset& face, const training::CaseFinding& finding);

}  // namespace app
