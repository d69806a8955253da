#include "training/app/session_files.h"

#include "engine/base/foreign_words.h"
#include "engine/base/user_folder.h"
#include "training/core/recordings.h"
#include "training/core/utc.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace app {

namespace {

constexpr size_t kStampLength = sizeof("2026-11-21_09-30-05") - 1;

SessionFile describe(const base::fs::path& path) {
    const std::string name = path.stem().string();
    const bool ours = name.size() > kStampLength && name[kStampLength] == '_' && name[10] == '_';
    if (!ours) return {path, {}, name};
    std::string begun = name.substr(0, 16);
    begun[10] = ' ';
    begun[13] = ':';
    return {path, name.substr(kStampLength + 1), begun};
}

std::string in_local_time(std::time_t time, const char* form) {
    std::tm local{};
    ::localtime_r(&time, &local);
    char text[32];
    return {text, std::strftime(text, sizeof text, form, &local)};
}

}  // namespace

base::fs::path sessions_folder() { return base::user_folder(base::UserFolder::data, "EVENHAND_SESSIONS", "evenhand/sessions"); }

base::fs::path desk_folder() { return base::user_folder(base::UserFolder::data, "EVENHAND_DESK", "evenhand"); }

base::fs::path exams_folder() { return base::user_folder(base::UserFolder::data, "EVENHAND_EXAMS", "evenhand/exams"); }

base::fs::path records_file() {
    const char* chosen = std::getenv("EVENHAND_RECORDS");
    return chosen && *chosen ? base::fs::path(chosen) : desk_folder() / "records.db";
}

std::string local_minutes(const std::string& utc) {
    const std::optional<int64_t> seconds = training::seconds_of(utc);
    return seconds ? in_local_time(*seconds, "%Y-%m-%d %H:%M") : utc.substr(0, 16);
}

std::string short_name(const std::string& trainee, const std::string& started) {
    const bool known = training::seconds_of(started).has_value();
    const std::string day = known ? local_minutes(started).substr(0, 10) : started.substr(0, 10);
    return trainee.empty() ? day : fmt::format("{} \u00b7 {}", trainee, known ? day.substr(5) : day);
}

base::Result<base::fs::path> new_session_file(const base::fs::path& folder, const std::string& case_id) {
    std::error_code trouble;
    base::fs::create_directories(folder, trouble);
    if (trouble)
        return base::error(
            "{}: the folder for sessions cannot be made ({}); name another with EVENHAND_SESSIONS.",
            folder.string(), base::system_error(trouble));
    const std::string stamp = in_local_time(std::time(nullptr), "%Y-%m-%d_%H-%M-%S");
    // A case may be a file: only its name's harmless letters go into ours.
    std::string name = base::fs::path(case_id).stem().string();
    for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-') c = '-';
    for (int attempt = 1;; ++attempt) {
        const std::string suffix = attempt == 1 ? "" : fmt::format("-{}", attempt);
        const base::fs::path path = folder / fmt::format("{}_{}{}.evh", stamp, name, suffix);
        if (!base::fs::exists(path, trouble)) return path;
    }
}

std::vector<SessionFile> recent_sessions(const base::fs::path& folder, size_t limit) {
    auto paths = training::recordings_in(folder);
    if (!paths) return {};
    std::ranges::reverse(*paths);
    if (paths->size() > limit) paths->resize(limit);
    std::vector<SessionFile> files;
    for (const auto& path : *paths) files.push_back(describe(path));
    return files;
}

}  // namespace app
