#include "engine/base/disk.h"

#include "engine/base/foreign_words.h"

#include <unistd.h>

#include <cerrno>

namespace base {

Error nothing_written(const std::filesystem::path& path, int number) {
    if (number == ENOSPC || number == EDQUOT || number == EFBIG)
        return error("cannot write {}: {}; free some space and try again, nothing was left behind", path.string(), system_error(number));
    return error("cannot write {}: {}; nothing was left behind", path.string(), system_error(number));
}

bool write_and_sync(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<size_t>(written));
    }
    return ::fsync(descriptor) == 0;
}

}  // namespace base
