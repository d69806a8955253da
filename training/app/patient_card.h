#pragma once

// What the patient brings along: the conditions found on this face, each with what it is, what to do about it
// and how sure that is, as content/conditions tells it. An entry that is pointed at, by mouse or key, is
// outlined on the face; a lesion that is pointed at on the face is named.

#include "engine/face/conditions.h"
#include "training/app/widgets.h"

#include <glm/vec2.hpp>

namespace app {

class PatientCard {
  public:
    /// Logs kinds that cannot be read, and shows nothing then.
    PatientCard(const base::Places& places, std::shared_ptr<const face::FaceAsset> face);

    bool empty() const { return found_.empty(); }
    /// Of the list, in pixels, when `room` pixels are to be had.
    float height(const Style& style, float room) const;
    /// The list over the width of the window's content.
    void draw_list(const Style& style, const Words& words, float height);
    /// Chooses the next entry, after the last none.
    void step();
    /// Told once a frame after the list is drawn: the skin under the pointer, or nothing while there is none
    /// or the pen is down.
    void look_at(std::optional<glm::dvec3> place, glm::dvec3 normal, double seconds);
    /// What is to know of the entry in hand, with the note's upper left corner at `at`, or in ImGui's window of this moment.
    void draw_notes(const Style& style, const Words& words, ImVec2 at) const;
    void list_notes(const Style& style, const Words& words) const;
    /// The name of a lesion that the pointer rests on, beside it.
    void draw_name(const Style& style, ImVec2 pointer) const;
    /// Cells to outline, rising.
    const std::vector<uint32_t>& cells() const { return cells_; }

  private:
    struct Found {
        face::ConditionKind kind;
        size_t places = 0;
        std::vector<uint32_t> cells;  ///< rising
    };
    const Found* told() const;
    struct Line {
        ImFont* font;
        ImU32 shade;
        std::string words;
    };
    static std::vector<Line> lines_of(const Style& style, const Words& words, const face::ConditionKind& kind);
    void outline();

    std::shared_ptr<const face::FaceAsset> face_;
    std::vector<Found> found_;      ///< what forbids most first
    std::optional<size_t> chosen_;  ///< by key or click
    std::optional<size_t> hovered_;
    uint16_t lesion_ = 0;  ///< under the pointer, as in cell_lesion
    double rested_ = 0;    ///< s that it has been
    std::vector<uint32_t> cells_;
    std::optional<std::pair<size_t, uint16_t>> outlined_;
};

}  // namespace app
