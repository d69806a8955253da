#include "training/core/progress.h"

#include "training/core/csv.h"
#include "training/core/decimal.h"

#include <algorithm>
#include <map>

namespace training {

namespace {

Spread spread_about(const Course& course) {
    if (course.trend.says != Trend::Says::rising && course.trend.says != Trend::Says::falling) return spread_of(course.shares);
    std::vector<double> off;
    for (size_t i = 0; i < course.shares.size(); ++i)
        off.push_back(course.shares[i] - course.trend.start - course.trend.slope * static_cast<double>(i));
    Spread spread = spread_of(off);
    spread.median = spread_of(course.shares).median;
    return spread;
}

void finish(Course& course, double false_alarm) {
    if (course.shares.empty()) return;
    course.trend = trend_of(course.shares, false_alarm);
    course.spread = spread_about(course);
}

void add_lines(std::vector<Course>& lines, const Attempt& attempt, size_t number) {
    for (const CriterionScore& line : attempt.score.criteria) {
        auto course = std::find_if(lines.begin(), lines.end(), [&](const Course& one) { return one.id == line.criterion.id; });
        if (course == lines.end()) course = lines.insert(lines.end(), Course{line.criterion.id, line.criterion.name, line.max, {}, {}, {}, {}});
        if (!line.points || line.max == 0) continue;
        course->attempts.push_back(number);
        course->shares.push_back(static_cast<double>(*line.points) / line.max);
        course->max = line.max;
    }
}

const CriterionScore* line_of(const Attempt& attempt, const std::string& id) {
    for (const CriterionScore& line : attempt.score.criteria)
        if (line.criterion.id == id) return &line;
    return nullptr;
}

Suggestion suggestion_of(const Course& course, const std::vector<Attempt>& attempts) {
    Suggestion advice{course.id, course.name, 0, 0, 0, 0, false};
    const size_t first = course.attempts.size() - std::min(course.attempts.size(), kLately);
    int64_t lost = 0;
    for (size_t i = first; i < course.attempts.size(); ++i) {
        const CriterionScore& line = *line_of(attempts[course.attempts[i]], course.id);
        const bool unsafe = line.verdict == Verdict::critical || line.below_floor;
        const int32_t less = unsafe ? line.max : line.max - *line.points;
        advice.unsafe = advice.unsafe || unsafe;
        advice.times += less > 0;
        ++advice.of;
        lost += less;
    }
    if (advice.of == 0) return advice;
    advice.lost = static_cast<double>(lost) / 100 / static_cast<double>(advice.of);
    advice.gain = advice.lost * static_cast<double>(advice.times + 1) / static_cast<double>(advice.of + 2);
    return advice;
}

}  // namespace

Progress progress_of(std::span<const Attempt> attempts) {
    Progress progress;
    for (const Attempt& attempt : attempts)
        if (attempt.finished) progress.attempts.push_back(attempt);
    for (size_t i = 0; i < progress.attempts.size(); ++i) {
        const Attempt& attempt = progress.attempts[i];
        add_lines(progress.lines, attempt, i);
        if (attempt.score.held_off) continue;
        progress.total.attempts.push_back(i);
        progress.total.shares.push_back(attempt.score.total / 10'000.0);
    }
    finish(progress.total, kTotalFalseAlarm);
    for (Course& line : progress.lines) {
        finish(line, kLineFalseAlarm);
        if (Suggestion advice = suggestion_of(line, progress.attempts); advice.gain > 0) progress.advice.push_back(std::move(advice));
    }
    std::stable_sort(progress.advice.begin(), progress.advice.end(), [](const Suggestion& a, const Suggestion& b) { return a.gain > b.gain; });
    return progress;
}

std::vector<std::string> trainees_of(std::span<const Attempt> attempts) {
    std::vector<std::string> trainees;
    for (const Attempt& attempt : attempts) trainees.push_back(attempt.trainee);
    std::sort(trainees.begin(), trainees.end());
    trainees.erase(std::unique(trainees.begin(), trainees.end()), trainees.end());
    return trainees;
}

std::vector<Attempt> attempts_of(std::span<const Attempt> attempts, const std::string& trainee) {
    std::vector<Attempt> own;
    std::copy_if(attempts.begin(), attempts.end(), std::back_inserter(own), [&](const Attempt& one) { return one.trainee == trainee; });
    return own;
}

std::string progress_csv(std::span<const Attempt> attempts) {
    std::string csv =
        "trainee,attempt,started,case,device,source,file,finished,total,pass,criterion,name,value,unit,points,max,verdict\r\n";
    std::map<std::string, size_t> numbers;
    for (const Attempt& a : attempts) {
        const std::string head = fmt::format("{},{},{},{},{},{},{},{},{},{}", csv_cell(a.trainee), ++numbers[a.trainee],
                                             csv_cell(a.started), csv_cell(a.case_id), csv_cell(a.device_id), csv_cell(a.source),
                                             csv_cell(a.file.filename().string()), a.finished ? "yes" : "no",
                                             decimal(a.score.total * 10), a.score.pass ? "yes" : "no");
        for (const CriterionScore& line : a.score.criteria)
            csv += fmt::format("{},{},{},{},{},{},{},{}\r\n", head, csv_cell(line.criterion.id), csv_cell(line.criterion.name),
                               line.value ? thousandths_text(*line.value) : "", csv_cell(line.criterion.unit),
                               line.points ? decimal(*line.points * 10) : "", decimal(line.max * 10), verdict_name(line.verdict));
    }
    return csv;
}

}  // namespace training
