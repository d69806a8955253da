#pragma once

// A text file to which rows are only added, each synced before it counts: a row is there whole or, after a full disk, not at all.
// Open, it is this program's alone (flock).

#include "engine/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace base {

class RowFile {
  public:
    /// Made where there is none, with this mode; waits until no other program has it open.
    static Result<RowFile> open(const std::filesystem::path& path, unsigned mode = 0644);
    RowFile(RowFile&& other) noexcept;
    RowFile& operator=(RowFile&&) = delete;
    ~RowFile();

    /// All of it. Errors: more than `limit_bytes`.
    Result<std::string> text(uint64_t limit_bytes) const;
    /// Takes away what stands behind the last line end: the half of a row that a power cut left.
    Status drop_open_end();
    /// `row` without its line end. Where the file ends without one, as an editor may leave it, one is added first. What a full disk let be
    /// written of a row is taken away again, and so is a file that would stay without one.
    Status append(std::string_view row);

  private:
    RowFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
    uint64_t size() const;
    bool ends_open(uint64_t size) const;

    std::filesystem::path path_;
    int descriptor_ = -1;
};

}  // namespace base
