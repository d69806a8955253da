// report, render, devices: what needs a Vulkan device.

#include "engine/base/foreign_words.h"
#include "engine/render/stylus.h"
#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/healing_times.h"
#include "training/app/pictures.h"
#include "training/app/strings.h"

#include <algorithm>
#include <charconv>

namespace app {
namespace {

struct Size {
    uint32_t width, height;
};

base::Result<Size> parse_size(const std::string& text) {
    auto side = [](std::string_view digits) {
        uint32_t value = 0;
        auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return code == std::errc() && end == digits.data() + digits.size() ? value : 0u;
    };
    size_t cross = text.find('x');
    Size size{side(std::string_view(text).substr(0, cross)),
              cross == std::string::npos ? 0u : side(std::string_view(text).substr(cross + 1))};
    if (size.width < 16 || size.height < 16 || size.width > 8192 || size.height > 8192)
        return base::error("--size {}: must be WxH with sides from 16 to 8192, such as 1280x720", text);
    return size;
}

/// Nothing where no healing is asked for.
base::Result<std::optional<track::HealingPlan>> wished_healing(const RenderArguments& arguments, render::Overlay overlay) {
    if (arguments.after.empty()) {
        if (arguments.sessions) return base::error("--sessions {}: needs --after, such as --after 3mo", *arguments.sessions);
        if (arguments.sun) return base::error("--sun: needs --after, such as --after 2d");
        return std::optional<track::HealingPlan>();
    }
    base::Result<double> days = parse_age(arguments.after);
    if (!days) return base::error("--after {}{}", arguments.after, days.error());
    if (arguments.at) return base::error("--at {}: cannot go with --after, which shows the whole session", *arguments.at);
    if (overlay != render::Overlay::none)
        return base::error("--overlay {}: cannot go with --after; maps tell of the session itself", arguments.overlay);
    constexpr int kMost = track::HealingPlan::kMostSessions;
    const int sessions = arguments.sessions.value_or(1);
    if (sessions < 1 || sessions > kMost) return base::error("--sessions {}: must be 1 to {}", sessions, kMost);
    track::HealingPlan plan;
    plan.age_days = *days;
    plan.sessions = static_cast<uint32_t>(sessions);
    plan.sun = arguments.sun;
    return std::optional(plan);
}

const std::vector<std::string> kFaceViews = {"front",      "three_quarter", "left",      "close:cheek",
                                             "close:nose", "close:lips",    "close:eye", "close:ear"};

/// All patients when none are named.
base::Result<std::vector<std::string>> wished_faces(const Options& options, const FacePicturesArguments& arguments) {
    if (!arguments.ids.empty()) return arguments.ids;
    base::Result<std::vector<face::Listing>> listing = face::list(options.places);
    if (!listing) return listing.error();
    std::vector<std::string> ids;
    for (const face::Listing& entry : *listing)
        if (entry.kind == face::Kind::head) ids.push_back(entry.id);
    return ids;
}

/// ID-VIEW.png, with what a file name cannot hold made plain.
base::fs::path picture_file(const FacePicturesArguments& arguments, const std::string& id, std::string view) {
    std::replace(view.begin(), view.end(), ':', '-');
    return base::fs::path(arguments.folder) / (base::fs::path(id).stem().string() + "-" + view + ".png");
}

base::Status picture_face(render::Renderer& renderer, const FacePicturesArguments& arguments, const std::string& id,
                          std::shared_ptr<const face::FaceAsset> face, Size size, render::Tier tier) {
    if (base::Status staged = renderer.set_face(face); !staged) return staged;
    for (const std::string& view : arguments.views.empty() ? kFaceViews : arguments.views) {
        std::optional<render::Camera> camera = render::named_view(*face, view);
        if (!camera) return base::error("--views {}: {} has no such view", view, id);
        render::SceneView scene;
        scene.camera = *camera;
        scene.tier = tier;
        base::Result<base::Image> image = renderer.render_image(scene, size.width, size.height);
        if (!image) return image.error();
        base::fs::path file = picture_file(arguments, id, view);
        if (base::Status written = base::write_file(file, base::encode_png(*image)); !written) return written;
        fmt::print("{}\n", file.string());
    }
    return {};
}

void print_device(size_t number, const gpu::DeviceInfo& device) {
    fmt::print("{}  {} ({}), Vulkan {}, {}\n", number, device.name, device.type, device.api_version, device.driver);
    fmt::print("   memory {:.1f} GiB, images to {}, GPU timestamps {}, 64-bit integers {}\n",
               static_cast<double>(device.memory_bytes) / (1ull << 30), device.max_image,
               device.timestamp_ns > 0 ? "yes" : "no", device.int64 ? "yes" : "no");
    for (const std::string& reason : device.unfit) fmt::print("   unfit: {}\n", reason);
}

}  // namespace

/// Refuses a language that content/locale does not have, naming those that it has.
static base::Status check_language(const base::Places& places, const std::string& language) {
    std::string known;
    for (const Language& one : languages(places)) {
        if (one.id == language) return {};
        known += (known.empty() ? "" : ", ") + one.id;
    }
    return base::error("--language {}: content/locale has none of that name; use one of {}", language, known);
}

int report(const Options& options, const ReportArguments& arguments) {
    if (base::Status known = check_language(options.places, arguments.language); !known) return refuse(known.error());
    Options spoken = options;
    spoken.places.language = arguments.language;
    base::Status written = write_report(spoken, arguments.recording, arguments.output, {arguments.rubric, arguments.scope});
    if (!written) return refuse(written.error());
    fmt::print("{}\n", arguments.output);
    return kDone;
}

int render(const Options& options, const RenderArguments& arguments) {
    base::Result<Size> size = parse_size(arguments.size);
    if (!size) return refuse(size.error());
    std::optional<render::Overlay> overlay = render::parse_overlay(arguments.overlay);
    if (!overlay)
        return refuse(base::error("--overlay {}: unknown; use coverage, evenness, pressure, depth or none", arguments.overlay));
    if (arguments.at && !(*arguments.at >= 0 && *arguments.at <= 4200))
        return refuse(base::error("--at {}: must be seconds from 0 to 4200", *arguments.at));
    std::optional<render::Tier> tier = render::parse_tier(arguments.tier);
    if (!tier) return refuse(base::error("--tier {}: unknown; use cpu, low or high", arguments.tier));
    base::Result<std::optional<track::HealingPlan>> plan = wished_healing(arguments, *overlay);
    if (!plan) return refuse(plan.error());
    if (base::Status writable = base::check_writable(arguments.output); !writable) return refuse(writable.error());
    ProgressLine progress;
    base::Result<ScoredSession> session = score_file(options.places, arguments.recording, {}, progress.sink());
    if (!session) return refuse(session.error());
    const double until = arguments.at.value_or(session->recording.duration());
    std::optional<render::SceneView> scene = picture_scene(*session, arguments.view, *overlay, until);
    if (!scene)
        return refuse(base::error("--view {}: {} has no such view; use front, left, right or zone:ID with a zone of this face",
                                  arguments.view, session->stage->face->id));
    base::Result<Headless> headless = open_headless(options);
    if (!headless) return refuse(headless.error());
    if (base::Status shown = show_session(*headless->renderer, *session, until); !shown) return refuse(shown.error());
    scene->time = until;
    scene->tier = *tier;
    if (arguments.pen) scene->pen = pen_at(*session, until);
    std::optional<HealingStage> healing;
    if (*plan) {
        base::Result<track::HealingCurves> curves = track::HealingCurves::load(options.places);
        if (!curves) return refuse(curves.error());
        healing.emplace(session->stage->face, std::move(*curves), session->recording);
        scene->healing = healing->at(**plan);
    }
    base::Result<base::Image> image = headless->renderer->render_image(*scene, size->width, size->height);
    if (!image) return refuse(image.error());
    progress.clear();
    base::Status written = base::write_file(arguments.output, base::encode_png(*image));
    return written ? kDone : refuse(written.error());
}

int face_pictures(const Options& options, const FacePicturesArguments& arguments) {
    base::Result<Size> size = parse_size(arguments.size);
    if (!size) return refuse(size.error());
    std::optional<render::Tier> tier = render::parse_tier(arguments.tier);
    if (!tier) return refuse(base::error("--tier {}: unknown; use cpu, low or high", arguments.tier));
    base::Result<std::vector<std::string>> ids = wished_faces(options, arguments);
    if (!ids) return refuse(ids.error());
    std::error_code failure;
    base::fs::create_directories(arguments.folder, failure);
    if (failure) return refuse(base::error("{}: cannot be made ({})", arguments.folder, base::system_error(failure)));
    base::Result<Headless> headless = open_headless(options);
    if (!headless) return refuse(headless.error());
    for (const std::string& id : *ids) {
        ProgressLine progress;
        base::Result<std::shared_ptr<const face::FaceAsset>> face = face::load(options.places, id, progress.sink());
        if (!face) return refuse(face.error());
        progress.clear();
        base::Status drawn = picture_face(*headless->renderer, arguments, id, *face, *size, *tier);
        if (!drawn) return refuse(drawn.error());
    }
    return kDone;
}

int devices(const Options&) {
    base::Result<std::vector<gpu::DeviceInfo>> listed = gpu::list_devices();
    if (!listed) return refuse(listed.error());
    fmt::print("Vulkan devices (choose with --gpu N or --gpu cpu):\n");
    for (size_t i = 0; i < listed->size(); ++i) print_device(i, (*listed)[i]);
    fmt::print("\nPens:\n");
    fmt::print("mouse     place in whole pixels, force by wheel and button, tilt by keys; in the window\n");
    const std::vector<render::StylusInfo> styluses = render::list_styluses();
    for (const render::StylusInfo& stylus : styluses)
        fmt::print("stylus    place, force by pressure in {} steps, {}; in the window: {}\n", stylus.pressure_levels,
                   stylus.tilt ? "tilt" : "tilt by keys", stylus.name);
    if (styluses.empty()) fmt::print("stylus    none that measures pressure on this display (X11 with XInput 2)\n");
    fmt::print("gamepad   place and tilt by sticks, force by the right trigger; in the window, which finds it\n");
    fmt::print("tracked   whole pose and, where measured, force, over OSC (UDP); in the window with --osc PORT\n");
    fmt::print("pen file  place, axis, force or none, motor; `perform --pen FILE.csv`\n");
    fmt::print("operator  simulated expert, intermediate, novice; `perform --operator SKILL --seed N`\n");
    return kDone;
}

}  // namespace app
