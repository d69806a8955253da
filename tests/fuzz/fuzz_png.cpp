#include "engine/base/png.h"
#include "engine/base/random.h"
#include "tests/fuzz/fuzz_target.h"

#include <algorithm>

namespace fuzz {

namespace {

uint32_t big_endian(std::span<const uint8_t> bytes) {
    return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

/// CRC-32 as PNG uses it (W3C PNG 3rd edition, annex D).
uint32_t crc(std::span<const uint8_t> bytes) {
    uint32_t sum = 0xffffffffu;
    for (uint8_t byte : bytes) {
        sum ^= byte;
        for (int bit = 0; bit < 8; ++bit) sum = sum & 1 ? 0xedb88320u ^ sum >> 1 : sum >> 1;
    }
    return ~sum;
}

/// Mends every chunk's check sum, so that changes reach what lies behind it.
Bytes mend(std::span<const uint8_t> bytes) {
    Bytes mended(bytes.begin(), bytes.end());
    std::span<uint8_t> rest(mended);
    rest = rest.subspan(std::min<size_t>(8, rest.size()));
    while (rest.size() >= 12) {
        size_t length = big_endian(rest);
        if (length > rest.size() - 12) break;
        uint32_t sum = crc(rest.subspan(4, length + 4));
        for (size_t i = 0; i < 4; ++i) rest[8 + length + i] = static_cast<uint8_t>(sum >> (24 - 8 * i));
        rest = rest.subspan(length + 12);
    }
    return mended;
}

/// Sizes that are let through but only cost memory and time.
bool large(std::span<const uint8_t> bytes) {
    if (bytes.size() < 24) return false;
    uint64_t pixels = uint64_t{big_endian(bytes.subspan(16))} * big_endian(bytes.subspan(20));
    return pixels > 250'000 && pixels <= 100'000'000;
}

bool decodes(std::span<const uint8_t> bytes) {
    base::Result<base::Image> image = base::decode_png(bytes, "fuzz.png");
    if (!image) {
        CHECK(!image.error().message.empty());
        return false;
    }
    CHECK(image->width > 0 && image->height > 0);
    CHECK(image->rgba.size() == size_t{4} * image->width * image->height, image->rgba.size());
    return true;
}

bool accepts(std::span<const uint8_t> bytes) {
    if (large(bytes)) return false;
    bool as_given = decodes(bytes);
    return decodes(mend(bytes)) || as_given;
}

base::Image some_image(uint32_t width, uint32_t height) {
    base::Random random(width);
    base::Image image{width, height, Bytes(size_t{4} * width * height)};
    for (uint8_t& value : image.rgba) value = static_cast<uint8_t>(random.below(256));
    return image;
}

}  // namespace

Target png() {
    return {"png", {base::encode_png(some_image(7, 5)), base::encode_png(some_image(1, 1))}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(png)
