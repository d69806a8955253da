#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/some_recording.h"
#include "training/core/seal_check.h"

// A sealed recording as a file: whatever its tables hold, checking the seal ends in findings of a sentence
// each.

namespace fuzz {

namespace {

bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("sealed.evh");
    const base::Result<training::Recording> recording = training::load_recording(file.write(bytes));
    if (!recording) {
        CHECK(!recording.error().message.empty());
        return false;
    }
    check_recording(*recording);
    for (const training::Finding& finding : training::check_seal(*recording, {}, {true, {}, "AAAA-AAAA"}))
        CHECK(!finding.words.empty() && finding.words.find('\n') == std::string::npos);
    return true;
}

}  // namespace

Target sealed_recording() {
    return {"sealed_recording", {record_sealed(true), record_sealed(false)}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(sealed_recording)
