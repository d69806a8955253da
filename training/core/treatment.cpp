#include "training/core/treatment.h"

#include "training/core/checklist.h"
#include "training/core/screening.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace training {
namespace {

using input::ProcedureEvent;

struct StepWords {
    const char* name;
    const char* event;
};
constexpr StepWords kStepWords[kSteps] = {{"consultation", kConsultBegin}, {"decision", kDecideBegin},
                                          {"plan", kPlanBegin},            {"preparation", kPrepBegin},
                                          {"needling", kNeedleBegin},      {"finish", kFinishBegin},
                                          {"aftercare", kAdviseBegin},     {"follow_up", kFollowBegin},
                                          {"closed", kSessionEnd}};

constexpr int64_t kLongestWait_min = 600;
constexpr int64_t kLongestFollow_days = 3650;
constexpr double kDeepest_mm = 3;  // no pen goes deeper (clinical.md 1.2)

Step next(Step step) {
    return static_cast<Step>(static_cast<int>(step) + 1);
}

std::optional<Step> step_of_event(std::string_view event) {
    for (size_t i = 0; i < kSteps; ++i)
        if (event == kStepWords[i].event) return static_cast<Step>(i);
    return std::nullopt;
}

/// The step whose beginning an event needs; none: it can come at any time.
std::optional<Step> step_needed(std::string_view event) {
    if (event == kConsultFlag) return std::nullopt;
    if (event.starts_with("consult_") || event.starts_with("decide")) return Step::consultation;
    if (event.starts_with("plan_") || event == "prep_consent") return Step::plan;
    if (event.starts_with("prep_")) return Step::preparation;
    if (event == kNeedleZone || event == kEndPoint) return Step::needling;
    if (event.starts_with("finish_")) return Step::finish;
    if (event.starts_with("advise_") || event.starts_with("record_")) return Step::aftercare;
    if (event == kFollowLook) return Step::follow_up;
    return std::nullopt;
}

std::optional<int64_t> whole(std::string_view text) {
    int64_t number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::optional<double> decimal_number(std::string_view text) {
    double number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// "SUBJECT REST" in two.
std::pair<std::string, std::string> two_words(const std::string& value) {
    const size_t gap = value.find(' ');
    return gap == std::string::npos ? std::pair(value, std::string())
                                    : std::pair(value.substr(0, gap), value.substr(gap + 1));
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

base::Status within(const std::string& name, const std::string& value, int64_t least, int64_t most) {
    const std::optional<int64_t> number = whole(value);
    if (number && *number >= least && *number <= most) return {};
    return base::error("{} '{}': give a whole number from {} to {}", name, value, least, most);
}

base::Status one_of(const std::string& name, const std::string& value, const std::vector<PlanChoice>& list) {
    if (std::any_of(list.begin(), list.end(), [&](const PlanChoice& one) { return one.id == value; })) return {};
    return base::error("{} '{}': is none of the list", name, value);
}

std::vector<ActChoice> choices_of(const std::vector<PlanChoice>& list) {
    std::vector<ActChoice> choices;
    for (const PlanChoice& one : list) choices.push_back({one.id, one.name});
    return choices;
}

std::vector<ActChoice> plain_choices(std::span<const std::string> values) {
    std::vector<ActChoice> choices;
    for (const std::string& value : values) choices.push_back({value, ""});
    return choices;
}

std::vector<ActChoice> actions() {
    std::vector<ActChoice> choices;
    for (const char* action : {"proceed", "caution", "avoid", "defer", "refer", "refuse"}) choices.push_back({action, ""});
    return choices;
}

std::string kind_of(std::string zone) {
    for (std::string_view side : {"_left", "_right"})
        if (zone.ends_with(side)) zone.resize(zone.size() - side.size());
    return zone;
}

}  // namespace

const char* step_name(Step step) {
    return kStepWords[static_cast<size_t>(step)].name;
}

const char* step_event(Step step) {
    return kStepWords[static_cast<size_t>(step)].event;
}

Treatment::Treatment(const Case& practice, const Procedure& procedure) : case_(&practice), procedure_(&procedure) {}

void Treatment::tell_by(const Case& practice, const Procedure& procedure) {
    case_ = &practice;
    procedure_ = &procedure;
}

Treatment Treatment::rebuild(const Case& practice, const Procedure& procedure, std::span<const ProcedureEvent> events) {
    Treatment treatment(practice, procedure);
    for (const ProcedureEvent& event : events) (void)treatment.apply(event);  // what could not be changes nothing
    return treatment;
}

// --- what was done ---

bool Treatment::has(std::string_view event) const {
    return std::any_of(events_.begin(), events_.end(), [&](const ProcedureEvent& one) { return one.name == event; });
}

bool Treatment::did(std::string_view event, std::string_view value) const {
    return std::any_of(events_.begin(), events_.end(),
                       [&](const ProcedureEvent& one) { return one.name == event && one.value == value; });
}

/// The last value of an event; with a subject, what followed it.
std::string Treatment::last(std::string_view event, std::string_view subject) const {
    for (auto one = events_.rbegin(); one != events_.rend(); ++one) {
        if (one->name != event) continue;
        if (subject.empty()) return one->value;
        auto [about, rest] = two_words(one->value);
        if (about == subject) return rest;
    }
    return {};
}

std::vector<std::string> Treatment::known_flags() const {
    std::vector<std::string> flags;
    auto add = [&](const std::string& flag) {
        if (!flag.empty() && !contains(flags, flag)) flags.push_back(flag);
    };
    for (const CaseQuestion& question : case_->consultation.questions)
        if (did(kConsultAsk, question.id)) add(question.flag);
    for (const CaseFinding& finding : case_->consultation.findings)
        if (contains(marked_, finding.id)) add(finding.flag);
    return flags;
}

std::optional<std::string> Treatment::answer(std::string_view question) const {
    if (!did(kConsultAsk, question)) return std::nullopt;
    if (const CaseQuestion* own = case_->consultation.question(question)) return own->answer;
    const StandardQuestion* standard = procedure_->find_question(question);
    return standard ? standard->otherwise : std::string();
}

std::optional<int64_t> Treatment::anaesthetic_minutes(uint32_t now_us) const {
    if (!anaesthetic_on_us_) return std::nullopt;
    const uint64_t now = clock(now_us);
    return static_cast<int64_t>((now - std::min(now, *anaesthetic_on_us_)) / 60'000'000);
}

std::vector<std::string> Treatment::zone_kinds() const {
    std::vector<std::string> kinds;
    for (const std::string& zone : case_->zones)
        if (!contains(kinds, kind_of(zone))) kinds.push_back(kind_of(zone));
    return kinds;
}

// --- what can be done ---

base::Status Treatment::step_possible(Step to) const {
    if (begun(Step::follow_up) && to < Step::follow_up) return base::error("the patient has gone home");
    if (has(kNeedleZone) && to < Step::needling)
        return base::error("the first needle has gone in: there is no way back behind it");
    return {};
}

base::Status Treatment::possible(const ProcedureEvent& event) const {
    const std::string& name = event.name;
    const std::string& value = event.value;
    const std::optional<Step> begins = step_of_event(name), needs = step_needed(name);
    if (closed() && (begins || needs)) return base::error("{}: the session is closed", name);
    if (begins) return step_possible(*begins);
    if (needs && !begun(*needs) && !(name == "prep_consent" && begun(Step::preparation)))
        return base::error("{}: the {} has not begun", name, step_name(*needs));

    const Consultation& talk = case_->consultation;
    if (name == kConsultAsk && !talk.question(value) && !procedure_->find_question(value))
        return base::error("there is no question '{}'", value);
    if (name == kConsultMark) {
        const CaseFinding* finding = talk.finding(value);
        if (!finding) return base::error("there is no finding '{}'", value);
        const bool seen = finding->zone.empty() ? has(kConsultLook) : did(kConsultLook, finding->zone);
        if (!seen) return base::error("hold the lamp over the place first");
    }
    if (name == kConsultUnmark && !contains(marked_, value)) return base::error("'{}' is not marked", value);
    if (name == kDecide) {
        auto [subject, action] = two_words(value);
        if (subject != kWholeSession && !procedure_->find_flag(subject)) return base::error("there is no flag '{}'", subject);
        if (!is_action(action)) return base::error("there is no action '{}'; there are {}", action, action_words());
    }
    if (name == kDecideBecause && !procedure_->find_flag(value)) return base::error("there is no flag '{}'", value);
    if (name == kDecideWait) return within(name, value, 1, kLongestFollow_days);
    if (name == kPlanIndication) return one_of(name, value, procedure_->indications);
    if (name == kPlanCartridge) return one_of(name, value, procedure_->cartridges);
    if (name == kPlanPasses) return within(name, value, 1, 50);
    if (name == kPlanSessions) return within(name, value, 1, 50);
    if (name == kPlanWeeks) return within(name, value, 0, 520);
    if (name == kPlanDepth) {
        const std::optional<double> depth = decimal_number(two_words(value).second);
        if (!depth || !(*depth >= 0 && *depth <= kDeepest_mm))
            return base::error("{} '{}': give a kind of zone and millimetres from 0 to {}", name, value, kDeepest_mm);
    }
    if (name == kAnaestheticOn && anaesthetic_on_us_) return base::error("the anaesthetic is on already");
    if (name == kAnaestheticOff && !anaesthetic_on_us_) return base::error("there is no anaesthetic on the skin");
    if (name == kWait) return within(name, value, 1, kLongestWait_min);
    if (name == kNeedleZone && value.empty()) return base::error("needle_zone: name the zone");
    if (name == kEndPoint && !did(kNeedleZone, value)) return base::error("'{}' has not been needled", value);
    if (name == kFollowLook) return within(name, value, 0, kLongestFollow_days);
    return {};
}

void Treatment::take(const ProcedureEvent& event) {
    if (const std::optional<Step> step = step_of_event(event.name)) {
        step_ = *step;
        begun_[static_cast<size_t>(*step)] = true;
    }
    if (event.name == kConsultMark && !contains(marked_, event.value)) marked_.push_back(event.value);
    if (event.name == kConsultUnmark) std::erase(marked_, event.value);
    if (event.name == kAnaestheticOn) anaesthetic_on_us_ = clock(event.time_us);
    if (event.name == kAnaestheticOff) anaesthetic_on_us_.reset();
    if (event.name == kWait) waited_us_ += static_cast<uint64_t>(*whole(event.value)) * 60'000'000;
    if (event.name == kNeedleZone) zone_ = event.value;
    events_.push_back(event);
}

base::Status Treatment::apply(const ProcedureEvent& event) {
    if (base::Status can = possible(event); !can) return can;
    take(event);
    return {};
}

base::Result<std::vector<ProcedureEvent>> Treatment::act(uint32_t time_us, const std::string& event, const std::string& value) {
    ProcedureEvent done{time_us, event, value};
    if (const std::optional<int64_t> minutes = anaesthetic_minutes(time_us); event == kAnaestheticOff && minutes)
        done.value = fmt::format("{}", *minutes);
    const bool first = event == kConsultBegin && !begun(Step::consultation);
    if (base::Status can = apply(done); !can) return can.error();
    std::vector<ProcedureEvent> events{std::move(done)};
    if (!first) return events;
    for (const ScreeningFlag* flag : flags_of(*procedure_, &case_->consultation, {})) {
        events.push_back({time_us, kConsultFlag, flag->id});
        take(events.back());
    }
    return events;
}

void Treatment::add_consultation(std::vector<Act>& acts) const {
    auto ask = [&](const std::string& id, const std::string& words) {
        acts.push_back({.event = kConsultAsk, .subject = id, .name = words, .done = did(kConsultAsk, id),
                        .given = answer(id).value_or("")});
    };
    for (const StandardQuestion& question : procedure_->questions) ask(question.id, question.ask);
    for (const CaseQuestion& own : case_->consultation.questions)
        if (!procedure_->find_question(own.id)) ask(own.id, own.ask);
    std::vector<std::string> places = case_->zones;
    for (const CaseFinding& finding : case_->consultation.findings)
        if (!finding.zone.empty() && !contains(places, finding.zone)) places.push_back(finding.zone);
    for (const std::string& zone : places)
        acts.push_back({.event = kConsultLook, .subject = zone, .done = did(kConsultLook, zone)});
    for (const CaseFinding& finding : case_->consultation.findings) {
        const bool marked = contains(marked_, finding.id);
        if (marked)
            acts.push_back({.event = kConsultUnmark, .subject = finding.id, .name = finding.words, .done = true});
        else if (possible({0, kConsultMark, finding.id}))
            acts.push_back({.event = kConsultMark, .subject = finding.id, .name = finding.words});
    }
}

void Treatment::add_decision(std::vector<Act>& acts) const {
    const Decided so_far = decided(events_);
    auto decide = [&](const std::string& subject, const std::string& name) {
        auto found = so_far.actions.find(subject);
        const std::string given = found == so_far.actions.end() ? "" : found->second;
        acts.push_back({.event = kDecide, .subject = subject, .name = name, .choices = actions(), .done = !given.empty(),
                        .given = given});
    };
    const std::vector<std::string> known = known_flags();
    for (const std::string& id : known)
        if (const ScreeningFlag* flag = procedure_->find_flag(id)) decide(id, flag->name);
    decide(kWholeSession, "");
    for (const std::string& id : known) {
        const ScreeningFlag* flag = procedure_->find_flag(id);
        if (!flag) continue;
        const bool given = contains(so_far.because, id);
        acts.push_back({.event = given ? kDecideNotBecause : kDecideBecause, .subject = id, .name = flag->name, .done = given});
    }
    if (so_far.session() == "defer")
        acts.push_back({.event = kDecideWait, .figure = true, .done = so_far.wait_days.has_value(), .given = last(kDecideWait)});
}

void Treatment::add_plan(std::vector<Act>& acts) const {
    auto add = [&](const char* event, std::vector<ActChoice> choices) {
        const bool figure = choices.empty();
        acts.push_back({.event = event, .choices = std::move(choices), .figure = figure, .done = has(event),
                        .given = last(event)});
    };
    add(kPlanIndication, choices_of(procedure_->indications));
    add(kPlanDevice, {{case_->device, ""}});
    add(kPlanCartridge, choices_of(procedure_->cartridges));
    for (const std::string& kind : zone_kinds()) {
        const std::string given = last(kPlanDepth, kind);
        acts.push_back({.event = kPlanDepth, .subject = kind, .figure = true, .done = !given.empty(), .given = given});
    }
    for (const char* event : {kPlanPasses, kPlanSessions, kPlanWeeks}) add(event, {});
}

void Treatment::add_items(std::vector<Act>& acts, const std::vector<ProcedureItem>& items, uint32_t now_us) const {
    const std::map<std::string, LastDone> done = last_of_each(events_, UINT32_MAX);
    for (const ItemState& state : item_states(items, done)) {
        const ProcedureItem& item = *state.item;
        Act act{.event = item.event, .name = item.name, .says = item.says, .done = state.done};
        if (state.done) act.given = done.at(item.event).value;
        act.choices = plain_choices(item.values);
        for (const std::string& other : item.others) act.choices.push_back({other, ""});
        if (item.event == "glide_medium") act.choices = plain_choices(case_->zones);
        act.figure = act.choices.empty() && (item.least || item.most) && item.event != kAnaestheticOff;
        if (base::Status can = possible({now_us, item.event, ""}); !can) act.impossible = can.error().message;
        for (const std::string& before : item.after) {
            auto first = std::find_if(items.begin(), items.end(), [&](const auto& one) { return one.event == before; });
            const bool belongs = first->only_with.empty() || done.contains(first->only_with);
            if (belongs && !done.contains(before)) act.unwise.push_back(first->name);
        }
        if (item.event == kAnaestheticOff && anaesthetic_on_us_)
            act.given = fmt::format("{}", *anaesthetic_minutes(now_us));
        acts.push_back(std::move(act));
        if (item.event == kAnaestheticOn && anaesthetic_on_us_) acts.push_back({.event = kWait, .figure = true});
    }
}

void Treatment::add_needling(std::vector<Act>& acts) const {
    for (const std::string& zone : case_->zones) {
        for (const char* event : {kNeedleZone, "glide_medium", "wipe", kEndPoint}) {
            Act act{.event = event, .subject = zone, .done = did(event, zone)};
            if (base::Status can = possible({0, event, zone}); !can) act.impossible = can.error().message;
            acts.push_back(std::move(act));
        }
    }
}

std::vector<Act> Treatment::acts(uint32_t now_us) const {
    std::vector<Act> acts;
    switch (step_) {
        case Step::consultation:
            if (begun(Step::consultation)) add_consultation(acts);
            break;
        case Step::decision:
            add_decision(acts);
            break;
        case Step::plan:
            add_plan(acts);
            break;
        case Step::preparation:
            add_items(acts, procedure_->preparation, now_us);
            break;
        case Step::needling:
            add_needling(acts);
            break;
        case Step::finish:
            add_items(acts, procedure_->finish, now_us);
            break;
        case Step::aftercare:
            add_items(acts, procedure_->aftercare, now_us);
            break;
        case Step::follow_up:
            acts.push_back({.event = kFollowLook, .figure = true, .done = has(kFollowLook), .given = last(kFollowLook)});
            break;
        case Step::closed:
            break;
    }
    return acts;
}

// --- what is open ---

std::vector<Remark> Treatment::open_at(Step step) const {
    std::vector<Remark> open;
    auto add_unless = [&](bool done, const std::string& id, const std::string& what = {}) {
        if (!done) open.push_back({id, what});
    };
    auto add_list = [&](const std::vector<ProcedureItem>& items) {
        for (const ItemState& state : item_states(items, last_of_each(events_, UINT32_MAX)))
            add_unless(!state.wanted || state.right, "item", state.item->name);
    };
    const Decided so_far = decided(events_);
    switch (step) {
        case Step::consultation:
            for (const StandardQuestion& question : procedure_->questions)
                add_unless(did(kConsultAsk, question.id), "question", question.ask);
            for (const std::string& zone : case_->zones) add_unless(did(kConsultLook, zone), "zone_not_seen", zone);
            break;
        case Step::decision:
            for (const std::string& id : known_flags()) {
                const ScreeningFlag* flag = procedure_->find_flag(id);
                add_unless(!flag || so_far.actions.contains(id), "flag", flag ? flag->name : id);
            }
            add_unless(!so_far.session().empty(), "session");
            add_unless(known_flags().empty() || !so_far.because.empty(), "reason");
            add_unless(so_far.session() != "defer" || so_far.wait_days, "wait");
            break;
        case Step::plan:
            for (const char* event :
                 {kPlanIndication, kPlanDevice, kPlanCartridge, kPlanPasses, kPlanSessions, kPlanWeeks})
                add_unless(has(event), event);
            for (const std::string& kind : zone_kinds()) add_unless(!last(kPlanDepth, kind).empty(), kPlanDepth, kind);
            break;
        case Step::preparation:
            add_list(procedure_->preparation);
            break;
        case Step::needling:
            for (const std::string& zone : case_->zones) {
                add_unless(did(kNeedleZone, zone), "zone_left_out", zone);
                add_unless(did(kEndPoint, zone) || !did(kNeedleZone, zone), "zone_not_ended", zone);
            }
            break;
        case Step::finish:
            add_list(procedure_->finish);
            break;
        case Step::aftercare:
            add_list(procedure_->aftercare);
            break;
        case Step::follow_up:
            add_unless(has(kFollowLook), kFollowLook);
            break;
        case Step::closed:
            break;
    }
    return open;
}

Onward Treatment::go_on() const {
    if (closed()) return {Step::closed, "", {}};
    if (!begun(step_)) return {step_, step_event(step_), {}};
    const std::string session = decided(events_).session();
    const bool ends = step_ == Step::decision && !session.empty() && !goes_on(session);
    const Step to = ends ? Step::closed : next(step_);
    return {to, step_event(to), open_at(step_)};
}

std::optional<Step> Treatment::back() const {
    if (closed() || step_ == Step::consultation) return std::nullopt;
    const Step to = static_cast<Step>(static_cast<int>(step_) - 1);
    return step_possible(to) ? std::optional(to) : std::nullopt;
}

// --- how it was done ---

void Treatment::add_plan_remarks(std::vector<Remark>& remarks) const {
    const CasePlan& right = *case_->consultation.plan;
    auto check = [&](bool good, const char* event, const std::string& what) {
        if (has(event) && !good) remarks.push_back({event, what});
    };
    auto number = [&](const char* event) { return whole(last(event)).value_or(-1); };
    check(last(kPlanIndication) == right.indication, kPlanIndication, last(kPlanIndication));
    check(last(kPlanDevice) == case_->device, kPlanDevice, last(kPlanDevice));
    check(last(kPlanCartridge) == right.cartridge, kPlanCartridge, last(kPlanCartridge));
    check(number(kPlanPasses) == right.passes, kPlanPasses, last(kPlanPasses));
    check(right.sessions.holds(number(kPlanSessions)), kPlanSessions, last(kPlanSessions));
    check(right.weeks.holds(number(kPlanWeeks)), kPlanWeeks, last(kPlanWeeks));
    for (const std::string& kind : zone_kinds()) {
        const PlannedDepth* band = right.depth(kind);
        const std::optional<double> depth = decimal_number(last(kPlanDepth, kind));
        if (!band || !depth) continue;
        const double least = band->least_um * 1e-3, most = band->most_um * 1e-3;
        constexpr double kSame_mm = 1e-6;
        if (*depth < least - kSame_mm || *depth > most + kSame_mm) remarks.push_back({kPlanDepth, kind});
    }
}

void Treatment::add_needling_remarks(std::vector<Remark>& remarks) const {
    const auto first = std::find_if(events_.begin(), events_.end(),
                                    [](const ProcedureEvent& event) { return event.name == kNeedleZone; });
    if (first == events_.end()) return;
    const std::string session = decided(std::span(events_.begin(), first)).session();
    if (!session.empty() && !goes_on(session)) remarks.push_back({"own_decision", session});
    std::vector<std::string> told;
    for (const ProcedureEvent& event : events_) {
        if (event.name != kNeedleZone || contains(case_->zones, event.value) || contains(told, event.value)) continue;
        told.push_back(event.value);
        remarks.push_back({"zone_not_planned", event.value});
    }
}

std::vector<Remark> Treatment::remarks() const {
    std::vector<Remark> remarks;
    const bool ended_early = held_off(events_, has(kNeedleZone)) && closed();
    for (size_t i = 0; i + 1 < kSteps; ++i) {
        const Step step = static_cast<Step>(i);
        if (step >= step_ || (ended_early && step > Step::decision)) break;
        if (!begun(step)) {
            remarks.push_back({"skipped", step_name(step)});
            continue;
        }
        for (Remark& open : open_at(step)) remarks.push_back(std::move(open));
        if (step == Step::plan && case_->consultation.plan) add_plan_remarks(remarks);
    }
    add_needling_remarks(remarks);
    return remarks;
}

Outcome Treatment::outcome() const {
    Outcome outcome;
    outcome.held_off = held_off(events_, has(kNeedleZone));
    const std::vector<const ScreeningFlag*> flags = flags_of(*procedure_, &case_->consultation, {});
    const std::string session = decided(events_).session();
    const std::optional<RightDecision>& right = case_->consultation.decision;
    outcome.right = right ? right->allows(session) : session_is_right(flags, session);
    if (right) {
        outcome.explain = right->explain;
        outcome.source = right->source;
        outcome.tag = right->tag;
    }
    const std::vector<std::string> known = known_flags();
    for (const ScreeningFlag* flag : flags)
        if (!contains(known, flag->id)) outcome.missed.push_back(flag->name);
    return outcome;
}

}  // namespace training
