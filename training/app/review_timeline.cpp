#include "training/app/review_timeline.h"

#include "training/app/coach_view.h"
#include "training/core/decimal.h"
#include "training/core/html.h"
#include "training/core/joined.h"

#include <algorithm>
#include <cmath>

namespace app {

Mark verdict_mark(training::Verdict verdict) {
    switch (verdict) {
        case training::Verdict::target: return Mark::target;
        case training::Verdict::warning: return Mark::warning;
        case training::Verdict::beyond: return Mark::beyond;
        case training::Verdict::critical: return Mark::critical;
        case training::Verdict::not_assessed: break;
    }
    return Mark::none;
}

namespace {

using training::Ribbon;
using training::RibbonBin;

constexpr float kNames = 132;         // design pixels at the left, the least
constexpr float kMostNames = 0.25f;   // of the width
constexpr float kNameSize = 14;       // design pixels
constexpr float kVerdict = 16;       // design pixels, of a verdict's mark beside a name
constexpr float kNameAbove = 17;      // design pixels, of a name that stands above its row, as in a column
constexpr float kOtherRows = 3;       // strokes, cues, events with notes
constexpr float kRuler = 20, kFault = 18, kRibbon = 18, kStrokes = 14, kCues = 16, kTold = 18, kLegend = 20;
constexpr float kApart = 6;           // design pixels: faults nearer to each other are drawn as one
constexpr float kBin = 4;             // design pixels, of a ribbon's stretch of time
constexpr float kLegendMark = 12;     // design pixels
constexpr float kLegendEntries = 8;
constexpr size_t kShownFaults = 5;  // rows; the others scroll
constexpr double kLeastShown_us = 2e6;
constexpr double kZoom = 1.25;  // a notch of the wheel
constexpr const char* kRibbonNames[] = {"review.force", "review.tilt", "review.speed", "review.depth"};

std::string value_words(const Words& words, Ribbon what, int64_t value) {
    switch (what) {
        case Ribbon::force: return words("review.value_force", fmt::arg("value", training::fixed_decimal(value, 2)));
        case Ribbon::tilt: return words("review.value_tilt", fmt::arg("value", training::fixed_decimal(value * 10, 1)));
        case Ribbon::speed: return words("review.value_speed", fmt::arg("value", training::fixed_decimal(value / 10, 1)));
        case Ribbon::depth: return words("review.value_depth", fmt::arg("value", training::fixed_decimal(value, 2)));
    }
    return {};
}

const char* level_words(RibbonBin::Level level) {
    using enum RibbonBin::Level;
    return level == below ? "review.below" : level == above ? "review.above" : "review.within";
}

ImU32 level_colour(RibbonBin::Level level) {
    using enum RibbonBin::Level;
    return level == within ? colour::kBlue : level == above ? colour::kVermilion : colour::kAmber;
}

void draw_event(ImDrawList& draw, const Style& style, ImVec2 middle) {
    const float half = style.px(4.5);
    draw.AddQuadFilled({middle.x - half, middle.y}, {middle.x, middle.y - half}, {middle.x + half, middle.y}, {middle.x, middle.y + half}, colour::kText);
}

/// A pin whose point is at `foot`.
void draw_pin(ImDrawList& draw, const Style& style, ImVec2 foot) {
    draw.AddCircleFilled({foot.x, foot.y - style.px(10)}, style.px(4.5), colour::kText);
    draw.AddTriangleFilled({foot.x - style.px(3), foot.y - style.px(7)}, {foot.x + style.px(3), foot.y - style.px(7)}, foot, colour::kText);
}

/// px
float legend_height(const Style& style) {
    return style.px(in_column(style) ? kLegendEntries * kNameAbove : kLegend);
}

/// A step between marks of the ruler that leaves them at least so far apart.
double ruler_step_us(double least_us) {
    for (const double seconds : {0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0})
        if (seconds * 1e6 >= least_us) return seconds * 1e6;
    return 1200e6;
}

}  // namespace

ReviewTimeline::ReviewTimeline(std::shared_ptr<const ScoredSession> session, Aside& aside)
    : session_(std::move(session)), ribbons_(*session_->stage->face, session_->rubric) {
    const training::Recording& recording = session_->recording;
    faults_ = training::fault_rows(session_->score);
    fault_moments_ = training::fault_moments(faults_);
    for (const training::FaultRow& row : faults_) fault_count_ += row.spans.size();
    strokes_ = training::stroke_spans(recording.contacts);
    for (size_t i = 0; i < recording.events.size(); ++i)
        if (training::is_told(recording.events[i])) events_.push_back(i);
    if (!recording.samples.empty()) end_us_ = std::max(1u, recording.samples.back().time_us);
    if (!recording.events.empty()) end_us_ = std::max(end_us_, recording.events.back().time_us);
    shown_us_ = end_us_;
    other_coach_ = training::other_coach(recording, *session_->stage);
    finding_cues_.emplace(aside, [told = session_](std::stop_token) { return training::cues_of(told->recording, *told->stage, told->rubric); });
}

/// px
float ReviewTimeline::faults_height(const Style& style) const {
    const size_t rows = in_column(style) ? faults_.size() : std::min(faults_.size(), kShownFaults);
    return style.px(kFault) * static_cast<float>(std::max<size_t>(1, rows));
}

float ReviewTimeline::height(const Style& style) const {
    const auto named = static_cast<float>(std::max<size_t>(1, faults_.size()) + training::kRibbons) + kOtherRows;
    const float names = in_column(style) ? (named + 1) * kNameAbove : 0;
    return faults_height(style) + style.px(kRuler + kRibbon * training::kRibbons + kStrokes + kCues + kTold + names) + legend_height(style);
}

float ReviewTimeline::x_of(const Frame& frame, double time_us) const {
    return frame.left + static_cast<float>((time_us - begin_us_) / shown_us_) * (frame.right - frame.left);
}

uint32_t ReviewTimeline::time_at(const Frame& frame, float x) const {
    const double share = std::clamp((x - frame.left) / (frame.right - frame.left), 0.0f, 1.0f);
    return static_cast<uint32_t>(std::clamp(begin_us_ + share * shown_us_, 0.0, static_cast<double>(end_us_)));
}

/// A drag scrubs, from a mark as soon as the pointer leaves it; the wheel shows a shorter or longer stretch round the pointer.
void ReviewTimeline::read_mouse(Frame& frame) {
    ImGuiIO& io = ImGui::GetIO();
    const bool on_axis = frame.hovered && frame.mouse.x >= frame.left && frame.mouse.x <= frame.right;
    if (on_axis && ImGui::IsMouseClicked(0)) dragging_ = true;
    if (!ImGui::IsMouseDown(0)) dragging_ = on_mark_ = false;
    if (ImGui::IsMouseDragging(0)) on_mark_ = false;
    if (dragging_ && !on_mark_) frame.wish.time_us = time_at(frame, frame.mouse.x);
    if (!on_axis || io.MouseWheel == 0) return;
    const double under = time_at(frame, frame.mouse.x), share = (frame.mouse.x - frame.left) / (frame.right - frame.left);
    shown_us_ = std::clamp(shown_us_ * std::pow(kZoom, -io.MouseWheel), std::min(kLeastShown_us, double{1} * end_us_), double{1} * end_us_);
    begin_us_ = std::clamp(under - share * shown_us_, 0.0, end_us_ - shown_us_);
}

/// Width of a row's name.
static float name_size(const Style& style, const std::string& name) {
    return text_size(style.body, name).x * style.px(kNameSize) / style.body->FontSize;
}

std::string ReviewTimeline::faults_words(const Words& words) const {
    return words("review.faults", fmt::arg("faults", fault_count_), fmt::arg("lines", faults_.size()));
}

/// As wide as the longest name of a row, as far as the time leaves room.
float ReviewTimeline::names_width(const Style& style, const Words& words, float width) const {
    if (in_column(style)) return 0;  // they stand above
    float widest = style.px(kNames);
    const auto holds = [&](const std::string& name, float beside = 0) {
        widest = std::max(widest, name_size(style, name) + style.px(12 + beside));
    };
    for (const training::FaultRow& row : faults_) holds(session_->score.criteria[row.criterion].criterion.name, kVerdict);
    holds(faults_words(words));
    for (const char* name : kRibbonNames) holds(words(name));
    holds(words("review.events_notes"));
    if (other_coach_) holds(words("review.other_coach"));
    return std::min(widest, std::max(style.px(kNames), width * kMostNames));
}

ReviewTimeline::Wish ReviewTimeline::draw(const Style& style, const Words& words, uint32_t now_us,
                                          const std::vector<training::Note>& notes) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, rows = height(style);
    const ImVec2 end{at.x + width, at.y + rows};
    ImGui::InvisibleButton("##timeline", {width, rows});
    const ImVec2 behind = ImGui::GetCursorScreenPos();
    Frame frame{*ImGui::GetWindowDrawList(), style, words, at, at.x + names_width(style, words, width), at.x + width - style.px(10),
                ImGui::GetIO().MousePos, ImGui::IsItemHovered() || (ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows) && ImGui::IsMouseHoveringRect(at, end)),
                at.y, {}, {}};
    // While it plays on beyond what is shown, the stretch goes along.
    if (!dragging_ && (now_us < begin_us_ || now_us > begin_us_ + shown_us_))
        begin_us_ = std::clamp(now_us - 0.1 * shown_us_, 0.0, end_us_ - shown_us_);
    read_mouse(frame);
    // Names that stand above their rows lie over the playhead, which goes through them.
    frame.draw.ChannelsSplit(2);
    draw_ruler(frame);
    draw_faults(frame, now_us);
    draw_ribbons(frame);
    draw_strokes(frame);
    draw_cues(frame);
    draw_told(frame, notes);
    draw_now(frame, now_us);
    draw_legend(frame);
    frame.draw.ChannelsMerge();
    if (dragging_ && ImGui::IsMouseClicked(0)) on_mark_ = frame.wish.time_us != time_at(frame, frame.mouse.x);
    ImGui::SetCursorScreenPos(behind);
    if (frame.hovered && frame.mouse.x >= frame.left && !dragging_) {
        const std::string when = training::clock_moment(time_at(frame, frame.mouse.x));
        ImGui::BeginTooltip();
        text(style.body, colour::kText, frame.tip.empty() ? when : when + "  " + frame.tip, style.px(380));
        ImGui::EndTooltip();
    }
    return frame.wish;
}

/// A verdict's mark stands beside the name: what is too short on the row for a mark of its own is told by more than its colour.
void ReviewTimeline::name_row(Frame& frame, const std::string& name, float height, std::optional<Mark> verdict, ImU32 shade) const {
    const Style& style = frame.style;
    const float size = style.px(kNameSize), beside = verdict ? style.px(kVerdict) : 0;
    if (in_column(style)) {
        frame.draw.ChannelsSetCurrent(1);
        frame.draw.AddText(style.body, size, {frame.at.x, frame.y + style.px(1)}, shade, name.c_str());
        if (verdict)
            draw_mark(frame.draw, {frame.at.x + name_size(style, name) + beside * 0.6f, frame.y + style.px(kNameAbove * 0.5f)}, style.px(11), *verdict);
        frame.draw.ChannelsSetCurrent(0);
        frame.y += style.px(kNameAbove);
    } else {
        frame.draw.AddText(style.body, size, {frame.at.x, frame.y + (height - size) * 0.5f - style.px(1)}, shade,
                           fit(style.body, name, (frame.left - frame.at.x - style.px(6) - beside) * style.body->FontSize / size).c_str());
        if (verdict) draw_mark(frame.draw, {frame.left - beside * 0.6f, frame.y + height * 0.5f}, style.px(11), *verdict);
    }
    frame.draw.AddRectFilled({frame.left, frame.y + style.px(1)}, {frame.right, frame.y + height - style.px(1)}, colour::kCard);
}

bool ReviewTimeline::over_row(const Frame& frame, float height) const {
    return frame.hovered && frame.mouse.y >= frame.y && frame.mouse.y < frame.y + height;
}

void ReviewTimeline::draw_ruler(Frame& frame) const {
    const float size = frame.style.px(13);
    if (in_column(frame.style)) {
        frame.draw.AddText(frame.style.body, frame.style.px(kNameSize), frame.at, colour::kSoft, faults_words(frame.words).c_str());
        frame.y += frame.style.px(kNameAbove);
    } else if (!faults_.empty()) {
        frame.draw.AddText(frame.style.body, frame.style.px(kNameSize), frame.at, colour::kSoft, faults_words(frame.words).c_str());
    }
    const double per_pixel = shown_us_ / (frame.right - frame.left), step = ruler_step_us(per_pixel * frame.style.px(64));
    for (double time = std::ceil(begin_us_ / step) * step; time <= begin_us_ + shown_us_; time += step) {
        const float x = x_of(frame, time);
        frame.draw.AddLine({x, frame.y + frame.style.px(15)}, {x, frame.at.y + height(frame.style) - legend_height(frame.style)}, IM_COL32(62, 70, 80, 255));
        const std::string told = step < 1e6 ? training::clock_moment(static_cast<uint32_t>(time)) : training::clock_time(time * 1e-6);
        if (x + frame.style.px(30) < frame.right)
            frame.draw.AddText(frame.style.body, size, {x + frame.style.px(2), frame.y}, colour::kSoft, told.c_str());
    }
    frame.y += frame.style.px(kRuler);
}

/// Those that have no room scroll: by the wheel over their names, as over the times it zooms.
void ReviewTimeline::draw_faults(Frame& frame, uint32_t now_us) {
    const Style& style = frame.style;
    if (faults_.empty()) {
        name_row(frame, frame.words("review.no_faults"), style.px(kFault));
        frame.y += style.px(kFault);
        return;
    }
    if (in_column(style)) return list_faults(frame, now_us);
    const float height = faults_height(style);
    const ImVec2 from{frame.at.x, frame.y}, to{frame.right + style.px(10), frame.y + height};
    ImGui::SetCursorScreenPos(from);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    ImGui::BeginChild("##faults", {to.x - from.x, height}, false, frame.mouse.x < frame.left ? 0 : ImGuiWindowFlags_NoScrollWithMouse);
    const bool hovered = frame.hovered && ImGui::IsMouseHoveringRect(from, to);
    Frame inner{*ImGui::GetWindowDrawList(), style, frame.words, frame.at, frame.left, frame.right, frame.mouse, hovered, ImGui::GetCursorScreenPos().y, {}, {}};
    list_faults(inner, now_us);
    draw_now_line(inner, now_us, from.y, to.y);
    ImGui::SetCursorScreenPos({from.x, inner.y});
    ImGui::Dummy({1, 0});  // as far as it scrolls
    ImGui::EndChild();
    ImGui::PopStyleVar();
    if (inner.wish.criterion || inner.wish.time_us) frame.wish = inner.wish;
    frame.tip = inner.tip;
    frame.y = to.y;
}

void ReviewTimeline::list_faults(Frame& frame, uint32_t now_us) {
    for (size_t row = 0; row < faults_.size(); ++row) draw_fault_row(frame, row, now_us);
}

/// Scrolls the present window by as little as shows a row of it.
static void show_row(float top, float foot) {
    const float first = ImGui::GetWindowPos().y, last = first + ImGui::GetWindowHeight();
    if (top < first) ImGui::SetScrollY(ImGui::GetScrollY() + top - first);
    if (foot > last) ImGui::SetScrollY(ImGui::GetScrollY() + foot - last);
}

/// What is wrong at the moment shown has a bright name.
void ReviewTimeline::draw_fault_row(Frame& frame, size_t index, uint32_t now_us) {
    const Style& style = frame.style;
    const training::FaultRow& row = faults_[index];
    const training::CriterionScore& line = session_->score.criteria[row.criterion];
    const float height = style.px(kFault), top = frame.y;
    name_row(frame, line.criterion.name, height, verdict_mark(line.verdict), training::is_wrong_at(row, now_us) ? colour::kText : colour::kSoft);
    const ImVec2 to = in_column(style) ? ImVec2{frame.right, frame.y} : ImVec2{frame.left - style.px(2), frame.y + height};
    ImGui::PushID(static_cast<int>(index));
    bool chosen = style.focus && style.focus->control(ImGui::GetID("##line"), {frame.at.x, top}, to, style.unit);
    ImGui::PopID();
    chosen |= frame.hovered && ImGui::IsMouseHoveringRect({frame.at.x, top}, to) && ImGui::IsMouseClicked(0);
    if (chosen) choose_line(frame, row, now_us);
    if (bring_ == index) {
        if (!in_column(style)) show_row(top, top + height);
        bring_.reset();
    }
    if (row.spans.empty()) {
        frame.draw.AddText(style.body, style.px(13), {frame.left + style.px(4), frame.y}, colour::kSoft, frame.words("review.no_moment").c_str());
    } else {
        draw_spans(frame, row, height);
        read_fault_row(frame, row, height);
    }
    frame.y += height;
}

/// From one of its faults to the next, and round.
void ReviewTimeline::choose_line(Frame& frame, const training::FaultRow& row, uint32_t now_us) const {
    frame.wish.criterion = row.criterion;
    if (row.spans.empty()) return;
    const std::vector<uint32_t> own = training::fault_moments({&row, 1});
    frame.wish.time_us = training::moment_after(own, now_us, true).value_or(own.front());
    frame.wish.look = true;
}

void ReviewTimeline::draw_spans(Frame& frame, const training::FaultRow& row, float height) const {
    const Style& style = frame.style;
    if (!ImGui::IsRectVisible({frame.left, frame.y}, {frame.right, frame.y + height})) return;
    const Mark mark = verdict_mark(session_->score.criteria[row.criterion].verdict);
    const float middle = frame.y + height * 0.5f;
    const auto apart_us = static_cast<uint32_t>(style.px(kApart) * shown_us_ / (frame.right - frame.left));
    for (const training::TimeSpan& span : training::joined_spans(row.spans, apart_us)) {
        const float from = std::max(frame.left, x_of(frame, span.begin_us) - style.px(2));
        const float to = std::min(frame.right, std::max(x_of(frame, span.end_us), x_of(frame, span.begin_us) + style.px(2)));
        if (to < frame.left || from > frame.right) continue;
        frame.draw.AddRectFilled({from, middle - style.px(4)}, {to, middle + style.px(4)}, mark_colour(mark), style.px(2));
        if (to - from > style.px(15)) draw_mark(frame.draw, {(from + to) * 0.5f, middle}, style.px(11), mark);
    }
}

/// The fault under the pointer: told, and gone to by a click.
void ReviewTimeline::read_fault_row(Frame& frame, const training::FaultRow& row, float height) const {
    if (!over_row(frame, height) || frame.mouse.x < frame.left) return;
    const training::CriterionScore& line = session_->score.criteria[row.criterion];
    const float about = frame.style.px(5);
    for (const training::TimeSpan& span : row.spans) {
        if (frame.mouse.x < x_of(frame, span.begin_us) - about || frame.mouse.x > x_of(frame, span.end_us) + about) continue;
        frame.tip = training::with_colon(frame.words, line.criterion.name, frame.words.name("verdict", training::verdict_name(line.verdict)));
        if (!line.reason.empty()) frame.tip += ". " + line.reason;
        if (!ImGui::IsMouseClicked(0)) continue;
        frame.wish.criterion = row.criterion;
        frame.wish.time_us = training::telling_moment(span);
        frame.wish.look = true;
    }
}

const std::vector<RibbonBin>& ReviewTimeline::bins(Ribbon what, size_t count) {
    Kept& kept = kept_[static_cast<size_t>(what)];
    if (kept.begin_us != begin_us_ || kept.shown_us != shown_us_ || kept.bins.size() != count)
        kept = {begin_us_, shown_us_,
                ribbons_.bins(what, session_->recording.contacts, session_->recording.punctures, static_cast<uint32_t>(begin_us_),
                              static_cast<uint32_t>(begin_us_ + shown_us_), count)};
    return kept.bins;
}

void ReviewTimeline::draw_ribbons(Frame& frame) {
    for (size_t i = 0; i < training::kRibbons; ++i) draw_ribbon(frame, static_cast<Ribbon>(i));
}

void ReviewTimeline::draw_ribbon(Frame& frame, Ribbon what) {
    const Style& style = frame.style;
    const float height = style.px(kRibbon), third = (height - style.px(3)) / 3;
    name_row(frame, frame.words(kRibbonNames[static_cast<size_t>(what)]), height);
    const auto count = static_cast<size_t>(std::max(1.0f, (frame.right - frame.left) / style.px(kBin)));
    const std::vector<RibbonBin>& all = bins(what, count);
    const float step = (frame.right - frame.left) / static_cast<float>(count);
    using enum RibbonBin::Level;
    for (size_t i = 0; i < count; ++i) {
        const RibbonBin::Level level = all[i].level();
        if (level == none) continue;
        const float x = frame.left + static_cast<float>(i) * step;
        const float top = frame.y + style.px(1.5) + third * (level == above ? 0 : level == within ? 1 : 2);
        frame.draw.AddRectFilled({x, top}, {x + std::max(step, 1.0f), top + third}, level_colour(level));
    }
    if (over_row(frame, height) && frame.mouse.x >= frame.left && frame.mouse.x < frame.right) {
        const RibbonBin& bin = all[std::min(count - 1, static_cast<size_t>((frame.mouse.x - frame.left) / step))];
        frame.tip = frame.words(kRibbonNames[static_cast<size_t>(what)]);
        if (bin.count > 0) frame.tip = training::with_colon(frame.words, frame.tip, value_words(frame.words, what, bin.mean()) + ", " + frame.words(level_words(bin.level())));
    }
    frame.y += height;
}

void ReviewTimeline::draw_strokes(Frame& frame) const {
    const Style& style = frame.style;
    const float height = style.px(kStrokes);
    name_row(frame, frame.words("review.strokes", fmt::arg("count", strokes_.size())), height);
    for (const training::TimeSpan& stroke : strokes_) {
        const float from = x_of(frame, stroke.begin_us), to = std::max(x_of(frame, stroke.end_us) - style.px(0.7), from + 1);
        if (to < frame.left || from > frame.right) continue;
        frame.draw.AddRectFilled({std::max(from, frame.left), frame.y + style.px(3)}, {std::min(to, frame.right), frame.y + height - style.px(3)},
                                 colour::kSoft);
    }
    frame.y += height;
}

/// The graver, the taller.
void ReviewTimeline::draw_cues(Frame& frame) {
    if (auto found = finding_cues_->poll()) cues_ = std::move(*found);
    const Style& style = frame.style;
    const float height = style.px(kCues), inner = height - style.px(3);
    // Found now, which is what was told as long as the coach goes by the same figures.
    name_row(frame, frame.words(other_coach_ ? "review.other_coach" : "coach.title"), height);
    const bool over = over_row(frame, height);
    for (const training::Cue& cue : cues_) {
        const float from = x_of(frame, cue.since_us), to = std::max(x_of(frame, cue.until_us), from + style.px(1.5));
        if (to < frame.left || from > frame.right) continue;
        static constexpr Mark kMarks[] = {Mark::warning, Mark::beyond, Mark::critical};
        const auto grave = static_cast<size_t>(cue.severity);
        const float tall = inner * static_cast<float>(grave + 1) / 3;
        frame.draw.AddRectFilled({std::max(from, frame.left), frame.y + inner - tall}, {std::min(to, frame.right), frame.y + inner},
                                 mark_colour(kMarks[grave]));
        if (!over || frame.mouse.x < from || frame.mouse.x > to) continue;
        frame.tip = frame.words.name("coach", cue_words(cue));
        if (!ImGui::IsMouseClicked(0)) continue;
        frame.wish.time_us = cue.since_us;
        frame.wish.look = true;
    }
    frame.y += height;
}

/// Events, and notes over them.
void ReviewTimeline::draw_told(Frame& frame, const std::vector<training::Note>& notes) const {
    const float height = frame.style.px(kTold);
    name_row(frame, frame.words("review.events_notes"), height);
    const bool over = over_row(frame, height);
    draw_events(frame, height, over);
    draw_notes(frame, notes, height, over);
    frame.y += height;
}

void ReviewTimeline::draw_events(Frame& frame, float height, bool over) const {
    const Style& style = frame.style;
    for (const size_t i : events_) {
        const input::ProcedureEvent& event = session_->recording.events[i];
        const float x = x_of(frame, event.time_us);
        if (x < frame.left || x > frame.right) continue;
        draw_event(frame.draw, style, {x, frame.y + height * 0.5f});
        if (!over || std::abs(frame.mouse.x - x) > style.px(4.5) + 1) continue;
        frame.tip = frame.words.name("review_event", event.name);
        if (!event.value.empty()) frame.tip = training::with_colon(frame.words, frame.tip, frame.words.name("zone", event.value));
        if (ImGui::IsMouseClicked(0)) frame.wish.time_us = event.time_us;
    }
}

void ReviewTimeline::draw_notes(Frame& frame, const std::vector<training::Note>& notes, float height, bool over) const {
    const Style& style = frame.style;
    for (const training::Note& note : notes) {
        const float x = x_of(frame, note.time_us);
        if (x < frame.left || x > frame.right) continue;
        draw_pin(frame.draw, style, {x, frame.y + height - style.px(1)});
        if (!over || std::abs(frame.mouse.x - x) > style.px(6)) continue;
        frame.tip = training::with_colon(frame.words, note.author, note.text);
        if (!ImGui::IsMouseClicked(0)) continue;
        frame.wish.time_us = note.time_us;
        frame.wish.note = note.id;
    }
}

/// What marks, ribbons and signs mean: in a row, in a column below each other.
void ReviewTimeline::draw_legend(Frame& frame) const {
    const Style& style = frame.style;
    const float size = style.px(kNameSize), mark = style.px(kLegendMark), high = style.px(in_column(style) ? kNameAbove : kLegend);
    float x = frame.at.x, y = frame.y;
    const auto entry = [&](const std::string& told, const auto& draw_sign) {
        draw_sign(ImVec2{x + mark * 0.5f, y + high * 0.5f});
        frame.draw.AddText(style.body, size, {x + mark + style.px(5), y + (high - size) * 0.5f - style.px(1)}, colour::kSoft, told.c_str());
        if (in_column(style))
            y += high;
        else
            x += mark + style.px(5 + 16) + name_size(style, told);
    };
    for (const training::Verdict verdict : {training::Verdict::warning, training::Verdict::beyond, training::Verdict::critical})
        entry(frame.words.name("verdict", training::verdict_name(verdict)), [&](ImVec2 middle) { draw_mark(frame.draw, middle, mark, verdict_mark(verdict)); });
    using enum RibbonBin::Level;
    for (const auto& [level, third] : {std::pair{above, -1.0f}, std::pair{within, 0.0f}, std::pair{below, 1.0f}})
        entry(frame.words(level_words(level)), [&](ImVec2 middle) {
            const float half = style.px(2), at = middle.y + third * 2 * half;
            frame.draw.AddRectFilled({middle.x - mark * 0.5f, middle.y - 3 * half}, {middle.x + mark * 0.5f, middle.y + 3 * half}, colour::kTrack);
            frame.draw.AddRectFilled({middle.x - mark * 0.5f, at - half}, {middle.x + mark * 0.5f, at + half}, level_colour(level));
        });
    entry(frame.words("review.event"), [&](ImVec2 middle) { draw_event(frame.draw, style, middle); });
    entry(frame.words("review.note"), [&](ImVec2 middle) { draw_pin(frame.draw, style, {middle.x, middle.y + style.px(7)}); });
    frame.y = y + high;
}

void ReviewTimeline::draw_now(Frame& frame, uint32_t now_us) const {
    const float x = x_of(frame, now_us), above = in_column(frame.style) ? kNameAbove : 0;
    const float top = frame.at.y + frame.style.px(above + kRuler - 4);
    if (x < frame.left - 1 || x > frame.right + 1) return;
    const float half = frame.style.px(in_column(frame.style) ? 3 : 6);  // between the ruler's numbers and a name above its row
    draw_now_line(frame, now_us, top, frame.y);
    frame.draw.AddTriangleFilled({x - half, top - half}, {x + half, top - half}, {x, top + half}, colour::kText);
}

void ReviewTimeline::draw_now_line(Frame& frame, uint32_t now_us, float top, float foot) const {
    const float x = x_of(frame, now_us);
    if (x < frame.left - 1 || x > frame.right + 1) return;
    frame.draw.AddLine({x, top}, {x, foot}, colour::kText, frame.style.px(2));
}

std::optional<uint32_t> ReviewTimeline::fault_after(uint32_t time_us, bool forwards) {
    const std::optional<uint32_t> moment = training::moment_after(fault_moments_, time_us, forwards);
    if (!moment) return std::nullopt;
    const auto row = std::ranges::find_if(faults_, [&](const training::FaultRow& one) { return training::is_wrong_at(one, *moment); });
    if (row != faults_.end()) bring_ = static_cast<size_t>(row - faults_.begin());
    return moment;
}

std::vector<size_t> ReviewTimeline::wrong_at(uint32_t time_us) const {
    std::vector<size_t> wrong;
    for (const training::FaultRow& row : faults_)
        if (training::is_wrong_at(row, time_us)) wrong.push_back(row.criterion);
    return wrong;
}

}  // namespace app
