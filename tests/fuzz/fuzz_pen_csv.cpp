#include "engine/input/pen_file.h"
#include "tests/fuzz/fuzz_target.h"

#include <cmath>
#include <cstdlib>

namespace fuzz {

namespace {

void check_sample(const input::PenSample& sample) {
    for (int32_t component : sample.tip_nm) CHECK(std::abs(component) <= 1'000'000'000, component);
    glm::dvec3 axis = sample.axis();
    double length = std::sqrt(axis.x * axis.x + axis.y * axis.y + axis.z * axis.z);
    CHECK(std::fabs(length - 1) < 1e-9, length);
    CHECK(sample.force_un >= -1 && sample.force_un <= 100'000'000, sample.force_un);
    CHECK(sample.motor <= 1);
    CHECK(sample.time() <= 70 * 60, sample.time());
}

bool accepts(std::span<const uint8_t> bytes) {
    auto samples = input::parse_pen_csv(as_text(bytes), "fuzz.csv", 0.5, 110);
    if (!samples) {
        CHECK(!samples.error().message.empty());
        return false;
    }
    CHECK(samples->size() >= 2);
    for (const input::PenSample& sample : *samples) check_sample(sample);
    for (size_t i = 1; i < samples->size(); ++i) CHECK((*samples)[i - 1].time_us < (*samples)[i].time_us, i);
    return true;
}

}  // namespace

Target pen_csv() {
    return {"pen_csv",
            {as_bytes("time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,motor\n"
                      "0,0.01,0,0.004,0,0,-1,,1\n0.00833,0.0101,0,0,0,0,-1,0.7,1\n1,0,0,0,0,0.1,-1,1e-3,0\n"),
             as_bytes("motor,time_s,note,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n\r\n"
                      "1,0,a,-0.2,0.5,1,0,-1,0,100\r\n\r\n0, 4199.9,b,.5,-1,0,1,0,0,0\r\n")},
            accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(pen_csv)
