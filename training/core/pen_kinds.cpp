#include "training/core/pen_kinds.h"

#include <fmt/format.h>

#include <algorithm>

namespace training {

namespace {

std::string first_word(std::string_view text) {
    return std::string(text.substr(0, text.find(' ')));
}

}  // namespace

std::span<const std::string_view> pen_kinds() {
    static constexpr std::string_view kKinds[] = {"mouse", "stylus", "gamepad", "tracked", "keys", "file", "operator"};
    return kKinds;
}

std::vector<std::string> with_pen_toggled(std::span<const std::string> allowed, std::string_view kind) {
    std::vector<std::string> kinds;
    for (const std::string_view one : pen_kinds())
        if ((std::ranges::find(allowed, one) != allowed.end()) != (one == kind)) kinds.emplace_back(one);
    if (kinds.size() == pen_kinds().size()) kinds.clear();
    return kinds;
}

std::vector<std::string> pens_of(const Recording& recording) {
    std::vector<std::string> pens;
    for (const input::ProcedureEvent& event : recording.events) {
        if (event.name != "pen") continue;
        if (std::string kind = first_word(event.value); std::ranges::find(pens, kind) == pens.end()) pens.push_back(std::move(kind));
    }
    if (pens.empty()) pens.push_back(first_word(recording.header.source));
    return pens;
}

std::string wrong_pen(std::span<const std::string> pens, std::span<const std::string> allowed, const Phrases& phrases) {
    if (allowed.empty()) return {};
    std::vector<std::string> wrong(pens.begin(), pens.end());
    std::erase_if(wrong, [&](const std::string& kind) { return std::ranges::find(allowed, kind) != allowed.end(); });
    if (wrong.empty()) return {};
    const auto names = [&](std::span<const std::string> kinds) {
        std::string all;
        for (const std::string& kind : kinds) all += (all.empty() ? "" : ", ") + phrases.name("pen_kind", kind);
        return all;
    };
    return phrases("failure.pen", fmt::arg("pens", names(wrong)), fmt::arg("allowed", names(allowed)));
}

}  // namespace training
