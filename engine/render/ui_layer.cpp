#include "engine/render/ui_layer.h"

#include "engine/base/log.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace render {

namespace {

constexpr const char* kInter = "/usr/share/fonts/opentype/inter/";
constexpr const char* kNoto = "/usr/share/fonts/truetype/noto/";

/// Latin of western and central Europe, and the symbols that our texts use.
constexpr ImWchar kRanges[] = {0x0020, 0x017f, 0x0394, 0x0394, 0x03b1, 0x03c9, 0x2010, 0x2026, 0x2030,
                               0x2030, 0x2032, 0x2033, 0x20ac, 0x20ac, 0x2190, 0x2193, 0x2212, 0x2212,
                               0x221e, 0x221e, 0x2248, 0x2248, 0x2264, 0x2265, 0x25a0, 0x25a1, 0x25b2,
                               0x25cf, 0x2605, 0x2606, 0x2713, 0x2717, 0};

std::string font_file(const char* inter, const char* noto) {
    for (const std::string& path : {std::string(kInter) + inter, std::string(kNoto) + noto}) {
        if (std::error_code trouble; base::fs::exists(path, trouble)) return path;
    }
    return {};
}

ImFont* add_font(const std::string& path, float pixels) {
    ImGuiIO& io = ImGui::GetIO();
    ImFontConfig config;
    config.OversampleH = 2;
    config.OversampleV = 1;
    config.SizePixels = std::round(pixels);
    if (path.empty()) return io.Fonts->AddFontDefault(&config);
    return io.Fonts->AddFontFromFileTTF(path.c_str(), config.SizePixels, &config, kRanges);
}

ImVec4 grey(float value, float alpha = 1) {
    return {value * 0.94f, value * 0.98f, value * 1.04f, alpha};
}

/// Calm dark panels over the picture, one accent.
void set_style(float scale) {
    ImGuiStyle style;
    ImGui::StyleColorsDark(&style);
    style.WindowRounding = style.ChildRounding = style.PopupRounding = 8;
    style.FrameRounding = style.GrabRounding = style.TabRounding = style.ScrollbarRounding = 6;
    style.WindowPadding = {16, 14};
    style.FramePadding = {11, 7};
    style.ItemSpacing = {10, 9};
    style.ItemInnerSpacing = {8, 6};
    style.WindowBorderSize = 0;
    style.FrameBorderSize = 0;
    style.PopupBorderSize = 1;
    style.ScrollbarSize = 12;
    style.GrabMinSize = 12;
    style.WindowTitleAlign = {0.0f, 0.5f};
    const ImVec4 accent{0.24f, 0.66f, 0.70f, 1}, bright{0.33f, 0.78f, 0.81f, 1},
        soft{0.24f, 0.66f, 0.70f, 0.38f};
    ImVec4* colour = style.Colors;
    colour[ImGuiCol_Text] = grey(0.93f);
    colour[ImGuiCol_TextDisabled] = grey(0.58f);
    colour[ImGuiCol_WindowBg] = grey(0.105f, 0.90f);
    colour[ImGuiCol_ChildBg] = grey(0.15f, 0.45f);
    colour[ImGuiCol_PopupBg] = grey(0.12f, 0.97f);
    colour[ImGuiCol_Border] = grey(0.32f, 0.5f);
    colour[ImGuiCol_FrameBg] = grey(0.205f, 0.95f);
    colour[ImGuiCol_FrameBgHovered] = grey(0.26f);
    colour[ImGuiCol_FrameBgActive] = grey(0.30f);
    colour[ImGuiCol_TitleBg] = colour[ImGuiCol_TitleBgActive] = colour[ImGuiCol_TitleBgCollapsed] =
        grey(0.125f, 0.95f);
    colour[ImGuiCol_MenuBarBg] = grey(0.125f, 0.95f);
    colour[ImGuiCol_ScrollbarBg] = grey(0.1f, 0.0f);
    colour[ImGuiCol_ScrollbarGrab] = grey(0.32f, 0.8f);
    colour[ImGuiCol_ScrollbarGrabHovered] = grey(0.42f);
    colour[ImGuiCol_ScrollbarGrabActive] = grey(0.5f);
    colour[ImGuiCol_CheckMark] = colour[ImGuiCol_SliderGrabActive] = bright;
    colour[ImGuiCol_SliderGrab] = accent;
    colour[ImGuiCol_Button] = grey(0.235f, 0.95f);
    colour[ImGuiCol_ButtonHovered] = ImVec4(0.19f, 0.45f, 0.49f, 1);
    colour[ImGuiCol_ButtonActive] = accent;
    colour[ImGuiCol_Header] = ImVec4(0.19f, 0.45f, 0.49f, 0.55f);
    colour[ImGuiCol_HeaderHovered] = ImVec4(0.19f, 0.45f, 0.49f, 0.85f);
    colour[ImGuiCol_HeaderActive] = accent;
    colour[ImGuiCol_Separator] = grey(0.30f, 0.6f);
    colour[ImGuiCol_SeparatorHovered] = colour[ImGuiCol_ResizeGripHovered] = soft;
    colour[ImGuiCol_SeparatorActive] = colour[ImGuiCol_ResizeGripActive] = accent;
    colour[ImGuiCol_ResizeGrip] = grey(0.3f, 0.25f);
    colour[ImGuiCol_Tab] = grey(0.17f);
    colour[ImGuiCol_TabHovered] = ImVec4(0.19f, 0.45f, 0.49f, 1);
    colour[ImGuiCol_TabActive] = ImVec4(0.16f, 0.38f, 0.42f, 1);
    colour[ImGuiCol_PlotLines] = colour[ImGuiCol_PlotHistogram] = accent;
    colour[ImGuiCol_PlotLinesHovered] = colour[ImGuiCol_PlotHistogramHovered] = bright;
    colour[ImGuiCol_TableHeaderBg] = grey(0.17f);
    colour[ImGuiCol_TableBorderStrong] = grey(0.30f, 0.7f);
    colour[ImGuiCol_TableBorderLight] = grey(0.24f, 0.6f);
    colour[ImGuiCol_TableRowBgAlt] = grey(0.5f, 0.05f);
    colour[ImGuiCol_TextSelectedBg] = soft;
    colour[ImGuiCol_NavHighlight] = accent;
    colour[ImGuiCol_ModalWindowDimBg] = grey(0.02f, 0.55f);
    style.ScaleAllSizes(scale);
    ImGui::GetStyle() = style;
}

gpu::Image to_image(gpu::Device& device, uint32_t width, uint32_t height, const uint8_t* rgba,
                    const char* name) {
    gpu::ImageSettings settings;
    settings.width = width;
    settings.height = height;
    gpu::Image image(device, settings, name);
    gpu::upload(device, image, std::as_bytes(std::span(rgba, size_t{width} * height * 4)));
    return image;
}

}  // namespace

UiLayer::UiLayer(gpu::Device& device, const base::fs::path& shaders, vk::Format colour)
    : device_(device),
      sampler_(gpu::make_sampler(device, vk::Filter::eLinear, vk::SamplerAddressMode::eClampToEdge)) {
    gpu::GraphicsSettings settings;
    settings.vertex = shaders / "ui.vert.spv";
    settings.fragment = shaders / "ui.frag.spv";
    settings.bindings = {vk::DescriptorType::eCombinedImageSampler};
    settings.push_bytes = 16;
    settings.vertex_buffers = {{0, sizeof(ImDrawVert), vk::VertexInputRate::eVertex}};
    settings.attributes = {{0, 0, vk::Format::eR32G32Sfloat, offsetof(ImDrawVert, pos)},
                           {1, 0, vk::Format::eR32G32Sfloat, offsetof(ImDrawVert, uv)},
                           {2, 0, vk::Format::eR8G8B8A8Unorm, offsetof(ImDrawVert, col)}};
    settings.depth_test = settings.depth_write = false;
    settings.blend = gpu::Blend::over;
    settings.colour = colour;
    pipeline_ = gpu::make_graphics_pipeline(device, settings);
    ImGui::GetIO().BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
}

void UiLayer::set_scale(float scale) {
    device_.wait_idle();
    ImGuiIO& io = ImGui::GetIO();
    io.Fonts->Clear();
    const std::string regular = font_file("Inter-Regular.otf", "NotoSans-Regular.ttf");
    const std::string strong = font_file("Inter-SemiBold.otf", "NotoSans-Bold.ttf");
    if (regular.empty())
        spdlog::warn("neither Inter nor Noto Sans is installed (fonts-inter): texts use a built-in font");
    const struct {
        Font font;
        const std::string& file;
        float pixels;
    } wanted[] = {{Font::body, regular, 17},
                  {Font::strong, strong, 17},
                  {Font::small, regular, 14},
                  {Font::title, strong, 24},
                  {Font::display, strong, 38}};
    for (const auto& w : wanted) fonts_[static_cast<size_t>(w.font)] = add_font(w.file, w.pixels * scale);
    unsigned char* texels = nullptr;
    int width = 0, height = 0;
    io.Fonts->GetTexDataAsRGBA32(&texels, &width, &height);
    font_image_ =
        std::make_unique<gpu::Image>(to_image(device_, uint32_t(width), uint32_t(height), texels, "font"));
    io.Fonts->SetTexID(nullptr);
    io.Fonts->ClearTexData();
    set_style(scale);
}

void* UiLayer::add_picture(const base::Image& image) {
    CHECK(image.width > 0 && image.rgba.size() == size_t{4} * image.width * image.height, image.width,
          image.height);
    auto picture = std::make_unique<gpu::Image>(
        to_image(device_, image.width, image.height, image.rgba.data(), "picture"));
    auto free = std::ranges::find_if(pictures_, [](const auto& p) { return !p; });
    if (free == pictures_.end()) free = pictures_.insert(free, nullptr);
    *free = std::move(picture);
    return reinterpret_cast<void*>(free - pictures_.begin() + 1);
}

void UiLayer::remove_picture(void* id) {
    const auto index = reinterpret_cast<uintptr_t>(id);
    CHECK(index >= 1 && index <= pictures_.size(), index);
    device_.wait_idle();
    pictures_[index - 1].reset();
}

void UiLayer::draw(vk::CommandBuffer commands, const ImDrawData& data, uint32_t width, uint32_t height) {
    if (data.TotalVtxCount == 0) return;
    frame_ = (frame_ + 1) % (gpu::kFramesInFlight + 1);
    Frame& frame = frames_[frame_];
    device_.wait(frame.submission);
    frame.submission = device_.submission();
    const uint64_t vertex_bytes = uint64_t(data.TotalVtxCount) * sizeof(ImDrawVert),
                   index_bytes = uint64_t(data.TotalIdxCount) * sizeof(ImDrawIdx);
    if (frame.vertices.size() < vertex_bytes)
        frame.vertices = gpu::Buffer(device_, vertex_bytes * 2, gpu::Memory::upload, "ui vertices");
    if (frame.indices.size() < index_bytes)
        frame.indices = gpu::Buffer(device_, index_bytes * 2, gpu::Memory::upload, "ui indices");
    uint64_t vertex_at = 0, index_at = 0;
    for (int i = 0; i < data.CmdListsCount; ++i) {
        const ImDrawList& list = *data.CmdLists[i];
        frame.vertices.write<ImDrawVert>({list.VtxBuffer.Data, size_t(list.VtxBuffer.Size)}, vertex_at);
        frame.indices.write<ImDrawIdx>({list.IdxBuffer.Data, size_t(list.IdxBuffer.Size)}, index_at);
        vertex_at += uint64_t(list.VtxBuffer.Size) * sizeof(ImDrawVert);
        index_at += uint64_t(list.IdxBuffer.Size) * sizeof(ImDrawIdx);
    }

    commands.setViewport(0, vk::Viewport(0, 0, float(width), float(height), 0, 1));
    commands.bindVertexBuffers(0, frame.vertices.handle(), vk::DeviceSize{0});
    commands.bindIndexBuffer(frame.indices.handle(), 0,
                             sizeof(ImDrawIdx) == 2 ? vk::IndexType::eUint16 : vk::IndexType::eUint32);
    const ImVec2 scale = data.FramebufferScale;
    const float push[4] = {2 / data.DisplaySize.x, 2 / data.DisplaySize.y,
                           -1 - data.DisplayPos.x * 2 / data.DisplaySize.x,
                           -1 - data.DisplayPos.y * 2 / data.DisplaySize.y};
    int first_vertex = 0;
    uint32_t first_index = 0;
    for (int i = 0; i < data.CmdListsCount; ++i) {
        const ImDrawList& list = *data.CmdLists[i];
        for (const ImDrawCmd& command : list.CmdBuffer) {
            if (command.UserCallback) continue;
            const float left = std::max((command.ClipRect.x - data.DisplayPos.x) * scale.x, 0.0f);
            const float top = std::max((command.ClipRect.y - data.DisplayPos.y) * scale.y, 0.0f);
            const float right = std::min((command.ClipRect.z - data.DisplayPos.x) * scale.x, float(width));
            const float bottom = std::min((command.ClipRect.w - data.DisplayPos.y) * scale.y, float(height));
            if (right <= left || bottom <= top) continue;
            const auto index = reinterpret_cast<uintptr_t>(command.GetTexID());
            const gpu::Image* picture = index == 0                  ? font_image_.get()
                                        : index <= pictures_.size() ? pictures_[index - 1].get()
                                                                    : nullptr;
            if (!picture) continue;
            commands.setScissor(0, vk::Rect2D({int32_t(left), int32_t(top)},
                                              {uint32_t(right - left), uint32_t(bottom - top)}));
            gpu::bind(commands, pipeline_, {{*picture, *sampler_}}, gpu::bytes_of(push));
            commands.drawIndexed(command.ElemCount, 1, first_index + command.IdxOffset,
                                 first_vertex + int(command.VtxOffset), 0);
        }
        first_index += uint32_t(list.IdxBuffer.Size);
        first_vertex += list.VtxBuffer.Size;
    }
}

}  // namespace render
