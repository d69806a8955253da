#include "engine/input/pen_file.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/some_recording.h"
#include "training/core/coach.h"
#include "training/core/score.h"
#include "training/core/screening.h"
#include "training/core/session.h"
#include "training/core/treatment.h"

// Procedure events of a recording or a file, whose values are words that nobody has looked at: what simulation, procedure, coach and
// score make of them.

namespace fuzz {

namespace {

using Events = std::vector<input::ProcedureEvent>;

const training::Stage& stage() {
    static const std::shared_ptr<const training::Stage> pad = training::load_stage(source_places(), "pad-small").value();
    return *pad;
}

/// The state of a visit that these events come to tells what can be done at any time.
void walk(const Events& events) {
    static const training::Case visit = training::load_case(source_places(), "visit-anna-scratch").value();
    static const training::Procedure procedure = training::Procedure::load(source_places()).value();
    const training::Treatment treatment = training::Treatment::rebuild(visit, procedure, events);
    for (const uint32_t now : {0u, 600'000'000u, UINT32_MAX}) (void)treatment.acts(now), (void)treatment.anaesthetic_minutes(now);
    (void)treatment.go_on(), (void)treatment.back(), (void)treatment.remarks(), (void)treatment.outcome(), (void)treatment.known_flags();
    CHECK(treatment.events().size() <= events.size());
    const training::Screening screening = training::screen(procedure, &visit.consultation, events, 500'000u);
    CHECK(screening.right <= screening.wanted, screening.right, screening.wanted);
}

/// A tenth of a second on the pad with these events before it.
training::Recording performed(const Events& events) {
    training::Recording recording;
    recording.samples = some_samples();
    if (!input::apply_settings(recording.samples, events)) recording.samples = some_samples();
    training::Session session(std::shared_ptr<const training::Stage>(&stage(), [](auto*) {}), std::nullopt);
    for (const input::ProcedureEvent& event : events) session.event(event);
    CHECK(static_cast<bool>(session.advance(recording.samples)) && static_cast<bool>(session.finish()));
    recording.header = training::make_header(stage(), "mouse");
    recording.events = events;
    recording.punctures = session.punctures();
    recording.contacts = session.contacts();
    recording.finished = true;
    return recording;
}

void judge(const training::Recording& recording) {
    static const training::Scope scope = training::load_scope(source_places(), stage().practice.scope).value();
    static const training::Rubric rubric = training::rubric_for(training::load_rubric(source_places(), stage().practice.rubric).value(), stage().device, scope);
    const training::Score score = training::score(recording, stage(), rubric, scope);
    CHECK(score.total >= 0 && score.total <= 10'000, score.total);
    for (const training::CriterionScore& line : score.criteria)
        CHECK(!line.points || (*line.points >= 0 && *line.points <= line.max), line.criterion.id);
    training::Coach coach(stage(), rubric, *stage().coach);
    for (const input::ProcedureEvent& event : recording.events) coach.event(event);
    coach.add(recording.punctures, recording.contacts);
    (void)coach.told();
}

bool accepts(std::span<const uint8_t> bytes) {
    const auto events = input::parse_events_csv(as_text(bytes), "fuzz.csv");
    if (!events) return false;
    walk(*events);
    judge(performed(*events));
    return true;
}

constexpr const char* kVisit =
    "time_s,event,value\n0,consult_begin,\n0,consult_flag,open_wound\n0.01,consult_ask,illness\n0.01,consult_look,cheek_left\n0.02,consult_mark,scratch\n"
    "0.02,consult_unmark,scratch\n0.02,decide_begin,\n0.02,decide,open_wound avoid\n0.02,decide,session caution\n0.02,decide_because,open_wound\n"
    "0.02,decide_wait,14\n0.03,plan_begin,\n0.03,plan_depth,cheek 0.5\n0.03,plan_passes,3\n0.03,plan_weeks,4\n0.03,prep_begin,\n0.03,prep_consent,\n"
    "0.03,prep_anaesthetic_on,\n0.04,wait,30\n0.04,prep_anaesthetic_off,30\n0.05,needle_begin,\n0.05,needle_zone,cheek_left\n0.06,end_point,cheek_left\n"
    "0.07,finish_begin,\n0.07,finish_wipe,\n0.08,advise_begin,\n0.08,advise_sun,14\n0.09,follow_begin,\n0.09,follow_look,2\n0.1,session_end,\n";
constexpr const char* kFingers =
    "time_s,event,value\n0,depth_mm,0.75\n0,rate_hz,110\n0,lesson,one-row\n0,lesson_aids,cues guide\n0.01,coach,tilt fast\n"
    "0.01,traction_begin,0.005 0.002 0 0.001 0 0\n0.03,finger_place,1 0.01 0 0 0 0.002 0\n0.05,finger_lift,1\n0.07,traction_end,\n"
    "0.08,glide_medium,pad\n0.09,wipe,pad\n0.09,cartridge_new,\n";

}  // namespace

Target procedure_events() {
    return {"procedure_events", {as_bytes(kVisit), as_bytes(kFingers)}, accepts, 300};
}

}  // namespace fuzz

FUZZ_PROGRAM(procedure_events)
