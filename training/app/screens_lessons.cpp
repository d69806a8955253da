// The area of lessons: all of them in order, what has been met, and what comes next.

#include "training/app/screens_lessons.h"

#include "engine/base/log.h"
#include "training/app/areas.h"
#include "training/app/evaluation.h"
#include "training/app/lesson_pictures.h"
#include "training/app/lesson_words.h"
#include "training/app/screens.h"
#include "training/core/yardstick.h"

#include <algorithm>

namespace app {

namespace {

using training::Lesson;
using training::LessonState;

Mark mark_of(LessonState state) {
    return state >= LessonState::met ? Mark::target : Mark::open;
}

/// Attempts that nobody has read yet are judged on a worker; until it is done the list shows the others.
class Attempts {
  public:
    Attempts(Desk& desk, std::shared_ptr<const LessonShelf> shelf)
        : places_(desk.options.places), folder_(desk.sessions), trainee_(desk.settings.trainee), shelf_(std::move(shelf)) {
        read();
        if (unread_.empty()) return;
        judging_.emplace(desk.aside, [places = places_, files = unread_, all = shelf_](std::stop_token stop) {
            training::judge_attempts(places, all->lessons, files, stop);
            return true;
        });
    }

    /// True when something new is known, as when somebody else sits down here.
    bool poll(const std::string& trainee) {
        const bool other = std::exchange(trainee_, trainee) != trainee;
        const bool judged = judging_ && judging_->poll();
        if (other || judged) read();
        return other || judged;
    }
    const training::AttemptsByLesson& all() const { return known_; }
    std::span<const training::LessonAttempt> of(const std::string& id) const {
        const auto found = known_.find(id);
        return found == known_.end() ? std::span<const training::LessonAttempt>() : found->second;
    }

  private:
    void read() {
        training::KnownAttempts known = training::known_attempts(places_, shelf_->lessons, folder_, trainee_);
        known_ = std::move(known.attempts);
        unread_ = std::move(known.unread);
    }

    base::Places places_;
    base::fs::path folder_;
    std::string trainee_;
    std::shared_ptr<const LessonShelf> shelf_;
    training::AttemptsByLesson known_;
    std::vector<base::fs::path> unread_;
    std::optional<Background<bool>> judging_;
};

class LessonsScreen : public Screen {
  public:
    explicit LessonsScreen(Desk& desk)
        : shelf_(read_lessons(desk.options.places)), attempts_(desk, shelf_) {
        desk.content.look(desk);
        find_next();
        chosen_ = next_;
        spdlog::info("screen lessons");
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        if (attempts_.poll(desk.settings.trainee)) find_next();
        read_keys(desk);
        if (desk.narrow()) return column_frame(desk);
        const Style& style = desk.style;
        const auto [left, inner, head, foot] = card_block(desk);
        Heading heading = draw_heading(desk, "lessons", left, inner, head);
        const float top = heading.below;
        const float side = style.px(330), list = inner - side - style.px(20);
        draw_list(desk, {left, top}, {list, foot - top});
        draw_chosen(desk, {left + inner - side, top}, {side, foot - top});
        draw_foot(desk, {left, foot + style.px(14)});
        if (auto area = heading.next(desk)) return area;
        return opened_ ? open_lesson(desk, shelf_, shelf_->lessons[static_cast<size_t>(chosen_)].id) : nullptr;
    }

  private:
    std::unique_ptr<Screen> column_frame(Desk& desk) {
        begin_whole_column(desk, "##lessons_column");
        Heading heading = draw_heading(desk, "lessons", 0, 0, 0);
        draw_chosen(desk, {0, 0}, {0, 0});
        draw_list(desk, {0, 0}, {0, 0});
        text(desk.style.body, colour::kFaint, desk.words("lesson.foot"), ImGui::GetContentRegionAvail().x);
        end_column(desk);
        if (auto area = heading.next(desk)) return area;
        return opened_ ? open_lesson(desk, shelf_, shelf_->lessons[static_cast<size_t>(chosen_)].id) : nullptr;
    }

    void find_next() {
        const Lesson* at_hand = training::lesson_at_hand(shelf_->lessons, attempts_.all());
        next_ = at_hand ? static_cast<int>(at_hand - shelf_->lessons.data()) : -1;
    }
    int count() const { return static_cast<int>(shelf_->lessons.size()); }

    void read_keys(Desk& desk) {
        if (desk.pressed('P')) desk.settings_open = true;
        if (count() == 0) return;
        if (!desk.settings_open)  // each by itself: a slow frame sees several
            for (const render::KeyPress& press : desk.window.keys_pressed()) move_by(press);
        if (desk.pressed(keys::kEnter) || desk.pressed(keys::kPadEnter)) opened_ = chosen_ >= 0;
    }

    void move_by(const render::KeyPress& press) {
        int step = 0;
        if (press.key == keys::kDown) step = columns_;
        if (press.key == keys::kUp) step = -columns_;
        if (press.key == keys::kRight) step = 1;
        if (press.key == keys::kLeft) step = -1;
        if (step == 0) return;
        chosen_ = std::clamp((chosen_ < 0 ? 0 : chosen_) + step, 0, count() - 1);
        bring_into_view_ = true;
    }

    void draw_list(Desk& desk, ImVec2 at, ImVec2 size) {
        const Style& style = desk.style;
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##lessons", at, size, style, IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        begin_list(style, "##list", size);
        if (in_column(style)) size.x = ImGui::GetContentRegionAvail().x + style.px(14);
        const float gap = style.px(12), room = size.x - style.px(14);
        columns_ = std::max(1, static_cast<int>((room + gap) / style.px(380)));
        const float width = (room - gap * static_cast<float>(columns_ - 1)) / static_cast<float>(columns_);
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
        for (int first = 0; first < count(); first += columns_) {  // as tall as the one with the most words
            const int end = std::min(first + columns_, count());
            float height = 0;
            for (int i = first; i < end; ++i) height = std::max(height, card_height(desk, i, width));
            for (int i = first; i < end; ++i) {
                if (i > first) ImGui::SameLine(0, gap);
                draw_card(desk, i, {width, height});
            }
        }
        ImGui::PopStyleVar();
        bring_into_view_ = false;
        end_list(style);
        end_panel(style);
    }

    static constexpr float kPicture = 98, kSmallPicture = 64;  // design pixels; in a column

    float card_height(const Desk& desk, int index, float width) const {
        const Style& style = desk.style;
        const Lesson& lesson = shelf_->lessons[static_cast<size_t>(index)];
        const float side = in_column(style) ? kSmallPicture : kPicture, room = width - style.px(side + 38), line = style.body->FontSize;
        const float author = lesson.shipped() || !in_column(style) ? 0 : text_size(style.body, lesson.author, room + 1).y;
        const float words = text_size(style.strong, lesson.title, room + 1).y + text_size(style.body, lesson.goal, room + 1).y + author;
        return std::max(style.px(side + 20), words + 2 * line + style.px(in_column(style) ? 40 : 30));
    }

    /// The whole card is the button: once to choose, on the chosen one to begin.
    void draw_card(Desk& desk, int index, ImVec2 size) {
        const Style& style = desk.style;
        const Lesson& lesson = shelf_->lessons[static_cast<size_t>(index)];
        const ImVec2 at = ImGui::GetCursorScreenPos(), end{at.x + size.x, at.y + size.y};
        ImGui::PushID(index);
        if (ImGui::InvisibleButton("##lesson", size)) {
            opened_ = chosen_ == index;
            chosen_ = index;
        }
        ImGui::PopID();
        const bool hovered = ImGui::IsItemHovered(), chosen = chosen_ == index;
        if (chosen && bring_into_view_) scroll_here(style);
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        draw.AddRectFilled(at, end, hovered || chosen ? IM_COL32(47, 54, 63, 255) : colour::kCard, style.px(10));
        if (hovered || chosen) draw.AddRect(at, end, colour::kBlue, style.px(10), 0, style.px(chosen ? 2 : 1));
        const float side = style.px(in_column(style) ? kSmallPicture : kPicture);
        draw_lesson_picture(draw, lesson.picture, {at.x + style.px(10), at.y + style.px(10)}, side);

        const float left = at.x + side + style.px(24), right = end.x - style.px(14), width = right - left, line = style.body->FontSize;
        float y = at.y + style.px(11);
        const std::string number = index == next_ ? desk.words("lesson.number_next", fmt::arg("number", lesson.order))
                                                  : desk.words("lesson.number", fmt::arg("number", lesson.order));
        draw.AddText(style.body, line, {left, y}, index == next_ ? colour::kBlue : colour::kSoft, number.c_str());
        if (!lesson.shipped() && in_column(style)) {
            const RowWords by = row_words(style.body, lesson.author, width);
            draw_row_words(draw, style.body, {left, y + line}, colour::kAmber, by);
            y += by.height;
        } else if (!lesson.shipped()) {
            const std::string by = fit(style.body, lesson.author, width - text_size(style.body, number).x - style.px(16));
            draw.AddText(style.body, line, {right - text_size(style.body, by).x, y}, colour::kAmber, by.c_str());
        }
        y += line + style.px(2);
        const RowWords title = row_words(style.strong, lesson.title, width);
        draw_row_words(draw, style.strong, {left, y}, colour::kText, title);
        y += title.height + style.px(4);
        draw_text(draw, style.body, {left, y}, colour::kSoft, lesson.goal, width + 1);
        const LessonState state = training::lesson_state(attempts_.of(lesson.id));
        const float low = end.y - line - style.px(9);
        if (state == LessonState::fresh) return;
        draw_state(draw, style, {left + style.px(8), low + line * 0.5f}, state);
        draw.AddText(style.body, line, {left + style.px(24), low}, state >= LessonState::met ? colour::kText : colour::kSoft,
                     desk.words.name("lesson_state", training::state_name(state)).c_str());
    }

    /// Mastered is a tick in a disc.
    static void draw_state(ImDrawList& draw, const Style& style, ImVec2 centre, LessonState state) {
        if (state == LessonState::mastered) draw.AddCircleFilled(centre, style.px(9), IM_COL32(36, 84, 124, 255));
        draw_mark(draw, centre, style.px(state == LessonState::mastered ? 11 : 13), mark_of(state));
    }

    /// The chosen lesson at large, with what it asks for.
    void draw_chosen(Desk& desk, ImVec2 at, ImVec2 size) {
        if (chosen_ < 0 || chosen_ >= count()) return;
        const Style& style = desk.style;
        const Words& words = desk.words;
        const Lesson& lesson = shelf_->lessons[static_cast<size_t>(chosen_)];
        begin_panel("##chosen", at, size, style, colour::kCard);
        const float width = ImGui::GetContentRegionAvail().x;
        if (chosen_ == next_) text(style.body, colour::kBlue, words(attempts_.all().empty() ? "lesson.start_here" : "lesson.next_for_you"), width);
        const float side = in_column(style) ? style.px(96) : std::min(width, std::max(style.px(110), size.y - style.px(400)));
        const ImVec2 picture = ImGui::GetCursorScreenPos();
        draw_lesson_picture(*ImGui::GetWindowDrawList(), lesson.picture, {picture.x + (width - side) * 0.5f, picture.y}, side);
        ImGui::Dummy({width, side + style.px(4)});
        text(style.title, colour::kText, lesson.title, width);
        text(style.body, colour::kText, lesson.goal, width);
        text(style.body, colour::kSoft, lesson.text, width);
        const auto tries = attempts_.of(lesson.id);
        const auto met = std::ranges::count_if(tries, [](const auto& one) { return one.outcome == training::LessonOutcome::met; });
        if (!tries.empty()) text(style.body, colour::kSoft, words("lesson.tries", fmt::arg("tries", tries.size()), fmt::arg("met", met)), width);
        const ImVec2 big{width, style.px(44)};
        to_foot(style, big.y + style.px(16));
        if (button(style, words("lesson.open"), big, true)) opened_ = true;
        end_panel(style);
    }

    void draw_foot(Desk& desk, ImVec2 at) const {
        const Style& style = desk.style;
        ImGui::GetBackgroundDrawList()->AddText(style.body, style.body->FontSize, at, colour::kFaint, desk.words("lesson.foot").c_str());
    }

    std::shared_ptr<const LessonShelf> shelf_;
    Attempts attempts_;
    int chosen_ = -1, next_ = -1, columns_ = 1;
    bool opened_ = false, bring_into_view_ = false;
};

/// On the window's thread, with everything loaded.
std::unique_ptr<Screen> arrive(Desk& desk, const std::shared_ptr<LessonRun>& run, const std::shared_ptr<const training::Stage>& stage,
                               const training::Rubric& rubric) {
    if (const auto status = desk.renderer->set_face(stage->face, rubric.no_go_margin_um); !status) {
        auto back = lessons_screen(desk);
        desk.refuse(status.error());
        return back;
    }
    desk.find_tier(*stage->face);
    return practice_lesson(desk, stage, rubric, run);
}

}  // namespace

std::unique_ptr<Screen> lessons_screen(Desk& desk) { return std::make_unique<LessonsScreen>(desk); }

std::unique_ptr<Screen> open_lesson(Desk& desk, std::shared_ptr<const LessonShelf> shelf, const std::string& id) {
    const Lesson* lesson = training::find_lesson(shelf->lessons, id);
    if (!lesson) return lessons_screen(desk);
    desk.problem.clear();
    auto known = training::known_attempts(desk.options.places, shelf->lessons, desk.sessions, desk.settings.trainee);
    const std::vector<std::string> aids = lesson->fade[training::fade_step(*lesson, known.attempts[id])];
    Work work = [places = desk.options.places, shelf, one = *lesson, aids](const face::Progress& progress) -> base::Result<Arrival> {
        auto practice = training::lesson_case(places, one);
        if (!practice) return practice.error();
        auto stage = training::load_stage(places, std::move(*practice), progress);
        if (!stage) return stage.error();
        auto yardstick = training::load_yardstick(places, **stage);
        if (!yardstick) return yardstick.error();
        const training::Rubric held = std::move(yardstick->held);
        const bool guided = std::ranges::find(aids, "guide") != aids.end() || std::ranges::find(aids, "ghost") != aids.end();
        auto run = std::make_shared<LessonRun>(shelf, one, aids, *stage, held,
                                               guided ? guide_of(one, **stage) : std::vector<training::Stroke>());
        return Arrival{[run, stage = *stage, held](Desk& there) { return arrive(there, run, stage, held); }};
    };
    return loading_screen(desk.words("loading.case", fmt::arg("name", lesson->title)), std::move(work), true, lessons_screen);
}

std::unique_ptr<Screen> end_lesson(Desk& desk, std::shared_ptr<const training::Stage> stage, training::Recording recording,
                                   const SessionView& last, std::shared_ptr<LiveSession> ended) {
    Work work = [places = desk.options.places, last, stage = std::move(stage), recording = std::move(recording),
                 ended = std::move(ended)](const face::Progress&) -> base::Result<Arrival> {
        auto session = score_ended(places, stage, recording, last, ended);
        if (!session) return session.error();
        return Arrival{[shared = *session, problem = last.problem](Desk& there) {
            auto next = lesson_result_screen(there, shared);
            if (!next) next = score_screen(there, shared, true);
            if (problem) there.refuse(*problem);
            return next;
        }};
    };
    return loading_screen(desk.words("loading.score"), std::move(work), false, lessons_screen);
}

bool draw_start_here(Desk& desk, ImVec2 at, ImVec2 size) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    begin_panel("##start_here", at, size, style, colour::kCard);
    const float width = ImGui::GetContentRegionAvail().x;
    text(style.title, colour::kText, words("lesson.welcome"), width);
    text(style.body, colour::kSoft, words("lesson.welcome_told"), width);
    const float side = in_column(style) ? style.px(96) : std::min(width, std::max(style.px(120), size.y - style.px(300)));
    const ImVec2 picture = ImGui::GetCursorScreenPos();
    draw_lesson_picture(*ImGui::GetWindowDrawList(), "hold", {picture.x + (width - side) * 0.5f, picture.y + style.px(6)}, side);
    if (in_column(style)) ImGui::Dummy({width, side + style.px(8)});
    const ImVec2 big{width, style.px(46)};
    to_foot(style, big.y + style.px(16));
    const bool chosen = button(style, words("lesson.welcome_begin"), big, true);
    end_panel(style);
    return chosen;
}

}  // namespace app
