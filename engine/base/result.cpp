#include "engine/base/result.h"

#include <cstdio>
#include <cstdlib>

namespace base {

void check_failed(const char* expression, const char* file, int line, const std::string& values) {
    fmt::print(stderr, "evenhand: internal error: {} does not hold at {}:{}{}; please report this\n", expression, file,
               line, values);
    std::abort();
}

}  // namespace base
