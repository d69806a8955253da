#pragma once

// A practice session under way, simulated on a thread of its own so that a slow frame never costs a stroke.
// The window hands over what it saw of the pointer each frame, with the time; the session runs its 1/120 s
// steps up to the newest look and takes the pointer's way between two looks as straight, so the pen's path is
// as long and as fast as the hand went, whatever the frame rate. Session time stands still before the start,
// while paused, and where nobody looked for longer than a second (the window was minimised).
//
// The session is recorded from its start on. Ending it without finish() leaves a valid, unfinished recording.

#include "engine/input/mouse_pen.h"
#include "engine/render/scene_view.h"
#include "training/app/finger_hand.h"
#include "training/core/coach.h"
#include "training/core/session.h"

#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace app {

/// What the window saw of the pen hand in one frame.
struct PointerLook {
    double time = 0;          ///< s, any steady clock
    glm::dvec2 pointer{0.5};  ///< in the picture, [0, 1] from the upper left
    double aspect = 1;        ///< width / height of the picture
    render::Camera camera;
    bool pressed = false;  ///< left button, begun on the picture and not on a control
    bool fingers = false;  ///< the pointer leads the hand that holds the skin; the pen rests, lifted, where it was
    /// A second pointer, which leads that hand while the pen works; none where the display has no other.
    struct Second {
        glm::dvec2 pointer{0.5};
        bool pressed = false;
    };
    std::optional<Second> second;
    bool automatic = false;  ///< they hold soft skin beside the pen by themselves where the trainee's do not
    /// A pen whose whole pose is measured, head frame; it touches where it touches, whatever the pointer does.
    struct Tracked {
        glm::dvec3 tip{0}, axis{0, 0, -1};
        std::optional<double> force;  ///< N; none: it follows from how deep the tip is
    };
    std::optional<Tracked> tracked;
    bool motor = true;     ///< the pen's motor runs
    std::optional<double> force;  ///< N, by a pen that measures it; none: wheel and press make it
    double wheel = 0;      ///< notches since the last look
    glm::dvec2 tilt{0};    ///< rad, as MouseState::tilt
    bool left_handed = false;  ///< the other hand then holds the skin on the right

    bool leads_fingers() const { return (fingers && pressed) || (second && second->pressed); }
};

/// The skin under a point of the picture: rest surface and normal smoothed over `tip_radius`.
struct Pick {
    glm::dvec3 place, normal;
    uint8_t zone;
};
std::optional<Pick> pick(const face::FaceAsset& face, const render::Camera& camera, glm::dvec2 pointer,
                         double aspect, double tip_radius);

/// A session that was begun elsewhere, as an attempt at an exam is, with what was recorded of it so far.
struct BegunSession {
    training::Session session;
    training::Recording before;  ///< header, and samples and events of the part that it goes on from; of a first part none
    base::fs::path file;
    double limit = 0;            ///< s of session time at which it ends
};

enum class Phase : uint8_t { ready, running, paused, finished };

/// The session as the window shows it. `punctures` and `contacts` are those since the last collect().
struct SessionView {
    Phase phase = Phase::ready;
    double clock = 0;         ///< s of session time
    double stood = 0;         ///< s of an exam's attempt in which nobody looked for longer than a second: its station stood still
    double target_force = 0;  ///< N, what a full press aims at
    bool traction = false;  ///< fingers hold the skin
    uint16_t depth_um = 0, rate_dhz = 0;
    skin::Contact contact;
    std::array<glm::dvec3, 2> pointing{};  ///< of fingertips 1 and 2 of `contact`: unit, from the hand
    input::PenPose pose;  ///< newest pose of the pen
    std::vector<shared::Puncture> punctures;
    std::vector<shared::ContactRecord> contacts;
    std::vector<input::ProcedureEvent> care;  ///< zones wiped, or wetted with gel, since the last collect()
    std::optional<training::Cue> cue;  ///< what the coach tells now
    std::optional<base::Error> problem;  ///< why the recording cannot be written; practising goes on
    base::fs::path file;  ///< the recording; empty before the start or when none could be made
};

class LiveSession {
  public:
    /// `folder` takes the recording. The stage's device gives the first settings.
    LiveSession(std::shared_ptr<const training::Stage> stage, base::fs::path folder);
    /// Runs what was seen and keeps the recording.
    ~LiveSession();

    /// Whose session this is, a code; before the start.
    void set_trainee(std::string code) { trainee_ = std::move(code); }

    /// Goes on with this one instead of beginning a recording; before the start.
    void set_begun(std::shared_ptr<BegunSession> begun);

    void look(const PointerLook& look);
    void start();  ///< or goes on after a pause
    void pause();
    /// What leads the pen from now on, as the session keeps it: a kind ("mouse", "stylus", "gamepad", "tracked", "keys") and what
    /// that device resolves. Recorded as event `pen` once it does something.
    void set_pen(const std::string& kind, const std::string& resolution);
    /// What the coach may tell from now on, by this rubric (as rubric_for() the device); recorded as event `coach`. The first
    /// rubric holds. Without a call, or where content/coach.toml is broken, there is no coach.
    void set_coach(const training::Rubric& rubric, const training::CueSet& cues);
    void set_depth(uint16_t depth_um);
    void set_rate(uint16_t rate_dhz);
    /// Both fingertips beside the pen, or none.
    void set_traction(bool held);
    void pull_more(double metres);  ///< of the fingertips that hold, or less
    void turn_fingers(double angle);  ///< rad, about the skin's normal
    /// Gel on a zone, or a pad drawn over it. Before the start they are the session's first events.
    void put_medium(uint8_t zone);
    void wipe(uint8_t zone);
    /// Something of the procedure besides the hand (training/core/procedure.h), at this moment of the session.
    void note(input::ProcedureEvent event);

    /// Moves what is new into `view`; never waits for a step.
    void collect(SessionView& view);

    /// Runs what was seen, closes the recording in order and ends the thread. Returns the whole session as
    /// recorded.
    training::Recording finish();
    /// After finish(): tries once more to write what could not be, and to close the recording. Of a recording that is not closed yet.
    base::Status save();

    /// Ends the thread, and leaves the recording as it was written last, unfinished: what was signed of an attempt can be gone on with.
    void break_off();

  private:
    struct Order {
        enum class Kind : uint8_t { look, start, pause, depth, rate, traction, pull, turn, medium, wipe, pen, note, coach, begun } kind;
        PointerLook look;
        uint16_t value = 0;
        double amount = 0;
        std::string pen = {};
        input::ProcedureEvent event = {};
        std::shared_ptr<const training::Rubric> rubric = {};
        training::CueSet cues = {};
        std::shared_ptr<BegunSession> begun = {};
    };
    void give(Order order);
    void run();
    void obey(const Order& order);
    void begin();
    void begin_recording();
    void go_on_with(BegunSession& begun);
    void lift_from(const input::PenSample& last);
    void note_settings();
    void note_status(const base::Status& status);
    void go_on_from(double time);
    void note_stood(double seconds);
    void step_to(const PointerLook& look);
    void step(const PointerLook& look);
    void note_pen();
    void lead_fingers(const PointerLook& look, const std::optional<Pick>& under);
    void record(const char* event, std::string value);
    void care(const char* event, uint16_t zone);
    void coach(const Order& order);
    void begin_coach();
    void feed_coach();
    void note_now(const input::ProcedureEvent& event);
    void publish();
    void stop();

    const std::shared_ptr<const training::Stage> stage_;
    const base::fs::path folder_;
    std::string trainee_;

    // The session's thread alone.
    std::optional<training::Session> session_;
    training::RecordingHeader header_;
    std::vector<input::PenSample> samples_;
    std::vector<input::ProcedureEvent> events_;
    input::MousePen pen_;
    input::PenPose pose_;
    std::string pen_kind_ = "mouse", pen_noted_;
    Phase phase_ = Phase::ready;
    std::optional<PointerLook> last_look_;
    std::optional<PointerLook> rest_;  ///< the last that led the pen
    std::optional<glm::dvec2> smooth_pointer_;
    glm::dvec2 half_smooth_pointer_{0};
    bool was_pressed_ = false;
    double pending_wheel_ = 0;
    uint64_t next_step_ = 0;  ///< samples stand at step ends
    double origin_ = 0;       ///< clock time of step 0, moved on by pauses
    uint16_t depth_um_, rate_dhz_;
    FingerHand fingers_;
    bool hold_beside_pen_ = false;  ///< as soon as it is known where that is
    std::vector<input::ProcedureEvent> care_;  ///< also from before the start
    size_t punctures_shown_ = 0, contacts_shown_ = 0, care_shown_ = 0;
    std::shared_ptr<const training::Rubric> coach_rubric_;
    training::CueSet coach_cues_;
    std::optional<training::Coach> coach_;
    size_t punctures_coached_ = 0, contacts_coached_ = 0;
    std::optional<base::Error> problem_;
    base::fs::path file_;
    std::shared_ptr<BegunSession> begun_;
    uint32_t limit_us_ = UINT32_MAX;  ///< no step ends later

    // Shared under mutex_.
    std::mutex mutex_;
    std::condition_variable news_;
    std::vector<Order> orders_;
    SessionView outbox_;
    bool stopping_ = false;

    std::thread thread_;  ///< last: starts when everything above is there
};

}  // namespace app
