#pragma once

// The part of a case that is talked about and looked at before any needle: who the patient is, what one may ask and
// hears, what the lamp shows, what is right to do today and why, and how the treatment is planned. Tables of a case
// file (content/cases/*.toml), all of them optional: a case without [decision] is a patient to practise on, of whom
// nothing is asked.
//
//   [record]                       # what the file says before anybody asks; it may be incomplete
//   age = 29
//   sex = "female"
//   occupation = "..."  wish = "..."  allergies = "..."  medicines = "..."
//   history = "..."  treatments = "..."  pregnancy = "..."          (texts; none: nothing is written there)
//
//   [[question]]                   # this patient's answer to a question
//   id = "pregnancy"               # one of the standard questions (content/procedure.toml), or one of the case's own
//   ask = "..."                    # the words of an own question; a standard one brings its own
//   answer = "..."
//   flag = "pregnancy"             # what the answer reveals (a [[flag]] of content/procedure.toml); none: nothing
//
//   [[finding]]                    # what an examination under the lamp shows
//   id = "lip"
//   zone = "upper_lip"             # where; none: anywhere
//   condition = "cold_sore"        # the kind of [[condition]] that it is on this face; none: seen or felt, not drawn
//   words = "..."
//   flag = "active_infection"
//
//   [decision]
//   actions = "defer refer"        # any of these is right for today's treatment as a whole
//   wait_days = [14, 90]           # how long a deferral should last; none: until something happens (see wait_basis)
//   wait_basis = "..."             # where the span comes from, with its tag
//   explain = "..."                # why, in two or three plain sentences; says where sources disagree
//   source = "..."  tag = "F2"
//
//   [plan]                         # where the treatment goes on
//   indication = "acne_scars"      # an [[indication]] of content/procedure.toml
//   cartridge = "12-pin"           # a [[cartridge]] there; the device is the case's
//   passes = 3
//   sessions = [3, 4]
//   weeks = [4, 6]                 # between sessions
//   source = "..."  tag = "A"
//   [plan.depth_mm]                # by kind of zone: set depth, least and most
//   cheek = [0.5, 0.75]
//
//   [follow_up]
//   words = "..."                  # what the patient tells at the next visit

#include "engine/base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {
class TomlReader;
}

namespace training {

/// Texts are in the patient's or the file's words; empty where nothing is written.
struct PatientRecord {
    int age = 0;
    std::string sex, occupation, wish, allergies, medicines, history, treatments, pregnancy;
};

/// The `at` texts are "file:line:column", for messages about what only other files can tell to be wrong.
struct CaseQuestion {
    std::string id, ask, answer, flag;
    std::string at;
};

struct CaseFinding {
    std::string id, zone, condition, words, flag;
    std::string at, zone_at;
};

/// From least to most, both included.
struct WholeSpan {
    int least = 0, most = 0;

    bool holds(int64_t value) const { return value >= least && value <= most; }
};

struct RightDecision {
    std::vector<std::string> actions;
    std::optional<WholeSpan> wait_days;
    std::string wait_basis, explain, source, tag;

    bool allows(std::string_view action) const;
    /// Whether any right action goes on to needles today.
    bool treats() const;
};

struct PlannedDepth {
    std::string kind;            ///< of zone
    uint16_t least_um, most_um;  ///< set depth
};

struct CasePlan {
    std::string indication, cartridge, source, tag;
    std::string at;
    int passes = 3;
    WholeSpan sessions, weeks;
    std::vector<PlannedDepth> depths;

    const PlannedDepth* depth(std::string_view kind) const;
};

struct Consultation {
    std::optional<PatientRecord> record;
    std::vector<CaseQuestion> questions;
    std::vector<CaseFinding> findings;
    std::optional<RightDecision> decision;
    std::optional<CasePlan> plan;
    std::string follow_up;

    /// All that questions and findings can reveal, once each, in the order of the file.
    std::vector<std::string> flags() const;
    const CaseQuestion* question(std::string_view id) const;
    const CaseFinding* finding(std::string_view id) const;
    /// What a trainee has met who points at a place: the finding of that condition there, else one of that condition
    /// anywhere, else one of that zone that no condition draws. None: there is nothing to find.
    const CaseFinding* finding_at(std::string_view zone, std::string_view condition) const;
};

/// proceed, caution and avoid go on to needles today; defer, refer and refuse do not.
bool is_action(std::string_view word);
bool goes_on(std::string_view action);
/// All actions, for messages.
std::string action_words();

/// The tables named above, out of a case's. A case with [decision] needs [record], and [plan] where an action goes on;
/// mistakes of that kind, and tables that are none, stay with `reader`.
base::Result<Consultation> read_consultation(base::TomlReader& reader, const std::string& file);

}  // namespace training
