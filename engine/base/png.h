#pragma once

// PNG in and out (libpng). 8-bit RGBA, rows top first.

#include "engine/base/files.h"

#include <cstdint>
#include <span>
#include <vector>

namespace base {

struct Image {
    uint32_t width = 0, height = 0;
    std::vector<uint8_t> rgba;  ///< 4 * width * height bytes, sRGB, rows from the top
};

std::vector<uint8_t> encode_png(const Image& image);
Result<Image> decode_png(std::span<const uint8_t> bytes, const std::string& name);

}  // namespace base
