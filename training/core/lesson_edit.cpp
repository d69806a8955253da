#include "training/core/lesson_edit.h"

#include "engine/base/foreign_words.h"
#include "engine/base/toml.h"
#include "training/core/toml_edits.h"
#include "training/core/yardstick.h"

#include <algorithm>

namespace training {

namespace fs = base::fs;

namespace {

constexpr std::string_view kOwn = "-own";

void edit_keys(TomlEdits& edits, const toml::table& table, const std::vector<LessonKey>& before, const std::vector<LessonKey>& after) {
    for (size_t i = 0; i < before.size(); ++i) {
        if (before[i] == after[i]) continue;
        if (after[i].value)
            edits.set(table, after[i].name, *after[i].value);
        else
            edits.remove(table, after[i].name);
    }
}

std::string with_header(const char* header, const std::vector<LessonKey>& keys) { return fmt::format("\n{}\n{}", header, lines_of(keys)); }

/// Targets are told apart by their line of the rubric: one that is there in both is changed, others go or come behind the last.
void edit_targets(TomlEdits& edits, const toml::table& file, const toml::array& there, const Lesson& before, const Lesson& after) {
    const LessonKeys was = lesson_keys(before), is = lesson_keys(after);
    const auto place = [](const Lesson& lesson, const std::string& criterion) {
        return static_cast<size_t>(std::ranges::find(lesson.targets, criterion, &LessonTarget::criterion) - lesson.targets.begin());
    };
    const toml::table* last = &file;
    for (size_t i = 0; i < before.targets.size(); ++i) {
        const toml::table& table = *there.get(i)->as_table();
        last = &table;
        if (const size_t now = place(after, before.targets[i].criterion); now < after.targets.size())
            edit_keys(edits, table, was.targets[i], is.targets[now]);
        else
            edits.remove(table);
    }
    std::string more;
    for (size_t i = 0; i < after.targets.size(); ++i)
        if (place(before, after.targets[i].criterion) == before.targets.size()) more += with_header("[[target]]", is.targets[i]);
    if (!more.empty()) edits.add_behind(*last, more);
}

/// The lesson as its file has it, in no other language.
base::Result<Lesson> as_written(base::Places places, const std::string& text, const fs::path& file) {
    places.language.clear();
    return parse_lesson(places, text, file);
}

/// What was read from the text that is written must be what was asked for: a file may be written in ways that edits in place
/// do not know, as tables within braces.
bool says(const Lesson& read, const Lesson& wanted) {
    Lesson same = wanted;
    if (same.zones.empty()) same.zones = read.zones;
    return lesson_keys(read) == lesson_keys(same);
}

}  // namespace

std::string origin_of(const std::vector<Lesson>& lessons, const std::string& id) {
    const std::string head = id.substr(0, id.rfind(kOwn));
    const Lesson* found = find_lesson(lessons, head);
    return found && found->shipped() ? head : id;
}

base::Result<LessonDraft> draft_lesson(const base::Places& places, const Lesson& lesson) {
    base::Result<std::string> text = base::read_text(lesson.file, 1u << 20);
    if (!text) return text.error();
    base::Result<Lesson> now = parse_lesson(places, *text, lesson.file);
    if (!now) return now.error();
    return LessonDraft{std::move(*text), *now, *now, !lesson.shipped()};
}

base::Result<LessonDraft> copy_lesson(const base::Places& places, const std::vector<Lesson>& lessons, const Lesson& lesson,
                                      const fs::path& folder, const std::string& author) {
    base::Result<LessonDraft> draft = draft_lesson(places, lesson);
    if (!draft) return draft.error();
    const std::string head = lesson.id.substr(0, lesson.id.rfind(kOwn)) + std::string(kOwn);
    std::error_code ignored;
    for (size_t number = 1;; ++number) {
        draft->lesson.id = number == 1 ? head : fmt::format("{}-{}", head, number);
        draft->lesson.file = folder / (draft->lesson.id + ".toml");
        if (!find_lesson(lessons, draft->lesson.id) && !fs::exists(draft->lesson.file, ignored)) break;
    }
    draft->lesson.author = author;
    draft->saved = false;
    return draft;
}

base::Result<std::string> draft_text(const LessonDraft& draft) {
    const fs::path& file = draft.lesson.file;
    base::Result<toml::table> table = base::parse_toml(draft.text, file.string());
    if (!table) return table.error();
    const toml::table* task = (*table)["task"].as_table();
    const toml::array* targets = (*table)["target"].as_array();
    const LessonKeys is = lesson_keys(draft.lesson);
    LessonKeys was = lesson_keys(draft.before);
    if (!task || !targets || targets->size() != was.targets.size())
        return base::error("{}: is no longer the lesson that was opened; open it again", file.string());
    // A text told in another language than the file's is another text.
    for (LessonKey& key : was.root)
        if (const auto written = (*table)[key.name].value<std::string>(); written && key.value) key.value = base::toml_text(*written);
    TomlEdits edits(draft.text);
    edit_keys(edits, *table, was.root, is.root);
    edit_keys(edits, *task, was.task, is.task);
    edit_targets(edits, *table, *targets, draft.before, draft.lesson);
    if (const toml::table* aids = (*table)["aids"].as_table())
        edit_keys(edits, *aids, was.aids, is.aids);
    else if (was.aids != is.aids)
        edits.add_behind(targets->empty() ? *table : *targets->get(targets->size() - 1)->as_table(), with_header("[aids]", is.aids));
    return edits.apply();
}

void set_band(LessonTarget& target, std::optional<Band> band) {
    constexpr std::string_view kBy = "set by an instructor";
    std::string source(kBy);
    if (target.source.starts_with(kBy)) {
        source = target.source;
    } else if (target.band) {
        const Band& was = *target.band;
        source += fmt::format("; before: target {}, nearly {}, {}, {}", range_text(was.target_low, was.target_high),
                              range_text(was.warn_low, was.warn_high), target.basis, target.source);
    }
    target.band = band;
    target.basis = band ? "A" : "";
    target.source = band ? source : "";
}

base::Result<Lesson> check_lesson(const base::Places& places, const std::string& text, const fs::path& file,
                                  const std::vector<Lesson>& lessons) {
    base::Result<Lesson> lesson = as_written(places, text, file);
    if (!lesson || lesson->next.empty() || lesson->next == lesson->id || find_lesson(lessons, lesson->next)) return lesson;
    const base::Result<toml::table> table = base::parse_toml(text, file.string());
    if (!table) return table.error();
    return base::error("{}: next: there is no lesson '{}'", base::TomlReader(*table, file.string()).where("next"), lesson->next);
}

base::Status save_draft(const base::Places& places, const std::vector<Lesson>& lessons, LessonDraft& draft) {
    const fs::path& file = draft.lesson.file;
    const base::Result<std::string> text = draft_text(draft);
    if (!text) return text.error();
    const base::Result<Lesson> sound = check_lesson(places, *text, file, lessons);
    if (!sound) return sound.error();
    if (!says(*sound, draft.lesson))
        return base::error("{}: is written in a way that the form cannot change; change it in a text editor", file.string());
    if (base::Status own = check_own_lesson(places, *sound, file); !own) return own;
    std::error_code trouble;
    fs::create_directories(file.parent_path(), trouble);
    if (trouble)
        return base::error("{}: the folder for lessons cannot be made ({}); name another with EVENHAND_LESSONS",
                           file.parent_path().string(), base::system_error(trouble));
    if (base::Status written = base::write_file(file, std::string_view(*text)); !written) return written;
    draft = {*text, *sound, *sound, true};
    return {};
}

std::vector<LessonSession> lesson_sessions(const base::Places& places, const fs::path& folder, const std::vector<std::string>& ids,
                                           std::stop_token stop) {
    std::vector<LessonSession> sessions;
    const base::Result<std::vector<fs::path>> files = recordings_in(folder);
    if (!files) return sessions;
    const SessionIndex index(places);
    Stages stages(places);
    const auto of_them = [&](const std::string& lesson) { return std::ranges::find(ids, lesson) != ids.end(); };
    for (const fs::path& file : *files) {
        if (stop.stop_requested()) break;
        if (const auto known = index.facts(file); known && !of_them(known->lesson)) continue;
        base::Result<Recording> recording = load_recording(file);
        if (!recording || !recording->finished || !of_them(lesson_of(recording->events).lesson)) continue;
        const auto stage = stages.of(*recording, file);
        if (!stage) continue;
        const auto by = load_yardstick(places, **stage);
        if (!by) continue;
        LessonSession session{facts_of(file, *recording, stage->get()), *stage, {}, score(*recording, **stage, by->rubric, by->scope)};
        recording->samples.clear(), recording->punctures.clear();
        session.recording = std::move(*recording);
        sessions.push_back(std::move(session));
    }
    std::ranges::stable_sort(sessions, {}, [](const LessonSession& one) { return one.facts.started; });
    return sessions;
}

std::vector<LessonPreview> preview_of(std::span<const LessonSession> sessions, const Lesson& before, const Lesson& after) {
    std::vector<LessonPreview> previews;
    for (size_t i = 0; i < sessions.size(); ++i) {
        const LessonSession& session = sessions[i];
        const auto judged = [&](const Lesson& lesson) { return lesson_result(session.score, lesson, session.recording, *session.stage->face); };
        const LessonResult now = judged(after);
        previews.push_back({i, judged(before).outcome, now.outcome, now.task_done});
    }
    return previews;
}

}  // namespace training
