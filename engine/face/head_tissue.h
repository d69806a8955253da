#pragma once

// What lies under the skin of a generated head, and how the skin looks, vertex by vertex: zone means from
// content/faces/tissue.toml blended across zone borders by distance, depth to bone from named points.

#include "engine/base/files.h"
#include "engine/face/face_asset.h"
#include "engine/face/head_mesh.h"

#include <map>

namespace face {

/// One kind of zone for one sex, SI but for the names.
struct TissueMeans {
    double epidermis_um = 0, dermis_um = 0, stiffness_pa = 0, poisson = 0;
};

base::Result<std::map<std::string, TissueMeans>> load_tissue_means(const base::Places& places, bool male);

/// Fills asset.tissue and asset.look from asset.mesh, asset.zone and asset.zones. `mesh` is the canonical
/// sample of the same vertices; `seed` is of the mottling. Fails when a zone's kind is missing in `means`.
base::Status fill_tissue(FaceAsset& asset, const HeadNumbers& numbers, const HeadShape& shape,
                         const HeadMesh& mesh, const std::map<std::string, TissueMeans>& means, bool male,
                         uint64_t seed);

}  // namespace face
