#pragma once

// A set of square tiles of a picture: parts that need work of some kind.

#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>
#include <glm/vec4.hpp>
#include <vulkan/vulkan.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace render {

class Tiles {
  public:
    static constexpr uint32_t kSize = 16;  ///< pixels along a side

    struct Range {
        int left, top, right,
            bottom;  ///< columns and rows, the last ones included; none where left > right or top > bottom
    };

    Tiles() = default;  ///< of a picture without pixels
    Tiles(uint32_t width, uint32_t height);

    void mark_all();
    /// Marks what a sphere covers on the picture seen through `clip`, and two pixels around it.
    void mark(const glm::mat4& clip, glm::vec3 centre, float radius);
    /// The same of a box that reaches `half` to both sides of its centre.
    void mark(const glm::mat4& clip, glm::vec3 centre, glm::vec3 half);
    /// Marks a rectangle of pixels.
    void mark(const vk::Rect2D& place);
    /// Marks `count` rows of tiles from `first` on.
    void mark_rows(uint32_t first, uint32_t count);
    /// Adds, or keeps alone, what is marked in a set of the same picture.
    void add(const Tiles& other);
    void keep(const Tiles& other);
    /// Takes away the tiles that lie wholly within a rectangle of pixels.
    void remove_within(const vk::Rect2D& place);
    /// With the eight neighbours of each tile.
    Tiles grown() const;

    /// True when `mark` with the same arguments would mark a tile that is marked.
    bool touches(const glm::mat4& clip, glm::vec3 centre, glm::vec3 half) const;
    bool marked(uint32_t column, uint32_t row) const { return marked_[size_t{row} * columns_ + column] != 0; }
    uint32_t columns() const { return columns_; }
    uint32_t rows() const { return rows_; }
    uint32_t count() const;
    /// What `mark` with the same arguments marks; nothing where it marks all, since a part lies behind the
    /// eye.
    std::optional<Range> range(const glm::mat4& clip, glm::vec3 centre, float radius) const;
    std::optional<Range> range(const glm::mat4& clip, glm::vec3 centre, glm::vec3 half) const;
    bool operator==(const Tiles&) const = default;
    /// Left, top, right, bottom in pixels of blocks of marked tiles, which do not overlap.
    std::vector<glm::vec4> rectangles() const;

  private:
    Range pixels(glm::vec2 low, glm::vec2 high) const;
    void mark(const std::optional<Range>& range);

    uint32_t width_ = 0, height_ = 0, columns_ = 0, rows_ = 0;
    std::vector<uint8_t> marked_;
};

}  // namespace render
