#include "engine/skin/traction_events.h"

#include "engine/base/files.h"

#include <cmath>
#include <span>

namespace skin {
namespace {

constexpr double kFarthest = 10;  // m: beyond that no number is a place

/// Exactly these many numbers, blanks between them; nothing for any other text.
template <size_t kCount>
std::optional<std::array<double, kCount>> parse(std::string_view text) {
    std::array<double, kCount> numbers{};
    size_t count = 0;
    while (!text.empty()) {
        size_t space = text.find(' ');
        std::string_view word = text.substr(0, space);
        text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
        if (word.empty()) continue;
        base::Result<double> number = base::parse_number(word);
        if (!number || !(std::fabs(*number) <= kFarthest) || count == kCount) return std::nullopt;
        numbers[count++] = *number;
    }
    if (count != kCount) return std::nullopt;
    return numbers;
}

/// 1 or 2; 0 for any other number.
int finger_of(double number) {
    return number == 1.0 ? 1 : number == 2.0 ? 2 : 0;
}

glm::dvec3 vector_of(std::span<const double> numbers) {
    return {numbers[0], numbers[1], numbers[2]};
}

}  // namespace

bool obey_traction(const input::ProcedureEvent& event, Stretch& stretch, bool& ideally) {
    const bool begins = event.name == "traction_begin", places = event.name == "finger_place",
               lifts = event.name == "finger_lift";
    if (!begins && !places && !lifts && event.name != "traction_end") return false;
    ideally = begins && event.value.empty();
    if (auto n = parse<6>(event.value); begins && n) {
        stretch.hold({vector_of(std::span(*n).first(3)), vector_of(std::span(*n).last(3))});
        return true;
    }
    if (auto n = parse<7>(event.value); places && n && finger_of((*n)[0]) != 0) {
        stretch.place(finger_of((*n)[0]), vector_of(std::span(*n).subspan(1, 3)),
                      vector_of(std::span(*n).last(3)));
        return true;
    }
    if (auto n = parse<1>(event.value); lifts && n && finger_of((*n)[0]) != 0) {
        stretch.lift(finger_of((*n)[0]));
        return true;
    }
    stretch.release();
    return true;
}

}  // namespace skin
