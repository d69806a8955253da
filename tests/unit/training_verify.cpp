#include "training/core/verify_folder.h"

#include "tests/scenarios/sealed.h"
#include "tests/unit/training_stage.h"

#include <gmock/gmock.h>

namespace training {
namespace {

using testing::HasSubstr;

/// Two seconds of a simulated hand on the shipped pad, sealed.
class Verifying : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        shared_ = new Shared;
        const std::shared_ptr<const Stage> stage = *load_stage(training_test::places(), "pad-flat");
        const Performance done = perform_operator(*stage, Skill::expert, 1);
        const auto end =
            std::find_if(done.samples.begin(), done.samples.end(),
                         [](const input::PenSample& sample) { return sample.time_us >= 2'000'000; });
        base::Result<Recorder> recorder = Recorder::create(
            shared_->folder / "whole.evh", make_header(*stage, "operator expert 1"), shared_->board.sealer());
        Session session(stage, std::move(*recorder));
        for (const input::ProcedureEvent& event : done.events)
            if (event.time_us < 2'000'000) session.event(event);
        CHECK(static_cast<bool>(session.advance({done.samples.begin(), end})));
        CHECK(static_cast<bool>(session.finish()));
        CHECK(!session.punctures().empty());
    }
    static void TearDownTestSuite() { delete shared_; }

    base::fs::path copy() const {
        base::fs::copy_file(shared_->folder / "whole.evh", shared_->folder / "copy.evh",
                            base::fs::copy_options::overwrite_existing);
        return shared_->folder / "copy.evh";
    }
    Verification verified(const base::fs::path& file) const {
        return verify(file, {shared_->board.trust(), {}, {}, {}}, shared_->stages);
    }
    static std::string words(const Verification& verification, const std::string& what) {
        for (const Finding& finding : verification.findings)
            if (finding.what == what) return (finding.holds ? "holds: " : "FAILS: ") + finding.words;
        return "not looked at";
    }

    struct Shared {
        sealed::Institution board;
        sealed::Folder folder;
        StageStore stages{training_test::places()};
    };
    static inline Shared* shared_ = nullptr;
};

TEST_F(Verifying, a_sealed_session_holds_in_every_line) {
    const Verification verification = verified(copy());
    EXPECT_EQ(verification.exit_code(), 0) << verification_text(verification);
    EXPECT_EQ(verification.findings.size(), 9u);
    EXPECT_THAT(verification_line(verification), HasSubstr("holds, sealed: "));
}

TEST_F(Verifying,
       punctures_that_do_not_follow_from_the_path_are_named_with_their_step_whatever_the_sums_say) {
    const base::fs::path file = copy();
    // What a forger writes who knows the format: one puncture moved to another cell, all sums right.
    std::vector<uint8_t> bytes;
    {
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
        SQLite::Statement query(
            database, "SELECT id, punctures FROM chunk WHERE length(punctures) > 0 ORDER BY id LIMIT 1");
        ASSERT_TRUE(query.executeStep());
        const int64_t id = query.getColumn(0).getInt64();
        const auto* blob = static_cast<const uint8_t*>(query.getColumn(1).getBlob());
        bytes.assign(blob, blob + query.getColumn(1).getBytes());
        query.reset();
        bytes[offsetof(shared::Puncture, cell)] ^= 1;
        SQLite::Statement update(database, "UPDATE chunk SET punctures = ? WHERE id = ?");
        update.bind(1, bytes.data(), static_cast<int>(bytes.size()));
        update.bind(2, id);
        update.exec();
    }
    sealed::mend_chain(file);
    sealed::change(file, "DROP TABLE seal; DROP TABLE link");  // as an unsealed one nothing else would show
    const Verification verification = verified(file);
    EXPECT_EQ(verification.exit_code(), 1);
    EXPECT_THAT(words(verification, "integrity"), HasSubstr("holds"));
    EXPECT_THAT(words(verification, "replay"), HasSubstr("FAILS: step "));
    EXPECT_THAT(words(verification, "replay"), HasSubstr("puncture 0"));
}

TEST_F(Verifying, content_that_is_not_this_machines_is_named) {
    const base::fs::path file = copy();
    sealed::change(file,
                   "UPDATE meta SET value = value || '# easier' || char(10) WHERE key = 'case_text'; DROP "
                   "TABLE seal; DROP TABLE link");
    sealed::mend_evidence(file);
    EXPECT_THAT(words(verified(file), "content"), HasSubstr("FAILS: not this machine's: case 'pad-flat'"));
    sealed::change(file, "UPDATE meta SET value = '../cases/pad-flat' WHERE key = 'case_id'");
    sealed::mend_evidence(file);
    EXPECT_THAT(words(verified(file), "content"), HasSubstr("case '../cases/pad-flat': unknown here"))
        << "no file outside the folder is looked at";
    sealed::change(file, "UPDATE meta SET value = '" + std::string(64, '0') + "' WHERE key = 'face'");
    sealed::mend_evidence(file);
    const Verification verification = verified(file);
    EXPECT_THAT(words(verification, "content"), HasSubstr("no longer the one recorded"));
    EXPECT_EQ(words(verification, "replay"), "not looked at");
    EXPECT_EQ(verification.exit_code(), 1);
}

TEST_F(Verifying, what_is_no_recording_is_unusable_and_a_damaged_one_does_not_hold) {
    const base::fs::path text = shared_->folder / "text.evh";
    sealed::write_bytes(text, "time_s,x_m\n");
    EXPECT_EQ(verified(text).exit_code(), 2);
    EXPECT_EQ(verified(shared_->folder / "none.evh").exit_code(), 2);
    const base::fs::path file = copy();
    sealed::change(file, "DELETE FROM event WHERE rowid = 1");
    EXPECT_EQ(verified(file).exit_code(), 1);
}

TEST_F(Verifying, a_folder_is_taken_in_shards_that_cover_it_once) {
    sealed::Folder folder;
    for (int i = 0; i < 11; ++i) sealed::write_bytes(folder / fmt::format("{:02}.evh", i), "x");
    std::vector<std::string> names;
    for (int part = 1; part <= 4; ++part) {
        const auto files = list_recordings(folder.path(), {part, 4});
        ASSERT_TRUE(files);
        for (const base::fs::path& file : *files) names.push_back(file.filename());
    }
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names.size(), 11u);
    EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
    EXPECT_EQ(parse_shard("2/8")->part, 2);
    for (const char* bad : {"", "/", "0/2", "3/2", "2", "-1/2", "1/2/3", "1/x"})
        EXPECT_FALSE(parse_shard(bad)) << bad;
}

}  // namespace
}  // namespace training
