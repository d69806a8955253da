#pragma once

// Lessons (content/lessons/*.toml, and those of one's own in a folder beside them): one thing to learn, on one patient or pad, with
// a target and with aids that fade as skill grows. A lesson names which lines of a rubric count; it scores nothing itself.
//
//   version = 1                        id = "right-force"        order = 2           author = "" (own lessons)
//   title, goal, text, know            what is read: a few words, one sentence, a few sentences, and what else is worth
//                                      knowing (may be left out); translated as cases are
//   picture = "press"                  one of lesson_pictures(), drawn by the program
//   case, zones, device, depth_mm      what is practised: zones of the case, in order; device and set depth where they differ
//   rubric                             where it is not the case's
//   time_limit_s, next = "one-row"     next: "" after the last
//   [task]      kind, amount, within_mm, ends    what has to be done before the lesson is judged (LessonTask)
//   [[target]]  criterion, target, nearly, basis, source       a line of the rubric that counts (LessonTarget)
//   points      in place of "each line in its target": so many of 100 over those lines, none of them critical
//   [aids]      cues, overlay, guide_directions, guide_rows; fade = [[...], [...], []] and back_after (Lesson::fade)
//
// A session of a lesson says so by procedure events at its start, which the simulation passes over:
//   lesson ID                          lesson_aids AID AID ...   what helped; an empty value = nothing did

#include "training/core/case.h"
#include "training/core/rubric.h"

#include <optional>
#include <string>
#include <vector>

namespace training {

inline constexpr const char* kLessonEvent = "lesson";
inline constexpr const char* kLessonAidsEvent = "lesson_aids";

enum class TaskKind : uint8_t {
    hold,   ///< s on the skin without a break, within `within` of where the pen was put down
    glide,  ///< cm of way on the skin with the motor running
    cover,  ///< % of the zones' area covered, as the rubric counts it
    press   ///< times that the pen was put on the skin
};
const char* task_name(TaskKind kind);

struct LessonTask {
    TaskKind kind = TaskKind::cover;
    double amount = 0;       ///< in the kind's unit
    double within = 0;       ///< m; of hold alone
    bool ends = false;       ///< the lesson ends by itself once it is done and the pen is up; else the trainee ends it

    bool operator==(const LessonTask&) const = default;
};

/// A line of the rubric that counts in this lesson.
struct LessonTarget {
    std::string criterion;      ///< its id
    std::optional<Band> band;   ///< in place of the rubric's, which is right for a whole treatment
    std::string basis, source;  ///< of that band

    bool operator==(const LessonTarget&) const = default;
};

/// "cues", "ghost", "guide", "overlay", "fingers".
const std::vector<std::string>& lesson_aids();
/// "hold", "press", "row", ...: what the program can draw.
const std::vector<std::string>& lesson_pictures();

struct Lesson {
    std::string id;
    int64_t order = 0;               ///< place in the list, and its number there
    std::string title, goal, text, know;
    std::string picture;
    std::string author;              ///< empty = shipped with the program
    std::string source;              ///< of its figures, with certainty tags
    base::fs::path file;
    std::string practice;            ///< case id
    std::vector<std::string> zones;  ///< of the case, in the order to treat them
    std::string device, rubric;      ///< empty = the case's
    std::optional<uint16_t> depth_um;  ///< set before the start; none = the device's default
    double time_limit = 0;           ///< s of session time
    std::string next;                ///< lesson id; empty = none
    LessonTask task;
    std::vector<LessonTarget> targets;
    std::optional<int32_t> points;   ///< hundredths of 100
    std::vector<std::string> cues;   ///< ids of the coach's cues (coach.h)
    std::string overlay;             ///< "coverage", ...; empty = none
    std::vector<double> guide_directions;  ///< degrees, as PlanSettings::directions; empty = all of an expert's
    int64_t guide_rows = 0;          ///< only so many rows, the middle ones; 0 = all
    /// Aids of each step, from the first attempt on. Who meets the target goes on to the next step; who does not, so many
    /// times in a row, goes one back.
    std::vector<std::vector<std::string>> fade;
    int64_t back_after = 3;
    base::Hash hash;                 ///< of the file's text

    bool shipped() const { return author.empty(); }
};

/// Reads one lesson; the first mistake with file, line and column. What it names must exist: case and its zones, device,
/// rubric and its lines, cues, aids, picture. `next` is not looked up.
base::Result<Lesson> read_lesson(const base::Places& places, const base::fs::path& file);
base::Result<Lesson> parse_lesson(const base::Places& places, const std::string& text, const base::fs::path& file);
/// The lesson as a file that people edit: every key in the order above. parse_lesson() reads the same lesson from it.
std::string lesson_text(const Lesson& lesson);

/// One key of a lesson's file as it is written there; no value where the key is left out.
struct LessonKey {
    const char* name;
    std::optional<std::string> value;

    bool operator==(const LessonKey& other) const { return std::string_view(name) == other.name && value == other.value; }
};
struct LessonKeys {
    std::vector<LessonKey> root, task, aids;
    std::vector<std::vector<LessonKey>> targets;

    bool operator==(const LessonKeys&) const = default;
};
/// All keys in the order of the file, of each table the same whatever the lesson.
LessonKeys lesson_keys(const Lesson& lesson);
/// "key = value" of those that have one, a line each.
std::string lines_of(const std::vector<LessonKey>& keys);

/// Refuses one without an author, and a file in the folder of the shipped ones: those are locked, copies are not.
base::Status check_own_lesson(const base::Places& places, const Lesson& lesson, const base::fs::path& file);
/// Writes a lesson that check_own_lesson() lets pass and that can be read back.
base::Status write_lesson(const base::Places& places, const Lesson& lesson, const base::fs::path& file);

/// All there are, shipped before one's own, each by its order. A file that cannot be read, whose id is taken, or whose `next` is
/// nowhere, is told in `problems`, a sentence with file, line and column; the rest is listed. `own` need not exist.
std::vector<Lesson> list_lessons(const base::Places& places, const base::fs::path& own, std::vector<base::Error>& problems);
/// Null where there is none.
const Lesson* find_lesson(const std::vector<Lesson>& lessons, std::string_view id);
/// The one that follows: `next`, or where that cannot be had the one behind it in the list; null after the last.
const Lesson* next_lesson(const std::vector<Lesson>& lessons, const Lesson& lesson);

/// The lesson's case: its zones and device in place of the case's own, and its text says so, so that a recording of
/// it is scored alike by whoever opens it.
base::Result<Case> lesson_case(const base::Places& places, const Lesson& lesson);

}  // namespace training
