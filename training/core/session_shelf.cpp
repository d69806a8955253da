#include "training/core/session_shelf.h"

#include "training/core/json_text.h"

#include "training/core/yardstick.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace training {

namespace fs = base::fs;

namespace {

using Json = nlohmann::json;

Json or_null(std::optional<int64_t> value) {
    return value ? Json(*value) : Json();
}
std::optional<int64_t> value_of(const Json& json) {
    return json.is_null() ? std::nullopt : std::optional(json.get<int64_t>());
}

/// What no band changes.
Json measured_json(const Score& score) {
    Json lines = Json::array();
    for (const CriterionScore& line : score.criteria) {
        Json parts = Json::array();
        for (const PartScore& part : line.parts) parts.push_back({part.zone, or_null(part.value), part.area_um2});
        lines.push_back({{"id", line.criterion.id},
                         {"value", or_null(line.value)},
                         {"critical", line.own_critical},
                         {"critical_reason", line.own_critical_reason},
                         {"warning_reason", line.own_warning_reason},
                         {"parts", std::move(parts)}});
    }
    return {{"held_off", score.held_off}, {"pens", score.pens}, {"lines", std::move(lines)}};
}

/// The score from what was measured by the same rubric.
Score parse_measured(const Json& json, const Rubric& rubric) {
    Score score;
    score.held_off = json.at("held_off");
    score.pens = json.at("pens");
    for (const Json& one : json.at("lines")) {
        CriterionScore line;
        line.criterion.id = one.at("id");
        line.value = value_of(one.at("value"));
        line.own_critical = one.at("critical");
        line.own_critical_reason = one.at("critical_reason"), line.own_warning_reason = one.at("warning_reason");
        for (const Json& part : one.at("parts")) {
            PartScore kept;
            kept.zone = part.at(0), kept.value = value_of(part.at(1)), kept.area_um2 = part.at(2);
            line.parts.push_back(std::move(kept));
        }
        for (const Criterion& criterion : rubric.criteria)
            if (criterion.id == line.criterion.id) line.criterion.measure = criterion.measure;
        score.criteria.push_back(std::move(line));
    }
    return judge_again(score, rubric);
}

/// As much of the device as choosing its bands asks for.
skin::DeviceProfile profile_of(const Attempt& attempt) {
    skin::DeviceProfile device;
    device.id = attempt.device_id;
    device.kind = attempt.device_kind;
    return device;
}

/// What came of a session; nothing of one that is a lesson's.
using Read = base::Result<std::optional<Attempt>>;

class Reader {
  public:
    Reader(const base::Places& places, const std::string& rubric) : rubric_(rubric), index_(places), yardsticks_(places), stages_(places) {}

    /// Of the rubric chosen, before files are blamed for it.
    base::Status check() {
        if (rubric_.empty()) return {};
        const auto& loaded = yardsticks_.rubric(rubric_);
        return loaded ? base::Status() : base::Status(loaded.error());
    }

    Read read(const fs::path& file, size_t& measured_now) {
        const FileState state = state_of(file);
        if (const auto known = index_.facts(file); known && !known->evidence.empty()) {
            if (!known->lesson.empty()) return std::optional<Attempt>();
            if (auto attempt = known_attempt(*known)) return attempt;
        }
        base::Result<Recording> recording = load_recording(file);
        if (!recording) return recording.error();
        if (SessionFacts facts = facts_of(file, *recording, nullptr); !facts.lesson.empty()) {
            index_.keep(facts, state);
            return std::optional<Attempt>();
        }
        ++measured_now;
        return measure(file, *recording, state);
    }

  private:
    const std::string& rubric_of(const SessionFacts& facts) const { return rubric_.empty() ? facts.rubric : rubric_; }

    std::optional<Attempt> known_attempt(const SessionFacts& known) {
        const auto& by = yardsticks_.rubric(rubric_of(known));
        const auto& within = yardsticks_.scope(known.scope);
        if (!by || !within) return std::nullopt;
        const auto told = index_.told(known.evidence, yardsticks_.key(*by, *within));
        const Json json = told ? Json::parse(*told, nullptr, false) : Json();
        if (!json.is_object()) return std::nullopt;
        try {
            Attempt attempt{known, {}};
            attempt.score = parse_measured(json, training::rubric_for(*by, profile_of(attempt), *within));
            return attempt;
        } catch (const Json::exception&) {
            return std::nullopt;  // measured anew
        }
    }

    Read measure(const fs::path& file, const Recording& recording, FileState state) {
        const auto refuse = [&](const base::Error& why) { return base::error("{}: {}", file.string(), why); };
        const auto stage = stages_.of(recording, file);
        if (!stage) return stage.error();
        Attempt attempt{facts_of(file, recording, stage->get()), {}};
        const auto& by = yardsticks_.rubric(rubric_of(attempt));
        if (!by) return refuse(by.error());
        const auto& within = yardsticks_.scope(attempt.scope);
        if (!within) return refuse(within.error());
        const Json measured = measured_json(training::score(recording, **stage, *by, *within));
        index_.keep(attempt, state);
        index_.keep(attempt.evidence, yardsticks_.key(*by, *within), json_text(measured));
        // As it would come from the index: an attempt does not tell whether it was known.
        attempt.score = parse_measured(measured, training::rubric_for(*by, (*stage)->device, *within));
        return std::optional(std::move(attempt));
    }

    const std::string rubric_;
    SessionIndex index_;
    Yardsticks yardsticks_;
    Stages stages_;
};

}  // namespace

base::Result<Shelf> read_shelf(const base::Places& places, const fs::path& folder, const std::string& rubric,
                               const face::Progress& progress) {
    std::error_code trouble;
    if (!fs::exists(folder, trouble)) return Shelf{};
    const base::Result<std::vector<fs::path>> found = recordings_in(folder);
    if (!found) return found.error();
    const std::vector<fs::path>& files = *found;
    Reader reader(places, rubric);
    if (base::Status sound = reader.check(); !sound) return sound.error();
    Shelf shelf;
    for (size_t i = 0; i < files.size(); ++i) {
        if (progress) progress("scoring", static_cast<double>(i) / static_cast<double>(files.size()));
        Read attempt = reader.read(files[i], shelf.measured_now);
        if (!attempt)
            shelf.unusable.push_back(attempt.error());
        else if (*attempt)
            shelf.attempts.push_back(std::move(**attempt));
        else
            ++shelf.lessons;
    }
    std::stable_sort(shelf.attempts.begin(), shelf.attempts.end(),
                     [](const Attempt& a, const Attempt& b) { return a.started < b.started; });
    return shelf;
}

Rubric rubric_for(const Rubric& rubric, const Attempt& attempt) {
    Scope anywhere;
    anywhere.depth_cap_um = anywhere.depth_warn_um = kNoDepthCap;
    return rubric_for(rubric, profile_of(attempt), anywhere);
}

}  // namespace training
