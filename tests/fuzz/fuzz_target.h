#pragma once

// A parser of foreign bytes as fuzzing sees it: seeds that it accepts, and a function that feeds it any
// bytes. The function stops the program (CHECK, a sanitizer) when the parser lets through what it promises to
// refuse. Each fuzz_NAME.cpp defines one target and is built twice: into test_fuzz, which tries a fixed set
// of mutations, and, with -DEVENHAND_FUZZ=ON and clang++, into a libFuzzer program of its own: `fuzz_NAME
// FOLDER` writes the seeds into the folder and goes on from there.

#include "engine/base/files.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

using Bytes = std::vector<uint8_t>;

struct Target {
    std::string name;
    std::vector<Bytes> seeds;
    bool (*accepts)(std::span<const uint8_t> bytes);  ///< true where the parser took them
    int mutations = 2000;                             ///< in test_fuzz; fewer where one try is slow
    bool some_are_sound = true;                       ///< whether some changed bytes must be taken; under a new signature each time, none
};

inline std::string_view as_text(std::span<const uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes as_bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

/// A file for parsers that read paths; in memory where the system has such a folder, gone with the process.
class ScratchFile {
  public:
    explicit ScratchFile(const std::string& name);
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    ~ScratchFile();

    const base::fs::path& write(std::span<const uint8_t> bytes) const;
    const base::fs::path& path() const { return path_; }

  private:
    base::fs::path path_;
};

/// A folder for parsers that look for files by their names; gone with the process.
class ScratchFolder {
  public:
    explicit ScratchFolder(const std::string& name);
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();

    /// `name` may begin with folders, which are made.
    base::fs::path write(const base::fs::path& name, std::span<const uint8_t> bytes) const;
    const base::fs::path& path() const { return place_.path(); }

  private:
    ScratchFile place_;
};

/// The source tree's content; nothing imported, and a cache that is gone with the process.
const base::Places& source_places();

/// A file under content/, whole.
Bytes content(const std::string& path);

Target pen_csv();
Target events_csv();
Target roster_csv();
Target record_json();
Target badge();
Target time_stamp();
Target osc_packet();
Target case_toml();
Target device_toml();
Target rubric_toml();
Target pad_toml();
Target condition_toml();
Target healing_toml();
Target response_toml();
Target procedure_toml();
Target recording();
Target recording_rows();
Target notes();
Target typed_notes();
Target key_file();
Target closing_document();
Target exam_journal();
Target exam_package();
Target sealed_recording();
Target face_cache();
Target light_cache();
Target import();
Target scan_face();
Target png();
Target desk_fields();
Target desk_accounts();
Target desk_request();
Target score_document();
Target lesson_toml();
Target exam_plan();
Target pem();
Target settings_toml();
Target locale_toml();
Target figures_toml();
Target procedure_events();
Target record_store();
Target session_index();
Target http_answer();
Target habits_toml();
Target verify_results();

}  // namespace fuzz

#ifdef EVENHAND_LIBFUZZER
namespace fuzz {
void write_seeds(const Target& target, const base::fs::path& folder);
}
#define FUZZ_PROGRAM(target)                                                  \
    extern "C" int LLVMFuzzerInitialize(int* count, char*** words) {          \
        if (*count > 1) fuzz::write_seeds(fuzz::target(), (*words)[1]);       \
        return 0;                                                             \
    }                                                                         \
    extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) { \
        static const fuzz::Target kTarget = fuzz::target();                   \
        kTarget.accepts({data, size});                                        \
        return 0;                                                             \
    }
#else
#define FUZZ_PROGRAM(target)
#endif
