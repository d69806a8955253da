#include "training/core/population.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace training {

namespace {

constexpr std::array<const char*, kFaults> kNames = {
    "heavy_hand", "tilt_round_nose", "one_direction", "missed_strips",  "same_depth",
    "dwell",      "dry_glide",       "no_go",         "unsteady_speed", "no_traction"};

/// A number from 0 to 1, whatever the locale.
std::optional<double> parse_share(std::string_view text) {
    double value = -1;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= 1))
        return std::nullopt;
    return value;
}

base::Status add_fault(const std::string& text, Operator& who) {
    const size_t equals = text.find('=');
    const auto known = std::find(kNames.begin(), kNames.end(), text.substr(0, equals));
    if (known == kNames.end()) {
        return base::error("fault '{}' is not known; use one of {}", text.substr(0, equals),
                           fmt::join(kNames, ", "));
    }
    const auto size =
        equals == std::string::npos ? std::nullopt : parse_share(std::string_view(text).substr(equals + 1));
    if (!size) return base::error("fault '{}' needs a size from 0 to 1, as in {}=0.8", text, *known);
    who.faults[static_cast<size_t>(known - kNames.begin())] = *size;
    return {};
}

}  // namespace

std::vector<std::string> in_order_of(bool left_handed, std::vector<std::string> zones) {
    if (!left_handed) return zones;
    const std::vector<std::string> given = zones;
    const auto across = [&](const std::string& id, const std::string& here, const std::string& there) {
        if (!id.ends_with(here)) return given.end();
        return std::find(given.begin(), given.end(), id.substr(0, id.size() - here.size()) + there);
    };
    for (std::string& zone : zones) {
        auto other = across(zone, "_left", "_right");
        if (other == given.end()) other = across(zone, "_right", "_left");
        if (other != given.end()) zone = *other;
    }
    return zones;
}

base::Result<Skill> parse_skill(const std::string& name) {
    if (name == "expert") return Skill::expert;
    if (name == "intermediate") return Skill::intermediate;
    if (name == "novice") return Skill::novice;
    return base::error("operator '{}' is not known; use expert, intermediate, novice or a skill from 0 to 1",
                       name);
}

double skill_value(Skill skill) {
    return skill == Skill::expert ? 1 : skill == Skill::novice ? 0 : 0.5;
}

const char* fault_name(Fault fault) {
    return kNames[static_cast<size_t>(fault)];
}

base::Result<Operator> parse_operator(const std::string& skill, std::span<const std::string> faults,
                                      bool left_handed) {
    Operator who;
    if (const auto number = parse_share(skill)) {
        who.skill = *number;
    } else {
        const base::Result<Skill> named = parse_skill(skill);
        if (!named) return named.error();
        who.skill = skill_value(*named);
    }
    for (const std::string& fault : faults) {
        if (base::Status added = add_fault(fault, who); !added) return added.error();
    }
    who.left_handed = left_handed;
    return who;
}

std::string operator_words(const std::string& skill, const Operator& who) {
    std::string words = skill;
    for (size_t i = 0; i < kFaults; ++i) {
        if (who.faults[i] > 0) words += fmt::format(" {}={}", kNames[i], who.faults[i]);
    }
    if (who.treats_anyway) words += " treats-anyway";
    return who.left_handed ? words + " left-handed" : words;
}

}  // namespace training
