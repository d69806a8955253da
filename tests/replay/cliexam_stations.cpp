// What must not cost a candidate an exam: a disk that is full in the middle of an attempt, two stations and one candidate.

#include "tests/scenarios/exam.h"
#include "tests/scenarios/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

namespace {

namespace fs = std::filesystem;
using scenario::Outcome;
using testing::AllOf;
using testing::HasSubstr;

std::vector<std::string> words(const std::string& line) {
    std::istringstream stream(line);
    return {std::istream_iterator<std::string>(stream), {}};
}

/// A body's exam of two attempts, and two stations that it certified.
class ExamAtStations : public testing::Test {
  protected:
    void SetUp() override {
        scratch_.write("passphrase", std::string(sealed::kPassphrase) + "\n");
        fs::permissions(scratch_ / "passphrase", fs::perms::owner_read | fs::perms::owner_write);
        scratch_.write("plan.toml", exams::plan_text("attempts = 2\nseeds = [1, 2]\nresume_limit_s = 86400\n"));
        const sealed::Identity second = *sealed::make_key(second_.path(), "station-2", sealed::KeyRole::station, sealed::kPassphrase, sealed::least_key_cost());
        const auto body = sealed::opened(body_.body_keys.path(), "board");
        const std::string certificate = (scratch_ / "certificate.json").string();
        ASSERT_TRUE(base::write_file(certificate, std::string_view(*sealed::certify(body_.body_keys.path(), body, second, 30))));
        const std::string board = (body_.body_keys / "board.public.json").string();
        for (const std::string& line : {"keys trust " + board, "keys trust " + certificate}) done(2, line);
        done(1, "keys trust " + board);
        done(0, "exam make " + (scratch_ / "plan.toml").string() + " --key board --passphrase-file " + passphrase() + " -o " + package());
    }

    std::string passphrase() const { return (scratch_ / "passphrase").string(); }
    std::string package() const { return (scratch_ / "board.evx").string(); }
    std::string folder(const std::string& name) const { return (scratch_ / name).string(); }
    scenario::Environment at(int station) const {
        const sealed::Folder& keys = station == 0 ? body_.body_keys : station == 1 ? body_.station_keys : second_;
        return {{"EVENHAND_KEYS", keys.path().string()}, {"EVENHAND_RECORDS", folder("records.db")}};
    }
    Outcome as(int station, const std::string& line) const { return scenario::evenhand(words(line), at(station)); }
    Outcome done(int station, const std::string& line) const {
        const Outcome outcome = as(station, line);
        EXPECT_EQ(outcome.exit, 0) << line << "\n" << outcome.out << outcome.err;
        return outcome;
    }
    /// A station's journal knows each candidate once: who makes an attempt to compare with is another.
    std::string attempt(int station, const std::string& into, const std::string& skill = "novice", const std::string& candidate = "K-17") const {
        return fmt::format("perform --package {} --candidate {} --operator {} --key station-{} --passphrase-file {} -o {}", package(), candidate, skill, station,
                           passphrase(), folder(into));
    }
    /// The exam's result of these folders; `exit`: whether it holds.
    training::Document result(const std::vector<std::string>& folders, int exit = 0) const {
        std::string line = "exam result --json --package " + package();
        for (const std::string& one : folders) line += fmt::format(" {}", folder(one));
        const Outcome outcome = as(1, line + " --trust " + (body_.body_keys / "board.public.json").string());
        EXPECT_EQ(outcome.exit, exit) << outcome.out << outcome.err;
        return training::Document::parse(outcome.out, nullptr, false);
    }

    sealed::Institution body_;
    sealed::Folder second_;
    scenario::Scratch scratch_;
};

// --- a disk that is full ---

class FullDisk : public ExamAtStations {
  protected:
    /// An attempt during which no file may grow beyond so many KiB.
    Outcome attempt_within(int kibibytes, const std::string& into) const {
        return scenario::run({"sh", "-c", fmt::format("trap '' XFSZ; ulimit -f {}; exec {} {}", 2 * kibibytes, EVENHAND_PROGRAM, attempt(1, into))}, at(1));
    }
    /// Samples that are kept of the attempts in a folder, and signed.
    size_t signed_samples(const std::string& name) const {
        size_t most = 0;
        const auto files = training::exam_recordings({folder(name)});
        EXPECT_TRUE(files);
        for (const fs::path& file : *files) {
            const auto recording = training::load_recording(file);
            if (!recording) continue;
            for (const training::Finding& finding : training::check_seal(*recording, body_.trust()))
                EXPECT_TRUE(finding.holds || finding.what == "completeness") << file << ": " << finding.what << ": " << finding.words;
            most = std::max(most, recording->samples.size());
        }
        return most;
    }
};

TEST_F(FullDisk, InTheMiddleOfAnAttemptIsToldAndCostsNothingThatWasSigned) {
    for (int i = 0; i < 2; ++i) done(1, attempt(1, "whole", "novice", "W-1"));
    const training::Document whole = result({"whole"});
    const auto size_kib = static_cast<int>(fs::file_size(folder("whole") + "/attempt-1.evh") >> 10);
    size_t before = 0;
    for (const int share : {2, 10, 30, 50, 70, 90}) {
        const Outcome full = attempt_within(std::max(1, size_kib * share / 100), "cut");
        ASSERT_EQ(full.exit, 2) << full.out << full.err;
        EXPECT_THAT(full.err, testing::ContainsRegex("(the disk is full|check the disk and the space on it)")) << "a limit is told as another fault than a full disk";
        EXPECT_EQ(std::count(full.err.begin(), full.err.end(), '\n'), 1) << full.err;
        const size_t kept = signed_samples("cut");
        EXPECT_GE(kept, before) << share << " %: what was signed is there again";
        before = kept;
    }
    EXPECT_GT(before, 0u);
    for (int i = 0; i < 2; ++i) done(1, attempt(1, "cut"));
    const training::Document after = result({"cut"});
    for (size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(after["attempts"][i]["total"], whole["attempts"][i]["total"]) << "an attempt that went on is what it would have been";
        EXPECT_FALSE(after["attempts"][i]["cut_off"].get<bool>());
    }
}

// --- a gap ---

using CutOff = FullDisk;

TEST_F(CutOff, APassphraseThatIsTypedLateIsPartOfTheGap) {
    done(1, attempt(1, "whole", "novice", "W-1"));
    ASSERT_EQ(attempt_within(static_cast<int>(fs::file_size(folder("whole") + "/attempt-1.evh") >> 11), "late").exit, 2);
    const std::string typed = folder("typed"), part = folder("late") + "/attempt-1.evh";
    ASSERT_TRUE(fs::exists(part));
    ASSERT_EQ(training::exam_recordings({folder("late")})->size(), 1u);
    ASSERT_EQ(::mkfifo(typed.c_str(), 0600), 0);
    std::string line = attempt(1, "late");
    line.replace(line.find(passphrase()), passphrase().size(), typed);
    std::vector<std::string> command = words(line);
    command.insert(command.begin(), EVENHAND_PROGRAM);
    scenario::Process station(command, at(1));
    {
        std::ofstream passphrase(typed);  // opens when the station asks for it
        fs::rename(part, folder("taken-away.evh"));  // what was to be gone on with is no more
        passphrase << sealed::kPassphrase << "\n";
    }
    EXPECT_EQ(station.wait(120), 2) << "the folder is asked again after the passphrase";
    EXPECT_EQ(training::exam_recordings({folder("late")})->size(), 0u);
}

// --- pauses ---

/// Minutes by which somebody sets the station's clock: it is told to be ahead, and a part to have been written to last then. The clock that
/// nobody sets stays what it is.
class PausesInParts : public FullDisk {
  protected:
    Outcome attempt_at(int later_s, const std::string& into, int kibibytes) const {
        const std::string limited = fmt::format("trap '' XFSZ; {} exec faketime -f +{}s {} {}", kibibytes > 0 ? fmt::format("ulimit -f {};", 2 * kibibytes) : "",
                                                later_s, EVENHAND_PROGRAM, attempt(1, into));
        scenario::Environment environment = at(1);
        environment["ASAN_OPTIONS"] = "verify_asan_link_order=0";
        environment["NO_FAKE_STAT"] = "1";  // a file's time is as it was set
        environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        return scenario::run({"sh", "-c", limited}, environment);
    }
    /// An attempt in three parts; in each, and before the next, the clock is set forward.
    training::Document in_three_parts(const std::string& into, int paused_s, int size_kib, int exit) const {
        int later_s = 0;
        for (const int share : {30, 60}) {
            const Outcome cut = attempt_at(later_s, into, size_kib * share / 100);
            EXPECT_EQ(cut.exit, 2) << cut.out << cut.err;
            const std::string part = fmt::format("{}/attempt-1{}.evh", folder(into), share == 30 ? "" : "-part-2");
            const auto recording = training::load_recording(part);
            EXPECT_TRUE(recording) << recording.error().message;
            if (!recording) return {};
            const double before = share == 30 ? 0 : training::load_recording(folder(into) + "/attempt-1.evh")->duration();
            const auto begun = training::seconds_of(training::parse_session(recording->seal->session, part)->begun);
            const auto cut_at = *begun + static_cast<int64_t>(recording->duration() - before) + paused_s;
            later_s = static_cast<int>(cut_at - *training::seconds_of(training::utc_now())) + 5;
            fs::last_write_time(part, std::chrono::file_clock::from_sys(std::chrono::sys_seconds(std::chrono::seconds(cut_at))));
        }
        for (const int number : {1, 2}) {
            const Outcome handed_in = attempt_at(later_s, into, 0);
            EXPECT_EQ(handed_in.exit, 0) << number << ": " << handed_in.out << handed_in.err;
        }
        return result({into}, exit);
    }
};

TEST_F(PausesInParts, AreNotWhatTheClockWasSetForwardBy) {
    done(1, attempt(1, "whole", "novice", "W-1"));
    const auto size_kib = static_cast<int>(fs::file_size(folder("whole") + "/attempt-1.evh") >> 10);
    const training::Document result = in_three_parts("forward", 300, size_kib, 0);
    EXPECT_TRUE(result["holds"].get<bool>()) << result.dump();
    EXPECT_EQ(result["attempts"][0]["gaps_steady"], training::Document::parse("[true, true]"));
    EXPECT_LT(result["attempts"][0]["gaps_s"][1].get<int>(), 300);
}

// --- two stations ---

using TwoStations = ExamAtStations;

TEST_F(TwoStations, InOneFolderTheSecondWaitsAndTheFirstIsNotDisturbed) {
    std::vector<std::string> command{EVENHAND_PROGRAM};
    std::ranges::copy(words(attempt(1, "shared")), std::back_inserter(command));
    scenario::Process first(command, at(1));
    for (int tries = 0; tries < 3000 && !fs::exists(folder("shared") + "/attempt-1.evh"); ++tries) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ASSERT_TRUE(first.running()) << "it must not have ended meanwhile";
    const Outcome second = as(2, attempt(2, "shared"));
    EXPECT_EQ(second.exit, 2) << second.out;
    EXPECT_THAT(second.err, HasSubstr("an attempt is running in this folder; wait for its end"));
    EXPECT_EQ(first.wait(300), 0);
    const Outcome next = done(2, attempt(2, "shared"));
    EXPECT_THAT(next.out, HasSubstr("attempt 2 of 2"));
    EXPECT_EQ(result({"shared"})["attempts"].size(), 2u);
}

TEST_F(TwoStations, ACandidateGoesOnAtAnotherWithTheFolder) {
    done(1, attempt(1, "first"));
    fs::copy(folder("first"), folder("carried"));
    done(2, attempt(2, "carried"));
    const training::Document carried = result({"carried"});
    EXPECT_EQ(carried["attempts"].size(), 2u);
    EXPECT_TRUE(carried["holds"].get<bool>());
    const Outcome more = as(1, attempt(1, "carried"));
    EXPECT_EQ(more.exit, 2);
    EXPECT_THAT(more.err, HasSubstr("all 2 attempts"));
}

TEST_F(TwoStations, ThatBothHeldTheFirstAttemptGiveNoVerdictAndBothAreKept) {
    done(1, attempt(1, "here"));
    done(2, attempt(2, "there", "expert"));
    const training::Document both = result({"here", "there"}, 1);
    EXPECT_FALSE(both["holds"].get<bool>());
    EXPECT_THAT(both.dump(), AllOf(HasSubstr("begins anew"), HasSubstr("missing: 2")));
    for (const char* name : {"here", "there"}) done(1, "records add " + folder(name) + "/attempt-1.evh --station " + name);
    const std::string listed = done(1, "records list").out;
    EXPECT_THAT(listed, AllOf(HasSubstr("here"), HasSubstr("there")));
    EXPECT_EQ(std::count(listed.begin(), listed.end(), '\n'), 2) << listed;
    const std::string shown = done(1, "records show " + listed.substr(0, 12)).out;
    EXPECT_THAT(shown, AllOf(HasSubstr("exam, attempt 1"), HasSubstr("candidate  K-17")));
}

TEST_F(TwoStations, EachAttemptIsKeptWithItsNumber) {
    for (int i = 0; i < 2; ++i) done(1, attempt(1, "one"));
    for (int number : {1, 2}) {
        const std::string evidence = done(1, fmt::format("records add {}/attempt-{}.evh", folder("one"), number)).out.substr(0, 12);
        EXPECT_THAT(done(1, "records show " + evidence).out, HasSubstr(fmt::format("exam, attempt {}", number)));
    }
}

}  // namespace
