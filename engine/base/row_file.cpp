#include "engine/base/row_file.h"

#include "engine/base/disk.h"
#include "engine/base/foreign_words.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace base {

namespace fs = std::filesystem;

namespace {

/// A file's name is its folder's to keep.
bool sync_folder_of(const fs::path& path) {
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int reason = errno;
    if (descriptor >= 0) ::close(descriptor);
    errno = reason;
    return done;
}

}  // namespace

Result<RowFile> RowFile::open(const fs::path& path, unsigned mode) {
    for (;;) {  // one that another has taken away meanwhile is made anew
        const int descriptor = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, mode);
        struct stat about {};
        const bool ours = descriptor >= 0 && ::flock(descriptor, LOCK_EX) == 0 && ::fstat(descriptor, &about) == 0;
        if (ours && about.st_nlink > 0) return RowFile(path, descriptor);
        const int reason = errno;
        if (descriptor >= 0) ::close(descriptor);
        if (!ours && reason == ENOSPC) return nothing_written(path, reason);
        if (!ours) return error("cannot write {}: {}; check the folder", path.string(), system_error(reason));
    }
}

RowFile::RowFile(RowFile&& other) noexcept : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

RowFile::~RowFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

uint64_t RowFile::size() const {
    struct stat about {};
    return ::fstat(descriptor_, &about) == 0 ? static_cast<uint64_t>(about.st_size) : 0;
}

bool RowFile::ends_open(uint64_t size) const {
    char last = '\n';
    return size > 0 && ::pread(descriptor_, &last, 1, static_cast<off_t>(size - 1)) == 1 && last != '\n';
}

Result<std::string> RowFile::text(uint64_t limit_bytes) const {
    const uint64_t whole = size();
    if (whole > limit_bytes) return error("{}: larger than the {} bytes that such a file may have", path_.string(), limit_bytes);
    std::string text(whole, '\0');
    for (size_t at = 0; at < text.size();) {
        const ssize_t got = ::pread(descriptor_, text.data() + at, text.size() - at, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return error("{}: reading failed: {}", path_.string(), system_error(errno));
        at += static_cast<size_t>(got);
    }
    return text;
}

Status RowFile::drop_open_end() {
    const uint64_t whole = size();
    if (!ends_open(whole)) return {};
    const auto rows = text(whole);
    if (!rows) return rows.error();
    const size_t end = rows->rfind('\n') + 1;  // npos + 1 = 0: not even one row is whole
    if (::ftruncate(descriptor_, static_cast<off_t>(end)) == 0) return {};
    return error("cannot write {}: {}; check the folder", path_.string(), system_error(errno));
}

Status RowFile::append(std::string_view row) {
    const uint64_t before = size();
    std::string text(ends_open(before) ? 1 : 0, '\n');
    text.append(row).append(1, '\n');
    const bool done = write_and_sync(descriptor_, text) && (before > 0 || sync_folder_of(path_));
    const int reason = errno;
    const bool taken_away = !done && (before > 0 ? ::ftruncate(descriptor_, static_cast<off_t>(before)) : ::unlink(path_.c_str())) == 0;
    if (taken_away && reason == ENOSPC) return nothing_written(path_, reason);
    if (!done) return error("cannot write {}: {}; check the folder", path_.string(), system_error(reason));
    return {};
}

}  // namespace base
