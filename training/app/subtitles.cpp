#include "training/app/subtitles.h"

namespace app {

namespace {

std::string words_of(const Words& words, const Subtitle& subtitle) {
    if (subtitle.says.empty()) return words.name("subtitle", subtitle.sound);
    return words("subtitle.tone", fmt::arg("words", words.name("tone", subtitle.says)));
}

}  // namespace

void draw_subtitles(const Desk& desk, float left, float right, float foot) {
    if (!desk.settings.subtitles) return;
    std::string line;
    for (const Subtitle& subtitle : desk.sounds.subtitles()) line += (line.empty() ? "" : "   ") + words_of(desk.words, subtitle);
    if (!line.empty()) draw_note(desk.style, line, left, right, foot);
}

}  // namespace app
