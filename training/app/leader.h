#pragma once

#include <cstddef>
#include <cstdint>

namespace app {

/// Kind of device that leads the pen, as the session keeps it.
enum class Leader : uint8_t { mouse, stylus, gamepad, tracked, keys };

/// "mouse", "stylus", "gamepad", "tracked", "keys".
inline const char* leader_name(Leader leader) {
    constexpr const char* kNames[] = {"mouse", "stylus", "gamepad", "tracked", "keys"};
    return kNames[static_cast<size_t>(leader)];
}

}  // namespace app
