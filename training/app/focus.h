#pragma once

// Keyboard focus over all that can be pressed: Tab and Shift+Tab go round in the order of reading, Enter and Space press, and a
// ring shows where it is. The next move of the pointer puts it away, and so does an arrow key. Lists that have their own marked row, led by the
// arrows, stay out of it, as does a screen whose Tab means something else and whose controls all have a key (rest()).

#include "engine/render/window.h"

#include <imgui.h>

#include <optional>
#include <span>
#include <vector>

namespace app {

class FocusRing {
  public:
    /// Keys of this frame move it among the controls of the last one.
    /// `put_away`: the pointer moved, or somebody types.
    void begin_frame(std::span<const render::KeyPress> keys, bool put_away);
    /// One that can be pressed lies here, in the present ImGui window. True when a key presses it now; the ring is drawn round it
    /// while it has the focus.
    bool control(ImGuiID id, ImVec2 from, ImVec2 to, float unit);
    /// Somebody types into this control: the next Tab goes on from it.
    void goes_on_from(ImGuiID id) { typed_into_ = id; }
    /// What follows lies over the rest, which cannot be reached as long as it does.
    void begin_front() { front_ = true; }
    void end_front() { front_ = false; }
    /// It closes in this frame: the keys of the next one are for the rest.
    void leave_front() { std::erase_if(now_, [](const Control& one) { return one.front; }); }
    /// This screen keeps Tab for itself, but for what lies in front of it. To be told each frame.
    void rest() { resting_ = true; }
    /// Something that the keyboard chose lies here, in the present ImGui window: it is to be seen.
    void bring(ImVec2 from, ImVec2 to);
    /// What was to be seen in this frame, the last of it: of the page that layouts are made on.
    const std::optional<render::Region>& brought() const { return brought_; }
    /// The key presses a control, so it means nothing else.
    bool takes(int key) const;

  private:
    struct Control {
        ImGuiID id;
        bool front;
    };
    void step(bool back);
    bool reachable(const Control& control) const { return control.front == fronted_; }

    std::vector<Control> controls_, now_;  ///< of the last frame; of this one so far
    ImGuiID focused_ = 0, typed_into_ = 0;
    bool front_ = false, fronted_ = false;  ///< within begin_front; the last frame had such
    bool resting_ = false, rested_ = false;
    bool pressed_ = false, moved_ = false;
    int follows_ = 0;  ///< frames for which the page still follows the focus, as its list scrolls first
    std::optional<render::Region> brought_;
};

}  // namespace app
