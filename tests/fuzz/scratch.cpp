#include "tests/fuzz/fuzz_target.h"

#include <unistd.h>

#include <fstream>

namespace fuzz {

namespace fs = base::fs;

ScratchFile::ScratchFile(const std::string& name) {
    fs::path folder = ::access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::temp_directory_path();
    path_ = folder / fmt::format("evenhand-fuzz-{}-{}", ::getpid(), name);
}

ScratchFile::~ScratchFile() {
    std::error_code code;
    fs::remove(path_, code);
}

const fs::path& ScratchFile::write(std::span<const uint8_t> bytes) const {
    std::ofstream stream(path_, std::ios::binary | std::ios::trunc);
    stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    CHECK(!stream.fail(), path_.string());
    return path_;
}

ScratchFolder::ScratchFolder(const std::string& name) : place_(name) {
    fs::create_directory(path());
}

ScratchFolder::~ScratchFolder() {
    std::error_code code;
    fs::remove_all(path(), code);
}

fs::path ScratchFolder::write(const fs::path& name, std::span<const uint8_t> bytes) const {
    const fs::path file = path() / name;
    fs::create_directories(file.parent_path());
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    CHECK(!stream.fail(), file.string());
    return file;
}

const base::Places& source_places() {
    static const ScratchFolder cache("cache");
    static const base::Places ours = {fs::path(EVENHAND_SOURCE_DIR) / "content", {}, cache.path()};
    return ours;
}

Bytes content(const std::string& path) {
    base::Result<Bytes> bytes = base::read_file(fs::path(EVENHAND_SOURCE_DIR) / "content" / path);
    return bytes.value();
}

#ifdef EVENHAND_LIBFUZZER
void write_seeds(const Target& target, const fs::path& folder) {
    if (!fs::is_directory(folder)) return;
    for (size_t i = 0; i < target.seeds.size(); ++i) {
        base::Status written = base::write_file(folder / fmt::format("seed-{}", i), target.seeds[i]);
        CHECK(static_cast<bool>(written), folder.string());
    }
}
#endif

}  // namespace fuzz
