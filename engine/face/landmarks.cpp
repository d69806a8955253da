#include "engine/face/landmarks.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/toml.h"

#include <glm/geometric.hpp>

#include <algorithm>

namespace face {

namespace {

constexpr double kFarthest = 1e6;  // in the scan's unit

const char* const kTables[] = {"midline", "left", "right"};

bool ends(const std::string& name, const char* side) {
    return name.ends_with(std::string("_") + side);
}

}  // namespace

base::Result<std::vector<NamedPlace>> read_landmarks(const base::fs::path& path,
                                                     const std::vector<Landmark>& known) {
    base::Result<toml::table> table = base::read_toml(path);
    if (!table) return table.error();
    base::TomlReader reader(*table, path.string());
    reader.integer("version", 1, 1);
    reader.text_or("source", "");
    std::vector<NamedPlace> places;
    base::Status status;
    for (std::string side : kTables) {
        if (!reader.has(side)) continue;
        base::TomlReader part(reader.table(side), path.string());
        for (const Landmark& landmark : known) {
            if (landmark.paired == (side == "midline") || !part.has(landmark.name)) continue;
            std::vector<double> p = part.numbers(landmark.name, 3, -kFarthest, kFarthest);
            places.push_back(
                {landmark.paired ? landmark.name + "_" + side : landmark.name, {p[0], p[1], p[2]}});
        }
        if (status) status = part.status();
    }
    if (status) status = reader.status();
    if (!status) return status.error();
    if (places.empty())
        return base::error(
            "{}: names no landmark; give places in [midline], [left] and [right], as nasion = [x, y, z]",
            path.string());
    return places;
}

std::string landmarks_text(const std::vector<NamedPlace>& places, const std::string& source) {
    std::string text = fmt::format(
        "# Landmarks in the scan's own unit and axes. Left is the patient's left.\nversion = 1\n"
        "source = \"{}\"\n",
        source);
    for (std::string side : kTables) {
        text += fmt::format("\n[{}]\n", side);
        for (const NamedPlace& p : places) {
            bool here = side == "midline" ? !ends(p.name, "left") && !ends(p.name, "right")
                                          : ends(p.name, side.c_str());
            if (!here) continue;
            std::string name = side == "midline" ? p.name : p.name.substr(0, p.name.size() - side.size() - 1);
            text += fmt::format("{} = [{:.6g}, {:.6g}, {:.6g}]\n", name, p.place.x, p.place.y, p.place.z);
        }
    }
    return text;
}

// --- by definition ---

namespace {

/// A point of the median plane's section: x outwards to the front, y up.
struct Outline {
    std::vector<glm::dvec2> flat;   // z, y
    std::vector<glm::dvec3> place;  // on the skin
};

/// The median section of a head, seen from the front or from a place within.
class Profile {
  public:
    Profile(const std::vector<NamedPlace>& places, const mesh::SurfaceIndex& head) : head_(head) {
        glm::dvec3 normal(0), middle(0);
        double pairs = 0;
        for (const NamedPlace& left : places) {
            if (!ends(left.name, "left")) continue;
            std::string other = left.name.substr(0, left.name.size() - 4) + "right";
            for (const NamedPlace& right : places)
                if (right.name == other) {
                    normal += left.place - right.place;
                    middle += (left.place + right.place) / 2.0;
                    ++pairs;
                }
        }
        if (pairs > 0) normal_ = glm::normalize(normal), middle_ = middle / pairs;
    }

    /// Heights from `low` to `high`, rising.
    Outline from_front(double low, double high) const {
        Outline out;
        for (double y = low; y <= high; y += kStep) add(out, {0, y, kFront}, {0, 0, -1});
        return out;
    }
    /// Round `centre`, from the front downwards.
    Outline from_within(glm::dvec3 centre) const {
        Outline out;
        constexpr double kTurns = 340, kTurn = 0.25 * base::det::kPi / 180;
        for (double i = 0; i < kTurns; ++i) {
            glm::dvec3 out_of(0, -base::det::sin(i * kTurn), base::det::cos(i * kTurn));
            add(out, centre + kFront * out_of, -out_of);
        }
        return out;
    }

  private:
    static constexpr double kStep = 0.25, kFront = 300;  // mm

    /// `from` is told with x = 0 in the plane.
    void add(Outline& out, glm::dvec3 from, glm::dvec3 direction) const {
        from.x =
            middle_.x - (normal_.y * (from.y - middle_.y) + normal_.z * (from.z - middle_.z)) / normal_.x;
        direction -= normal_ * glm::dot(normal_, direction);
        if (auto hit = head_.cast_front(from, glm::normalize(direction), 0, 2 * kFront)) {
            out.flat.push_back({hit->position.z, hit->position.y});
            out.place.push_back(hit->position);
        }
    }

    const mesh::SurfaceIndex& head_;
    glm::dvec3 normal_{1, 0, 0}, middle_{0};
};

/// Where `value` is greatest, if not at an end: then it is no extremum.
template <typename Value>
std::optional<size_t> extremum(const Outline& outline, Value&& value) {
    size_t best = 0;
    for (size_t i = 0; i < outline.flat.size(); ++i)
        if (value(outline.flat[i]) > value(outline.flat[best])) best = i;
    if (best == 0 || best + 1 >= outline.flat.size()) return std::nullopt;
    return best;
}

/// From pogonion downwards and back, first of the points at which the contour has turned to within `degrees`
/// of level, measured over some millimetres.
std::optional<size_t> turned_level(const Outline& chin, size_t from, double tangent) {
    constexpr double kSpan = 2;  // mm
    for (size_t i = from; i < chin.flat.size(); ++i) {
        size_t ahead = i;
        while (ahead + 1 < chin.flat.size() && glm::distance(chin.flat[ahead], chin.flat[i]) < kSpan) ++ahead;
        glm::dvec2 way = chin.flat[i] - chin.flat[ahead];
        if (glm::length(way) < kSpan) return std::nullopt;
        if (way.x > 0 && way.y < tangent * way.x) return i + (ahead - i) / 2;
    }
    return std::nullopt;
}

constexpr double kTangent15 = 0.26794919243112270647, kTangent45 = 1;

/// The chin's contour from its most prominent point.
struct Chin {
    Outline outline;
    size_t pogonion = 0;
};

Chin chin_of(const Profile& profile, glm::dvec3 pogonion) {
    constexpr glm::dvec3 kInto{0, 12, -48};  // mm from pogonion to a place from which the chin is seen whole
    Chin chin{profile.from_within(pogonion + kInto), 0};
    for (size_t i = 0; i < chin.outline.flat.size(); ++i)
        if (glm::distance(chin.outline.place[i], pogonion) <
            glm::distance(chin.outline.place[chin.pogonion], pogonion))
            chin.pogonion = i;
    return chin;
}

std::optional<glm::dvec3> menton_of(const Chin& chin) {
    constexpr double kChin = 25;  // mm behind pogonion
    Outline near;
    for (size_t i = chin.pogonion; i < chin.outline.flat.size(); ++i)
        if (chin.outline.flat[i].x > chin.outline.flat[chin.pogonion].x - kChin) {
            near.flat.push_back(chin.outline.flat[i]);
            near.place.push_back(chin.outline.place[i]);
        }
    if (auto lowest = extremum(near, [](glm::dvec2 p) { return -p.y; })) return near.place[*lowest];
    if (auto level = turned_level(chin.outline, chin.pogonion, kTangent15)) return chin.outline.place[*level];
    return std::nullopt;
}

std::optional<size_t> index_of(const std::vector<NamedPlace>& places, const char* name) {
    for (size_t i = 0; i < places.size(); ++i)
        if (places[i].name == name) return i;
    return std::nullopt;
}

}  // namespace

void place_by_definition(std::vector<NamedPlace>& places, const std::vector<bool>& held,
                         const mesh::SurfaceIndex& head) {
    Profile profile(places, head);
    auto at = [&](const char* name) { return places[*index_of(places, name)].place; };
    for (const char* name : {"pronasale", "nasion", "labiale_superius", "labiale_inferius", "subnasale",
                             "sublabiale", "pogonion", "menton"})
        if (!index_of(places, name)) return;
    auto move = [&](const char* name, std::optional<glm::dvec3> to) {
        constexpr double kFarthest = 12;  // mm: farther off is another feature
        size_t i = *index_of(places, name);
        if (to && !held[i] && glm::distance(*to, places[i].place) < kFarthest) places[i].place = *to;
    };
    auto extreme = [&](double low, double high, auto&& value) -> std::optional<glm::dvec3> {
        Outline outline = profile.from_front(low, high);
        auto found = extremum(outline, value);
        return found ? std::optional(outline.place[*found]) : std::nullopt;
    };
    auto front = [](glm::dvec2 p) { return p.x; };
    auto deep = [](glm::dvec2 p) { return -p.x; };
    constexpr double kNear = 6;  // mm
    auto round = [&](const char* name, auto&& value) {
        move(name, extreme(at(name).y - kNear, at(name).y + kNear, value));
    };
    round("pronasale", front);
    round("nasion", deep);
    glm::dvec3 tip = at("pronasale"), lip = at("labiale_superius");
    glm::dvec2 chord = glm::normalize(glm::dvec2(lip.z - tip.z, lip.y - tip.y));
    move("subnasale", extreme(lip.y, tip.y, [&](glm::dvec2 p) {
             return (p.x - tip.z) * chord.y - (p.y - tip.y) * chord.x;
         }));
    glm::dvec3 chin = at("pogonion"), lower_lip = at("labiale_inferius");
    move("pogonion", extreme(chin.y - kNear, std::min(chin.y + kNear, (chin.y + lower_lip.y) / 2), front));
    move("sublabiale", extreme(at("pogonion").y, lower_lip.y, deep));
    move("menton", menton_of(chin_of(profile, at("pogonion"))));
}

std::optional<glm::dvec3> gnathion(const std::vector<NamedPlace>& places, const mesh::SurfaceIndex& head) {
    auto pogonion = index_of(places, "pogonion");
    if (!pogonion) return std::nullopt;
    Chin chin = chin_of(Profile(places, head), places[*pogonion].place);
    auto turned = turned_level(chin.outline, chin.pogonion, kTangent45);
    return turned ? std::optional(chin.outline.place[*turned]) : std::nullopt;
}

}  // namespace face
