#pragma once

// A disk that is full in truth: memory of a fixed size, mounted in a namespace of its own, which needs no rights on the machine.
// Programs are run in that namespace; the test itself stands outside and looks in.

#include "tests/scenarios/program.h"

#include <memory>

namespace scenario {

class SmallDisk {
  public:
    /// Where the machine lets nobody mount, refusal() says what it said, and nothing else is to be called.
    explicit SmallDisk(int kibibytes);
    const std::string& refusal() const { return refusal_; }

    /// As the programs that run there name it.
    std::string operator/(const std::string& name) const { return (mount_ / name).string(); }
    Outcome run(const std::vector<std::string>& command, const Environment& environment = {}) const;
    /// The command that runs `command` there.
    std::vector<std::string> inside(const std::vector<std::string>& command) const;

    /// Takes what is free but for so many KiB, in whole pages of four; 0: a byte more is one too many.
    void fill_but(int kibibytes) const;
    void make_room() const;
    /// Mounts it so that it can be read alone, or written to again.
    void let_write(bool write) const;
    int free_kib() const;
    /// Everything below `name` but what fills it, in order; none where it is not there.
    std::vector<std::string> listing(const std::string& name = {}) const;
    /// Takes a file or a folder out to where the test may open it.
    std::filesystem::path copy_out(const std::string& name, const Scratch& scratch, const std::string& as) const;

  private:
    std::filesystem::path seen() const;

    Scratch scratch_;
    std::filesystem::path mount_;
    std::string refusal_;
    std::unique_ptr<Process> holder_;
};

}  // namespace scenario
