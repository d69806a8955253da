#pragma once

// The instructor's notes beside a session that is looked at: those that stand, and a field for a new one, signed with the name
// that is remembered in the settings.

#include "training/app/screens.h"
#include "training/core/notes.h"

#include <array>
#include <optional>
#include <vector>

namespace app {

class ReviewNotes {
  public:
    /// `file`: the recording; empty = the session has none, and takes no notes.
    explicit ReviewNotes(base::fs::path file);

    const std::vector<training::Note>& standing() const { return standing_; }
    /// Opens the field for a note on a moment and what lay under the tip then.
    void begin(Desk& desk, uint32_t time_us, std::optional<uint32_t> cell);
    /// Opens it for another wording of the chosen note, which the new one replaces.
    void correct(Desk& desk);
    /// Takes the chosen note back; where nobody has signed on this machine yet, opens the field for the name first.
    void take_back(Desk& desk);
    void cancel() { draft_.reset(); }
    bool writing() const { return draft_.has_value(); }
    /// The one that is told in full.
    void choose(int64_t id);

    float height(const Style& style) const;
    struct Wish {
        bool begin = false;
        std::optional<training::Note> go_to;
    };
    /// In ImGui's window of this moment.
    Wish draw(Desk& desk);
    /// Pins on the face, over the picture of `camera`.
    void draw_pins(const Desk& desk, const render::Camera& camera, const face::FaceAsset& face) const;

  private:
    const training::Note* chosen() const;
    void begin(Desk& desk, training::Note draft, const std::string& text);
    float buttons_height(const Style& style) const;
    void draw_buttons(Desk& desk, float width, Wish& wish);
    void read();
    void keep(Desk& desk);
    void draw_list(Desk& desk, Wish& wish);
    void draw_note(Desk& desk, const training::Note& note, Wish& wish);
    void draw_field(Desk& desk);

    base::fs::path file_;
    std::vector<training::Note> standing_;
    std::optional<base::Error> problem_;  ///< why they cannot be read
    std::optional<training::Note> draft_;
    std::array<char, training::kMostAuthorBytes + 1> author_{};
    std::array<char, training::kMostNoteBytes + 1> text_{};
    enum class Field : uint8_t { none, author, text } focus_ = Field::none, typing_ = Field::none;  ///< to go to; typed into
    int64_t chosen_ = 0;
    bool bring_ = false;  ///< it is to be seen
    float listed_ = 0;  ///< px that the list's notes took in the last frame
};

}  // namespace app
