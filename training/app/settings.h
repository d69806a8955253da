#pragma once

// What whoever sits at this machine has chosen, kept from one start to the next in settings.toml: in EVENHAND_CONFIG, else
// XDG_CONFIG_HOME/evenhand, else ~/.config/evenhand. None of it reaches simulation or score, but for fingers that
// follow the pen: what they do is recorded as a hand's is.

#include "engine/base/files.h"
#include "engine/render/scene_view.h"
#include "training/app/pen_settings.h"

#include <optional>
#include <string>

namespace app {

struct Settings {
    std::optional<render::Tier> tier;   ///< none = what the device is fast enough for
    std::optional<double> resolution;   ///< share of the window's pixels along each side, 0.5..1; none = follows the
                                        ///< frame time
    bool left_handed = false;           ///< seat at the patient's other side, pen in the left hand
    double text_size = 0;               ///< of texts and controls, 0.75..3; 0 = what suits display and window
    bool reduced_motion = false;        ///< the camera jumps where it would glide
    bool close_up = false;              ///< the tip from near, in a corner of the picture
    bool automatic_fingers = false;     ///< early lessons: the other hand holds the skin beside the pen by itself
    bool coach = true;                  ///< tells one thing at a time while one practises
    bool sound = false;                 ///< motor and tones are heard
    double volume = 0.5;                ///< of them, 0.1..1
    bool subtitles = false;             ///< sounds are told in words, heard or not
    std::string language;               ///< of content/locale; empty = the system's
    std::string scan_folder;            ///< where the last scan was imported from; empty = none yet
    std::string note_author;            ///< with which notes about a session are signed; empty = none yet
    std::string trainee;                ///< code of whoever practises here, kept in recordings; empty = nobody's
    PenSettings pens;

    bool operator==(const Settings&) const = default;
};

base::fs::path settings_file();

/// The settings of `file`; defaults where there is none. What is wrong with the file goes to `problem`, and all settings are
/// defaults then.
Settings load_settings(const base::fs::path& file, std::optional<base::Error>& problem);
base::Status save_settings(const base::fs::path& file, const Settings& settings);

}  // namespace app
