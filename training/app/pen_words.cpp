#include "training/app/pen_words.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <span>

namespace app {

namespace {

/// Of what there is to do; null: always.
using When = bool (*)(const PenTask&);
constexpr When kVisit = [](const PenTask& task) { return task.visit; };
constexpr When kNoVisit = [](const PenTask& task) { return !task.visit; };
constexpr When kAided = [](const PenTask& task) { return task.aided; };
constexpr When kMotor = [](const PenTask& task) { return task.motor; };
constexpr When kColumn = [](const PenTask& task) { return task.column; };
constexpr When kRunning = [](const PenTask& task) { return !task.paused; };
constexpr When kLeaves = [](const PenTask& task) { return task.paused && task.aided; };
constexpr When kGoesOn = [](const PenTask& task) { return task.paused && !task.aided; };

/// Something that a button or key does.
struct Entry {
    const char *by, *does;
    When when = nullptr;
};

/// What is needed first: of large texts the last may be out of sight.
constexpr Entry kPen[] = {{"right_trigger", "needle"}, {"left_stick", "move"}, {"right_stick", "lean"}, {"west", "gel"}, {"cross_left", "wipe"},
                          {"cross_right", "end_point", kVisit}, {"north", "fingers"}, {"back", "next_step", kVisit}, {"back", "on", kNoVisit},
                          {"start", "menu"}, {"left_trigger", "more"}, {"east", "pause", kRunning}, {"east", "leave", kLeaves},
                          {"east", "go_on", kGoesOn}, {"shoulders", "zone"}, {"cross_vertical", "depth", kMotor}, {"south", "motor", kMotor}};
constexpr Entry kTools[] = {{"cross", "head"}, {"right_stick", "scroll", kColumn}, {"shoulders", "pull"}, {"north", "maps", kAided}, {"west", "found", kAided},
                            {"east", "help"}, {"back", "step_back", kVisit}, {"start", "settings", kAided}};
constexpr Entry kMenu[] = {{"cross", "choose"}, {"south", "press"}, {"right_stick", "scroll", kColumn}, {"start", "to_pen"}};
constexpr Entry kKeys[] = {{"arrows", "move"}, {"space", "down"}, {"force", "force"}, {"lean", "lean"}, {"gel", "gel"}, {"wipe", "wipe"},
                           {"end_point", "end_point", kVisit}, {"fingers", "fingers"}, {"depth", "depth", kMotor},
                           {"zone", "zone"}, {"on", "next_step", kVisit}, {"on", "on", kNoVisit}, {"back", "arrows_back"}};

bool told(const Entry& entry, const PenTask& task) {
    return !entry.when || entry.when(task);
}

/// Pads whose mapping in GLFW goes by what is printed, though Nintendo's order is printed on them: what it calls A lies at the right.
constexpr const char* kMappedByLetter[] = {"rock candy wired controller for nintendo switch", "wired fight pad pro for nintendo switch"};

/// Whose names are printed on it, the most special first.
std::vector<std::string_view> prints_of(std::string_view pad) {
    std::string name(pad);
    std::ranges::transform(name, name.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    const auto names_one_of = [&](std::span<const char* const> words) {
        return std::ranges::any_of(words, [&](const char* word) { return name.find(word) != std::string::npos; });
    };
    using Names = std::initializer_list<const char*>;
    const auto is = [&](Names words) { return names_one_of({words.begin(), words.size()}); };
    if (is({"ps5", "dualsense"})) return {"ps5", "sony"};
    if (is({"ps2", "ps3", "playstation"})) return {"ps3", "sony"};
    if (is({"sony", "ps4", "dualshock"})) return {"sony"};
    if (names_one_of(kMappedByLetter)) return {"by_letter", "nintendo"};
    if (is({"nintendo", "switch", "joy-con"})) return {"nintendo"};
    if (is({"xbox one", "x-box one", "xbox series"})) return {"xbox_one", "xbox"};
    return {"xbox"};
}

}  // namespace

std::string pad_button(const Words& words, std::string_view pad, std::string_view id) {
    if (id == "shoulders") return pad_button(words, pad, "left_shoulder") + ", " + pad_button(words, pad, "right_shoulder");
    for (const std::string_view print : prints_of(pad))
        if (const std::string own = fmt::format("{}_{}", print, id); words.has("pad_button." + own)) return words.name("pad_button", own);
    return words.name("pad_button", std::string(id));
}

std::vector<LegendRow> pad_legend(const Words& words, std::string_view pad, PadLegend part, const PenTask& task) {
    const std::span<const Entry> all = part == PadLegend::pen ? std::span<const Entry>(kPen) : part == PadLegend::tools ? std::span<const Entry>(kTools) : kMenu;
    std::vector<LegendRow> rows;
    for (const Entry& entry : all)
        if (told(entry, task)) rows.push_back({pad_button(words, pad, entry.by), words.name("pen_does", entry.does)});
    return rows;
}

std::vector<LegendRow> keys_legend(const Words& words, const PenTask& task) {
    std::vector<LegendRow> rows;
    for (const Entry& entry : kKeys)
        if (told(entry, task)) rows.push_back({words.name("pen_key", entry.by), words.name("pen_does", entry.does)});
    return rows;
}

}  // namespace app
