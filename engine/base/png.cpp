#include "engine/base/png.h"

#include <png.h>

namespace base {

std::vector<uint8_t> encode_png(const Image& image) {
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    header.width = image.width;
    header.height = image.height;
    header.format = PNG_FORMAT_RGBA;
    png_alloc_size_t size = 0;
    CHECK(image.rgba.size() == size_t{4} * image.width * image.height);
    CHECK(png_image_write_get_memory_size(header, size, 0, image.rgba.data(), 0, nullptr));
    std::vector<uint8_t> bytes(size);
    CHECK(png_image_write_to_memory(&header, bytes.data(), &size, 0, image.rgba.data(), 0, nullptr), header.message);
    bytes.resize(size);
    return bytes;
}

Result<Image> decode_png(std::span<const uint8_t> bytes, const std::string& name) {
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    if (!png_image_begin_read_from_memory(&header, bytes.data(), bytes.size()))
        return error("{}: not a readable PNG: {}", name, header.message);
    header.format = PNG_FORMAT_RGBA;
    if (uint64_t{header.width} * header.height > 100'000'000u) {
        png_image_free(&header);
        return error("{}: {}x{} pixels are too many", name, header.width, header.height);
    }
    Image image{header.width, header.height, std::vector<uint8_t>(PNG_IMAGE_SIZE(header))};
    if (!png_image_finish_read(&header, nullptr, image.rgba.data(), 0, nullptr))
        return error("{}: not a readable PNG: {}", name, header.message);
    return image;
}

}  // namespace base
