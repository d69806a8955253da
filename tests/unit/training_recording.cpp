#include "training/core/recording.h"

#include "engine/base/random.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

namespace training {
namespace {

namespace fs = base::fs;

class RecordingFile : public testing::Test {
  protected:
    void SetUp() override {
        // In memory where there is such a folder: hundreds of commits wait for the disk elsewhere.
        fs::path parent = ::access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::temp_directory_path();
        std::string name = (parent / "evenhand-recording-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override {
        fs::permissions(folder_, fs::perms::owner_all);
        fs::remove_all(folder_);
    }
    fs::path file(const char* name = "session.evh") const { return folder_ / name; }
    std::vector<std::string> listing() const {
        std::vector<std::string> names;
        for (const fs::directory_entry& entry : fs::directory_iterator(folder_))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    fs::path folder_;
};

RecordingHeader some_header() {
    RecordingHeader header;
    header.case_id = "pad-flat";
    header.case_text = "version = 1\nid = \"pad-flat\"\n";
    header.device_id = "pen-12";
    header.device_text = "version = 1\n# Stift für Übungen\n";
    header.face_id = "pad-flat";
    header.face = base::sha256("a face");
    header.device = base::sha256("a device");
    header.skin_text = "version = 1\n# Haut\n";
    header.skin = base::sha256("a skin");
    header.started = "2026-11-21T01:00:00Z";
    header.source = "operator expert 7";
    header.program = "evenhand test";
    return header;
}

input::PenSample sample_at(uint32_t step) {
    input::PenSample sample;
    sample.time_us = (step + 1) * 8333;
    sample.tip_nm[0] = static_cast<int32_t>(step) * 1000 - 5'000'000;
    sample.axis_q30[2] = -(1 << 30);
    sample.force_un = 700'000;
    return sample;
}

shared::Puncture puncture_at(uint32_t step, uint32_t needle) {
    return {(step + 1) * 8333, step, 3, 0x12345678u, 480u | 250u << 16, 700u | needle << 16};
}

shared::ContactRecord contact_at(uint32_t step) {
    return {
        (step + 1) * 8333, step, 1, 700, 900, 250, 20'000, shared::kContactTouching | shared::kContactMotor};
}

/// Writes steps [begin, end) in transactions of `piece` steps, with an event every 50 and a checkpoint every
/// 120 steps.
void write_steps(Recorder& recorder, uint32_t begin, uint32_t end, uint32_t piece) {
    for (uint32_t step = begin; step < end; ++step) {
        if (step % 50 == 10)
            recorder.add(input::ProcedureEvent{(step + 1) * 8333, "depth_mm", fmt::format("0.{}", step)});
        recorder.add(std::vector{sample_at(step)});
        recorder.add(std::vector{contact_at(step)});
        recorder.add(std::vector{puncture_at(step, 0), puncture_at(step, 5)});
        if (step % 120 == 119)
            recorder.add(Checkpoint{step + 1, base::sha256(fmt::format("state {}", step))});
        ASSERT_TRUE(step % piece != piece - 1 || recorder.commit());
    }
}

void write_session(const fs::path& path, uint32_t steps = 600, uint32_t piece = 60, bool finish = true) {
    base::Result<Recorder> recorder = Recorder::create(path, some_header());
    ASSERT_TRUE(recorder) << recorder.error().message;
    write_steps(*recorder, 0, steps, piece);
    ASSERT_TRUE(!finish || recorder->finish());
}

std::string message_of(const base::Result<Recording>& result) {
    return result ? "loaded" : result.error().message;
}

template <typename T>
void expect_same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
    ASSERT_EQ(a.size(), b.size());
    EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(T)), 0);
}

TEST_F(RecordingFile, gives_back_what_was_recorded) {
    write_session(file());
    base::Result<Recording> loaded = load_recording(file());
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_TRUE(loaded->finished);
    EXPECT_EQ(loaded->header.case_text, some_header().case_text);
    EXPECT_EQ(loaded->header.device_text, some_header().device_text);
    EXPECT_EQ(loaded->header.face, some_header().face);
    EXPECT_EQ(loaded->header.device, some_header().device);
    EXPECT_EQ(loaded->header.skin_text, some_header().skin_text);
    EXPECT_EQ(loaded->header.skin, some_header().skin);
    EXPECT_EQ(loaded->header.started, some_header().started);
    EXPECT_EQ(loaded->header.source, some_header().source);
    EXPECT_EQ(loaded->header.program, some_header().program);

    Recording expected;
    for (uint32_t step = 0; step < 600; ++step) {
        expected.samples.push_back(sample_at(step));
        expected.contacts.push_back(contact_at(step));
        expected.punctures.push_back(puncture_at(step, 0));
        expected.punctures.push_back(puncture_at(step, 5));
    }
    EXPECT_EQ(loaded->samples, expected.samples);
    expect_same_bytes(loaded->contacts, expected.contacts);
    expect_same_bytes(loaded->punctures, expected.punctures);
    ASSERT_EQ(loaded->events.size(), 12u);
    EXPECT_EQ(loaded->events[1], (input::ProcedureEvent{61 * 8333, "depth_mm", "0.60"}));
    ASSERT_EQ(loaded->checkpoints.size(), 5u);
    EXPECT_EQ(loaded->checkpoints[4].step, 600u);
    EXPECT_EQ(loaded->checkpoints[4].state, base::sha256("state 599"));
    EXPECT_DOUBLE_EQ(loaded->duration(), 600 * 8333e-6);
}

TEST_F(RecordingFile, keeps_the_code_of_whoever_practised_and_notices_another) {
    RecordingHeader header = some_header();
    header.trainee = "A-17";
    base::Result<Recorder> recorder = Recorder::create(file(), header);
    ASSERT_TRUE(recorder && recorder->finish());
    base::Result<Recording> loaded = load_recording(file());
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->header.trainee, "A-17");
    {
        SQLite::Database database(file().string(), SQLite::OPEN_READWRITE);
        database.exec("UPDATE meta SET value = 'B-2' WHERE key = 'trainee'");
    }
    EXPECT_FALSE(load_recording(file()));
}

TEST_F(RecordingFile, a_code_is_short_and_holds_no_control_letters) {
    EXPECT_TRUE(check_trainee(""));
    EXPECT_TRUE(check_trainee("Zo\u00eb 3"));
    for (const std::string& bad : {std::string("a\nb"), std::string(" a"), std::string("a "), std::string(65, 'a')})
        EXPECT_FALSE(check_trainee(bad)) << bad;
}

TEST_F(RecordingFile, evidence_hash_does_not_depend_on_transactions_or_on_being_finished) {
    write_session(file("a.evh"), 600, 60, true);
    write_session(file("b.evh"), 600, 7, false);
    base::Result<Recording> a = load_recording(file("a.evh")), b = load_recording(file("b.evh"));
    ASSERT_TRUE(a && b);
    EXPECT_FALSE(b->finished);
    EXPECT_EQ(a->evidence_hash(), b->evidence_hash());
}

TEST_F(RecordingFile, evidence_hash_changes_with_every_piece_of_evidence) {
    write_session(file());
    base::Result<Recording> original = load_recording(file());
    ASSERT_TRUE(original);
    base::Hash hash = original->evidence_hash();
    auto changed = [&](auto change) {
        Recording copy = *original;
        change(copy);
        return copy.evidence_hash() != hash;
    };
    EXPECT_TRUE(changed([](Recording& r) { r.samples[17].force_un += 1; }));
    EXPECT_TRUE(changed([](Recording& r) { r.samples.pop_back(); }));
    EXPECT_TRUE(changed([](Recording& r) { r.events[0].value += "1"; }));
    EXPECT_TRUE(changed([](Recording& r) { r.events.erase(r.events.begin()); }));
    EXPECT_TRUE(changed([](Recording& r) { r.header.case_text += " "; }));
    EXPECT_TRUE(changed([](Recording& r) { r.header.face.bytes[3] ^= 1; }));
    EXPECT_TRUE(changed([](Recording& r) { r.header.skin.bytes[3] ^= 1; }));
    EXPECT_TRUE(changed([](Recording& r) { r.header.skin_text += " "; }));
    EXPECT_TRUE(changed([](Recording& r) { r.header.trainee = "A-17"; }));
    EXPECT_TRUE(changed([](Recording& r) { r.header.source = "mouse"; }));
    EXPECT_FALSE(changed([](Recording& r) { r.header.started = "later"; }));
    EXPECT_FALSE(changed([](Recording& r) { r.header.program = "newer"; }));
    EXPECT_FALSE(changed([](Recording& r) { r.punctures.clear(); })) << "punctures follow from the evidence";
}

TEST_F(RecordingFile, is_one_file_before_during_and_after_a_session) {
    base::Result<Recorder> recorder = Recorder::create(file(), some_header());
    ASSERT_TRUE(recorder);
    EXPECT_EQ(listing(), std::vector<std::string>{"session.evh"});
    write_steps(*recorder, 0, 130, 60);
    EXPECT_EQ(listing(), std::vector<std::string>{"session.evh"});
    ASSERT_TRUE(recorder->finish());
    EXPECT_EQ(listing(), std::vector<std::string>{"session.evh"});
}

TEST_F(RecordingFile, can_be_read_while_the_session_goes_on) {
    base::Result<Recorder> recorder = Recorder::create(file(), some_header());
    ASSERT_TRUE(recorder);
    write_steps(*recorder, 0, 130, 60);
    base::Result<Recording> so_far = load_recording(file());
    ASSERT_TRUE(so_far) << so_far.error().message;
    EXPECT_EQ(so_far->samples.size(), 120u);
    write_steps(*recorder, 130, 240, 60);
    EXPECT_TRUE(recorder->finish());
    EXPECT_EQ(load_recording(file())->samples.size(), 240u);
}

TEST_F(RecordingFile, closing_without_finish_leaves_a_valid_unfinished_recording) {
    write_session(file(), 130, 60, false);
    base::Result<Recording> loaded = load_recording(file());
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_FALSE(loaded->finished);
    EXPECT_EQ(loaded->samples.size(), 130u);
}

TEST_F(RecordingFile, an_unfinished_one_names_the_evidence_that_it_keeps) {
    base::Result<Recorder> recorder = Recorder::create(file(), some_header());
    ASSERT_TRUE(recorder);
    EXPECT_TRUE(load_recording(file())) << "with nothing in it";
    write_steps(*recorder, 0, 120, 60);
    const base::Hash kept = load_recording(file())->evidence_hash();
    EXPECT_EQ(kept.hex(), SQLite::Database(file().string()).execAndGet("SELECT value FROM meta WHERE key = 'evidence'").getString());
    write_steps(*recorder, 120, 150, 60);
    EXPECT_EQ(load_recording(file())->evidence_hash(), kept) << "not committed yet";
    ASSERT_TRUE(recorder->commit());
    EXPECT_NE(load_recording(file())->evidence_hash(), kept);
    const base::Hash unfinished = load_recording(file())->evidence_hash();
    ASSERT_TRUE(recorder->finish());
    EXPECT_EQ(load_recording(file())->evidence_hash(), unfinished);
}

TEST_F(RecordingFile, damage_to_what_no_check_sum_covers_is_seen_in_an_unfinished_one_too) {
    for (const char* sql : {"UPDATE event SET value = '1.5' WHERE rowid = 1", "DELETE FROM event WHERE rowid = 2",
                            "UPDATE meta SET value = value || ' ' WHERE key = 'case_text'",
                            "UPDATE meta SET value = 'mouse' WHERE key = 'source'", "DELETE FROM chunk WHERE id = 3"}) {
        fs::remove(file());
        write_session(file(), 180, 60, false);
        ASSERT_TRUE(load_recording(file()));
        SQLite::Database(file().string(), SQLite::OPEN_READWRITE).exec(sql);
        EXPECT_NE(message_of(load_recording(file())).find("does not match the hash"), std::string::npos) << sql;
    }
}

TEST_F(RecordingFile, one_of_format_1_still_opens) {
    for (bool finish : {true, false}) {
        fs::remove(file());
        write_session(file(), 180, 60, finish);
        SQLite::Database(file().string(), SQLite::OPEN_READWRITE)
            .exec("PRAGMA user_version = 1; DELETE FROM meta WHERE key = 'evidence'");
        base::Result<Recording> loaded = load_recording(file());
        ASSERT_TRUE(loaded) << loaded.error().message;
        EXPECT_EQ(loaded->finished, finish);
    }
}

TEST_F(RecordingFile, a_killed_writer_loses_only_what_was_not_committed) {
    pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        base::Result<Recorder> recorder = Recorder::create(file(), some_header());
        if (!recorder) ::_exit(1);
        write_steps(*recorder, 0, 299, 60);
        ::raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    base::Result<Recording> loaded = load_recording(file());
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_FALSE(loaded->finished);
    EXPECT_EQ(loaded->samples.size(), 240u);
    EXPECT_EQ(loaded->punctures.size(), 480u);
}

TEST_F(RecordingFile, killing_at_random_moments_always_leaves_whole_transactions) {
    for (uint32_t attempt = 0; attempt < 12; ++attempt) {
        fs::path path = file(fmt::format("kill-{}.evh", attempt).c_str());
        int ready[2];
        ASSERT_EQ(::pipe(ready), 0);
        pid_t child = ::fork();
        if (child == 0) {
            base::Result<Recorder> recorder = Recorder::create(path, some_header());
            if (!recorder) ::_exit(1);
            for (uint32_t step = 0;; step += 60) {
                write_steps(*recorder, step, step + 60, 60);
                (void)!::write(ready[1], "x", 1);
            }
        }
        for (uint32_t i = 0; i < 3 + attempt; ++i) {
            char letter;
            ASSERT_EQ(::read(ready[0], &letter, 1), 1);
        }
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        ::close(ready[0]);
        ::close(ready[1]);
        base::Result<Recording> loaded = load_recording(path);
        ASSERT_TRUE(loaded) << loaded.error().message;
        EXPECT_GE(loaded->samples.size(), 60u * (3 + attempt));
        EXPECT_EQ(loaded->samples.size() % 60, 0u);
        EXPECT_EQ(loaded->punctures.size(), 2 * loaded->samples.size());
        EXPECT_EQ(loaded->contacts.size(), loaded->samples.size());
    }
}

TEST_F(RecordingFile, a_half_done_transaction_is_rolled_back_on_opening) {
    // What a power cut in the middle of a commit leaves: some new pages in the file and the journal with the
    // old ones.
    write_session(file("whole.evh"), 120, 60, false);
    pid_t child = ::fork();
    if (child == 0) {
        SQLite::Database database(file("whole.evh").string(), SQLite::OPEN_READWRITE);
        database.exec(
            "PRAGMA cache_size = 1; PRAGMA synchronous = FULL; BEGIN IMMEDIATE; UPDATE chunk SET samples = "
            "zeroblob(40000); UPDATE meta SET value = 'x';");
        ::raise(SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(fs::exists(file("whole.evh-journal")));
    base::Result<Recording> loaded = load_recording(file("whole.evh"));
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->samples.size(), 120u);
    EXPECT_EQ(loaded->header.case_id, "pad-flat");
}

TEST_F(RecordingFile, opening_does_not_change_the_file) {
    write_session(file());
    std::vector<uint8_t> before = *base::read_file(file());
    ASSERT_TRUE(load_recording(file()));
    EXPECT_EQ(*base::read_file(file()), before);
    EXPECT_EQ(listing(), std::vector<std::string>{"session.evh"});
}

TEST_F(RecordingFile, create_refuses_an_existing_file_and_leaves_it_alone) {
    std::ofstream(file()) << "precious";
    base::Result<Recorder> recorder = Recorder::create(file(), some_header());
    ASSERT_FALSE(recorder);
    EXPECT_NE(recorder.error().message.find("never overwritten"), std::string::npos);
    EXPECT_EQ(*base::read_text(file()), "precious");
    EXPECT_EQ(listing(), std::vector<std::string>{"session.evh"});
}

TEST_F(RecordingFile, create_refuses_a_missing_folder_a_folder_and_a_dangling_link) {
    EXPECT_FALSE(Recorder::create(folder_ / "none" / "a.evh", some_header()));
    EXPECT_FALSE(Recorder::create(folder_, some_header()));
    fs::create_symlink(folder_ / "nowhere", file("link.evh"));
    EXPECT_FALSE(Recorder::create(file("link.evh"), some_header()));
    EXPECT_EQ(listing(), std::vector<std::string>{"link.evh"});
}

TEST_F(RecordingFile, create_refuses_a_journal_that_it_does_not_own) {
    std::ofstream(file("session.evh-journal")) << "old";
    base::Result<Recorder> recorder = Recorder::create(file(), some_header());
    ASSERT_FALSE(recorder);
    EXPECT_EQ(listing(), std::vector<std::string>{"session.evh-journal"});
}

TEST_F(RecordingFile, create_in_a_folder_without_write_permission_says_so) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
    fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
    base::Result<Recorder> recorder = Recorder::create(file(), some_header());
    ASSERT_FALSE(recorder);
    EXPECT_NE(recorder.error().message.find("Permission denied"), std::string::npos);
}

/// Files of this process cannot grow beyond `bytes` while this lives: a full disk that needs no mount.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) {
        old_handler_ = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &old_);
        rlimit limit{bytes, old_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &old_);
        std::signal(SIGXFSZ, old_handler_);
    }

  private:
    rlimit old_{};
    void (*old_handler_)(int) = nullptr;
};

TEST_F(RecordingFile, create_on_a_full_disk_leaves_nothing_behind) {
    FileSizeLimit full(2000);
    base::Result<Recorder> recorder = Recorder::create(file(), some_header());
    ASSERT_FALSE(recorder);
    EXPECT_NE(recorder.error().message.find("session.evh"), std::string::npos);
    EXPECT_TRUE(listing().empty());
}

TEST_F(RecordingFile, a_disk_that_fills_keeps_what_was_there_and_takes_the_rest_once_there_is_room) {
    base::Result<Recorder> recorder = Recorder::create(file(), some_header());
    ASSERT_TRUE(recorder);
    write_steps(*recorder, 0, 60, 60);
    {
        FileSizeLimit full(fs::file_size(file()));
        recorder->add(std::vector<input::PenSample>{sample_at(60)});
        std::vector<shared::ContactRecord> contacts;
        for (uint32_t step = 60; step < 2000; ++step) contacts.push_back(contact_at(step));
        recorder->add(contacts);
        base::Status status = recorder->commit();
        ASSERT_FALSE(status);
        EXPECT_NE(status.error().message.find("session.evh"), std::string::npos);
        EXPECT_EQ(load_recording(file())->samples.size(), 60u);
    }
    base::Status status = recorder->finish();
    ASSERT_TRUE(status) << status.error().message;
    base::Result<Recording> loaded = load_recording(file());
    ASSERT_TRUE(loaded);
    EXPECT_TRUE(loaded->finished);
    EXPECT_EQ(loaded->samples.size(), 61u);
    EXPECT_EQ(loaded->contacts.size(), 2000u);
}

TEST_F(RecordingFile, refuses_what_is_not_a_recording_in_one_sentence) {
    EXPECT_NE(message_of(load_recording(file("none.evh"))).find("no such file"), std::string::npos);
    EXPECT_NE(message_of(load_recording(folder_)).find("is a folder"), std::string::npos);
    EXPECT_NE(message_of(load_recording("/dev/null")).find("is not a file"), std::string::npos);

    std::ofstream(file("empty.evh")).flush();
    EXPECT_NE(message_of(load_recording(file("empty.evh"))).find("is empty"), std::string::npos);
    std::ofstream(file("text.evh")) << "time_s,x_m\n0,0\n";
    EXPECT_NE(message_of(load_recording(file("text.evh"))).find("not a recording"), std::string::npos);
    {
        SQLite::Database other(file("other.evh").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        other.exec("CREATE TABLE chunk(id INTEGER PRIMARY KEY)");
    }
    EXPECT_NE(message_of(load_recording(file("other.evh"))).find("not an Evenhand recording"),
              std::string::npos);
}

/// Each change to a sound file, and what the refusal must name.
TEST_F(RecordingFile, names_the_table_and_row_that_is_damaged) {
    struct Change {
        const char* sql;
        const char* named;
    };
    for (Change change : {
             Change{"PRAGMA user_version = 7", "newer version"},
             Change{"PRAGMA user_version = 0", "format version"},
             Change{"DROP TABLE checkpoint", "table checkpoint is missing"},
             Change{"DROP TABLE event; CREATE VIEW event AS SELECT 1 AS time_us, 'a' AS name, 'b' AS value",
                    "table event is missing"},
             Change{"DELETE FROM meta WHERE key = 'device_text'", "table meta lacks device_text"},
             Change{"DELETE FROM meta WHERE key = 'evidence'", "table meta lacks evidence"},
             Change{"UPDATE meta SET value = 'xyz' WHERE key = 'face'", "key face"},
             Change{"UPDATE meta SET value = value || ' ' WHERE key = 'case_text'",
                    "does not match the hash"},
             Change{"DELETE FROM chunk WHERE id = 3", "table chunk: row 3 is missing"},
             Change{"UPDATE chunk SET samples = zeroblob(41) WHERE id = 2",
                    "table chunk, row 2: the check sum"},
             Change{"UPDATE chunk SET punctures = 'text' WHERE id = 4",
                    "table chunk, row 4, punctures is not a blob"},
             Change{"DELETE FROM chunk WHERE id = 5", "does not match the hash"},
             Change{"UPDATE event SET time_us = -1 WHERE rowid = 2", "table event, row 2, time_us"},
             Change{"UPDATE event SET time_us = 1 WHERE rowid = 2",
                    "table event, row 2: time runs backwards"},
             Change{"UPDATE event SET value = x'ff' WHERE rowid = 1",
                    "table event, row 1, value is not a text"},
             Change{"UPDATE checkpoint SET state = x'00' WHERE step = 120", "table checkpoint, row 120"},
         }) {
        fs::remove(file());
        write_session(file(), 300);
        SQLite::Database(file().string(), SQLite::OPEN_READWRITE).exec(change.sql);
        base::Result<Recording> loaded = load_recording(file());
        ASSERT_FALSE(loaded) << change.sql;
        EXPECT_NE(loaded.error().message.find(change.named), std::string::npos) << loaded.error().message;
        EXPECT_NE(loaded.error().message.find("session.evh"), std::string::npos);
    }
}

/// Records that no pen or simulation makes, with a check sum that fits them.
TEST_F(RecordingFile, refuses_records_out_of_range_or_order_even_when_the_check_sum_fits) {
    auto message_for = [&](std::vector<input::PenSample> samples, std::vector<shared::ContactRecord> contacts,
                           std::vector<shared::Puncture> punctures) {
        fs::remove(file());
        base::Result<Recorder> recorder = Recorder::create(file(), some_header());
        recorder->add(samples);
        recorder->add(contacts);
        recorder->add(punctures);
        EXPECT_TRUE(recorder->finish());
        return message_of(load_recording(file()));
    };
    auto with = [](auto change) {
        input::PenSample sample = sample_at(1);
        change(sample);
        return std::vector{sample_at(0), sample};
    };
    EXPECT_EQ(message_for(with([](auto&) {}), {}, {}), "loaded");
    EXPECT_NE(message_for({sample_at(1), sample_at(0)}, {}, {}).find("sample 1: time"), std::string::npos);
    EXPECT_NE(message_for(with([](auto& s) { s.tip_nm[1] = 2'000'000'000; }), {}, {}).find("1 m"),
              std::string::npos);
    EXPECT_NE(message_for(with([](auto& s) { s.axis_q30[2] = 0; }), {}, {}).find("axis"), std::string::npos);
    EXPECT_NE(message_for(with([](auto& s) { s.force_un = -2; }), {}, {}).find("force"), std::string::npos);
    EXPECT_NE(message_for(with([](auto& s) { s.motor = 7; }), {}, {}).find("motor"), std::string::npos);
    EXPECT_NE(message_for(with([](auto& s) { s.reserved[1] = 7; }), {}, {}).find("reserved"),
              std::string::npos);
    EXPECT_NE(message_for({}, {contact_at(3), contact_at(3)}, {}).find("contact record 1"),
              std::string::npos);
    EXPECT_NE(message_for({}, {}, {puncture_at(0, 5), puncture_at(0, 5)}).find("puncture 1"),
              std::string::npos);
    EXPECT_NE(message_for({}, {}, {puncture_at(1, 0), puncture_at(0, 5)}).find("puncture 1"),
              std::string::npos);
}

/// A file cut or changed anywhere is refused or gives a recording whose records are all in range; it never
/// crashes.
TEST_F(RecordingFile, survives_cuts_and_flipped_bits_everywhere) {
    write_session(file(), 300);
    const std::vector<uint8_t> good = *base::read_file(file());
    base::Random random(2026);
    size_t refused = 0, tried = 0;
    auto attempt = [&](const std::vector<uint8_t>& bytes) {
        ASSERT_TRUE(base::write_file(file("bad.evh"), bytes));
        base::Result<Recording> loaded = load_recording(file("bad.evh"));
        ++tried;
        if (!loaded) {
            ++refused;
            EXPECT_NE(loaded.error().message.find("bad.evh"), std::string::npos);
            EXPECT_EQ(loaded.error().message.find('\n'), std::string::npos);
        } else {
            EXPECT_LE(loaded->samples.size(), 300u);
            for (const input::PenSample& sample : loaded->samples) EXPECT_LE(sample.motor, 1);
        }
    };
    for (size_t length = 1; length < good.size(); length += good.size() / 120)
        attempt({good.begin(), good.begin() + static_cast<ptrdiff_t>(length)});
    EXPECT_EQ(refused, tried) << "a cut file was taken for whole";
    for (int i = 0; i < 300; ++i) {
        std::vector<uint8_t> bytes = good;
        for (uint32_t flips = 1 + random.below(8); flips > 0; --flips)
            bytes[random.below(static_cast<uint32_t>(bytes.size()))] ^=
                static_cast<uint8_t>(1u << random.below(8));
        attempt(bytes);
    }
    for (int i = 0; i < 60; ++i) {  // a page of noise; the schema's page is the first
        std::vector<uint8_t> bytes = good;
        size_t page = i < 10 ? 0 : random.below(static_cast<uint32_t>(bytes.size() / 4096));
        for (size_t k = i < 10 ? 100 : 0; k < 4096; ++k)
            bytes[page * 4096 + k] = static_cast<uint8_t>(random.next());
        attempt(bytes);
    }
    for (int i = 0; i < 40; ++i) {
        std::vector<uint8_t> bytes(1 + random.below(20'000));
        for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.next());
        if (i % 2) std::copy_n(good.begin(), std::min<size_t>(100, bytes.size()), bytes.begin());
        attempt(bytes);
    }
    EXPECT_GT(refused, tried / 2);
}

}  // namespace
}  // namespace training
