#pragma once

// The application's screens: start, loading, practice, score. Each lays out one frame at a time and says
// which screen comes next; application.cpp runs the loop around them.

#include "engine/render/window.h"
#include "training/app/background.h"
#include "training/app/content_notice.h"
#include "training/app/live_session.h"
#include "training/app/pens.h"
#include "training/app/pictures.h"
#include "training/app/settings.h"
#include "training/app/sounds.h"
#include "training/app/stillness.h"
#include "training/app/widgets.h"

#include <functional>
#include <map>
#include <memory>
#include <set>

namespace app {

/// Numbers of keys that carry no letter (GLFW's); letters and digits are capital ASCII, Space too.
namespace keys {
inline constexpr int kEscape = 256, kEnter = 257, kTab = 258, kBackspace = 259, kRight = 262, kLeft = 263, kDown = 264, kUp = 265,
                     kPageUp = 266, kPageDown = 267, kF12 = 301, kPadEnter = 335;
}

/// Something loading on a worker; ends by itself when left.
struct Loading;
class Visit;
struct ExamSitting;

/// A part of the page, px.
struct Seen {
    float left, right, top, foot;
};

/// What every screen works with.
struct Desk {
    const Options& options;
    render::Window& window;
    render::Renderer* renderer = nullptr;  ///< null until the first screen has been shown
    const Words& words;
    Style style;
    base::fs::path sessions;                 ///< folder of recordings
    std::string problem;                     ///< shown on top until the next screen, in the language chosen: a sentence, and files below it
    std::map<std::string, void*> portraits;  ///< pictures of cases, by case id, for ImGui
    std::vector<Language> languages;         ///< to choose from
    Settings settings;                       ///< kept whenever they change
    bool settings_open = false;              ///< their panel lies over the screen, or the list of `content`
    std::set<std::string> portrayed;         ///< cases whose picture was made since the program began
    std::map<std::string, std::shared_ptr<Loading>> loading;  ///< cases being made ready, by id

    std::optional<render::Tier> suits;       ///< the tier that suits the device, once it is known
    FocusRing focus = {};
    Pens pens = {};
    Sounds sounds = {};
    float foot_taken = 0;                    ///< px at the foot of what is seen that a screen's words took in this frame
    float head_taken = 0;                    ///< px at its head that a screen's controls took; a notice stands below them
    int settings_page = 0;                   ///< of that panel, from the left
    std::string device = {};                 ///< to practise with; empty = the one that the case prescribes
    std::string rubric = {};                 ///< file of an own rubric to practise by; empty = the one that the case prescribes
    std::string rubric_named = {};           ///< what that one is called on screen
    Aside aside = {};                        ///< work of screens that were left
    std::shared_ptr<ExamSitting> exam = {};  ///< that is held in this window; none: practice
    Column column = {};
    ContentNotice content = {};
    /// Too little room for panels side by side, which are laid out for render::Window::kRoom.
    bool narrow() const;
    /// Pixels that the column takes at the left, the picture has the rest.
    float column_width() const;
    /// The tier to draw with: chosen by the trainee, or what suits the device.
    render::Tier tier() const;
    /// Shows why something cannot be done as `problem`, in the language chosen: files by their names, and in lines below where they lie.
    void refuse(const base::Error& error);
    /// Finds what suits: remembered from an earlier start, else measured on `face`, which is on stage, in two
    /// seconds at most.
    void find_tier(const face::FaceAsset& face);

    /// True when `key` went down in this frame; with `repeat` also while it is held and repeats. Never while a panel lies
    /// over the screen.
    bool pressed(int key, bool repeat = false) const;
    bool pressed_in_panel(int key, bool repeat = false) const;
    /// How often `on` went down in this frame, repeats among them, less how often `back` did: a slow frame sees several presses.
    int steps(int on, int back) const;
    /// The same as `pressed`, with Shift held or not at that moment.
    bool pressed_with_shift(int key, bool shift, bool repeat = false) const;
    /// How far a gliding camera goes in this frame, s.
    double motion_seconds() const;
    float width() const { return ImGui::GetIO().DisplaySize.x; }
    float height() const { return ImGui::GetIO().DisplaySize.y; }
    /// What the window shows between `left` and `right` of the page; all that it shows where that is too little for words.
    Seen seen(float left, float right) const;
};

class Screen {
  public:
    virtual ~Screen() = default;
    /// Lays out one frame. Returns the screen to show next, or null to stay.
    virtual std::unique_ptr<Screen> frame(Desk& desk) = 0;
    /// The picture behind the controls; null for a plain background.
    virtual const render::SceneView* scene() const { return nullptr; }
    /// A second picture beside it, of another renderer; usually none.
    virtual render::Beside beside() const { return {}; }
    /// The window is asked to close. False once where work would be lost with it, which is told; who asks again loses it.
    virtual bool may_close(Desk&) { return true; }
    /// Design pixels at the left and right that panels take where they stand side by side; a notice keeps clear of them.
    virtual ImVec2 taken() const { return {0, 0}; }
};

/// The one column of a screen that is narrow: what panels hold until end_column stands in it, one below the other. It scrolls by
/// wheel, by its bar, with Ctrl and an arrow, and to where the keyboard's focus is. What cannot be done is told at its top.
/// `on_top`: over all that is not.
void begin_column(Desk& desk, const char* id, ImVec2 at, ImVec2 size, bool on_top = false);
void end_column(Desk& desk);
/// Over the whole window, or at the left of a picture.
void begin_whole_column(Desk& desk, const char* id);
void begin_side_column(Desk& desk, const char* id);
/// A list beside others, in ImGui's window of this moment and so tall, px: Ctrl and an arrow or a gamepad's right stick scroll it, as they
/// do a column.
void scroll_with_keys(Desk& desk, const char* id, float height);

/// What loading ends in, made on the window's thread, which alone may touch the renderer.
struct Arrival {
    std::function<std::unique_ptr<Screen>(Desk&)> screen;
    std::function<void(Desk&)> portrait = {};  ///< of a case: keeps its picture, and stays
};
/// Done on a worker thread.
using Work = std::function<base::Result<Arrival>(const face::Progress&)>;

/// Keeps a small picture of the face on stage for the start screen, in the cache and on the desk. What fails
/// is only logged: a case without a portrait shows an emblem.
void keep_portrait(Desk& desk, const training::Stage& stage);
/// Loads the portrait of a case, if there is one that is not on the desk yet.
void load_portrait(Desk& desk, const std::string& case_id);

std::unique_ptr<Screen> start_screen(Desk& desk);
/// The screen that leaving or an error leads to.
using Back = std::function<std::unique_ptr<Screen>(Desk&)>;
/// Shows `title` and progress until `work` is done; its error leads back, to the start screen where no `back` is told.
/// `may_leave`: Escape does too, and the work is given up.
std::unique_ptr<Screen> loading_screen(std::string title, Work work, bool may_leave, Back back = {});
/// Loads a case, then practises it. Escape leaves; what was begun goes on, and coming back finds it farther.
std::unique_ptr<Screen> practice_case(Desk& desk, const std::string& case_id, const std::string& name);
/// Begins to load a case, or goes on with what was begun.
void prepare_case(Desk& desk, const std::string& case_id);
/// Progress of a case that is being made ready; nothing when none is.
std::optional<double> preparing(const Desk& desk, const std::string& case_id);
/// Keeps the portrait of a case made ready, if it is, and forgets the rest. False while it is not ready.
bool keep_prepared_portrait(Desk& desk, const std::string& case_id);
/// Loads and scores a recording, then shows it.
std::unique_ptr<Screen> open_session(Desk& desk, const base::fs::path& file);
/// `visit`: the needling is a step of it, and goes back to it.
std::unique_ptr<Screen> practice_screen(Desk& desk, std::shared_ptr<const training::Stage> stage,
                                        training::Rubric rubric, std::shared_ptr<Visit> visit = {});
/// The step of a visit that is at hand, but for the needling.
std::unique_ptr<Screen> visit_screen(Desk& desk, std::shared_ptr<Visit> visit);
/// Scores a session that has ended and shows the score, or first how it heals. The file is what is scored, so that the
/// screen shows what `evenhand score` will say; what is in memory only where no file could be kept. `ended`: it, to be saved later
/// where its end could not be written.
std::unique_ptr<Screen> scoring_screen(Desk& desk, std::shared_ptr<const training::Stage> stage, training::Recording recording,
                                       const SessionView& last, std::shared_ptr<LiveSession> ended, bool healing = false);
/// The work of it: the score, of the file where that is whole.
base::Result<std::shared_ptr<const ScoredSession>> score_ended(const base::Places& places, std::shared_ptr<const training::Stage> stage,
                                                               const training::Recording& recording, const SessionView& last,
                                                               std::shared_ptr<LiveSession> ended);
/// Choose a head scan, `file` at first, or one that is dropped on the window.
std::unique_ptr<Screen> import_screen(Desk& desk, const base::fs::path& file);
/// The panel of the settings over a screen, while it is open.
void draw_settings_panel(Desk& desk);

/// The page of the pens, in that panel.
void draw_pens_page(Desk& desk);

/// `on_stage`: the renderer already shows this session.
std::unique_ptr<Screen> score_screen(Desk& desk, std::shared_ptr<const ScoredSession> session, bool on_stage);

/// How the face that this session left heals. The session is on the renderer's stage.
std::unique_ptr<Screen> open_healing(Desk& desk, std::shared_ptr<const ScoredSession> session);

}  // namespace app
