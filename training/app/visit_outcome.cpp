#include "training/app/visit_outcome.h"

#include "training/app/visit.h"
#include "training/core/joined.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace app {

namespace {

bool names_zone(const std::string& id) {
    return id.starts_with("zone_");
}

bool is_plan(const std::string& id) {
    return id.starts_with("plan_");
}

}  // namespace

VisitOutcome::VisitOutcome(const ScoredSession& session) : stage_(session.stage) {
    const std::vector<input::ProcedureEvent>& events = session.recording.events;
    const bool talked = std::ranges::find(events, training::kConsultBegin, &input::ProcedureEvent::name) != events.end();
    visit_ = talked && is_visit(stage_->practice) && stage_->procedure != nullptr;
    if (!visit_) return;
    const auto treatment = training::Treatment::rebuild(stage_->practice, *stage_->procedure, events);
    outcome_ = treatment.outcome();
    remarks_ = treatment.remarks();
}

void VisitOutcome::draw_decision(const Style& style, const Words& words) const {
    if (!visit_) return;
    const float width = ImGui::GetContentRegionAvail().x, indent = style.px(30);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_mark(*ImGui::GetWindowDrawList(), {at.x + style.px(13), at.y + style.strong->FontSize * 0.5f}, style.px(16),
              outcome_.right ? Mark::target : Mark::beyond);
    const auto line = [&](ImFont* font, ImU32 shade, const std::string& told) {
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + indent);
        text(font, shade, told, width - indent);
    };
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, style.px(3)});
    std::string told = words(outcome_.right ? "visit.right" : "visit.wrong");
    if (outcome_.held_off) told += " " + words("visit.held_off");
    line(style.strong, colour::kText, told);
    if (!outcome_.explain.empty()) line(style.body, colour::kText, outcome_.explain);
    std::string missed;
    for (const std::string& one : outcome_.missed) training::add_to_list(words, missed, one);
    if (!missed.empty()) line(style.body, colour::kAmber, words("visit.missed", fmt::arg("what", missed)));
    if (!outcome_.source.empty())
        line(style.body, colour::kFaint, words("visit.source", fmt::arg("source", source_words(words, outcome_.source)), fmt::arg("tag", outcome_.tag)));
    ImGui::PopStyleVar();
    ImGui::Dummy({0, style.px(4)});
}

std::string VisitOutcome::what_of(const Words& words, const training::Remark& remark) const {
    if (remark.id == "skipped") return words.name("step", remark.what);
    if (remark.id == "own_decision") return words.name("decision", remark.what);
    if (names_zone(remark.id)) return words.name("zone", remark.what);
    if (remark.id == training::kPlanDepth)
        return words.has("zone_kind." + remark.what) ? words.name("zone_kind", remark.what) : words.name("zone", remark.what);
    for (const auto* list : {&stage_->procedure->indications, &stage_->procedure->cartridges})
        for (const training::PlanChoice& one : *list)
            if (one.id == remark.what) return one.name;
    return remark.what;
}

void VisitOutcome::draw_remarks(const Style& style, const Words& words) const {
    if (remarks_.empty()) return;
    const float inset = style.px(10), width = ImGui::GetContentRegionAvail().x - 2 * inset;
    ImGui::Dummy({0, style.px(8)});
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + inset);
    text(style.strong, colour::kText, words("visit.left_out"), width);
    for (size_t first = 0; first < remarks_.size();) {
        size_t end = first;
        std::string whats;
        const bool plan = is_plan(remarks_[first].id);  // what it lacks is one line
        for (; end < remarks_.size() && (plan ? is_plan(remarks_[end].id) : remarks_[end].id == remarks_[first].id); ++end) {
            std::string what = what_of(words, remarks_[end]);
            if (plan) what = words.name("open", remarks_[end].id) + (what.empty() ? "" : " (" + what + ")");
            if (!what.empty()) training::add_to_list(words, whats, what);
        }
        const std::string name = plan ? words.name("step", "plan") : words.name("open", remarks_[first].id);
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + inset);
        text(style.body, colour::kSoft, whats.empty() ? name : training::with_colon(words, name, whats), width);
        first = end;
    }
}

}  // namespace app
