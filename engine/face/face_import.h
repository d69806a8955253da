#pragma once

// A head scan becomes a patient: cleaned, recognised (one head, its unit and axes), repaired as far as that
// is safe, brought to a workable resolution, and laid onto the canonical head. Whatever was found, changed or
// refused is told in sentences for the person who imports.

#include "engine/face/face_store.h"
#include "engine/face/registration.h"
#include "engine/face/scan_face.h"

#include <optional>

namespace face {

struct ImportOptions {
    std::optional<double> unit;         ///< m per unit of the scan; none = found by size
    int up = -1;                        ///< the scan's axis that points up: 1 = y, 2 = z; -1 = found by fit
    std::optional<Axes> axes;           ///< both axes; none = found by fit
    std::vector<NamedPlace> landmarks;  ///< in the scan's unit and axes; may be few or none
    bool crossings_allowed = false;     ///< take a scan whose treated skin passes through itself
};

struct ImportedHead {
    ScanFace scan;
    std::vector<NamedPlace>
        landmarks;  ///< all of them, in the scan's unit and axes: given ones as given, else guessed
    std::vector<glm::dvec3>
        fitted;                 ///< the same where the bent head has them: how far off tells how well it fits
    Similarity head_from_scan;  ///< from the scan's unit and axes to the head frame, m
    std::vector<std::string> told;  ///< what was found and done, one sentence each
};

/// `soup` is what mesh::read_scan gave. Errors are one sentence: no head, two heads, open or tangled beyond
/// repair, unit or axes ambiguous. Needs 5 to 15 s for 100,000 triangles. Deterministic.
base::Result<ImportedHead> import_head(const base::Places& places, mesh::SurfaceMesh soup,
                                       const ImportOptions& options, const Progress& progress);

/// Defects of a foreign mesh as `face check FILE` lists them: each with its count, first place and whether
/// the import repairs it.
std::vector<std::string> check_scan(mesh::SurfaceMesh soup);

/// Who the patient is, and where the scan came from.
struct ImportedPatient {
    ScanPatient patient;
    std::string source, licence, scan_sha256;
};
/// Writes ID.mesh, ID.landmarks.toml and last ID.toml into places.faces (made on demand). All or nothing.
base::Status store_head(const base::Places& places, const ImportedHead& head, const ImportedPatient& patient);

}  // namespace face
