#include "engine/skin/creep.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/result.h"

namespace skin {

CreepStep::CreepStep(const SkinModel& model)
    : instant_share_(model.instant_share()), present_share_(instant_share_) {
    CHECK(model.relaxation.size() <= kMostTerms);
    for (const Relaxation& part : model.relaxation) terms_.push_back({part.share, part.time});
}

void CreepStep::set(double seconds) {
    if (seconds == seconds_) return;
    seconds_ = seconds;
    present_share_ = instant_share_;
    for (Term& term : terms_) {
        double lag = seconds / term.time;
        term.kept = base::det::exp(-lag);
        double mean = lag > 0.0 ? (1.0 - term.kept) / lag : 1.0;
        term.of_new = 1.0 - mean;
        term.of_last = mean - term.kept;
        present_share_ += term.share * term.of_new;
    }
}

}  // namespace skin
