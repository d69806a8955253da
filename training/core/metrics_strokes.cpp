// Measures of how strokes lie to each other: directions, overlap, and lines gone over too often or too hard.

#include "engine/base/deterministic_math.h"
#include "engine/base/units.h"
#include "engine/mesh/voxel_grid.h"
#include "training/core/metrics_support.h"
#include "training/core/strokes.h"

#include <glm/glm.hpp>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace training {
namespace {

// --- Directions ---

constexpr size_t kDegrees = 180;          // a stroke and its return are one direction
constexpr double kDirectionReach = 10e-3; // m round a neighbourhood in which strokes count for it: a tip's width (A)
constexpr int64_t kLeastPath_um = 20'000; // in that reach: a crossing. Skin that was hardly worked has no directions (A)

/// Path length in µm by direction, whole degrees to the nearest.
using Rose = std::array<int64_t, kDegrees>;

/// `v` along the skin with normal `from`, turned the shortest way on to the skin with normal `to`: directions of strokes
/// are compared where they are made, so that no frame laid over a whole face can jump between them.
glm::dvec3 carried(glm::dvec3 v, glm::dvec3 from, glm::dvec3 to) {
    return v - (from + to) * (glm::dot(v, to) / (1 + glm::dot(from, to)));
}

/// One 5 mm neighbourhood with a frame of its own and all strokes near it.
struct Patch {
    glm::dvec3 centre{0}, normal{0}, along{0}, across{0};
    Rose rose{};
    int64_t path_um = 0;
};

std::vector<Patch> make_patches(const MeasureInput& input) {
    const face::SurfaceCells& cells = input.face.cells;
    std::vector<Patch> patches(cells.neighbourhood_count());
    for (uint32_t cell = 0; cell < cells.size(); ++cell) {
        Patch& patch = patches[cells.neighbourhood[cell]];
        patch.centre += cells.seed[cell] * static_cast<double>(cells.area_um2[cell]);
        patch.normal += cells.normal[cell] * static_cast<double>(cells.area_um2[cell]);
    }
    for (size_t i = 0; i < patches.size(); ++i) {
        patches[i].centre /= static_cast<double>(std::max(cells.neighbourhood_area_um2[i], 1u));
        double length = std::sqrt(glm::dot(patches[i].normal, patches[i].normal));
        patches[i].normal = length > 0 ? patches[i].normal / length : glm::dvec3(0, 0, 1);
        face::FaceAsset::tangent_frame(patches[i].normal, patches[i].along, patches[i].across);
    }
    return patches;
}

void add_way(Patch& patch, glm::dvec3 way, glm::dvec3 normal) {
    glm::dvec3 here = carried(way, normal, patch.normal);
    double x = glm::dot(here, patch.along), y = glm::dot(here, patch.across);
    double degrees = base::det::atan2(y, x) * (180.0 / base::det::kPi);
    auto bin = static_cast<size_t>((base::round_to_integer(degrees) + 2 * int64_t{kDegrees}) % int64_t{kDegrees});
    int64_t length_um = base::round_to_integer(std::sqrt(glm::dot(way, way)) * 1e6);
    patch.rose[bin] += length_um;
    patch.path_um += length_um;
}

std::vector<Patch> worked_patches(const MeasureInput& input) {
    const face::SurfaceCells& cells = input.face.cells;
    std::vector<Patch> patches = make_patches(input);
    std::vector<glm::dvec3> centres;
    for (const Patch& patch : patches) centres.push_back(patch.centre);
    mesh::VoxelGrid grid(centres, kDirectionReach);
    for (const MadeStroke& stroke : made_strokes(input))
        for (const StrokeMark& mark : stroke.marks) {
            bool moved = mark.way != glm::dvec3(0) && mark.cell != shared::kNoCell;
            if (!moved || input.contacts[mark.record].speed_um_s <= kMoving_um_s) continue;
            glm::dvec3 normal = cells.normal[mark.cell];
            double reach2 = kDirectionReach * kDirectionReach;
            grid.near(cells.seed[mark.cell], reach2, [&](uint32_t patch, double) {
                // Not through a fold or a nose's wing to skin that faces away.
                if (glm::dot(normal, patches[patch].normal) > 0.3) add_way(patches[patch], mark.way, normal);
            });
        }
    return patches;
}

size_t degrees_between(size_t a, size_t b) {
    size_t apart = a > b ? a - b : b - a;
    return std::min(apart, kDegrees - apart);
}

/// The middle of the direction with most path: within a few degrees of it, and nearest to it where that is as much elsewhere.
size_t main_direction(const Rose& rose) {
    constexpr size_t kNear = 15;
    std::pair<int64_t, int64_t> most{0, 0};
    size_t best = 0;
    for (size_t centre = 0; centre < kDegrees; ++centre) {
        std::pair<int64_t, int64_t> found{0, 0};
        for (size_t k = 0; k <= 2 * kNear; ++k) {
            size_t bin = (centre + k + kDegrees - kNear) % kDegrees;
            found.first += rose[bin];
            found.second += rose[bin] * static_cast<int64_t>(kNear + 1 - degrees_between(bin, centre));
        }
        if (found > most) most = found, best = centre;
    }
    return best;
}

struct Directions {
    int64_t count = 0;
    int64_t third_e4 = 0;  ///< share of the third
};

/// Takes the main direction with all that is less than 30 degrees off it, then the main one of the rest, and so on while
/// they hold the share.
Directions directions_of(Rose rose, uint32_t share_e4) {
    constexpr size_t kApart = 30;
    Directions found;
    int64_t total = 0;
    for (int64_t length : rose) total += length;
    for (int64_t rank = 1; total > 0; ++rank) {
        size_t centre = main_direction(rose);
        int64_t length = 0;
        for (size_t bin = 0; bin < kDegrees; ++bin) {
            if (degrees_between(bin, centre) >= kApart) continue;
            length += rose[bin];
            rose[bin] = 0;
        }
        int64_t part_e4 = ratio(length, total, 10'000);
        if (rank == 3) found.third_e4 = part_e4;
        if (part_e4 < share_e4) break;
        ++found.count;
    }
    return found;
}

/// Over the prescribed skin that was worked, weighted with its area.
struct DirectionSums {
    int64_t area = 0, count = 0, single = 0, third_e4 = 0;

    void add(const Directions& found, int64_t area_um2) {
        area += area_um2;
        count += found.count * area_um2;
        single += found.count == 1 ? area_um2 : 0;
        third_e4 += found.third_e4 * area_um2;
    }
};

// --- Overlap ---

constexpr double kLeastLeg = 10e-3, kLongestLeg = 100e-3;  // m (A)
constexpr size_t kLegsBack = 4;  // among so many legs before it a leg has its neighbour (A)

/// Part of a stroke that goes one way: a stroke that turns back without a lift is several.
struct Leg {
    std::span<const StrokeMark> marks;
    uint32_t begin_us, end_us;
};

bool turns_at(std::span<const StrokeMark> marks, size_t begin, size_t at) {
    glm::dvec3 before(0);
    for (size_t k = std::max(begin + 1, at > 4 ? at - 4 : 0); k < at; ++k) before += marks[k].way;
    glm::dvec3 way = marks[at].way;
    double lengths = std::sqrt(glm::dot(before, before) * glm::dot(way, way));
    return glm::dot(before, way) < 0.5 * lengths;  // by more than 60 degrees
}

std::vector<Leg> legs_of(const std::vector<MadeStroke>& strokes) {
    constexpr auto kLeast = static_cast<size_t>(kLeastLeg * 1e3), kMost = static_cast<size_t>(kLongestLeg * 1e3);
    std::vector<Leg> legs;
    for (const MadeStroke& stroke : strokes) {
        std::span<const StrokeMark> marks = stroke.marks;
        size_t begin = 0;
        auto close = [&](size_t end) {  // [begin, end)
            if (end - begin > kLeast)
                legs.push_back({marks.subspan(begin, end - begin), marks[begin].time_us, marks[end - 1].time_us});
            begin = end - 1;
        };
        for (size_t at = 2; at < marks.size(); ++at)
            if (at > begin + 1 && (turns_at(marks, begin, at) || at - begin > kMost)) close(at);
        if (!marks.empty()) close(marks.size());
    }
    return legs;
}

/// Distance across of the marks of `other` that lie beside this one and go its way or back, in the same zone; none when there
/// is none within `reach`.
std::optional<double> distance_beside(const StrokeMark& mark, std::span<const StrokeMark> other, double reach) {
    constexpr double kBeside = 0.8e-3, kParallel = 0.94;  // m of way; cosine of 20 degrees
    double length = std::sqrt(glm::dot(mark.way, mark.way));
    if (length == 0) return std::nullopt;
    glm::dvec3 along = mark.way / length;
    std::optional<double> nearest;
    for (const StrokeMark& there : other) {
        glm::dvec3 apart = there.place - mark.place;
        double way = glm::dot(apart, along), way_length = std::sqrt(glm::dot(there.way, there.way));
        if (std::fabs(way) > kBeside || there.zone != mark.zone) continue;
        if (std::fabs(glm::dot(there.way, along)) < kParallel * way_length || way_length == 0) continue;
        glm::dvec3 across = apart - along * way;
        double distance = std::sqrt(glm::dot(across, across));
        if (distance <= reach && (!nearest || distance < *nearest)) nearest = distance;
    }
    return nearest;
}

/// Median distance to a leg that runs beside at least half of this one.
std::optional<double> distance_to(const Leg& leg, const Leg& other, double reach) {
    std::vector<double> distances;
    for (const StrokeMark& mark : leg.marks)
        if (std::optional<double> distance = distance_beside(mark, other.marks, reach)) distances.push_back(*distance);
    if (2 * distances.size() < leg.marks.size()) return std::nullopt;
    auto middle = distances.begin() + static_cast<ptrdiff_t>((distances.size() - 1) / 2);
    std::nth_element(distances.begin(), middle, distances.end());
    return *middle;
}

/// The same line gone over again is no neighbour.
std::optional<double> distance_to_neighbour(const std::vector<Leg>& legs, size_t index, double reach, double same_line) {
    for (size_t back = 1; back <= std::min(index, kLegsBack); ++back) {
        std::optional<double> distance = distance_to(legs[index], legs[index - back], reach);
        if (distance && *distance > same_line) return distance;
    }
    return std::nullopt;
}

// --- Drag ---

constexpr double kSameWay_cos = 0.966;   // 15 degrees (A)
constexpr size_t kLeastLine = 5;         // marks in a row, 5 mm: strokes of other passes meet on less by chance (A)
constexpr double kNewVisit = 2e-3;       // m of way after which coming back to a place is another visit: a pass has its marks nearer

/// All marks of a session in one row: where, and how far along the session's way.
struct Track {
    std::vector<const StrokeMark*> marks;
    std::vector<glm::dvec3> places;
    std::vector<double> way;  ///< m; another stroke is far along
};

Track track_of(const std::vector<MadeStroke>& strokes) {
    Track track;
    double way = 0;
    for (const MadeStroke& stroke : strokes) {
        for (const StrokeMark& mark : stroke.marks) {
            way += std::sqrt(glm::dot(mark.way, mark.way));
            track.marks.push_back(&mark);
            track.places.push_back(mark.place);
            track.way.push_back(way);
        }
        way += 1;
    }
    return track;
}

/// Marks for a grid: no more than a few from one spot, so that an hour of rubbing it costs no more than a glance. What
/// passes a spot so often in half a dozen directions has passed it too often in one of them.
std::vector<uint32_t> thinned(const Track& track) {
    constexpr uint32_t kMost = 32;
    constexpr double kSpot = 0.5e-3;
    std::unordered_map<uint64_t, uint32_t> at_spot;
    std::vector<uint32_t> kept;
    for (uint32_t i = 0; i < track.places.size(); ++i) {
        uint64_t spot = 0;
        for (int axis = 0; axis < 3; ++axis)
            spot = spot << 21 | (static_cast<uint64_t>(std::floor(track.places[i][axis] / kSpot) + (1 << 20)) & 0x1fffff);
        if (++at_spot[spot] <= kMost) kept.push_back(i);
    }
    return kept;
}

/// How often the pen went along the line on which mark `index` lies.
size_t visits(const Track& track, std::span<const uint32_t> kept, const mesh::VoxelGrid& grid, size_t index,
              double same_line) {
    const StrokeMark& mark = *track.marks[index];
    double length = std::sqrt(glm::dot(mark.way, mark.way));
    if (length == 0) return 0;
    glm::dvec3 along = mark.way / length;
    std::vector<double> ways;
    double reach2 = same_line * same_line + 0.75e-3 * 0.75e-3;
    grid.near(mark.place, reach2, [&](uint32_t item, double distance2) {
        uint32_t there = kept[item];
        glm::dvec3 way = track.marks[there]->way;
        double step = glm::dot(mark.place - track.places[there], along);
        bool beside = std::fabs(step) <= 0.75e-3 && distance2 - step * step <= same_line * same_line;
        double way_length = std::sqrt(glm::dot(way, way));
        if (beside && way_length > 0 && std::fabs(glm::dot(way, along)) >= kSameWay_cos * way_length)
            ways.push_back(track.way[there]);
    });
    std::sort(ways.begin(), ways.end());
    size_t count = ways.empty() ? 0 : 1;
    for (size_t i = 1; i < ways.size(); ++i) count += ways[i] - ways[i - 1] > kNewVisit;
    return count;
}

/// Per contact record: it belongs to a line gone over too often.
std::vector<uint8_t> retracked_records(const MeasureInput& input) {
    std::vector<uint8_t> retracked(input.contacts.size(), 0);
    if (!input.device.has_motor()) return retracked;  // a roller goes over its line some five times as a rule
    std::vector<MadeStroke> strokes = made_strokes(input);
    Track track = track_of(strokes);
    double same_line = input.rubric.same_line_um * 1e-6;
    std::vector<uint32_t> kept = thinned(track);
    std::vector<glm::dvec3> places;
    for (uint32_t index : kept) places.push_back(track.places[index]);
    mesh::VoxelGrid grid(places, 1e-3);
    for (size_t i = 1, run = 0; i < track.marks.size(); ++i) {
        run = visits(track, kept, grid, i, same_line) > input.rubric.retracked_times ? run + 1 : 0;
        if (run < kLeastLine) continue;
        size_t first = run == kLeastLine ? i - run : i - 1;
        for (size_t record = track.marks[first]->record + 1; record <= track.marks[i]->record; ++record)
            retracked[record] = 1;
    }
    return retracked;
}

}  // namespace

Measurement measure_directions(const MeasureInput& input) {
    Measurement result;
    std::vector<Patch> patches = worked_patches(input);
    std::vector<Directions> found(patches.size());
    DirectionSums sums;
    for (size_t i = 0; i < patches.size(); ++i) {
        bool counts = input.prescribed[input.face.cells.neighbourhood_zone[i]] && patches[i].path_um >= kLeastPath_um;
        if (!counts) continue;
        found[i] = directions_of(patches[i].rose, input.rubric.direction_share_e4);
        sums.add(found[i], input.face.cells.neighbourhood_area_um2[i]);
    }
    if (sums.area == 0) return result;
    result.value = ratio(sums.count, sums.area, 1000);
    int64_t third_e4 = ratio(sums.third_e4, sums.area, 1), single_e4 = ratio(sums.single, sums.area, 10'000);
    result.note = input.phrases("note.directions", fmt::arg("share", third_e4 / 100));
    if (single_e4 > input.rubric.single_direction_area_e4) {
        result.critical = true;
        result.critical_reason = input.phrases("reason.one_way", fmt::arg("share", single_e4 / 100));
    }
    EvidenceBuilder evidence(input);
    for (uint32_t cell = 0; cell < input.face.cells.size(); ++cell)
        if (found[input.face.cells.neighbourhood[cell]].count == 1) evidence.cell(cell);
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_stroke_overlap(const MeasureInput& input) {
    Measurement result;
    std::vector<MadeStroke> strokes = made_strokes(input);
    std::vector<Leg> legs = legs_of(strokes);
    EvidenceBuilder evidence(input);
    double width = tip_width(input.device), needled = needled_width(input.device);
    int64_t gaps = 0;
    std::vector<int64_t> overlaps;
    for (size_t i = 1; i < legs.size(); ++i) {
        std::optional<double> distance = distance_to_neighbour(legs, i, 2 * width, input.rubric.same_line_um * 1e-6);
        if (!distance) continue;
        overlaps.push_back(base::round_to_integer((width - *distance) / width * 100'000));
        bool gap = *distance - needled > input.rubric.overlap_gap_um * 1e-6;
        gaps += gap;
        if (!gap) continue;
        evidence.span(legs[i].begin_us, legs[i].end_us);
        for (const StrokeMark& mark : legs[i].marks) evidence.cell(mark.cell);
    }
    if (overlaps.empty()) return result;
    auto count = static_cast<int64_t>(overlaps.size());
    auto middle = overlaps.begin() + (count - 1) / 2;
    std::nth_element(overlaps.begin(), middle, overlaps.end());
    result.value = *middle;
    if (ratio(gaps, count, 10'000) > input.rubric.overlap_gap_share_e4) {
        result.critical = true;
        result.critical_reason = input.phrases("reason.gaps", fmt::arg("count", gaps), fmt::arg("all", count),
                                               fmt::arg("mm", input.rubric.overlap_gap_um / 1000));
    } else {
        result.note = input.phrases("note.gaps", fmt::arg("count", gaps), fmt::arg("all", count));
    }
    result.evidence = evidence.finish();
    return result;
}

Measurement measure_drag_path(const MeasureInput& input) {
    Measurement result;
    const Rubric& rubric = input.rubric;
    std::vector<uint8_t> retracked = retracked_records(input);
    int64_t scratch_um = base::round_to_integer(input.device.pin_diameter * rubric.scratch_pins_e3 * 1e3);
    EvidenceBuilder evidence(input);
    int64_t dragged = 0, scratched = 0, again = 0, moving = 0;  // µm/s, each for a step
    for (size_t i = 0; i < input.contacts.size(); ++i) {
        const shared::ContactRecord& record = input.contacts[i];
        if (!is_working(record) || record.speed_um_s <= kMoving_um_s) continue;
        ++moving;
        int64_t speed = std::min(record.speed_um_s, kFastest_um_s);
        bool hard = record.force_mn > rubric.drag_force_mn && record.speed_um_s > rubric.drag_speed_um_s;
        bool scratch = shared::contact_drag_um(record) > scratch_um;
        scratched += scratch ? speed : 0;
        again += retracked[i] ? speed : 0;
        bool bad = hard || scratch || retracked[i];
        dragged += bad ? speed : 0;
        evidence.contact(record, bad);
    }
    if (moving == 0) return result;
    result.value = ratio(dragged, 10 * skin::kStepsPerSecond, 1);
    result.note = input.phrases("note.drag", fmt::arg("scratched", scratched / (1000 * skin::kStepsPerSecond)),
                                fmt::arg("again", again / (1000 * skin::kStepsPerSecond)));
    result.evidence = evidence.finish();
    return result;
}

}  // namespace training
