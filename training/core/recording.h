#pragma once

// A session on disk (.evh): pen samples and procedure events are the evidence; the puncture and contact logs and a state
// hash per second follow from them and are kept so that a score needs no re-simulation. An SQLite database
// (application_id 0x45564831 "EVH1", schema in README) written in transactions of at most half a second: a kill or a
// power cut loses at most the last second, and what is there opens.
//
// Schema, user_version 6 (1 had no meta.evidence, 2 no note, 3 no seal, 4 no time stamp, 5 no link.elapsed_ms). Blobs are little-endian arrays of the fixed structs (PenSample, ContactRecord, Puncture).
//   meta(key TEXT PRIMARY KEY, value TEXT)      the header; hashes in hexadecimal; trainee = a code, absent where none was
//                                               given (and then not part of the evidence hash); evidence = the evidence hash of what
//                                               is kept, written with each transaction; finished = the same, once closed
//   event(time_us INTEGER, name TEXT, value TEXT)                        procedure events in the order they were given
//   chunk(id INTEGER PRIMARY KEY, samples BLOB, contacts BLOB, punctures BLOB, check_sum BLOB)   one per transaction, from 1
//   checkpoint(step INTEGER PRIMARY KEY, state BLOB)
//   note(…)                                     what an instructor wrote about it later: notes.h
// and in a sealed recording alone (seal.h):
//   seal(key TEXT PRIMARY KEY, document TEXT)   signed documents: session, certificate (if any), closing (once closed); time: an
//                                               authority's stamp on the closing document, base64 (if any; it may come later)
//   link(id INTEGER PRIMARY KEY, time_us INTEGER, samples INTEGER, contacts INTEGER, punctures INTEGER, events INTEGER,
//        checkpoints INTEGER, elapsed_ms INTEGER, hash BLOB, signature BLOB)    one per transaction, from 1: when it ended, what
//                                               it added, how long the session had been open then by a clock that nobody sets
// `check_sum` is the SHA-256 of the chunk's three blobs: SQLite itself does not notice a flipped bit inside a blob.
//
// journal_mode DELETE with synchronous FULL: between transactions the session is one file that can be copied or mailed at
// any moment (WAL would keep the newest minutes in a second file and need a writable folder to be read), and every
// commit is on the disk before the next begins. Measured at 22 kB each: 0.9 ms a commit on a virtual disk, twice a second.

#include "engine/base/files.h"
#include "engine/base/hash.h"
#include "engine/input/pen_sample.h"
#include "shaders/shared/evidence.h"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace training {

class Sealer;

/// Everything a replay needs to set the stage. Texts are the TOML as it was, so that a recording does not depend on
/// content files that change; the face is named by id and hash because it is too large to carry.
struct RecordingHeader {
    std::string case_id, case_text;
    std::string device_id, device_text;
    std::string face_id, face_text;   ///< face_text: a pad's TOML when it came from a file, else empty
    base::Hash face, device;          ///< hashes
    std::string skin_text;            ///< figures of the skin (content/skins); empty in recordings older than that
    base::Hash skin;                  ///< with the layer's kernel
    std::string started;              ///< UTC, ISO 8601
    std::string source;               ///< "mouse", "file", "operator expert 7", …
    std::string program;              ///< version that wrote it
    std::string trainee;              ///< a code for whoever practised, not necessarily a name; may be empty
};

/// Refuses a code longer than 64 bytes, one with control letters, and one that begins or ends with a blank.
base::Status check_trainee(std::string_view code);

/// State hash of the simulation when step `step` was done; one each second.
struct Checkpoint {
    uint64_t step = 0;
    base::Hash state;
};

/// What one transaction of a sealed recording added, in the order of the tables, and the seal's word for it.
struct SealLink {
    uint32_t time_us = 0;  ///< of the session, when it ended
    uint32_t samples = 0, contacts = 0, punctures = 0, events = 0, checkpoints = 0;
    std::optional<int64_t> elapsed_ms;  ///< since the session was begun, pauses and sleep of the machine included (boot_time.h); none in old recordings
    base::Hash hash;       ///< of this and all before
    std::array<uint8_t, 64> signature{};
};

/// The seal as it is in the file; whether it holds is for seal_check.h.
struct Seal {
    std::string session, certificate, closing;  ///< documents; empty where there is none
    std::string stamp;  ///< on the closing document (time_stamp.h)
    std::vector<SealLink> links;
};

struct Recording {
    RecordingHeader header;
    std::vector<input::PenSample> samples;
    std::vector<input::ProcedureEvent> events;
    std::vector<shared::Puncture> punctures;
    std::vector<shared::ContactRecord> contacts;
    std::vector<Checkpoint> checkpoints;
    bool finished = false;  ///< the session was closed in order
    std::optional<Seal> seal;  ///< no evidence itself: the hash is the same without

    /// Over header texts and hashes, samples and events: the identity of the evidence, of an unfinished session that of
    /// what is kept (the file holds it too, so that it opens only undamaged). Independent of `finished`,
    /// `started`, `program` and of how writing was cut into transactions. `source` is part of it: a person's session and
    /// a simulated one are different evidence.
    base::Hash evidence_hash() const;
    double duration() const;  ///< s, time of the last sample
};

/// Opens and checks a recording. Errors: missing, not a recording, damaged (table and row), from a newer version. The
/// file is opened for reading only, unless a kill left a transaction half done, which is then rolled back. Whether cells
/// and zones exist on the face is not known here: check_fits in session.h.
base::Result<Recording> load_recording(const base::fs::path& path);

/// Writes an authority's time stamp (time_stamp.h) into a closed, sealed recording, in the place of one that is there. Errors: those
/// of load_recording(), an unsealed or unfinished one, a file that cannot be written; then it stays as it was.
base::Status keep_stamp(const base::fs::path& path, const std::string& stamp);

/// Writes a recording as it happens. Move-only; closing without finish() leaves a valid unfinished recording.
class Recorder {
  public:
    /// Refuses an existing file, an unwritable folder and a full disk, and leaves nothing behind when it does. With a
    /// `sealer` that was not used before the recording is sealed.
    static base::Result<Recorder> create(const base::fs::path& path, const RecordingHeader& header,
                                         std::shared_ptr<Sealer> sealer = {});
    Recorder(Recorder&&) noexcept;
    Recorder& operator=(Recorder&&) noexcept;
    ~Recorder();

    void add(std::span<const input::PenSample> samples);
    void add(const input::ProcedureEvent& event);
    void add(std::span<const shared::Puncture> punctures);
    void add(std::span<const shared::ContactRecord> contacts);
    void add(const Checkpoint& checkpoint);

    /// Writes what was added since in one transaction. On an error (disk full, …) the file keeps what it had, and what
    /// was added stays pending for the next try.
    base::Status commit();
    /// Whether a sealed recording should be committed before session time goes further than `time_us`.
    bool seal_due(uint32_t time_us) const;
    /// Commits and marks the session as closed in order.
    base::Status finish();

  private:
    struct State;
    explicit Recorder(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace training
