// The shared structs as the shaders see them, read from the SPIR-V words, against offsetof and sizeof.

#include "engine/base/files.h"
#include "shaders/shared/healed.h"
#include "shaders/shared/response.h"
#include "shaders/shared/statistics.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <map>
#include <set>
#include <string>

namespace {

struct Member {
    std::string name;
    uint32_t offset;
    bool operator==(const Member&) const = default;
};

struct Layout {
    std::vector<Member> members;
    uint32_t size;
};

#define MEMBER(type, name)                                           \
    Member {                                                         \
#name, static_cast < uint32_t>(offsetof(shared::type, name)) \
    }

const std::map<std::string, Layout> kExpected{
    {"Puncture",
     {{MEMBER(Puncture, time_us), MEMBER(Puncture, cell), MEMBER(Puncture, triangle),
       MEMBER(Puncture, weights), MEMBER(Puncture, depth_tilt), MEMBER(Puncture, force_needle)},
      sizeof(shared::Puncture)}},
    {"ContactRecord",
     {{MEMBER(ContactRecord, time_us), MEMBER(ContactRecord, cell), MEMBER(ContactRecord, zone),
       MEMBER(ContactRecord, force_mn), MEMBER(ContactRecord, dent_um), MEMBER(ContactRecord, tilt_cdeg),
       MEMBER(ContactRecord, speed_um_s), MEMBER(ContactRecord, flags)},
      sizeof(shared::ContactRecord)}},
    {"PunctureBrief",
     {{MEMBER(PunctureBrief, depth_tilt), MEMBER(PunctureBrief, force_needle)}, sizeof(shared::PunctureBrief)}},
    {"PunctureRun",
     {{MEMBER(PunctureRun, cell), MEMBER(PunctureRun, begin), MEMBER(PunctureRun, end)}, sizeof(shared::PunctureRun)}},
    {"Cell",
     {{MEMBER(Cell, zone), MEMBER(Cell, neighbourhood), MEMBER(Cell, area_um2)}, sizeof(shared::Cell)}},
    {"Neighbourhood",
     {{MEMBER(Neighbourhood, zone), MEMBER(Neighbourhood, area_um2)}, sizeof(shared::Neighbourhood)}},
    {"Sum64", {{MEMBER(Sum64, lo), MEMBER(Sum64, hi)}, sizeof(shared::Sum64)}},
    {"ZoneSpan",
     {{MEMBER(ZoneSpan, first), MEMBER(ZoneSpan, count), MEMBER(ZoneSpan, area_um2)},
      sizeof(shared::ZoneSpan)}},
    {"CellTally",
     {{MEMBER(CellTally, count), MEMBER(CellTally, depth_sum), MEMBER(CellTally, depth_max_um),
       MEMBER(CellTally, force_sum), MEMBER(CellTally, force_peak_mn), MEMBER(CellTally, contact_steps),
       MEMBER(CellTally, direction)},
      sizeof(shared::CellTally)}},
    {"NeighbourhoodTally",
     {{MEMBER(NeighbourhoodTally, count), MEMBER(NeighbourhoodTally, depth_sum),
       MEMBER(NeighbourhoodTally, force_sum), MEMBER(NeighbourhoodTally, direction)},
      sizeof(shared::NeighbourhoodTally)}},
    {"ZoneTally",
     {{MEMBER(ZoneTally, count), MEMBER(ZoneTally, judged), MEMBER(ZoneTally, depth_sum), MEMBER(ZoneTally, depth_sum_of_squares),
       MEMBER(ZoneTally, force_sum), MEMBER(ZoneTally, tilt_sum), MEMBER(ZoneTally, depth_max_um),
       MEMBER(ZoneTally, force_peak_mn), MEMBER(ZoneTally, contact_steps), MEMBER(ZoneTally, direction)},
      sizeof(shared::ZoneTally)}},
    {"NeighbourhoodShare",
     {{MEMBER(NeighbourhoodShare, evenness_q36), MEMBER(NeighbourhoodShare, inequality),
       MEMBER(NeighbourhoodShare, covered_um2)},
      sizeof(shared::NeighbourhoodShare)}},
    {"ZoneStats",
     {{MEMBER(ZoneStats, area_mm2), MEMBER(ZoneStats, punctures), MEMBER(ZoneStats, density_per_cm2),
       MEMBER(ZoneStats, coverage_e4), MEMBER(ZoneStats, density_cv_e4), MEMBER(ZoneStats, gini_e4),
       MEMBER(ZoneStats, depth_mean_um), MEMBER(ZoneStats, depth_cv_e4), MEMBER(ZoneStats, depth_max_um),
       MEMBER(ZoneStats, force_mean_mn), MEMBER(ZoneStats, force_peak_mn), MEMBER(ZoneStats, tilt_mean_cdeg),
       MEMBER(ZoneStats, direction_share_e4), MEMBER(ZoneStats, contact_ms)},
      sizeof(shared::ZoneStats)}},
    {"ResponseCurves",
     {{MEMBER(ResponseCurves, redness_most), MEMBER(ResponseCurves, onset_rate), MEMBER(ResponseCurves,
       plateau), MEMBER(ResponseCurves, fade_depth_um), MEMBER(ResponseCurves, fade_half),
       MEMBER(ResponseCurves, flare_share), MEMBER(ResponseCurves, seep_rate), MEMBER(ResponseCurves,
       reseep_rate), MEMBER(ResponseCurves, clot_rate), MEMBER(ResponseCurves, wet_from),
       MEMBER(ResponseCurves, wet_span), MEMBER(ResponseCurves, grey_from), MEMBER(ResponseCurves,
       grey_span), MEMBER(ResponseCurves, bruise_rate), MEMBER(ResponseCurves, refill_rate)},
      sizeof(shared::ResponseCurves)}},
    {"CellDose",
     {{MEMBER(CellDose, cell), MEMBER(CellDose, tick), MEMBER(CellDose, count), MEMBER(CellDose, depth_um),
       MEMBER(CellDose, redness), MEMBER(CellDose, seeping), MEMBER(CellDose, work), MEMBER(CellDose,
       spots), MEMBER(CellDose, bruise), MEMBER(CellDose, pale), MEMBER(CellDose, wiped)},
      sizeof(shared::CellDose)}},
    {"CellResponse",
     {{MEMBER(CellResponse, count), MEMBER(CellResponse, depth_um), MEMBER(CellResponse, redness_dose),
       MEMBER(CellResponse, seeping), MEMBER(CellResponse, work), MEMBER(CellResponse, spots),
       MEMBER(CellResponse, bruise_dose), MEMBER(CellResponse, redness), MEMBER(CellResponse,
       redness_tick), MEMBER(CellResponse, wet), MEMBER(CellResponse, wet_tick), MEMBER(CellResponse,
       wet_aim), MEMBER(CellResponse, wet_rate), MEMBER(CellResponse, bruise), MEMBER(CellResponse,
       bruise_tick), MEMBER(CellResponse, pale), MEMBER(CellResponse, pale_tick)},
      sizeof(shared::CellResponse)}},
    {"CellSigns",
     {{MEMBER(CellSigns, redness), MEMBER(CellSigns, wet), MEMBER(CellSigns, confluent), MEMBER(CellSigns,
       bruise), MEMBER(CellSigns, grey), MEMBER(CellSigns, pale)},
      sizeof(shared::CellSigns)}},
    {"HealedLook",
     {{MEMBER(HealedLook, redness), MEMBER(HealedLook, swelling_mm), MEMBER(HealedLook, dryness),
       MEMBER(HealedLook, peeling), MEMBER(HealedLook, marks), MEMBER(HealedLook, scabs),
       MEMBER(HealedLook, pigment), MEMBER(HealedLook, vessels), MEMBER(HealedLook, relief),
       MEMBER(HealedLook, paint), MEMBER(HealedLook, fresh_tracks), MEMBER(HealedLook, tracks)},
      sizeof(shared::HealedLook)}},
    {"Scratch",
     {{MEMBER(Scratch, triangle), MEMBER(Scratch, weights), MEMBER(Scratch, back), MEMBER(Scratch, strength)},
      sizeof(shared::Scratch)}},
    {"HealedVertex",
     {{MEMBER(HealedVertex, lift), MEMBER(HealedVertex, normal), MEMBER(HealedVertex, tint),
       MEMBER(HealedVertex, along), MEMBER(HealedVertex, dry), MEMBER(HealedVertex, left),
       MEMBER(HealedVertex, torn)},
      sizeof(shared::HealedVertex)}},
};

#undef MEMBER

// What a module says about its structs: names, member names and offsets by struct id, strides of arrays and
// their element.
struct Module {
    std::map<uint32_t, std::string> names;
    std::map<uint32_t, std::map<uint32_t, Member>> members;
    std::map<uint32_t, uint32_t> strides, elements;
};

std::string literal(const uint32_t* words) {
    return reinterpret_cast<const char*>(words);
}

// SPIR-V 1.6, 2.3 and 3: five header words, then instructions of (length << 16 | opcode).
Module parse(const std::vector<uint32_t>& words) {
    enum { OpName = 5, OpMemberName = 6, OpTypeRuntimeArray = 29, OpDecorate = 71, OpMemberDecorate = 72 };
    enum { ArrayStride = 6, Offset = 35 };
    Module module;
    for (size_t i = 5; i < words.size(); i += words[i] >> 16) {
        const uint32_t* w = &words[i];
        const uint32_t opcode = w[0] & 0xffff;
        if (opcode == OpName) module.names[w[1]] = literal(w + 2);
        if (opcode == OpMemberName) module.members[w[1]][w[2]].name = literal(w + 3);
        if (opcode == OpMemberDecorate && w[3] == Offset) module.members[w[1]][w[2]].offset = w[4];
        if (opcode == OpDecorate && w[2] == ArrayStride) module.strides[w[1]] = w[3];
        if (opcode == OpTypeRuntimeArray) module.elements[w[1]] = w[2];
        if (words[i] >> 16 == 0) break;
    }
    return module;
}

Module load(const base::fs::path& path) {
    const auto bytes = base::read_file(path);
    EXPECT_TRUE(bytes) << path;
    std::vector<uint32_t> words(bytes->size() / 4);
    std::memcpy(words.data(), bytes->data(), words.size() * 4);
    EXPECT_EQ(words.at(0), 0x07230203u) << path;
    return parse(words);
}

// Structs that buffers hold, directly or inside another. glslang numbers a struct again for use outside
// buffers, without offsets; those are skipped by asking for an offset past the first member.
bool laid_out(const std::map<uint32_t, Member>& members) {
    return members.size() < 2 || members.rbegin()->second.offset > 0;
}

}  // namespace

TEST(ShaderLayout, EverySharedStructHasTheSameOffsetsInCppAndInSpirv) {
    std::set<std::string> seen, sized;
    for (const char* shader : {"tally.comp", "tally_bulk.comp", "tally_neighbourhoods.comp", "statistics_neighbourhoods.comp", "statistics_zones.comp", "response_add.comp",
                               "response_signs.comp", "healing.comp", "torn.vert"}) {
        SCOPED_TRACE(shader);
        const Module module =
            load(base::fs::path(EVENHAND_BINARY_DIR) / "shaders" / (std::string(shader) + ".spv"));
        for (const auto& [id, by_index] : module.members) {
            const auto expected = kExpected.find(module.names.at(id));
            if (expected == kExpected.end() || !laid_out(by_index)) continue;
            std::vector<Member> members;
            for (const auto& [index, member] : by_index) members.push_back(member);
            EXPECT_EQ(members, expected->second.members) << expected->first;
            seen.insert(expected->first);
        }
        for (const auto& [array, element] : module.elements) {
            const auto name = module.names.find(element);  // a plain uint has none
            const auto expected = name == module.names.end() ? kExpected.end() : kExpected.find(name->second);
            if (expected == kExpected.end()) continue;
            EXPECT_EQ(module.strides.at(array), expected->second.size) << expected->first;
            sized.insert(expected->first);
        }
    }
    EXPECT_EQ(seen.size(), kExpected.size());
    EXPECT_EQ(sized.size(), kExpected.size() - 2);  // no array of Sum64, nor of ResponseCurves
}
