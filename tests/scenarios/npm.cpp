#include "tests/scenarios/npm.h"

#include "tests/scenarios/program.h"

#include <fmt/format.h>

namespace scenario {

namespace fs = std::filesystem;

std::string find_program(std::initializer_list<const char*> names) {
    for (const char* name : names) {
        std::string found = run({"sh", "-c", fmt::format("command -v {}", name)}).out;
        if (!found.empty()) return found.substr(0, found.find('\n'));
    }
    return {};
}

std::string install_packages(const fs::path& from, const fs::path& into) {
    if (find_program({"node"}).empty() || find_program({"npm"}).empty()) return "there is no npm: apt-get install npm";
    const std::string lock = read(from / "package-lock.json");
    const fs::path installed_lock = into / "installed.json";
    if (fs::exists(into / "node_modules") && fs::exists(installed_lock) && read(installed_lock) == lock) return {};
    fs::create_directories(into);
    for (const char* name : {"package.json", "package-lock.json"})
        fs::copy_file(from / name, into / name, fs::copy_options::overwrite_existing);
    const Outcome installed = run({"npm", "ci", "--prefix", into.string(), "--ignore-scripts", "--no-audit", "--no-fund"}, {}, 120);
    if (installed.exit != 0) return fmt::format("npm cannot install what {} names: {}", (from / "package.json").string(), installed.err.substr(0, 400));
    fs::copy_file(into / "package-lock.json", installed_lock, fs::copy_options::overwrite_existing);
    return {};
}

}  // namespace scenario
