#include "engine/base/content_id.h"

namespace base {

Result<fs::path> find_by_id(const std::string& id, const Result<std::vector<fs::path>>& files, fmt::format_string<const std::string&, const std::string&> form) {
    std::error_code ignored;
    if (id.ends_with(".toml")) return fs::exists(id, ignored) ? Result<fs::path>(id) : error("{}: no such file; check the name", id);
    if (!files) return files.error();
    std::string known;
    for (const fs::path& file : *files) {
        if (file.stem() == id) return file;
        known += (known.empty() ? "" : ", ") + file.stem().string();
    }
    const std::string names = known.empty() ? "none" : known;
    return error(form, id, names);
}

}  // namespace base
