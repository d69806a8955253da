#include "training/app/visit.h"

#include "engine/base/log.h"

#include <algorithm>
#include <cmath>

namespace app {

bool is_visit(const training::Case& practice) {
    return practice.consultation.decision.has_value();
}

Visit::Visit(std::shared_ptr<const training::Stage> stage, training::Rubric rubric, const base::fs::path& folder)
    : Visit(stage, std::move(rubric), std::make_shared<LiveSession>(stage, folder), {}) {}

Visit::Visit(std::shared_ptr<const training::Stage> stage, training::Rubric rubric, std::shared_ptr<LiveSession> live,
             std::span<const input::ProcedureEvent> so_far)
    : stage_(std::move(stage)),
      rubric_(std::move(rubric)),
      live_(std::move(live)),
      treatment_(training::Treatment::rebuild(stage_->practice, *stage_->procedure, so_far)) {}

void Visit::begin() {
    if (begun_) return;
    begun_ = true;
    live_->start();
    if (!treatment_.begun(training::Step::consultation)) go_on(0);
}

base::Status Visit::act(double clock, const std::string& event, const std::string& value) {
    const auto time_us = static_cast<uint32_t>(std::llround(clock * 1e6));
    const training::Step before = step();
    auto events = treatment_.act(time_us, event, value);
    if (!events) return events.error();
    for (const input::ProcedureEvent& one : *events) {
        spdlog::debug("act {} {}", one.name, one.value);
        live_->note(one);
    }
    if (step() != before) spdlog::info("visit {}", training::step_name(step()));
    return {};
}

void Visit::tell_in(const base::Places& places) {
    if (stage_->language == places.language) return;
    stage_ = training::retold(places, *stage_);
    treatment_.tell_by(stage_->practice, *stage_->procedure);
}

void Visit::go_on(double clock) {
    const training::Onward onward = treatment_.go_on();
    if (!onward.event.empty()) (void)act(clock, onward.event);  // go_on names only what can be
}

void Visit::back(double clock) {
    if (const auto to = treatment_.back()) (void)act(clock, training::step_event(*to));  // as does back
}

void Visit::turn_to(double clock, const std::string& zone) {
    if (zone != treatment_.zone()) (void)act(clock, training::kNeedleZone, zone);  // any zone may be touched
}

bool Visit::did(std::string_view event, std::string_view value) const {
    return std::ranges::any_of(treatment_.events(), [&](const input::ProcedureEvent& one) {
        return one.name == event && one.value == value;
    });
}

std::vector<uint32_t> cells_of(const face::FaceAsset& face, const training::CaseFinding& finding) {
    std::vector<uint32_t> cells;
    const int zone = face.find_zone(finding.zone);
    for (uint32_t cell = 0; cell < face.cells.size(); ++cell) {
        const uint16_t lesion = face.cell_lesion.empty() ? uint16_t{0} : face.cell_lesion[cell];
        const bool drawn = !finding.condition.empty();
        if (drawn ? lesion != 0 && face.lesions[lesion - 1u].condition == finding.condition : face.cells.zone[cell] == zone)
            cells.push_back(cell);
    }
    return cells;
}

}  // namespace app
