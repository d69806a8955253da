#include "tests/scenarios/small_disk.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace scenario {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFiller = "filler";
constexpr int kPage_kib = 4;

std::string in_namespace() {
    return "mount -t tmpfs -o size=$2k,mode=700 evenhand \"$1\" && : > \"$3\" && exec sleep 86400";
}

}  // namespace

SmallDisk::SmallDisk(int kibibytes) : mount_(scratch_ / "disk") {
    fs::create_directory(mount_);
    const fs::path ready = scratch_ / "ready", said = scratch_ / "said";
    holder_ = std::make_unique<Process>(std::vector<std::string>{
        "sh", "-c", "exec unshare --user --map-root-user --mount sh -c \"$0\" sh \"$1\" \"$2\" \"$3\" 2> \"$4\"", in_namespace(), mount_.string(),
        std::to_string(kibibytes), ready.string(), said.string()});
    while (!fs::exists(ready) && holder_->running()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (!holder_->running()) refusal_ = "no disk can be mounted here without rights on the machine: " + read(said);
}

fs::path SmallDisk::seen() const {
    return fs::path("/proc") / std::to_string(holder_->id()) / "root" / mount_.relative_path();
}

std::vector<std::string> SmallDisk::inside(const std::vector<std::string>& command) const {
    std::vector<std::string> all = {"nsenter", "--target", std::to_string(holder_->id()), "--user", "--mount", "--preserve-credentials"};
    all.insert(all.end(), command.begin(), command.end());
    return all;
}

Outcome SmallDisk::run(const std::vector<std::string>& command, const Environment& environment) const {
    return scenario::run(inside(command), environment);
}

void SmallDisk::let_write(bool write) const {
    const Outcome mounted = run({"mount", "-o", write ? "remount,rw" : "remount,ro", mount_.string()});
    if (mounted.exit != 0) throw std::runtime_error("the small disk cannot be mounted anew: " + mounted.err);
}

int SmallDisk::free_kib() const {
    return static_cast<int>(fs::space(seen()).available >> 10);
}

void SmallDisk::fill_but(int kibibytes) const {
    const int left_kib = kibibytes / kPage_kib * kPage_kib;
    constexpr int kMostTimes = 100;  // a program that writes meanwhile takes room and gives it back
    for (int time = 0; time < kMostTimes; ++time) {
        make_room();
        std::ofstream filler(seen() / kFiller, std::ios::binary);
        const std::string page(1024, 'x');
        for (int more = free_kib() - left_kib; more > 0; --more) filler << page;
        filler.close();
        if (filler && free_kib() == left_kib) return;
    }
    throw std::runtime_error("the small disk has another room than was asked for");
}

void SmallDisk::make_room() const {
    fs::remove(seen() / kFiller);
}

std::vector<std::string> SmallDisk::listing(const std::string& name) const {
    std::vector<std::string> names;
    if (!fs::exists(seen() / name)) return names;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(seen() / name))
        if (entry.path().filename() != kFiller) names.push_back(entry.path().lexically_relative(seen() / name).string());
    std::ranges::sort(names);
    return names;
}

fs::path SmallDisk::copy_out(const std::string& name, const Scratch& scratch, const std::string& as) const {
    fs::copy(seen() / name, scratch / as, fs::copy_options::recursive);
    return scratch / as;
}

}  // namespace scenario
