#pragma once

// What recordings say, remembered in the cache so that none is read or scored twice: session_shelf.h takes whole treatments from
// it, lesson_attempts.h the lessons.
//
// sessions.db, user_version 2; it is only a cache, and one that cannot be read is made anew:
//   file(path TEXT PRIMARY KEY, size INTEGER, changed INTEGER, facts TEXT)     what the file said when it was last read whole
//   measured(evidence TEXT, yardstick TEXT, told TEXT, PRIMARY KEY(evidence, yardstick))
// `yardstick` hashes the rubric, the scope, the figures for end points and care, and the program's version, of a lesson the
// lesson too: another of any of them measures again. A file whose size or time changed is read whole again, so that
// damage is found.

#include "training/core/recordings.h"

#include <memory>
#include <optional>

namespace SQLite {
class Database;
}

namespace training {

/// What a recording's file says of a session, but for what was done.
struct SessionFacts {
    base::fs::path file;  ///< absolute
    std::string trainee, case_id, device_id, started, source;
    skin::DeviceKind device_kind = skin::DeviceKind::pen;
    bool finished = true;
    std::string evidence;           ///< its hash; empty = the file could not be read
    std::string rubric, scope;      ///< the case's
    std::string lesson;             ///< id; empty = a whole treatment
    std::vector<std::string> aids;  ///< that the lesson gave

    bool simulated() const { return source.starts_with("operator"); }
};
/// `file` is made absolute. Without `stage` its device's kind, rubric and scope are not known.
SessionFacts facts_of(const base::fs::path& file, const Recording& recording, const Stage* stage);

/// One state of a file.
struct FileState {
    int64_t size = -1, changed = 0;
};
FileState state_of(const base::fs::path& file);

/// The cache; without one (a full disk, a damaged file that cannot be replaced) nothing is remembered.
class SessionIndex {
  public:
    explicit SessionIndex(const base::Places& places);
    ~SessionIndex();
    SessionIndex(const SessionIndex&) = delete;

    /// Of a file that is as it was then.
    std::optional<SessionFacts> facts(const base::fs::path& file) const;
    /// `state`: of before the file was read.
    void keep(const SessionFacts& facts, FileState state);
    /// What was kept of an evidence by a yardstick.
    std::optional<std::string> told(const std::string& evidence, const std::string& yardstick) const;
    void keep(const std::string& evidence, const std::string& yardstick, const std::string& told);

  private:
    bool open(const base::fs::path& file);
    template <typename Ask>
    auto guarded(Ask ask) const -> decltype(ask());

    std::unique_ptr<SQLite::Database> database_;
};

}  // namespace training
