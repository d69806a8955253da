#pragma once

// What the command line's global options say, shared by every command.

#include "engine/base/files.h"

#include <string>

namespace app {

struct Options {
    std::string gpu;        ///< "" best, a number, or "cpu"
    base::Places places;
};

}  // namespace app
