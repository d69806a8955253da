#include "training/app/console.h"

#include <unistd.h>

namespace app {

int refuse(const base::Error& error) {
    fmt::print(stderr, "evenhand: {}\n", error.message);
    return kUnusable;
}

std::string plain(std::string_view text) {
    std::string shown;
    for (size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<uint8_t>(text[i]);
        const bool upper_control = byte == 0xc2 && i + 1 < text.size() && static_cast<uint8_t>(text[i + 1]) < 0xa0;
        if (upper_control) ++i;
        shown += byte < 0x20 || byte == 0x7f || upper_control ? '?' : text[i];
    }
    return shown;
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
