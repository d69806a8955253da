#include "engine/base/foreign_words.h"

#include "engine/base/utf8.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace base {
namespace {

/// What happens to people's files, disks and ports: told by strerror's words, which content/locale/refusals has.
constexpr int kCommon[] = {EPERM,  ENOENT, EIO,    ENXIO,  EAGAIN,       ENOMEM,  EACCES,     EBUSY,         EEXIST,      EXDEV,     ENODEV, ENOTDIR,   EISDIR, EINVAL,
                           ENFILE, EMFILE, ETXTBSY, EFBIG, ENOSPC,       EROFS,   EMLINK,     ENAMETOOLONG,  ENOTEMPTY,   ELOOP,     EDQUOT, ESTALE,    ETIMEDOUT,
                           EADDRINUSE, EADDRNOTAVAIL, ENETDOWN, ENETUNREACH};

}  // namespace

Error foreign_words(const Error& ours, std::string_view theirs) {
    Error error = ours;
    error.message = plain(theirs);
    return error;
}

Error system_error(int number) {
    const std::string theirs = std::strerror(number);
    if (std::ranges::find(kCommon, number) != std::end(kCommon)) return Error{theirs};
    const char* name = ::strerrorname_np(number);
    return foreign_words(error("the system refuses ({})", name ? std::string(name) : std::to_string(number)), theirs);
}

Error system_error(const std::error_code& code) {
    return system_error(code.value());
}

}  // namespace base
