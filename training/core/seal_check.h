#pragma once

// Whether a recording's seal holds: a pure function of the recording and of whom one trusts. Content, replay
// and score are verify.h's.

#include "training/core/seal.h"

#include <string>
#include <vector>

namespace training {

/// One thing that was looked at. `words`: the rest of a line that begins with `what`; where it does not hold,
/// they say where.
struct Finding {
    std::string what;
    bool holds = false;
    std::string words;
    bool absent = false;  ///< there is nothing to look at, and nobody demanded it
};

/// What else is asked of a session, besides that its seal holds.
struct SealDemands {
    bool sealed = false;  ///< an unsealed one fails
    std::string nonce;    ///< the exam package's; empty: any
    std::string code;     ///< as an invigilator noted it; empty: none
    std::optional<base::Hash> package = {};  ///< SHA-256 of the exam package; none: any
    bool any() const { return sealed || !nonce.empty() || !code.empty() || package.has_value(); }
};

/// "chain", "signatures", "station", "completeness", "time" and what was demanded, in this order; of an unsealed
/// recording "seal" alone. Each is looked at by itself: where the chain is broken, signatures up to there
/// still say what was signed.
std::vector<Finding> check_seal(const Recording& recording, const Trust& trust,
                                const SealDemands& demands = {});

/// Name of a sealed session, the same of each copy: the SHA-256 of its session document. None: unsealed.
std::optional<base::Hash> session_name(const Recording& recording);

}  // namespace training
