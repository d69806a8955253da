#pragma once

// What belongs to a treatment besides the hand: screening, preparation, aftercare. Screens write procedure events as the
// trainee goes; measures read them. The lists (content/procedure.toml) say what is right; this header names the events.
//
//   consult_begin                the consultation was open to the trainee; without it screening is not assessed
//   consult_flag FLAG            this patient has it; written by the program from the case, one event per flag
//   decide FLAG ACTION           the trainee's answer to a flag; the last one counts
//   decide session ACTION        and for today's treatment as a whole
//   prep_begin                   preparation was open to the trainee; without it preparation is not assessed
//   prep_consent  prep_photo  prep_cleanse  prep_anaesthetic_on  prep_disinfect  prep_gloves
//   prep_anaesthetic_off MIN     wiped off after so many minutes
//   prep_medium PRODUCT          what is to lie under the needles
//   cartridge_new, glide_medium ZONE, wipe ZONE   as the simulation knows them (engine/skin/simulation.h)
//   advise_begin                 aftercare was open to the trainee; without it aftercare is not assessed
//   advise_ITEM [FIGURE], record_ITEM   advice given (with its hours, days or factor), record written
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
inline constexpr const char* kDecide = "decide";
inline constexpr const char* kWholeSession = "session";  ///< in place of a flag
inline constexpr const char* kPrepBegin = "prep_begin";
inline constexpr const char* kAdviseBegin = "advise_begin";

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
    std::optional<int64_t> least, most;  ///< bounds of the event's value where it is a whole number
    std::string critical;                ///< why the session fails without it; empty = it does not
    std::string source, tag;
};

struct Procedure {
    std::vector<ScreeningFlag> flags;
    std::vector<ProcedureItem> preparation, aftercare;
    base::Hash hash;  ///< of the file's text

    /// content/procedure.toml. Errors name file, line and column.
    static base::Result<Procedure> load(const base::Places& places);
    static base::Result<Procedure> read(const base::fs::path& file);
    const ScreeningFlag* find_flag(std::string_view id) const;
};

}  // namespace training
