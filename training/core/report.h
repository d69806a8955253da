#pragma once

// report.html: one self-contained page for student and instructor. Pictures come in from outside (the engine renders
// them); charts are inline SVG made here. It prints on two A4 pages, for the student; below them, on the screen alone, opens
// what an instructor looks up. Nothing is loaded from anywhere, nothing runs: it can be mailed, printed on A4
// and read in ten years.

#include "training/core/notes.h"
#include "training/core/score.h"
#include "training/core/advice.h"
#include "training/core/phrases.h"

#include <array>
#include <string>
#include <vector>

namespace training {

struct ReportPicture {
    std::string view;     ///< "front", "left", "right"; of a fault's picture anything
    std::string overlay;  ///< "none", "coverage", "evenness", "depth", "pressure"
    std::vector<uint8_t> png;
    std::string criterion = {};  ///< id of the line whose places the picture marks; empty = a picture of the whole session
};

/// How to read the colours of an overlay, which tell where a value lies about its zone's target band. The renderer owns
/// the colours.
struct ReportLegend {
    /// The band of some zones; `low` and `high` in the legend's unit.
    struct Band {
        double low = 0, high = 1;
        std::vector<std::string> zones;  ///< ids, prescribed; empty = all
    };
    std::string overlay;
    std::array<std::array<uint8_t, 3>, 3> below, within, above;  ///< sRGB: from the stretch's low end to its high end
    std::string unit;
    std::vector<Band> bands;
};

/// What makes a report richer, and is not in the score: the rubric's name and its bands of force and depth for the charts,
/// and what to practise next.
struct ReportExtras {
    const Rubric* rubric = nullptr;
    std::vector<ReportLegend> legends;
    std::string file = {};  ///< the recording's name, for the commands that show a moment again
    const AdviceBook* advice = nullptr;
    std::vector<Note> notes = {};  ///< the instructor's, that stand
};

/// Every figure comes from the recording and its score; each stands in a <data> element with the number that `score --json`
/// has, whatever the language's decimal mark. Foreign text (case, device, source) is escaped. `words`: the report's language.
std::string report_html(const Recording& recording, const Stage& stage, const Score& score,
                        const std::vector<ReportPicture>& pictures, const Phrases& words, const ReportExtras& extras = {});

}  // namespace training
