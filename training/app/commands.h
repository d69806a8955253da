#pragma once

// The commands of design.md 6. Each takes its arguments, prints its result on stdout, one sentence on stderr when the
// world outside is at fault, and returns the exit code.

#include "training/app/options.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace app {

inline constexpr int kDone = 0;
inline constexpr int kMismatch = 1;  ///< checked, and it does not hold
inline constexpr int kUnusable = 2;  ///< input, device or output that cannot be used
inline constexpr const char* kVersion = "0.1.0";

struct PerformArguments {
    std::string practice;  ///< --case
    std::string pen, events, skill, device, output;
    std::string trainee;              ///< --trainee: a code
    std::optional<uint64_t> seed;
    std::vector<std::string> faults;  ///< of the operator, NAME=SIZE
    bool left_handed = false;
    bool treat_anyway = false;
    bool seal = false;                       ///< --seal: by the station's key
    std::string key, passphrase_file, nonce;  ///< with --seal; `key` empty: the only station key
    std::string package, candidate;          ///< --package: an attempt at this exam; `output` is the candidate's folder then
};
int perform(const Options& options, const PerformArguments& arguments);

struct ScoreArguments {
    std::string recording, rubric, scope;
    bool json = false;
};
int score(const Options& options, const ScoreArguments& arguments);

struct ReportArguments {
    std::string recording, rubric, scope, output;
    std::string language = "en";  ///< --language
};
int report(const Options& options, const ReportArguments& arguments);

struct RenderArguments {
    std::string recording, output;
    std::optional<double> at;
    std::string view = "front", overlay = "none", size = "1280x720";
    std::string after;           ///< --after: "2d"; empty = the end of the session itself
    std::optional<int> sessions; ///< --sessions
    bool sun = false;            ///< --sun: without protection from it
    bool pen = false;            ///< --pen: with the pen as it was held then
    std::string tier = "cpu";
};
int render(const Options& options, const RenderArguments& arguments);

struct ReplayArguments {
    std::string recording;
    bool verify = false;
    std::optional<double> at;
};
int replay(const Options& options, const ReplayArguments& arguments);

struct VerifyArguments {
    std::string recording;           ///< or
    std::string all;                 ///< --all: a folder
    std::string db;                  ///< --db: a record store, whose sessions are looked at
    std::vector<std::string> trust;  ///< --trust: folders and files of public keys; empty: the keys of this machine
    bool sealed = false;
    std::string nonce, code, rubric, scope, results, shard = "1/1";
    int jobs = 1;
    std::string package;             ///< --package: an exam package; its nonce, rubric and scope go before the others
    std::vector<std::string> journals;  ///< --journal: files of stations' journals
};
int verify(const Options& options, const VerifyArguments& arguments);

struct KeysNewArguments {
    std::string name, role, passphrase_file;
};
int keys_new(const KeysNewArguments& arguments);
int keys_show();
struct KeysCertifyArguments {
    std::string station, by, output, passphrase_file;
    int days = 730;
};
int keys_certify(const KeysCertifyArguments& arguments);
int keys_trust(const std::string& file);
struct KeysRevokeArguments {
    std::string key, by, since, passphrase_file, reason = "compromised";
};
int keys_revoke(const KeysRevokeArguments& arguments);

struct StampArguments {
    std::vector<std::string> recordings;
    std::string url;  ///< --url; empty: as timestamp.toml in the folder of keys says
};
int stamp(const StampArguments& arguments);

struct BadgeIssueArguments {
    std::vector<std::string> recordings;
    std::string by, passphrase_file, candidate, issuer, name, description, rubric, scope, rsa, jwt, output;
    std::string package;  ///< --package: the recordings are all attempts at this exam, or the folder of them
    std::string language = "en";
    bool certifies = false;
};
int badge_issue(const Options& options, const BadgeIssueArguments& arguments);
struct BadgeCheckArguments {
    std::string badge, trust;
};
int badge_check(const BadgeCheckArguments& arguments);

struct ExamSitArguments {
    std::string package, candidate, key, output;  ///< output: the candidate's folder; empty: as take_seat() finds it
};
/// An exam in the window, until that is closed.
int exam_sit(const Options& options, const ExamSitArguments& arguments);
struct ExamMakeArguments {
    std::string plan, key, passphrase_file, output;  ///< key: the body's; empty: the only one
};
int exam_make(const Options& options, const ExamMakeArguments& arguments);
/// Exit 1: its body is not trusted here.
struct ExamShowArguments {
    std::string package, key;  ///< key: name of the station's; empty: the only one
};
int exam_show(const Options& options, const ExamShowArguments& arguments);
struct ExamResultArguments {
    std::string package;
    std::vector<std::string> places, trust;  ///< folders and recordings; --trust as of verify
    std::vector<std::string> journals;       ///< files of stations' journals
    bool json = false;
};
int exam_result(const Options& options, const ExamResultArguments& arguments);
/// Exit 1: it does not hold, or a recording that it shows begun is not in `places`.
struct ExamJournalArguments {
    std::vector<std::string> trust;  ///< as of verify
    std::string file, key, candidate;  ///< file: empty: that of `key`, a station's name; empty: the only one. candidate: empty: all
    std::vector<std::string> places;   ///< folders (with all in them) and recordings; none: nothing is held against it
};
int exam_journal(const Options& options, const ExamJournalArguments& arguments);
/// `perform --package`: one attempt without a window.
int perform_exam(const Options& options, const PerformArguments& arguments);

struct ExportArguments {
    std::string recording, punctures, samples, xapi;
};
int export_data(const Options& options, const ExportArguments& arguments);

struct ProgressArguments {
    std::optional<std::string> trainee;
    std::string folder, rubric, csv;
};
int progress(const Options& options, const ProgressArguments& arguments);

/// What is kept about sessions (docs/records.md). `db`: a file or a server's URL; empty = this station's file.
struct RecordsAddArguments {
    std::string recording, db, candidate, station, rubric, scope;
    std::string package;             ///< --package: `recording` is a candidate's folder of this exam
    std::vector<std::string> trust;  ///< --trust as of verify
};
int records_add(const Options& options, const RecordsAddArguments& arguments);
struct RecordsListArguments {
    std::string db, candidate, cohort;
};
int records_list(const RecordsListArguments& arguments);
int records_show(const std::string& db, const std::string& session);
struct RecordsDecideArguments {
    std::string db, session, examiner, decision, reason;
};
int records_decide(const RecordsDecideArguments& arguments);
struct RecordsSendArguments {
    std::string db, lrs;
    double patience_s = 60;  ///< how long to try again
    bool again = false;      ///< what was refused too
};
int records_send(const RecordsSendArguments& arguments);
int records_roster(const std::string& db, const std::string& file);
struct RecordsResultsArguments {
    std::string db, candidate, cohort, output;
};
int records_results(const RecordsResultsArguments& arguments);
int records_setup(const std::string& db);

/// The desk in a browser (docs/serve.md).
struct ServeArguments {
    std::string db, bind = "127.0.0.1", certificate, key, sessions;
    int port = 8077;
};
int serve_desk(const Options& options, const ServeArguments& arguments);
struct ServeAccountArguments {
    std::string name, role, passphrase_file;
};
int serve_account_add(const ServeAccountArguments& arguments);
int serve_account_list();
int serve_account_remove(const std::string& name);

struct FaceExportArguments {
    std::string id, output;
};
struct FacePicturesArguments {
    std::vector<std::string> ids;    ///< empty = all patients
    std::vector<std::string> views;  ///< empty = front, three_quarter, left and all close-ups
    std::string folder, tier = "cpu", size = "1920x1080";
};
int face_pictures(const Options& options, const FacePicturesArguments& arguments);
/// `json`: for other programs, on stdout (training::mistakes_json).
int content_check(const Options& options, bool json);
int face_list(const Options& options);
int face_export(const Options& options, const FaceExportArguments& arguments);
/// A face id, its TOML file, or a foreign mesh file.
int face_check(const Options& options, const std::string& id);

struct FaceImportArguments {
    std::string scan, id, name, units, up, axes, landmarks, sex = "female", licence = "unknown";
    int fitzpatrick = 2;
    double age = 40;
    bool dry_run = false, replace = false, bare = false;
};
int face_import(const Options& options, const FaceImportArguments& arguments);

struct RubricCheckArguments {
    std::string file;
    bool explain = false;
};
int rubric_check(const Options& options, const RubricCheckArguments& arguments);

struct RubricFitArguments {
    std::string experts, novices, output, rubric = "provisional";
};
int rubric_fit(const Options& options, const RubricFitArguments& arguments);

int lesson_list(const Options& options);
int lesson_check(const Options& options, const std::string& file);
struct LessonCopyArguments {
    std::string id, output, author = "me";
};
/// A copy of one's own; its file's name is its id.
int lesson_copy(const Options& options, const LessonCopyArguments& arguments);

int devices(const Options& options);

struct BenchArguments {
    bool json = false;
    std::string filter;
};
int bench(const Options& options, const BenchArguments& arguments);

}  // namespace app
