#pragma once

// Lessons of one's own: a shipped lesson copied, or an own one changed, in a form; checked as `evenhand lesson check` does and tried on
// sessions that were recorded. Shipped lessons are never written to.

#include "training/core/lesson_result.h"
#include "training/core/session_index.h"

#include <stop_token>

namespace training {

/// What a form works on.
struct LessonDraft {
    std::string text;          ///< of the file that it began from, whose comments and order stay
    Lesson before, lesson;     ///< as that file has it, told in the language of `places`; as it is now. Lesson::file: where it is to be saved
    bool saved = false;        ///< that file is its own

    /// The lesson differs from its file.
    bool changed() const { return lesson_keys(before) != lesson_keys(lesson); }
};
/// Of a lesson's file, as it is.
base::Result<LessonDraft> draft_lesson(const base::Places& places, const Lesson& lesson);
/// A copy, ID-own or ID-own-N where that is taken by a lesson or a file, to be saved in `folder`.
base::Result<LessonDraft> copy_lesson(const base::Places& places, const std::vector<Lesson>& lessons, const Lesson& lesson,
                                      const base::fs::path& folder, const std::string& author);
/// The id of the shipped lesson that an own one was copied from, by its name; its own id where it is no such copy.
std::string origin_of(const std::vector<Lesson>& lessons, const std::string& id);

/// The draft's file. What did not change stays as it was written, with all comments; a text that is told in another language than
/// the file's is written as it is told. Lesson::zones may be empty: all of the case's.
base::Result<std::string> draft_text(const LessonDraft& draft);

/// Gives a target another band of its own, or with none the rubric's. Its source says so and what it was before; its certainty tag is A.
void set_band(LessonTarget& target, std::optional<Band> band);

/// The lesson, or the first mistake of its text with file, line and column, `next` looked up among `lessons` too.
base::Result<Lesson> check_lesson(const base::Places& places, const std::string& text, const base::fs::path& file,
                                  const std::vector<Lesson>& lessons);

/// Writes the draft if it is sound; its folder is made on demand. On success the draft is as its file.
base::Status save_draft(const base::Places& places, const std::vector<Lesson>& lessons, LessonDraft& draft);

// --- who would meet it? ---

/// A recorded session of a lesson, ready to be judged by another version of it.
struct LessonSession {
    SessionFacts facts;
    std::shared_ptr<const Stage> stage;
    Recording recording;  ///< without samples and punctures
    Score score;          ///< by its case's rubric
};
/// Those of a folder that are of one of these lessons and were closed, by their start. Others are passed over; files that the index
/// knows are not read for it. `stop` ends it between two of them.
std::vector<LessonSession> lesson_sessions(const base::Places& places, const base::fs::path& folder, const std::vector<std::string>& ids,
                                           std::stop_token stop = {});

struct LessonPreview {
    size_t session = 0;  ///< of those given
    LessonOutcome before = LessonOutcome::not_yet, after = LessonOutcome::not_yet;
    double task_done = 0;  ///< in the unit of the changed lesson's task
};
std::vector<LessonPreview> preview_of(std::span<const LessonSession> sessions, const Lesson& before, const Lesson& after);

}  // namespace training
