// Lessons: copied, changed in a form that is checked while one types, and tried on recorded sessions.

#include "engine/base/log.h"
#include "training/app/lesson_words.h"
#include "training/app/screens_desk.h"
#include "training/app/screens_import.h"
#include "training/app/session_files.h"
#include "training/core/coach.h"

#include <algorithm>
#include <cmath>

namespace app {

namespace {

using training::Lesson;
using training::LessonOutcome;

constexpr ImU32 kMarked = IM_COL32(255, 255, 255, 20), kChanged = IM_COL32(240, 178, 52, 34);
constexpr float kName = 96, kRow = 34;  // design pixels
constexpr size_t kMostSteps = 4;

Mark mark_of(LessonOutcome outcome) {
    return outcome == LessonOutcome::met ? Mark::target : outcome == LessonOutcome::nearly ? Mark::warning : Mark::beyond;
}

/// How far one press of a stepper goes, thousandths of the unit.
int64_t step_of(const std::string& unit) {
    if (unit.empty()) return 10;
    return unit == "deg" ? 500 : unit == "cm/s" || unit == "cm" ? 100 : 1000;
}

void take_out(std::vector<std::string>& words, std::string_view word) { std::erase(words, word); }

}  // namespace

LessonPage::LessonPage(Desk& desk) : shelf_(read_lessons(desk.options.places)) {
    std::vector<base::Error> told_there;
    if (const auto cases = training::list_cases(desk.options.places, &told_there))
        for (const training::Case& one : *cases) cases_.push_back({one.id, one.name});
}

std::unique_ptr<Screen> LessonPage::frame(Desk& desk, ImVec2 at, ImVec2 size) {
    if (shelf_->lessons.empty()) return nullptr;
    if (compared_.id.empty()) choose(desk, chosen_);
    read_keys(desk);
    if (reading_)
        if (auto sessions = reading_->poll()) {
            sessions_ = std::move(*sessions);
            reading_.reset();
            changed(desk);
        }
    const Style& style = desk.style;
    const float gap = style.px(14), list = style.px(230), preview = style.px(270);
    draw_list(desk, at, {list, size.y});
    draw_form(desk, {at.x + list + gap, at.y}, {size.x - list - preview - 2 * gap, size.y});
    draw_preview(desk, {at.x + size.x - preview, at.y}, {preview, size.y});
    return nullptr;
}

bool LessonPage::may_leave(Desk& desk) {
    if (!unsaved() || std::exchange(asked_, true)) return true;
    desk.problem = desk.words("desk.lesson_unsaved");
    spdlog::info("asks about changes to the lesson");
    return false;
}

void LessonPage::read_keys(Desk& desk) {
    if (ended_typing(desk) || ImGui::GetIO().WantTextInput) return;
    if (desk.pressed('P')) desk.settings_open = true;
    if (desk.pressed('C')) copy(desk);
    if (desk.pressed('S')) save(desk);
    if (desk.pressed('Z')) undo(desk);
    if (desk.pressed('X') && draft_) discard(desk);
    if (desk.settings_open) return;
    const int step = desk.steps(keys::kDown, keys::kUp);
    if (step == 0) return;
    choose(desk, std::clamp(chosen_ + step, 0, static_cast<int>(shelf_->lessons.size()) - 1));
    bring_into_view_ = true;
}

/// Stays where changes would be lost.
void LessonPage::choose(Desk& desk, int index) {
    if (unsaved()) {
        desk.problem = desk.words("desk.lesson_unsaved_here");
        return;
    }
    chosen_ = index;
    line_ = -1;
    draft_.reset();
    undo_.clear();
    const Lesson& lesson = shelf_->lessons[static_cast<size_t>(index)];
    compared_ = lesson;
    if (!lesson.shipped()) take(desk, training::draft_lesson(desk.options.places, lesson));
    read_sessions(desk);
    changed(desk);
}

void LessonPage::take(Desk& desk, base::Result<training::LessonDraft> draft) {
    if (draft)
        draft_ = std::move(*draft);
    else
        desk.refuse(draft.error());
}

void LessonPage::copy(Desk& desk) {
    if (unsaved()) {
        desk.problem = desk.words("desk.lesson_unsaved_here");
        return;
    }
    take(desk, training::copy_lesson(desk.options.places, shelf_->lessons, compared_, own_lessons_folder(), desk.settings.note_author));
    if (unsaved()) spdlog::info("lesson copied {}", draft_->lesson.id);
    undo_.clear();
    changed(desk);
}

void LessonPage::undo(Desk& desk) {
    if (!draft_ || undo_.empty()) return;
    draft_->lesson = std::move(undo_.back());
    undo_.pop_back();
    undone_field_.clear();
    spdlog::info("lesson undone");
    changed(desk);
}

/// Asked twice: a key beside others is soon hit.
void LessonPage::discard(Desk& desk) {
    if (unsaved() && !std::exchange(sure_, true)) {
        desk.problem = desk.words("desk.lesson_discard_sure");
        spdlog::info("asks whether to discard");
        return;
    }
    spdlog::info("lesson discarded");
    desk.problem.clear();
    draft_.reset();
    choose(desk, chosen_);
}

void LessonPage::save(Desk& desk) {
    if (!unsaved()) return;
    desk.settings.note_author = draft_->lesson.author;
    if (const auto saved = training::save_draft(desk.options.places, shelf_->lessons, *draft_); !saved) {
        desk.refuse(saved.error());
        return;
    }
    desk.problem.clear();
    const std::string id = draft_->lesson.id;
    spdlog::info("lesson saved {} {}", id, draft_->lesson.file.string());
    shelf_ = read_lessons(desk.options.places);
    const Lesson* here = training::find_lesson(shelf_->lessons, id);
    choose(desk, here ? static_cast<int>(here - shelf_->lessons.data()) : 0);
    bring_into_view_ = true;
}

/// What `lesson check` says, and who would meet it.
void LessonPage::changed(Desk& desk) {
    const base::Places& places = desk.options.places;
    const Lesson& lesson = shown();
    const bool was_asked = std::exchange(asked_, false), was_sure = std::exchange(sure_, false);
    if (was_asked || was_sure) desk.problem.clear();  // who goes on is no longer asked
    const std::string key = lesson.practice + "\n" + lesson.rubric;
    if (rubric_of_ != key) {
        const auto practice = training::load_case(places, lesson.practice);
        const auto rubric = training::load_rubric(places, lesson.rubric.empty() && practice ? practice->rubric : lesson.rubric);
        rubric_ = rubric ? *rubric : training::Rubric();
        rubric_of_ = key;
    }
    mistake_.reset();
    if (draft_) {
        const auto text = training::draft_text(*draft_);
        const auto sound = text ? training::check_lesson(places, *text, lesson.file.filename(), shelf_->lessons) : base::Result<Lesson>(text.error());
        if (!sound) mistake_ = sound.error();
        if (const auto own = training::check_own_lesson(places, lesson, lesson.file.filename()); sound && !own) mistake_ = own.error();
    }
    if (mistake_) return;
    previews_ = training::preview_of(sessions_, compared_, lesson);
    const auto met = [&](auto outcome) { return std::ranges::count(previews_, LessonOutcome::met, outcome); };
    spdlog::info("lesson preview {} of {} met, {} would", met(&training::LessonPreview::before), previews_.size(), met(&training::LessonPreview::after));
}

/// Of the lesson, and of the one that it was copied from.
void LessonPage::read_sessions(Desk& desk) {
    sessions_.clear();
    previews_.clear();
    std::vector<std::string> ids = {compared_.id, training::origin_of(shelf_->lessons, compared_.id)};
    reading_.emplace(desk.aside, [places = desk.options.places, folder = desk.sessions, ids](std::stop_token stop) {
        return training::lesson_sessions(places, folder, ids, stop);
    });
}

void LessonPage::draw_list(Desk& desk, ImVec2 at, ImVec2 size) {
    const Style& style = desk.style;
    begin_panel("##lesson_list", at, size, style, colour::kCard);
    const float width = ImGui::GetContentRegionAvail().x, foot = style.px(draft_ ? 172 : 90);
    begin_list(style, "##list", {0, -foot});
    text(style.strong, colour::kText, desk.words("desk.lesson_list"));
    const float inner = ImGui::GetContentRegionAvail().x;
    for (size_t i = 0; i < shelf_->lessons.size(); ++i) {
        const Lesson& lesson = shelf_->lessons[i];
        const ImVec2 corner = ImGui::GetCursorScreenPos();
        const RowWords title = row_words(style.body, fmt::format("{}  {}", lesson.order, lesson.title), inner - style.px(18));
        const RowWords author = row_words(style.body, lesson.shipped() ? desk.words("desk.locked") : lesson.author, inner - style.px(18));
        const ImVec2 end{corner.x + inner, corner.y + title.height + author.height + style.px(16)};
        const bool on = static_cast<int>(i) == chosen_;
        ImGui::PushID(static_cast<int>(i));
        if (ImGui::InvisibleButton("##lesson", {inner, end.y - corner.y}) && !on) choose(desk, static_cast<int>(i));
        ImGui::PopID();
        if (on && bring_into_view_) ImGui::SetScrollHereY();
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        if (on || ImGui::IsItemHovered()) draw.AddRectFilled(corner, end, kMarked, style.px(8));
        if (on) draw.AddRectFilled(corner, {corner.x + style.px(3), end.y}, colour::kBlue, style.px(2));
        draw_row_words(draw, style.body, {corner.x + style.px(12), corner.y + style.px(6)}, colour::kText, title);
        draw_row_words(draw, style.body, {corner.x + style.px(12), corner.y + style.px(9) + title.height}, lesson.shipped() ? colour::kSoft : colour::kAmber, author);
    }
    bring_into_view_ = false;
    end_list(style);
    draw_buttons(desk, width);
    end_panel(style);
}

void LessonPage::draw_buttons(Desk& desk, float width) {
    const Style& style = desk.style;
    const ImVec2 size{width, style.px(36)};
    if (!draft_) {
        const std::string& told = desk.words("desk.lesson_copy_told");
        text(style.body, colour::kSoft, in_column(style) ? told : fit_lines(style.body, told, width, 3), width);
        if (button(style, desk.words("desk.lesson_copy"), size, true)) copy(desk);
        return;
    }
    if (button(style, desk.words("desk.lesson_save"), size, true, unsaved() && !mistake_)) save(desk);
    if (button(style, desk.words("desk.undo"), size, false, !undo_.empty())) return undo(desk);
    if (button(style, desk.words("desk.lesson_discard"), size, false, unsaved())) return discard(desk);
    if (draft_ && button(style, desk.words("desk.lesson_copy"), size, false, !unsaved())) copy(desk);
}

void LessonPage::draw_form(Desk& desk, ImVec2 at, ImVec2 size) {
    const Style& style = desk.style;
    begin_panel("##lesson_form", at, size, style, colour::kCard);
    const float width = ImGui::GetContentRegionAvail().x;
    Lesson lesson = shown();
    const RowWords title = row_words(style.strong, draft_ ? lesson.file.filename().string() : lesson.title, width);
    text(style.strong, colour::kText, title.shown, title.wrap);
    // Two lines whatever they say, so that nothing below jumps while one types.
    const ImVec2 told = ImGui::GetCursorScreenPos();
    const std::string words = !draft_ ? desk.words("desk.lesson_locked") : mistake_ ? desk.words(*mistake_) : desk.words("desk.lesson_sound");
    const std::string shown_words = in_column(style) ? words : fit_lines(style.body, words, width, 2);
    draw_text(*ImGui::GetWindowDrawList(), style.body, told, mistake_ ? colour::kAmber : colour::kSoft, shown_words, width + 1);
    ImGui::Dummy({width, std::max(2 * style.body->FontSize, text_size(style.body, shown_words, width + 1).y)});
    begin_list(style, "##form", {0, 0});
    ImGui::BeginDisabled(!draft_);
    draw_words(desk, lesson);
    draw_choices(desk, lesson);
    draw_aids(desk, lesson);
    draw_targets(desk, lesson);
    ImGui::EndDisabled();
    end_list(style);
    end_panel(style);
    if (!draft_ || training::lesson_keys(lesson) == training::lesson_keys(draft_->lesson)) return;
    // Letters typed into one field are one change.
    if (fields_.typed_in().empty() || std::exchange(undone_field_, fields_.typed_in()) != fields_.typed_in()) undo_.push_back(draft_->lesson);
    if (fields_.typed_in().empty()) undone_field_.clear();
    draft_->lesson = std::move(lesson);
    changed(desk);
}

void LessonPage::words_row(Desk& desk, const char* id, const std::string& name, std::string& value, size_t most) {
    const Style& style = desk.style;
    if (in_column(style)) {  // the name above its field
        const float room = ImGui::GetContentRegionAvail().x;
        text(style.body, colour::kSoft, name, room);
        fields_.words(style, id, value, most, room, draft_.has_value());
        return;
    }
    const float x = ImGui::GetCursorPosX(), width = ImGui::GetContentRegionAvail().x - style.px(kName);
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddText(style.body, style.body->FontSize, {corner.x, corner.y + style.px(8)}, colour::kSoft, fit(style.body, name, style.px(kName - 6)).c_str());
    ImGui::SetCursorPosX(x + style.px(kName));
    fields_.words(style, id, value, most, width, draft_.has_value());
}

/// The one before, the value, the one after.
void LessonPage::choice_row(Desk& desk, const char* id, const std::string& name, const std::vector<Choice>& choices, std::string& now) {
    const Style& style = desk.style;
    const float width = ImGui::GetContentRegionAvail().x, named = in_column(style) ? 0 : style.px(kName), height = style.px(30);
    if (in_column(style)) text(style.body, colour::kSoft, name, width);
    const float x = ImGui::GetCursorPosX();
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const auto here = std::ranges::find(choices, now, &Choice::id);
    const auto place = here - choices.begin();
    if (named > 0)
        draw.AddText(style.body, style.body->FontSize, {corner.x, corner.y + style.px(6)}, colour::kSoft, fit(style.body, name, named - style.px(6)).c_str());
    ImGui::PushID(id);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {style.px(2), style.px(2)});
    ImGui::SetCursorPosX(x + named);
    if (button(style, "<", {height, height}, false, draft_ && place > 0)) now = choices[static_cast<size_t>(place - 1)].id;
    const RowWords shown = row_words(style.body, here == choices.end() ? now : here->name, width - named - style.px(20) - 2 * height);
    draw_row_words(draw, style.body, {corner.x + named + height + style.px(10), corner.y + style.px(6)}, colour::kText, shown);
    ImGui::SameLine();
    ImGui::SetCursorPosX(x + width - height);
    if (button(style, ">", {height, height}, false, draft_ && place + 1 < std::ssize(choices))) now = choices[static_cast<size_t>(place + 1)].id;
    if (shown.height > style.body->FontSize) ImGui::Dummy({0, shown.height - style.body->FontSize});
    ImGui::PopStyleVar();
    ImGui::PopID();
}

void LessonPage::draw_words(Desk& desk, Lesson& lesson) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    words_row(desk, "title", words("desk.lesson_title"), lesson.title, 120);
    words_row(desk, "goal", words("desk.lesson_goal"), lesson.goal, 400);
    words_row(desk, "text", words("desk.lesson_text"), lesson.text, 2000);
    if (fields_.typed_in() == "text" || fields_.typed_in() == "goal") {  // one line shows little of it
        const float named = in_column(style) ? 1 : style.px(kName), width = ImGui::GetContentRegionAvail().x - named;
        ImGui::Indent(named);
        text(style.body, colour::kSoft, fields_.typed_in() == "text" ? lesson.text : lesson.goal, width);
        ImGui::Unindent(named);
    }
    words_row(desk, "author", words("desk.lesson_author"), lesson.author, 120);
}

void LessonPage::draw_choices(Desk& desk, Lesson& lesson) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    const std::string before = lesson.practice;
    choice_row(desk, "case", words("desk.lesson_case"), cases_, lesson.practice);
    if (lesson.practice != before) lesson.zones.clear();
    std::vector<Choice> next = {{"", words("desk.lesson_no_next")}};
    for (const Lesson& one : shelf_->lessons)
        if (one.id != lesson.id) next.push_back({one.id, one.title});
    choice_row(desk, "next", words("desk.lesson_next"), next, lesson.next);
    int64_t limit = std::llround(lesson.time_limit * 1000), amount = std::llround(lesson.task.amount * 1000);
    if (fields_.number(style, "limit", words("desk.lesson_time"), limit, 5'000, draft_.has_value())) lesson.time_limit = static_cast<double>(limit) / 1000;
    if (fields_.number(style, "amount", task_words(words, lesson.task), amount, 1'000, draft_.has_value()))
        lesson.task.amount = static_cast<double>(amount) / 1000;
}

/// A row of chips for each step of fading.
void LessonPage::draw_aids(Desk& desk, Lesson& lesson) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    ImGui::Dummy({0, style.px(4)});
    text(style.strong, colour::kText, words("desk.lesson_aids"), in_column(style) ? ImGui::GetContentRegionAvail().x : 0);
    text(style.body, colour::kSoft, words("desk.lesson_aids_told"), ImGui::GetContentRegionAvail().x);
    const std::vector<std::string>& aids = training::lesson_aids();
    const float gap = style.px(6), named = style.px(30), width = ImGui::GetContentRegionAvail().x - named;
    std::vector<std::string> names;
    for (const std::string& aid : aids) names.push_back(words.name("desk_aid", aid));
    const ButtonRows rows = button_rows(style, names, width, gap);
    const ImVec2 size{rows.width, style.px(30)};
    for (size_t step = 0; step < lesson.fade.size(); ++step) {
        ImGui::PushID(static_cast<int>(step));
        const ImVec2 corner = ImGui::GetCursorScreenPos();
        const float x = ImGui::GetCursorPosX();
        ImGui::GetWindowDrawList()->AddText(style.body, style.body->FontSize, {corner.x, corner.y + style.px(6)}, colour::kSoft, fmt::format("{}", step + 1).c_str());
        for (size_t i = 0; i < aids.size(); ++i) {
            const size_t place = i % static_cast<size_t>(rows.columns);
            if (place > 0) ImGui::SameLine(0, gap);
            ImGui::SetCursorPosX(x + named + static_cast<float>(place) * (size.x + gap));
            std::vector<std::string>& given = lesson.fade[step];
            const bool on = std::ranges::find(given, aids[i]) != given.end();
            const std::string label = names[i] + "##" + aids[i];
            if (!chip(style, label, size, on)) continue;
            on ? take_out(given, aids[i]) : given.push_back(aids[i]);
            if (aids[i] == "cues" && lesson.cues.empty())
                for (size_t kind = 0; kind < training::kCueKinds; ++kind) lesson.cues.push_back(training::cue_id(static_cast<training::CueKind>(kind)));
            if (aids[i] == "overlay" && lesson.overlay.empty()) lesson.overlay = "coverage";
        }
        ImGui::PopID();
    }
    const ImVec2 half{(width + named - gap) / 2, style.px(30)};
    if (button(style, words("desk.lesson_more_steps"), half, false, draft_ && lesson.fade.size() < kMostSteps)) lesson.fade.emplace_back();
    ImGui::SameLine(0, gap);
    if (button(style, words("desk.lesson_fewer_steps"), half, false, draft_ && lesson.fade.size() > 1)) lesson.fade.pop_back();
}

/// All lines of the rubric; those that count stand with their band, and the chosen one opens.
void LessonPage::draw_targets(Desk& desk, Lesson& lesson) {
    const Style& style = desk.style;
    ImGui::Dummy({0, style.px(4)});
    text(style.strong, colour::kText, desk.words("desk.lesson_targets"), in_column(style) ? ImGui::GetContentRegionAvail().x : 0);
    text(style.body, colour::kSoft, desk.words("desk.lesson_targets_told"), ImGui::GetContentRegionAvail().x);
    for (size_t i = 0; i < rubric_.criteria.size(); ++i) {
        const training::Criterion& line = rubric_.criteria[i];
        const auto target = std::ranges::find(lesson.targets, line.id, &training::LessonTarget::criterion);
        const bool counts = target != lesson.targets.end();
        ImGui::PushID(static_cast<int>(i));
        const float x = ImGui::GetCursorPosX(), width = ImGui::GetContentRegionAvail().x, toggle = style.px(34);
        if (chip(style, counts ? "\u2713##counts" : "##counts", {toggle, style.px(28)}, counts)) {
            line_ = counts ? -1 : static_cast<int>(i);
            if (counts)
                lesson.targets.erase(target);
            else
                lesson.targets.push_back({line.id, {}, {}, {}});
            ImGui::PopID();
            continue;
        }
        ImGui::SameLine(0, style.px(8));
        const training::Band& band = counts && target->band ? *target->band : line.band;
        const std::string told = target_words(desk.words, line.unit, band);
        const ImVec2 corner = ImGui::GetCursorScreenPos();
        const float inner = width - toggle - style.px(8), right = corner.x + inner;
        ImGui::SetCursorPosX(x + toggle + style.px(8));
        const float told_width = text_size(style.body, told).x, y = corner.y + style.px(5);
        // In a column the band stands below the name.
        const float below = in_column(style) ? style.body->FontSize : 0;
        const RowWords name = row_words(style.body, line.name, below > 0 ? inner - style.px(16) : inner - told_width - style.px(30));
        if (button(style, "##line", {inner, style.px(28) + below + name.height - style.body->FontSize}, false, counts)) line_ = line_ == static_cast<int>(i) ? -1 : static_cast<int>(i);
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        draw_row_words(draw, style.body, {corner.x + style.px(8), y}, counts ? colour::kText : colour::kFaint, name);
        draw.AddText(style.body, style.body->FontSize, {right - told_width - style.px(8), below > 0 ? y + name.height : y}, counts && target->band ? colour::kAmber : colour::kSoft, told.c_str());
        if (counts && line_ == static_cast<int>(i)) draw_bands(desk, *target, line);
        ImGui::PopID();
    }
}

/// Its own band, or the rubric's.
void LessonPage::draw_bands(Desk& desk, training::LessonTarget& target, const training::Criterion& line) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    ImGui::Indent(style.px(42));
    const float width = ImGui::GetContentRegionAvail().x;
    const ImVec2 half{(width - style.px(6)) / 2, style.px(30)};
    if (chip(style, words("desk.lesson_rubrics_band"), half, !target.band) && target.band)
        training::set_band(target, std::nullopt);
    ImGui::SameLine(0, style.px(6));
    if (chip(style, words("desk.lesson_own_band"), half, target.band.has_value()) && !target.band)
        training::set_band(target, line.band);
    if (target.band) {
        training::Band band = *target.band;
        const int64_t step = step_of(line.unit);
        const bool enabled = draft_.has_value();
        begin_list(style, "##bands", {width, style.px(76)});
        ImGui::Columns(in_column(style) ? 1 : 2, nullptr, false);
        bool edited = fields_.number(style, line.id + "#low", words("desk.target_low"), band.target_low, step, enabled);
        edited |= fields_.number(style, line.id + "#warn_low", words("desk.warn_low"), band.warn_low, step, enabled);
        if (!in_column(style)) ImGui::NextColumn();
        edited |= fields_.number(style, line.id + "#high", words("desk.target_high"), band.target_high, step, enabled);
        edited |= fields_.number(style, line.id + "#warn_high", words("desk.warn_high"), band.warn_high, step, enabled);
        ImGui::Columns(1);
        end_list(style);
        if (edited) training::set_band(target, band);
    }
    ImGui::Unindent(style.px(42));
}

void LessonPage::draw_preview(Desk& desk, ImVec2 at, ImVec2 size) {
    const Style& style = desk.style;
    const Words& words = desk.words;
    begin_panel("##lesson_preview", at, size, style, colour::kCard);
    const float width = ImGui::GetContentRegionAvail().x;
    const auto met = [&](auto outcome) { return std::ranges::count(previews_, LessonOutcome::met, outcome); };
    const auto before = met(&training::LessonPreview::before), after = met(&training::LessonPreview::after);
    text(style.strong, colour::kText, words("desk.who_meets"), width);
    if (previews_.empty() && !reading_) {
        text(style.body, colour::kSoft, words("desk.lesson_no_sessions"), width);
        return end_panel(style);
    }
    text(style.title, after == before ? colour::kText : colour::kAmber,
         fmt::format("{} \u2192 {}", before, words("desk.of_sessions", fmt::arg("passes", after), fmt::arg("count", previews_.size()))),
         in_column(style) ? width : 0);
    const char* told = reading_ ? "desk.lesson_reading" : mistake_ ? "desk.lesson_preview_old" : "desk.lesson_preview_told";
    text(style.body, colour::kSoft, words(told), width);
    begin_list(style, "##list", {0, 0});
    const float inner = ImGui::GetContentRegionAvail().x - style.px(4), body = style.body->FontSize, height = body + style.px(12);
    for (const training::LessonPreview& preview : previews_) {
        const training::SessionFacts& facts = sessions_[preview.session].facts;
        const ImVec2 corner = ImGui::GetCursorScreenPos();
        ImGui::Dummy({inner, height});
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        if (preview.before != preview.after) draw.AddRectFilled(corner, {corner.x + inner, corner.y + height}, kChanged, style.px(6));
        const float y = corner.y + style.px(5), middle = y + body * 0.5f, right = corner.x + inner;
        const std::string who = short_name(facts.trainee, facts.started);
        draw.AddText(style.body, body, {corner.x + style.px(6), y}, colour::kText, fit(style.body, who, inner - style.px(90)).c_str());
        draw_mark(draw, {right - style.px(66), middle}, style.px(13), mark_of(preview.before));
        draw.AddText(style.body, body, {right - style.px(46), y}, colour::kSoft, "\u2192");
        draw_mark(draw, {right - style.px(14), middle}, style.px(13), mark_of(preview.after));
    }
    end_list(style);
    end_panel(style);
}

}  // namespace app
