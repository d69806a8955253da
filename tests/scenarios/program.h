#pragma once

// Runs the built program as a person's shell would, in a folder of its own.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace scenario {

struct Outcome {
    int exit = -1;      ///< exit code; 128 + signal when killed
    std::string out, err;
};

using Environment = std::map<std::string, std::string>;  ///< added to the test's own; "" removes a variable

/// Runs `command` to its end, or kills it after `limit_s` seconds (exit 124).
Outcome run(const std::vector<std::string>& command, const Environment& environment = {}, double limit_s = 300);

/// Runs evenhand (EVENHAND_PROGRAM) with `arguments`.
Outcome evenhand(std::vector<std::string> arguments, const Environment& environment = {}, double limit_s = 300);

/// A program that runs beside the test, killed when it goes out of scope.
class Process {
  public:
    Process(const std::vector<std::string>& command, const Environment& environment = {});
    ~Process();
    Process(const Process&) = delete;

    int id() const { return pid_; }
    bool running();
    void signal(int number);
    /// Waits for its end; -1 when it still runs after `limit_s`.
    int wait(double limit_s);

  private:
    int pid_ = -1;
    int exit_ = -1;
    bool done_ = false;
};

/// A folder that is removed at the end.
class Scratch {
  public:
    Scratch();
    ~Scratch();
    std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
    const std::filesystem::path& folder() const { return folder_; }
    std::string write(const std::string& name, const std::string& bytes) const;
    size_t file_count() const;

  private:
    std::filesystem::path folder_;
};

std::string read(const std::filesystem::path& path);

}  // namespace scenario
