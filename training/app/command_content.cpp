// face, rubric: what the content folder holds and whether it is sound.

#include "training/app/commands.h"
#include "training/app/console.h"

#include "engine/face/face_store.h"
#include "training/core/metrics.h"
#include "training/core/rubric.h"

namespace app {

int face_list(const Options& options) {
    base::Result<std::vector<face::Listing>> listing = face::list(options.places);
    if (!listing) return refuse(listing.error());
    for (const face::Listing& entry : *listing)
        fmt::print("{:<20} {:<5} {:<10} {}\n", entry.id, entry.kind == face::Kind::pad ? "pad" : "head",
                   entry.baked ? "baked" : "not baked", entry.name);
    return kDone;
}

int face_export(const Options& options, const FaceExportArguments& arguments) {
    if (base::Status writable = base::check_writable(arguments.output); !writable) return refuse(writable.error());
    ProgressLine progress;
    base::Result<std::shared_ptr<const face::FaceAsset>> asset = face::load(options.places, arguments.id, progress.sink());
    if (!asset) return refuse(asset.error());
    base::Status written = face::export_glb(**asset, arguments.output);
    return written ? kDone : refuse(written.error());
}

int face_check(const Options& options, const std::string& id) {
    ProgressLine progress;
    base::Result<std::shared_ptr<const face::FaceAsset>> asset = face::load(options.places, id, progress.sink());
    if (!asset) return refuse(asset.error());
    progress.clear();
    const face::FaceAsset& face = **asset;
    std::vector<std::string> defects = face::check(face);
    fmt::print("{}: {} vertices, {} triangles, {} zones, {} cells, hash {}\n", face.id, face.mesh.vertex_count(),
               face.mesh.triangle_count(), face.zones.size() - 1, face.cells.size(), face.hash.hex());
    for (const std::string& defect : defects) fmt::print("{}\n", defect);
    fmt::print("{}\n", defects.empty() ? "sound" : fmt::format("{} defects", defects.size()));
    return defects.empty() ? kDone : kMismatch;
}

int rubric_check(const Options&, const RubricCheckArguments& arguments) {
    std::vector<std::string> mistakes = training::check_rubric(arguments.file);
    for (const std::string& mistake : mistakes) fmt::print(stderr, "evenhand: {}\n", mistake);
    if (arguments.explain)
        for (const std::string& name : training::measure_names())
            fmt::print("{}: {}\n", name, training::measure_definition(name));
    if (!mistakes.empty()) return kUnusable;
    fmt::print("{}: sound\n", arguments.file);
    return kDone;
}

}  // namespace app
