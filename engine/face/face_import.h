#pragma once

// A head scan becomes a patient: cleaned, recognised (one head, its unit and axes), repaired as far as that
// is safe, brought to a workable resolution, and laid onto the canonical head. What was found and changed is told as
// kinds and figures, for words in any language; what is refused, as one sentence.

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

enum class FindingKind : uint8_t {
    no_number,       ///< `count` triangles with a corner that is no finite number, left out
    no_area,         ///< `count` triangles without area, left out
    duplicate,       ///< `count` triangles on another one, left out
    parts,           ///< `count` of them: the head was kept, `rest` triangles of the others left out
    unit_given,      ///< the unit is the one given; the head is `size_mm` high
    unit_by_size,    ///< the unit is names[0], by the head's height of `size_mm`
    axes,            ///< names[0] points up the head and names[1] out of the face: "+y", "-z"
    inside_out,      ///< the surface was turned over
    far_away,        ///< `count` triangles more than `size_mm` from head and neck, cut off
    cut_loose,       ///< `count` triangles that hung on those only, left out
    hung_loose,      ///< `count` triangles that hung on points only, left out
    standing_off,    ///< `count` triangles standing off the surface, cut off
    wrong_way,       ///< `count` triangles facing the wrong way, turned
    touching,        ///< `count` points where the surface touched itself, parted
    hole_left,       ///< a hole of `size_mm` round left open
    holes_closed,    ///< `count` of them, the largest `size_mm` round
    crossings_cut,   ///< of `count` pairs of triangles through each other, all but `rest` cut out and closed anew
    slivers,         ///< `count` triangles lower than `size_mm`, collapsed or flipped
    thinned,         ///< from `count` to `rest` vertices
    refined,         ///< from `count` to `rest` vertices
    covered,         ///< `share` of the skin that is treated is there; little or nothing of the zones in `names`
    crossings_left   ///< `count` pairs of triangles through each other where no skin is treated
};

/// One thing that the import found or did. Its kind says which fields are set.
struct Finding {
    FindingKind kind;
    size_t count = 0, rest = 0;
    double size_mm = 0;              ///< at the size that its unit says the scan has
    double share = 0;                ///< 0..1
    glm::dvec3 at{0};                ///< the first or largest one's place, in the scan's unit and axes
    std::vector<std::string> names = {};  ///< ids
};

struct ImportedHead {
    ScanFace scan;
    std::vector<NamedPlace>
        landmarks;  ///< all of them, in the scan's unit and axes: given ones as given, else guessed
    std::vector<glm::dvec3>
        fitted;                 ///< the same where the bent head has them: how far off tells how well it fits
    Similarity head_from_scan;  ///< from the scan's unit and axes to the head frame, m
    std::vector<Finding> found;     ///< in the order of the work
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
