#pragma once

// The page that layouts are made on, and what the window shows of it. Texts that are larger than the window has room for
// are not cut: the page is then larger than the window, which shows a part of it, as a magnifier does. That part goes
// where the pointer pushes at an edge, where the keyboard's focus is, and where keys send it.

#include <glm/vec2.hpp>

namespace render {

/// From the upper left of a page to the lower right, pixels.
struct Region {
    glm::dvec2 from{0}, to{0};
};

class Page {
  public:
    /// `room`: pixels that the layout needs at least. What is shown stays within the page.
    void fit(glm::dvec2 window, glm::dvec2 room);
    /// The pointer rests for `seconds` at `pointer` (pixels from the window's upper left) with nothing held: in a band of
    /// `edge` pixels along a side it pushes that way, the more the nearer, at most by 1.5 windows a second. Outside the
    /// window it does nothing.
    void push(glm::dvec2 pointer, double edge, double seconds);
    /// By shares of the window.
    void turn(glm::dvec2 shares);
    /// The least move that brings `region` into view with `margin` pixels round it; of one larger than the window, its
    /// upper left.
    void show(const Region& region, double margin);
    /// The middle of the page, or its upper left.
    void begin(bool middle);

    glm::dvec2 size() const { return size_; }
    glm::dvec2 at() const { return at_; }  ///< of the window's upper left on the page, whole pixels
    Region seen() const { return {at_, at_ + window_}; }
    bool whole() const { return size_ == window_; }  ///< all of it is in the window

  private:
    void keep_within();

    glm::dvec2 window_{1}, size_{1};
    glm::dvec2 exact_{0}, at_{0};
};

}  // namespace render
