// A disk on which not a byte more finds room (ENOSPC): what each program says, what it leaves behind, and that it goes on once there is room.

#include "tests/scenarios/exam.h"
#include "tests/scenarios/pen_paths.h"
#include "tests/scenarios/small_disk.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <sstream>

namespace {

namespace fs = std::filesystem;
using scenario::Outcome;
using testing::AllOf;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Sixteen seconds of needling, as a person writes a pen's path.
std::string pen_path() {
    std::string text = "time_s,x_m,y_m,z_m,axis_x,axis_y,axis_z,force_n,motor\n";
    for (const input::PenSample& sample : scenarios::Glide{.start = {-20e-3, 0, 0}, .velocity = {2.5e-3, 0, 0}}.samples(16))
        text += fmt::format("{:.6f},{:.9f},{:.9f},0,0,0,-1,0.7,1\n", sample.time_us / 1e6, sample.tip_nm[0] / 1e9, sample.tip_nm[1] / 1e9);
    return text;
}

class DiskWithoutRoom : public testing::Test {
  protected:
    void SetUp() override {
        if (!disk_.refusal().empty()) GTEST_SKIP() << disk_.refusal();
        scratch_.write("passphrase", std::string(sealed::kPassphrase) + "\n");
        fs::permissions(scratch_ / "passphrase", fs::perms::owner_read | fs::perms::owner_write);
        scratch_.write("pen.csv", pen_path());
    }
    std::string outside(const std::string& name) const { return (scratch_ / name).string(); }
    scenario::Environment environment() const {
        return {{"EVENHAND_KEYS", body_.station_keys.path().string()}, {"EVENHAND_RECORDS", disk_ / "records.db"}, {"EVENHAND_DESK", disk_ / "desk"}};
    }
    Outcome as(const std::string& line, const scenario::Environment& where) const {
        std::istringstream stream(line);
        std::vector<std::string> command = {EVENHAND_PROGRAM};
        command.insert(command.end(), std::istream_iterator<std::string>(stream), {});
        return disk_.run(command, where);
    }
    Outcome as(const std::string& line) const { return as(line, environment()); }
    Outcome done(const std::string& line) const {
        const Outcome outcome = as(line);
        EXPECT_EQ(outcome.exit, 0) << line << "\n" << outcome.out << outcome.err;
        return outcome;
    }
    /// One sentence, with what to do.
    static void expect_told(const Outcome& full, const std::string& where) {
        EXPECT_EQ(full.exit, 2) << where << "\n" << full.out << full.err;
        EXPECT_EQ(std::ranges::count(full.err, '\n'), 1) << full.err;
        EXPECT_THAT(full.err, AllOf(HasSubstr(where), HasSubstr("free some space"))) << full.out;
    }
    std::string perform(const std::string& more) const { return fmt::format("perform --case pad-flat --pen {} {}", outside("pen.csv"), more); }
    std::string exam_attempt(const std::string& candidate = "K-17") const {
        return fmt::format("perform --package {} --candidate {} --pen {} --key station-1 --passphrase-file {} -o {}", outside("board.evx"), candidate,
                           outside("pen.csv"), outside("passphrase"), disk_ / "K-17");
    }
    void make_exam() const {
        scratch_.write("plan.toml", exams::plan_text("attempts = 1\nseeds = [1]\nresume_limit_s = 86400\n"));
        const std::string board = (body_.body_keys / "board.public.json").string();
        done("keys trust " + board);
        const Outcome made = scenario::evenhand({"exam", "make", outside("plan.toml"), "--key", "board", "--passphrase-file", outside("passphrase"), "-o",
                                                 outside("board.evx")},
                                                {{"EVENHAND_KEYS", body_.body_keys.path().string()}});
        ASSERT_EQ(made.exit, 0) << made.err;
    }
    Outcome exam_result() const {
        return as(fmt::format("exam result --json --package {} {} --trust {}", outside("board.evx"), disk_ / "K-17", (body_.body_keys / "board.public.json").string()));
    }
    /// Samples of a recording on the disk that are kept and signed; every finding about its seal holds but that it was closed.
    size_t signed_samples(const std::string& name, const std::string& as_name) const {
        const auto recording = training::load_recording(disk_.copy_out(name, scratch_, as_name));
        EXPECT_TRUE(recording) << recording.error().message;
        if (!recording || !recording->seal) return 0;
        for (const training::Finding& finding : training::check_seal(*recording, body_.trust()))
            EXPECT_TRUE(finding.holds || finding.what == "completeness") << name << ": " << finding.what << ": " << finding.words;
        return recording->samples.size();
    }

    sealed::Institution body_;
    scenario::Scratch scratch_;
    scenario::SmallDisk disk_{16 << 10};
};

TEST_F(DiskWithoutRoom, KeysAreMadeInWholeOrNotAtAll) {
    const scenario::Environment there{{"EVENHAND_KEYS", disk_ / "keys"}};
    const std::string make = "keys new --name station-9 --role station --passphrase-file " + outside("passphrase");
    for (const int kibibytes : {0, 4}) {  // without room for either half, and for the public one
        disk_.fill_but(kibibytes);
        expect_told(as(make, there), disk_ / "keys/station-9");
        EXPECT_THAT(disk_.listing("keys"), IsEmpty()) << kibibytes;
    }
    disk_.make_room();
    EXPECT_EQ(as(make, there).exit, 0);
    EXPECT_THAT(disk_.listing("keys"), ElementsAre("station-9.key", "station-9.public.json"));
    disk_.fill_but(0);
    const std::string revoke = "keys revoke station-9 --reason retired --passphrase-file " + outside("passphrase");
    expect_told(as(revoke, there), disk_ / "keys/revocations.jsonl");
    EXPECT_EQ(as("keys show", there).exit, 0) << "half a row would be read as damage";
    disk_.make_room();
    const Outcome revoked = as(revoke, there);
    EXPECT_EQ(revoked.exit, 0) << revoked.err;

    // Until a row goes beyond the page that the file has: half of it finds room.
    disk_.fill_but(0);
    Outcome more = revoked;
    for (int rows = 0; rows < 20 && more.exit == 0; ++rows) more = as(revoke, there);
    expect_told(more, disk_ / "keys/revocations.jsonl");
    EXPECT_THAT(scenario::read(disk_.copy_out("keys/revocations.jsonl", scratch_, "rows")), testing::EndsWith("}\n"));
    EXPECT_EQ(as("keys show", there).exit, 0);
}

TEST_F(DiskWithoutRoom, WhatIsMadeOfASessionIsWholeOrNotThere) {
    ASSERT_EQ(scenario::evenhand({"perform", "--case", "pad-flat", "--pen", outside("pen.csv"), "-o", outside("s.evh")}).exit, 0);
    for (const std::string& made : std::vector<std::string>{"report {} -o {}", "export {} --punctures {}", "export {} --samples {}", "export {} --xapi {}"}) {
        const std::string line = fmt::format(fmt::runtime(made), outside("s.evh"), disk_ / "made");
        disk_.fill_but(made.starts_with("report") ? 40 : 0);
        expect_told(as(line), disk_ / "made");
        EXPECT_THAT(disk_.listing(), IsEmpty()) << line;
        disk_.make_room();
        const Outcome after = as(line);
        EXPECT_EQ(after.exit, 0) << after.err;
        const std::string whole = scenario::read(disk_.copy_out("made", scratch_, fmt::format("made-{}", made.size())));
        disk_.fill_but(0);
        expect_told(as(line), disk_ / "made");
        fs::remove(scratch_ / "again");
        EXPECT_EQ(scenario::read(disk_.copy_out("made", scratch_, "again")), whole) << "what was there stays: " << line;
        EXPECT_EQ(disk_.run({"rm", disk_ / "made"}).exit, 0);
    }
}

TEST_F(DiskWithoutRoom, ARecordingKeepsWhatWasSignedOfIt) {
    done(perform("--seal --key station-1 --passphrase-file " + outside("passphrase") + " -o " + (disk_ / "whole.evh")));
    const size_t samples = signed_samples("whole.evh", "whole");
    const int size_kib = static_cast<int>(fs::file_size(scratch_ / "whole") >> 10);
    const std::string cut = perform("--seal --key station-1 --passphrase-file " + outside("passphrase") + " -o " + (disk_ / "cut.evh"));
    disk_.fill_but(0);
    expect_told(as(cut), disk_ / "cut.evh");
    EXPECT_THAT(disk_.listing(), ElementsAre("whole.evh")) << "that began with nothing leaves nothing";
    size_t before = 0;
    for (const int share : {60, 90}) {
        disk_.fill_but(size_kib * share / 100);
        expect_told(as(cut), disk_ / "cut.evh");
        const size_t kept = signed_samples("cut.evh", fmt::format("cut-{}", share));
        EXPECT_GT(kept, before);
        EXPECT_LT(kept, samples);
        before = kept;
        const Outcome verified = as("verify --trust " + (body_.body_keys / "board.public.json").string() + " " + (disk_ / "cut.evh"));
        EXPECT_EQ(verified.exit, 1) << "it was not closed";
        EXPECT_EQ(disk_.run({"rm", disk_ / "cut.evh"}).exit, 0);
    }
    disk_.make_room();
    done(cut);
    EXPECT_EQ(signed_samples("cut.evh", "all"), samples);
}

TEST_F(DiskWithoutRoom, AnAttemptIsGoneOnWithOnceThereIsRoomAndIsWhatItWouldHaveBeen) {
    make_exam();
    done(exam_attempt("W-1"));
    const Outcome whole = exam_result();
    ASSERT_EQ(whole.exit, 0) << whole.out << whole.err;
    const int size_kib = static_cast<int>(fs::file_size(disk_.copy_out("K-17/attempt-1.evh", scratch_, "whole")) >> 10);
    ASSERT_EQ(disk_.run({"rm", "-r", disk_ / "K-17"}).exit, 0);

    disk_.fill_but(0);
    expect_told(as(exam_attempt()), disk_ / "K-17");
    EXPECT_THAT(disk_.listing("K-17"), Not(testing::Contains(testing::EndsWith(".evh")))) << "a disk that is full from the beginning begins no attempt";
    disk_.fill_but(size_kib / 2);
    expect_told(as(exam_attempt()), disk_ / "K-17/attempt-1.evh");
    const size_t kept = signed_samples("K-17/attempt-1.evh", "first");
    EXPECT_GT(kept, 0u);
    for (const int kibibytes : {0, 16, size_kib / 4}) {  // not enough to repeat what the first part kept
        disk_.fill_but(kibibytes);
        expect_told(as(exam_attempt()), disk_ / "K-17/attempt-1-part");
    }
    disk_.fill_but(size_kib * 3 / 4);  // enough for that, and not for all
    expect_told(as(exam_attempt()), disk_ / "K-17/attempt-1-part");
    disk_.make_room();
    EXPECT_THAT(done(exam_attempt()).out, HasSubstr("it went on"));
    const Outcome after = exam_result();
    ASSERT_EQ(after.exit, 0) << after.out << after.err;
    const auto one = training::Document::parse(whole.out), other = training::Document::parse(after.out);
    EXPECT_EQ(other["attempts"][0]["total"], one["attempts"][0]["total"]);
    EXPECT_FALSE(other["attempts"][0]["cut_off"].get<bool>());
}

TEST_F(DiskWithoutRoom, WhereTheStationsJournalCannotBeWrittenNoAttemptIsBegun) {
    make_exam();
    for (const auto& file : fs::directory_iterator(body_.station_keys.path())) {
        const std::string name = file.path().filename().string();
        ASSERT_EQ(disk_.run({"sh", "-c", fmt::format("mkdir -p -m 700 {0} && cp -rp {1} {0}/", disk_ / "keys", file.path().string())}).exit, 0) << name;
    }
    scenario::Environment there = environment();
    there["EVENHAND_KEYS"] = disk_ / "keys";
    std::string line = exam_attempt();
    line.replace(line.find(disk_ / "K-17"), std::string::npos, outside("K-17"));
    disk_.fill_but(0);
    const Outcome full = as(line, there);
    expect_told(full, disk_ / "keys/station-1.journal");
    EXPECT_FALSE(fs::exists(outside("K-17") + "/attempt-1.evh"));
    disk_.make_room();
    const Outcome done_at_last = as(line, there);
    EXPECT_EQ(done_at_last.exit, 0) << done_at_last.err;
    const Outcome shown = as("exam journal " + outside("K-17"), there);
    EXPECT_EQ(shown.exit, 0) << shown.out << shown.err;
}

/// Somebody mounts the folder of keys so that nobody writes there, before the first attempt or after one.
TEST_F(DiskWithoutRoom, WhereTheFolderOfTheJournalIsMountedToBeReadAloneNoAttemptIsBegun) {
    make_exam();
    ASSERT_EQ(disk_.run({"sh", "-c", fmt::format("cp -rp {} {}", body_.station_keys.path().string(), disk_ / "keys")}).exit, 0);
    scenario::Environment there = environment();
    there["EVENHAND_KEYS"] = disk_ / "keys";
    const auto line_of = [&](const std::string& candidate) {
        std::string line = exam_attempt(candidate);
        return line.replace(line.find(disk_ / "K-17"), std::string::npos, outside(candidate));
    };
    const auto expect_refused = [&](const std::string& line, const std::string& candidate) {
        const Outcome refused = as(line, there);
        EXPECT_EQ(refused.exit, 2) << refused.out << refused.err;
        EXPECT_THAT(refused.err, AllOf(HasSubstr("cannot write " + (disk_ / "keys/station-1.journal") + ": Read-only file system; no attempt begins that the station's journal cannot note"),
                                       Not(HasSubstr("passphrase"))));
        EXPECT_EQ(std::ranges::count(refused.err, '\n'), 1) << refused.err;
        EXPECT_FALSE(fs::exists(outside(candidate) + "/attempt-1.evh"));
    };
    disk_.let_write(false);
    expect_refused(line_of("R-1"), "R-1");
    expect_refused(fmt::format("exam --package {} --candidate R-1 -o {}", outside("board.evx"), outside("R-1")), "R-1");
    disk_.let_write(true);
    const Outcome first = as(line_of("R-1"), there);
    ASSERT_EQ(first.exit, 0) << first.err;
    disk_.let_write(false);
    expect_refused(line_of("R-2"), "R-2");
    const Outcome shown = as("exam journal " + outside("R-1"), there);
    EXPECT_EQ(shown.exit, 0) << "it can be read: " << shown.err;
    disk_.let_write(true);
    const Outcome second = as(line_of("R-2"), there);
    EXPECT_EQ(second.exit, 0) << second.err;
}

TEST_F(DiskWithoutRoom, RecordsAndWhatIsStillToBeSentLoseNothing) {
    for (const int number : {1, 2, 3})
        ASSERT_EQ(scenario::evenhand({"perform", "--case", "pad-flat", "--operator", "novice", "--seed", std::to_string(number), "--trainee", "K-17", "-o",
                                      outside(fmt::format("s{}.evh", number))}).exit, 0);
    const auto add = [&](int number) { return fmt::format("records add {}", outside(fmt::format("s{}.evh", number))); };
    for (const int kibibytes : {0, 4, 64}) {
        disk_.fill_but(kibibytes);
        expect_told(as(add(1)), disk_ / "records.db");
        disk_.make_room();
        const Outcome listed = as("records list");
        EXPECT_EQ(listed.out, "") << "half a session is none";
    }
    done(add(1));
    disk_.fill_but(0);
    expect_told(as(add(2)), disk_ / "records.db");
    disk_.make_room();
    EXPECT_EQ(std::ranges::count(done("records list").out, '\n'), 1);
    done(add(2));

    // What waits is told elsewhere and cannot be noted as sent: it goes again, and is known there.
    const std::string send = "records send --db sqlite:" + outside("school.db");
    ASSERT_EQ(as("records setup --db sqlite:" + outside("school.db")).exit, 0);
    disk_.fill_but(0);
    const Outcome full = as(send);
    EXPECT_EQ(full.exit, 2) << full.out;
    EXPECT_THAT(full.err, HasSubstr("free some space"));
    disk_.make_room();
    EXPECT_THAT(done(send).out, HasSubstr("waiting 0, refused 0"));
    EXPECT_EQ(std::ranges::count(done("records list --db " + outside("school.db")).out, '\n'), 2) << "each once";
    done(add(3));
    EXPECT_EQ(std::ranges::count(done("records list").out, '\n'), 3);
}

}  // namespace
