#pragma once

// What every part of the report reads, and how it writes numbers, names and places in the report's language. A part is a
// function that appends HTML; everything foreign goes through escape_html, every word through Phrases.

#include "training/core/decimal.h"
#include "training/core/html.h"
#include "training/core/phrases.h"
#include "training/core/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace training::report {

using Text = std::string;

template <typename... Args>
void add(Text& text, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
}

struct Page {
    const Recording& recording;
    const Stage& stage;
    const Score& score;
    const std::vector<ReportPicture>& pictures;
    const Phrases& words;
    const ReportExtras& extras;

    const face::FaceAsset& face() const { return *stage.face; }
    double duration() const { return std::max(recording.duration(), 1e-3); }
    /// A text of the language, escaped; its places filled with what is not yet escaped.
    template <typename... Args>
    Text say(std::string_view key, const Args&... args) const {
        return escape_html(words(key, args...));
    }
    /// A name by id, escaped.
    Text name(std::string_view kind, std::string_view id) const { return escape_html(words.name(kind, id)); }

    // Figures with the language's decimal mark; not escaped, for they need none.
    Text marked(Text number) const;
    Text number(int64_t thousandths, int digits = 3) const { return marked(decimal(thousandths, digits)); }
    Text fixed(int64_t thousandths, int digits) const { return marked(fixed_decimal(thousandths, digits)); }
    Text points(int32_t hundredths) const { return number(static_cast<int64_t>(hundredths) * 10, 2); }
    Text moment(uint32_t time_us) const { return marked(clock_moment(time_us)); }
    /// "4.2°", "97.1 %": with the unit's name in the language, escaped.
    Text with_unit(const Text& number, const Text& unit) const;
};

/// <data value="4.2">4,2</data>: for people, and for programs as `score --json` has it.
Text data(const Text& machine, const Text& people);

/// "target", "warning" …: the CSS class; and the pill that says it.
const char* tone_of(Verdict verdict);
Text verdict_pill(const Page& page, Verdict verdict);

/// The value of a line with its unit; a dash where it has none.
Text value_words(const Page& page, const CriterionScore& line);
Text target_words(const Page& page, const Band& band, const Text& unit);
/// Why it was critical or warned, escaped, zones by their names; empty where there is no reason.
Text reason_words(const Page& page, const CriterionScore& line);
Text note_words(const Page& page, const CriterionScore& line);
/// "Simulated operator: expert 7", "Practice in the window (mouse)".
Text source_words(const Page& page);

/// Prescribed zones in the order of the case, then others that were needled.
std::vector<const ZoneScore*> zones_in_order(const Page& page);
/// The zone most under the tip in a span of time; 0 = none.
uint8_t zone_at(const Page& page, uint32_t begin_us, uint32_t end_us);
/// "112 mm²: Cheek, left 60; Chin 52", escaped; empty where there are no places.
Text place_words(const Page& page, const std::vector<uint32_t>& cells, size_t most = 4);
/// "3:12.4 · 2.9 s · Cheek, left", escaped.
Text moment_words(const Page& page, const TimeSpan& span);
/// "12 times, 21.3 s together", escaped.
Text times_words(const Page& page, const std::vector<TimeSpan>& spans);

/// Lines that lost points or the session, those that matter most first: critical ones, then by the points lost.
std::vector<const CriterionScore*> faults_in_order(const Page& page);

// The parts, in the order of the page.
void add_first_sheet(Text& html, const Page& page);
void add_second_sheet(Text& html, const Page& page);
void add_instructor(Text& html, const Page& page);
/// Of the instructor's part: the hand over time, and how deep.
void add_charts(Text& html, const Page& page);
void add_depths(Text& html, const Page& page);
void add_strokes(Text& html, const Page& page);

/// Opens a box for a table, which scrolls sideways where the screen is narrow, by keyboard too; `key`: of its name.
Text open_wide(const Page& page, const char* key);
/// The colours of an overlay and what they mean; with the target bands of its zones.
void add_legend(Text& html, const Page& page, const ReportLegend& legend, bool bands);
void add_picture(Text& html, const Page& page, const ReportPicture& picture, const Text& caption);

}  // namespace training::report
