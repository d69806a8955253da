#include "training/app/pictures.h"

#include "engine/base/log.h"
#include "shaders/shared/picture.h"
#include "training/app/bands.h"
#include "training/app/camera_hand.h"
#include "training/app/care.h"
#include "training/core/moment.h"

#include <algorithm>

namespace app {

namespace {

template <typename Record>
std::span<const Record> up_to(const std::vector<Record>& records, double until) {
    const auto end = std::partition_point(records.begin(), records.end(), [until](const Record& record) {
        return record.time_us * 1e-6 <= until;
    });
    return {records.data(), static_cast<size_t>(end - records.begin())};
}

void add_evidence(render::Renderer& renderer, const ScoredSession& session, double until) {
    renderer.add(up_to(session.recording.punctures, until), up_to(session.recording.contacts, until),
                 std::min(until, session.recording.duration()));
}

std::vector<uint8_t> prescribed_zones(const training::Stage& stage) {
    std::vector<uint8_t> prescribed(stage.face->zones.size());
    for (const std::string& id : stage.practice.zones)
        if (const int zone = stage.face->find_zone(id); zone >= 0) prescribed[static_cast<size_t>(zone)] = 1;
    return prescribed;
}

}  // namespace

base::Result<Headless> open_headless(const Options& options) {
    Headless headless;
    auto device = gpu::Device::create(options.gpu);
    if (!device) return device.error();
    headless.device = std::move(*device);
    auto renderer = render::Renderer::create(*headless.device, options.places, options.places.cache / "faces");
    if (!renderer) return renderer.error();
    headless.renderer = std::move(*renderer);
    return headless;
}

base::Status show_session(render::Renderer& renderer, const ScoredSession& session, double until) {
    if (auto status = renderer.set_face(session.stage->face, session.rubric.no_go_margin_um); !status) return status;
    renderer.set_coverage_floor(
        training::density_targets(session.rubric, session.stage->device).floor);
    add_evidence(renderer, session, until);
    return {};
}

void show_evidence(render::Renderer& renderer, const ScoredSession& session, double until) {
    renderer.clear_evidence();
    add_evidence(renderer, session, until);
}

render::Tool tool_of(skin::DeviceKind kind) {
    switch (kind) {
        case skin::DeviceKind::pen: return render::Tool::pen;
        case skin::DeviceKind::stamp: return render::Tool::stamp;
        case skin::DeviceKind::roller: return render::Tool::roller;
    }
    return render::Tool::pen;
}

std::optional<render::PenView> pen_at(const ScoredSession& session, double time) {
    const auto time_us = static_cast<uint32_t>(std::max(0.0, time) * 1e6 + 0.5);
    const input::PenSample* sample = training::sample_at(session.recording.samples, time_us);
    if (!sample) return std::nullopt;
    const skin::DeviceProfile& device = session.stage->device;
    render::PenView pen;
    pen.tip = sample->tip();
    pen.axis = sample->axis();
    constexpr double kReach = 20e-3;  // m that a tip may have sunk in or, driven by force, have been off
    const shared::ContactRecord* contact = training::contact_at(session.recording.contacts, time_us);
    if (contact && (contact->flags & shared::kContactTouching))
        if (const auto hit = session.stage->face->index->closest(pen.tip, kReach)) pen.tip = hit->position;
    pen.tip_radius = device.tip_radius;
    pen.opening_radius = device.opening_radius;
    pen.needle_depth = device.has_motor() ? sample->depth_um * 1e-6 : device.pin_length;
    pen.pins = device.pins;
    pen.tool = tool_of(device.kind);
    return pen;
}

std::optional<render::SceneView> picture_scene(const ScoredSession& session, std::string_view view,
                                               render::Overlay overlay, double until) {
    const auto camera = render::named_view(*session.stage->face, view);
    if (!camera) return std::nullopt;
    render::SceneView scene;
    scene.camera = *camera;
    scene.overlay = overlay;
    scene.bands = overlay_bands(overlay, session.rubric, *session.stage);
    scene.time = std::min(until, session.recording.duration());
    const auto later = std::ranges::find_if(session.wipes, [until](const render::WipeStroke& w) { return w.time > until; });
    scene.wipes = {session.wipes.begin(), later};
    scene.wet = wet_zones(*session.stage->face, session.recording.events, session.stage->skin.medium_lasts, scene.time);
    scene.prescribed = prescribed_zones(*session.stage);
    return scene;
}

std::vector<PictureWish> report_pictures(const training::Score& score) {
    using enum render::Overlay;
    std::vector<PictureWish> wishes;
    for (const char* view : {"front", "left", "right"})
        for (const render::Overlay overlay : {none, coverage, evenness, depth, pressure})
            wishes.push_back({view, overlay});
    for (const training::CriterionScore& line : score.criteria)
        if (is_fault(line) && !line.evidence.cells.empty()) wishes.push_back({"front", none, line.criterion.id});
    return wishes;
}

/// Marks the places of a line and looks at them.
static void point_at(render::SceneView& scene, const ScoredSession& session, const std::string& criterion) {
    for (const training::CriterionScore& line : session.score.criteria) {
        if (line.criterion.id != criterion) continue;
        scene.highlighted_cells = line.evidence.cells;
        if (const auto camera = view_of_cells(*session.stage->face, line.evidence.cells)) scene.camera = *camera;
    }
}

base::Result<training::ReportPicture> render_picture(render::Renderer& renderer, const ScoredSession& session,
                                                     const PictureWish& wish, uint32_t size) {
    auto scene = picture_scene(session, wish.view, wish.overlay);
    if (!scene) return base::error("{} has no view \"{}\".", session.stage->face->name, wish.view);
    scene->plain_background = true;
    if (!wish.criterion.empty()) {
        point_at(*scene, session, wish.criterion);
        size = size * 5 / 8;
    }
    auto image = renderer.render_image(*scene, size, size);
    if (!image) return image.error();
    return training::ReportPicture{wish.view, render::overlay_name(wish.overlay), base::encode_png(*image), wish.criterion};
}

namespace {

/// The target bands of the prescribed zones, each once with its zones; one without zones where all share it.
std::vector<training::ReportLegend::Band> report_bands(const ScoredSession& session, render::Overlay overlay) {
    const std::vector<render::OverlayBand> bands = overlay_bands(overlay, session.rubric, *session.stage);
    std::vector<training::ReportLegend::Band> told;
    for (const std::string& id : session.stage->practice.zones) {
        const int zone = session.stage->face->find_zone(id);
        if (zone < 0 || static_cast<size_t>(zone) >= bands.size()) continue;
        const render::OverlayBand band = bands[static_cast<size_t>(zone)];
        const auto same = std::ranges::find_if(told, [&](const auto& one) { return one.low == band.low && one.high == band.high; });
        (same == told.end() ? told.emplace_back(band.low, band.high) : *same).zones.push_back(id);
    }
    if (told.empty()) told.emplace_back(render::legend_range(overlay).band.low, render::legend_range(overlay).band.high);
    if (told.size() == 1) told[0].zones.clear();
    return told;
}

/// From one place on the map to another, in three steps.
std::array<std::array<uint8_t, 3>, 3> map_colours(float from, float to) {
    std::array<std::array<uint8_t, 3>, 3> colours;
    for (size_t i = 0; i < colours.size(); ++i) {
        const glm::vec3 shade = 255.0f * shared::overlay_map(from + (to - from) * static_cast<float>(i) / 2);
        colours[i] = {static_cast<uint8_t>(shade.r), static_cast<uint8_t>(shade.g), static_cast<uint8_t>(shade.b)};
    }
    return colours;
}

}  // namespace

base::Result<ReportLanguage> load_report_language(const base::Places& places, const std::string& language) {
    auto words = training::Phrases::load(places, language);
    if (!words) return words.error();
    auto advice = training::load_advice(places, language);
    if (!advice) return advice.error();
    return ReportLanguage{std::move(*words), std::move(*advice)};
}

std::string report_page(const ScoredSession& session, const std::vector<training::ReportPicture>& pictures,
                        const ReportLanguage& language) {
    using enum render::Overlay;
    training::ReportExtras extras{&session.rubric, {}, session.file.filename().string(), &language.advice};
    for (const render::Overlay overlay : {coverage, evenness, depth, pressure})
        extras.legends.push_back({render::overlay_name(overlay), map_colours(0, 0.333f), map_colours(0.334f, 0.666f),
                                  map_colours(0.667f, 1), render::legend_range(overlay).unit, report_bands(session, overlay)});
    // A report without notes that cannot be read is better than none; whoever opens them in the window is told why.
    if (auto notes = session.file.empty() ? base::Result<std::vector<training::Note>>(std::vector<training::Note>())
                                          : training::load_notes(session.file))
        extras.notes = training::standing_notes(*notes);
    else
        spdlog::warn("{}", notes.error().message);
    return training::report_html(session.recording, *session.stage, session.score, pictures, language.words, extras);
}

base::Status write_report(const Options& options, const base::fs::path& evh, const base::fs::path& html,
                          const YardstickChoice& choice, render::Renderer* renderer) {
    if (auto status = base::check_writable(html); !status) return status;
    auto spoken = load_report_language(options.places, options.places.language);
    if (!spoken) return spoken.error();
    auto session = score_file(options.places, evh, choice);
    if (!session) return session.error();
    Headless headless;
    if (!renderer) {
        auto made = open_headless(options);
        if (!made) return made.error();
        headless = std::move(*made);
        renderer = headless.renderer.get();
    }
    if (auto status = show_session(*renderer, *session); !status) return status;
    std::vector<training::ReportPicture> pictures;
    for (const PictureWish& wish : report_pictures(session->score)) {
        auto picture = render_picture(*renderer, *session, wish);
        if (!picture) return picture.error();
        pictures.push_back(std::move(*picture));
    }
    return base::write_file(html, std::string_view(report_page(*session, pictures, *spoken)));
}

}  // namespace app
