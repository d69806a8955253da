// What came of a lesson: met or not, the few lines that counted, one thing to change, and what is next.

#include "engine/base/log.h"
#include "training/app/bands.h"
#include "training/app/camera_hand.h"
#include "training/app/lesson_pictures.h"
#include "training/app/lesson_words.h"
#include "training/app/pictures.h"
#include "training/app/screens_lessons.h"
#include "training/app/screens_review.h"
#include "training/core/joined.h"

#include <algorithm>
#include <cstdlib>

namespace app {

namespace {

constexpr float kPanel = 560, kMargin = 12;  // design pixels
constexpr double kHeadStep = 15 * 0.0174533;  // rad a key press

Mark mark_of(training::Verdict verdict) {
    constexpr Mark kMarks[] = {Mark::target, Mark::warning, Mark::beyond, Mark::critical, Mark::none};
    return kMarks[static_cast<size_t>(verdict)];
}

class LessonResultScreen : public Screen {
  public:
    LessonResultScreen(Desk& desk, std::shared_ptr<const ScoredSession> session, std::shared_ptr<const LessonShelf> shelf,
                       const training::Lesson& lesson)
        : session_(std::move(session)), shelf_(std::move(shelf)), lesson_(lesson), hand_(*session_->stage->face) {
        result_ = training::lesson_result(session_->score, lesson_, session_->recording, *session_->stage->face);
        remember(desk);
        if (auto front = picture_scene(*session_, "front", render::Overlay::none)) scene_ = std::move(*front);
        if (session_->stage->face->kind == face::Kind::pad) hand_.go("front", true);
        if (result_.worst >= 0) {
            const auto& evidence = line(result_.lines[static_cast<size_t>(result_.worst)]).evidence;
            scene_.highlighted_cells = evidence.cells;
            if (const auto camera = view_of_cells(*session_->stage->face, evidence.cells)) hand_.go(*camera);
        }
        spdlog::info("lesson result {} {} {}", lesson_.id, training::outcome_name(result_.outcome), session_->file.string());
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        hand_.tick(desk.window.frame_seconds());
        hand_.steer(true);
        read_keys(desk);
        if (desk.narrow())
            draw_column(desk);
        else
            draw_panel(desk);
        const float taken = desk.narrow() ? desk.column_width() : desk.style.px(kPanel + kMargin);
        scene_.camera = hand_.centred(taken, 0, desk.width(), desk.height());
        scene_.tier = desk.tier();
        stillness_.judge(scene_, false, desk.window.frame_seconds());
        return leave(desk);
    }

    const render::SceneView* scene() const override { return &scene_; }
    ImVec2 taken() const override { return {kPanel + kMargin, 0}; }

  private:
    enum class Wish : uint8_t { none, next, again, replay, score, list };

    const training::CriterionScore& line(const training::LessonLine& of) const { return session_->score.criteria[of.line]; }

    /// What the next attempt will be given, once this one is counted.
    void remember(Desk& desk) {
        training::LessonAttempt attempt = training::lesson_of(session_->recording.events);
        aids_ = attempt.aids;
        attempt.file = session_->file;
        attempt.started = session_->recording.header.started;
        attempt.outcome = result_.outcome;
        const training::Recording& recording = session_->recording;
        if (!session_->file.empty())
            training::remember_attempt(desk.options.places, lesson_, session_->file, recording, *session_->stage, result_.outcome);
        auto known = training::known_attempts(desk.options.places, shelf_->lessons, desk.sessions, recording.header.trainee).attempts[lesson_.id];
        if (session_->file.empty()) known.push_back(attempt);
        next_aids_ = lesson_.fade[training::fade_step(lesson_, known)];
        state_ = training::lesson_state(known);
        tries_ = known.size();
        if (result_.met() && next_aids_ != aids_) desk.sounds.tell("done", "aids");
    }

    const training::Lesson* next() const { return training::next_lesson(shelf_->lessons, lesson_); }

    void read_keys(Desk& desk) {
        if (desk.pressed('P')) desk.settings_open = true;
        if (desk.pressed(keys::kEscape)) wish_ = Wish::list;
        if (desk.pressed('N') && next()) wish_ = Wish::next;
        if (desk.pressed('R')) wish_ = Wish::again;
        if (desk.pressed('V')) wish_ = Wish::replay;
        if (desk.pressed('F')) wish_ = Wish::score;
        if (desk.pressed(keys::kEnter) || desk.pressed(keys::kPadEnter)) wish_ = result_.met() && next() ? Wish::next : Wish::again;
        if (desk.pressed('A', true)) hand_.turn_head({kHeadStep, 0});
        if (desk.pressed('D', true)) hand_.turn_head({-kHeadStep, 0});
    }

    void draw_column(Desk& desk) {
        begin_side_column(desk, "##lesson_result_column");
        draw_head(desk);
        draw_advice(desk);
        draw_buttons(desk);
        draw_lines(desk);
        end_column(desk);
    }

    void draw_lines(Desk& desk) {
        draw_task(desk);
        for (const training::LessonLine& one : result_.lines) draw_line(desk, one);
        if (!in_column(desk.style)) draw_advice(desk);
        text(desk.style.body, colour::kSoft, desk.words(tries_ == 1 ? "lesson.one_try" : "lesson.told_by_tries"), ImGui::GetContentRegionAvail().x);
    }

    void draw_panel(Desk& desk) {
        const Style& style = desk.style;
        const float margin = style.px(kMargin);
        begin_panel("##lesson_result", {margin, margin}, {style.px(kPanel), desk.height() - 2 * margin}, style);
        const float foot = style.px(42 + 34 + 8 + 14);
        ImGui::BeginChild("##lines", {0, -foot}, false);
        draw_head(desk);
        draw_lines(desk);
        ImGui::EndChild();
        draw_buttons(desk);
        end_panel(style);
    }

    void draw_head(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        if (in_column(style)) return list_head(desk);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x, side = style.px(104), left = at.x + side + style.px(18);
        draw_lesson_picture(draw, lesson_.picture, at, side);
        float y = at.y + style.px(2);
        const std::string number = words("lesson.number", fmt::arg("number", lesson_.order));
        draw.AddText(style.body, style.body->FontSize, {left, y}, colour::kBlue, number.c_str());
        y += style.body->FontSize + style.px(2);
        draw.AddText(style.strong, style.strong->FontSize, {left, y}, colour::kText, fit(style.strong, lesson_.title, at.x + width - left).c_str());
        y += style.strong->FontSize + style.px(14);
        const Mark mark = outcome_mark();
        draw_mark(draw, {left + style.px(13), y + style.title->FontSize * 0.5f}, style.px(25), mark);
        draw.AddText(style.title, style.title->FontSize, {left + style.px(36), y}, mark_colour(mark),
                     words.name("lesson_outcome", training::outcome_name(result_.outcome)).c_str());
        ImGui::Dummy({width, side + style.px(10)});
    }

    Mark outcome_mark() const {
        return result_.met() ? Mark::target : result_.outcome == training::LessonOutcome::nearly ? Mark::warning : Mark::beyond;
    }

    void list_head(Desk& desk) {
        const Style& style = desk.style;
        const float width = ImGui::GetContentRegionAvail().x, mark = style.px(20);
        text(style.body, colour::kBlue, desk.words("lesson.number", fmt::arg("number", lesson_.order)), width);
        text(style.strong, colour::kText, lesson_.title, width);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_mark(*ImGui::GetWindowDrawList(), {at.x + mark * 0.5f, at.y + style.title->FontSize * 0.5f}, mark, outcome_mark());
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + mark + style.px(8));
        text(style.title, mark_colour(outcome_mark()), desk.words.name("lesson_outcome", training::outcome_name(result_.outcome)), width - mark - style.px(8));
    }

    void draw_task(Desk& desk) {
        const Style& style = desk.style;
        const training::LessonTask& task = lesson_.task;
        const std::string done = task_words_done(desk.words, task, result_.task_done);
        row(style, result_.task_complete ? Mark::target : Mark::beyond, task_words(desk.words, task), done, colour::kText);
        ImGui::Dummy({0, style.px(6)});
        if (!result_.points) return;
        const bool enough = *result_.points >= *lesson_.points;
        row(style, enough ? Mark::target : Mark::warning, desk.words("lesson.points", fmt::arg("points", *lesson_.points * 0.01)),
            fmt::format("{:.0f}", *result_.points * 0.01), colour::kText);
        ImGui::Dummy({0, style.px(6)});
    }

    static void row(const Style& style, Mark mark, const std::string& name, const std::string& value, ImU32 shade) {
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x, line = style.body->FontSize;
        const float value_width = text_size(style.body, value).x;
        const RowWords shown = row_words(style.body, name, width - style.px(28 + 12) - (in_column(style) ? 0 : value_width));
        const float below = in_column(style) ? shown.height : 0;  // where the value stands
        draw_mark(draw, {at.x + style.px(10), at.y + line * 0.5f}, style.px(14), mark);
        draw_row_words(draw, style.body, {at.x + style.px(28), at.y}, shade, shown);
        draw.AddText(style.body, line, {at.x + width - value_width, at.y + below}, colour::kText, value.c_str());
        ImGui::Dummy({width, below + line});
    }

    void draw_line(Desk& desk, const training::LessonLine& of) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const training::CriterionScore& scored = line(of);
        const std::string value = scored.value ? target_value(words, scored.criterion.unit, *scored.value) : words("value.none");
        row(style, mark_of(of.verdict), scored.criterion.name, value, colour::kText);
        training::Criterion criterion = scored.criterion;
        criterion.band = of.band;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x, left = style.px(28), line = style.body->FontSize;
        const std::string target = words("lesson.wanted", fmt::arg("value", target_words(words, criterion.unit, of.band)));
        if (in_column(style)) {  // the band above what is wanted
            Reading reading;
            if (scored.value) reading.value = static_cast<double>(*scored.value) * 1e-3;
            draw_band(draw, {at.x + left, at.y}, {at.x + width, at.y + style.px(12)}, criterion_scale(criterion), reading, style);
            ImGui::Dummy({width, style.px(14)});
            ImGui::SetCursorPosX(ImGui::GetCursorPosX() + left);
            return text(style.body, colour::kSoft, target, width - left);
        }
        const float bar = std::max(style.px(160), width - left - text_size(style.body, target).x - style.px(16));
        Reading reading;
        if (scored.value) reading.value = static_cast<double>(*scored.value) * 1e-3;
        draw_band(draw, {at.x + left, at.y + line * 0.5f - style.px(6)}, {at.x + left + bar, at.y + line * 0.5f + style.px(6)},
                  criterion_scale(criterion), reading, style);
        draw.AddText(style.body, line, {at.x + left + bar + style.px(16), at.y}, colour::kSoft, target.c_str());
        ImGui::Dummy({width, line + style.px(12)});
    }

    /// Three figures are as fine as a hand can tell.
    static std::string target_value(const Words& words, const std::string& unit, int64_t value) {
        const int64_t step = std::abs(value) >= 10'000 ? 100 : 10;
        const std::string shown = training::thousandths_text((value + (value < 0 ? -step : step) / 2) / step * step);
        if (unit.empty()) return shown;
        return unit == "deg" ? words("value.degrees", fmt::arg("value", shown)) : training::with_unit_word(words, shown, words.name("unit", unit));
    }

    /// One thing: what to change, or what comes next.
    void draw_advice(Desk& desk) {
        const Style& style = desk.style;
        const std::string told = advice(desk.words);
        const float width = ImGui::GetContentRegionAvail().x, pad = style.px(14);
        ImGui::Dummy({0, style.px(2)});
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float height = text_size(style.body, told, width - 2 * pad).y + 2 * pad;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        draw.AddRectFilled(at, {at.x + width, at.y + height}, colour::kCard, style.px(10));
        draw.AddRectFilled(at, {at.x + style.px(4), at.y + height}, colour::kBlue, style.px(2));
        draw_text(draw, style.body, {at.x + pad, at.y + pad}, colour::kText, told, width - 2 * pad + 1);
        ImGui::Dummy({width, height + style.px(8)});
    }

    std::string advice(const Words& words) const {
        if (!result_.task_complete) return words("lesson.advice_task", fmt::arg("task", task_words(words, lesson_.task)));
        if (result_.worst >= 0 && !result_.met()) {
            const training::LessonLine& worst = result_.lines[static_cast<size_t>(result_.worst)];
            const std::string& measure = line(worst).criterion.measure;
            const std::string side = measure + (worst.too_little ? "_low" : "_high");
            if (words.has("lesson_advice." + side)) return words.name("lesson_advice", side);
            return words.name("lesson_advice", measure);
        }
        if (state_ == training::LessonState::mastered) return words("lesson.mastered");
        if (next_aids_ != aids_)
            return next_aids_.empty() ? words("lesson.now_alone") : words("lesson.less_help");
        return words("lesson.well_done");
    }

    void draw_buttons(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float gap = style.px(8), width = ImGui::GetContentRegionAvail().x;
        if (in_column(style)) return list_buttons(desk, width);
        const ImVec2 big{(width - gap) / 2, style.px(42)}, small{(width - 2 * gap) / 3, style.px(34)};
        const bool onward = result_.met() && next();
        if (button(style, words("lesson.again"), big, !onward)) wish_ = Wish::again;
        ImGui::SameLine(0, gap);
        if (button(style, words("lesson.next"), big, onward, next() != nullptr)) wish_ = Wish::next;
        if (button(style, words("score.replay"), small)) wish_ = Wish::replay;
        ImGui::SameLine(0, gap);
        if (button(style, words("lesson.full_score"), small)) wish_ = Wish::score;
        ImGui::SameLine(0, gap);
        if (button(style, words("lesson.list"), small)) wish_ = Wish::list;
    }

    void list_buttons(Desk& desk, float width) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const bool onward = result_.met() && next();
        const std::string names[] = {words("lesson.again"), words("lesson.next"), words("score.replay"), words("lesson.full_score"), words("lesson.list")};
        const Wish wishes[] = {Wish::again, Wish::next, Wish::replay, Wish::score, Wish::list};
        const ButtonRows rows = button_rows(style, names, width, style.px(8));
        for (int i = 0; i < static_cast<int>(std::size(names)); ++i) {
            if (i % rows.columns != 0) ImGui::SameLine(0, style.px(8));
            const bool primary = wishes[i] == (onward ? Wish::next : Wish::again), enabled = wishes[i] != Wish::next || next() != nullptr;
            if (button(style, names[i], {rows.width, style.px(38)}, primary, enabled)) wish_ = wishes[i];
        }
    }

    std::unique_ptr<Screen> leave(Desk& desk) {
        switch (std::exchange(wish_, Wish::none)) {
            case Wish::none: return nullptr;
            case Wish::next: return open_lesson(desk, shelf_, next()->id);
            case Wish::again: return open_lesson(desk, shelf_, lesson_.id);
            case Wish::replay: return open_review(desk, session_);
            case Wish::score: return score_screen(desk, session_, true);
            case Wish::list: return lessons_screen(desk);
        }
        return nullptr;
    }

    std::shared_ptr<const ScoredSession> session_;
    std::shared_ptr<const LessonShelf> shelf_;
    training::Lesson lesson_;
    training::LessonResult result_;
    std::vector<std::string> aids_, next_aids_;
    training::LessonState state_ = training::LessonState::tried;
    size_t tries_ = 0;
    CameraHand hand_;
    render::SceneView scene_;
    Stillness stillness_;
    Wish wish_ = Wish::none;
};

}  // namespace

std::unique_ptr<Screen> lesson_result_screen(Desk& desk, std::shared_ptr<const ScoredSession> session) {
    auto shelf = read_lessons(desk.options.places);
    const training::Lesson* lesson = training::find_lesson(shelf->lessons, training::lesson_of(session->recording.events).lesson);
    if (!lesson) return nullptr;
    return std::make_unique<LessonResultScreen>(desk, std::move(session), shelf, *lesson);
}

std::unique_ptr<Screen> back_to_lesson(Desk& desk, std::shared_ptr<const ScoredSession> session, bool again) {
    auto shelf = read_lessons(desk.options.places);
    const std::string id = training::lesson_of(session->recording.events).lesson;
    if (!training::find_lesson(shelf->lessons, id)) return nullptr;
    return again ? open_lesson(desk, shelf, id) : lesson_result_screen(desk, std::move(session));
}

}  // namespace app
