// The station's journal: what it shows of attempts, and that nobody takes a recording away, edits a row or puts an older copy back without its being told.

#include "engine/base/random.h"
#include "engine/base/row_file.h"
#include "tests/scenarios/exam.h"
#include "tests/scenarios/kills.h"
#include "training/core/exam_result.h"

#include <gmock/gmock.h>

#include <sys/resource.h>

#include <csignal>
#include <sstream>

namespace training {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using What = JournalEntry::What;

class ExamJournal : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        board_ = new sealed::Institution;
        package_ = new ExamPackage(exams::package(*board_, "attempts = 3\nresume_limit_s = 600\n"));
        stage_ = new std::shared_ptr<const Stage>(*load_stage(scenarios::source_places(), "pad-flat", "pen-12"));
    }
    static void TearDownTestSuite() {
        delete board_;
        delete package_;
        delete stage_;
    }
    base::fs::path journal_path() const { return keys_ / "station-1.journal"; }
    const PublicKey& station() const { return board_->station.key; }
    /// As the station itself opens it.
    std::shared_ptr<JournalFile> file(const JournalRoom& room = {}) const { return std::make_shared<JournalFile>(journal_path(), station(), room); }
    Journal journal() const {
        const auto opened = file();
        const base::Status read = opened->read();
        CHECK(static_cast<bool>(read), read ? "" : read.error().message);
        return opened->journal();
    }
    std::string text() const { return *base::read_text(journal_path()); }
    void write(std::string_view text) const { sealed::write_bytes(journal_path(), std::string(text)); }
    std::string refusal_of_journal() const {
        const base::Status read = file()->read();
        return read ? "none" : read.error().message;
    }
    base::Result<NextAttempt> next(const std::string& candidate = "K-17") const {
        const Journal known = journal();
        const auto folder = ExamFolder::open(folder_ / candidate);
        return folder ? folder->next(*package_, candidate, station_time(), &known) : base::Result<NextAttempt>(folder.error());
    }
    std::string refusal(const std::string& candidate = "K-17") const {
        const auto what = next(candidate);
        return what ? "none" : what.error().message;
    }
    enum class End : uint8_t { handed_in, broken_off, killed };
    /// A part of an attempt as a station holds it: a pen held still over the pad for so long.
    base::Status sit(End end = End::handed_in, const std::string& candidate = "K-17", double seconds = 1) const { return sit(file(), end, candidate, seconds); }
    base::Status sit(const std::shared_ptr<JournalFile>& kept, End end, const std::string& candidate = "K-17", double seconds = 1) const {
        if (base::Status read = kept->read(); !read) return read;
        const auto folder = ExamFolder::open(folder_ / candidate);
        const auto coming = folder->next(*package_, candidate, station_time(), &kept->journal());
        if (!coming) return coming.error();
        if (base::Status ready = kept->ready(coming->part); !ready) return ready;
        const auto sealer = exams::sealer(*board_, *package_);
        JournalNotes notes(kept, *package_, candidate, sealer);
        auto session = begin_attempt(*coming, *stage_, make_header(**stage_, "mouse", candidate), package_->programs.front(), sealer, &notes);
        if (!session) return session.error();
        std::vector<input::PenSample> samples;
        const uint32_t from_us = coming->cut && !coming->cut->recording.samples.empty() ? coming->cut->recording.samples.back().time_us : 0;
        for (uint32_t time_us = 10'000; time_us <= static_cast<uint32_t>(seconds * 1e6); time_us += 10'000) {
            input::PenSample& sample = samples.emplace_back();
            sample.time_us = from_us + time_us;
            sample.tip_nm[2] = 50'000'000;
            sample.axis_q30[2] = -(1 << 30);
        }
        const base::Status ended = go_through(std::move(*session), samples, end);
        if (!ended || end == End::killed) return ended;
        return notes.note(end == End::handed_in ? What::handed_in : What::cut_off);
    }
    static base::Status go_through(Session session, std::span<const input::PenSample> samples, End end) {
        if (base::Status went = session.advance(samples); !went || end != End::handed_in) return went;
        return session.finish();
    }
    std::vector<std::string> told() const {
        std::vector<std::string> lines;
        for (const JournalEntry& entry : journal().entries)
            lines.push_back(fmt::format("{} {} {}.{}", entry.candidate, what_name(entry.what), entry.attempt, entry.part));
        return lines;
    }
    /// What does not hold of K-17's exam, a line each. `with`: by the journal, too.
    std::string faults(bool with) const {
        StageStore stages(scenarios::source_places());
        std::vector<Journal> journals;
        if (with) journals.push_back(journal());
        const auto result = exam_result(*package_, {folder_ / "K-17"}, board_->trust(), stages, Phrases::english(), journals);
        if (!result) return result.error().message;
        std::string lines;
        for (const Finding& finding : result->findings)
            if (!finding.holds) lines += finding.what + ": " + finding.words + "\n";
        return lines;
    }
    void remove(const std::string& name) const { ASSERT_TRUE(base::fs::remove(folder_ / name)); }

    static inline sealed::Institution* board_ = nullptr;
    static inline ExamPackage* package_ = nullptr;
    static inline std::shared_ptr<const Stage>* stage_ = nullptr;
    sealed::Folder folder_, keys_;
};

TEST_F(ExamJournal, tells_of_each_part_when_it_begins_and_how_it_ends) {
    ASSERT_TRUE(sit(End::handed_in));
    ASSERT_TRUE(sit(End::broken_off));
    ASSERT_TRUE(sit(End::handed_in, "B-2"));
    ASSERT_TRUE(sit(End::killed));
    EXPECT_THAT(told(), ElementsAre("K-17 begins 1.1", "K-17 begun 1.1", "K-17 handed_in 1.1", "K-17 begins 2.1", "K-17 begun 2.1", "K-17 cut_off 2.1", "B-2 begins 1.1",
                                    "B-2 begun 1.1", "B-2 handed_in 1.1", "K-17 begins 2.2", "K-17 begun 2.2"));
    const Journal now = journal();
    const auto part = read_exam_part(*package_, folder_ / "K-17" / "attempt-2-part-2.evh");
    ASSERT_TRUE(part && part->session.journal);
    EXPECT_EQ(*part->session.journal, (SealedJournal{now.entries[9].hash, 10, 2})) << "it names its entry, and two parts before it";
    EXPECT_EQ(now.entries[9].session, part->session.session);
    EXPECT_EQ(now.entries[9].link, read_exam_part(*package_, folder_ / "K-17" / "attempt-2.evh")->last_link());
    EXPECT_EQ(now.entries[2].link, read_exam_part(*package_, folder_ / "K-17" / "attempt-1.evh")->last_link());
    EXPECT_EQ(now.entries[9].boot.boot, boot_time().boot);
    for (const JournalEntry& entry : now.entries) EXPECT_TRUE(is_utc(entry.utc));
    EXPECT_EQ(now.begun(package_->hash, "K-17"), 3);
    EXPECT_EQ(refusal(), "none");
}

TEST_F(ExamJournal, refuses_to_begin_an_attempt_anew_whose_recording_was_taken_away) {
    ASSERT_TRUE(sit());
    remove("K-17/attempt-1.evh");
    EXPECT_THAT(refusal(), AllOf(HasSubstr("K-17 began attempt 1 (part 1) at 20"), HasSubstr("entry 2, and its recording is not here"), HasSubstr("ask the body")));
    EXPECT_FALSE(sit());
    EXPECT_EQ(journal().entries.size(), 3u) << "what was refused is not noted";
    EXPECT_EQ(refusal("B-2"), "none") << "another candidate goes on";
}

TEST_F(ExamJournal, refuses_a_part_that_was_taken_back_to_an_earlier_one) {
    ASSERT_TRUE(sit(End::broken_off));
    ASSERT_TRUE(sit(End::broken_off));
    remove("K-17/attempt-1-part-2.evh");
    EXPECT_THAT(refusal(), HasSubstr("attempt 1 (part 2)"));
}

TEST_F(ExamJournal, refuses_a_recording_that_ends_elsewhere_than_it_was_handed_in) {
    ASSERT_TRUE(sit(End::handed_in, "K-17", 3));
    sealed::change(folder_ / "K-17/attempt-1.evh", "DELETE FROM link WHERE id = (SELECT max(id) FROM link)");
    EXPECT_THAT(refusal(), AllOf(HasSubstr("attempt-1.evh: does not end where the station's journal noted its end, entry 3")));
}

TEST_F(ExamJournal, refuses_a_recording_that_was_opened_again_after_it_was_handed_in) {
    ASSERT_TRUE(sit(End::handed_in, "K-17", 3));
    sealed::change(folder_ / "K-17/attempt-1.evh", "DELETE FROM seal WHERE key = 'closing'; DELETE FROM meta WHERE key = 'finished'");
    EXPECT_THAT(refusal(), AllOf(HasSubstr("attempt-1.evh: does not end where the station's journal noted its end, entry 3")));
    EXPECT_FALSE(sit());
    EXPECT_EQ(journal().entries.size(), 3u);
}

TEST_F(ExamJournal, of_all_exams_tells_once_of_each_recording_that_it_does_not_know) {
    ASSERT_TRUE(sit());
    ASSERT_TRUE(sit(End::handed_in, "B-2"));
    const std::string older = text();
    ASSERT_TRUE(sit(End::handed_in, "C-3"));
    std::vector<KeptPart> kept;
    for (const char* candidate : {"K-17", "B-2", "C-3"}) {
        const base::fs::path file = folder_ / candidate / "attempt-1.evh";
        kept.push_back(*kept_part(file, *load_recording(file)));
    }
    EXPECT_THAT(kept_faults(journal(), "", kept), testing::IsEmpty());
    write(older);  // which has nothing of C-3's
    EXPECT_THAT(kept_faults(journal(), "", kept), ElementsAre(HasSubstr("attempt-1.evh: names entry 7 of the station's journal, which has 6 here")));
    kept.erase(kept.begin());
    EXPECT_THAT(kept_faults(journal(), "", kept), ElementsAre(HasSubstr("names entry 7"), HasSubstr("K-17 began attempt 1")));
}

TEST_F(ExamJournal, that_was_put_back_to_an_older_copy_is_told_by_what_was_recorded_since) {
    ASSERT_TRUE(sit());
    const std::string older = text();
    ASSERT_TRUE(sit());
    const std::string newer = text();
    write(older);
    EXPECT_THAT(refusal(), AllOf(HasSubstr("attempt-2.evh: names entry 4 of the station's journal, which has 3 here"), HasSubstr("older copy")));
    base::fs::remove(journal_path());
    EXPECT_THAT(refusal(), HasSubstr("which has 0 here"));
    ASSERT_TRUE(sit(End::handed_in, "B-2"));  // another journal, as long
    ASSERT_TRUE(sit(End::handed_in, "B-2"));
    EXPECT_THAT(refusal(), HasSubstr("names another entry 1 of the station's journal than is here"));
    write(newer);
    EXPECT_EQ(refusal(), "none");
}

TEST_F(ExamJournal, of_an_exam_tells_whoever_judges_it_which_recording_is_missing) {
    for (int attempt = 0; attempt < 3; ++attempt) ASSERT_TRUE(sit());
    EXPECT_EQ(faults(false), "");
    EXPECT_EQ(faults(true), "");
    const std::string all = text();
    remove("K-17/attempt-3.evh");
    EXPECT_THAT(faults(true), HasSubstr("began attempt 3 (part 1)"));
    remove("K-17/attempt-1.evh");
    EXPECT_THAT(faults(false), HasSubstr("attempt-2.evh: journal: before it the station's journal, entry 4, knew 1 parts of this candidate's attempts, and 0 are here"));
    write(all.substr(0, all.find('\n') + 1));
    EXPECT_THAT(faults(true), HasSubstr("attempt-2.evh: names entry 4 of the station's journal, which has 1 here"));
}

TEST_F(ExamJournal, whose_part_was_taken_away_before_it_was_gone_on_with_is_told_by_the_next_ones_seal) {
    ASSERT_TRUE(sit(End::broken_off));
    ASSERT_TRUE(sit(End::broken_off));
    const auto second = folder_ / "K-17/attempt-1-part-2.evh";
    base::fs::rename(second, folder_ / "aside");
    {  // by a program that does not ask the journal
        const auto folder = ExamFolder::open(folder_ / "K-17");
        const auto coming = folder->next(*package_, "K-17", station_time());
        ASSERT_TRUE(coming && coming->cut);
        const auto sealer = exams::sealer(*board_, *package_);
        JournalNotes notes(file(), *package_, "K-17", sealer);
        auto session = begin_attempt(*coming, *stage_, make_header(**stage_, "mouse", "K-17"), package_->programs.front(), sealer, &notes);
        ASSERT_TRUE(session && session->finish());
    }
    EXPECT_THAT(faults(false), HasSubstr("attempt-1-part-2.evh: journal: before it the station's journal, entry 7, knew 2 parts of this candidate's attempts, and 1 are here"));
}

TEST_F(ExamJournal, that_was_edited_is_refused_with_the_row_or_has_lost_no_more_than_its_end) {
    ASSERT_TRUE(sit());
    ASSERT_TRUE(sit(End::broken_off));
    const std::string sound = text();
    const std::vector<JournalEntry> sound_entries = journal().entries;
    base::Random random(11);
    int refused = 0;
    for (int i = 0; i < 1000; ++i) {
        std::string changed = sound;
        const size_t at = random.below(static_cast<uint32_t>(sound.size()));
        if (i % 4 == 3) changed.resize(at);
        else if (i % 4 == 2) changed.erase(at, 1 + random.below(40));
        else changed[at] = static_cast<char>(changed[at] ^ (1 << random.below(8)));
        write(changed);
        const auto read = parse_journal(changed, "journal", station());
        const auto by_station = file();
        const base::Status taken = by_station->read();
        ASSERT_EQ(static_cast<bool>(taken), static_cast<bool>(read)) << i << ": the station, which leaves signatures to later ones, takes the same";
        if (!read) {
            EXPECT_THAT(read.error().message, HasSubstr("journal, row ")) << i;
            EXPECT_THAT(taken.error().message, HasSubstr("journal, row ")) << i;
            ++refused;
            continue;
        }
        ASSERT_LT(read->entries.size(), sound_entries.size()) << i << ": nothing was changed but rows are missing at the end";
        ASSERT_EQ(by_station->journal().entries.size(), read->entries.size());
        for (size_t row = 0; row < read->entries.size(); ++row) EXPECT_EQ(read->entries[row].hash, sound_entries[row].hash);
    }
    EXPECT_GT(refused, 600);
    const size_t second = sound.find('\n') + 1, third = sound.find('\n', second) + 1;
    for (const std::string& forged : {sound.substr(second), sound.substr(0, second) + sound.substr(third), sound.substr(0, third) + sound.substr(second)}) {
        write(forged);
        EXPECT_THAT(refusal_of_journal(), HasSubstr("does not follow from the row before"));
    }
}

TEST_F(ExamJournal, takes_no_row_of_another_key) {
    ASSERT_TRUE(sit());
    const sealed::Institution other("other");
    const auto sealer = exams::sealer(other, *package_);
    const auto others = std::make_shared<JournalFile>(journal_path(), other.station.key);
    EXPECT_THAT(JournalNotes(others, *package_, "K-17", sealer).begins(2, 1, {}).error().message, HasSubstr("is another station's"));
    const Journal sound = journal();
    Document row = *parse_document(text().substr(0, text().find('\n')), "evenhand journal entry", "it");
    row.erase("signature");
    row["number"] = 4;
    row["before"] = sound.head().hex();
    write(text() + sealer->sign_by_session(row) + "\n");
    EXPECT_THAT(refusal_of_journal(), HasSubstr("row 4: was changed, its signature is not that of the key that it names"));
}

/// The station's own last signature vouches for all rows before it; so it is the one to forge.
TEST_F(ExamJournal, from_which_rows_were_taken_out_and_the_rest_chained_anew_is_refused) {
    ASSERT_TRUE(sit());
    ASSERT_TRUE(sit(End::handed_in, "B-2"));
    ASSERT_TRUE(sit(End::killed));
    const sealed::Institution other("other");
    const OpenKey thief = sealed::opened(other.station_keys.path(), "station-1");
    std::vector<std::string> rows;
    std::istringstream lines(text());
    for (std::string row; std::getline(lines, row);) rows.push_back(row);
    ASSERT_EQ(rows.size(), 8u);
    for (const bool signed_anew : {false, true}) {
        std::string forged = rows[0] + "\n" + rows[1] + "\n" + rows[2] + "\n";
        base::Hash before = base::sha256(rows[2]);
        for (size_t i = 6; i < rows.size(); ++i) {  // as if B-2 had never begun
            Document row = Document::parse(rows[i]);
            row["number"] = i - 2;
            row["before"] = before.hex();
            if (signed_anew) row.erase("signature");
            const std::string line = signed_anew ? sign_document(row, thief.secret) : canonical(row);
            before = base::sha256(line);
            forged += line + "\n";
        }
        write(forged);
        EXPECT_THAT(refusal_of_journal(), HasSubstr("row 4: was changed, its signature is not that of the key that it names")) << signed_anew;
        write(forged.substr(0, forged.rfind('\n', forged.size() - 2) + 1));
        EXPECT_THAT(refusal_of_journal(), HasSubstr("row 4: was changed")) << "the last of all, too";
    }
}

TEST_F(ExamJournal, whose_last_row_was_cut_by_a_power_cut_goes_on_behind_the_one_before) {
    ASSERT_TRUE(sit(End::broken_off));
    const std::string sound = text();
    write(sound + sound.substr(0, 300));
    EXPECT_TRUE(journal().torn);
    EXPECT_EQ(refusal(), "none");
    ASSERT_TRUE(sit());
    EXPECT_FALSE(journal().torn);
    EXPECT_EQ(text().substr(0, sound.size()), sound);
    EXPECT_EQ(journal().entries.size(), 6u);
}

TEST_F(ExamJournal, begins_no_attempt_that_it_cannot_note) {
    const auto nowhere = std::make_shared<JournalFile>(keys_ / "none/station-1.journal", station());
    EXPECT_THAT(JournalNotes(nowhere, *package_, "K-17", exams::sealer(*board_, *package_)).begins(1, 1, {}).error().message, HasSubstr("cannot write "));
    EXPECT_THAT(nowhere->ready(1).error().message, AllOf(HasSubstr("cannot write "), HasSubstr("no attempt begins that the station's journal cannot note")));
    ASSERT_TRUE(sit());
    const std::string sound = text();
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    for (const size_t room : {size_t{0}, size_t{1}, size_t{500}}) {
        const rlimit now{sound.size() + room, before.rlim_max};
        const auto sealer = exams::sealer(*board_, *package_);
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &now), 0);
        const base::Status noted = JournalNotes(file(), *package_, "K-17", sealer).begins(2, 1, {});
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
        ASSERT_FALSE(noted);
        EXPECT_THAT(noted.error().message, HasSubstr("cannot write "));
        EXPECT_EQ(text(), sound) << "half a row is taken away again";
    }
    const auto coming = next();
    const auto sealer = exams::sealer(*board_, *package_);
    JournalNotes elsewhere(nowhere, *package_, "K-17", sealer);
    EXPECT_FALSE(begin_attempt(*coming, *stage_, make_header(**stage_, "mouse", "K-17"), package_->programs.front(), sealer, &elsewhere));
    EXPECT_FALSE(base::fs::exists(coming->file));
}

TEST_F(ExamJournal, killed_at_any_moment_costs_no_candidate_an_attempt_and_tells_of_all_that_were_begun) {
    base::Random random(3);
    int begun = 0;
    for (int kill = 0; kill < 60; ++kill) {
        const auto coming = next();
        ASSERT_TRUE(coming) << kill << ": " << coming.error().message;
        if (coming->attempt > package_->attempts) break;
        const auto delay = std::chrono::microseconds(random.below(60'000));
        scenarios::killed_after(delay, scenarios::From::first_step, [&](const auto& tell) {
            tell(0);
            CHECK(static_cast<bool>(sit(End::handed_in)));
        });
        const Journal now = journal();
        begun = static_cast<int>(now.begun(package_->hash, "K-17"));
        for (const JournalEntry& entry : now.entries) ASSERT_LE(entry.attempt, coming->attempt);
    }
    EXPECT_EQ(refusal(), "none");
    EXPECT_GT(begun, 2);
    EXPECT_EQ(faults(true).find("journal"), std::string::npos) << faults(true);
}

/// What an exam's verdict says of a journal, by these keys.
std::string said_of(const Journal& journal, const ExamPackage& package, const base::fs::path& folder, const Trust& trust) {
    StageStore stages(scenarios::source_places());
    const auto result = exam_result(package, {folder}, trust, stages, Phrases::english(), {&journal, 1});
    if (!result) return result.error().message;
    for (const Finding& finding : result->findings)
        if (finding.what == "journal " + key_id(journal.station)) return (finding.holds ? "holds: " : "FAILS: ") + finding.words;
    return "nothing";
}

TEST_F(ExamJournal, is_believed_as_recordings_are_by_whom_its_station_is_certified) {
    ASSERT_TRUE(sit());
    EXPECT_THAT(said_of(journal(), *package_, folder_ / "K-17", board_->trust()), AllOf(HasSubstr("holds: all 1 parts that it shows begun are here"), HasSubstr("board ")));
    const sealed::Institution other("academy");  // whose station has the same name, and says that K-17 did nothing
    const auto theirs = other.station_keys / "station-1.journal";
    const auto sealer = exams::sealer(other, *package_);
    ASSERT_TRUE(JournalNotes(std::make_shared<JournalFile>(theirs, other.station.key), *package_, "B-2", sealer).begins(1, 1, {}));
    base::Result<Journal> forged = load_journal(theirs);
    ASSERT_TRUE(forged && forged->certificate);
    EXPECT_THAT(said_of(*forged, *package_, folder_ / "K-17", board_->trust()), AllOf(HasSubstr("FAILS: the station station-1 "), HasSubstr("certified by academy"), HasSubstr("not trusted here")));
    EXPECT_THAT(said_of(*forged, *package_, folder_ / "K-17", {{board_->body, other.body}, {}}), HasSubstr("holds: all 0 parts"));
    base::fs::rename(theirs, keys_ / "alone.journal");
    forged = load_journal(keys_ / "alone.journal");
    EXPECT_THAT(said_of(*forged, *package_, folder_ / "K-17", board_->trust()), HasSubstr("is not trusted here, and nobody certifies it"));
    base::fs::remove(folder_ / "K-17/attempt-1.evh");
    EXPECT_FALSE(sit()) << "its own journal is not asked whether anybody else trusts it";
}

TEST_F(ExamJournal, of_a_revoked_station_counts_as_far_as_its_recordings_would) {
    ASSERT_TRUE(sit());
    const sealed::Folder rows;
    const auto by_body = [&](bool compromised, const std::string& since) {
        Trust trust = board_->trust();
        const auto row = revoke(rows.path(), sealed::opened(board_->body_keys.path(), "board"), station(), compromised, since);
        trust.revocations.push_back(*parse_revocation(*row, "it"));
        return said_of(journal(), *package_, folder_ / "K-17", trust);
    };
    EXPECT_THAT(by_body(false, "2020-01-01T00:00:00Z"), HasSubstr("FAILS: the station's key was revoked as retired from 2020-01-01T00:00:00Z, and this was signed at 20"));
    EXPECT_THAT(by_body(false, "2199-01-01T00:00:00Z"), AllOf(HasSubstr("holds: "), HasSubstr("this was signed before")));
    EXPECT_THAT(by_body(true, "2199-01-01T00:00:00Z"), HasSubstr("FAILS: the station's key was revoked as compromised"));
}

class OneRecording : public ExamJournal {
  protected:
    base::fs::path recording(const std::string& name = "attempt-1.evh") const { return folder_ / "K-17" / name; }
    std::string said(const std::string& name = "attempt-1.evh") const { return said(name, std::vector{journal()}); }
    std::string said(const std::string& name, std::span<const Journal> journals) const {
        const auto read = load_recording(recording(name));
        if (!read) return read.error().message;
        const Standing standing = standing_in(journals, kept_part(recording(name), *read));
        return (standing.holds ? "holds: " : "FAILS: ") + standing.words;
    }
};

TEST_F(OneRecording, is_what_its_stations_journal_shows_of_it) {
    ASSERT_TRUE(sit(End::handed_in, "B-2"));
    ASSERT_TRUE(sit());
    ASSERT_TRUE(sit(End::broken_off));
    ASSERT_TRUE(sit(End::killed));
    EXPECT_THAT(said(), AllOf(HasSubstr("holds: entry 4 began K-17's attempt 1 (part 1) of board-2026 with it at 20"), HasSubstr("entry 6 noted that it was handed in")));
    EXPECT_THAT(said("attempt-2.evh"), HasSubstr("entry 9 noted that it was cut off"));
    EXPECT_THAT(said("attempt-2-part-2.evh"), AllOf(HasSubstr("holds: entry 10 began K-17's attempt 2 (part 2)"), HasSubstr("none notes its end")));
    const sealed::Institution other("academy");
    const auto theirs = std::make_shared<JournalFile>(keys_ / "theirs", other.station.key);
    ASSERT_TRUE(JournalNotes(theirs, *package_, "K-17", exams::sealer(other, *package_)).begins(1, 1, {}));
    EXPECT_THAT(said("attempt-1.evh", std::vector{theirs->journal()}), HasSubstr("FAILS: it was begun at the station " + key_id(station())));
    EXPECT_THAT(said("attempt-1.evh", std::vector{theirs->journal(), journal()}), HasSubstr("holds: "));
    sealed::write_session(recording("practice.evh"), board_->sealer());
    EXPECT_THAT(said("practice.evh"), HasSubstr("FAILS: this is no attempt at an exam"));
}

TEST_F(OneRecording, that_differs_from_its_stations_journal_is_told_where) {
    ASSERT_TRUE(sit());
    const std::string older = text();
    ASSERT_TRUE(sit(End::handed_in, "K-17", 3));
    ASSERT_TRUE(sit(End::killed));
    ASSERT_TRUE(sit(End::killed));
    const std::string all = text();
    write(older);
    EXPECT_THAT(said(), HasSubstr("holds: "));
    EXPECT_THAT(said("attempt-2.evh"), HasSubstr("FAILS: attempt-2.evh: names entry 4 of the station's journal, which has 3 here"));
    write(all);
    for (const char* name : {"attempt-1.evh", "attempt-2.evh", "attempt-3.evh", "attempt-3-part-2.evh"}) EXPECT_THAT(said(name), HasSubstr("holds: ")) << name;
    sealed::change(recording("attempt-2.evh"), "DELETE FROM link WHERE id = (SELECT max(id) FROM link)");
    EXPECT_THAT(said("attempt-2.evh"), HasSubstr("FAILS: attempt-2.evh: does not end where the station's journal noted its end, entry 6"));
    sealed::change(recording("attempt-3.evh"), "DELETE FROM link WHERE id = (SELECT max(id) FROM link)");
    EXPECT_THAT(said("attempt-3.evh"), HasSubstr("does not end where the station's journal noted its end, entry 9")) << "which the part that went on from it names";
    sealed::change(recording("attempt-3-part-2.evh"), "UPDATE meta SET value = 'B-2' WHERE key = 'trainee'");
    sealed::mend_evidence(recording("attempt-3-part-2.evh"));
    EXPECT_THAT(said("attempt-3-part-2.evh"), HasSubstr("is not what entry 9 of the station's journal began, K-17's attempt 3 (part 2)"));
    sealed::change(recording("attempt-1.evh"), "UPDATE event SET value = '2' || substr(value, 2) WHERE name = 'exam_attempt'");
    sealed::mend_evidence(recording("attempt-1.evh"));
    EXPECT_THAT(said("attempt-1.evh"), HasSubstr("is not what entry 1 of the station's journal began, K-17's attempt 1 (part 1)"));
}

TEST_F(OneRecording, that_names_another_sessions_entry_is_told) {
    ASSERT_TRUE(sit());
    const auto sealer = exams::sealer(*board_, *package_);
    sealer->set_journal({journal().entries[0].hash, 1, 0});
    sealed::write_session(recording("more.evh"), sealer, 2, true, make_header(**stage_, "mouse", "K-17"));
    EXPECT_THAT(said("more.evh"), HasSubstr("FAILS: more.evh: is not what entry 1 of the station's journal began"));
}

/// A journal with so many attempts of as many candidates, signed as stations sign.
class LongJournal : public ExamJournal {
  protected:
    std::shared_ptr<JournalFile> filled(int attempts) const {
        const auto made = file();
        const OpenKey key = sealed::opened(board_->station_keys.path(), "station-1");
        for (int i = 0; i < attempts; ++i) {
            const SecretKey session = SecretKey::generate();
            JournalEntry entry;
            entry.exam = package_->id;
            entry.package = package_->hash;
            entry.nonce = package_->nonce;
            entry.candidate = fmt::format("C-{}", i);
            entry.station = station();
            entry.session = session.public_key();
            entry.utc = utc_now();
            for (const What what : {What::begins, What::begun, What::handed_in}) {
                entry.what = what;
                const auto added = made->add(entry, [&](const Document& document) { return sign_document(document, what == What::begins ? key.secret : session); });
                CHECK(static_cast<bool>(added), added ? "" : added.error().message);
            }
        }
        return made;
    }
};

TEST_F(LongJournal, is_read_once_for_all_that_a_program_does_with_it) {
    constexpr int kAttempts = 200;
    filled(kAttempts);
    const auto kept = file();
    ASSERT_TRUE(kept->read());
    EXPECT_EQ(kept->work().rows, 3 * kAttempts);
    EXPECT_EQ(kept->work().signatures, 3) << "the station's last, which vouches for all before, and the two behind it";
    ASSERT_TRUE(sit(kept, End::handed_in));
    ASSERT_TRUE(sit(kept, End::broken_off));
    ASSERT_TRUE(sit(kept, End::killed));
    EXPECT_EQ(kept->work().rows, 3 * kAttempts) << "what it wrote itself it knows";
    EXPECT_EQ(kept->journal().entries.size(), 3u * kAttempts + 8);
    ASSERT_TRUE(sit(End::handed_in, "B-2"));  // by another program
    ASSERT_TRUE(kept->read());
    EXPECT_EQ(kept->work().rows, 3 * kAttempts + 3);
    EXPECT_EQ(kept->work().signatures, 6);
    EXPECT_EQ(kept->journal().head(), parse_journal(text(), "journal")->head()) << "which checks every signature";
}

TEST_F(LongJournal, that_was_edited_since_it_was_read_is_checked_whole_again) {
    filled(20);
    const auto kept = file();
    ASSERT_TRUE(kept->read());
    const std::string sound = text();
    std::string changed = sound;
    changed[changed.size() / 2] ^= 1;
    write(changed);
    EXPECT_THAT(kept->read().error().message, HasSubstr("journal, row "));
    EXPECT_FALSE(sit(kept, End::handed_in));
    EXPECT_EQ(text(), changed) << "nothing is added to a journal that does not hold";
    write(sound);
    EXPECT_TRUE(sit(kept, End::handed_in));
}

TEST_F(LongJournal, that_was_put_back_in_the_middle_of_an_attempt_is_not_gone_on_with) {
    const auto kept = filled(2);
    const std::string older = text();
    const auto sealer = exams::sealer(*board_, *package_);
    JournalNotes notes(kept, *package_, "K-17", sealer);
    ASSERT_TRUE(notes.begins(1, 1, {}));
    write(older);
    EXPECT_THAT(notes.note(What::begun).error().message, HasSubstr("has no row with which this attempt began: it was put back to an older copy"));
    EXPECT_EQ(text(), older);
}

TEST_F(LongJournal, that_is_nearly_full_is_told_in_time_and_one_that_is_full_says_where_to_go_on) {
    filled(10);
    const uint64_t size = text().size(), attempt = size / 10;
    EXPECT_FALSE([&] { const auto roomy = file(); EXPECT_TRUE(roomy->read()); return roomy->attempts_left(); }());
    const auto kept = file({.told = size, .full = size + 2 * attempt, .most = size + 6 * attempt});
    ASSERT_TRUE(kept->read());
    ASSERT_TRUE(kept->attempts_left());
    EXPECT_EQ(*kept->attempts_left(), 2);
    ASSERT_TRUE(sit(kept, End::handed_in));
    ASSERT_TRUE(sit(kept, End::broken_off));
    ASSERT_TRUE(sit(kept, End::killed)) << "what was cut off goes on";
    const base::Status full = sit(kept, End::handed_in, "B-2");
    ASSERT_FALSE(full);
    EXPECT_THAT(full.error().message, AllOf(HasSubstr("station-1.journal: is full ("), HasSubstr("go on under a new station's key of another name"), HasSubstr("keep this file")));
    const auto sealer = exams::sealer(*board_, *package_);
    EXPECT_THAT(JournalNotes(kept, *package_, "B-2", sealer).begins(1, 1, {}).error().message, HasSubstr("is full (")) << "not even where nobody asked before";
    EXPECT_FALSE(kept->attempts_left()) << "that is told instead";
    ASSERT_TRUE(sit(kept, End::killed)) << "goes on once more";
    while (text().size() + attempt + 200 < size + 6 * attempt) ASSERT_TRUE(sit(kept, End::killed));
    EXPECT_LE(text().size(), size + 6 * attempt);
    EXPECT_EQ(refusal_of_journal(), "none");
}

TEST_F(ExamJournal, of_version_1_is_read) {
    const base::fs::path golden = base::fs::path(EVENHAND_SOURCE_DIR) / "tests/golden/station-1.journal";
    const auto read = load_journal(golden);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->entries.size(), 6u);
    std::vector<std::string> lines;
    for (const JournalEntry& entry : read->entries) lines.push_back(fmt::format("{} {} {} {}.{}", entry.exam, entry.candidate, what_name(entry.what), entry.attempt, entry.part));
    EXPECT_THAT(lines, ElementsAre("board-2026 K-17 begins 1.1", "board-2026 K-17 begun 1.1", "board-2026 K-17 cut_off 1.1", "board-2026 K-17 begins 1.2",
                                   "board-2026 K-17 begun 1.2", "board-2026 K-17 handed_in 1.2"));
    EXPECT_EQ(read->head().hex(), "359358741dcd44ddd851b467c5943fac96b3ee753a90ea57cd096be968280dc4");
}

}  // namespace
}  // namespace training
