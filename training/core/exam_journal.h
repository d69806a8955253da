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

#include "training/core/exam.h"
#include "training/core/seal.h"

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
    base::Hash head() const { return entries.empty() ? base::Hash() : entries.back().hash; }
    /// Parts of a candidate's attempts that were begun.
    int64_t begun(const base::Hash& package, std::string_view candidate) const;
};

/// In the folder of keys, of the key of this name.
base::fs::path journal_file(const base::fs::path& keys, const std::string& station);

/// Refused, with the row: what is not signed by the station (or by the session that it named), does not follow from the row before, or is
/// another station's. `station`: none: that of the first row.
base::Result<Journal> parse_journal(std::string_view text, const std::string& name, const std::optional<PublicKey>& station = {});
/// A journal may have some twenty thousand attempts.
inline constexpr uint64_t kMostJournal_bytes = 64 << 20;
/// A file that is not there is an empty journal of `station`; refused where none is given.
base::Result<Journal> load_journal(const base::fs::path& file, const std::optional<PublicKey>& station = {});

/// A recording as it is held against a journal.
struct KeptPart {
    std::string file;
    PublicKey station{}, session{};
    base::Hash package;
    std::optional<SealedJournal> journal;  ///< none in recordings of before there was one
    base::Hash last_link;
    bool closed = false;  ///< in order
};

/// None of a recording that is not sealed for a package, or whose session document cannot be read.
std::optional<KeptPart> kept_part(const base::fs::path& file, const Recording& recording);

/// Whether what is kept of a candidate's exam is all that the journal shows begun, as it ended there. Refused: a part that is missing, one
/// that ends otherwise than it was handed in or cut off, and a journal without the entry that a part of its station names.
base::Status check_kept(const Journal& journal, const base::Hash& package, const std::string& candidate, std::span<const KeptPart> kept);
/// The same of all exams and, where `candidate` is empty, of all candidates: all that does not hold, a sentence each.
std::vector<std::string> kept_faults(const Journal& journal, std::string_view candidate, std::span<const KeptPart> kept);

/// Writes what becomes of one part of an attempt. The file is read and checked each time: nothing is added to a journal that does not hold.
class JournalNotes {
  public:
    /// `sealer` is the one that seals the part.
    JournalNotes(base::fs::path file, const ExamPackage& package, std::string candidate, std::shared_ptr<Sealer> sealer);

    /// Before the recording is made; tells the sealer, whose session document names the entry. `after`: JournalEntry::link.
    base::Status begins(int attempt, int part, const base::Hash& after);
    /// Any other, with the last link that was signed.
    base::Status note(JournalEntry::What what);

  private:
    base::Status add(JournalEntry::What what, const base::Hash& link);

    base::fs::path file_;
    JournalEntry about_;  ///< all that the part's entries have in common
    std::shared_ptr<Sealer> sealer_;
};

}  // namespace training
