#include "training/app/console.h"

#include <unistd.h>

namespace app {

int refuse(const base::Error& error) {
    fmt::print(stderr, "evenhand: {}\n", error.message);
    return kUnusable;
}

ProgressLine::ProgressLine() : terminal_(::isatty(STDERR_FILENO)) {}

void ProgressLine::show(std::string_view step, double share) {
    int percent = static_cast<int>(share * 100);
    if (!terminal_ || percent == last_percent_) return;
    last_percent_ = percent;
    fmt::print(stderr, "\r\033[K{} {} %", step, percent);
    std::fflush(stderr);
}

void ProgressLine::clear() {
    if (terminal_ && last_percent_ >= 0) fmt::print(stderr, "\r\033[K");
    last_percent_ = -1;
}

}  // namespace app
