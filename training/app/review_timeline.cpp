#include "training/app/review_timeline.h"

#include "training/app/coach_view.h"
#include "training/core/decimal.h"
#include "training/core/html.h"

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
constexpr float kNameAbove = 17;      // design pixels, of a name that stands above its row, as in a column
constexpr float kOtherRows = 4;       // strokes, cues, events, notes
constexpr float kRuler = 20, kFault = 15, kRibbon = 17, kStrokes = 11, kCues = 14, kEvents = 15, kNotes = 17;
constexpr size_t kMostFaults = 6;
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
    if (faults_.size() > kMostFaults) faults_.resize(kMostFaults);
    strokes_ = training::stroke_spans(recording.contacts);
    for (size_t i = 0; i < recording.events.size(); ++i)
        if (training::is_told(recording.events[i])) events_.push_back(i);
    if (!recording.samples.empty()) end_us_ = std::max(1u, recording.samples.back().time_us);
    if (!recording.events.empty()) end_us_ = std::max(end_us_, recording.events.back().time_us);
    shown_us_ = end_us_;
    other_coach_ = training::other_coach(recording, *session_->stage);
    finding_cues_.emplace(aside, [told = session_](std::stop_token) { return training::cues_of(told->recording, *told->stage, told->rubric); });
}

float ReviewTimeline::height(const Style& style) const {
    const auto faults = static_cast<float>(std::max<size_t>(1, faults_.size()));
    const float names = in_column(style) ? (faults + training::kRibbons + kOtherRows) * kNameAbove : 0;
    return style.px(kRuler + kFault * faults + kRibbon * training::kRibbons + kStrokes + kCues + kEvents + kNotes + names);
}

float ReviewTimeline::x_of(const Frame& frame, double time_us) const {
    return frame.left + static_cast<float>((time_us - begin_us_) / shown_us_) * (frame.right - frame.left);
}

uint32_t ReviewTimeline::time_at(const Frame& frame, float x) const {
    const double share = std::clamp((x - frame.left) / (frame.right - frame.left), 0.0f, 1.0f);
    return static_cast<uint32_t>(std::clamp(begin_us_ + share * shown_us_, 0.0, static_cast<double>(end_us_)));
}

/// A drag scrubs, the wheel shows a shorter or longer stretch round the pointer.
void ReviewTimeline::read_mouse(Frame& frame) {
    ImGuiIO& io = ImGui::GetIO();
    const bool on_axis = frame.hovered && frame.mouse.x >= frame.left && frame.mouse.x <= frame.right;
    if (on_axis && ImGui::IsMouseClicked(0)) dragging_ = true;
    if (!ImGui::IsMouseDown(0)) dragging_ = false;
    if (dragging_) frame.wish.time_us = time_at(frame, frame.mouse.x);
    if (!on_axis || io.MouseWheel == 0) return;
    const double under = time_at(frame, frame.mouse.x), share = (frame.mouse.x - frame.left) / (frame.right - frame.left);
    shown_us_ = std::clamp(shown_us_ * std::pow(kZoom, -io.MouseWheel), std::min(kLeastShown_us, double{1} * end_us_), double{1} * end_us_);
    begin_us_ = std::clamp(under - share * shown_us_, 0.0, end_us_ - shown_us_);
}

/// As wide as the longest name of a row, as far as the time leaves room.
float ReviewTimeline::names_width(const Style& style, const Words& words, float width) const {
    if (in_column(style)) return 0;  // they stand above
    float widest = style.px(kNames);
    const auto holds = [&](const std::string& name) {
        widest = std::max(widest, text_size(style.body, name).x * style.px(kNameSize) / style.body->FontSize + style.px(12));
    };
    for (const training::FaultRow& row : faults_) holds(session_->score.criteria[row.criterion].criterion.name);
    for (const char* name : kRibbonNames) holds(words(name));
    if (other_coach_) holds(words("review.other_coach"));
    return std::min(widest, std::max(style.px(kNames), width * kMostNames));
}

ReviewTimeline::Wish ReviewTimeline::draw(const Style& style, const Words& words, uint32_t now_us,
                                          const std::vector<training::Note>& notes) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, rows = height(style);
    ImGui::InvisibleButton("##timeline", {width, rows});
    Frame frame{*ImGui::GetWindowDrawList(), style, words, at, at.x + names_width(style, words, width), at.x + width - style.px(10),
                ImGui::GetIO().MousePos, ImGui::IsItemHovered(), at.y, {}, {}};
    // While it plays on beyond what is shown, the stretch goes along.
    if (!dragging_ && (now_us < begin_us_ || now_us > begin_us_ + shown_us_))
        begin_us_ = std::clamp(now_us - 0.1 * shown_us_, 0.0, end_us_ - shown_us_);
    read_mouse(frame);
    // Names that stand above their rows lie over the playhead, which goes through them.
    frame.draw.ChannelsSplit(2);
    draw_ruler(frame);
    draw_faults(frame);
    draw_ribbons(frame);
    draw_strokes(frame);
    draw_cues(frame);
    draw_events(frame);
    draw_notes(frame, notes);
    draw_now(frame, now_us);
    frame.draw.ChannelsMerge();
    if (frame.hovered && frame.mouse.x >= frame.left && !dragging_) {
        const std::string when = training::clock_moment(time_at(frame, frame.mouse.x));
        ImGui::BeginTooltip();
        text(style.body, colour::kText, frame.tip.empty() ? when : when + "  " + frame.tip, style.px(380));
        ImGui::EndTooltip();
    }
    return frame.wish;
}

void ReviewTimeline::name_row(Frame& frame, const std::string& name, float height) const {
    const float size = frame.style.px(kNameSize);
    if (in_column(frame.style)) {
        frame.draw.ChannelsSetCurrent(1);
        frame.draw.AddText(frame.style.body, size, {frame.at.x, frame.y + frame.style.px(1)}, colour::kSoft, name.c_str());
        frame.draw.ChannelsSetCurrent(0);
        frame.y += frame.style.px(kNameAbove);
    } else {
        frame.draw.AddText(frame.style.body, size, {frame.at.x, frame.y + (height - size) * 0.5f - frame.style.px(1)}, colour::kSoft,
                           fit(frame.style.body, name, (frame.left - frame.at.x - frame.style.px(6)) * frame.style.body->FontSize / size).c_str());
    }
    frame.draw.AddRectFilled({frame.left, frame.y + frame.style.px(1)}, {frame.right, frame.y + height - frame.style.px(1)},
                             IM_COL32(44, 50, 58, 255));
}

bool ReviewTimeline::over_row(const Frame& frame, float height) const {
    return frame.hovered && frame.mouse.y >= frame.y && frame.mouse.y < frame.y + height;
}

void ReviewTimeline::draw_ruler(Frame& frame) const {
    const float size = frame.style.px(13);
    const double per_pixel = shown_us_ / (frame.right - frame.left), step = ruler_step_us(per_pixel * frame.style.px(64));
    for (double time = std::ceil(begin_us_ / step) * step; time <= begin_us_ + shown_us_; time += step) {
        const float x = x_of(frame, time);
        frame.draw.AddLine({x, frame.y + frame.style.px(15)}, {x, frame.at.y + height(frame.style)}, IM_COL32(62, 70, 80, 255));
        const std::string told = step < 1e6 ? training::clock_moment(static_cast<uint32_t>(time)) : training::clock_time(time * 1e-6);
        if (x + frame.style.px(30) < frame.right)
            frame.draw.AddText(frame.style.body, size, {x + frame.style.px(2), frame.y}, colour::kSoft, told.c_str());
    }
    frame.y += frame.style.px(kRuler);
}

void ReviewTimeline::draw_faults(Frame& frame) const {
    if (faults_.empty()) {
        name_row(frame, frame.words("review.no_faults"), frame.style.px(kFault));
        frame.y += frame.style.px(kFault);
    }
    for (const training::FaultRow& row : faults_) draw_fault_row(frame, row);
}

void ReviewTimeline::draw_fault_row(Frame& frame, const training::FaultRow& row) const {
    const Style& style = frame.style;
    const training::CriterionScore& line = session_->score.criteria[row.criterion];
    const float height = style.px(kFault);
    const Mark mark = verdict_mark(line.verdict);
    name_row(frame, line.criterion.name, height);
    const float middle = frame.y + height * 0.5f;
    const bool over = over_row(frame, height);
    for (const training::TimeSpan& span : row.spans) {
        const float from = std::max(frame.left, x_of(frame, span.begin_us) - style.px(2));
        const float to = std::min(frame.right, std::max(x_of(frame, span.end_us), x_of(frame, span.begin_us) + style.px(2)));
        if (to < frame.left || from > frame.right) continue;
        frame.draw.AddRectFilled({from, middle - style.px(4)}, {to, middle + style.px(4)}, mark_colour(mark), style.px(2));
        if (to - from > style.px(15)) draw_mark(frame.draw, {(from + to) * 0.5f, middle}, style.px(11), mark);
        if (!over || frame.mouse.x < from - style.px(3) || frame.mouse.x > to + style.px(3)) continue;
        frame.tip = line.criterion.name + ": " + frame.words.name("verdict", training::verdict_name(line.verdict));
        if (!line.reason.empty()) frame.tip += ". " + line.reason;
        if (!ImGui::IsMouseClicked(0)) continue;
        frame.wish.criterion = row.criterion;
        frame.wish.time_us = training::telling_moment(span);
    }
    frame.y += height;
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
    const auto count = static_cast<size_t>(std::max(1.0f, (frame.right - frame.left) / style.px(2)));
    const std::vector<RibbonBin>& all = bins(what, count);
    const float step = (frame.right - frame.left) / static_cast<float>(count);
    using enum RibbonBin::Level;
    for (size_t i = 0; i < count; ++i) {
        const RibbonBin::Level level = all[i].level();
        if (level == none) continue;
        const float x = frame.left + static_cast<float>(i) * step;
        const float top = frame.y + style.px(1.5) + third * (level == above ? 0 : level == within ? 1 : 2);
        const ImU32 shade = level == within ? colour::kBlue : level == above ? colour::kVermilion : colour::kAmber;
        frame.draw.AddRectFilled({x, top}, {x + std::max(step, 1.0f), top + third}, shade);
    }
    if (over_row(frame, height) && frame.mouse.x >= frame.left && frame.mouse.x < frame.right) {
        const RibbonBin& bin = all[std::min(count - 1, static_cast<size_t>((frame.mouse.x - frame.left) / step))];
        frame.tip = frame.words(kRibbonNames[static_cast<size_t>(what)]);
        if (bin.count > 0) frame.tip += ": " + value_words(frame.words, what, bin.mean()) + ", " + frame.words(level_words(bin.level()));
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
        if (ImGui::IsMouseClicked(0)) frame.wish.time_us = cue.since_us;
    }
    frame.y += height;
}

void ReviewTimeline::draw_events(Frame& frame) const {
    const Style& style = frame.style;
    const float height = style.px(kEvents), half = style.px(4.5);
    name_row(frame, frame.words("review.events"), height);
    const float middle = frame.y + height * 0.5f;
    const bool over = over_row(frame, height);
    for (const size_t i : events_) {
        const input::ProcedureEvent& event = session_->recording.events[i];
        const float x = x_of(frame, event.time_us);
        if (x < frame.left || x > frame.right) continue;
        frame.draw.AddQuadFilled({x - half, middle}, {x, middle - half}, {x + half, middle}, {x, middle + half}, colour::kText);
        if (!over || std::abs(frame.mouse.x - x) > half + 1) continue;
        frame.tip = frame.words.name("review_event", event.name);
        if (!event.value.empty()) frame.tip += ": " + frame.words.name("zone", event.value);
        if (ImGui::IsMouseClicked(0)) frame.wish.time_us = event.time_us;
    }
    frame.y += height;
}

void ReviewTimeline::draw_notes(Frame& frame, const std::vector<training::Note>& notes) const {
    const Style& style = frame.style;
    const float height = style.px(kNotes);
    name_row(frame, frame.words("review.notes"), height);
    const bool over = over_row(frame, height);
    for (const training::Note& note : notes) {
        const float x = x_of(frame, note.time_us);
        if (x < frame.left || x > frame.right) continue;
        frame.draw.AddCircleFilled({x, frame.y + style.px(6)}, style.px(4.5), colour::kText);
        frame.draw.AddTriangleFilled({x - style.px(3), frame.y + style.px(9)}, {x + style.px(3), frame.y + style.px(9)},
                                     {x, frame.y + height - style.px(1)}, colour::kText);
        if (!over || std::abs(frame.mouse.x - x) > style.px(6)) continue;
        frame.tip = note.author + ": " + note.text;
        if (!ImGui::IsMouseClicked(0)) continue;
        frame.wish.time_us = note.time_us;
        frame.wish.note = note.id;
    }
    frame.y += height;
}

void ReviewTimeline::draw_now(Frame& frame, uint32_t now_us) const {
    const float x = x_of(frame, now_us), top = frame.at.y + frame.style.px(kRuler - 4);
    if (x < frame.left - 1 || x > frame.right + 1) return;
    const float half = frame.style.px(in_column(frame.style) ? 3 : 6);  // between the ruler's numbers and a name above its row
    frame.draw.AddLine({x, top}, {x, frame.at.y + height(frame.style)}, colour::kText, frame.style.px(2));
    frame.draw.AddTriangleFilled({x - half, top - half}, {x + half, top - half}, {x, top + half}, colour::kText);
}

std::optional<uint32_t> ReviewTimeline::fault_after(uint32_t time_us, bool forwards) const {
    std::optional<uint32_t> nearest;
    for (const training::FaultRow& row : faults_)
        for (const training::TimeSpan& span : row.spans) {
            const uint32_t moment = training::telling_moment(span);
            if (forwards ? moment <= time_us : moment >= time_us) continue;
            if (!nearest || (forwards ? moment < *nearest : moment > *nearest)) nearest = moment;
        }
    return nearest;
}

std::vector<size_t> ReviewTimeline::wrong_at(uint32_t time_us) const {
    std::vector<size_t> wrong;
    for (const training::FaultRow& row : faults_)
        if (std::ranges::any_of(row.spans, [&](const training::TimeSpan& s) { return s.begin_us <= time_us && time_us <= s.end_us; }))
            wrong.push_back(row.criterion);
    return wrong;
}

}  // namespace app
