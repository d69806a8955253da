#include "training/core/lesson_attempts.h"

#include "training/core/session.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>

namespace training {

namespace fs = base::fs;

namespace {

using Json = nlohmann::ordered_json;

fs::path cache_file(const base::Places& places) { return places.cache / "lesson-attempts.json"; }

/// An unreadable cache is an empty one.
Json read_cache(const base::Places& places) {
    const base::Result<std::string> text = base::read_text(cache_file(places));
    Json cache = text ? Json::parse(*text, nullptr, false) : Json();
    return cache.is_object() ? cache : Json::object();
}

base::Status write_cache(const base::Places& places, const Json& cache) {
    return base::write_file(cache_file(places), std::string_view(cache.dump(1) + "\n"));
}

/// "" where there is none: somebody may have edited it.
std::string text_of(const Json& entry, const char* key) {
    const auto found = entry.is_object() ? entry.find(key) : entry.end();
    return entry.is_object() && found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// What tells one state of a file from another.
std::string state_of(const fs::path& file) {
    std::error_code trouble;
    const uintmax_t size = fs::file_size(file, trouble);
    const auto changed = fs::last_write_time(file, trouble).time_since_epoch();
    return fmt::format("{} {}", size, std::chrono::duration_cast<std::chrono::microseconds>(changed).count());
}

Json entry_of(const fs::path& file, const Lesson* lesson, const LessonAttempt& attempt) {
    Json entry = {{"state", state_of(file)}, {"lesson", lesson ? attempt.lesson : ""}};
    if (!lesson) return entry;
    entry["judged_by"] = lesson->hash.hex();
    entry["started"] = attempt.started;
    entry["aids"] = attempt.aids;
    entry["outcome"] = outcome_name(attempt.outcome);
    return entry;
}

std::optional<LessonAttempt> attempt_of(const Json& entry, const fs::path& file) {
    LessonAttempt attempt;
    attempt.file = file;
    attempt.lesson = text_of(entry, "lesson");
    attempt.started = text_of(entry, "started");
    if (entry.contains("aids") && entry["aids"].is_array())
        for (const Json& aid : entry["aids"])
            if (aid.is_string()) attempt.aids.push_back(aid.get<std::string>());
    const std::string outcome = text_of(entry, "outcome");
    for (const auto one : {LessonOutcome::met, LessonOutcome::nearly, LessonOutcome::not_yet}) {
        attempt.outcome = one;
        if (outcome == outcome_name(one)) return attempt;
    }
    return std::nullopt;
}

std::vector<fs::path> recordings_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code trouble;
    for (fs::directory_iterator entry(folder, trouble), end; !trouble && entry != end; entry.increment(trouble))
        if (entry->path().extension() == ".evh") files.push_back(entry->path());
    std::sort(files.begin(), files.end());
    return files;
}

/// What a recording says of a lesson; none where it says nothing that counts.
std::optional<LessonAttempt> judge(const base::Places& places, const std::vector<Lesson>& lessons, const fs::path& file) {
    const base::Result<Recording> recording = load_recording(file);
    if (!recording || !recording->finished) return std::nullopt;
    LessonAttempt attempt = lesson_of(recording->events);
    const Lesson* lesson = find_lesson(lessons, attempt.lesson);
    if (!lesson) return std::nullopt;
    const auto stage = load_stage(places, recording->header);
    if (!stage || !check_fits(*recording, *(*stage)->face)) return std::nullopt;
    const base::Result<Rubric> rubric = load_rubric(places, (*stage)->practice.rubric);
    const base::Result<Scope> scope = load_scope(places, (*stage)->practice.scope);
    if (!rubric || !scope) return std::nullopt;
    attempt.file = file;
    attempt.started = recording->header.started;
    attempt.outcome = lesson_result(score(*recording, **stage, *rubric, *scope), *lesson, *recording, *(*stage)->face).outcome;
    return attempt;
}

}  // namespace

KnownAttempts known_attempts(const base::Places& places, const std::vector<Lesson>& lessons, const fs::path& folder) {
    KnownAttempts known;
    const Json cache = read_cache(places);
    for (const fs::path& file : recordings_in(folder)) {
        const auto entry = cache.find(file.string());
        if (entry == cache.end() || text_of(*entry, "state") != state_of(file)) {
            known.unread.push_back(file);
            continue;
        }
        const std::string id = text_of(*entry, "lesson");
        const Lesson* lesson = find_lesson(lessons, id);
        if (!lesson) continue;
        const auto attempt = attempt_of(*entry, file);
        if (attempt && text_of(*entry, "judged_by") == lesson->hash.hex())
            known.attempts[id].push_back(*attempt);
        else
            known.unread.push_back(file);
    }
    for (auto& [id, attempts] : known.attempts)
        std::stable_sort(attempts.begin(), attempts.end(), [](const auto& a, const auto& b) { return a.started < b.started; });
    return known;
}

base::Status judge_attempts(const base::Places& places, const std::vector<Lesson>& lessons, const std::vector<fs::path>& files) {
    if (files.empty()) return {};
    Json entries = Json::object();
    for (const fs::path& file : files) {
        const std::optional<LessonAttempt> attempt = judge(places, lessons, file);
        entries[file.string()] = entry_of(file, attempt ? find_lesson(lessons, attempt->lesson) : nullptr, attempt.value_or(LessonAttempt()));
    }
    Json cache = read_cache(places);
    cache.update(entries);
    return write_cache(places, cache);
}

base::Status remember_attempt(const base::Places& places, const Lesson& lesson, const LessonAttempt& attempt) {
    Json cache = read_cache(places);
    cache[attempt.file.string()] = entry_of(attempt.file, &lesson, attempt);
    return write_cache(places, cache);
}

}  // namespace training
