// report, render, devices: what needs a Vulkan device.

#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/pictures.h"

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

void print_device(size_t number, const gpu::DeviceInfo& device) {
    fmt::print("{}  {} ({}), Vulkan {}, {}\n", number, device.name, device.type, device.api_version, device.driver);
    fmt::print("   memory {:.1f} GiB, images to {}, GPU timestamps {}, 64-bit integers {}\n",
               static_cast<double>(device.memory_bytes) / (1ull << 30), device.max_image,
               device.timestamp_ns > 0 ? "yes" : "no", device.int64 ? "yes" : "no");
    for (const std::string& reason : device.unfit) fmt::print("   unfit: {}\n", reason);
}

}  // namespace

int report(const Options& options, const ReportArguments& arguments) {
    base::Status written = write_report(options, arguments.recording, arguments.output, {arguments.rubric, arguments.scope});
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
    if (base::Status writable = base::check_writable(arguments.output); !writable) return refuse(writable.error());
    ProgressLine progress;
    base::Result<ScoredSession> session = score_file(options.places, arguments.recording, {}, progress.sink());
    if (!session) return refuse(session.error());
    std::optional<render::SceneView> scene = picture_scene(*session, arguments.view, *overlay);
    if (!scene)
        return refuse(base::error("--view {}: {} has no such view; use front, left, right or zone:ID with a zone of this face",
                                  arguments.view, session->stage->face->id));
    base::Result<Headless> headless = open_headless(options);
    if (!headless) return refuse(headless.error());
    double until = arguments.at.value_or(session->recording.duration());
    if (base::Status shown = show_session(*headless->renderer, *session, until); !shown) return refuse(shown.error());
    scene->time = until;
    base::Result<base::Image> image = headless->renderer->render_image(*scene, size->width, size->height);
    if (!image) return refuse(image.error());
    progress.clear();
    base::Status written = base::write_file(arguments.output, base::encode_png(*image));
    return written ? kDone : refuse(written.error());
}

int devices(const Options&) {
    base::Result<std::vector<gpu::DeviceInfo>> listed = gpu::list_devices();
    if (!listed) return refuse(listed.error());
    fmt::print("Vulkan devices (choose with --gpu N or --gpu cpu):\n");
    for (size_t i = 0; i < listed->size(); ++i) print_device(i, (*listed)[i]);
    fmt::print("\nPens:\n");
    fmt::print("mouse     place, force by wheel and button, tilt by keys; in the window\n");
    fmt::print("pen file  place, axis, force or none, motor; `perform --pen FILE.csv`\n");
    fmt::print("operator  simulated expert, intermediate, novice; `perform --operator SKILL --seed N`\n");
    return kDone;
}

}  // namespace app
