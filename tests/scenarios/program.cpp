#include "tests/scenarios/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace scenario {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

[[noreturn]] void become(const std::vector<std::string>& command, const Environment& environment, int out, int err) {
    for (const auto& [name, value] : environment) {
        if (value.empty())
            ::unsetenv(name.c_str());
        else
            ::setenv(name.c_str(), value.c_str(), 1);
    }
    int null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, 0);
    if (out >= 0) ::dup2(out, 1);
    if (err >= 0) ::dup2(err, 2);
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

int exit_code(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const Environment& environment) {
    pid_ = ::fork();
    if (pid_ == 0) become(command, environment, -1, -1);
}

Process::~Process() {
    if (!running()) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

bool Process::running() {
    if (done_) return false;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
    done_ = true;
    exit_ = exit_code(status);
    return false;
}

void Process::signal(int number) {
    if (running()) ::kill(pid_, number);
}

int Process::wait(double limit_s) {
    auto end = Clock::now() + std::chrono::duration<double>(limit_s);
    while (running() && Clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return running() ? -1 : exit_;
}

Outcome run(const std::vector<std::string>& command, const Environment& environment, double limit_s) {
    Scratch scratch;
    std::string out_name = (scratch / "out").string(), err_name = (scratch / "err").string();
    int out = ::open(out_name.c_str(), O_CREAT | O_WRONLY, 0600);
    int err = ::open(err_name.c_str(), O_CREAT | O_WRONLY, 0600);
    int pid = ::fork();
    if (pid == 0) become(command, environment, out, err);
    ::close(out);
    ::close(err);
    auto end = Clock::now() + std::chrono::duration<double>(limit_s);
    int status = 0;
    bool late = false;
    while (::waitpid(pid, &status, WNOHANG) == 0) {
        if (Clock::now() > end) {
            late = true;
            ::kill(pid, SIGKILL);
            ::waitpid(pid, &status, 0);
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return {late ? 124 : exit_code(status), read(out_name), read(err_name)};
}

Outcome evenhand(std::vector<std::string> arguments, const Environment& environment, double limit_s) {
    arguments.insert(arguments.begin(), EVENHAND_PROGRAM);
    return run(arguments, environment, limit_s);
}

Scratch::Scratch() {
    std::string name = (fs::temp_directory_path() / "evenhand-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no scratch folder");
    folder_ = name;
}

Scratch::~Scratch() {
    std::error_code code;
    fs::remove_all(folder_, code);
}

std::string Scratch::write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return (folder_ / name).string();
}

size_t Scratch::file_count() const {
    return static_cast<size_t>(std::distance(fs::recursive_directory_iterator(folder_), fs::recursive_directory_iterator()));
}

std::string read(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace scenario
