// An exam through the command line, as a body, a station and an examiner hold one; and power cuts in the middle of it.

#include "tests/scenarios/exam.h"
#include "tests/scenarios/program.h"
#include "training/core/exam_result.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <iterator>
#include <map>
#include <sstream>
#include <thread>

namespace {

namespace fs = std::filesystem;
using scenario::Outcome;
using testing::HasSubstr;

class ExamByCommand : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        shared_ = new Shared;
        shared_->scratch.write("passphrase", std::string(sealed::kPassphrase) + "\n");
        fs::permissions(path("passphrase"), fs::perms::owner_read | fs::perms::owner_write);
        shared_->scratch.write("plan.toml", exams::plan_text("resume_limit_s = 86400\n"));
        station("keys trust " + board());
        const Outcome made = body("exam make " + path("plan.toml") + " --key board --passphrase-file " + path("passphrase") + " -o " + exam());
        ASSERT_EQ(made.exit, 0) << made.err;
        for (int attempt = 1; attempt <= 3; ++attempt) {
            const Outcome performed = attempt_of("K-17");
            ASSERT_EQ(performed.exit, 0) << performed.err;
            ASSERT_THAT(performed.out, HasSubstr(fmt::format("attempt {} of 3 of the exam board-2026 is handed in", attempt)));
            ASSERT_THAT(performed.out, Not(HasSubstr(" of 100")));
        }
    }
    static void TearDownTestSuite() { delete shared_; }

    static std::string path(const std::string& name) { return (shared_->scratch / name).string(); }
    static std::string board() { return (shared_->institution.body_keys / "board.public.json").string(); }
    static std::string exam() { return path("board.evx"); }
    static Outcome as(const fs::path& keys, const std::string& line) { return scenario::evenhand(words(line), {{"EVENHAND_KEYS", keys.string()}}); }
    static Outcome body(const std::string& line) { return as(shared_->institution.body_keys.path(), line); }
    static Outcome station(const std::string& line) { return as(shared_->institution.station_keys.path(), line); }
    static std::string attempt_line(const std::string& candidate) {
        return fmt::format("perform --package {} --candidate {} --operator novice --key station-1 --passphrase-file {} -o {}", exam(), candidate,
                           path("passphrase"), path(candidate));
    }
    static Outcome attempt_of(const std::string& candidate, const std::string& more = {}) { return station(attempt_line(candidate) + more); }
    static Outcome result_of(const std::string& candidate, const std::string& more = {}) {
        return station("exam result --package " + exam() + " " + path(candidate) + more);
    }
    static std::vector<std::string> words(const std::string& line) {
        std::istringstream stream(line);
        return {std::istream_iterator<std::string>(stream), {}};
    }
    /// A copy of K-17's folder.
    std::string copy(const std::string& name) const {
        fs::remove_all(scratch_ / name);
        fs::copy(path("K-17"), scratch_ / name);
        return (scratch_ / name).string();
    }
    Outcome judged(const std::string& folder) const { return station("exam result --package " + exam() + " " + folder); }

    struct Shared {
        sealed::Institution institution;
        scenario::Scratch scratch;
    };
    static inline Shared* shared_ = nullptr;
    scenario::Scratch scratch_;
};

TEST_F(ExamByCommand, APackageTellsWhatItHoldsAndWhose) {
    const Outcome shown = station("exam show " + exam());
    EXPECT_EQ(shown.exit, 0) << shown.out << shown.err;
    EXPECT_THAT(shown.out, HasSubstr("signature     holds: signed by board"));
    EXPECT_THAT(shown.out, HasSubstr("this station may hold it"));
    EXPECT_THAT(shown.out, HasSubstr("cases         pad-flat"));
    const Outcome stranger = as(scratch_.folder() / "nobody", "exam show " + exam());
    EXPECT_EQ(stranger.exit, 1);
    EXPECT_THAT(stranger.out, HasSubstr("signature     FAILS"));
    EXPECT_THAT(body("exam show " + exam()).out, HasSubstr("not held: ")) << "the body has no station's key";
    EXPECT_THAT(station("exam show " + exam() + " --key station-2").out, HasSubstr("station-2.key: no such key"));
    EXPECT_EQ(station("exam show " + path("plan.toml")).exit, 2);
    const Outcome by_station = station("exam make " + path("plan.toml") + " --key station-1 --passphrase-file " + path("passphrase") + " -o " + path("x.evx"));
    EXPECT_EQ(by_station.exit, 2);
    EXPECT_THAT(by_station.err, HasSubstr("is a station's key; a body gives badges, certifies stations and signs exams"));
}

TEST_F(ExamByCommand, ThreeAttemptsHoldAndComeToOneVerdict) {
    const Outcome told = result_of("K-17");
    EXPECT_EQ(told.exit, 0) << told.out << told.err;
    EXPECT_THAT(told.out, HasSubstr("attempt 3  "));
    EXPECT_THAT(told.out, testing::ContainsRegex("K-17: mean [0-9.]+ of 100, pass mark [0-9.]+: "));
    const auto json = training::Document::parse(result_of("K-17", " --json").out);
    int sum = 0;
    for (const auto& attempt : json["attempts"]) sum += attempt["total"].get<int>();
    EXPECT_EQ(json["mean"].get<int>(), (2 * sum + 3) / 6);
    EXPECT_TRUE(json["holds"].get<bool>());
    const Outcome no_more = attempt_of("K-17");
    EXPECT_EQ(no_more.exit, 2);
    EXPECT_THAT(no_more.err, HasSubstr("all 3 attempts"));
    const Outcome elsewhere = as(scratch_.folder() / "nobody", "exam result --package " + exam() + " " + path("K-17") + " --trust " + board());
    EXPECT_EQ(elsewhere.exit, 0) << elsewhere.out << elsewhere.err;
}

TEST_F(ExamByCommand, TheMeanIsKeptInTheRecordsAndAVerifierIsToldOfIt) {
    const std::string store = (scratch_ / "records.db").string();
    ASSERT_EQ(station("records setup --db " + store).exit, 0);
    const std::string add = "records add " + path("K-17") + " --package " + exam() + " --station room-2 --db " + store;
    const Outcome added = station(add);
    ASSERT_EQ(added.exit, 0) << added.err;
    const auto json = training::Document::parse(result_of("K-17", " --json").out);
    EXPECT_THAT(added.out, HasSubstr(fmt::format("{}.{:02} of 100", json["mean"].get<int>() / 100, json["mean"].get<int>() % 100)));
    EXPECT_THAT(station(add).out, HasSubstr("(kept before)"));
    const Outcome listed = station("records list --db " + store);
    EXPECT_EQ(std::count(listed.out.begin(), listed.out.end(), '\n'), 1) << listed.out;
    for (const char* told : {"K-17", "room-2", "board-2026", "exam"}) EXPECT_THAT(listed.out, HasSubstr(told));
    const Outcome shown = station("records show --db " + store + " " + listed.out.substr(0, 12));
    EXPECT_THAT(shown.out, HasSubstr("case       board-2026, device pen-12, exam"));
    const Outcome verified = station("verify --db " + store + " --results " + path("verified.jsonl"));
    EXPECT_THAT(verified.out, HasSubstr("1 of the store's scores are whole exams"));
    EXPECT_EQ(station(add + " --candidate B-2").exit, 2);
}

TEST_F(ExamByCommand, WhatDoesNotHoldIsNotKeptAndGetsNoBadge) {
    const std::string folder = copy("missing"), store = (scratch_ / "records.db").string();
    fs::remove(folder + "/attempt-2.evh");
    ASSERT_EQ(station("records setup --db " + store).exit, 0);
    const Outcome added = station("records add " + folder + " --package " + exam() + " --db " + store);
    EXPECT_EQ(added.exit, 2);
    EXPECT_THAT(added.err, HasSubstr("is not kept"));
    EXPECT_EQ(station("records list --db " + store).out, "");
    const Outcome badge = body("badge issue " + folder + " --package " + exam() + " --passphrase-file " + path("passphrase") + " -o " + path("badge.json"));
    EXPECT_EQ(badge.exit, 2);
    EXPECT_THAT(badge.err, HasSubstr("not everything holds"));
}

/// What a passed one gets: cli_readme.cpp.
TEST_F(ExamByCommand, NoBadgeIsGivenForAnExamThatWasNotPassed) {
    const std::string give = " --package " + exam() + " --passphrase-file " + path("passphrase") + " -o ";
    const Outcome none = body("badge issue " + path("K-17") + give + path("none.json"));
    EXPECT_EQ(none.exit, 2);
    EXPECT_THAT(none.err, HasSubstr("was not passed (mean "));
    EXPECT_FALSE(fs::exists(path("none.json")));
    EXPECT_EQ(body("badge issue " + path("K-17") + " --rubric provisional" + give + path("none.json")).exit, 2);
}

TEST_F(ExamByCommand, AnAttemptIsVerifiedAgainstItsPackage) {
    const std::string attempt = path("K-17") + "/attempt-1.evh";
    const Outcome verified = station("verify " + attempt + " --package " + exam());
    EXPECT_EQ(verified.exit, 0) << verified.out << verified.err;
    EXPECT_THAT(verified.out, HasSubstr("package       holds"));
    const std::string plan = scratch_.write("plan.toml", exams::plan_text()), other = (scratch_ / "other.evx").string();
    ASSERT_EQ(body("exam make " + plan + " --passphrase-file " + path("passphrase") + " -o " + other).exit, 0);
    const Outcome another = station("verify " + attempt + " --package " + other);
    EXPECT_EQ(another.exit, 1);
    EXPECT_THAT(another.out, HasSubstr("package       FAILS"));
    EXPECT_THAT(another.out, HasSubstr("nonce         FAILS"));
    EXPECT_EQ(station("exam result --package " + other + " " + path("K-17")).exit, 2);
}

TEST_F(ExamByCommand, WhatDoesNotHoldIsNamedAndGivesNoVerdict) {
    std::string folder = copy("missing");
    fs::remove(folder + "/attempt-2.evh");
    Outcome told = judged(folder);
    EXPECT_EQ(told.exit, 1);
    EXPECT_THAT(told.out, HasSubstr("attempts FAILS: of 3 attempts these are missing: 2"));
    EXPECT_THAT(told.out, HasSubstr("no verdict"));
    folder = copy("twice");
    fs::copy(folder + "/attempt-1.evh", folder + "/attempt-1b.evh");
    told = judged(folder);
    EXPECT_EQ(told.exit, 1);
    EXPECT_THAT(told.out, HasSubstr("begins anew"));
    folder = copy("edited");
    sealed::change(folder + "/attempt-3.evh", "UPDATE link SET signature = zeroblob(64) WHERE id = 2");
    told = judged(folder);
    EXPECT_EQ(told.exit, 1);
    EXPECT_THAT(told.out, HasSubstr("attempt-3.evh: signatures FAILS"));
    folder = copy("remade");
    std::string line = attempt_line("K-17");
    const std::string elsewhere = (scratch_ / "elsewhere").string();
    line.replace(line.find(path("K-17")), std::string::npos, elsewhere);
    const Outcome shown_begun = station(line);
    EXPECT_EQ(shown_begun.exit, 2) << "the station's journal shows them begun";
    EXPECT_THAT(shown_begun.err, HasSubstr("K-17 began attempt 1 (part 1) at "));
    const fs::path without_journal = scratch_ / "keys";  // of somebody to whom the whole station belongs
    fs::copy(shared_->institution.station_keys.path(), without_journal, fs::copy_options::recursive);
    fs::permissions(without_journal, fs::perms::owner_all);
    fs::remove(without_journal / "station-1.journal");
    ASSERT_EQ(as(without_journal, line).exit, 0);
    fs::copy_file(elsewhere + "/attempt-1.evh", folder + "/attempt-1.evh", fs::copy_options::overwrite_existing);
    told = judged(folder);
    EXPECT_EQ(told.exit, 1);
    EXPECT_THAT(told.out, HasSubstr("attempt-2.evh: order FAILS: attempt 2 followed another attempt 1 than is here"));
    folder = copy("another");
    sealed::change(folder + "/attempt-3.evh", "UPDATE meta SET value = 'B-2' WHERE key = 'trainee'");
    sealed::mend_evidence(folder + "/attempt-3.evh");
    told = judged(folder);
    EXPECT_EQ(told.exit, 1);
    EXPECT_THAT(told.out, HasSubstr("candidate FAILS"));
    EXPECT_EQ(judged((scratch_ / "none").string()).exit, 2);
}

TEST_F(ExamByCommand, TheStationsJournalTellsWhatWasBegunAndWhatIsMissing) {
    const std::string journal = (shared_->institution.station_keys / "station-1.journal").string();
    const Outcome shown = station("exam journal --candidate K-17");
    EXPECT_EQ(shown.exit, 0) << shown.out << shown.err;
    for (const int attempt : {1, 2, 3})
        EXPECT_THAT(shown.out, testing::ContainsRegex(fmt::format("board-2026  K-17  attempt {} .part 1.  handed in  [A-Z]{{4}}-[A-Z]{{4}}", attempt)));
    EXPECT_THAT(shown.out, HasSubstr("signatures and chain hold"));
    const Outcome complete = station("exam journal --candidate K-17 " + path("K-17"));
    EXPECT_EQ(complete.exit, 0) << complete.out;
    EXPECT_THAT(complete.out, HasSubstr("all that it shows begun is in what was given"));
    std::string folder = copy("one-less");
    fs::remove(folder + "/attempt-3.evh");
    const Outcome missing = station("exam journal --candidate K-17 " + folder);
    EXPECT_EQ(missing.exit, 1);
    EXPECT_THAT(missing.out, HasSubstr("FAILS: K-17 began attempt 3 (part 1) at "));
    folder = copy("judged");
    const Outcome whole = station("exam result --package " + exam() + " " + folder + " --journal " + journal);
    EXPECT_EQ(whole.exit, 0) << whole.out << whole.err;
    fs::remove(folder + "/attempt-1.evh");
    const Outcome judged = station("exam result --package " + exam() + " " + folder + " --journal " + journal);
    EXPECT_EQ(judged.exit, 1);
    EXPECT_THAT(judged.out, HasSubstr("FAILS: K-17 began attempt 1 (part 1) at "));
    const std::string text = scenario::read(journal);
    const Outcome cut = station("exam journal --file " + scratch_.write("cut.jsonl", text.substr(text.find('\n') + 1)));
    EXPECT_EQ(cut.exit, 1);
    EXPECT_THAT(cut.out, HasSubstr("journal FAILS: "));
    EXPECT_EQ(station("exam journal --file " + path("none")).exit, 2);
    EXPECT_THAT(as(shared_->institution.body_keys.path(), "exam journal").err, HasSubstr("key"));
}

TEST_F(ExamByCommand, AJournalOfAStationThatNobodyHereVouchesForIsNotBelieved) {
    const sealed::Institution other("academy");
    const fs::path theirs = other.station_keys / "station-1.journal";
    const auto package = training::load_exam(exam());
    ASSERT_TRUE(package);
    const auto file = std::make_shared<training::JournalFile>(theirs, other.station.key);
    ASSERT_TRUE(training::JournalNotes(file, *package, "B-2", exams::sealer(other, *package)).begins(1, 1, {}));
    const Outcome judged = result_of("K-17", " --journal " + theirs.string() + " --trust " + board());
    EXPECT_EQ(judged.exit, 1);
    EXPECT_THAT(judged.out, testing::ContainsRegex("journal [0-9a-f]{16} FAILS: the station station-1 .* is certified by academy .*, which is not trusted here"));
    EXPECT_THAT(judged.out, HasSubstr("no verdict"));
    const auto json = training::Document::parse(result_of("K-17", " --json --journal " + theirs.string() + " --trust " + board()).out);
    EXPECT_FALSE(json["holds"].get<bool>());
    ASSERT_EQ(json["failures"].size(), 1u) << json["failures"].dump();
    const Outcome shown = station("exam journal --file " + theirs.string() + " " + path("K-17"));
    EXPECT_EQ(shown.exit, 1);
    EXPECT_THAT(shown.out, HasSubstr("FAILS: the journal itself: the station station-1 "));
    EXPECT_THAT(shown.out, Not(HasSubstr("all that it shows begun")));
    const std::string ours = scratch_.write("alone.journal", scenario::read(shared_->institution.station_keys / "station-1.journal"));
    const Outcome by_certificate = as(scratch_.folder() / "nobody", "exam journal --candidate K-17 --trust " + board() + " --file " + ours + " " + path("K-17"));
    EXPECT_EQ(by_certificate.exit, 0) << "the recordings have the body's word: " << by_certificate.out << by_certificate.err;
    EXPECT_EQ(as(scratch_.folder() / "nobody", "exam journal --candidate K-17 --trust " + board() + " --file " + ours).exit, 1) << "and nothing else here has it";
    const Outcome own = result_of("K-17", " --journal " + (shared_->institution.station_keys / "station-1.journal").string() + " --trust " + board());
    EXPECT_EQ(own.exit, 0) << own.out << own.err;
}

TEST_F(ExamByCommand, ARecordingIsVerifiedAgainstItsStationsJournal) {
    const fs::path journal = shared_->institution.station_keys / "station-1.journal";
    const std::string folder = copy("held"), attempt = folder + "/attempt-2.evh", with = " --journal " + journal.string();
    const Outcome held = station("verify " + attempt + with);
    EXPECT_EQ(held.exit, 0) << held.out << held.err;
    EXPECT_THAT(held.out, testing::ContainsRegex("journal       holds: entry [0-9]+ began K-17's attempt 2 .part 1. of board-2026 with it at .*, and it ends where entry [0-9]+ noted that it was handed in\n"));
    const Outcome all = station("verify --all " + folder + with);
    EXPECT_EQ(all.exit, 0) << all.out << all.err;
    EXPECT_THAT(all.out, HasSubstr("3 recordings: 3 hold"));

    const std::string text = scenario::read(journal), older = scratch_.write("older.journal", text.substr(0, text.find('\n') + 1));
    const Outcome cut = station("verify " + attempt + " --journal " + older);
    EXPECT_EQ(cut.exit, 1);
    EXPECT_THAT(cut.out, testing::ContainsRegex("journal       FAILS: attempt-2.evh: names entry [0-9]+ of the station's journal, which has 1 here: this is an older copy"));
    const Outcome all_cut = station("verify --all " + folder + " --journal " + older);
    EXPECT_EQ(all_cut.exit, 1) << "what an earlier run found by another journal does not count";
    EXPECT_THAT(all_cut.out, HasSubstr("attempt-2.evh: FAILS: journal: "));
    EXPECT_EQ(station("verify " + attempt + with + " --journal " + older).exit, 1) << "each of its station's is asked";

    const sealed::Institution other("academy");
    const auto package = training::load_exam(exam());
    const auto file = std::make_shared<training::JournalFile>(other.station_keys / "station-1.journal", other.station.key);
    ASSERT_TRUE(package && training::JournalNotes(file, *package, "K-17", exams::sealer(other, *package)).begins(2, 1, {}));
    const std::string theirs = " --journal " + (other.station_keys / "station-1.journal").string();
    const Outcome elsewhere = station("verify " + attempt + theirs);
    EXPECT_EQ(elsewhere.exit, 1);
    EXPECT_THAT(elsewhere.out, HasSubstr("journal       FAILS: it was begun at the station "));
    EXPECT_EQ(station("verify " + attempt + theirs + with).exit, 0);

    sealed::change(attempt, "DELETE FROM link WHERE id = (SELECT max(id) FROM link)");
    EXPECT_THAT(station("verify " + attempt + with).out, HasSubstr("journal       FAILS: attempt-2.evh: does not end where the station's journal noted its end"));
    const std::string practice = (scratch_ / "practice.evh").string();
    ASSERT_EQ(station("perform --case pad-flat --operator novice --seed 1 -o " + practice).exit, 0);
    const Outcome unsealed = station("verify " + practice + with);
    EXPECT_EQ(unsealed.exit, 1);
    EXPECT_THAT(unsealed.out, HasSubstr("journal       FAILS: this is no attempt at an exam"));
    const Outcome none = station("verify " + attempt + " --journal " + exam());
    EXPECT_EQ(none.exit, 2);
    EXPECT_EQ(std::count(none.err.begin(), none.err.end(), '\n'), 1) << none.err;
}

TEST_F(ExamByCommand, AStationThatIsNotReadySaysWhyAndBeginsNothing) {
    fs::copy(fs::path(EVENHAND_SOURCE_DIR) / "content", scratch_ / "content", fs::copy_options::recursive);
    scratch_.write("content/devices/pen-12.toml", scenario::read(scratch_ / "content/devices/pen-12.toml") + "\n");
    const Outcome other_content = attempt_of("N-1", " --data " + (scratch_ / "content").string());
    EXPECT_EQ(other_content.exit, 2);
    EXPECT_THAT(other_content.err, HasSubstr("content/devices/pen-12.toml: is not the file that the exam board-2026 names"));
    const Outcome stranger = as(scratch_.folder() / "nobody", attempt_line("N-1"));
    EXPECT_EQ(stranger.exit, 2);
    EXPECT_THAT(stranger.err, HasSubstr("is no body's that is trusted here"));
    for (const char* more : {" --case pad-flat", " --trainee B", " --nonce 00", " --device nano-49", " --pen x.csv"})
        EXPECT_EQ(attempt_of("N-1", more).exit, 2) << more;
    const std::string nameless = fmt::format("perform --package {} --operator novice -o {}", exam(), path("N-1"));
    EXPECT_THAT(station(nameless).err, HasSubstr("--candidate"));
    EXPECT_FALSE(fs::exists(path("N-1") + "/attempt-1.evh"));
}

TEST_F(ExamByCommand, AStationThatTheBodyDoesNotBelieveBeginsNothing) {
    const sealed::Folder lone, revoked;
    ASSERT_TRUE(training::make_key(lone.path(), "station-1", training::KeyRole::station, sealed::kPassphrase, training::least_key_cost()));
    ASSERT_EQ(as(lone.path(), "keys trust " + board()).exit, 0);
    for (const auto& file : fs::directory_iterator(shared_->institution.station_keys.path())) fs::copy(file.path(), revoked.path());
    const sealed::Folder body_keys;
    for (const auto& file : fs::directory_iterator(shared_->institution.body_keys.path())) fs::copy(file.path(), body_keys.path());
    ASSERT_TRUE(training::revoke(body_keys.path(), sealed::opened(body_keys.path(), "board"), shared_->institution.station.key, true, "2026-01-01T00:00:00Z"));
    ASSERT_EQ(as(revoked.path(), "keys trust " + (body_keys / "revocations.jsonl").string()).exit, 0);
    for (const fs::path& keys : {lone.path(), revoked.path()}) {
        const Outcome refused = as(keys, attempt_line("U-1"));
        EXPECT_EQ(refused.exit, 2);
        EXPECT_THAT(refused.err, HasSubstr("the key station-1 of this station: "));
        EXPECT_FALSE(fs::exists(path("U-1")));
        const Outcome windowed = as(keys, fmt::format("exam --package {} --candidate U-1 -o {}", exam(), path("U-1")));
        EXPECT_EQ(windowed.exit, 2);
        EXPECT_THAT(windowed.err, HasSubstr("the key station-1 of this station: "));
        EXPECT_FALSE(fs::exists(path("U-1")));
        const Outcome shown = as(keys, "exam show " + exam());
        EXPECT_THAT(shown.out, HasSubstr("not held: the key station-1 of this station: "));
    }
}

TEST_F(ExamByCommand, AFolderWhoseNameIsNoTextIsJudgedLikeAnyOther) {
    const fs::path folder = scratch_ / "B\xf6rg";
    fs::copy(path("K-17"), folder);
    const Outcome told = station("exam result --json --package " + exam() + " " + folder.string());
    EXPECT_EQ(told.exit, 0) << told.err;
    const auto json = training::Document::parse(told.out);
    EXPECT_THAT(json["attempts"][0]["files"][0].get<std::string>(), HasSubstr("B\ufffdrg/attempt-1.evh"));
}

TEST_F(ExamByCommand, WithoutAFolderAnAttemptGoesToTheCandidatesOwnAsInTheWindow) {
    std::string line = attempt_line("D-1");
    line.resize(line.find(" -o "));
    const std::string exams_folder = path("exams");
    const auto perform = [&] {
        const Outcome done = scenario::evenhand(words(line), {{"EVENHAND_KEYS", shared_->institution.station_keys.path().string()}, {"EVENHAND_EXAMS", exams_folder}});
        EXPECT_EQ(done.exit, 0) << done.err;
        return done.out;
    };
    const auto files = [&] {
        std::map<std::string, std::string> found;
        for (const auto& file : fs::recursive_directory_iterator(exams_folder))
            if (file.is_regular_file()) found[file.path().lexically_relative(exams_folder).string()] = scenario::read(file.path());
        return found;
    };
    const std::string told = perform();
    const auto first = files();
    ASSERT_EQ(first.size(), 1u);
    const auto& [name, bytes] = *first.begin();
    EXPECT_THAT(name, testing::MatchesRegex("board-2026-[0-9a-f]+/D-1-[0-9a-f]+/attempt-1.evh"));
    EXPECT_THAT(told, HasSubstr(exams_folder + "/" + name)) << "nobody chose the place, so it is told";
    perform();
    const auto both = files();
    EXPECT_EQ(both.size(), 2u);
    EXPECT_EQ(both.at(name), bytes) << "nothing is written over";
    const Outcome nameless = station("perform --case pad-flat --operator novice");
    EXPECT_EQ(nameless.exit, 2);
    EXPECT_THAT(nameless.err, HasSubstr("-o names the recording to write"));
}

TEST_F(ExamByCommand, AStationsNameThatSteersATerminalIsNotKept) {
    const std::string store = (scratch_ / "records.db").string();
    ASSERT_EQ(station("records setup --db " + store).exit, 0);
    for (const char* name : {"room\x1b[2J", "room\u202e2"}) {
        const Outcome added = station("records add " + path("K-17") + "/attempt-1.evh --db " + store + " --station " + name);
        EXPECT_EQ(added.exit, 2);
        EXPECT_THAT(added.err, HasSubstr("the station holds control letters"));
        EXPECT_EQ(std::count(added.err.begin(), added.err.end(), '\n'), 1) << added.err;
    }
    const Outcome code = attempt_of("K\u202e17");
    EXPECT_EQ(code.exit, 2);
    EXPECT_THAT(code.err, HasSubstr("control letters"));
}

TEST_F(ExamByCommand, AFolderOfKeysThatCannotBeLookedIntoIsTold) {
    const fs::path round = scratch_ / "round";
    fs::create_symlink(round, round);
    for (const std::string& line : {std::string("keys show"), "exam show " + exam()}) {
        const Outcome told = as(round, line);
        EXPECT_EQ(told.exit, 2) << line;
        EXPECT_THAT(told.err, HasSubstr("round: cannot be read: ")) << line;
    }
}

TEST_F(ExamByCommand, ACodeThatIsNoTextBeginsNothing) {
    const Outcome refused = attempt_of("J\xf6rg");
    EXPECT_EQ(refused.exit, 2);
    EXPECT_THAT(refused.err, HasSubstr("is not UTF-8 text"));
    EXPECT_FALSE(fs::exists(path("J\xf6rg")));
}

/// What is kept of each attempt: of its last part all that those before it kept, signed and following from the pen's path.
class PowerCuts {
  public:
    PowerCuts(const sealed::Institution& institution, const fs::path& folder) : trust_(institution.trust()), folder_(folder) {}

    /// Samples of the attempt's parts must never become fewer.
    void look() {
        std::map<std::string, size_t> most;
        const auto files = training::exam_recordings({folder_});
        ASSERT_TRUE(files) << files.error().message;
        for (const fs::path& file : *files) {
            if (fs::file_size(file) == 0) continue;
            const auto recording = training::load_recording(file);
            if (!recording && fs::file_size(file) == 0) continue;
            ASSERT_TRUE(recording) << recording.error().message;
            const std::vector<training::Finding> findings = training::check_seal(*recording, trust_);
            for (const training::Finding& finding : findings)
                EXPECT_TRUE(finding.holds || finding.what == "completeness") << file << ": " << finding.what << ": " << finding.words;
            if (recording->events.empty()) continue;  // nothing was signed in it yet
            size_t& samples = most[recording->events.front().value];
            samples = std::max(samples, recording->samples.size());
        }
        for (const auto& [attempt, samples] : kept_) EXPECT_GE(most[attempt], samples) << attempt;
        kept_ = most;
    }

  private:
    training::Trust trust_;
    fs::path folder_;
    std::map<std::string, size_t> kept_;
};

/// Kills attempts at random moments and goes on with them, then lets the last ones end.
void cut_power(const sealed::Institution& institution, int kills, const std::function<std::string(const std::string&)>& line,
               const std::function<Outcome(const std::string&)>& perform, const std::function<Outcome(const std::string&)>& judge,
               const std::function<fs::path(const std::string&)>& folder, const std::vector<training::Document>& whole) {
    base::Random random(11);
    const auto started = std::chrono::steady_clock::now();
    (void)perform("timing");
    const auto lasts_ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started).count();
    int done = 0, candidate = 0, gaps = 0;
    while (done < kills) {
        const std::string code = fmt::format("P-{}", ++candidate);
        PowerCuts cuts(institution, folder(code));
        for (int cut = 0; cut < 12 && done < kills; ++cut, ++done) {
            std::istringstream stream(line(code));
            std::vector<std::string> command{EVENHAND_PROGRAM};
            command.insert(command.end(), std::istream_iterator<std::string>(stream), {});
            scenario::Process process(command, {{"EVENHAND_KEYS", institution.station_keys.path().string()}});
            std::this_thread::sleep_for(std::chrono::milliseconds(random.below(static_cast<uint32_t>(lasts_ms) + 1)));
            process.signal(SIGKILL);
            process.wait(60);
            if (fs::exists(folder(code))) cuts.look();
            if (testing::Test::HasFatalFailure()) return;
        }
        for (int left = 0; left < 4; ++left) {
            const Outcome performed = perform(code);
            if (performed.exit != 0) {
                ASSERT_THAT(performed.err, HasSubstr("all 3 attempts")) << performed.out;
                break;
            }
        }
        const Outcome judged = judge(code);
        ASSERT_EQ(judged.exit, 0) << judged.out << judged.err;
        const auto json = training::Document::parse(judged.out);
        ASSERT_EQ(json["attempts"].size(), 3u);
        for (size_t i = 0; i < 3; ++i) {
            EXPECT_FALSE(json["attempts"][i]["cut_off"].get<bool>());
            EXPECT_EQ(json["attempts"][i]["total"], whole[i]["total"]) << "cut and taken up, an attempt is what it would have been";
            gaps += static_cast<int>(json["attempts"][i]["gaps_s"].size());
        }
    }
    EXPECT_GT(gaps, kills / 8) << "kills that fell into an attempt";
}

class PowerCutsInExams : public ExamByCommand {
  protected:
    void cut(int kills) {
        const auto whole = training::Document::parse(result_of("K-17", " --json").out);
        cut_power(
            shared_->institution, kills, [](const std::string& code) { return attempt_line(code); },
            [](const std::string& code) { return attempt_of(code); }, [](const std::string& code) { return result_of(code, " --json"); },
            [](const std::string& code) { return fs::path(path(code)); }, whole["attempts"].get<std::vector<training::Document>>());
    }
};

TEST_F(PowerCutsInExams, LoseNothingThatWasSignedAndCostNoAttempt) {
    cut(40);
}

TEST_F(PowerCutsInExams, ThreeHundredTimes) {
    cut(300);
}

}  // namespace
