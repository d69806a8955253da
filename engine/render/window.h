#pragma once

// The only file that touches GLFW. A window with a swapchain, its input for a frame as plain data, and the ui
// layer (ImGui's draw data drawn by our own pass). Swapchain loss, resize and minimise are handled here.

#include "engine/base/png.h"
#include "engine/gpu/device.h"
#include "engine/input/gamepad_pen.h"
#include "engine/render/pad_keys.h"
#include "engine/render/page.h"
#include "engine/render/stylus.h"
#include "engine/render/ui_layer.h"

#include <glm/vec2.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

struct ImFont;

namespace render {

class Renderer;
struct SceneView;

/// What a pen that measures tells beside its place.
struct PenTouch {
    double time = 0;      ///< s, steady clock: when the hand did it, from the display's own stamp
    double pressure = 0;  ///< of the sensor's range, [0, 1]; 0 while it is up
    std::optional<glm::dvec2> tilt;  ///< degrees, as input::tilt_of takes them; none where the pen tells none

    bool operator==(const PenTouch&) const = default;
};

/// One movement or click: where the pointer was then, and whether its left button was down.
struct PointerEvent {
    glm::dvec2 place;
    bool left_down;
    std::optional<PenTouch> pen = {};  ///< a stylus did it, not a mouse
};

struct WindowOptions {
    std::string title = "Evenhand";
    int width = 1280, height = 720;
    double scale = 0;  ///< of texts and controls; 0 = the display's own
};

struct KeyPress {
    int key;
    bool repeat;         ///< held down, sent again by the display
    bool shift = false;  ///< with it, at that moment
};

/// A second picture: it takes the right half of the window, the first one the left.
struct Beside {
    Renderer* renderer = nullptr;  ///< another than the first picture's; null = there is no second
    const SceneView* scene = nullptr;
};

/// A window needs a device made with its surface: create both together.
class Window {
  public:
    /// Opens a window and the best fitting device that can present to it. `gpu`: "", a number or "cpu".
    static base::Result<std::unique_ptr<Window>> open(const WindowOptions& options, const std::string& gpu,
                                                      const base::fs::path& shaders);
    ~Window();

    gpu::Device& device();

    /// Polls events and begins an ImGui frame. False once the window was asked to close.
    bool begin_frame();
    /// Ends the ImGui frame, draws `scene` with `renderer` behind it (renderer may be null: plain background)
    /// and presents, at 60 pictures a second at most (30 on the CPU driver). Does nothing costly while
    /// minimised. An error means that the device or the display is lost.
    base::Status end_frame(Renderer* renderer, const SceneView* scene, const Beside& beside = {});

    int width() const;  ///< framebuffer pixels
    int height() const;
    /// Of texts and controls, 0.75..3; 0 = the display's own, as far as the layouts (made for kRoom at 1) have room.
    void set_scale(double wished);
    /// That panels side by side need at least, pixels at scale 1, which is also what sizes of texts are chosen by. What has less
    /// room is laid out in a column.
    static constexpr glm::dvec2 kRoom{1280, 720};
    /// That a column beside a picture needs at least, pixels at scale 1. Where the window is smaller it shows a part of a page of
    /// that size: ImGui's DisplaySize and MousePos, the trails and `seen` are the page's, as is the picture of the scene.
    static constexpr glm::dvec2 kLeast{400, 225};
    const Page& page() const;
    /// By which keys asked to go on in this frame where the page is whole, shares of the window: for what scrolls in it.
    glm::dvec2 turned_beyond() const;
    /// Brings it into view from the next frame on, with some room round it.
    void show(const Region& region);
    /// What is shown at first of a page that is larger than the window: its middle, or its upper left.
    void begin_page(bool middle);
    double scale() const;          ///< content scale that fonts were made for
    double frame_seconds() const;  ///< smoothed time of a frame
    /// Text of a size other than ImGui's default, for ImGui::PushFont.
    ImFont* font(Font font) const;
    /// A picture as an ImTextureID for ImGui::Image, until removed.
    void* add_picture(const base::Image& image);
    void remove_picture(void* id);
    /// Keys that went down since the last frame, in order, as GLFW numbers them (letters and digits as
    /// capital ASCII). Also those already up again, which ImGui's state of the moment misses when frames are
    /// slow.
    std::span<const KeyPress> keys_pressed() const;
    /// The same of a gamepad's buttons while they lead letters on screen (PadPart::letters): no field and no screen sees them.
    std::span<const KeyPress> letter_keys_pressed() const;
    /// As if the keyboard's letter or key (GLFW's number) had gone down: in the next frames, in order. Nothing of it is kept.
    void type_letter(unsigned code);
    void type_key(int key);
    /// What the pointer did since the last frame, oldest first, in the page's coordinates as ImGui's MousePos: a slow frame
    /// would otherwise cut the corners of a quick hand, and drag a lifted pen along.
    std::span<const PointerEvent> pointer_trail() const;
    /// Pens of the display that measure pressure. While one moves, the trail is its own, in fractions of pixels.
    std::span<const StylusInfo> styluses() const;
    /// The first gamepad that this machine has, as it was when this frame's events were read.
    std::optional<input::GamepadState> gamepad() const;
    /// What its buttons are in the next frame (pad_keys.h); to be told each frame, else they walk through the screens.
    void use_gamepad(PadPart part);
    std::string gamepad_name() const;  ///< empty without one
    /// The same of a second pointer of the display, where there is one; no control is used with it.
    std::span<const PointerEvent> second_pointer_trail() const;
    /// Paths of files that were dropped on the window since the last frame.
    std::span<const std::string> files_dropped() const;
    /// s, steady clock: when the events of this frame were read, which is when the trail ends. ImGui's MousePos is
    /// asked of the display later and may be ahead of it.
    double events_read_at() const;
    /// Share of the window's pixels that the 3D view is drawn with along each side; lowered on slow devices, and whole
    /// for a still scene, which is drawn once and kept.
    double resolution() const;
    /// A fixed share in (0, 1]; none = follows the frame time.
    void set_resolution(std::optional<double> share);
    /// Asks begin_frame to return false.
    void close();
    /// The window does not close though it was asked to: begin_frame goes on.
    void stay();
    /// Picture of the last frame with its controls, for screenshots.
    base::Result<base::Image> screenshot();

  private:
    struct State;
    explicit Window(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace render
