#pragma once

// What a session sounds like, and the same in words. The pen's motor, whose pitch falls with the load, and a tone for each
// thing that the coach or a lesson tells; engine/sound makes them heard. Sounds are off until somebody turns them on: stations
// stand side by side in a room, and nothing is told by sound alone. Subtitles have a switch of their own, because those who
// read them may well have the sound off; they name each sound in brackets, as films do, whether or not it can be heard.
//
// Nothing here reaches simulation, recording or score: the motor of a session never slows, only its sound does.

#include "engine/sound/output.h"
#include "training/app/live_session.h"
#include "training/app/settings.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace app {

/// Words for a sound that can be read now. Keys of the locale.
struct Subtitle {
    std::string sound;      ///< in [subtitle]: "motor_runs", "motor_labours", "motor_stops", "tone"
    std::string says = {};  ///< of a tone, in [tone]: "force_high", "target"

    bool operator==(const Subtitle&) const = default;
};

/// The tone of a cue, an id of content/sounds.toml: "less" and "more" where it tells a way, "other" where it tells none,
/// "urgent" where the score would be critical, "done" where a zone has reached its end point.
std::string tone_of(const training::Cue& cue);

class Sounds {
  public:
    /// content/sounds.toml; where it is broken all stays silent and without words.
    base::Status begin(const base::Places& places);
    /// Opens or closes the sound device as the settings say.
    void settle(const Settings& settings);

    /// A session under way, once a frame. `cue_key`: of the cue that it tells, as cue_words(); empty without one.
    void hear(const SessionView& view, const skin::DeviceProfile& device, const std::string& cue_key);
    /// Something that is told once, by a tone and by a key of [tone].
    void tell(std::string_view tone, std::string_view says);
    /// At the end of each frame: without hear() in it the motor stands still.
    void pass(double seconds);

    /// What could be heard lately, the motor first.
    std::vector<Subtitle> subtitles() const;
    const sound::Motor& motor() const { return motor_; }

  private:
    struct Shown {
        Subtitle words;
        double left = 0;  ///< s
    };
    void follow_motor(double seconds);

    std::optional<sound::Figures> figures_;
    std::unique_ptr<sound::Output> output_;
    double volume_ = 0;
    sound::Motor motor_;
    bool heard_ = false, ran_ = false, labours_ = false;
    std::string cue_;  ///< that was told last, while it is
    training::CueSeverity gravity_ = training::CueSeverity::notice;
    Shown motor_words_, tone_words_;
};

}  // namespace app
