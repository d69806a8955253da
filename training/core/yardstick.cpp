#include "training/core/yardstick.h"

namespace training {

base::Result<Yardstick> load_yardstick(const base::Places& places, const Stage& stage, const std::string& rubric, const std::string& scope) {
    base::Result<Rubric> bands = load_rubric(places, rubric.empty() ? stage.practice.rubric : rubric);
    if (!bands) return bands.error();
    base::Result<Scope> limits = load_scope(places, scope.empty() ? stage.practice.scope : scope);
    if (!limits) return limits.error();
    Rubric held = rubric_for(*bands, stage.device, *limits);
    return Yardstick{std::move(*bands), std::move(*limits), std::move(held)};
}

const base::Result<Rubric>& Yardsticks::rubric(const std::string& id) {
    auto found = rubrics_.find(id);
    if (found == rubrics_.end()) found = rubrics_.emplace(id, load_rubric(places_, id)).first;
    return found->second;
}

const base::Result<Scope>& Yardsticks::scope(const std::string& id) {
    auto found = scopes_.find(id);
    if (found == scopes_.end()) found = scopes_.emplace(id, load_scope(places_, id)).first;
    return found->second;
}

std::string Yardsticks::key(const Rubric& rubric, const Scope& scope) {
    if (figures_.empty()) {
        const auto response = track::ResponseModel::load(places_);
        const auto procedure = Procedure::load(places_);
        figures_ = (response ? response->hash.hex() : "none") + (procedure ? procedure->hash.hex() : "none");
    }
    base::Hasher hasher;
    hasher.text("measured 1").text(kProgram).text(figures_).value(rubric.hash.bytes).value(scope.hash.bytes);
    return hasher.finish().hex();
}

}  // namespace training
