#include "training/core/export.h"
#include "training/core/json_text.h"

#include "engine/base/deterministic_math.h"
#include "training/core/utc.h"
#include "training/core/xapi.h"

#include <nlohmann/json.hpp>

#include <glm/glm.hpp>

#include <algorithm>

namespace training {
namespace {

std::string zone_name(const Stage& stage, uint32_t zone) {
    return zone < stage.face->zones.size() ? stage.face->zones[zone].id : "";
}

/// The last contact record at or before `time_us`, or none before the first touch.
const shared::ContactRecord* contact_at(const Recording& recording, uint32_t time_us) {
    auto later = std::upper_bound(recording.contacts.begin(), recording.contacts.end(), time_us,
                                  [](uint32_t t, const shared::ContactRecord& c) { return t < c.time_us; });
    return later == recording.contacts.begin() ? nullptr : &*std::prev(later);
}

void append_sample(std::string& csv, const input::PenSample& sample, const shared::ContactRecord* contact,
                   const std::string& zone) {
    glm::dvec3 tip = sample.tip(), axis = sample.axis();
    fmt::format_to(std::back_inserter(csv), "{:.6f},{:.9f},{:.9f},{:.9f},{:.9f},{:.9f},{:.9f},",
                   sample.time(), tip.x, tip.y, tip.z, axis.x, axis.y, axis.z);
    shared::ContactRecord none{};
    const shared::ContactRecord& c = contact ? *contact : none;
    fmt::format_to(std::back_inserter(csv), "{:.3f},{:.3f},{:.2f},{:.6f},{}\n", c.force_mn * 1e-3,
                   c.dent_um * 1e-3, c.tilt_cdeg * 1e-2, c.speed_um_s * 1e-6, zone);
}

}  // namespace

std::string punctures_csv(const Recording& recording, const Stage& stage) {
    std::string csv = "time_s,x_m,y_m,z_m,zone,cell,depth_mm,tilt_deg,force_n,needle\n";
    csv.reserve(csv.size() + recording.punctures.size() * 88);
    for (const shared::Puncture& p : recording.punctures) {
        bool on_cell = p.cell < stage.face->cells.size();
        if (p.triangle >= stage.face->mesh.triangles.size()) continue;  // check_fits names these
        glm::dvec3 place = skin::puncture_position(*stage.face, p);
        fmt::format_to(std::back_inserter(csv), "{:.6f},{:.6f},{:.6f},{:.6f},{},{},{:.3f},{:.2f},{:.3f},{}\n",
                       p.time_us * 1e-6, place.x, place.y, place.z,
                       zone_name(stage, on_cell ? stage.face->cells.zone[p.cell] : 0),
                       on_cell ? fmt::format("{}", p.cell) : "", shared::puncture_depth_um(p) * 1e-3,
                       shared::puncture_tilt_cdeg(p) * 1e-2, shared::puncture_force_mn(p) * 1e-3,
                       shared::puncture_needle(p));
    }
    return csv;
}

std::string samples_csv(const Recording& recording, const Stage& stage) {
    std::string csv = "time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,dent_mm,tilt_deg,speed_m_s,zone\n";
    csv.reserve(csv.size() + recording.samples.size() * 128);
    for (const input::PenSample& sample : recording.samples) {
        const shared::ContactRecord* contact = contact_at(recording, sample.time_us);
        append_sample(csv, sample, contact, zone_name(stage, contact ? contact->zone : 0));
    }
    return csv;
}

std::string xapi_json(const Recording& recording, const Score& score) {
    using Json = nlohmann::ordered_json;
    Json result = {
        {"score", {{"scaled", score.total / 1e4}, {"raw", score.total / 1e2}, {"min", 0}, {"max", 100}}},
        {"success", score.pass},
        {"completion", recording.finished},
        {"duration", fmt::format("PT{:.2f}S", recording.duration())}};
    Json statement = {
        {"id", uuid_of(score.evidence)},
        {"version", "1.0.3"},
        {"actor",
         {{"objectType", "Agent"}, {"account", {{"homePage", "urn:evenhand"}, {"name", "trainee"}}}}},
        {"verb", {{"id", "http://adlnet.gov/expapi/verbs/completed"}, {"display", {{"en", "completed"}}}}},
        {"object",
         {{"objectType", "Activity"},
          {"id", "urn:evenhand:case:" + recording.header.case_id},
          {"definition",
           {{"type", "http://adlnet.gov/expapi/activities/simulation"},
            {"name", {{"en", "Microneedling practice: " + recording.header.case_id}}}}}}},
        {"result", result}};
    if (seconds_of(recording.header.started)) statement["timestamp"] = recording.header.started;
    return json_text(statement, 2);
}

}  // namespace training
