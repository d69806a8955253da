#include "training/core/operator_talk.h"

#include <algorithm>

namespace training {
namespace {

constexpr double kNoviceDoes = 0.6;     // share of what should be done that a first-day novice does (A)
constexpr uint64_t kTalkSeed = 0x7a1f;  // so that talk and strokes draw from different numbers

/// The first right action of the gravest flag; who knows no flag goes on.
std::string action_for(const std::vector<const ScreeningFlag*>& flags) {
    const ScreeningFlag* gravest = nullptr;
    for (const ScreeningFlag* flag : flags)
        if (!gravest || flag->gravity < gravest->gravity) gravest = flag;
    return gravest ? gravest->actions.front() : "proceed";
}

/// A value that the item calls right; a figure at its least.
std::string right_value(const ProcedureItem& item) {
    if (!item.values.empty()) return item.values.front();
    return item.least ? fmt::format("{}", *item.least) : std::string();
}

}  // namespace

OperatorTalk::OperatorTalk(const Stage& stage, const Operator& who, uint64_t seed)
    : stage_(stage), thorough_(kNoviceDoes + (1 - kNoviceDoes) * who.skill), anyway_(who.treats_anyway),
      walks_(stage.practice.consultation.decision && stage.procedure), random_(seed ^ kTalkSeed) {
    if (walks_) treatment_.emplace(stage.practice, *stage.procedure);
}

bool OperatorTalk::does() {
    return random_.uniform() < thorough_;
}

void OperatorTalk::act(Events& events, uint32_t time_us, const std::string& event, const std::string& value) {
    base::Result<Events> done = treatment_->act(time_us, event, value);
    CHECK(static_cast<bool>(done), done ? "" : done.error().message);
    events.insert(events.end(), done->begin(), done->end());
}

void OperatorTalk::consult(Events& events, uint32_t time_us) {
    act(events, time_us, kConsultBegin);
    for (const Act& one : treatment_->acts(time_us))
        if ((one.event == kConsultAsk || one.event == kConsultLook) && does()) act(events, time_us, one.event, one.subject);
    for (const Act& one : treatment_->acts(time_us))
        if (one.event == kConsultMark && does()) act(events, time_us, one.event, one.subject);
}

void OperatorTalk::decide(Events& events, uint32_t time_us) {
    act(events, time_us, kDecideBegin);
    std::vector<const ScreeningFlag*> taken;  // seriously
    for (const std::string& id : treatment_->known_flags()) {
        const ScreeningFlag* flag = stage_.procedure->find_flag(id);
        if (!flag) continue;
        const bool right = does();
        if (right) taken.push_back(flag);
        act(events, time_us, kDecide, id + " " + (right ? flag->actions.front() : "proceed"));
    }
    const std::string session = anyway_ ? "proceed" : action_for(taken);
    act(events, time_us, kDecide, std::string(kWholeSession) + " " + session);
    for (const ScreeningFlag* flag : taken) act(events, time_us, kDecideBecause, flag->id);
    const std::optional<WholeSpan>& wait = stage_.practice.consultation.decision->wait_days;
    if (session == "defer" && wait) act(events, time_us, kDecideWait, fmt::format("{}", does() ? wait->least : 1));
    treats_ = goes_on(session);
}

void OperatorTalk::plan(Events& events, uint32_t time_us) {
    act(events, time_us, kPlanBegin);
    act(events, time_us, kPlanDevice, stage_.practice.device);
    if (!stage_.practice.consultation.plan) return;  // nothing is right where nobody should be treated
    const CasePlan& right = *stage_.practice.consultation.plan;
    act(events, time_us, kPlanIndication, right.indication);
    act(events, time_us, kPlanCartridge, right.cartridge);
    for (const PlannedDepth& depth : right.depths)
        act(events, time_us, kPlanDepth, fmt::format("{} {}", depth.kind, depth.most_um * 1e-3));
    if (does()) act(events, time_us, kPlanPasses, fmt::format("{}", right.passes));
    if (does()) act(events, time_us, kPlanSessions, fmt::format("{}", right.sessions.least));
    if (does()) act(events, time_us, kPlanWeeks, fmt::format("{}", right.weeks.least));
}

std::vector<input::ProcedureEvent> OperatorTalk::before(uint32_t time_us) {
    Events events;
    if (!walks_) return events;
    consult(events, time_us);
    decide(events, time_us);
    if (treats_) plan(events, time_us);
    return events;
}

void OperatorTalk::prepared(std::span<const input::ProcedureEvent> events) {
    if (!walks_) return;
    for (const input::ProcedureEvent& event : events) (void)treatment_->apply(event);
}

std::vector<input::ProcedureEvent> OperatorTalk::turn_to(uint32_t time_us, const std::string& zone) {
    Events events;
    if (!walks_) return events;
    if (!treatment_->begun(Step::needling)) act(events, time_us, kNeedleBegin);
    act(events, time_us, kNeedleZone, zone);
    return events;
}

std::vector<input::ProcedureEvent> OperatorTalk::leave(uint32_t time_us, const std::string& zone) {
    Events events;
    if (walks_ && does()) act(events, time_us, kEndPoint, zone);
    return events;
}

void OperatorTalk::do_list(Events& events, uint32_t time_us, const std::vector<ProcedureItem>& items) {
    for (const ProcedureItem& item : items)
        if (does()) act(events, time_us, item.event, right_value(item));
}

std::vector<input::ProcedureEvent> OperatorTalk::after(uint32_t time_us) {
    Events events;
    if (!walks_) return events;
    if (treats_) {
        act(events, time_us, kFinishBegin);
        do_list(events, time_us, stage_.procedure->finish);
        act(events, time_us, kAdviseBegin);
        do_list(events, time_us, stage_.procedure->aftercare);
        act(events, time_us, kFollowBegin);
        act(events, time_us, kFollowLook, "28");
    }
    act(events, time_us, kSessionEnd);
    return events;
}

}  // namespace training
