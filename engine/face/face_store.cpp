#include "engine/face/face_store.h"

#include "engine/base/content_id.h"
#include "engine/base/foreign_words.h"
#include "engine/base/log.h"
#include "engine/base/toml.h"
#include "engine/face/condition_files.h"
#include "engine/face/face_cache.h"
#include "engine/face/head_generator.h"
#include "engine/face/head_patient.h"
#include "engine/face/head_tissue.h"
#include "engine/face/head_zones.h"
#include "engine/face/pad.h"
#include "engine/face/scan_face.h"

#include <algorithm>
#include <future>
#include <locale>
#include <sstream>
#include <utility>

namespace face {

namespace {

constexpr uint32_t kMaxVertices = 2000000;

/// A face's description, read and recognised but not yet made.
struct Source {
    base::fs::path path;
    toml::table spec;  ///< without its [[condition]] tables
    std::string id;
    Kind kind;
    bool scan;  ///< an imported head, not a generated one
    std::vector<Condition> conditions;
};

base::fs::path faces_folder(const base::Places& places) {
    return places.data / "faces";
}

/// Reads the description; `kind` and `id` are checked, the rest is its maker's. An empty `kind` key is
/// refused here.
base::Result<Source> read_source(const base::fs::path& path) {
    base::Result<toml::table> spec = base::read_toml(path);
    if (!spec) return spec.error();
    base::Result<std::vector<Condition>> conditions = take_conditions(*spec, path.string());
    if (!conditions) return conditions.error();
    base::TomlReader reader(*spec, path.string());
    std::string kind = reader.text("kind"), id = reader.text("id");
    for (std::string_view key : {"kind", "id"})
        if (!(*spec)[key].is_string())
            return base::error("{}: {}: {}", reader.where(key), key,
                               key == "kind" ? "missing; give \"head\" or \"pad\"" : "missing; give a text");
    if (kind != "head" && kind != "pad" && kind != "scan")
        return base::error("{}: kind: \"{}\" is not known; give \"head\", \"pad\" or \"scan\"", reader.where("kind"),
                           kind);
    bool plain = !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (!plain)
        return base::error("{}: id: \"{}\" must be 1 to 64 small letters, digits, - or _", reader.where("id"),
                           id);
    Kind known = kind == "pad" ? Kind::pad : Kind::head;
    return Source{path, std::move(*spec), id, known, kind == "scan", std::move(*conditions)};
}

/// Beside the faces lie the table of tissue that they share and what an import keeps for itself.
bool describes_a_face(const base::fs::path& path) {
    const std::string name = path.filename().string();
    return name != "tissue.toml" && !name.ends_with(".landmarks.toml") && !name.ends_with(".case.toml");
}

/// Descriptions of content/faces, sorted; then those that people imported, sorted.
base::Result<std::vector<base::fs::path>> face_files(const base::Places& places) {
    std::vector<base::fs::path> faces;
    std::error_code ignored;
    if (!base::fs::exists(faces_folder(places), ignored)) return base::error("{}: no such folder; check --data", faces_folder(places).string());
    for (const base::fs::path& folder : {faces_folder(places), places.faces}) {
        const base::Result<std::vector<base::fs::path>> files = base::toml_files(folder);
        if (!files) return files.error();
        std::ranges::copy_if(*files, std::back_inserter(faces), describes_a_face);
    }
    return faces;
}

/// The file of one that is asked for by its id is called so.
base::Status check_name(const Source& source) {
    const std::string name = source.path.stem().string();
    if (source.id == name) return {};
    return base::error("{}: id: \"{}\" must be the file's own name, \"{}\"", base::TomlReader(source.spec, source.path.string()).where("id"), source.id, name);
}

base::Result<Source> find_source(const base::Places& places, const std::string& id) {
    base::Result<base::fs::path> file = find_face(places, id);
    if (!file) return file.error();
    base::Result<Source> source = read_source(*file);
    if (source && !id.ends_with(".toml"))
        if (base::Status named = check_name(*source); !named) return named.error();
    return source;
}

/// Whether its maker will take the description, without making it.
base::Status check_source(const Source& source) {
    if (base::Status named = check_name(source); !named) return named;
    const std::string file = source.path.string();
    if (source.scan) {
        const base::Result<std::vector<uint8_t>> bytes = read_scan_bytes(source.spec, file);
        return bytes ? base::Status() : base::Status(bytes.error());
    }
    if (source.kind == Kind::pad) return check_pad(source.spec, file);
    const base::Result<HeadPatient> patient = read_patient(source.spec, file);
    return patient ? base::Status() : base::Status(patient.error());
}

/// Everything of the folder that heads are made from, by name and content.
void add_folder(base::Hasher& hasher, const base::fs::path& folder) {
    std::vector<base::fs::path> files;
    std::error_code failure;
    for (const auto& entry : base::fs::recursive_directory_iterator(folder, failure))
        if (entry.is_regular_file(failure)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const base::fs::path& file : files) {
        base::Result<std::vector<uint8_t>> bytes = base::read_file(file);
        if (!bytes) continue;  // the generator tells what is wrong with a file it needs
        hasher.text(file.lexically_relative(folder).generic_string())
            .value(static_cast<uint64_t>(bytes->size()));
        hasher.bytes(*bytes);
    }
}

/// The description as TOML without comments and conditions: what the bake depends on.
std::string description(const toml::table& spec) {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text << toml::toml_formatter(spec);
    return text.str();
}

base::Hash cache_key(const base::Places& places, const Source& source, uint32_t vertices) {
    base::Hasher hasher;
    hasher.text(description(source.spec)).value(vertices).value(kSurfaceCellsVersion);
    hasher.value(source.kind == Kind::pad ? kPadGeneratorVersion : kHeadGeneratorVersion);
    if (source.kind == Kind::head) {
        base::Result<std::string> tissue = base::read_text(faces_folder(places) / "tissue.toml");
        hasher.text(tissue ? *tissue : "");
        if (source.scan) hasher.value(kScanFaceVersion);
        add_folder(hasher, faces_folder(places) / "head");
    }
    return hasher.finish();
}

/// One entry per description and resolution, overwritten when its inputs change.
base::fs::path cache_path(const base::Places& places, const Source& source, uint32_t vertices) {
    std::error_code failure;
    std::string place = base::fs::weakly_canonical(source.path, failure).string();
    std::string name =
        fmt::format("{}-{}-{}.face", source.id, base::sha256(place).hex().substr(0, 8), vertices);
    return places.cache / "faces" / name;
}

/// What follows from the stored parts, at the asset's final address: the patient with all conditions.
base::Result<std::shared_ptr<const FaceAsset>> settle(const base::Places& places, FaceAsset&& made,
                                                      std::vector<Condition> conditions,
                                                      std::span<const Condition> more) {
    auto asset = std::make_shared<FaceAsset>(std::move(made));
    auto index_of = [](const mesh::SurfaceMesh& mesh) {  // reads places and triangles alone
        return std::async(std::launch::async, [&mesh] { return std::make_unique<mesh::SurfaceIndex>(mesh); });
    };
    auto index = index_of(asset->mesh), rest_index = index_of(asset->rest_shape);
    asset->cells.index();
    asset->index = index.get();
    if (!asset->rest_shape.triangles.empty()) asset->rest_index = rest_index.get();
    conditions.insert(conditions.end(), more.begin(), more.end());
    if (!conditions.empty()) {
        std::vector<base::Error> broken;  // it may be one that nobody here has
        base::Result<std::vector<ConditionKind>> kinds = load_condition_kinds(places, &broken);
        if (!kinds) return kinds.error();
        if (base::Status put = apply_conditions(*asset, conditions, *kinds); !put) return broken.empty() ? put.error() : broken.front();
    }
    finish(*asset);
    return std::shared_ptr<const FaceAsset>(std::move(asset));
}

base::Result<FaceAsset> bake(const base::Places& places, const Source& source, const Progress& progress,
                             uint32_t vertices) {
    auto tell = [&](std::string_view step, double share) {
        if (progress) progress(step, share);
    };
    tell("shape", 0);
    std::string file = source.path.string();
    if (source.scan) return make_scan_face(places, source.spec, file, progress);
    if (source.kind == Kind::head) return generate_head(places, source.spec, file, progress, vertices);
    base::Result<FaceAsset> pad = make_pad(source.spec, file, vertices);
    if (pad) divide_skin(*pad, zone_by_triangle(pad->zone));
    tell("done", 1);
    return pad;
}

}  // namespace

base::Result<std::vector<Listing>> list(const base::Places& places, std::vector<base::Error>* problems) {
    base::Result<std::vector<base::fs::path>> files = face_files(places);
    if (!files) return files.error();
    std::vector<Listing> listing;
    for (const base::fs::path& file : *files) {
        base::Result<Source> source = read_source(file);
        if (source && problems)
            if (base::Status sound = check_source(*source); !sound) source = sound.error();
        bool imported = !places.faces.empty() && file.parent_path() == places.faces;
        if (!source && problems) {
            problems->push_back(source.error());
            continue;
        }
        if (!source && imported) {
            spdlog::warn("{}", source.error().message);  // one damaged import hides no other face
            continue;
        }
        if (!source) return source.error();
        std::string name = source->spec["name"].value_or(source->id);
        bool baked = cache_is_current(cache_path(places, *source, 0), cache_key(places, *source, 0));
        listing.push_back({source->id, name, source->kind, baked});
    }
    std::sort(listing.begin(), listing.end(), [](const Listing& a, const Listing& b) { return a.id < b.id; });
    return listing;
}

base::Result<base::fs::path> find_face(const base::Places& places, const std::string& id) {
    return base::find_by_id(id, face_files(places), "no face is called \"{}\"; give one of {}, or a .toml file");
}

base::Status check_heads(const base::Places& places) {
    if (const auto numbers = load_head_numbers(places); !numbers) return numbers.error();
    if (const auto means = load_tissue_means(places, false); !means) return means.error();
    return {};
}

base::Result<std::vector<Zone>> zones_of(const base::Places& places, const base::fs::path& file) {
    base::Result<Source> source = read_source(file);
    if (!source) return source.error();
    if (source->kind == Kind::pad) return pad_zones();
    base::Result<HeadNumbers> numbers = load_head_numbers(places);
    if (!numbers) return numbers.error();
    return head_zones(*numbers);
}

base::Result<std::shared_ptr<const FaceAsset>> load(const base::Places& places, const std::string& id,
                                                    const Progress& progress, uint32_t vertices,
                                                    std::span<const Condition> more) {
    if (vertices > kMaxVertices)
        return base::error("{} vertices are too many for face \"{}\"; ask for at most {}", vertices, id,
                           kMaxVertices);
    base::Result<Source> source = find_source(places, id);
    if (!source) return source.error();
    base::fs::path path = cache_path(places, *source, vertices);
    base::Hash key = cache_key(places, *source, vertices);
    if (std::optional<FaceAsset> cached = read_cache(path, key))
        return settle(places, std::move(*cached), std::move(source->conditions), more);

    base::Result<FaceAsset> made = bake(places, *source, progress, vertices);
    if (!made) return made.error();
    // A face that cannot be kept is as good as one that can; it only takes as long the next time. What is used now is what
    // the cache will give, so that no last bit tells who baked it.
    const std::vector<uint8_t> packed = pack(key, *made);
    if (base::Status kept = write_cache(path, packed); !kept) spdlog::warn("{}", kept.error().message);
    std::optional<FaceAsset> same = unpack(packed, key);
    CHECK(same);
    return settle(places, std::move(*same), std::move(source->conditions), more);
}

}  // namespace face
