#pragma once

// A head scan on its way to becoming a patient, without a window: fitted, looked at, corrected, fitted again,
// and last kept with a case of its own, so that it can be practised on.

#include "engine/face/face_import.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace app {

struct ScanRequest {
    base::fs::path file;
    std::string unit, axes;                   ///< as on the command line; empty = found by fit
    std::vector<face::NamedPlace> landmarks;  ///< corrected ones, in the scan's unit and axes
};

struct FittedScan {
    ScanRequest request;
    mesh::SurfaceMesh soup;  ///< the file's triangles, for another fit
    std::string sha256;      ///< of the file
    face::ImportedHead head;
    std::shared_ptr<const face::FaceAsset> face;  ///< bare, to be looked at
};

/// Metres per unit of mm, cm, m or in.
std::optional<double> scan_unit(std::string_view name);

/// Reads and fits a scan; `before`, a fit of the same file, spares the reading. About 15 s.
base::Result<std::shared_ptr<const FittedScan>> fit_scan(const base::Places& places,
                                                         const ScanRequest& request, const FittedScan* before,
                                                         const face::Progress& progress);

/// An id made of the name that no face has yet: "Maria K." -> "maria-k", "maria-k-2".
std::string free_face_id(const base::Places& places, const std::string& name);

/// A case with the zones of the ordinary treatment for an imported face, beside it: ID.case.toml. `brief`: what is to be done, as the
/// card of the case says it.
base::Status keep_scan_case(const base::Places& places, const face::ScanPatient& patient, const std::string& brief);

/// Stores the patient as `face import` does, and the case.
base::Status keep_scan(const base::Places& places, const FittedScan& scan, const face::ScanPatient& patient, const std::string& brief);

/// Mesh files of a folder, newest first.
std::vector<base::fs::path> scans_in(const base::fs::path& folder, size_t limit);

}  // namespace app
