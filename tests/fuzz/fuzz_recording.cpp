#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/some_recording.h"

namespace fuzz {

namespace {

bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("session.evh");
    base::Result<training::Recording> recording = training::load_recording(file.write(bytes));
    if (!recording) {
        CHECK(!recording.error().message.empty());
        return false;
    }
    check_recording(*recording);
    return true;
}

}  // namespace

Target recording() {
    return {"recording", {record(true), record(false)}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(recording)
