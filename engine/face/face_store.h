#pragma once

// Patients and pads by id: made from content/faces/*.toml, baked once, cached under Places::cache, rebuilt when an
// input (the TOML, the tissue table, the generator's version) changes. A damaged cache is rebuilt, never trusted.

#include "engine/base/files.h"
#include "engine/face/conditions.h"
#include "engine/face/face_asset.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace face {

/// Told with the step's name and the share done in [0, 1] while baking.
using Progress = std::function<void(std::string_view step, double share)>;

struct Listing {
    std::string id, name;
    Kind kind;
    bool baked;  ///< a valid cache entry is there
};

/// All faces in content/faces and in places.faces, sorted by id. With `problems`, a file that cannot be read, or that its maker
/// would not take, is told there and the rest is listed; without, a damaged one of content/faces is the error, and a damaged import is logged.
base::Result<std::vector<Listing>> list(const base::Places& places, std::vector<base::Error>* problems = nullptr);

/// Whether what all heads are made from can be read: content/faces/head and tissue.toml.
base::Status check_heads(const base::Places& places);

/// The file of the face `id`, or `id` itself where it is the path of a TOML file. An unknown id is answered with those that exist.
base::Result<base::fs::path> find_face(const base::Places& places, const std::string& id);

/// The zones that a face has, by its file alone and without a bake: areas 0, and no zone "lesion" of its conditions.
base::Result<std::vector<Zone>> zones_of(const base::Places& places, const base::fs::path& file);

/// The face `id` of content/faces, or a TOML file of the same form (any path ending in .toml; the pad form of
/// design.md 6 is one). `vertices` asks for another mesh resolution than the file's (0 = as written); the cells, tissue
/// and zones stay the same functions of place. The conditions that the file gives the patient, and `more` (a case's),
/// are put on after the cache is read: they never cost a bake.
base::Result<std::shared_ptr<const FaceAsset>> load(const base::Places& places, const std::string& id,
                                                    const Progress& progress = {}, uint32_t vertices = 0,
                                                    std::span<const Condition> more = {});

/// GLB (glTF 2.0) with zones as the vertex attribute _ZONE and uv as TEXCOORD_0.
base::Status export_glb(const FaceAsset& asset, const base::fs::path& path);

/// Defects of a face, one sentence each; empty when sound.
std::vector<std::string> check(const FaceAsset& asset);

}  // namespace face
