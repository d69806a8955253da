#include "engine/face/face_import.h"

#include "engine/base/sentence.h"
#include "engine/base/units.h"
#include "engine/face/head_zones.h"
#include "engine/mesh/repair.h"
#include "engine/mesh/resolution.h"
#include "engine/mesh/self_intersection.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/matrix.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <locale>
#include <sstream>

namespace face {

namespace {

constexpr size_t kFewestTriangles = 1500;
constexpr size_t kFewestVertices = 20000, kMostVertices = 200000, kDecimatedTo = 120000;
constexpr double kHeadError = 4.5;  // mm: mean gap of a head after the similarity; others are at 6 and more
constexpr double kClearlyBetter = 1.25;     // how much worse the next best turn must be
constexpr double kLargestFilledHole = 220;  // mm round: a mouth or an eye, not a neck
constexpr double kKeptAround = 70;          // mm from the head: hair and collar; what is farther is cut off
constexpr double kSliver = 0.01;            // mm
constexpr double kLeastCovered = 0.8;       // of the treatable skin

struct Unit {
    const char* name;
    double metres;
};
constexpr std::array<Unit, 4> kUnits = {{{"mm", 1e-3}, {"cm", 1e-2}, {"m", 1}, {"in", 0.0254}}};
constexpr double kSmallestHead = 0.78,
                 kLargestHead = 1.25;  // of the canonical one (228 mm from chin to vertex)

std::string place(glm::dvec3 p) {
    return fmt::format("({:.4g}, {:.4g}, {:.4g})", p.x, p.y, p.z);
}

std::string counted(const mesh::Spots& spots, const char* one, const char* many, const char* rest) {
    return fmt::format("{} {} {}; the first at {}", spots.count, spots.count == 1 ? one : many, rest,
                       place(spots.first));
}

using CountAndPlace = fmt::format_string<const size_t&, const std::string&>;

/// Of one spot or of many, with how many there are and where the first lies.
base::Error spots_error(const mesh::Spots& spots, CountAndPlace one, CountAndPlace many) {
    const std::string first = place(spots.first);
    return base::error(spots.count == 1 ? one : many, spots.count, first);
}

/// At least one zone, each by the name that the reader's language has for it.
base::Error zone_list(const std::vector<std::string>& ids) {
    const auto name = [](const std::string& id) { return base::named("zone_in." + id, id); };
    base::Error list = name(ids[0]);
    for (size_t i = 1; i < ids.size(); ++i) list = base::error("{}, {}", list, name(ids[i]));
    return list;
}

/// The import of one scan, step by step.
class Import {
  public:
    Import(const HeadTemplate& head, const ImportOptions& options, const Progress& progress)
        : head_(head), options_(options), progress_(progress) {}

    base::Result<ImportedHead> run(mesh::SurfaceMesh soup) {
        tell("cleaning", 0);
        if (base::Status s = clean(soup); !s) return s.error();
        tell("looking for the head", 0.05);
        if (base::Status s = find_head(); !s) return s.error();
        if (base::Status s = find_unit(); !s) return s.error();
        to_canonical();
        tell("repairing", 0.4);
        if (base::Status s = repair(); !s) return s.error();
        set_resolution();
        repair_fine();
        tell("laying the head over the scan", 0.5);
        std::vector<glm::dvec3> bent = bend_head(head_, scan_, pins(), [&](double share) {
            tell("laying the head over the scan", 0.5 + 0.45 * share);
        });
        if (base::Status s = check_cover(bent); !s) return s.error();
        Carried carried = carry_over(head_, bent, scan_);
        find_landmarks(bent);
        settle(carried);
        if (base::Status s = check_crossings(); !s) return s.error();
        tell("done", 1);
        return std::move(out_);
    }

  private:
    void tell(std::string_view step, double share) {
        if (progress_) progress_(step, share);
    }
    void note(Finding finding) { out_.found.push_back(std::move(finding)); }
    /// Of spots in the scan's unit and axes; nothing where there is none.
    void note(FindingKind kind, const mesh::Spots& spots) {
        if (spots.count > 0) note({.kind = kind, .count = spots.count, .at = spots.first});
    }

    base::Status clean(mesh::SurfaceMesh& soup) {
        size_t before = soup.triangle_count();
        mesh::Cleaning done = mesh::clean(soup);
        note(FindingKind::no_number, done.unusable);
        note(FindingKind::no_area, done.degenerate);
        note(FindingKind::duplicate, done.duplicate);
        if (soup.triangle_count() == 0)
            return base::error("none of its {} triangles has an area; export the scan again", before);
        scan_ = std::move(soup);
        return {};
    }

    // --- which part is the head ---

    struct Found {
        size_t part;
        Alignment alignment;
    };

    base::Result<Alignment> align(const mesh::SurfaceMesh& part) {
        std::vector<glm::dvec3> from, to;
        for (const NamedPlace& given : options_.landmarks) {
            from.push_back(head_.landmarks[landmark(given.name)].place);
            to.push_back(given.place);
        }
        if (from.size() >= 4) {
            Alignment a = refine_alignment(head_, part, best_similarity(from, to));
            return a;
        }
        return align_head(head_, part, options_.up, options_.axes);
    }

    size_t landmark(const std::string& name) const {
        size_t i = 0;
        while (head_.landmarks[i].name != name) ++i;
        return i;
    }

    base::Status find_head() {
        constexpr size_t kTried = 3;
        constexpr double kWorthTrying = 0.2;  // of the largest part's area
        mesh::Parts parts = mesh::find_parts(scan_);
        if (size_t most = *std::max_element(parts.triangles.begin(), parts.triangles.end());
            most < kFewestTriangles)
            return base::error(
                "has {} triangles in its largest part, too few to tell a head's features; {} are needed",
                most, kFewestTriangles);
        std::vector<Found> heads;
        double nearest = 1e9;
        for (size_t i = 0; i < std::min(parts.area.size(), kTried); ++i) {
            if (parts.area[i] < kWorthTrying * parts.area[0]) break;
            if (parts.triangles[i] < kFewestTriangles) continue;
            mesh::SurfaceMesh part = take(parts, i);
            base::Result<Alignment> fit = align(part);
            if (!fit) return fit.error();
            nearest = std::min(nearest, fit->error);
            if (fit->error < kHeadError) heads.push_back({i, *fit});
        }
        if (heads.empty())
            return base::error(
                "does not look like one head: the nearest fit is {:.1f} mm off on average, where heads are "
                "under {} mm; crop the scan to one head and neck, or give --landmarks",
                nearest, kHeadError);
        std::stable_sort(heads.begin(), heads.end(), [](const Found& a, const Found& b) {
            return a.alignment.error < b.alignment.error;
        });
        if (heads.size() > 1 && !one_inside_the_other(heads))
            return base::error("holds {} heads, at {} and {}; save one of them alone", heads.size(),
                               place(heads[0].alignment.scan_from_head.at(kMiddle)),
                               place(heads[1].alignment.scan_from_head.at(kMiddle)));
        alignment_ = heads[0].alignment;
        if (alignment_.runner_up < kClearlyBetter * alignment_.error)
            return base::error(
                "fits a head turned either of two ways; say which axes point up the head and out of the face "
                "with "
                "--axes, as --axes +y+z, or give landmarks with --landmarks");
        if (parts.area.size() > 1) {
            size_t dropped = scan_.triangle_count() - parts.triangles[heads[0].part];
            note({.kind = FindingKind::parts, .count = parts.area.size(), .rest = dropped});
        }
        scan_ = take(parts, heads[0].part);
        return {};
    }

    mesh::SurfaceMesh take(const mesh::Parts& parts, size_t i) const {
        std::vector<bool> keep;
        for (uint32_t part : parts.part) keep.push_back(part == i);
        mesh::SurfaceMesh mesh = mesh::extract(scan_, keep);
        mesh::compute_normals(mesh);
        return mesh;
    }

    /// The inner wall of a hollow print model, or a cap: at the same place, where no second head can be.
    static bool one_inside_the_other(const std::vector<Found>& heads) {
        constexpr double kSamePlace = 90;  // mm: less than the breadth of a head
        const Similarity& first = heads[0].alignment.scan_from_head;
        for (const Found& other : heads)
            if (glm::length(first.back(other.alignment.scan_from_head.at(kMiddle)) - kMiddle) > kSamePlace)
                return false;
        return true;
    }

    // --- unit ---

    base::Status find_unit() {
        // A unit of the scan is this many canonical millimetres; by a unit's metres it must come out as a
        // head's size.
        double scale = alignment_.scan_from_head.scale;
        auto size_in = [&](double metres) { return scale * metres / base::kMillimetre; };
        if (options_.unit) {
            unit_ = *options_.unit;
            double size = size_in(unit_);
            if (size < kSmallestHead || size > kLargestHead)
                return base::error(
                    "the head would measure {:.3g} mm from chin to vertex in the unit given, where people "
                    "have "
                    "{:.0f} to {:.0f} mm; give its true unit with --units",
                    228 * size, 228 * kSmallestHead, 228 * kLargestHead);
            note({.kind = FindingKind::unit_given, .size_mm = 228 * size});
            return {};
        }
        for (const Unit& unit : kUnits) {
            double size = size_in(unit.metres);
            if (size < kSmallestHead || size > kLargestHead) continue;
            unit_ = unit.metres;
            note({.kind = FindingKind::unit_by_size, .size_mm = 228 * size, .names = {unit.name}});
            return {};
        }
        return base::error(
            "the head measures {:.4g} units from chin to vertex, which is a head's size in none of mm, cm, m "
            "and in; scale the scan to its true size, then say its unit with --units",
            228 * scale);
    }

    /// Of the scan: up the head, and out of the face.
    std::vector<std::string> axes() const {
        auto nearest_axis = [](glm::dvec3 d) {
            int axis = std::fabs(d.x) > std::fabs(d.y) && std::fabs(d.x) > std::fabs(d.z) ? 0
                       : std::fabs(d.y) > std::fabs(d.z)                                  ? 1
                                                                                          : 2;
            return fmt::format("{}{}", d[axis] < 0 ? '-' : '+', "xyz"[axis]);
        };
        const glm::dmat3& r = alignment_.scan_from_head.rotation;
        return {nearest_axis(r[1]), nearest_axis(r[2])};
    }

    // --- the canonical frame, mm: here everything else happens ---

    glm::dvec3 canonical(glm::dvec3 p) const { return alignment_.scan_from_head.back(p); }
    glm::dvec3 in_scan(glm::dvec3 p) const { return alignment_.scan_from_head.at(p); }

    void to_canonical() {
        note({.kind = FindingKind::axes, .names = axes()});
        for (glm::dvec3& p : scan_.positions) p = canonical(p);
        mesh::compute_normals(scan_);
        mesh::SurfaceIndex index(scan_);
        double agree = 0;
        for (size_t v = 0; v < head_.skin.vertex_count(); ++v) {
            if (head_.skin.positions[v].z < 40) continue;
            auto hit = index.closest(head_.skin.positions[v], 25);
            if (hit)
                agree += head_.vertex_area[v] *
                         glm::dot(mesh::normal_at(scan_, hit->point), head_.skin.normals[v]);
        }
        if (agree >= 0) return;
        mesh::turn_over(scan_);
        note({.kind = FindingKind::inside_out});
    }

    void crop() {
        mesh::SurfaceIndex index(head_.skin);
        std::vector<bool> near(scan_.vertex_count());
        for (size_t v = 0; v < near.size(); ++v)
            near[v] = index.closest(scan_.positions[v], kKeptAround).has_value();
        std::vector<bool> keep(scan_.triangle_count());
        size_t dropped = 0;
        for (size_t t = 0; t < keep.size(); ++t) {
            glm::uvec3 c = scan_.triangles[t];
            keep[t] = near[c.x] || near[c.y] || near[c.z];
            dropped += !keep[t];
        }
        if (dropped == 0) return;
        scan_ = mesh::extract(scan_, keep);
        note({.kind = FindingKind::far_away, .count = dropped, .size_mm = kKeptAround});
        keep_largest(FindingKind::cut_loose);
    }

    void keep_largest(FindingKind why) {
        mesh::Parts parts = mesh::find_parts(scan_);
        if (parts.area.size() < 2) return;
        std::vector<bool> keep;
        for (uint32_t part : parts.part) keep.push_back(part == 0);
        size_t dropped = scan_.triangle_count() - parts.triangles[0];
        scan_ = mesh::extract(scan_, keep);
        note({.kind = why, .count = dropped});
    }

    base::Status repair() {
        crop();
        mesh::Untangling done = mesh::untangle(scan_);
        auto own = [&](const mesh::Spots& spots) { return mesh::Spots{spots.count, in_scan(spots.first)}; };
        note(FindingKind::standing_off, own(done.fins));
        note(FindingKind::wrong_way, own(done.turned));
        note(FindingKind::touching, own(done.split));
        if (done.crowded.count)
            return base::error(
                "{}, which cannot be repaired safely; remesh the scan",
                spots_error(own(done.crowded), "{} edge is shared by more than two triangles; the first at {}",
                            "{} edges are shared by more than two triangles; the first at {}"));
        if (done.one_sided.count)
            return base::error(
                "{}, which cannot be repaired safely; remesh the scan",
                spots_error(own(done.one_sided), "{} edge lies between sides that cannot be made to agree; the first at {}",
                            "{} edges lie between sides that cannot be made to agree; the first at {}"));
        keep_largest(FindingKind::hung_loose);
        close_holes();
        return {};
    }

    /// What a change of resolution can bring along, too.
    void repair_fine() {
        constexpr int kRounds =
            3;  // a sliver's removal can let two sheets cross, and a closed hole can leave a sliver
        for (int round = 0; round < kRounds; ++round) {
            bool opened = open_crossings(round == 0);
            size_t slivers = mesh::remove_slivers(scan_, kSliver);
            if (slivers > 0 && round == 0)
                note({.kind = FindingKind::slivers, .count = slivers, .size_mm = kSliver});
            bool cut = cut_out_slivers();
            if (!opened && slivers == 0 && !cut) break;
        }
        mesh::compute_normals(scan_);
    }

    void close_holes() {
        std::vector<mesh::Hole> holes = mesh::find_holes(scan_);
        size_t closed = 0;
        double longest = 0;
        glm::dvec3 where(0);
        for (size_t i = 0; i < holes.size(); ++i) {
            const mesh::Hole& hole = holes[i];
            if (hole.length > kLargestFilledHole) {
                if (i > 0) note({.kind = FindingKind::hole_left, .size_mm = hole.length, .at = in_scan(hole.centre)});
                continue;
            }
            if (closed++ == 0) longest = hole.length, where = hole.centre;
            mesh::fill(scan_, hole);
        }
        if (closed > 0)
            note({.kind = FindingKind::holes_closed, .count = closed, .size_mm = longest, .at = in_scan(where)});
    }

    std::vector<mesh::TrianglePair> crossings() const {
        constexpr size_t kEnough = 50000;
        mesh::SurfaceMesh metres = scan_;
        for (glm::dvec3& p : metres.positions) p *= base::kMillimetre;
        return mesh::self_intersections(metres, kEnough);
    }

    /// Small places where the surface passes through itself (lids and lips pressed together) are cut out and
    /// closed anew.
    bool open_crossings(bool told) {
        constexpr int kPasses = 4;
        constexpr double kFewEnough = 0.02;  // of all triangles; more is no flaw but the scan itself
        size_t before = 0, after = 0;
        glm::dvec3 where(0);
        mesh::SurfaceMesh best = scan_;
        for (int pass = 0; pass <= kPasses; ++pass) {
            std::vector<mesh::TrianglePair> pairs = crossings();
            if (pass == 0) {
                before = after = pairs.size();
                if (pairs.empty() ||
                    static_cast<double>(before) > kFewEnough * static_cast<double>(scan_.triangle_count()))
                    return false;
                where = scan_.positions[scan_.triangles[pairs[0].a].x];
            } else if (pairs.size() < after) {
                after = pairs.size();
                best = scan_;
            }
            if (pairs.empty() || pass == kPasses) break;
            std::vector<bool> bad(scan_.triangle_count(), false);
            for (mesh::TrianglePair pair : pairs) bad[pair.a] = bad[pair.b] = true;
            cut_out(bad, pass);
        }
        scan_ = std::move(best);
        if (after < before && told)
            note({.kind = FindingKind::crossings_cut, .count = before, .rest = after, .at = in_scan(where)});
        return after < before;
    }

    /// Removes the bad triangles and `rings` of their neighbours, and closes the holes that this leaves.
    void cut_out(std::vector<bool> bad, int rings) {
        for (int ring = 0; ring < rings; ++ring) {
            std::vector<bool> corner(scan_.vertex_count(), false);
            for (size_t t = 0; t < bad.size(); ++t)
                for (int k = 0; k < 3 && bad[t]; ++k) corner[scan_.triangles[t][k]] = true;
            for (size_t t = 0; t < bad.size(); ++t)
                for (int k = 0; k < 3; ++k)
                    if (corner[scan_.triangles[t][k]]) bad[t] = true;
        }
        bad.flip();
        scan_ = mesh::extract(scan_, bad);
        mesh::Parts parts = mesh::find_parts(scan_);
        std::vector<bool> main;
        for (uint32_t part : parts.part) main.push_back(part == 0);
        scan_ = mesh::extract(scan_, main);
        mesh::untangle(scan_);
        std::vector<mesh::Hole> holes = mesh::find_holes(scan_);
        for (const mesh::Hole& hole : holes)
            if (hole.length <= kLargestFilledHole) mesh::fill(scan_, hole);
    }

    /// Slivers that could neither be collapsed nor flipped go the way of crossings.
    bool cut_out_slivers() {
        constexpr int kPasses = 4;
        constexpr double kLeastArea =
            1e-5;  // mm²: ten times what positions in whole micrometres can tell from none
        for (int pass = 1; pass <= kPasses; ++pass) {
            std::vector<bool> bad(scan_.triangle_count());
            for (uint32_t t = 0; t < bad.size(); ++t) bad[t] = mesh::triangle_area(scan_, t) < kLeastArea;
            if (std::find(bad.begin(), bad.end(), true) == bad.end()) return pass > 1;
            cut_out(bad, pass);
            mesh::remove_slivers(scan_, kSliver);
        }
        return true;
    }

    void set_resolution() {
        size_t before = scan_.vertex_count();
        if (before > kMostVertices) {
            scan_ = mesh::decimated(scan_, kDecimatedTo);
            note({.kind = FindingKind::thinned, .count = before, .rest = scan_.vertex_count()});
        }
        mesh::compute_normals(scan_);
        while (scan_.vertex_count() < kFewestVertices) scan_ = mesh::refined(scan_);
        if (scan_.vertex_count() > before)
            note({.kind = FindingKind::refined, .count = before, .rest = scan_.vertex_count()});
    }

    // --- landmarks ---

    std::vector<Pin> pins() const {
        std::vector<Pin> pins;
        for (const NamedPlace& given : options_.landmarks)
            pins.push_back({landmark(given.name), canonical(given.place)});
        return pins;
    }

    void find_landmarks(const std::vector<glm::dvec3>& bent) {
        mesh::SurfaceMesh skin = head_.skin;
        skin.positions = bent;
        mesh::SurfaceIndex index(scan_);
        for (size_t i = 0; i < head_.landmarks.size(); ++i) {
            // The drawn place need not lie on the template's skin to the millimetre; what it is off is
            // carried along.
            glm::dvec3 off =
                head_.landmarks[i].place - mesh::position_at(head_.skin, head_.landmark_points[i]);
            glm::dvec3 at = mesh::position_at(skin, head_.landmark_points[i]) + off;
            auto hit = index.closest(at, 1e6);
            CHECK(hit, i);
            landmarks_.push_back({head_.landmarks[i].name, hit->position});
            out_.fitted.push_back(in_scan(at));
        }
        std::vector<bool> held(landmarks_.size(), false);
        for (const NamedPlace& given : options_.landmarks) {
            size_t i = landmark(given.name);
            landmarks_[i].place = canonical(given.place);
            held[i] = true;
        }
        place_by_definition(landmarks_, held, index);
        for (const NamedPlace& found : landmarks_)
            out_.landmarks.push_back({found.name, in_scan(found.place)});
        for (const NamedPlace& given : options_.landmarks)
            out_.landmarks[landmark(given.name)].place = given.place;
    }

    // --- results ---

    base::Status check_cover(const std::vector<glm::dvec3>& bent) {
        constexpr double kCovered = 3;  // mm
        mesh::SurfaceMesh skin = head_.skin;
        skin.positions = bent;
        mesh::compute_normals(skin);
        mesh::SurfaceIndex index(scan_);
        std::vector<bool> covered(bent.size());
        for (size_t v = 0; v < bent.size(); ++v) {
            auto hit = index.closest(bent[v], kCovered);
            covered[v] = hit && glm::dot(mesh::normal_at(scan_, hit->point), skin.normals[v]) > 0.3;
        }
        ZoneMap zones = map_zones(head_.numbers, *head_.shape, head_.head);
        std::vector<double> all(zones.zones.size(), 0.0), there(zones.zones.size(), 0.0);
        for (uint32_t t = 0; t < head_.skin.triangle_count(); ++t) {
            glm::uvec3 c = head_.skin.triangles[t];
            double area = mesh::triangle_area(head_.skin, t);
            all[zones.triangle_zone[t]] += area;
            there[zones.triangle_zone[t]] += area * (covered[c.x] + covered[c.y] + covered[c.z]) / 3;
        }
        double sum = 0, found = 0;
        std::vector<std::string> missing;
        for (size_t z = 1; z < all.size(); ++z) {
            if (!zones.zones[z].treatable || !(all[z] > 0)) continue;
            sum += all[z], found += there[z];
            if (there[z] < 0.5 * all[z]) missing.push_back(zones.zones[z].id);
        }
        if (found < kLeastCovered * sum && missing.empty())
            return base::error("covers only {:.0f} % of the skin that is treated; scan the whole face, ear to ear and hairline to collar", 100 * found / sum);
        if (found < kLeastCovered * sum)
            return base::error(
                "covers only {:.0f} % of the skin that is treated (little or nothing of {}); scan the whole "
                "face, ear to ear and hairline to collar",
                100 * found / sum, zone_list(missing));
        note({.kind = FindingKind::covered, .share = found / sum, .names = std::move(missing)});
        return {};
    }

    /// From the canonical frame to the head frame in metres, at the patient's true size.
    void settle(const Carried& carried) {
        glm::dvec3 origin =
            (landmarks_[landmark("tragion_left")].place + landmarks_[landmark("tragion_right")].place) / 2.0;
        const Similarity& s = alignment_.scan_from_head;
        double metres = s.scale * unit_;
        glm::dmat3 turn = glm::transpose(s.rotation);
        out_.head_from_scan = {turn, unit_, -unit_ * (turn * s.shift) - metres * origin};
        mesh::SurfaceMesh mesh = scan_;
        for (glm::dvec3& p : mesh.positions) p = (p - origin) * metres;
        mesh.normals.clear();
        snap_to_micrometres(mesh);
        out_.scan.mesh = std::move(mesh);
        for (size_t v = 0; v < scan_.vertex_count(); ++v) {
            glm::dvec2 a = carried.angles[v];
            out_.scan.angles.push_back(
                1e-6 * glm::dvec2(base::round_to_integer(1e6 * a.x), base::round_to_integer(1e6 * a.y)));
            out_.scan.belongs.push_back(carried.belongs[v]);
        }
    }

    base::Status check_crossings() {
        constexpr size_t kEnough = 50000;
        std::vector<mesh::TrianglePair> pairs = mesh::self_intersections(out_.scan.mesh, kEnough);
        if (pairs.empty()) return {};
        HeadMesh head;
        for (glm::dvec2 a : out_.scan.angles) head.points.push_back(head_.shape->at(a.x, a.y));
        head.angles = out_.scan.angles;
        head.triangles = out_.scan.mesh.triangles;
        ZoneMap zones = map_zones(head_.numbers, *head_.shape, head);
        mesh::Spots treated;
        auto is_treated = [&](uint32_t t) {
            for (int k = 0; k < 3; ++k)
                if (out_.scan.belongs[head.triangles[t][k]] != Belonging::on_skin) return false;
            return zones.zones[zones.triangle_zone[t]].treatable;
        };
        for (mesh::TrianglePair pair : pairs)
            if (is_treated(pair.a) && is_treated(pair.b))
                treated.add(in_scan(scan_.positions[scan_.triangles[pair.a].x]));
        if (treated.count > 0 && !options_.crossings_allowed)
            return base::error("{}, where skin is treated; remesh the scan there",
                               spots_error(treated, "{} pair of triangles passes through each other; the first at {}",
                                           "{} pairs of triangles pass through each other; the first at {}"));
        note({.kind = FindingKind::crossings_left, .count = pairs.size(), .at = in_scan(scan_.positions[scan_.triangles[pairs[0].a].x])});
        return {};
    }

    static constexpr glm::dvec3 kMiddle{0, 110, 10};  // mm: of the canonical head, about

    const HeadTemplate& head_;
    const ImportOptions& options_;
    const Progress& progress_;
    mesh::SurfaceMesh scan_;
    Alignment alignment_;
    double unit_ = 1;
    std::vector<NamedPlace> landmarks_;  // canonical frame, mm
    ImportedHead out_;
};

}  // namespace

base::Result<ImportedHead> import_head(const base::Places& places, mesh::SurfaceMesh soup,
                                       const ImportOptions& options, const Progress& progress) {
    auto head = make_head_template(places);
    if (!head) return head.error();
    return Import(**head, options, progress).run(std::move(soup));
}

std::vector<std::string> check_scan(mesh::SurfaceMesh soup) {
    std::vector<std::string> defects;
    auto add = [&](const mesh::Spots& spots, const char* one, const char* many, const char* rest,
                   const char* remedy) {
        if (spots.count > 0)
            defects.push_back(fmt::format("{} ({})", counted(spots, one, many, rest), remedy));
    };
    constexpr const char* kSafe = "import repairs this";
    constexpr const char* kNot = "import refuses this";
    mesh::Cleaning cleaned = mesh::clean(soup);
    add(cleaned.unusable, "triangle has", "triangles have", "a corner that is not a finite number", kSafe);
    add(cleaned.degenerate, "triangle is", "triangles are", "without area", kSafe);
    add(cleaned.duplicate, "triangle lies", "triangles lie", "on another one", kSafe);
    if (cleaned.loose > 0)
        defects.push_back(fmt::format("{} vertices belong to no triangle ({})", cleaned.loose, kSafe));
    if (soup.triangle_count() == 0) {
        defects.push_back("no triangle has an area (import refuses this)");
        return defects;
    }
    mesh::Parts parts = mesh::find_parts(soup);
    for (size_t i = 1; i < parts.area.size() && i < 9; ++i) {
        size_t first =
            static_cast<size_t>(std::find(parts.part.begin(), parts.part.end(), i) - parts.part.begin());
        defects.push_back(fmt::format("an island of {} triangles at {} (import leaves it out)",
                                      parts.triangles[i], place(soup.positions[soup.triangles[first].x])));
    }
    if (parts.area.size() > 9)
        defects.push_back(fmt::format("{} more islands (import leaves them out)", parts.area.size() - 9));
    mesh::Untangling done = mesh::untangle(soup);
    add(done.fins, "triangle stands", "triangles stand", "off the surface on an edge of more than two",
        kSafe);
    add(done.turned, "triangle faces", "triangles face", "the other way than its neighbours", kSafe);
    add(done.split, "point is", "points are", "where the surface only touches itself", kSafe);
    add(done.crowded, "edge is", "edges are", "shared by more than two triangles", kNot);
    add(done.one_sided, "edge lies", "edges lie", "between sides that cannot be made to agree", kNot);
    if (done.crowded.count == 0) {
        std::vector<mesh::Hole> holes = mesh::find_holes(soup);
        for (size_t i = 1; i < holes.size() && i < 9; ++i)
            defects.push_back(
                fmt::format("a hole of {} edges, {:.4g} units round, at {} (import closes it where it is no "
                            "larger than {} mm round)",
                            holes[i].edges, holes[i].length, place(holes[i].centre), kLargestFilledHole));
        if (holes.size() > 9) defects.push_back(fmt::format("{} more holes", holes.size() - 9));
    }
    // Crossings are told in metres at a head's usual size: the tolerance is a length.
    glm::dvec3 low = soup.positions[0], high = low;
    for (glm::dvec3 p : soup.positions) low = glm::min(low, p), high = glm::max(high, p);
    constexpr double kUsualSize = 0.4;
    mesh::SurfaceMesh metres = soup;
    for (glm::dvec3& p : metres.positions) p = (p - low) * (kUsualSize / glm::length(high - low));
    mesh::Spots crossing;
    for (mesh::TrianglePair pair : mesh::self_intersections(metres, 50000))
        crossing.add(soup.positions[soup.triangles[pair.a].x]);
    add(crossing, "pair of triangles passes", "pairs of triangles pass", "through each other",
        "import cuts small ones out, and refuses them where skin is treated");
    return defects;
}

base::Status store_head(const base::Places& places, const ImportedHead& head,
                        const ImportedPatient& patient) {
    if (places.faces.empty())
        return base::error("there is no folder for imported faces; name one with EVENHAND_FACES");
    std::error_code failure;
    base::fs::create_directories(places.faces, failure);
    const std::string& id = patient.patient.id;
    std::vector<uint8_t> mesh = pack_scan(head.scan);
    toml::table spec{{"version", 1},
                     {"kind", "scan"},
                     {"id", id},
                     {"name", patient.patient.name},
                     {"source", patient.source},
                     {"licence", patient.licence},
                     {"sex", patient.patient.male ? "male" : "female"},
                     {"age", patient.patient.age},
                     {"fitzpatrick", static_cast<int64_t>(patient.patient.fitzpatrick)},
                     {"seed", static_cast<int64_t>(patient.patient.seed)},
                     {"dressing", patient.patient.dressing},
                     {"mesh", id + ".mesh"},
                     {"mesh_sha256", base::sha256(mesh).hex()},
                     {"scan_sha256", patient.scan_sha256}};
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text << toml::toml_formatter(spec) << '\n';
    std::string landmarks = landmarks_text(
        head.landmarks,
        "of " + id + "; correct what is wrong and import again with --landmarks and --replace");
    base::fs::path description = places.faces / (id + ".toml");
    // Without its description a face does not exist, so the description goes first and comes last.
    base::fs::remove(description, failure);
    for (const auto& [name, bytes] :
         {std::pair{id + ".mesh", std::span<const uint8_t>(mesh)},
          std::pair{id + ".landmarks.toml",
                    std::span(reinterpret_cast<const uint8_t*>(landmarks.data()), landmarks.size())}})
        if (base::Status written = base::write_file(places.faces / name, bytes); !written) {
            base::fs::remove(places.faces / (id + ".mesh"), failure);
            return written;
        }
    return base::write_file(description, text.str());
}

}  // namespace face
