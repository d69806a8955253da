#include "engine/face/face_cache.h"

#include "engine/base/units.h"

#include <algorithm>
#include <cstring>
#include <fstream>

namespace face {

namespace {

constexpr char kMagic[8] = {'E', 'V', 'H', 'F', 'A', 'C', 'E', '\n'};
constexpr uint32_t kFormatVersion = 4;
constexpr size_t kHeaderSize = sizeof(kMagic) + sizeof(kFormatVersion) + 32 + sizeof(uint64_t);
constexpr size_t kHashSize = 32;

/// Appends plain values and arrays of them.
class Writer {
  public:
    explicit Writer(std::vector<uint8_t>& out) : out_(out) {}

    void raw(const void* data, size_t size) {
        const uint8_t* from = static_cast<const uint8_t*>(data);
        out_.insert(out_.end(), from, from + size);
    }
    template <typename T>
    void value(const T& v) {
        static_assert(std::is_trivially_copyable_v<T>);
        raw(&v, sizeof(T));
    }
    template <typename Container>
    void values(const Container& v) {
        static_assert(std::is_trivially_copyable_v<typename Container::value_type>);
        value(static_cast<uint64_t>(v.size()));
        raw(v.data(), v.size() * sizeof(*v.data()));
    }
    /// Places in whole multiples of a micrometre (or directions in millionths).
    void millionths(const std::vector<glm::dvec3>& places) {
        std::vector<glm::ivec3> whole;
        whole.reserve(places.size());
        for (glm::dvec3 p : places)
            whole.emplace_back(base::round_to_integer(1e6 * p.x), base::round_to_integer(1e6 * p.y),
                               base::round_to_integer(1e6 * p.z));
        values(whole);
    }

  private:
    std::vector<uint8_t>& out_;
};

/// Reads what Writer wrote. Past the end, or at a length that cannot be, it turns bad and yields empty
/// values.
class Reader {
  public:
    explicit Reader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

    bool good() const { return good_; }
    bool done() const { return good_ && bytes_.empty(); }

    template <typename T>
    void value(T& v) {
        if (take(sizeof(T), 1)) std::memcpy(&v, taken_.data(), sizeof(T));
    }
    /// Any other byte than 0 and 1 in a bool is undefined behaviour.
    void value(bool& v) {
        uint8_t byte = 0;
        value(byte);
        good_ = good_ && byte <= 1;
        v = byte == 1;
    }
    template <typename Container>
    void values(Container& v) {
        using T = typename Container::value_type;
        uint64_t count = 0;
        value(count);
        if (!take(sizeof(T), count)) return;
        v.resize(count);
        if (count > 0) std::memcpy(v.data(), taken_.data(), taken_.size());
    }
    void millionths(std::vector<glm::dvec3>& places) {
        std::vector<glm::ivec3> whole;
        values(whole);
        places.clear();
        places.reserve(whole.size());
        for (glm::ivec3 p : whole) places.push_back(1e-6 * glm::dvec3(p));
    }

  private:
    bool take(size_t item, uint64_t count) {
        good_ = good_ && count <= bytes_.size() / item;
        if (!good_) return false;
        taken_ = bytes_.first(item * count);
        bytes_ = bytes_.subspan(item * count);
        return true;
    }

    std::span<const uint8_t> bytes_, taken_;
    bool good_ = true;
};

/// One order for both directions: `io` is a Writer or a Reader, `asset` const for the former.
template <typename Io, typename Cells>
void transfer_cells(Io& io, Cells& cells) {
    io.millionths(cells.seed);
    io.millionths(cells.normal);
    io.values(cells.area_um2);
    io.values(cells.zone);
    io.values(cells.neighbourhood);
    io.values(cells.no_go_distance_um);
    io.values(cells.neighbour_begin);
    io.values(cells.neighbours);
    io.values(cells.neighbourhood_area_um2);
    io.values(cells.neighbourhood_zone);
    io.millionths(cells.rim_seed);
    io.millionths(cells.rim_normal);
}

template <typename Io, typename ZoneType>
void transfer_zone(Io& io, ZoneType& zone) {
    io.values(zone.id);
    io.values(zone.kind);
    io.value(zone.treatable);
    io.value(zone.no_go);
    io.value(zone.bone);
    io.value(zone.mobile);
    io.value(zone.area_um2);
}

template <typename Io, typename DressingType>
void transfer_dressing(Io& io, DressingType& dressing) {
    io.values(dressing.material);
    io.values(dressing.mesh.positions);
    io.values(dressing.mesh.triangles);
    io.values(dressing.mesh.normals);
    io.value(dressing.colour);
}

template <typename Io, typename BorderType>
void transfer_border(Io& io, BorderType& border) {
    io.value(border.zone_a);
    io.value(border.zone_b);
    io.values(border.line);
}

template <typename Io, typename Field>
void transfer_tissue(Io& io, Field& field) {
    io.value(field.low);
    io.value(field.size);
    io.values(field.where);
    io.values(field.blocks);
    io.values(field.values);
}

template <typename Io, typename Asset>
void transfer(Io& io, Asset& asset) {
    io.values(asset.id);
    io.value(asset.kind);
    io.values(asset.name);
    io.value(asset.fitzpatrick);
    for (auto* skin : {&asset.mesh, &asset.rest_shape}) {
        io.millionths(skin->positions);
        io.values(skin->normals);
        io.values(skin->triangles);
    }
    io.values(asset.tissue);
    transfer_tissue(io, asset.tissue_field);
    io.values(asset.look);
    io.values(asset.uv);
    io.values(asset.zone);
    transfer_cells(io, asset.cells);
}

}  // namespace

std::vector<uint8_t> pack(const base::Hash& key, const FaceAsset& asset) {
    std::vector<uint8_t> bytes;
    Writer writer(bytes);
    writer.value(kMagic);
    writer.value(kFormatVersion);
    writer.value(key.bytes);
    writer.value(uint64_t{0});
    transfer(writer, asset);
    writer.value(static_cast<uint32_t>(asset.zones.size()));
    for (const Zone& zone : asset.zones) transfer_zone(writer, zone);
    writer.value(static_cast<uint32_t>(asset.dressing.size()));
    for (const Dressing& dressing : asset.dressing) transfer_dressing(writer, dressing);
    writer.value(static_cast<uint32_t>(asset.borders.size()));
    for (const ZoneBorder& border : asset.borders) transfer_border(writer, border);
    uint64_t payload = bytes.size() - kHeaderSize;
    std::memcpy(&bytes[kHeaderSize - sizeof(payload)], &payload, sizeof(payload));
    writer.value(base::sha256(bytes).bytes);
    return bytes;
}

namespace {

/// True when the header is ours, of `key`, and agrees with the file's size.
bool header_fits(std::span<const uint8_t> header, const base::Hash& key, uint64_t file_size) {
    if (header.size() < kHeaderSize || file_size < kHeaderSize + kHashSize) return false;
    char magic[8];
    uint32_t version = 0;
    std::array<uint8_t, 32> made_from;
    uint64_t payload = 0;
    Reader reader(header.first(kHeaderSize));
    reader.value(magic);
    reader.value(version);
    reader.value(made_from);
    reader.value(payload);
    return std::memcmp(magic, kMagic, sizeof(kMagic)) == 0 && version == kFormatVersion &&
           made_from == key.bytes && payload == file_size - kHeaderSize - kHashSize;
}

template <typename T>
bool all_below(const std::vector<T>& values, size_t limit) {
    return std::all_of(values.begin(), values.end(), [&](T v) { return v < limit; });
}

bool sound(const mesh::SurfaceMesh& mesh) {
    return std::all_of(mesh.triangles.begin(), mesh.triangles.end(), [&](glm::uvec3 t) {
        return std::max({t.x, t.y, t.z}) < mesh.positions.size();
    });
}

bool sound(const SurfaceCells& cells, size_t zone_count) {
    size_t n = cells.size();
    return cells.normal.size() == n && cells.area_um2.size() == n && cells.zone.size() == n &&
           cells.neighbourhood.size() == n && cells.no_go_distance_um.size() == n &&
           cells.neighbour_begin.size() == n + 1 &&
           std::is_sorted(cells.neighbour_begin.begin(), cells.neighbour_begin.end()) &&
           cells.neighbour_begin.back() == cells.neighbours.size() && all_below(cells.neighbours, n) &&
           all_below(cells.zone, zone_count) && all_below(cells.neighbourhood, cells.neighbourhood_count()) &&
           cells.neighbourhood_zone.size() == cells.neighbourhood_count() &&
           cells.rim_normal.size() == cells.rim_seed.size();
}

bool sound(const FaceAsset& asset) {
    size_t vertices = asset.mesh.vertex_count();
    bool dressed = std::all_of(asset.dressing.begin(), asset.dressing.end(), [](const Dressing& d) {
        return sound(d.mesh) && d.mesh.normals.size() == d.mesh.positions.size();
    });
    bool bordered = std::all_of(asset.borders.begin(), asset.borders.end(), [&](const ZoneBorder& b) {
        return std::max(b.zone_a, b.zone_b) < asset.zones.size();
    });
    return sound(asset.mesh) && asset.mesh.normals.size() == vertices && sound(asset.rest_shape) &&
           asset.rest_shape.normals.size() == asset.rest_shape.vertex_count() && asset.tissue_field.sound() && asset.tissue.size() == vertices && asset.look.size() == vertices &&
           asset.uv.size() == vertices && asset.zone.size() == asset.mesh.triangle_count() &&
           all_below(asset.zone, asset.zones.size()) && asset.kind <= Kind::pad &&
           sound(asset.cells, asset.zones.size()) && dressed && bordered;
}

std::optional<FaceAsset> unpacked(std::span<const uint8_t> payload) {
    Reader reader(payload);
    FaceAsset asset;
    transfer(reader, asset);
    uint32_t count = 0;
    reader.value(count);
    for (uint32_t i = 0; i < count && reader.good(); ++i) transfer_zone(reader, asset.zones.emplace_back());
    count = 0;
    reader.value(count);
    for (uint32_t i = 0; i < count && reader.good(); ++i)
        transfer_dressing(reader, asset.dressing.emplace_back());
    count = 0;
    reader.value(count);
    for (uint32_t i = 0; i < count && reader.good(); ++i) transfer_border(reader, asset.borders.emplace_back());
    if (!reader.done() || !sound(asset)) return std::nullopt;
    return asset;
}

}  // namespace

std::optional<FaceAsset> unpack(std::span<const uint8_t> bytes, const base::Hash& key) {
    if (!header_fits(bytes, key, bytes.size())) return std::nullopt;
    std::span<const uint8_t> content = bytes.first(bytes.size() - kHashSize);
    base::Hash told = base::sha256(content);
    if (!std::equal(told.bytes.begin(), told.bytes.end(), bytes.last(kHashSize).begin())) return std::nullopt;
    return unpacked(content.subspan(kHeaderSize));
}

std::optional<FaceAsset> read_cache(const base::fs::path& path, const base::Hash& key) {
    base::Result<std::vector<uint8_t>> bytes = base::read_file(path);
    return bytes ? unpack(*bytes, key) : std::nullopt;
}

base::Status write_cache(const base::fs::path& path, std::span<const uint8_t> packed) {
    std::error_code ignored;  // write_file tells what is wrong with the folder
    base::fs::create_directories(path.parent_path(), ignored);
    return base::write_file(path, packed);
}

bool cache_is_current(const base::fs::path& path, const base::Hash& key) {
    std::error_code failure;
    uint64_t size = base::fs::file_size(path, failure);
    std::ifstream file(path, std::ios::binary);
    std::vector<uint8_t> header(kHeaderSize);
    if (failure || !file.read(reinterpret_cast<char*>(header.data()), kHeaderSize)) return false;
    return header_fits(header, key, size);
}

}  // namespace face
