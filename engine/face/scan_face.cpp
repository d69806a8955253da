#include "engine/face/scan_face.h"

#include "engine/base/units.h"
#include "engine/face/head_dressing.h"
#include "engine/face/head_generator.h"
#include "engine/face/head_tissue.h"
#include "engine/face/head_zones.h"
#include "engine/face/skin_division.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

namespace face {

namespace {

constexpr char kMagic[8] = {'E', 'V', 'H', 'S', 'C', 'A', 'N', '\n'};
constexpr uint32_t kFormatVersion = 1;
constexpr size_t kHashSize = 32;
constexpr uint32_t kMostVertices = 400000;
constexpr int32_t kFarthest_um = 2'000'000;

struct Header {
    char magic[8];
    uint32_t version, vertices, triangles, zero;
};

struct StoredVertex {
    int32_t place_um[3];
    int32_t azimuth, elevation;  ///< millionths of a degree
    uint32_t belongs;            ///< Belonging
};
static_assert(sizeof(StoredVertex) == 24 && sizeof(Header) == 24);

int32_t whole(double value, double per) {
    return static_cast<int32_t>(base::round_to_integer(value * per));
}

template <typename T>
void append(std::vector<uint8_t>& out, const T* values, size_t count) {
    size_t before = out.size();
    out.resize(before + count * sizeof(T));
    if (count > 0) std::memcpy(&out[before], values, count * sizeof(T));
}

bool sound(const StoredVertex& v) {
    return std::abs(v.place_um[0]) <= kFarthest_um && std::abs(v.place_um[1]) <= kFarthest_um &&
           std::abs(v.place_um[2]) <= kFarthest_um && v.azimuth >= -180'000'000 && v.azimuth <= 180'000'000 &&
           v.elevation >= whole(kLowestElevation, 1e6) && v.elevation <= whole(kHighestElevation, 1e6) &&
           v.belongs <= static_cast<uint32_t>(Belonging::on_skin);
}

/// What a description says beside the patient.
struct Description {
    ScanPatient patient;
    std::string mesh, mesh_sha256;
};

base::Result<Description> read_description(const toml::table& spec, const std::string& file) {
    base::TomlReader reader(spec, file);
    Description d;
    reader.integer("version", 1, 1);
    if (reader.text("kind") != "scan") reader.refuse("kind", "must be \"scan\"");
    d.patient.id = reader.text("id");
    d.patient.name = reader.text_or("name", d.patient.id);
    reader.text("source");
    reader.text_or("licence", "");
    std::string sex = reader.text("sex");
    if (sex != "female" && sex != "male") reader.refuse("sex", "must be \"female\" or \"male\"");
    d.patient.male = sex == "male";
    d.patient.age = reader.number_or("age", d.patient.age, 18, 100);
    d.patient.fitzpatrick = static_cast<uint8_t>(reader.integer("fitzpatrick", 1, 6));
    d.patient.seed = static_cast<uint64_t>(reader.has("seed") ? reader.integer("seed", 0, 1'000'000'000) : 1);
    d.patient.dressing = reader.boolean_or("dressing", true);
    d.mesh = reader.text("mesh");
    if (d.mesh.empty() || d.mesh.find('/') != std::string::npos)
        reader.refuse("mesh", "must be the name of a file beside this one");
    d.mesh_sha256 = reader.text("mesh_sha256");
    reader.text_or("scan_sha256", "");
    if (base::Status status = reader.status(); !status) return status.error();
    return d;
}

base::Result<std::vector<uint8_t>> read_mesh_bytes(const Description& d, const std::string& file) {
    base::fs::path path = base::fs::path(file).parent_path() / d.mesh;
    base::Result<std::vector<uint8_t>> bytes = base::read_file(path, 256ull << 20);
    if (bytes && base::sha256(*bytes).hex() != d.mesh_sha256)
        return base::error(
            "{}: is not the mesh that {} was written with (its SHA-256 differs); import the scan again",
            path.string(), file);
    return bytes;
}

}  // namespace

std::vector<uint8_t> pack_scan(const ScanFace& scan) {
    CHECK(scan.angles.size() == scan.mesh.vertex_count() && scan.belongs.size() == scan.mesh.vertex_count());
    Header header{{},
                  kFormatVersion,
                  static_cast<uint32_t>(scan.mesh.vertex_count()),
                  static_cast<uint32_t>(scan.mesh.triangle_count()),
                  0};
    std::memcpy(header.magic, kMagic, sizeof(kMagic));
    std::vector<StoredVertex> vertices;
    for (size_t v = 0; v < scan.mesh.vertex_count(); ++v) {
        glm::dvec3 p = scan.mesh.positions[v];
        vertices.push_back({{whole(p.x, 1e6), whole(p.y, 1e6), whole(p.z, 1e6)},
                            whole(scan.angles[v].x, 1e6),
                            whole(scan.angles[v].y, 1e6),
                            static_cast<uint32_t>(scan.belongs[v])});
    }
    std::vector<uint8_t> bytes;
    append(bytes, &header, 1);
    append(bytes, vertices.data(), vertices.size());
    append(bytes, scan.mesh.triangles.data(), scan.mesh.triangles.size());
    base::Hash hash = base::sha256(bytes);
    append(bytes, hash.bytes.data(), hash.bytes.size());
    return bytes;
}

base::Result<ScanFace> unpack_scan(std::span<const uint8_t> bytes, const std::string& file) {
    auto damaged = [&](const char* why) { return base::error("{}: {}; import the scan again", file, why); };
    Header header{};
    if (bytes.size() < sizeof(header) + kHashSize) return damaged("is too short for an imported head");
    std::memcpy(&header, bytes.data(), sizeof(header));
    if (std::memcmp(header.magic, kMagic, sizeof(kMagic)) != 0 || header.version != kFormatVersion ||
        header.zero != 0)
        return damaged("is no imported head of this version");
    uint64_t size = sizeof(header) + uint64_t{header.vertices} * sizeof(StoredVertex) +
                    uint64_t{header.triangles} * sizeof(glm::uvec3) + kHashSize;
    if (header.vertices == 0 || header.vertices > kMostVertices || header.triangles == 0 ||
        bytes.size() != size)
        return damaged("is cut or has the wrong length");
    base::Hash told = base::sha256(bytes.first(bytes.size() - kHashSize));
    if (!std::equal(told.bytes.begin(), told.bytes.end(), bytes.last(kHashSize).begin()))
        return damaged("was changed or damaged");

    std::vector<StoredVertex> vertices(header.vertices);
    ScanFace scan;
    scan.mesh.triangles.resize(header.triangles);
    bytes = bytes.subspan(sizeof(header));
    std::memcpy(vertices.data(), bytes.data(), vertices.size() * sizeof(StoredVertex));
    std::memcpy(scan.mesh.triangles.data(), bytes.data() + vertices.size() * sizeof(StoredVertex),
                scan.mesh.triangles.size() * sizeof(glm::uvec3));
    for (const StoredVertex& v : vertices) {
        if (!sound(v)) return damaged("holds a vertex out of range");
        scan.mesh.positions.push_back(1e-6 * glm::dvec3(v.place_um[0], v.place_um[1], v.place_um[2]));
        scan.angles.push_back(1e-6 * glm::dvec2(v.azimuth, v.elevation));
        scan.belongs.push_back(static_cast<Belonging>(v.belongs));
    }
    for (glm::uvec3 t : scan.mesh.triangles)
        if (std::max({t.x, t.y, t.z}) >= header.vertices)
            return damaged("names a vertex that does not exist");
    return scan;
}

base::Result<std::vector<uint8_t>> read_scan_bytes(const toml::table& spec, const std::string& file) {
    base::Result<Description> description = read_description(spec, file);
    if (!description) return description.error();
    return read_mesh_bytes(*description, file);
}

base::Result<FaceAsset> make_scan_face(const base::Places& places, const toml::table& spec,
                                       const std::string& file, const Progress& progress) {
    base::Result<Description> description = read_description(spec, file);
    if (!description) return description.error();
    base::Result<std::vector<uint8_t>> bytes = read_mesh_bytes(*description, file);
    if (!bytes) return bytes.error();
    base::Result<ScanFace> scan =
        unpack_scan(*bytes, (base::fs::path(file).parent_path() / description->mesh).string());
    if (!scan) return scan.error();
    return dress_scan(places, *scan, description->patient, progress);
}

/// The zone of skin on triangle `t`, which by its place on the canonical head would be `zone`.
static uint8_t holds_here(const ScanFace& scan, size_t t, const std::vector<Zone>& zones, uint8_t zone) {
    Belonging least = Belonging::on_skin;
    for (int k = 0; k < 3; ++k) least = std::min(least, scan.belongs[scan.mesh.triangles[t][k]]);
    bool holds = least == Belonging::on_skin || (least == Belonging::near && zones[zone].no_go);
    return holds ? zone : uint8_t{0};
}

namespace {

/// Takes places on and over the canonical head (mm) to the scan (m): what lies off the skin keeps its
/// distance.
class Carrier {
  public:
    Carrier(const ScanFace& scan, const HeadMesh& head) : scan_(scan) {
        for (const HeadPoint& point : head.points) skin_.positions.push_back(point.place);
        double head_area = 0, scan_area = 0;
        for (uint32_t t = 0; t < scan.mesh.triangle_count(); ++t) {
            glm::uvec3 c = scan.mesh.triangles[t];
            bool on_skin = true;
            for (int k = 0; k < 3; ++k) on_skin = on_skin && scan.belongs[c[k]] == Belonging::on_skin;
            if (!on_skin) continue;
            skin_.triangles.push_back(c);
            head_area += mesh::triangle_area(skin_, static_cast<uint32_t>(skin_.triangle_count() - 1));
            scan_area += mesh::triangle_area(scan.mesh, t);
        }
        if (head_area > 0) scale_ = std::sqrt(scan_area / head_area);
        index_ = std::make_unique<mesh::SurfaceIndex>(skin_);
    }
    Carrier(const Carrier&) = delete;

    glm::dvec3 operator()(glm::dvec3 p) const {
        auto hit = index_->closest(p, kFar);
        CHECK(hit);
        glm::uvec3 c = skin_.triangles[hit->point.triangle];
        glm::dvec3 place(0);
        for (int k = 0; k < 3; ++k) place += hit->point.weights[k] * scan_.mesh.positions[c[k]];
        return place + scale_ * (p - hit->position);
    }

    /// Share of the places (canonical, mm) that lie on skin of the scan.
    double covered(std::span<const glm::dvec3> places) const {
        constexpr double kOnSkin = 3;  // mm
        double found = 0;
        for (glm::dvec3 p : places) found += index_->closest(p, kOnSkin).has_value();
        return places.empty() ? 0 : found / static_cast<double>(places.size());
    }

    bool empty() const { return skin_.triangles.empty(); }

  private:
    static constexpr double kFar = 1e6;  // mm

    const ScanFace& scan_;
    mesh::SurfaceMesh skin_;  ///< canonical, mm; the scan's triangles that are skin
    std::unique_ptr<mesh::SurfaceIndex> index_;
    double scale_ = base::kMillimetre;
};

/// Places on the canonical skin over which the cap lies.
std::vector<glm::dvec3> scalp(const HeadShape& shape) {
    std::vector<glm::dvec3> places;
    for (double elevation : {45.0, 60.0, 75.0})
        for (double azimuth = -180; azimuth < 180; azimuth += 20)
            places.push_back(shape.at(azimuth, elevation).place);
    return places;
}

/// Where the scan brings hair of its own instead of a scalp, no cap is put through it.
std::vector<Dressing> dress(const ScanFace& scan, const HeadMesh& head, const HeadNumbers& numbers,
                            const HeadShape& shape, const ScanPatient& patient) {
    constexpr double kBald = 0.9;  // of the scalp
    Carrier carrier(scan, head);
    if (carrier.empty()) return {};
    DressingLook look{hair_colours().at(usual_hair(patient.fitzpatrick)), grey_share(patient.age),
                      patient.male, patient.seed + 1};
    std::vector<Dressing> dressing = dress_head(numbers, shape, std::cref(carrier), look);
    if (carrier.covered(scalp(shape)) < kBald)
        std::erase_if(dressing, [](const Dressing& piece) { return piece.material == "cap"; });
    return dressing;
}

}  // namespace

base::Result<FaceAsset> dress_scan(const base::Places& places, const ScanFace& scan,
                                   const ScanPatient& patient, const Progress& progress) {
    auto tell = [&](std::string_view step, double share) {
        if (progress) progress(step, share);
    };
    const auto in_step = [&](std::string_view step, double from, double to) {
        return part_of([step, &tell](double share) { tell(step, share); }, from, to);
    };
    base::Result<HeadNumbers> numbers = load_head_numbers(places);
    if (!numbers) return numbers.error();
    auto means = load_tissue_means(places, patient.male);
    if (!means) return means.error();

    tell("places on the head", 0);
    HeadShape shape(*numbers);
    HeadMesh head;
    head.angles = scan.angles;
    head.triangles = scan.mesh.triangles;
    for (glm::dvec2 angles : scan.angles) head.points.push_back(shape.at(angles.x, angles.y));

    FaceAsset asset;
    asset.id = patient.id;
    asset.kind = Kind::head;
    asset.name = patient.name;
    asset.fitzpatrick = patient.fitzpatrick;
    asset.mesh = scan.mesh;
    mesh::compute_normals(asset.mesh);
    for (glm::dvec2 angles : scan.angles) asset.uv.push_back(atlas_place(angles));

    tell("zones and tissue", 0.4);
    ZoneMap zones = map_zones(*numbers, shape, head);
    asset.zones = std::move(zones.zones);
    asset.zone = std::move(zones.triangle_zone);
    for (size_t t = 0; t < asset.zone.size(); ++t)
        asset.zone[t] = holds_here(scan, t, asset.zones, asset.zone[t]);
    asset.borders = lay_borders(zones.borders, asset.mesh);
    ZoneOf zone_of = [&](const mesh::SurfacePoint& point) {
        return holds_here(scan, point.triangle, asset.zones, zones.zone_of(point));
    };
    // The scan lies in the canonical head's axes: only turned and moved, so directions need no warp.
    Placement place = [](glm::dvec3 p) { return p * base::kMillimetre; };
    base::Status status = fill_tissue(asset, *numbers, shape, head, {asset.mesh, head, zone_of}, *means,
                                      {patient.male, patient.age, patient.seed, place}, in_step("zones and tissue", 0.45, 0.6));
    if (!status) return status.error();
    tell("surface cells", 0.6);
    divide_skin(asset, zone_of, in_step("surface cells", 0.6, 0.9));
    if (patient.dressing) {
        tell("hair, cap and drape", 0.9);
        asset.dressing = dress(scan, head, *numbers, shape, patient);
    }
    tell("done", 1);
    return asset;
}

}  // namespace face
