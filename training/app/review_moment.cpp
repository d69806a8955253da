#include "training/app/review_moment.h"

#include "training/app/bands.h"
#include "training/core/html.h"
#include "training/core/joined.h"
#include "training/core/moment.h"

#include <algorithm>

namespace app {

namespace {

constexpr uint32_t kDepthSpan_us = 50'000;  // a few strokes of the needles, whose depths scatter

/// The last record until then, or the first of all: whose skin the bands are of.
const shared::ContactRecord* nearest(std::span<const shared::ContactRecord> contacts, uint32_t time_us) {
    if (contacts.empty()) return nullptr;
    const auto after = std::ranges::upper_bound(contacts, time_us, {}, &shared::ContactRecord::time_us);
    return after == contacts.begin() ? &contacts.front() : &*(after - 1);
}

/// "Force, target 0.50–1.00 N": what is measured, with its target. `unit`: the text of a value in it.
std::string named(const Words& words, const char* name, const char* unit, const BandScale& scale, int digits) {
    const std::string band = fmt::format("{:.{}f}\u2013{:.{}f}", scale.target_low, digits, scale.target_high, digits);
    return words("review.with_target", fmt::arg("name", words(name)), fmt::arg("target", words(unit, fmt::arg("value", band))));
}

}  // namespace

ReviewMoment::ReviewMoment(std::shared_ptr<const ScoredSession> session)
    : session_(std::move(session)), ribbons_(*session_->stage->face, session_->rubric) {}

void ReviewMoment::draw(Desk& desk, ImVec2 right, float most, uint32_t now_us, const ReviewTimeline& timeline, double prepared) {
    const Style& style = desk.style;
    const float wide = style.px(kWidth);
    begin_panel("##moment", {right.x - wide, right.y}, {wide, std::min(most, std::max(height_, style.px(60)))}, style);
    const float pad = ImGui::GetStyle().WindowPadding.y, foot = right.y + most - pad;
    text(style.title, colour::kText, training::clock_moment(now_us));
    ImGui::SameLine(0, style.px(8));
    text(style.body, colour::kSoft, "/ " + training::clock_time(timeline.end_us() * 1e-6));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, style.px(3)});
    const shared::ContactRecord* contact = training::contact_at(session_->recording.contacts, now_us);
    const bool touching = contact && (contact->flags & shared::kContactTouching);
    draw_place(desk, now_us, timeline, touching);
    if (!touching) contact = nearest(session_->recording.contacts, now_us);
    if (contact) draw_readings(desk, now_us, *contact, touching);
    if (prepared < 1)
        text(style.body, colour::kAmber, desk.words("review.preparing", fmt::arg("percent", static_cast<int>(100 * prepared))), ImGui::GetContentRegionAvail().x);
    draw_wrong(desk, timeline.wrong_at(now_us), foot);
    height_ = ImGui::GetCursorScreenPos().y - style.px(3) + pad - right.y;
    ImGui::PopStyleVar();
    end_panel(style);
}

/// The zone and which pass it is.
void ReviewMoment::draw_place(Desk& desk, uint32_t now_us, const ReviewTimeline& timeline, bool touching) const {
    const Style& style = desk.style;
    const Words& words = desk.words;
    const float width = ImGui::GetContentRegionAvail().x;
    if (!touching) return text(style.body, colour::kSoft, words("review.off_skin"), width);
    const shared::ContactRecord& contact = *training::contact_at(session_->recording.contacts, now_us);
    const std::optional<size_t> stroke = timeline.stroke_at(now_us);
    const std::string pass = stroke ? words("review.stroke", fmt::arg("number", *stroke + 1), fmt::arg("count", timeline.stroke_count())) : words("value.none");
    ImGui::Dummy({width, draw_pair(style, ImGui::GetCursorScreenPos(), width, words.name("zone", session_->stage->face->zones[contact.zone].id), pass)});
}

/// mm that needles reached just before; nothing where none went in.
std::optional<double> ReviewMoment::depth_mm(uint32_t now_us) const {
    const uint32_t begin = now_us - std::min(now_us, kDepthSpan_us);
    const training::RibbonBin bin =
        ribbons_.bins(training::Ribbon::depth, session_->recording.contacts, session_->recording.punctures, begin, now_us + 1, 1).front();
    return bin.count > 0 ? std::optional(static_cast<double>(bin.mean()) * 1e-3) : std::nullopt;
}

void ReviewMoment::draw_readings(Desk& desk, uint32_t now_us, const shared::ContactRecord& contact, bool touching) const {
    const Style& style = desk.style;
    const Words& words = desk.words;
    const face::Zone& zone = session_->stage->face->zones[contact.zone];
    const auto row = [&](const char* name, const char* unit, const BandScale& scale, int digits, std::optional<double> value) {
        const std::string shown = value ? words(unit, fmt::arg("value", fmt::format("{:.{}f}", *value, digits))) : words("value.none");
        band_row(style, named(words, name, unit, scale, digits), shown, scale, {value});
    };
    const auto when_touching = [&](double value) { return touching ? std::optional(value) : std::nullopt; };
    row("review.force", "value.force", force_scale(session_->rubric, zone.bone), 2, when_touching(contact.force_mn * 1e-3));
    if (const auto* criterion = find_criterion(session_->rubric, "tilt_median"))
        row("review.tilt", "value.degrees", criterion_scale(*criterion), 1, when_touching(contact.tilt_cdeg * 1e-2));
    const auto* glide = find_criterion(session_->rubric, "glide_speed");
    if (glide && session_->stage->device.kind != skin::DeviceKind::stamp)
        row("review.speed", "value.speed", criterion_scale(*glide), 1, when_touching(contact.speed_um_s * 1e-4));
    if (const auto scale = depth_scale(session_->rubric, zone.kind))
        row("review.depth", "value.mm", *scale, 2, touching ? depth_mm(now_us) : std::nullopt);
}

/// What the rubric finds wrong at this moment; what has no room above `foot` is counted.
void ReviewMoment::draw_wrong(Desk& desk, const std::vector<size_t>& wrong, float foot) const {
    const Style& style = desk.style;
    const float mark = style.px(15), gap = style.px(8), line_height = style.body->FontSize + style.px(3);
    const float width = ImGui::GetContentRegionAvail().x;
    for (size_t i = 0; i < wrong.size(); ++i) {
        const float lines = (foot - ImGui::GetCursorScreenPos().y + style.px(3)) / line_height;
        if (!in_column(style) && lines < 2 && i + 1 < wrong.size())
            return text(style.body, colour::kSoft, desk.words("review.more_wrong", fmt::arg("count", wrong.size() - i)));
        const training::CriterionScore& line = session_->score.criteria[wrong[i]];
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_mark(*ImGui::GetWindowDrawList(), {at.x + mark * 0.5f, at.y + style.body->FontSize * 0.5f}, mark, verdict_mark(line.verdict));
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + mark + gap);
        const RowWords name = row_words(style.body, line.criterion.name, width - mark - gap);
        text(style.body, mark_colour(verdict_mark(line.verdict)), name.shown, name.wrap);
    }
}

}  // namespace app
