#pragma once

// What the hand did at one moment of a session that is looked back on: where, in which pass, how hard, how upright, how fast and
// how deep, each on the rubric's band for the skin under the tip, and which lines of the rubric go wrong then. Off the skin the bands
// stay, of the skin that was touched last.

#include "training/app/evaluation.h"
#include "training/app/review_timeline.h"
#include "training/app/screens.h"
#include "training/core/timeline.h"

#include <memory>

namespace app {

class ReviewMoment {
  public:
    explicit ReviewMoment(std::shared_ptr<const ScoredSession> session);

    /// Its panel, from its upper right corner, as tall as what it holds and `most` px at the most; in a column at its next place.
    /// `prepared`: 0..1 of the replay.
    void draw(Desk& desk, ImVec2 right, float most, uint32_t now_us, const ReviewTimeline& timeline, double prepared);

    static constexpr float kWidth = 344;  ///< design pixels

  private:
    void draw_place(Desk& desk, uint32_t now_us, const ReviewTimeline& timeline, bool touching) const;
    void draw_readings(Desk& desk, uint32_t now_us, const shared::ContactRecord& contact, bool touching) const;
    void draw_wrong(Desk& desk, const std::vector<size_t>& wrong, float foot) const;
    std::optional<double> depth_mm(uint32_t now_us) const;

    std::shared_ptr<const ScoredSession> session_;
    training::Ribbons ribbons_;
    float height_ = 0;  ///< px that the last drawing needed
};

}  // namespace app
