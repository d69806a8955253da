#include "training/app/lesson_run.h"

#include "engine/base/log.h"
#include "training/app/bands.h"
#include "training/app/lesson_pictures.h"
#include "training/app/lesson_words.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace app {

namespace {

constexpr double kPenUp = 0.4;      // s that the pen is up before a task that is done ends the lesson
constexpr double kStillHeld = 1.5;  // s after the task is done, where the pen stays down
constexpr double kNearEnd = 20;     // s of the time that are left when it is told
constexpr float kLineHeight = 58;   // design pixels

}  // namespace

LessonRun::LessonRun(std::shared_ptr<const LessonShelf> shelf, const training::Lesson& lesson, std::vector<std::string> aids,
                     std::shared_ptr<const training::Stage> stage, training::Rubric rubric, std::vector<training::Stroke> guide)
    : shelf_(std::move(shelf)),
      lesson_(lesson),
      aids_(std::move(aids)),
      stage_(std::move(stage)),
      rubric_(std::move(rubric)),
      progress_(lesson_, *stage_->face),
      ghost_(std::move(guide)) {
    spdlog::info("lesson {}", lesson_.id);
}

bool LessonRun::gives(std::string_view aid) const { return std::ranges::find(aids_, aid) != aids_.end(); }

render::Overlay LessonRun::overlay() const {
    if (!gives("overlay")) return render::Overlay::none;
    if (lesson_.overlay == "evenness") return render::Overlay::evenness;
    if (lesson_.overlay == "depth") return render::Overlay::depth;
    return lesson_.overlay == "pressure" ? render::Overlay::pressure : render::Overlay::coverage;
}

void LessonRun::tell(LiveSession& live) {
    if (std::exchange(told_, true)) return;
    live.note({0, training::kLessonEvent, lesson_.id});
    live.note({0, training::kLessonAidsEvent, fmt::format("{}", fmt::join(aids_, " "))});
}

bool LessonRun::frame(Desk& desk, const SessionView& view, std::span<const shared::ZoneStats> statistics, const render::Camera& camera,
                      ImVec2 from, float width) {
    progress_.add(view.contacts);
    progress_.add(statistics);
    const double seconds = desk.window.frame_seconds();
    const bool touching = view.contact.touching && view.phase == Phase::running;
    lifted_ = touching ? 0 : lifted_ + seconds;
    if (reading_ || view.phase != Phase::paused) ghost_.advance(seconds, touching ? std::optional(view.contact.tip) : std::nullopt);
    ghost_.draw(*ImGui::GetBackgroundDrawList(), desk.style, camera, {desk.width(), desk.height()}, gives("guide"), gives("ghost"));
    if (reading_) {
        draw_card(desk);
        return false;
    }
    draw_line(desk, view, from, width);
    tell_by_sound(desk, view);
    done_ = progress_.complete() ? done_ + seconds : 0;
    const bool task_ends = lesson_.task.ends && progress_.complete() && (lifted_ > kPenUp || done_ > kStillHeld);
    const bool over = view.clock >= lesson_.time_limit;
    if (over && view.phase == Phase::running && !progress_.complete()) desk.sounds.tell("time", "time_over");
    return view.phase == Phase::running && (task_ends || over);
}

/// Once each: that the task is done, and that the time is nearly over.
void LessonRun::tell_by_sound(Desk& desk, const SessionView& view) {
    if (view.phase != Phase::running) return;
    if (progress_.complete() && !std::exchange(told_done_, true)) desk.sounds.tell("done", "target");
    if (lesson_.time_limit - view.clock < kNearEnd && !std::exchange(told_time_, true)) desk.sounds.tell("time", "time");
}

// --- the card before the lesson ---

void LessonRun::draw_card(Desk& desk) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    // All over the window, so that no press reaches the skin.
    begin_panel("##lesson_shade", {0, 0}, {desk.width(), desk.height()}, style, IM_COL32(8, 10, 12, 120), true);
    end_panel(style);
    if (desk.narrow()) return list_card(desk);
    const float width = std::min(style.px(820), desk.width() - style.px(48)), pad = style.px(22), picture = style.px(190);
    const float column = width - picture - 3 * pad, half = (width - 3 * pad) * 0.5f;
    const float under = pad + std::max(picture, style.body->FontSize + style.title->FontSize + style.px(24) +
                                                    text_size(style.strong, lesson_.goal, column).y +
                                                    text_size(style.body, lesson_.text, column).y);
    const std::vector<std::string> targets = target_lines(words, lesson_, rubric_);
    const std::vector<std::string> aids = aid_lines(words, aids_);
    const float row = style.body->FontSize + style.px(7);
    const auto tallest = static_cast<float>(std::max(targets.size() + 1, aids.size()));
    const float know = lesson_.know.empty() ? 0 : text_size(style.body, lesson_.know, width - 2 * pad).y + style.px(18);
    const float height = under + style.px(30) + style.strong->FontSize + tallest * row + know + style.px(78);
    const ImVec2 at{(desk.width() - width) * 0.5f, std::max(style.px(8), (desk.height() - height) * 0.42f)};

    begin_panel("##lesson_card", at, {width, height}, style, IM_COL32(24, 28, 33, 250), true);
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw_lesson_picture(draw, lesson_.picture, {at.x + pad, at.y + pad}, picture);
    float y = at.y + pad;
    const float x = at.x + 2 * pad + picture;
    const auto put = [&](ImFont* font, ImU32 shade, const std::string& told, float left, float wrap, float gap) {
        draw_text(draw, font, {left, y}, shade, told, wrap + 1);
        y += text_size(font, told, wrap).y + style.px(gap);
    };
    put(style.body, colour::kBlue, words("lesson.number", fmt::arg("number", lesson_.order)), x, column, 2);
    put(style.title, colour::kText, lesson_.title, x, column, 10);
    put(style.strong, colour::kText, lesson_.goal, x, column, 10);
    put(style.body, colour::kSoft, lesson_.text, x, column, 0);

    const float columns_at = at.y + under + style.px(18);
    const auto list = [&](const std::string& head, const std::vector<std::string>& lines, float left, Mark mark) {
        y = columns_at;
        put(style.strong, colour::kText, head, left, half, 8);
        for (const std::string& told : lines) {
            draw_mark(draw, {left + style.px(8), y + style.body->FontSize * 0.5f}, style.px(11), mark);
            draw.AddText(style.body, style.body->FontSize, {left + style.px(24), y}, colour::kText,
                         fit(style.body, told, half - style.px(24)).c_str());
            y += row;
        }
    };
    std::vector<std::string> wanted = {task_words(words, lesson_.task)};
    wanted.insert(wanted.end(), targets.begin(), targets.end());
    list(words("lesson.target"), wanted, at.x + pad, Mark::open);
    list(words("lesson.aids"), aids, at.x + 2 * pad + half, aids_.empty() ? Mark::none : Mark::target);
    if (!lesson_.know.empty()) {
        y = columns_at + style.strong->FontSize + style.px(8) + tallest * row + style.px(8);
        put(style.body, colour::kSoft, lesson_.know, at.x + pad, width - 2 * pad, 0);
    }

    const ImVec2 big{style.px(190), style.px(42)};
    ImGui::SetCursorPos({pad, height - big.y - style.px(16)});
    draw.AddText(style.body, style.body->FontSize, {at.x + pad, at.y + height - style.px(16) - big.y * 0.5f - style.body->FontSize * 0.5f},
                 colour::kSoft, words("lesson.time", fmt::arg("time", clock_text(lesson_.time_limit))).c_str());
    ImGui::SetCursorPos({width - big.x - pad, height - big.y - style.px(16)});
    const bool begun = button(style, words("lesson.begin"), big, true);
    end_panel(style);
    begin_if(desk, begun);
}

/// The same in a column over all.
void LessonRun::list_card(Desk& desk) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    begin_column(desk, "##lesson_card_column", {0, 0}, {desk.width(), desk.height()}, true);
    const float width = ImGui::GetContentRegionAvail().x, picture = style.px(96);
    text(style.body, colour::kBlue, words("lesson.number", fmt::arg("number", lesson_.order)), width);
    text(style.title, colour::kText, lesson_.title, width);
    const bool begun = button(style, words("lesson.begin"), {width, style.px(42)}, true);
    text(style.strong, colour::kText, lesson_.goal, width);
    draw_lesson_picture(*ImGui::GetWindowDrawList(), lesson_.picture, ImGui::GetCursorScreenPos(), picture);
    ImGui::Dummy({picture, picture});
    text(style.body, colour::kSoft, lesson_.text, width);
    const auto list = [&](const std::string& head, const std::vector<std::string>& lines, Mark mark) {
        text(style.strong, colour::kText, head, width);
        for (const std::string& told : lines) {
            const ImVec2 at = ImGui::GetCursorScreenPos();
            draw_mark(*ImGui::GetWindowDrawList(), {at.x + style.px(8), at.y + style.body->FontSize * 0.5f}, style.px(11), mark);
            ImGui::SetCursorPosX(ImGui::GetCursorPosX() + style.px(24));
            text(style.body, colour::kText, told, width - style.px(24));
        }
    };
    std::vector<std::string> wanted = {task_words(words, lesson_.task)};
    for (std::string& target : target_lines(words, lesson_, rubric_)) wanted.push_back(std::move(target));
    list(words("lesson.target"), wanted, Mark::open);
    list(words("lesson.aids"), aid_lines(words, aids_), aids_.empty() ? Mark::none : Mark::target);
    if (!lesson_.know.empty()) text(style.body, colour::kSoft, lesson_.know, width);
    text(style.body, colour::kSoft, words("lesson.time", fmt::arg("time", clock_text(lesson_.time_limit))), width);
    end_column(desk);
    begin_if(desk, begun);
}

void LessonRun::begin_if(Desk& desk, bool chosen) {
    if (!chosen && !desk.pressed(keys::kEnter) && !desk.pressed(keys::kPadEnter) && !desk.pressed(' ')) return;
    reading_ = false;
    spdlog::info("lesson begun {}", lesson_.id);
}

// --- the line while it goes on ---

void LessonRun::draw_line(Desk& desk, const SessionView& view, ImVec2 from, float width) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    ImDrawList& draw = *ImGui::GetBackgroundDrawList();
    const float wide = std::min(width, style.px(470)), pad = style.px(14), line = style.body->FontSize;
    const bool done = progress_.complete();
    const double shown = lesson_.task.kind == training::TaskKind::hold && !done ? progress_.now() : progress_.done();
    const double left = lesson_.time_limit - view.clock;
    const std::string time = words("lesson.left", fmt::arg("time", clock_text(std::max(0.0, left))));
    const std::string told = done && !lesson_.task.ends ? words("lesson.enough") : task_words_done(words, lesson_.task, shown);
    const float time_width = text_size(style.body, time).x, marked = done ? style.px(22) : 0, room = wide - 2 * pad - marked;
    // The time below the words where both have no room in a line.
    const bool beside = text_size(style.strong, told).x + style.px(14) + time_width <= room;
    const float told_height = beside ? style.strong->FontSize : text_size(style.strong, told, room + 1).y + line;
    line_height_ = style.px(kLineHeight) + told_height - style.strong->FontSize;
    const ImVec2 at{from.x + (width - wide) * 0.5f, from.y}, end{at.x + wide, at.y + line_height_};
    const float top = at.y + style.px(9);
    draw.AddRectFilled(at, end, colour::kPanel, style.px(10));
    if (done) draw_mark(draw, {at.x + pad + style.px(7), top + line * 0.5f}, style.px(14), Mark::target);
    draw_text(draw, style.strong, {at.x + pad + marked, top}, colour::kText, told, room + 1);
    draw.AddText(style.body, line, {end.x - pad - time_width, beside ? top : top + told_height - line}, left < kNearEnd ? colour::kAmber : colour::kSoft, time.c_str());
    const float bar = end.y - style.px(16);
    draw.AddRectFilled({at.x + pad, bar}, {end.x - pad, bar + style.px(7)}, colour::kTrack, style.px(3.5));
    const double share = std::clamp(shown / lesson_.task.amount, 0.0, 1.0);
    if (share > 0)
        draw.AddRectFilled({at.x + pad, bar}, {at.x + pad + std::max(style.px(7), (wide - 2 * pad) * static_cast<float>(share)), bar + style.px(7)},
                           colour::kBlue, style.px(3.5));
}

}  // namespace app
