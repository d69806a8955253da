#include "engine/render/window.h"

#include "engine/base/log.h"
#include "engine/gpu/frame.h"
#include "engine/input/event_clock.h"
#include "engine/render/renderer.h"
#include "engine/render/resolution.h"
#include "engine/render/second_pointer.h"
#include "engine/render/text_audit.h"
#include "engine/render/typed_keys.h"
#include "engine/render/ui_layer.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <glm/geometric.hpp>
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <ranges>
#include <thread>

// As in GLFW/glfw3native.h, which brings X11's macros along (KeyPress, Status); an X11 Window is a number.
extern "C" unsigned long glfwGetX11Window(GLFWwindow* window);

namespace render {

namespace {

using Clock = std::chrono::steady_clock;
using Stages = vk::PipelineStageFlagBits2;
using Access = vk::AccessFlagBits2;

constexpr vk::Format kCanvasFormat = vk::Format::eB8G8R8A8Unorm;
constexpr gpu::Use kColourWrite{Stages::eColorAttachmentOutput,
                                Access::eColorAttachmentWrite | Access::eColorAttachmentRead};
constexpr double kStillSeconds = 1;  // of session time until a still picture is drawn anew: redness rises

double seconds_between(Clock::time_point begin, Clock::time_point end) {
    return std::chrono::duration<double>(end - begin).count();
}

double steady_seconds() {
    return seconds_between({}, Clock::now());
}

std::string last_glfw_error() {
    const char* text = nullptr;
    glfwGetError(&text);
    return text ? text : "no reason given";
}

/// GLFW's start and end; it must outlive every window.
struct Glfw {
    bool started = false;
    ~Glfw() {
        if (started) glfwTerminate();
    }
};

struct ImGuiOwner {
    bool context = false, glfw = false;
    ~ImGuiOwner() {
        if (glfw) ImGui_ImplGlfw_Shutdown();
        if (context) ImGui::DestroyContext();
    }
};

struct WindowOwner {
    GLFWwindow* window = nullptr;
    ~WindowOwner() {
        if (window) glfwDestroyWindow(window);
    }
};

struct SwapchainImage {
    vk::Image image;
    vk::UniqueSemaphore drawn;
};

vk::SurfaceFormatKHR choose_format(const std::vector<vk::SurfaceFormatKHR>& formats) {
    for (vk::Format wanted : {kCanvasFormat, vk::Format::eR8G8B8A8Unorm}) {
        for (const vk::SurfaceFormatKHR& f : formats) {
            if (f.format == wanted && f.colorSpace == vk::ColorSpaceKHR::eSrgbNonlinear) return f;
        }
    }
    return formats.front();
}

/// The first pad that GLFW has a mapping for; -1 without one.
int first_gamepad() {
    for (int pad = GLFW_JOYSTICK_1; pad <= GLFW_JOYSTICK_LAST; ++pad)
        if (glfwJoystickPresent(pad) && glfwJoystickIsGamepad(pad)) return pad;
    return -1;
}

input::GamepadState state_of(const GLFWgamepadstate& told) {
    const auto axis = [&](int which) { return double(told.axes[which]); };
    const auto down = [&](int which) { return told.buttons[which] == GLFW_PRESS; };
    input::GamepadState state;
    state.left = {axis(GLFW_GAMEPAD_AXIS_LEFT_X), axis(GLFW_GAMEPAD_AXIS_LEFT_Y)};
    state.right = {axis(GLFW_GAMEPAD_AXIS_RIGHT_X), axis(GLFW_GAMEPAD_AXIS_RIGHT_Y)};
    state.left_trigger = axis(GLFW_GAMEPAD_AXIS_LEFT_TRIGGER);
    state.right_trigger = axis(GLFW_GAMEPAD_AXIS_RIGHT_TRIGGER);
    state.south = down(GLFW_GAMEPAD_BUTTON_A), state.east = down(GLFW_GAMEPAD_BUTTON_B);
    state.west = down(GLFW_GAMEPAD_BUTTON_X), state.north = down(GLFW_GAMEPAD_BUTTON_Y);
    state.up = down(GLFW_GAMEPAD_BUTTON_DPAD_UP), state.down = down(GLFW_GAMEPAD_BUTTON_DPAD_DOWN);
    state.cross_left = down(GLFW_GAMEPAD_BUTTON_DPAD_LEFT), state.cross_right = down(GLFW_GAMEPAD_BUTTON_DPAD_RIGHT);
    state.left_shoulder = down(GLFW_GAMEPAD_BUTTON_LEFT_BUMPER), state.right_shoulder = down(GLFW_GAMEPAD_BUTTON_RIGHT_BUMPER);
    state.start = down(GLFW_GAMEPAD_BUTTON_START), state.back = down(GLFW_GAMEPAD_BUTTON_BACK);
    return state;
}

std::optional<input::GamepadState> read_gamepad() {
    GLFWgamepadstate told;
    const int pad = first_gamepad();
    if (pad < 0 || !glfwGetGamepadState(pad, &told)) return std::nullopt;
    return state_of(told);
}

/// Pictures are paced by our own clock, so the queue of the display should not hold them back.
vk::PresentModeKHR choose_mode(const std::vector<vk::PresentModeKHR>& modes) {
    for (vk::PresentModeKHR wanted : {vk::PresentModeKHR::eMailbox, vk::PresentModeKHR::eImmediate}) {
        if (std::ranges::find(modes, wanted) != modes.end()) return wanted;
    }
    return vk::PresentModeKHR::eFifo;
}

}  // namespace

struct Window::State {
    // In order of life: what is below uses what is above.
    Glfw glfw;
    WindowOwner owner;
    std::shared_ptr<gpu::Instance> instance;
    vk::UniqueSurfaceKHR surface;
    std::unique_ptr<gpu::Device> device;
    ImGuiOwner imgui;
    std::unique_ptr<UiLayer> ui;
    std::unique_ptr<gpu::Frames> frames;
    vk::UniqueSemaphore acquired[gpu::kFramesInFlight];
    vk::UniqueSwapchainKHR swapchain;
    vk::SurfaceFormatKHR format;
    std::vector<SwapchainImage> images;
    vk::Extent2D extent;
    gpu::Image canvas;  ///< the whole picture with its controls; copied to the display
    bool canvas_drawn = false;

    WindowOptions options;
    std::optional<input::GamepadState> pad;  ///< read once a frame: GLFW tells of this moment, and all must see the same presses
    PadKeys pad_keys;
    PadPart pad_part = PadPart::screens;
    std::vector<KeyPress> keys, letter_keys;
    TypedKeys typed;
    std::vector<PointerEvent> trail, second_trail;
    std::unique_ptr<SecondPointer> second;
    std::unique_ptr<Stylus> stylus;
    input::EventClock stylus_clock;
    std::vector<glm::dvec2> stylus_places;  ///< of the frame before, where GLFW sees it as a mouse in whole pixels
    std::vector<std::string> files_dropped;
    bool left_down = false;
    double events_read_at = 0;  // s
    double scale = 1;
    Page page;
    glm::dvec2 turned{0};      ///< by keys and wheel since the last frame, shares of the window
    int audited = 0;           ///< frames since words were last looked at
    glm::dvec2 beyond{0};      ///< of the last frame, where the page is whole
    std::optional<PointerEvent> last_event;  ///< on the page
    glm::dvec2 placed_at{0};   ///< where the page was in the last frame, when it was placed there
    Crop kept_part;            ///< of the still picture in the renderer's target
    Clock::time_point next{}, last{};
    double frame_seconds = 1.0 / 60;
    ResolutionGovernor resolution;
    double waited = 0;  ///< s that this frame waited for the display
    std::optional<double> fixed_resolution;
    std::optional<double> kept_time;  ///< session time of the still picture in the renderer's target; none = not still

    bool turns_page(int key, int mods);
    void turn_by_stick();
    double period() const { return device->is_cpu() ? 1.0 / 30 : 1.0 / 60; }
    double wanted_scale() const;
    void make_surface();
    bool make_swapchain();
    std::optional<uint32_t> acquire(uint32_t slot);
    void record(vk::CommandBuffer commands, uint32_t image, Renderer* renderer, const SceneView* scene, const Beside& beside);
    void record_scene(vk::CommandBuffer commands, Renderer* renderer, const SceneView* scene);
    void draw_and_present(Renderer* renderer, const SceneView* scene, const Beside& beside);
    Crop part_of(const Region& region) const;
    void record_halves(vk::CommandBuffer commands, const std::array<Beside, 2>& halves);
    void pace();
    void read_second_pointer();
    void read_stylus();
    void take_keys(const TypedKeys::Portion& portion);
    void tell_keys(const TypedKeys::Portion& portion);
    void move_page();
    void tell_unreadable(const ImDrawData& drawn);
    void place_trails();
};

Window::Window(std::unique_ptr<State> state) : state_(std::move(state)) {}

Window::~Window() {
    if (state_ && state_->device) state_->device->wait_idle();
}

/// The one wished, or the display's own within what the window's size allows: layouts are made for 1280 x 720 at scale 1,
/// and a very large window on a display that tells no scale would leave texts too small to read. In quarters,
/// so that fonts are not made anew at every pixel of a resize.
double Window::State::wanted_scale() const {
    float x = 1, y = 1;
    glfwGetWindowContentScale(owner.window, &x, &y);
    int width = 0, height = 0;
    glfwGetFramebufferSize(owner.window, &width, &height);
    if (width == 0 || height == 0) return scale;
    if (options.scale > 0) return options.scale;
    const double fit = std::min(width / kRoom.x, height / kRoom.y);
    const double least = std::max(0.75, std::floor(fit * 8 / 3 + 1e-6) / 4),  // as large as in 1920 x 1080
                 most = std::max(0.75, std::floor(fit * 4) / 4);
    return std::clamp<double>(std::max(x, y), std::min(least, most), std::min(most, 4.0));
}

void Window::State::make_surface() {
    VkSurfaceKHR raw = VK_NULL_HANDLE;
    if (glfwCreateWindowSurface(instance->handle(), owner.window, nullptr, &raw) != VK_SUCCESS)
        throw std::runtime_error("the window cannot be drawn to with Vulkan (" + last_glfw_error() + ")");
    surface = vk::UniqueSurfaceKHR(raw, {instance->handle(), nullptr, VULKAN_HPP_DEFAULT_DISPATCHER});
}

base::Result<std::unique_ptr<Window>> Window::open(const WindowOptions& options, const std::string& gpu,
                                                   const base::fs::path& shaders) {
    auto state = std::make_unique<State>();
    State& s = *state;
    s.options = options;
    if (!glfwInit())
        return base::error(
            "there is no display to open a window on ({}); commands such as perform, score and render work "
            "without one",
            last_glfw_error());
    s.glfw.started = true;
    if (!glfwVulkanSupported())
        return base::error(
            "no Vulkan driver is installed: install mesa-vulkan-drivers, or the driver of the graphics card");
    glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    s.owner.window = glfwCreateWindow(options.width, options.height, options.title.c_str(), nullptr, nullptr);
    if (!s.owner.window) return base::error("the window does not open ({})", last_glfw_error());
    glfwSetWindowSizeLimits(s.owner.window, 640, 400, GLFW_DONT_CARE, GLFW_DONT_CARE);

    uint32_t count = 0;
    const char** extensions = glfwGetRequiredInstanceExtensions(&count);
    auto instance = gpu::Instance::create(std::span(extensions, extensions ? count : 0));
    if (!instance) return instance.error();
    s.instance = *instance;
    if (auto made = gpu::guarded("opening the window", [&] { s.make_surface(); }); !made) return made.error();
    auto device = gpu::Device::create(s.instance, *s.surface, gpu);
    if (!device) return device.error();
    s.device = std::move(*device);

    // Before ImGui's own, which calls the ones that it found.
    glfwSetWindowUserPointer(s.owner.window, &s);
    glfwSetKeyCallback(s.owner.window, [](GLFWwindow* window, int key, int, int action, int mods) {
        State& state = *static_cast<State*>(glfwGetWindowUserPointer(window));
        if (action == GLFW_RELEASE || state.turns_page(key, mods)) return;
        state.typed.press({key, action == GLFW_REPEAT, mods});
    });
    glfwSetCharCallback(s.owner.window, [](GLFWwindow* window, unsigned code) {
        static_cast<State*>(glfwGetWindowUserPointer(window))->typed.letter(code);
    });
    glfwSetCursorPosCallback(s.owner.window, [](GLFWwindow* window, double x, double y) {
        State& state = *static_cast<State*>(glfwGetWindowUserPointer(window));
        state.trail.push_back({{x, y}, state.left_down});
    });
    glfwSetDropCallback(s.owner.window, [](GLFWwindow* window, int count, const char** paths) {
        auto& dropped = static_cast<State*>(glfwGetWindowUserPointer(window))->files_dropped;
        dropped.insert(dropped.end(), paths, paths + count);
    });
    glfwSetMouseButtonCallback(s.owner.window, [](GLFWwindow* window, int button, int action, int) {
        if (button != GLFW_MOUSE_BUTTON_LEFT) return;
        State& state = *static_cast<State*>(glfwGetWindowUserPointer(window));
        state.left_down = action == GLFW_PRESS;
        glm::dvec2 place;
        glfwGetCursorPos(window, &place.x, &place.y);
        if (!state.trail.empty()) place = state.trail.back().place;
        state.trail.push_back({place, state.left_down});
    });

    s.second = SecondPointer::watch(glfwGetX11Window(s.owner.window));
    s.stylus = Stylus::watch(glfwGetX11Window(s.owner.window));

    auto done = gpu::guarded("opening the window", [&] {
        ImGui::CreateContext();
        s.imgui.context = true;
        ImGui::GetIO().IniFilename = nullptr;
        s.imgui.glfw = ImGui_ImplGlfw_InitForVulkan(s.owner.window, true);
        ImGui::GetIO().KeyMap[ImGuiKey_Tab] = -1;  // the focus that Tab moves is the application's own
        s.ui = std::make_unique<UiLayer>(*s.device, shaders, kCanvasFormat);
        s.scale = s.wanted_scale();
        s.ui->set_scale(float(s.scale));
        s.frames = std::make_unique<gpu::Frames>(*s.device);
        for (auto& semaphore : s.acquired) semaphore = s.device->handle().createSemaphoreUnique({});
        s.make_swapchain();
    });
    if (!done) return done.error();
    s.next = s.last = Clock::now();
    s.resolution.restart(seconds_between({}, s.last));
    return std::unique_ptr<Window>(new Window(std::move(state)));
}

/// False while the window has no area.
bool Window::State::make_swapchain() {
    device->wait_idle();
    const auto physical = device->physical();
    const auto can = physical.getSurfaceCapabilitiesKHR(*surface);
    int width = 0, height = 0;
    glfwGetFramebufferSize(owner.window, &width, &height);
    extent = can.currentExtent;
    if (extent.width == UINT32_MAX) {
        extent.width = std::clamp(uint32_t(width), can.minImageExtent.width, can.maxImageExtent.width);
        extent.height = std::clamp(uint32_t(height), can.minImageExtent.height, can.maxImageExtent.height);
    }
    if (extent.width == 0 || extent.height == 0) return false;
    format = choose_format(physical.getSurfaceFormatsKHR(*surface));

    vk::SwapchainCreateInfoKHR create({}, *surface, can.minImageCount + 1, format.format, format.colorSpace,
                                      extent, 1, vk::ImageUsageFlagBits::eTransferDst);
    if (can.maxImageCount > 0) create.minImageCount = std::min(create.minImageCount, can.maxImageCount);
    create.setPreTransform(can.currentTransform).setCompositeAlpha(vk::CompositeAlphaFlagBitsKHR::eOpaque);
    create.setPresentMode(choose_mode(physical.getSurfacePresentModesKHR(*surface)))
        .setClipped(true)
        .setOldSwapchain(*swapchain);
    swapchain = device->handle().createSwapchainKHRUnique(create);
    images.clear();
    for (vk::Image image : device->handle().getSwapchainImagesKHR(*swapchain))
        images.push_back({image, device->handle().createSemaphoreUnique({})});

    using Usage = vk::ImageUsageFlagBits;
    canvas = gpu::Image(*device,
                        {extent.width, extent.height, kCanvasFormat,
                         Usage::eColorAttachment | Usage::eTransferSrc | Usage::eTransferDst},
                        "canvas");
    canvas_drawn = false;
    return true;
}

/// Index of the next image of the display; nothing while there is none.
std::optional<uint32_t> Window::State::acquire(uint32_t slot) {
    for (int attempt = 0; attempt < 3; ++attempt) {
        int width = 0, height = 0;
        glfwGetFramebufferSize(owner.window, &width, &height);
        const bool resized = uint32_t(width) != extent.width || uint32_t(height) != extent.height;
        if ((!swapchain || resized) && !make_swapchain()) return std::nullopt;
        uint32_t index = 0;
        const vk::Result result =
            device->handle().acquireNextImageKHR(*swapchain, 1'000'000'000, *acquired[slot], {}, &index);
        if (result == vk::Result::eSuccess || result == vk::Result::eSuboptimalKHR) return index;
        if (result == vk::Result::eTimeout || result == vk::Result::eNotReady) return std::nullopt;
        if (result == vk::Result::eErrorSurfaceLostKHR) {
            device->wait_idle();
            images.clear();
            swapchain.reset();
            surface.reset();
            make_surface();
        } else if (result == vk::Result::eErrorOutOfDateKHR) {
            if (!make_swapchain()) return std::nullopt;
        } else {
            throw std::runtime_error("the display does not give an image (" + vk::to_string(result) + ")");
        }
    }
    return std::nullopt;
}

/// What the window shows of a region of the page, as a part of that region.
Crop Window::State::part_of(const Region& region) const {
    const auto share = [](const Region& r) { return Crop{r.from.x, r.from.y, r.to.x - r.from.x, r.to.y - r.from.y}; };
    return within(share(region), common(share(region), share(page.seen())));
}

static void draw_part(vk::CommandBuffer commands, Renderer& renderer, const SceneView& scene, const Crop& part, uint32_t width,
                      uint32_t height) {
    if (part == scene.part) return renderer.draw(commands, scene, width, height);
    SceneView view = scene;
    view.part = part;
    renderer.draw(commands, view, width, height);
}

void Window::State::record_scene(vk::CommandBuffer commands, Renderer* renderer, const SceneView* scene) {
    const auto discard = vk::ImageLayout::eUndefined, target_layout = vk::ImageLayout::eTransferDstOptimal;
    if (!renderer || !scene) {
        kept_time.reset();
        gpu::transition(commands, canvas, discard, target_layout, gpu::kTransferRead, gpu::kTransferWrite);
        commands.clearColorImage(canvas.handle(), target_layout,
                                 vk::ClearColorValue(0.105f, 0.118f, 0.134f, 1.0f),
                                 vk::ImageSubresourceRange(vk::ImageAspectFlagBits::eColor, 0, 1, 0, 1));
        return;
    }
    const double share = scene->still ? 1.0 : fixed_resolution.value_or(resolution.share());
    const auto width = std::max(1u, uint32_t(std::lround(extent.width * share)));
    const auto height = std::max(1u, uint32_t(std::lround(extent.height * share)));
    const Crop part = part_of({{0, 0}, page.size()});
    const bool keep = scene->still && kept_time && renderer->finished() && std::abs(scene->time - *kept_time) < kStillSeconds && kept_part == part &&
                      renderer->target().width() == width && renderer->target().height() == height;
    if (!keep) {
        kept_part = part;
        draw_part(commands, *renderer, *scene, part, width, height);
        kept_time = scene->still ? std::optional(scene->time) : std::nullopt;
    }
    gpu::transition(commands, canvas, discard, target_layout, gpu::kTransferRead, gpu::kTransferWrite);
    const vk::ImageSubresourceLayers layers(vk::ImageAspectFlagBits::eColor, 0, 0, 1);
    if (share == 1.0) {
        commands.copyImage(renderer->target().handle(), Renderer::kTargetLayout, canvas.handle(),
                           target_layout, vk::ImageCopy(layers, {}, layers, {}, {width, height, 1}));
        return;
    }
    const vk::Offset3D zero{0, 0, 0}, from{int32_t(width), int32_t(height), 1},
        to{int32_t(extent.width), int32_t(extent.height), 1};
    commands.blitImage(renderer->target().handle(), Renderer::kTargetLayout, canvas.handle(), target_layout,
                       vk::ImageBlit(layers, {zero, from}, layers, {zero, to}), vk::Filter::eLinear);
}

void Window::State::record_halves(vk::CommandBuffer commands, const std::array<Beside, 2>& halves) {
    kept_time.reset();
    const double share = fixed_resolution.value_or(resolution.share());
    const auto target_layout = vk::ImageLayout::eTransferDstOptimal;
    gpu::transition(commands, canvas, vk::ImageLayout::eUndefined, target_layout, gpu::kTransferRead, gpu::kTransferWrite);
    const vk::ImageSubresourceLayers layers(vk::ImageAspectFlagBits::eColor, 0, 0, 1);
    const double edges[] = {0, std::floor(page.size().x / 2), page.size().x};
    for (size_t i = 0; i < halves.size(); ++i) {
        const Region region{{edges[i], 0}, {edges[i + 1], page.size().y}};
        const int32_t from = int32_t(std::clamp(edges[i] - page.at().x, 0.0, double(extent.width))),
                      to = int32_t(std::clamp(edges[i + 1] - page.at().x, 0.0, double(extent.width)));
        if (to <= from) continue;
        const auto width = std::max(1u, uint32_t(std::lround((to - from) * share)));
        const auto height = std::max(1u, uint32_t(std::lround(extent.height * share)));
        draw_part(commands, *halves[i].renderer, *halves[i].scene, part_of(region), width, height);
        const vk::Offset3D zero{0, 0, 0}, end{int32_t(width), int32_t(height), 1};
        const vk::Offset3D upper{from, 0, 0}, lower{to, int32_t(extent.height), 1};
        commands.blitImage(halves[i].renderer->target().handle(), Renderer::kTargetLayout, canvas.handle(), target_layout,
                           vk::ImageBlit(layers, {zero, end}, layers, {upper, lower}), vk::Filter::eLinear);
    }
}

void Window::State::record(vk::CommandBuffer commands, uint32_t image, Renderer* renderer, const SceneView* scene,
                           const Beside& beside) {
    if (renderer && scene && beside.renderer && beside.scene)
        record_halves(commands, {Beside{renderer, scene}, beside});
    else
        record_scene(commands, renderer, scene);
    const auto drawing = vk::ImageLayout::eColorAttachmentOptimal,
               source = vk::ImageLayout::eTransferSrcOptimal;
    gpu::transition(commands, canvas, vk::ImageLayout::eTransferDstOptimal, drawing, gpu::kTransferWrite,
                    kColourWrite);
    vk::RenderingAttachmentInfo colour(canvas.view(), drawing);
    colour.setLoadOp(vk::AttachmentLoadOp::eLoad).setStoreOp(vk::AttachmentStoreOp::eStore);
    commands.beginRendering(vk::RenderingInfo({}, {{0, 0}, extent}, 1, 0, colour));
    ui->draw(commands, *ImGui::GetDrawData(), extent.width, extent.height);
    commands.endRendering();
    gpu::transition(commands, canvas, drawing, source, kColourWrite, gpu::kTransferRead);

    const vk::Image display = images[image].image;
    const auto aspect = vk::ImageAspectFlagBits::eColor;
    gpu::transition(commands, display, aspect, vk::ImageLayout::eUndefined,
                    vk::ImageLayout::eTransferDstOptimal, {Stages::eTransfer, {}}, gpu::kTransferWrite);
    const vk::ImageSubresourceLayers layers(aspect, 0, 0, 1);
    const vk::Offset3D zero{0, 0, 0}, end{int32_t(extent.width), int32_t(extent.height), 1};
    if (format.format == kCanvasFormat) {
        commands.copyImage(canvas.handle(), source, display, vk::ImageLayout::eTransferDstOptimal,
                           vk::ImageCopy(layers, {}, layers, {}, {extent.width, extent.height, 1}));
    } else {
        commands.blitImage(canvas.handle(), source, display, vk::ImageLayout::eTransferDstOptimal,
                           vk::ImageBlit(layers, {zero, end}, layers, {zero, end}), vk::Filter::eNearest);
    }
    gpu::transition(commands, display, aspect, vk::ImageLayout::eTransferDstOptimal,
                    vk::ImageLayout::ePresentSrcKHR, gpu::kTransferWrite, {Stages::eBottomOfPipe, {}});
}

void Window::State::draw_and_present(Renderer* renderer, const SceneView* scene, const Beside& beside) {
    vk::CommandBuffer commands = frames->begin();
    const uint32_t slot = frames->slot();
    const auto asked = Clock::now();
    const std::optional<uint32_t> image = acquire(slot);
    waited = seconds_between(asked, Clock::now());
    if (!image) {
        frames->end();
        glfwWaitEventsTimeout(0.05);
        return;
    }
    record(commands, *image, renderer, scene, beside);
    frames->end(*acquired[slot], *images[*image].drawn);
    canvas_drawn = true;
    vk::PresentInfoKHR present(*images[*image].drawn, *swapchain, *image);
    const vk::Result result = device->queue().presentKHR(&present);
    if (result == vk::Result::eErrorOutOfDateKHR || result == vk::Result::eSuboptimalKHR) {
        make_swapchain();
    } else if (result == vk::Result::eErrorSurfaceLostKHR) {
        device->wait_idle();
        images.clear();
        swapchain.reset();
        surface.reset();
        make_surface();
    } else if (result != vk::Result::eSuccess) {
        throw std::runtime_error("the display does not take the picture (" + vk::to_string(result) + ")");
    }
}

/// Ctrl and an arrow move what is shown of a page that is larger than the window, or what scrolls in it.
bool Window::State::turns_page(int key, int mods) {
    constexpr double kStep = 0.25;  // of the window
    if (!(mods & GLFW_MOD_CONTROL)) return false;
    const glm::dvec2 way(int(key == GLFW_KEY_RIGHT) - int(key == GLFW_KEY_LEFT), int(key == GLFW_KEY_DOWN) - int(key == GLFW_KEY_UP));
    turned += kStep * way;
    return way != glm::dvec2(0);
}

/// So does the right stick of a gamepad, where it does not lean the pen: there, with the left trigger pulled.
void Window::State::turn_by_stick() {
    constexpr double kSpeed = 1.5;  // of the window a second, at the stick's rim
    if (!pad || (pad_part == PadPart::pen && !input::tools_held(*pad))) return;
    turned += kSpeed * frame_seconds * input::without_dead_zone(pad->right, input::GamepadFigures{}.dead_zone);
}

/// True where the wheel scrolls something that lies under the pointer.
static bool wheel_scrolls() {
    const ImGuiWindow* over = ImGui::GetCurrentContext()->HoveredWindow;
    while (over && over->ScrollMax.y <= 0) over = over->Flags & ImGuiWindowFlags_ChildWindow ? over->ParentWindow : nullptr;
    return over != nullptr;
}

/// Lays out for the page instead of the window. The pointer stays where it is in the window, so what moves under it has
/// not been moved by it.
void Window::State::move_page() {
    constexpr double kEdge = 28;  // pixels at scale 1
    ImGuiIO& io = ImGui::GetIO();
    const glm::dvec2 window(io.DisplaySize.x, io.DisplaySize.y);
    page.fit(window, kLeast * scale);
    page.turn(turned);
    beyond = page.whole() ? turned : glm::dvec2(0);
    turned = {0, 0};
    const bool held = std::ranges::any_of(io.MouseDown, [](bool down) { return down; });
    if (!page.whole() && !held && glfwGetWindowAttrib(owner.window, GLFW_HOVERED))
        page.push({io.MousePos.x, io.MousePos.y}, kEdge * scale, frame_seconds);
    const glm::dvec2 at = page.at(), moved = at - placed_at;
    io.DisplaySize = {float(page.size().x), float(page.size().y)};
    if (ImGui::IsMousePosValid(&io.MousePos)) io.MousePos = {io.MousePos.x + float(at.x), io.MousePos.y + float(at.y)};
    if (ImGui::IsMousePosValid(&io.MousePosPrev)) io.MousePosPrev = {io.MousePosPrev.x + float(moved.x), io.MousePosPrev.y + float(moved.y)};
}

/// Read by the tests, every few frames: which words cannot be read (--log-level trace).
void Window::State::tell_unreadable(const ImDrawData& drawn) {
    constexpr int kEvery = 3;
    if (!spdlog::should_log(spdlog::level::trace) || ++audited < kEvery) return;
    audited = 0;
    for (const TextFault& fault : text_faults(drawn))
        spdlog::trace("unreadable: {} in {}, {} letters from {:.0f} {:.0f} {}", fault_name(fault.kind), fault.window, fault.letters, fault.at.x, fault.at.y,
                      fault.words);
    spdlog::trace("words looked at");
}

/// From the window to the page. A pointer that rests while the page moves under it is told of at its new place.
void Window::State::place_trails() {
    for (auto* all : {&trail, &second_trail})
        for (PointerEvent& event : *all) event.place += page.at();
    if (!trail.empty()) last_event = trail.back();
    if (trail.empty() && last_event && placed_at != page.at()) {
        last_event->place += page.at() - placed_at;
        trail.push_back(*last_event);
    }
    placed_at = page.at();
}

/// A fixed schedule; a late frame starts a new one instead of hurrying after the old.
void Window::State::pace() {
    const auto step = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(period()));
    next += step;
    const auto now = Clock::now();
    if (next > now)
        std::this_thread::sleep_until(next);
    else
        next = now;
}

gpu::Device& Window::device() {
    return *state_->device;
}

void Window::State::read_second_pointer() {
    if (!second) return;
    for (const SecondPointer::Event& event : second->read()) {
        second_trail.push_back({event.place, event.pressed});
        if (!event.entered) continue;
        std::erase_if(trail, [&](const PointerEvent& leap) { return leap.place == glm::floor(event.place); });
    }
}

/// A stylus' own events stand in place of those that GLFW makes of them, which may come a frame later.
void Window::State::read_stylus() {
    if (!stylus) return;
    const std::vector<Stylus::Event> events = stylus->read();
    const double now = steady_seconds();
    for (const Stylus::Event& event : events) stylus_places.push_back(event.place);
    std::erase_if(trail, [&](const PointerEvent& seen) {
        return std::ranges::any_of(stylus_places, [&](glm::dvec2 place) { return glm::distance(place, seen.place) < 2; });
    });
    if (events.empty()) stylus_places.clear();
    for (const Stylus::Event& event : events)
        trail.push_back({event.place, event.pressed,
                         PenTouch{stylus_clock.place_ms(event.time_ms, now), event.pressure, event.tilt}});
}

bool Window::begin_frame() {
    State& s = *state_;
    s.keys.clear();
    s.trail.clear();
    s.second_trail.clear();
    s.files_dropped.clear();
    glfwPollEvents();
    s.read_second_pointer();
    s.read_stylus();
    s.events_read_at = steady_seconds();
    s.pad = read_gamepad();
    s.turn_by_stick();
    const TypedKeys::Portion portion = s.typed.next(ImGui::GetIO().WantTextInput);
    s.take_keys(portion);
    if (glfwWindowShouldClose(s.owner.window)) return false;
    if (const double scale = s.wanted_scale(); scale != s.scale) {
        s.scale = scale;
        s.ui->set_scale(float(scale));
    }
    ImGui_ImplGlfw_NewFrame();
    s.tell_keys(portion);
    s.move_page();
    s.place_trails();
    ImGui::NewFrame();
    return true;
}

base::Status Window::end_frame(Renderer* renderer, const SceneView* scene, const Beside& beside) {
    State& s = *state_;
    if (!s.page.whole() && !scene && !wheel_scrolls()) s.turned.y -= 0.2 * ImGui::GetIO().MouseWheel;
    ImGui::Render();
    ImDrawData& drawn = *ImGui::GetDrawData();
    s.tell_unreadable(drawn);
    drawn.DisplayPos = {float(s.page.at().x), float(s.page.at().y)};
    drawn.DisplaySize = {float(s.page.seen().to.x - s.page.at().x), float(s.page.seen().to.y - s.page.at().y)};
    int width = 0, height = 0;
    glfwGetFramebufferSize(s.owner.window, &width, &height);
    if (width == 0 || height == 0 || glfwGetWindowAttrib(s.owner.window, GLFW_ICONIFIED)) {
        glfwWaitEventsTimeout(0.1);
        s.next = s.last = Clock::now();
        return {};
    }
    auto done = gpu::guarded("drawing the window", [&] { s.draw_and_present(renderer, scene, beside); });
    if (!done) return done;
    const auto ended = Clock::now();
    if (renderer && scene && !scene->still)
        s.resolution.frame(seconds_between(s.last, ended) - s.waited, s.period(), seconds_between({}, ended));
    else
        s.resolution.restart(seconds_between({}, ended));
    s.pace();
    const auto now = Clock::now();
    const double seconds = seconds_between(s.last, now);
    s.last = now;
    s.frame_seconds += (std::min(seconds, 0.25) - s.frame_seconds) * 0.1;
    return {};
}

void Window::State::take_keys(const TypedKeys::Portion& portion) {
    for (const auto& press : portion.presses) keys.push_back({press.key, press.repeat, (press.mods & GLFW_MOD_SHIFT) != 0});
    letter_keys.clear();
    if (pad)
        for (const auto& press : pad_keys.update(events_read_at, *pad, pad_part))
            (pad_part == PadPart::letters ? letter_keys : keys).push_back({press.key, press.repeat, press.shift});
    pad_part = PadPart::screens;
}

/// Keys that went down and up between two frames are down for one; those whose turn is still to come are not down yet, and what
/// is held with a key is what was held as it went down.
void Window::State::tell_keys(const TypedKeys::Portion& portion) {
    ImGuiIO& io = ImGui::GetIO();
    const auto down = [&](int key) { return glfwGetKey(owner.window, key) == GLFW_PRESS; };
    for (int key = GLFW_KEY_SPACE; key <= GLFW_KEY_LAST; ++key) io.KeysDown[key] = down(key) && !typed.waits(key);
    for (const KeyPress& press : keys)
        if (press.key >= 0 && press.key < int(std::size(io.KeysDown))) io.KeysDown[press.key] = true;
    const bool typing = !portion.letters.empty();  // which a field leaves out while Ctrl is held
    const auto held = [&](int bit, int left, int right) { return portion.command != 0 ? (portion.mods & bit) != 0 : down(left) || down(right); };
    io.KeyCtrl = held(GLFW_MOD_CONTROL, GLFW_KEY_LEFT_CONTROL, GLFW_KEY_RIGHT_CONTROL) && !typing;
    io.KeyShift = held(GLFW_MOD_SHIFT, GLFW_KEY_LEFT_SHIFT, GLFW_KEY_RIGHT_SHIFT);
    io.KeyAlt = held(GLFW_MOD_ALT, GLFW_KEY_LEFT_ALT, GLFW_KEY_RIGHT_ALT);
    io.KeySuper = held(GLFW_MOD_SUPER, GLFW_KEY_LEFT_SUPER, GLFW_KEY_RIGHT_SUPER) && !typing;
    io.InputQueueCharacters.resize(0);
    for (const unsigned letter : portion.letters) io.AddInputCharacter(letter);
}

std::span<const KeyPress> Window::keys_pressed() const {
    return state_->keys;
}
std::span<const KeyPress> Window::letter_keys_pressed() const {
    return state_->letter_keys;
}
void Window::type_letter(unsigned code) {
    state_->typed.letter(code);
}
void Window::type_key(int key) {
    state_->typed.press({key, false, 0});
}
std::span<const PointerEvent> Window::pointer_trail() const {
    return state_->trail;
}
std::span<const PointerEvent> Window::second_pointer_trail() const {
    return state_->second_trail;
}
std::optional<input::GamepadState> Window::gamepad() const {
    return state_->pad;
}
void Window::use_gamepad(PadPart part) {
    state_->pad_part = part;
}
std::string Window::gamepad_name() const {
    const int pad = first_gamepad();
    const char* name = pad < 0 ? nullptr : glfwGetGamepadName(pad);
    return name ? name : "";
}
std::span<const StylusInfo> Window::styluses() const {
    return state_->stylus ? state_->stylus->pens() : std::span<const StylusInfo>();
}
std::span<const std::string> Window::files_dropped() const {
    return state_->files_dropped;
}
int Window::width() const {
    return int(state_->extent.width);
}
int Window::height() const {
    return int(state_->extent.height);
}
void Window::set_scale(double wished) {
    state_->options.scale = wished;
}

const Page& Window::page() const {
    return state_->page;
}
glm::dvec2 Window::turned_beyond() const {
    return state_->beyond;
}
void Window::show(const Region& region) {
    constexpr double kMargin = 40;  // pixels at scale 1: beyond the band that pushes
    state_->page.show(region, kMargin * state_->scale);
}
void Window::begin_page(bool middle) {
    state_->page.begin(middle);
}

double Window::scale() const {
    return state_->scale;
}
double Window::frame_seconds() const {
    return state_->frame_seconds;
}
double Window::events_read_at() const {
    return state_->events_read_at;
}
double Window::resolution() const {
    if (state_->kept_time) return 1;
    return state_->fixed_resolution.value_or(state_->resolution.share());
}
void Window::set_resolution(std::optional<double> share) {
    state_->fixed_resolution = share;
}
ImFont* Window::font(Font font) const {
    return state_->ui->font(font);
}
void* Window::add_picture(const base::Image& image) {
    return state_->ui->add_picture(image);
}
void Window::remove_picture(void* id) {
    state_->ui->remove_picture(id);
}
void Window::stay() {
    glfwSetWindowShouldClose(state_->owner.window, GLFW_FALSE);
}

void Window::close() {
    glfwSetWindowShouldClose(state_->owner.window, GLFW_TRUE);
}

base::Result<base::Image> Window::screenshot() {
    State& s = *state_;
    if (!s.canvas_drawn) return base::error("the window has not drawn a picture yet");
    base::Image image{s.canvas.width(), s.canvas.height(), {}};
    auto done = gpu::guarded("reading the window's picture", [&] {
        std::vector<std::byte> texels =
            gpu::download(*s.device, s.canvas, vk::ImageLayout::eTransferSrcOptimal, 4);
        image.rgba.resize(texels.size());
        for (size_t i = 0; i < texels.size(); i += 4) {
            for (int k = 0; k < 3; ++k) image.rgba[i + k] = uint8_t(texels[i + 2 - k]);
            image.rgba[i + 3] = 255;
        }
    });
    if (!done) return done.error();
    return image;
}

}  // namespace render
