#include "training/app/screens_handed_in.h"

#include "engine/base/log.h"
#include "training/app/evaluation.h"
#include "training/app/exam_sitting.h"
#include "training/app/screens_exam.h"
#include "training/core/decimal.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace app {

namespace {

constexpr float kPage = 1200, kMargin = 12, kGap = 14, kNames = 130, kWideButton = 44, kTick = 40, kStep = 6;  // design pixels
constexpr float kShare = 0.75f;                                                                              // of the window's width
constexpr double kMost = 100;                                                                                // points

struct Fact {
    std::string name, value;
};

std::string file_names(const training::ExamResult& result) {
    std::vector<std::string> names;
    for (const training::ExamAttempt& attempt : result.attempts)
        for (const std::string& file : attempt.files) names.push_back(base::fs::path(file).filename().string());
    return fmt::format("{}", fmt::join(names, ", "));
}

/// Of what was just handed in; where that was in an earlier window, of what lies in the folder.
std::vector<Fact> facts_of(const Desk& desk, const HandedIn& handed) {
    const Words& words = desk.words;
    const ExamSeat& seat = desk.exam->seat;
    const training::ExamPackage& package = seat.package;
    std::vector<Fact> facts = {{words("exam.candidate"), seat.candidate}, {words("exam.station"), seat.station}};
    if (!handed.kept) {
        if (handed.result) facts.push_back({words("exam.sealed"), file_names(*handed.result)});
        facts.push_back({words("exam.folder"), seat.next.file.parent_path().string()});
        return facts;
    }
    const HandedIn::Kept& kept = *handed.kept;
    const std::string& id = package.case_of(handed.attempt).id;
    const auto practice = training::load_case(desk.options.places, id);
    facts.push_back({words("exam.patient"), practice ? practice->name : id});
    facts.push_back({words("exam.used"), words("exam.used_of", fmt::arg("time", clock_text(kept.took)), fmt::arg("limit", clock_text(package.time_limit_s)))});
    if (kept.gaps > 0) facts.push_back({words("exam.gap"), clock_text(kept.gaps)});
    if (kept.stood > 0) facts.push_back({words("exam.stood"), clock_text(kept.stood)});
    facts.push_back({words("exam.sealed"), kept.file.filename().string()});
    facts.push_back({words("exam.folder"), kept.file.parent_path().string()});
    if (kept.noted) facts.push_back({words("exam.journal"), words("exam.journal_noted")});
    return facts;
}

class HandedInScreen : public Screen {
  public:
    HandedInScreen(const Desk& desk, HandedIn handed) : handed_(std::move(handed)), facts_(facts_of(desk, handed_)) {
        spdlog::info("screen handed in {} {}{}", handed_.attempt, code_words(handed_.mark),
                     !handed_.result ? "" : handed_.result->pass ? " passed" : " not passed");
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        const bool narrow = desk.narrow();
        if (narrow) begin_whole_column(desk, "##handed_in_column");
        // How tall all is follows from laying it out: at first beside the window.
        if (!narrow && head_.height == 0) lay_out(desk, "measured", desk.width());
        const bool on = narrow ? list(desk) : lay_out(desk, "shown", 0);
        if (narrow) end_column(desk);
        return on ? exam_screen(desk) : nullptr;
    }

  private:
    /// A panel, and how tall it is with all that it held last.
    struct Part {
        const char* id;
        ImU32 back = colour::kCard;
        float height = 0;  ///< px
    };

    static constexpr ImU32 kBare = IM_COL32(0, 0, 0, 0);

    template <typename Fill>
    void draw_part(Desk& desk, Part& part, ImVec2 at, ImVec2 size, Fill fill) {
        const ImVec2 pad = ImGui::GetStyle().WindowPadding;
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {part.back == kBare ? 0 : pad.x, pad.y});  // bare, it ends where the cards do
        begin_panel(fmt::format("##{}_{}", ids_, part.id).c_str(), at, size, desk.style, part.back);
        ImGui::PopStyleVar();
        fill();
        part.height = ImGui::GetCursorPosY() - ImGui::GetStyle().ItemSpacing.y + ImGui::GetStyle().WindowPadding.y;
        end_panel(desk.style);
    }

    bool more(const Desk& desk) const { return !desk.exam->seat.all_made(); }
    bool scored() const { return handed_.total || handed_.result; }
    float kept_height(float gap) const { return std::max(facts_part_.height, handed_.kept ? code_.height + gap + next_.height : next_.height); }

    /// All parts, a little above the middle and `aside` px to the right. True when the candidate goes on.
    bool lay_out(Desk& desk, const char* id, float aside) {
        const Style& style = desk.style;
        const float gap = style.px(kGap), width = std::min(style.px(kPage), desk.width() * kShare), left = (desk.width() - width) * 0.5f + aside;
        const float foot = more(desk) ? style.px(kWideButton) + 2 * ImGui::GetStyle().WindowPadding.y : 0, most = desk.height() - style.px(2 * kMargin);
        const float before = head_.height + kept_height(gap), room = most - before - foot - 2 * gap;
        const bool scrolls = scores_.height > room;
        const float scores = scored() ? std::min(scores_.height, room) + gap : 0;
        float y = style.px(kMargin) + std::max(0.0f, (most - before - scores - gap - foot) * 0.4f);
        ids_ = id;
        draw_part(desk, head_, {left, y}, {width, head_.height}, [&] { draw_head(desk); });
        y += head_.height;
        draw_kept(desk, {left, y}, width);
        y += kept_height(gap) + gap;
        if (scored()) draw_part(desk, scores_, {left, y}, {width, scores - gap}, [&] { draw_scores(desk, scrolls); });
        if (scrolls) scores_.height = listed_ + 2 * ImGui::GetStyle().WindowPadding.y;
        return draw_foot(desk, {left, y + scores}, {width, foot});
    }

    /// The same below each other, in a column: first what somebody waits for.
    bool list(Desk& desk) {
        draw_part(desk, head_, {}, {}, [&] { draw_head(desk); });
        if (handed_.kept) draw_part(desk, code_, {}, {}, [&] { draw_code(desk); });
        if (scored()) draw_part(desk, scores_, {}, {}, [&] { draw_scores(desk, false); });
        draw_part(desk, next_, {}, {}, [&] { draw_next(desk); });
        draw_part(desk, facts_part_, {}, {}, [&] { draw_facts(desk); });
        return draw_foot(desk, {}, {});
    }

    bool draw_foot(Desk& desk, ImVec2 at, ImVec2 size) {
        if (!more(desk)) return false;
        bool on = desk.pressed(keys::kEnter);
        draw_part(desk, foot_, at, size,
                  [&] { on |= button(desk.style, desk.words("exam.next"), {ImGui::GetContentRegionAvail().x, desk.style.px(kWideButton)}, true); });
        return on;
    }

    void draw_head(Desk& desk) const {
        const Style& style = desk.style;
        const training::ExamPackage& package = desk.exam->seat.package;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x, tick = style.px(kTick), inset = in_column(style) ? 0 : tick + style.px(16);
        if (inset > 0) draw_mark(*ImGui::GetWindowDrawList(), {at.x + tick * 0.5f, at.y + style.display->FontSize * 0.55f}, tick, Mark::target);
        ImGui::Indent(inset + 0.01f);  // of nothing it would be the style's
        text(style.display, colour::kText, desk.words("exam.handed_in", fmt::arg("attempt", handed_.attempt), fmt::arg("of", package.attempts)), width - inset);
        text(style.body, colour::kSoft,
             fmt::format("{} \u00b7 {}", package.title, desk.words("exam.whose", fmt::arg("body", package.body_name), fmt::arg("exam", package.id))), width - inset);
        ImGui::Unindent(inset + 0.01f);
        draw_attempts(style, width, package.attempts);
    }

    /// A step for each attempt, filled for those that were made.
    void draw_attempts(const Style& style, float width, int of) const {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float gap = style.px(5), top = at.y + style.px(8), step = (width + gap) / static_cast<float>(of);
        for (int i = 0; i < of; ++i) {
            const float x = at.x + step * static_cast<float>(i);
            ImGui::GetWindowDrawList()->AddRectFilled({x, top}, {x + step - gap, top + style.px(kStep)}, i < handed_.attempt ? colour::kBlue : colour::kTrack, style.px(3));
        }
        ImGui::Dummy({width, style.px(8 + kStep)});
    }

    /// What was handed in at the left; at the right the code, and what comes next.
    void draw_kept(Desk& desk, ImVec2 at, float width) {
        const float gap = desk.style.px(kGap), half = (width - gap) * 0.5f, right = at.x + half + gap, tall = kept_height(gap);
        draw_part(desk, facts_part_, at, {half, tall}, [&] { draw_facts(desk); });
        const float code = handed_.kept ? code_.height + gap : 0;
        if (handed_.kept) draw_part(desk, code_, {right, at.y}, {half, code_.height}, [&] { draw_code(desk); });
        draw_part(desk, next_, {right, at.y + code}, {half, tall - code}, [&] { draw_next(desk); });
    }

    void draw_facts(Desk& desk) const {
        const Style& style = desk.style;
        text(style.strong, colour::kText, desk.words("exam.what"), ImGui::GetContentRegionAvail().x);
        ImGui::Dummy({0, style.px(2)});
        for (const Fact& fact : facts_) fact_row(style, fact.name, fact.value, style.px(kNames));
    }

    void draw_code(Desk& desk) const {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const ExamSeat& seat = desk.exam->seat;
        const float width = ImGui::GetContentRegionAvail().x;
        text(style.strong, colour::kText, words("exam.for_invigilator"), width);
        if (!handed_.mark) return text(style.body, colour::kSoft, words("exam.no_checkpoint"), width);
        text(style.body, colour::kSoft, words("exam.last_code", fmt::arg("time", clock_text(handed_.mark->time_us * 1e-6))), width);
        text(style.display, colour::kText, handed_.mark->code, width);
        text(style.body, colour::kSoft, words("exam.note_code", fmt::arg("station", seat.station), fmt::arg("candidate", seat.candidate)), width);
    }

    void draw_next(Desk& desk) const {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const ExamSeat& seat = desk.exam->seat;
        const float width = ImGui::GetContentRegionAvail().x;
        text(style.strong, colour::kText, words("exam.what_next"), width);
        const std::string more = words("exam.more", fmt::arg("attempt", seat.next.attempt), fmt::arg("of", seat.package.attempts));
        text(style.body, colour::kText, seat.all_made() ? words("exam.all_made") : more, width);
        if (!seat.package.tells_score) text(style.body, colour::kText, desk.words("exam.no_score_here"), width);
    }

    /// Totals on a band from the pass mark up; a single attempt's is no verdict.
    void draw_scores(Desk& desk, bool scrolls) {
        const Style& style = desk.style;
        if (scrolls) begin_list(style, "##scores", {0, 0});
        if (scrolls) scroll_with_keys(desk, "##scores", ImGui::GetWindowHeight());
        text(style.strong, colour::kText, desk.words("exam.score"), ImGui::GetContentRegionAvail().x);
        if (handed_.result)
            draw_result(desk, *handed_.result);
        else
            draw_total(desk, desk.words("exam.attempt_number", fmt::arg("attempt", handed_.attempt)), *handed_.total, *handed_.pass_mark, false);
        listed_ = ImGui::GetCursorPosY() - ImGui::GetStyle().ItemSpacing.y;
        if (scrolls) end_list(style);
    }

    static void draw_total(Desk& desk, const std::string& name, int32_t total, int32_t pass_mark, bool verdict) {
        const double mark = pass_mark * 1e-2;
        const BandScale scale{0, kMost, mark, mark, kMost, kMost, {}, {}};
        band_row(desk.style, name, desk.words("exam.of_hundred", fmt::arg("total", training::hundredths_text(total))), scale, {total * 1e-2, verdict});
    }

    /// The verdict first: attempts with many faults may go on below what is seen.
    static void draw_result(Desk& desk, const training::ExamResult& result) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float width = ImGui::GetContentRegionAvail().x;
        if (result.holds()) {
            text(style.title, result.pass ? colour::kBlue : colour::kText, words(result.pass ? "exam.passed" : "exam.not_yet"), width);
            draw_total(desk, words("exam.mean", fmt::arg("mark", training::hundredths_text(result.pass_mark))), result.mean, result.pass_mark, true);
            text(style.body, colour::kSoft, words("exam.training_evidence"), width);
        } else {
            text(style.strong, colour::kAmber, words("exam.no_verdict"), width);
        }
        for (const training::ExamAttempt& attempt : result.attempts) {
            ImGui::Dummy({0, style.px(2)});
            draw_total(desk, words("exam.attempt_number", fmt::arg("attempt", attempt.number)), attempt.total, result.pass_mark, false);
            if (attempt.cut_off) text(style.body, colour::kAmber, words("exam.cut_off"), width);
            for (const std::string& gate : attempt.gates) text(style.body, colour::kVermilion, gate, width);
        }
    }

    HandedIn handed_;
    std::vector<Fact> facts_;
    Part head_{"head", kBare}, facts_part_{"facts"}, code_{"code"}, next_{"next"}, scores_{"scores"}, foot_{"foot", kBare};
    float listed_ = 0;              ///< px of all scores, where they scroll
    const char* ids_ = "";          ///< tells the panels that are shown from those that are only measured
};

}  // namespace

std::string code_words(const std::optional<training::SealMark>& mark) {
    return mark ? fmt::format("{}, {}", mark->code, clock_text(mark->time_us * 1e-6)) : std::string();
}

base::Status score_handed_in(const Options& options, const ExamSeat& seat, const base::fs::path& file, HandedIn& handed) {
    const training::ExamPackage& package = seat.package;
    if (!package.tells_score) return {};
    if (!seat.all_made()) {
        const auto scored = score_file(options.places, file, {package.rubric, package.scope});
        if (!scored) return scored.error();
        handed.total = scored->score.total;
        handed.pass_mark = scored->rubric.pass_mark;
        return {};
    }
    const auto trust = training::read_trust(training::keys_folder());
    if (!trust) return trust.error();
    const auto words = training::Phrases::load(options.places, options.places.language);
    if (!words) return words.error();
    training::StageStore stages(options.places);
    auto result = training::exam_result(package, {file.parent_path()}, *trust, stages, *words);
    if (!result) return result.error();
    handed.result = std::move(*result);
    return {};
}

std::unique_ptr<Screen> handed_in_screen(Desk& desk, HandedIn handed, const base::Status& told) {
    if (!told) desk.refuse(told.error());
    return std::make_unique<HandedInScreen>(desk, std::move(handed));
}

}  // namespace app
