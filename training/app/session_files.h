#pragma once

// Where practice sessions are kept: EVENHAND_SESSIONS, else XDG_DATA_HOME/evenhand/sessions, else
// ~/.local/share/evenhand/sessions. A file's name is its beginning in local time and its case:
// 2026-11-21_09-30-05_demo.evh.

#include "engine/base/files.h"

#include <string>
#include <vector>

namespace app {

base::fs::path sessions_folder();
/// Where the instructor's desk keeps its roster and rubrics: EVENHAND_DESK, else XDG_DATA_HOME/evenhand, else
/// ~/.local/share/evenhand.
base::fs::path desk_folder();

/// Where exams are kept that no folder was named for: EVENHAND_EXAMS, else XDG_DATA_HOME/evenhand/exams, else
/// ~/.local/share/evenhand/exams.
base::fs::path exams_folder();

/// The file of this station's records: EVENHAND_RECORDS, else records.db in the desk's folder. Beside it lies records.toml.
base::fs::path records_file();

/// "2026-11-21 10:30" in the machine's zone, as the names of sessions have it, of "2026-11-21T09:30:05Z"; of any other text its first 16 bytes.
std::string local_minutes(const std::string& utc);
/// A session in a list of many: "K-17 · 11-21", of nobody "2026-11-21". `started` is what its recording says, whatever that is.
std::string short_name(const std::string& trainee, const std::string& started);

/// A name in `folder` (made on demand) that no file has yet.
base::Result<base::fs::path> new_session_file(const base::fs::path& folder, const std::string& case_id);

struct SessionFile {
    base::fs::path path;
    std::string case_id;  ///< empty where the name is not ours
    std::string begun;    ///< "2026-11-21 09:30", or the file's name
};
/// The newest `limit` recordings by name, newest first. An unreadable folder is an empty one.
std::vector<SessionFile> recent_sessions(const base::fs::path& folder, size_t limit);

}  // namespace app
