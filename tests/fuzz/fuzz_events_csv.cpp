#include "engine/input/pen_file.h"
#include "tests/fuzz/fuzz_target.h"

namespace fuzz {

namespace {

bool accepts(std::span<const uint8_t> bytes) {
    auto events = input::parse_events_csv(as_text(bytes), "fuzz.csv");
    if (!events) {
        CHECK(!events.error().message.empty());
        return false;
    }
    for (size_t i = 0; i < events->size(); ++i) {
        const input::ProcedureEvent& event = (*events)[i];
        CHECK(!event.name.empty() && event.name.size() <= 64 && event.value.size() <= 1024);
        CHECK(i == 0 || (*events)[i - 1].time_us <= event.time_us, i);
    }
    std::vector<input::PenSample> samples(3);
    for (uint32_t i = 0; i < 3; ++i) samples[i].time_us = 1'000'000 * i;
    if (!input::apply_settings(samples, *events)) return true;
    for (const input::PenSample& sample : samples)
        CHECK(sample.depth_um <= 10'000 && sample.rate_dhz <= 10'000);
    return true;
}

}  // namespace

Target events_csv() {
    return {"events_csv",
            {as_bytes("time_s,event,value\n0,depth_mm,0.5\n0,rate_hz,110\n0.5,traction_begin,\n4200,wipe,\n"),
             as_bytes("value,time_s,event,note\r\n1.25, 0.25 ,depth_mm,x\r\n\r\n1e2,1.5,rate_hz,y\r\n")},
            accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(events_csv)
