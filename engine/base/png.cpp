#include "engine/base/png.h"

#include "engine/base/foreign_words.h"

#include <png.h>

#include <algorithm>
#include <cstdlib>

namespace base {

namespace {

/// Writing into memory cannot fail on valid input.
[[noreturn]] void refuse_png(png_structp, png_const_charp message) {
    CHECK(false, message);
    std::abort();
}

void append_png(png_structp writer, png_bytep data, size_t size) {
    auto& bytes = *static_cast<std::vector<uint8_t>*>(png_get_io_ptr(writer));
    bytes.insert(bytes.end(), data, data + size);
}

}  // namespace

std::vector<uint8_t> encode_png(const Image& image) {
    CHECK(image.rgba.size() == size_t{4} * image.width * image.height);
    bool opaque = true;
    for (size_t i = 3; i < image.rgba.size(); i += 4) opaque &= image.rgba[i] == 255;
    std::vector<uint8_t> pixels = image.rgba;
    const size_t channels = opaque ? 3 : 4;
    if (opaque) {
        for (size_t i = 0; i < pixels.size() / 4; ++i) std::copy_n(&pixels[4 * i], 3, &pixels[3 * i]);
    }
    std::vector<png_bytep> rows;
    for (size_t y = 0; y < image.height; ++y) rows.push_back(pixels.data() + y * image.width * channels);

    png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, refuse_png, nullptr);
    CHECK(writer != nullptr);
    png_infop info = png_create_info_struct(writer);
    CHECK(info != nullptr);
    std::vector<uint8_t> bytes;
    png_set_write_fn(writer, &bytes, append_png, nullptr);
    png_set_IHDR(writer, info, image.width, image.height, 8, opaque ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGBA,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB(writer, info, PNG_sRGB_INTENT_PERCEPTUAL);
    png_set_compression_level(writer, 9);
    png_set_rows(writer, info, rows.data());
    png_write_png(writer, info, PNG_TRANSFORM_IDENTITY, nullptr);
    png_destroy_write_struct(&writer, &info);
    return bytes;
}

Result<Image> decode_png(std::span<const uint8_t> bytes, const std::string& name) {
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    if (!png_image_begin_read_from_memory(&header, bytes.data(), bytes.size()))
        return error("{}: not a readable PNG: {}", name, foreign_words(error("it is cut off, damaged or another kind of file"), header.message));
    header.format = PNG_FORMAT_RGBA;
    if (uint64_t{header.width} * header.height > 100'000'000u) {
        png_image_free(&header);
        return error("{}: {}x{} pixels are too many", name, header.width, header.height);
    }
    Image image{header.width, header.height, std::vector<uint8_t>(PNG_IMAGE_SIZE(header))};
    if (!png_image_finish_read(&header, nullptr, image.rgba.data(), 0, nullptr))
        return error("{}: not a readable PNG: {}", name, foreign_words(error("it is cut off, damaged or another kind of file"), header.message));
    return image;
}

}  // namespace base
