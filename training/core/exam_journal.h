#pragma once

// The journal of a station: which attempts at exams were begun with its key, in a file that lies with the keys and not with the
// candidates' recordings. So an attempt whose recording was taken away is told, by the station and by whoever judges the exam.
//
//   NAME.journal     in the folder of keys; a signed document (signing.h) a row, rows are only added, each synced
//
// Each part of an attempt writes `begins`, signed by the station's key, before its recording is made; `begun` once the first link of
// the recording is signed, before the candidate can do anything; `handed_in` or `cut_off` (a full disk) with its last link. These are
// signed by the session's key, which `begins` names. A part that is killed writes nothing more; the part that goes on from it does.
// Each entry holds the SHA-256 of the one before. The session document (seal.h) of a part names its `begins` and how many parts the
// journal knew of this candidate's exam before it; so an older copy of the journal is told by the evidence, and the other way round.
//
// `begins` without `begun` is no attempt: the station was killed before its candidate could do anything.
//
// Whoever judges by a journal checks every row. The station itself signs each `begins` only once all before it was checked, so its own
// signature under the last one vouches, through the hashes, for every row before that: it need not check their signatures again.

#include "training/core/exam.h"
#include "training/core/seal.h"

#include <functional>
#include <memory>
#include <span>

namespace training {

struct JournalEntry {
    enum class What : uint8_t { begins, begun, handed_in, cut_off };
    int64_t number = 1;       ///< from 1, none left out
    base::Hash before;        ///< hash of the entry before; of the first one zero
    What what = What::begins;
    std::string exam;         ///< the package's id
    base::Hash package;       ///< its SHA-256
    std::string nonce;        ///< its
    std::string candidate;    ///< code
    int attempt = 1, part = 1;
    PublicKey station{}, session{};
    base::Hash link;          ///< begins: last link of the part or attempt before, zero where there is none; else last link of this one
    std::string utc;          ///< by the station's clock
    BootTime boot;            ///< by a clock that nobody sets
    base::Hash hash;          ///< SHA-256 of the row; filled by who reads one

    bool is_of(const base::Hash& exam_package, std::string_view whose) const { return package == exam_package && candidate == whose; }
};
const char* what_name(JournalEntry::What what);

struct Journal {
    PublicKey station{};
    std::vector<JournalEntry> entries;
    bool torn = false;  ///< behind the last row stands a part of one, which a power cut left and which counts for nothing
    std::optional<Certificate> certificate = {};  ///< a body's word for some station, which lay beside the file
    base::Hash head() const { return entries.empty() ? base::Hash() : entries.back().hash; }
    /// Parts of a candidate's attempts that were begun.
    int64_t begun(const base::Hash& package, std::string_view candidate) const;
};

/// In the folder of keys, of the key of this name.
base::fs::path journal_file(const base::fs::path& keys, const std::string& station);

/// Refused, with the row: what is not signed by the station (or by the session that it named), does not follow from the row before, or is
/// another station's. `station`: none: that of the first row.
base::Result<Journal> parse_journal(std::string_view text, const std::string& name, const std::optional<PublicKey>& station = {});
/// Of any station, for who judges by it; with NAME.certificate.json where that lies beside NAME.journal.
base::Result<Journal> load_journal(const base::fs::path& file);

/// How large a station's journal may get, bytes. An attempt has some 2.6 KiB, each part that goes on with one as much again.
struct JournalRoom {
    uint64_t told = 48 << 20;  ///< from here on, some 19,000 attempts, the invigilator is told
    uint64_t full = 60 << 20;  ///< from here on no attempt is begun; one that was cut off is gone on with, and all are noted to their end
    uint64_t most = 64 << 20;  ///< nothing is added, and nothing larger is read
};

/// A recording as it is held against a journal.
struct KeptPart {
    std::string file;
    PublicKey station{}, session{};
    base::Hash package;
    std::string candidate;      ///< code, as its header says
    int attempt = 0, part = 1;  ///< as its events say; attempt 0: they do not
    std::optional<SealedJournal> journal;  ///< none in recordings of before there was one
    base::Hash last_link;       ///< or where the chain starts
    bool begun = false;         ///< a link is signed
    bool closed = false;        ///< in order
    std::optional<Certificate> certificate = {};  ///< with which it was begun, where that can be read
};

/// Whether a journal counts, as recordings do (keys.h): by each row that its station signed of those that `concerned` takes, or where it takes
/// none by its last. A body's word for the station is what lay beside the journal or is in a recording; nobody else witnessed when it signed.
Standing standing_of(const Journal& journal, const std::function<bool(const JournalEntry&)>& concerned, std::span<const KeptPart> kept, const Trust& trust);

/// Whether what is kept of a candidate's exam is all that the journal shows begun, as it ended there. Refused: a part that is missing, one
/// that ends otherwise than it was handed in, cut off or gone on with, and a journal that does not have the entry which a part of its
/// station names, or has another's there.
base::Status check_kept(const Journal& journal, const base::Hash& package, const std::string& candidate, std::span<const KeptPart> kept);
/// The same of all exams and, where `candidate` is empty, of all candidates: all that does not hold, a sentence each.
std::vector<std::string> kept_faults(const Journal& journal, std::string_view candidate, std::span<const KeptPart> kept);

/// The same of one recording alone, by those of the journals that are its station's: what they say of it, or where they differ. Does not hold
/// either where none is its station's, and where it is no attempt. Whether the station's word counts is asked of the recording's seal.
Standing standing_in(std::span<const Journal> journals, const std::optional<KeptPart>& part);

/// A station's journal as the station itself keeps it. Read first, it is checked whole, but for the signatures that a later one of the
/// station's vouches for; from then on its bytes are compared with those, and only what was added since is read. One thread's at a time.
class JournalFile {
  public:
    /// In the folder of keys, of the key of this name and no other's.
    JournalFile(base::fs::path file, const PublicKey& station, const JournalRoom& room = {});
    ~JournalFile();

    /// Reads what stands in it now; where there is no file nothing does. Errors: as parse_journal; one that is too large.
    base::Status read();
    /// What stood in it when it was read or added to last; until that is done again.
    const Journal& journal() const;
    /// Whether a part of an attempt may be begun by it as it was read: it can be written, and has room. What to do where it may not.
    base::Status ready(int part) const;
    /// Attempts that find room; told where they are so few that the invigilator should know.
    std::optional<int64_t> attempts_left() const;
    /// Adds `about`, signed, behind what stands there by then, and tells it as it stands: number, before and hash are filled here. Nothing is
    /// added to a journal that does not hold, or has no room.
    base::Result<JournalEntry> add(JournalEntry about, const std::function<std::string(const Document&)>& sign);

    /// What was done so far.
    struct Work {
        int64_t rows = 0, signatures = 0;  ///< read; checked
    };
    const Work& work() const;

  private:
    void forget();
    base::Status take(std::string_view text);

    struct Known;
    base::fs::path file_;
    PublicKey station_;
    JournalRoom room_;
    std::unique_ptr<Known> known_;
};

/// Writes what becomes of one part of an attempt.
class JournalNotes {
  public:
    /// `sealer` is the one that seals the part.
    JournalNotes(std::shared_ptr<JournalFile> file, const ExamPackage& package, std::string candidate, std::shared_ptr<Sealer> sealer);

    /// Before the recording is made; tells the sealer, whose session document names the entry. `after`: JournalEntry::link.
    base::Status begins(int attempt, int part, const base::Hash& after);
    /// Any other, with the last link that was signed.
    base::Status note(JournalEntry::What what);

  private:
    base::Result<JournalEntry> add(JournalEntry::What what, const base::Hash& link);

    std::shared_ptr<JournalFile> file_;
    JournalEntry about_;  ///< all that the part's entries have in common
    std::shared_ptr<Sealer> sealer_;
};

}  // namespace training
