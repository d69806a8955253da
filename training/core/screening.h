#pragma once

// Whether this patient may be needled today, and what a trainee made of it. From procedure events; the truth is the case's
// (consultation.h) where it has a [decision], else what the flags of the list ask for in general.
//
// A session may rightly end without a needle. It is then scored by screening alone: every other line is about work that was
// rightly not done, so it is not assessed, and the total is what screening is worth, scaled to 100 as always. Who decides
// rightly, for the right reason, over all that this patient has, passes with 100; who is right in part fails, because
// screening asks for 85 % at least before it is worth anything (clinical.md 9 row 1). Needling a patient whom no right
// action treats today is critical whatever else was done, with or without a consultation; so is needling a patient who asks
// for care (caution, avoid) after a decision that takes none. What is decided after the first needle comes too late.

#include "engine/input/pen_sample.h"
#include "training/core/consultation.h"
#include "training/core/phrases.h"
#include "training/core/procedure.h"

#include <map>
#include <span>

namespace training {

/// What was decided until a moment. The last answers count.
struct Decided {
    std::map<std::string, std::string> actions;  ///< by flag, and kWholeSession
    std::vector<std::string> because;            ///< flags, in the order given
    std::optional<int64_t> wait_days;

    /// Of the session; empty = none yet.
    std::string session() const;
};
Decided decided(std::span<const input::ProcedureEvent> events, uint32_t until_us = UINT32_MAX);

struct Screening {
    bool assessed = false;          ///< there was a consultation
    int64_t wanted = 0, right = 0;  ///< answers
    std::vector<std::string> wrong; ///< flags and "session", "reason", "wait": answered wrongly or not at all
    std::string unsafe;             ///< why needles fail this session; empty = they do not
};
/// `first_needle_us`: none = no needle went in. `consultation`: the case's, or none.
Screening screen(const Procedure& procedure, const Consultation* consultation,
                 std::span<const input::ProcedureEvent> events, std::optional<uint32_t> first_needle_us,
                 const Phrases& phrases = Phrases::english());

/// The patient's flags that the list knows: the case's own, then those that events tell of.
std::vector<const ScreeningFlag*> flags_of(const Procedure& procedure, const Consultation* consultation,
                                           std::span<const input::ProcedureEvent> events);

/// What the flags allow with the patient as a whole, where no case says more.
bool session_is_right(std::span<const ScreeningFlag* const> flags, std::string_view action);

/// Whether the session ended with a decision not to needle, and kept to it.
bool held_off(std::span<const input::ProcedureEvent> events, bool needled);

/// Refuses a case that names what content/procedure.toml does not have, with file, line and column.
base::Status check_consultation(const Consultation& consultation, const Procedure& procedure);

}  // namespace training
