#pragma once

// What the command line's global options say, shared by every command.

#include "engine/base/files.h"
#include "engine/input/osc_pen.h"

#include <string>

namespace app {

struct Options {
    std::string gpu;        ///< "" best, a number, or "cpu"
    base::Places places;
    input::OscPlace osc = {};  ///< --osc: where to listen for a tracked pen; port 0 = as in the settings
};

}  // namespace app
