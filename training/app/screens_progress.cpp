#include "training/app/screens_progress.h"

#include "engine/base/log.h"
#include "training/app/areas.h"
#include "training/app/fields.h"
#include "training/app/plots.h"
#include "training/app/screens_import.h"
#include "training/app/session_files.h"
#include "training/core/case.h"
#include "training/core/decimal.h"

#include <algorithm>
#include <array>
#include <map>

namespace app {

namespace {

using training::Course;
using Says = training::Trend::Says;

constexpr float kGap = 14, kSide = 236, kTop = 240;  // design pixels
constexpr ImU32 kMarked = IM_COL32(255, 255, 255, 20);

class ProgressScreen : public Screen {
  public:
    ProgressScreen(Desk& desk, training::Shelf shelf, const std::string& trainee) : shelf_(std::move(shelf)) {
        trainees_ = training::trainees_of(shelf_.attempts);
        for (const std::string& code : {trainee, desk.settings.trainee})
            if (!code.empty() && std::ranges::find(trainees_, code) == trainees_.end()) trainees_.insert(trainees_.begin(), code);
        desk.settings.trainee.copy(code_.data(), code_.size() - 1);
        const auto own = std::ranges::find(trainees_, trainee);
        show(own == trainees_.end() ? 0 : static_cast<int>(own - trainees_.begin()));
        spdlog::info("screen progress {} sessions, {} measured now", shelf_.attempts.size(), shelf_.measured_now);
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        read_keys(desk);
        if (desk.narrow()) return column_frame(desk);
        const Style& style = desk.style;
        const auto [left, inner, head, foot] = card_block(desk);
        const float gap = style.px(kGap), side = style.px(kSide);
        Heading heading = draw_heading(desk, "progress", left, inner, head);
        const float top = heading.below, height = foot + style.px(28) - top;  // no line of words below
        draw_people(desk, {left, top}, {side, height});
        const float middle = left + side + gap, width = inner - 2 * (side + gap);
        draw_total(desk, {middle, top}, {width, style.px(kTop)});
        draw_lines(desk, {middle, top + style.px(kTop) + gap}, {width, height - style.px(kTop) - gap});
        draw_attempts(desk, {left + inner - side, top}, {side, height});
        return leave(desk, heading.next(desk));
    }

  private:
    std::unique_ptr<Screen> column_frame(Desk& desk) {
        const Style& style = desk.style;
        begin_whole_column(desk, "##progress_column");
        Heading heading = draw_heading(desk, "progress", 0, 0, 0);
        const float width = ImGui::GetContentRegionAvail().x;
        draw_people(desk, {0, 0}, {0, 0});
        draw_total(desk, ImGui::GetCursorScreenPos(), {width, style.px(200)});
        draw_attempts(desk, {0, 0}, {0, 0});
        draw_lines(desk, {0, 0}, {width, 0});
        end_column(desk);
        return leave(desk, heading.next(desk));
    }

    std::unique_ptr<Screen> leave(Desk& desk, std::unique_ptr<Screen> area) {
        if (std::exchange(typed_, false)) take_code(desk);
        if (area) return area;
        if (left_) return start_screen(desk);
        if (opened_ < 0) return nullptr;
        desk.problem.clear();
        return open_session(desk, progress_.attempts[static_cast<size_t>(opened_)].file);
    }

    const std::string& trainee() const {
        static const std::string nobody;
        return trainees_.empty() ? nobody : trainees_[static_cast<size_t>(person_)];
    }
    static std::string shown_name(const Desk& desk, const std::string& code) {
        return code.empty() ? desk.words("progress.no_code") : code;
    }

    void show(int person) {
        person_ = trainees_.empty() ? 0 : std::clamp(person, 0, static_cast<int>(trainees_.size()) - 1);
        progress_ = training::progress_of(training::attempts_of(shelf_.attempts, trainee()));
        chosen_ = static_cast<int>(progress_.attempts.size()) - 1;
        bring_into_view_ = true;
        spdlog::info("progress of {} attempts {}", trainee(), progress_.attempts.size());
    }

    void read_keys(Desk& desk) {
        if (ended_typing(desk) && !desk.pressed(keys::kEscape)) typed_ = true;
        if (ImGui::GetIO().WantTextInput) return;  // the field reads them
        if (desk.pressed(keys::kEscape)) left_ = true;
        if (desk.pressed('P')) desk.settings_open = true;
        if (desk.pressed('E')) export_csv(desk);
        if (desk.pressed('C')) typing_ = true;
        if (desk.pressed(keys::kRight, true)) show(person_ + 1);
        if (desk.pressed(keys::kLeft, true)) show(person_ - 1);
        const int count = static_cast<int>(progress_.attempts.size());
        // The newest is on top.
        const int step = desk.steps(keys::kUp, keys::kDown);
        if (step != 0 && count > 0) {
            chosen_ = std::clamp(chosen_ + step, 0, count - 1);
            bring_into_view_ = true;
        }
        if (desk.pressed(keys::kPageDown, true)) scroll_ += 1;
        if (desk.pressed(keys::kPageUp, true)) scroll_ -= 1;
        if ((desk.pressed(keys::kEnter) || desk.pressed(keys::kPadEnter)) && count > 0) opened_ = chosen_;
    }

    void take_code(Desk& desk) {
        std::string code = code_.data();
        if (base::Status fit = training::check_trainee(code); !fit) {
            desk.refuse(fit.error());
            return;
        }
        desk.problem.clear();
        if (desk.settings.trainee == code) return;
        desk.settings.trainee = code;
        spdlog::info("trainee {}", code);
        auto known = std::ranges::find(trainees_, code);
        if (known == trainees_.end() && !code.empty()) known = trainees_.insert(trainees_.begin(), code);
        if (known != trainees_.end()) show(static_cast<int>(known - trainees_.begin()));
    }

    void export_csv(Desk& desk) {
        std::string name = trainee();
        for (char& c : name)
            if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_') c = '-';
        const base::fs::path file = desk_folder() / fmt::format("progress{}{}.csv", name.empty() ? "" : "-", name);
        std::error_code ignored;
        base::fs::create_directories(file.parent_path(), ignored);
        const base::Status written = base::write_file(file, std::string_view(training::progress_csv(progress_.attempts)));
        exported_ = written ? desk.words("progress.exported", fmt::arg("file", file.filename().string())) + "\n" + file.string() : desk.words(written.error());
        spdlog::info("exported {}", file.string());
    }

    // --- who ---

    void draw_people(Desk& desk, ImVec2 at, ImVec2 size) {
        const Style& style = desk.style;
        begin_panel("##people", at, size, style, colour::kCard);
        const float width = ImGui::GetContentRegionAvail().x;
        text(style.strong, colour::kText, desk.words("progress.who"));
        text(style.body, colour::kSoft, desk.words("progress.who_told"), width);
        ImGui::SetNextItemWidth(width);
        if (std::exchange(typing_, false)) ImGui::SetKeyboardFocusHere();
        line_field(style, "##code", desk.words("progress.code"), code_, ImGuiInputTextFlags_AutoSelectAll);
        if (ImGui::IsItemDeactivatedAfterEdit()) take_code(desk);
        ImGui::Dummy({0, style.px(6)});
        text(style.strong, colour::kText, desk.words("progress.whose"));
        begin_list(style, "##list", {0, 0});
        for (int i = 0; i < static_cast<int>(trainees_.size()); ++i) draw_person(desk, i);
        end_list(style);
        end_panel(style);
    }

    void draw_person(Desk& desk, int index) {
        const Style& style = desk.style;
        const std::string& code = trainees_[static_cast<size_t>(index)];
        const auto count = std::ranges::count(shelf_.attempts, code, &training::Attempt::trainee);
        const float width = ImGui::GetContentRegionAvail().x;
        const std::string many = std::to_string(count);
        const RowWords name = row_words(style.body, shown_name(desk, code), width - text_size(style.body, many).x - style.px(30));
        const float height = name.height + style.px(14);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::PushID(index);
        if (ImGui::InvisibleButton("##person", {width, height})) show(index);
        ImGui::PopID();
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const bool on = index == person_;
        if (on || ImGui::IsItemHovered()) draw.AddRectFilled(at, {at.x + width, at.y + height}, kMarked, style.px(8));
        if (on) draw.AddRectFilled(at, {at.x + style.px(3), at.y + height}, colour::kBlue, style.px(2));
        draw_row_words(draw, style.body, {at.x + style.px(12), at.y + style.px(7)}, on ? colour::kText : colour::kSoft, name);
        draw.AddText(style.body, style.body->FontSize, {at.x + width - text_size(style.body, many).x - style.px(8), at.y + style.px(7)},
                     colour::kSoft, many.c_str());
    }

    // --- the total, and what to practise next ---

    std::string trend_words(const Desk& desk, const training::Trend& trend, double most, double false_alarm) const {
        const auto number = [&](double share) { return fmt::format("{:+.1f}", share * most); };
        switch (trend.says) {
            case Says::too_few:
                return desk.words("progress.too_few", fmt::arg("count", training::fewest_for_trend(false_alarm)));
            case Says::none:
                return desk.words("progress.no_trend");
            case Says::rising:
                return desk.words("progress.rising", fmt::arg("slope", number(trend.slope)), fmt::arg("low", number(trend.low)), fmt::arg("high", number(trend.high)));
            case Says::falling:
                break;
        }
        return desk.words("progress.falling", fmt::arg("slope", number(trend.slope)), fmt::arg("low", number(trend.low)), fmt::arg("high", number(trend.high)));
    }

    void draw_total(Desk& desk, ImVec2 at, ImVec2 size) {
        const Style& style = desk.style;
        begin_panel("##total", at, size, style, colour::kCard);
        const bool column = in_column(style);
        if (column) at = ImGui::GetCursorScreenPos();
        const float plot = column ? size.x : size.x * 0.56f;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const float pad = column ? 0 : style.px(16), line = style.body->FontSize;
        draw.AddText(style.strong, style.strong->FontSize, {at.x + pad, at.y + style.px(14)}, colour::kText, desk.words("progress.total").c_str());
        const Course& total = progress_.total;
        const ImVec2 from{at.x + pad + style.px(30), at.y + style.px(48)}, to{at.x + plot, at.y + size.y - style.px(20)};
        for (const int value : {0, 50, 100}) {
            const std::string number = std::to_string(value);
            const float y = to.y - static_cast<float>(value) * 0.01f * (to.y - from.y);
            draw.AddText(style.body, line, {from.x - style.px(8) - text_size(style.body, number).x, y - line * 0.5f}, colour::kFaint, number.c_str());
        }
        const double mark = progress_.attempts.empty() ? -1 : progress_.attempts.back().score.pass_mark / 10'000.0;
        const int under = draw_course(draw, from, to, total, mark, style);
        if (mark >= 0) {
            const std::string words = desk.words("progress.pass_mark", fmt::arg("mark", training::points_text(mark * 10'000)));
            const float x = to.x - text_size(style.body, words).x;
            const bool beside = x > at.x + pad + text_size(style.strong, desk.words("progress.total")).x + style.px(8);
            draw.AddText(style.body, line, {x, at.y + style.px(beside ? 14 : 34)}, colour::kAmber, words.c_str());
        }
        if (under >= 0 && ImGui::IsWindowHovered() && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
            chosen_ = static_cast<int>(total.attempts[static_cast<size_t>(under)]);
            bring_into_view_ = true;
        }
        if (column)
            ImGui::Dummy(size);
        else
            ImGui::SetCursorPos({plot + style.px(24), style.px(14)});
        begin_list(style, "##said", {size.x - plot - style.px(40), size.y - style.px(24)});
        draw_said(desk);
        end_list(style);
        end_panel(style);
    }

    void draw_said(Desk& desk) {
        const Style& style = desk.style;
        const float width = ImGui::GetContentRegionAvail().x;
        const Course& total = progress_.total;
        if (progress_.attempts.empty()) {
            text(style.body, colour::kSoft, desk.words("progress.nothing"), width);
            return;
        }
        if (progress_.attempts.size() == 1) {
            text(style.strong, colour::kAmber, desk.words("progress.one"), width);
        } else if (!total.shares.empty()) {
            text(style.strong, colour::kText,
                 desk.words("progress.level", fmt::arg("median", training::points_text(total.spread.median * 10'000)), fmt::arg("mad", training::points_text(total.spread.mad * 10'000)),
                            fmt::arg("count", total.shares.size())), width);
            text(style.body, colour::kSoft, trend_words(desk, total.trend, 100, training::kTotalFalseAlarm), width);
        }
        ImGui::Dummy({0, style.px(4)});
        text(style.strong, colour::kBlue, desk.words("progress.next"));
        if (progress_.advice.empty()) {
            text(style.body, colour::kText, desk.words("progress.nothing_lost"), width);
            return;
        }
        const training::Suggestion& next = progress_.advice.front();
        text(style.strong, colour::kText, fit_lines(style.strong, next.name, width, 2), width);
        text(style.body, colour::kSoft, desk.words(next.unsafe ? "progress.because_unsafe" : "progress.because", fmt::arg("lost", training::points_text(next.lost * 100)),
                                                   fmt::arg("times", next.times), fmt::arg("of", next.of)), width);
    }

    // --- line by line ---

    void draw_lines(Desk& desk, ImVec2 at, ImVec2 size) {
        const Style& style = desk.style;
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##lines", at, size, style, IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        begin_list(style, "##grid", size);
        if (scroll_ != 0) ImGui::SetScrollY(ImGui::GetScrollY() + static_cast<float>(std::exchange(scroll_, 0)) * desk.height() * 0.6f);
        const float gap = style.px(10), room = in_column(style) ? ImGui::GetContentRegionAvail().x : size.x - style.px(14);
        const int columns = std::max(1, static_cast<int>((room + gap) / style.px(215)));
        const float width = (room - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
        float height = style.px(112);
        if (in_column(style))
            for (const Course& line : progress_.lines)
                height = std::max(height, style.px(96) + text_size(style.body, line.name, width - style.px(24)).y);
        const ImVec2 origin = ImGui::GetCursorPos();
        int place = 0;
        for (const Course& line : progress_.lines) {
            if (line.shares.empty()) continue;
            ImGui::SetCursorPos({origin.x + static_cast<float>(place % columns) * (width + gap), origin.y + static_cast<float>(place / columns) * (height + gap)});
            draw_line(desk, line, {width, height});
            ++place;
        }
        end_list(style);
        end_panel(style);
    }

    void draw_line(Desk& desk, const Course& line, ImVec2 size) {
        const Style& style = desk.style;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float pad = style.px(12), body = style.body->FontSize;
        ImGui::Dummy(size);
        const bool hovered = ImGui::IsItemHovered();
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 end{at.x + size.x, at.y + size.y};
        draw.AddRectFilled(at, end, colour::kCard, style.px(10));
        const bool next = !progress_.advice.empty() && progress_.advice.front().criterion == line.id;
        if (next) draw.AddRect(at, end, colour::kBlue, style.px(10), 0, style.px(1.5));
        const RowWords name = row_words(style.body, line.name, size.x - 2 * pad);
        draw_row_words(draw, style.body, {at.x + pad, at.y + style.px(9)}, colour::kText, name);
        const float row = at.y + style.px(13) + name.height;
        const double most = line.max / 100.0;
        const std::string median = desk.words("progress.of", fmt::arg("points", fmt::format("{:.1f}", line.spread.median * most)), fmt::arg("most", fmt::format("{:.0f}", most)));
        draw.AddText(style.body, body, {at.x + pad, row}, colour::kSoft, median.c_str());
        draw_trend(draw, {end.x - pad - style.px(6), row + body * 0.5f}, style.px(12), line.trend.says);
        draw_course(draw, {at.x + pad, row + body + style.px(8)}, {end.x - pad, end.y - style.px(10)}, line, -1, style);
        if (!hovered) return;
        ImGui::BeginTooltip();
        text(style.strong, colour::kText, line.name, style.px(320));
        text(style.body, colour::kSoft, trend_words(desk, line.trend, most, training::kLineFalseAlarm), style.px(320));
        ImGui::EndTooltip();
    }

    // --- attempts ---

    void draw_attempts(Desk& desk, ImVec2 at, ImVec2 size) {
        const Style& style = desk.style;
        begin_panel("##attempts", at, size, style, colour::kCard);
        const float width = ImGui::GetContentRegionAvail().x;
        text(style.strong, colour::kText, desk.words("progress.attempts", fmt::arg("count", progress_.attempts.size())), in_column(style) ? width : 0);
        const std::string damaged = shelf_.unusable.empty() ? "" : desk.words("progress.unusable", fmt::arg("count", shelf_.unusable.size()));
        float foot = style.px(46);
        for (const std::string* words : {&damaged, static_cast<const std::string*>(&exported_)})
            if (!words->empty()) foot += text_size(style.body, *words, width).y + style.px(8);
        begin_list(style, "##list", {0, -foot});
        for (int i = static_cast<int>(progress_.attempts.size()) - 1; i >= 0; --i) draw_attempt(desk, i);
        bring_into_view_ = false;
        end_list(style);
        if (!damaged.empty()) {
            text(style.body, colour::kAmber, damaged, width);
            if (ImGui::IsItemHovered()) {
                ImGui::BeginTooltip();
                for (const base::Error& one : shelf_.unusable) text(style.body, colour::kText, desk.words(one), style.px(560));
                ImGui::EndTooltip();
            }
        }
        if (!exported_.empty()) text(style.body, colour::kSoft, exported_, width);
        if (button(style, desk.words("progress.export"), {width, style.px(38)}, false, !progress_.attempts.empty())) export_csv(desk);
        end_panel(style);
    }

    /// As the case itself has it; the id of one that is not here.
    const std::string& case_name(Desk& desk, const std::string& id) {
        const auto [name, is_new] = case_names_.try_emplace(id, id);
        if (is_new)
            if (const auto one = training::load_case(desk.options.places, id)) name->second = one->name;
        return name->second;
    }

    void draw_attempt(Desk& desk, int index) {
        const Style& style = desk.style;
        const training::Attempt& attempt = progress_.attempts[static_cast<size_t>(index)];
        const float width = ImGui::GetContentRegionAvail().x, body = style.body->FontSize;
        const std::string total = training::points_text(attempt.score.total);
        const float beside = style.px(40) + text_size(style.strong, total).x;
        const std::string told = attempt.simulated() ? desk.words("progress.simulated", fmt::arg("case", case_name(desk, attempt.case_id))) : case_name(desk, attempt.case_id);
        const RowWords what = row_words(style.body, told, width - beside - style.px(6));
        const float height = what.height + body + style.px(18);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::PushID(index);
        if (ImGui::InvisibleButton("##attempt", {width, height})) opened_ = index;
        ImGui::PopID();
        const bool on = index == chosen_;
        if (on && bring_into_view_) scroll_here(style);
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 end{at.x + width, at.y + height};
        if (on || ImGui::IsItemHovered()) draw.AddRectFilled(at, end, kMarked, style.px(8));
        if (on) draw.AddRect(at, end, colour::kBlue, style.px(8), 0, style.px(1.5));
        const bool pass = attempt.score.pass;
        draw_mark(draw, {at.x + style.px(14), at.y + style.px(7) + body * 0.5f}, style.px(13), pass ? Mark::target : Mark::beyond);
        draw.AddText(style.strong, style.strong->FontSize, {at.x + style.px(28), at.y + style.px(5)}, colour::kText, total.c_str());
        draw_row_words(draw, style.body, {at.x + beside, at.y + style.px(6)}, colour::kSoft, what);
        draw.AddText(style.body, body, {at.x + style.px(28), at.y + style.px(9) + what.height}, colour::kFaint, local_minutes(attempt.started).c_str());
    }

    training::Shelf shelf_;
    std::vector<std::string> trainees_;
    training::Progress progress_;
    int person_ = 0, chosen_ = 0, opened_ = -1, scroll_ = 0;
    bool left_ = false, typing_ = false, typed_ = false, bring_into_view_ = false;
    std::array<char, 72> code_{};
    std::string exported_;
    std::map<std::string, std::string> case_names_;  ///< by id
};

}  // namespace

std::unique_ptr<Screen> open_progress_of(Desk& desk, const std::string& trainee) {
    Work work = [places = desk.options.places, folder = desk.sessions, trainee](const face::Progress& progress) -> base::Result<Arrival> {
        auto shelf = training::read_shelf(places, folder, {}, progress);
        if (!shelf) return shelf.error();
        auto shared = std::make_shared<training::Shelf>(std::move(*shelf));
        return Arrival{[shared, trainee](Desk& there) { return std::make_unique<ProgressScreen>(there, std::move(*shared), trainee); }};
    };
    return loading_screen(desk.words("progress.loading"), std::move(work), true);
}

std::unique_ptr<Screen> open_progress(Desk& desk) {
    return open_progress_of(desk, desk.settings.trainee);
}

}  // namespace app
