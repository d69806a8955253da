#include "training/app/scan_import.h"

#include "engine/base/toml.h"
#include "engine/mesh/import.h"
#include "training/core/case.h"

#include <algorithm>
#include <cctype>

namespace app {

namespace {

struct UnitName {
    const char* name;
    double metres;
};
constexpr UnitName kUnits[] = {{"mm", 1e-3}, {"cm", 1e-2}, {"m", 1}, {"in", 0.0254}};

/// The sentence of the import says no file; a trainee has picked one of several.
base::Error of_file(const base::fs::path& file, const base::Error& error) {
    const std::string name = file.filename().string();
    if (error.message.find(name) != std::string::npos) return error;
    return base::error("{}: {}", name, error);
}

face::Progress part_of(const face::Progress& progress, double from, double to) {
    return [=](std::string_view step, double share) {
        if (progress) progress(step, from + (to - from) * share);
    };
}

/// Baked bare in the cache, where the next scan takes its place.
base::Result<std::shared_ptr<const face::FaceAsset>> bake_bare(const base::Places& places,
                                                               const face::ImportedHead& head,
                                                               const face::Progress& progress) {
    base::Places staging = places;
    staging.faces = places.cache / "scan";
    face::ImportedPatient patient;
    patient.patient.id = patient.patient.name = "scan";
    patient.patient.dressing = false;
    patient.source = "a scan on its way to becoming a patient";
    if (base::Status stored = face::store_head(staging, head, patient); !stored) return stored.error();
    return face::load(staging, (staging.faces / "scan.toml").string(), progress);
}

}  // namespace

std::optional<double> scan_unit(std::string_view name) {
    for (const UnitName& unit : kUnits)
        if (name == unit.name) return unit.metres;
    return std::nullopt;
}

base::Result<std::shared_ptr<const FittedScan>> fit_scan(const base::Places& places,
                                                         const ScanRequest& request, const FittedScan* before,
                                                         const face::Progress& progress) {
    constexpr double kFitted = 0.6;  // of the time
    auto out = std::make_shared<FittedScan>();
    out->request = request;
    if (progress) progress("reading", 0);
    if (before) {
        out->soup = before->soup;
        out->sha256 = before->sha256;
    } else {
        auto soup = mesh::read_scan(request.file);
        if (!soup) return soup.error();
        out->soup = std::move(*soup);
        auto bytes = base::read_file(request.file);
        if (!bytes) return bytes.error();
        out->sha256 = base::sha256(*bytes).hex();
    }
    face::ImportOptions options;
    options.unit = scan_unit(request.unit);
    options.axes = face::parse_axes(request.axes);
    options.landmarks = request.landmarks;
    auto head = face::import_head(places, out->soup, options, part_of(progress, 0, kFitted));
    if (!head) return of_file(request.file, head.error());
    out->head = std::move(*head);
    auto face = bake_bare(places, out->head, part_of(progress, kFitted, 1));
    if (!face) return of_file(request.file, face.error());
    out->face = *face;
    return std::shared_ptr<const FittedScan>(std::move(out));
}

std::string free_face_id(const base::Places& places, const std::string& name) {
    constexpr size_t kLongest = 48;
    std::string id;
    for (const char c : name) {
        const auto letter = static_cast<unsigned char>(c);
        if (letter < 0x80 && std::isalnum(letter))
            id += static_cast<char>(std::tolower(letter));
        else if (!id.empty() && id.back() != '-')
            id += '-';
    }
    id.resize(std::min(id.size(), kLongest));
    while (!id.empty() && id.back() == '-') id.pop_back();
    if (id.empty()) id = "scan";
    std::error_code ignored;
    const auto taken = [&](const std::string& one) {
        return base::fs::exists(places.data / "faces" / (one + ".toml"), ignored) ||
               base::fs::exists(places.data / "cases" / (one + ".toml"), ignored) ||
               base::fs::exists(places.faces / (one + ".toml"), ignored);
    };
    std::string free = id;
    for (int number = 2; taken(free); ++number) free = fmt::format("{}-{}", id, number);
    return free;
}

base::Status keep_scan_case(const base::Places& places, const face::ScanPatient& patient, const std::string& brief) {
    auto ordinary = training::load_case(places, "demo");
    if (!ordinary) return ordinary.error();
    std::string zones;
    for (const std::string& zone : ordinary->zones)
        zones += (zones.empty() ? "" : ", ") + base::toml_text(zone);
    const std::string text = fmt::format(
        "version = 1\nid = {}\nname = {}\nbrief = {}\nsource = \"zones and order as in the case demo\"\n"
        "face = {}\nneedling_minutes = {}\nzones = [{}]\n",
        base::toml_text(patient.id), base::toml_text(patient.name),
        base::toml_text(brief), base::toml_text(patient.id), ordinary->needling_minutes, zones);
    return base::write_file(places.faces / (patient.id + training::kImportedCase), std::string_view(text));
}

base::Status keep_scan(const base::Places& places, const FittedScan& scan, const face::ScanPatient& patient, const std::string& brief) {
    face::ImportedPatient imported;
    imported.patient = patient;
    imported.source = scan.request.file.filename().string() + ", imported on this machine";
    imported.licence = "unknown";
    imported.scan_sha256 = scan.sha256;
    if (base::Status stored = face::store_head(places, scan.head, imported); !stored) return stored;
    return keep_scan_case(places, patient, brief);
}

std::vector<base::fs::path> scans_in(const base::fs::path& folder, size_t limit) {
    static constexpr std::string_view kKinds[] = {".glb", ".gltf", ".obj", ".ply", ".stl",
                                                  ".fbx", ".dae",  ".off", ".3ds"};
    using Dated = std::pair<base::fs::file_time_type, base::fs::path>;
    std::vector<Dated> found;
    std::error_code trouble;
    for (base::fs::directory_iterator entry(folder, trouble), end; !trouble && entry != end;
         entry.increment(trouble)) {
        std::string ending = entry->path().extension().string();
        for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        std::error_code ignored;
        if (std::ranges::find(kKinds, ending) != std::end(kKinds) && entry->is_regular_file(ignored))
            found.emplace_back(entry->last_write_time(ignored), entry->path());
    }
    std::ranges::sort(found, [](const Dated& a, const Dated& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::vector<base::fs::path> files;
    for (size_t i = 0; i < std::min(limit, found.size()); ++i) files.push_back(std::move(found[i].second));
    return files;
}

}  // namespace app
