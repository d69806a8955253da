#pragma once

// What an instructor writes about a session, kept in its file (table `note`, README): a remark on a moment and, where one was
// pointed at, a place. Notes are no evidence: score, verify and the evidence's hash are the same with and without them.
//
// They are only ever added to. A correction is a new note that names the one it replaces; one without a text takes it back.
// Each row carries the SHA-256 of the row before and of itself, so that a row which was changed, moved or taken out shows.
// That finds accidents and clumsy edits; it is no signature, for whoever can write the file can write all of it anew.

#include "engine/base/files.h"
#include "engine/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace training {

struct Note {
    int64_t id = 0;                   ///< from 1 on, in the order in which they were written
    uint32_t time_us = 0;             ///< of the session: the moment it is about
    std::optional<uint32_t> cell;     ///< surface cell that it points at; may be beyond a face's cells in a damaged file
    std::string text;                 ///< UTF-8, at most kMostNoteBytes; empty = takes `replaces` back
    std::string author;               ///< name as they gave it, not empty
    std::string written;              ///< UTC, ISO 8601
    std::optional<int64_t> replaces;  ///< an earlier note

    bool operator==(const Note&) const = default;
};

inline constexpr size_t kMostNoteBytes = 4000, kMostAuthorBytes = 120, kMostNotes = 10'000;

/// All notes of a recording in the order in which they were written. Recordings older than notes have none. Errors name table
/// and row; the session itself still opens.
base::Result<std::vector<Note>> load_notes(const base::fs::path& path);

/// Adds a note with the next id, on the disk when this returns; `note.id` is passed over. Refused: no author, no text that
/// replaces nothing, texts that are too long or no UTF-8, a file that cannot be written or whose notes are damaged.
base::Result<Note> add_note(const base::fs::path& path, const Note& note);

/// Those that stand: not replaced and not taken back, in order of time in the session.
std::vector<Note> standing_notes(const std::vector<Note>& notes);

}  // namespace training
