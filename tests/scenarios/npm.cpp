#include "tests/scenarios/npm.h"

#include "tests/scenarios/program.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace scenario {

namespace fs = std::filesystem;

namespace {

/// Held by one process at a time: tests that want the same packages run side by side, and npm empties the folder first.
class Turn {
  public:
    explicit Turn(const fs::path& folder) : file_(::open((folder / "installing").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
        if (file_ >= 0) ::flock(file_, LOCK_EX);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
        if (file_ >= 0) ::close(file_);
    }

  private:
    int file_;
};

}  // namespace

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
    fs::create_directories(into);
    const Turn turn(into);
    if (fs::exists(into / "node_modules") && fs::exists(installed_lock) && read(installed_lock) == lock) return {};
    fs::remove(installed_lock);  // true again once all is there
    for (const char* name : {"package.json", "package-lock.json"})
        fs::copy_file(from / name, into / name, fs::copy_options::overwrite_existing);
    const Outcome installed = run({"npm", "ci", "--prefix", into.string(), "--ignore-scripts", "--no-audit", "--no-fund"}, {}, 120);
    if (installed.exit != 0) return fmt::format("npm cannot install what {} names: {}", (from / "package.json").string(), installed.err.substr(0, 400));
    fs::copy_file(into / "package-lock.json", installed_lock, fs::copy_options::overwrite_existing);
    return {};
}

void put_beside(const fs::path& script, const fs::path& into) {
    const fs::path whole = into / fmt::format("{}.{}", script.filename().string(), ::getpid());
    fs::copy_file(script, whole, fs::copy_options::overwrite_existing);
    fs::rename(whole, into / script.filename());
}

}  // namespace scenario
