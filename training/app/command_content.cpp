// content, face, rubric: what the content folder holds and whether it is sound; faces from elsewhere.

#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/content_notice.h"
#include "training/app/scan_import.h"
#include "training/app/scan_words.h"

#include "engine/face/face_import.h"
#include "engine/face/face_store.h"
#include "engine/mesh/import.h"
#include "training/core/metrics.h"
#include "training/core/rubric.h"
#include "training/core/rubric_fit.h"

#include <algorithm>

namespace app {

int content_check(const Options& options, bool json) {
    const std::vector<base::Error> mistakes = all_content_mistakes(options.places);
    const int code = mistakes.empty() ? kDone : kUnusable;
    if (json) {
        fmt::print("{}\n", training::mistakes_json(mistakes));
        return code;
    }
    for (const base::Error& mistake : mistakes) fmt::print(stderr, "evenhand: {}\n", mistake);
    if (mistakes.empty()) fmt::print("{}: sound\n", options.places.data.string());
    return code;
}

int face_list(const Options& options) {
    std::vector<base::Error> mistakes;
    base::Result<std::vector<face::Listing>> listing = face::list(options.places, &mistakes);
    if (!listing) return refuse(listing.error());
    for (const base::Error& mistake : mistakes) fmt::print(stderr, "evenhand: {}\n", mistake);
    for (const face::Listing& entry : *listing)
        fmt::print("{:<20} {:<5} {:<10} {}\n", entry.id, entry.kind == face::Kind::pad ? "pad" : "head",
                   entry.baked ? "baked" : "not baked", entry.name);
    return mistakes.empty() ? kDone : kUnusable;
}

int face_export(const Options& options, const FaceExportArguments& arguments) {
    if (base::Status writable = base::check_writable(arguments.output); !writable) return refuse(writable.error());
    ProgressLine progress;
    base::Result<std::shared_ptr<const face::FaceAsset>> asset = face::load(options.places, arguments.id, progress.sink());
    if (!asset) return refuse(asset.error());
    base::Status written = face::export_glb(**asset, arguments.output);
    return written ? kDone : refuse(written.error());
}

/// An id has no dot; everything with an ending but TOML is somebody else's mesh.
static bool is_foreign(const std::string& id) {
    return base::fs::path(id).has_extension() && !id.ends_with(".toml");
}

static int check_foreign(const std::string& file) {
    base::Result<mesh::SurfaceMesh> scan = mesh::read_scan(base::fs::path(file));
    if (!scan) return refuse(scan.error());
    size_t triangles = scan->triangle_count();
    std::vector<std::string> defects = face::check_scan(std::move(*scan));
    fmt::print("{}: {} triangles\n", file, triangles);
    for (const std::string& defect : defects) fmt::print("{}\n", defect);
    fmt::print("{}\n", defects.empty() ? "sound" : fmt::format("{} kinds of defects", defects.size()));
    return defects.empty() ? kDone : kMismatch;
}

int face_check(const Options& options, const std::string& id) {
    if (is_foreign(id)) return check_foreign(id);
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

// --- import ---

namespace {

/// What the words of the command line mean, or the sentence that refuses them.
base::Result<face::ImportOptions> read_options(const Options& options, const FaceImportArguments& arguments) {
    face::ImportOptions out;
    out.unit = scan_unit(arguments.units);
    if (!arguments.units.empty() && !out.unit)
        return base::error("--units: \"{}\" is not known; give mm, cm, m or in", arguments.units);
    if (!arguments.up.empty() && arguments.up != "y" && arguments.up != "z")
        return base::error("--up: \"{}\" is not known; give y or z", arguments.up);
    out.up = arguments.up.empty() ? -1 : arguments.up == "y" ? 1 : 2;
    if (!arguments.axes.empty() && !(out.axes = face::parse_axes(arguments.axes)))
        return base::error("--axes: \"{}\" is not known; give the axes up the head and out of the face, as +y+z or -z+x",
                           arguments.axes);
    if (arguments.sex != "female" && arguments.sex != "male")
        return base::error("--sex: \"{}\" is not known; give female or male", arguments.sex);
    if (arguments.landmarks.empty()) return out;
    base::Result<face::HeadNumbers> numbers = face::load_head_numbers(options.places);
    if (!numbers) return numbers.error();
    base::Result<std::vector<face::NamedPlace>> landmarks = face::read_landmarks(arguments.landmarks, numbers->landmarks);
    if (!landmarks) return landmarks.error();
    out.landmarks = std::move(*landmarks);
    return out;
}

/// The id must be free, or an imported face's that may be replaced.
base::Status check_id(const Options& options, const FaceImportArguments& arguments) {
    const std::string& id = arguments.id;
    bool plain = !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (!plain) return base::error("--id: \"{}\" must be 1 to 64 small letters, digits, - or _", id);
    std::error_code code;
    if (base::fs::exists(options.places.data / "faces" / (id + ".toml"), code))
        return base::error("--id: \"{}\" is a face that Evenhand brings along; give another id", id);
    if (options.places.faces.empty())
        return base::error("there is no folder for imported faces; name one with EVENHAND_FACES");
    if (base::fs::exists(options.places.faces / (id + ".toml"), code) && !arguments.replace && !arguments.dry_run)
        return base::error("--id: {} exists already; give another id, or --replace", id);
    return {};
}

std::string shown_name(const FaceImportArguments& arguments) {
    return arguments.name.empty() ? arguments.id : arguments.name;
}

}  // namespace

int face_import(const Options& options, const FaceImportArguments& arguments) {
    if (base::Status free = check_id(options, arguments); !free) return refuse(free.error());
    base::Result<face::ImportOptions> how = read_options(options, arguments);
    if (!how) return refuse(how.error());
    ProgressLine progress;
    progress.show("reading", 0);
    base::Result<mesh::SurfaceMesh> soup = mesh::read_scan(base::fs::path(arguments.scan));
    if (!soup) return refuse(soup.error());
    base::Result<face::ImportedHead> head = face::import_head(options.places, std::move(*soup), *how, progress.sink());
    progress.clear();
    if (!head) return refuse(base::error("{}: {}", arguments.scan, head.error()));
    const Words& english = Words::english();
    for (const face::Finding& finding : head->found) fmt::print("{}\n", finding_words(english, finding));
    fmt::print("{}: {} vertices, {} triangles\n", arguments.id, head->scan.mesh.vertex_count(),
               head->scan.mesh.triangle_count());
    if (arguments.dry_run) {
        fmt::print("nothing was written (--dry-run)\n");
        return kDone;
    }
    base::Result<std::vector<uint8_t>> bytes = base::read_file(arguments.scan);
    if (!bytes) return refuse(bytes.error());
    face::ImportedPatient patient;
    patient.patient = {arguments.id, shown_name(arguments), arguments.sex == "male", arguments.age,
                       static_cast<uint8_t>(arguments.fitzpatrick), 1, !arguments.bare};
    patient.source = base::fs::path(arguments.scan).filename().string() + ", imported on this machine";
    patient.licence = arguments.licence;
    patient.scan_sha256 = base::sha256(*bytes).hex();
    if (base::Status stored = face::store_head(options.places, *head, patient); !stored) return refuse(stored.error());
    if (base::Status kept = keep_scan_case(options.places, patient.patient, english("scan.brief")); !kept) return refuse(kept.error());
    fmt::print("{}, its landmarks, {}.landmarks.toml, and a case to practise, {}.case.toml, lie in {}\n", arguments.id, arguments.id, arguments.id,
               options.places.faces.string());
    return kDone;
}

int rubric_check(const Options& options, const RubricCheckArguments& arguments) {
    training::RubricReading reading = training::read_rubric_file(options.places, arguments.file);
    for (const base::Error& mistake : reading.mistakes) fmt::print(stderr, "evenhand: {}\n", mistake);
    if (!reading.mistakes.empty()) return kUnusable;
    if (arguments.explain) fmt::print("{}", training::explain_rubric(reading.rubric));
    fmt::print("{}: sound\n", arguments.file);
    return kDone;
}

/// The text of a rubric, by id or file.
static base::Result<std::string> rubric_text(const base::Places& places, const std::string& id) {
    base::Result<base::fs::path> path = training::find_rubric(places, id);
    if (!path) return path.error();
    return base::read_text(*path, 1u << 20);
}

int rubric_fit(const Options& options, const RubricFitArguments& arguments) {
    if (base::Status writable = base::check_writable(arguments.output); !writable) return refuse(writable.error());
    base::Result<std::string> text = rubric_text(options.places, arguments.rubric);
    if (!text) return refuse(text.error());
    base::Result<training::Rubric> rubric = training::load_rubric(options.places, arguments.rubric);
    if (!rubric) return refuse(rubric.error());

    ProgressLine progress;
    std::vector<training::FitGroup> groups;
    std::vector<base::Hash> taken;
    for (const std::string& folder : {arguments.experts, arguments.novices}) {
        if (folder.empty()) continue;
        base::Result<training::FitGroup> group =
            training::FitGroup::read(options.places, folder, *rubric, taken, progress.sink());
        if (!group) return refuse(group.error());
        groups.push_back(std::move(*group));
    }
    while (groups.size() < 2) groups.emplace_back(options.places);
    progress.clear();
    for (const training::FitGroup& group : groups)
        for (const std::string& sentence : group.unusable) fmt::print(stderr, "evenhand: {}; left out\n", sentence);
    base::Result<training::FittedRubric> fitted = training::fit_rubric(
        options.places, *text, groups[0].sessions, groups[1].sessions,
        [&](size_t group, size_t index, const training::Rubric& by) { return groups[group].rescore(options.places, index, by); });
    if (!fitted) return refuse(fitted.error());
    for (const std::string& line : fitted->report) fmt::print("{}\n", line);
    if (base::Status written = base::write_file(arguments.output, std::string_view(fitted->text)); !written)
        return refuse(written.error());
    fmt::print("{}: from {} expert and {} novice sessions; {} left out\n", arguments.output, groups[0].sessions.size(),
               groups[1].sessions.size(), groups[0].unusable.size() + groups[1].unusable.size());
    return kDone;
}

}  // namespace app
