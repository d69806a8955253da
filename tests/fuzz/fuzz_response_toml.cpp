#include "engine/track/response.h"
#include "tests/fuzz/fuzz_target.h"

#include <algorithm>

namespace fuzz {

namespace {

bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("response.toml");
    base::Result<track::ResponseModel> model = track::ResponseModel::read(file.write(bytes));
    if (!model) {
        CHECK(!model.error().message.empty());
        return false;
    }
    // Whatever figures it tells, levels stay what they are.
    const shared::ResponseCurves& k = model->curves;
    shared::CellResponse cell{};
    for (uint32_t tick = 0; tick < 40; ++tick) {
        shared::CellDose dose{};
        dose.tick = tick * tick * 100;
        dose.count = 1 + tick;
        dose.depth_um = dose.count * 4000;
        dose.redness = 0x3fffffffu;
        dose.seeping = 0x3fffffffu;
        dose.bruise = 0x3fffffffu;
        dose.pale = shared::kLevel;
        dose.wiped = tick % 5 == 0;
        cell = shared::respond(cell, dose, k);
        const shared::CellSigns s = shared::signs_at(cell, dose.tick + tick * 1000, k);
        CHECK(s.redness <= k.redness_most && k.redness_most <= shared::kMostLevel, s.redness, k.redness_most);
        CHECK(std::max({s.wet, s.confluent, s.bruise, s.grey, s.pale}) <= shared::kLevel, s.wet, s.bruise,
              s.pale);
    }
    CHECK(model->bleeding.at(4000) <= 1u << 23, model->bleeding.at(4000));
    return true;
}

}  // namespace

Target response_toml() {
    return {"response_toml", {content("skins/response.toml")}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(response_toml)
