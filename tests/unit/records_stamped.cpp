// Sealed sessions and a time-stamping authority that speaks HTTP on this machine, and answers all that such answer.

#include "tests/scenarios/authority_server.h"
#include "tests/scenarios/sealed.h"
#include "training/core/utc.h"
#include "training/records/time_authority.h"

#include <gmock/gmock.h>

#include <thread>

namespace {

using namespace training;
using scenario::AuthorityServer;
using scenario::StampingAuthority;
using testing::HasSubstr;

constexpr records::Patience kPatience{.connect_s = 2, .answer_s = 0.5};

std::vector<Authority> trusting(const std::string& pem) {
    return {*parse_authority(pem, "authority.pem")};
}

class RecordsStamped : public testing::Test {
  protected:
    RecordsStamped() {
        sealed::write_session(session_, board_.sealer());
        trust_.authorities = trusting(authority_.root_pem());
    }
    base::Result<std::string> stamp(const AuthorityServer& server) { return records::stamp_recording(session_, server.url(), trust_, kPatience); }
    Finding finding(const std::string& what) { return finding(what, trust_); }
    Finding finding(const std::string& what, const Trust& trust) {
        const auto recording = load_recording(session_);
        EXPECT_TRUE(recording) << recording.error().message;
        for (const Finding& one : check_seal(*recording, trust))
            if (one.what == what) return one;
        return {what, false, "not looked at"};
    }
    void expect_refused(const AuthorityServer& server, const std::string& telling) {
        const std::string before = sealed::read_bytes(session_);
        const auto stamped = stamp(server);
        ASSERT_FALSE(stamped) << *stamped;
        EXPECT_THAT(stamped.error().message, testing::AllOf(HasSubstr("is not stamped"), HasSubstr(telling), HasSubstr("nothing is lost")));
        EXPECT_EQ(stamped.error().message.find('\n'), std::string::npos);
        EXPECT_EQ(sealed::read_bytes(session_), before) << "the recording stays as it was";
    }
    /// What `answer` makes of the request.
    static AuthorityServer::Reply saying(std::function<std::string(const std::string&)> answer) {
        return [answer](const httplib::Request& request, httplib::Response& response) { response.set_content(answer(request.body), "application/timestamp-reply"); };
    }
    static std::string request_for(const std::string& words) {
        const StampRequest request = stamp_request(base::sha256(words));
        return {request.bytes.begin(), request.bytes.end()};
    }

    sealed::Institution board_;
    sealed::Folder folder_;
    base::fs::path session_ = folder_ / "exam.evh";
    StampingAuthority authority_;
    Trust trust_ = board_.trust();
};

TEST_F(RecordsStamped, ASessionIsStampedOnceAndNothingElseInItChanges) {
    EXPECT_TRUE(finding("time").absent);
    const base::Hash evidence = load_recording(session_)->evidence_hash();
    const AuthorityServer server(authority_);
    const auto stamped = stamp(server);
    ASSERT_TRUE(stamped) << stamped.error().message;
    EXPECT_THAT(*stamped, HasSubstr("by Test Time"));
    const Finding time = finding("time");
    EXPECT_TRUE(time.holds && !time.absent) << time.words;
    EXPECT_EQ(time.words, *stamped);
    for (const Finding& one : check_seal(*load_recording(session_), trust_)) EXPECT_TRUE(one.holds) << one.what << ": " << one.words;
    EXPECT_EQ(load_recording(session_)->evidence_hash(), evidence);
    EXPECT_THAT(*stamp(server), HasSubstr("before"));
    EXPECT_EQ(server.asked(), 1);
}

TEST_F(RecordsStamped, TheAuthorityItselfMayBeTrustedAndOneThatIsNotSaysNothing) {
    ASSERT_TRUE(stamp(AuthorityServer(authority_)));
    Trust trust = board_.trust();
    const Finding nobodys = finding("time", trust);
    EXPECT_TRUE(nobodys.absent);
    EXPECT_THAT(nobodys.words, HasSubstr("whom nobody here trusts"));
    trust.authorities = trusting(authority_.signer_pem());
    EXPECT_FALSE(finding("time", trust).absent) << finding("time", trust).words;
    trust.authorities = trusting(StampingAuthority("Test Time").root_pem());
    EXPECT_TRUE(finding("time", trust).absent) << "another of the same name";
}

TEST_F(RecordsStamped, WhateverTheAuthorityAnswersIsRefusedInASentenceUnlessItFits) {
    expect_refused(AuthorityServer([](const auto&, httplib::Response& response) { response.status = 500; }), "answered 500");
    expect_refused(AuthorityServer([](const auto&, httplib::Response&) { std::this_thread::sleep_for(std::chrono::seconds(3)); }), "cannot be reached: Timeout");
    expect_refused(AuthorityServer(saying([](const std::string&) { return "no time stamp"; })), "its answer is no time stamp");
    expect_refused(AuthorityServer(saying([](const std::string&) { return std::string(); })), "its answer is no time stamp");
    expect_refused(AuthorityServer(saying([](const std::string&) { return std::string(100'000, '0'); })), "more than a time stamp may be");
    expect_refused(AuthorityServer(saying([&](const std::string& asked) { return authority_.answer(asked, "SHA512"); })), "it does not stamp this");
    expect_refused(AuthorityServer(saying([&](const std::string&) { return authority_.answer(request_for("something else")); })), "for something else");
    const std::string closing = load_recording(session_)->seal->closing;
    expect_refused(AuthorityServer(saying([&](const std::string&) { return authority_.answer(request_for(closing)); })), "the nonce differs");
    expect_refused(AuthorityServer(saying([&](const std::string& asked) {
        std::string answer = authority_.answer(asked);
        answer.back() = static_cast<char>(answer.back() ^ 1);  // the end of the signature
        return answer;
    })), "signature does not hold");
    const StampingAuthority expired("Old Time", -3600), foreign("Foreign Time");
    trust_.authorities.push_back(*parse_authority(expired.root_pem(), "expired.pem"));
    expect_refused(AuthorityServer(expired), "certificate is for");
    expect_refused(AuthorityServer(foreign), "is not trusted here");
    EXPECT_TRUE(finding("time").absent);
    EXPECT_TRUE(stamp(AuthorityServer(authority_))) << "and afterwards the right one";
}

TEST_F(RecordsStamped, NobodyThereAndBadAddressesAreTold) {
    std::string gone;
    {
        gone = AuthorityServer(authority_).url();
    }
    EXPECT_THAT(records::stamp_recording(session_, gone, trust_, kPatience).error().message, HasSubstr("cannot be reached"));
    for (const char* url : {"", "ftp://time.example", "not an address"})
        EXPECT_THAT(records::stamp_recording(session_, url, trust_, kPatience).error().message, HasSubstr("address cannot be read")) << url;
    const base::fs::path unfinished = folder_ / "unfinished.evh", open = folder_ / "open.evh";
    sealed::write_session(unfinished, board_.sealer(), 4, false);
    sealed::write_session(open, nullptr);
    for (const base::fs::path& file : {unfinished, open})
        EXPECT_THAT(records::stamp_recording(file, gone, trust_, kPatience).error().message, HasSubstr("nothing to stamp"));
}

// The one case in which a compromised key's earlier signatures are believed.
TEST_F(RecordsStamped, ACompromisedKeysSessionHoldsWhereItWasStampedBefore) {
    const auto with_revocation = [&](const std::string& since) {
        Trust trust = trust_;
        trust.revocations = {{board_.station.key, board_.body.key, since, utc_now(), true}};
        return trust;
    };
    const Trust later = with_revocation("2199-01-01T00:00:00Z"), earlier = with_revocation("2020-01-01T00:00:00Z");
    EXPECT_FALSE(finding("station", later).holds) << "that it was before only the key says";
    ASSERT_TRUE(stamp(AuthorityServer(authority_)));
    EXPECT_TRUE(finding("station", later).holds);
    EXPECT_THAT(finding("station", later).words, HasSubstr("a time stamp shows that this was signed before"));
    EXPECT_FALSE(finding("station", earlier).holds) << "stamped after";
    Trust strangers = later;
    strangers.authorities.clear();
    EXPECT_FALSE(finding("station", strangers).holds) << "by an authority that nobody here trusts";
}

TEST_F(RecordsStamped, AStampOfAnotherSessionOrAnEditedOneFails) {
    const base::fs::path other = folder_ / "other.evh";
    sealed::write_session(other, board_.sealer());
    const AuthorityServer server(authority_);
    ASSERT_TRUE(records::stamp_recording(other, server.url(), trust_, kPatience));
    ASSERT_TRUE(stamp(server));
    sealed::change(session_, fmt::format("ATTACH '{}' AS o; UPDATE main.seal SET document = (SELECT document FROM o.seal WHERE key = 'time') WHERE key = 'time'", other.string()));
    EXPECT_FALSE(finding("time").holds);
    EXPECT_THAT(finding("time").words, HasSubstr("for something else"));
    EXPECT_TRUE(finding("completeness").holds);
    EXPECT_TRUE(stamp(server)) << "one that does not fit is replaced";
    sealed::change(session_, "UPDATE seal SET document = substr(document, 5) WHERE key = 'time'");
    EXPECT_THAT(finding("time").words, HasSubstr("cannot be read"));
    ASSERT_TRUE(stamp(server));
    sealed::change(session_, "DELETE FROM seal WHERE key = 'closing'; DELETE FROM meta WHERE key = 'finished'");
    EXPECT_FALSE(finding("time").holds) << "a stamp without what it stamped";
}

TEST_F(RecordsStamped, RecordingsOfTheFormatBeforeOpenAndAreStamped) {
    sealed::change(session_, "PRAGMA user_version = 4");
    ASSERT_TRUE(load_recording(session_));
    ASSERT_TRUE(stamp(AuthorityServer(authority_)));
    EXPECT_FALSE(finding("time").absent);
    sealed::change(session_, "PRAGMA user_version = 4");
    EXPECT_FALSE(load_recording(session_)) << "a stamp in a format that has none";
}

}  // namespace
