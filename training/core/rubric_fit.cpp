#include "training/core/rubric_fit.h"

#include "training/core/lesson_result.h"
#include "training/core/toml_edits.h"

#include <algorithm>

namespace training {

namespace fs = base::fs;

namespace {

/// The middle value, or the mean of the two in the middle, halves up.
int64_t median_of(std::vector<int64_t> values) {
    CHECK(!values.empty());
    std::sort(values.begin(), values.end());
    int64_t sum = values[(values.size() - 1) / 2] + values[values.size() / 2];
    return sum >= 0 ? (sum + 1) / 2 : sum / 2;
}

/// Median absolute deviation.
int64_t mad_of(const std::vector<int64_t>& values, int64_t median) {
    std::vector<int64_t> off;
    for (int64_t value : values) off.push_back(std::abs(value - median));
    return median_of(std::move(off));
}

/// What the unit allows, thousandths.
struct Span {
    int64_t low, high;
};
Span possible_values(const Criterion& criterion) {
    constexpr int64_t kMost = 1'000'000'000;
    if (criterion.unit == "%") return {0, 100'000};
    return {criterion.band.warn_low >= 0 ? 0 : -kMost, kMost};
}

std::string too_few(size_t found) {
    return fmt::format("{} expert {} a value here, {} are needed to know their spread", found,
                       found == 1 ? "session has" : "sessions have", kFewest);
}

}  // namespace

FittedBand fit_band(const Criterion& base, const std::vector<int64_t>& values) {
    FittedBand fit{base.band, 0, 0, {}, {}};
    if (!values.empty()) fit.median = median_of(values);
    if (values.size() < kFewest) {
        fit.not_refitted = too_few(values.size());
        return fit;
    }
    const int64_t mad = mad_of(values, fit.median);
    fit.spread = (mad * 14'826 + 5000) / 10'000;
    for (size_t i = 0; i < values.size(); ++i)
        if (6745 * std::abs(values[i] - fit.median) > kOutlier_e3 * 10 * std::max<int64_t>(mad, 1))
            fit.outliers.push_back(i);

    const Band& old = base.band;
    const Span possible = possible_values(base);
    const int64_t below = old.target_low - old.warn_low, above = old.warn_high - old.target_high;
    const int64_t spread = std::max(fit.spread, (old.target_high - old.target_low) / 8);
    Band band = old;
    if (below > 0) {
        band.target_low = std::max(fit.median - 2 * spread, possible.low);
        band.warn_low = std::max(band.target_low - std::max(2 * spread, below / 2), possible.low);
        if (base.critical_below) band.warn_low = std::max(band.warn_low, *base.critical_below);
    }
    if (above > 0) {
        band.target_high = std::min(fit.median + 2 * spread, possible.high);
        band.warn_high = std::min(band.target_high + std::max(2 * spread, above / 2), possible.high);
        if (base.critical_above) band.warn_high = std::min(band.warn_high, *base.critical_above);
    }
    if (below <= 0 && above <= 0)
        fit.not_refitted = "the base rubric gives no warning band on either side";
    else if (band.warn_low > band.target_low || band.target_high > band.warn_high)
        fit.not_refitted = "the experts' band would reach the limit that fails a session: either they or the limit is wrong";
    else if (band.target_low > band.target_high)
        fit.not_refitted = "the experts lie beyond the side that the base rubric holds fixed";
    else
        fit.band = band;
    return fit;
}

PassMark fit_pass_mark(const std::vector<int32_t>& experts, const std::vector<int32_t>& novices, int32_t base) {
    auto false_passes = [&](int32_t mark) {
        return static_cast<size_t>(std::count_if(novices.begin(), novices.end(), [&](int32_t t) { return t >= mark; }));
    };
    auto false_fails = [&](int32_t mark) {
        return static_cast<size_t>(std::count_if(experts.begin(), experts.end(), [&](int32_t t) { return t < mark; }));
    };
    PassMark kept{base, false_passes(base), false_fails(base), {}};
    if (experts.size() < kFewest || novices.size() < kFewest) {
        kept.not_refitted = fmt::format("{} expert and {} novice sessions, {} of each are needed", experts.size(),
                                        novices.size(), kFewest);
        return kept;
    }
    constexpr int32_t kFull = 10'000;
    size_t least = experts.size() + novices.size();
    int32_t begin = 0, best_begin = 0, best_end = -1;  // the longest run of totals with the least errors
    for (int32_t mark = 0; mark <= kFull; ++mark) {
        size_t errors = false_passes(mark) + false_fails(mark);
        if (errors > least) {
            begin = mark + 1;
            continue;
        }
        if (errors < least) {
            least = errors;
            begin = mark, best_end = best_begin - 1;
        }
        if (mark - begin > best_end - best_begin) best_begin = begin, best_end = mark;
    }
    if (least * 2 >= experts.size() + novices.size()) {
        kept.not_refitted = "the experts' totals do not lie above the novices'";
        return kept;
    }
    int32_t mark = best_begin + (best_end - best_begin) / 2;
    return {mark, false_passes(mark), false_fails(mark), {}};
}

// --- writing the new rubric over the text of the base ---

namespace {

constexpr const char* kHeaderMark = "# fit: ";

/// Without the header and the [fit] table of an earlier fit.
std::string without_earlier_fit(const std::string& text) {
    std::string kept;
    bool in_fit = false;
    for (size_t begin = 0; begin < text.size();) {
        size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
        std::string_view line(text.data() + begin, end - begin);
        begin = end;
        if (line.starts_with('[')) in_fit = line.starts_with("[fit]");
        if (!in_fit && !line.starts_with(kHeaderMark)) kept += line;
    }
    return kept;
}

/// One line of the rubric: which sessions have a value that its own band judged, and what came of it.
struct LineFit {
    const Criterion* criterion;
    std::vector<size_t> sessions;  ///< of the values
    std::vector<int64_t> values;
    size_t elsewhere = 0;          ///< sessions that a device's override judged
    FittedBand fit;
};

/// The value that the line's own band judged: over the zones that no override names.
std::optional<int64_t> own_value(const CriterionScore& line) {
    if (line.parts.empty()) return line.value;
    for (const PartScore& part : line.parts)
        if (part.zone.empty()) return part.value;
    return std::nullopt;
}

LineFit fit_line(const Criterion& criterion, size_t number, const std::vector<FitSession>& experts) {
    LineFit line{&criterion, {}, {}, 0, {}};
    for (size_t i = 0; i < experts.size(); ++i) {
        const CriterionScore& scored = experts[i].score.criteria[number];
        std::optional<int64_t> value = own_value(scored);
        if (value && !scored.criterion.bands_for.empty()) {
            ++line.elsewhere;
        } else if (value) {
            line.sessions.push_back(i);
            line.values.push_back(*value);
        }
    }
    line.fit = fit_band(criterion, line.values);
    return line;
}

std::string number_text(int64_t thousandths, const std::string& unit) {
    return unit.empty() ? thousandths_text(thousandths) : thousandths_text(thousandths) + " " + unit;
}

/// "median 3.1 deg, spread 1 deg over 12 sessions".
std::string statistics_text(const LineFit& line) {
    const std::string& unit = line.criterion->unit;
    return fmt::format("median {}, spread {} over {} expert sessions", number_text(line.fit.median, unit),
                       number_text(line.fit.spread, unit), line.values.size());
}

void report_line(std::vector<std::string>& report, const LineFit& line, const std::vector<FitSession>& experts) {
    const Criterion& criterion = *line.criterion;
    if (line.fit.not_refitted.empty())
        report.push_back(fmt::format("{}: {} ({}); before: {}", criterion.id, band_words(line.fit.band, criterion.unit),
                                     statistics_text(line), band_words(criterion.band, criterion.unit)));
    else
        report.push_back(fmt::format("{}: not refitted: {}", criterion.id, line.fit.not_refitted));
    if (line.elsewhere > 0)
        report.push_back(fmt::format("{}: {} sessions judged by a device's own bands were left out; those bands are kept",
                                     criterion.id, line.elsewhere));
    for (size_t i : line.fit.outliers)
        report.push_back(fmt::format("{}: {} lies far from the others with {}; it counts all the same", criterion.id,
                                     experts[line.sessions[i]].file, number_text(line.values[i], criterion.unit)));
}

void edit_line(TomlEdits& edits, const toml::table& table, const LineFit& line) {
    const Criterion& criterion = *line.criterion;
    const std::string before = criterion.source;
    if (!line.fit.not_refitted.empty()) {
        edits.replace(*table.get("source"),
                      base::toml_text(fmt::format("not refitted: {}; {}", line.fit.not_refitted, before)));
        return;
    }
    const Band& band = line.fit.band;
    edits.replace(*table.get("target"), range_text(band.target_low, band.target_high));
    edits.replace(*table.get("warning"), range_text(band.warn_low, band.warn_high));
    edits.replace(*table.get("basis"), base::toml_text("D"));
    edits.replace(*table.get("source"),
                  base::toml_text(fmt::format("fitted: {}; before: target {}, warning {}, {}, {}", statistics_text(line),
                                              range_text(criterion.band.target_low, criterion.band.target_high),
                                              range_text(criterion.band.warn_low, criterion.band.warn_high),
                                              criterion.basis, before)));
}

constexpr const char* kRule =
    "target: median plus and minus 2 spreads of the experts (spread: 1.4826 x median absolute deviation, at least an "
    "eighth of the base's target); warning: as far again, at least half the base's; only on the sides that the base leaves open; critical limits are the base's";
constexpr const char* kReason =
    "median and median absolute deviation do not move with a few sessions that are far off; 2 spreads hold 19 of 20 "
    "sessions of such experts (normal values)";

std::string group_text(const char* key, const std::vector<FitSession>& sessions) {
    std::string text = fmt::format("{} = [\n", key);
    for (const FitSession& session : sessions)
        text += fmt::format("  {{ file = {}, evidence = \"{}\" }},\n", base::toml_text(session.file),
                            session.score.evidence.hex());
    return text + "]\n";
}

/// Tells this fit from every other: by its base and all evidence.
std::string fit_name(const Rubric& base, const std::vector<FitSession>& experts, const std::vector<FitSession>& novices) {
    base::Hasher hasher;
    hasher.bytes(base.hash.bytes);
    for (const std::vector<FitSession>* group : {&experts, &novices}) {
        hasher.value(static_cast<uint64_t>(group->size()));
        for (const FitSession& session : *group) hasher.bytes(session.score.evidence.bytes);
    }
    return hasher.finish().hex().substr(0, 12);
}

std::string header_text(const Rubric& base, size_t experts, size_t novices, const std::vector<LineFit>& lines) {
    std::string kept;
    for (const LineFit& line : lines)
        if (!line.fit.not_refitted.empty()) kept += (kept.empty() ? "" : ", ") + line.criterion->id;
    std::string text;
    auto add = [&](const std::string& words) { text += kHeaderMark + words + "\n"; };
    add(fmt::format("bands set by `evenhand rubric fit` from {} expert and {} novice sessions, named below", experts, novices));
    add(fmt::format("base rubric {} {}, {}", base.id, base.version, base.hash.hex()));
    add(fmt::format("rule: {}", kRule));
    add(fmt::format("why: {}", kReason));
    add(fmt::format("fewer than {} sessions with a value are too few: their spread is known to {} % only at {}", kFewest, 37,
                    kFewest));
    add(fmt::format("not refitted: {}", kept.empty() ? "none" : kept));
    add("sessions are not people: many sessions of one expert say how that one expert works");
    return text;
}

std::string pass_mark_words(const PassMark& mark, size_t experts, size_t novices) {
    std::string errors = fmt::format("{} of {} novice sessions reach it, {} of {} expert sessions do not", mark.false_passes,
                                     novices, mark.false_fails, experts);
    if (!mark.not_refitted.empty()) return fmt::format("not refitted: {}; {}", mark.not_refitted, errors);
    return fmt::format("contrasting groups, by the total alone: {}; the same sessions set the bands, so others will err more",
                       errors);
}

std::vector<int32_t> totals_of(const std::vector<Score>& scores) {
    std::vector<int32_t> totals;
    for (const Score& score : scores) totals.push_back(score.total);
    return totals;
}

size_t passes(const std::vector<Score>& scores) {
    return static_cast<size_t>(std::count_if(scores.begin(), scores.end(), [](const Score& score) { return score.pass; }));
}

base::Result<std::vector<Score>> rescore_group(const Rescore& rescore, size_t group, size_t size, const Rubric& rubric) {
    std::vector<Score> scores;
    for (size_t i = 0; i < size; ++i) {
        base::Result<Score> scored = rescore(group, i, rubric);
        if (!scored) return scored.error();
        scores.push_back(std::move(*scored));
    }
    return scores;
}

/// The base text with bands and names of this fit; the pass mark stays.
std::string with_bands(const std::string& text, const toml::table& file, const Rubric& base,
                       const std::vector<LineFit>& lines, const std::string& name) {
    TomlEdits edits(text);
    const toml::array& criteria = *file["criterion"].as_array();
    for (size_t i = 0; i < lines.size(); ++i) edit_line(edits, *criteria.get(i)->as_table(), lines[i]);
    const std::string mark = "-fitted";
    edits.replace(*file.get("id"), base::toml_text(base.id.ends_with(mark) ? base.id : base.id + mark));
    edits.replace(*file.get("revision"),
                  base::toml_text(fmt::format("{}+fit.{}", base.version.substr(0, base.version.find("+fit.")), name)));
    return edits.apply();
}

std::string with_pass_mark(const std::string& text, int32_t mark) {
    base::Result<toml::table> file = base::parse_toml(text, "the fitted rubric");
    CHECK(static_cast<bool>(file));
    TomlEdits edits(text);
    edits.replace(*file->get("pass_mark"), thousandths_text(mark * 10));
    return edits.apply();
}

}  // namespace

base::Result<FittedRubric> fit_rubric(const base::Places& places, const std::string& base_text,
                                      const std::vector<FitSession>& experts, const std::vector<FitSession>& novices,
                                      const Rescore& rescore) {
    RubricReading base = read_rubric_text(places, base_text, "the base rubric");
    if (!base.mistakes.empty()) return base.mistakes.front();
    if (experts.empty()) return base::error("no expert session can be used; bands need {} at least", kFewest);
    FittedRubric fitted;
    std::vector<LineFit> lines;
    for (size_t i = 0; i < base.rubric.criteria.size(); ++i) lines.push_back(fit_line(base.rubric.criteria[i], i, experts));
    for (const LineFit& line : lines) report_line(fitted.report, line, experts);

    const std::string plain = without_earlier_fit(base_text);
    base::Result<toml::table> file = base::parse_toml(plain, "the base rubric");
    if (!file) return file.error();
    std::string text = with_bands(plain, *file, base.rubric, lines, fit_name(base.rubric, experts, novices));
    RubricReading banded = read_rubric_text(places, text, "the fitted rubric");
    if (!banded.mistakes.empty()) return banded.mistakes.front();

    base::Result<std::vector<Score>> skilled = rescore_group(rescore, 0, experts.size(), banded.rubric);
    if (!skilled) return skilled.error();
    base::Result<std::vector<Score>> unskilled = rescore_group(rescore, 1, novices.size(), banded.rubric);
    if (!unskilled) return unskilled.error();
    const PassMark mark = fit_pass_mark(totals_of(*skilled), totals_of(*unskilled), base.rubric.pass_mark);
    const std::string words = pass_mark_words(mark, experts.size(), novices.size());
    fitted.report.push_back(fmt::format("pass mark {}: {}", thousandths_text(mark.mark * 10), words));

    // With the mark in place, what critical limits and floors decide beside the total.
    auto passed = [&](std::vector<Score>& scores) {
        for (Score& score : scores) {
            const bool barred = std::any_of(score.criteria.begin(), score.criteria.end(), [](const CriterionScore& line) {
                return line.verdict == Verdict::critical || line.below_floor;
            });
            score.pass = score.total >= mark.mark && !barred;
        }
        return passes(scores);
    };
    const size_t skilled_pass = passed(*skilled), unskilled_pass = passed(*unskilled);
    const std::string whole = fmt::format("{} of {} expert sessions pass, {} of {} novice sessions", skilled_pass,
                                          experts.size(), unskilled_pass, novices.size());
    fitted.report.push_back("with critical limits and floors: " + whole);

    fitted.text = header_text(base.rubric, experts.size(), novices.size(), lines) + with_pass_mark(text, mark.mark);
    if (fitted.text.back() != '\n') fitted.text += '\n';
    fitted.text += fmt::format("\n[fit]\nbase = {}\nbase_hash = \"{}\"\nrule = {}\npass_mark = {}\nverdicts = {}\n",
                               base::toml_text(base.rubric.id + " " + base.rubric.version), base.rubric.hash.hex(),
                               base::toml_text(kRule), base::toml_text(words), base::toml_text(whole));
    fitted.text += group_text("experts", experts) + group_text("novices", novices);
    RubricReading written = read_rubric_text(places, fitted.text, "the fitted rubric");
    if (!written.mistakes.empty()) return written.mistakes.front();
    return fitted;
}

// --- recordings of a folder ---

base::Result<Score> FitGroup::score_file(const base::Places& places, const fs::path& file, const Rubric& rubric) {
    base::Result<Recording> recording = load_recording(file);
    if (!recording) return recording.error();
    if (!recording->finished) return base::error("{}: the session was interrupted; only whole sessions set bands", file.string());
    if (const std::string lesson = lesson_of(recording->events).lesson; !lesson.empty())
        return base::error("{}: a session of the lesson '{}'; only whole treatments set bands", file.string(), lesson);
    const auto stage = stages_.of(*recording, file);
    if (!stage) return stage.error();
    base::Result<Scope> scope = load_scope(places, (*stage)->practice.scope);
    if (!scope) return base::error("{}: {}", file.string(), scope.error());
    return score(*recording, **stage, rubric, *scope);
}

base::Result<FitGroup> FitGroup::read(const base::Places& places, const fs::path& folder, const Rubric& rubric,
                                      std::vector<base::Hash>& taken, const face::Progress& progress) {
    const base::Result<std::vector<fs::path>> found = recordings_in(folder);
    if (!found) return found.error();
    const std::vector<fs::path>& files = *found;
    if (files.empty()) return base::error("{}: no recordings (*.evh) there", folder.string());
    FitGroup group(places);
    for (size_t i = 0; i < files.size(); ++i) {
        if (progress) progress("scoring", static_cast<double>(i) / static_cast<double>(files.size()));
        base::Result<Score> scored = group.score_file(places, files[i], rubric);
        if (!scored) {
            group.unusable.push_back(scored.error().message);
        } else if (std::find(taken.begin(), taken.end(), scored->evidence) != taken.end()) {
            group.unusable.push_back(fmt::format("{}: the same evidence as a session before it", files[i].string()));
        } else {
            taken.push_back(scored->evidence);
            group.files_.push_back(files[i]);
            group.sessions.push_back({files[i].filename().string(), std::move(*scored)});
        }
    }
    return group;
}

base::Result<Score> FitGroup::rescore(const base::Places& places, size_t index, const Rubric& rubric) {
    return score_file(places, files_[index], rubric);
}

}  // namespace training
