#include "engine/face/head_numbers.h"

#include "engine/base/toml.h"

#include <algorithm>
#include <array>

namespace face {
namespace {

constexpr double kFarthest = 1000;  // mm; nothing of a head is farther from the menton

constexpr std::array kLandmarks{
    "vertex",     "glabella",     "nasion",          "pronasale",      "subnasale", "labiale_superius",
    "sublabiale", "pogonion",     "menton",          "opisthocranion", "stomion",   "labiale_inferius",
    "trichion",   "endocanthion", "exocanthion",     "alare",          "cheilion",  "zygion",
    "tragion",    "orbitale",     "frontotemporale", "pupil",          "eurion",    "gonion"};

constexpr std::array kCurves{"lip_fissure",     "vermilion_upper",
                             "vermilion_lower", "lash_line",
                             "lid_crease",      "alar_crease",
                             "brow_top",        "brow_bottom",
                             "nostril_axis",    "ear_outline",
                             "ear_helix",       "ear_scapha",
                             "ear_antihelix",   "ear_antihelix_lower_crus",
                             "ear_helix_crus",  "nasolabial_fold",
                             "marionette",      "tear_trough",
                             "neck_muscle",     "ear_concha",
                             "cap_rim"};

// Those read as y(x).
constexpr std::array<std::string_view, 6> kRising{"lip_fissure", "vermilion_upper", "vermilion_lower",
                                                  "brow_top",    "brow_bottom",     "cap_rim"};
// Those that carry hair: their roots are sought in front view, which needs rays that leave one point.
constexpr std::array<std::string_view, 3> kHairy{"lash_line", "brow_top", "brow_bottom"};
constexpr double kLowestHair = 40;  // mm

template <typename... Args>
base::Error misplaced(const std::string& file, const toml::node& node, fmt::format_string<Args...> what, Args&&... args) {
    return base::error("{}:{}:{}: {}", file, node.source().begin.line, node.source().begin.column, base::error(what, std::forward<Args>(args)...));
}

// An array of [x, y] or [x, y, z].
base::Result<std::vector<glm::dvec3>> read_points(const toml::node& node, const std::string& file,
                                                  size_t at_least) {
    const toml::array* rows = node.as_array();
    if (!rows || rows->size() < at_least)
        return misplaced(file, node, "must be an array of at least {} points [x, y]", at_least);
    std::vector<glm::dvec3> points;
    for (const toml::node& row : *rows) {
        const toml::array* numbers = row.as_array();
        bool good = numbers && (numbers->size() == 2 || numbers->size() == 3);
        glm::dvec3 point(0);
        for (size_t i = 0; good && i < numbers->size(); ++i) {
            std::optional<double> value = numbers->get(i)->value<double>();
            good = numbers->get(i)->is_number() && value && *value > -kFarthest && *value < kFarthest;
            if (good) point[static_cast<int>(i)] = *value;
        }
        if (!good) return misplaced(file, row, "must be a point of 2 or 3 numbers in millimetres");
        if (!points.empty() && points.back() == point)
            return misplaced(file, row, "repeats the point before it");
        points.push_back(point);
    }
    return points;
}

base::Status check_version(const toml::table& table, const std::string& file) {
    if (table["version"].value<int64_t>() == 1) return {};
    return base::error("{}: version must be 1; this program reads no other", file);
}

base::Status read_primitives(const toml::table& table, const std::string& file, HeadNumbers& numbers) {
    base::TomlReader reader(table, file);
    reader.integer("version", 1, 1);
    reader.text("source");
    for (const toml::table* entry : reader.tables("primitive")) {
        base::TomlReader row(*entry, file);
        Primitive primitive;
        row.text("name");
        std::string shape = row.text("shape");
        if (shape != "ellipsoid" && shape != "capsule")
            row.refuse("shape", "must be \"ellipsoid\" or \"capsule\"");
        primitive.shape = shape == "capsule" ? Primitive::Shape::capsule : Primitive::Shape::ellipsoid;
        primitive.subtract = row.boolean_or("subtract", false);
        primitive.blend = std::max(0.5, row.number("blend", 0, 100));
        std::vector<double> v = row.numbers("values", shape == "capsule" ? 7 : 6, -kFarthest, kFarthest);
        primitive.a = {v[0], v[1], v[2]};
        primitive.b = {v[3], v[4], v[5]};
        if (shape == "capsule") primitive.radius = v[6];
        if (shape == "ellipsoid" && !(v[3] > 0 && v[4] > 0 && v[5] > 0))
            row.refuse("values", "radii must be positive");
        if (base::Status status = row.status(); !status) return status;
        numbers.primitives.push_back(primitive);
    }
    if (numbers.primitives.empty()) reader.refuse("primitive", "missing; give at least one");
    return reader.status();
}

base::Status read_curves(const toml::table& table, const std::string& file, HeadNumbers& numbers) {
    if (base::Status status = check_version(table, file); !status) return status;
    for (const char* name : kCurves) {
        const toml::node* node = table.get(name);
        if (!node) return base::error("{}: the curve '{}' is missing", file, name);
        auto points = read_points(*node, file, 2);
        if (!points) return points.error();
        auto is_in = [&](const auto& names) {
            return std::ranges::find(names, std::string_view(name)) != names.end();
        };
        for (size_t i = 1; is_in(kRising) && i < points->size(); ++i)
            if (points->at(i).x <= points->at(i - 1).x)
                return misplaced(file, *node, "x must rise from point to point");
        for (glm::dvec3 point : *points)
            if (is_in(kHairy) && point.y < kLowestHair)
                return misplaced(file, *node, "y must be at least 40 mm");
        numbers.curves[name] = *points;
    }
    return {};
}

base::Status read_landmarks(const toml::table& table, const std::string& file, HeadNumbers& numbers) {
    if (base::Status status = check_version(table, file); !status) return status;
    for (bool paired : {false, true}) {
        const toml::table* group = table[paired ? "left" : "midline"].as_table();
        const toml::node* anchors = table["anchors"][paired ? "left" : "midline"].node();
        if (!group || !anchors)
            return base::error("{}: the tables [midline], [left] and [anchors] are needed", file);
        for (auto&& [name, node] : *group) {
            toml::array one;
            one.push_back(node);
            auto points = read_points(one, file, 1);
            if (!points) return misplaced(file, node, "must be a point of 3 numbers in millimetres");
            numbers.landmarks.push_back({std::string(name.str()), points->front(), paired});
        }
        auto points = read_points(*anchors, file, 1);
        if (!points) return points.error();
        for (glm::dvec3 place : *points) numbers.anchors.push_back({"", place, paired});
    }
    for (const char* name : kLandmarks)
        if (std::ranges::none_of(numbers.landmarks, [&](const Landmark& l) { return l.name == name; }))
            return base::error("{}: the landmark '{}' is missing", file, name);
    return {};
}

base::Status read_zones(const toml::table& table, const std::string& file, HeadNumbers& numbers) {
    base::TomlReader reader(table, file);
    reader.integer("version", 1, 1);
    reader.text("source");
    for (const toml::table* entry : reader.tables("zone")) {
        base::TomlReader row(*entry, file);
        ZoneOutline zone;
        zone.kind = row.text("kind");
        zone.paired = row.boolean_or("paired", false);
        zone.treatable = row.boolean_or("treatable", true);
        zone.no_go = row.boolean_or("no_go", false);
        zone.bone = row.boolean_or("bone", false);
        zone.mobile = row.boolean_or("mobile", false);
        zone.mask = row.text_or("mask", "");
        if (!zone.mask.empty() && zone.mask != "lip" && zone.mask != "nostril" && zone.mask != "ear")
            row.refuse("mask", "must be \"lip\", \"nostril\" or \"ear\"");
        for (auto&& [key, node] : zone.mask.empty() ? row.table("outline") : toml::table()) {
            if (key != "front" && key != "wrap" && key != "above")
                return misplaced(file, node, "an outline is 'front', 'wrap' or 'above'");
            auto points = read_points(node, file, 3);
            if (!points) return points.error();
            std::vector<glm::dvec2>& curve = key == "front" ? zone.front : key == "wrap" ? zone.wrap : zone.above;
            for (glm::dvec3 p : *points) curve.push_back({p.x, p.y});
            for (size_t i = 1; key == "above" && i < curve.size(); ++i)
                if (curve[i].x <= curve[i - 1].x)
                    return misplaced(file, node, "the azimuth must rise from point to point");
        }
        if (base::Status status = row.status(); !status) return status;
        numbers.zones.push_back(zone);
    }
    return reader.status();
}

base::Status read_depths(const toml::table& table, const std::string& file, HeadNumbers& numbers) {
    base::TomlReader reader(table, file);
    reader.integer("version", 1, 1);
    reader.text("source");
    for (const toml::table* entry : reader.tables("point")) {
        base::TomlReader row(*entry, file);
        std::string name = row.text("name");
        row.text("tag");
        row.text("fat_tag");
        std::vector<double> place = row.numbers("place", 3, -kFarthest, kFarthest);
        std::vector<double> depth = row.numbers("depth_mm", 2, 0.5, 50);
        double fat = row.number("fat_mm", 0, 20);
        if (base::Status status = row.status(); !status) return status;
        numbers.depths.push_back({name, {place[0], place[1], place[2]}, depth[0], depth[1], fat});
    }
    if (numbers.depths.empty()) reader.refuse("point", "missing; give at least one");
    return reader.status();
}

base::Status read_tension(const toml::table& table, const std::string& file, HeadNumbers& numbers) {
    base::TomlReader reader(table, file);
    reader.integer("version", 1, 1);
    reader.text("source");
    for (const toml::table* entry : reader.tables("line")) {
        TensionLine line;
        const toml::node* knots = nullptr;
        for (auto&& [key, node] : *entry) {
            if (key == "front" || key == "wrap") {
                if (knots) return misplaced(file, node, "give 'front' or 'wrap', not both");
                knots = &node;
                line.wrap = key == "wrap";
            } else if ((key != "name" && key != "tag") || !node.is_string()) {
                return misplaced(file, node, "a line has the texts 'name' and 'tag', and 'front' or 'wrap'");
            } else if (key == "name") {
                line.name = **node.as_string();
            }
        }
        if (!knots) return misplaced(file, *entry, "the line has neither 'front' nor 'wrap'; draw one");
        auto points = read_points(*knots, file, 2);
        if (!points) return points.error();
        for (glm::dvec3 p : *points) line.knots.push_back({p.x, p.y});
        numbers.tension.push_back(std::move(line));
    }
    if (numbers.tension.empty()) reader.refuse("line", "missing; give at least one");
    return reader.status();
}

}  // namespace

std::vector<glm::dvec2> HeadNumbers::curve(const std::string& name) const {
    auto found = curves.find(name);
    CHECK(found != curves.end(), name);
    std::vector<glm::dvec2> flat;
    for (glm::dvec3 p : found->second) flat.push_back({p.x, p.y});
    return flat;
}

glm::dvec3 HeadNumbers::landmark(const std::string& name) const {
    for (const Landmark& l : landmarks)
        if (l.name == name) return l.place;
    CHECK(false, name);
    return {};
}

base::Result<HeadNumbers> load_head_numbers(const base::Places& places) {
    using Reader = base::Status (*)(const toml::table&, const std::string&, HeadNumbers&);
    HeadNumbers numbers;
    for (auto [name, read] : {std::pair<const char*, Reader>{"primitives.toml", read_primitives},
                              {"curves.toml", read_curves},
                              {"landmarks.toml", read_landmarks},
                              {"zones.toml", read_zones},
                              {"bone_depth.toml", read_depths},
                              {"tension_lines.toml", read_tension}}) {
        base::fs::path path = places.data / "faces" / "head" / name;
        auto table = base::read_toml(path);
        if (!table) return table.error();
        if (base::Status status = read(*table, path.string(), numbers); !status) return status.error();
    }
    return numbers;
}

}  // namespace face
