#pragma once

// Packages of the npm registry that a test looks at our output with: installed beside the build when it runs, never shipped.

#include <filesystem>
#include <initializer_list>
#include <string>

namespace scenario {

/// The first of these programs that there is, with its path; else empty.
std::string find_program(std::initializer_list<const char*> names);

/// Puts a script into a folder of packages, which Node.js looks for beside it: whole at once, as other tests may be running theirs.
void put_beside(const std::filesystem::path& script, const std::filesystem::path& into);

/// Installs what `from` (package.json, package-lock.json) names into `into`/node_modules, unless it is there. Tests that
/// want them at once wait for each other. What keeps them from being there, as a sentence to skip a test with; else empty.
std::string install_packages(const std::filesystem::path& from, const std::filesystem::path& into);

}  // namespace scenario
