#include "training/app/pictures.h"

#include "training/app/evaluation.h"

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

std::vector<uint8_t> prescribed_zones(const training::Stage& stage) {
    std::vector<uint8_t> prescribed(stage.face->zones.size());
    for (const std::string& id : stage.practice.zones)
        if (const int zone = stage.face->find_zone(id); zone >= 0) prescribed[static_cast<size_t>(zone)] = 1;
    return prescribed;
}

}  // namespace

base::Result<ScoredSession> score_recording(const base::Places& places, training::Recording recording,
                                            std::shared_ptr<const training::Stage> stage,
                                            const std::string& rubric, const std::string& scope) {
    auto yardstick = load_yardstick(places, stage->practice, rubric, scope);
    if (!yardstick) return yardstick.error();
    ScoredSession session;
    session.score = training::score(recording, *stage, yardstick->rubric, yardstick->scope);
    session.recording = std::move(recording);
    session.stage = std::move(stage);
    session.rubric = std::move(yardstick->rubric);
    session.scope = std::move(yardstick->scope);
    return session;
}

base::Result<ScoredSession> score_file(const base::Places& places, const base::fs::path& file,
                                       std::shared_ptr<const training::Stage> stage,
                                       const face::Progress& progress) {
    OpenRecording opened;
    if (stage) {
        auto recording = training::load_recording(file);
        if (!recording) return recording.error();
        opened = {std::move(*recording), std::move(stage)};
    } else {
        auto found = open_recording(places, file.string(), progress);
        if (!found) return found.error();
        opened = std::move(*found);
    }
    auto session = score_recording(places, std::move(opened.recording), std::move(opened.stage));
    if (session) session->file = file;
    return session;
}

base::Result<Headless> open_headless(const Options& options) {
    Headless headless;
    auto device = gpu::Device::create(options.gpu);
    if (!device) return device.error();
    headless.device = std::move(*device);
    auto renderer = render::Renderer::create(*headless.device, options.places.shaders);
    if (!renderer) return renderer.error();
    headless.renderer = std::move(*renderer);
    return headless;
}

base::Status show_session(render::Renderer& renderer, const ScoredSession& session, double until) {
    if (auto status = renderer.set_face(session.stage->face); !status) return status;
    renderer.set_coverage_floor(
        training::density_for_device(session.rubric.coverage_floor_per_cm2, session.stage->device));
    renderer.add(up_to(session.recording.punctures, until), up_to(session.recording.contacts, until),
                 std::min(until, session.recording.duration()));
    return {};
}

std::optional<render::SceneView> picture_scene(const ScoredSession& session, std::string_view view,
                                               render::Overlay overlay) {
    const auto camera = render::named_view(*session.stage->face, view);
    if (!camera) return std::nullopt;
    render::SceneView scene;
    scene.camera = *camera;
    scene.overlay = overlay;
    scene.time = session.recording.duration();
    scene.prescribed = prescribed_zones(*session.stage);
    return scene;
}

std::vector<PictureWish> report_pictures() {
    using enum render::Overlay;
    std::vector<PictureWish> wishes;
    for (const char* view : {"front", "left", "right"})
        for (const render::Overlay overlay : {none, coverage, evenness, depth, pressure})
            wishes.push_back({view, overlay});
    return wishes;
}

base::Result<training::ReportPicture> render_picture(render::Renderer& renderer, const ScoredSession& session,
                                                     const PictureWish& wish, uint32_t size) {
    const auto scene = picture_scene(session, wish.view, wish.overlay);
    if (!scene) return base::error("{} has no view \"{}\".", session.stage->face->name, wish.view);
    auto image = renderer.render_image(*scene, size, size);
    if (!image) return image.error();
    return training::ReportPicture{wish.view, render::overlay_name(wish.overlay), base::encode_png(*image)};
}

base::Status write_report(const Options& options, const base::fs::path& evh, const base::fs::path& html,
                          render::Renderer* renderer, const std::string& rubric, const std::string& scope) {
    if (auto status = base::check_writable(html); !status) return status;
    auto opened = open_recording(options.places, evh.string());
    if (!opened) return opened.error();
    auto session =
        score_recording(options.places, std::move(opened->recording), opened->stage, rubric, scope);
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
    for (const PictureWish& wish : report_pictures()) {
        auto picture = render_picture(*renderer, *session, wish);
        if (!picture) return picture.error();
        pictures.push_back(std::move(*picture));
    }
    const std::string page =
        training::report_html(session->recording, *session->stage, session->score, pictures);
    return base::write_file(html, std::string_view(page));
}

}  // namespace app
