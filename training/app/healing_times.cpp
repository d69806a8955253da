#include "training/app/healing_times.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace app {

base::Result<double> parse_age(std::string_view text) {
    static constexpr std::pair<std::string_view, double> kUnits[] = {
        {"min", 1.0 / 1440}, {"h", 1.0 / 24}, {"d", 1}, {"w", 7}, {"mo", 30.44}, {"months", 30.44}};
    double number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit =
        code == std::errc() ? text.substr(static_cast<size_t>(end - text.data())) : text;
    for (const auto& [name, days] : kUnits) {
        if (unit != name || code != std::errc()) continue;
        if (!(number >= 0 && number * days <= track::HealingPlan::kLongest))
            return base::error(": must be from 0 to 10 years");
        return number * days;
    }
    return base::error(": must be a number with min, h, d, w or mo, such as 30min, 6h, 2d, 3w or 4mo");
}

double moment_at(double share) {
    return kFirstMoment * std::exp(std::log(kLastMoment / kFirstMoment) * share);
}

double place_of(double days) {
    return std::log(std::max(days, kFirstMoment) / kFirstMoment) / std::log(kLastMoment / kFirstMoment);
}

HealingStage::HealingStage(std::shared_ptr<const face::FaceAsset> face, track::HealingCurves curves,
                           const training::Recording& recording)
    : course_(std::move(face), std::move(curves), recording.punctures, recording.contacts) {}

render::HealingView HealingStage::at(const track::HealingPlan& plan) {
    if (version_ == 0 || plan != plan_) {
        plan_ = plan;
        cells_ = course_.cells_at(plan);
        looks_ = course_.looks_of(cells_);
        ++version_;
    }
    return {looks_, course_.scratches, version_};
}

}  // namespace app
