#include "tests/scenarios/sealed.h"
#include "training/core/utc.h"

#include <gmock/gmock.h>

#include <sys/wait.h>

#include <csignal>

namespace training {
namespace {

using sealed::objection;
using sealed::write_session;
using testing::HasSubstr;

class Sealing : public testing::Test {
  protected:
    static void SetUpTestSuite() { board_ = new sealed::Institution; }
    static void TearDownTestSuite() { delete board_; }
    base::fs::path file(const std::string& name = "session.evh") const { return folder_ / name; }
    std::string objects(const SealDemands& demands = {true, {}, {}}) const {
        return objection(file(), board_->trust(), demands);
    }

    static inline sealed::Institution* board_ = nullptr;
    sealed::Folder folder_;
};

TEST_F(Sealing, a_session_holds_from_its_first_sample_to_its_last) {
    write_session(file(), board_->sealer());
    EXPECT_EQ(objects(), "");
    const auto recording = load_recording(file());
    ASSERT_TRUE(recording && recording->seal);
    EXPECT_EQ(recording->seal->links.size(), 24u);
    for (const Finding& finding : check_seal(*recording, board_->trust()))
        EXPECT_TRUE(finding.holds) << finding.what << finding.words;
}

TEST_F(Sealing, each_link_tells_how_long_the_session_was_open_by_a_clock_that_nobody_sets) {
    BootTime boot{base::sha256("a start"), 7'000};
    auto recorder = Recorder::create(file(), sealed::header(), std::make_shared<Sealer>(sealed::opened(board_->station_keys.path(), "station-1"), SealTerms{}, [&] { return boot; }));
    ASSERT_TRUE(recorder);
    for (const int64_t passed_ms : {500, 60'000}) {
        boot.ms += passed_ms;
        sealed::add_part(*recorder, passed_ms == 500 ? 0 : 1);
        ASSERT_TRUE(recorder->commit());
    }
    ASSERT_TRUE(recorder->finish());
    EXPECT_EQ(objects(), "");
    const auto recording = load_recording(file());
    EXPECT_EQ(recording->seal->links[0].elapsed_ms, 500);
    EXPECT_EQ(recording->seal->links[1].elapsed_ms, 60'500);
    const auto session = parse_session(recording->seal->session, "it");
    ASSERT_TRUE(session && session->opened);
    EXPECT_EQ(session->opened->boot, boot.boot);
    EXPECT_EQ(session->opened->ms, 7'000);
    sealed::change(file(), "UPDATE link SET elapsed_ms = elapsed_ms - 59000 WHERE id = 2");
    EXPECT_THAT(objects(), HasSubstr("chain: link 2"));
    sealed::mend_chain(file());
    EXPECT_THAT(objects(), HasSubstr("signatures: link 2"));
}

TEST_F(Sealing, a_session_of_before_links_told_their_time_holds_and_cannot_be_made_into_one) {
    const base::fs::path golden = base::fs::path(EVENHAND_SOURCE_DIR) / "tests/golden";
    const auto trust = read_trust(golden / "sealed-5.public.json");
    ASSERT_TRUE(trust);
    EXPECT_EQ(objection(golden / "sealed-5.session", *trust, {true, {}, {}}), "");
    const auto old = load_recording(golden / "sealed-5.session");
    ASSERT_TRUE(old && old->seal);
    EXPECT_EQ(old->seal->links.size(), 3u);
    EXPECT_FALSE(old->seal->links.back().elapsed_ms);
    EXPECT_FALSE(parse_session(old->seal->session, "it")->opened);
    base::fs::copy_file(golden / "sealed-5.session", file());
    sealed::change(file(), "ALTER TABLE link ADD COLUMN elapsed_ms INTEGER NOT NULL DEFAULT 0");
    EXPECT_THAT(objection(file(), *trust), HasSubstr("its tables are not those that Evenhand makes"));
    write_session(file("new.evh"), board_->sealer());
    sealed::change(file("new.evh"), "ALTER TABLE link DROP COLUMN elapsed_ms; PRAGMA user_version = 5");
    EXPECT_NE(objection(file("new.evh"), board_->trust()), "");
}

TEST_F(Sealing, leaves_the_evidence_what_it_is_unsealed) {
    write_session(file("sealed.evh"), board_->sealer());
    write_session(file("plain.evh"), nullptr);
    const auto with = load_recording(file("sealed.evh")), without = load_recording(file("plain.evh"));
    ASSERT_TRUE(with && without);
    EXPECT_EQ(with->evidence_hash(), without->evidence_hash());
    EXPECT_FALSE(without->seal);
}

TEST_F(Sealing, an_unsealed_session_says_so_and_fails_only_where_a_seal_is_demanded) {
    write_session(file(), nullptr);
    const auto findings = check_seal(*load_recording(file()), board_->trust());
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_TRUE(findings[0].holds && findings[0].absent);
    EXPECT_THAT(findings[0].words, HasSubstr("nobody vouches"));
    EXPECT_THAT(objects(), HasSubstr("seal: there is none"));
    EXPECT_THAT(objects({false, std::string(64, 'a'), {}}), HasSubstr("seal: there is none"));
}

TEST_F(Sealing, does_not_depend_on_how_writing_was_cut_into_transactions) {
    base::Result<Recorder> recorder = Recorder::create(file(), sealed::header(), board_->sealer());
    ASSERT_TRUE(recorder);
    for (uint32_t part = 0; part < 20; ++part) {
        sealed::add_part(*recorder, part);
        if (part % 7 == 3) {
            ASSERT_TRUE(recorder->commit());
        }
    }
    ASSERT_TRUE(recorder->finish());
    EXPECT_EQ(objects(), "");
    EXPECT_EQ(load_recording(file())->seal->links.size(), 4u);
}

TEST_F(Sealing, notes_stay_outside) {
    write_session(file(), board_->sealer());
    ASSERT_TRUE(add_note(file(), {0, 1'000'000, 3, "Slower here.", "N. Okafor", utc_now(), std::nullopt}));
    EXPECT_EQ(objects(), "");
}

TEST_F(Sealing, an_unfinished_session_is_told_with_how_far_it_is_signed) {
    write_session(file(), board_->sealer(), 9, false);
    EXPECT_THAT(objects(), HasSubstr("completeness: an unfinished session, signed until 4.5 s"));
    for (const Finding& finding : check_seal(*load_recording(file()), board_->trust()))
        EXPECT_EQ(finding.holds, finding.what != "completeness") << finding.what;
    write_session(file("empty.evh"), board_->sealer(), 0, false);
    EXPECT_THAT(objection(file("empty.evh"), board_->trust()), HasSubstr("nothing was recorded"));
}

TEST_F(Sealing, a_session_without_a_sample_is_closed_like_any_other) {
    write_session(file(), board_->sealer(), 0);
    EXPECT_EQ(objects(), "");
}

TEST_F(Sealing, cut_back_to_any_signed_moment_is_never_a_whole_session) {
    for (int last = 0; last < 24; ++last) {
        base::fs::remove(file());
        write_session(file(), board_->sealer());
        sealed::change(file(),
                       fmt::format("DELETE FROM chunk WHERE id > {0}; DELETE FROM link WHERE id > {0}; "
                                   "DELETE FROM event WHERE rowid > (SELECT coalesce(sum(events), 0) FROM "
                                   "link); DELETE FROM checkpoint WHERE step > 60 * {0}",
                                   last));
        sealed::mend_evidence(file());
        EXPECT_THAT(objects(), HasSubstr("completeness: 24 links were closed with")) << last;
        sealed::change(file(), "DELETE FROM seal WHERE key = 'closing'");
        EXPECT_THAT(objects(), HasSubstr("its closing document is missing")) << last;
        sealed::change(file(), "DELETE FROM meta WHERE key = 'finished'");
        EXPECT_THAT(objects(), HasSubstr("an unfinished session")) << last;
    }
}

TEST_F(Sealing, samples_edited_with_the_sums_and_the_chain_computed_anew_lack_a_signature) {
    write_session(file(), board_->sealer());
    sealed::change(file(), "UPDATE event SET value = '0.9' WHERE rowid = 3");
    EXPECT_THAT(objects(), HasSubstr("integrity: "));
    sealed::mend_evidence(file());
    EXPECT_THAT(objects(),
                HasSubstr("chain: link 8, from 3.5 s to 4.0 s: the rows are not those that were sealed"));
    sealed::mend_chain(file());
    EXPECT_THAT(objects(), HasSubstr("signatures: link 8, from 3.5 s to 4.0 s: is not signed"));
}

TEST_F(Sealing, chunks_of_another_session_at_the_same_station_are_not_its_own) {
    write_session(file(), board_->sealer());
    write_session(file("other.evh"), board_->sealer());
    sealed::change(
        file(),
        fmt::format(
            "ATTACH '{}' AS o; UPDATE main.link SET hash = (SELECT hash FROM o.link l WHERE l.id = 5), "
            "signature = (SELECT signature FROM o.link l WHERE l.id = 5) WHERE id = 5",
            file("other.evh").string()));
    EXPECT_THAT(objects(), HasSubstr("chain: link 5"));
}

TEST_F(Sealing, binds_the_nonce_that_was_given_and_no_other) {
    const std::string nonce(64, 'a'), earlier(64, 'b');
    write_session(file(), board_->sealer(nonce));
    EXPECT_EQ(objects({true, nonce, {}}), "");
    EXPECT_THAT(objects({true, earlier, {}}), HasSubstr("nonce: the session was sealed for another"));
    for (const std::string& bad : {std::string(30, 'a'), std::string(33, 'a'), std::string(130, 'a'),
                                   std::string(64, 'g'), std::string(64, 'A')})
        EXPECT_FALSE(check_nonce(bad)) << bad;
}

TEST_F(Sealing, another_station_or_body_or_a_revoked_key_is_named) {
    write_session(file(), board_->sealer());
    const sealed::Institution academy("academy");
    EXPECT_THAT(objection(file(), academy.trust()), HasSubstr("certified by board"));
    EXPECT_THAT(objection(file(), {}), HasSubstr("which is not trusted here"));
    Trust trust = board_->trust();
    trust.revocations.push_back(
        {board_->station.key, board_->body.key, "2020-01-01T00:00:00Z", utc_now(), false});
    EXPECT_THAT(objection(file(), trust), HasSubstr("station: the station's key was revoked as retired"));
    trust.revocations[0].since = "2099-01-01T00:00:00Z";
    EXPECT_EQ(objection(file(), trust), "");
    trust.revocations[0].compromised = true;
    EXPECT_THAT(objection(file(), trust), HasSubstr("only that key says"));
    // The station with the certificate of another body: what was begun with one cannot show the other.
    sealed::change(file(),
                   "UPDATE seal SET document = '" +
                       *certify(academy.body_keys.path(), sealed::opened(academy.body_keys.path(), "academy"),
                                board_->station, 9) +
                       "' WHERE key = 'certificate'");
    EXPECT_THAT(objection(file(), academy.trust()), HasSubstr("not the one that the session was begun with"));
}

TEST_F(Sealing, a_session_cannot_be_handed_in_under_another_code) {
    write_session(file(), board_->sealer());
    sealed::change(file(), "UPDATE meta SET value = 'B-2' WHERE key = 'trainee'");
    sealed::mend_evidence(file());
    EXPECT_THAT(objects(), HasSubstr("chain: the header"));
}

TEST_F(Sealing, the_code_of_a_moment_is_shown_for_five_seconds_and_found_again) {
    const std::shared_ptr<Sealer> sealer = board_->sealer();
    base::Result<Recorder> recorder = Recorder::create(file(), sealed::header(), sealer);
    ASSERT_TRUE(recorder);
    std::vector<std::string> shown;
    for (uint32_t part = 0; part < 32; ++part) {
        sealed::add_part(*recorder, part);
        ASSERT_TRUE(recorder->commit());
        if (sealer->mark() && (shown.empty() || shown.back() != sealer->mark()->code))
            shown.push_back(sealer->mark()->code);
    }
    ASSERT_TRUE(recorder->finish());
    ASSERT_EQ(shown.size(), 3u) << "16 seconds of session";
    for (const std::string& code : shown) {
        EXPECT_THAT(code, testing::MatchesRegex("[A-Z]{4}-[A-Z]{4}"));
        EXPECT_EQ(objects({true, {}, code}), "");
    }
    EXPECT_THAT(objects({true, {}, "AAAA-AAAA"}), HasSubstr("code: AAAA-AAAA is nowhere"));
}

TEST_F(Sealing, what_could_not_be_written_is_sealed_with_the_next_transaction) {
    base::Result<Recorder> recorder = Recorder::create(file(), sealed::header(), board_->sealer());
    ASSERT_TRUE(recorder);
    sealed::add_part(*recorder, 0);
    ASSERT_TRUE(recorder->commit());
    {
        SQLite::Database reader(file().string(), SQLite::OPEN_READWRITE);
        SQLite::Transaction busy(reader, SQLite::TransactionBehavior::IMMEDIATE);
        sealed::add_part(*recorder, 1);
        EXPECT_FALSE(recorder->commit());
    }
    sealed::add_part(*recorder, 2);
    ASSERT_TRUE(recorder->finish());
    EXPECT_EQ(objects(), "");
    EXPECT_EQ(load_recording(file())->seal->links.size(), 2u);
}

TEST_F(Sealing, killed_at_random_moments_keeps_whole_signed_transactions) {
    for (uint32_t attempt = 0; attempt < 16; ++attempt) {
        const base::fs::path path = file(fmt::format("kill-{}.evh", attempt));
        int ready[2];
        ASSERT_EQ(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            base::Result<Recorder> recorder = Recorder::create(path, sealed::header(), board_->sealer());
            if (!recorder) ::_exit(1);
            for (uint32_t part = 0;; ++part) {
                sealed::add_part(*recorder, part);
                if (!recorder->commit()) ::_exit(1);
                (void)!::write(ready[1], "x", 1);
            }
        }
        for (uint32_t i = 0; i < 2 + attempt; ++i) {
            char letter;
            ASSERT_EQ(::read(ready[0], &letter, 1), 1);
        }
        ::usleep(attempt * 37);  // anywhere in a transaction
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        ::close(ready[0]);
        ::close(ready[1]);
        const auto recording = load_recording(path);
        ASSERT_TRUE(recording) << recording.error().message;
        EXPECT_GE(recording->samples.size(), 60u * (2 + attempt));
        for (const Finding& finding : check_seal(*recording, board_->trust()))
            EXPECT_EQ(finding.holds, finding.what != "completeness") << finding.what << ": " << finding.words;
        EXPECT_THAT(objection(path, board_->trust()), HasSubstr("completeness: an unfinished session"));
    }
}

TEST_F(Sealing, a_closing_document_is_read_in_its_one_form_with_every_member) {
    write_session(file(), board_->sealer());
    const std::string closing = load_recording(file())->seal->closing;
    EXPECT_TRUE(parse_closing(closing, "it"));
    const Document whole = Document::parse(closing);
    for (const auto& [member, value] : whole.items()) {
        Document lacking = whole;
        lacking.erase(member);
        EXPECT_EQ(static_cast<bool>(parse_closing(lacking.dump(), "it")), member == "signature") << member;
    }
    Document more = whole;
    more["points"] = 10'000;
    EXPECT_FALSE(parse_closing(more.dump(), "it"));
    more = whole;
    more["links"] = 24.0;
    EXPECT_FALSE(parse_closing(more.dump(), "it"));
}

TEST(Forgeries, of_a_sealed_session_are_all_caught) {
    sealed::expect_all_caught(400, 1);
}

}  // namespace
}  // namespace training
