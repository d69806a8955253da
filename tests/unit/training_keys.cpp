#include "tests/scenarios/sealed.h"

#include <gmock/gmock.h>

#include <sys/stat.h>

namespace training {
namespace {

using sealed::Folder;
using sealed::kPassphrase;
using testing::HasSubstr;
using testing::Not;

std::string mode_of(const base::fs::path& path) {
    struct stat status {};
    ::stat(path.c_str(), &status);
    return fmt::format("{:o}", status.st_mode & 07777);
}

template <typename T>
std::string refusal(const base::Result<T>& result) {
    return result ? "" : result.error().message;
}

class Keys : public testing::Test {
  protected:
    base::Result<Identity> make(const std::string& name, KeyRole role = KeyRole::station) const {
        return make_key(folder(), name, role, kPassphrase, least_key_cost());
    }
    base::fs::path folder() const { return scratch_ / "keys"; }
    Folder scratch_;
};

TEST_F(Keys, are_made_in_a_folder_and_files_that_are_their_owners_alone) {
    ASSERT_TRUE(make("station-1"));
    EXPECT_EQ(mode_of(folder()), "700");
    EXPECT_EQ(mode_of(folder() / "station-1.key"), "600");
    EXPECT_EQ(std::distance(base::fs::directory_iterator(folder()), {}), 2) << "nothing else is left behind";
}

TEST_F(Keys, open_with_their_passphrase_alone_and_sign_for_their_public_half) {
    const auto made = make("station-1");
    ASSERT_TRUE(made);
    const auto opened = open_key(folder(), "station-1", kPassphrase);
    ASSERT_TRUE(opened) << refusal(opened);
    EXPECT_TRUE(is_signed_by(made->key, "a message", opened->secret.sign("a message")));
    EXPECT_FALSE(is_signed_by(made->key, "another message", opened->secret.sign("a message")));
    EXPECT_THAT(refusal(open_key(folder(), "station-1", "correct house")),
                HasSubstr("the passphrase does not open it"));
    EXPECT_THAT(refusal(open_key(folder(), "station-2", kPassphrase)), HasSubstr("no such key"));
}

TEST_F(Keys, do_not_stand_in_their_files_in_the_clear) {
    ASSERT_TRUE(make("station-1"));
    const OpenKey key = sealed::opened(folder(), "station-1");
    std::array<uint8_t, 32> seed{};
    key.secret.copy_seed(seed);
    const std::string file = sealed::read_bytes(folder() / "station-1.key");
    EXPECT_THAT(file, Not(HasSubstr(to_hex(seed))));
    EXPECT_THAT(file, Not(HasSubstr(kPassphrase)));
}

TEST_F(Keys, that_others_may_read_are_refused_in_a_sentence) {
    ASSERT_TRUE(make("station-1"));
    for (const unsigned wide : {0640u, 0604u, 0660u}) {
        ::chmod((folder() / "station-1.key").c_str(), wide);
        EXPECT_THAT(refusal(open_key(folder(), "station-1", kPassphrase)), HasSubstr("others may get at it"))
            << wide;
    }
    ::chmod((folder() / "station-1.key").c_str(), 0600);
    ::chmod(folder().c_str(), 0750);
    EXPECT_THAT(refusal(open_key(folder(), "station-1", kPassphrase)), HasSubstr("run chmod 700"));
    EXPECT_THAT(refusal(make("station-2")), HasSubstr("run chmod 700"));
    ::chmod(folder().c_str(), 0700);
    EXPECT_TRUE(open_key(folder(), "station-1", kPassphrase));
}

TEST_F(Keys, whose_files_were_changed_anywhere_do_not_open) {
    ASSERT_TRUE(make("station-1"));
    const base::fs::path file = folder() / "station-1.key";
    const std::string good = sealed::read_bytes(file);
    for (size_t at = 0; at + 1 < good.size(); at += 3) {
        std::string bad = good;
        bad[at] = bad[at] == '1' ? '2' : '1';
        if (bad == good) continue;
        sealed::write_bytes(file, bad);
        EXPECT_NE(refusal(open_key(folder(), "station-1", kPassphrase)), "") << "byte " << at;
    }
}

TEST_F(Keys, have_names_that_cannot_lead_out_of_their_folder) {
    for (const std::string& name :
         {std::string(""), std::string("../x"), std::string("a/b"), std::string("a.b"), std::string("a b"),
          std::string("ä"), std::string(41, 'a'), std::string("a\0b", 3)}) {
        EXPECT_THAT(refusal(make(name)), HasSubstr("a key's name is")) << name;
        EXPECT_THAT(refusal(open_key(folder(), name, kPassphrase)), HasSubstr("a key's name is")) << name;
    }
    EXPECT_FALSE(base::fs::exists(scratch_ / "x.key"));
}

TEST_F(Keys, are_never_overwritten_and_ask_for_a_passphrase_worth_the_name) {
    ASSERT_TRUE(make("station-1"));
    const std::string before = sealed::read_bytes(folder() / "station-1.key");
    EXPECT_THAT(refusal(make("station-1")), HasSubstr("never overwritten"));
    EXPECT_EQ(sealed::read_bytes(folder() / "station-1.key"), before);
    EXPECT_THAT(refusal(make_key(folder(), "station-2", KeyRole::station, "short", least_key_cost())),
                HasSubstr("shorter than 8"));
    sealed::write_bytes(folder() / "station-3.journal", "a row");  // of a key that was taken away
    EXPECT_THAT(refusal(make("station-3")), HasSubstr("choose another name"));
}

TEST_F(Keys, of_a_folder_are_found_by_name_and_by_id_where_there_is_one_only) {
    const auto first = make("first"), second = make("second");
    ASSERT_TRUE(make("board", KeyRole::body));
    EXPECT_THAT(refusal(only_key(folder(), KeyRole::station)), HasSubstr("first, second"));
    EXPECT_EQ(*only_key(folder(), KeyRole::body), "board");
    EXPECT_EQ(find_key(folder(), "second")->key, second->key);
    EXPECT_EQ(find_key(folder(), key_id(first->key).substr(0, 9))->key, first->key);
    EXPECT_FALSE(find_key(folder(), key_id(first->key).substr(0, 4)));
}

TEST_F(Keys, are_certified_offline_and_the_certificate_finds_its_station) {
    sealed::Institution board;
    const auto keys = own_keys(board.station_keys.path());
    ASSERT_TRUE(keys && keys->size() == 1) << refusal(keys);
    ASSERT_TRUE(keys->front().certificate);
    EXPECT_EQ(keys->front().certificate->body, board.body.key);
    ASSERT_TRUE(make("other"));
    const auto issued =
        certify(board.body_keys.path(), sealed::opened(board.body_keys.path(), "board"), board.station, 3);
    ASSERT_TRUE(base::write_file(scratch_ / "c.json", std::string_view(*issued)));
    EXPECT_THAT(refusal(take_on(folder(), scratch_ / "c.json")), HasSubstr("whose key is not in"));
    EXPECT_EQ(find_key(board.body_keys.path(), "station-1")->key, board.station.key)
        << "the body knows whom it certified";
}

TEST_F(Keys, of_others_are_taken_on_once_and_private_ones_never) {
    sealed::Institution board;
    ASSERT_TRUE(take_on(folder(), board.body_keys / "board.public.json"));
    ASSERT_TRUE(take_on(folder(), board.body_keys / "board.public.json"));
    const auto trust = read_trust(folder());
    ASSERT_TRUE(trust) << refusal(trust);
    EXPECT_EQ(trust->keys.size(), 1u);
    EXPECT_NE(trust->find(board.body.key, KeyRole::body), nullptr);
    EXPECT_EQ(trust->find(board.body.key, KeyRole::station), nullptr);
    EXPECT_THAT(refusal(take_on(folder(), board.body_keys / "board.key")), HasSubstr("is a private key"));
}

TEST_F(Keys, that_cannot_be_read_are_not_passed_over_when_trust_is_asked_for) {
    sealed::Institution board;
    ASSERT_TRUE(take_on(folder(), board.body_keys / "board.public.json"));
    const base::fs::path file = folder() / "revocations.jsonl";
    sealed::write_bytes(file, "{\"torn\n");
    EXPECT_THAT(refusal(read_trust(folder())), HasSubstr("revocations.jsonl, row 1"));
}

// --- one form ---

TEST(SignedDocuments, have_one_form_with_sorted_keys_and_no_blanks) {
    EXPECT_EQ(canonical({{"b", 1}, {"a", {{"z", true}, {"y", "\u00fc\n"}}}, {"c", {1, -2}}}),
              "{\"a\":{\"y\":\"\u00fc\\n\",\"z\":true},\"b\":1,\"c\":[1,-2]}");
}

TEST(SignedDocuments, in_any_other_form_are_refused) {
    const auto refused = [](std::string_view text) { return refusal(parse_document(text, "t", "it")); };
    EXPECT_EQ(refused(R"({"a":1,"type":"t"})"), "");
    EXPECT_EQ(refused("{\"a\":1,\"type\":\"t\"}\n"), "");
    EXPECT_THAT(refused(R"({"a":1.0,"type":"t"})"), HasSubstr("not whole"));
    EXPECT_THAT(refused(R"({"a":1e3,"type":"t"})"), HasSubstr("not whole"));
    EXPECT_THAT(refused(R"({"a":9007199254740992,"type":"t"})"), HasSubstr("2^53"));
    EXPECT_THAT(refused(R"({"a":-9007199254740992,"type":"t"})"), HasSubstr("2^53"));
    EXPECT_EQ(refused(R"({"a":9007199254740991,"type":"t"})"), "");
    EXPECT_THAT(refused(R"({"a":null,"type":"t"})"), HasSubstr("neither text"));
    EXPECT_THAT(refused("{\"\u00e4\":1,\"type\":\"t\"}"), HasSubstr("plain ASCII"));
    EXPECT_THAT(refused(R"({"type":"t","a":1})"), HasSubstr("sorted keys"));
    EXPECT_THAT(refused(R"({"a": 1,"type":"t"})"), HasSubstr("sorted keys"));
    EXPECT_THAT(refused(R"({"a":1,"a":2,"type":"t"})"), HasSubstr("sorted keys"));
    EXPECT_THAT(refused(R"({"a":"\u0041","type":"t"})"), HasSubstr("sorted keys"));
    EXPECT_THAT(refused(R"({"a":1,"type":"u"})"), HasSubstr("not of the type"));
    EXPECT_THAT(refused(R"([1])"), HasSubstr("not a JSON document"));
    EXPECT_THAT(refused("{\"a\":\"\xff\",\"type\":\"t\"}"), HasSubstr("not a JSON document"));
    EXPECT_THAT(refused(std::string(50'000, '[')), HasSubstr("not a JSON document"));
    EXPECT_THAT(refused(std::string(70'000, ' ')), HasSubstr("larger than"));
    EXPECT_THAT(refused(R"({"a":[[[[[[[[[[1]]]]]]]]]],"type":"t"})"), HasSubstr("it: "));
}

TEST(SignedDocuments, are_signed_as_a_whole_and_under_their_type) {
    const SecretKey key = SecretKey::generate(), other = SecretKey::generate();
    Document document = Document::parse(sign_document({{"type", "t"}, {"a", 1}}, key));
    EXPECT_TRUE(is_signed_by(key.public_key(), document));
    EXPECT_FALSE(is_signed_by(other.public_key(), document));
    for (const auto& [member, value] :
         {std::pair<const char*, Document>{"a", 2}, {"type", "u"}, {"b", 1}, {"signature", "00"}}) {
        Document changed = document;
        changed[member] = value;
        EXPECT_FALSE(is_signed_by(key.public_key(), changed)) << member;
    }
}

// --- whose word counts ---

constexpr const char *kBefore = "2026-03-01T00:00:00Z", *kRevoked = "2026-06-01T00:00:00Z",
                     *kAfter = "2026-09-01T00:00:00Z";

class StandingOf : public testing::Test {
  protected:
    static Certificate certificate(const PublicKey& body, const PublicKey& station) {
        return {body, station, "board", "station-1", "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"};
    }
    Standing of(const Trust& trust, const std::string& time = kBefore,
                const std::optional<std::string>& witnessed = std::nullopt) const {
        return standing_of(station_, certificate(body_, station_), {time, time, witnessed}, trust);
    }
    Trust trusting_body(std::vector<Revocation> rows = {}) const {
        return {{{"board", KeyRole::body, body_, kBefore}}, std::move(rows)};
    }
    Revocation revoked(const PublicKey& key, const PublicKey& by, bool compromised) const {
        return {key, by, kRevoked, kRevoked, compromised};
    }

    PublicKey body_ = SecretKey::generate().public_key(), station_ = SecretKey::generate().public_key(),
              other_ = SecretKey::generate().public_key();
};

TEST_F(StandingOf, a_station_follows_from_its_body_or_from_itself) {
    EXPECT_TRUE(of(trusting_body()).holds);
    EXPECT_THAT(of({}).words, HasSubstr("which is not trusted here"));
    EXPECT_FALSE(of({}).holds);
    const Trust itself{{{"station-1", KeyRole::station, station_, kBefore}}, {}};
    EXPECT_TRUE(standing_of(station_, std::nullopt, {kBefore, kBefore, std::nullopt}, itself).holds);
    EXPECT_THAT(standing_of(station_, std::nullopt, {kBefore, kBefore, std::nullopt}, trusting_body()).words,
                HasSubstr("nobody certifies"));
    const Trust wrong_role{{{"board", KeyRole::station, body_, kBefore}}, {}};
    EXPECT_FALSE(of(wrong_role).holds) << "a station certifies nobody";
}

TEST_F(StandingOf, a_station_ends_with_its_certificate) {
    EXPECT_FALSE(of(trusting_body(), "2025-12-31T23:59:59Z").holds);
    EXPECT_THAT(of(trusting_body(), "2027-01-01T00:00:00Z").words,
                HasSubstr("certified from 2026-01-01T00:00:00Z to 2026-12-31T00:00:00Z"));
}

TEST_F(StandingOf, a_retired_key_is_believed_about_before_and_refused_after) {
    const Trust trust = trusting_body({revoked(station_, body_, false)});
    EXPECT_TRUE(of(trust, kBefore).holds);
    EXPECT_THAT(of(trust, kBefore).words, HasSubstr("as that key says"));
    EXPECT_FALSE(of(trust, kAfter).holds);
    EXPECT_FALSE(of(trust, kRevoked).holds);
    EXPECT_THAT(of(trust, kAfter).words, HasSubstr("revoked as retired from 2026-06-01T00:00:00Z"));
}

TEST_F(StandingOf, a_compromised_key_is_believed_about_before_only_with_a_time_stamp) {
    const Trust trust = trusting_body({revoked(station_, body_, true)});
    EXPECT_FALSE(of(trust, kAfter).holds);
    EXPECT_FALSE(of(trust, kBefore).holds);
    EXPECT_THAT(of(trust, kBefore).words, HasSubstr("only that key says"));
    EXPECT_TRUE(of(trust, kBefore, kBefore).holds);
    EXPECT_FALSE(of(trust, kBefore, kAfter).holds);
}

TEST_F(StandingOf, a_revocation_counts_from_the_key_or_its_body_and_from_nobody_else) {
    EXPECT_FALSE(of(trusting_body({revoked(station_, station_, false)}), kAfter).holds);
    EXPECT_TRUE(of(trusting_body({revoked(station_, other_, false)}), kAfter).holds);
    EXPECT_FALSE(of(trusting_body({revoked(body_, body_, true)}), kAfter).holds);
    EXPECT_TRUE(of(trusting_body({revoked(body_, other_, true)}), kAfter).holds);
    EXPECT_TRUE(of(trusting_body({revoked(body_, body_, false)}), kAfter).holds)
        << "certified while the body's key was in use";
}

TEST_F(StandingOf, a_body_that_takes_its_own_key_back_is_asked_about_what_it_says_it_signed) {
    const auto taken_back = [&](std::vector<Revocation> rows, const char* claimed) {
        return trusting_body(std::move(rows)).revoked_by_itself(body_, claimed) != nullptr;
    };
    EXPECT_FALSE(taken_back({}, kAfter));
    EXPECT_FALSE(taken_back({revoked(body_, body_, false)}, kBefore)) << "retired later";
    EXPECT_TRUE(taken_back({revoked(body_, body_, false)}, kRevoked));
    EXPECT_TRUE(taken_back({revoked(body_, body_, true)}, kBefore)) << "its word about time is worth nothing";
    EXPECT_FALSE(taken_back({revoked(body_, other_, true), revoked(other_, other_, true)}, kAfter));
    EXPECT_TRUE(taken_back({revoked(body_, body_, false), revoked(body_, body_, true)}, kBefore)) << "any row counts";
}

TEST_F(StandingOf, one_revocation_that_lets_pass_does_not_outweigh_one_that_does_not) {
    for (const bool compromised_first : {true, false}) {
        const Trust trust = trusting_body(
            {revoked(station_, body_, compromised_first), revoked(station_, body_, !compromised_first)});
        EXPECT_FALSE(of(trust, kBefore).holds);
    }
}

TEST_F(Keys, are_revoked_by_a_signed_row_that_others_take_on_once) {
    sealed::Institution board;
    const OpenKey body = sealed::opened(board.body_keys.path(), "board");
    ASSERT_TRUE(revoke(board.body_keys.path(), body, board.station.key, true, kRevoked));
    ASSERT_TRUE(take_on(folder(), board.body_keys / "board.public.json"));
    ASSERT_TRUE(take_on(folder(), board.body_keys / "revocations.jsonl"));
    ASSERT_TRUE(take_on(folder(), board.body_keys / "revocations.jsonl"));
    const auto trust = read_trust(folder());
    ASSERT_TRUE(trust) << refusal(trust);
    ASSERT_EQ(trust->revocations.size(), 1u);
    EXPECT_EQ(trust->revocations[0].key, board.station.key);
    EXPECT_TRUE(trust->revocations[0].compromised);
    const OpenKey station = sealed::opened(board.station_keys.path(), "station-1");
    EXPECT_THAT(refusal(revoke(board.station_keys.path(), station, board.body.key, true, kRevoked)),
                HasSubstr("revokes itself alone"));
    EXPECT_TRUE(revoke(board.station_keys.path(), station, station.who.key, false, kRevoked));
}

TEST_F(Keys, are_revoked_in_rows_of_their_own_where_the_file_lost_its_last_line_feed) {
    sealed::Institution board;
    const base::fs::path rows = board.body_keys / "revocations.jsonl";
    const OpenKey body = sealed::opened(board.body_keys.path(), "board");
    ASSERT_TRUE(revoke(board.body_keys.path(), body, board.station.key, true, kRevoked));
    base::fs::resize_file(rows, base::fs::file_size(rows) - 1);
    ASSERT_TRUE(revoke(board.body_keys.path(), body, body.who.key, false, kRevoked));
    const auto trust = read_trust(rows);
    ASSERT_TRUE(trust) << refusal(trust);
    EXPECT_EQ(trust->revocations.size(), 2u);
}

}  // namespace
}  // namespace training
