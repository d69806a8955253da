#pragma once

// What to practise next, by measure and by the side on which the hand went wrong: content/advice.toml, in another
// language content/locale/LANGUAGE/advice.toml, of the same form. For teaching; each text carries its certainty tag.

#include "training/core/score.h"

#include <map>
#include <string>

namespace training {

/// On which side of what is asked a line's fault lies: too little (shallow, light, slow, bare), too much, or neither.
enum class FaultSide : uint8_t { low, high, other };

/// From the evidence where a value tells only a share (depth, force, density), else from the value against its band.
FaultSide fault_side(const CriterionScore& line, const Recording& recording, const Stage& stage, const Rubric& rubric,
                     const std::vector<ZoneScore>& zones);

struct Advice {
    std::string low, high, other;  ///< low, high: empty = `other` serves
    std::string basis;             ///< certainty tag of clinical.md
};

/// By measure (metrics.h).
using AdviceBook = std::map<std::string, Advice, std::less<>>;

/// English where the language has none of its own. Refuses a measure that there is not, with line and column.
base::Result<AdviceBook> load_advice(const base::Places& places, const std::string& language = "en");

/// The text for a fault; null where the book has none.
struct AdviceText {
    std::string_view text, basis;
};
AdviceText advice_for(const AdviceBook& book, const std::string& measure, FaultSide side);

}  // namespace training
