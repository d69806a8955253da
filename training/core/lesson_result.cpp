#include "training/core/lesson_result.h"

#include "training/core/metrics.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <sstream>

namespace training {

namespace {

constexpr uint32_t kStep_us = 1'000'000 / skin::kStepsPerSecond;

Verdict judge(const CriterionScore& line, const Band& band) {
    if (!line.value) return Verdict::not_assessed;
    if (*line.value >= band.target_low && *line.value <= band.target_high) return Verdict::target;
    return *line.value >= band.warn_low && *line.value <= band.warn_high ? Verdict::warning : Verdict::beyond;
}

/// The rubric's own verdict stands where its band does; it may know more than the value (a critical moment, parts by zone).
LessonLine read_line(const Score& score, const LessonTarget& target) {
    LessonLine line;
    const auto found = std::find_if(score.criteria.begin(), score.criteria.end(),
                                    [&](const CriterionScore& c) { return c.criterion.id == target.criterion; });
    line.line = static_cast<size_t>(found - score.criteria.begin());
    if (found == score.criteria.end()) return line;
    line.band = target.band.value_or(found->criterion.band);
    line.verdict = target.band ? judge(*found, *target.band) : found->verdict;
    line.too_little = found->value && *found->value < line.band.target_low;
    return line;
}

/// Hundredths of 100 over the lines that count; what could not be assessed has none.
int32_t points_of(const Score& score, const std::vector<LessonLine>& lines) {
    int64_t sum = 0, most = 0;
    for (const LessonLine& line : lines) {
        if (line.line >= score.criteria.size()) continue;
        const CriterionScore& scored = score.criteria[line.line];
        most += scored.max;
        if (scored.value) sum += points(line.band, scored.criterion.weight, *scored.value);
    }
    return most == 0 ? 0 : static_cast<int32_t>(sum * 10'000 / most);
}

/// The gravest verdict; among equals the one with most points to gain.
int worst_of(const Score& score, const std::vector<LessonLine>& lines) {
    const auto gravity = [](Verdict verdict) { return verdict == Verdict::not_assessed ? Verdict::beyond : verdict; };
    int worst = -1;
    for (size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].verdict == Verdict::target) continue;
        if (worst >= 0) {
            const LessonLine& so_far = lines[static_cast<size_t>(worst)];
            const int32_t more = score.criteria[lines[i].line].max - score.criteria[so_far.line].max;
            const auto here = gravity(lines[i].verdict), there = gravity(so_far.verdict);
            if (here < there || (here == there && more <= 0)) continue;
        }
        worst = static_cast<int>(i);
    }
    return worst;
}

LessonOutcome outcome_of(const Lesson& lesson, const LessonResult& result) {
    constexpr int32_t kNearly = 1500;  // hundredths below the points asked for
    if (!result.task_complete) return LessonOutcome::not_yet;
    Verdict gravest = Verdict::target;
    for (const LessonLine& line : result.lines) gravest = std::max(gravest, line.verdict);
    if (lesson.points) {
        if (gravest == Verdict::critical || *result.points < *lesson.points - kNearly) return LessonOutcome::not_yet;
        return *result.points >= *lesson.points ? LessonOutcome::met : LessonOutcome::nearly;
    }
    if (gravest == Verdict::target) return LessonOutcome::met;
    return gravest == Verdict::warning ? LessonOutcome::nearly : LessonOutcome::not_yet;
}

}  // namespace

TaskProgress::TaskProgress(const Lesson& lesson, const face::FaceAsset& face)
    : task_(lesson.task), face_(face), prescribed_(face.zones.size(), 0) {
    for (const std::string& id : lesson.zones)
        if (const int zone = face.find_zone(id); zone > 0) prescribed_[static_cast<size_t>(zone)] = 1;
}

void TaskProgress::add(std::span<const shared::ContactRecord> contacts) {
    for (const shared::ContactRecord& contact : contacts) {
        const bool touches = (contact.flags & shared::kContactTouching) != 0;
        const bool lands = touches && !touching_;
        touching_ = touches;
        if (task_.kind == TaskKind::glide && touches && (contact.flags & shared::kContactMotor)) {
            way_um_ += contact.speed_um_s / skin::kStepsPerSecond;
            done_ = now_ = static_cast<double>(way_um_) * 1e-4;
        }
        if (task_.kind == TaskKind::press && lands) done_ = now_ += 1;
        if (task_.kind != TaskKind::hold) continue;
        if (!touches) {
            now_ = 0;
            continue;
        }
        const bool known = contact.cell < face_.cells.size() && put_down_ < face_.cells.size();
        const bool strayed = known && glm::distance(face_.cells.seed[contact.cell], face_.cells.seed[put_down_]) > task_.within;
        if (lands || strayed || !known) {
            put_down_ = contact.cell;
            began_us_ = contact.time_us;
        }
        now_ = (contact.time_us - began_us_ + kStep_us) * 1e-6;
        done_ = std::max(done_, now_);
    }
}

void TaskProgress::add(std::span<const shared::ZoneStats> statistics) {
    if (task_.kind != TaskKind::cover) return;
    double covered = 0, area = 0;
    for (size_t zone = 0; zone < std::min(statistics.size(), prescribed_.size()); ++zone) {
        if (!prescribed_[zone]) continue;
        covered += statistics[zone].coverage_e4 * 0.01 * statistics[zone].area_mm2;
        area += statistics[zone].area_mm2;
    }
    done_ = now_ = area > 0 ? covered / area : 0;
}

double TaskProgress::share() const { return std::clamp(done_ / task_.amount, 0.0, 1.0); }

const char* outcome_name(LessonOutcome outcome) {
    constexpr const char* kNames[] = {"met", "nearly", "not_yet"};
    return kNames[static_cast<size_t>(outcome)];
}

const char* state_name(LessonState state) {
    constexpr const char* kNames[] = {"fresh", "tried", "met", "mastered"};
    return kNames[static_cast<size_t>(state)];
}

LessonResult lesson_result(const Score& score, const Lesson& lesson, const Recording& recording, const face::FaceAsset& face) {
    TaskProgress task(lesson, face);
    task.add(recording.contacts);
    std::vector<shared::ZoneStats> statistics(face.zones.size());
    for (const ZoneScore& zone : score.zones)
        if (const int index = face.find_zone(zone.id); index > 0) statistics[static_cast<size_t>(index)] = zone.stats;
    task.add(statistics);

    LessonResult result;
    result.task_done = task.done();
    result.task_complete = task.complete();
    for (const LessonTarget& target : lesson.targets) result.lines.push_back(read_line(score, target));
    std::erase_if(result.lines, [&](const LessonLine& line) { return line.line >= score.criteria.size(); });
    if (lesson.points) result.points = points_of(score, result.lines);
    result.worst = worst_of(score, result.lines);
    result.outcome = outcome_of(lesson, result);
    return result;
}

LessonAttempt lesson_of(const std::vector<input::ProcedureEvent>& events) {
    LessonAttempt attempt;
    for (const input::ProcedureEvent& event : events) {
        if (event.name == kLessonEvent) attempt.lesson = event.value;
        if (event.name != kLessonAidsEvent) continue;
        attempt.aids.clear();
        std::istringstream words(event.value);
        for (std::string aid; words >> aid;) attempt.aids.push_back(aid);
    }
    return attempt;
}

size_t fade_step(const Lesson& lesson, std::span<const LessonAttempt> attempts) {
    size_t step = 0;
    int64_t missed = 0;
    for (const LessonAttempt& attempt : attempts) {
        if (attempt.outcome == LessonOutcome::met) {
            step = std::min(step + 1, lesson.fade.size() - 1);
            missed = 0;
        } else if (++missed >= lesson.back_after) {
            step -= step > 0;
            missed = 0;
        }
    }
    return step;
}

LessonState lesson_state(std::span<const LessonAttempt> attempts) {
    LessonState state = attempts.empty() ? LessonState::fresh : LessonState::tried;
    for (const LessonAttempt& attempt : attempts)
        if (attempt.outcome == LessonOutcome::met) state = std::max(state, attempt.aids.empty() ? LessonState::mastered : LessonState::met);
    return state;
}

const Lesson* lesson_at_hand(const std::vector<Lesson>& lessons, const std::map<std::string, std::vector<LessonAttempt>>& attempts) {
    for (const Lesson& lesson : lessons) {
        const auto done = attempts.find(lesson.id);
        if (done == attempts.end() || lesson_state(done->second) < LessonState::met) return &lesson;
    }
    return nullptr;
}

}  // namespace training
