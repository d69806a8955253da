#include "training/app/landmark_edits.h"

namespace app {

LandmarkEdits::LandmarkEdits(std::vector<glm::dvec3> places, std::vector<bool> moved) {
    CHECK(places.size() == moved.size(), places.size(), moved.size());
    for (size_t i = 0; i < places.size(); ++i) now_.push_back({places[i], moved[i]});
}

void LandmarkEdits::begin(size_t landmark) {
    begun_ = Step{landmark, now_[landmark]};
}

void LandmarkEdits::set(size_t landmark, glm::dvec3 place) {
    if (place == now_[landmark].place) return;
    if (begun_ && begun_->landmark == landmark) {
        undo_.push_back(*begun_);
        begun_.reset();
    }
    now_[landmark] = {place, true};
}

std::optional<size_t> LandmarkEdits::undo() {
    begun_.reset();
    if (undo_.empty()) return std::nullopt;
    const Step step = undo_.back();
    undo_.pop_back();
    now_[step.landmark] = step.before;
    return step.landmark;
}

}  // namespace app
