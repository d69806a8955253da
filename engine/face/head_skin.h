#pragma once

// A generated head's sample as the patient's skin, with the surface's own normals instead of what its
// triangles guess. What is felt, measured and scored reads one such sample, always as fine; a head that is
// drawn with more or fewer vertices keeps it beside its mesh (FaceAsset::rest_shape).

#include "engine/face/head_mesh.h"
#include "engine/face/head_patient.h"
#include "engine/mesh/surface_mesh.h"

namespace face {

/// Vertices of what is felt of every head. With the surface's normals and curved triangles, four times as
/// many change force, dent and depth by more than 0.5 % at 3 of 205 places, beside the nose and on the neck
/// (tests/mechanics/mechanics_mesh.cpp).
inline constexpr size_t kFeltVertices = 54'000;

/// Places in whole micrometres, unit normals from the derivatives by both angles. About 0.1 ms per vertex, on
/// four threads.
mesh::SurfaceMesh lay_skin(const HeadShape& shape, const HeadMesh& sample, const PatientPlacement& placement);

}  // namespace face
