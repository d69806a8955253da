#pragma once

// The application's screens: start, loading, practice, score. Each lays out one frame at a time and says
// which screen comes next; application.cpp runs the loop around them.

#include "engine/render/window.h"
#include "training/app/live_session.h"
#include "training/app/pictures.h"
#include "training/app/widgets.h"

#include <functional>
#include <map>
#include <memory>

namespace app {

/// Numbers of keys that carry no letter (GLFW's); letters and digits are capital ASCII, Space too.
namespace keys {
inline constexpr int kEscape = 256, kEnter = 257, kRight = 262, kLeft = 263, kDown = 264, kUp = 265,
                     kPageUp = 266, kPageDown = 267, kF12 = 301, kPadEnter = 335;
}

/// What every screen works with.
struct Desk {
    const Options& options;
    render::Window& window;
    render::Renderer* renderer = nullptr;  ///< null until the first screen has been shown
    const Words& words;
    Style style;
    base::fs::path sessions;                 ///< folder of recordings
    std::string problem;                     ///< one sentence shown on top until the next screen
    std::map<std::string, void*> portraits;  ///< pictures of cases practised before, by case id, for ImGui

    /// True when `key` went down in this frame; with `repeat` also while it is held and repeats.
    bool pressed(int key, bool repeat = false) const;
    float width() const { return ImGui::GetIO().DisplaySize.x; }
    float height() const { return ImGui::GetIO().DisplaySize.y; }
};

class Screen {
  public:
    virtual ~Screen() = default;
    /// Lays out one frame. Returns the screen to show next, or null to stay.
    virtual std::unique_ptr<Screen> frame(Desk& desk) = 0;
    /// The picture behind the controls; null for a plain background.
    virtual const render::SceneView* scene() const { return nullptr; }
    /// Design pixels at the left and right that panels take; a notice keeps clear of them.
    virtual ImVec2 taken() const { return {0, 0}; }
};

/// What loading ends in, made on the window's thread, which alone may touch the renderer.
using Arrival = std::function<std::unique_ptr<Screen>(Desk&)>;
/// Done on a worker thread.
using Work = std::function<base::Result<Arrival>(const face::Progress&)>;

/// Keeps a small picture of the face on stage for the start screen, in the cache and on the desk. What fails
/// is only logged: a case without a portrait shows an emblem.
void keep_portrait(Desk& desk, const training::Stage& stage);
/// Loads the portrait of a case, if there is one that is not on the desk yet.
void load_portrait(Desk& desk, const std::string& case_id);

std::unique_ptr<Screen> start_screen(Desk& desk);
/// Shows `title` and progress until `work` is done; its error leads back to the start screen.
std::unique_ptr<Screen> loading_screen(std::string title, Work work);
/// Loads a case, then practises it.
std::unique_ptr<Screen> practice_case(Desk& desk, const std::string& case_id, const std::string& name);
/// Loads and scores a recording, then shows it.
std::unique_ptr<Screen> open_session(Desk& desk, const base::fs::path& file);
std::unique_ptr<Screen> practice_screen(Desk& desk, std::shared_ptr<const training::Stage> stage,
                                        training::Rubric rubric);
/// `on_stage`: the renderer already shows this session.
std::unique_ptr<Screen> score_screen(Desk& desk, std::shared_ptr<const ScoredSession> session, bool on_stage);

}  // namespace app
