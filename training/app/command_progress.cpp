// progress: what a trainee's sessions say, in words and as a table for other programs.

#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/session_files.h"

#include "training/core/progress.h"

namespace app {

namespace {

std::string trend_words(const training::Trend& trend, double most, double false_alarm) {
    using Says = training::Trend::Says;
    switch (trend.says) {
        case Says::too_few:
            return fmt::format("too few to tell a trend ({} are needed)", training::fewest_for_trend(false_alarm));
        case Says::none:
            return "no trend that chance would not make";
        case Says::rising:
        case Says::falling:
            break;
    }
    return fmt::format("{} by {:+.2f} points an attempt ({:+.2f} to {:+.2f})", trend.says == Says::rising ? "rises" : "falls",
                       trend.slope * most, trend.low * most, trend.high * most);
}

void print_course(const training::Course& course, const std::string& name, double most, double false_alarm) {
    if (course.shares.empty()) return;
    fmt::print("  {:<36} {:>3} x  median {:>6.2f} of {:>3.0f}, half of them within {:.2f}; {}\n", name, course.shares.size(),
               course.spread.median * most, most, course.spread.mad * most, trend_words(course.trend, most, false_alarm));
}

void print_progress(const std::string& trainee, const training::Progress& progress) {
    const size_t count = progress.attempts.size();
    fmt::print("{}: {} attempt{}{}\n", trainee.empty() ? "without a code" : trainee, count, count == 1 ? "" : "s",
               count == 1 ? "; one attempt proves little" : "");
    print_course(progress.total, "total", 100, training::kTotalFalseAlarm);
    for (const training::Course& line : progress.lines)
        print_course(line, line.name, line.max / 100.0, training::kLineFalseAlarm);
    if (progress.advice.empty()) return;
    const training::Suggestion& next = progress.advice.front();
    fmt::print("  practise next: {}: {:.2f} points lost in the mean, in {} of the last {}{}\n", next.name, next.lost, next.times,
               next.of, next.unsafe ? "; it failed a session by itself" : "");
}

}  // namespace

int progress(const Options& options, const ProgressArguments& arguments) {
    if (base::Status writable = arguments.csv.empty() ? base::Status() : base::check_writable(arguments.csv); !writable)
        return refuse(writable.error());
    const base::fs::path folder = arguments.folder.empty() ? sessions_folder() : base::fs::path(arguments.folder);
    std::error_code unseen;
    if (!arguments.folder.empty() && !base::fs::is_directory(folder, unseen))
        return refuse(base::error("{}: no such folder; give one with recordings (*.evh)", folder.string()));
    ProgressLine line;
    auto shelf = training::read_shelf(options.places, folder, arguments.rubric, line.sink());
    line.clear();
    if (!shelf) return refuse(shelf.error());
    for (const base::Error& one : shelf->unusable) fmt::print(stderr, "evenhand: {}; left out\n", one);
    std::vector<training::Attempt> attempts = std::move(shelf->attempts);
    if (arguments.trainee) attempts = training::attempts_of(attempts, *arguments.trainee);
    if (attempts.empty())
        return refuse(base::error("{}: no session{} that can be scored", folder.string(),
                                  arguments.trainee ? fmt::format(" of '{}'", *arguments.trainee) : ""));
    for (const std::string& trainee : training::trainees_of(attempts))
        print_progress(trainee, training::progress_of(training::attempts_of(attempts, trainee)));
    if (arguments.csv.empty()) return kDone;
    const std::string csv = training::progress_csv(attempts);
    base::Status written = base::write_file(arguments.csv, std::string_view(csv));
    return written ? kDone : refuse(written.error());
}

}  // namespace app
