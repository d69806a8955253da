#pragma once

// What people call content by: the name of its file without ending, or the path of a TOML file of their own.

#include "engine/base/files.h"

namespace base {

/// The file that `id` stands for: itself where it ends in .toml, else the first of `files` with that name. Errors: no such file,
/// what kept `files` from being listed, or `form` filled with the id and the names there are: "no device '{}'; there are {}".
Result<fs::path> find_by_id(const std::string& id, const Result<std::vector<fs::path>>& files, fmt::format_string<const std::string&, const std::string&> form);

}  // namespace base
