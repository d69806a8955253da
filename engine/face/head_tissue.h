#pragma once

// What lies under the skin of a generated head, place by place, and how the skin looks, vertex by vertex: zone means from
// content/faces/tissue.toml blended across zone borders by distance, depth to bone and fat from named points, tension
// lines from drawn curves.

#include "engine/base/files.h"
#include "engine/face/face_asset.h"
#include "engine/face/head_mesh.h"
#include "engine/face/work_count.h"

#include <map>

namespace face {

/// One kind of zone for one sex, SI but for the names.
struct TissueMeans {
    double epidermis_um = 0, dermis_um = 0, stiffness_pa = 0, poisson = 0;
};

base::Result<std::map<std::string, TissueMeans>> load_tissue_means(const base::Places& places, bool male);

/// What of a patient bears on the tissue.
struct TissuePatient {
    bool male = false;
    double age = 30;       ///< years
    uint64_t seed = 0;     ///< of the mottling
    Placement place = {};  ///< the warp, for directions
};

/// Stiffness along over across the tension lines: 1.5 at 20 years rising evenly to 2.5 at 70 (clinical.md 4.2, A).
double anisotropy_at(double age);

/// The skin that tissue is told of: a mesh with normals, the canonical sample of the same vertices, and the zones of its
/// places.
struct TissueSkin {
    const mesh::SurfaceMesh& skin;
    const HeadMesh& sample;
    const ZoneOf& zone_of;
};

/// Fills asset.tissue_field along `felt` and asset.tissue and asset.look on asset.mesh, whose canonical sample `mesh` is; zones
/// are asset.zones. Fails when a zone's kind is missing in `means`. `told` is given what share is done.
base::Status fill_tissue(FaceAsset& asset, const HeadNumbers& numbers, const HeadShape& shape,
                         const HeadMesh& mesh, const TissueSkin& felt,
                         const std::map<std::string, TissueMeans>& means, const TissuePatient& patient, const ShareTold& told = {});

}  // namespace face
