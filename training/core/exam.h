#pragma once

// The exam package (.evx): what an exam is, signed by the body that holds it. A signed document (signing.h) of at most 64 KiB that
// binds each attempt: its nonce and its hash stand in the session document that a station's key signs (seal.h). The package carries
// no content; it names every file that evidence and score depend on by its SHA-256, and a station whose file is another refuses to
// begin and says which. Whose signature counts is keys.h's; attempts are exam_attempts.h's.

#include "engine/base/files.h"
#include "engine/base/hash.h"
#include "training/core/keys.h"

#include <string>
#include <string_view>
#include <vector>

namespace training {

struct ExamCase {
    std::string id;    ///< of content/cases
    base::Hash face;   ///< of the face as it is loaded, conditions and all
    bool operator==(const ExamCase&) const = default;
};

struct ExamFile {
    std::string name;  ///< below the content folder, "cases/demo.toml"
    base::Hash hash;   ///< SHA-256
    bool operator==(const ExamFile&) const = default;
};

struct ExamPackage {
    std::string id;               ///< letters, digits, - and _, at most 64
    std::string title, source;    ///< UTF-8, 1 to 200 bytes; source: the regulation that it follows
    std::string body_name;        ///< as its key is named
    PublicKey body{};
    std::string made, from, until;     ///< UTC; attempts are begun from `from` to `until`
    std::vector<ExamCase> cases;       ///< attempt k treats the case (k - 1) modulo their number
    std::string rubric, scope;         ///< ids
    std::vector<std::string> devices;  ///< ids of those allowed; a case's own where it is among them, else the first
    std::vector<ExamFile> files;       ///< every file of the content that evidence and score depend on
    std::vector<base::Hash> programs;  ///< SHA-256 of each build of this program that may hold it, 1 to 16
    int attempts = 3;                  ///< 1 to kMostExamAttempts; all are made, and the mean of their totals counts
    int time_limit_s = 0;              ///< of needling and all else in an attempt, 10 to 4200
    int pause_limit_s = 0;             ///< all pauses of an attempt together, 0 to 3600
    int resume_limit_s = 0;            ///< after power loss or a crash, 0 to 86400; 0: a cut-off attempt has ended
    std::vector<int64_t> seeds;        ///< one per attempt, 0 to 2^32 - 1: of a simulated hand that tries the exam out
    bool tells_score = false;          ///< whether the candidate is told the score at once
    std::string nonce;                 ///< hexadecimal (check_nonce)
    base::Hash hash;                   ///< SHA-256 of the document; filled by who reads one

    bool operator==(const ExamPackage&) const = default;
    /// `attempt` from 1.
    const ExamCase& case_of(int attempt) const { return cases[static_cast<size_t>(attempt - 1) % cases.size()]; }
    /// SHA-256 of a file; none where the package does not name it.
    const base::Hash* hash_of(std::string_view file) const;
};
inline constexpr int kMostExamAttempts = 20;

/// Refuses what the fields above do not allow, in the words of the document's members.
base::Status check_exam(const ExamPackage& package);

/// The document, signed; `package` must pass check_exam(), and `body` be its body's key.
std::string exam_document(const ExamPackage& package, const SecretKey& body);
/// The signature is checked to be `body`'s; whether to believe that one is standing_of().
base::Result<ExamPackage> parse_exam(std::string_view document, const std::string& name);
base::Result<ExamPackage> load_exam(const base::fs::path& file);

/// Whether the body is trusted and its key was not revoked when the package was made.
Standing standing_of(const ExamPackage& package, const Trust& trust);

/// SHA-256 of the program that runs.
base::Result<base::Hash> program_hash();

/// Refuses content that is not the package's, and says which file. Faces are loaded later, with their stage.
base::Status check_content(const ExamPackage& package, const base::Places& places);
/// Refuses a beginning before `from` or after `until`; `now` is UTC.
base::Status check_time(const ExamPackage& package, const std::string& now);

/// A station as it is when it is about to begin.
struct Station {
    base::Places places;
    Trust trust;
    base::Result<OwnKey> key;  ///< that will seal, or why there is none
    base::Hash program;        ///< the build that runs
};
/// All that a station looks at before it begins, but faces: trust, `now` (UTC), this build, whether others will believe its key, content.
base::Status check_station(const ExamPackage& package, const Station& station, const std::string& now);

}  // namespace training
