#pragma once

// Brings a mesh to a workable number of vertices: finer by splitting every triangle in four along curved
// edges, coarser by collapsing the edges that change the shape least. Deterministic.

#include "engine/mesh/surface_mesh.h"

namespace mesh {

/// Every edge halved, every triangle in four. New vertices lie on the cubic through both ends that is tangent
/// to the surface there (vertex normals), so that a coarse mesh becomes round and no old vertex moves; border
/// edges stay straight. Needs normals; leaves them computed.
SurfaceMesh refined(const SurfaceMesh& mesh);

/// At most about `vertices` vertices by quadric edge collapse (Garland & Heckbert 1997). Collapses that would
/// turn a triangle over or tangle the sheet are left out, so a mesh may stay larger. Borders keep their
/// shape. Normals are emptied. About 4 µs per edge.
SurfaceMesh decimated(const SurfaceMesh& mesh, size_t vertices);

}  // namespace mesh
