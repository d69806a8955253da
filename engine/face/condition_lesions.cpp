#include "engine/base/deterministic_math.h"
#include "engine/base/result.h"
#include "engine/base/units.h"
#include "engine/face/condition_marks.h"
#include "engine/face/conditions.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace face {

namespace {

constexpr double kBeside = 4e-3;          // m: "along the border" of another zone
constexpr double kInside = 3e-3;          // m: an item keeps at most this much of itself inside its zone's border
constexpr double kLineWidth = 1.0e-3;     // m: cells this near to a line know of it
constexpr int kTries = 300;               // places tried for one item
constexpr size_t kMostZones = 32;         // masks of zones are 32 bits wide
constexpr size_t kMostLesions = 5'000;

/// What one [[condition]] is put on with: the zone's cells where items may lie, and the dice.
struct Field {
    const Condition& condition;
    const ConditionKind& kind;
    uint8_t zone;
    std::vector<uint32_t> cells;  // that items may lie on
    base::Random random;
};

std::string zone_ids(const FaceAsset& asset) {
    std::string known;
    for (size_t i = 1; i < asset.zones.size(); ++i) known += (i > 1 ? ", " : "") + asset.zones[i].id;
    return known;
}

base::Result<uint8_t> find_zone(const FaceAsset& asset, const std::string& id, std::string_view key,
                                const std::string& where) {
    int zone = asset.find_zone(id);
    if (zone > 0) return static_cast<uint8_t>(zone);
    return base::error("{}: {}: the face '{}' has no zone \"{}\"; give one of {}", where, key, asset.id, id,
                       zone_ids(asset));
}

base::Result<const ConditionKind*> find_kind(std::span<const ConditionKind> kinds, const Condition& condition) {
    std::string known;
    for (const ConditionKind& kind : kinds) {
        if (kind.id == condition.kind) return &kind;
        known += (known.empty() ? "" : ", ") + kind.id;
    }
    return base::error("{}: kind: no condition is called \"{}\"; give one of {}", condition.kind_at, condition.kind,
                       known);
}

// --- places ---

/// True where a cell for which `wanted` holds has its seed within `reach` of `p`.
template <typename Wanted>
bool any_near(const SurfaceCells& cells, glm::dvec3 p, double reach, Wanted&& wanted) {
    bool found = false;
    double limit2 = reach * reach;
    cells.grid.near(p, limit2, [&](uint32_t cell, double) { found = found || wanted(cell); });
    return found;
}

/// Cells of `zone` that lie along the border with zones for which `beside` holds.
template <typename Beside>
std::vector<uint32_t> border_cells(const SurfaceCells& cells, const std::vector<uint32_t>& of_zone, Beside&& beside) {
    std::vector<uint32_t> found;
    for (uint32_t cell : of_zone)
        if (any_near(cells, cells.seed[cell], kBeside, [&](uint32_t other) { return beside(cells.zone[other]); }))
            found.push_back(cell);
    return found;
}

/// The cell of the zone that is nearest to the mean of them all.
uint32_t middle_cell(const SurfaceCells& cells, const std::vector<uint32_t>& of_zone) {
    glm::dvec3 sum(0);
    double area = 0;
    for (uint32_t cell : of_zone) {
        sum += cells.seed[cell] * static_cast<double>(cells.area_um2[cell]);
        area += cells.area_um2[cell];
    }
    uint32_t middle = of_zone[0];
    double best2 = std::numeric_limits<double>::infinity();
    for (uint32_t cell : of_zone) {
        glm::dvec3 d = cells.seed[cell] - sum / area;
        if (glm::dot(d, d) < best2) best2 = glm::dot(d, d), middle = cell;
    }
    return middle;
}

/// Walks along the skin: `way` is metres to the patient's left and up. Nothing where the skin ends.
std::optional<SkinPlace> walk(const FaceAsset& asset, SkinPlace from, glm::dvec2 way) {
    constexpr double kStep = 1e-3;  // m
    int steps = std::max(1, static_cast<int>(std::ceil(glm::length(way) / kStep)));
    for (int i = 0; i < steps; ++i) {
        glm::dvec2 step = way / static_cast<double>(steps);
        std::optional<SkinPlace> next = skin_near(asset, from.position + from.left * step.x + from.up * step.y);
        if (!next || glm::length(next->position - from.position) < 0.5 * glm::length(step)) return std::nullopt;
        from = *next;
    }
    return from;
}

base::Result<SkinPlace> exact_place(const FaceAsset& asset, const Field& field) {
    std::optional<SkinPlace> middle = skin_near(asset, asset.cells.seed[middle_cell(asset.cells, field.cells)]);
    CHECK(middle);
    std::optional<SkinPlace> place = walk(asset, *middle, *field.condition.at);
    if (place && place->zone == field.zone) return *place;
    return base::error("{}: at: this place is {}, not on {}; go fewer millimetres from the zone's middle",
                       field.condition.place_at,
                       place ? base::error("on {}", asset.zones[place->zone].id) : base::error("beyond the skin's edge"),
                       field.condition.zone);
}

double item_size(Field& field) {
    if (field.condition.size) return *field.condition.size;
    if (!field.kind.uneven) return draw(field.kind.size, field.condition.severity, field.random);
    double lot = field.random.uniform();
    return field.kind.size.at(std::min(1.0, lot * lot * lot * (0.5 + field.condition.severity)));
}

/// Whether an item of this size may lie at `p`: inside the zone, apart from its own kind and from what must be spared.
bool has_room(const FaceAsset& asset, const Field& field, const std::vector<Item>& items, glm::dvec3 p, double size) {
    auto clear_of = [&](glm::dvec3 other, double distance) {
        glm::dvec3 d = other - p;
        return glm::dot(d, d) >= distance * distance;
    };
    for (const Item& item : items)
        if (!clear_of(item.place.position, 0.5 * (size + item.size) + field.kind.apart)) return false;
    for (const Lesion& lesion : asset.lesions)
        if (lesion.no_go && !clear_of(lesion.place, 0.5 * size + 1e-6 * lesion.radius_um)) return false;
    if (!field.condition.beside.empty()) return true;
    return !any_near(asset.cells, p, std::min(0.5 * size, kInside),
                     [&](uint32_t cell) { return asset.cells.zone[cell] != field.zone; });
}

Item make_item(const SkinPlace& place, double size, Field& field) {
    Item item{place, place.tension, size};
    if (!field.kind.turned) return item;
    double x = field.random.uniform(-1, 1), y = field.random.uniform(-1, 1);
    glm::dvec3 axis = place.left * (x + 1e-6) + place.up * y;
    item.axis = glm::normalize(axis);
    return item;
}

base::Result<std::vector<Item>> scatter(const FaceAsset& asset, Field& field) {
    std::vector<Item> items;
    const Condition& wish = field.condition;
    if (wish.at) {
        base::Result<SkinPlace> place = exact_place(asset, field);
        if (!place) return place.error();
        return std::vector<Item>{make_item(*place, item_size(field), field)};
    }
    uint32_t count = wish.count.value_or(
        static_cast<uint32_t>(base::round_to_integer(draw(field.kind.count, wish.severity, field.random))));
    while (items.size() < count) {
        double size = item_size(field);
        bool placed = false;
        for (int i = 0; i < kTries && !placed; ++i) {
            uint32_t cell = field.cells[field.random.below(static_cast<uint32_t>(field.cells.size()))];
            std::optional<SkinPlace> place = skin_near(asset, asset.cells.seed[cell]);
            placed = place && has_room(asset, field, items, place->position, size);
            if (placed) items.push_back(make_item(*place, size, field));
        }
        if (!placed) break;
    }
    // Without a wish, as many as there is room for; at least one.
    if (items.empty() || (wish.count && items.size() < count))
        return base::error("{}: count: there is room for {} of {} \"{}\" on {}; ask for fewer or smaller ones",
                           wish.place_at, items.size(), count, wish.kind, wish.zone);
    return items;
}

// --- what the cells know ---

/// Tells cells of a lesion; no-go lesions go before others, nearer ones before farther ones.
class Claims {
  public:
    explicit Claims(const FaceAsset& asset)
        : asset_(asset), lesion_(asset.cells.size(), 0), distance_(asset.cells.size(), 0) {
        if (!asset.cell_lesion.empty()) lesion_ = asset.cell_lesion;
    }
    void claim(uint32_t cell, size_t lesion, double distance) {
        auto number = static_cast<uint16_t>(lesion + 1);
        bool no_go = asset_.lesions[lesion].no_go;
        uint16_t holder = lesion_[cell];
        if (holder != 0) {
            bool held = asset_.lesions[holder - 1u].no_go;
            if (held != no_go ? held : distance_[cell] <= distance) return;
        }
        lesion_[cell] = number;
        distance_[cell] = distance;
    }
    std::vector<uint16_t> take() { return std::move(lesion_); }

  private:
    const FaceAsset& asset_;
    std::vector<uint16_t> lesion_;
    std::vector<double> distance_;  // m, from the middle of the lesion that holds the cell
};

glm::dvec3 whole_micrometres(glm::dvec3 p) {
    for (int axis = 0; axis < 3; ++axis)
        p[axis] = 1e-6 * static_cast<double>(base::round_to_integer(1e6 * p[axis]));
    return p;
}

size_t add_lesion(FaceAsset& asset, const ConditionKind& kind, glm::dvec3 place, double radius) {
    asset.lesions.push_back({kind.id, whole_micrometres(place),
                             static_cast<uint32_t>(base::round_to_integer(1e6 * radius)),
                             static_cast<uint32_t>(base::round_to_integer(1e6 * kind.margin)), kind.no_go});
    return asset.lesions.size() - 1;
}

void claim_disc(const FaceAsset& asset, Claims& claims, size_t lesion, glm::dvec3 normal) {
    const SurfaceCells& cells = asset.cells;
    const Lesion& it = asset.lesions[lesion];
    double reach = 1e-6 * (it.radius_um + it.margin_um), limit2 = reach * reach;
    uint32_t own = cells.find(it.place, normal);
    if (own != kNoCell) claims.claim(own, lesion, 0);
    cells.grid.near(it.place, limit2, [&](uint32_t cell, double d2) {
        if (glm::dot(cells.normal[cell], normal) > 0) claims.claim(cell, lesion, std::sqrt(d2));
    });
}

// --- layouts ---

base::Status put_items(FaceAsset& asset, Field& field, Claims& claims) {
    base::Result<std::vector<Item>> items = scatter(asset, field);
    if (!items) return items.error();
    for (const Item& item : *items) {
        double severity = field.condition.severity;
        if (field.kind.layout == Layout::vessels)
            paint_vessels(asset, field.kind, item, severity, field.random);
        else
            paint_spot(asset, field.kind, item, severity, field.random);
        size_t lesion = add_lesion(asset, field.kind, item.place.position, 0.5 * item.size);
        claim_disc(asset, claims, lesion, item.place.normal);
    }
    return {};
}

/// One mark for every square of the asked side, on average, each somewhere on a cell of its own.
void put_field(FaceAsset& asset, Field& field, Claims& claims) {
    const SurfaceCells& cells = asset.cells;
    size_t lesion = add_lesion(asset, field.kind, cells.seed[middle_cell(cells, field.cells)], 0);
    double reach = 0;
    for (uint32_t cell : field.cells) {
        double pitch = item_size(field);
        double expected = 1e-12 * cells.area_um2[cell] / (pitch * pitch);
        auto count = static_cast<uint32_t>(std::floor(expected + field.random.uniform()));
        for (uint32_t i = 0; i < count && asset.details.size() < kMostDetails; ++i) {
            const Mark& mark = field.kind.marks[field.random.below(static_cast<uint32_t>(field.kind.marks.size()))];
            glm::dvec3 off(field.random.uniform(-1, 1), field.random.uniform(-1, 1), field.random.uniform(-1, 1));
            std::optional<SkinPlace> place = skin_near(asset, cells.seed[cell] + 0.5e-3 * off);
            if (place) paint_mark(asset, mark, place->position, field.condition.severity, field.random);
        }
        claims.claim(cell, lesion, std::numeric_limits<double>::infinity());
        reach = std::max(reach, glm::length(cells.seed[cell] - asset.lesions[lesion].place));
    }
    asset.lesions[lesion].radius_um = static_cast<uint32_t>(base::round_to_integer(1e6 * reach));
}

/// The way lines run on a site, nothing where none may be.
class Flow {
  public:
    Flow(const FaceAsset& asset, const Site& site) : asset_(asset), site_(site) {
        if (site.run != Site::Run::away) return;
        for (uint32_t cell = 0; cell < asset.cells.size(); ++cell)
            if (asset.zones[asset.cells.zone[cell]].kind == site.away_from) hub_.push_back(asset.cells.seed[cell]);
    }
    std::optional<glm::dvec3> operator()(const SkinPlace& place) const {
        const Zone& zone = asset_.zones[place.zone];
        if (place.zone == 0 || zone.no_go) return std::nullopt;
        switch (site_.run) {
            case Site::Run::level: return glm::normalize(place.left + place.up * wave(place.position));
            case Site::Run::upright: return place.up;
            case Site::Run::tension: return place.tension;
            case Site::Run::away: break;
        }
        double best2 = std::numeric_limits<double>::infinity();
        glm::dvec3 away(0);
        for (glm::dvec3 hub : hub_) {
            glm::dvec3 d = place.position - hub;
            if (glm::dot(d, d) < best2) best2 = glm::dot(d, d), away = d;
        }
        away -= place.normal * glm::dot(away, place.normal);
        double length = glm::length(away);
        if (!(length > 1e-6)) return std::nullopt;
        return away / length;
    }

  private:
    /// Rise per way of level lines: furrows are wavy, and neighbours swing nearly together.
    static double wave(glm::dvec3 p) {
        return 0.16 * base::det::sin(190 * p.x + 60 * p.y) + 0.10 * base::det::sin(430 * p.x + 150 * p.y);
    }

    const FaceAsset& asset_;
    const Site& site_;
    std::vector<glm::dvec3> hub_;
};

using Line = std::vector<SkinPlace>;

bool apart_from(const std::vector<Line>& lines, glm::dvec3 p, double distance) {
    for (const Line& line : lines)
        for (const SkinPlace& other : line) {
            glm::dvec3 d = other.position - p;
            if (glm::dot(d, d) < distance * distance) return false;
        }
    return true;
}

/// Long level lines lie across the middle of their zone, from side to side; so they start near it.
std::vector<uint32_t> near_middle(const SurfaceCells& cells, const std::vector<uint32_t>& of_zone) {
    constexpr double kAside = 12e-3;  // m
    const double middle = cells.seed[middle_cell(cells, of_zone)].x;
    std::vector<uint32_t> found;
    for (uint32_t cell : of_zone)
        if (std::fabs(cells.seed[cell].x - middle) < kAside) found.push_back(cell);
    return found;
}

/// Lines that keep their distance, in the manner of evenly spaced streamlines (Jobard & Lefer 1997).
std::vector<Line> draw_lines(const FaceAsset& asset, Field& field, const Site& site) {
    constexpr double kApproach = 0.6;  // of the distance kept: how near a line may come to another before it ends
    Flow flow(asset, site);
    std::vector<uint32_t> starts = field.cells;
    if (!site.beside.empty())
        starts = border_cells(asset.cells, field.cells,
                              [&](uint8_t zone) { return asset.zones[zone].kind == site.beside; });
    constexpr double kLong = 30e-3;  // m
    std::vector<Line> lines;
    if (starts.empty()) return lines;
    if (site.run == Site::Run::level && field.kind.size.mild > kLong) starts = near_middle(asset.cells, starts);
    const double apart = site.apart.value_or(field.kind.apart);
    uint32_t count = field.condition.count.value_or(static_cast<uint32_t>(
        base::round_to_integer(draw(field.kind.count, field.condition.severity, field.random))));
    for (int tries = 0; lines.size() < count && tries < kTries + 4 * static_cast<int>(count); ++tries) {
        uint32_t cell = starts[field.random.below(static_cast<uint32_t>(starts.size()))];
        double length = item_size(field) * site.length;
        std::optional<SkinPlace> start = skin_near(asset, asset.cells.seed[cell]);
        if (!start || !apart_from(lines, start->position, apart)) continue;
        Line line = trace_line(asset, *start, length, [&](const SkinPlace& at) -> std::optional<glm::dvec3> {
            if (!apart_from(lines, at.position, kApproach * apart)) return std::nullopt;
            return flow(at);
        });
        if (line.size() > 2) lines.push_back(std::move(line));
    }
    return lines;
}

base::Status put_lines(FaceAsset& asset, Field& field, Claims& claims) {
    const std::string& zone_kind = asset.zones[field.zone].kind;
    std::string known;
    std::vector<Line> lines;
    for (const Site& site : field.kind.sites) {
        known += (known.empty() ? "" : ", ") + site.zone;
        if (site.zone != zone_kind) continue;
        std::vector<Line> some = draw_lines(asset, field, site);
        lines.insert(lines.end(), some.begin(), some.end());
    }
    if (lines.empty())
        return base::error("{}: zone: \"{}\" does not run on {}; give a zone of one of the kinds {}",
                           field.condition.zone_at, field.kind.id, field.condition.zone, known);
    const Line& first = lines[0];
    size_t lesion = add_lesion(asset, field.kind, first[first.size() / 2].position, 0);
    double reach = 0;
    for (const Line& line : lines) {
        for (const Mark& mark : field.kind.marks)
            paint_line(asset, mark, line, field.condition.severity, field.random);
        for (const SkinPlace& place : line) {
            double limit2 = kLineWidth * kLineWidth;
            asset.cells.grid.near(place.position, limit2, [&](uint32_t cell, double) {
                claims.claim(cell, lesion, std::numeric_limits<double>::infinity());
            });
            reach = std::max(reach, glm::length(place.position - asset.lesions[lesion].place));
        }
    }
    asset.lesions[lesion].radius_um = static_cast<uint32_t>(base::round_to_integer(1e6 * reach));
    return {};
}

base::Status put(FaceAsset& asset, const Condition& condition, std::span<const ConditionKind> kinds, size_t number,
                 Claims& claims) {
    base::Result<const ConditionKind*> kind = find_kind(kinds, condition);
    if (!kind) return kind.error();
    base::Result<uint8_t> zone = find_zone(asset, condition.zone, "zone", condition.zone_at);
    if (!zone) return zone.error();
    Field field{condition, **kind, *zone, {}, base::Random(condition.seed * 1000 + number)};
    for (uint32_t cell = 0; cell < asset.cells.size(); ++cell)
        if (asset.cells.zone[cell] == *zone) field.cells.push_back(cell);
    if (!condition.beside.empty()) {
        base::Result<uint8_t> beside = find_zone(asset, condition.beside, "beside", condition.beside_at);
        if (!beside) return beside.error();
        field.cells = border_cells(asset.cells, field.cells, [&](uint8_t other) { return other == *beside; });
    }
    if (field.cells.empty())
        return base::error("{}: zone: nothing of {} lies {}; give another zone", condition.zone_at, condition.zone,
                           condition.beside.empty() ? base::error("on this face") : base::error("beside {}", condition.beside));
    switch (field.kind.layout) {
        case Layout::field: put_field(asset, field, claims); break;
        case Layout::lines:
            if (base::Status done = put_lines(asset, field, claims); !done) return done;
            break;
        case Layout::spots:
        case Layout::vessels:
            if (base::Status done = put_items(asset, field, claims); !done) return done;
            break;
    }
    if (asset.details.size() >= kMostDetails || asset.lesions.size() >= kMostLesions)
        return base::error("{}: kind: the conditions come to more than {} marks or {} lesions; ask for fewer or milder "
                           "ones",
                           condition.kind_at, kMostDetails, kMostLesions);
    return {};
}

// --- no-go skin ---

double reach_of(const Lesion& lesion) {
    return 1e-6 * (lesion.radius_um + lesion.margin_um);
}

bool has_no_go(const FaceAsset& asset) {
    return std::any_of(asset.lesions.begin(), asset.lesions.end(), [](const Lesion& l) { return l.no_go; });
}

base::Result<uint8_t> lesion_zone(FaceAsset& asset) {
    if (int zone = asset.find_zone("lesion"); zone > 0) return static_cast<uint8_t>(zone);
    if (asset.zones.size() >= kMostZones)
        return base::error("the face '{}' has {} zones already and no room for the zone \"lesion\"; take the no-go "
                           "conditions or a zone away",
                           asset.id, asset.zones.size());
    asset.zones.push_back({.id = "lesion", .kind = "lesion", .treatable = false, .no_go = true});
    return static_cast<uint8_t>(asset.zones.size() - 1);
}

/// Triangles whose middle lies in a no-go lesion or its margin, on its side of the skin, change to the zone.
void rezone_triangles(FaceAsset& asset, uint8_t zone) {
    for (const Lesion& lesion : asset.lesions) {
        if (!lesion.no_go) continue;
        std::optional<SkinPlace> place = skin_near(asset, lesion.place);
        CHECK(place);
        double reach = reach_of(lesion);
        for (uint32_t t = 0; t < asset.mesh.triangle_count(); ++t) {
            if (asset.zone[t] == 0 || asset.zones[asset.zone[t]].no_go) continue;
            glm::uvec3 c = asset.mesh.triangles[t];
            const glm::dvec3 &p = asset.mesh.positions[c.x], &q = asset.mesh.positions[c.y],
                             &r = asset.mesh.positions[c.z];
            glm::dvec3 d = (p + q + r) / 3.0 - lesion.place;
            if (glm::dot(d, d) > reach * reach) continue;
            if (glm::dot(glm::cross(q - p, r - p), place->normal) > 0) asset.zone[t] = zone;
        }
    }
}

/// Cells whose seed lies in a no-go lesion or its margin, on its side of the skin, change to the zone, but for what is
/// no-go skin already.
std::vector<uint8_t> zones_of_cells(const FaceAsset& asset, uint8_t zone) {
    std::vector<uint8_t> zones = asset.cells.zone;
    for (const Lesion& lesion : asset.lesions) {
        if (!lesion.no_go) continue;
        std::optional<SkinPlace> place = skin_near(asset, lesion.place);
        CHECK(place);
        double limit2 = reach_of(lesion) * reach_of(lesion);
        asset.cells.grid.near(lesion.place, limit2, [&](uint32_t cell, double) {
            bool spared = asset.zones[asset.cells.zone[cell]].no_go;
            if (!spared && glm::dot(asset.cells.normal[cell], place->normal) > 0) zones[cell] = zone;
        });
    }
    return zones;
}

/// Straight distance to the nearest no-go skin, lesions with their margins included; 0 inside.
void shorten_no_go_distances(FaceAsset& asset) {
    SurfaceCells& cells = asset.cells;
    for (uint32_t cell = 0; cell < cells.size(); ++cell) {
        uint16_t& distance = cells.no_go_distance_um[cell];
        for (const Lesion& lesion : asset.lesions) {
            if (!lesion.no_go) continue;
            double off = glm::length(cells.seed[cell] - lesion.place) - reach_of(lesion);
            // A cell on the ragged border is outside by its zone, however near: never 0.
            int64_t um = std::max<int64_t>(1, base::round_to_integer(1e6 * off));
            distance = static_cast<uint16_t>(std::min<int64_t>(distance, um));
        }
        if (asset.zones[cells.zone[cell]].no_go) distance = 0;
    }
}

// --- outlines ---

bool in_no_go_lesion(const FaceAsset& asset, glm::dvec3 p, size_t but) {
    for (size_t i = 0; i < asset.lesions.size(); ++i) {
        if (i == but || !asset.lesions[i].no_go) continue;
        glm::dvec3 d = p - asset.lesions[i].place;
        if (glm::dot(d, d) < reach_of(asset.lesions[i]) * reach_of(asset.lesions[i])) return true;
    }
    return false;
}

/// Parts of a polyline for which `keep` holds at both ends of a segment.
template <typename Keep>
void add_parts(const ZoneBorder& border, Keep&& keep, std::vector<ZoneBorder>& parts) {
    ZoneBorder part{border.zone_a, border.zone_b, {}};
    for (const glm::vec3& p : border.line) {
        if (keep(p)) part.line.push_back(p);
        if (keep(p) && &p != &border.line.back()) continue;
        if (part.line.size() > 1) parts.push_back(part);
        part.line.clear();
    }
}

/// The circle on the skin round one lesion and its margin.
ZoneBorder circle_round(const FaceAsset& asset, const Lesion& lesion, uint8_t zone) {
    constexpr int kPoints = 48;
    std::optional<SkinPlace> place = skin_near(asset, lesion.place);
    CHECK(place);
    ZoneBorder circle{zone, place->zone, {}};
    for (int i = 0; i <= kPoints; ++i) {
        double angle = 2 * base::det::kPi * (i % kPoints) / kPoints;
        glm::dvec2 way(base::det::cos(angle), base::det::sin(angle));
        glm::dvec3 off = (place->left * way.x + place->up * way.y) * reach_of(lesion);
        if (std::optional<SkinPlace> on = skin_near(asset, lesion.place + off))
            circle.line.push_back(glm::vec3(on->position));
    }
    return circle;
}

/// Outlines drawn elsewhere end where a lesion begins, and lesions get their own. Without any, outlines follow triangles.
void outline_lesions(FaceAsset& asset, uint8_t zone) {
    if (asset.borders.empty()) return;
    std::vector<ZoneBorder> borders;
    for (const ZoneBorder& border : asset.borders)
        add_parts(border, [&](const glm::vec3& p) { return !in_no_go_lesion(asset, glm::dvec3(p), asset.lesions.size()); }, borders);
    for (size_t i = 0; i < asset.lesions.size(); ++i)
        if (asset.lesions[i].no_go)
            add_parts(circle_round(asset, asset.lesions[i], zone),
                      [&](const glm::vec3& p) { return !in_no_go_lesion(asset, glm::dvec3(p), i); }, borders);
    asset.borders = std::move(borders);
}

base::Status check_zones_left(const FaceAsset& asset, const std::vector<uint8_t>& before,
                              const std::vector<uint8_t>& after) {
    std::vector<size_t> had(asset.zones.size(), 0), has(asset.zones.size(), 0);
    for (uint8_t zone : before) ++had[zone];
    for (uint8_t zone : after) ++has[zone];
    for (size_t zone = 1; zone < asset.zones.size(); ++zone)
        if (had[zone] > 0 && has[zone] == 0)
            return base::error("face '{}': its no-go conditions leave nothing of the zone {}; take some away or make "
                               "them smaller",
                               asset.id, asset.zones[zone].id);
    return {};
}

base::Status forbid(FaceAsset& asset) {
    base::Result<uint8_t> zone = lesion_zone(asset);
    if (!zone) return zone.error();
    outline_lesions(asset, *zone);
    std::vector<uint8_t> triangles_before = asset.zone;
    rezone_triangles(asset, *zone);
    std::vector<uint8_t> zones = zones_of_cells(asset, *zone);
    if (base::Status left = check_zones_left(asset, asset.cells.zone, zones); !left) return left;
    if (base::Status left = check_zones_left(asset, triangles_before, asset.zone); !left) return left;
    std::vector<uint32_t> order = rezone_cells(asset.cells, zones);
    std::vector<uint16_t> lesions;
    for (uint32_t old : order) lesions.push_back(asset.cell_lesion[old]);
    asset.cell_lesion = std::move(lesions);
    shorten_no_go_distances(asset);
    for (Zone& one : asset.zones) one.area_um2 = 0;
    for (size_t cell = 0; cell < asset.cells.size(); ++cell)
        asset.zones[asset.cells.zone[cell]].area_um2 += asset.cells.area_um2[cell];
    return {};
}

}  // namespace

base::Status apply_conditions(FaceAsset& asset, std::span<const Condition> conditions,
                              std::span<const ConditionKind> kinds) {
    if (conditions.empty()) return {};
    CHECK(asset.index && &asset.index->mesh() == &asset.mesh);
    Claims claims(asset);
    for (size_t i = 0; i < conditions.size(); ++i)
        if (base::Status done = put(asset, conditions[i], kinds, i, claims); !done) return done;
    asset.cell_lesion = claims.take();
    return has_no_go(asset) ? forbid(asset) : base::Status();
}

}  // namespace face
