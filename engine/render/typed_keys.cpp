#include "engine/render/typed_keys.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace render {

namespace {

constexpr int kFirstWithoutLetter = 256, kFirstModifier = 340, kLastModifier = 347;  // as GLFW numbers keys
constexpr int kControl = 0x2, kSuper = 0x8, kTab = 258, kSettling = 2;

bool is_command(const TypedKeys::Press& press) {
    if (press.repeat || (press.key >= kFirstModifier && press.key <= kLastModifier)) return false;
    return press.key >= kFirstWithoutLetter || (press.mods & (kControl | kSuper));
}

}  // namespace

bool TypedKeys::has_room(const Portion& portion, const std::variant<Press, unsigned>& one) const {
    if (std::holds_alternative<unsigned>(one)) return portion.command == 0;
    const Press& press = std::get<Press>(one);
    return !is_command(press) || (portion.command == 0 && portion.letters.empty() && press.key != last_command_);
}

bool TypedKeys::waits(int key) const {
    return std::ranges::any_of(waiting_, [&](const auto& one) {
        const Press* press = std::get_if<Press>(&one);
        return press && press->key == key && !press->repeat;
    });
}

TypedKeys::Portion TypedKeys::next(bool into_field) {
    Portion portion;
    if (settling_ > 0 && settling_-- > 0) return portion;
    while (!waiting_.empty() && (!into_field || has_room(portion, waiting_.front()))) {
        const auto one = waiting_.front();
        waiting_.pop_front();
        if (const unsigned* letter = std::get_if<unsigned>(&one)) {
            portion.letters.push_back(*letter);
            continue;
        }
        const Press& press = portion.presses.emplace_back(std::get<Press>(one));
        if (is_command(press)) std::tie(portion.command, portion.mods) = std::pair(press.key, press.mods);
    }
    last_command_ = portion.command;
    if (into_field && portion.command == kTab) settling_ = kSettling;
    return portion;
}

}  // namespace render
