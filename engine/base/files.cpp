#include "engine/base/files.h"

#include "engine/base/disk.h"
#include "engine/base/foreign_words.h"
#include "engine/base/user_folder.h"
#include "engine/base/utf8.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <utility>

namespace base {
namespace {

bool write_all(int descriptor, std::span<const uint8_t> bytes) {
    while (!bytes.empty()) {
        ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = bytes.subspan(static_cast<size_t>(written));
    }
    return true;
}

/// Pipes and devices (/dev/stdout) are written in place: nothing can be renamed over them.
Status write_in_place(const fs::path& path, std::span<const uint8_t> bytes) {
    int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    bool done = descriptor >= 0 && write_all(descriptor, bytes);
    int reason = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!done) return reason == ENOSPC ? nothing_written(path, reason) : error("cannot write {}: {}", path.string(), system_error(reason));
    return {};
}

/// A file that is removed unless it was committed.
class ScratchFile {
  public:
    static Result<ScratchFile> beside(const fs::path& target) {
        std::string name = target.string() + ".XXXXXX";
        int descriptor = ::mkstemp(name.data());
        if (descriptor < 0 && errno == ENOSPC) return nothing_written(target, errno);
        if (descriptor < 0)
            return error("cannot write {}: {}; choose a folder that you may write to", target.string(),
                         system_error(errno));
        ::fchmod(descriptor, 0644);
        return ScratchFile(descriptor, name);
    }

    ScratchFile(ScratchFile&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), name_(std::exchange(other.name_, {})) {}
    ScratchFile& operator=(ScratchFile&&) = delete;
    ~ScratchFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
        if (!name_.empty()) ::unlink(name_.c_str());
    }

    bool write(std::span<const uint8_t> bytes) { return write_all(descriptor_, bytes) && ::fsync(descriptor_) == 0; }

    bool rename_to(const fs::path& target) {
        if (::rename(name_.c_str(), target.c_str()) != 0) return false;
        name_.clear();
        return true;
    }

  private:
    ScratchFile(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}

    int descriptor_;
    std::string name_;
};

}  // namespace

Result<std::vector<uint8_t>> read_file(const fs::path& path, uint64_t limit_bytes) {
    std::error_code code;
    fs::file_status status = fs::status(path, code);
    if (!fs::exists(status)) return error("{}: no such file; check the name", path.string());
    if (fs::is_directory(status)) return error("{}: is a folder, a file is needed", path.string());
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return error("{}: cannot be read: {}", path.string(), system_error(errno));
    std::vector<uint8_t> bytes;
    std::array<char, 65536> chunk;
    while (stream.read(chunk.data(), chunk.size()) || stream.gcount() > 0) {
        bytes.insert(bytes.end(), chunk.data(), chunk.data() + stream.gcount());
        if (bytes.size() > limit_bytes)
            return error("{}: larger than the {} bytes that such a file may have", path.string(), limit_bytes);
    }
    if (stream.bad()) return error("{}: reading failed: {}", path.string(), system_error(errno));
    return bytes;
}

/// "file:line:column" of the byte.
static std::string place_in(const fs::path& path, std::string_view text, size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const size_t line = static_cast<size_t>(std::ranges::count(before, '\n')), last = before.rfind('\n');
    return fmt::format("{}:{}:{}", path.string(), line + 1, last == before.npos ? offset + 1 : offset - last);
}

Result<std::string> read_text(const fs::path& path, uint64_t limit_bytes) {
    Result<std::vector<uint8_t>> bytes = read_file(path, limit_bytes);
    if (!bytes) return bytes.error();
    std::string text(bytes->begin(), bytes->end());
    if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    if (text.empty()) return error("{}: is empty", path.string());
    if (std::optional<size_t> offset = first_invalid_utf8(text))
        return error("{}: is not UTF-8 text; save the file as UTF-8", place_in(path, text, *offset));
    return text;
}

Status write_file(const fs::path& path, std::span<const uint8_t> bytes) {
    std::error_code code;
    if (fs::is_directory(path, code)) return error("cannot write {}: it is a folder; give a file name", path.string());
    if (fs::is_other(path, code)) return write_in_place(path, bytes);
    Result<ScratchFile> scratch = ScratchFile::beside(path);
    if (!scratch) return scratch.error();
    if (!scratch->write(bytes) || !scratch->rename_to(path))
        return nothing_written(path, errno);
    return {};
}

Status write_file(const fs::path& path, std::string_view text) {
    return write_file(path, std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

Status check_writable(const fs::path& path) {
    std::error_code code;
    if (fs::is_directory(path, code)) return error("cannot write {}: it is a folder; give a file name", path.string());
    Result<ScratchFile> scratch = ScratchFile::beside(path);
    if (!scratch) return scratch.error();
    return {};
}

Result<Places> find_places(const fs::path& data_override) {
    auto environment = [](const char* name) -> fs::path {
        const char* value = std::getenv(name);
        return value ? fs::path(value) : fs::path();
    };
    std::error_code code;
    fs::path program = fs::read_symlink("/proc/self/exe", code).parent_path();

    Places places;
    std::vector<fs::path> candidates;
    if (!data_override.empty()) {
        candidates = {data_override};
    } else if (fs::path chosen = environment("EVENHAND_DATA"); !chosen.empty()) {
        candidates = {chosen};
    } else {
        for (fs::path folder = program; !folder.empty() && folder != folder.root_path(); folder = folder.parent_path())
            candidates.push_back(folder / "content");
        candidates.push_back(program.parent_path() / "share/evenhand/content");
    }
    for (const fs::path& candidate : candidates) {
        if (!fs::is_directory(candidate / "cases", code)) continue;
        places.data = fs::weakly_canonical(candidate, code);
        if (code) return error("{}: cannot be read: {}", candidate.string(), system_error(code));
        break;
    }
    if (places.data.empty())
        return error("{}: no content folder (one that holds cases/); name it with --data DIR",
                     candidates.front().string());

    places.shaders = environment("EVENHAND_SHADERS");
    for (fs::path folder = program; places.shaders.empty() && folder != folder.root_path(); folder = folder.parent_path())
        if (fs::exists(folder / "shaders/surface.vert.spv", code)) places.shaders = folder / "shaders";
    if (places.shaders.empty()) places.shaders = program.parent_path() / "share/evenhand/shaders";

    places.cache = user_folder(UserFolder::cache, "EVENHAND_CACHE", "evenhand");
    if (places.cache.empty()) places.cache = fs::temp_directory_path(code) / "evenhand";
    fs::create_directories(places.cache, code);
    places.faces = user_folder(UserFolder::data, "EVENHAND_FACES", "evenhand/faces");
    return places;
}

Result<double> parse_number(std::string_view text) {
    double value = 0;
    auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return error("'{}' is not a finite number", text.substr(0, 40));
    return value;
}

Result<int64_t> parse_integer(std::string_view text) {
    int64_t value = 0;
    auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size())
        return error("'{}' is not a whole number", text.substr(0, 40));
    return value;
}

}  // namespace base
