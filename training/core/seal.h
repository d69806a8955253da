#pragma once

// The seal of a recording: who vouches that a session was made at this station, from its first sample to its
// last, and not touched since. docs/security.md says what that promises and what it does not.
//
// When a session begins, the station's key signs a *session* document: the hash of the header, a nonce (an
// exam package's, or random), and a key that is made for this session alone and lies in memory only. Each
// transaction of the recording is a link of a hash chain: SHA-256 over the link before and all samples,
// contacts, punctures, events and checkpoints of the transaction, and over how long the session had been open
// by a clock that nobody sets (boot_time.h), signed by the session's key. So whatever a
// kill leaves is signed to its last transaction, half a second of session time or less in the window and five
// at most in `perform`. In the end the session's key signs a *closing* document that counts everything. It
// names the last link, so that nothing can be cut off or added.
//
// Signing a link costs some 50 µs, twice a second; unsealed recordings do nothing of this.

#include "training/core/boot_time.h"
#include "training/core/keys.h"
#include "training/core/recording.h"

#include <chrono>
#include <mutex>
#include <span>

namespace training {

/// What an exam package binds a session to.
struct SealTerms {
    std::string nonce;  ///< hexadecimal, kLeastNonce to kMostNonce digits; empty: 32 random bytes
    std::optional<base::Hash> package;  ///< SHA-256 of the exam package
};
inline constexpr size_t kLeastNonce = 32, kMostNonce = 128;  ///< digits
base::Status check_nonce(std::string_view nonce);

/// A moment of the session that is signed, for an invigilator to note down.
struct SealMark {
    uint32_t time_us = 0;
    std::string code;  ///< "KDWM-RTXA"
};

/// Where an attempt at an exam stands in its station's journal (exam_journal.h).
struct SealedJournal {
    base::Hash entry;     ///< with which the journal says that it begins
    int64_t number = 1;   ///< of that entry, and so how many there were
    int64_t earlier = 0;  ///< parts of this candidate's attempts at the exam that the journal knew before
    bool operator==(const SealedJournal&) const = default;
};

/// A session as the station's key signs it.
struct SealedSession {
    base::Hash header;  ///< of what Recorder was given
    std::string nonce;
    std::optional<base::Hash> package, certificate;  ///< certificate: SHA-256 of its document
    PublicKey station{}, session{};
    std::string begun;  ///< UTC by the station's clock
    std::optional<BootTime> opened;  ///< the same moment by a clock that nobody sets; none in old sessions
    std::optional<SealedJournal> journal;  ///< of an attempt at an exam; none in old ones
};
/// The signature is checked to be `station`'s.
base::Result<SealedSession> parse_session(std::string_view text, const std::string& name);

/// What the session's key signs in the end.
struct SealedClosing {
    base::Hash session;   ///< SHA-256 of the session document
    base::Hash last;      ///< of the last link
    base::Hash evidence;  ///< Recording::evidence_hash
    int64_t links = 0, samples = 0, contacts = 0, punctures = 0, events = 0, checkpoints = 0;
    int64_t elapsed_ms = 0;  ///< since it was begun, by a clock that nobody sets
    std::string closed;      ///< UTC by the station's clock
};
/// Whose signature it bears is for who knows the session's key: is_signed_by.
base::Result<SealedClosing> parse_closing(std::string_view text, const std::string& name);

/// All that one transaction adds.
struct SealedPart {
    std::span<const input::PenSample> samples;
    std::span<const shared::ContactRecord> contacts;
    std::span<const shared::Puncture> punctures;
    std::span<const input::ProcedureEvent> events;
    std::span<const Checkpoint> checkpoints;
};

base::Hash header_hash(const RecordingHeader& header);
/// What the first link follows.
base::Hash chain_start(std::string_view session_document);
/// Hash of a link from the one before; `link` gives time and counts.
base::Hash link_hash(const base::Hash& before, const SealLink& link, const SealedPart& part);
/// What the session's key signs of a link.
std::string link_message(const base::Hash& link);
/// Eight letters of a link's hash: 36 bits.
std::string seal_code(const base::Hash& link);

/// Seals one recording. Given to Recorder::create, which calls it; the screen asks it for mark(), also from another
/// thread. All else is one thread's.
class Sealer {
  public:
    /// Takes the opened key of a station.
    Sealer(OpenKey station, SealTerms terms, BootClock clock = boot_time);

    /// Whose key certifies the session's, and that one.
    const PublicKey& station() const { return station_key_; }
    const PublicKey& session() const { return session_.public_key(); }
    /// A document signed by the station's key, before open().
    std::string sign_by_station(const Document& document) const;
    std::string sign_by_session(const Document& document) const;
    /// What the session document says of the station's journal; before open().
    void set_journal(const SealedJournal& journal) { journal_ = journal; }
    /// Of the clock that nobody sets.
    BootTime now() const { return clock_(); }
    /// The last that counts; before the first where the chain starts.
    base::Hash last_link() const { return last_; }

    /// The session document; from here on the station's key is no longer held.
    std::string open(const RecordingHeader& header);
    const std::string& certificate() const { return certificate_; }
    /// The link that a transaction would be. It counts once it was written: accept().
    SealLink next(const SealedPart& part) const;
    void accept(const SealLink& link);
    std::string close(const base::Hash& evidence) const;

    /// Whether session time has come so far that a link is due (half a second), however fast the session runs: one is
    /// made before a second passed.
    bool due(uint32_t time_us) const { return time_us > time_us_ && time_us - time_us_ >= kDue_us; }
    /// The first link that ended a span of five seconds, so that an invigilator can read it at leisure. None
    /// before it.
    std::optional<SealMark> mark() const {
        const std::lock_guard lock(marking_);
        return mark_;
    }

  private:
    static constexpr uint32_t kDue_us = 500'000, kMarked_us = 5'000'000;

    std::optional<OpenKey> station_;
    PublicKey station_key_;
    SealTerms terms_;
    std::optional<SealedJournal> journal_;
    std::string certificate_, document_;
    SecretKey session_;
    base::Hash last_;
    uint32_t time_us_ = 0;
    SealedClosing counts_;  ///< so far
    mutable std::mutex marking_;
    std::optional<SealMark> mark_;  ///< under marking_
    BootClock clock_;
    BootTime begun_;
    std::chrono::steady_clock::time_point opened_{};
};

}  // namespace training
