#pragma once

// Draws Dear ImGui's draw data with our own pass (dynamic rendering; every texture id shows its own picture),
// and sets the look of all controls in one place.

#include "engine/base/png.h"
#include "engine/gpu/pipeline.h"

#include <memory>
#include <vector>

struct ImDrawData;
struct ImFont;

namespace render {

/// Sizes of text; ImGui's default is `body`.
enum class Font : uint8_t { body, strong, small, title, display };

class UiLayer {
  public:
    /// Needs a current ImGui context. `colour` is the format drawn into.
    UiLayer(gpu::Device& device, const base::fs::path& shaders, vk::Format colour);

    /// (Re)builds the fonts for a scale of texts and controls, and sets the style.
    void set_scale(float scale);
    ImFont* font(Font font) const { return fonts_[static_cast<size_t>(font)]; }

    /// A picture as an ImTextureID, valid until removed. Waits for the upload.
    void* add_picture(const base::Image& image);
    void remove_picture(void* id);

    /// Inside a rendering of `width` x `height` pixels that `commands` has begun.
    void draw(vk::CommandBuffer commands, const ImDrawData& data, uint32_t width, uint32_t height);

  private:
    struct Frame {
        gpu::Buffer vertices, indices;
        uint64_t submission = 0;
    };

    gpu::Device& device_;
    gpu::Pipeline pipeline_;
    vk::UniqueSampler sampler_;
    std::vector<std::unique_ptr<gpu::Image>> pictures_;  ///< id is the index + 1; 0 is the font
    std::unique_ptr<gpu::Image> font_image_;
    ImFont* fonts_[5] = {};
    Frame frames_[gpu::kFramesInFlight + 1];
    uint32_t frame_ = 0;
};

}  // namespace render
