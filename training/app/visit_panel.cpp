#include "training/app/visit_panel.h"

#include "training/core/joined.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace app {

namespace {

using training::Act;
using training::Step;

constexpr float kMargin = 12, kIndent = 34, kChipHeight = 28, kFigureHeight = 32, kButton = 40;  // design pixels
constexpr size_t kShownSteps = training::kSteps - 1;
constexpr int kOpenLines = 4;  // of what is still to do, below the list that has it all

/// "1 day", "2 days".
std::string figure_text(const Words& words, const FigureLadder& ladder, size_t place) {
    struct Unit {
        const char *id, *one, *many;
    };
    static constexpr Unit kUnits[] = {{"min", "visit.unit_min", "visit.unit_min"},    {"mm", "visit.unit_mm", "visit.unit_mm"},
                                      {"hour", "visit.unit_hour", "visit.unit_hours"}, {"day", "visit.unit_day", "visit.unit_days"},
                                      {"week", "visit.unit_week", "visit.unit_weeks"}};
    const std::string& value = ladder.steps[place];
    const auto unit = std::ranges::find(kUnits, ladder.unit, &Unit::id);
    if (unit == std::end(kUnits)) return value;  // a count
    return words("visit.figure", fmt::arg("value", value), fmt::arg("unit", words(value == "1" ? unit->one : unit->many)));
}

/// Acts of one heading share it, whether something is done or taken back.
std::string heading_of(const std::string& event) {
    if (event == training::kConsultUnmark) return training::kConsultMark;
    if (event == training::kDecideNotBecause) return training::kDecideBecause;
    return event;
}

std::string key_of(const Act& act) {
    return act.event + " " + act.subject;
}

bool names_zone(const std::string& event) {
    return event == training::kConsultLook || event == "glide_medium";
}

std::string sentence(const std::string& words) {
    return words.empty() ? words : words + ".";
}

/// "Not asked (11), not looked at (4)." of what is open: as many as have room in the lines, and how many there are besides.
std::string open_words(const Style& style, const Words& words, const training::Onward& onward, float width) {
    std::vector<std::pair<std::string, int>> counts;
    for (const training::Remark& open : onward.open) {
        const std::string name = open.id == "item" || open.id == "flag" ? open.what : words.name("open", open.id);
        const auto known = std::ranges::find(counts, name, &std::pair<std::string, int>::first);
        if (known == counts.end())
            counts.emplace_back(name, 1);
        else
            ++known->second;
    }
    const float most = style.body->FontSize * (kOpenLines + 0.5f);
    std::string told, shown;
    int left = static_cast<int>(onward.open.size());
    for (const auto& [name, count] : counts) {
        training::add_to_list(words, told, count == 1 ? name : fmt::format("{} ({})", name, count));
        left -= count;
        const std::string more = left == 0 ? sentence(told) : told + " " + words("healing.more", fmt::arg("count", left));
        if (!in_column(style) && !shown.empty() && text_size(style.body, more, width).y > most) return shown;
        shown = more;
    }
    return shown;
}

}  // namespace

void draw_steps(const Style& style, const Words& words, Step now, ImVec2 at, ImVec2 size) {
    ImDrawList& draw = *ImGui::GetBackgroundDrawList();
    const float gap = style.px(4), width = (size.x - gap * (kShownSteps - 1)) / kShownSteps;
    for (size_t i = 0; i < kShownSteps; ++i) {
        const Step step = static_cast<Step>(i);
        const ImVec2 from{at.x + static_cast<float>(i) * (width + gap), at.y}, to{from.x + width, from.y + size.y};
        draw.AddRectFilled(from, to, step == now ? IM_COL32(46, 112, 164, 255) : colour::kPanel, style.px(8));
        ImFont* font = step == now ? style.strong : style.body;
        const std::string name = fit(font, words.name("step", training::step_name(step)), width - style.px(12));
        const float x = from.x + (width - text_size(font, name).x) * 0.5f, y = from.y + (size.y - font->FontSize) * 0.5f;
        // Behind one, which is not to say that it was done well.
        if (step < now)
            draw.AddRectFilled({from.x + style.px(10), to.y - style.px(4)}, {to.x - style.px(10), to.y - style.px(2)},
                               IM_COL32(46, 112, 164, 255), style.px(1));
        draw.AddText(font, font->FontSize, {x, y}, step <= now ? colour::kText : colour::kSoft, name.c_str());
    }
}

void draw_steps_narrow(const Style& style, const Words& words, Step now) {
    const float width = ImGui::GetContentRegionAvail().x, gap = style.px(3);
    const float each = (width - gap * (kShownSteps - 1)) / kShownSteps;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    for (size_t i = 0; i < kShownSteps; ++i) {
        const float x = at.x + static_cast<float>(i) * (each + gap);
        const ImU32 shade = static_cast<Step>(i) == now ? colour::kBlue
                            : static_cast<Step>(i) < now ? IM_COL32(46, 112, 164, 255)
                                                         : colour::kTrack;
        draw.AddRectFilled({x, at.y}, {x + each, at.y + style.px(5)}, shade, style.px(2));
    }
    ImGui::Dummy({width, style.px(5)});
    text(style.body, colour::kSoft,
         words("visit.step_of", fmt::arg("number", static_cast<int>(now) + 1), fmt::arg("count", kShownSteps),
               fmt::arg("name", words.name("step", training::step_name(now)))),
         in_column(style) ? width : 0);
}

// --- words ---

std::string VisitPanel::name_of(const Words& words, const Act& act) const {
    if (!act.name.empty()) return act.name;
    if (act.event == training::kDecide) return words("visit.whole");
    const std::string name = words.name("act", act.event);
    if (act.event == training::kConsultLook) return words.name("zone", act.subject);
    if (act.event == training::kPlanDepth) {
        const std::string kind = words.has("zone_kind." + act.subject) ? words.name("zone_kind", act.subject)
                                                                       : words.name("zone", act.subject);
        return training::with_colon(words, name, kind);
    }
    return name;
}

std::string VisitPanel::value_name(const Words& words, const Visit& visit, const std::string& event,
                                   const std::string& value) const {
    if (event == training::kDecide) return words.name("decision", value);
    if (event == training::kPlanDevice) return visit.stage()->device.name;
    if (names_zone(event)) return words.name("zone", value);
    return words.name("product", value);
}

std::string VisitPanel::answer_of(const Words& words, const Visit& visit, const Act& act) const {
    if (act.event == training::kConsultAsk && act.done) return "\u201c" + act.given + "\u201d";
    if (act.event == training::kAnaestheticOff && !act.given.empty())
        return words("visit.anaesthetic", fmt::arg("minutes", act.given));
    if (act.event == training::kFollowLook && act.done && !visit.stage()->practice.consultation.follow_up.empty())
        return "\u201c" + visit.stage()->practice.consultation.follow_up + "\u201d";
    return {};
}

std::vector<VisitPanel::Row> VisitPanel::rows_of(const Desk& desk, const Visit& visit, double clock) const {
    const Words& words = desk.words;
    std::vector<Row> rows;
    for (Act& act : visit.treatment().acts(static_cast<uint32_t>(std::llround(clock * 1e6)))) {
        Row row;
        if (desk.exam) act.unwise.clear(), act.says.clear();
        row.name = name_of(words, act);
        row.answer = answer_of(words, visit, act);
        if (!act.impossible.empty() && !act.done) row.note = words.name("act_cannot", act.event);
        if (act.done && done_ == key_of(act)) row.note = act.says;
        if (!act.unwise.empty() && !act.done) row.note = words("visit.first", fmt::arg("what", training::listed(words, act.unwise)));
        for (const training::ActChoice& choice : act.choices)
            row.choices.push_back(choice.name.empty() ? value_name(words, visit, act.event, choice.value) : choice.name);
        row.act = std::move(act);
        rows.push_back(std::move(row));
    }
    return rows;
}

// --- what is in hand ---

const FigureLadder& VisitPanel::ladder_of(const std::string& event) const {
    static const FigureLadder kNone{{"1"}, 0, "count"};  // what is wrong with the file was told
    return figures_ ? figures_->of(event) : kNone;
}

int& VisitPanel::chosen(const Row& row) {
    const auto [entry, fresh] = chosen_.try_emplace(key_of(row.act), 0);
    if (!fresh) return entry->second;
    const auto given = std::ranges::find(row.act.choices, row.act.given, &training::ActChoice::value);
    if (row.act.figure) {
        const FigureLadder& ladder = ladder_of(row.act.event);
        const auto step = std::ranges::find(ladder.steps, row.act.given);
        entry->second = step == ladder.steps.end() ? ladder.first : static_cast<int>(step - ladder.steps.begin());
    } else if (given != row.act.choices.end()) {
        entry->second = static_cast<int>(given - row.act.choices.begin());
    }
    return entry->second;
}

input::ProcedureEvent VisitPanel::event_of(const Row& row) {
    const auto place = static_cast<size_t>(chosen(row));
    std::string value = row.act.subject;
    std::string more;
    if (!row.act.choices.empty()) more = row.act.choices[std::min(place, row.act.choices.size() - 1)].value;
    if (row.act.figure) {
        const FigureLadder& ladder = ladder_of(row.act.event);
        more = ladder.steps[std::min(place, ladder.steps.size() - 1)];
    }
    if (!value.empty() && !more.empty()) value += " ";
    done_ = key_of(row.act);
    return {0, row.act.event, value + more};
}

/// In the order in which they were pressed: a slow frame sees many.
VisitPanel::Wish VisitPanel::read_keys(Desk& desk, const Visit& visit, double clock, const Doer& does) {
    if (desk.settings_open) return Wish::none;
    Wish wish = Wish::none;
    for (const render::KeyPress& press : desk.window.keys_pressed()) {
        if (desk.focus.takes(press.key) || (desk.exam && (press.key == keys::kEscape || press.key == 'H'))) continue;
        const bool moves = press.key == keys::kUp || press.key == keys::kDown || press.key == keys::kLeft || press.key == keys::kRight;
        if (wish == Wish::none && (moves || !press.repeat)) wish = obey(press.key, visit, rows_of(desk, visit, clock), does);
        if (wish == Wish::on || wish == Wish::back) wish = step_on(wish, visit, does);
    }
    return wish;
}

/// Steps that this panel shows are begun at once; others are for the screen.
VisitPanel::Wish VisitPanel::step_on(Wish wish, const Visit& visit, const Doer& does) {
    const Step to = wish == Wish::back ? *visit.treatment().back() : visit.treatment().go_on().to;
    if (to == Step::needling || to == Step::closed) return wish;
    does({0, training::step_event(to), {}});
    focus_ = 0;
    return Wish::none;
}

VisitPanel::Wish VisitPanel::obey(int key, const Visit& visit, const std::vector<Row>& rows, const Doer& does) {
    if (key == keys::kEscape && leaving_) return Wish::leave;
    leaving_ = key == keys::kEscape;  // once more leaves: what was said and done cannot be gone on with
    if (key == keys::kPageDown) return Wish::on;
    if (key == keys::kPageUp || key == keys::kBackspace) return visit.treatment().back() ? Wish::back : Wish::none;
    if (key == 'H' && visit.step() == Step::follow_up && visit.needled()) return Wish::healing;
    if (rows.empty()) return Wish::none;
    const int last = static_cast<int>(rows.size()) - 1;
    focus_ = std::clamp(focus_, 0, last);
    const int step = key == keys::kDown ? 1 : key == keys::kUp ? -1 : 0, sideways = key == keys::kRight ? 1 : key == keys::kLeft ? -1 : 0;
    const Row& row = rows[static_cast<size_t>(focus_)];
    const size_t most = row.act.figure ? ladder_of(row.act.event).steps.size() : row.choices.size();
    if (step != 0) focus_ = std::clamp(focus_ + step, 0, last);
    if (sideways != 0 && most > 0) chosen(row) = std::clamp(chosen(row) + sideways, 0, static_cast<int>(most) - 1);
    if (step != 0 || sideways != 0) by_keyboard_ = bring_into_view_ = true;
    if (key == ' ' || key == keys::kEnter || key == keys::kPadEnter) {
        by_keyboard_ = bring_into_view_ = true;
        does(event_of(row));
    }
    return Wish::none;
}

void VisitPanel::read_figures(Desk& desk) {
    if (auto figures = VisitFigures::load(desk.options.places))
        figures_ = std::move(*figures);
    else
        desk.refuse(figures.error());
}

VisitPanel::Wish VisitPanel::frame(Desk& desk, const Visit& visit, double clock, const Doer& does) {
    const Style& style = desk.style;
    if (!std::exchange(figures_read_, true)) read_figures(desk);
    if (shown_ != visit.step()) {
        shown_ = visit.step();
        focus_ = 0;
        bring_into_view_ = !in_column(style);  // in a column the patient's record comes first
        if (in_column(style)) ImGui::SetScrollY(0);
    }
    const ImVec2 moved = ImGui::GetIO().MouseDelta;
    if (moved.x != 0 || moved.y != 0) by_keyboard_ = false;
    const Wish wish = read_keys(desk, visit, clock, does);
    const std::vector<Row> rows = rows_of(desk, visit, clock);
    focus_ = std::clamp(focus_, 0, std::max(0, static_cast<int>(rows.size()) - 1));
    const float margin = style.px(kMargin), top = margin + style.px(kVisitBar) + style.px(8);
    if (in_column(style))
        draw_steps_narrow(style, desk.words, visit.step());
    else
        draw_steps(style, desk.words, visit.step(), {margin, margin}, {desk.width() - 2 * margin, style.px(kVisitBar)});
    begin_panel("##visit", {margin, top}, {style.px(kVisitPanel), desk.height() - top - margin}, style);
    draw_record(desk, visit);
    training::Onward onward = visit.treatment().go_on();
    if (desk.exam) onward.open.clear();
    const float width = ImGui::GetContentRegionAvail().x;
    const std::string open = open_words(style, desk.words, onward, width - style.px(22));
    const float open_height = onward.open.empty() ? 0 : text_size(style.body, open, width - style.px(22)).y + style.px(8);
    const float foot = style.px(kButton) + style.body->FontSize + style.px(26) + open_height;
    begin_list(style, "##acts", {0, -foot});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    std::string heading;
    for (size_t i = 0; i < rows.size(); ++i) {
        const std::string now = heading_of(rows[i].act.event);
        if (now != heading && desk.words.has("act_group." + now)) {
            ImGui::Dummy({0, style.px(i == 0 ? 2 : 8)});
            text(style.strong, colour::kText, desk.words.name("act_group", now), width - style.px(16));
            ImGui::Dummy({0, style.px(4)});
        }
        heading = now;
        draw_row(desk, visit, rows[i], static_cast<int>(i), does);
    }
    bring_into_view_ = false;
    ImGui::PopStyleVar();
    end_list(style);
    const Wish clicked = draw_foot(desk, visit, onward, onward.open.empty() ? std::string() : open);
    end_panel(style);
    return wish == Wish::none ? clicked : wish;
}

void VisitPanel::draw_record(Desk& desk, const Visit& visit) const {
    const Style& style = desk.style;
    const Words& words = desk.words;
    const float width = ImGui::GetContentRegionAvail().x;
    const RowWords name = row_words(style.strong, visit.stage()->practice.name, width);
    text(style.strong, colour::kText, name.shown, name.wrap);
    const auto& record = visit.stage()->practice.consultation.record;
    if (!record) return;
    const std::string sex = record->sex == "female" ? words("scan.female") : record->sex == "male" ? words("scan.male") : record->sex;
    std::string who = words("visit.who", fmt::arg("age", record->age), fmt::arg("sex", sex));
    if (!record->occupation.empty()) who += "  \u00b7  " + record->occupation;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, style.px(3)});
    const RowWords about = row_words(style.body, who, width);
    text(style.body, colour::kSoft, about.shown, about.wrap);
    const std::pair<const char*, const std::string*> lines[] = {
        {"wish", &record->wish},       {"allergies", &record->allergies},   {"medicines", &record->medicines},
        {"history", &record->history}, {"treatments", &record->treatments}, {"pregnancy", &record->pregnancy}};
    float column = 0;
    for (const auto& [id, told] : lines) column = std::max(column, text_size(style.body, words.name("record", id)).x);
    column += style.px(14);
    for (const auto& [id, told] : lines) {
        // Later steps need the room; the wish stays before one's eyes.
        if (told->empty() || (visit.step() != Step::consultation && told != &record->wish)) continue;
        if (in_column(style)) {  // the name above what it says
            text(style.body, colour::kSoft, words.name("record", id), width);
            text(style.body, colour::kText, *told, width);
            continue;
        }
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        draw.AddText(style.body, style.body->FontSize, at, colour::kSoft, words.name("record", id).c_str());
        draw_text(draw, style.body, {at.x + column, at.y}, colour::kText, *told, width - column);
        ImGui::Dummy({width, text_size(style.body, *told, width - column).y});
    }
    ImGui::PopStyleVar();
    ImGui::Dummy({0, style.px(2)});
}

/// Chips that flow over as many lines as they need. Without `draw` only their height is told.
float VisitPanel::draw_choices(const Style& style, const Visit& visit, const Row& row, ImVec2 at, float width, bool draw,
                               bool in_hand, const Doer& does) {
    const float gap = style.px(5), line = style.px(kChipHeight);
    float x = 0, y = 0, height = line;
    for (size_t i = 0; i < row.choices.size(); ++i) {
        const std::string label = row.choices[i];
        const float wide = std::min(width, text_size(style.body, label).x + style.px(20));
        if (x > 0 && x + wide > width) {
            x = 0;
            y += height + gap;
            height = line;
        }
        // Words that are wider than the row stand in several lines.
        if (text_size(style.body, label).x > wide - style.px(2)) height = std::max(line, text_size(style.body, label, wide - style.px(8)).y + style.px(8));
        if (draw) {
            const ImVec2 from{at.x + x, at.y + y};
            ImGui::SetCursorScreenPos(from);
            const std::string& value = row.act.choices[i].value;
            const bool on = row.act.event == "glide_medium" ? visit.did(row.act.event, value) : row.act.done && row.act.given == value;
            ImGui::PushID(static_cast<int>(i));
            if (chip(style, label, {wide, height}, on)) {
                chosen(row) = static_cast<int>(i);
                does(event_of(row));
            }
            ImGui::PopID();
            if (in_hand && chosen(row) == static_cast<int>(i))
                ImGui::GetWindowDrawList()->AddRect({from.x - style.px(2), from.y - style.px(2)},
                                                    {from.x + wide + style.px(2), from.y + height + style.px(2)}, colour::kText,
                                                    style.px(9), 0, style.px(2));
        }
        x += wide + gap;
    }
    return y + height;
}

void VisitPanel::draw_figure(const Style& style, const Words& words, const Row& row, ImVec2 at, bool in_hand, const Doer& does) {
    const FigureLadder& ladder = ladder_of(row.act.event);
    const float side = style.px(kFigureHeight), value_width = style.px(96), gap = style.px(8);
    const bool below = in_column(style);  // the button that does it, under the others
    const int place = std::min(chosen(row), static_cast<int>(ladder.steps.size()) - 1);
    const std::string shown = figure_text(words, ladder, static_cast<size_t>(place));
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    ImGui::SetCursorScreenPos(at);
    if (button(style, "\u2212", {side, side}, false, place > 0)) chosen(row) = place - 1;
    const ImVec2 size = text_size(style.body, shown);
    const bool set = row.act.done && row.act.given == ladder.steps[static_cast<size_t>(place)];
    draw.AddText(style.body, style.body->FontSize, {at.x + side + (value_width - size.x) * 0.5f, at.y + (side - size.y) * 0.5f},
                 set ? colour::kBlue : colour::kText, shown.c_str());
    ImGui::SetCursorScreenPos({at.x + side + value_width, at.y});
    if (button(style, "+", {side, side}, false, place + 1 < static_cast<int>(ladder.steps.size()))) chosen(row) = place + 1;
    const ImVec2 from = below ? ImVec2{at.x, at.y + side + style.px(5)} : ImVec2{at.x + 2 * side + value_width + gap, at.y};
    const ImVec2 do_size{below ? 2 * side + value_width : style.px(110), side};
    ImGui::SetCursorScreenPos(from);
    const char* does_words = row.act.event == training::kWait         ? "visit.let_pass"
                             : row.act.event == training::kFollowLook ? "visit.look"
                             : set                                    ? "visit.is_set"
                                                                      : "visit.set";
    if (chip(style, words(does_words), do_size, set)) does(event_of(row));
    if (in_hand)
        draw.AddRect({from.x - style.px(2), from.y - style.px(2)}, {from.x + do_size.x + style.px(2), from.y + side + style.px(2)},
                     colour::kText, style.px(9), 0, style.px(2));
}

/// The whole row is the button where it has no choices.
void VisitPanel::draw_row(Desk& desk, const Visit& visit, const Row& row, int index, const Doer& does) {
    const Style& style = desk.style;
    const float width = ImGui::GetContentRegionAvail().x - style.px(6), indent = style.px(kIndent), pad = style.px(6);
    const float inner = width - indent - style.px(8), gap = style.px(3);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const bool plain = row.choices.empty() && !row.act.figure;
    float height = pad + text_size(style.body, row.name, inner).y;
    for (const std::string* more : {&row.answer, &row.note})
        if (!more->empty()) height += gap + text_size(style.body, *more, inner).y;
    const float controls = height + style.px(5);
    if (!row.choices.empty()) height = controls + draw_choices(style, visit, row, at, inner, false, false, does);
    if (row.act.figure) height = controls + (in_column(style) ? style.px(2 * kFigureHeight + 5) : style.px(kFigureHeight));
    height += pad;

    ImGui::PushID(index);
    const bool clicked = ImGui::InvisibleButton("##row", {width, height});
    ImGui::SetItemAllowOverlap();
    const bool hovered = ImGui::IsItemHovered(), in_hand = focus_ == index;
    if (hovered && !by_keyboard_) focus_ = index;
    if (in_hand && bring_into_view_) scroll_here(style);
    if (clicked && plain) does(event_of(row));
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const ImVec2 end{at.x + width, at.y + height};
    if (in_hand || (hovered && plain)) draw.AddRectFilled(at, end, IM_COL32(255, 255, 255, 18), style.px(8));
    if (in_hand && by_keyboard_) draw.AddRect({at.x + 1, at.y + 1}, {end.x - 1, end.y - 1}, colour::kBlue, style.px(8), 0, style.px(2));

    const Mark mark = row.act.done ? Mark::target : !row.act.impossible.empty() ? Mark::none : !row.act.unwise.empty() ? Mark::warning : Mark::open;
    draw_mark(draw, {at.x + style.px(18), at.y + pad + style.body->FontSize * 0.5f}, style.px(14), mark);
    float y = at.y + pad;
    const auto line = [&](const std::string& words, ImU32 shade) {
        draw_text(draw, style.body, {at.x + indent, y}, shade, words, inner + 1);
        y += text_size(style.body, words, inner).y + gap;
    };
    line(row.name, row.answer.empty() ? colour::kText : colour::kSoft);
    if (!row.answer.empty()) line(row.answer, colour::kText);
    if (!row.note.empty()) line(row.note, row.act.done ? colour::kSoft : row.act.unwise.empty() ? colour::kFaint : colour::kAmber);
    const ImVec2 below{at.x + indent, at.y + controls};
    const bool keyed = in_hand && by_keyboard_;
    if (!row.choices.empty()) draw_choices(style, visit, row, below, inner, true, keyed, does);
    if (row.act.figure) draw_figure(style, desk.words, row, below, keyed, does);
    ImGui::SetCursorScreenPos({at.x, end.y + style.px(2)});
    ImGui::PopID();
}

VisitPanel::Wish VisitPanel::draw_foot(Desk& desk, const Visit& visit, const training::Onward& onward, const std::string& open) const {
    Wish wish = Wish::none;
    const Style& style = desk.style;
    const float width = ImGui::GetContentRegionAvail().x, gap = style.px(8);
    ImGui::Dummy({0, style.px(2)});
    if (!open.empty()) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_mark(*ImGui::GetWindowDrawList(), {at.x + style.px(8), at.y + style.body->FontSize * 0.5f}, style.px(12), Mark::open);
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + style.px(22));
        text(style.body, colour::kSoft, open, width - style.px(22));
    }
    const auto press = [&](const FootButton& one, ImVec2 size) {
        if (button(style, one.words, size, one.primary, one.enabled)) wish = one.wish;
    };
    const auto [on, aside, leave] = foot_buttons(desk, visit, onward);
    const float tall = style.px(kButton), small = width * 0.24f;
    if (in_column(style)) {
        for (const FootButton* one : {&on, &aside, &leave}) press(*one, {width, tall});
        text(style.body, colour::kFaint, desk.words("visit.keys"), width);
        return wish;
    }
    press(leave, {small, tall});
    ImGui::SameLine(0, gap);
    press(aside, {small, tall});
    ImGui::SameLine(0, gap);
    press(on, {width - 2 * small - 2 * gap, tall});
    text(style.body, colour::kFaint, fit(style.body, desk.words("visit.keys"), width));
    return wish;
}

/// On, back or healing, leave. An exam has no way out and shows no healing.
std::array<VisitPanel::FootButton, 3> VisitPanel::foot_buttons(const Desk& desk, const Visit& visit, const training::Onward& onward) const {
    const Words& words = desk.words;
    const bool heals = visit.step() == Step::follow_up && visit.needled() && !desk.exam;
    return {FootButton{Wish::on,
                       onward.to == Step::closed ? words("visit.close")
                                                 : words("visit.on", fmt::arg("step", words.name("step", training::step_name(onward.to)))),
                       true, true},
            heals ? FootButton{Wish::healing, words("visit.healing"), false, true}
                  : FootButton{Wish::back, words("visit.back"), false, visit.treatment().back().has_value()},
            FootButton{Wish::leave, words(leaving_ ? "visit.leave_again" : "practice.leave"), leaving_, !desk.exam}};
}

}  // namespace app
