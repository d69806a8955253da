// A rubric told in plain words: `evenhand rubric check --explain`.

#include "training/core/metrics.h"
#include "training/core/rubric.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace training {
namespace {

struct Tag {
    const char* tag;
    const char* meaning;
};
constexpr std::array kTags = {
    Tag{"F1", "seen in a regulator's record, reviewed paper, standard or awarding body's document"},
    Tag{"F2", "seen on a clinic's, maker's or forum page: weak authority"},
    Tag{"K", "known from the literature, the text not seen"},
    Tag{"D", "derived or simulated for this program"},
    Tag{"A", "assumption, to be set with experts"},
};

std::string certainty_words(const std::string& basis) {
    std::string tag = basis.substr(0, basis.find_first_of(" ,;-"));
    auto known = std::find_if(kTags.begin(), kTags.end(), [&](const Tag& one) { return tag == one.tag; });
    return known == kTags.end() ? basis : fmt::format("{} ({})", basis, known->meaning);
}

std::string with_unit(int64_t thousandths, const std::string& unit) {
    return unit.empty() ? thousandths_text(thousandths) : thousandths_text(thousandths) + " " + unit;
}

std::string critical_words(const std::optional<int64_t>& above, const std::optional<int64_t>& below,
                           const std::string& unit) {
    std::string words;
    if (above) words += "above " + with_unit(*above, unit);
    if (below) words += (words.empty() ? "below " : " or below ") + with_unit(*below, unit);
    return words;
}

void add_line(std::string& text, std::string_view head, const std::string& words) {
    if (!words.empty()) text += fmt::format("   {:<10} {}\n", head, words);
}

void add_override(std::string& text, const Criterion& criterion, const CriterionOverride& override) {
    std::string about = override.zone.empty() ? "with " + override.device : "on " + override.zone;
    std::string critical = critical_words(override.critical_above, override.critical_below, criterion.unit);
    add_line(text, "instead",
             fmt::format("{}: {}{}. {}. {}", about, band_words(override.band, criterion.unit),
                         critical.empty() ? "" : "; fails the session " + critical, certainty_words(override.basis),
                         override.source));
}

void add_criterion(std::string& text, size_t number, const Criterion& criterion) {
    constexpr std::array kShown = {"places and times", "places", "times"};  // in the order of EvidenceKind
    text += fmt::format("{}. {} ({}), {} of 100 points\n", number, criterion.name, criterion.id, criterion.weight);
    add_line(text, "measure", fmt::format("{}: {}", criterion.measure, measure_definition(criterion.measure)));
    add_line(text, "unit", criterion.unit.empty() ? "a ratio, no unit" : criterion.unit);
    add_line(text, "bands", band_words(criterion.band, criterion.unit));
    add_line(text, "critical", critical_words(criterion.critical_above, criterion.critical_below, criterion.unit));
    if (criterion.floor)
        add_line(text, "floor",
                 fmt::format("less than {} % of this line's points fail the session", thousandths_text(*criterion.floor)));
    add_line(text, "shown", kShown[static_cast<size_t>(criterion.evidence)]);
    for (const CriterionOverride& override : criterion.overrides) add_override(text, criterion, override);
    add_line(text, "certainty", certainty_words(criterion.basis));
    add_line(text, "source", criterion.source);
    text += '\n';
}

}  // namespace

std::string thousandths_text(int64_t thousandths) {
    std::string text = fmt::format("{}{}.{:03}", thousandths < 0 ? "-" : "", std::abs(thousandths) / 1000,
                                   std::abs(thousandths) % 1000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string band_words(const Band& band, const std::string& unit) {
    std::string words = band.target_low == band.target_high
                            ? fmt::format("full points at {}", with_unit(band.target_low, unit))
                            : fmt::format("full points from {} to {}", thousandths_text(band.target_low),
                                          with_unit(band.target_high, unit));
    if (band.warn_low < band.target_low) words += fmt::format(", fewer below, none at {}", with_unit(band.warn_low, unit));
    if (band.warn_high > band.target_high)
        words += fmt::format(", fewer above, none at {}", with_unit(band.warn_high, unit));
    return words;
}

std::string explain_rubric(const Rubric& rubric) {
    std::string text = fmt::format(
        "{} ({}, revision {})\n{}\nPassed with {} of 100 points, nothing critical and no line below its floor.\n\n",
        rubric.name, rubric.id, rubric.version, rubric.note, thousandths_text(rubric.pass_mark * 10));
    if (!rubric.pens.empty()) text += fmt::format("Only sessions whose pen was led by {}.\n\n", fmt::join(rubric.pens, " or "));
    for (size_t i = 0; i < rubric.criteria.size(); ++i) add_criterion(text, i + 1, rubric.criteria[i]);
    text += "Effective depth by kind of zone, mm\n";
    for (const auto& [kind, band] : rubric.depth)
        text += fmt::format("   {:<14} on target from {} to {}, warned above {}, critical above {}\n", kind,
                            thousandths_text(band.low_um), thousandths_text(band.high_um), thousandths_text(band.warn_um),
                            thousandths_text(band.critical_um));
    return text;
}

}  // namespace training
