#pragma once

// Sessions written by hand: logs, samples and events, and what a measure says of them.

#include "tests/unit/training_stage.h"
#include "training/core/metrics.h"

#include <glm/glm.hpp>

#include <algorithm>
#include <functional>

namespace training_test {

inline constexpr uint32_t kStep_us = 8333;
inline constexpr uint32_t kWorking = shared::kContactTouching | shared::kContactMotor;

/// Logs written by hand, and what a measure says of them.
struct Log {
    explicit Log(std::shared_ptr<const face::FaceAsset> on, std::vector<std::string> zones)
        : face(std::move(on)) {
        device.pins.assign(12, glm::dvec2(0));
        device.rate_hz = 100;
        prescribed.assign(face->zones.size(), 0);
        for (const std::string& zone : zones) prescribed[static_cast<size_t>(face->find_zone(zone))] = 1;
        base::Result<training::Rubric> loaded = training::load_rubric(places(), "provisional");
        EXPECT_TRUE(loaded);
        rubric = *loaded;
        scope = *training::load_scope(places(), "medical");
        response = *track::ResponseModel::load(places());
        procedure = *training::Procedure::load(places());
    }

    void puncture(uint32_t cell, uint32_t depth_um = 500, uint32_t tilt_cdeg = 0) {
        punctures.push_back(
            {static_cast<uint32_t>(punctures.size()) * 1000, cell, 0, 0, depth_um | tilt_cdeg << 16, 700});
    }
    /// Steps of contact, one after the other.
    void contact(uint32_t force_mn, uint32_t steps = 1, uint32_t flags = kWorking,
                 uint32_t speed_um_s = 20'000, uint32_t zone = 1) {
        for (; steps > 0; --steps) {
            uint32_t time_us = (static_cast<uint32_t>(contacts.size()) + 1) * kStep_us;
            contacts.push_back({time_us, cell_in(zone), zone, force_mn, 500, 200, speed_um_s, flags});
        }
    }
    /// A cell of the zone; zone 0 has none.
    uint32_t cell_in(uint32_t zone) const {
        auto found = std::find(face->cells.zone.begin(), face->cells.zone.end(), zone);
        return found == face->cells.zone.end() ? shared::kNoCell
                                               : static_cast<uint32_t>(found - face->cells.zone.begin());
    }
    /// As many punctures on each cell as its area deserves at this density; `where(cell)` chooses the cells.
    template <typename Where>
    void fill(double per_cm2, Where where) {
        double owed = 0;
        for (uint32_t cell = 0; cell < face->cells.size(); ++cell) {
            if (!where(cell)) continue;
            for (owed += per_cm2 * face->cells.area_um2[cell] * 1e-8; owed >= 1; owed -= 1) puncture(cell);
        }
    }
    void fill(double per_cm2) {
        fill(per_cm2, [](uint32_t) { return true; });
    }
    /// A straight stroke of `length` m in `degrees` from +X, at 2 cm/s, with its samples and contacts on
    /// zone 1.
    void stroke(double degrees, double length = 0.02, double jitter = 0) {
        double angle = (degrees + jitter) * base::det::kPi / 180;
        glm::dvec3 way(base::det::cos(angle), base::det::sin(angle), 0);
        auto steps = static_cast<uint32_t>(length / 0.02 * 120);
        uint32_t start = static_cast<uint32_t>(samples.size()) + 10;
        for (uint32_t step = 0; step < steps; ++step) {
            input::PenSample sample;
            sample.time_us = (start + step + 1) * kStep_us;
            for (int k = 0; k < 3; ++k) sample.tip_nm[k] = static_cast<int32_t>(way[k] * step * 166'667.0);
            sample.axis_q30[2] = -(1 << 30);
            samples.push_back(sample);
            contacts.push_back({sample.time_us, cell_in(1), 1, 700, 500, 200, 20'000, kWorking});
        }
    }

    /// The tip goes along `path` (m, by seconds) for so long, from the first step after what there is; one sample, one record a
    /// step. Cells are those of the skin under the tip, `normal` tells which way it faces.
    template <typename Path>
    void glide(double seconds, Path path, uint32_t force_mn = 800, uint32_t flags = kWorking) {
        glm::dvec3 before = path(0.0);
        auto steps = static_cast<uint32_t>(seconds * 120 + 0.5);
        for (uint32_t k = 0; k <= steps; ++k) {
            glm::dvec3 tip = path(k / 120.0);
            move(tip);
            uint32_t cell = face->cells.find(tip, normal(tip)), zone = cell == shared::kNoCell ? 0 : face->cells.zone[cell];
            auto speed = static_cast<uint32_t>(glm::distance(tip, before) * 120e6 + 0.5);
            contacts.push_back({samples.back().time_us, cell, zone, force_mn, 500, 200, speed, flags});
            before = tip;
        }
    }
    /// Straight, at 2 cm/s or another speed.
    void line(glm::dvec3 from, glm::dvec3 to, double speed = 0.02, uint32_t force_mn = 800) {
        double seconds = glm::distance(from, to) / speed;
        glide(seconds, [&](double t) { return from + (to - from) * std::min(1.0, t / seconds); }, force_mn);
    }
    /// Off the skin, where it was; records go on, as in a session.
    void lift(double seconds = 0.5) {
        for (auto steps = static_cast<uint32_t>(seconds * 120 + 0.5); steps > 0; --steps) {
            input::PenSample last = samples.empty() ? input::PenSample{} : samples.back();
            move(glm::dvec3(last.tip_nm[0], last.tip_nm[1], last.tip_nm[2]) * 1e-9);
            contacts.push_back({samples.back().time_us, shared::kNoCell, 0, 0, 0, 0, 0, shared::kContactMotor});
        }
    }
    void move(glm::dvec3 tip) {
        input::PenSample sample;
        sample.time_us = skin::step_end_us(samples.size() + 1);
        for (int k = 0; k < 3; ++k) sample.tip_nm[k] = static_cast<int32_t>(base::round_to_integer(tip[k] * 1e9));
        sample.axis_q30[2] = -(1 << 30);
        samples.push_back(sample);
    }
    void event(const std::string& name, const std::string& value = "", uint32_t time_us = 0) {
        events.push_back({time_us, name, value});
    }

    training::Measurement operator()(const std::string& name) const {
        track::Tracker tallies(*face, rubric.no_go_margin_um);
        tallies.add(punctures);
        tallies.add(contacts);
        return training::measure(name, {*face, device, rubric, scope, punctures, contacts, samples, events, tallies, prescribed,
                                        &response, &procedure});
    }

    std::shared_ptr<const face::FaceAsset> face;
    std::function<glm::dvec3(glm::dvec3)> normal = [](glm::dvec3) { return glm::dvec3(0, 0, 1); };
    skin::DeviceProfile device;
    training::Rubric rubric;
    training::Scope scope;
    track::ResponseModel response;
    training::Procedure procedure;
    std::vector<uint8_t> prescribed;
    std::vector<shared::Puncture> punctures;
    std::vector<shared::ContactRecord> contacts;
    std::vector<input::PenSample> samples;
    std::vector<input::ProcedureEvent> events;
};

}  // namespace training_test
