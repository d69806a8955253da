#include "training/core/stroke_plan.h"

#include "engine/base/deterministic_math.h"
#include "training/core/zone_chart.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace training {

namespace {

constexpr double kPathStep = 1e-3;         // between the points of a path
constexpr double kShortestStroke = 6e-3;   // shorter ones are left to the strokes that cross them
constexpr double kShortestBorder = 12e-3;
constexpr double kLongestBorder = 0.06;   // either way from where the walk began: a hand lifts before it is round an eye
constexpr double kBridge = 4e-3;           // ragged zone borders: a stroke goes on across so much of the next zone
constexpr double kSafetySlack = 0.7e-3;     // the chart's word on a distance against the cells' own
constexpr double kSkinRound = 1.5e-3;      // so much skin lies on every side of a stroke's ends
constexpr int kEveningRounds = 6;
constexpr double kSlowest = 0.72, kFastest = 1.30;  // of the wished speed, when evening out

using Path = std::vector<glm::dvec2>;      // places on a chart, kPathStep apart

double length_of(const Path& path) { return static_cast<double>(path.size()) * kPathStep; }

/// What the strokes of one zone are laid in.
struct Field {
    const face::FaceAsset& face;
    const ZoneChart& chart;
    double keep_off;  ///< m from the tip's centre to no-go skin

    bool safe(const ChartPoint& p) const { return p.no_go_distance >= keep_off; }
    bool inside(const ChartPoint& p) const { return face.cells.zone[p.cell] == chart.zone(); }
};

/// Least and greatest of the zone's safe cells along a unit direction of the chart.
struct Extent {
    double low = 1e9, high = -1e9;
};
Extent extent_along(const Field& field, glm::dvec2 direction) {
    Extent extent;
    for (uint32_t cell : field.chart.zone_cells()) {
        if (field.face.cells.no_go_distance_um[cell] * 1e-6 < field.keep_off) continue;
        const double t = glm::dot(field.chart.place(cell), direction);
        extent.low = std::min(extent.low, t), extent.high = std::max(extent.high, t);
    }
    return extent;
}

/// Ends a run of places: what hangs over the zone's border goes, and a run too short to be a stroke.
void close_run(Path& run, size_t last_inside, std::vector<Path>& strokes, double shortest) {
    if (!run.empty()) run.resize(last_inside + 1);
    if (length_of(run) >= shortest) strokes.push_back(run);
    run.clear();
}

/// The pieces of one straight line of the chart that may be stroked, in rising order along `direction`.
std::vector<Path> cut_line(const Field& field, glm::dvec2 origin, glm::dvec2 direction, Extent extent) {
    std::vector<Path> strokes;
    Path run;
    size_t last_inside = 0;
    const int steps = static_cast<int>((extent.high - extent.low) / kPathStep) + 1;
    for (int i = 0; i <= steps; ++i) {
        const glm::dvec2 q = origin + direction * (extent.low + i * kPathStep);
        const auto point = field.chart.at(q);
        if (!point || !field.safe(*point)) {
            close_run(run, last_inside, strokes, kShortestStroke);
        } else if (field.inside(*point)) {
            run.push_back(q);
            last_inside = run.size() - 1;
        } else if (!run.empty()) {
            run.push_back(q);
            const double over = static_cast<double>(run.size() - 1 - last_inside) * kPathStep;
            if (over > kBridge) close_run(run, last_inside, strokes, kShortestStroke);
        }
    }
    close_run(run, last_inside, strokes, kShortestStroke);
    return strokes;
}

/// One pass: parallel lines, walked to and fro.
std::vector<Path> lay_pass(const Field& field, double degrees, const PlanSettings& settings, base::Random& random) {
    const double angle = degrees * base::det::kPi / 180;
    const double side = settings.mirrored ? -1 : 1;
    const glm::dvec2 along(side * base::det::cos(angle), base::det::sin(angle)), across(-side * along.y, side * along.x);
    const Extent rows = extent_along(field, across), reach = extent_along(field, along);
    std::vector<Path> pass;
    if (rows.low > rows.high) return pass;

    // Strips of equal width fill the zone from border to border, so that neighbouring zones meet without seam or overlap.
    const double width = rows.high - rows.low + 1e-3;
    const int count = std::max(1, static_cast<int>(std::ceil(width / settings.spacing - 0.3)));
    for (int i = 0; i < count; ++i) {
        const bool missed = random.uniform() < settings.missed;
        if (missed) continue;
        const double row = rows.low - 0.5e-3 + width * (i + 0.5) / count;
        std::vector<Path> line = cut_line(field, across * row, along, reach);
        if (i % 2 == 1) {
            std::reverse(line.begin(), line.end());
            for (Path& path : line) std::reverse(path.begin(), path.end());
        }
        pass.insert(pass.end(), line.begin(), line.end());
    }
    return pass;
}

/// Walks along the edge of no-go skin at the distance kept, from `q` in one sense, while it stays in the zone.
Path walk_border(const Field& field, glm::dvec2 q, double sense) {
    Path path;
    glm::dvec2 heading{0};
    while (length_of(path) < kLongestBorder) {
        const auto point = field.chart.at(q);
        const double slope = point ? glm::length(point->no_go_gradient) : 0;
        if (!point || !field.inside(*point) || slope < 0.3) break;
        const glm::dvec2 away = point->no_go_gradient / slope;
        const glm::dvec2 tangent = glm::dvec2(-away.y, away.x) * sense;
        if (!path.empty() && glm::dot(tangent, heading) < 0.3) break;  // a corner that no tip can turn in
        path.push_back(q);
        heading = tangent;
        const double off = std::clamp((field.keep_off - point->no_go_distance) / slope, -kPathStep, kPathStep);
        q += tangent * kPathStep + away * (0.5 * off);
    }
    return path;
}

/// Strokes along the edge of no-go skin, where the passes end short of it.
std::vector<Path> lay_border(const Field& field, double sense) {
    const face::SurfaceCells& cells = field.face.cells;
    std::vector<uint8_t> done(cells.size(), 0);
    std::vector<Path> borders;
    for (uint32_t cell : field.chart.zone_cells()) {
        const double off = cells.no_go_distance_um[cell] * 1e-6 - field.keep_off;
        if (done[cell] != 0 || off < 0 || off > 1e-3) continue;
        Path path = walk_border(field, field.chart.place(cell), -sense);
        std::reverse(path.begin(), path.end());
        const Path onward = walk_border(field, field.chart.place(cell), sense);
        path.insert(path.end(), onward.begin() + (onward.empty() ? 0 : 1), onward.end());

        // Round a closed edge the two walks meet: what has been passed once is not walked again.
        Path fresh;
        std::vector<uint32_t> near;
        for (glm::dvec2 q : path) {
            const auto point = field.chart.at(q);
            if (done[point->cell] != 0 && fresh.size() > 3) break;
            if (done[point->cell] == 0) fresh.push_back(q);
        }
        for (glm::dvec2 q : fresh) field.chart.gather(q, 2.5e-3, near);
        for (uint32_t other : near) done[other] = 1;
        done[cell] = 1;
        if (length_of(fresh) >= kShortestBorder) borders.push_back(std::move(fresh));
    }
    return borders;
}

/// Whether skin lies all round a place, so that no tip hangs half over the edge of a pad.
bool has_skin_round(const Field& field, const StrokePoint& point) {
    glm::dvec3 along, across;
    face::FaceAsset::tangent_frame(-point.inward, along, across);
    for (glm::dvec3 way : {along, -along, across, -across}) {
        const auto hit = field.face.felt_index().closest(point.position + way * kSkinRound, 5e-3);
        if (!hit || hit->distance > 0.3 * kSkinRound) return false;
    }
    return true;
}

/// Shortens a stroke at both ends until skin lies round them.
void keep_on_skin(const Field& field, Stroke& stroke) {
    const auto supported = [&](const StrokePoint& point) { return has_skin_round(field, point); };
    const auto first = std::find_if(stroke.points.begin(), stroke.points.end(), supported);
    const auto last = std::find_if(stroke.points.rbegin(), stroke.points.rend(), supported).base();
    stroke.points = first < last ? std::vector<StrokePoint>(first, last) : std::vector<StrokePoint>{};
}

/// A path on the skin: smoothed against the raggedness of cells, lifted to the true surface.
Stroke lift(const Field& field, const Path& path, double tip_radius, double speed) {
    std::vector<glm::dvec3> places, normals;
    for (glm::dvec2 q : path) {
        const auto point = field.chart.at(q);
        if (!point) continue;
        places.push_back(point->position);
        normals.push_back(field.chart.normal_over(q, tip_radius));
    }
    for (int round = 0; round < 3; ++round) {
        std::vector<glm::dvec3> smooth = places;
        for (size_t i = 1; i + 1 < places.size(); ++i) smooth[i] = 0.25 * (places[i - 1] + places[i + 1]) + 0.5 * places[i];
        places = std::move(smooth);
    }
    Stroke stroke;
    for (size_t i = 0; i < places.size(); ++i) {
        const auto hit = field.face.felt_index().closest(places[i], 5e-3);
        if (hit) stroke.points.push_back({hit->position, -normals[i], speed});
    }
    keep_on_skin(field, stroke);
    return stroke;
}

/// Distance to no-go skin at a place, the mean over its cell and the cells round it: one cell alone is right to half a
/// millimetre only.
double no_go_distance_at(const face::SurfaceCells& cells, const StrokePoint& point) {
    const uint32_t cell = cells.find(point.position, -point.inward);
    if (cell == face::kNoCell) return 0;
    double sum = cells.no_go_distance_um[cell], weight = 1;
    for (uint32_t k = cells.neighbour_begin[cell]; k < cells.neighbour_begin[cell + 1]; ++k) {
        sum += cells.no_go_distance_um[cells.neighbours[k]], weight += 1;
    }
    return sum / weight * 1e-6;
}

/// Cuts out what came to lie too near to no-go skin after all: the chart is only nearly true to length.
void append_safe(const Field& field, const Stroke& stroke, std::vector<Stroke>& strokes) {
    Stroke piece;
    for (const StrokePoint& point : stroke.points) {
        if (no_go_distance_at(field.face.cells, point) >= field.keep_off - kSafetySlack) {
            piece.points.push_back(point);
            continue;
        }
        if (static_cast<double>(piece.points.size()) * kPathStep >= kShortestStroke) strokes.push_back(piece);
        piece.points.clear();
    }
    if (static_cast<double>(piece.points.size()) * kPathStep >= kShortestStroke) strokes.push_back(piece);
}

ZonePlan plan_zone(const face::FaceAsset& face, const skin::DeviceProfile& device, uint8_t zone,
                   const PlanSettings& settings, base::Random& random) {
    ZonePlan plan{zone, 0, {}};
    const ZoneChart chart(face, zone);
    if (chart.zone_cells().empty()) return plan;
    const Field field{face, chart, device.plate_radius + settings.margin};

    std::vector<Path> paths;
    const auto passes = static_cast<uint32_t>(settings.directions.size());
    const uint32_t kept = passes - random.below(passes - std::min<uint32_t>(settings.fewest_passes, passes) + 1);
    plan.passes = static_cast<int>(kept);
    for (uint32_t i = 0; i < kept; ++i) {
        const std::vector<Path> pass = lay_pass(field, settings.directions[i], settings, random);
        paths.insert(paths.end(), pass.begin(), pass.end());
    }
    const std::vector<Path> borders =
        settings.border_passes > 0 ? lay_border(field, settings.mirrored ? -1 : 1) : std::vector<Path>{};
    for (int i = 0; i < settings.border_passes; ++i) paths.insert(paths.end(), borders.begin(), borders.end());

    for (const Path& path : paths) {
        append_safe(field, lift(field, path, device.tip_radius, settings.speed), plan.strokes);
    }
    return plan;
}

/// Cells under the plate at a point of a stroke.
void cells_under(const face::FaceAsset& face, const StrokePoint& point, double radius, std::vector<uint32_t>& found,
                 std::vector<uint32_t>& seen_at, uint32_t stamp) {
    found.clear();
    const face::SurfaceCells& cells = face.cells;
    const uint32_t start = cells.find(point.position, -point.inward);
    if (start == face::kNoCell) return;
    found.push_back(start);
    seen_at[start] = stamp;
    for (size_t i = 0; i < found.size(); ++i) {
        for (uint32_t k = cells.neighbour_begin[found[i]]; k < cells.neighbour_begin[found[i] + 1]; ++k) {
            const uint32_t next = cells.neighbours[k];
            const glm::dvec3 d = cells.seed[next] - point.position;
            if (seen_at[next] == stamp || glm::dot(d, d) > radius * radius) continue;
            seen_at[next] = stamp;
            found.push_back(next);
        }
    }
}

/// The cells under every point of a set of plans, found once and used in every round of evening out.
struct Footprints {
    std::vector<uint32_t> begin{0}, cells;
};
Footprints find_footprints(const face::FaceAsset& face, double radius, std::span<const ZonePlan> plans) {
    Footprints prints;
    std::vector<uint32_t> found, seen_at(face.cells.size(), 0);
    uint32_t stamp = 0;
    for (const ZonePlan& plan : plans) {
        for (const Stroke& stroke : plan.strokes) {
            for (const StrokePoint& point : stroke.points) {
                cells_under(face, point, radius, found, seen_at, ++stamp);
                prints.cells.insert(prints.cells.end(), found.begin(), found.end());
                prints.begin.push_back(static_cast<uint32_t>(prints.cells.size()));
            }
        }
    }
    return prints;
}

/// Length of path that point `i` of a stroke stands for.
double share_of_path(const Stroke& stroke, size_t i) {
    double length = 0;
    if (i > 0) length += 0.5 * glm::length(stroke.points[i].position - stroke.points[i - 1].position);
    if (i + 1 < stroke.points.size()) length += 0.5 * glm::length(stroke.points[i + 1].position - stroke.points[i].position);
    return length;
}

std::vector<double> lay_down(const face::FaceAsset& face, const skin::DeviceProfile& device,
                             std::span<const ZonePlan> plans, const Footprints& prints) {
    std::vector<double> density(face.cells.size(), 0);
    const double per_second = static_cast<double>(device.pin_count()) * device.rate_hz;
    const double plate_cm2 = base::det::kPi * device.plate_radius * device.plate_radius * 1e4;
    size_t at = 0;
    for (const ZonePlan& plan : plans) {
        for (const Stroke& stroke : plan.strokes) {
            for (size_t i = 0; i < stroke.points.size(); ++i, ++at) {
                const double punctures = per_second * share_of_path(stroke, i) / stroke.points[i].speed;
                for (uint32_t k = prints.begin[at]; k < prints.begin[at + 1]; ++k) {
                    density[prints.cells[k]] += punctures / plate_cm2;
                }
            }
        }
    }
    return density;
}

/// Mean density of each 5 mm neighbourhood, over the part of it that needles may enter.
std::vector<double> neighbourhood_density(const face::FaceAsset& face, const std::vector<double>& density,
                                          double bare_um) {
    std::vector<double> sum(face.cells.neighbourhood_count(), 0), area(sum.size(), 0);
    for (size_t cell = 0; cell < face.cells.size(); ++cell) {
        if (face.cells.no_go_distance_um[cell] < bare_um) continue;
        sum[face.cells.neighbourhood[cell]] += density[cell] * face.cells.area_um2[cell];
        area[face.cells.neighbourhood[cell]] += face.cells.area_um2[cell];
    }
    for (size_t i = 0; i < sum.size(); ++i) sum[i] = area[i] > 0 ? sum[i] / area[i] : 0;
    return sum;
}

/// A hand changes its speed over a centimetre or so, not from point to point.
void smooth_speed(Stroke& stroke) {
    std::vector<double> sums{0};
    for (const StrokePoint& p : stroke.points) sums.push_back(sums.back() + p.speed);
    const size_t n = stroke.points.size();
    for (size_t i = 0; i < n; ++i) {
        const size_t low = i >= 3 ? i - 3 : 0, high = std::min(i + 4, n);
        stroke.points[i].speed = (sums[high] - sums[low]) / static_cast<double>(high - low);
    }
}

/// Slower where the plan leaves too little, faster where strokes crowd, as one who watches the skin does.
void even_out(const face::FaceAsset& face, const skin::DeviceProfile& device, const PlanSettings& settings,
              std::vector<ZonePlan>& plans) {
    const Footprints prints = find_footprints(face, device.plate_radius, plans);
    const double one_pass =
        static_cast<double>(device.pin_count()) * device.rate_hz / (settings.speed * settings.spacing) * 1e-4;
    for (int round = 0; round < kEveningRounds; ++round) {
        const auto density = neighbourhood_density(face, lay_down(face, device, plans, prints), settings.margin * 1e6);
        size_t at = 0;
        for (ZonePlan& plan : plans) {
            for (Stroke& stroke : plan.strokes) {
                for (StrokePoint& point : stroke.points) {
                    double mean = 0;
                    const uint32_t begin = prints.begin[at], end = prints.begin[at + 1];
                    ++at;
                    if (begin == end) continue;
                    for (uint32_t k = begin; k < end; ++k) mean += density[face.cells.neighbourhood[prints.cells[k]]];
                    const double ratio = mean / (end - begin) / (one_pass * plan.passes);
                    const double wished = point.speed * (1 + settings.evening * (ratio - 1));
                    point.speed = std::clamp(wished, kSlowest * settings.speed, kFastest * settings.speed);
                }
                smooth_speed(stroke);
            }
        }
    }
}

/// The part of a zone that all passes leave out: at one side, drawn at random, and as wide as told. Whoever forgets it does
/// not make up for it.
void leave_out_a_side(const face::FaceAsset& face, double share, base::Random& random, ZonePlan& plan) {
    glm::dvec3 outward{0}, along, across;
    for (const Stroke& stroke : plan.strokes) {
        for (const StrokePoint& point : stroke.points) outward -= point.inward;
    }
    const double angle = 2 * base::det::kPi * random.uniform();
    if (!(glm::length(outward) > 0)) return;
    face::FaceAsset::tangent_frame(glm::normalize(outward), along, across);
    const glm::dvec3 towards = along * base::det::cos(angle) + across * base::det::sin(angle);
    Extent extent;
    for (size_t cell = 0; cell < face.cells.size(); ++cell) {
        if (face.cells.zone[cell] != plan.zone) continue;
        const double t = glm::dot(face.cells.seed[cell], towards);
        extent.low = std::min(extent.low, t), extent.high = std::max(extent.high, t);
    }
    const double limit = extent.high - share * (extent.high - extent.low);

    std::vector<Stroke> kept;
    for (const Stroke& stroke : plan.strokes) {
        Stroke piece;
        const auto close = [&] {
            if (static_cast<double>(piece.points.size()) * kPathStep >= kShortestStroke) kept.push_back(piece);
            piece.points.clear();
        };
        for (const StrokePoint& point : stroke.points) {
            if (glm::dot(point.position, towards) > limit) close();
            else piece.points.push_back(point);
        }
        close();
    }
    plan.strokes = std::move(kept);
}

}  // namespace

std::vector<ZonePlan> plan_strokes(const face::FaceAsset& face, const skin::DeviceProfile& device,
                                   std::span<const uint8_t> zones, const PlanSettings& settings, base::Random& random) {
    std::vector<ZonePlan> plans;
    for (uint8_t zone : zones) plans.push_back(plan_zone(face, device, zone, settings, random));
    if (settings.evening > 0) even_out(face, device, settings, plans);
    if (settings.forgotten > 0) {
        for (ZonePlan& plan : plans) leave_out_a_side(face, settings.forgotten, random, plan);
    }
    return plans;
}

std::vector<double> predicted_density(const face::FaceAsset& face, const skin::DeviceProfile& device,
                                      std::span<const ZonePlan> plans) {
    return lay_down(face, device, plans, find_footprints(face, device.plate_radius, plans));
}

}  // namespace training
