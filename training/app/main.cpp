// evenhand: the command line (design.md 6). Each command is one function in command_*.cpp.

#include "engine/base/log.h"
#include "training/app/application.h"
#include "training/app/commands.h"

#include <CLI/CLI.hpp>

#include <csignal>

namespace {

int refuse(const std::string& sentence) {
    fmt::print(stderr, "evenhand: {}\n", sentence);
    return app::kUnusable;
}

struct GlobalOptions {
    std::string gpu, data, osc, log_level = "warn";
};

/// The one command that was chosen, ready to run once the global options are known.
using Run = std::function<int(const app::Options&)>;

void add_perform(CLI::App& cli, Run& run) {
    auto arguments = std::make_shared<app::PerformArguments>();
    CLI::App* command = cli.add_subcommand("perform", "Treat a face without a window, from a pen file or by an operator");
    command->add_option("--case", arguments->practice, "case id or TOML file");
    command->add_option("--pen", arguments->pen, "pen file (CSV)");
    command->add_option("--events", arguments->events, "events file (CSV)");
    command->add_option("--operator", arguments->skill, "expert, intermediate, novice or a skill from 0 to 1 (simulated)");
    command->add_option("--fault", arguments->faults, "of the operator: NAME=SIZE, size 0 to 1; again for each")->take_all();
    command->add_flag("--left-handed", arguments->left_handed, "the operator holds the pen in the left hand");
    command->add_flag("--treat-anyway", arguments->treat_anyway, "the operator needles whatever the consultation showed");
    command->add_option("--seed", arguments->seed, "seed of the operator");
    command->add_option("--device", arguments->device, "device id or TOML file");
    command->add_option("--trainee", arguments->trainee, "code of whoever practises, kept in the recording");
    command->add_flag("--seal", arguments->seal, "seal the recording with a station's key (evenhand keys)");
    command->add_option("--key", arguments->key, "with --seal: name of the station's key (default: the only one)");
    command->add_option("--passphrase-file", arguments->passphrase_file, "with --seal: file whose first line opens the key (default: typed)");
    command->add_option("--nonce", arguments->nonce, "with --seal: the exam package's nonce, 32 to 128 hexadecimal digits (default: random)");
    command->add_option("--package", arguments->package, "an attempt at this exam (.evx); case, rubric, scope and seed are the package's");
    command->add_option("--candidate", arguments->candidate, "with --package: the candidate's code");
    command->add_option("-o,--output", arguments->output, "recording to write (.evh); with --package the candidate's folder (default: one of EVENHAND_EXAMS, as in the window)");
    command->footer("Example: evenhand perform --case demo --operator expert --seed 1 -o demo.evh\n"
                    "         evenhand perform --package board.evx --candidate K-17 --pen pen.csv --key station-1 -o K-17\n"
                    "         evenhand perform --case demo --pen pen.csv --seal --key station-1 -o exam.evh");
    command->callback([&run, arguments] { run = [arguments](const app::Options& o) { return app::perform(o, *arguments); }; });
}

void add_score(CLI::App& cli, Run& run) {
    auto arguments = std::make_shared<app::ScoreArguments>();
    CLI::App* command = cli.add_subcommand("score", "Score a recording (exit 0 scored, 2 unusable)");
    command->add_option("recording", arguments->recording, "recording (.evh)")->required();
    command->add_option("--rubric", arguments->rubric, "rubric id or TOML file");
    command->add_option("--scope", arguments->scope, "scope id or TOML file");
    command->add_flag("--json", arguments->json, "print JSON");
    command->footer("Example: evenhand score demo.evh --json");
    command->callback([&run, arguments] { run = [arguments](const app::Options& o) { return app::score(o, *arguments); }; });
}

void add_report(CLI::App& cli, Run& run) {
    auto arguments = std::make_shared<app::ReportArguments>();
    CLI::App* command = cli.add_subcommand("report", "Write one self-contained page with scores and pictures");
    command->add_option("recording", arguments->recording, "recording (.evh)")->required();
    command->add_option("--rubric", arguments->rubric, "rubric id or TOML file");
    command->add_option("--scope", arguments->scope, "scope id or TOML file");
    command->add_option("-o,--output", arguments->output, "page to write (.html)")->required();
    command->add_option("--language", arguments->language, "en, es or fr: a language of content/locale (default: en)");
    command->footer("Example: evenhand report demo.evh -o report.html\n"
                    "         evenhand report demo.evh --language es -o informe.html");
    command->callback([&run, arguments] { run = [arguments](const app::Options& o) { return app::report(o, *arguments); }; });
}

void add_render(CLI::App& cli, Run& run) {
    auto arguments = std::make_shared<app::RenderArguments>();
    CLI::App* command = cli.add_subcommand("render", "Picture of a session's face");
    command->add_option("recording", arguments->recording, "recording (.evh)")->required();
    command->add_option("-o,--output", arguments->output, "picture to write (.png)")->required();
    command->add_option("--at", arguments->at, "seconds since the session began (default: its end)");
    command->add_option("--view", arguments->view, "front, left, right or zone:ID");
    command->add_option("--overlay", arguments->overlay, "coverage, evenness, pressure, depth or none");
    command->add_option("--size", arguments->size, "WxH in pixels");
    command->add_option("--after", arguments->after,
                        "the face so long after the session, as it typically heals: a number with min, h, d, w or mo (30min, 2d, 3mo)");
    command->add_option("--sessions", arguments->sessions, "with --after: after so many equal sessions, 4 weeks apart (1 to 5)");
    command->add_flag("--sun", arguments->sun, "with --after: without protection from the sun");
    command->add_flag("--pen", arguments->pen, "with the pen as it was held then");
    command->add_option("--tier", arguments->tier, "how finely to draw: cpu, low or high");
    command->footer("Example: evenhand render demo.evh -o front.png --view front --overlay coverage --size 1280x720\n"
                    "         evenhand render demo.evh -o healed.png --after 2d --sessions 3");
    command->callback([&run, arguments] { run = [arguments](const app::Options& o) { return app::render(o, *arguments); }; });
}

void add_replay(CLI::App& cli, Run& run) {
    auto arguments = std::make_shared<app::ReplayArguments>();
    CLI::App* command = cli.add_subcommand("replay", "Re-simulate a recording from its pen samples");
    command->add_option("recording", arguments->recording, "recording (.evh)")->required();
    command->add_flag("--verify", arguments->verify, "compare with the recorded logs; exit 1 and name the first difference");
    command->add_option("--at", arguments->at, "seconds since the session began: replay to there and tell what was done");
    command->footer("Example: evenhand replay demo.evh --verify\n"
                    "         evenhand replay demo.evh --at 41.2");
    command->callback([&run, arguments] { run = [arguments](const app::Options& o) { return app::replay(o, *arguments); }; });
}

void add_verify(CLI::App& cli, Run& run) {
    auto arguments = std::make_shared<app::VerifyArguments>();
    CLI::App* command = cli.add_subcommand("verify", "Whether recordings are what they say: file, seal, content, replay, score "
                                                     "(exit 0 all holds, 1 something does not, 2 unusable)");
    command->add_option("recording", arguments->recording, "recording (.evh)");
    command
        ->add_option("--trust", arguments->trust,
                     "public keys to believe, file or folder; again for each; then a seal is demanded (default: the keys of this machine)")
        ->allow_extra_args(false)
        ->take_all();
    command->add_flag("--sealed", arguments->sealed, "an unsealed recording fails");
    command->add_option("--nonce", arguments->nonce, "the exam package's nonce: a session sealed for another fails");
    command->add_option("--code", arguments->code, "a checkpoint's code as an invigilator noted it, like KDWM-RTXA");
    command->add_option("--package", arguments->package, "an exam package (.evx): a session sealed for another fails; rubric and scope are the package's");
    command->add_option("--journal", arguments->journals, "journal of a station: an exam's recording must be what its station's shows; again for each station")
        ->allow_extra_args(false)
        ->take_all();
    command->add_option("--rubric", arguments->rubric, "rubric id or TOML file to score by");
    command->add_option("--scope", arguments->scope, "scope id or TOML file to score by");
    command->add_option("--all", arguments->all, "verify every recording of a folder and its folders, a line each");
    command->add_option("--db", arguments->db,
                        "verify every session of a record store (a file or postgresql://USER@HOST/DATABASE), and what it keeps of each: the files that its rows "
                        "name, or with --all those of the folder");
    command->add_option("--jobs", arguments->jobs, "with --all or --db: threads")->check(CLI::Range(1, 256));
    command->add_option("--shard", arguments->shard, "with --all or --db: part I of N, as 2/8, for several machines");
    command->add_option("--results", arguments->results, "with --all or --db: file of what was found, taken up again (default: verified.jsonl in the folder, or here)");
    command->footer("Example: evenhand verify exam.evh --trust body.public.json\n"
                    "         evenhand verify K-17/attempt-1.evh --journal station-1.journal\n"
                    "         evenhand verify --all sessions --jobs 8 --shard 2/8 --trust body.public.json\n"
                    "         evenhand verify --db postgresql://auditor@school.example/evenhand --all sessions --jobs 8");
    command->callback([&run, arguments] { run = [arguments](const app::Options& o) { return app::verify(o, *arguments); }; });
}

void add_keys(CLI::App& cli, Run& run) {
    CLI::App* keys = cli.add_subcommand("keys", "Keys of certification bodies and stations: new, show, certify, trust, revoke");
    keys->require_subcommand(1);
    keys->footer("Example: evenhand keys new --name station-1 --role station");

    auto made = std::make_shared<app::KeysNewArguments>();
    CLI::App* make = keys->add_subcommand("new", "A key pair; the private half is encrypted with a passphrase");
    make->add_option("--name", made->name, "letters, digits, - and _")->required();
    make->add_option("--role", made->role, "body or station")->required();
    make->add_option("--passphrase-file", made->passphrase_file, "file whose first line is the passphrase (default: typed)");
    make->footer("Example: evenhand keys new --name station-1 --role station");
    make->callback([&run, made] { run = [made](const app::Options&) { return app::keys_new(*made); }; });

    CLI::App* show = keys->add_subcommand("show", "The keys of this machine, those it trusts, and what was revoked");
    show->footer("Example: evenhand keys show");
    show->callback([&run] { run = [](const app::Options&) { return app::keys_show(); }; });

    auto certified = std::make_shared<app::KeysCertifyArguments>();
    CLI::App* certify = keys->add_subcommand("certify", "A body's word that a key is one of its stations'");
    certify->add_option("station", certified->station, "the station's public key (STATION.public.json)")->required();
    certify->add_option("--by", certified->by, "name of the body's key (default: the only one)");
    certify->add_option("--days", certified->days, "for how long from now (default: 730)")->check(CLI::Range(1, 3650));
    certify->add_option("--passphrase-file", certified->passphrase_file, "file whose first line opens the body's key (default: typed)");
    certify->add_option("-o,--output", certified->output, "certificate to write (.json)")->required();
    certify->footer("Example: evenhand keys certify station-1.public.json --by body -o station-1.certificate.json");
    certify->callback([&run, certified] { run = [certified](const app::Options&) { return app::keys_certify(*certified); }; });

    auto trusted = std::make_shared<std::string>();
    CLI::App* trust = keys->add_subcommand("trust", "Take on a public key, a certificate of one's own station, revocations, or a time-stamping authority's certificate (.pem)");
    trust->add_option("file", *trusted, "file that was received")->required();
    trust->footer("Example: evenhand keys trust body.public.json");
    trust->callback([&run, trusted] { run = [trusted](const app::Options&) { return app::keys_trust(*trusted); }; });

    auto revoked = std::make_shared<app::KeysRevokeArguments>();
    CLI::App* revoke = keys->add_subcommand("revoke", "A key is no longer believed; adds a signed row to revocations.jsonl");
    revoke->add_option("key", revoked->key, "its name, its id, or its public key's file")->required();
    revoke->add_option("--reason", revoked->reason, "compromised (default: somebody else may hold it) or retired");
    revoke->add_option("--since", revoked->since, "UTC from which it is no longer believed (default: now)");
    revoke->add_option("--by", revoked->by, "name of the key that says so (default: the body's, else its own)");
    revoke->add_option("--passphrase-file", revoked->passphrase_file, "file whose first line opens that key (default: typed)");
    revoke->footer("Example: evenhand keys revoke station-1 --reason retired");
    revoke->callback([&run, revoked] { run = [revoked](const app::Options&) { return app::keys_revoke(*revoked); }; });
}

void add_stamp(CLI::App& cli, Run& run) {
    auto arguments = std::make_shared<app::StampArguments>();
    CLI::App* command = cli.add_subcommand("stamp", "Have a time-stamping authority (RFC 3161) witness when sealed sessions were closed");
    command->add_option("recordings", arguments->recordings, "sealed recordings that were closed (.evh)")->required();
    command->add_option("--url", arguments->url, "address of the authority (default: url in timestamp.toml in the folder of keys)");
    command->footer("Example: evenhand stamp exam.evh --url http://time.example/tsr");
    command->callback([&run, arguments] { run = [arguments](const app::Options&) { return app::stamp(*arguments); }; });
}

void add_exam(CLI::App& cli, Run& run) {
    CLI::App* exam = cli.add_subcommand("exam", "Exams: hold one in the window, make a package, show it, tell a candidate's result");
    exam->require_subcommand(0, 1);
    exam->footer("Example: evenhand exam --package board.evx --candidate K-17\n"
                 "         evenhand exam show board.evx");
    auto sat = std::make_shared<app::ExamSitArguments>();
    exam->add_option("--package", sat->package, "package (.evx): hold this exam in the window (perform --package: without one)");
    exam->add_option("--candidate", sat->candidate, "the candidate's code");
    exam->add_option("--key", sat->key, "name of the station's key (default: the only one)");
    exam->add_option("-o,--output", sat->output, "the candidate's folder (default: one among this machine's exams)");
    exam->callback([&run, exam, sat] {
        if (exam->get_subcommands().empty()) run = [sat](const app::Options& o) { return app::exam_sit(o, *sat); };
    });

    auto made = std::make_shared<app::ExamMakeArguments>();
    CLI::App* make = exam->add_subcommand("make", "A body's signed package of an exam, from what people write (exit 2: a mistake, with line and column)");
    make->add_option("plan", made->plan, "exam (TOML)")->required();
    make->add_option("--key", made->key, "name of the body's key (default: the only one)");
    make->add_option("--passphrase-file", made->passphrase_file, "file whose first line opens the body's key (default: typed)");
    make->add_option("-o,--output", made->output, "package to write (.evx)")->required();
    make->footer("Example: evenhand exam make board.toml --key board -o board.evx");
    make->callback([&run, made] { run = [made](const app::Options& o) { return app::exam_make(o, *made); }; });

    auto shown = std::make_shared<app::ExamShowArguments>();
    CLI::App* show = exam->add_subcommand("show", "What a package holds, whose it is, and whether this station may hold it (exit 1: no trusted body's)");
    show->add_option("package", shown->package, "package (.evx)")->required();
    show->add_option("--key", shown->key, "name of the station's key (default: the only one)");
    show->footer("Example: evenhand exam show board.evx");
    show->callback([&run, shown] { run = [shown](const app::Options& o) { return app::exam_show(o, *shown); }; });

    auto asked = std::make_shared<app::ExamResultArguments>();
    CLI::App* result = exam->add_subcommand("result", "Verify a candidate's attempts and tell the verdict (exit 0 a verdict, 1 an attempt does not hold, 2 unusable)");
    result->add_option("--package", asked->package, "package (.evx)")->required();
    result->add_option("recordings", asked->places, "the candidate's folder, or its recordings (.evh)")->required();
    result->add_option("--trust", asked->trust, "public keys to believe, file or folder; again for each (default: the keys of this machine)")->allow_extra_args(false)->take_all();
    result->add_option("--journal", asked->journals, "journal of a station: what it shows begun must be here; again for each station")->allow_extra_args(false)->take_all();
    result->add_flag("--json", asked->json, "print JSON");
    result->footer("Example: evenhand exam result --package board.evx K-17 --trust board.public.json");
    result->callback([&run, asked] { run = [asked](const app::Options& o) { return app::exam_result(o, *asked); }; });

    auto looked = std::make_shared<app::ExamJournalArguments>();
    CLI::App* journal = exam->add_subcommand("journal", "What attempts this station began, and whether each recording is there (exit 1: a row or a recording does not hold)");
    journal->add_option("recordings", looked->places, "folders (with all in them) and recordings (.evh) to hold against it");
    journal->add_option("--file", looked->file, "journal (.journal) (default: that of the station's key)");
    journal->add_option("--trust", looked->trust, "public keys to believe, file or folder; again for each (default: the keys of this machine)")->allow_extra_args(false)->take_all();
    journal->add_option("--key", looked->key, "name of the station's key (default: the only one)");
    journal->add_option("--candidate", looked->candidate, "tell of this candidate alone");
    journal->footer("Example: evenhand exam journal --candidate K-17 K-17");
    journal->callback([&run, looked] { run = [looked](const app::Options& o) { return app::exam_journal(o, *looked); }; });
}

void add_badge(CLI::App& cli, Run& run) {
    CLI::App* badge = cli.add_subcommand("badge", "Badges (Open Badges 3.0) for sealed sessions that were passed: issue, check");
    badge->require_subcommand(1);
    badge->footer("Example: evenhand badge check badge.json --trust body.public.json");

    auto issued = std::make_shared<app::BadgeIssueArguments>();
    CLI::App* issue = badge->add_subcommand("issue", "A body's badge for a candidate whose sessions hold and were passed");
    issue->add_option("recordings", issued->recordings, "sealed recordings (.evh) of one candidate; with --package, folders of attempts too")->required();
    issue->add_option("--package", issued->package, "the exam (.evx) that they are the attempts at: the badge is for its mean");
    issue->add_option("--by", issued->by, "name of the body's key (default: the only one)");
    issue->add_option("--passphrase-file", issued->passphrase_file, "file whose first line opens the body's key (default: typed)");
    issue->add_option("--candidate", issued->candidate, "code (default: the one that the recordings name)");
    issue->add_option("--issuer", issued->issuer, "the body's name as people read it (default: its key's name)");
    issue->add_option("--name", issued->name, "of what was achieved (default: training evidence)");
    issue->add_option("--description", issued->description, "of what was achieved");
    issue->add_flag("--certifies", issued->certifies, "the body says that this certifies, in its own words");
    issue->add_option("--rubric", issued->rubric, "id or TOML file to score by (default: the case's)");
    issue->add_option("--scope", issued->scope, "id or TOML file of the scope (default: the case's)");
    issue->add_option("--language", issued->language, "of our own words (default: en)");
    issue->add_option("--rsa", issued->rsa, "the body's private RSA key (PEM), for a token as well");
    issue->add_option("--jwt", issued->jwt, "token to write (with --rsa)");
    issue->add_option("-o,--output", issued->output, "badge to write (.json)")->required();
    issue->footer("Example: evenhand badge issue exam.evh --candidate K-17 -o badge.json\n"
                  "         evenhand badge issue K-17 --package board.evx -o badge.json");
    issue->callback([&run, issued] { run = [issued](const app::Options& o) { return app::badge_issue(o, *issued); }; });

    auto checked = std::make_shared<app::BadgeCheckArguments>();
    CLI::App* check = badge->add_subcommand("check", "Whether a badge holds, and whose it is (exit 1: it does not)");
    check->add_option("badge", checked->badge, "badge (.json)")->required();
    check->add_option("--trust", checked->trust, "public key of the body, or a folder of such (default: this machine's keys)");
    check->footer("Example: evenhand badge check badge.json --trust body.public.json");
    check->callback([&run, checked] { run = [checked](const app::Options&) { return app::badge_check(*checked); }; });
}

void add_export(CLI::App& cli, Run& run) {
    auto arguments = std::make_shared<app::ExportArguments>();
    CLI::App* command = cli.add_subcommand("export", "Write punctures, samples or an xAPI statement for other programs");
    command->add_option("recording", arguments->recording, "recording (.evh)")->required();
    CLI::Option_group* what = command->add_option_group("what");
    what->add_option("--punctures", arguments->punctures, "CSV to write");
    what->add_option("--samples", arguments->samples, "CSV to write");
    what->add_option("--xapi", arguments->xapi, "JSON to write");
    what->require_option(1, 3);
    command->footer("Example: evenhand export demo.evh --punctures punctures.csv");
    command->callback([&run, arguments] { run = [arguments](const app::Options& o) { return app::export_data(o, *arguments); }; });
}

void add_progress(CLI::App& cli, Run& run) {
    auto arguments = std::make_shared<app::ProgressArguments>();
    CLI::App* command = cli.add_subcommand("progress", "What a trainee's sessions say: trends, and what to practise next");
    command->add_option("--trainee", arguments->trainee, "code of one trainee (default: each)");
    command->add_option("--folder", arguments->folder, "folder of recordings (default: where the window keeps them)");
    command->add_option("--rubric", arguments->rubric, "rubric id or TOML file to score by (default: each case's own)");
    command->add_option("--csv", arguments->csv, "table to write: a row per attempt and criterion");
    command->footer("Example: evenhand progress --trainee A-17 --csv progress.csv");
    command->callback([&run, arguments] { run = [arguments](const app::Options& o) { return app::progress(o, *arguments); }; });
}

void add_records(CLI::App& cli, Run& run) {
    CLI::App* records = cli.add_subcommand("records", "What is kept about sessions: add, list, show, decide, send, roster, results, setup");
    records->require_subcommand(1);
    records->footer("Example: evenhand records add demo.evh --candidate A-17");
    const char* where = "a file, or postgresql://USER@HOST/DATABASE (default: this station's file)";

    auto added = std::make_shared<app::RecordsAddArguments>();
    CLI::App* add = records->add_subcommand("add", "Score a recording and keep it; with a server's URL also send what waits");
    add->add_option("recording", added->recording, "recording (.evh), or with --package a candidate's folder")->required();
    add->add_option("--db", added->db, where);
    add->add_option("--candidate", added->candidate, "code of whoever practised (default: the recording's trainee)");
    add->add_option("--station", added->station, "name of this machine (default: station in records.toml)");
    add->add_option("--rubric", added->rubric, "rubric id or TOML file (default: the case's own)");
    add->add_option("--scope", added->scope, "scope id or TOML file (default: the case's own)");
    add->add_option("--package", added->package, "the exam (.evx) that the folder is of: its mean is kept, with all attempts in its document");
    add->add_option("--trust", added->trust, "with --package: public keys, a file or folder; again for each (default: the keys of this machine)");
    add->footer("Example: evenhand records add demo.evh --candidate A-17 --station \"room 2\"\n"
                "         evenhand records add K-17 --package board.evx");
    add->callback([&run, added] { run = [added](const app::Options& o) { return app::records_add(o, *added); }; });

    auto listed = std::make_shared<app::RecordsListArguments>();
    CLI::App* list = records->add_subcommand("list", "A line for each session and score");
    list->add_option("--db", listed->db, where);
    list->add_option("--candidate", listed->candidate, "only of this code");
    list->add_option("--cohort", listed->cohort, "only of this cohort");
    list->footer("Example: evenhand records list --cohort spring");
    list->callback([&run, listed] { run = [listed](const app::Options&) { return app::records_list(*listed); }; });

    auto shown = std::make_shared<std::pair<std::string, std::string>>();
    CLI::App* show = records->add_subcommand("show", "All that is kept about one session");
    show->add_option("session", shown->second, "evidence hash; its first letters are enough")->required();
    show->add_option("--db", shown->first, where);
    show->footer("Example: evenhand records show 3fa94c01d2b7");
    show->callback([&run, shown] { run = [shown](const app::Options&) { return app::records_show(shown->first, shown->second); }; });

    auto decided = std::make_shared<app::RecordsDecideArguments>();
    CLI::App* decide = records->add_subcommand("decide", "An examiner's decision; a later one corrects it, none is ever changed");
    decide->add_option("session", decided->session, "evidence hash; its first letters are enough")->required();
    decide->add_option("--examiner", decided->examiner, "who decides")->required();
    decide->add_option("--decision", decided->decision, "pass, fail or void")->required();
    decide->add_option("--reason", decided->reason, "why")->required();
    decide->add_option("--db", decided->db, where);
    decide->footer("Example: evenhand records decide 3fa94c01d2b7 --examiner \"N. Okafor\" --decision pass --reason \"clean throughout\"");
    decide->callback([&run, decided] { run = [decided](const app::Options&) { return app::records_decide(*decided); }; });

    auto sent = std::make_shared<app::RecordsSendArguments>();
    CLI::App* send = records->add_subcommand("send", "Send what waits in this station's outbox (exit 1: something was refused, 2: something still waits)");
    send->add_option("--db", sent->db, "where to: postgresql://USER@HOST/DATABASE or a file (default: url in records.toml)");
    send->add_option("--lrs", sent->lrs, "learning record store for xAPI statements: https://NAME:PASSWORD@HOST/PATH (default: lrs in records.toml)");
    send->add_option("--patience", sent->patience_s, "seconds to try again when nobody answers")->check(CLI::Range(0.0, 86'400.0));
    send->add_flag("--again", sent->again, "try again what was refused, after its cause was mended");
    send->footer("Example: evenhand records send --db postgresql://station1@school.example/evenhand");
    send->callback([&run, sent] { run = [sent](const app::Options&) { return app::records_send(*sent); }; });

    auto enrolled = std::make_shared<std::pair<std::string, std::string>>();
    CLI::App* roster = records->add_subcommand("roster", "Candidates and their cohorts from a table: code,name,group; names are not kept");
    roster->add_option("file", enrolled->second, "table (.csv)")->required();
    roster->add_option("--db", enrolled->first, where);
    roster->footer("Example: evenhand records roster spring.csv");
    roster->callback([&run, enrolled] { run = [enrolled](const app::Options&) { return app::records_roster(enrolled->first, enrolled->second); }; });

    auto written = std::make_shared<app::RecordsResultsArguments>();
    CLI::App* results = records->add_subcommand("results", "Results and decisions as a table");
    results->add_option("--db", written->db, where);
    results->add_option("--candidate", written->candidate, "only of this code");
    results->add_option("--cohort", written->cohort, "only of this cohort");
    results->add_option("-o,--output", written->output, "table to write (.csv; default: the terminal)");
    results->footer("Example: evenhand records results --cohort spring -o results.csv");
    results->callback([&run, written] { run = [written](const app::Options&) { return app::records_results(*written); }; });

    auto server = std::make_shared<std::string>();
    CLI::App* setup = records->add_subcommand("setup", "Make or update the tables, roles and rights of a server's database, as its owner");
    setup->add_option("--db", *server, "postgresql://OWNER@HOST/DATABASE")->required();
    setup->footer("Example: evenhand records setup --db postgresql://owner@school.example/evenhand");
    setup->callback([&run, server] { run = [server](const app::Options&) { return app::records_setup(*server); }; });
}

void add_serve(CLI::App& cli, Run& run) {
    auto arguments = std::make_shared<app::ServeArguments>();
    CLI::App* serve = cli.add_subcommand("serve", "The desk in a browser: read-only pages for instructors, examiners and auditors");
    serve->add_option("--db", arguments->db, "a file, or postgresql://USER@HOST/DATABASE (default: this station's file)");
    serve->add_option("--port", arguments->port, "port (default: 8077; 0: any that is free)")->check(CLI::Range(0, 65535));
    serve->add_option("--bind", arguments->bind, "address of this machine (default: 127.0.0.1, for this machine alone)");
    serve->add_option("--certificate", arguments->certificate, "TLS certificate (PEM), needed where others reach the address");
    serve->add_option("--key", arguments->key, "its key (PEM)");
    serve->add_option("--sessions", arguments->sessions, "folder of recordings: their sessions get reports");
    serve->require_subcommand(0, 1);
    serve->footer("Example: evenhand serve --sessions sessions");
    serve->callback([&run, arguments, serve] {
        if (serve->get_subcommands().empty()) run = [arguments](const app::Options& o) { return app::serve_desk(o, *arguments); };
    });

    CLI::App* account = serve->add_subcommand("account", "Who may sign in: add, list, remove");
    account->require_subcommand(1);
    account->footer("Example: evenhand serve account add okafor --role examiner");
    auto added = std::make_shared<app::ServeAccountArguments>();
    CLI::App* add = account->add_subcommand("add", "Let somebody in");
    add->add_option("name", added->name, "letters, digits, - _ . and @")->required();
    add->add_option("--role", added->role, "instructor, examiner or auditor")->required();
    add->add_option("--passphrase-file", added->passphrase_file, "file that only you may read, its first line the passphrase (default: typed)");
    add->footer("Example: evenhand serve account add okafor --role examiner");
    add->callback([&run, added] { run = [added](const app::Options&) { return app::serve_account_add(*added); }; });
    CLI::App* list = account->add_subcommand("list", "Names and roles");
    list->footer("Example: evenhand serve account list");
    list->callback([&run] { run = [](const app::Options&) { return app::serve_account_list(); }; });
    auto removed = std::make_shared<std::string>();
    CLI::App* remove = account->add_subcommand("remove", "Let somebody in no longer; they are signed out at once");
    remove->add_option("name", *removed, "as `account list` tells it")->required();
    remove->footer("Example: evenhand serve account remove okafor");
    remove->callback([&run, removed] { run = [removed](const app::Options&) { return app::serve_account_remove(*removed); }; });
}

void add_face(CLI::App& cli, Run& run) {
    CLI::App* face = cli.add_subcommand("face", "Patients and pads: list, pictures, import, export, check");
    face->require_subcommand(1);
    face->footer("Example: evenhand face export demo-woman -o face.glb");

    CLI::App* list = face->add_subcommand("list", "All faces");
    list->footer("Example: evenhand face list");
    list->callback([&run] { run = app::face_list; });

    auto pictured = std::make_shared<app::FacePicturesArguments>();
    CLI::App* pictures = face->add_subcommand("pictures", "Pictures of patients from all sides and near");
    pictures->add_option("id", pictured->ids, "face ids or TOML files (default: all patients)");
    pictures->add_option("-o,--output", pictured->folder, "folder for ID-VIEW.png")->required();
    pictures->add_option("--views", pictured->views, "front, three_quarter, left, right, zone:ID, close:cheek|nose|lips|eye|ear")->delimiter(',');
    pictures->add_option("--tier", pictured->tier, "cpu, low or high");
    pictures->add_option("--size", pictured->size, "WxH in pixels");
    pictures->footer("Example: evenhand face pictures demo-woman -o pictures --views front,close:cheek --tier cpu");
    pictures->callback([&run, pictured] { run = [pictured](const app::Options& o) { return app::face_pictures(o, *pictured); }; });

    auto exported = std::make_shared<app::FaceExportArguments>();
    CLI::App* write = face->add_subcommand("export", "Write a face as GLB");
    write->add_option("id", exported->id, "face id or TOML file")->required();
    write->add_option("-o,--output", exported->output, "file to write (.glb)")->required();
    write->footer("Example: evenhand face export demo-woman -o face.glb");
    write->callback([&run, exported] { run = [exported](const app::Options& o) { return app::face_export(o, *exported); }; });

    auto imported = std::make_shared<app::FaceImportArguments>();
    CLI::App* take = face->add_subcommand("import", "Make a patient of a head scan (exit 2: it cannot be used)");
    take->add_option("scan", imported->scan, "mesh file (.glb, .gltf, .obj, .ply, .stl, .fbx and others)")->required();
    take->add_option("--id", imported->id, "id of the new face: small letters, digits, - and _")->required();
    take->add_option("--name", imported->name, "name shown to people (default: the id)");
    take->add_option("--units", imported->units, "unit of the scan: mm, cm, m or in (default: found by size)");
    take->add_option("--up", imported->up, "the scan's axis that points up: y or z (default: found by fit)");
    take->add_option("--axes", imported->axes, "the scan's axes up the head and out of the face, as +y+z (default: found by fit)");
    take->add_option("--landmarks", imported->landmarks, "landmarks in the scan's unit and axes (TOML)");
    take->add_option("--fitzpatrick", imported->fitzpatrick, "skin type, 1 to 6")->check(CLI::Range(1, 6));
    take->add_option("--sex", imported->sex, "female or male: whose tissue tables apply");
    take->add_option("--age", imported->age, "years")->check(CLI::Range(18, 100));
    take->add_option("--licence", imported->licence, "what the scan's owner allows, kept with the face");
    take->add_flag("--bare", imported->bare, "without brows, lashes, cap and drape: for scans that bring hair");
    take->add_flag("--replace", imported->replace, "overwrite an imported face of this id");
    take->add_flag("--dry-run", imported->dry_run, "tell what would be done and write nothing");
    take->footer("Example: evenhand face import scan.glb --id maria --name Maria --fitzpatrick 3");
    take->callback([&run, imported] { run = [imported](const app::Options& o) { return app::face_import(o, *imported); }; });

    auto checked = std::make_shared<std::string>();
    CLI::App* check = face->add_subcommand("check", "Look for defects (exit 0 sound, 1 defects)");
    check->add_option("id", *checked, "face id, TOML file or a foreign mesh file (.glb, .obj, ...)")->required();
    check->footer("Example: evenhand face check demo-woman");
    check->callback([&run, checked] { run = [checked](const app::Options& o) { return app::face_check(o, *checked); }; });
}

void add_content(CLI::App& cli, Run& run) {
    CLI::App* content = cli.add_subcommand("content", "Content: check");
    content->require_subcommand(1);
    content->footer("Example: evenhand content check");
    CLI::App* check = content->add_subcommand("check", "What the window tells at its start: each broken file with line and column (exit 0 sound, 2 mistakes)");
    auto json = std::make_shared<bool>(false);
    check->add_flag("--json", *json, "for other programs, on stdout: file, line, column (null where not known) and sentence of each mistake");
    check->footer("Example: evenhand --data my-content content check --json");
    check->callback([&run, json] { run = [json](const app::Options& o) { return app::content_check(o, *json); }; });
}

void add_rubric(CLI::App& cli, Run& run) {
    auto arguments = std::make_shared<app::RubricCheckArguments>();
    CLI::App* rubric = cli.add_subcommand("rubric", "Rubrics: check, fit");
    rubric->require_subcommand(1);
    rubric->footer("Example: evenhand rubric check my-rubric.toml");
    CLI::App* check = rubric->add_subcommand("check", "Every mistake with line and column (exit 0 sound, 2 mistakes)");
    check->add_option("file", arguments->file, "rubric (TOML)")->required();
    check->add_flag("--explain", arguments->explain, "also tell each line in plain words: measure, bands, certainty, source");
    check->footer("Example: evenhand rubric check my-rubric.toml --explain");
    check->callback([&run, arguments] { run = [arguments](const app::Options& o) { return app::rubric_check(o, *arguments); }; });

    auto fitted = std::make_shared<app::RubricFitArguments>();
    CLI::App* fit = rubric->add_subcommand("fit", "Set bands and pass mark from recordings of people");
    fit->add_option("--experts", fitted->experts, "folder of experts' recordings (.evh)")->required();
    fit->add_option("--novices", fitted->novices, "folder of novices' recordings: sets the pass mark");
    fit->add_option("--rubric", fitted->rubric, "rubric to start from, id or TOML file (default: provisional)");
    fit->add_option("-o,--output", fitted->output, "rubric to write (.toml)")->required();
    fit->footer("Example: evenhand rubric fit --experts experts --novices novices -o ours.toml");
    fit->callback([&run, fitted] { run = [fitted](const app::Options& o) { return app::rubric_fit(o, *fitted); }; });
}

void add_lesson(CLI::App& cli, Run& run) {
    CLI::App* lesson = cli.add_subcommand("lesson", "Lessons: list, check, copy");
    lesson->require_subcommand(1);
    lesson->footer("Example: evenhand lesson copy one-row -o my-row.toml --author \"N. Okafor\"");
    CLI::App* list = lesson->add_subcommand("list", "All lessons; those that come with the program are locked");
    list->footer("Example: evenhand lesson list");
    list->callback([&run] { run = app::lesson_list; });
    auto checked = std::make_shared<std::string>();
    CLI::App* check = lesson->add_subcommand("check", "Whether a lesson can be used (exit 0 sound, 2 a mistake, with line and column)");
    check->add_option("file", *checked, "lesson (TOML)")->required();
    check->footer("Example: evenhand lesson check my-row.toml");
    check->callback([&run, checked] { run = [checked](const app::Options& o) { return app::lesson_check(o, *checked); }; });
    auto copied = std::make_shared<app::LessonCopyArguments>();
    CLI::App* copy = lesson->add_subcommand("copy", "A copy to edit; the file's name becomes its id");
    copy->add_option("id", copied->id, "lesson id")->required();
    copy->add_option("-o,--output", copied->output, "file to write (default: ID-copy.toml in the folder of one's own lessons)");
    copy->add_option("--author", copied->author, "who is shown as its author");
    copy->footer("Example: evenhand lesson copy one-row -o my-row.toml --author \"N. Okafor\"");
    copy->callback([&run, copied] { run = [copied](const app::Options& o) { return app::lesson_copy(o, *copied); }; });
}

void add_devices(CLI::App& cli, Run& run) {
    CLI::App* command = cli.add_subcommand("devices", "Vulkan devices and pens, and what each offers");
    command->footer("Example: evenhand devices");
    command->callback([&run] { run = app::devices; });
}

void add_bench(CLI::App& cli, Run& run) {
    auto arguments = std::make_shared<app::BenchArguments>();
    CLI::App* command = cli.add_subcommand("bench", "Stage times and rates on this machine");
    command->add_flag("--json", arguments->json, "print JSON");
    command->add_option("--filter", arguments->filter, "only benchmarks whose name matches this regular expression");
    command->footer("Example: evenhand bench --json");
    command->callback([&run, arguments] { run = [arguments](const app::Options& o) { return app::bench(o, *arguments); }; });
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    GlobalOptions global;
    Run run = [](const app::Options& options) { return app::run_application(options); };

    CLI::App cli("Evenhand: practise and assess microneedling technique. Without a command it opens its window.", "evenhand");
    cli.add_option("--gpu", global.gpu, "Vulkan device: its number in `evenhand devices`, or cpu");
    cli.add_option("--data", global.data, "content folder");
    cli.add_option("--osc", global.osc,
                   "window: take a tracked pen's poses at this UDP port of this computer alone, or at ADDRESS:PORT");
    cli.add_option("--log-level", global.log_level, "trace, debug, info, warn, error or off");
    cli.set_version_flag("--version", std::string("evenhand ") + app::kVersion);
    cli.require_subcommand(0, 1);
    cli.fallthrough();
    cli.footer("Example: evenhand perform --case demo --operator expert --seed 1 -o demo.evh");
    for (auto add : {add_perform, add_score, add_report, add_render, add_replay, add_verify, add_keys, add_exam, add_stamp, add_badge, add_export, add_progress, add_records, add_serve, add_face,
                     add_content, add_rubric, add_lesson, add_devices, add_bench})
        add(cli, run);

    try {
        cli.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        return cli.exit(help);
    } catch (const CLI::CallForAllHelp& help) {
        return cli.exit(help);
    } catch (const CLI::CallForVersion& version) {
        return cli.exit(version);
    } catch (const CLI::ParseError& problem) {
        return refuse(fmt::format("{}; see `evenhand --help`", problem.what()));
    }
    if (base::Status level = base::set_log_level(global.log_level); !level) return refuse(level.error().message);
    base::Result<base::Places> places = base::find_places(global.data);
    if (!places) return refuse(places.error().message);
    input::OscPlace osc;
    if (!global.osc.empty()) {
        const auto parsed = input::parse_osc_place(global.osc);
        if (!parsed) return refuse(parsed.error().message);
        osc = *parsed;
    }
    try {
        return run({global.gpu, *places, osc});
    } catch (const std::bad_alloc&) {
        return refuse("not enough memory; close other programs and try again");
    }
}
