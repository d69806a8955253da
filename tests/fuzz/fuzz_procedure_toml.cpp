#include "tests/fuzz/fuzz_target.h"
#include "training/core/procedure.h"

namespace fuzz {

namespace {

bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("procedure.toml");
    base::Result<training::Procedure> procedure = training::Procedure::read(file.write(bytes));
    if (!procedure) {
        CHECK(!procedure.error().message.empty());
        return false;
    }
    CHECK(!procedure->flags.empty() && !procedure->preparation.empty() && !procedure->aftercare.empty());
    for (const training::ScreeningFlag& flag : procedure->flags) CHECK(!flag.actions.empty(), flag.id);
    return true;
}

}  // namespace

Target procedure_toml() {
    return {"procedure_toml", {content("procedure.toml")}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(procedure_toml)
