#pragma once

// Draws a face with what was done to it. Owns the face's GPU copy, the tallies' GPU twin, skin response and
// puncture marks for the picture, and the render targets. Works the same into a window's swapchain or
// headless into an image.

#include "engine/base/png.h"
#include "engine/render/scene_view.h"
#include "engine/track/gpu_tracker.h"
#include "engine/track/response.h"

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace render {

/// What one picture made the device do.
struct Work {
    uint32_t triangles = 0;        ///< of skin, hair and dressing that were drawn, in all views
    uint32_t blocks = 0;           ///< of Block::kSize vertices that were placed
    uint32_t edge_rectangles = 0;  ///< whose stairs were smoothed
    uint32_t tiles = 0;            ///< of Tiles::kSize pixels squared that were drawn anew; the cpu tier keeps the others
    uint32_t near_marks = 0;       ///< punctures that were drawn one by one, in all views
};

class Renderer {
  public:
    /// Shaders and skin's response (content/skins/response.toml; without it skin does not answer) come from `places`. Fails with a
    /// sentence when a shader is missing or the device runs out of memory. `kept`: folder where what was computed for a face waits for its next time; empty = nowhere.
    static base::Result<std::unique_ptr<Renderer>> create(gpu::Device& device, const base::Places& places,
                                                          const base::fs::path& kept = {});
    ~Renderer();

    /// Puts a face on stage; forgets all punctures. The asset must outlive its stay. Skin nearer than `ring_um` to no-go skin
    /// is judged by no statistic and no overlay of area: the rubric's no_go_margin_um, 0 where nobody is scored.
    base::Status set_face(std::shared_ptr<const face::FaceAsset> face, uint32_t ring_um = 0);

    /// New evidence since the last call, in order of time: tallied on the GPU, marked on the skin. `time` s of session time
    /// moves the skin's response (redness, droplets) on.
    void add(std::span<const shared::Puncture> punctures, std::span<const shared::ContactRecord> contacts,
             double time);
    /// As add() of all that led there, but at a cost that does not grow with it: tallies and the skin's response are taken
    /// over from CPU twins, to the bit; `punctures`: those since the last call, for their marks. Of a session with wipes,
    /// `response` knows of those up to `response_time` s. To go back, clear_evidence() first.
    void leap(const track::Tracker& tallies, const track::Response& response, double response_time,
              std::span<const shared::Puncture> punctures, double time);
    /// Forgets punctures, tallies, marks and redness.
    void clear_evidence();
    /// Density below which coverage counts as thin, per cm².
    void set_coverage_floor(uint32_t floor_per_cm2);

    /// Newest zone statistics from the GPU (index as FaceAsset::zones); may lag a frame or two.
    std::span<const shared::ZoneStats> statistics() const;

    /// Records all passes of one picture into `commands`, leaving the picture in `target()` (B8G8R8A8,
    /// sRGB-encoded) in kTargetLayout. `width`, `height` of the 3D view in pixels. Without a face the picture
    /// is the background.
    void draw(vk::CommandBuffer commands, const SceneView& scene, uint32_t width, uint32_t height);
    const gpu::Image& target() const;
    static constexpr vk::ImageLayout kTargetLayout = vk::ImageLayout::eTransferSrcOptimal;

    /// One picture, headless: draws, waits, reads back. Where painting a face's skin takes long, draw() begins with a draft
    /// and paints on from picture to picture; this waits for the finished skin unless a draft will do.
    base::Result<base::Image> render_image(const SceneView& scene, uint32_t width, uint32_t height,
                                           bool draft_will_do = false);
    /// False while the skin is a draft or marks are still to come: after a leap they take turns, some with each picture.
    bool finished() const;

    /// Of the face on stage.
    track::GpuTracker& tracker();

    /// Measures passes from the next picture on; off at first, because a time stamp makes the CPU driver
    /// wait.
    void set_timing(bool on);
    /// Milliseconds per pass of the newest finished picture, by name, in order; empty while timing is off.
    const std::vector<std::pair<std::string, double>>& pass_times();

    /// Of the newest picture.
    const Work& work() const;

    /// Where the newest picture has the face's vertices (m), as far as it placed them; waits. For tests.
    std::vector<glm::vec3> read_placed();

  private:
    struct State;
    explicit Renderer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace render
