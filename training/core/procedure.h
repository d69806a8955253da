#pragma once

// What belongs to a treatment besides the hand: consultation, plan, preparation, finish, aftercare. Screens write procedure
// events as the trainee goes; measures and the procedure's state (treatment.h) read them. The lists
// (content/procedure.toml) say what is right; this header names the events, in the order of a treatment.
//
//   consult_begin                the consultation was open to the trainee; without it screening is not assessed
//   consult_flag FLAG            this patient has it; written by the program from the case, one event per flag
//   consult_ask QUESTION         asked; the answer is the case's
//   consult_look ZONE            the lamp was held over this zone
//   consult_mark FINDING         what the lamp showed was marked on the face ...
//   consult_unmark FINDING       ... and the mark taken back
//
//   decide_begin                 the step of deciding
//   decide FLAG ACTION           the trainee's answer to a flag; the last one counts
//   decide session ACTION        and for today's treatment as a whole
//   decide_because FLAG          a reason for that ...
//   decide_not_because FLAG      ... and taken back
//   decide_wait DAYS             how long a deferral is to last; the last one counts
//
//   plan_begin                   the step of planning; the last value of each counts
//   plan_indication ID           an [[indication]]
//   plan_device ID, plan_cartridge ID          a file of content/devices; a [[cartridge]]
//   plan_depth KIND MM           set depth for a kind of zone
//   plan_passes N, plan_sessions N, plan_weeks N
//
//   prep_begin                   preparation was open to the trainee; without it preparation is not assessed
//   prep_consent  prep_photo  prep_cleanse  prep_anaesthetic_on  prep_disinfect  prep_gloves
//   prep_anaesthetic_off MIN     wiped off after so many minutes
//   prep_medium PRODUCT          what is to lie under the needles
//   wait MIN                     so many minutes pass that nobody has to sit through; they count as session time
//   cartridge_new, glide_medium ZONE, wipe ZONE   as the simulation knows them (engine/skin/simulation.h)
//
//   needle_begin                 the step of needling
//   needle_zone ZONE             the trainee turns to this zone
//   end_point ZONE               and calls its end point
//
//   finish_begin                 the step after the last needle
//   finish_wipe  finish_product PRODUCT  finish_calm  finish_sharps
//
//   advise_begin                 aftercare was open to the trainee; without it aftercare is not assessed
//   advise_ITEM [FIGURE], record_ITEM   advice given (with its hours, days or factor), record written
//
//   follow_begin                 the patient comes back
//   follow_look DAYS             looked at so many days after the last needle
//   session_end                  closed: after all of this, or early because no needle is right today
//
// ACTION: proceed, caution (go on, adapted), avoid (go on, keep clear of the place), defer, refer, refuse (clinical.md 6).

#include "engine/base/files.h"
#include "engine/base/hash.h"

#include <optional>
#include <string>
#include <vector>

namespace training {

inline constexpr const char* kConsultBegin = "consult_begin";
inline constexpr const char* kConsultFlag = "consult_flag";
inline constexpr const char* kConsultAsk = "consult_ask";
inline constexpr const char* kConsultLook = "consult_look";
inline constexpr const char* kConsultMark = "consult_mark";
inline constexpr const char* kConsultUnmark = "consult_unmark";
inline constexpr const char* kDecideBegin = "decide_begin";
inline constexpr const char* kDecide = "decide";
inline constexpr const char* kWholeSession = "session";  ///< in place of a flag
inline constexpr const char* kDecideBecause = "decide_because";
inline constexpr const char* kDecideNotBecause = "decide_not_because";
inline constexpr const char* kDecideWait = "decide_wait";
inline constexpr const char* kPlanBegin = "plan_begin";
inline constexpr const char* kPlanIndication = "plan_indication";
inline constexpr const char* kPlanDevice = "plan_device";
inline constexpr const char* kPlanCartridge = "plan_cartridge";
inline constexpr const char* kPlanDepth = "plan_depth";
inline constexpr const char* kPlanPasses = "plan_passes";
inline constexpr const char* kPlanSessions = "plan_sessions";
inline constexpr const char* kPlanWeeks = "plan_weeks";
inline constexpr const char* kPrepBegin = "prep_begin";
inline constexpr const char* kAnaestheticOn = "prep_anaesthetic_on";
inline constexpr const char* kAnaestheticOff = "prep_anaesthetic_off";
inline constexpr const char* kWait = "wait";
inline constexpr const char* kNeedleBegin = "needle_begin";
inline constexpr const char* kNeedleZone = "needle_zone";
inline constexpr const char* kEndPoint = "end_point";
inline constexpr const char* kFinishBegin = "finish_begin";
inline constexpr const char* kAdviseBegin = "advise_begin";
inline constexpr const char* kFollowBegin = "follow_begin";
inline constexpr const char* kFollowLook = "follow_look";
inline constexpr const char* kSessionEnd = "session_end";

enum class Gravity : uint8_t {
    absolute,  ///< must not be needled today: needling all the same fails the session
    relative,  ///< asks for an action other than going on
    caution,   ///< go on, adapted
    local      ///< go on, but not there; that needles keep clear of it is for the measure no_go
};

/// Something of a patient's history or skin that bears on whether to treat.
struct ScreeningFlag {
    std::string id, name;
    Gravity gravity;
    std::vector<std::string> actions;  ///< any of these is right
    std::string source, tag;
};

/// A step of preparation, or a piece of advice or record.
struct ProcedureItem {
    std::string event, name;
    std::vector<std::string> after;      ///< events that must have come before, where they came at all
    std::string only_with;               ///< counts only where this event came; empty = always
    std::vector<std::string> values;     ///< the event's value must be one of these; empty = any
    std::vector<std::string> others;     ///< values offered beside these, all wrong
    std::optional<int64_t> least, most;  ///< bounds of the event's value where it is a whole number
    std::string critical;                ///< why the session fails without it; empty = it does not
    std::string says;                    ///< what to know or to tell the patient about it; may be empty
    std::string source, tag;
};

/// What is asked of every patient.
struct StandardQuestion {
    std::string id, ask;
    std::string otherwise;  ///< the answer of a patient whose case says nothing about it
    std::string source, tag;
};

/// Something a plan chooses by its id: what is treated, or the needles put in.
struct PlanChoice {
    std::string id, name, source, tag;
};

struct Procedure {
    std::vector<ScreeningFlag> flags;
    std::vector<StandardQuestion> questions;
    std::vector<PlanChoice> indications, cartridges;
    std::vector<ProcedureItem> preparation, finish, aftercare;
    base::Hash hash;  ///< of the file's text

    /// content/procedure.toml. Errors name file, line and column.
    static base::Result<Procedure> load(const base::Places& places);
    /// Another file of that form, told in the language of `places`, where there is one.
    static base::Result<Procedure> read(const base::fs::path& file, const base::Places& places = {});
    const ScreeningFlag* find_flag(std::string_view id) const;
    const StandardQuestion* find_question(std::string_view id) const;
};

}  // namespace training
