#pragma once

// Makes a foreign triangle soup into one sound sheet as far as that is safe, and tells what it did and what
// it could not: merging, dropping what has no area, cutting fins, turning flipped parts, filling small holes.
// Lengths are in the mesh's own unit but where metres are named. Deterministic: arrays are walked in order.

#include "engine/mesh/surface_mesh.h"

#include <string>

namespace mesh {

/// How often something occurs, and where first.
struct Spots {
    size_t count = 0;
    glm::dvec3 first{0};

    void add(glm::dvec3 p) {
        if (count++ == 0) first = p;
    }
};

struct Cleaning {
    size_t merged = 0;  ///< vertices that lay on another one
    Spots unusable;     ///< triangles with a corner that is no finite place; `first` is a finite corner or 0
    Spots degenerate;   ///< triangles of fewer than three places
    Spots duplicate;    ///< triangles on the same corners as another one
    size_t loose = 0;   ///< vertices of no triangle (left), after all else
};
/// Merges vertices that agree to a millionth of the mesh's size, drops unusable, degenerate and duplicate
/// triangles and loose vertices. Normals are emptied.
Cleaning clean(SurfaceMesh& mesh);

/// Connected parts over shared edges, largest area first; `part` per triangle.
struct Parts {
    std::vector<uint32_t> part;
    std::vector<double> area;
    std::vector<size_t> triangles;
};
Parts find_parts(const SurfaceMesh& mesh);
/// The triangles t with keep[t], and their vertices, in the old order.
SurfaceMesh extract(const SurfaceMesh& mesh, const std::vector<bool>& keep);

struct Untangling {
    Spots fins;       ///< triangles cut off: on an edge of more than two and with a free edge of their own
    Spots crowded;    ///< edges of more than two triangles that remain
    Spots turned;     ///< triangles turned to agree with their neighbours
    Spots one_sided;  ///< edges whose two sides cannot be made to agree, as on a Möbius strip
    Spots split;      ///< vertices where two fans met in one point, parted
};
/// After it and with `crowded` and `one_sided` at 0, every edge has one or two triangles that agree, and the
/// triangles round every vertex hang together.
Untangling untangle(SurfaceMesh& mesh);

/// Turns every triangle.
void turn_over(SurfaceMesh& mesh);
/// Six times the volume about `middle` that the triangles face away from: negative where the mesh is inside
/// out.
double facing(const SurfaceMesh& mesh, glm::dvec3 middle);

struct Hole {
    size_t edges = 0;
    double length = 0;  ///< round its border
    glm::dvec3 centre{0};
    std::vector<uint32_t> loop;  ///< border vertices in the order of a filling triangle's corners
};
/// All border loops of an untangled mesh, longest first.
std::vector<Hole> find_holes(const SurfaceMesh& mesh);
/// Closes a hole by the triangulation of least area (Barequet & Sharir 1995) that adds no second copy of an
/// edge; a loop of more than 400 edges by a fan about its centre.
void fill(SurfaceMesh& mesh, const Hole& hole);

/// Removes triangles lower than `height` from an untangled mesh by collapsing their shortest edge, or
/// flipping their longest. Returns how many it removed or flipped away.
size_t remove_slivers(SurfaceMesh& mesh, double height);

}  // namespace mesh
